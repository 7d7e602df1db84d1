"""The columns that commands look for in the tables of a build, and what to do about a table that is damaged."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from minhbach import wording
from minhbach.errors import DataError

NEEDED: Final[Mapping[str, tuple[str, ...]]] = {
    name: tuple(columns.split())
    for name, columns in {
        "facts": "fact_id value shown kind source",
        "places": "document fact_id page x y",
        "scores": "unit_id node_id points max_points share exact",
        "levels": "unit_id scheme level met blocking",
        "ranks": "unit_id ranking rank tied_with group",
        "comparisons": "unit_id comparison computed printed difference",
        "robustness": "unit_id kind outcome now result best low high worst",
        "observations": "unit_id field_id value raw_text status file sha256 sheet cell correction_id",
        "corrections": "correction_id unit_id field_id expected value reason authority by date round",
        "confirmations": "unit_id round state sha256 now by date",
        "findings": "finding_id severity rule unit_id field_id file sheet cell message answer",
        "evidence": "unit_id field_id file sheet cell",
        "receipts": "unit_id received state days_late",
        "changes": "unit_id what kind before now change",
    }.items()
}
VERSION: Final = re.compile(r"(v[1-9][0-9]*)(\.erratum)?")


def needed(path: Path) -> tuple[str, ...]:
    """The columns that a table of a build must have, by its name; `findings.en.csv` is the findings too."""
    return NEEDED.get(path.name.partition(".")[0], ())


def check(path: Path, columns: Iterable[str], wanted: Iterable[str], language: str) -> None:
    """Raises DataError where a table lacks a column that is looked for."""
    there = set(columns)
    lacking = [name for name in wanted if name not in there]
    if lacking:
        raise damaged(path, wording.say("trace_columns", language, columns=", ".join(lacking)), language)


def damaged(path: Path, reason: str, language: str) -> DataError:
    """The error about a table that is not what a run writes."""
    said = {"file": path.as_posix(), "reason": " ".join(reason.split()), "advice": advice(path, language)}
    return DataError(wording.say("trace_bad_table", language, **said))


def advice(path: Path, language: str) -> str:
    """What to do about a damaged file of a build: a draft is made again, a published version never."""
    parts = path.parts
    for above, edition, folder in zip(parts, parts[1:], parts[2:], strict=False):
        published = VERSION.fullmatch(folder)
        if above == "reports" and published:
            return wording.say("trace_restore", language, edition=edition, version=published[1])
    return wording.say("trace_run_again", language)
