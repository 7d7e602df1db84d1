"""Charts of small frameworks: what stands in them, what they say in words, and that any result can be drawn."""

import csv
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import charted
import pytest

from minhbach import (
    report_charts,
    report_charts_change,
    report_charts_heat,
    report_charts_levels,
    report_charts_strip,
)
from minhbach.results import Results

FLAT = """
nodes:
  total: {label: {vi: Chỉ số, en: Index}, max_points: 1, formula: a}
levels:
  - id: xep_loai
    label: {vi: Xếp loại, en: Class}
    of: [total]
    on: share
    bands: {Tốt: 0.85, Khá: 0.70}
    otherwise: {vi: Không xếp loại, en: Not classified}
rankings: [{id: hang, by: total, within: unit_kind}]
"""
PARTS = """
nodes:
  total: {label: Tổng, max_points: 60, children: [one, two]}
  one: {label: {vi: Điều kiện, en: Readiness}, max_points: 20, children: [A, B]}
  two: {label: {vi: Kết quả, en: Results}, max_points: 40, children: [C, D]}
  A: {label: {vi: Hạ tầng, en: Infrastructure}, max_points: 12, formula: a}
  B: {label: Nhân lực, max_points: 8, formula: b}
  C: {label: Tương tác, max_points: 25, formula: c}
  D: {label: Giao dịch, max_points: 15, formula: n}
levels:
  - id: muc_do
    order: [I, II]
    labels: {I: {vi: Mức I, en: Level I}, II: {vi: Mức II, en: Level II}}
    otherwise: {vi: Không xếp hạng, en: Not ranked}
    conditions:
      I: {one: 18, A: 90%, two: 36}
      II: {one: 12, A: 50%, two: 20}
rankings: [{id: hang, by: total, within: unit_kind}]
"""
CATEGORIES = """
nodes:
  X: {label: Hạng mục một, max_points: 10, children: [x1, x2]}
  x1: {label: Một, max_points: 5, formula: a}
  x2: {label: Hai, max_points: 5, formula: b}
  Y: {label: Hạng mục hai, max_points: 20, children: [y1, y2]}
  y1: {label: Ba, max_points: 10, formula: c}
  y2: {label: Bốn, max_points: 10, formula: n}
levels: [{id: loai, of: [X, Y], on: share, bands: {Tốt: 0.8, Khá: 0.5}, otherwise: Dưới}]
rankings: [{id: hang_X, by: X, on: share}, {id: hang_Y, by: Y, on: share}]
"""
FULL = {"a": "11.5", "b": "7", "c": "24", "n": "14"}  # 18.5 + 38 = 56.5: level I
HALF = {"a": "8", "b": "5", "c": "15", "n": "10"}  # 13 + 25 = 38: level II; lacks 2.8 of A, 5 of one, 11 of two
POOR = {"a": "4", "b": "3", "c": "9", "n": "2"}  # 7 + 11 = 18: no level; lacks 2 of A, 5 of one, 9 of two
GOOD = {"a": "5", "b": "4", "c": "6", "n": "6"}
TWO = [charted.unit("u1"), charted.unit("u2")]
LONG = "Uỷ ban nhân dân phường Nguyễn Thị Minh Khai mở rộng – khu đô thị mới phía Đông thành phố (trực thuộc)"


def every(results: Results, folder: Path) -> list[charted.Chart]:
    """All charts of a framework's results, with a tenth less before."""
    made: list[tuple[str, str]] = []
    for ranking in results.framework.rankings:
        before = {unit.unit_id: (results.value(unit.unit_id, ranking) or 0) * Fraction(9, 10) for unit in results.units}
        for draw in (report_charts.charts, report_charts_heat.heat, report_charts_strip.strip):
            made += draw(results, ranking, folder)
        made += report_charts_change.change(results, ranking, before, folder)
    made += report_charts_levels.distribution(results, folder) + report_charts_levels.distances(results, folder)
    return charted.read(made, folder)


def chart(found: Sequence[charted.Chart], ending: str) -> charted.Chart:
    """The only chart whose reference has this ending."""
    (only,) = [each for each in found if each.reference.endswith(ending)]
    return only


def communes(count: int, parents: int) -> tuple[list[charted.Unit], list[dict[str, str]]]:
    """So many units with all values different, spread over so many parents (none: no parents)."""
    units = [charted.unit(f"x{place}", parent=f"h{place % parents}" if parents else "") for place in range(count)]
    rows = [
        {
            "a": f"{place * 12 / count:.2f}",
            "b": f"{place * 8 / count:.2f}",
            "c": f"{place * 25 / count:.2f}",
            "n": str(place % 16),
        }
        for place in range(count)
    ]
    return units, rows


@pytest.fixture
def three(tmp_path: Path) -> list[charted.Chart]:
    """The charts of three units: one at each of two levels, one below."""
    units = [
        charted.unit("u1", "Huyện Đắk Pơ"),
        charted.unit("u2", "Huyện Chư Păh"),
        charted.unit("u3", "Thị xã An Khê"),
    ]
    return every(charted.results(PARTS, units, [HALF, FULL, POOR]), tmp_path)


def test_ranked_bars_say_who_leads_and_how_many_stand_at_each_level(three: list[charted.Chart]) -> None:
    """The alternative text of ranked bars names the best and the last unit, the widest gap and the levels' counts."""
    said = chart(three, "test-hang").alternative

    assert "3 đơn vị" in said
    assert "Cao nhất là Huyện Chư Păh (56,50), thấp nhất là Thị xã An Khê (18,00)." in said
    assert "là 20,00: giữa Huyện Đắk Pơ và Thị xã An Khê" in said  # 56.5 - 38 = 18.5 is less
    assert "Mức I: 1; Mức II: 1; Không xếp hạng: 1" in said


def test_ranked_bars_stack_the_groups_of_each_part_with_its_thresholds(three: list[charted.Chart]) -> None:
    """Each part of a total has a panel with its groups stacked, and the levels' thresholds on that part by name."""
    bars = chart(three, "test-hang")

    assert bars.shown("value")["Huyện Chư Păh", "Hạ tầng"] == "11,50"
    assert bars.shown("value")["Huyện Chư Păh", "Điều kiện"] == "18,50"
    assert bars.shown("total")["Huyện Chư Păh", "Tổng"] == "56,50"
    assert {row["label"]: row["value"] for row in bars.rows if row["kind"] == "threshold"} == {
        "Mức II ≥ 12": "12",
        "Mức I ≥ 18": "18",
        "Mức II ≥ 20": "20",
        "Mức I ≥ 36": "36",
    }
    drawn = [text.content for text in bars.texts]
    assert {"Mức I ≥ 36", "Kết quả (điểm)", "Nhân lực", "56,50", "Mức I", "Mức II", "–"} <= set(drawn)


def test_a_heat_map_has_every_share_and_names_the_weakest_group(three: list[charted.Chart]) -> None:
    """A heat map writes the share of each unit in each group, and says which group is strongest and weakest."""
    heat = chart(three, "-heat")

    assert heat.shown("value")["Huyện Đắk Pơ", "Tương tác"] == "0,6000"  # 15 of 25
    assert len(heat.shown("value")) == 12
    # (11.5 + 8 + 4) / 36 = 0.6528, (7 + 5 + 3) / 24 = 0.625, (24 + 15 + 9) / 75 = 0.64, (14 + 10 + 2) / 45 = 0.5778
    assert "cao nhất là Hạ tầng (0,6528), thấp nhất là Giao dịch (0,5778)" in heat.alternative
    assert "Ô thấp nhất là Thị xã An Khê, nhóm Giao dịch (0,1333)" in heat.alternative


def test_the_distribution_counts_every_level(three: list[charted.Chart]) -> None:
    """The chart of levels has the number of units at each level, the fact that the text cites."""
    levels = chart(three, "-levels")

    rows = {row["label"]: (row["shown"], row["fact_id"]) for row in levels.rows if row["kind"] == "value"}

    assert rows == {
        "Mức I": ("1", "all/muc_do.I.count"),
        "Mức II": ("1", "all/muc_do.II.count"),
        "Không xếp hạng": ("1", "all/muc_do.none.count"),
    }


def test_distances_add_up_what_the_lowest_conditions_lack(three: list[charted.Chart]) -> None:
    """What a unit lacks is the sum over the groups; a part above a group that is missing is not counted twice."""
    distances = chart(three, "-distances")

    # To level I: A lacks 10.8 - 8, two lacks 36 - 25, one stands above A. To II: A lacks 6 - 4, two lacks 20 - 11.
    assert distances.shown("total") == {("Huyện Đắk Pơ", "Mức I"): "13,80", ("Thị xã An Khê", "Mức II"): "11,00"}
    assert "Gần mức kế trên nhất là Thị xã An Khê (còn thiếu 11,00 để đạt Mức II)" in distances.alternative


def test_change_shows_before_now_and_the_difference(three: list[charted.Chart]) -> None:
    """The chart of changes has both values of each unit and their difference, and says who rose most."""
    change = chart(three, "-change")

    assert change.shown("before")["Huyện Chư Păh", "hang"] == "50,85"
    assert change.shown("change")["Huyện Chư Păh", "hang"] == "5,65"
    assert "+5,65" in [text.content for text in change.texts]
    assert "3 tăng, 0 giảm, 0 không đổi. Thay đổi cao nhất là Huyện Chư Păh (+5,65)" in change.alternative


def test_a_strip_has_a_dot_for_each_unit_and_the_mean_of_its_row(tmp_path: Path) -> None:
    """The strip has a row per parent with the mean of its units, the highest first, and every unit's value."""
    units = [charted.unit(f"u{place}", parent="h1" if place < 3 else "h2") for place in (1, 2, 3)]
    rows = [{"a": "0.9"}, {"a": "0.5"}, {"a": "0.8"}]

    strip = chart(every(charted.results(FLAT, units, rows), tmp_path), "-strip")

    assert strip.shown("mean") == {("Huyện h1", "Chỉ số"): "0,70", ("Huyện h2", "Chỉ số"): "0,80"}
    assert strip.shown("value") == {
        ("Xã Đắk u1", "Huyện h1"): "0,90",
        ("Xã Đắk u2", "Huyện h1"): "0,50",
        ("Xã Đắk u3", "Huyện h2"): "0,80",
    }
    names = [text for text in strip.texts if text.content.startswith("Huyện h")]
    assert [text.content for text in sorted(names, key=lambda text: text.base)] == ["Huyện h2", "Huyện h1"]
    assert "Trung bình cao nhất là Huyện h2 (0,80), thấp nhất là Huyện h1 (0,70)" in strip.alternative


def test_what_a_framework_does_not_have_is_not_drawn(tmp_path: Path) -> None:
    """Without groups there is no heat map, without levels no distribution or distances, without parents no strip."""
    without = FLAT[: FLAT.index("levels:")] + FLAT[FLAT.index("rankings:") :]

    found = every(charted.results(without, TWO, [{"a": "1"}, {"a": "0.5"}]), tmp_path)

    assert [each.reference for each in found] == ["fig-test-hang", "fig-test-hang-change"]


def test_nobody_with_a_value_gives_no_chart(tmp_path: Path) -> None:
    """Where all answers are blank nothing is drawn, and nothing fails."""
    assert every(charted.results(PARTS, TWO, [{}, {}]), tmp_path) == []


def test_all_units_on_the_best_level_have_no_distance(tmp_path: Path) -> None:
    """Where every unit has the best level there are no distances to draw."""
    found = every(charted.results(PARTS, [charted.unit("u1")], [FULL]), tmp_path)

    assert not [each for each in found if each.reference.endswith("-distances")]


def test_many_units_are_drawn_by_the_units_they_belong_to(tmp_path: Path) -> None:
    """Of more units than fit a page the bars show both ends, heat map and change show parents, distances conditions."""
    units, rows = communes(70, parents=5)

    found = every(charted.results(PARTS, units, rows), tmp_path)

    bars, heat = chart(found, "test-hang"), chart(found, "-heat")
    assert [row["shown"] for row in bars.rows if row["kind"] == "rank"] == [
        *map(str, range(1, 21)),
        *map(str, range(51, 71)),
    ]
    assert "… 30 đơn vị ở giữa" in [text.content for text in bars.texts]
    assert {row["label"] for row in heat.rows if row["kind"] == "value"} == {f"Huyện h{place}" for place in range(5)}
    assert len(chart(found, "-change").shown("change")) == 5
    assert {series for _, series in chart(found, "-distances").shown("value")} == {"all", "alone"}
    assert len(chart(found, "-strip").shown("value")) == 70


def test_ranking_groups_have_headings(tmp_path: Path) -> None:
    """Where units are ranked within groups, the bars stand below the name of their group, each with its own ranks."""
    units = [charted.unit("u1", kind="phuong"), charted.unit("u2", kind="xa"), charted.unit("u3", kind="xa")]

    bars = chart(every(charted.results(FLAT, units, [{"a": "0.2"}, {"a": "0.9"}, {"a": "0.8"}]), tmp_path), "test-hang")

    lines = sorted((text.base, text.content) for text in bars.texts if text.left < 40 and not text.content[0].isdigit())
    assert [content for _, content in lines][:5] == ["phuong", "Xã Đắk u1", "xa", "Xã Đắk u2", "Xã Đắk u3"]
    assert bars.shown("rank") == {("Xã Đắk u1", "hang"): "1", ("Xã Đắk u2", "hang"): "1", ("Xã Đắk u3", "hang"): "2"}


def test_categories_with_rankings_of_their_own_share_one_chart(tmp_path: Path) -> None:
    """Bands on several categories give one chart of levels and one heat map, with a row or column per category."""
    units = TWO

    found = every(
        charted.results(CATEGORIES, units, [GOOD, {"a": "1", "b": "1", "c": "9", "n": "8"}]),
        tmp_path,
    )

    levels = chart(found, "-levels")
    assert levels.shown("value")["Tốt", "Hạng mục một"] == "1"
    assert {text.content for text in levels.texts} >= {"Hạng mục một", "Hạng mục hai", "Tốt", "Khá", "Dưới"}
    assert len(chart(found, "hang_X-heat").shown("value")) == 4
    assert chart(found, "hang_X-heat").caption.startswith("[Test]{.declared}")  # the framework, not one category
    assert not [each for each in found if each.reference.endswith("hang_Y-heat")]
    assert chart(found, "-distances").shown("value")["Hạng mục hai", "all"] == "1"


def test_unconfirmed_units_are_marked_and_the_caption_says_so(tmp_path: Path) -> None:
    """A unit whose data are not confirmed has an asterisk, explained in the caption of charts that name it."""
    results = charted.results(FLAT, TWO, [{"a": "1"}, {"a": "0.5"}])
    results.__dict__["unconfirmed"] = frozenset({"u2"})

    found = every(results, tmp_path)

    assert "Xã Đắk u2 *" in [text.content for text in chart(found, "test-hang").texts]
    assert "chưa được xác nhận" in chart(found, "test-hang").caption
    assert "chưa được xác nhận" not in chart(found, "-levels").caption


CASES: dict[str, tuple[str, list[charted.Unit], list[dict[str, str]]]] = {
    "three levels": (PARTS, [charted.unit(f"u{place}") for place in range(3)], [FULL, HALF, POOR]),
    "one unit": (PARTS, TWO[:1], [HALF]),
    "all equal": (PARTS, [charted.unit(f"u{place}") for place in range(9)], [HALF] * 9),
    "all zero": (PARTS, TWO, [{"a": "0", "b": "0", "c": "0", "n": "0"}] * 2),
    "negative": (PARTS, TWO, [FULL, {"a": "-3", "b": "-1.5", "c": "2", "n": "0"}]),
    "blank": (PARTS, TWO, [FULL, {"a": "1"}]),
    "huge": (PARTS, TWO, [FULL, {**FULL, "c": "123456789.125"}]),
    "long names": (PARTS, [charted.unit(f"u{place}", f"{LONG} {chr(65 + place)}") for place in range(14)], [HALF] * 14),
    "one long word": (FLAT, [charted.unit("u1", "X" * 90), charted.unit("u2", "Ý" * 40)], [{"a": "1"}, {"a": "0.1"}]),
    "many, with parents": (PARTS, *communes(70, parents=5)),
    "many, without parents": (PARTS, *communes(64, parents=0)),
    "categories": (CATEGORIES, TWO, [GOOD, {"a": "1", "b": "1"}]),
}


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("case", CASES)
def test_any_result_can_be_drawn_and_read(case: str, language: str, tmp_path: Path) -> None:
    """In every chart nothing overlaps, is cut off or too small, and each number drawn or said is in its table."""
    results = charted.results(*CASES[case], language)

    found = every(results, tmp_path)

    facts = {fact.fact_id: fact.shown for fact in results.ledger.facts}
    assert len(found) >= 3
    assert {each.reference: charted.faults(each) for each in found if charted.faults(each)} == {}
    assert {each.reference: wrong for each in found if (wrong := charted.outside_facts(each, facts))} == {}
    assert not [each for each in found if charted.NUMBER.search(each.caption)]


@pytest.mark.parametrize("case", ["three levels", "long names", "many, with parents", "many, without parents"])
def test_both_languages_draw_the_same_facts(case: str, tmp_path: Path) -> None:
    """The charts of both languages cite the same facts with the same exact values."""
    cited = []
    for language in ("vi", "en"):
        results = charted.results(*CASES[case], language)
        every(results, tmp_path / language)
        cited.append({fact.fact_id: fact.value for fact in results.ledger.facts})

    assert cited[0] == cited[1] != {}


def test_the_same_results_give_the_same_bytes(tmp_path: Path) -> None:
    """Drawing the same results twice gives the same files, byte for byte."""
    for folder in ("first", "second"):
        every(charted.results(*CASES["three levels"]), tmp_path / folder)

    first, second = (
        {file.name: file.read_bytes() for file in (tmp_path / each / "figures").iterdir()}
        for each in ("first", "second")
    )

    assert len(first) == 10
    assert first == second


def test_a_table_can_be_read_by_any_reader_of_csv(tmp_path: Path) -> None:
    """A chart's table has one header and as many cells in each row, also where names have commas and quotes."""
    units = [charted.unit("u1", 'Xã "Một", hai'), charted.unit("u2")]

    bars = chart(every(charted.results(FLAT, units, [{"a": "1"}, {"a": "0"}]), tmp_path), "test-hang")

    with bars.svg.with_suffix(".csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))
    assert rows[0] == ["kind", "label", "series", "value", "shown", "fact_id"]
    assert {len(row) for row in rows} == {6}
    assert 'Xã "Một", hai' in {row[1] for row in rows}


def test_names_are_text_and_nothing_else(tmp_path: Path) -> None:
    """Signs of mathematics, markup and direction in a unit's name are printed or dropped, never obeyed."""
    units = [charted.unit("u1", "Xã $x^2$ <b>&amp;\u202e\x07 Đ"), charted.unit("u2")]

    found = every(charted.results(FLAT, units, [{"a": "1"}, {"a": "0"}]), tmp_path)

    assert "Xã $x^2$ <b>&amp; Đ" in [text.content for text in chart(found, "test-hang").texts]
