"""What keeps an erratum from being made, all of it at once, each with what to do.

An erratum changes nothing but the named entries: whoever wants more publishes a new version.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from pydantic import TypeAdapter, ValidationError

from minhbach import (
    corrections,
    erratum,
    erratum_inputs,
    publish_checks,
    publish_inputs,
    rebuild_run,
    versions_history,
    wording,
)
from minhbach.assessment_document import Number
from minhbach.corrections_entry import COLUMNS, Correction
from minhbach.erratum import BEGUN, NEW, Erring
from minhbach.erratum_inputs import Reason
from minhbach.errors import DataError, UsageError

UNKNOWN = "erratum_unknown"


def check(erring: Erring, *, whole: bool) -> None:
    """Stops where the erratum cannot be made; `whole`: it is to be accepted, and needs all particulars.

    Raises:
        DataError: with every reason.
        UsageError: the same, where an entry is named that is not there.
    """
    found = [*reasons(erring, whole=whole)]
    if not found:
        return
    language, name = erring.language, erring.edition.name
    head = wording.say("erratum_refused", language, edition=name, count=len(found))
    lines = (f"  - {wording.say(key, language, edition=name, **details)}" for key, details in found)
    kind = UsageError if any(key == UNKNOWN for key, _ in found) else DataError
    raise kind("\n".join([head, *lines]))


def reasons(erring: Erring, *, whole: bool) -> Iterator[Reason]:
    """Every reason, in the order of the work; once the version is published, only what is given otherwise."""
    if erring.is_published:
        yield from _as_written(erring)
        return
    yield from _version(erring)
    yield from _entries(erring)
    yield from erratum_inputs.reasons(erring)
    yield from _particulars(erring, whole=whole)
    if erring.setup.assessment.errata is None:
        yield "erratum_no_rule", {"file": erring.edition.assessment_file.as_posix()}


def _version(erring: Erring) -> Iterator[Reason]:
    """The version that is replaced is in force, as it was published, and can be made again."""
    said: dict[str, object] = {"version": erring.replaced.name}
    state = versions_history.states(erring.edition).get(erring.replaced.name)
    if state and state.withdrawn:
        yield "erratum_withdrawn", {**said, "date": wording.say_date(state.withdrawn.date, erring.language)}
    if state and state.replaced:
        yield "erratum_replaced", {**said, "other": state.replaced.by}
    try:
        if rebuild_run.command(erring.replaced) is None:
            yield "erratum_command", said
        listed = erring.replaced.files
        if publish_inputs.changes(dict(listed), publish_inputs.present(erring.replaced.folder, dict(listed))):
            yield "erratum_version_changed", said
    except DataError as error:
        yield "erratum_unread", {**said, "reason": error}
    if other := erratum.pending(erring):
        yield "erratum_pending", {"version": other.version, "entries": ", ".join(other.corrections)}


def _entries(erring: Erring) -> Iterator[Reason]:
    """Every named entry is new, and every new entry is named; those of the published ledger are as they were."""
    said: dict[str, object] = {"version": erring.replaced.name}
    now = {each.correction_id: each for each in erring.entries}
    before = {each.correction_id: each for each in _published(erring)}
    groups = {
        UNKNOWN: [each for each in erratum.ordered(erring.asked.corrections) if each not in now],
        "erratum_known": [each for each in now if each in erring.asked.corrections and each in before],
        "erratum_others": [each for each in now if each not in (*erring.asked.corrections, *before)],
        "erratum_ledger": [each for each, was in before.items() if each not in now or _said(now[each]) != _said(was)],
    }
    for key, ids in groups.items():
        if ids:
            yield key, {**said, "entries": ", ".join(ids), "file": (erring.edition.raw / erratum.LEDGER).as_posix()}


def _published(erring: Erring) -> tuple[Correction, ...]:
    """The entries that the replaced version was made with."""
    path = erring.replaced.inputs.raw / erratum.LEDGER
    return corrections.load(path, erring.setup.frameworks, erring.setup.units)


def _said(entry: Correction) -> dict[str, object]:
    return {name: getattr(entry, name) for name in COLUMNS}


def _particulars(erring: Erring, *, whole: bool) -> Iterator[Reason]:
    """Number, date, number of the notice and who accepts are given, and fit the document that is replaced."""
    given = erring.asked.given
    if erring.state != NEW:
        yield from _as_written(erring)
        return
    missing = [erratum.option(name) for name, text in given.items() if not text]
    if whole and missing:
        yield "erratum_missing", {"options": ", ".join(missing)}
    for name in ("number", "notice_number"):
        if given[name] and not _is_number(given[name]):
            yield "erratum_number", {"option": erratum.option(name), "number": given[name]}
    yield from _date(erring, given["date"])
    same = str(erring.replaced.own["number"])
    if given["number"] and given["number"].partition("/")[0].lstrip("0") == same.partition("/")[0].lstrip("0"):
        yield "erratum_same_number", {"number": same, "version": erring.replaced.name}


def _as_written(erring: Erring) -> Iterator[Reason]:
    """What is given again is what the line says."""
    for name, text in erring.asked.given.items():
        written = str(getattr(erring.line, name))
        if text and text != written:
            yield "erratum_otherwise", {"option": erratum.option(name), "given": text, "written": written}


def _date(erring: Erring, text: str) -> Iterator[Reason]:
    if not text:
        return
    try:
        day = datetime.date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text:
        yield "erratum_date", {"date": text}
    elif text < str(erring.replaced.own["date"]):
        before = wording.say_date(str(erring.replaced.own["date"]), erring.language)
        yield "erratum_before", {"date": wording.say_date(text, erring.language), "before": before}
    elif later := [each.correction_id for each in erring.named if each.date > text]:
        yield "erratum_before_entries", {"date": wording.say_date(text, erring.language), "entries": ", ".join(later)}


def _is_number(text: str) -> bool:
    try:
        TypeAdapter(Number).validate_python(text)
    except ValidationError:
        return False
    return True


def made_again(erring: Erring) -> bool:
    """Whether the draft of the project is what the begun erratum makes, so that it only has to be published."""
    if erring.state != BEGUN or not (erring.edition.draft / "manifest.json").is_file():
        return False
    try:
        content = publish_checks.draft(erring.edition, erring.language)
        if publish_checks.refusals(erring.setup, content, erring.language):
            return False
    except DataError:
        return False
    path = (erring.edition.errata_file).relative_to(erring.edition.root).as_posix()
    return path in content["inputs"] and content["command"] == erring.replaced.manifest["command"]
