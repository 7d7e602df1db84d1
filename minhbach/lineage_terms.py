"""Words that the parts of the crate share."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

Entity = dict[str, Any]
LICENCE = "https://spdx.org/licenses/Apache-2.0"
PYTHON = "#python"


def ref(identifier: str) -> dict[str, str]:
    """A reference to an entity."""
    return {"@id": identifier}


def refs(identifiers: Iterable[str]) -> list[dict[str, str]]:
    """References to entities, each once, in order."""
    return [ref(each) for each in dict.fromkeys(identifiers)]


def software_id(name: str) -> str:
    """The identifier of a program or package."""
    return f"#software/{name}"
