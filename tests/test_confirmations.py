"""Confirmations: what a unit signs, what makes its signature void, and the sheets and register that are printed."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from projects import bytes_of, change, pdf_text

from minhbach import confirmations, editions, findings, tables, units
from minhbach.confirmations import COLUMNS, Confirmation
from minhbach.confirmations_sheets import Sheets, Validated, sheets
from minhbach.corrections_entry import Correction
from minhbach.editions import Setup
from minhbach.errors import FileError, UsageError
from minhbach.ingest import COLUMNS as OBSERVED
from minhbach.paths import Edition
from minhbach.units import Units

ASSESSMENT = """
title: {vi: Khảo sát thử, en: Trial survey}
year: 2022
survey: {letter_date: 2022-10-03, period: "2022", rounds: [1, 2]}
frameworks:
  - {framework: small, responses: responses}
document:
  issuer: {vi: Sở Thử, en: Trial Department}
  place: {vi: Gia Lai, en: Gia Lai}
  date: 2022-12-01
  type: {vi: BÁO CÁO, en: REPORT}
  abstract: {vi: Kết quả, en: Results}
  national_header: false
"""
FRAMEWORK = """
id: small
revision: 1
title: {vi: Nhỏ, en: Small}
source: {document: "1/QĐ"}
unit_kind: huyen
sections: {A: {vi: Thông tin chung, en: General}}
fields:
  ghi_chu: {label: {vi: Ghi chú, en: Remark}, type: text, section: A}
  may: {label: {vi: Số máy tính, en: Computers}, type: number}
nodes:
  total: {label: {vi: Tổng, en: Total}, max_points: 10, formula: "capped(may, 10)"}
"""
UNITS = "unit_id,name,unit_kind\n622,Thành phố Pleiku,huyen\n623,Thị xã An Khê,huyen\n624,Thị xã Ayun Pa,huyen\n"
HOSTILE = '=HYPERLINK("a")|#eval[x] $1$ <b>*_`'
# The canonical texts as anybody would write them by hand, in the order of code points.
SIGNED = {
    "622": "622\tghi_chu\t" + HOSTILE + "\n622\tmay\t1234.5\n",
    "623": "623\tghi_chu\t\n623\tmay\t8\n",
}
NOW = {unit_id: hashlib.sha256(text.encode()).hexdigest() for unit_id, text in SIGNED.items()}
OTHER = "0" * 64


@pytest.fixture(scope="module")
def setup(tmp_path_factory: pytest.TempPathFactory) -> Setup:
    """An edition of three districts and two questions that requires both rounds."""
    root = tmp_path_factory.mktemp("project")
    edition = Edition("thu", root)
    edition.raw.mkdir(parents=True)
    (root / "frameworks").mkdir()
    edition.assessment_file.write_text(ASSESSMENT, encoding="utf-8")
    edition.units_file.write_text(UNITS, encoding="utf-8")
    (root / "frameworks" / "small.yaml").write_text(FRAMEWORK, encoding="utf-8")
    return editions.load(edition)


@pytest.fixture
def three(tmp_path: Path) -> Units:
    """Three districts."""
    file = tmp_path / "units.csv"
    file.write_text(UNITS, encoding="utf-8")
    return units.load(file)


@pytest.fixture
def ledger(tmp_path: Path) -> Callable[[str], Path]:
    """Writes a confirmations.csv with these rows."""

    def write(rows: str) -> Path:
        file = tmp_path / "confirmations.csv"
        file.write_text(",".join(COLUMNS) + "\n" + rows, encoding="utf-8")
        return file

    return write


def observed(may_623: str = "8") -> pd.DataFrame:
    """Observations of two of the three units; the third is absent."""
    values = [("622", "may", "1234.5", "E11"), ("622", "ghi_chu", HOSTILE, "E10")]
    values += [("623", "may", may_623, "E11"), ("623", "ghi_chu", "", "E10")]
    rows = []
    for unit_id, field_id, value, cell in values:
        file = (f"responses/{unit_id}.xlsx", "ab" * 32, "Phiếu khảo sát")
        rows.append((unit_id, field_id, value, value, "as_received" if value else "blank", *file, cell, ""))
    return pd.DataFrame(rows, columns=list(OBSERVED), dtype="str")


def of_unit(table: pd.DataFrame, unit_id: str) -> pd.DataFrame:
    """The observations of one unit."""
    return table[table["unit_id"] == unit_id]


def signature(unit_id: str, number: int, sha256: str, date: str = "2022-11-10") -> Confirmation:
    """A unit's sign-off."""
    return Confirmation(unit_id, number, sha256, "Trần Thị B", "Chủ tịch", date, "12/GXN")


def states(table: pd.DataFrame) -> dict[tuple[str, str], str]:
    """State by unit and round."""
    return {(row.unit_id, row.round): row.state for row in tables.rows(table)}


# ---- what is signed --------------------------------------------------------------------------------------


@pytest.mark.parametrize("unit_id", ["622", "623"])
def test_a_digest_can_be_computed_by_hand(unit_id: str) -> None:
    """The digest is the SHA-256 of lines unit, tab, field, tab, value, in the order of their code points."""
    table = of_unit(observed(), unit_id)

    assert confirmations.canonical(table) == SIGNED[unit_id]
    assert confirmations.digest(table) == NOW[unit_id]


def test_a_digest_is_about_values_only() -> None:
    """Order, address, raw text and status do not change what is signed; a value does, and so does the unit."""
    table = of_unit(observed(), "623")
    moved = table.iloc[::-1].assign(cell="Z9", raw_text="x", status="corrected", correction_id="C001")
    foreign = table.assign(unit_id="624")

    assert confirmations.digest(moved) == NOW["623"]
    assert confirmations.digest(foreign) != NOW["623"]
    assert confirmations.digest(of_unit(observed(may_623="9"), "623")) != NOW["623"]


values = st.text(st.sampled_from("a1\\tn\t\n\r"), max_size=6)


@given(first=st.tuples(values, values), second=st.tuples(values, values))
def test_different_values_never_sign_alike(first: tuple[str, str], second: tuple[str, str]) -> None:
    """Whatever signs the values hold, two units' answers have the same text only if they are the same."""

    def text(pair: tuple[str, str]) -> str:
        rows = [("1", field_id, value) for field_id, value in zip(("a", "b"), pair, strict=True)]
        return confirmations.canonical(pd.DataFrame(rows, columns=["unit_id", "field_id", "value"], dtype="str"))

    assert (text(first) == text(second)) == (first == second)
    assert text(first).count("\n") == 2


# ---- confirmed, void, missing ----------------------------------------------------------------------------


def test_states_of_confirmations(three: Units) -> None:
    """Who signed what stands is confirmed, who signed something else void, the others missing; absent ones are out."""
    signed = [signature("622", 1, NOW["622"]), signature("623", 1, OTHER)]

    table = confirmations.status(three, observed(), signed, (1, 2))

    assert states(table) == {
        ("622", "1"): "confirmed",
        ("622", "2"): "missing",
        ("623", "1"): "void",
        ("623", "2"): "missing",
    }
    row = table.iloc[0].to_dict()
    assert (row["sha256"], row["now"], row["by"]) == (NOW["622"], NOW["622"], "Trần Thị B")
    assert (row["date"], row["document"]) == ("2022-11-10", "12/GXN")


def test_a_later_correction_makes_a_confirmation_void(three: Units) -> None:
    """After a change of one value the signature no longer fits: both hashes are there to see, other units stay."""
    signed = [signature("622", 1, NOW["622"]), signature("623", 1, NOW["623"])]

    table = confirmations.status(three, observed(may_623="9"), signed, (1,))

    after = hashlib.sha256(b"623\tghi_chu\t\n623\tmay\t9\n").hexdigest()
    assert states(table) == {("622", "1"): "confirmed", ("623", "1"): "void"}
    assert table.iloc[1][["sha256", "now"]].tolist() == [NOW["623"], after]


def test_signing_again_confirms_again(three: Units) -> None:
    """Of several signatures of a round the one that fits counts, in whichever order they stand."""
    signed = [signature("623", 1, NOW["623"], "2022-11-20"), signature("623", 1, OTHER, "2022-11-25")]

    for each in (signed, signed[::-1]):
        table = confirmations.status(three, observed(), each, (1,))
        assert table.iloc[1][["state", "date"]].tolist() == ["confirmed", "2022-11-20"]


def test_the_latest_void_signature_is_shown(three: Units) -> None:
    """Where no signature fits, the latest by date is shown as void."""
    signed = [signature("623", 1, "1" * 64, "2022-11-25"), signature("623", 1, OTHER, "2022-11-20")]

    table = confirmations.status(three, observed(), signed, (1,))

    assert table.iloc[1][["state", "date", "sha256"]].tolist() == ["void", "2022-11-25", "1" * 64]


def test_a_signature_without_data_is_void(three: Units) -> None:
    """A unit that signed and whose data are gone is void, with nothing to compare."""
    table = confirmations.status(three, observed(), [signature("624", 1, OTHER)], (1,))

    assert table.iloc[2][["unit_id", "state", "now"]].tolist() == ["624", "void", ""]


def test_the_last_round_speaks_for_the_earlier_ones(three: Units) -> None:
    """A unit is confirmed when it signed every round and the last signature holds; otherwise the report lists it."""
    both = [signature("623", 1, OTHER), signature("623", 2, NOW["623"])]
    only_last = [signature("622", 2, NOW["622"])]

    def listed(*signed: Confirmation) -> tuple[str, ...]:
        return confirmations.unconfirmed(confirmations.status(three, observed(), signed, (1, 2)))

    assert listed(*both) == ("622",)
    assert listed(*both, *only_last) == ("622",)
    assert listed(*both, *only_last, signature("622", 1, NOW["622"])) == ()
    assert listed(*both, signature("622", 1, NOW["622"]), signature("622", 2, OTHER)) == ("622",)


def test_no_round_required_means_nothing_is_listed(three: Units) -> None:
    """An edition that requires no round has an empty table."""
    table = confirmations.status(three, observed(), (), ())

    assert table.columns.tolist() == list(confirmations.STATUS)
    assert (len(table), confirmations.unconfirmed(table)) == (0, ())


# ---- reading the file ------------------------------------------------------------------------------------


def test_confirmations_are_read(three: Units, ledger: Callable[[str], Path], tmp_path: Path) -> None:
    """A row gives the sign-off it says; without the file there are none."""
    path = ledger(f"622,1,{NOW['622']},Trần Thị B,Chủ tịch,2022-11-10,12/GXN\n")

    assert confirmations.load(path, three, (1, 2)) == (signature("622", 1, NOW["622"]),)
    assert confirmations.load(tmp_path / "nothing.csv", three, (1, 2)) == ()


def test_all_mistakes_of_confirmations_are_said_at_once(three: Units, ledger: Callable[[str], Path]) -> None:
    """Every mistake comes in one error, by line."""
    path = ledger(
        f"Thi xa An Khe,1,{OTHER},A,B,2022-11-10,\n"
        f"622,2,{OTHER},,,10/11/2022,\n"
        "623,1,ABC,A,B,2022-11-10,\n"
        f"624,1,{OTHER},A,B,2022-11-10,\n"
        f"624,1,{OTHER},C,D,2022-11-11,\n"
    )

    with pytest.raises(FileError) as caught:
        confirmations.load(path, three, (1,))

    told = str(caught.value)
    for expected in (
        "line 2: unit_id: there is no unit 'Thi xa An Khe'; did you mean '623' (Thị xã An Khê)?",
        "line 3: round: '2' is not a round that assessment.yaml requires (survey: rounds): 1.",
        "line 3: by: is empty.",
        "line 3: post: is empty.",
        "line 3: date: '10/11/2022' is not a date",
        "line 4: sha256: 'ABC' is not a SHA-256: 64 digits 0-9 and a-f, as printed on the unit's sheet.",
        "line 6: unit_id: the confirmation of 624 for round 1 with this sha256 stands twice, first on line 5.",
    ):
        assert expected in told
    assert len(caught.value.problems) == 7


# ---- sheets and register ---------------------------------------------------------------------------------


def validated(may_623: str = "8") -> dict[str, Validated]:
    """What the validating stage hands over: a finding about 622 and a correction of 623."""
    found = findings.make(
        "not_a_number", "vi", severity="warning", unit_id="622", file="responses/622.xlsx", cell="E10", value=HOSTILE
    )
    entry = Correction("C001", "623", "may", "tám", "8", "Gõ chữ", "Công văn 5/UBND", "Lê Văn C", "2022-11-02")
    table = observed(may_623)
    corrected = (table["unit_id"] == "623") & (table["field_id"] == "may")
    table.loc[corrected, ["raw_text", "status", "correction_id"]] = ["tám", "corrected", "C001"]
    return {"small": Validated(table, findings.frame([found]), [entry])}


def write(setup: Setup, folder: Path, language: str = "vi", number: int = 1, *signed: Confirmation) -> Sheets:
    """The sheets of a round in a folder."""
    return sheets(setup, validated(), signed, number, folder, language)


def test_a_sheet_shows_everything_that_is_signed(setup: Setup, tmp_path: Path) -> None:
    """A sheet has the values with raw text and cell, findings, corrections, the hash, and two places to sign."""
    made = write(setup, tmp_path / "round1")

    text = pdf_text(made.sheets["623"])
    for expected in (
        "PHIẾU XÁC NHẬN SỐ LIỆU",
        "Thị xã An Khê, lần 1",
        "SỞ THỬ",
        "Gia Lai, ngày ....... tháng ....... năm 20.....",
        "Số máy tính 8 (C001) tám E11",
        "Không có phát hiện nào.",
        "C001 Số máy tính tám 8 Gõ chữ; Công văn 5/UBND (02/11/2022, Lê Văn C)",
        NOW["623"],
        "NGƯỜI LẬP PHIẾU",
        "THỦ TRƯỞNG ĐƠN VỊ",
    ):
        assert expected in text
    assert "CỘNG HÒA" not in text


def test_texts_from_workbooks_are_printed_as_they_are(setup: Setup, tmp_path: Path) -> None:
    """Markup and formulas in an answer appear on the sheet letter by letter."""
    made = write(setup, tmp_path / "round1")

    text = pdf_text(made.sheets["622"])
    unbroken = text.replace("\u200b", "").replace(
        " ", ""
    )  # lines break inside it: as value, as raw text, in the finding
    assert unbroken.count(HOSTILE.replace(" ", "")) == 3
    assert "1.234,5 1234.5 E11" in text
    assert "Không có số liệu nào bị thay đổi." in text


def test_sheets_come_in_english_and_with_the_national_header(setup: Setup, tmp_path: Path) -> None:
    """The words follow the language, and Quốc hiệu stands on a sheet only if the edition's document says so."""
    change(setup.edition.assessment_file, "national_header: false", "national_header: true")
    try:
        made = write(editions.load(setup.edition), tmp_path / "round2", "en", 2)
    finally:
        change(setup.edition.assessment_file, "national_header: true", "national_header: false")

    text = pdf_text(made.sheets["622"])
    assert "CONFIRMATION SHEET" in text
    assert "SOCIALIST REPUBLIC OF VIET NAM" in text
    assert "Computers 1,234.5 1234.5 E11" in text


def test_hashes_can_be_checked_with_sha256sum(setup: Setup, tmp_path: Path) -> None:
    """Beside each sheet stands the text that is signed, and SHA256SUMS lists the hash of each file."""
    made = write(setup, tmp_path / "round1")

    names = sorted(file.name for file in made.folder.iterdir())
    assert names == ["622.pdf", "622.txt", "623.pdf", "623.txt", "SHA256SUMS", "register.csv", "register.pdf"]
    lines = (made.folder / "SHA256SUMS").read_text().splitlines()
    assert lines == [f"{NOW['622']}  622.txt", f"{NOW['623']}  623.txt"]
    assert {name: hashlib.sha256((made.folder / f"{name}.txt").read_bytes()).hexdigest() for name in NOW} == NOW


def test_the_register_lists_every_unit(setup: Setup, tmp_path: Path) -> None:
    """The register tells who has confirmed, whose confirmation is void, and who has no data to confirm."""
    made = write(setup, tmp_path / "round1", "vi", 1, signature("622", 1, NOW["622"]), signature("623", 1, OTHER))

    table = tables.read(made.folder / "register.csv")
    assert states(table) == {("622", "1"): "confirmed", ("623", "1"): "void"}
    text = pdf_text(made.register)
    assert "1 trên 2 đơn vị có số liệu đã xác nhận; 1 xác nhận hết hiệu lực" in text
    assert "1 đơn vị không có số liệu" in text
    assert f"Thành phố Pleiku (622) đã xác nhận {NOW['622'][:12]} {NOW['622'][:12]} 10/11/2022" in text
    assert "Thị xã Ayun Pa (624) không có số liệu" in text


def test_the_same_data_give_the_same_bytes(setup: Setup, tmp_path: Path) -> None:
    """Written twice, the folder holds the same bytes, and what an earlier round left in it is gone."""
    first = bytes_of(write(setup, tmp_path / "a").folder)
    again = tmp_path / "b"
    write(setup, again)
    (again / "999.pdf").write_bytes(b"old")

    write(setup, again)

    assert bytes_of(again) == first
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a", "b"]


def test_a_folder_with_other_files_is_left_alone(setup: Setup, tmp_path: Path) -> None:
    """A folder that is not one of sheets is not replaced."""
    (tmp_path / "mine.txt").write_text("x")

    with pytest.raises(UsageError, match="holds other files"):
        write(setup, tmp_path)

    assert (tmp_path / "mine.txt").read_text() == "x"


def test_a_round_that_is_not_required_is_refused(setup: Setup, tmp_path: Path) -> None:
    """Sheets are made only for rounds that assessment.yaml names."""
    change(setup.edition.assessment_file, "rounds: [1, 2]", "rounds: [2]")
    try:
        less = editions.load(setup.edition)
    finally:
        change(setup.edition.assessment_file, "rounds: [2]", "rounds: [1, 2]")

    with pytest.raises(UsageError, match="requires 2, not round 1"):
        write(less, tmp_path / "round1", "en")
