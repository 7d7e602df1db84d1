"""What keeps a draft from being published, all of it at once, each with what to do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from minhbach import publish_inputs, tables, versions, versions_history, wording
from minhbach.editions import Setup
from minhbach.errors import DataError
from minhbach.paths import Edition
from minhbach.versions import MANIFEST, Manifest

MOST: Final = 20  # files that are named of each kind
NEEDED: Final = ("report.pdf", "report.html", "facts.csv", "closed.csv")


def draft(edition: Edition, language: str) -> Manifest:
    """The manifest of the draft.

    Raises:
        DataError: there is no draft, or its manifest cannot be read.
    """
    path = edition.draft / MANIFEST
    if not path.is_file():
        raise DataError(wording.say("publish_no_draft", language, edition=edition.name))
    return versions.read(path, "numbers")


def refusals(setup: Setup, content: Manifest, language: str) -> list[str]:
    """Every reason why a draft cannot be published, in the order of the work."""
    found = [
        *_document(setup),
        *_erratum(setup, content),
        *_numbers(content),
        *_findings(setup),
        *_files("input", _inputs(setup.edition, content)),
        *_files("program", _program(content)),
        *_files("output", _outputs(setup.edition, content)),
    ]
    return [wording.say(key, language, edition=setup.edition.name, **details) for key, details in found]


def changed(edition: Edition, content: Manifest, language: str) -> None:
    """DataError where the last version is this very draft."""
    known = versions.of(edition)
    if known and versions.as_draft(known[-1].manifest) == content:
        said = {"edition": edition.name, "version": known[-1].name}
        raise DataError(wording.say("publish_unchanged", language, **said))


Reason = tuple[str, dict[str, object]]


def _document(setup: Setup) -> Iterator[Reason]:
    document, file = setup.assessment.document, setup.edition.assessment_file.as_posix()
    if not document.number:
        yield "publish_no_number", {"file": file}
    if document.draft:
        yield "publish_is_draft", {"file": file}


def _erratum(setup: Setup, content: Manifest) -> Iterator[Reason]:
    """A document that replaces a version by an erratum is that version's successor, and is published once."""
    line, known = setup.erratum, versions.of(setup.edition)
    if line is None or (known and versions.as_draft(known[-1].manifest) == content):
        return  # that nothing has changed is told by `changed`
    following, last = versions_history.following(setup.edition), known[-1].name if known else "–"
    if (line.version, line.replaces) != (following, last):
        said = {"version": line.version, "replaces": line.replaces, "following": following, "last": last}
        yield "errata_not_next", {"file": setup.edition.errata_file.as_posix(), **said}


def _numbers(content: Manifest) -> Iterator[Reason]:
    numbers = content["numbers"]
    if not numbers.get("checked"):
        yield "publish_unchecked", {}
    elif numbers.get("left", 1):
        yield "publish_left", {"count": numbers.get("left", "?")}


def _findings(setup: Setup) -> Iterator[Reason]:
    for framework in setup.frameworks:
        path = setup.edition.validated / framework.id / "findings.csv"
        if path.is_file():
            count = sum(row.severity == "error" for row in tables.rows(tables.read(path)))
            if count:
                yield "publish_findings", {"count": count, "file": path.as_posix()}


def _files(kind: str, changes: list[tuple[str, str]]) -> Iterator[Reason]:
    """A sentence for each way in which files of a kind are not as recorded."""
    for way in ("changed", "missing", "extra"):
        names = [name for name, what in changes if what == way]
        if names:
            more = [f"… (+{len(names) - MOST})"] if len(names) > MOST else []
            yield f"publish_{kind}_{way}", {"count": len(names), "files": ", ".join([*names[:MOST], *more])}


def _inputs(edition: Edition, content: Manifest) -> list[tuple[str, str]]:
    recorded = publish_inputs.recorded(content)
    received = {file.relative_to(edition.root).as_posix(): "" for file in edition.received()}
    return publish_inputs.changes(recorded, publish_inputs.present(edition.root, {**recorded, **received}))


def _program(content: Manifest) -> list[tuple[str, str]]:
    now = publish_inputs.program()
    return [each for part in now for each in publish_inputs.changes(_texts(content[part]), now[part])]


def _outputs(edition: Edition, content: Manifest) -> list[tuple[str, str]]:
    recorded = _texts(content["outputs"])
    made = [file for folder in (edition.draft, edition.validated) for file in folder.rglob("*") if file.is_file()]
    names = {file.relative_to(edition.root).as_posix(): "" for file in made if file != edition.draft / MANIFEST}
    now = publish_inputs.present(edition.root, {**recorded, **names})
    draft = edition.draft.relative_to(edition.root).as_posix()
    lacking = [(f"{draft}/{name}", "missing") for name in NEEDED if f"{draft}/{name}" not in recorded]
    return sorted({*publish_inputs.changes(recorded, now), *lacking})


def _texts(listed: Mapping[object, object]) -> dict[str, str]:
    return {str(name): str(digest) for name, digest in listed.items()}
