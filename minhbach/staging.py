"""A run builds beside the last good draft and moves into place whole; two runs of one edition exclude each other.

A finished build is first renamed to `ready`, in one step; from then on it is only a matter of moving its two folders.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from filelock import FileLock, Timeout

from minhbach import versions_files, wording
from minhbach.errors import BusyError
from minhbach.paths import Edition


@contextmanager
def alone(edition: Edition, language: str) -> Iterator[None]:
    """Holds the edition's lock, which a crash releases, and first puts right what a killed run left.

    Raises:
        BusyError: another run holds it.
    """
    edition.reports.mkdir(parents=True, exist_ok=True)
    lock = FileLock(edition.lock, blocking=False)
    try:
        lock.acquire()
    except Timeout:
        raise BusyError(wording.say("busy", language, edition=edition.name)) from None
    try:
        _recover(edition)
        yield
    finally:
        lock.release()


def begin(edition: Edition) -> Edition:
    """An empty staging folder; gives the edition's output folders inside it."""
    shutil.rmtree(edition.staging, ignore_errors=True)
    output = Edition(edition.name, edition.staging)
    output.draft.mkdir(parents=True)
    output.validated.mkdir(parents=True)
    return output


def commit(edition: Edition) -> None:
    """Moves validated data and draft into place; a kill on the way leaves `ready`, and the next run ends the move."""
    edition.staging.rename(edition.ready)
    _place(edition)
    shutil.rmtree(edition.failed, ignore_errors=True)


def keep_failed(edition: Edition) -> None:
    """Keeps what a failed run made, as evidence, beside the untouched last good draft."""
    output = Edition(edition.name, edition.staging)
    shutil.rmtree(edition.failed, ignore_errors=True)
    if output.draft.exists():
        output.draft.rename(edition.failed)
        for table in sorted(output.validated.glob("*/*.csv")):
            place = edition.failed / "validated" / table.parent.name / table.name
            place.parent.mkdir(parents=True, exist_ok=True)
            table.rename(place)
    shutil.rmtree(edition.staging, ignore_errors=True)


def _recover(edition: Edition) -> None:
    """Ends the move of a run that was killed while it moved its build into place; removes a version half published."""
    versions_files.clear(edition.publishing)
    if edition.ready.exists():
        _place(edition)


def _place(edition: Edition) -> None:
    """Puts both folders of a finished build in place; whatever an earlier attempt has moved already stays."""
    built = Edition(edition.name, edition.ready)
    for source, place in ((built.validated, edition.validated), (built.draft, edition.draft)):
        old = place.parent / f".{place.name}.old"
        if source.exists():
            place.parent.mkdir(parents=True, exist_ok=True)
            if place.exists():
                shutil.rmtree(old, ignore_errors=True)
                place.rename(old)
            source.rename(place)
        shutil.rmtree(old, ignore_errors=True)
    shutil.rmtree(edition.ready)
