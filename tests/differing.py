"""Small built sides for the tests of `diff`: what a run leaves behind, written by hand without rendering anything."""

import csv
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import typst

from minhbach import answers, editions, framework_hash, record, tables
from minhbach.paths import Edition
from minhbach.score import Points

FRAMEWORK = """
id: nho
revision: 1
title: {vi: Bộ nhỏ, en: Small}
source: {document: 1/QĐ, date: 2021-01-02, issuer: Bộ A}
unit_kind: xa
fields:
  may: {label: Số máy, type: number}
  cong: {label: Cổng, type: number}
nodes:
  total: {label: {vi: Tổng điểm, en: Total}, max_points: 100, children: [a, b]}
  a: {label: Máy, max_points: 60, formula: max_points * may / 100}
  b: {label: Cổng, max_points: 40, formula: max_points * cong / 100}
levels:
  - id: muc
    label: {vi: Mức, en: Level}
    order: [I, II]
    labels: {I: {vi: Mức I, en: Level I}, II: {vi: Mức II, en: Level II}}
    otherwise: {vi: Không xếp mức, en: No level}
    conditions: {I: {total: 80}, II: {total: 50}}
rankings:
  - {id: hang, by: total, label: {vi: Xếp hạng, en: Ranking}}
"""
SETTINGS = """
title: {{vi: Kỳ {name}, en: Edition {name}}}
year: 2021
frameworks:
  - framework: {framework}
    table: {{file: so-lieu.csv, unit_column: ten, columns: {{may: may, cong: cong}}}}
document: {{issuer: A, place: B, date: 2021-12-31, type: BÁO CÁO, abstract: C}}
"""
COLUMNS = ("unit_id", "field_id", "value", "raw_text", "status", "file", "sha256", "sheet", "cell", "correction_id")
Rows = Mapping[str, tuple[str, str]]


@dataclass(frozen=True)
class Build:
    """What a side is made of: answers and corrections of `may`, units (id → previous), report, figure, framework."""

    answers: Rows
    corrected: Mapping[str, str] = field(default_factory=dict)
    previous: Mapping[str, str] = field(default_factory=dict)
    framework: str = FRAMEWORK
    framework_id: str = "nho"
    text: str = '# Kết quả\n\nCao nhất là [{best}]{{fact="all/best"}} điểm.\n'
    pages: int = 0  # of report.pdf, each with all facts, one on a line; none is made for 0


def write(root: Path, name: str, version: str, build: Build) -> None:
    """A version `reports/<name>/<version>` whose inputs stand beside it."""
    folder = root / "reports" / name / version
    inputs = Edition(name, folder / "inputs")
    _inputs(inputs, build)
    setup = editions.load(inputs)
    framework = setup.frameworks[0]
    observations = _observations(build)
    points = Points(
        answers.from_observations(framework, tuple(setup.units_of(framework.id)), _read(folder, observations))
    )
    made = record.tables(points)
    for table, frame in made.items():
        tables.write(frame, folder / framework.id / f"{table}.csv")
    _csv(folder / "validated" / framework.id / "observations.csv", COLUMNS, observations)
    _report(folder, build, points)
    manifest = {"languages": ["vi"], "frameworks": {framework.id: {"hashes": framework_hash.hashes(framework)}}}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


def _inputs(inputs: Edition, build: Build) -> None:
    inputs.raw.mkdir(parents=True)
    settings = SETTINGS.format(name=inputs.name, framework=build.framework_id)
    inputs.assessment_file.write_text(settings, encoding="utf-8")
    rows = [(unit, f"Xã {unit.upper()}", "xa", build.previous.get(unit, "")) for unit in build.answers]
    _csv(inputs.units_file, ("unit_id", "name", "unit_kind", "previous"), rows)
    file = inputs.root / "frameworks" / f"{build.framework_id}.yaml"
    file.parent.mkdir()
    file.write_text(build.framework, encoding="utf-8")


def _observations(build: Build) -> list[tuple[str, ...]]:
    rows = []
    for unit, texts in build.answers.items():
        for name, text in zip(("may", "cong"), texts, strict=True):
            value = build.corrected.get(unit, text) if name == "may" else text
            entry = "C001" if value != text else ""
            rows.append((unit, name, value, text, "corrected" if entry else "as_received", "x", "0", "", "A1", entry))
    return rows


def _read(folder: Path, rows: list[tuple[str, ...]]) -> object:
    path = folder / "observations.csv"
    _csv(path, COLUMNS, rows)
    table = tables.read(path)
    path.unlink()
    return table


def _report(folder: Path, build: Build, points: Points) -> None:
    """The report, its facts and one figure: the total of every unit, and the best."""
    ids = points.answers.unit_ids
    totals = {
        unit: f"{float(points.exactly.points(points.framework.rankings[0].by, row) or 0):.2f}"
        for row, unit in enumerate(ids)
    }
    best = max(totals.values(), key=float)
    facts = {"all/best": best, **{f"{unit}/total": shown for unit, shown in totals.items()}}
    facts |= {f"{unit}/may": build.corrected.get(unit, texts[0]) for unit, texts in build.answers.items()}
    rows = [(each, value, value, "query", "", "1", "1", "1", "2", "", "vi") for each, value in sorted(facts.items())]
    header = ("fact_id", "value", "shown", "kind", "source", "page", "x", "y", "decimals", "rounding", "language")
    _csv(folder / "facts.csv", header, rows)
    figure = [(f"Xã {unit.upper()}", shown, shown, f"{unit}/total") for unit, shown in totals.items()]
    _csv(folder / "figures" / "nho-hang.csv", ("label", "value", "shown", "fact_id"), figure)
    (folder / "report.md").write_text(build.text.format(best=best), encoding="utf-8")
    if build.pages:
        _pdf(folder, facts, build.pages)


def _pdf(folder: Path, facts: Mapping[str, str], pages: int) -> None:
    """report.pdf with every fact on every page: 40 mm from the left, base lines from 30 mm on, 10 mm apart."""
    places = [("report.pdf", name, page, 40, 30 + 10 * line)
              for page in range(1, pages + 1) for line, name in enumerate(sorted(facts))]  # fmt: skip
    words = "\n#pagebreak()\n".join(
        "\n".join(
            f"#place(top + left, dx: {x}mm, dy: {y}mm)[{facts[name]}]" for _, name, page, x, y in places if page == each
        )
        for each in range(1, pages + 1)
    )
    source = f'#set page(width: 210mm, height: 297mm, margin: 0mm)\n#set text(top-edge: "baseline")\n{words}\n'
    (folder / "report.pdf").write_bytes(typst.compile(source.encode("utf-8"), format="pdf"))
    _csv(folder / "places.csv", ("document", "fact_id", "page", "x", "y"), places)


def _csv(path: Path, header: tuple[str, ...], rows: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows([header, *rows])  # type: ignore[misc]
