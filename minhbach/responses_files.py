"""Which files of a folder are returned forms, and which form counts where a unit sent several.

Not looked at: hidden files, locks of open programs (~$…), folders' own files (Thumbs.db, desktop.ini) and *.md.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from minhbach import findings as found
from minhbach.findings import Finding

WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".ods")
UNREADABLE = (".xlsb", ".xltx", ".xltm", ".xlt", ".ots", ".fods", ".csv", ".tsv", ".numbers", ".et", ".gnumeric")
IGNORED_NAMES = ("thumbs.db", "desktop.ini")
IGNORED_STARTS = (".", "~$")
IGNORED_ENDS = (".md",)


@dataclass(frozen=True)
class Form:
    """One workbook; `reader` is empty if it could not be read, and `unit_id` is then that of its name."""

    file: str
    sha256: str
    size: int
    findings: tuple[Finding, ...]
    unit_id: str = ""
    reader: str = ""
    fingerprint: str = ""
    observations: tuple[tuple[str, ...], ...] = ()
    evidence: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Listing:
    """The workbooks of a folder, sorted, and what is said about the other files."""

    workbooks: tuple[str, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class Choice:
    """The forms that count, the files that do not by decision, and the findings of choosing."""

    kept: tuple[Form, ...]
    dropped: frozenset[str]
    findings: tuple[Finding, ...]


def find(folder: Path, responses: str, language: str) -> Listing:
    """The files below `responses`, named from the edition's `folder` on."""
    home = folder / responses
    name = PurePosixPath(responses.replace("\\", "/")).as_posix()
    if not home.is_dir():
        missing = found.make("responses_missing", language, severity="error", file=name)
        return Listing((), (missing,))
    files = sorted(path.relative_to(folder).as_posix() for path in home.rglob("*") if not path.is_dir())
    looked_at = [file for file in files if not _ignored(PurePosixPath(file).relative_to(name))]
    workbooks = tuple(file for file in looked_at if _suffix(file) in WORKBOOKS and _plain(file))
    others = [_other(file, language) for file in looked_at if file not in workbooks]
    return Listing(workbooks, tuple(others))


def identity(folder: Path, file: str) -> tuple[str, int]:
    """SHA-256 and size of a file that could not be read; nothing of one that lies outside the folder."""
    path = folder / file
    try:
        if not path.resolve().is_relative_to(folder.resolve()):
            return "", 0
        with path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        return digest, path.stat().st_size
    except (OSError, RuntimeError):  # a broken link, or links in a circle
        return "", 0


def choose(forms: Sequence[Form], counted: Mapping[str, str], language: str) -> Choice:
    """One form per unit: the only one that could be read, or the one that a decision names."""
    by_unit: dict[str, list[Form]] = {}
    for form in forms:
        if form.reader:
            by_unit.setdefault(form.unit_id, []).append(form)
    kept: list[Form] = []
    dropped: list[str] = []
    said = [_unmet(unit_id, file, (), language) for unit_id, file in counted.items() if unit_id not in by_unit]
    for unit_id, sent in sorted(by_unit.items()):
        wanted = counted.get(unit_id)
        named = [form for form in sent if form.file == wanted]
        if wanted is not None and not named:
            said.append(_unmet(unit_id, wanted, sent, language))
        elif named or len(sent) == 1:
            kept += named or sent
            others = [form.file for form in sent if named and form.file != wanted]
            dropped += others
            said += [_not_counted(unit_id, file, wanted or "", language) for file in others]
        else:
            said.append(_several(unit_id, sent, language))
    return Choice(tuple(kept), frozenset(dropped), tuple(said))


def _ignored(inner: PurePosixPath) -> bool:
    name = inner.name.lower()
    hidden = any(part.startswith(IGNORED_STARTS) for part in inner.parts)
    return hidden or name in IGNORED_NAMES or name.endswith(IGNORED_ENDS)


def _suffix(file: str) -> str:
    return PurePosixPath(file).suffix.lower()


def _plain(file: str) -> bool:
    """Whether the name is text; a disk from elsewhere may hold names that are not."""
    return file == file.encode(errors="replace").decode()


def _other(file: str, language: str) -> Finding:
    suffix = _suffix(file)
    if not _plain(file):
        return found.make("file_name_broken", language, severity="error", file=found.visible(file))
    rule, severity = ("form_of_other_type", "error") if suffix in UNREADABLE else ("not_a_workbook", "note")
    known = " ".join(WORKBOOKS)
    return found.make(rule, language, severity=severity, file=file, value=suffix, known=known)


def _unmet(unit_id: str, file: str, sent: Sequence[Form], language: str) -> Finding:
    files = ", ".join(_names(sent)) or "–"
    return found.make("decision_unmet", language, severity="error", unit_id=unit_id, file=file, value=file, files=files)


def _not_counted(unit_id: str, file: str, wanted: str, language: str) -> Finding:
    return found.make("form_not_counted", language, severity="note", unit_id=unit_id, file=file, value=wanted)


def _several(unit_id: str, sent: Sequence[Form], language: str) -> Finding:
    files = list(_names(sent))
    said = {"value": ", ".join(files), "number": str(len(files))}
    return found.make("several_forms", language, severity="error", unit_id=unit_id, file=files[0], **said)


def _names(sent: Sequence[Form]) -> Iterator[str]:
    return (form.file for form in sorted(sent, key=lambda form: form.file))
