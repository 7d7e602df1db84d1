"""What a run does, stage by stage. Stages meet only through files in the staging folder."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from minhbach import editions, facts, manifest, notebooks, recalc, tables, wording
from minhbach.editions import Setup
from minhbach.errors import DataError, UsageError
from minhbach.paths import Edition

OUTPUT_VARIABLE = "MINHBACH_OUTPUT"
MOST_SHOWN = 200


@dataclass
class Run:
    """One run of an edition: what it reads, and the staging folder that mirrors the project's output folders."""

    edition: Edition
    language: str
    engine: str = "embedded"
    setup: Setup = field(init=False)
    log: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.setup = editions.load(self.edition)
        self.language = self.language or self.setup.assessment.language
        if self.engine != "embedded":
            raise UsageError(wording.say("quarto_missing", self.language))

    @property
    def output(self) -> Edition:
        """The edition's output folders inside staging."""
        return Edition(self.edition.name, self.edition.staging)

    def notebook(self, name: str, framework_id: str = "") -> None:
        """Executes a notebook of the project into the staged draft."""
        parameters = {"edition": self.edition.name, "language": self.language}
        parameters |= {"framework": framework_id} if framework_id else {}
        suffix = f".{framework_id}" if framework_id and len(self.setup.frameworks) > 1 else ""
        target = self.output.draft / "notebooks" / f"{name}{suffix}.ipynb"
        environment = {
            OUTPUT_VARIABLE: self.edition.staging.as_posix(),
            "PYTHONPATH": os.pathsep.join(_python_path()),
        }
        source = Path(__file__).parent.parent / "notebooks" / f"{name}.ipynb"
        self.log.append(notebooks.execute(source, target, parameters, environment))


def _python_path() -> list[str]:
    before = os.environ.get("PYTHONPATH")
    return [str(Path(__file__).parent.parent), *([before] if before else [])]


def validate(run: Run) -> None:
    """Reads and judges the answers of every framework; errors stop here, all of them together.

    Raises:
        DataError: with the whole list of errors.
    """
    for framework in run.setup.frameworks:
        run.notebook("1_validate", framework.id)
    errors = _errors(run)
    if len(errors):
        raise DataError(_list(errors, run))


def score(run: Run) -> None:
    """Computes points, levels, ranks and comparisons of every framework."""
    for framework in run.setup.frameworks:
        run.notebook("2_score", framework.id)


def workbook(run: Run) -> None:
    """Writes scores.xlsx, which any spreadsheet program can recalculate."""
    recalc.workbook(run.setup, run.output, run.language)


def report(run: Run) -> None:
    """Writes the report's text, tables and figures, every number through a fact."""
    run.notebook("3_report")


def render(run: Run) -> None:
    """Makes PDF and HTML of the report, and notes where each fact is printed."""
    from minhbach import publication

    draft = run.output.draft
    rendered = publication.embedded(run.setup, run.language, draft)
    run.log.extend(rendered.warnings)
    ledger = tables.read(draft / "facts.csv")
    first = {place.fact_id: (place.page, place.x, place.y) for place in reversed(rendered.places)}
    known = tuple(facts.Fact(*row) for row in tables.rows(ledger))
    tables.write(facts.frame(facts.placed(known, first)), draft / "facts.csv")
    every = [(place.fact_id, str(place.page), f"{place.x:.2f}", f"{place.y:.2f}") for place in rendered.places]
    tables.write(pd.DataFrame(every, columns=["fact_id", "page", "x", "y"]), draft / "places.csv")


def record(run: Run) -> None:
    """Writes manifest.json: hashes of everything that went in and came out, and the versions of all tools."""
    command = f"python pipeline.py run {run.edition.name} --lang {run.language} --engine {run.engine}"
    manifest.write(run.setup, run.output, command)


def _errors(run: Run) -> pd.DataFrame:
    parts = [tables.read(run.output.validated / framework.id / "findings.csv") for framework in run.setup.frameworks]
    whole = pd.concat(parts, ignore_index=True)
    return whole[whole["severity"] == "error"]


def _list(errors: pd.DataFrame, run: Run) -> str:
    lines = [wording.say("errors_stop", run.language, count=len(errors), folder=run.edition.failed.as_posix())]
    lines += [f"  [{row.finding_id}] {row.message}" for row in tables.rows(errors.head(MOST_SHOWN))]
    if len(errors) > MOST_SHOWN:
        lines.append(wording.say("errors_more", run.language, count=len(errors) - MOST_SHOWN))
    return "\n".join(lines)
