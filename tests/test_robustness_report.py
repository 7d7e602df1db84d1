"""The section and the annex on firmness, on shipped editions: what they print is in robustness.csv, and why."""

import csv
import json
import re
from pathlib import Path
from types import SimpleNamespace

import projects
import pytest

from minhbach import report_robustness, report_robustness_annex
from minhbach.assessment import Robustness

FACT = re.compile(r'\[([^\]]*)\]\{fact="([^"]+)"\}')


@pytest.fixture(scope="module")
def dti(tmp_path_factory: pytest.TempPathFactory) -> projects.Ran:
    """Five provinces whose ranked value is a sum of eight weighted parts; no levels."""
    return projects.shipped(tmp_path_factory, "2022-dti")


@pytest.fixture(scope="module")
def ministries(tmp_path_factory: pytest.TempPathFactory) -> projects.Ran:
    """Seventeen ministries ranked by one published figure, with levels."""
    return projects.shipped(tmp_path_factory, "2019-bo")


def rows_of(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


def section(text: str, title: str) -> str:
    """A section of the report from its heading to the next of the first level."""
    start = text.index(f"\n# {title}")
    return text[start : text.find("\n# ", start + 2)]


def test_every_interval_is_printed_as_the_table_has_it(dti: projects.Ran) -> None:
    """The annex prints low, high, best and worst of every unit as queries over robustness.csv, with what they mean."""
    weights = {row["unit_id"]: row for row in rows_of(dti.draft / "qd-922-2022-dti-tinh" / "robustness.csv")
               if row["kind"] == "weights"}  # fmt: skip
    facts = {row["fact_id"]: row for row in rows_of(dti.draft / "facts.csv")}
    ranks = rows_of(dti.draft / "qd-922-2022-dti-tinh" / "ranks.csv")

    assert {row["unit_id"]: row["rank"] for row in ranks} == {key: row["now"] for key, row in weights.items()}
    for unit_id, row in weights.items():
        for end in ("low", "high"):
            fact = facts[f"{unit_id}/xep_hang.{end}"]
            assert (fact["value"], fact["kind"]) == (row[end], "query")
            assert re.search(r"/\* .*draws of weights.* \*/$", fact["source"])


def test_the_section_counts_units_that_keep_their_rank(dti: projects.Ran) -> None:
    """The counts in the text are those of the table, over as many draws as the settings say."""
    weights = [
        row for row in rows_of(dti.draft / "qd-922-2022-dti-tinh" / "robustness.csv") if row["kind"] == "weights"
    ]
    said = {fact: shown for shown, fact in FACT.findall(section(dti.text("report.md"), "Độ vững của kết quả"))}

    assert said["all/robust.xep_hang.same.count"] == str(sum(row["low"] == row["high"] for row in weights))
    assert said["all/robust.xep_hang.all.count"] == "5"
    assert said["robustness/draws"] == r"1\.000"
    assert said["robustness/spread"] == "20"
    assert said["method/robust.xep_hang.parts"] == "8"


def test_the_chart_has_every_interval_in_its_table(dti: projects.Ran) -> None:
    """The chart's table has both ends of both intervals of each of the five units."""
    label = "qd-922-2022-dti-tinh-xep_hang-intervals"
    drawn = [row for row in rows_of(dti.draft / "figures" / f"{label}.csv") if row["kind"] == "interval"]

    assert len(drawn) == 5 * 4
    assert f"{{#fig-{label} " in dti.text("report.md")


def test_without_weights_and_levels_nothing_is_invented(ministries: projects.Ran) -> None:
    """A ranking by one published figure has no intervals and no chart; the report says that nothing can be varied."""
    text = section(ministries.text("report.md"), "Độ vững của kết quả")

    assert "không có trọng số để thay đổi" in text
    assert "fig-" not in text
    assert not list(ministries.draft.glob("figures/*-intervals.*"))


def test_nearest_thresholds_are_those_of_the_published_figures(ministries: projects.Ran) -> None:
    """0.8529 (Planning and Investment) is 0.0029 above 0.85, and 0.6885 (Construction) is 0.0115 below 0.70."""
    facts = {row["fact_id"]: row["value"] for row in rows_of(ministries.draft / "facts.csv")}

    assert facts["bo-ke-hoach-va-dau-tu/xep_loai.spare"] == "0.0029"
    assert facts["bo-xay-dung/xep_loai.lack"] == "0.0115"


def test_the_table_is_in_the_manifest(ministries: projects.Ran) -> None:
    """robustness.csv is an output of the run like scores and ranks, with its hash."""
    manifest = json.dumps(json.loads(ministries.text("manifest.json")))

    assert "ict-index-2019-bo/robustness.csv" in manifest


def test_an_edition_may_leave_the_section_out() -> None:
    """With `printed: false` neither section nor annex says anything."""
    book = SimpleNamespace(setup=SimpleNamespace(assessment=SimpleNamespace(robustness=Robustness(printed=False))))

    assert report_robustness.section(book, Path()) == ""  # type: ignore[arg-type]
    assert report_robustness_annex.annex(book) == ""  # type: ignore[arg-type]
