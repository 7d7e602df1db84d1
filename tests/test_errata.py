"""The ledger of errata: how its lines are read, which document they make, and how one is written."""

import dataclasses
from collections.abc import Callable
from pathlib import Path

import pytest

from minhbach import assessment_words, errata
from minhbach.assessment_document import OfficialDocument
from minhbach.errata import COLUMNS, Erratum
from minhbach.errors import FileError, UsageError
from minhbach.parts import Words

HEADER = "version,replaces,replaced_number,replaced_date,corrections,number,date,notice_number,by\n"
SECOND = "v2,v1,45/BC-SA,2026-11-21,C004; C005,46,2026-12-01,47,Nguyễn Văn A\n"
THIRD = "v3,v2,46/BC-SA,2026-12-01,C006,52/BC-SA,2026-12-20,53/TB-SA,Trần Thị B\n"
LINE = Erratum(
    "v2", "v1", "45/BC-SA", "2026-11-21", ("C004", "C005"), "46", "2026-12-01", "47", "Nguyễn Văn A"
)  # fmt: skip


def document(number: str = "45", symbol: str = "BC-SA", date: str = "2026-11-21") -> OfficialDocument:
    """The document of an assessment.yaml."""
    return OfficialDocument(
        issuer=Words(vi="Sở A", en="A"),
        place=Words(vi="Huế", en="Hue"),
        number=number,
        symbol=symbol,
        date=date,
        type=Words(vi="BÁO CÁO", en="REPORT"),
        abstract=Words(vi="Kết quả", en="Results"),
    )


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str], Path]:
    """Writes an errata.csv with these lines, beside a ledger with the entries C001 to C006."""

    def write(lines: str) -> Path:
        entries = "".join(f"C00{number},u\n" for number in range(1, 7))
        (tmp_path / "corrections.csv").write_text(f"correction_id,unit_id\n{entries}", encoding="utf-8")
        file = tmp_path / "errata.csv"
        file.write_text(HEADER + lines, encoding="utf-8")
        return file

    return write


def mistakes(file: Path) -> list[str]:
    """Every mistake of a file, as `line N: column: message`."""
    with pytest.raises(FileError) as caught:
        errata.load(file)
    return [str(problem) for problem in caught.value.problems]


def test_an_edition_needs_no_ledger_of_errata(tmp_path: Path) -> None:
    """Without the file there are no lines, and the document of assessment.yaml is in force."""
    assert errata.load(tmp_path / "errata.csv") == ()
    assert errata.effective(document(), ()) == (document(), None)


def test_a_line_says_which_document_replaces_which(written: Callable[[str], Path]) -> None:
    """A line is read as it stands; numbers without a symbol take that of the document replaced, and TB for a notice."""
    (line,) = errata.load(written(SECOND))

    assert line == LINE
    assert (line.whole, line.notice) == ("46/BC-SA", "47/TB-SA")


@pytest.mark.parametrize(
    ("replaced", "number", "notice", "whole", "told"),
    [
        ("45", "46", "7", "46", "07/TB"),
        ("45/2026/BC-SA", "46/2026", "47/2026", "46/2026/BC-SA", "47/2026/TB-SA"),
        ("45/BC", "5", "47/TBao-X", "05/BC", "47/TBao-X"),
    ],
)
def test_numbers_take_the_symbol_that_they_lack(replaced: str, number: str, notice: str, whole: str, told: str) -> None:
    """With or without a year, a number is printed with two figures at least and with one symbol, where there is one."""
    line = dataclasses.replace(LINE, replaced_number=replaced, number=number, notice_number=notice)

    assert (line.whole, line.notice) == (whole, told)


def test_the_document_in_force_is_the_last_of_the_chain(written: Callable[[str], Path]) -> None:
    """Number and date are those of the last line that leads on from assessment.yaml, in whatever order they stand."""
    lines = errata.load(written(THIRD + SECOND))

    in_force, line = errata.effective(document(), lines)

    assert (assessment_words.number(in_force), in_force.date) == ("52/BC-SA", "2026-12-20")
    assert line is not None
    assert (line.version, line.corrections) == ("v3", ("C006",))
    assert [each.version for each in errata.chain(document(), lines)] == ["v2", "v3"]


@pytest.mark.parametrize(
    ("number", "symbol", "date", "found"),
    [
        ("45/BC-SA", "", "2026-11-21", "46/BC-SA"),
        ("045", "BC-SA", "2026-11-21", "46/BC-SA"),
        ("46", "BC-SA", "2026-12-01", "46/BC-SA"),
        ("45", "BC-SA", "2026-11-22", ""),
        ("45", "BC-SB", "2026-11-21", ""),
        ("60", "BC-SA", "2027-03-01", ""),
    ],
)
def test_another_document_begins_anew(number: str, symbol: str, date: str, found: str) -> None:
    """A document is replaced only if number, symbol and date are those of a line; one that has replaced is in force."""
    in_force, line = errata.effective(document(number, symbol, date), [LINE])

    assert (line is not None) == (found == "46/BC-SA" and number != "46")
    assert assessment_words.number(in_force) == (found or f"{number}/{symbol}")


def test_every_mistake_is_said_at_once(written: Callable[[str], Path]) -> None:
    """Forms, versions, dates and entries: each mistake is named with its line and column."""
    found = mistakes(
        written(
            "v2,v1,45/BC-SA,2026-11-21,C004; C009,46,2026-11-01,47,A\n"
            "two,v1,bc,2026-13-01,,47,2026-12-01,x/,\n"
            "v2,v2,46/BC-SA,2026-11-01,C004,48,2026-12-02,49,B\n"
        )
    )

    assert found == [
        "line 2: corrections: corrections.csv has no entry 'C009'; write its correction_id.",
        "line 2: date: 2026-11-01 is before 2026-11-21, the date of the document that is replaced.",
        "line 3: by: is empty.",
        "line 3: corrections: is empty.",
        "line 3: notice_number: 'x/' must be a number such as 7, or one with its symbol such as 7/BC-STTTT.",
        "line 3: replaced_date: '2026-13-01' is not a date such as 2022-10-24 (year-month-day).",
        "line 3: replaced_number: 'bc' must be a number such as 7, or one with its symbol such as 7/BC-STTTT.",
        "line 3: version: 'two' is not a version such as v2.",
        "line 4: corrections: the entry 'C004' stands twice, first on line 2.",
        "line 4: version: the version v2 stands twice, first on line 2.",
        "line 4: version: v2 cannot replace v2; a later version replaces an earlier one.",
    ]


def test_a_document_is_replaced_once(written: Callable[[str], Path]) -> None:
    """A chain that forks is refused, and so are two lines that make the same document."""
    fork = "v3,v1,45/BC-SA,2026-11-21,C006,48/BC-SA,2026-12-20,49,B\n"
    meets = "v4,v3,47/BC-SA,2026-11-30,C001,046/BC-SA,2026-12-01,50,B\n"

    assert mistakes(written(SECOND + fork + meets)) == [
        "line 3: replaced_number: that 45/BC-SA is replaced stands twice, first on line 2.",
        "line 4: number: that 046/BC-SA of 2026-12-01 replaces a document stands twice, first on line 2.",
    ]


def test_a_chain_that_comes_back_is_refused(written: Callable[[str], Path]) -> None:
    """No document replaces itself, neither at once nor through others; each line of the circle is named."""
    same = "v2,v1,45/BC-SA,2026-12-01,C004,45,2026-12-01,47,A\n"
    there = "v2,v1,45/BC-SA,2026-12-01,C004,46,2026-12-01,47,A\n"
    back = "v3,v2,46/BC-SA,2026-12-01,C005,45,2026-12-01,48,A\n"

    end = "is replaced by itself in the end; give a new number."
    assert mistakes(written(same)) == [f"line 2: number: 45/BC-SA of 2026-12-01 {end}"]
    assert mistakes(written(there + back)) == [
        f"line 2: number: 46/BC-SA of 2026-12-01 {end}",
        f"line 3: number: 45/BC-SA of 2026-12-01 {end}",
    ]


def test_without_a_ledger_no_entry_is_known(written: Callable[[str], Path], tmp_path: Path) -> None:
    """Entries that no corrections.csv has are mistakes, also where there is no such file."""
    file = written(SECOND)
    (tmp_path / "corrections.csv").unlink()

    assert [each.partition(";")[0] for each in mistakes(file)] == [
        "line 2: corrections: corrections.csv has no entry 'C004'",
        "line 2: corrections: corrections.csv has no entry 'C005'",
    ]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"version,replaces\nv2,v1\n", "line 1: replaced_number: the column is missing; add it to the header."),
        (b"\xff\xfe", "line 1: is not UTF-8; save the file as CSV UTF-8."),
    ],
)
def test_what_is_no_ledger_is_refused_by_line(tmp_path: Path, content: bytes, told: str) -> None:
    """A file without the columns, or that is no CSV in UTF-8, is named with its line."""
    (tmp_path / "errata.csv").write_bytes(content)

    assert told in mistakes(tmp_path / "errata.csv")


def test_a_line_is_written_at_the_end(written: Callable[[str], Path]) -> None:
    """What is written is read back the same; no byte before it changes, and columns stay in the order of the header."""
    file = written("")
    file.unlink()

    errata.append(file, LINE)
    before = file.read_bytes()
    third = Erratum(
        "v3", "v2", "46/BC-SA", "2026-12-01", ("C006",), "52/BC-SA", "2026-12-20", "53/TB-SA", "Trần Thị B"
    )  # fmt: skip
    errata.append(file, third)

    assert before.decode() == HEADER + SECOND
    assert file.read_bytes() == before + THIRD.encode()
    assert errata.load(file) == (LINE, third)
    assert ",".join(COLUMNS) + "\n" == HEADER


def test_a_line_that_is_there_is_not_written_again(written: Callable[[str], Path]) -> None:
    """A second line for a version, or for a document that is replaced already, is refused and nothing changes."""
    file = written(SECOND)
    fork = dataclasses.replace(LINE, version="v3", replaced_number="045/BC-SA", number="50")

    for line in (LINE, fork):
        with pytest.raises(UsageError, match="line 2: v2 is there already"):
            errata.append(file, line)

    assert file.read_text(encoding="utf-8") == HEADER + SECOND
