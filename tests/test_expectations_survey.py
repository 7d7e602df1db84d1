"""What a survey round adds to the suite: evidence beside claims, change since the previous edition, outliers."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path

import forms
import pandas as pd
import pytest

from minhbach import answers, editions, expectations, framework, score, tables
from minhbach.errors import UsageError
from minhbach.expectations_context import SurveyContext, load
from minhbach.findings import Finding
from minhbach.framework import Framework
from minhbach.ingest import COLUMNS
from minhbach.judge import judge
from minhbach.paths import Edition
from minhbach.responses import EVIDENCE_COLUMNS
from minhbach.units import Unit

FRAMEWORK = """
id: nho
revision: 1
title: {vi: Nhỏ, en: Small}
source: {document: "1/QĐ"}
unit_kind: xa
best_within: vung
basis: sample
fields:
  so_may: {label: {vi: Số máy tính, en: Computers}, type: count, evidence: required}
  kinh_phi: {label: {vi: Kinh phí, en: Budget}, type: number}
  co_mang: {label: {vi: Có mạng, en: Network}, type: yes_no, evidence: required}
  can_bo: {label: {vi: Cán bộ, en: Officer}, type: choice, options: [Có, Kiêm nhiệm, Chưa bố trí], evidence: required}
  muc: {label: {vi: Mức, en: Level}, type: choice, options: [Một, Hai], evidence: required}
  ghi: {label: {vi: Ghi, en: Text}, type: text, evidence: optional}
nodes:
  total: {label: {vi: Tổng, en: Total}, max_points: 10, children: [a, b]}
  a: {label: {vi: A, en: A}, max_points: 5,
      formula: 'max_points * choice(can_bo, {"Có": 1, "Kiêm nhiệm": 1/2, "Chưa bố trí": 0})'}
  b: {label: {vi: B, en: B}, max_points: 5, formula: "if_blank(0 * so_may, 0)"}
"""
Rows = Sequence[Mapping[str, str]]


@pytest.fixture(scope="module")
def method(tmp_path_factory: pytest.TempPathFactory) -> Framework:
    """The small framework above."""
    file = tmp_path_factory.mktemp("frameworks") / "nho.yaml"
    file.write_text(FRAMEWORK, encoding="utf-8")
    return framework.load(file)


def judged(method: Framework, rows: Rows, context: SurveyContext | None, language: str = "vi") -> list[Finding]:
    """The findings of units x0, x1, … whose answers are the rows; a row's `vung` is the unit's group.

    Each field of each unit stands in the cell whose column is the field's place and whose row the unit's.
    """
    listed = tuple(
        Unit(f"x{place}", f"Xã {place}", "", "xa", groups={"vung": row.get("vung", "")})
        for place, row in enumerate(rows)
    )
    observed = [
        (unit.unit_id, field_id, text := row.get(field_id, ""), text, "", "a.xlsx", "", "S", f"{letter}{place}", "")
        for place, (unit, row) in enumerate(zip(listed, rows, strict=True))
        for letter, field_id in zip("ABCDEF", method.fields, strict=True)
    ]
    observations = pd.DataFrame(observed, columns=list(COLUMNS), dtype="str")
    given = answers.from_observations(method, listed, observations)
    found = judge(method, given, score.score(given), observations, language, (), context)
    return [finding for finding in found if finding.rule != "not_scored"]


def told(findings: Sequence[Finding]) -> list[tuple[str, str, str, str, str]]:
    """Rule, severity, unit, field and cell, sorted."""
    return sorted((each.rule, each.severity, each.unit_id, each.field_id, each.cell) for each in findings)


def without_evidence(*fields: str) -> SurveyContext:
    """A context in which x0 gives no document beside these fields."""
    return SurveyContext(evidence={("x0", field_id): False for field_id in fields})


def test_a_claim_without_a_document_is_a_warning_at_its_answer(method: Framework) -> None:
    """Eighteen computers and a network, but no document: a warning at each answer; optional evidence is not asked."""
    row = {"so_may": "18", "co_mang": "yes", "ghi": "x"}

    found = judged(method, [row], without_evidence("so_may", "co_mang", "ghi"))

    assert told(found) == [
        ("evidence_missing", "warning", "x0", "co_mang", "C0"),
        ("evidence_missing", "warning", "x0", "so_may", "A0"),
    ]
    assert "“Số máy tính” của Xã 0 là 18" in next(each.message for each in found if each.field_id == "so_may")


@pytest.mark.parametrize(
    ("field_id", "answer", "claims"),
    [
        ("so_may", "", False),
        ("so_may", "0", False),
        ("so_may", "1", True),
        ("co_mang", "no", False),
        ("co_mang", "yes", True),
        ("can_bo", "Chưa bố trí", False),
        ("can_bo", "Kiêm nhiệm", True),
        ("can_bo", "Có", True),
        ("muc", "Hai", True),
    ],
)
def test_only_answers_that_claim_something_need_a_document(
    field_id: str, answer: str, claims: bool, method: Framework
) -> None:
    """Blank, no, 0 and an option that every formula gives nothing claim nothing; all other answers do."""
    found = judged(method, [{field_id: answer}], without_evidence(field_id))

    assert [each.rule for each in found] == (["evidence_missing"] if claims else [])


def test_a_document_answers_and_an_unknown_one_is_not_judged(method: Framework) -> None:
    """With a document given there is no finding; nor where nothing is known of documents, as in merged units."""
    context = SurveyContext(evidence={("x0", "so_may"): True})

    assert judged(method, [{"so_may": "18", "co_mang": "yes"}], context) == []


@pytest.mark.parametrize(
    ("before", "now", "changed"),
    [
        ("10", "30", False),
        ("10", "30.01", True),
        ("30", "10", False),
        ("30", "9.99", True),
        ("0", "50", False),
        ("50", "0", False),
        ("", "50", False),
        ("50", "", False),
        ("1/3", "1", False),
    ],
)
def test_a_change_beyond_the_factor_is_a_warning(before: str, now: str, changed: bool, method: Framework) -> None:
    """Three times as much or a third is still in order, exactly; more or less is not; 0 and blank are not compared."""
    context = SurveyContext(previous={("x0", "kinh_phi"): before} if before else {}, factor=Fraction(3))

    found = judged(method, [{"kinh_phi": now}], context)

    assert told(found) == ([("changed_much", "warning", "x0", "kinh_phi", "B0")] if changed else [])


def test_a_change_names_both_values(method: Framework) -> None:
    """The sentence has the value now, the value before and the factor, in either language."""
    context = SurveyContext(previous={("x0", "kinh_phi"): "12.5"}, factor=Fraction(5, 2))

    (vietnamese,) = judged(method, [{"kinh_phi": "100"}], context)
    (english,) = judged(method, [{"kinh_phi": "100"}], context, "en")

    assert "là 100, kỳ trước là 12,5; hai số chênh nhau hơn 2,5 lần" in vietnamese.message
    assert "is 100, in the previous edition it was 12.5; they differ by more than 2.5 times" in english.message


def spread(*values: str, group: str = "") -> list[dict[str, str]]:
    """A unit per value of kinh_phi."""
    return [{"kinh_phi": value, "vung": group} for value in values]


TEN = ("1", "2", "3", "4", "5", "6", "7", "8", "9")


def test_a_value_far_from_the_median_is_a_note(method: Framework) -> None:
    """1 to 9 and a large value: median 5.5, deviations 0.5, 0.5, 1.5, 1.5, 2.5, 2.5, 3.5, 3.5, 4.5, …, so MAD 2.5.

    The edge is 5.5 + 8 × 1.4826 × 2.5 = 35.152.
    """
    inside = judged(method, spread(*TEN, "35.15"), SurveyContext())
    beyond = judged(method, spread(*TEN, "35.16"), SurveyContext())

    assert inside == []
    assert told(beyond) == [("outlier", "note", "x9", "kinh_phi", "B9")]
    assert "trung vị 5,50" in beyond[0].message


def test_a_small_group_or_one_of_equals_has_no_outliers(method: Framework) -> None:
    """Nine answers are too few, blanks do not count, and where half are the same nothing is far."""
    assert judged(method, spread(*TEN[:8], "1000", ""), SurveyContext()) == []
    assert judged(method, spread(*["5"] * 9, "1000"), SurveyContext()) == []


def test_outliers_are_sought_within_the_group(method: Framework) -> None:
    """A value that is far from its own group is named, though the other group has many like it."""
    high = tuple(f"{value}000" for value in range(1, 11))

    found = judged(method, [*spread(*TEN, "5000", group="nui"), *spread(*high, group="bien")], SurveyContext())

    assert told(found) == [("outlier", "note", "x9", "kinh_phi", "B9")]


def test_counts_are_compared_on_a_logarithmic_scale(method: Framework) -> None:
    """Populations from 1 to 512 double from one to the next; so 4,000 is not far, though 35 would be among 1 to 9."""
    doubling = [{"so_may": str(2**power)} for power in range(10)]

    assert judged(method, [*doubling, {"so_may": "4000"}], SurveyContext()) == []
    assert told(judged(method, [*doubling, {"so_may": str(10**15)}], SurveyContext())) == [
        ("outlier", "note", "x10", "so_may", "A10")
    ]


def test_a_table_edition_has_the_suite_it_had(method: Framework) -> None:
    """Without a context there is no further expectation and no further column."""
    given = answers.from_observations(method, (), pd.DataFrame(columns=list(COLUMNS), dtype="str"))
    plain, more = expectations.rules(method, "vi"), expectations.rules(method, "vi", SurveyContext())

    table = expectations.wide(method, given, score.score(given))

    assert [rule.name for rule in more[: len(plain)]] == [rule.name for rule in plain]
    assert {rule.name for rule in more[len(plain) :]} == {"evidence_missing", "outlier"}
    assert not [column for column in table if column.startswith(("evidence_missing", "changed_much", "outlier"))]


ASSESSMENT = """
title: {vi: Thử, en: Trial}
year: 2026
survey: {letter_date: 2026-10-05, period: {vi: Năm 2026, en: The year 2026}, previous: 2025-thu, change_factor: FACTOR}
frameworks:
  - {framework: phieu-thu, responses: responses/xa}
document:
  issuer: {vi: Dự án, en: Project}
  place: {vi: Việt Nam, en: Viet Nam}
  date: 2026-12-01
  type: {vi: BÁO CÁO, en: REPORT}
  abstract: {vi: Thử, en: Trial}
"""


def project(root: Path, factor: str = "3") -> editions.Setup:
    """An edition that is compared with 2025-thu."""
    edition = Edition(forms.EDITION, root)
    files = {
        root / "frameworks" / "phieu-thu.yaml": forms.SMALL,
        edition.assessment_file: ASSESSMENT.replace("FACTOR", factor),
        edition.units_file: "unit_id,name,unit_kind\n23611,Xã Đak Pling,xa\n",
    }
    for file, text in files.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return editions.load(edition)


def last_year(root: Path, framework_id: str, values: Mapping[str, str]) -> None:
    """Validated observations of the edition before."""
    rows = [("23611", field_id, value, *[""] * 7) for field_id, value in sorted(values.items())]
    file = Edition("2025-thu", root).validated / framework_id / "observations.csv"
    tables.write(pd.DataFrame(rows, columns=list(COLUMNS)), file)


NO_EVIDENCE = pd.DataFrame(columns=list(EVIDENCE_COLUMNS), dtype="str")


def test_the_previous_values_are_those_of_the_same_framework(tmp_path: Path) -> None:
    """Of two frameworks of the edition before, the one with the same id counts, blanks left out."""
    last_year(tmp_path, "phieu-thu", {"dan_so": "10", "so_may": ""})
    last_year(tmp_path, "khac", dict.fromkeys(forms.VALUES, "7"))

    context = load(project(tmp_path), "phieu-thu", NO_EVIDENCE)

    assert context == SurveyContext({}, {("23611", "dan_so"): "10"}, Fraction(3), "")


def test_a_framework_of_another_id_counts_where_its_fields_match(tmp_path: Path) -> None:
    """Without the same id, the framework with the most field ids in common is taken, if it shares at least half."""
    last_year(tmp_path, "nam-truoc", dict.fromkeys(forms.VALUES, "7"))
    last_year(tmp_path, "khac", {"dan_so": "1"})

    context = load(project(tmp_path), "phieu-thu", NO_EVIDENCE)

    assert context
    assert context.previous == {("23611", field_id): "7" for field_id in forms.VALUES}


def test_a_previous_edition_without_values_is_a_finding(tmp_path: Path, method: Framework) -> None:
    """Nothing is silently left out: a previous edition that has no values for the framework is a warning."""
    last_year(tmp_path, "khac", {"dan_so": "1"})

    context = load(project(tmp_path), "phieu-thu", NO_EVIDENCE)

    (found,) = judged(method, [{}], context)
    assert (found.rule, found.severity, found.unit_id) == ("previous_missing", "warning", "")
    assert found.file.endswith("data/validated/2025-thu")


def test_a_factor_must_be_above_one(tmp_path: Path) -> None:
    """With a factor of 1 every change would be much; the message says where it stands and what is expected."""
    with pytest.raises(UsageError, match=r"assessment\.yaml: survey\.change_factor is 1; it must be above 1"):
        load(project(tmp_path, "1"), "phieu-thu", NO_EVIDENCE)


def test_number_or_title_of_a_document_is_evidence(tmp_path: Path) -> None:
    """A document counts by its number or its title; a date or a remark alone names none."""
    rows = [
        ("23611", "so_hop", "", "Biên bản", "", "", "a", "S", "F1"),
        ("23611", "so_may", "12/QĐ", "", "", "", "a", "S", "F2"),
        ("23611", "ty_le", "", "", "2026-01-01", "đã nộp", "a", "S", "F3"),
    ]
    last_year(tmp_path, "phieu-thu", {"dan_so": "10"})

    context = load(project(tmp_path), "phieu-thu", pd.DataFrame(rows, columns=list(EVIDENCE_COLUMNS)))

    assert context
    assert context.evidence == {
        ("23611", "so_hop"): True,
        ("23611", "so_may"): True,
        ("23611", "ty_le"): False,
    }
