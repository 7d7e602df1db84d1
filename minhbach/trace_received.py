"""What would stand without the corrections: scored again from the texts as they were received."""

from __future__ import annotations

import pandas as pd

from minhbach import corrections_impact, levels, rank
from minhbach.answers import Answers as Columns
from minhbach.corrections_entry import RULES
from minhbach.corrections_impact import Impact
from minhbach.ingest_values import read_answer
from minhbach.record import decimal
from minhbach.score import Points
from minhbach.trace_answers import Answers
from minhbach.trace_evidence import Evidence
from minhbach.trace_graph import Step, checked
from minhbach.trace_tables import Record

ENDING = ".received"


class Received:
    """Numbers that the report prints beside the corrected ones, as steps."""

    def __init__(self, evidence: Evidence, answers: Answers) -> None:
        self.evidence, self.answers = evidence, answers
        self._points: dict[str, Points] = {}
        self._impacts: dict[str, Impact] = {}

    def step(self, framework_id: str, fact: Record, now: Step | None) -> Step:
        """A number before the corrections, computed again, with the corrections and the number `now`."""
        scope, _, name = fact["fact_id"].partition("/")
        if name.endswith(ENDING):
            value = self._value(framework_id, scope, name.removesuffix(ENDING))
        else:
            value = str(len(self._impact(framework_id).others))
        note = "" if value == fact["value"] else self.evidence.say("received_differs", value=value or "–")
        used = self.evidence.table(framework_id, "corrections")
        fields = self.evidence.framework(framework_id).fields
        below = tuple(
            self.answers.step(framework_id, row["unit_id"], row["field_id"])
            for row in used
            if row["field_id"] in fields and (row["unit_id"] == scope or not name.endswith(ENDING))
        )
        text = self.evidence.say("received", count=len(used))
        whole = (*below, now) if now else below
        return Step("source", fact["fact_id"], text, value, checked(not note), note, whole)

    def _value(self, framework_id: str, unit_id: str, name: str) -> str:
        """The points, level or rank of a unit with all texts as received."""
        points = self._as_received(framework_id)
        if name in points.framework.nodes:
            value = points.exactly.points(name, points.answers.unit_ids.index(unit_id))
            return "" if value is None else decimal(value)  # as corrections_impact has it
        ranked = rank.ranks(points).to_dict("records")
        found = [row["rank"] for row in ranked if (row["unit_id"], row["ranking"]) == (unit_id, name)]
        told = levels.levels(points).to_dict("records")
        found += [row["level"] for row in told if (row["unit_id"], row["scheme"]) == (unit_id, name)]
        return str(found[0]) if found else ""

    def _as_received(self, framework_id: str) -> Points:
        if framework_id not in self._points:
            now = self.evidence.points(framework_id).answers
            before = {(row["unit_id"], row["field_id"]): row["value"] for row in self._rows(framework_id)}
            texts = {
                name: tuple(before.get((unit_id, name), "") for unit_id in now.unit_ids)
                for name in now.framework.fields
            }
            self._points[framework_id] = Points(Columns(now.framework, now.units, texts))
        return self._points[framework_id]

    def _rows(self, framework_id: str) -> list[dict[str, str]]:
        """The observations with every corrected value as it was received; blank where that is no answer."""
        fields = self.evidence.framework(framework_id).fields
        given = self.evidence.assessed(framework_id).table or RULES
        return [
            {**row, "value": read_answer(row["raw_text"], fields[row["field_id"]], given).value}
            if row["correction_id"]
            else dict(row)
            for row in self.evidence.table(framework_id, "observations")
        ]

    def _impact(self, framework_id: str) -> Impact:
        if framework_id not in self._impacts:
            self._impacts[framework_id] = self._scored_twice(framework_id)
        return self._impacts[framework_id]

    def _scored_twice(self, framework_id: str) -> Impact:
        known = self.evidence.framework(framework_id)
        after = pd.DataFrame(list(self.evidence.table(framework_id, "observations")), dtype="str")
        before = pd.DataFrame(self._rows(framework_id), dtype="str")
        return corrections_impact.impact(known, self.evidence.units.of_kind(known.spec.unit_kind), before, after)
