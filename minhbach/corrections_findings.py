"""What corrections do to findings: a finding that is answered stays in the register, as a note with its answer."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from minhbach import findings as found
from minhbach import wording
from minhbach.corrections_entry import Correction
from minhbach.findings import Finding


def answered(findings: Sequence[Finding], entries: Sequence[Correction], language: str) -> tuple[Finding, ...]:
    """The findings, those that an entry answers as notes: the finding it names, and all about just its observation.

    An entry that names a finding which is not there adds a note that says so.
    """
    known = {finding.finding_id for finding in findings}
    idle = [each for each in entries if each.finding_id and each.finding_id not in known]
    told = [_answered(each, [entry for entry in entries if _answers(entry, each)], language) for each in findings]
    return found.ordered([*told, *(_idle(entry, language) for entry in idle)])


def register(
    applied: Sequence[Finding],
    first: Sequence[Finding],
    again: Sequence[Finding],
    used: Sequence[Correction],
    language: str,
) -> tuple[Finding, ...]:
    """The register when answers are judged before the corrections (`first`) and after them (`again`).

    `applied` are the findings of `apply`, `first` among them. What is broken only before was put right by the
    corrections of its observations, and stays as a note with them as its answer.
    """
    judged = {finding.finding_id for finding in first}
    still = {finding.finding_id for finding in again}
    kept = []
    for finding in applied:
        if finding.finding_id in judged and finding.finding_id not in still and not finding.answer:
            finding = _answered(finding, [entry for entry in used if _concerns(entry, finding)], language)
        kept.append(finding)
    known = {finding.finding_id for finding in kept}
    return found.ordered([*kept, *(finding for finding in again if finding.finding_id not in known)])


def _concerns(entry: Correction, finding: Finding) -> bool:
    """Whether a finding is about the corrected observation, alone or among others, or about its unit as a whole."""
    return entry.unit_id == finding.unit_id and (not finding.field_id or entry.field_id in finding.field_id.split())


def _answers(entry: Correction, finding: Finding) -> bool:
    return entry.finding_id == finding.finding_id or entry.key == (finding.unit_id, finding.field_id)


def _answered(finding: Finding, entries: Sequence[Correction], language: str) -> Finding:
    """The finding as a note with its answer, or as it is where there is none."""
    if not entries:
        return finding
    answer = " ".join(entry.correction_id for entry in entries)
    words = " ".join(
        wording.say(
            "finding_answered" if entry.value else "finding_answered_blank",
            language,
            correction_id=entry.correction_id,
            field_id=entry.field_id,
            value=found.visible(entry.value),
        )
        for entry in entries
    )
    return dataclasses.replace(finding, severity="note", answer=answer, message=f"{finding.message} {words}")


def _idle(entry: Correction, language: str) -> Finding:
    made = found.make(
        "correction_answers_nothing",
        language,
        severity="note",
        unit_id=entry.unit_id,
        field_id=entry.field_id,
        file="corrections.csv",
        value=entry.finding_id,
        line=entry.line,
        correction_id=entry.correction_id,
    )
    return dataclasses.replace(made, answer=entry.correction_id)
