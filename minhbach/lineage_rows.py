"""The finer part of prov.json: the rows of each unit, from the file that it sent to its level and rank.

The rows of a unit in a table are one entity, so that the file grows with the number of units.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from minhbach import tables
from minhbach.framework import Framework
from minhbach.lineage_files import identifier
from minhbach.lineage_graph import Graph, typed
from minhbach.lineage_run import Told
from minhbach.paths import Edition

COLLECTION = typed("prov:Collection")
RESULTS = ("scores", "levels", "ranks", "comparisons")


def add(told: Told, output: Edition, graph: Graph) -> None:
    """Adds the rows of each unit, the corrections, and what derives from what to the document."""
    for framework in told.setup.frameworks:
        rows = Rows(told, output, graph, framework.id)
        rows.answers()
        rows.corrections()
        rows.results()


class Rows:
    """The rows of one framework."""

    def __init__(self, told: Told, output: Edition, graph: Graph, framework_id: str) -> None:
        self.told, self.graph, self.framework_id = told, graph, framework_id
        self.validated, self.draft = output.validated / framework_id, output.draft / framework_id
        self.raw = told.setup.edition.raw.relative_to(told.setup.edition.root).as_posix()
        self.source = f"data/validated/{told.setup.edition.name}/{framework_id}"

    def answers(self) -> None:
        """Each unit's observations, and the files that they were read from."""
        whole = f"{self.source}/observations.csv"
        for unit_id, files in _by_unit(self.validated / "observations.csv", "file").items():
            own = self._rows("observations", unit_id, whole)
            for file in sorted(files - {""}):
                self._derived(own, f"file:{identifier(f'{self.raw}/{file}')}")

    def results(self) -> None:
        """Each unit's points, levels, ranks and comparisons; a rank, and `best` and `worst`, look at other units."""
        spec = self.told.setup.framework(self.framework_id).spec
        scores = f"file:{self.framework_id}/scores.csv"
        for name in RESULTS:
            for unit_id in _by_unit(self.draft / f"{name}.csv", "unit_id"):
                own = self._rows(name, unit_id, f"{self.framework_id}/{name}.csv")
                below = "observations" if name == "scores" else "scores"
                self._derived(own, self._id(below, unit_id))
                if name == "ranks":
                    self._derived(own, scores)
                if name == "comparisons":
                    self._derived(own, self._id("observations", unit_id))
                if name == "scores" and spec.best_within:
                    self._derived(own, f"file:{identifier(self.source)}/observations.csv")
                if name != "comparisons":
                    self._framework(own)

    def corrections(self) -> None:
        """Each correction as something that was done: by whom, when, why, on which authority; old and new value.

        Values of answers in free text are left out: what may be published of them is for the open data to say.
        """
        fields = self.told.setup.framework(self.framework_id).fields
        path = self.validated / "corrections.csv"
        for row in tables.rows(tables.read(path)) if path.is_file() else ():
            name = f"{self.framework_id}/{identifier(row.correction_id)}"
            done, person = f"correction:{name}", f"agent:{identifier(row.by)}"
            field = fields.get(row.field_id)
            value = {"prov:value": row.value} if field and field.type != "text" else {}
            old = {"term:expected": row.expected} if value else {}
            why = {"term:reason": row.reason, "term:authority": row.authority}
            when = {"dct:date": typed(row.date, "xsd:date")} if row.date else {}
            self.graph.activity(done, **{key: text for key, text in why.items() if text}, **when, **old)
            self._corrected(row.unit_id, row.field_id, done, value)
            if row.by:
                self.graph.agent(person, **{"prov:type": typed("prov:Person"), "schema:name": row.by})
                self.graph.link("wasAssociatedWith", activity=done, agent=person)

    def _corrected(self, unit_id: str, field_id: str, done: str, value: Mapping[str, str]) -> None:
        """The answer after a correction, which is one of the unit's observations."""
        changed = f"rows:{identifier(f'{self.framework_id}/corrected/{unit_id}/{field_id}')}/{done.rpartition('/')[2]}"
        own = self._id("observations", unit_id)
        self.graph.entity(changed, **{"term:answer": f"{unit_id}/{field_id}"}, **value)
        self.graph.link("wasGeneratedBy", entity=changed, activity=done)
        ledger = f"file:{identifier(self.raw)}/corrections.csv"
        if self.graph.known(ledger):
            self.graph.link("used", activity=done, entity=ledger)
        if self.graph.known(own):
            self.graph.link("hadMember", collection=own, entity=changed)

    def _rows(self, name: str, unit_id: str, file: str) -> str:
        own, whole = self._id(name, unit_id), f"file:{identifier(file)}"
        self.graph.entity(own, **{"prov:type": COLLECTION})
        self.graph.entity(whole, **{"prov:type": COLLECTION})
        self.graph.link("hadMember", collection=whole, entity=own)
        return own

    def _id(self, name: str, unit_id: str) -> str:
        return f"rows:{identifier(f'{self.framework_id}/{name}/{unit_id}')}"

    def _framework(self, own: str) -> None:
        for file in method_files(self.told.setup.framework(self.framework_id)):
            self._derived(own, file)

    def _derived(self, made: str, source: str) -> None:
        if self.graph.known(source):
            self.graph.link("wasDerivedFrom", generatedEntity=made, usedEntity=source)


def method_files(framework: Framework) -> tuple[str, ...]:
    """The files of a framework in PROV: its own, and those that it extends."""
    return tuple(f"file:{identifier(f'frameworks/{name}')}" for name in framework.files)


def _by_unit(path: Path, column: str) -> dict[str, set[str]]:
    """The different texts of a column by unit; nothing where there is no such table."""
    found: dict[str, set[str]] = {}
    for row in tables.rows(tables.read(path)) if path.is_file() else ():
        found.setdefault(row.unit_id, set()).add(getattr(row, column))
    return found
