"""The value that a chain gives for a fact, which the fact must have."""

from __future__ import annotations

from minhbach.trace_evidence import Evidence
from minhbach.trace_graph import Step
from minhbach.trace_tables import Record

BY_KIND = {"rank": "ranks", "level": "levels", "comparison": "comparisons"}
KEYS = {"rank": "ranking", "level": "scheme", "comparison": "comparison"}


def expected(evidence: Evidence, fact: Record, below: Step, framework_id: str) -> str | None:
    """The value of a fact by its chain; None where there is nothing to compare.

    A fact's id may end in a part of what the chain is about: `664/muc_do.met`, `664/xep_hang.tied`.
    """
    unit_id, _, name = fact["fact_id"].partition("/")
    about, ending = below.id.partition("/")[2], name.rpartition(".")[2]
    if below.kind == "source":
        return below.value if below.check else None
    if below.kind == "correction":
        entry = _entry(evidence, about)
        return entry.get(ending) if entry else None
    if below.kind == "share" and ending == "max_points":
        row = evidence.table(framework_id, "scores").one(unit_id, node_id=name.rpartition(".")[0])
        return row["max_points"] if row else ""
    if below.kind not in BY_KIND or name == about:
        return below.value
    row = evidence.table(framework_id, BY_KIND[below.kind]).one(unit_id, **{KEYS[below.kind]: about})
    return part(row, name, ending) if row else ""


def part(row: Record, name: str, ending: str) -> str | None:
    """A number that a row of levels, ranks or comparisons holds beside the outcome itself."""
    if ending == "met":
        return str(len(row["met"].split()))
    if ending == "missing":
        away = dict(each.split(":") for each in row["blocking"].split("; ") if each)
        return away.get(name.split(".")[-2], "")
    if ending == "tied":
        others = [each for each in row["tied_with"].split(";") if each]
        return str(sum(int(each[1:]) if each.startswith("+") else 1 for each in others))
    if ending == "mark":
        return row["level"]
    return row.get(ending)


def _entry(evidence: Evidence, correction_id: str) -> Record | None:
    """An entry of the ledger that was used."""
    tables = (evidence.table(each, "corrections") for each in evidence.framework_ids)
    return next((row for table in tables if (row := table.one(correction_id))), None)
