"""What the tables of the open data are: columns with types and constraints, keys, and references between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, get_args

from minhbach import wording
from minhbach.model import Basis, FieldType, Severity
from minhbach.release_csv import guarded

LANGUAGES = ("vi", "en")
Constraints = Mapping[tuple[str, str], Mapping[str, Any]]


@dataclass(frozen=True)
class Column:
    """A column: `required` cells are never empty; only texts are guarded against being read as formulas."""

    name: str
    type: str = "string"
    required: bool = False
    constraints: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Resource:
    """A table: its key, and which columns refer to which table's."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    references: tuple[tuple[tuple[str, ...], str, tuple[str, ...]], ...] = ()


def _columns(text: str, **more: Mapping[str, Any]) -> tuple[Column, ...]:
    """Columns from `name[:type][!]`, `!` meaning required, with further constraints by name."""
    parts = [(*part.removesuffix("!").partition(":"), part.endswith("!")) for part in text.split()]
    return tuple(Column(name, kind or "string", must, more.get(name, {})) for name, _, kind, must in parts)


FRAMEWORK = (("framework",), "frameworks", ("framework",))
UNIT = (("unit_id",), "units", ("unit_id",))
NODE = (("framework", "node_id"), "nodes", ("framework", "node_id"))
FIELD = (("framework", "field_id"), "fields", ("framework", "field_id"))
FILE = (("file",), "files", ("file",))
SCHEME = (("framework", "scheme"), "level_definitions", ("framework", "scheme"))
LOOSE = (FRAMEWORK, UNIT, (("field_id",), "fields", ("field_id",)))
POSITIVE = {"minimum": 1}
HASH = {"pattern": "[0-9a-f]{64}"}
BASES = {"enum": list(get_args(Basis))}
RESOURCES = (
    Resource(
        "frameworks",
        _columns(
            "framework! revision:integer! title_vi! title_en! document! date issuer unit_kind! basis"
            " synthetic:boolean!",
            revision=POSITIVE, basis=BASES, framework={"unique": True},
        ),
        ("framework",),
    ),
    Resource(
        "units",
        _columns("unit_id! name! name_en unit_kind! parent_id ranked:boolean!", unit_id={"unique": True}),
        ("unit_id",),
        ((("parent_id",), "", ("unit_id",)),),
    ),
    Resource("files", _columns("file! sha256! bytes:integer", sha256=HASH, bytes={"minimum": 0}), ("file",)),
    Resource(
        "nodes",
        _columns(
            "framework! node_id! position:integer! parent_id number label_vi! label_en! max_points:number formula"
            " information:boolean! basis",
            position=POSITIVE, max_points={"minimum": 0}, basis=BASES,
        ),
        ("framework", "node_id"),
        (FRAMEWORK,),
    ),
    Resource(
        "fields",
        _columns(
            "framework! field_id! position:integer! section label_vi! label_en! type! unit_vi unit_en required:boolean!"
            " minimum:number maximum:number out_of:number options published:boolean! basis",
            position=POSITIVE, type={"enum": list(get_args(FieldType))}, basis=BASES,
        ),
        ("framework", "field_id"),
        (FRAMEWORK,),
    ),
    Resource(
        "level_definitions",
        _columns(
            "framework! scheme! level! position:integer! label_vi! label_en! basis", position=POSITIVE, basis=BASES
        ),
        ("framework", "scheme", "level"),
        (FRAMEWORK,),
    ),
    Resource(
        "observations",
        _columns(
            "framework! unit_id! field_id! value number:number status! withheld:boolean! file sheet cell correction_id"
            " synthetic:boolean!",
            status={"enum": ["as_received", "corrected", "blank", "unconfirmed", "derived"]},
        ),
        ("framework", "unit_id", "field_id"),
        (UNIT, FIELD, FILE),
    ),
    Resource(
        "scores",
        _columns(
            "framework! unit_id! node_id! points:number max_points:number share:number numerator:integer"
            " denominator:integer synthetic:boolean!",
            max_points={"minimum": 0}, share={"maximum": 1}, denominator=POSITIVE,
        ),
        ("framework", "unit_id", "node_id"),
        (UNIT, NODE),
    ),
    Resource(
        "levels",
        _columns("framework! unit_id! scheme! level met blocking by_totals synthetic:boolean!"),
        ("framework", "unit_id", "scheme"),
        (UNIT, SCHEME),
    ),
    Resource(
        "ranks",
        _columns("framework! unit_id! ranking! rank:integer tied_with group! synthetic:boolean!", rank=POSITIVE),
        ("framework", "unit_id", "ranking"),
        (FRAMEWORK, UNIT),
    ),
    Resource(
        "comparisons",
        _columns(
            "framework! unit_id! comparison! computed:number printed:number difference:number agrees synthetic:boolean!"
        ),
        ("framework", "unit_id", "comparison"),
        (FRAMEWORK, UNIT),
    ),
    Resource(
        "findings",
        _columns(
            "framework! finding_id! severity! rule! unit_id field_id subject file sheet cell expected message"
            " withheld:boolean! synthetic:boolean!",
            severity={"enum": list(get_args(Severity))},
        ),
        ("framework", "finding_id"),
        LOOSE,
    ),
    Resource(
        "corrections",
        _columns(
            "framework! correction_id! unit_id! field_id subject expected value reason authority date round:integer"
            " finding_id withheld:boolean! synthetic:boolean!",
            round={"enum": [1, 2]},
        ),
        ("framework", "correction_id"),
        LOOSE,
    ),
)  # fmt: skip


def schema(resource: Resource, more: Constraints) -> dict[str, Any]:
    """The Table Schema of a table, with the constraints that depend on the edition."""
    made: dict[str, Any] = {
        "fields": [_field(column, more.get((resource.name, column.name), {})) for column in resource.columns],
        "missingValues": [""],
        "primaryKey": list(resource.key),
    }
    if resource.references:
        made["foreignKeys"] = [
            {"fields": list(own), "reference": {"resource": other, "fields": list(theirs)}}
            for own, other, theirs in resource.references
        ]
    return made


def _field(column: Column, more: Mapping[str, Any]) -> dict[str, Any]:
    constraints = ({"required": True} if column.required else {}) | dict(column.constraints) | dict(more)
    if column.type == "string" and "enum" in constraints:
        constraints["enum"] = [guarded(each) for each in constraints["enum"]]
    made = {"name": column.name, "type": column.type, "title": both(f"data_col_{column.name}")}
    if f"data_col_{column.name}_about" in wording.sentences("vi"):
        made["description"] = both(f"data_col_{column.name}_about", "\n")
    return made | ({"constraints": constraints} if constraints else {})


def both(key: str, between: str = " / ", **details: object) -> str:
    """A sentence in Vietnamese and in English."""
    return between.join(wording.say(key, language, **details) for language in LANGUAGES)
