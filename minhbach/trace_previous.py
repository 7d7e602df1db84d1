"""Numbers of the edition before and their changes, from changes.csv back to the tables of that edition."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from minhbach import previous_units, trace_tables
from minhbach.numbers import from_text
from minhbach.trace_evidence import Evidence
from minhbach.trace_files import Files
from minhbach.trace_graph import Step, checked
from minhbach.trace_tables import Record

TABLES = {"points": "scores", "share": "scores", "rank": "ranks", "level": "levels"}
KEYS = {"points": "node_id", "share": "node_id", "rank": "ranking", "level": "scheme"}


class Before:
    """Facts such as `previous/664/total` and `change/664/total` as steps."""

    def __init__(self, evidence: Evidence, files: Files) -> None:
        self.evidence, self.files = evidence, files

    def row(self, unit_id: str, about: str) -> tuple[str, Record] | None:
        """The framework and the row of changes.csv about a unit's number; None if there is none."""
        for framework_id in self.evidence.framework_ids:
            if self.evidence.path(framework_id, "changes").is_file():
                row = self.evidence.table(framework_id, "changes").one(unit_id, what=about)
                if row:
                    return framework_id, row
        return None

    def number(self, framework_id: str, row: Record) -> Step:
        """A number of the edition before, compared with the table of that edition."""
        path = self._table(framework_id, TABLES[row["kind"]])
        then = self._before(framework_id, path, row) if path and path.is_file() else ""
        holds = _same(then, row["before"])
        note = "" if holds else self.evidence.say("previous_differs", value=then or "–")
        text = self.evidence.say("previous", what=row["what"], value=row["before"] or "–")
        below = (self.files.step(path),) if path else ()
        at = f"previous/{row['unit_id']}/{row['what']}"
        return Step("source", at, text, row["before"], checked(holds), note, below)

    def change(self, framework_id: str, row: Record, now: Step) -> Step:
        """What a reader gets who subtracts the published numbers; ranks and levels count gains."""
        before = self.number(framework_id, row)
        holds = _same(now.value, row["now"])
        note = "" if holds else self.evidence.say("change_differs", value=now.value or "–")
        said = {"what": row["what"], "before": row["before"] or "–", "now": row["now"] or "–"}
        text = self.evidence.say("change", change=row["change"] or "–", **said)
        at = f"change/{row['unit_id']}/{row['what']}"
        return Step("source", at, text, row["change"], checked(holds), note, (before, now))

    def mean(self, fact: Record) -> Step:
        """A number over several units of the edition before: the tables it is taken from."""
        paths = (self._table(each, "scores") for each in self.evidence.framework_ids)
        below = tuple(self.files.step(path) for path in paths if path)
        text = self.evidence.say("source", source=fact["source"] or "–")
        return Step("source", fact["fact_id"], text, fact["value"], children=below)

    def _table(self, framework_id: str, name: str) -> Path | None:
        """A table of the edition before, as the manifest of this one names it."""
        ending = f"/{framework_id}/{name}.csv"
        names = (each for each in self.evidence.manifest.get("inputs", {}) if each.startswith("reports/"))
        return next((self.evidence.edition.root / each for each in names if each.endswith(ending)), None)

    def _before(self, framework_id: str, path: Path, row: Record) -> str:
        """What the table of that edition says of the unit, or of those that it was formed from: their mean."""
        members = self.evidence.units.of_kind(self.evidence.framework(framework_id).spec.unit_kind)
        then = trace_tables.read(path, self.evidence.language)
        formed = {each.unit.unit_id: each.parts for each in previous_units.formed(members, then.keys)}
        texts = [self._then(path, {**row, "unit_id": part}) for part in formed.get(row["unit_id"], (row["unit_id"],))]
        if len(texts) == 1:
            return texts[0]
        return previous_units.mean_text(texts) if row["kind"] in ("points", "share") else ""

    def _then(self, path: Path, row: Record) -> str:
        kind, what = row["kind"], row["what"].removesuffix(".share") if row["kind"] == "share" else row["what"]
        kept = trace_tables.read(path, self.evidence.language).one(row["unit_id"], **{KEYS[kind]: what})
        if kept is None or kind in ("rank", "level"):
            return kept[kind] if kept else ""
        points = kept["exact"] or kept["points"]
        if not points or kind == "points":
            return points
        return str(from_text(points) / from_text(kept["max_points"])) if from_text(kept["max_points"]) else ""


def _same(first: str, second: str) -> bool:
    try:
        return Fraction(first) == Fraction(second)
    except (ValueError, ZeroDivisionError):
        return first == second
