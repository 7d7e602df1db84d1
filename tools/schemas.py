"""Writes docs/framework.schema.json and docs/assessment.schema.json, with which editors complete and check YAML.

Run `python -m tools.schemas` in the project's folder after a change in minhbach/model.py or minhbach/assessment.py.
"""

from __future__ import annotations

import json
import re
from fractions import Fraction
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema

from minhbach.assessment import Assessment
from minhbach.model import FrameworkFile

DIALECT = "https://json-schema.org/draft/2020-12/schema"
FOLDER = Path(__file__).resolve().parent.parent / "docs"
ADAPTED = "extends"
RATIONAL = re.compile(r"-?[0-9]+(/[1-9][0-9]*)?")


class Plain(GenerateJsonSchema):
    """Without a title for every key, which would only repeat the key."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002
        """Never."""
        return False


def schemas() -> dict[str, str]:
    """The content of each schema file by its name."""
    framework = _schema(FrameworkFile)
    return {
        "assessment.schema.json": _text(_schema(Assessment)),
        "framework.schema.json": _text(_adaptable(framework)),
    }


def _schema(kind: type[BaseModel]) -> dict[str, Any]:
    schema = kind.model_json_schema(schema_generator=Plain)
    _exact_defaults(schema)
    return {"$schema": DIALECT, **schema}


def _exact_defaults(part: Any) -> None:
    """Defaults that are rationals come out as texts; a schema says numbers."""
    for inner in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        _exact_defaults(inner)
    if isinstance(part, dict) and isinstance(default := part.get("default"), dict):
        part["default"] = {name: _number(value) for name, value in default.items()}
    elif isinstance(part, dict) and part.get("type") == "number":
        part |= {"default": _number(part["default"])} if "default" in part else {}


def _number(value: Any) -> Any:
    """A rational as a number; any other default as it is."""
    if not isinstance(value, str) or not RATIONAL.fullmatch(value):
        return value
    known = Fraction(value)
    return known.numerator if known.denominator == 1 else float(known)


def _adaptable(schema: dict[str, Any]) -> dict[str, Any]:
    """A framework that extends another says only what differs, and may drop a key with an empty value."""
    whole = {key: schema.pop(key) for key in ("additionalProperties", "properties", "required", "type")}
    partial = {
        "additionalProperties": False,
        "properties": {name: {} for name in whole["properties"]} | {"id": whole["properties"]["id"]},
        "required": ["id", ADAPTED],
        "type": "object",
    }
    return {**schema, "if": {"required": [ADAPTED], "type": "object"}, "then": partial, "else": whole}


def _text(schema: dict[str, Any]) -> str:
    return json.dumps(schema, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def main() -> None:
    """Writes both files."""
    for name, text in schemas().items():
        (FOLDER / name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
