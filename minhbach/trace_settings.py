"""Facts that rest on no answer: numbers of a framework, settings, receipts, findings, and whatever a source names."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from minhbach import deadlines, levels, wording
from minhbach.framework import Framework
from minhbach.model import Ranking
from minhbach.numbers import exact_text
from minhbach.parts import Share
from minhbach.rank import rank_places
from minhbach.trace_answers import Answers, address
from minhbach.trace_evidence import Evidence
from minhbach.trace_files import Files, line_of_row
from minhbach.trace_graph import Step, checked
from minhbach.trace_tables import Record

Part = tuple[str, str, Fraction]


class Settings:
    """What a fact's source names, down to the line of the file it stands in."""

    def __init__(self, evidence: Evidence, files: Files, answers: Answers) -> None:
        self.evidence, self.files, self.answers = evidence, files, answers
        self._numbers: dict[str, Mapping[str, Part]] = {}

    def framework(self, framework_id: str, name: str, fact: Record) -> Step:
        """A number of a framework: its line, and the value that stands there."""
        if framework_id not in self._numbers:
            self._numbers[framework_id] = numbers(self.evidence.framework(framework_id))
        known = self._numbers[framework_id].get(name)
        if known is None:  # counted while the report was written, such as the part of a chart
            path, line = self.files.of_framework(framework_id)[0], 0
            text = self.evidence.say("counted", name=name)
            return Step("setting", self.files.inside(path), text, fact["value"], children=(self.files.step(path),))
        section, key, value = known
        path, line = self.files.part(framework_id, section, key)
        holds = exact_text(value) == fact["value"]
        note = "" if holds else self.evidence.say("setting_differs", value=exact_text(value))
        text = self.evidence.say("setting", name=name, value=exact_text(value))
        at = f"{self.files.inside(path)}:{line}" if line else self.files.inside(path)
        below = (self.files.step(path, line=line),)
        return Step("setting", at, text, exact_text(value), checked(holds), note, below)

    def assessment(self, name: str, fact: Record) -> Step:
        """A setting of the edition, as it stands in assessment.yaml or follows from what stands there."""
        path = self.evidence.edition.assessment_file
        document = self.evidence.document(path)
        line = document.line(tuple(name.split(".")))
        value = self._setting(name)
        holds = value in ("", fact["value"])
        note = "" if holds else self.evidence.say("setting_differs", value=value)
        key = "setting" if tuple(name.split(".")) in document.lines else "setting_follows"
        text = self.evidence.say(key, name=name, value=value or fact["value"])
        below = (self.files.step(path, line=line),)
        at = f"{self.files.inside(path)}:{line}"
        return Step("setting", at, text, value or fact["value"], checked(holds) if value else "", note, below)

    def _setting(self, name: str) -> str:
        """The value of a setting; for the survey also what the calendar makes of it."""
        found: Any = self.evidence.assessment
        for key in name.split("."):
            found = getattr(found, key, None)
        survey = self.evidence.assessment.survey
        if found is None and survey and name.startswith("survey."):
            found = getattr(deadlines.timetable(survey), name.removeprefix("survey."), None)
        return exact_text(Fraction(found)) if isinstance(found, (int, Fraction)) else ""

    def receipt(self, framework_id: str, unit_id: str) -> Step:
        """When a unit's form came, and by how many working days it was late."""
        evidence, survey = self.evidence, self.evidence.assessment.survey
        row = evidence.table(framework_id, "receipts").one(unit_id)
        path = evidence.edition.raw / "received.csv"
        at = f"{unit_id}/days_late"
        if row is None or survey is None:
            return Step("receipt", at, evidence.say("receipt_none"), "", checked(False), evidence.say("receipt_none"))
        late = row["days_late"]
        if row["received"]:
            due = deadlines.return_deadline(survey)
            off = deadlines.swapped(survey)
            late = str(deadlines.working_days_between(due, date.fromisoformat(row["received"]), *off))
        holds = late == (row["days_late"] or "0") or not row["received"]
        note = "" if holds else evidence.say("receipt_differs", days=late)
        said = {
            "received": wording.say_date(row["received"], evidence.language) or "–",
            "days": row["days_late"] or "–",
        }
        text = evidence.say("receipt", state=evidence.say(f"receipt_{row['state']}"), **said)
        below = (self.files.step(path, line=line_of_row(path, unit_id, row["received"])),)
        return Step("receipt", at, text, row["days_late"], checked(holds), note, below)

    def finding(self, framework_id: str, finding_id: str) -> Step:
        """A finding, and the answer or file that it is about."""
        row = self.evidence.table(framework_id, "findings").one(finding_id)
        assert row is not None
        say = self.evidence.say
        text = say("finding", severity=say(f"severity_{row['severity']}"), rule=row["rule"], message=row["message"])
        text += say("finding_answer", answer=row["answer"]) if row["answer"] else ""
        below: tuple[Step, ...] = ()
        fields = self.evidence.framework(framework_id).fields
        if row["unit_id"] and row["field_id"] in fields:
            below = (self.answers.step(framework_id, row["unit_id"], row["field_id"]),)
        elif row["file"]:
            file = self.files.step(self.evidence.edition.raw / row["file"])
            below = (Step("cell", address(row), say("finding_place", place=address(row)), children=(file,)),)
        return Step("finding", f"finding/{finding_id}", text, row["message"], children=below)

    def unit(self, unit_id: str) -> Step | None:
        """A unit's row of units.csv; None if there is no such unit."""
        known = self.evidence.units.get(unit_id)
        if known is None:
            return None
        path = self.evidence.edition.units_file
        below = (self.files.step(path, line=line_of_row(path, unit_id, known.unit_kind)),)
        text = self.evidence.say("unit", unit=unit_id, name=self.evidence.unit_name(unit_id), kind=known.unit_kind)
        return Step("row", f"unit/{unit_id}", text, unit_id, children=below)

    def source(self, fact: Record) -> Step:
        """What a fact's own words say it comes from; the file that they begin with is hashed."""
        name = fact["source"].partition(":")[0].partition("#")[0].strip()
        say = self.evidence.say
        text = say("source", source=fact["source"] or "–")
        roots = (self.evidence.home, self.evidence.folder, self.evidence.edition.raw, self.evidence.edition.root)
        path = next((root / name for root in roots if name and (root / name).is_file()), None)
        inside = (self.evidence.edition.root, self.evidence.folder)
        if path is None or not any(path.resolve().is_relative_to(each.resolve()) for each in inside):
            return Step("source", fact["fact_id"], text, fact["value"])
        return Step("source", fact["fact_id"], text, fact["value"], children=(self.files.step(path),))


def numbers(framework: Framework) -> dict[str, Part]:
    """The numbers of a framework that a report prints, by name: section and key where each stands, and its value."""
    spec, rounding = framework.spec, framework.rounding
    found: dict[str, Part] = {"revision": ("revision", "", Fraction(spec.revision))}
    found |= {f"rounding.{key}": ("rounding", key, Fraction(getattr(rounding, key))) for key in ("shown", "share")}
    for name, node in framework.nodes.items():
        if node.max_points is not None:
            found[f"{name}.max_points"] = ("nodes", name, node.max_points)
    for name, field in framework.fields.items():
        limits = {key: getattr(field, key) for key in ("min", "max", "out_of")}
        found |= {f"{name}.{key}": ("fields", name, limit) for key, limit in limits.items() if limit is not None}
    for ranking in framework.rankings:
        if (places := _places(framework, ranking)) is not None:
            found[f"{ranking.id}.decimals"] = ("rankings", ranking.id, Fraction(places))
    for each in framework.comparisons:
        found[f"{each.id}.tolerance"] = ("comparisons", each.id, Fraction(each.tolerance))
    return found | _thresholds(framework)


def _places(framework: Framework, ranking: Ranking) -> int | None:
    rounding = framework.rounding
    return rank_places(ranking, rounding.rank_on, rounding.shown, rounding.share)


def _thresholds(framework: Framework) -> dict[str, Part]:
    """The thresholds of levels; shares are printed as per cent."""
    found: dict[str, Part] = {}
    for scheme in framework.levels:
        for key, (_, rules) in levels.schemes(scheme).items():
            for level, conditions in rules.items():
                for node, least in conditions.items():
                    value = Fraction(least) * (100 if isinstance(least, Share) else 1)
                    found[f"{key}.{level}.{node}.least"] = ("levels", scheme.id, value)
    return found
