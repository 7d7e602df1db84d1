"""Which files a report carries inside its PDF, and in which words; free texts that may name people stay out."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from minhbach import formula, tables, wording
from minhbach.editions import Setup
from minhbach.framework import Framework
from minhbach.paths import Edition, framework_file

MANIFEST, FACTS, PLACES, MARKS = "manifest.json", "facts.csv", "places.csv", "marks.csv"
ASSESSMENT, UNITS, ERRATA = "assessment.yaml", "units.csv", "errata.csv"
SETTINGS = (ASSESSMENT, UNITS, ERRATA)
FRAMEWORKS, RAW = "frameworks", "raw"
SCORED = ("scores", "levels", "ranks", "comparisons", "changes", "comparable", "causes", "robustness")
VALIDATED = ("observations", "findings", "corrections", "confirmations", "receipts", "evidence", "files")
OPTIONAL = ("changes", "comparable", "causes", "robustness")  # only with an edition before, or in newer reports
DATA, SOURCE, SUPPLEMENT = "Data", "Source", "Supplement"
HASHED = "sha256:"
# What is kept back by its hash, beside the answers in free text: names of people, and what units wrote themselves.
PRIVATE: Mapping[str, tuple[str, ...]] = {"confirmations": ("by",), "evidence": ("title", "remark")}
ABOUT_FIELDS: Mapping[str, tuple[str, ...]] = {
    "observations": ("value", "raw_text"),
    "findings": ("value", "expected", "message", "answer"),
    "corrections": ("value", "expected", "reason"),
}
MEDIA_TYPES = {
    ".csv": "text/csv",
    ".json": "application/json",
    ".yaml": "application/yaml",
    ".md": "text/markdown",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".xls": "application/vnd.ms-excel",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".pdf": "application/pdf",
}


@dataclass(frozen=True)
class Attachment:
    """A file inside the PDF: path, relation to the document (PDF/A-3), and what it is, in the document's language."""

    name: str
    content: bytes
    relation: str
    about: str

    @property
    def file(self) -> str:
        """Its name inside the PDF, where a slash would keep programs from saving it: `~` stands for it."""
        return flat(self.name)

    @property
    def media_type(self) -> str:
        """Its media type, by its ending."""
        return MEDIA_TYPES.get(Path(self.name).suffix.lower(), "application/octet-stream")

    @property
    def sha256(self) -> str:
        """Its hash, in hex."""
        return hashlib.sha256(self.content).hexdigest()


def flat(name: str) -> str:
    """A path as the name of one file."""
    return name.replace("%", "%25").replace("~", "%7E").replace("/", "~")


def unflat(file: str) -> str:
    """The path that `flat` made a name of."""
    return file.replace("~", "/").replace("%7E", "~").replace("%25", "%")


def gather(setup: Setup, output: Edition, folder: Path, language: str) -> Iterator[Attachment]:
    """All attachments of the report in `folder` but the manifest and the marks, which are not made yet."""
    for name in (FACTS, PLACES):
        yield _table(name, (folder / name).read_bytes(), language)
    for framework in setup.frameworks:
        for name in (*SCORED, *VALIDATED):
            path = _place(output, framework, name, language)
            if name not in OPTIONAL or path.is_file():
                content = _kept(setup, framework, name, path)
                yield _table(f"{framework.id}/{name}.csv", content, language)
    edition = setup.edition
    files = sorted({file for framework in setup.frameworks for file in framework.files})
    settings = {f"{FRAMEWORKS}/{name}": framework_file(Path(name).stem, edition.root) for name in files}
    settings |= {name: edition.raw / name for name in SETTINGS if (edition.raw / name).is_file()}
    for name, path in settings.items():
        yield Attachment(name, path.read_bytes(), SOURCE, wording.say(_key(name), language))
    if setup.assessment.evidence.raw_files:
        yield from _raw(edition, set(settings.values()), language)


def _raw(edition: Edition, known: set[Path], language: str) -> Iterator[Attachment]:
    """The files as they were received."""
    for path in edition.received():
        if path not in known:
            name = path.relative_to(edition.raw).as_posix()
            yield Attachment(f"{RAW}/{name}", path.read_bytes(), SOURCE, wording.say("evidence_raw", language))


def _place(output: Edition, framework: Framework, name: str, language: str) -> Path:
    """Where the run wrote a table; findings are told in the language of the document."""
    if name in SCORED:
        return output.draft / framework.id / f"{name}.csv"
    spoken = output.validated / framework.id / f"{name}.{language}.csv"
    return spoken if spoken.is_file() else output.validated / framework.id / f"{name}.csv"


def _table(name: str, content: bytes, language: str) -> Attachment:
    about = wording.say(_key(name), language)
    if content.count(b"\n") <= 1:
        about += wording.say("evidence_none", language)
    return Attachment(name, content, DATA, about)


def _key(name: str) -> str:
    """The key of what an attachment is."""
    return "evidence_framework" if name.startswith(f"{FRAMEWORKS}/") else f"evidence_{Path(name).stem}"


# What stays out --------------------------------------------------------------------------------------------


def private(setup: Setup, framework: Framework) -> frozenset[str]:
    """Answers in free text that the edition does not publish and no formula reads."""
    release = setup.assessment.release
    texts = {name for name, field in framework.fields.items() if field.type == "text"}
    trees = (*framework.formulas.values(), *framework.conditions.values())
    return frozenset(texts.difference(release.texts if release else (), *(formula.names(tree) for tree in trees)))


def _kept(setup: Setup, framework: Framework, name: str, path: Path) -> bytes:
    """A table of the run with hashes in place of what the edition does not publish."""
    content = path.read_bytes()
    columns, about = PRIVATE.get(name, ()), ABOUT_FIELDS.get(name, ())
    if setup.assessment.evidence.raw_files or not (columns or about):
        return content
    table = tables.read(path)
    own = table["field_id"].isin(private(setup, framework)) if about else pd.Series(data=False, index=table.index)
    for column in about:
        table.loc[own, column] = table.loc[own, column].map(hashed)
    for column in columns:
        table[column] = table[column].map(hashed)
    if not (own.any() or columns):
        return content
    written = io.StringIO()
    table.to_csv(written, index=False, lineterminator="\n")
    return written.getvalue().encode("utf-8")


def hashed(text: str) -> str:
    """A text by its hash; a blank stays blank, so that what is counted stays the same."""
    return f"{HASHED}{hashlib.sha256(text.encode('utf-8')).hexdigest()}" if text else ""
