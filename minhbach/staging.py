"""A run builds beside the last good draft and moves into place whole; two runs of one edition exclude each other."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from minhbach import wording
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
    """Moves validated data and draft into place; readers see the old or the new, never a mixture of files."""
    output = Edition(edition.name, edition.staging)
    for built, place in ((output.validated, edition.validated), (output.draft, edition.draft)):
        _swap(built, place)
    for rest in (edition.staging, edition.failed):
        shutil.rmtree(rest, ignore_errors=True)


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


def _swap(built: Path, place: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    old = _old(place)
    shutil.rmtree(old, ignore_errors=True)
    if place.exists():
        place.rename(old)
    built.rename(place)
    shutil.rmtree(old, ignore_errors=True)


def _recover(edition: Edition) -> None:
    """After a kill between the two renames of a swap, the last good folder goes back to its place."""
    for place in (edition.validated, edition.draft):
        if _old(place).exists() and not place.exists():
            _old(place).rename(place)
        shutil.rmtree(_old(place), ignore_errors=True)


def _old(place: Path) -> Path:
    return place.parent / f".{place.name}.old"
