"""Names with numerals in them: an edition in which everything that has a name has a numeral in it still closes."""

import csv

import projects
import pytest
from projects import Project, Ran

FRAMEWORK = """
id: so{kind}
revision: 2
title: {{vi: Bộ 3 tiêu chí cho {kind}, en: The 3 criteria of {kind}}}
source: {{document: 4/QĐ-BA, date: 2021-01-02, issuer: Bộ 5}}
note: {{vi: Điều 6 nói về 7 nhóm., en: Article 6 speaks of 7 groups.}}
unit_kind: {kind}
basis: sample
fields:
  may: {{label: {{vi: Số máy 8 lõi, en: Machines with 8 cores}}, type: count, required: true, min: 0, max: 100}}
  co: {{label: {{vi: Cổng cấp 9, en: Portal of class 9}}, type: yes_no}}
  muc4:
    label: {{vi: Dịch vụ mức 4, en: Service of stage 4}}
    type: choice
    options: [Loại 1, Loại 2]
nodes:
  total: {{label: {{vi: Tổng 100, en: Total of 100}}, max_points: 100, children: [a, b]}}
  a: {{label: {{vi: Nhóm 10, en: Group 10}}, max_points: 60, formula: max_points * may / 100}}
  b: {{label: {{vi: Nhóm 11, en: Group 11}}, max_points: 40, children: [b1, b2]}}
  b1: {{label: {{vi: Tiêu chí 12, en: Criterion 12}}, max_points: 30, formula: max_points * co}}
  b2: {{label: {{vi: Tiêu chí 13, en: Criterion 13}}, max_points: 10, formula: "max_points * (muc4 == 'Loại 1')"}}
  c: {{label: {{vi: Thông tin 14, en: Information 14}}, information: true, max_points: 10, formula: may / 10}}
levels:
  - id: muc
    label: {{vi: Mức 15, en: Level 15}}
    note: {{vi: Theo Điều 16., en: By Article 16.}}
    order: ["3", "2"]
    labels: {{"3": {{vi: Mức 3, en: Level 3}}, "2": {{vi: Mức 2, en: Level 2}}}}
    otherwise: {{vi: Mức 0, en: Level 0}}
    conditions: {{"3": {{total: 80, b: 20}}, "2": {{total: 50}}}}
rankings:
  - {{id: hang, by: total, decimals: 2, label: {{vi: Hạng 17, en: Ranking 17}}}}
  - {{id: hang2, by: a, decimals: 1, within: vung, label: {{vi: Hạng 18, en: Ranking 18}}}}
"""
SETTINGS = """
title: {{vi: Kỳ {year} đợt 19, en: Round 19 of {year}}}
year: {year}
reference_year: 2020
purpose: {{vi: Theo Điều 20., en: Under Article 20.}}
legal_basis:
  - {{text: {{vi: Quyết định số 21/QĐ ngày 22/3/2021, en: Decision 21/QĐ of 22 March 2021}}, basis: inferred}}
sources: [{{vi: Niên giám 2021, en: Yearbook 2021}}]
{more}
frameworks:
  - framework: soxa
    table: {{file: xa.csv, unit_column: ten, columns: {{may: may, co: co, muc4: muc4}}}}
    absent: {{x9: {{vi: Không gửi 23 bảng, en: Did not send 23 tables}}}}
    override:
      nodes: {{c: {{max_points: 9}}}}
  - framework: sohuyen
    table: {{file: huyen.csv, unit_column: ten, columns: {{may: may, co: co, muc4: muc4}}}}
document:
  issuer_parent: {{vi: Bộ 24, en: Ministry 24}}
  issuer: {{vi: Cục 25, en: Department 25}}
  place: {{vi: Quận 26, en: District 26}}
  number: 27
  symbol: BC-C28
  date: {year}-12-31
  type: BÁO CÁO
  abstract: {{vi: Kết quả đợt 29, en: Results of round 29}}
  mark: {{vi: MẪU SỐ 30, en: SAMPLE 30}}
  notice: {{vi: Mẫu số 31., en: Sample 31.}}
  to: [{{vi: Ủy ban 32, en: Committee 32}}]
  recipients: [{{vi: Như Điều 33, en: As in Article 33}}]
  filing: {{unit: CN34, drafter: A35, copies: 36}}
  closing: {{vi: Trên đây là báo cáo 37., en: This is report 37.}}
  signature: {{authority: {{vi: TM. BAN 38, en: FOR BOARD 38}}, post: {{vi: Trưởng ban 39, en: Head 39}}, name: Lê 40}}
documents:
  submission:
    abstract: {{vi: Về đợt 41, en: About round 41}}
    to: [{{vi: Ủy ban 42, en: Committee 42}}]
  decision:
    abstract: {{vi: Phê duyệt đợt 43, en: Approval of round 43}}
    authority: {{vi: Bộ trưởng 44, en: Minister 44}}
"""
KINDS = {"xa": "Phường", "huyen": "Quận"}
NAMES = {"xa": "Ward", "huyen": "District"}


def write(made: Project, year: int) -> None:
    """Writes one of two editions, the later of which names the earlier one; answers and units differ a little."""
    edition = made.edition(f"{year}-so")
    edition.raw.mkdir(parents=True)
    more = "previous: 2021-so" if year == 2022 else ""
    edition.assessment_file.write_text(SETTINGS.format(year=year, more=more), encoding="utf-8")
    units = ["unit_id,name,name_en,unit_kind,parent_id,vung"]
    for kind, places in (("huyen", range(1, 4)), ("xa", range(1, 10))):
        table = ["ten,may,co,muc4"]
        for place in places:
            parent = f"h{place % 3 + 1}" if kind == "xa" else ""
            names = f"{KINDS[kind]} {place},{NAMES[kind]} {place}"
            units.append(f"{kind[0]}{place},{names},{kind},{parent},Vùng {place % 2}")
            if (kind, place) != ("xa", 9):
                has = "có" if place % 2 else "không"
                table.append(f"{KINDS[kind]} {place},{(place * 37 + year) % 101},{has},Loại 1")
        (edition.raw / f"{kind}.csv").write_text("\n".join(table) + "\n", encoding="utf-8")
    edition.units_file.write_text("\n".join(units) + "\n", encoding="utf-8")
    for language, words in (("vi", "Theo [Điều 45]{.declared}"), ("en", "By [Article 45]{.declared}")):
        text = f'# conclusion\n\n{words}: []{{fact="x1/total"}}.\n'
        (edition.raw / f"commentary.{language}.md").write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def named(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """The later of two editions in which every name has a numeral, in both languages."""
    made = projects.project(tmp_path_factory.mktemp("numerals"))
    for kind in KINDS:
        (made.folder / "frameworks" / f"so{kind}.yaml").write_text(FRAMEWORK.format(kind=kind), encoding="utf-8")
    for year in (2021, 2022):
        write(made, year)
    first = made.command("run", "2021-so")
    assert first.returncode == 0, first.stderr
    return Ran(made, made.edition("2022-so"), made.command("run", "2022-so", "--lang", "vi,en"))


def test_names_with_numerals_are_declared_wherever_they_are_printed(named: Ran) -> None:
    """No name of an edition is taken for a number, in no document and no language: nothing is left over."""
    assert named.outcome.returncode == 0, named.outcome.stdout + named.outcome.stderr

    with (named.draft / "closed.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))

    assert {row["document"] for row in rows} >= {"report.pdf", "en/report.pdf", "submission.pdf", "decision.pdf"}
    assert {row["left"] for row in rows} == {"0"}


def test_such_names_are_printed_in_full(named: Ran) -> None:
    """A declared name loses nothing: units, levels and signer stand in the report as they were given."""
    said = projects.pdf_text(named.draft / "report.pdf")

    assert [name for name in ("Phường 7", "Quận 2", "Mức 0", "Lê 40", "Không gửi 23 bảng") if name not in said] == []
