"""The rows of the open data: what an edition says about itself, and the tables of its stages, all frameworks together.

Every row is a mapping of column to text. Free texts that may name people stay out unless the edition lets them through.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import pandas as pd

from minhbach import tables
from minhbach.editions import Setup
from minhbach.framework import Framework
from minhbach.levels import NO_LEVEL, schemes
from minhbach.model import Levels
from minhbach.numbers import from_text
from minhbach.parts import Words
from minhbach.paths import Edition
from minhbach.record import decimal

Record = dict[str, str]
Records = Iterator[Record]
BOOLEAN = {True: "true", False: "false"}


@dataclass(frozen=True)
class Source:
    """Where the rows come from: the edition, and the output folders with the tables of its stages."""

    setup: Setup
    output: Edition

    def frame(self, framework: Framework, name: str) -> pd.DataFrame:
        """A table of a stage."""
        validated = self.output.validated / framework.id / f"{name}.csv"
        return tables.read(validated if validated.is_file() else self.output.draft / framework.id / f"{name}.csv")

    @cached_property
    def synthetic(self) -> Record:
        """The cell that marks made-up data."""
        return {"synthetic": BOOLEAN[self.setup.assessment.synthetic]}

    def private(self, framework: Framework) -> frozenset[str]:
        """Fields in free text that the edition does not publish."""
        release = self.setup.assessment.release
        allowed: Collection[str] = release.texts if release else ()
        return frozenset(name for name, each in framework.fields.items() if each.type == "text" and name not in allowed)


def frameworks(source: Source) -> Records:
    """A row for each framework."""
    for framework in source.setup.frameworks:
        spec = framework.spec
        yield {
            "framework": framework.id, "revision": str(spec.revision), **_label("title", spec.title),
            "document": spec.source.document, "date": spec.source.date, "issuer": spec.source.issuer,
            "unit_kind": spec.unit_kind, "basis": spec.basis or "", **source.synthetic,
        }  # fmt: skip


def units(source: Source) -> Records:
    """A row for each unit, also those without data."""
    for unit in source.setup.units:
        yield {
            "unit_id": unit.unit_id, "name": unit.name, "name_en": unit.name_en, "unit_kind": unit.unit_kind,
            "parent_id": unit.parent_id, "ranked": BOOLEAN[unit.ranked],
        }  # fmt: skip


def files(source: Source) -> Records:
    """A row for each file that answers come from."""
    known: dict[str, str] = {}
    for framework in source.setup.frameworks:
        for name in ("observations", "files"):
            table = source.frame(framework, name)
            known |= dict(zip(table["file"], table["sha256"], strict=True))
    for file, sha256 in known.items():
        path = source.setup.edition.raw / file
        if file:
            yield {"file": file, "sha256": sha256, "bytes": str(path.stat().st_size) if path.is_file() else ""}


def nodes(source: Source) -> Records:
    """A row for each node, in the order of the framework."""
    for framework in source.setup.frameworks:
        for position, (node_id, node) in enumerate(framework.nodes.items(), start=1):
            yield {
                "framework": framework.id, "node_id": node_id, "position": str(position),
                "parent_id": framework.parent.get(node_id, ""), "number": node.number, **_label("label", node.label),
                "max_points": _decimal(node.max_points), "formula": node.formula or "",
                "information": BOOLEAN[node.information], "basis": node.basis or framework.spec.basis or "",
            }  # fmt: skip


def fields(source: Source) -> Records:
    """A row for each question."""
    for framework in source.setup.frameworks:
        private = source.private(framework)
        for position, (field_id, each) in enumerate(framework.fields.items(), start=1):
            yield {
                "framework": framework.id, "field_id": field_id, "position": str(position),
                "section": each.section or "", **_label("label", each.label), "type": each.type,
                **(_label("unit", each.unit) if each.unit else {"unit_vi": "", "unit_en": ""}),
                "required": BOOLEAN[each.required], "minimum": _decimal(each.min), "maximum": _decimal(each.max),
                "out_of": _decimal(each.out_of), "options": " | ".join(each.options),
                "published": BOOLEAN[field_id not in private], "basis": each.basis or framework.spec.basis or "",
            }  # fmt: skip


def level_definitions(source: Source) -> Records:
    """A row for each level of each scheme, best first, and one for those below the last."""
    for framework in source.setup.frameworks:
        for scheme in framework.levels:
            for scheme_id, (_, rules) in schemes(scheme).items():
                for position, level in enumerate((*rules, NO_LEVEL), start=1):
                    yield {
                        "framework": framework.id, "scheme": scheme_id, "level": level, "position": str(position),
                        **_label("label", _level(scheme, level)), "basis": scheme.basis or framework.spec.basis or "",
                    }  # fmt: skip


def observations(source: Source) -> Records:
    """A row for each answer; numbers once more as decimals."""
    for framework in source.setup.frameworks:
        private = source.private(framework)
        numeric = {name for name, each in framework.fields.items() if each.numeric}
        for row in _rows(source, framework, "observations"):
            value, hidden = row["value"], row["field_id"] in private
            number = _decimal(from_text(value)) if value and row["field_id"] in numeric else ""
            yield row | {"value": "" if hidden else value, "number": number, "withheld": BOOLEAN[hidden]}


def scores(source: Source) -> Records:
    """A row for each unit and node, with the exact fraction where there is one."""
    for framework in source.setup.frameworks:
        for row in _rows(source, framework, "scores"):
            numerator, _, denominator = row["exact"].partition("/")
            yield row | {"numerator": numerator, "denominator": denominator}


def comparisons(source: Source) -> Records:
    """A row for each printed result that was computed again."""
    for framework in source.setup.frameworks:
        for row in _rows(source, framework, "comparisons"):
            numbers = {name: row[name] for name in ("computed", "printed", "difference")}
            yield row | {name: _decimal(from_text(text)) if text else "" for name, text in numbers.items()}


def told(source: Source, name: str) -> Records:
    """Findings or corrections: what they are about is a field, or else a `subject`; hidden where the field is."""
    for framework in source.setup.frameworks:
        private = source.private(framework)
        for row in _rows(source, framework, name):
            about = row["field_id"]
            hidden = about in private
            if hidden:
                row |= dict.fromkeys({"expected", "value", "message", "reason"} & set(row), "")
            where = {"field_id": about, "subject": ""} if about in framework.fields else {"field_id": ""}
            if row["unit_id"] and source.setup.units.get(row["unit_id"]) is None:
                where |= {"unit_id": "", "subject": row["unit_id"]}
            yield {**row, "subject": about, **where, "withheld": BOOLEAN[hidden]}


def plain(source: Source, name: str) -> Records:
    """The rows of a table of a stage as they are."""
    for framework in source.setup.frameworks:
        yield from _rows(source, framework, name)


def _rows(source: Source, framework: Framework, name: str) -> Records:
    table = source.frame(framework, name)
    head = {"framework": framework.id, **source.synthetic}
    for row in table.itertuples(index=False, name=None):
        yield head | dict(zip(table.columns, map(str, row), strict=True))


def _level(scheme: Levels, level: str) -> Words:
    """What a level is called."""
    if level == NO_LEVEL:
        return scheme.otherwise or Words(vi=NO_LEVEL, en=NO_LEVEL)
    return scheme.labels.get(level) or Words(vi=level, en=level)


def _label(name: str, words: Words) -> Mapping[str, str]:
    return {f"{name}_vi": words.vi, f"{name}_en": words.en}


def _decimal(value: Fraction | None) -> str:
    return "" if value is None else decimal(Fraction(value))
