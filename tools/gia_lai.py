"""Writes the forms and receipts of the sample edition 2022-gia-lai: SỐ LIỆU MINH HỌA, synthetic data.

Run `python -m tools.gia_lai` in the project's folder; the same program writes the same bytes every time. Names and
codes of the units in units.csv are real; every answer is drawn by a seeded generator and says nothing about them.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path

from minhbach import editions, forms, forms_book, forms_plan
from minhbach.editions import Setup
from minhbach.framework import Framework
from minhbach.paths import Edition
from minhbach.units import Unit
from tools.gia_lai_answers import answers
from tools.gia_lai_fill import fill
from tools.gia_lai_round import COLUMNS, oddities, receipts

EDITION = "2022-gia-lai"
README = """# SỐ LIỆU MINH HỌA — synthetic data

Mọi phiếu trong thư mục này do chương trình `tools/gia_lai.py` tạo ra. Tên và mã đơn vị là thật; câu trả lời, văn bản
kiểm chứng, người lập phiếu và ngày gửi đều không có thật và không nói lên điều gì về các đơn vị.

Every form in this folder was made by `tools/gia_lai.py`. Names and codes of the units are real; answers, evidence,
contacts and dates of receipt are invented and say nothing about these units.
"""


def make(setup: Setup, folder: Path) -> dict[str, Unit]:
    """Writes the forms, responses/README.md and received.csv into `folder`; gives the unit of each form."""
    files = {
        file: unit for framework in forms.surveyed(setup) for file, unit in _forms(setup, framework, folder).items()
    }
    (folder / "responses" / "README.md").write_text(README, encoding="utf-8", newline="\n")
    assert setup.assessment.survey
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(sorted(receipts(files, setup.assessment.survey)))
    (folder / "received.csv").write_text(table.getvalue(), encoding="utf-8", newline="\n")
    return files


def _forms(setup: Setup, framework: Framework, folder: Path) -> dict[str, Unit]:
    """The returned forms of one framework; units that assessment.yaml calls absent send none."""
    assessed = setup.assessed(framework.id)
    present = [unit for unit in setup.units_of(framework.id) if unit.unit_id not in assessed.absent]
    changed = oddities(present) if framework.spec.unit_kind == "xa" else {}
    files = {}
    for form in forms_plan.forms_of(setup, framework, "vi"):
        if form.unit.unit_id in assessed.absent:
            continue
        returned = fill(form, answers(setup, framework, form.unit))
        if change := changed.get(form.unit.unit_id):
            returned = change(returned)
        file = f"{assessed.responses}/{forms.file_name(form.unit)}"
        forms_book.write(returned, folder / file)
        files[file] = form.unit
    return files


def main() -> None:
    """Removes the forms that are there and writes all again."""
    edition = Edition(EDITION)
    for old in sorted((edition.raw / "responses").rglob("*.xlsx")):
        old.unlink()
    files = make(editions.load(edition), edition.raw)
    print(f"{len(files)} forms, synthetic, written below {edition.raw.as_posix()}/responses")


if __name__ == "__main__":
    main()
