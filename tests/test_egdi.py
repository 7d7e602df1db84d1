"""The e-government index of the United Nations: 193 countries, recomputed from its three printed components."""

import csv
import re
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import projects
import pytest
from conftest import SharedFolder
from projects import Project, Ran

FRAMEWORK = """
id: egdi
revision: 1
title: {vi: Chỉ số phát triển Chính phủ điện tử, en: E-Government Development Index}
source: {document: UN E-Government Survey}
unit_kind: country
basis: inferred
fields:
  osi: {label: Online Service Index, type: number, required: true, min: 0, max: 1}
  hci: {label: Human Capital Index, type: number, required: true, min: 0, max: 1}
  tii: {label: Telecommunication Infrastructure Index, type: number, required: true, min: 0, max: 1}
  printed: {label: Printed index, type: number}
  printed_rank: {label: Printed rank, type: count}
nodes:
  egdi: {label: E-Government Development Index, max_points: 1, formula: "mean(osi, hci, tii)", required: true}
rankings:
  - {id: place, by: egdi, decimals: 4, ties: min, label: Rank by index}
rounding: {shown: 4, share: 4, mode: half_up, level_on: rounded, rank_on: rounded}
comparisons:
  - {id: values, field: printed, against: egdi, decimals: 4, label: Index against the printed one}
  - {id: ranks, field: printed_rank, against: place, on: rank, label: Rank against the printed one}
"""
ASSESSMENT = """
title: {{vi: Chỉ số EGDI, en: EGDI}}
year: {year}
language: en
frameworks:
  - framework: egdi
    table:
      file: egdi_{year}.csv
      unit_column: Country Name
      columns:
        osi: Online Service Index
        hci: Human Capital Index
        tii: Telecommunication Infrastructure Index
        printed: E-Government Index
        printed_rank: E-Government Rank
      decimal: "."
document:
  issuer: Test
  place: Test
  date: 2020-01-31
  type: {{vi: BÁO CÁO, en: REPORT}}
  abstract: Test
  national_header: false
"""
COMPONENTS = ("Online Service Index", "Human Capital Index", "Telecommunication Infrastructure Index")
_ran: dict[str, Ran] = {}


@pytest.fixture
def ran(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, shared: SharedFolder) -> Ran:
    """The edition of one year after its run, with the table as it was received."""
    year = str(request.param)
    if year not in _ran:
        _ran[year] = run(projects.project(tmp_path_factory.mktemp(f"egdi-{year}")), year, shared)
    return _ran[year]


def run(made: Project, year: str, shared: SharedFolder) -> Ran:
    """Makes and runs an edition whose units are the countries that the table names."""
    edition = made.edition(f"egdi-{year}")
    source = shared(f"real/egdi_{year}.csv")
    edition.raw.mkdir(parents=True)
    (edition.raw / source.name).write_bytes(source.read_bytes())
    (made.folder / "frameworks" / "egdi.yaml").write_text(FRAMEWORK, encoding="utf-8")
    edition.assessment_file.write_text(ASSESSMENT.format(year=year), encoding="utf-8")
    with edition.units_file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(["unit_id", "name", "unit_kind"])
        writer.writerows([key, row["Country Name"].strip(), "country"] for key, row in countries(source).items())
    return Ran(made, edition, made.command("run", edition.name))


def countries(source: Path) -> dict[str, dict[str, str]]:
    """The rows of the received table by the unit id that this test gives them."""
    with source.open(encoding="utf-8", newline="") as stream:
        return {f"c{place:03}": row for place, row in enumerate(csv.DictReader(stream))}


def indices(rows: dict[str, dict[str, str]]) -> dict[str, Decimal]:
    """The mean of three components, half up at four places."""
    return {
        unit_id: (sum(Decimal(row[name]) for name in COMPONENTS) / 3).quantize(Decimal("0.0001"), ROUND_HALF_UP)
        for unit_id, row in rows.items()
    }


def table(ran: Ran, name: str) -> list[dict[str, str]]:
    """A table of the draft."""
    with (ran.draft / "egdi" / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.parametrize("ran", [2018, 2020], indirect=True)
def test_all_indices_follow_from_their_components(ran: Ran) -> None:
    """In both years 193 of 193 indices are the mean of three components, and equal the printed index exactly."""
    rows = countries(next(ran.edition.raw.glob("egdi_*.csv")))
    expected = indices(rows)

    values = {row["unit_id"]: row for row in table(ran, "comparisons.csv") if row["comparison"] == "values"}

    assert ran.outcome.returncode == 0, ran.outcome.stderr
    assert len(rows) == len(values) == 193
    assert sum(row["Country Name"].endswith(" ") for row in rows.values()) > 10
    assert {unit_id: Decimal(row["computed"]) for unit_id, row in values.items()} == expected
    assert all(expected[unit_id] == Decimal(row["E-Government Index"]) for unit_id, row in rows.items())
    assert {row["agrees"] for row in values.values()} == {"yes"}


@pytest.mark.parametrize("ran", [2018, 2020], indirect=True)
def test_ranks_follow_from_rounded_indices(ran: Ran) -> None:
    """Each rank is one more than the number of countries with a larger rounded index, so ties share it."""
    values = indices(countries(next(ran.edition.raw.glob("egdi_*.csv"))))

    ranks = {row["unit_id"]: int(row["rank"]) for row in table(ran, "ranks.csv")}

    assert ranks == {key: 1 + sum(other > value for other in values.values()) for key, value in values.items()}
    assert len(set(ranks.values())) < 193


@pytest.mark.parametrize("ran", [2018], indirect=True)
def test_all_ranks_of_2018_are_the_printed_ones(ran: Ran) -> None:
    """For 2018 all 193 ranks equal the printed ones, and the report says so."""
    rows = countries(ran.edition.raw / "egdi_2018.csv")

    ranks = {row["unit_id"]: row["rank"] for row in table(ran, "ranks.csv")}

    assert ranks == {unit_id: row["E-Government Rank"] for unit_id, row in rows.items()}
    assert "193 of 193 recomputed values agree" in projects.pdf_text(ran.draft / "report.pdf")


@pytest.mark.parametrize("ran", [2020], indirect=True)
def test_four_ranks_of_2020_are_reported_as_not_following(ran: Ran) -> None:
    """For 2020 exactly four printed ranks do not follow; table, report and web page name them with both ranks."""
    names = {key: row["Country Name"].strip() for key, row in countries(ran.edition.raw / "egdi_2020.csv").items()}
    differing = [row for row in table(ran, "comparisons.csv") if row["agrees"] != "yes"]

    found = {names[row["unit_id"]]: (row["comparison"], row["computed"], row["printed"]) for row in differing}

    assert found == {
        "Hungary": ("ranks", "51", "52"),
        "North Macedonia": ("ranks", "71", "72"),
        "Andorra": ("ranks", "79", "80"),
        "Timor-Leste": ("ranks", "133", "134"),
    }
    printed, page = projects.pdf_text(ran.draft / "report.pdf"), ran.text("report.html")
    assert "189 of 193 recomputed values agree" in printed
    assert "all/ranks.differ,4,4,query," in ran.text("facts.csv")
    for name, (_, computed, rank) in found.items():
        assert f"{name} {computed} {rank}" in printed
        assert page.count(name) >= 2


@pytest.mark.parametrize("ran", [2018], indirect=True)
def test_received_names_match_without_being_changed(ran: Ran, shared: SharedFolder) -> None:
    """Names with trailing spaces meet their units; the table as received keeps its bytes, the report trimmed names."""
    received = (ran.edition.raw / "egdi_2018.csv").read_bytes()
    printed = projects.pdf_text(ran.draft / "report.pdf")

    assert received == shared("real/egdi_2018.csv").read_bytes()
    assert b'"Iraq ",155' in received
    assert re.search(r"Iraq [^A-Z]*0\.3376", printed)
