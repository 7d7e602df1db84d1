"""The project that a report carries, put together in memory, so that the run's own functions work on it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import pandas as pd

from minhbach import editions, held, record, report_gaps, robustness
from minhbach.editions import Setup
from minhbach.errors import DataError, FileError, MinhbachError
from minhbach.evidence_files import FRAMEWORKS, MANIFEST, RAW, SETTINGS
from minhbach.paths import NAME, Edition
from minhbach.trace_evidence import DRAFT, SCORED, Evidence
from minhbach.trace_frames import TABLES, Frames
from minhbach.trace_tables import Record, Table
from minhbach.verify_file import Opened

UNREADABLE = (MinhbachError, OSError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError,
              StopIteration)  # fmt: skip
KEYS: Final = {"scores": "node_id", "ranks": "ranking", "levels": "scheme", "comparisons": "comparison",
               "observations": "field_id"}  # fmt: skip
Tables = Mapping[str, pd.DataFrame]
Rows = Mapping[tuple[str, str], Record]


@dataclass(frozen=True)
class Carried:
    """The evidence of a report, and its edition as a run would read it."""

    setup: Setup
    evidence: Evidence

    @cached_property
    def recomputed(self) -> Mapping[str, Tables]:
        """Scores, levels, ranks and comparisons of each framework from the attached observations alone.

        Raises:
            MinhbachError: an answer or a formula cannot be computed.
        """
        return {each.id: record.tables(self.evidence.points(each.id)) for each in self.setup.frameworks}

    def table(self, framework_id: str, name: str) -> Table:
        """A table of a framework: computed again where it can be, else as attached."""
        return self._made[framework_id][name] if name in SCORED else self.evidence.table(framework_id, name)

    def rows(self, framework_id: str, name: str) -> Rows:
        """The rows of such a table by unit and what they are about."""
        if (framework_id, name) not in self._rows:
            table = self.table(framework_id, name)
            self._rows[framework_id, name] = {(row["unit_id"], row[KEYS[name]]): row for row in table}
        return self._rows[framework_id, name]

    def row(self, framework_id: str, name: str, unit_id: str, about: str) -> Record | None:
        """The row about a unit's node, scheme, ranking, comparison or question; None if there is none."""
        return self.rows(framework_id, name).get((unit_id, about))

    @cached_property
    def _rows(self) -> dict[tuple[str, str], Rows]:
        return {}

    @cached_property
    def _made(self) -> Mapping[str, Mapping[str, Table]]:
        return {each: {name: written(frame) for name, frame in made.items()} for each, made in self.recomputed.items()}

    def tables(self) -> Iterator[tuple[str, pd.DataFrame]]:
        """The tables that queries select from: what can be computed again is, the rest is as attached."""
        frames, ids = Frames(self.evidence), self.evidence.framework_ids
        for name in TABLES:
            if name in SCORED:
                yield name, pd.concat([self.recomputed[each][name].assign(framework=each) for each in ids])
            elif name == "blocking":
                levels = ((each, self.recomputed[each.id]["levels"]) for each in self.setup.frameworks)
                yield name, report_gaps.table(levels)
            elif name == "robustness":
                yield name, pd.concat([self.firmness[each].assign(framework=each) for each in ids])
            elif name not in ("changes", "causes") or any(self.evidence.path(each, name).is_file() for each in ids):
                yield name, frames.frame(name, ids)

    @cached_property
    def firmness(self) -> Tables:
        """The table of robustness.csv of each framework, from the attached answers, findings and confirmations."""
        frames = Frames(self.evidence)
        return {each: self._firmness(each, frames) for each in self.evidence.framework_ids}

    def _firmness(self, framework_id: str, frames: Frames) -> pd.DataFrame:
        findings, confirmed = (frames.frame(name, (framework_id,)) for name in ("findings", "confirmations"))
        points, settings = self.evidence.points(framework_id), robustness.draws(self.setup.assessment)
        return robustness.table(points, findings, confirmed, settings)


def written(frame: pd.DataFrame) -> Table:
    """A table as it stands in a CSV."""
    rows = [tuple(row) for row in csv.reader(io.StringIO(frame.to_csv(index=False)))]
    return Table("", rows[0], tuple(rows[1:]))


def carried(found: Opened, language: str) -> Carried:
    """The project inside a report.

    Raises:
        MinhbachError: settings, units or frameworks are not there or cannot be used.
    """
    name = str(found.manifest.get("edition", ""))
    if not NAME.fullmatch(name):
        raise DataError(f"{MANIFEST}: edition {name[:60]!r}")
    frameworks = found.manifest.get("frameworks")
    if not isinstance(frameworks, dict) or not all(NAME.fullmatch(str(each)) for each in frameworks):
        raise DataError(f"{MANIFEST}: frameworks")
    edition = Edition(name, held.folder(dict(_placed(found, name, frozenset(frameworks), language))))
    try:
        setup = editions.load(edition)
    except FileError:
        raise
    except UNREADABLE as error:
        raise DataError(str(error)) from None
    if {each.id for each in setup.frameworks} != set(frameworks):
        raise DataError(f"{MANIFEST}: frameworks")
    return Carried(setup, Evidence(edition, DRAFT, language))


def _placed(found: Opened, name: str, frameworks: frozenset[str], language: str) -> Iterator[tuple[str, bytes]]:
    """Every attachment where a project has it; those with other names are nowhere."""
    raw, draft = f"data/raw/{name}", f"reports/{name}/{DRAFT}"
    main = _main_language(found)
    home = draft if language == main else f"{draft}/{language}"
    for path, content in found.files.items():
        folder, _, rest = path.partition("/")
        if path in SETTINGS:
            yield f"{raw}/{path}", content
        elif path == MANIFEST:
            yield f"{draft}/{path}", content
        elif not rest:
            yield f"{home}/{path}", content
        elif folder == RAW:
            yield f"{raw}/{rest}", content
        elif folder == FRAMEWORKS and rest.endswith(".yaml"):
            yield path, content
        elif folder in frameworks:
            yield f"{draft}/{path}", content


def _main_language(found: Opened) -> str:
    """The first language of the run, in whose words the manifest's edition was made."""
    languages = found.manifest.get("languages")
    return str(languages[0]) if isinstance(languages, list) and languages else "vi"
