"""versions.csv: what happened to each published version. Lines are only ever added; a line is one event."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from typing import Final

from minhbach import tables, versions, versions_errata, versions_files, versions_signed, wording
from minhbach.errors import DataError
from minhbach.paths import Edition
from minhbach.versions import MANIFEST, NAME, Version
from minhbach.versions_signed import Signed

REPORT: Final = "report.pdf"
PUBLISHED, REPLACED, WITHDRAWN, SIGNED = "published", "replaced", "withdrawn", "signed"
NOTICED: Final = "noticed"


@dataclass(frozen=True)
class Event:
    """One line: what happened to a version, the day, the document's number, by which version or by whom, why, and two
    hashes: of the report and of the manifest, of the signed report and of the signed statement, or of the notice of an
    erratum and of its manifest."""

    version: str
    event: str
    date: str
    number: str = ""
    by: str = ""
    reason: str = ""
    report_sha256: str = ""
    manifest_sha256: str = ""


COLUMNS: Final = tuple(each.name for each in fields(Event))


@dataclass(frozen=True)
class State:
    """Where a version stands now: published when, replaced by which and when, withdrawn when and why."""

    published: Event
    replaced: Event | None = None
    withdrawn: Event | None = None

    @property
    def name(self) -> str:
        """current, replaced or withdrawn."""
        return WITHDRAWN if self.withdrawn else REPLACED if self.replaced else "current"


def read(edition: Edition, language: str = "") -> list[Event]:
    """The events, oldest first.

    Raises:
        DataError: the file is not what we wrote.
    """
    path = edition.versions_file
    if not path.is_file():
        return []
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            reader = csv.DictReader(stream, strict=True)
            rows = list(reader)
        if tuple(reader.fieldnames or ()) != COLUMNS or not all(
            isinstance(cell, str) for row in rows for cell in row.values()
        ):
            raise ValueError("?")
        return [Event(**row) for row in rows]
    except (OSError, ValueError, csv.Error, TypeError):
        raise DataError(wording.say("versions_unread", language, file=path.as_posix())) from None


def readable(edition: Edition) -> list[Event]:
    """The events; none where the list cannot be read, which `verify` says of the version's manifest."""
    try:
        return read(edition)
    except DataError:
        return []


def states(edition: Edition) -> dict[str, State]:
    """Where each published version stands now, oldest first."""
    return states_by(read(edition))


def states_by(events: Iterable[Event]) -> dict[str, State]:
    """Where each published version stands after these events, oldest first."""
    found: dict[str, State] = {}
    for event in events:
        known = found.get(event.version)
        if event.event == PUBLISHED:
            found[event.version] = State(event)
        elif known and event.event == REPLACED:
            found[event.version] = State(known.published, event, known.withdrawn)
        elif known and event.event == WITHDRAWN:
            found[event.version] = State(known.published, known.replaced, event)
    return found


def of(events: Iterable[Event], version: Version, kind: str) -> list[Event]:
    """The events of a kind that happened to a version."""
    return [each for each in events if (each.version, each.event) == (version.name, kind)]


def following(edition: Edition) -> str:
    """The name of the next version; a name is never used twice, even where a folder was taken away."""
    numbers = [int(match[1]) for each in read(edition) if (match := NAME.fullmatch(each.version))]
    numbers += [each.number for each in versions.of(edition)]
    return f"v{max(numbers, default=0) + 1}"


def refresh(edition: Edition) -> None:
    """Adds the events of published and signed folders, and of notices, that the list does not have yet."""
    events = read(edition)
    known = {each.version for each in events}
    more: list[Event] = []
    for version in versions.of(edition):
        if version.name not in known:
            more += _published(version)
        if not of(events, version, NOTICED):
            more += _noticed(version)
        listed = len(of(events, version, SIGNED))
        more += [_signed(version.name, each) for each in versions_signed.read(version)[listed:]]
    if more:
        _write(edition, [*events, *more])


def withdraw(edition: Edition, name: str, date: str, reason: str) -> None:
    """Adds that a version was withdrawn."""
    _write(edition, [*read(edition), Event(name, WITHDRAWN, date, reason=reason)])


def _published(version: Version) -> list[Event]:
    """A version was published, and with it another one replaced."""
    said = {name: str(version.own.get(name, "")) for name in ("date", "number", "replaces")}
    report = version.files.get(REPORT, "")
    digest = tables.sha256(version.folder / MANIFEST)
    first = Event(version.name, PUBLISHED, said["date"], said["number"], "", "", report, digest)
    if not said["replaces"]:
        return [first]
    return [first, Event(said["replaces"], REPLACED, said["date"], said["number"], version.name)]


def _noticed(version: Version) -> list[Event]:
    """The notice of the erratum that made a version stands beside it."""
    folder = versions_errata.folder(version)
    line = versions_errata.line(version) if (folder / MANIFEST).is_file() else None
    if line is None:
        return []
    notice = folder / f"{versions_errata.NOTICE}.pdf"
    report = tables.sha256(notice) if notice.is_file() else ""
    digest = tables.sha256(folder / MANIFEST)
    return [Event(version.name, NOTICED, line.date, line.notice, line.by, "", report, digest)]


def _signed(name: str, signed: Signed) -> Event:
    day, report = signed.moment.date().isoformat(), signed.folder / REPORT
    digest = tables.sha256(report) if report.is_file() else ""
    return Event(name, SIGNED, day, by=signed.signer, report_sha256=digest, manifest_sha256=signed.sha256)


def _write(edition: Edition, events: list[Event]) -> None:
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(asdict(each) for each in events)
    versions_files.write(edition.versions_file, text.getvalue().encode("utf-8"))
