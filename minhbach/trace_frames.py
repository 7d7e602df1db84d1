"""The tables that queries of facts may select from, as the report had them."""

from __future__ import annotations

import pandas as pd

from minhbach import report_gaps, report_tree
from minhbach.trace_evidence import SCORED, Evidence

UNITS = ("unit_id", "name", "unit_kind", "parent_id")
MADE = ("nodes", "blocking", "changes", "causes", "robustness")
VALIDATED = ("observations", "findings", "evidence", "files", "corrections", "receipts", "confirmations")
TABLES = (*SCORED, *MADE, *VALIDATED, "units")
Scope = tuple[str, ...]


class Frames:
    """The tables of a build with a column `framework`, of some or all frameworks; each is made once."""

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence
        self._made: dict[tuple[str, Scope], pd.DataFrame] = {}

    def frame(self, name: str, scope: Scope) -> pd.DataFrame:
        """A table of the frameworks of a scope.

        Raises:
            DataError: the build has no such table.
        """
        if (name, scope) not in self._made:
            made = {"units": self._units, "nodes": self._nodes, "blocking": self._blocking}
            self._made[name, scope] = made[name](scope) if name in made else self._joined(name, scope)
        return self._made[name, scope]

    def _joined(self, name: str, scope: Scope) -> pd.DataFrame:
        known = [each for each in scope if self.evidence.path(each, name).is_file()]
        # A table that no framework has is named as missing when it is read.
        return pd.concat([self._whole(each, name).assign(framework=each) for each in known or scope])

    def _whole(self, framework_id: str, name: str) -> pd.DataFrame:
        table = self.evidence.table(framework_id, name)
        return pd.DataFrame(list(table.cells), columns=list(table.columns), dtype="str")

    def _units(self, _: Scope) -> pd.DataFrame:
        rows = [[getattr(unit, column) for column in UNITS] for unit in self.evidence.units]
        return pd.DataFrame(rows, columns=list(UNITS), dtype="str")

    def _nodes(self, scope: Scope) -> pd.DataFrame:
        return report_tree.table(map(self.evidence.framework, scope))

    def _blocking(self, scope: Scope) -> pd.DataFrame:
        return report_gaps.table((self.evidence.framework(each), self._whole(each, "levels")) for each in scope)
