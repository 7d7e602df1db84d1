"""Reads one side of a split by cause from the files of an edition: a version with its inputs, or a draft."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from minhbach import assessment, framework, framework_hash, tables, units, yamlfile
from minhbach.assessment import Assessed, Table
from minhbach.causes_inputs import Inputs, Key
from minhbach.causes_rules import Rules, combined
from minhbach.corrections_entry import RULES, WHICH_FILE
from minhbach.framework import Framework
from minhbach.ingest_values import read_answer
from minhbach.merge import STATUS as DERIVED
from minhbach.paths import Edition
from minhbach.tables_columns import needed

OBSERVATIONS, LEDGER = "observations.csv", "corrections.csv"


def files(edition: Edition, validated: Path, framework_id: str) -> list[Path]:
    """Every file that `inputs` reads."""
    known = framework.find(framework_id, edition.root)
    folder = validated / framework_id
    there = [each for each in (folder / OBSERVATIONS, folder / LEDGER) if each.is_file()]
    frameworks = [edition.root / "frameworks" / Path(name).name for name in known.files]
    return [edition.assessment_file, edition.units_file, *frameworks, *there]


def inputs(edition: Edition, validated: Path, framework_id: str) -> Inputs:
    """What an edition's results of a framework were computed from.

    Raises:
        FileError: settings, units or framework have mistakes.
        DataError: a table is damaged.
        OSError: there are no observations.
    """
    known = rules(edition, framework_id)
    assessed = _assessed(edition, framework_id)
    checked = combined(known, known)
    kind = checked.spec.unit_kind
    members = tuple(units.load(edition.units_file).of_kind(kind))
    folder = validated / framework_id
    received, corrected = _answers(folder / OBSERVATIONS, checked, assessed.table or RULES)
    return Inputs(known, members, received, corrected, _counted(folder / LEDGER))


def as_recorded(side: Inputs, hashes: Mapping[str, Mapping[str, str]]) -> bool:
    """Whether a side's method and settings are those that a run recorded, as far as ranks and levels rest on them."""
    own = framework_hash.hashes(combined(side.rules, side.rules))
    return all(own[group] == dict(hashes.get(group, {})) for group in ("levels", "rankings"))


def rules(edition: Edition, framework_id: str) -> Rules:
    """A framework's content, and the edition's own changes to it."""
    path = framework.existing(framework_id, edition.root)
    content = framework.content(path)
    document = yamlfile.load(edition.assessment_file)
    listed = document.content["frameworks"]
    override = next((each.get("override") for each in listed if each["framework"] == framework_id), None)
    return Rules(path.as_posix(), content, override)


def _assessed(edition: Edition, framework_id: str) -> Assessed:
    return next(each for each in assessment.load(edition).frameworks if each.framework == framework_id)


def _answers(path: Path, checked: Framework, table: Table) -> tuple[dict[Key, str], dict[Key, str]]:
    """The answers as they were received, and those that corrections put in their place.

    What a corrected cell said is read again from its text; a unit whose answers are derived from others has none.
    """
    rows = [*tables.rows(tables.read(path, needed(path)))]
    derived = {row.unit_id for row in rows if row.status == DERIVED}
    received: dict[Key, str] = {}
    corrected: dict[Key, str] = {}
    for row in rows:
        key = (row.unit_id, row.field_id)
        question = checked.fields.get(row.field_id)
        if row.unit_id in derived:
            continue
        received[key] = row.value
        if row.correction_id:
            received[key] = read_answer(row.raw_text, question, table).value if question else ""
            corrected[key] = row.value
    return received, corrected


def _counted(path: Path) -> dict[str, str]:
    """By unit, the file that counts where it sent several."""
    rows = tables.rows(tables.read(path, needed(path))) if path.is_file() else ()
    return {row.unit_id: row.value for row in rows if row.field_id == WHICH_FILE}
