"""The facts in prov.json: from which rows each comes, and which document prints it.

The facts of a subject (a unit, the whole, the method) are one entity, so that the file grows with the number of units.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from minhbach import facts, tables
from minhbach.facts import Fact
from minhbach.framework import Framework
from minhbach.lineage_files import identifier
from minhbach.lineage_graph import Graph
from minhbach.lineage_rows import COLLECTION, RESULTS, method_files
from minhbach.lineage_run import Told
from minhbach.paths import Edition

BY_KIND = {"answer": ("observations",), "points": ("scores",), "share": ("scores",), "level": ("levels",),
           "rank": ("ranks",), "comparison": ("comparisons",)}  # fmt: skip
WORD = re.compile(r"[a-z_]+")
FRAMEWORK = re.compile(r"\bframework\s*=\s*'([^']*)'")
FIXED = {"finding": "findings", "receipt": "receipts", "confirmation": "confirmations", "correction": "corrections"}


def add(told: Told, output: Edition, graph: Graph, language: str) -> None:
    """The facts of a language by subject; its documents derive from those that they print."""
    folder = output.language_folder(language, told.languages[0])
    part = "" if folder == output.draft else f"{language}/"
    if not (folder / "facts.csv").is_file():
        return
    counts: dict[str, int] = {}
    for fact in facts.read(tables.read(folder / "facts.csv")):
        own = f"facts:{part}{identifier(fact_subject(fact))}"
        counts[own] = counts.get(own, 0) + 1
        graph.entity(own, **{"prov:type": COLLECTION, "term:facts": counts[own]})
        graph.entity(f"file:{part}facts.csv", **{"prov:type": COLLECTION})
        graph.link("hadMember", collection=f"file:{part}facts.csv", entity=own)
        for source in _sources(told, fact):
            if graph.known(source):
                graph.link("wasDerivedFrom", generatedEntity=own, usedEntity=source)
    for document, subject in _printed(folder / "places.csv"):
        printed = f"file:{part}{identifier(document)}"
        if graph.known(printed):
            source = f"facts:{part}{identifier(subject)}"
            graph.link("wasDerivedFrom", generatedEntity=printed, usedEntity=source)


def _printed(path: Path) -> list[tuple[str, str]]:
    """Which document prints facts of which subject."""
    if not path.is_file():
        return []
    table = tables.read(path)
    pairs = zip(table["document"], table["fact_id"], strict=True)
    return sorted({(document, fact_id.partition("/")[0]) for document, fact_id in pairs})


def fact_subject(fact: Fact) -> str:
    """What a fact is about: the first part of its id."""
    return fact.fact_id.partition("/")[0]


def _sources(told: Told, fact: Fact) -> Iterator[str]:
    """Where a fact comes from, by its kind: rows of its unit, tables that its query names, framework or settings."""
    raw = f"file:data/raw/{told.setup.edition.name}"
    if fact.kind == "setting":
        yield f"{raw}/assessment.yaml"
    if fact.kind == "query" and "units" in WORD.findall(fact.source):
        yield f"{raw}/units.csv"
    for framework in told.setup.frameworks:
        if fact.source.startswith("changes.csv"):
            yield f"file:{framework.id}/changes.csv"
        elif fact.kind in FIXED:
            yield f"file:data/validated/{told.setup.edition.name}/{framework.id}/{FIXED[fact.kind]}.csv"
        elif fact.kind == "query":
            yield from _queried(told, fact.source, framework)
        elif fact.kind == "framework" and f"frameworks/{framework.id}.yaml" in fact.source:
            yield from method_files(framework)
        elif fact.kind not in ("setting", "framework"):
            tables_of = BY_KIND.get(fact.kind, ("observations", *RESULTS))
            yield from (f"rows:{identifier(f'{framework.id}/{each}/{fact_subject(fact)}')}" for each in tables_of)


def _queried(told: Told, sql: str, framework: Framework) -> Iterator[str]:
    """The tables of a framework that stand in a query; two of them are made of others when they are asked for."""
    words, named = set(WORD.findall(sql)), FRAMEWORK.findall(sql)
    if named and framework.id not in named:
        return
    if "nodes" in words:
        yield from method_files(framework)
    for word in sorted(words | ({"levels"} if "blocking" in words else set())):
        yield f"file:data/validated/{told.setup.edition.name}/{framework.id}/{word}.csv"
        yield f"file:{framework.id}/{word}.csv"
