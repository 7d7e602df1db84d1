"""Which numbers about many units rest on an answer: queries among whose rows is one that the answer reaches."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from minhbach.corrections_entry import ROUNDS
from minhbach.levels import schemes
from minhbach.trace_chain import Chain
from minhbach.trace_reach import Reached

LITERAL = re.compile(r"\b(framework|node_id|parent_id|unit_id)\s*=\s*'([^']*)'", re.IGNORECASE)
LOOSE = re.compile(r"\b(or|not|union|case)\b", re.IGNORECASE)
NESTED = re.compile(r"\bselect\b.*\bselect\b", re.IGNORECASE | re.DOTALL)


class Counted:
    """Finds the query facts that depend on what was reached in one framework."""

    def __init__(self, chain: Chain, framework_id: str, reached: Reached, outcomes: Reached, listed: set[str]) -> None:
        """`listed` are the corrections and findings that were reached, as `correction/C001`."""
        self.chain, self.framework_id, self.reached = chain, framework_id, reached
        both = (reached, outcomes)
        self.touched = {f"{unit_id}/{name}" for found in both for unit_id in found for name in found[unit_id]}
        self.touched |= {f"{unit_id}/confirmation.{number}" for unit_id in reached for number in ROUNDS}
        self.touched |= {f"change/{each}" for each in self.touched} | listed
        self.nodes = set().union(*reached.values())
        self.units = {unit_id for found in both for unit_id in found}
        keys = {key for scheme in chain.evidence.framework(framework_id).levels for key in schemes(scheme)}
        self.levelled = {unit_id for unit_id, names in outcomes.items() if names & keys}

    def facts(self) -> Iterator[str]:
        """The ids of the facts."""
        queries = self.chain.queries
        facts = self.chain.evidence.facts
        for fact_id in facts.where("kind", "query"):
            sql = facts[fact_id]["source"]
            if self._possible(sql):
                tables = queries.named(sql)
                if any(self._touches(tables, row) for row in queries.references(fact_id, sql)):
                    yield fact_id

    def _touches(self, tables: tuple[str, ...], row: str) -> bool:
        if row.startswith("unit/"):  # rows that a query gathers by unit, unless it only reads the list of units
            return bool(set(tables) - {"units"}) and row.removeprefix("unit/") in self.units
        return row in self.touched

    def _units(self, tables: tuple[str, ...]) -> set[str]:
        """The units of which a table may have a row that was reached."""
        if "scores" in tables:
            return set(self.reached)
        return self.levelled if {"levels", "blocking"} & set(tables) else self.units

    def _possible(self, sql: str) -> bool:
        """Whether the rows of a query may be among those reached; running all of them would take seconds."""
        if LOOSE.search(sql):
            return True
        if self.framework_id not in self.chain.queries.scope(sql):
            return False
        plain, literals = self.chain.queries.named(sql), LITERAL.findall(sql)
        asked = {text for name, text in literals if name.lower() == "node_id"}
        if "scores" in plain and asked and not asked & self.nodes:
            return False
        return bool(NESTED.search(sql)) or self._near(plain, {name.lower(): text for name, text in literals})

    def _near(self, plain: tuple[str, ...], wanted: Mapping[str, str]) -> bool:
        """Whether a query without another inside it asks for units that were reached."""
        units = self._units(plain)
        known = [unit for unit in map(self.chain.evidence.units.get, units) if unit]
        if "parent_id" in wanted and wanted["parent_id"] not in {unit.parent_id for unit in known}:
            return False
        return wanted.get("unit_id") is None or wanted["unit_id"] in units
