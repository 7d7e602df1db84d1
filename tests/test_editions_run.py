"""The shipped editions through the whole command: the printed results come out, and the report says so."""

import csv
from decimal import Decimal
from pathlib import Path

import projects
import pytest
from projects import Ran

FRAMEWORKS = {"2019-bo": "ict-index-2019-bo", "2017-tinh": "ict-index-2017-tinh", "2022-dti": "qd-922-2022-dti-tinh"}
TABLES = {
    "2019-bo": "ministries_2019.csv",
    "2017-tinh": "provinces_2017_rows_1_to_53.csv",
    "2022-dti": "dti_2022_top5.csv",
}
Rows = list[dict[str, str]]


@pytest.fixture
def ran(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """One shipped edition after its run."""
    return projects.shipped(tmp_path_factory, request.param)


@pytest.fixture
def english(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """The five provinces of 2022, with a report in English."""
    return projects.shipped(tmp_path_factory, "2022-dti", "--lang", "en")


def rows_of(file: Path) -> Rows:
    """The rows of a CSV file by column name."""
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def received(ran: Ran) -> dict[str, dict[str, str]]:
    """The received rows by unit id; units are found by name or alias in units.csv."""
    ids = {
        spelling: unit["unit_id"]
        for unit in rows_of(ran.edition.units_file)
        for spelling in (unit["name"], *unit["aliases"].split(";"))
    }
    return {ids[row["unit"]]: row for row in rows_of(ran.edition.raw / TABLES[ran.edition.name])}


def result(ran: Ran, name: str) -> Rows:
    """A table of the draft."""
    return rows_of(ran.draft / FRAMEWORKS[ran.edition.name] / name)


@pytest.mark.parametrize("ran", FRAMEWORKS, indirect=True)
def test_a_run_is_quiet(ran: Ran) -> None:
    """A good run that nobody watches leaves with 0, says two lines on stdout and nothing on stderr."""
    assert ran.outcome.returncode == 0
    assert ran.outcome.stderr == ""
    assert ran.outcome.stdout.count("\n") == 2
    assert f"reports/{ran.edition.name}/draft/report.pdf" in ran.outcome.stdout
    assert (ran.draft / "report.pdf").read_bytes().startswith(b"%PDF-")


@pytest.mark.parametrize("ran", FRAMEWORKS, indirect=True)
def test_a_run_leaves_nothing_behind(ran: Ran) -> None:
    """Beside the draft only the log and the lock remain, and the raw data are as they were."""
    raw = projects.REPOSITORY / "data" / "raw" / ran.edition.name

    assert {file.name for file in ran.edition.reports.iterdir()} - {".lock"} == {"draft", "run.log"}
    assert projects.bytes_of(ran.edition.raw) == projects.bytes_of(raw)


@pytest.mark.parametrize(
    ("ran", "count"), [("2019-bo", 17), ("2017-tinh", 53), ("2022-dti", 5)], indirect=["ran"]
)  # fmt: skip
def test_every_printed_rank_comes_out(ran: Ran, count: int) -> None:
    """Every published rank is computed again, in ranks.csv, in the comparison and in the report's sentence."""
    year = {"2019-bo": "_2019", "2017-tinh": "_2017", "2022-dti": ""}[ran.edition.name]
    printed = {unit_id: row[f"rank{year}"] for unit_id, row in received(ran).items()}

    ranks = {row["unit_id"]: row["rank"] for row in result(ran, "ranks.csv")}
    compared = [row for row in result(ran, "comparisons.csv") if row["comparison"] == "so_hang"]

    assert len(printed) == count
    assert ranks == printed
    assert [row["agrees"] for row in compared] == ["yes"] * count
    assert f"{count} trên {count} giá trị tính lại khớp" in projects.pdf_text(ran.draft / "report.pdf")


@pytest.mark.parametrize("ran", ["2017-tinh"], indirect=True)
def test_ties_share_a_rank_and_the_next_is_skipped(ran: Ran) -> None:
    """The provinces of 2017 have three ties, 17 17 19, 32 32 34 and 40 40 42, each naming the other unit."""
    ranks = {row["unit_id"]: row for row in result(ran, "ranks.csv")}

    tied = {unit_id: row for unit_id, row in ranks.items() if row["tied_with"]}
    order = sorted(int(row["rank"]) for row in ranks.values())

    assert sorted(int(row["rank"]) for row in tied.values()) == [17, 17, 32, 32, 40, 40]
    assert (order[16:19], order[31:34], order[39:42]) == ([17, 17, 19], [32, 32, 34], [40, 40, 42])
    assert all(ranks[row["tied_with"]]["tied_with"] == unit_id for unit_id, row in tied.items())


@pytest.mark.parametrize("ran", ["2017-tinh"], indirect=True)
def test_absent_provinces_are_listed(ran: Ran) -> None:
    """Ten provinces without a row are in the report by name, have no score and no rank, and are notes only."""
    absent = (
        "Cao Bằng", "Điện Biên", "Lai Châu", "Hòa Bình", "Quảng Nam", "Kon Tum", "Bình Phước", "Bến Tre", "Hậu Giang",
        "Sóc Trăng",
    )  # fmt: skip
    ids = {unit["name"]: unit["unit_id"] for unit in rows_of(ran.edition.units_file)}
    printed = projects.pdf_text(ran.draft / "report.pdf")

    notes = rows_of(ran.edition.validated / "ict-index-2017-tinh" / "findings.csv")
    scored = {row["unit_id"] for name in ("scores.csv", "ranks.csv") for row in result(ran, name)}

    assert [name for name in absent if f"{name} Bản chép của nguồn dừng sau dòng 53" not in printed] == []
    assert {(note["rule"], note["severity"]) for note in notes} == {("unit_absent_known", "note")}
    assert len(notes) == 10
    assert len(scored) == 53
    assert not scored & {ids[name] for name in absent}


@pytest.mark.parametrize("ran", ["2022-dti"], indirect=True)
def test_overall_values_of_2022_follow(ran: Ran) -> None:
    """(5 × 100 + 200 + 150 + 150 points) / 1000 gives all five printed values within 0.0001; the report shows both."""
    weights = {
        "nhan_thuc_so": 100, "the_che_so": 100, "ha_tang_so": 100, "nhan_luc_so": 100, "an_toan_thong_tin": 100,
        "hoat_dong_chinh_quyen_so": 200, "hoat_dong_kinh_te_so": 150, "hoat_dong_xa_hoi_so": 150,
    }  # fmt: skip
    printed = projects.pdf_text(ran.draft / "report.pdf")
    expected = {
        unit_id: sum(weight * Decimal(row[name]) for name, weight in weights.items())
        for unit_id, row in received(ran).items()
    }

    totals = {row["unit_id"]: row for row in result(ran, "scores.csv") if row["node_id"] == "total"}

    assert {unit_id: Decimal(row["points"]) for unit_id, row in totals.items()} == expected
    assert {unit_id: Decimal(row["share"]) * 1000 for unit_id, row in totals.items()} == expected
    for unit_id, row in received(ran).items():
        assert abs(expected[unit_id] / 1000 - Decimal(row["pdti_published"])) <= Decimal("0.0001")
        assert f"{expected[unit_id]:.3f}".replace(".", ",") in printed
    assert "Đà Nẵng 433,180 366,995 800,175 0,8002" in printed


@pytest.mark.parametrize("ran", ["2019-bo"], indirect=True)
def test_classes_of_2019_are_computed(ran: Ran) -> None:
    """A ministry's class is the highest band its index reaches: 0.85 and above good, 0.70 fair, below that average."""
    indices = {unit_id: Decimal(row["index_2019"]) for unit_id, row in received(ran).items()}

    classes = {row["unit_id"]: row["level"] for row in result(ran, "levels.csv")}

    assert classes == {
        unit_id: "Tốt" if value >= Decimal("0.85") else "Khá" if value >= Decimal("0.7") else "Trung bình"
        for unit_id, value in indices.items()
    }


def test_an_english_report(english: Ran) -> None:
    """`--lang en` gives a report whose connecting words are English and whose decimal mark is a point."""
    printed = projects.pdf_text(english.draft / "report.pdf")
    text = english.text("report.md")

    assert english.outcome.returncode == 0
    assert "\nDone. Report: reports/2022-dti/draft/report.pdf" in english.outcome.stdout
    assert "800.175 0.8002" in printed
    assert "800,175" not in printed
    assert "5 of 5 recomputed values agree" in printed
    assert '<html lang="en">' in english.text("report.html")
    for words in ("Kết quả", "Đơn vị", "đơn vị", "Thứ hạng", "Điểm", "Phương pháp", "Căn cứ", "Số liệu", "chữ số"):
        assert words not in text, words
        assert words not in printed, words


def test_both_languages_have_the_same_facts(english: Ran, tmp_path_factory: pytest.TempPathFactory) -> None:
    """The English and the Vietnamese report cite the same facts with the same exact values."""
    both = [rows_of(ran.draft / "facts.csv") for ran in (english, projects.shipped(tmp_path_factory, "2022-dti"))]

    first, second = ([(row["fact_id"], row["value"], row["source"]) for row in rows] for rows in both)

    assert len(first) > 50
    assert first == second
