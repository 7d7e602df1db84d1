"""From a reference to its whole chain: a printed number, its fact, and everything that the fact rests on."""

from __future__ import annotations

import re

from minhbach import levels, tables_columns
from minhbach.errors import DataError
from minhbach.numbers import from_text
from minhbach.trace_answers import Answers
from minhbach.trace_evidence import Evidence
from minhbach.trace_expected import expected
from minhbach.trace_files import Files
from minhbach.trace_graph import Step, checked
from minhbach.trace_nodes import Nodes, short
from minhbach.trace_outcomes import Outcomes
from minhbach.trace_places import cut, is_number, places, same, shown_right
from minhbach.trace_previous import Before
from minhbach.trace_query import Queries
from minhbach.trace_received import ENDING, Received
from minhbach.trace_settings import Settings
from minhbach.trace_tables import Record

SELECT = re.compile(r"\s*(with|select)\b", re.IGNORECASE)

# What rests on the answers of one unit, which that unit confirms.
SIGNED = ("points", "share", "level", "rank", "comparison", "answer")


class Chain:
    """The chains of one draft. Files, frameworks and points that one chain has read serve the next."""

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence
        self.files = Files(evidence)
        self.answers = Answers(evidence, self.files)
        self.nodes = Nodes(evidence, self.files, self.answers)
        self.outcomes = Outcomes(evidence, self.files, self.answers, self.nodes)
        self.settings = Settings(evidence, self.files, self.answers)
        self.queries = Queries(evidence)
        self.received = Received(evidence, self.answers)
        self.before = Before(evidence, self.files)

    def printed(self, fact_id: str) -> Step:
        """The chain of a printed number."""
        fact = self.evidence.facts[fact_id]
        self.nodes.begin()
        own = self._fact(fact)
        holds = shown_right(self.evidence, fact)
        note = "" if holds else self.evidence.say("shown_differs", value=fact["value"], shown=fact["shown"])
        text = self.evidence.say("printed", shown=cut(fact["shown"]), places=places(self.evidence, fact_id))
        check = "" if holds is None else checked(holds)
        return Step("printed", fact_id, text, fact["shown"], check, note if holds is False else "", (own,))

    def value(self, fact: Record) -> str | None:
        """The value that the chain of a fact gives; None where the chain only repeats what the fact says."""
        self.nodes.begin()
        below = self._source(fact)
        unit_id, _, name = fact["fact_id"].partition("/")
        if below.kind == "setting" and not below.check:
            return None
        return expected(self.evidence, fact, below, self._framework_of(unit_id, name))

    def unprinted(self, reference: str) -> Step | None:
        """The chain of a value that is not printed itself, such as an answer or a criterion; None if there is none."""
        self.nodes.begin()
        return self._before(reference) or self._of_unit(reference) or self._listed(reference)

    def _fact(self, fact: Record) -> Step:
        """The exact value of a fact, compared with what its chain gives."""
        below = self._source(fact)
        unit_id, _, name = fact["fact_id"].partition("/")
        framework_id = self._framework_of(unit_id, name)
        value = expected(self.evidence, fact, below, framework_id)
        holds = value is None or same(value, fact["value"])
        note = "" if holds else self.evidence.say("fact_differs", value=fact["value"], now=value or "–")
        said = {"fact": fact["fact_id"], "kind": self.evidence.say(f"kind_{below.kind}")}
        text = self.evidence.say("fact_words", **said)
        if is_number(fact["value"]):
            text = self.evidence.say("fact", value=short(from_text(fact["value"]), self.evidence.language), **said)
        check = "" if value is None else checked(holds)
        signed = self.answers.confirmations(framework_id, unit_id) if below.kind in SIGNED else ()
        return Step("fact", fact["fact_id"], text, fact["value"], check, note, (below, *signed))

    def _source(self, fact: Record) -> Step:
        """What a fact rests on, by its kind, or by its id where a kind is not known here."""
        fact_id, source = fact["fact_id"], fact["source"]
        scope = fact_id.partition("/")[0]
        if SELECT.match(source):
            return self.queries.step(fact_id, source, fact["value"])
        if fact["kind"] == "framework":
            return self.settings.framework(self._framework_named(source), source.partition(": ")[2], fact)
        if fact["kind"] == "setting" and source.startswith("assessment.yaml: "):
            return self.settings.assessment(source.removeprefix("assessment.yaml: "), fact)
        if fact["kind"] == "received":
            known = self._framework_of(scope, fact_id.partition("/")[2])
            own = scope if scope in self.evidence.framework_ids else self.evidence.framework_ids[0]
            now = self._of_unit(fact_id.removesuffix(ENDING)) if fact_id.endswith(ENDING) else None
            return self.received.step(known or own, fact, now)
        if fact["kind"] in ("previous", "change"):
            return self._before(fact_id) or self.before.mean(fact)
        return self._of_unit(fact_id) or self._listed(fact_id) or self.settings.source(fact)

    def _before(self, reference: str) -> Step | None:
        """The step of `previous/unit/name` or `change/unit/name`."""
        scope, _, inner = reference.partition("/")
        unit_id, _, about = inner.partition("/")
        found = self.before.row(unit_id, about) if scope in ("previous", "change") else None
        if found is None:
            return None
        now = self._of_unit(inner) if scope == "change" else None
        return self.before.change(*found, now) if now else self.before.number(*found)

    def _of_unit(self, reference: str) -> Step | None:
        """The step of `unit/name`: a node, share, answer, level, rank, comparison or receipt."""
        unit_id, _, name = reference.partition("/")
        framework_id = self._framework_of(unit_id, name)
        if not framework_id:
            return None
        known, table = self.evidence.framework(framework_id), self.evidence.table
        plain, dot, ending = name.partition(".")
        if name in known.nodes and unit_id in self._scored(framework_id):
            return self.nodes.points(framework_id, unit_id, name)
        if plain in known.nodes and ending in ("share", "max_points") and unit_id in self._scored(framework_id):
            return self.nodes.share(framework_id, unit_id, plain)
        if name in known.fields:
            return self.answers.step(framework_id, unit_id, name)
        if key := next((key for key in self._schemes(framework_id) if f"{name}.".startswith(f"{key}.")), ""):
            return self.outcomes.level(framework_id, unit_id, key)
        if table(framework_id, "ranks").one(unit_id, ranking=plain):
            return self.outcomes.ranks.rank(framework_id, unit_id, plain)
        if table(framework_id, "comparisons").one(unit_id, comparison=plain):
            return self.outcomes.comparison(framework_id, unit_id, plain)
        if name in ("days_late", "receipt") and not dot:
            return self.settings.receipt(framework_id, unit_id)
        signed = self.answers.confirmations(framework_id, unit_id)
        return next((step for step in signed if step.id == reference), None)

    def _listed(self, reference: str) -> Step | None:
        """The step of `finding/…`, `correction/…` or `unit/…`."""
        table, _, key = reference.partition("/")
        if table == "unit":
            return self.settings.unit(key)
        key = key.removesuffix(".expected").removesuffix(".value")
        if table not in ("finding", "correction"):
            return None
        for framework_id in self.evidence.framework_ids:
            row = self.evidence.table(framework_id, f"{table}s").one(key)
            if row and table == "finding":
                return self.settings.finding(framework_id, key)
            if row:
                known = row["field_id"] in self.evidence.framework(framework_id).fields
                below = (self.answers.step(framework_id, row["unit_id"], row["field_id"]),) if known else ()
                own = self.answers.correction(row)
                return Step(own.kind, own.id, own.text, own.value, own.check, own.note, (*below, *own.children))
        return None

    def _framework_of(self, unit_id: str, name: str) -> str:
        """The framework of a fact's unit: the one that has the name, or else any that knows the unit."""
        words = [name.rsplit(".", drop)[0] for drop in range(name.count(".") + 1)]
        found = (self.evidence.home_of(unit_id, word) for word in words)
        return next(filter(None, found), "") or self._any(unit_id)

    def _any(self, unit_id: str) -> str:
        tables = ("observations", "receipts", "confirmations")
        known = self.evidence
        return next((each for each in known.framework_ids if any(known.table(each, t).of(unit_id) for t in tables)), "")

    def _framework_named(self, source: str) -> str:
        """The framework whose file a source names."""
        name = source.partition(":")[0].rpartition("/")[2].removesuffix(".yaml")
        if name not in self.evidence.framework_ids:
            raise DataError(
                self.evidence.say(
                    "source_unknown",
                    source=source,
                    advice=tables_columns.advice(self.evidence.folder, self.evidence.language),
                )
            )
        return name

    def _scored(self, framework_id: str) -> frozenset[str]:
        return frozenset(self.evidence.points(framework_id).answers.unit_ids)

    def _schemes(self, framework_id: str) -> list[str]:
        """The keys of level schemes, longest first."""
        listed = [key for scheme in self.evidence.framework(framework_id).levels for key in levels.schemes(scheme)]
        return sorted(listed, key=len, reverse=True)
