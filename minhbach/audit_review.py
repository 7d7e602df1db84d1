"""A tick list that came back from a reviewer: read as what anybody may have written, and told to the department."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from minhbach import tables, trace_print
from minhbach.audit_evidence import identity
from minhbach.errors import DataError, UsageError
from minhbach.findings import visible
from minhbach.trace_chain import Chain
from minhbach.trace_evidence import Evidence
from minhbach.trace_places import cut
from minhbach.wording import say

MOST_BYTES, LONGEST = 20_000_000, 2000
KIND, FORMAT = "minhbach-review", 1
STATES = ("checked", "questioned")
FIELDS = ("fact", "shown", "page", "status", "note", "reviewer", "time")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")


@dataclass(frozen=True)
class Mark:
    """What a reviewer said of one number."""

    fact: str
    shown: str
    page: str
    status: str
    note: str
    reviewer: str
    time: str


def read(evidence: Evidence, path: Path) -> list[Mark]:
    """The marks of a tick list of this build.

    Raises:
        UsageError: the file is no tick list, or is one of another edition or build.
        DataError: with every entry that is not as it should be.
    """
    language, file = evidence.language, path.name
    content = _content(path, language)
    edition = evidence.edition.name
    if content["edition"] != edition:
        theirs = visible(str(content["edition"]))[:80]
        raise UsageError(say("audit_review_edition", language, file=file, theirs=theirs, ours=edition))
    if content["build"] != identity(edition, evidence.manifest, tables.sha256(evidence.folder / "facts.csv")):
        raise UsageError(say("audit_review_build", language, file=file, edition=edition))
    marks, faults = [], []
    for number, item in enumerate(content["items"], start=1):
        reason = _fault(evidence, item)
        if reason:
            faults.append(say("audit_review_item", language, file=file, number=number, reason=reason))
        else:
            marks.append(Mark(**{name: item[name] for name in FIELDS}))
    if faults:
        raise DataError("\n".join(faults))
    return marks


def told(evidence: Evidence, marks: list[Mark]) -> Iterator[str]:
    """How many numbers each reviewer checked and questioned, then each questioned number with its note and chain."""
    language, chain = evidence.language, Chain(evidence)
    nobody = say("audit_review_nobody", language)
    for reviewer in sorted({each.reviewer for each in marks}):
        states = [each.status for each in marks if each.reviewer == reviewer]
        sums = {status: states.count(status) for status in STATES}
        yield say("audit_review_sums", language, reviewer=_line(reviewer) or nobody, **sums)
    questioned = sorted((each for each in marks if each.status == "questioned"), key=lambda each: each.fact)
    for place, each in enumerate(questioned, start=1):
        said = {"place": place, "shown": cut(each.shown), "fact": each.fact, "time": each.time[:10]}
        said |= {"reviewer": _line(each.reviewer) or nobody}
        said |= {"note": _line(each.note) or say("audit_review_no_note", language)}
        yield "\n" + say("audit_review_question", language, **said)
        yield trace_print.chain(evidence, chain.printed(each.fact), None)


def _line(text: str) -> str:
    """A foreign text on one line, with nothing in it that a terminal would obey."""
    return " ".join(visible(part) for part in text.split())


def _content(path: Path, language: str) -> dict[str, Any]:
    try:
        if path.is_file() and path.stat().st_size > MOST_BYTES:
            raise ValueError(f"> {MOST_BYTES} bytes")
        content = json.loads(_text(path, language))
        if not isinstance(content, dict) or (content.get("kind"), content.get("format")) != (KIND, FORMAT):
            raise ValueError(f"kind, format: {KIND}, {FORMAT}")
        if not isinstance(content.get("items"), list) or not {"edition", "build"} <= set(content):
            raise ValueError("edition, build, items")
    except (OSError, ValueError, RecursionError) as error:
        reason = getattr(error, "strerror", "") or str(error)
        raise UsageError(say("audit_review_unreadable", language, file=path.name, reason=visible(reason))) from None
    return content


def _text(path: Path, language: str) -> str:
    """The text of a file.

    Raises:
        UsageError: it is not there, is a folder, or has another encoding.
    """
    if path.is_dir():
        raise UsageError(say("review_folder", language, file=path.as_posix()))
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise UsageError(say("review_absent", language, file=path.as_posix())) from None
    except UnicodeDecodeError:
        raise UsageError(say("review_encoding", language, file=path.as_posix())) from None


def _fault(evidence: Evidence, item: object) -> str:
    """What is wrong with an entry; an empty text if nothing is."""
    language = evidence.language
    if not isinstance(item, dict) or not all(isinstance(item.get(name), str) for name in FIELDS):
        return say("audit_review_fields", language)
    if item["status"] not in STATES or len(item["note"]) > LONGEST or not TIME.fullmatch(item["time"]):
        return say("audit_review_fields", language)
    known = evidence.facts.get(item["fact"])
    if known is None:
        return say("audit_review_unknown", language, fact=_line(item["fact"][:80]))
    if known["shown"] != item["shown"]:
        now, shown = cut(known["shown"]), _line(cut(item["shown"]))
        return say("audit_review_shown", language, fact=item["fact"], now=now, shown=shown)
    return ""
