"""Which stage of pipeline.py reads and makes which files."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from minhbach.lineage_files import MANIFEST, PROV, Files, Item

READING = ("openpyxl", "pandas", "python-calamine", "pydantic", "pyyaml")
NOTEBOOK = ("ipykernel", "nbclient", "nbformat", "papermill")
LEDGER = ("facts.csv", "places.csv")


@dataclass(frozen=True)
class Stage:
    """A stage: its notebook if it has one, the packages it works with, what it uses (kinds of input, stages), makes.

    `makes` are patterns of paths in the draft; there `framework/` stands for the folder of any framework,
    `validated/` for the validated tables, and the folder of a further language is left out.
    """

    uses: tuple[str, ...] = ()
    makes: tuple[str, ...] = ()
    software: tuple[str, ...] = ()
    notebook: str = ""


SETTLED = ("settings", "frameworks", "validate", "score")
STAGES: Mapping[str, Stage] = {
    "validate": Stage(
        ("received", "frameworks"),
        ("validated/*", "notebooks/1_validate*"),
        (*NOTEBOOK, *READING, "great-expectations", "holidays"),
        "1_validate",
    ),
    "score": Stage(
        ("settings", "frameworks", "previous", "validate"),
        ("framework/*.csv", "notebooks/2_score*"),
        (*NOTEBOOK, "numpy", "pandas"),
        "2_score",
    ),
    "workbook": Stage(SETTLED, ("scores.xlsx",), ("XlsxWriter", "pandas")),
    "report": Stage(
        (*SETTLED, "commentary", "previous"),
        ("report.md", "submission.md", "decision.md", "figures/*", "facts.csv", "notebooks/3_report*"),
        (*NOTEBOOK, "duckdb", "matplotlib", "pandas"),
        "3_report",
    ),
    "render": Stage(
        ("settings", "report"),
        tuple(f"{name}.{ending}" for name in ("report", "submission", "decision") for ending in ("pdf", "typ", "html"))
        + LEDGER,
        ("pypandoc-binary", "pandoc", "typst"),
    ),
    "scorecards": Stage(SETTLED, ("scorecards.pdf", "scorecards/*", *LEDGER), ("duckdb", "pandas", "pikepdf", "typst")),
    "close": Stage(("report", "render", "scorecards"), ("closed.csv",), ("pandas", "pypandoc-binary", "pypdfium2")),
    "release": Stage(SETTLED, ("tables.xlsx", "tables.ods", "open-data/*"), ("XlsxWriter", "odfdo", "pandas")),
    "evidence": Stage((*SETTLED, "report", "render", "scorecards"), ("report.pdf",), ("pikepdf",)),
    "audit": Stage(
        (*SETTLED, "received", "report", "render", "scorecards"),
        ("audit/*",),
        ("duckdb", "nbformat", "pandas", "pypandoc-binary"),
    ),
    "lineage": Stage(makes=(PROV,)),
    "record": Stage(makes=(MANIFEST,)),
}


@dataclass(frozen=True)
class Step:
    """A stage as it ran; `last` are those of its files that no later stage wrote again."""

    name: str
    stage: Stage
    uses: tuple[Item, ...]
    makes: tuple[Item, ...]
    last: tuple[Item, ...]


def named(source: str) -> tuple[str, ...]:
    """The names of the stages in the text of a pipeline.py, in order."""
    for node in ast.parse(source).body:
        if isinstance(node, ast.Assign) and any(
            isinstance(each, ast.Name) and each.id == "STAGES" for each in node.targets
        ):
            stages = ast.literal_eval(_names_only(node.value))
            return tuple(str(name) for name in stages)
    return ()


def _names_only(value: ast.expr) -> ast.expr:
    """The tuple of stages with the first part of each alone."""
    each = value.elts if isinstance(value, ast.Tuple | ast.List) else []
    return ast.Tuple([part.elts[0] for part in each if isinstance(part, ast.Tuple)], ast.Load())


def steps(names: Sequence[str], files: Files, frameworks: Iterable[str], languages: Sequence[str]) -> tuple[Step, ...]:
    """The stages of a run in order, with the files of each; a file that several wrote is in `last` of the last one."""
    short = {item: _short(item, set(frameworks), languages) for item in files.outputs}
    wrote = {
        name: tuple(item for item in files.outputs if _matches(short[item], STAGES.get(name, Stage()).makes))
        for name in names
    }
    writer = {item: place for place, name in enumerate(names) for item in wrote[name]}
    sources = {**files.groups, **wrote}
    found = []
    for place, name in enumerate(names):
        stage = STAGES.get(name, Stage())
        used = {item for each in stage.uses for item in sources.get(each, ()) if writer.get(item, -1) < place}
        last = tuple(item for item in wrote[name] if writer[item] == place)
        found.append(Step(name, stage, tuple(sorted(used)), wrote[name], last))
    return tuple(found)


def _short(item: Item, frameworks: set[str], languages: Sequence[str]) -> str:
    """A path as the patterns of `Stage` have it."""
    if not item.inside:
        return f"validated/{item.path}"
    first, _, rest = item.inside.partition("/")
    if rest and first in languages[1:]:
        return rest
    return f"framework/{rest}" if rest and first in frameworks else item.inside


def _matches(name: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)
