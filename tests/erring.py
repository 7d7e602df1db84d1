"""A small edition that was published, and then corrected in public: two versions and the notice between them."""

import os
from pathlib import Path

import projects
import published
import pytest
from filelock import FileLock
from projects import Project

from minhbach import errata, versions_files
from minhbach.errata_line import Erratum
from minhbach.paths import Edition

NAME = published.SECOND
RULE = """
errata:
  severity:
    - id: grave
      name: {vi: Nghiêm trọng, en: Grave}
      when: [level, rank]
      action: {vi: Gửi mọi đơn vị., en: To every unit.}
    - id: figures
      name: {vi: Số liệu, en: Figures}
      when: [total, number, figure]
      action: {vi: Gửi đơn vị liên quan., en: To the units concerned.}
    - {id: none, name: {vi: Không ảnh hưởng, en: No effect}, action: {vi: Đăng thông báo., en: Posted.}}
  notice:
    recipients: [{vi: Các xã, en: Communes}]
"""
DOCUMENT = """
  to: [{vi: Ủy ban nhân dân tỉnh, en: Province}]
  recipients: [{vi: Như trên, en: As above}]
  signature: {authority: {vi: KT. Giám đốc, en: For the Director}, post: Phó Giám đốc, name: Trần Thị B}
"""
LEDGER = "correction_id,unit_id,field_id,expected,value,reason,authority,evidence,by,date,round,finding_id\n"
# u3 has 60 % of 10 and 40 for its portal, 46 points; with 60 it has 36 + 40 = 76, more than the 70 of u6.
ENTRY = "C001,u3,may,10,60,Chép nhầm,Biên bản 3/BB,,Lê Văn C,2023-01-05,1,\n"
GIVEN = ("--number", "9", "--date", "2023-01-10", "--notice-number", "12", "--by", "Nguyễn Văn A")
ASKED = ("erratum", NAME, "--correction", "C001")
LINE = Erratum("v2", "v1", "02/BC-SA", "2022-12-31", ("C001",), "9", "2023-01-10", "12", "Nguyễn Văn A")


def made(factory: pytest.TempPathFactory) -> Project:
    """The project after the erratum; made once for all tests, which must not change it.

    Its command was stopped once, as by a kill, after it had written its line; `tried.json` is what a trial said before.
    """
    shared = factory.getbasetemp().parent if "PYTEST_XDIST_WORKER" in os.environ else factory.getbasetemp()
    folder, done = shared / "erring", shared / "erring.done"
    with FileLock(shared / "erring.lock"):
        if not done.is_file():
            versions_files.clear(folder)  # of an attempt that failed
            _make(Project(folder), folder)
            done.touch()
    return Project(folder)


def _make(made_project: Project, folder: Path) -> None:
    edition = _edition(projects.project(folder))
    for command in (("run", NAME), ("publish", NAME)):
        _done(made_project, *command)
    (edition.raw / errata.LEDGER).write_text(LEDGER + ENTRY, encoding="utf-8")
    (folder / "before.json").write_text(repr(sorted(projects.bytes_of(edition.reports / "v1").items())), "utf-8")
    (folder / "tried.json").write_text(_done(made_project, *ASKED, *GIVEN, "--json", "--lang", "en"), encoding="utf-8")
    assert not edition.errata_file.exists()
    errata.append(edition.errata_file, LINE)
    (folder / "done.json").write_text(
        _done(made_project, *ASKED, *GIVEN, "--yes", "--json", "--lang", "en"), encoding="utf-8"
    )


def _edition(project: Project) -> Edition:
    (project.folder / "frameworks" / "nho.yaml").write_text(published.FRAMEWORK, encoding="utf-8")
    edition = published.edition(project, 2022, RULE)
    with edition.assessment_file.open("a", encoding="utf-8") as stream:
        stream.write(DOCUMENT)
    return edition


def _done(project: Project, *command: str) -> str:
    outcome = project.command(*command)
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr
    return outcome.stdout
