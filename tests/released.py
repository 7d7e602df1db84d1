"""A small edition with made-up data, as its stages leave it behind, and readers for what is released of it."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from minhbach import editions
from minhbach.editions import Setup
from minhbach.paths import Edition

ODF = "urn:oasis:names:tc:opendocument:xmlns"
TABLE, OFFICE, TEXT = (f"{{{ODF}:{name}:1.0}}" for name in ("table", "office", "text"))
HREF = "{http://www.w3.org/1999/xlink}href"
# Text quoted, numbers not and unformatted, every sheet in a file of its own.
CSV_OF_ALL_SHEETS = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,true,true,false,false,false,-1"
HOSTILE = (
    "=1+1",
    "+84 905",
    "-1+2",
    "@SUM(A1)",
    '=HYPERLINK("http://x")',
    "a;=1+1",
    "'=1",
    "so_xa_tslcd",
    "007",
    "<b>&",
)

FRAMEWORK = """
id: vi-du
revision: 2
title: {vi: Bộ ví dụ, en: Example}
source: {document: 1/QĐ, date: 2022-01-02, issuer: Bộ A}
unit_kind: xa
basis: sample
fields:
  may: {label: {vi: Số máy, en: Computers}, type: count, required: true, max: 50, unit: {vi: máy, en: computers}}
  co: {label: Có, type: yes_no}
  lien_he: {label: {vi: Người liên hệ, en: Contact}, type: text}
nodes:
  total: {label: {vi: Tổng, en: Total}, max_points: 10, children: [a, b]}
  a: {label: A, number: "1", max_points: 4, formula: "max_points * may / 50"}
  b: {label: B, number: "2", max_points: 6, formula: 6 * co}
levels:
  - id: muc
    order: ["+I", II]
    labels: {"+I": {vi: Mức I, en: Level I}}
    conditions: {"+I": {total: 8}, II: {total: 5}}
rankings:
  - {id: hang, by: total, decimals: 2}
"""
ASSESSMENT = """
title: {vi: Ví dụ, en: Example}
year: 2022
synthetic: true
frameworks:
  - framework: vi-du
    table: {file: bang.csv, unit_column: Đơn vị, columns: {may: Máy, co: Có, lien_he: Liên hệ}}
sources: [Nguồn tự đặt]
RELEASE
document: {issuer: Sở A, place: Gia Lai, date: 2022-12-31, type: BÁO CÁO, abstract: Ví dụ, draft: true}
"""
UNITS = "unit_id,name,unit_kind,parent_id,name_en\nX1,Xã An,xa,,An\nX2,Xã Bình,xa,X1,\nX3,=1+1,xa,X1,\n"
STAGES = {
    "data/validated/2022-vi-du/vi-du/observations.csv": """\
unit_id,field_id,value,raw_text,status,file,sha256,sheet,cell,correction_id
X1,may,40,40,corrected,bang.csv,HASH,,B2,C1
X1,co,yes,có,as_received,bang.csv,HASH,,C2,
X1,lien_he,"Chị Lan, 0905","Chị Lan, 0905",as_received,bang.csv,HASH,,D2,
X2,may,50/3,16.67,as_received,bang.csv,HASH,,B3,
X2,co,,,blank,bang.csv,HASH,,C3,
""",
    "data/validated/2022-vi-du/vi-du/findings.csv": """\
finding_id,severity,rule,unit_id,field_id,file,sheet,cell,value,expected,message,answer
0000000a,warning,outlier,X1,may,bang.csv,,B2,40,,=2+2,Chị Lan trả lời
0000000b,note,text_long,X1,lien_he,bang.csv,,D2,Chị Lan,,Chị Lan quá dài,
0000000c,note,not_scored,X2,b,,,,,,B trống,
""",
    "data/validated/2022-vi-du/vi-du/corrections.csv": """\
correction_id,unit_id,field_id,expected,value,reason,authority,evidence,by,date,round,finding_id
C1,X1,may,41,40,Kiểm kê,Biên bản 1,,Nguyễn Văn B,2022-11-20,1,0000000a
C2,X1,_file,,b.xlsx,Bản sau,Biên bản 2,,Nguyễn Văn B,2022-11-21,1,
""",
    "data/validated/2022-vi-du/vi-du/files.csv": "file,sha256,unit_id,reader,fingerprint_ok,size\n",
    "reports/2022-vi-du/draft/vi-du/scores.csv": """\
unit_id,node_id,points,max_points,share,exact
X1,a,3.2,4,0.8,16/5
X1,b,6,6,1,6/1
X1,total,9.2,10,0.92,46/5
X2,a,1.333333333333,4,0.333333333333,4/3
X2,b,,6,,
X2,total,,10,,
""",
    "reports/2022-vi-du/draft/vi-du/levels.csv": """\
unit_id,scheme,level,met,blocking,by_totals
X1,muc,+I,total,,+I
X2,muc,,,,
""",
    "reports/2022-vi-du/draft/vi-du/ranks.csv": "unit_id,ranking,rank,tied_with,group\nX1,hang,1,,xa\nX2,hang,,,xa\n",
    "reports/2022-vi-du/draft/vi-du/comparisons.csv": """\
unit_id,comparison,computed,printed,difference,agrees
X1,doi_chieu,1/3,-0.5,5/6,no
""",
}
HASH = "0" * 63 + "a"


def edition(root: Path, release: str = "") -> Setup:
    """The edition, its validated tables and its draft below `root`; `release` is that key of assessment.yaml."""
    texts = {
        "frameworks/vi-du.yaml": FRAMEWORK,
        "data/raw/2022-vi-du/assessment.yaml": ASSESSMENT.replace("RELEASE", release),
        "data/raw/2022-vi-du/units.csv": UNITS,
        "data/raw/2022-vi-du/bang.csv": "Đơn vị,Máy,Có,Liên hệ\n",
        **{path: text.replace("HASH", HASH) for path, text in STAGES.items()},
    }
    for path, text in texts.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="\n")
    return editions.load(Edition("2022-vi-du", root))


def escaped(text: str) -> str:
    """A text as the report's Markdown writes it, by this module's own rule: a backslash before every ASCII sign."""
    return "".join(f"\\{sign}" if sign.isascii() and not sign.isalnum() and sign != " " else sign for sign in text)


def table(label: str, rows: Sequence[Sequence[str]], caption: str = "Bảng thử", header: Sequence[str] = ()) -> str:
    """A table of a report's Markdown; its first row is the header."""
    first, *others = rows
    lines = ["| " + " | ".join(each) + " |" for each in [header or first, ["---"] * len(first), *others]]
    return f"::: {{#tbl-{label}}}\n\n" + "\n".join(lines) + f"\n\n{caption}\n\n:::\n\n"


# ---- readers ---------------------------------------------------------------------------------------------


def calculated(program: str, *workbooks: Path) -> dict[str, dict[str, list[list[str | float]]]]:
    """The sheets of workbooks as LibreOffice reads them, by file and sheet: texts as texts, numbers as numbers."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for workbook in workbooks:  # two files of one stem would overwrite each other
            shutil.copy2(workbook, folder / f"{workbook.suffix[1:]}{workbook.suffix}")
        command = [program, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--convert-to"]
        command += [CSV_OF_ALL_SHEETS, "--outdir", name, *(str(file) for file in sorted(folder.iterdir()))]
        subprocess.run(command, check=True, capture_output=True, timeout=180)
        return {
            workbook.suffix[1:]: {
                file.stem.partition("-")[2]: list(_typed(file.read_text(encoding="utf-8")))
                for file in sorted(folder.glob(f"{workbook.suffix[1:]}-*.csv"))
            }
            for workbook in workbooks
        }


def _typed(text: str) -> Iterator[list[str | float]]:
    """The rows of a CSV in which texts are quoted and numbers are not, percentages as `90%`."""
    row: list[str | float] = []
    for quoted, bare, end in re.findall(r'(?:"((?:[^"]|"")*)"|([^,\n"]*))(,|\n)', text):
        number = float(bare.removesuffix("%")) / (100 if bare.endswith("%") else 1) if bare else ""
        row.append(quoted.replace('""', '"') or number)
        if end == "\n":
            yield row[: max((place for place, cell in enumerate(row, start=1) if cell != ""), default=0)]
            row = []


@dataclass(frozen=True)
class OdsSheet:
    """A sheet of an ODS: its rows of (type, text), and the links in it."""

    rows: list[list[tuple[str, str]]]
    links: list[str]


def ods(path: Path) -> tuple[dict[str, OdsSheet], list[str]]:
    """The sheets of an ODS by name, and the addresses of its database ranges."""
    with zipfile.ZipFile(path) as archive:
        root = ElementTree.fromstring(archive.read("content.xml"))
    sheets = {
        str(each.get(f"{TABLE}name")): OdsSheet(
            [[_cell(cell) for cell in row.iter(f"{TABLE}table-cell")] for row in each.iter(f"{TABLE}table-row")],
            [str(link.get(HREF)) for link in each.iter(f"{TEXT}a")],
        )
        for each in root.iter(f"{TABLE}table")
    }
    ranges = [str(each.get(f"{TABLE}target-range-address")) for each in root.iter(f"{TABLE}database-range")]
    return sheets, ranges


def _cell(cell: ElementTree.Element) -> tuple[str, str]:
    kind = cell.get(f"{OFFICE}value-type") or ""
    assert cell.get(f"{TABLE}formula") is None
    text = "\n".join("".join(line.itertext()) for line in cell.iter(f"{TEXT}p"))
    return kind, cell.get(f"{OFFICE}value") or text


def opened(program: str, file: Path, separators: Sequence[str]) -> list[str]:
    """What LibreOffice makes of a CSV that it splits at each of the separators, written as CSV again."""
    found = []
    for separator in separators:
        with tempfile.TemporaryDirectory() as name:
            command = [program, f"-env:UserInstallation={(Path(name) / 'profile').as_uri()}", "--headless"]
            command += [f"--infilter=CSV:{ord(separator)},34,76,1,,0,false,true,false,false,false,0,true"]
            command += ["--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76", "--outdir", name, str(file)]
            subprocess.run(command, check=True, capture_output=True, timeout=180)
            found.append((Path(name) / file.name).read_text(encoding="utf-8"))
    return found
