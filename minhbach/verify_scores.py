"""Scores, levels, ranks and comparisons computed again from the attached observations, cell by cell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

import pandas as pd

from minhbach import wording
from minhbach.confirmations import digest
from minhbach.evidence_files import HASHED
from minhbach.trace_tables import Record, Table
from minhbach.verify_project import KEYS, UNREADABLE, Carried, Rows, written
from minhbach.verify_result import Check, Findings

LAYERS: Mapping[str, str] = {"scores": "score", "levels": "level", "ranks": "rank", "comparisons": "comparison"}
FIRM = "robustness"


def checks(carried: Carried, language: str) -> Iterator[Check]:
    """The four layers, each over all frameworks."""
    for name, layer in LAYERS.items():
        found = Findings(layer, language)
        for framework in carried.setup.frameworks:
            try:
                attached = carried.evidence.table(framework.id, name)
                kept = _keyed(found, f"{framework.id}/{name}.csv", attached, name)
                _compare(found, f"{framework.id}/{name}.csv", kept, carried.rows(framework.id, name))
            except UNREADABLE as error:
                found.differs("not_computed", f"{framework.id}/{name}.csv", reason=error)
        yield found.check()


def _compare(found: Findings, file: str, kept: Rows, made: Rows) -> None:
    """Every row of a table beside the one computed again."""
    found.total += len(made)
    for place in sorted(kept.keys() | made.keys()):
        at = "/".join(place)
        if place not in kept:
            found.differs("row_missing", at, file=file)
        elif place not in made:
            found.differs("row_extra", at, file=file)
        elif kept[place] != made[place]:
            for column in sorted(kept[place].keys() | made[place].keys()):
                before, after = kept[place].get(column, ""), made[place].get(column, "")
                if before != after:
                    found.differs("cell", at, file=file, column=column, kept=before or "–", now=after or "–")


def _keyed(found: Findings, file: str, table: Table, name: str) -> Rows:
    """The attached rows by unit and what they are about; a second one about the same is one too many."""
    rows: dict[tuple[str, str], Record] = {}
    for row in table:
        key = (row["unit_id"], row[KEYS[name]])
        if key in rows:
            found.differs("row_extra", "/".join(key), file=file)
        rows.setdefault(key, row)
    return rows


def firmness(carried: Carried, language: str) -> Check:
    """How firm the results are, drawn and computed again; a report from before there was such a table has none."""
    found, tables = Findings("robustness", language), 0
    for framework in carried.setup.frameworks:
        file = f"{framework.id}/{FIRM}.csv"
        if not carried.evidence.path(framework.id, FIRM).is_file():
            continue
        tables += 1
        try:
            made = Counter(written(carried.firmness[framework.id]).cells)
            kept = Counter(carried.evidence.table(framework.id, FIRM).cells)
        except UNREADABLE as error:
            found.differs("not_computed", file, reason=error)
            continue
        found.total += made.total()
        for key, rows in (("row_extra", kept - made), ("row_missing", made - kept)):
            for row in sorted(rows):
                found.differs(key, " ".join(row), file=file)
    return found.check() if tables else found.check(wording.say("verify_not_done", language), done=False)


def signatures(carried: Carried, language: str) -> Check:
    """The observations of every unit by the hash that the unit signed, and every answer as its question allows it."""
    found, kept_back = Findings("observation", language), 0
    for framework in carried.setup.frameworks:
        try:
            table = carried.evidence.table(framework.id, "observations")
            found.total += len(table)
            _answers(found, framework.id, table, carried)
            kept_back += _signed(found, framework.id, table, carried.evidence.table(framework.id, "confirmations"))
        except UNREADABLE as error:
            found.differs("not_computed", f"{framework.id}/observations.csv", reason=error)
    return found.check(wording.say("verify_unsigned_note", language, count=kept_back) if kept_back else "")


def _answers(found: Findings, framework_id: str, table: Table, carried: Carried) -> None:
    """Each answer once, about a unit and a question there are."""
    known = {unit.unit_id for unit in carried.setup.units_of(framework_id)}
    fields, seen = carried.setup.framework(framework_id).fields, set()
    for row in table:
        at = f"{row['unit_id']}/{row['field_id']}"
        if row["unit_id"] not in known or row["field_id"] not in fields or at in seen:
            found.differs("answer_unknown", at, file=f"{framework_id}/observations.csv")
        seen.add(at)


def _signed(found: Findings, framework_id: str, table: Table, confirmed: Table) -> int:
    """Compares what each unit signed; gives how many confirmed with a text that is kept back by its hash."""
    kept_back = 0
    for unit_id in dict.fromkeys(row["unit_id"] for row in confirmed if row["now"]):
        own = pd.DataFrame(table.of(unit_id), columns=list(table.columns), dtype="str")
        if own["value"].str.startswith(HASHED).any():
            kept_back += 1
            continue
        now = digest(own)
        for row in confirmed.of(unit_id):
            if row["now"] != now or (row["state"] == "confirmed" and row["sha256"] != now):
                found.differs("unsigned", unit_id, round=row["round"], file=f"{framework_id}/observations.csv")
    return kept_back
