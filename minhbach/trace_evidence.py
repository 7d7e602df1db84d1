"""Everything one draft or version leaves behind, read lazily: only what a chain touches is opened."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from minhbach import (
    assessment,
    framework,
    record,
    shapes,
    trace_manifest,
    trace_tables,
    trace_versions,
    trace_words,
    units,
    yamlfile,
)
from minhbach.answers import Answers
from minhbach.assessment import Assessed, Assessment
from minhbach.errors import DataError
from minhbach.framework import Framework
from minhbach.paths import Edition
from minhbach.score import Points
from minhbach.trace_tables import Keyed, Lists, Table
from minhbach.units import Units
from minhbach.versions_layers import INPUTS
from minhbach.yamlfile import YamlFile

DRAFT = trace_versions.DRAFT
SCORED = ("scores", "levels", "ranks", "comparisons")
BESIDE = (*SCORED, "changes", "comparable", "causes", "robustness")  # what stands in the folder of the build itself


@dataclass(frozen=True)
class Lines:
    """The nodes of one unit as worked lines, in the order of computation, and the row of the unit."""

    row: int
    lines: dict[str, str]


class Evidence:
    """The tables, frameworks and settings behind one built folder of an edition, in one language."""

    def __init__(self, edition: Edition, version: str = DRAFT, language: str = "") -> None:
        """`language` empty means that of the report; the document of another language is used where it was built.

        Raises:
            UsageError: there is no such edition, or nothing built under this name.
        """
        self.folder = edition.reports / version
        own = Edition(edition.name, self.folder / INPUTS)
        self.edition = own if own.exists() else edition.required()  # a version carries what it was made from
        if not trace_versions.VERSION.fullmatch(version) or not (self.folder / "manifest.json").is_file():
            raise trace_versions.missing(edition, version, language)
        self.manifest = trace_manifest.read(self.folder / "manifest.json", language or "vi")
        self.printed = trace_manifest.language(self.manifest)
        self.language = language or self.printed
        other = self.folder / self.language
        self.home = other if self.language != self.printed and (other / "facts.csv").is_file() else self.folder
        self.printed = self.language if self.home == other else self.printed
        self._tables: dict[Path, Table] = {}
        self._frameworks: dict[str, Framework] = {}
        self._points: dict[str, Points] = {}
        self._lines: dict[tuple[str, str], Lines] = {}
        self._documents: dict[Path, YamlFile] = {}

    def say(self, key: str, **details: object) -> str:
        """A sentence in the language of the trace."""
        return trace_words.say(key, self.language, **details)

    @cached_property
    def facts(self) -> Keyed:
        """The printed facts, by id."""
        return Keyed(self._read(self.home / "facts.csv"), "fact_id")

    @cached_property
    def places(self) -> Lists:
        """Where each fact is printed: document, page, x, y (mm from the top left)."""
        return self._read(self.home / "places.csv").by("fact_id")

    def table(self, framework_id: str, name: str) -> Table:
        """A table of a framework: scores, levels, ranks, comparisons, observations, corrections …"""
        return self._read(self.path(framework_id, name))

    def path(self, framework_id: str, name: str) -> Path:
        """Where a table of a framework stands; a version carries its validated tables with it."""
        own = self.folder / framework_id / f"{name}.csv"
        if name in BESIDE or own.is_file():
            return own
        kept = self.folder / "validated"
        folder = (kept if kept.is_dir() else self.edition.validated) / framework_id
        spoken = folder / f"{name}.{self.printed}.csv"  # findings in the words of a further language
        return spoken if spoken.is_file() else folder / f"{name}.csv"

    @cached_property
    def framework_ids(self) -> tuple[str, ...]:
        """The frameworks of the edition."""
        return tuple(self.manifest["frameworks"])

    def framework(self, framework_id: str) -> Framework:
        """A framework, with the edition's own changes."""
        if framework_id not in self._frameworks:
            override = self._override(framework_id)
            self._frameworks[framework_id] = framework.find(framework_id, self.edition.root, override)
        return self._frameworks[framework_id]

    @property
    def loaded(self) -> tuple[Framework, ...]:
        """The frameworks that a chain has read so far."""
        return tuple(self._frameworks.values())

    def document(self, path: Path) -> YamlFile:
        """A YAML file with its lines."""
        if path not in self._documents:
            self._documents[path] = yamlfile.load(path)
        return self._documents[path]

    @cached_property
    def assessment(self) -> Assessment:
        """The edition's settings."""
        return shapes.read(assessment.Assessment, self.document(self.edition.assessment_file))

    def assessed(self, framework_id: str) -> Assessed:
        """How the edition uses a framework."""
        return next(each for each in self.assessment.frameworks if each.framework == framework_id)

    @cached_property
    def units(self) -> Units:
        """The units of the edition."""
        return units.load(self.edition.units_file)

    def unit_name(self, unit_id: str) -> str:
        """A unit's name in the language of the trace."""
        unit = self.units.get(unit_id)
        if unit is None:
            return unit_id
        return unit.called(self.language)

    def home_of(self, unit_id: str, name: str) -> str:
        """The framework in which a unit has a node, field, scheme, ranking or comparison of this name; or empty."""
        keys = {"scores": "node_id", "observations": "field_id", "levels": "scheme", "ranks": "ranking"}
        for table, key in {**keys, "comparisons": "comparison"}.items():
            for framework_id in self.framework_ids:
                if self.table(framework_id, table).one(unit_id, **{key: name}):
                    return framework_id
        return ""

    def points(self, framework_id: str) -> Points:
        """The points of all units of a framework, computed again from observations.csv."""
        if framework_id not in self._points:
            texts = {
                (row["unit_id"], row["field_id"]): row["value"] for row in self.table(framework_id, "observations")
            }
            present = {unit_id for unit_id, _ in texts}
            known = self.framework(framework_id)
            here = tuple(unit for unit in self.units.of_kind(known.spec.unit_kind) if unit.unit_id in present)
            columns = {name: tuple(texts.get((unit.unit_id, name), "") for unit in here) for name in known.fields}
            self._points[framework_id] = Points(Answers(known, here, columns))
        return self._points[framework_id]

    def lines(self, framework_id: str, unit_id: str) -> Lines:
        """The worked lines of a unit.

        Raises:
            DataError: the unit has no observations.
        """
        key = (framework_id, unit_id)
        if key not in self._lines:
            points = self.points(framework_id)
            if unit_id not in points.answers.unit_ids:
                raise DataError(self.say("no_observations", unit=unit_id, framework=framework_id))
            row = points.answers.unit_ids.index(unit_id)
            by_hand = {node_id: line for node_id, line, _ in record.by_hand(points, row, self.language)}
            self._lines[key] = Lines(row, by_hand)
        return self._lines[key]

    def recorded(self, path: Path) -> str:
        """The SHA-256 that the run recorded for an input; empty if it recorded none."""
        return trace_manifest.recorded(self.manifest, self.edition.root, path)

    def _read(self, path: Path) -> Table:
        if path not in self._tables:
            self._tables[path] = trace_tables.read(path, self.language)
        return self._tables[path]

    def _override(self, framework_id: str) -> YamlFile | None:
        document = self.document(self.edition.assessment_file)
        for index, each in enumerate(self.assessment.frameworks):
            if each.framework == framework_id and each.override:
                place = ("frameworks", index, "override")
                lines = {known[3:]: line for known, line in document.lines.items() if known[:3] == place}
                return YamlFile(document.name, document.content["frameworks"][index]["override"], lines)
        return None
