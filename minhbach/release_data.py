"""open-data/: the edition's tables as CSV with a datapackage.json that says what everything in them is."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from minhbach import release_csv, release_records, wording
from minhbach.editions import Setup
from minhbach.errors import FileError, Problem
from minhbach.levels import NO_LEVEL
from minhbach.model import Levels
from minhbach.paths import Edition
from minhbach.release_records import Record, Records, Source
from minhbach.release_schema import LANGUAGES, RESOURCES, Constraints, Resource, both, schema

FOLDER = "open-data"
PACKAGE = "datapackage.json"
ROWS: Mapping[str, Callable[[Source], Records]] = {
    **{
        each.__name__: each
        for each in (
            release_records.frameworks, release_records.units, release_records.files, release_records.nodes,
            release_records.fields, release_records.level_definitions, release_records.observations,
            release_records.scores, release_records.comparisons,
        )
    },
    **{name: partial(release_records.plain, name=name) for name in ("levels", "ranks")},
    **{name: partial(release_records.told, name=name) for name in ("findings", "corrections")},
}  # fmt: skip


def write(setup: Setup, output: Edition) -> None:
    """Writes the open data of an edition into the draft, from the tables of the stages.

    Raises:
        FileError: `release.texts` names a field that is not a text of any framework.
    """
    _check(setup)
    source, folder = Source(setup, output), output.draft / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    rows = {resource.name: _sorted(resource, ROWS[resource.name](source)) for resource in RESOURCES}
    more = _constraints(setup)
    described = [_resource(each, rows[each.name], more, folder, setup) for each in RESOURCES]
    package = _package(setup, rows["files"]) | {"resources": described}
    text = json.dumps(package, ensure_ascii=False, indent=2) + "\n"
    (folder / PACKAGE).write_text(text, encoding="utf-8", newline="\n")


def _check(setup: Setup) -> None:
    """Names in `release.texts` must be fields in free text."""
    release = setup.assessment.release
    texts = {name for each in setup.frameworks for name, field in each.fields.items() if field.type == "text"}
    unknown = [name for name in (release.texts if release else ()) if name not in texts]
    if unknown:
        known = ", ".join(sorted(texts)) or "none"
        problems = [
            Problem(1, "release.texts", f"{name!r} is no field of the type text; those are: {known}.")
            for name in unknown
        ]
        raise FileError(setup.edition.assessment_file.as_posix(), problems)


def _sorted(resource: Resource, records: Records) -> list[Record]:
    """The rows of a table by its key, each once."""
    unique = {tuple(record[name] for name in resource.key): record for record in records}
    return [unique[key] for key in sorted(unique)]


def _constraints(setup: Setup) -> Constraints:
    """What this edition's frameworks allow: the levels they have, and the points there can be."""
    every = [node for framework in setup.frameworks for node in framework.nodes.values()]
    levels = [level for framework in setup.frameworks for scheme in framework.levels for level in _levels(scheme)]
    points: dict[str, float] = {"minimum": 0} if all(node.max_points for node in every) else {}
    if all(node.max_points is not None for node in every):
        points["maximum"] = float(max(node.max_points for node in every if node.max_points is not None))
    known = {"enum": [*dict.fromkeys(levels), NO_LEVEL]} if levels else {}
    share = {"minimum": 0, "maximum": 1} if points.get("minimum") == 0 else {"maximum": 1}
    return {
        ("scores", "points"): points,
        ("scores", "share"): share,
        ("levels", "level"): known,
        ("levels", "by_totals"): known,
    }


def _levels(scheme: Levels) -> tuple[str, ...]:
    return tuple(scheme.conditions) or tuple(scheme.bands)


def _resource(
    resource: Resource, records: list[Record], more: Constraints, folder: Path, setup: Setup
) -> dict[str, Any]:
    """Writes a table's CSV and gives its entry in the package."""
    names = [column.name for column in resource.columns]
    texts = {column.name for column in resource.columns if column.type == "string"}
    rows = [[release_csv.guarded(each[name]) if name in texts else each[name] for name in names] for each in records]
    content = release_csv.content(names, rows)
    path = f"{resource.name}.csv"
    (folder / path).write_bytes(content)
    return {
        "name": resource.name,
        "title": _marked(both(f"data_{resource.name}"), setup),
        "description": both(f"data_{resource.name}_about", "\n"),
        "path": path,
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "doubleQuote": True, "header": True, "lineTerminator": "\n", "quoteChar": '"'},
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "schema": schema(resource, more),
    }


def _marked(title: str, setup: Setup) -> str:
    """A title that says when the data are made up, and when the run has not checked its numbers."""
    known = {"release_synthetic": setup.assessment.synthetic, "closed_mark": setup.unchecked}
    return " ".join([title, *(f"[{both(key)}]" for key, holds in known.items() if holds)])


def _package(setup: Setup, files: list[Record]) -> dict[str, Any]:
    """What the package says about itself, without its tables."""
    settings, document = setup.assessment, setup.assessment.document
    release = settings.release
    title = " / ".join(dict.fromkeys(settings.title.say(language) for language in LANGUAGES))
    contributors = [{"title": _both(document.issuer), "role": "publisher"}]
    if release and release.contact:
        contributors.append({"title": _both(release.contact), "role": "contact"})
    made: dict[str, Any] = {
        "profile": "tabular-data-package",
        "name": setup.edition.name,
        "title": _marked(title, setup),
        "description": "\n".join(_described(setup)),
        "version": f"{settings.year}-draft" if document.draft else str(settings.year),
        "created": f"{document.date}T00:00:00Z",
        "synthetic": settings.synthetic,
        "languages": list(LANGUAGES),
        "contributors": contributors,
        "sources": _sources(setup, files),
    }
    if release and release.licence:
        licence = {"name": release.licence.name, "path": release.licence.path}
        licence["title"] = _both(release.licence.title) if release.licence.title else None
        made["licenses"] = [{name: text for name, text in licence.items() if text}]
    return made


def _described(setup: Setup) -> list[str]:
    """The description: abstract, standing, how the files are written, what is left out; Vietnamese, then English."""
    settings, document = setup.assessment, setup.assessment.document
    lines = []
    for language in LANGUAGES:
        lines += [document.abstract.say(language), document.notice.say(language) if document.notice else ""]
        lines.append(wording.say("release_synthetic_about", language) if settings.synthetic else "")
        lines += [wording.say(f"data_{key}", language) for key in ("draft",) if document.draft]
        lines.append(wording.say("closed_mark", language) if setup.unchecked else "")
        lines += [wording.say(f"data_{key}", language) for key in ("exact", "guard", "withheld")]
        if not (settings.release and settings.release.licence):
            lines.append(wording.say("data_no_licence", language))
    return [line for line in lines if line]


def _sources(setup: Setup, files: list[Record]) -> list[dict[str, str]]:
    """Published sources and decisions by name, then every file that was read, with its hash."""
    published = [{"title": _both(each)} for each in setup.assessment.sources]
    documents = [
        {"title": ", ".join(filter(None, (each.document, each.date, each.issuer)))}
        for each in (framework.spec.source for framework in setup.frameworks)
    ]
    read = [{"title": each["file"], "hash": f"sha256:{each['sha256']}"} for each in files]
    return [*published, *{each["title"]: each for each in documents}.values(), *read]


def _both(words: Any) -> str:
    return " / ".join(dict.fromkeys((words.vi, words.en)))
