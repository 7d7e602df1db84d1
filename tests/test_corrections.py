"""The corrections ledger: what it accepts, what stops a run, what it does to findings, and what it would change."""

import dataclasses
from collections.abc import Callable, Sequence
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minhbach import corrections, corrections_apply, corrections_entry, corrections_words, findings, framework, units
from minhbach.corrections_entry import COLUMNS, Correction
from minhbach.corrections_findings import register
from minhbach.corrections_impact import impact
from minhbach.errors import DataError, FileError, UsageError
from minhbach.findings import Finding
from minhbach.framework import Framework
from minhbach.ingest import COLUMNS as OBSERVED
from minhbach.units import Units

FRAMEWORK = """
id: small
revision: 1
title: {vi: Nhỏ, en: Small}
source: {document: "1/QĐ"}
unit_kind: huyen
basis: sample
fields:
  may: {label: {vi: Số máy tính, en: Computers}, type: count, required: true}
  ty_le: {label: {vi: Tỷ lệ, en: Share}, type: percent}
  diem: {label: {vi: Điểm, en: Points}, type: number}
  co_mang: {label: {vi: Có mạng, en: Network}, type: yes_no}
  muc: {label: {vi: Mức, en: Degree}, type: choice, options: [Đầy đủ, Một phần]}
  ngay: {label: {vi: Ngày, en: Day}, type: date}
  ghi_chu: {label: {vi: Ghi chú, en: Remark}, type: text}
nodes:
  total: {label: {vi: Tổng điểm, en: Total}, max_points: 12, children: [HT, CD]}
  HT: {label: {vi: Hạ tầng, en: Infrastructure}, number: "1", max_points: 10,
       formula: "max_points * ratio(may, best(may))"}
  CD: {label: {vi: Có mạng, en: Network}, number: "2", max_points: 2, formula: "max_points * yes(co_mang)"}
levels:
  - id: muc_do
    label: {vi: Mức độ, en: Level}
    of: [total]
    bands: {I: 0.9, II: 0.6}
    otherwise: {vi: Không xếp hạng, en: Not ranked}
rankings:
  - {id: xep_hang, by: total, decimals: 2, label: {vi: Thứ hạng, en: Rank}}
"""
UNITS = "unit_id,name,unit_kind\n1,Huyện Một,huyen\n2,Huyện Hai,huyen\n3,Huyện Ba,huyen\n"
MAY = {"1": "10", "2": "20", "3": "15"}


@pytest.fixture(scope="module")
def method(tmp_path_factory: pytest.TempPathFactory) -> Framework:
    """The small framework above."""
    file = tmp_path_factory.mktemp("frameworks") / "small.yaml"
    file.write_text(FRAMEWORK, encoding="utf-8")
    return framework.load(file)


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> Units:
    """Three districts."""
    file = tmp_path_factory.mktemp("units") / "units.csv"
    file.write_text(UNITS, encoding="utf-8")
    return units.load(file)


@pytest.fixture
def ledger(tmp_path: Path) -> Callable[[str], Path]:
    """Writes a corrections.csv with these rows."""

    def write(rows: str) -> Path:
        file = tmp_path / "corrections.csv"
        file.write_text(",".join(COLUMNS) + "\n" + rows, encoding="utf-8")
        return file

    return write


def observed(**raw: str) -> pd.DataFrame:
    """Observations of `may` and `co_mang` of the three units; `raw` replaces raw texts: may_1="n/a" and so on."""
    rows = []
    for row, (unit_id, may) in enumerate(MAY.items(), start=2):
        for column, field_id, value in (("B", "co_mang", "yes"), ("C", "may", may)):
            text = raw.get(f"{field_id}_{unit_id}", value)
            read = value if text == value else ""
            place = ("bang.xlsx", "ab" * 32, "Sheet1", f"{column}{row}", "")
            rows.append((unit_id, field_id, read, text, "as_received" if read else "blank", *place))
    return pd.DataFrame(rows, columns=list(OBSERVED), dtype="str")


def entry(number: int, unit_id: str, expected: str, value: str, **more: object) -> Correction:
    """An entry C00n about `may` of a unit, on line n + 1 of the ledger."""
    made = Correction(
        correction_id=f"C{number:03d}",
        unit_id=unit_id,
        field_id="may",
        expected=expected,
        value=value,
        reason="Gõ nhầm",
        authority="Sở TT&TT",
        by="Nguyễn Văn A",
        date="2022-11-02",
        line=number + 1,
    )
    return dataclasses.replace(made, **more)  # type: ignore[arg-type]


def apply(method: Framework, table: pd.DataFrame, *entries: Correction, known: Sequence[Finding] = ()) -> pd.DataFrame:
    """The observations after the entries."""
    return corrections_apply.apply(table, entries, method.fields, known, "en").observations


def cell(table: pd.DataFrame, unit_id: str, field_id: str = "may") -> dict[str, str]:
    """One observation as a mapping."""
    rows = table[(table["unit_id"] == unit_id) & (table["field_id"] == field_id)]
    return dict(zip(rows.columns, rows.to_numpy().tolist()[0], strict=True))


def about(unit_id: str, field_id: str, rule: str = "not_a_number") -> Finding:
    """An error about one or several observations of a unit."""
    return findings.make(
        rule,
        "en",
        severity="error",
        unit_id=unit_id,
        field_id=field_id,
        file="bang.xlsx",
        cell="C2",
        expected="x",
        label="x",
        unit="x",
        check="x",
    )


# ---- applying --------------------------------------------------------------------------------------------


def test_a_corrected_observation_keeps_its_source(method: Framework) -> None:
    """The new value comes with its entry's id; raw text, file, sheet and cell stay, and the input is not changed."""
    before = observed()
    kept = before.copy(deep=True)

    after = apply(method, before, entry(1, "2", "20", "18"))

    assert cell(after, "2") == {
        "unit_id": "2",
        "field_id": "may",
        "value": "18",
        "raw_text": "20",
        "status": "corrected",
        "file": "bang.xlsx",
        "sha256": "ab" * 32,
        "sheet": "Sheet1",
        "cell": "C3",
        "correction_id": "C001",
    }
    pd.testing.assert_frame_equal(before, kept)
    pd.testing.assert_frame_equal(after.drop(index=3), before.drop(index=3))


def test_expected_text_is_the_raw_text_to_the_letter(method: Framework) -> None:
    """What must stand is the text of the cell with its spaces, and an empty text for a blank cell."""
    table = observed(may_1=" 1O ", may_3="")

    after = apply(method, table, entry(1, "1", " 1O ", "10"), entry(2, "3", "", "15"))

    assert (cell(after, "1")["value"], cell(after, "3")["value"]) == ("10", "15")
    with pytest.raises(DataError, match="The two look alike"):
        apply(method, table, entry(1, "1", "1o", "10"))


def test_a_value_can_be_taken_away(method: Framework) -> None:
    """An empty new value makes the observation blank, and says that a correction did."""
    after = apply(method, observed(), entry(1, "2", "20", ""))

    assert (cell(after, "2")["value"], cell(after, "2")["status"]) == ("", "corrected")


def test_a_correction_that_outlives_its_error_stops(method: Framework) -> None:
    """Once the unit sends the right value itself, the entry that expects the wrong one stops the run."""
    with pytest.raises(DataError) as caught:
        apply(method, observed(), entry(1, "2", "200", "20"))

    assert str(caught.value).splitlines() == [
        "corrections.csv: 1 of its entries do not hold. Nothing was changed.",
        "  line 2, C001: 2/may (Computers): the entry expects “200”, but “20” stands in bang.xlsx#Sheet1!C3. "
        "If the correction is still needed, write “20” in the column expected; otherwise take the entry out.",
    ]


def test_all_entries_that_do_not_hold_are_listed(method: Framework) -> None:
    """Stale, unmatched and doubled entries, and doubled ids, come in one error, in Vietnamese too."""
    entries = (
        entry(1, "1", "9", "10"),
        entry(2, "9", "9", "10"),
        entry(3, "2", "20", "18"),
        entry(4, "2", "20", "19"),
        entry(5, "1", "yes", "no", field_id="co_mang", correction_id="C003"),
    )

    with pytest.raises(DataError) as caught:
        corrections_apply.apply(observed(), entries, method.fields, (), "vi")

    lines = str(caught.value).splitlines()
    assert lines[0].startswith("corrections.csv: 4 dòng")
    assert sorted(line.split(":")[0].strip() for line in lines[1:]) == [
        "dòng 2, C001",
        "dòng 3, C002",
        "dòng 4",
        "dòng 5, C004",
    ]
    assert "đã được điều chỉnh ở dòng 4" in str(caught.value)
    assert "không có số liệu 9/may" in str(caught.value)


def test_round_two_corrects_what_round_one_made(method: Framework) -> None:
    """In round 2 the expected text is the value of round 1 and no longer the raw text."""
    first, second = entry(1, "2", "20", "18"), entry(2, "2", "18", "17", round=2)

    after = apply(method, observed(), second, first)

    assert (cell(after, "2")["value"], cell(after, "2")["correction_id"]) == ("17", "C002")
    with pytest.raises(DataError, match="expects “20”, but “18” stands"):
        apply(method, observed(), first, entry(2, "2", "20", "17", round=2))


@given(st.permutations(range(5)))
def test_the_order_in_the_file_makes_no_difference(method: Framework, order: list[int]) -> None:
    """Entries in any order give the same observations, the same findings and the same order of use."""
    entries = [
        entry(1, "1", "10", "11"),
        entry(2, "2", "20", "18"),
        entry(3, "2", "18", "17", round=2),
        entry(4, "1", "11", "12", round=2),
        entry(5, "3", "yes", "no", field_id="co_mang"),
    ]
    known = (about("1", "may"), about("3", "co_mang may", "check"))
    expected = corrections_apply.apply(observed(), entries, method.fields, known, "en")

    found = corrections_apply.apply(observed(), [entries[place] for place in order], method.fields, known, "en")

    pd.testing.assert_frame_equal(found.observations, expected.observations)
    assert (found.findings, found.used) == (expected.findings, expected.used)
    assert cell(found.observations, "1")["value"] == "12"


def test_no_entries_change_nothing(method: Framework) -> None:
    """An empty ledger gives the observations as they are."""
    pd.testing.assert_frame_equal(apply(method, observed()), observed())


# ---- which file counts -----------------------------------------------------------------------------------


def test_which_file_counts_is_a_decision(method: Framework) -> None:
    """A `_file` entry names the file that counts; a third file, or one that was not sent, stops the run."""
    chosen = entry(1, "2", "a.xlsx; b.xlsx", "b.xlsx", field_id="_file")

    def settle(*files: str, value: str = "b.xlsx") -> pd.DataFrame:
        made = dataclasses.replace(chosen, value=value)
        return corrections_apply.apply(observed(), [made], method.fields, (), "en", {"2": files}).observations

    assert corrections.counted([chosen]) == {"2": "b.xlsx"}
    pd.testing.assert_frame_equal(settle("b.xlsx", "a.xlsx"), observed())
    with pytest.raises(DataError, match=r"expects “a\.xlsx; b\.xlsx”, but “a\.xlsx; b\.xlsx; c\.xlsx” stands"):
        settle("a.xlsx", "b.xlsx", "c.xlsx")
    with pytest.raises(DataError, match=r"did not send the file “d\.xlsx”"):
        settle("a.xlsx", "b.xlsx", value="d.xlsx")
    with pytest.raises(DataError, match="no returned file to choose from"):
        corrections_apply.apply(observed(), [chosen], method.fields, (), "en")


def test_the_later_round_decides_which_file_counts() -> None:
    """Of two decisions about a unit's files the one of round 2 holds, wherever it stands."""
    first = entry(1, "2", "a; b", "a", field_id="_file")
    second = entry(2, "2", "a; b", "b", field_id="_file", round=2)

    assert corrections.counted([second, first]) == {"2": "b"}


# ---- findings --------------------------------------------------------------------------------------------


def test_an_answered_finding_stays_as_a_note(method: Framework) -> None:
    """A finding of a corrected cell, or one that an entry names, is a note with the entry as its answer."""
    own, named, other = about("1", "may"), about("2", "co_mang may", "check"), about("3", "may")
    entries = (entry(1, "1", "10", "11"), entry(2, "2", "20", "18", finding_id=named.finding_id))

    found = corrections_apply.apply(observed(), entries, method.fields, (own, named, other), "en").findings

    by_id = {finding.finding_id: (finding.severity, finding.answer) for finding in found}
    assert by_id == {
        own.finding_id: ("note", "C001"),
        named.finding_id: ("note", "C002"),
        other.finding_id: ("error", ""),
    }
    message = next(finding.message for finding in found if finding.finding_id == own.finding_id)
    assert message.endswith("Answered by C001: may is now “11”.")


def test_a_finding_about_several_answers_needs_to_be_named(method: Framework) -> None:
    """A correction of one of several answers does not by itself settle what they contradict each other in."""
    finding = about("1", "co_mang may", "check")

    found = corrections_apply.apply(observed(), [entry(1, "1", "10", "11")], method.fields, (finding,), "en").findings

    assert found == (finding,)


def test_an_entry_that_answers_nothing_is_noted(method: Framework) -> None:
    """A finding_id that is not in the register gives a note that names the line of the ledger."""
    made = entry(1, "1", "10", "11", finding_id="0123abcd")

    (found,) = corrections_apply.apply(observed(), [made], method.fields, (), "en").findings

    assert (found.severity, found.rule, found.answer) == ("note", "correction_answers_nothing", "C001")
    assert "corrections.csv, line 2: C001 answers the finding 0123abcd" in found.message


def test_judging_again_settles_what_is_broken_no_more(method: Framework) -> None:
    """What is broken before the corrections and not after them is a note with their ids; the rest stays an error."""
    mended, broken, fresh = about("1", "co_mang may", "check"), about("2", "may"), about("1", "co_mang")
    entries = [entry(1, "1", "10", "11")]
    applied = corrections_apply.apply(observed(), entries, method.fields, (mended, broken), "en")

    found = register(applied.findings, (mended, broken), (broken, fresh), applied.used, "en")

    assert {(each.finding_id, each.severity, each.answer) for each in found} == {
        (mended.finding_id, "note", "C001"),
        (broken.finding_id, "error", ""),
        (fresh.finding_id, "error", ""),
    }


# ---- reading the file ------------------------------------------------------------------------------------


def test_every_type_of_value_is_read(method: Framework, three: Units, ledger: Callable[[str], Path]) -> None:
    """New values follow the rules for answers: shares, yes and no, options, dates, and a comma or point as mark."""
    rest = "Gõ nhầm,Sở,,A,2022-11-02,1,"
    values = {"may": "18", "ty_le": "54/60", "diem": '"12,5"', "co_mang": "Có", "muc": "đầy đủ", "ngay": "05/11/2022"}
    rows = [f"C{n},1,{field},,{value},{rest}" for n, (field, value) in enumerate(values.items(), start=1)]
    path = ledger("\n".join([*rows, f'C7,1,ghi_chu," a, ""b"" ",,{rest}']) + "\n")

    loaded = corrections.load(path, [method], three)

    assert [each.value for each in loaded] == ["18", "0.9", "12.5", "yes", "Đầy đủ", "2022-11-05", ""]
    assert (loaded[6].expected, loaded[6].line, loaded[6].round) == (' a, "b" ', 8, 1)


def test_all_mistakes_of_the_ledger_are_said_at_once(
    method: Framework, three: Units, ledger: Callable[[str], Path]
) -> None:
    """Every mistake comes in one error, by line, with the nearest name and what was expected."""
    path = ledger(
        "C1,Huyen Hai,may,20,18,Nhầm,Sở,,A,2022-11-02,1,\n"
        "C2,2,mai,20,18,Nhầm,Sở,,A,2022-11-02,1,\n"
        "C3,2,may,20,một tá,,,,,02/11/2022,3,xyz\n"
        "C4,2,diem,20,1.234,Nhầm,Sở,,A,2022-11-02,1,\n"
        "C4,2,ty_le,20,54,Nhầm,Sở,,A,2022-11-02,1,\n"
        "C 5,1,muc,20,Đầy du,Nhầm,Sở,,A,2022-11-02,1,\n"
        "C6,1,may,20,18,Nhầm,Sở,,A,2022-11-02,1,\n"
        "C7,1,may,20,19,Nhầm,Sở,,A,2022-11-02,1,\n"
        "C8,1,_file,,,Nhầm,Sở,,A,2022-11-02,1,\n"
    )

    with pytest.raises(FileError) as caught:
        corrections.load(path, [method], three)

    told = str(caught.value)
    for expected in (
        "line 2: unit_id: there is no unit 'Huyen Hai'; did you mean '2' (Huyện Hai)?",
        "line 3: field_id: there is no field of this unit 'mai'; did you mean 'may'?",
        "line 4: value: 'một tá' cannot be taken; the field wants a whole number, 0 or more.",
        "line 4: reason: is empty.",
        "line 4: authority: is empty.",
        "line 4: by: is empty.",
        "line 4: date: '02/11/2022' is not a date such as 2022-10-24 (year-month-day).",
        "line 4: round: '3' must be 1 or 2.",
        "line 4: finding_id: 'xyz' is not an id such as 3fa2c01d.",
        "line 5: value: '1.234' cannot be taken; the field wants a number; it can be read as 1.234 / 1234.",
        "line 6: correction_id: 'C4' stands twice, first on line 5.",
        "for the share of that number write 0.54.",
        "line 7: correction_id: 'C 5' is not an id such as C001.",
        "line 7: value: 'Đầy du' cannot be taken; the field wants one of the options: Đầy đủ, Một phần; did you mean",
        "line 9: field_id: 1/may in round 1 stands twice, first on line 8.",
        "line 10: expected: is empty.",
        "line 10: value: is empty.",
    ):
        assert expected in told
    assert len(caught.value.problems) == 17


def test_an_edition_needs_no_ledger(method: Framework, three: Units, tmp_path: Path) -> None:
    """Without a corrections.csv there are no corrections."""
    assert corrections.load(tmp_path / "corrections.csv", [method], three) == ()


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"correction_id,unit_id\n", "line 1: field_id: the column is missing"),
        ((",".join(COLUMNS) + ",wer\n").encode(), "line 1: wer: is not a column of this file"),
        ((",".join(COLUMNS) + '\nC1,"1\n').encode(), "is not CSV"),
        ((",".join(COLUMNS) + "\nC1,Hu\xe9\n").encode("latin-1"), "line 2: is not UTF-8"),
    ],
)
def test_a_broken_ledger_is_refused(
    method: Framework, three: Units, tmp_path: Path, content: bytes, expected: str
) -> None:
    """A ledger with other columns, a quotation mark that is not closed, or another encoding is refused with a line."""
    file = tmp_path / "corrections.csv"
    file.write_bytes(content)

    with pytest.raises(FileError, match=r"corrections\.csv") as caught:
        corrections.load(file, [method], three)

    assert expected in str(caught.value)


def test_entries_belong_to_the_framework_of_their_unit(method: Framework, tmp_path: Path) -> None:
    """Of an edition's entries a framework gets those of its own kind of unit and its own fields."""
    file = tmp_path / "units.csv"
    file.write_text(UNITS + "9,Xã Chín,xa\n", encoding="utf-8")
    entries = [entry(1, "1", "10", "11"), entry(2, "9", "1", "2"), entry(3, "2", "a; b", "a", field_id="_file")]

    found = corrections.of_framework(entries, method, units.load(file))

    assert [each.correction_id for each in found] == ["C001", "C003"]


# ---- writing an entry ------------------------------------------------------------------------------------


def test_appending_never_changes_what_stands(method: Framework, three: Units, tmp_path: Path) -> None:
    """A new entry goes to the end, after a header in a new file, and reads back as what it was."""
    file = tmp_path / "corrections.csv"
    first = entry(1, "1", ' 1"0,\n', "11", evidence="Công văn 5/UBND, trang 2")

    corrections_entry.append(file, first)
    once = file.read_bytes()
    corrections_entry.append(file, entry(2, "2", "=1+1", "18", finding_id="0123abcd"))

    assert once.startswith(b"correction_id,unit_id,field_id,expected,value,")
    assert file.read_bytes().startswith(once)
    loaded = corrections.load(file, [method], three)
    assert [(each.expected, each.value) for each in loaded] == [(' 1"0,\n', "11"), ("=1+1", "18")]
    assert dataclasses.replace(loaded[0], line=2, written="") == first


def test_appending_follows_the_header_that_stands(method: Framework, three: Units, tmp_path: Path) -> None:
    """Columns in another order, a byte order mark and a last line without an end are all kept as they are."""
    file = tmp_path / "corrections.csv"
    order = [*COLUMNS[6:], *COLUMNS[:6]]
    before = b"\xef\xbb\xbf" + ",".join(order).encode() + b"\n" + "Sở,,A,2022-11-02,1,,C001,1,may,10,11,Nhầm".encode()
    file.write_bytes(before)

    corrections_entry.append(file, entry(2, "2", "20", "18"))

    assert file.read_bytes().startswith(before + b"\n")
    assert [each.value for each in corrections.load(file, [method], three)] == ["11", "18"]


@pytest.mark.parametrize("second", [entry(1, "2", "20", "18"), entry(2, "1", "10", "12")])
def test_a_second_entry_of_the_same_is_refused(tmp_path: Path, second: Correction) -> None:
    """An id or an observation of a round that is there already is refused, and the file stays as it is."""
    file = tmp_path / "corrections.csv"
    corrections_entry.append(file, entry(1, "1", "10", "11"))
    before = file.read_bytes()

    with pytest.raises(UsageError, match="line 2: C001 is there already"):
        corrections_entry.append(file, second)

    assert file.read_bytes() == before


texts = st.text(st.characters(exclude_categories=("Cs", "Cc"), include_characters="\n,\"'=;"), max_size=12)


@given(expected=texts, reason=texts.filter(str.strip), evidence=texts)
def test_what_is_appended_reads_back(
    method: Framework, three: Units, tmp_path_factory: pytest.TempPathFactory, expected: str, reason: str, evidence: str
) -> None:
    """Whatever the texts hold, the expected text comes back to the letter, the others without spaces around them."""
    file = tmp_path_factory.mktemp("ledger") / "corrections.csv"

    corrections_entry.append(file, entry(1, "1", expected, "11", reason=reason, evidence=evidence))
    (loaded,) = corrections.load(file, [method], three)

    assert (loaded.expected, loaded.reason, loaded.evidence) == (expected, reason.strip(), evidence.strip())


@pytest.mark.parametrize("value", ["1.234", "1234", "0.5", "12.5", "-3", "100000.123"])
def test_a_written_value_reads_back_as_itself(method: Framework, three: Units, tmp_path: Path, value: str) -> None:
    """A value that the ledger could read in two ways is spelt so that it can be read in one only."""
    file = tmp_path / "corrections.csv"

    corrections_entry.append(file, entry(1, "1", "10", value, field_id="diem"))

    (loaded,) = corrections.load(file, [method], three)
    assert loaded.value == value


def test_formula_like_texts_are_pointed_out() -> None:
    """A text that a spreadsheet program would run is named with its column; a negative number is not one."""
    risky = entry(1, "1", "=1+1", "-5", reason="@SUM(A1)", evidence="+84 24")

    assert corrections_entry.formula_like(risky) == ("expected", "reason", "evidence")
    assert "expected, reason, evidence" in corrections_words.formula_warning(risky, "en")
    assert corrections_words.formula_warning(entry(1, "1", "10", "-5"), "en") == ""


def test_a_new_entry_gets_the_next_id_and_what_stands(method: Framework) -> None:
    """The next id follows the highest, and what is expected is the raw text, or the value of an earlier correction."""
    table = observed(may_1="mười")
    first = entry(9, "1", "mười", "10")

    corrected = apply(method, table, first)

    assert corrections_entry.next_id([first, entry(2, "2", "", "", correction_id="X77")]) == "C010"
    assert corrections_entry.next_id([]) == "C001"
    assert corrections_entry.standing(table, "1", "may") == "mười"
    assert corrections_entry.standing(corrected, "1", "may") == "10"
    with pytest.raises(UsageError, match="no observation 1/mai"):
        corrections_entry.standing(table, "1", "mai")


GIVEN = {
    "unit_id": "2",
    "field_id": "may",
    "value": "18",
    "reason": "Gõ nhầm",
    "authority": "Sở",
    "by": "A",
    "date": "2022-11-02",
}


def test_a_proposed_entry_is_complete(method: Framework, three: Units, tmp_path: Path) -> None:
    """Id, expected text and round are filled in, and what is appended holds when it is applied."""
    first = corrections.propose(GIVEN, (), observed(), [method], three)
    after = apply(method, observed(), first)
    second = corrections.propose({**GIVEN, "value": "17"}, [first], after, [method], three)
    for each in (first, second):
        corrections_entry.append(tmp_path / "corrections.csv", each)

    assert (first.correction_id, first.expected, first.round) == ("C001", "20", 1)
    assert (second.correction_id, second.expected, second.round) == ("C002", "18", 2)
    loaded = corrections.load(tmp_path / "corrections.csv", [method], three)
    assert cell(apply(method, observed(), *loaded), "2")["value"] == "17"


def test_a_proposed_entry_with_mistakes_is_refused(method: Framework, three: Units) -> None:
    """A new entry is judged like one of the ledger, all mistakes at once; without data there is none."""
    wrong = {**GIVEN, "field_id": "mai", "reason": " ", "date": "2/11"}

    with pytest.raises(FileError) as caught:
        corrections.propose(wrong, (), observed(), [method], three)

    assert [problem.place for problem in caught.value.problems] == ["date", "field_id", "reason"]
    with pytest.raises(UsageError, match="no observation 2/diem"):
        corrections.propose({**GIVEN, "field_id": "diem"}, (), observed(), [method], three)


# ---- what would change -----------------------------------------------------------------------------------


def test_a_best_of_group_criterion_moves_other_units(method: Framework, three: Units) -> None:
    """When the best unit's value is corrected, all others' points, levels and ranks that move are told."""
    before = observed()
    after = apply(method, before, entry(1, "2", "20", "10"))

    found = impact(method, three, before, after)

    # 10·10/20 + 2 = 7, 10·20/20 + 2 = 12, 10·15/20 + 2 = 9.5; then the best is 15: 10·10/15 + 2 = 8.67 twice, and 12
    assert found.corrected == ("2",)
    assert found.others == ("1", "3")
    assert {(each.unit_id, each.of): (each.before, each.after) for each in found.changes if each.kind == "points"} == {
        ("1", "HT"): ("5", "6.666666666667"),
        ("1", "total"): ("7", "8.666666666667"),
        ("2", "HT"): ("10", "6.666666666667"),
        ("2", "total"): ("12", "8.666666666667"),
        ("3", "HT"): ("7.5", "10"),
        ("3", "total"): ("9.5", "12"),
    }
    # shares 7/12 = 0.58, 12/12, 9.5/12 = 0.79; then 8.67/12 = 0.72 twice, and 12/12; I from 0.9, II from 0.6
    assert {each.unit_id: (each.before, each.after) for each in found.changes if each.kind == "level"} == {
        "1": ("none", "II"),
        "2": ("I", "II"),
        "3": ("II", "I"),
    }
    assert {each.unit_id: (each.before, each.after) for each in found.changes if each.kind == "rank"} == {
        "1": ("3", "2"),
        "2": ("1", "2"),
        "3": ("2", "1"),
    }


def test_an_ordinary_criterion_moves_its_own_unit_and_ranks_only(method: Framework, three: Units) -> None:
    """A correction of an answer that is not compared changes its own points, and of others at most the rank."""
    before = observed()
    after = apply(method, before, entry(1, "3", "yes", "no", field_id="co_mang"))

    found = impact(method, three, before, after)

    # 9.5 - 2 = 7.5 is still above 7
    assert {each.unit_id for each in found.changes} == {"3"}
    assert found.of("3", "answer")[0].after == "no"
    assert found.of("3", "rank") == ()


def test_the_same_answers_change_nothing(method: Framework, three: Units) -> None:
    """Without a difference there is no change, and the words say so."""
    found = impact(method, three, observed(), observed())

    assert (found.changes, found.corrected, found.others) == ((), (), ())
    assert corrections_words.impact_words(found, three, "en").startswith("No result changes")


def test_words_fit_a_terminal(method: Framework, three: Units) -> None:
    """The words name every unit that moves, with before and after, in lines of at most 80 characters."""
    before = observed()
    found = impact(method, three, before, apply(method, before, entry(1, "2", "20", "10")))

    words = corrections_words.impact_words(found, three, "vi")

    assert max(map(len, words.splitlines())) <= 80
    assert "1 đơn vị được điều chỉnh và 2 đơn vị khác" in words
    for line in (
        r"Huyện Hai (2)",
        "Số máy tính  ... 20 → 10",
        "1 Hạ tầng  ... 10,00 → 6,67",
        "Mức độ  ... I → II",
        "Thứ hạng  ... 1 → 2",
    ):
        start, _, end = line.partition("  ... ")
        assert any(each.strip().startswith(start) and each.endswith(end) for each in words.splitlines()), line
    told = " ".join(words.split())
    assert "Huyện Một (1): Tổng điểm 7,00 → 8,67; Mức độ Không xếp hạng → II; Thứ hạng 3 → 2" in told


def test_answers_read_as_people_write_them(method: Framework) -> None:
    """Numbers, shares, yes and no, dates and blanks are shown in the manner of the language."""
    shown = {
        ("diem", "1234.5"): ("1.234,5", "1,234.5"),
        ("diem", "2/3"): ("2/3", "2/3"),
        ("ty_le", "0.545"): ("54,5\u00a0%", "54.5\u00a0%"),
        ("co_mang", "yes"): ("Có", "Yes"),
        ("ngay", "2022-11-05"): ("05/11/2022", "5 November 2022"),
        ("may", ""): ("(trống)", "(blank)"),
        ("ghi_chu", "a"): ("a", "a"),
    }

    for (field_id, value), (vi, en) in shown.items():
        question = method.fields[field_id]
        assert corrections_words.value_words(value, question, "vi") == vi
        assert corrections_words.value_words(value, question, "en") == en
