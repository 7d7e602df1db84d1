"""From what was received to the observations that are judged: reading, decisions of the ledger, absent units."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from minhbach import (
    absence,
    answers,
    confirmations,
    corrections,
    corrections_apply,
    corrections_findings,
    deadlines,
    expectations_context,
    ingest,
    judge,
    merge,
    responses,
    score,
    tables,
)
from minhbach import findings as found
from minhbach.corrections_entry import COLUMNS, Correction
from minhbach.editions import Setup
from minhbach.findings import Finding
from minhbach.responses import EVIDENCE_COLUMNS, FILE_COLUMNS
from minhbach.score import Points
from minhbach.units import Units

LEDGER = "corrections.csv"
UNDATED = "undated"


@dataclass(frozen=True)
class Received:
    """What a framework's table or forms say, before any correction; all tables hold texts."""

    observations: pd.DataFrame
    evidence: pd.DataFrame
    files: pd.DataFrame
    findings: tuple[Finding, ...]
    reader: str


@dataclass(frozen=True)
class Intake:
    """What is scored: observations after corrections, the documents named, the files, the ledger's entries used."""

    observations: pd.DataFrame
    evidence: pd.DataFrame
    files: pd.DataFrame
    reader: str
    used: tuple[Correction, ...]
    points: Points


def ledger(setup: Setup, framework_id: str) -> tuple[Correction, ...]:
    """The corrections of an edition that concern a framework."""
    entries = corrections.load(setup.edition.raw / LEDGER, setup.frameworks, setup.units)
    return corrections.of_framework(entries, setup.framework(framework_id), setup.units)


def receive(setup: Setup, framework_id: str, language: str, entries: Sequence[Correction] = ()) -> Received:
    """Reads the table or the returned forms of a framework; `entries` say which file counts where two were sent."""
    framework, assessed = setup.framework(framework_id), setup.assessed(framework_id)
    kind, folder = framework.spec.unit_kind, setup.edition.raw
    if assessed.table is not None:
        read = ingest.read_table(folder, assessed.table, framework.fields, setup.units, kind, language)
        evidence, files = (pd.DataFrame(columns=list(each), dtype="str") for each in (EVIDENCE_COLUMNS, FILE_COLUMNS))
        return Received(read.observations, evidence, files, read.findings, read.reader)
    counted = corrections.counted(entries)
    forms = responses.read_all(folder, assessed.source, framework, setup.units, setup.edition.name, language, counted)
    readers = ", ".join(sorted({text for text in forms.files["reader"] if text}))
    return Received(forms.observations, forms.evidence, forms.files, forms.findings, readers)


def several(files: pd.DataFrame) -> Mapping[str, tuple[str, ...]]:
    """The files of each unit that sent more than one."""
    by_unit: dict[str, list[str]] = {}
    for row in tables.rows(files):
        by_unit.setdefault(row.unit_id, []).append(row.file)
    return {unit: tuple(sorted(names)) for unit, names in by_unit.items() if unit and len(names) > 1}


def settle(
    setup: Setup, framework_id: str, received: Received, entries: Sequence[Correction], language: str
) -> tuple[Intake, tuple[Finding, ...]]:
    """Judges the answers, applies the ledger, judges again; gives what is scored and the register of findings.

    A finding that a correction put right stays in the register, as a note with the correction as its answer.

    Raises:
        DataError: with every entry that does not hold, and all errors: an unread form leaves nothing to correct.
    """
    framework, units = setup.framework(framework_id), setup.units_of(framework_id)
    context = expectations_context.load(setup, framework_id, received.evidence)

    def judged(table: pd.DataFrame, known: tuple[Finding, ...]) -> tuple[Points, tuple[Finding, ...]]:
        given = answers.from_observations(framework, tuple(units), table)
        points = score.score(given)
        return points, judge.judge(framework, given, points, table, language, known, context)

    first = judged(merge.with_merged(framework, units, received.observations), received.findings)[1] if entries else ()
    known, sent, fields = received.findings + first, several(received.files), framework.fields
    applied = corrections_apply.attempt(received.observations, entries, fields, known, language, sent)
    after = merge.with_merged(framework, units, applied.observations)
    points, again = judged(after, tuple(each for each in applied.findings if not each.answer and each not in first))
    register = corrections_findings.register(applied.findings, first, again, applied.used, language)
    waiting = Units(tuple(unit for unit in units if unit.unit_id not in sent))  # two forms are a finding of their own
    missing = absence.findings(waiting, after, setup.assessed(framework_id), language)
    findings = found.ordered([*register, *missing])
    if applied.faults:
        raise corrections_apply.stopped(applied.faults, language, findings)
    return Intake(after, received.evidence, received.files, received.reader, applied.used, points), findings


def judged(setup: Setup, framework_id: str, language: str) -> tuple[Intake, tuple[Finding, ...]]:
    """Reading, the ledger and all expectations of a framework, in one."""
    entries = ledger(setup, framework_id)
    return settle(setup, framework_id, receive(setup, framework_id, language, entries), entries, language)


def used_table(used: Sequence[Correction]) -> pd.DataFrame:
    """The ledger's entries that were used, as the ledger spells them."""
    rows = [tuple(str(getattr(each, name)) for name in COLUMNS) for each in used]
    return pd.DataFrame(rows, columns=list(COLUMNS), dtype="str")


def survey_tables(setup: Setup, framework_id: str, observations: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Receipts (on time, late, absent) and confirmations of the units; empty where the edition has no survey."""
    survey, units, raw = setup.assessment.survey, setup.units_of(framework_id), setup.edition.raw
    if survey is None:
        return {
            "receipts": pd.DataFrame(columns=list(deadlines.RECEIPTS), dtype="str"),
            "confirmations": pd.DataFrame(columns=list(confirmations.STATUS), dtype="str"),
        }
    received = deadlines.load_received(raw / "received.csv", setup.units, survey)
    signed = confirmations.load(raw / "confirmations.csv", setup.units, survey.rounds)
    receipts = deadlines.receipts(units, received, survey)
    there = receipts["unit_id"].isin(set(observations["unit_id"])) & (receipts["state"] == "absent")
    receipts["state"] = receipts["state"].mask(there, UNDATED)
    return {
        "receipts": receipts,
        "confirmations": confirmations.status(units, observations, signed, survey.rounds),
    }
