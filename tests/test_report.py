"""The report as files: every printed fact is in the ledger, stands where it says, and hashes match."""

import csv
import hashlib
import json
import re
from pathlib import Path

import pdfplumber
import projects
import pytest
from projects import Ran

SPAN = re.compile(r"\[((?:[^\[\]\\]|\\.)*)\]\{fact=\"([^\"]+)\"[^}]*\}")
MILLIMETRES = 25.4 / 72
REPORT = "report.pdf"
Rows = list[dict[str, str]]


@pytest.fixture(params=["2017-tinh", "2019-bo", "2022-dti"])
def ran(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """Each shipped edition after its run."""
    return projects.shipped(tmp_path_factory, request.param)


def rows_of(file: Path) -> Rows:
    """The rows of a CSV file by column name."""
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def sha256(file: Path) -> str:
    """The SHA-256 of a file."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def printed_in(ran: Ran) -> dict[str, str]:
    """The facts that report.md prints, and how."""
    return {fact_id: re.sub(r"\\(.)", r"\1", shown) for shown, fact_id in SPAN.findall(ran.text("report.md"))}


def test_every_fact_of_the_text_is_in_the_ledger(ran: Ran) -> None:
    """The facts of report.md, of its charts and of the other documents are those of facts.csv, shown as it says."""
    ledger = {row["fact_id"]: row["shown"] for row in rows_of(ran.draft / "facts.csv")}
    charts = {row["fact_id"] for file in (ran.draft / "figures").glob("*.csv") for row in rows_of(file)}
    others = {row["fact_id"] for row in rows_of(ran.draft / "places.csv") if row["document"] != REPORT}

    printed = printed_in(ran)

    assert len(SPAN.findall(ran.text("report.md"))) == ran.text("report.md").count("fact=")
    assert len(printed) > 50
    assert printed.items() <= ledger.items()
    assert {each for each in ledger.keys() - printed.keys() - charts - others if "/chart." not in each} == set()


def test_every_fact_has_a_source_and_a_place(ran: Ran) -> None:
    """A fact has an exact value and where it comes from; one of the report has the page and place of its printing."""
    with pdfplumber.open(ran.draft / REPORT) as document:
        sizes = [(page.width * MILLIMETRES, page.height * MILLIMETRES) for page in document.pages]

    facts = rows_of(ran.draft / "facts.csv")
    placed, printed = {fact["fact_id"]: fact for fact in facts if fact["page"]}, printed_in(ran)

    assert [fact for fact in facts if not all(fact[name] for name in ("value", "shown", "kind", "source"))] == []
    assert [fact["fact_id"] for fact in facts] == sorted({fact["fact_id"] for fact in facts})
    assert placed.keys() == printed.keys()
    for fact in placed.values():
        width, height = sizes[int(fact["page"]) - 1]
        assert 0 < float(fact["x"]) < width
        assert 0 < float(fact["y"]) < height


def test_facts_stand_where_the_ledger_says(ran: Ran) -> None:
    """On its page, within half a millimetre of x and with its base line at y, the PDF prints what a fact shows."""
    placed = [fact for fact in rows_of(ran.draft / "facts.csv") if fact["page"]]
    numbers = [fact for fact in placed if re.fullmatch(r"[\d.,]+", fact["shown"])]
    chosen = numbers[:: max(1, len(numbers) // 20)]

    with pdfplumber.open(ran.draft / "report.pdf") as document:
        letters = {page.page_number: page.chars for page in document.pages}

    assert len(chosen) >= 20
    for fact in chosen:
        x, y = (float(fact[name]) / MILLIMETRES for name in ("x", "y"))
        behind = [
            each for each in letters[int(fact["page"])] if each["top"] < y < each["bottom"] and each["x0"] > x - 1
        ]
        behind = sorted(behind, key=lambda each: each["x0"])[: len(fact["shown"])]
        assert "".join(each["text"] for each in behind) == fact["shown"], fact
        assert abs(behind[0]["x0"] - x) < 0.5 / MILLIMETRES


def test_all_places_are_recorded(ran: Ran) -> None:
    """places.csv has every printing of the report's facts, as often as the text prints them, first as in facts.csv."""
    places = [row for row in rows_of(ran.draft / "places.csv") if row.pop("document") == REPORT]
    order = [fact_id for _, fact_id in SPAN.findall(ran.text("report.md"))]

    first: dict[str, dict[str, str]] = {}
    for place in places:
        first.setdefault(place["fact_id"], place)

    assert sorted(place["fact_id"] for place in places) == sorted(order)
    facts = {fact["fact_id"]: fact for fact in rows_of(ran.draft / "facts.csv")}
    assert [fact_id for fact_id, place in first.items() if not place.items() <= facts[fact_id].items()] == []


def test_the_manifest_has_the_hash_of_every_file(ran: Ran) -> None:
    """Each hash of the manifest is that of its file, and no input, module, notebook or output is left out."""
    manifest = json.loads(ran.text("manifest.json"))
    edition, folder = ran.edition, ran.project.folder

    files = {
        name: digest
        for part in ("inputs", "notebooks", "modules", "outputs")
        for name, digest in manifest[part].items()
    }

    assert {name: sha256(folder / name) for name in files} == files
    made = [file for place in (edition.draft, edition.validated) for file in place.rglob("*") if file.is_file()]
    assert {file.relative_to(folder).as_posix() for file in made} - set(manifest["outputs"]) == {
        f"reports/{edition.name}/draft/manifest.json"
    }
    assert set(manifest["inputs"]) == {f"data/raw/{edition.name}/{file.name}" for file in edition.raw.iterdir()}
    assert "pipeline.py" in manifest["modules"]
    assert manifest["command"] == f"python pipeline.py run {edition.name} --lang vi --engine embedded"
    for name, each in manifest["frameworks"].items():
        assert each["files"] == {f"{name}.yaml": sha256(folder / "frameworks" / f"{name}.yaml")}
    assert "absent" not in manifest["versions"].values()


def test_observations_name_the_cell_they_were_read_from(ran: Ran) -> None:
    """Each value of observations.csv stands in the received table at the cell it names, and the file has its hash."""
    table = next(file for file in ran.edition.raw.glob("*.csv") if file.name != "units.csv")
    with table.open(encoding="utf-8", newline="") as stream:
        cells = list(csv.reader(stream))

    observations = rows_of(next(ran.edition.validated.glob("*/observations.csv")))

    assert len(observations) >= 34
    for row in observations:
        column, line = ord(row["cell"][0]) - ord("A"), int(row["cell"][1:]) - 1
        assert cells[line][column] == row["raw_text"]
        assert (row["file"], row["sha256"]) == (table.name, sha256(table))


def test_the_figure_is_drawn_from_facts(ran: Ran) -> None:
    """A number of a figure that names a fact is shown as the fact is, and the figure has a description."""
    facts = {row["fact_id"]: row["shown"] for row in rows_of(ran.draft / "facts.csv")}

    tables = sorted((ran.draft / "figures").glob("*.csv"))

    assert tables
    for table in tables:
        for row in (row for row in rows_of(table) if row["fact_id"]):
            assert facts[row["fact_id"]] == row["shown"]
        assert table.with_suffix(".svg").is_file()
    assert ran.text("report.md").count("fig-alt=") == ran.text("report.md").count(".svg)")
