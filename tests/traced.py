"""A small edition with everything a trace can meet, built into a draft in a moment, without notebooks."""

import csv
import hashlib
import json
from collections.abc import Iterable, Sequence
from fractions import Fraction
from pathlib import Path

import pandas as pd

from minhbach import (
    compare,
    confirmations,
    corrections,
    corrections_apply,
    corrections_entry,
    deadlines,
    editions,
    ingest,
    levels,
    merge,
    rank,
    record,
    tables,
)
from minhbach.answers import from_observations
from minhbach.editions import Setup
from minhbach.facts import Ledger, frame
from minhbach.findings import COLUMNS as FINDINGS
from minhbach.paths import Edition
from minhbach.responses import EVIDENCE_COLUMNS
from minhbach.score import Points

NAME, ID = "2026-thu", "thu-xa"
FRAMEWORK = """id: thu-xa
revision: 3
title: {vi: Bộ tiêu chí thử, en: Trial criteria}
source: {document: thử}
unit_kind: xa
basis: sample
fields:
  can_bo: {label: {vi: Số cán bộ, en: Staff}, type: count, required: true}
  may: {label: {vi: Số máy tính, en: Computers}, type: count, required: true}
  diem: {label: {vi: Điểm kiểm tra, en: Test}, type: number}
  bang: {label: {vi: Băng thông, en: Bandwidth}, type: number}
  ho_so: {label: {vi: Hồ sơ trực tuyến, en: Files online}, type: percent}
  ke_hoach: {label: {vi: Có kế hoạch, en: Has a plan}, type: yes_no}
  loai: {label: {vi: Loại, en: Kind}, type: choice, options: [Có, Một phần, Không]}
  da_in: {label: {vi: Tổng đã in, en: Printed total}, type: number}
nodes:
  total: {label: {vi: Tổng điểm, en: Total}, max_points: 40, children: [P1, P2]}
  P1: {label: {vi: Điều kiện, en: Readiness}, max_points: 20, children: [A1, A2, A3]}
  A1: {label: {vi: Máy tính, en: Computers}, max_points: 6, formula: "max_points * capped(ratio(may, can_bo), 1)"}
  A2: {label: Băng thông, max_points: 4, missing: zero, formula: "max_points * ratio(bang, best(bang))"}
  A3:
    label: {vi: Bậc, en: Steps}
    max_points: 10
    formula: "choice(loai, {\\"Có\\": 5, \\"Một phần\\": 2.5, \\"Không\\": 0}) + steps(may, {1: 1, 10: 3, 20: 5})"
  P2: {label: {vi: Kết quả, en: Results}, max_points: 20, children: [B1, B2, B3]}
  B1: {label: {vi: Trung bình, en: Mean}, max_points: 10, formula: "mean(diem, can_bo / 4)"}
  B2: {label: {vi: Trực tuyến, en: Online}, max_points: 6, formula: "max_points * ho_so"}
  B3:
    label: {vi: Kế hoạch, en: Plan}
    max_points: 4
    formula: "max_points * yes(ke_hoach)"
    applies: can_bo > 5
levels:
  - id: muc
    label: {vi: Mức, en: Level}
    order: [I, II]
    otherwise: {vi: Không xếp, en: None}
    conditions: {I: {total: 30, P1: 80%}, II: {total: 20, P1: 10}}
  - {id: loai_p, of: [P1, P2], on: share, bands: {Tốt: 0.75, Khá: 0}}
rankings:
  - {id: hang, by: total, decimals: 2, ties: min}
comparisons:
  - {id: so_in, field: da_in, against: total, decimals: 2}
rounding: {shown: 2, share: 4, mode: half_up, level_on: rounded, rank_on: rounded}
merged: {mean_of: [can_bo, may, diem, bang, ho_so]}
"""
ASSESSMENT = """title: Thử
year: 2026
survey: {letter_date: 2026-10-01, return_days: 15, period: Năm 2026, rounds: [1]}
frameworks:
  - framework: thu-xa
    table:
      file: bang.csv
      unit_column: Xã
      columns:
        {can_bo: Cán bộ, may: Máy, diem: Điểm, bang: Băng, ho_so: Hồ sơ, ke_hoach: Kế hoạch, loai: Loại, da_in: Đã in}
      decimal: ","
document:
  issuer: Dự án minhbach
  place: Việt Nam
  date: 2026-12-01
  type: BÁO CÁO
  abstract: Thử
"""
UNITS = """unit_id,name,name_en,unit_kind,previous
X1,Xã An Bình,An Binh,xa,
X2,Xã Hòa Lạc,Hoa Lac,xa,
X3,Xã Tân Sơn,Tan Son,xa,
X4,Xã Bình Sơn,Binh Son,xa,X1;X3
X5,Xã Đồng Tâm,Dong Tam,xa,
"""
# X2 was corrected (may 18 → 16), and then equals X5. X3 has few officials, so that its plan does not count. X4 was
# formed from X1 and X3; its kind cannot be a mean, so it has no total.
TABLE = """Xã;Cán bộ;Máy;Điểm;Băng;Hồ sơ;Kế hoạch;Loại;Đã in
Xã An Bình;20;18;7,5;80;54/60;Có;Có;33,05
Xã Hòa Lạc;20;18;9;40;50%;Không;Một phần;21
Xã Tân Sơn;5;10;;;25%;Có;Không;
Xã Đồng Tâm;20;16;9;40;0,5;Không;Một phần;
"""
CORRECTIONS = """correction_id,unit_id,field_id,expected,value,reason,authority,evidence,by,date,round,finding_id
C001,X2,may,18,16,Kiểm kê lại,Biên bản 05,,Nguyễn Văn A,2026-10-20,1,
"""
FILES = {
    f"frameworks/{ID}.yaml": FRAMEWORK,
    f"data/raw/{NAME}/assessment.yaml": ASSESSMENT,
    f"data/raw/{NAME}/units.csv": UNITS,
    f"data/raw/{NAME}/bang.csv": TABLE,
    f"data/raw/{NAME}/corrections.csv": CORRECTIONS,
}


def build(folder: Path) -> Edition:
    """Writes the edition into a folder and its draft as a run would."""
    for name, text in FILES.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="\n")
    edition = Edition(NAME, folder)
    setup = editions.load(edition)
    observations, used = observed(setup)
    sign(edition, observations)
    validated(setup, observations, used)
    points = Points(from_observations(setup.framework(ID), tuple(setup.units), observations))
    scored = scores(points, edition)
    report(setup, scored | {"observations": observations})
    manifest(setup, folder)
    return edition


def observed(setup: Setup) -> tuple[pd.DataFrame, tuple[corrections_entry.Correction, ...]]:
    """The observations after the correction and the merger, and the correction."""
    framework, units, raw = setup.framework(ID), setup.units, setup.edition.raw
    table = setup.assessed(ID).table
    assert table is not None
    reading = ingest.read_table(raw, table, framework.fields, units, "xa", "vi")
    entries = corrections.load(raw / "corrections.csv", setup.frameworks, units)
    applied = corrections_apply.apply(reading.observations, entries, framework.fields, (), "vi")
    return merge.with_merged(framework, units, applied.observations), applied.used


def sign(edition: Edition, observations: pd.DataFrame) -> None:
    """X1 signed what stands, X2 signed something else, nobody else signed."""
    digest = confirmations.digest(observations[observations["unit_id"] == "X1"])
    rows = [("X1", digest), ("X2", "0" * 64)]
    lines = [f"{unit_id},1,{sha256},Chủ tịch,Chủ tịch UBND xã,2026-11-01," for unit_id, sha256 in rows]
    text = "\n".join([",".join(confirmations.COLUMNS), *lines, ""])
    (edition.raw / "confirmations.csv").write_text(text, encoding="utf-8", newline="\n")


def validated(setup: Setup, observations: pd.DataFrame, used: Sequence[corrections_entry.Correction]) -> None:
    """The tables of the validating stage."""
    folder, names = setup.edition.validated / ID, corrections_entry.COLUMNS
    signed = confirmations.load(setup.edition.raw / "confirmations.csv", setup.units, (1,))
    finding = ("f0000001", "warning", "outlier", "X1", "bang", "bang.csv", "", "E2", "80", "", "Băng thông 80?", "")
    written = {
        "observations": observations,
        "corrections": pd.DataFrame([[str(getattr(each, name)) for name in names] for each in used], columns=names),
        "confirmations": confirmations.status(setup.units, observations, signed, (1,)),
        "findings": pd.DataFrame([finding], columns=list(FINDINGS)),
        "evidence": pd.DataFrame(columns=list(EVIDENCE_COLUMNS)),
        "receipts": pd.DataFrame(columns=list(deadlines.RECEIPTS)),
    }
    for name, table in written.items():
        tables.write(table, folder / f"{name}.csv")


def scores(points: Points, edition: Edition) -> dict[str, pd.DataFrame]:
    """The tables of the scoring stage, written and returned."""
    ranked = rank.ranks(points)
    scored = {
        "scores": record.scores(points),
        "levels": levels.levels(points),
        "ranks": ranked,
        "comparisons": compare.comparisons(points, ranked),
    }
    for name, table in scored.items():
        tables.write(table, edition.draft / ID / f"{name}.csv")
    return scored


def report(setup: Setup, frames: dict[str, pd.DataFrame]) -> None:
    """facts.csv and places.csv with one fact of every kind, a table in report.md and a figure's table."""
    known, draft = setup.framework(ID), setup.edition.draft
    ledger = Ledger("vi", "half_up", {name: table.assign(framework=ID) for name, table in frames.items()})
    for row in tables.rows(frames["scores"]):
        if row.points:
            source = known.nodes[row.node_id].formula or "+"
            ledger.number(f"{row.unit_id}/{row.node_id}", Fraction(row.exact), 2, "points", source)
            share = Fraction(row.exact) / Fraction(row.max_points)
            ledger.number(f"{row.unit_id}/{row.node_id}.share", share, 4, "share", f"{row.node_id} / max_points")
    for row in tables.rows(frames["ranks"]):
        if row.rank:
            ledger.number(f"{row.unit_id}/hang", int(row.rank), 0, "rank", "rank by total")
    for row in tables.rows(frames["levels"]):
        ledger.words(f"{row.unit_id}/{row.scheme}", row.level, row.level, "level", f"levels.{row.scheme}")
        ledger.number(f"{row.unit_id}/{row.scheme}.met", len(row.met.split()), 0, "level", "levels.csv: met")
    for row in tables.rows(frames["comparisons"]):
        if row.difference:
            ledger.number(f"{row.unit_id}/so_in.difference", Fraction(row.difference), 2, "comparison", "comparisons")
    ledger.number("X1/may", 18, 0, "answer", "bang.csv#C2")
    ledger.number("method/muc.I.P1.least", 80, 0, "framework", f"frameworks/{ID}.yaml: muc.I.P1.least")
    ledger.number("survey/return_days", 15, 0, "setting", "assessment.yaml: survey.return_days")
    ledger.words("finding/f0000001", "Băng thông 80?", "Băng thông 80?", "finding", "findings.csv: f0000001")
    where = f"from scores where framework = '{ID}' and node_id = 'total' and points <> ''"
    ledger.query("all/total.max", f"select max(points::decimal(38,12)) {where}", 2)
    ledger.query("all/muc.none", f"select count(*) from levels where framework = '{ID}' and level = 'none'")
    tables.write(frame(ledger.facts), draft / "facts.csv")
    lines = [
        ("report.pdf", fact.fact_id, str(1 + place // 40), "20.00", f"{5 * (place % 40):.2f}")
        for place, fact in enumerate(ledger.facts)
    ]
    tables.write(pd.DataFrame(lines, columns=["document", "fact_id", "page", "x", "y"]), draft / "places.csv")
    (draft / "figures").mkdir()
    tables.write(pd.DataFrame({"label": ["An"], "fact_id": ["X1/total"]}), draft / "figures" / "hang.csv")
    block = '::: {#tbl-hang}\n\n| a |\n|:--|\n| [1]{fact="X1/hang"} [2]{fact="X2/hang"} |\n\nBảng\n\n:::\n'
    (draft / "report.md").write_text(block, encoding="utf-8")


def manifest(setup: Setup, folder: Path) -> None:
    """The hashes of what went in."""
    raw = {file.relative_to(folder).as_posix(): sha256(file) for file in setup.edition.received()}
    own = {ID: {"revision": 3, "files": {f"{ID}.yaml": sha256(folder / "frameworks" / f"{ID}.yaml")}}}
    content = {"format": 1, "command": "", "languages": ["vi"], "inputs": raw, "frameworks": own}
    (setup.edition.draft / "manifest.json").write_text(json.dumps(content), encoding="utf-8")


def sha256(file: Path) -> str:
    """The SHA-256 of a file."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def facts(draft: Path) -> dict[str, dict[str, str]]:
    """facts.csv by id."""
    with (draft / "facts.csv").open(encoding="utf-8", newline="") as stream:
        return {row["fact_id"]: row for row in csv.DictReader(stream)}


def change(file: Path, key: Iterable[str], column: str, text: str) -> None:
    """Puts another text into one cell of a table, in the row that begins with the texts of `key`."""
    with file.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))
    wanted = list(key)
    row = next(row for row in rows if row[: len(wanted)] == wanted)
    row[rows[0].index(column)] = text
    with file.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows(rows)
