"""The shipped editions: what they say loads, counts and adds up, and the printed results follow from them."""

import csv
import hashlib
import unicodedata
from fractions import Fraction
from pathlib import Path

import pytest

from minhbach import assessment, framework, paths
from minhbach.assessment import Assessed, Assessment
from minhbach.framework import Framework
from minhbach.paths import Edition

SHIPPED = ("2017-tinh", "2019-bo", "2022-dti")
Rows = list[dict[str, str]]


@pytest.fixture(params=SHIPPED)
def edition(request: pytest.FixtureRequest, repository: Path) -> Edition:
    """Each shipped edition in turn."""
    return Edition(request.param, repository)


def settings(edition: Edition) -> tuple[Assessment, Assessed, Framework]:
    """An edition's settings, its only framework as assessed, and that framework."""
    loaded = assessment.load(edition)
    assert len(loaded.frameworks) == 1
    assessed = loaded.frameworks[0]
    return loaded, assessed, framework.load(paths.framework_file(assessed.framework, edition.root))


def rows_of(file: Path) -> Rows:
    """The rows of a CSV file by column name, every cell as text."""
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def table_of(name: str, root: Path) -> tuple[Rows, Rows]:
    """The table and the units of an edition."""
    edition = Edition(name, root)
    assessed = settings(edition)[1]
    return rows_of(edition.raw / assessed.table.file), rows_of(edition.units_file)


def spellings(unit: dict[str, str]) -> set[str]:
    """Every way in which a unit's name may be written."""
    return {unit["name"], *filter(None, unit["aliases"].split(";"))}


def competition_ranks(values: list[Fraction]) -> list[int]:
    """1 plus the number of larger values: equal values share a rank and the next ranks are skipped."""
    return [1 + sum(other > value for other in values) for value in values]


def test_three_editions_are_shipped(repository: Path) -> None:
    """The provinces of 2017, the ministries of 2019 and the five provinces of 2022 stand in data/raw."""
    assert set(SHIPPED) <= set(paths.editions(repository))


def test_every_field_has_its_column(edition: Edition) -> None:
    """An edition maps every field of its framework to a column that its table has, and no other field."""
    _, assessed, loaded = settings(edition)

    header = rows_of(edition.raw / assessed.table.file)[0].keys()

    assert set(assessed.table.columns) == set(loaded.fields)
    assert {assessed.table.unit_column, *assessed.table.columns.values()} <= set(header)
    assert assessed.table.decimal == "."


@pytest.mark.parametrize(
    ("name", "units", "rows", "kind"),
    [("2017-tinh", 63, 53, "tinh"), ("2019-bo", 21, 17, "bo"), ("2022-dti", 5, 5, "tinh")],
)
def test_counts(name: str, units: int, rows: int, kind: str, repository: Path) -> None:
    """Units and rows are as many as SOURCE.md says, ids differ, and the kind is the framework's."""
    table, listed = table_of(name, repository)
    loaded = settings(Edition(name, repository))[2]

    assert (len(listed), len(table)) == (units, rows)
    assert len({unit["unit_id"] for unit in listed}) == units
    assert {unit["unit_kind"] for unit in listed} == {kind} == {loaded.spec.unit_kind}


def test_every_row_is_one_unit_and_every_other_unit_is_absent(edition: Edition) -> None:
    """Each row names one unit, no unit twice; units without a row, and only they, are said to be absent."""
    _, assessed, _ = settings(edition)
    table, units = table_of(edition.name, edition.root)

    written = [row[assessed.table.unit_column] for row in table]
    matches = [[unit["unit_id"] for unit in units if name in spellings(unit)] for name in written]

    assert all(len(found) == 1 for found in matches)
    present = [found[0] for found in matches]
    assert len(set(present)) == len(present)
    assert set(assessed.absent) == {unit["unit_id"] for unit in units} - set(present)
    assert all(reason.vi and reason.en for reason in assessed.absent.values())


def test_absent_provinces_of_2017(repository: Path) -> None:
    """The ten provinces behind row 53 are absent by name, with a code that keeps its leading zero."""
    edition = Edition("2017-tinh", repository)
    names = {unit["unit_id"]: unit["name"] for unit in rows_of(edition.units_file)}

    absent = {unit_id: names[unit_id] for unit_id in settings(edition)[1].absent}

    assert absent == {
        "04": "Cao Bằng", "11": "Điện Biên", "12": "Lai Châu", "17": "Hòa Bình", "49": "Quảng Nam",
        "62": "Kon Tum", "70": "Bình Phước", "83": "Bến Tre", "93": "Hậu Giang", "94": "Sóc Trăng",
    }  # fmt: skip


def test_agencies_not_ranked_in_2019(repository: Path) -> None:
    """The four agencies left out of the ranking of 2019 are absent, and the reason names its source."""
    absent = settings(Edition("2019-bo", repository))[1].absent

    assert set(absent) == {"bo-cong-an", "bo-quoc-phong", "van-phong-chinh-phu", "uy-ban-dan-toc"}
    assert all("sggp.org.vn" in reason.vi and "sggp.org.vn" in reason.en for reason in absent.values())


def test_province_codes_are_official_text(repository: Path) -> None:
    """Province codes have two digits and are the official ones; a province has one code in all editions."""
    units = {unit["unit_id"]: unit["name"] for unit in rows_of(Edition("2017-tinh", repository).units_file)}
    leading = {unit["unit_id"]: unit["name"] for unit in rows_of(Edition("2022-dti", repository).units_file)}

    assert all(len(code) == 2 and code.isdigit() for code in units)
    assert units["01"] == "Hà Nội"
    assert units["96"] == "Cà Mau"
    assert leading.items() <= units.items()
    assert leading == {
        "22": "Quảng Ninh", "46": "Thừa Thiên Huế", "48": "Đà Nẵng", "79": "TP. Hồ Chí Minh", "92": "Cần Thơ",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "digest"),
    [
        ("2017-tinh", "77836a82ea4f280ad804cd047e52cdf10ebea25e895f30c696c37b87911ae439"),
        ("2019-bo", "8ed888ca25f5bdfcb6dfc57f3c840cb6d41be5fe10423f512233c7fbcbafb43c"),
        ("2022-dti", "f5fe0dbc7bd99882964a15b7d4e7af836a4116e62da9b6824d4f875c56db79d9"),
    ],
)
def test_tables_are_as_received(name: str, digest: str, repository: Path) -> None:
    """A table has the bytes it was received with, and SOURCE.md says so."""
    edition = Edition(name, repository)
    file = edition.raw / settings(edition)[1].table.file

    assert hashlib.sha256(file.read_bytes()).hexdigest() == digest
    assert f"| `{file.name}` | `{digest}` |" in (edition.raw / "SOURCE.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "sites"),
    [
        ("2017-tinh", {"vinhphuc.gov.vn"}),
        ("2019-bo", {"aita.gov.vn", "vccinews.com", "en.sggp.org.vn"}),
        ("2022-dti", {"dti.gov.vn", "eballsviet.com", "sctyenbai.gov.vn"}),
    ],
)
def test_sources_are_named(name: str, sites: set[str], repository: Path) -> None:
    """Where the figures were published stands in the settings, in both languages, and in SOURCE.md."""
    edition = Edition(name, repository)
    loaded = settings(edition)[0]
    texts = [
        (edition.raw / "SOURCE.md").read_text(encoding="utf-8"),
        " ".join(source.vi for source in loaded.sources),
        " ".join(source.en for source in loaded.sources),
    ]

    assert all(site in text for site in sites for text in texts)


def test_a_rebuild_is_no_state_document(edition: Edition) -> None:
    """A rebuild has no national header, number, parent body or signature; its notice says what it is."""
    document = settings(edition)[0].document

    assert not document.national_header
    assert (document.number, document.issuer_parent, document.signature) == ("", None, None)
    assert document.issuer.vi == "Dự án minhbach"
    assert document.draft
    assert document.notice is not None
    assert "không phải văn bản của cơ quan nhà nước" in document.notice.vi


@pytest.mark.parametrize(
    ("name", "basis"),
    [("2017-tinh", {"inferred"}), ("2019-bo", {"inferred"}), ("2022-dti", {"printed"})],
)
def test_legal_basis_says_what_is_inferred(name: str, basis: set[str], repository: Path) -> None:
    """Decisions whose application to the year no source prints are marked as inferred."""
    assert {law.basis for law in settings(Edition(name, repository))[0].legal_basis} == basis


def test_all_texts_are_composed_unicode(edition: Edition) -> None:
    """Every file of an edition and its framework is UTF-8 in composed form, with LF and a last line end."""
    files = [
        *sorted(edition.raw.iterdir()),
        paths.framework_file(settings(edition)[1].framework, edition.root),
    ]

    for text in (file.read_bytes().decode("utf-8") for file in files):
        assert unicodedata.is_normalized("NFC", text)
        assert "\r" not in text
        assert text.endswith("\n")


@pytest.mark.parametrize(("name", "year"), [("2017-tinh", "2017"), ("2019-bo", "2019")])
def test_printed_ranks_follow_from_printed_indices(name: str, year: str, repository: Path) -> None:
    """Ranking the published indices, equal index equal rank, gives every published rank."""
    table, _ = table_of(name, repository)

    ranks = competition_ranks([Fraction(row[f"index_{year}"]) for row in table])

    assert ranks == [int(row[f"rank_{year}"]) for row in table]


def test_ties_of_2017(repository: Path) -> None:
    """Ranks 17, 32 and 40 of 2017 are shared by two provinces each, and 18, 33 and 41 are skipped."""
    table, _ = table_of("2017-tinh", repository)
    ranks = [int(row["rank_2017"]) for row in table]

    assert {rank for rank in ranks if ranks.count(rank) == 2} == {17, 32, 40}
    assert set(range(1, 54)) - set(ranks) == {18, 33, 41}


def test_points_of_the_digital_transformation_index(repository: Path) -> None:
    """Five indices of 100 points, then 200, 150 and 150, make 500 + 500 = 1000 points."""
    nodes = framework.find("qd-922-2022-dti-tinh", repository).nodes

    points = {name: node.max_points for name, node in nodes.items() if node.formula and not node.information}

    assert sorted(points.values()) == [100, 100, 100, 100, 100, 150, 150, 200]
    assert points["diem_chinh_quyen_so"] == 200
    assert (nodes["nen_tang_chung"].max_points, nodes["hoat_dong"].max_points) == (500, 500)
    assert nodes["total"].max_points == 1000


def test_printed_values_of_2022_follow_from_the_main_indices(repository: Path) -> None:
    """(5 × 100 points + 200 + 150 + 150) / 1000 lies within 0.0001 of the published value of all five."""
    table, _ = table_of("2022-dti", repository)
    general = ("nhan_thuc_so", "the_che_so", "ha_tang_so", "nhan_luc_so", "an_toan_thong_tin")

    computed = [
        (
            100 * sum(Fraction(row[name]) for name in general)
            + 200 * Fraction(row["hoat_dong_chinh_quyen_so"])
            + 150 * Fraction(row["hoat_dong_kinh_te_so"])
            + 150 * Fraction(row["hoat_dong_xa_hoi_so"])
        )
        / 1000
        for row in table
    ]

    exact = ("0.800175", "0.716355", "0.702445", "0.69746", "0.692395")
    assert computed == [Fraction(value) for value in exact]
    published = [Fraction(row["pdti_published"]) for row in table]
    assert all(abs(value - printed) <= Fraction("0.0001") for value, printed in zip(computed, published, strict=True))
    assert competition_ranks(computed) == [int(row["rank"]) for row in table] == [1, 2, 3, 4, 5]


def test_printed_results_are_compared(repository: Path) -> None:
    """Each framework compares the published rank, and that of 2022 the published value within 0.0001 too."""
    named = {
        name: framework.find(name, repository)
        for name in ("ict-index-2017-tinh", "ict-index-2019-bo", "qd-922-2022-dti-tinh")
    }

    assert all(any(each.on == "rank" and each.field == "hang" for each in one.comparisons) for one in named.values())
    value = next(each for each in named["qd-922-2022-dti-tinh"].comparisons if each.field == "pdti")
    assert (value.on, value.decimals, value.tolerance) == ("share", 4, Fraction(1, 10000))


def test_ranking_rules(repository: Path) -> None:
    """Indices of 2017 are ranked at 3 decimals, those of 2019 and 2022 at 4, equal ones sharing a rank."""
    rules = {
        name: [(each.by, each.decimals, each.ties) for each in framework.find(name, repository).rankings]
        for name in ("ict-index-2017-tinh", "ict-index-2019-bo", "qd-922-2022-dti-tinh")
    }

    assert rules == {
        "ict-index-2017-tinh": [("total", 3, "min")],
        "ict-index-2019-bo": [("total", 4, "min")],
        "qd-922-2022-dti-tinh": [("total", 4, "min")],
    }


def test_classes_of_2019_are_a_sample_only(repository: Path) -> None:
    """The cut-offs of 2019 are marked as a sample, with a note; the other frameworks have no classes."""
    scheme = framework.find("ict-index-2019-bo", repository).levels[0]

    assert (scheme.id, scheme.basis, scheme.on) == ("xep_loai", "sample", "share")
    assert dict(scheme.bands) == {"Tốt": Fraction(85, 100), "Khá": Fraction(70, 100), "Trung bình": 0}
    assert scheme.note is not None
    assert "62/QĐ-BTTTT" in scheme.note.vi
    assert "must not be cited" in scheme.note.en
    assert not framework.find("ict-index-2017-tinh", repository).levels
    assert not framework.find("qd-922-2022-dti-tinh", repository).levels
