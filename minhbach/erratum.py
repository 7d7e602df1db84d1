"""An erratum: named entries of the ledger of corrections make a new version that replaces the one before.

What is asked for is opened here, in whichever state an earlier call left it; nothing is written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from minhbach import corrections, editions, errata, versions, versions_errata, versions_history, wording
from minhbach.corrections_entry import Correction
from minhbach.editions import Setup
from minhbach.errata_line import Erratum
from minhbach.errors import DataError
from minhbach.paths import Edition
from minhbach.versions import Version

NEW, BEGUN, PUBLISHED, DONE = "new", "begun", "published", "done"
LEDGER: Final = errata.LEDGER


@dataclass(frozen=True)
class Asked:
    """What a person asks for: the ids of entries, and what the new document and its notice need; "" is not given."""

    edition: Edition
    corrections: tuple[str, ...]
    number: str = ""
    date: str = ""
    notice_number: str = ""
    by: str = ""

    @property
    def given(self) -> dict[str, str]:
        """What the line of the erratum takes from a person."""
        return {"number": self.number, "date": self.date, "notice_number": self.notice_number, "by": self.by}


@dataclass(frozen=True)
class Erring:
    """An erratum as far as it has come.

    `line` is that of errata.csv, or the one that would be written; None while number, date or signer are not given.
    `state`: nothing written yet (new), the line written (begun), the version published, the notice beside it (done).
    """

    asked: Asked
    setup: Setup
    language: str
    entries: tuple[Correction, ...]
    replaced: Version
    version: Version
    line: Erratum | None
    state: str

    @property
    def edition(self) -> Edition:
        """The edition."""
        return self.asked.edition

    @property
    def is_published(self) -> bool:
        """Whether the version that replaces the other is there."""
        return self.state in (PUBLISHED, DONE)

    @property
    def named(self) -> tuple[Correction, ...]:
        """The named entries, in the order of the ledger."""
        return tuple(each for each in self.entries if each.correction_id in self.asked.corrections)


def opened(asked: Asked, language: str = "") -> Erring:
    """The erratum that is asked for, in the state it is in.

    Raises:
        DataError: nothing is published yet.
        MinhbachError: the mistakes of the edition's files.
    """
    setup = editions.load(asked.edition.required())
    spoken = language or setup.assessment.language
    known = versions.of(asked.edition)
    if not known:
        raise DataError(wording.say("erratum_none_published", spoken, edition=asked.edition.name))
    entries = corrections.load(asked.edition.raw / LEDGER, setup.frameworks, setup.units)
    lines = errata.load(asked.edition.errata_file)
    line = next((each for each in lines if set(each.corrections) == set(asked.corrections)), None)
    if line:
        replaced, version = Version(asked.edition, line.replaces), Version(asked.edition, line.version)
        return Erring(asked, setup, spoken, entries, replaced, version, line, _state(version))
    version = Version(asked.edition, versions_history.following(asked.edition))
    return Erring(asked, setup, spoken, entries, known[-1], version, _proposed(asked, known[-1], version), NEW)


def _state(version: Version) -> str:
    if not version.folder.is_dir():
        return BEGUN
    return DONE if versions_errata.folder(version).is_dir() else PUBLISHED


def _proposed(asked: Asked, replaced: Version, version: Version) -> Erratum | None:
    """The line that would be written, where all that it needs is given."""
    if not all(asked.given.values()):
        return None
    before = {"replaced_number": str(replaced.own["number"]), "replaced_date": str(replaced.own["date"])}
    ids = ordered(asked.corrections)
    return Erratum(version=version.name, replaces=replaced.name, corrections=ids, **before, **asked.given)


def option(name: str) -> str:
    """How a particular is given on the command line: `--notice-number`."""
    return f"--{name.replace('_', '-')}"


def ordered(ids: Sequence[str]) -> tuple[str, ...]:
    """Each id once, sorted, however a command named them."""
    return tuple(sorted(set(ids)))


def pending(erring: Erring) -> Erratum | None:
    """Another line that was begun and has no version yet."""
    lines = errata.load(erring.edition.errata_file)
    others = (each for each in lines if each != erring.line)
    return next((each for each in others if not Version(erring.edition, each.version).folder.is_dir()), None)
