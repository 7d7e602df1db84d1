"""Applies the corrections ledger to observations: an entry holds only as long as what it expects still stands.

A correction that outlives its error, matches nothing or comes twice stops the run, with all such entries listed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from minhbach import wording
from minhbach.corrections_entry import BETWEEN_FILES, WHICH_FILE, Correction
from minhbach.corrections_findings import answered
from minhbach.errors import DataError
from minhbach.findings import Finding, visible
from minhbach.model import Question
from minhbach.names import matching_key

STATUS = "corrected"
Key = tuple[str, str]
Files = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Applied:
    """Observations and findings after the corrections, and the entries that were used, in the order of use.

    `faults` are lines about entries that do not hold, which changed nothing.
    """

    observations: pd.DataFrame
    findings: tuple[Finding, ...]
    used: tuple[Correction, ...]
    faults: tuple[str, ...] = ()


def apply(
    observations: pd.DataFrame,
    entries: Sequence[Correction],
    fields: Mapping[str, Question],
    findings: Sequence[Finding],
    language: str,
    sent: Files | None = None,
) -> Applied:
    """New observations with the entries applied, round by round; the frame that is given stays as it is.

    A corrected observation keeps its raw text and address, and bears the id of its last correction. `sent` are the
    files of each unit, which `_file` entries are checked against. The order of `entries` makes no difference.

    Raises:
        DataError: with every entry whose expected text does not stand, that matches nothing, or that comes twice.
    """
    applied = attempt(observations, entries, fields, findings, language, sent)
    if applied.faults:
        raise stopped(applied.faults, language)
    return applied


def stopped(faults: Sequence[str], language: str, findings: Sequence[Finding] = ()) -> DataError:
    """The error of entries that do not hold, and the errors among `findings`, one of which may be why."""
    errors = [each.message for each in findings if each.severity == "error"]
    lines = [wording.say("corrections_stop", language, count=len(faults)), *faults]
    if errors:
        lines.append(wording.say("corrections_stop_errors", language, count=len(errors)))
        lines += [f"  {each}" for each in errors]
    return DataError("\n".join(lines))


def attempt(
    observations: pd.DataFrame,
    entries: Sequence[Correction],
    fields: Mapping[str, Question],
    findings: Sequence[Finding],
    language: str,
    sent: Files | None = None,
) -> Applied:
    """What `apply` gives, with the entries that do not hold left out and named."""
    ordered = sorted(entries, key=lambda each: (each.round, *each.key, each.correction_id, each.line))
    work = _Work(observations, {each.key for each in ordered}, sent or {})
    faults, used = [], []
    for entry in ordered:
        if fault := work.fault(entry):
            faults.append(work.words(fault, entry, fields, language))
        else:
            work.change(entry)
            used.append(entry)
        work.seen.append(entry)
    settled = answered(findings, used, language)
    return Applied(observations.assign(**work.columns), settled, tuple(used), tuple(faults))


@dataclass
class _Work:
    """The columns that change, and by key the texts an entry may expect: the raw text, or a correction's value."""

    observations: pd.DataFrame
    wanted: set[Key]
    sent: Files
    seen: list[Correction] = field(default_factory=list)

    def __post_init__(self) -> None:
        keys = zip(self.observations["unit_id"], self.observations["field_id"], strict=True)
        self.places = {key: place for place, key in enumerate(keys) if key in self.wanted}
        self.columns = {name: self.observations[name].tolist() for name in ("value", "status", "correction_id")}
        raw = self.observations["raw_text"]
        self.stands: dict[Key, tuple[str, ...]] = {key: (str(raw.iloc[at]),) for key, at in self.places.items()}
        self.stands |= {
            (unit_id, WHICH_FILE): (BETWEEN_FILES.join(sorted(files)),) for unit_id, files in self.sent.items()
        }

    def fault(self, entry: Correction) -> str:
        """The key of the sentence that says what is wrong with an entry; empty when nothing is."""
        if any((each.key, each.round) == (entry.key, entry.round) for each in self.seen):
            return "correction_twice"
        if any(each.correction_id == entry.correction_id for each in self.seen):
            return "correction_id_twice"
        if entry.key not in self.stands:
            return "correction_no_forms" if entry.field_id == WHICH_FILE else "correction_unmatched"
        if entry.expected not in self.stands[entry.key]:
            return "correction_stale"
        if entry.field_id == WHICH_FILE and entry.value not in self.sent[entry.unit_id]:
            return "correction_no_file"
        return ""

    def change(self, entry: Correction) -> None:
        """Puts the entry's value in place; which file counts was decided before anything was read."""
        if entry.field_id == WHICH_FILE:
            return
        self.stands[entry.key] = (entry.value, entry.written.strip() or entry.value)
        changed = {"value": entry.value, "status": STATUS, "correction_id": entry.correction_id}
        for name, text in changed.items():
            self.columns[name][self.places[entry.key]] = text

    def words(self, fault: str, entry: Correction, fields: Mapping[str, Question], language: str) -> str:
        """A line of the error: which entry, what stands there, what was expected, what to do."""
        now = self.stands.get(entry.key, ("",))[0]
        alike = bool(now.strip()) and matching_key(now) == matching_key(entry.expected)
        known = fields.get(entry.field_id)
        return "  " + wording.say(
            fault,
            language,
            line=entry.line,
            correction_id=entry.correction_id,
            unit_id=entry.unit_id,
            field_id=entry.field_id,
            label=known.label.say(language) if known else entry.field_id,
            expected=_shown(entry.expected, language),
            now=_shown(now, language),
            value=_shown(entry.value, language),
            where=self._address(entry),
            alike=wording.say("correction_alike", language) + " " if alike else "",
            round=entry.round,
            first=self._line_of_twin(entry),
        )

    def _line_of_twin(self, entry: Correction) -> int:
        """The line of the earlier entry with the same observation and round, or the same id; 0 if there is none."""
        twins = (each for each in self.seen if (each.key, each.round) == (entry.key, entry.round))
        same_id = (each for each in self.seen if each.correction_id == entry.correction_id)
        return next((each.line for each in (*twins, *same_id)), 0)

    def _address(self, entry: Correction) -> str:
        if entry.key not in self.places:
            return ""
        row = self.observations.iloc[self.places[entry.key]]
        inner = "!".join(part for part in (row["sheet"], row["cell"]) if part)
        return f"{row['file']}#{inner}" if inner else str(row["file"])


def _shown(text: str, language: str) -> str:
    return f"“{visible(text)}”" if text else wording.say("correction_blank", language)
