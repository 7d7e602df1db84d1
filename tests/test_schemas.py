"""The schemas in docs/: in step with the classes, and right about the files that are shipped."""

import copy
import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from minhbach import units, yamlfile
from tools import schemas

REPOSITORY = Path(__file__).resolve().parent.parent
FRAMEWORKS = sorted(REPOSITORY.glob("frameworks/*.yaml"))
ASSESSMENTS = sorted(REPOSITORY.glob("data/raw/*/assessment.yaml"))


def schema(name: str) -> Any:
    """A schema as it stands in docs/."""
    return json.loads((REPOSITORY / "docs" / name).read_text(encoding="utf-8"))


def content(file: Path) -> Any:
    """A YAML file as other readers of YAML see it: decimals are floats."""
    return floats(yamlfile.load(file).content)


def floats(value: Any) -> Any:
    """The same with floats for decimals."""
    if isinstance(value, dict):
        return {key: floats(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [floats(inner) for inner in value]
    return float(value) if isinstance(value, Decimal) else value


def mistakes(name: str, given: Any) -> list[str]:
    """Where a schema refuses a content, as `place: message`."""
    errors = Draft202012Validator(schema(name)).iter_errors(given)
    return sorted(f"{'.'.join(map(str, error.absolute_path))}: {error.message}" for error in errors)


@pytest.mark.parametrize("name", ["assessment.schema.json", "framework.schema.json"])
def test_schemas_are_in_step(name: str) -> None:
    """Each schema file is what the classes of today give; `python -m tools.schemas` writes both again."""
    stored = (REPOSITORY / "docs" / name).read_bytes().decode("utf-8")

    assert stored == schemas.schemas()[name]
    assert stored.endswith("}\n")


@pytest.mark.parametrize("name", ["assessment.schema.json", "framework.schema.json"])
def test_schemas_are_schemas(name: str) -> None:
    """Each schema names draft 2020-12 and obeys it."""
    stored = schema(name)

    assert stored["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    Draft202012Validator.check_schema(stored)


@pytest.mark.parametrize("file", FRAMEWORKS, ids=lambda file: file.stem)
def test_shipped_frameworks_fit(file: Path) -> None:
    """The schema accepts every framework that is shipped."""
    assert mistakes("framework.schema.json", content(file)) == []


@pytest.mark.parametrize("file", ASSESSMENTS, ids=lambda file: file.parent.name)
def test_shipped_assessments_fit(file: Path) -> None:
    """The schema accepts the settings of every edition that is shipped."""
    assert mistakes("assessment.schema.json", content(file)) == []


def test_framework_mistakes_are_seen() -> None:
    """A misspelt key, a missing title and a wrong type of field are refused, each at its place."""
    broken = content(REPOSITORY / "frameworks" / "ict-index-2019-bo.yaml")
    del broken["title"]
    broken["nodes"]["total"]["max_point"] = 1
    broken["fields"]["hang"]["type"] = "integer"

    found = mistakes("framework.schema.json", broken)

    assert [each.split(":")[0] for each in found] == ["", "fields.hang.type", "nodes.total"]
    assert "'title' is a required property" in found[0]
    assert "'max_point' was unexpected" in found[2]


def test_an_adaptation_says_only_what_differs() -> None:
    """A framework that extends another needs no title and may drop a criterion, but has no unknown key."""
    adapted = {"id": "a", "extends": "b", "nodes": {"HT1": None, "HT": {"max_points": 16}}}

    assert mistakes("framework.schema.json", adapted) == []
    assert len(mistakes("framework.schema.json", {**adapted, "node": {}})) == 1


def test_assessment_mistakes_are_seen() -> None:
    """A misspelt key of the document and a header row 0 are refused."""
    good = content(REPOSITORY / "data" / "raw" / "2019-bo" / "assessment.yaml")
    broken = copy.deepcopy(good)
    broken["document"]["isuer"] = broken["document"].pop("issuer")
    broken["frameworks"][0]["table"]["header_row"] = 0

    found = mistakes("assessment.schema.json", broken)

    assert [each.split(":")[0] for each in found] == ["document", "document", "frameworks.0.table"]


def test_the_guide_names_every_key() -> None:
    """docs/editions.md names every key that assessment.yaml and units.csv may have."""
    guide = (REPOSITORY / "docs" / "editions.md").read_text(encoding="utf-8")
    stored = schema("assessment.schema.json")
    keys = {key for part in (stored, *stored["$defs"].values()) for key in part["properties"]}

    named = {word for code in re.findall(r"`([^`\n]+)`", guide) for word in re.findall(r"\w+", code)}

    assert keys - named == set()
    assert {"issuer_parent", "header_row", "letter_date", "vi"} <= keys
    assert {*units.REQUIRED, *units.OPTIONAL} <= named
