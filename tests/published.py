"""Two small editions, run and published: the later one compares itself with the version of the earlier one."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import projects
import pytest
from filelock import FileLock
from projects import Project

from minhbach import versions_files
from minhbach.paths import Edition

FIRST, SECOND = "2021-nho", "2022-nho"
FRAMEWORK = """
id: nho
revision: 1
title: {vi: Bộ nhỏ, en: Small}
source: {document: 1/QĐ, date: 2021-01-02, issuer: Bộ A}
unit_kind: xa
basis: sample
fields:
  may: {label: Số máy, type: number, required: true, min: 0, max: 100}
  co: {label: Có cổng, type: yes_no}
nodes:
  total: {label: {vi: Tổng điểm, en: Total}, max_points: 100, children: [a, b]}
  a: {label: Máy, max_points: 60, formula: max_points * may / 100}
  b: {label: Cổng, max_points: 40, formula: max_points * co}
levels:
  - id: muc
    label: {vi: Mức, en: Level}
    order: [I, II]
    labels: {I: {vi: Mức I, en: Level I}, II: {vi: Mức II, en: Level II}}
    otherwise: {vi: Không xếp mức, en: No level}
    conditions: {I: {total: 80}, II: {total: 50}}
rankings:
  - {id: hang, by: total, decimals: 2, label: {vi: Xếp hạng, en: Ranking}}
"""
SETTINGS = """
title: {{vi: Kỳ nhỏ năm {year}, en: Small edition of {year}}}
year: {year}
{more}
frameworks:
  - framework: nho
    table: {{file: so-lieu.csv, unit_column: ten, columns: {{may: may, co: co}}, decimal: "."}}
document:
  issuer: Sở A
  place: Bình Định
  number: {number}
  symbol: BC-SA
  date: {year}-12-31
  type: BÁO CÁO
  abstract: Kết quả năm {year}
  draft: false
"""
# 60 % of `may`, and 40 with a portal: 88, 46, 20.0055, 100 and 70 points in the later year.
DATA = {
    2021: {"u1": ("50", "có"), "u2": ("80", "không"), "u3": ("20", "có"), "u4": ("33.34", "không"), "u5": ("1", "có")},
    2022: {"u2": ("80", "có"), "u3": ("10", "có"), "u4": ("33.3425", "không"), "u5": ("100", "có"), "u6": ("50", "có")},
}


def edition(made: Project, year: int, more: str = "") -> Edition:
    """Writes a small edition into a project."""
    known = made.edition(f"{year}-nho")
    known.raw.mkdir(parents=True)
    settings = SETTINGS.format(year=year, more=more, number=year - 2020)
    known.assessment_file.write_text(settings, encoding="utf-8")
    names = "".join(f"{unit},Xã {unit.upper()},xa\n" for unit in DATA[year])
    known.units_file.write_text(f"unit_id,name,unit_kind\n{names}", encoding="utf-8")
    rows = "".join(f"Xã {unit.upper()},{may},{co}\n" for unit, (may, co) in DATA[year].items())
    (known.raw / "so-lieu.csv").write_text(f"ten,may,co\n{rows}", encoding="utf-8")
    return known


def both(factory: pytest.TempPathFactory) -> Project:
    """The project with v1 of both editions; made once for all tests, which must not change it."""
    shared = factory.getbasetemp().parent if "PYTEST_XDIST_WORKER" in os.environ else factory.getbasetemp()
    folder, done = shared / "published", shared / "published.done"
    with FileLock(shared / "published.lock"):
        if not done.is_file():
            versions_files.clear(folder)  # of an attempt that failed
            made = projects.project(folder)
            (folder / "frameworks" / "nho.yaml").write_text(FRAMEWORK, encoding="utf-8")
            for year, more in ((2021, ""), (2022, f"previous: {FIRST}")):
                edition(made, year, more)
                for command in ("run", "publish"):
                    outcome = made.command(command, f"{year}-nho")
                    assert outcome.returncode == 0, outcome.stdout + outcome.stderr
            done.touch()
    return Project(folder)


def copied(made: Project, folder: Path, *parts: str) -> Project:
    """A copy of parts of the project that may be changed: its files can be written."""
    for part in parts:
        source, target = made.folder / part, folder / part
        if source.is_dir():
            shutil.copytree(source, target, copy_function=shutil.copyfile)
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
    for each in (folder, *folder.rglob("*")):
        if each.is_dir():
            each.chmod(0o755)
    return Project(folder)


@contextmanager
def restored(file: Path) -> Iterator[Path]:
    """A file, or the place of one, that afterwards is as it was."""
    content = file.read_bytes() if file.is_file() else None
    try:
        yield file
    finally:
        if content is None:
            file.unlink(missing_ok=True)
        else:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
