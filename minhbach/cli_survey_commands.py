"""What the commands of a survey round do. Imported only by them: Great Expectations alone takes seconds."""

from __future__ import annotations

import argparse
from typing import Any

from minhbach import (
    confirmations,
    confirmations_sheets,
    corrections,
    corrections_apply,
    corrections_entry,
    corrections_impact,
    corrections_words,
    editions,
    findings,
    forms,
    forms_letter,
    intake,
    staging,
    wording,
)
from minhbach.confirmations_sheets import Validated
from minhbach.corrections_entry import Correction
from minhbach.editions import Setup
from minhbach.errors import Gathered, UsageError
from minhbach.paths import Edition

ENTRY = ("value", "reason", "authority", "evidence", "by", "date", "round", "finding_id", "expected")


def _open(options: argparse.Namespace) -> tuple[Setup, str]:
    setup = editions.load(Edition(options.edition).required())
    return setup, options.lang or setup.assessment.language


def write_forms(options: argparse.Namespace) -> None:
    """Writes every form, and the annex of the letter."""
    setup, language = _open(options)
    folder = setup.edition.reports / "forms"
    with staging.alone(setup.edition, language):
        written = forms.write_all(setup, folder, language)
        forms_letter.letter(setup, folder, language)
    print(wording.say("forms_done", language, count=len(written.files), folder=folder.as_posix()))


def correct(options: argparse.Namespace) -> None:
    """Shows what a correction would change, and with --yes adds it to the ledger."""
    setup, language = _open(options)
    with staging.alone(setup.edition, language):
        entries = corrections.load(setup.edition.raw / intake.LEDGER, setup.frameworks, setup.units)
        entry = _propose(options, setup, entries, language)
        if warning := corrections_words.formula_warning(entry, language):
            print(warning)
        if not options.yes:
            print(wording.say("correct_not_written", language))
            return
        corrections_entry.append(setup.edition.raw / intake.LEDGER, entry)
    print(wording.say("correct_written", language, correction_id=entry.correction_id))


def _propose(options: argparse.Namespace, setup: Setup, entries: tuple[Correction, ...], language: str) -> Correction:
    """The entry as the ledger would hold it; prints what it would change."""
    framework_id = _framework_of(setup, options.unit)
    framework, units = setup.framework(framework_id), setup.units_of(framework_id)
    mine = corrections.of_framework(entries, framework, setup.units)
    given = {name: getattr(options, name) for name in ENTRY if getattr(options, name) is not None}
    texts = {"unit_id": options.unit, "field_id": options.field} | given
    received = intake.receive(setup, framework_id, language, mine)
    if options.field == corrections_entry.WHICH_FILE and options.unit in (sent := intake.several(received.files)):
        texts.setdefault("expected", corrections_entry.BETWEEN_FILES.join(sent[options.unit]))

    def applied(ledger: tuple[Correction, ...]) -> Any:
        read = intake.receive(setup, framework_id, language, ledger)
        table, known, files = read.observations, read.findings, intake.several(read.files)
        return corrections_apply.apply(table, ledger, framework.fields, known, language, files).observations

    before = applied(mine)
    entry = corrections.propose(texts, entries, before, setup.frameworks, setup.units)
    after = applied((*mine, entry))
    print(corrections_words.impact_words(corrections_impact.impact(framework, units, before, after), units, language))
    return entry


def _framework_of(setup: Setup, unit_id: str) -> str:
    unit = setup.units.get(unit_id)
    found = [each.id for each in setup.frameworks if unit and each.spec.unit_kind == unit.unit_kind]
    if not found:
        raise UsageError(f"There is no unit {unit_id!r} in {setup.edition.units_file.as_posix()} that is assessed.")
    return found[0]


def confirm(options: argparse.Namespace) -> None:
    """Writes the confirmation sheets of a round, and the register."""
    setup, language = _open(options)
    folder = setup.edition.reports / f"confirm-{options.round}"
    with staging.alone(setup.edition, language):
        validated, gathered = {}, Gathered()
        for framework in setup.frameworks:
            with gathered.attempt():
                whole, found = intake.judged(setup, framework.id, language)
                validated[framework.id] = Validated(whole.observations, findings.frame(found), whole.used)
        gathered.stop()
        survey = setup.assessment.survey
        rounds = survey.rounds if survey else ()
        signed = confirmations.load(setup.edition.raw / "confirmations.csv", setup.units, rounds)
        written = confirmations_sheets.sheets(setup, validated, signed, options.round, folder, language)
    details = {"count": len(written.sheets), "folder": folder.as_posix(), "register": written.register.as_posix()}
    print(wording.say("confirm_done", language, **details))
    errors = sum((each.findings["severity"] == "error").sum() for each in validated.values())
    if errors:
        print(wording.say("confirm_errors", language, count=errors))
