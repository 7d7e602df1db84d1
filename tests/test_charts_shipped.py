"""The charts of the shipped editions as a run draws them."""

import csv
import re
from fractions import Fraction
from pathlib import Path

import charted
import projects
import pytest
from charted import Chart

EDITIONS = ("2019-bo", "2017-tinh", "2022-dti", "2022-gia-lai")
FIGURE = re.compile(r"^!\[.*\]\(figures/(?P<label>[\w.-]+)\.svg\)\{.*\}$", re.MULTILINE)


def rows_of(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def charts_of(folder: Path) -> dict[str, Chart]:
    """The charts of a report by label."""
    text = (folder / "report.md").read_text(encoding="utf-8")
    return {
        found["label"]: Chart(f"fig-{found['label']}", found[0], folder / "figures" / f"{found['label']}.svg")
        for found in FIGURE.finditer(text)
    }


@pytest.fixture(params=EDITIONS)
def ran(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> projects.Ran:
    """A shipped edition after its run."""
    return projects.shipped(tmp_path_factory, request.param)


def test_every_chart_can_be_printed(ran: projects.Ran) -> None:
    """In the charts of every edition nothing overlaps, is cut off or too small, and every number is in the table."""
    charts = charts_of(ran.draft)

    assert charts
    assert {label: charted.faults(each) for label, each in charts.items() if charted.faults(each)} == {}
    assert {file.stem for file in (ran.draft / "figures").glob("*.svg")} == set(charts)


def test_every_chart_is_drawn_from_facts(ran: projects.Ran) -> None:
    """Every fact that a chart's table names is in facts.csv with the same value and the same shown text."""
    facts = {row["fact_id"]: (row["value"], row["shown"]) for row in rows_of(ran.draft / "facts.csv")}

    rows = [row for each in charts_of(ran.draft).values() for row in each.rows if row["fact_id"]]

    assert len(rows) >= 5
    assert [row for row in rows if facts.get(row["fact_id"]) != (row["value"], row["shown"])] == []


def test_the_ministries_chart_says_what_was_published(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The chart of 2019 names Finance with 0.9291 as first and Construction with 0.6885 as last."""
    charts = charts_of(projects.shipped(tmp_path_factory, "2019-bo").draft)

    said = charts["ict-index-2019-bo-xep_hang"].alternative

    assert "Cao nhất là Bộ Tài chính (0,9291), thấp nhất là Bộ Xây dựng (0,6885)." in said
    assert "là 0,0582: giữa Bộ Nội vụ và Bộ Xây dựng" in said  # 0.7467 - 0.6885
    assert "Tốt: 6; Khá: 10; Trung bình: 1" in said


def test_the_strip_of_communes_has_their_means(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The strip of Gia Lai has a dot per commune with results and for each district the mean that its communes have."""
    ran = projects.shipped(tmp_path_factory, "2022-gia-lai")
    strip = charts_of(ran.draft)["qd-2392-2017-xa-xep_hang-strip"]
    district = {row["unit_id"]: row["parent_id"] for row in rows_of(ran.edition.raw / "units.csv")}
    names = {row["unit_id"]: row["name"] for row in rows_of(ran.edition.raw / "units.csv")}

    totals: dict[str, list[Fraction]] = {}
    for row in rows_of(ran.draft / "qd-2392-2017-xa" / "scores.csv"):
        if row["node_id"] == "total" and row["points"]:
            totals.setdefault(names[district[row["unit_id"]]], []).append(Fraction(row["exact"]))

    means = {row["label"]: Fraction(row["value"]) for row in strip.rows if row["kind"] == "mean"}
    assert set(means) == set(totals)
    for name, values in totals.items():
        assert abs(means[name] - sum(values) / len(values)) < Fraction(1, 10**9)
    assert len([row for row in strip.rows if row["kind"] == "value"]) == sum(map(len, totals.values())) == 217
    first = max(totals, key=lambda name: sum(totals[name]) / len(totals[name]))
    assert f"Trung bình cao nhất là {first} (" in strip.alternative


def test_not_more_charts_than_a_page_needs(ran: projects.Ran) -> None:
    """Every chart takes at most a page, and no ranking has more than one chart of bars."""
    charts = charts_of(ran.draft)

    assert all(each.size[0] <= 467.8 and each.size[1] <= 690 for each in charts.values())
    assert not [label for label in charts if re.search(r"-\d+$", label)]
