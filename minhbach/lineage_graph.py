"""A PROV document in the making: entities, activities, agents and the relations between them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

PREFIXES = {
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "dct": "http://purl.org/dc/terms/",
    "schema": "http://schema.org/",
    "wfrun": "https://w3id.org/ro/terms/workflow-run#",
}
OWN = ("agent", "correction", "facts", "file", "rows", "step", "tool")
TERMS = {"term": "urn:x-minhbach:term:"}  # what no vocabulary has: reason, authority, expected, facts


def typed(value: str, kind: str = "prov:QUALIFIED_NAME") -> dict[str, str]:
    """A value with its type; by itself a name that stands for something else."""
    return {"$": value, "type": kind}


class Graph:
    """Collects a document; a relation is written once, however often it is told."""

    def __init__(self, edition: str) -> None:
        self._prefixes = PREFIXES | TERMS | {name: f"urn:x-minhbach:{edition}:{name}:" for name in OWN}
        self._things: dict[str, dict[str, Mapping[str, Any]]] = {"entity": {}, "activity": {}, "agent": {}}
        self._links: dict[str, dict[tuple[tuple[str, str], ...], None]] = {}

    def entity(self, identifier: str, **about: Any) -> None:
        """A thing: a file, or rows of a table; what is told again adds to what is known."""
        self._thing("entity", identifier, about)

    def activity(self, identifier: str, **about: Any) -> None:
        """Something that was done."""
        self._thing("activity", identifier, about)

    def agent(self, identifier: str, **about: Any) -> None:
        """Someone or something that did it."""
        self._thing("agent", identifier, about)

    def link(self, relation: str, **ends: str) -> None:
        """A relation of PROV, by the names of its ends without the prefix `prov:`."""
        self._links.setdefault(relation, {})[tuple(sorted(ends.items()))] = None

    def known(self, identifier: str) -> bool:
        """Whether an entity of this name is there."""
        return identifier in self._things["entity"]

    def content(self) -> dict[str, Any]:
        """The document as PROV-JSON has it."""
        relations = {
            relation: {
                f"_:{relation}{number}": {f"prov:{name}": value for name, value in ends}
                for number, ends in enumerate(sorted(links), start=1)
            }
            for relation, links in self._links.items()
        }
        return {"prefix": self._prefixes, **self._things, **relations}

    def _thing(self, kind: str, identifier: str, about: Mapping[str, Any]) -> None:
        self._things[kind][identifier] = {**self._things[kind].get(identifier, {}), **about}
