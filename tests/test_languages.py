"""Two languages of one report, from one ledger: the same facts with the same values, printed where both say."""

import csv
import re
import shutil
import unicodedata
from collections import Counter
from pathlib import Path

import pdfplumber
import projects
import pytest
from projects import Ran

from minhbach import editions, findings, stages_languages, tables
from minhbach.errors import DataError
from minhbach.paths import Edition

MILLIMETRES = 25.4 / 72
NUMBER = re.compile(r"-?[\d.,]+")
DOCUMENTS = ("report.pdf", "scorecards.pdf")
Rows = list[dict[str, str]]


@pytest.fixture
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """The ministries of 2019, with a report in Vietnamese and one in English."""
    return projects.shipped(tmp_path_factory, "2019-bo", "--lang", "vi,en")


def folders(ran: Ran) -> dict[str, Path]:
    """The folder of each language."""
    assert ran.outcome.returncode == 0, ran.outcome.stderr
    return {"vi": ran.draft, "en": ran.draft / "en"}


def rows_of(file: Path) -> Rows:
    """The rows of a CSV file by column name."""
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_each_language_has_its_documents(ran: Ran) -> None:
    """The main language stands at the top of the draft, the other in a folder of its own; tables are there once."""
    names = {language: {file.name for file in folder.iterdir()} for language, folder in folders(ran).items()}

    assert names["en"] <= names["vi"]
    assert {"report.pdf", "report.html", "report.md", "facts.csv", "places.csv", "tables.xlsx"} <= names["en"]
    assert not {"ict-index-2019-bo", "scores.xlsx", "manifest.json", "open-data"} & names["en"]
    assert {file.name for file in (ran.draft / "notebooks").iterdir()} == {
        "1_validate.ipynb", "2_score.ipynb", "3_report.ipynb", "3_report.en.ipynb",
    }  # fmt: skip
    assert "lang vi,en" in ran.text("manifest.json")


def test_both_ledgers_have_the_same_values(ran: Ran) -> None:
    """Every fact is in both ledgers with the same exact value, kind and source; what is shown follows the language."""
    one, other = ({row["fact_id"]: row for row in rows_of(folder / "facts.csv")} for folder in folders(ran).values())

    assert len(one) > 100
    assert one.keys() == other.keys()
    same = ("value", "kind", "source")
    assert [key for key in one if [one[key][name] for name in same] != [other[key][name] for name in same]] == []
    assert (one["bo-tai-chinh/total"]["shown"], other["bo-tai-chinh/total"]["shown"]) == ("0,9291", "0.9291")


def test_both_print_the_same_facts(ran: Ran) -> None:
    """Each document prints each fact as often as its twin in the other language does."""
    one, other = (
        Counter((row["document"], row["fact_id"]) for row in rows_of(folder / "places.csv"))
        for folder in folders(ran).values()
    )

    assert {document for document, _ in one} >= set(DOCUMENTS)
    assert one == other


@pytest.mark.parametrize("document", DOCUMENTS)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_fact_is_read_where_it_is_said_to_be(language: str, document: str, ran: Ran) -> None:
    """At every place of places.csv the finished PDF itself has the fact as the ledger of that language shows it."""
    folder = folders(ran)[language]
    shown = {row["fact_id"]: row["shown"] for row in rows_of(folder / "facts.csv")}
    places = [row for row in rows_of(folder / "places.csv") if row["document"] == document]

    lines = letters(folder / document)

    assert len(places) > 80
    assert [row for row in places if not stands(shown[row["fact_id"]], row, lines)] == []


def letters(file: Path) -> dict[int, list[dict[str, float | str]]]:
    """The letters of each page."""
    with pdfplumber.open(file) as document:
        return {page.page_number: page.chars for page in document.pages}


def stands(shown: str, place: dict[str, str], lines: dict[int, list[dict[str, float | str]]]) -> bool:
    """Whether a text begins at a place: a number in full, of words the first one, which may be all that fits a line."""
    wanted = plain(shown if NUMBER.fullmatch(shown) else shown.split()[0])
    read = plain(word_at(place, lines[int(place["page"])]))
    return read == wanted if NUMBER.fullmatch(shown) else read.startswith(wanted)


def word_at(place: dict[str, str], chars: list[dict[str, float | str]]) -> str:
    """The letters from a place on to the next gap, or to punctuation after a number."""
    x, y = float(place["x"]) / MILLIMETRES, float(place["y"]) / MILLIMETRES
    line = [each for each in chars if float(each["top"]) < y < float(each["bottom"]) and float(each["x0"]) > x - 1]
    word, end = "", x + 1
    for each in sorted(line, key=lambda each: float(each["x0"])):
        if float(each["x0"]) > end + 1.5 or not str(each["text"]).strip():
            break
        word, end = word + str(each["text"]), float(each["x1"])
    found = re.match(r"[-\u2212]?\d[\d.,]*(?<![.,])", word)
    return found[0] if found else word


def plain(text: str) -> str:
    """A text without spaces and with letters for ligatures; a minus sign counts as a hyphen."""
    return "".join(unicodedata.normalize("NFKC", text).split()).replace("\u2212", "-")


# ---- what differs is refused -----------------------------------------------------------------------------


def test_a_forged_value_is_named(ran: Ran, tmp_path: Path) -> None:
    """A value changed in one language's ledger, and a fact taken out of it, stop the run and are named."""
    for language, folder in folders(ran).items():
        (tmp_path / language).mkdir()
        for name in ("facts.csv", "places.csv"):
            shutil.copy(folder / name, tmp_path / language)
    stages_languages.agree({"vi": tmp_path / "vi", "en": tmp_path / "en"})
    ledger = tables.read(tmp_path / "en" / "facts.csv")
    ledger.loc[ledger["fact_id"] == "bo-tai-chinh/xep_hang", "value"] = "2"
    tables.write(ledger[ledger["fact_id"] != "bo-noi-vu/total"], tmp_path / "en" / "facts.csv")

    with pytest.raises(DataError) as caught:
        stages_languages.agree({"vi": tmp_path / "vi", "en": tmp_path / "en"})

    said = str(caught.value).splitlines()
    assert said[0].startswith("Báo cáo tiếng vi và en không nói như nhau: 2 con số khác biệt.")
    assert said[1].startswith("  bo-noi-vu/total: 0.9") or said[1].startswith("  bo-noi-vu/total: 0.7")
    assert said[2] == "  bo-tai-chinh/xep_hang: 1 ≠ 2"


def test_findings_come_in_both_languages(tmp_path: Path) -> None:
    """The findings of a further language are the same ones by id, file and cell, in that language's words."""
    edition = Edition("2022-dti", tmp_path)
    for name in ("data/raw/2022-dti", "frameworks"):
        shutil.copytree(projects.REPOSITORY / name, tmp_path / name)
    projects.change(edition.raw / "dti_2022_top5.csv", "Đà Nẵng", "Đà Nẵngg")
    setup = editions.load(edition)
    for language in ("vi", "en"):
        folder = edition.validated / setup.frameworks[0].id
        made = findings_in(setup, language)
        tables.write(made, folder / "findings.csv") if language == "vi" else stages_languages.findings(
            setup, edition, "en"
        )

    one, other = (rows_of(folder / name) for name in ("findings.csv", "findings.en.csv"))

    same = ("finding_id", "severity", "rule", "file", "cell")
    assert len(one) >= 1
    assert [[row[name] for name in same] for row in one] == [[row[name] for name in same] for row in other]
    assert all(vi["message"] != en["message"] for vi, en in zip(one, other, strict=True))


def findings_in(setup: editions.Setup, language: str) -> "tables.pd.DataFrame":
    """The register of findings in a language."""
    from minhbach import intake

    return findings.frame(intake.judged(setup, setup.frameworks[0].id, language)[1])


# ---- wrong use -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("fr", "there is no language 'fr'"),
        ("vi,vi", "'vi,vi' names a language twice"),
        ("vi,", "there is no language ''"),
    ],
)
def test_unknown_and_repeated_languages_are_refused(given: str, words: str, ran: Ran) -> None:
    """A language that there is not, or one named twice, ends the command with 2 before anything is read."""
    before = projects.bytes_of(ran.edition.reports)

    outcome = ran.project.command("run", "2019-bo", "--lang", given)

    assert outcome.returncode == 2
    assert words in outcome.stderr
    assert "write vi, en or both: vi,en" in outcome.stderr
    assert projects.bytes_of(ran.edition.reports) == before
