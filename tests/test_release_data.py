"""The open data: CSV with a data package that the frictionless library accepts, and in which it finds every fault."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import projects
import pytest
import released
from frictionless import Package, Report
from hypothesis import given
from hypothesis import strategies as st

from minhbach import editions, release_csv, release_data
from minhbach.editions import Setup
from minhbach.errors import FileError
from minhbach.paths import Edition

SIGNS = "=+-@\uff1d\uff0b\uff0d\uff20"
LICENCE = "release: {licence: {name: CC-BY-4.0, path: 'https://example.org/by'}, contact: Phòng B}"


@pytest.fixture(scope="module")
def setup(tmp_path_factory: pytest.TempPathFactory) -> Setup:
    return released.edition(tmp_path_factory.mktemp("open"), LICENCE)


@pytest.fixture(scope="module")
def folder(setup: Setup) -> Path:
    """The open data of the small edition."""
    release_data.write(setup, setup.edition)
    return setup.edition.draft / "open-data"


@pytest.fixture
def copy(folder: Path, tmp_path: Path) -> Path:
    """A copy that a test may spoil."""
    shutil.copytree(folder, tmp_path / "open-data")
    return tmp_path / "open-data"


def validated(folder: Path) -> Report:
    return Package(str(folder / "datapackage.json")).validate()


def faults(folder: Path) -> set[tuple[str, str, str]]:
    """What frictionless finds in the cells and rows: table, type, field; a changed file's hash and size are no news."""
    return {
        (task.name, error.type, getattr(error, "field_name", ""))
        for task in validated(folder).tasks
        for error in task.errors
        if error.type not in ("hash-count", "byte-count")
    }


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    """The rows of a table as the file has them."""
    text = (folder / f"{name}.csv").read_text(encoding="utf-8")
    return [*csv.DictReader(io.StringIO(text, newline=""))]


def described(folder: Path) -> Any:
    return json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))


def field(folder: Path, resource: str, name: str) -> Any:
    """What the package says about a column."""
    tables = {each["name"]: each for each in described(folder)["resources"]}
    return next(each for each in tables[resource]["schema"]["fields"] if each["name"] == name)


# ---- what the package says -------------------------------------------------------------------------------


def test_the_package_is_valid(folder: Path) -> None:
    """Frictionless finds every table, each with rows, and no fault in any of them."""
    report = validated(folder)

    assert report.flatten(["title", "note"]) == []
    assert report.valid
    assert {task.name for task in report.tasks} == {
        "frameworks", "units", "files", "nodes", "fields", "level_definitions", "observations", "scores", "levels",
        "ranks", "comparisons", "findings", "corrections",
    }  # fmt: skip
    assert [task.name for task in report.tasks if not task.stats.get("rows")] == []


def test_a_shipped_edition_is_valid(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> None:
    """The open data of a shipped edition are valid: all units, answers and points of its tables are there."""
    ran = projects.shipped(tmp_path_factory, "2022-dti")
    shutil.copytree(ran.project.folder / "data", tmp_path / "data")
    shutil.copytree(ran.draft, tmp_path / "reports" / "2022-dti" / "draft")
    made = tmp_path / "reports" / "2022-dti" / "draft" / "open-data"

    release_data.write(editions.load(ran.edition), Edition("2022-dti", tmp_path))

    assert validated(made).flatten(["title", "note"]) == []
    for name, stage in (("observations", ran.edition.validated), ("scores", ran.draft), ("ranks", ran.draft)):
        (file,) = stage.glob(f"qd-*/{name}.csv")
        assert len(rows(made, name)) == len(file.read_text(encoding="utf-8").splitlines()) - 1


@pytest.mark.parametrize(
    ("name", "old", "new", "fault"),
    [
        ("scores", "X1,a,3.2,", "X1,a,3.2x,", ("scores", "type-error", "points")),
        ("scores", "X1,a,3.2,4,0.8", "X1,a,12,4,0.8", ("scores", "constraint-error", "points")),
        ("scores", ",0.8,16,", ",1.8,16,", ("scores", "constraint-error", "share")),
        ("units", "X2,Xã Bình", "X9,Xã Bình", ("scores", "foreign-key", "")),
        ("ranks", "X2,hang", "X1,hang", ("ranks", "primary-key", "")),
        ("ranks", "X1,hang,1", "X1,hang,0", ("ranks", "constraint-error", "rank")),
        ("levels", "muc,'+I", "muc,III", ("levels", "constraint-error", "level")),
        ("observations", "X1,may,40", ",may,40", ("observations", "constraint-error", "unit_id")),
        ("observations", "corrected", "invented", ("observations", "constraint-error", "status")),
        ("fields", "vi-du,co,", "vi-du,khac,", ("observations", "foreign-key", "")),
        ("nodes", "sample", "guessed", ("nodes", "constraint-error", "basis")),
    ],
)
def test_seeded_faults_are_found(copy: Path, name: str, old: str, new: str, fault: tuple[str, str, str]) -> None:
    """Letters in numbers, points above the maximum, unknown or missing units, doubles and unknown words are found."""
    file = copy / f"{name}.csv"
    text = file.read_text(encoding="utf-8")
    assert old in text
    assert faults(copy) == set()

    file.write_text(text.replace(old, new, 1), encoding="utf-8", newline="\n")

    assert fault in faults(copy)


def test_changed_bytes_are_found(copy: Path) -> None:
    """A number that is changed to another possible one no longer has the hash that the package names."""
    file = copy / "scores.csv"
    file.write_bytes(file.read_bytes().replace(b"X1,a,3.2,", b"X1,a,3.3,"))

    assert [kind for (kind,) in validated(copy).flatten(["type"])] == ["hash-count"]


def test_the_package_says_where_it_comes_from(folder: Path) -> None:
    """Title, date, licence, publisher, contact and the sources with each file's hash; synthetic data are marked."""
    package = described(folder)

    assert (package["name"], package["created"], package["version"]) == (
        "2022-vi-du", "2022-12-31T00:00:00Z", "2022-draft",
    )  # fmt: skip
    assert package["licenses"] == [{"name": "CC-BY-4.0", "path": "https://example.org/by"}]
    assert package["contributors"] == [
        {"title": "Sở A", "role": "publisher"}, {"title": "Phòng B", "role": "contact"},
    ]  # fmt: skip
    assert package["sources"] == [
        {"title": "Nguồn tự đặt"},
        {"title": "1/QĐ, 2022-01-02, Bộ A"},
        {"title": "bang.csv", "hash": f"sha256:{released.HASH}"},
    ]
    assert package["synthetic"] is True
    assert all("SỐ LIỆU MINH HỌA / SYNTHETIC DATA" in each["title"] for each in [package, *package["resources"]])
    for name in ("observations", "scores", "levels", "ranks", "comparisons", "findings", "corrections"):
        assert {row["synthetic"] for row in rows(folder, name)} == {"true"}


def test_no_licence_is_invented(tmp_path: Path) -> None:
    """An edition that names no licence has none in the package, which says so."""
    setup = released.edition(tmp_path)

    release_data.write(setup, setup.edition)

    package = described(setup.edition.draft / "open-data")
    assert "licenses" not in package
    assert "The edition states no licence" in package["description"]


def test_columns_are_explained_in_both_languages(folder: Path) -> None:
    """Every table and column has a title in Vietnamese and in English; units of measure stand with the fields."""
    resources = described(folder)["resources"]
    titles = [each["title"] for each in resources]
    titles += [column["title"] for each in resources for column in each["schema"]["fields"]]

    assert [title for title in titles if not re.fullmatch(r"[^/]+ / [^/]+( \[.*\])?", title)] == []
    assert (rows(folder, "fields")[1]["unit_vi"], rows(folder, "fields")[2]["unit_en"]) == ("", "computers")
    assert "Unit: points" in field(folder, "scores", "points")["description"]


# ---- what is in the tables -------------------------------------------------------------------------------


def test_values_are_exact_and_numbers_are_numbers(folder: Path) -> None:
    """A fraction stays a fraction beside its decimal, points keep numerator and denominator, levels and ranks match."""
    answers = {(row["unit_id"], row["field_id"]): row for row in rows(folder, "observations")}
    points = {(row["unit_id"], row["node_id"]): row for row in rows(folder, "scores")}

    assert (answers["X2", "may"]["value"], answers["X2", "may"]["number"]) == ("50/3", "16.666666666667")
    assert (answers["X1", "co"]["value"], answers["X1", "co"]["number"]) == ("yes", "")
    assert (answers["X1", "may"]["file"], answers["X1", "may"]["cell"]) == ("bang.csv", "B2")
    assert [points["X2", "a"][name] for name in ("numerator", "denominator")] == ["4", "3"]
    assert points["X2", "total"]["points"] == ""
    assert rows(folder, "comparisons")[0]["computed"] == "0.333333333333"
    assert [row["position"] for row in rows(folder, "level_definitions")] == ["1", "2", "3"]


def test_free_text_is_withheld(folder: Path) -> None:
    """Names in free text, raw cells, replies and the ledger's keeper are nowhere; the rows say what was withheld."""
    everything = "".join(file.read_text(encoding="utf-8") for file in sorted(folder.iterdir()))
    answers = {(row["unit_id"], row["field_id"]): row for row in rows(folder, "observations")}
    findings = {row["finding_id"]: row for row in rows(folder, "findings")}

    assert [name for name in ("Chị Lan", "0905", "Nguyễn Văn B", "raw_text") if name in everything] == []
    assert (answers["X1", "lien_he"]["value"], answers["X1", "lien_he"]["withheld"]) == ("", "true")
    assert answers["X1", "may"]["withheld"] == "false"
    assert (findings["0000000b"]["message"], findings["0000000b"]["withheld"]) == ("", "true")
    assert {row["field_id"]: row["published"] for row in rows(folder, "fields")} == {
        "may": "true", "co": "true", "lien_he": "false",
    }  # fmt: skip


def test_an_edition_can_let_free_text_through(tmp_path: Path) -> None:
    """A field named in release.texts is published; a name that is no text field is an error that lists those."""
    setup = released.edition(tmp_path / "open", "release: {texts: [lien_he]}")
    wrong = released.edition(tmp_path / "wrong", "release: {texts: [may]}")

    release_data.write(setup, setup.edition)

    answers = {
        (row["unit_id"], row["field_id"]): row for row in rows(setup.edition.draft / "open-data", "observations")
    }
    assert (answers["X1", "lien_he"]["value"], answers["X1", "lien_he"]["withheld"]) == ("Chị Lan, 0905", "false")
    with pytest.raises(FileError, match=r"'may' is no field of the type text; those are: lien_he"):
        release_data.write(wrong, wrong.edition)


def test_what_is_no_field_is_a_subject(folder: Path) -> None:
    """Findings about a node and corrections of a file keep what they are about in a column of its own."""
    findings = {row["finding_id"]: row for row in rows(folder, "findings")}
    corrections = {row["correction_id"]: row for row in rows(folder, "corrections")}

    assert (findings["0000000c"]["field_id"], findings["0000000c"]["subject"]) == ("", "b")
    assert (corrections["C2"]["field_id"], corrections["C2"]["subject"]) == ("", "_file")
    assert (corrections["C1"]["field_id"], corrections["C1"]["subject"]) == ("may", "")


# ---- formulas, bytes -------------------------------------------------------------------------------------


@given(st.text(st.sampled_from(f"{SIGNS}'; \t\n\"a1,"), max_size=12))
def test_guarded_texts_are_safe_and_lose_nothing(text: str) -> None:
    """No part of a guarded text that a program could take for a cell begins like a formula; the text comes back."""
    guarded = release_csv.guarded(text)
    cells = [part.strip(" \u00a0") for part in re.split("[;\t\r\n]", guarded)]

    assert [cell for cell in cells if cell[:1] in tuple(SIGNS)] == []
    assert release_csv.original(guarded) == text


@pytest.mark.parametrize(
    ("text", "guarded"),
    [
        ("=1+1", "'=1+1"),
        ("'=1", "''=1"),
        ("a;=1", "a;'=1"),
        ("Xã An - 1", "Xã An - 1"),
        ("'quoted'", "'quoted'"),
        ("–", "–"),
        ("a=b", "a=b"),
    ],
)
def test_guard_leaves_plain_texts_alone(text: str, guarded: str) -> None:
    """An apostrophe is added only where a formula could begin."""
    assert release_csv.guarded(text) == guarded


def test_libreoffice_sees_no_formula(tmp_path: Path, program: Callable[[str], str]) -> None:
    """LibreOffice, told to evaluate formulas and to split at commas or semicolons, computes only unguarded texts."""
    texts = ["=40+2", "a;=40+2;b"]
    for name, guard in (("guarded", release_csv.guarded), ("bare", str)):
        (tmp_path / f"{name}.csv").write_bytes(release_csv.content(["name"], [[guard(text)] for text in texts]))

    guarded, bare = (
        released.opened(program("libreoffice"), tmp_path / f"{name}.csv", (",", ";")) for name in ("guarded", "bare")
    )

    assert [text.count("42") for text in guarded] == [0, 0]
    assert [text.count("42") for text in bare] == [1, 2]


def test_guarded_cells_are_in_the_files(folder: Path) -> None:
    """Names and messages that begin like formulas, and levels named so, are guarded; numbers below zero are not."""
    assert rows(folder, "units")[2]["name"] == "'=1+1"
    assert {row["finding_id"]: row["message"] for row in rows(folder, "findings")}["0000000a"] == "'=2+2"
    assert rows(folder, "levels")[0]["level"] == "'+I"
    assert rows(folder, "comparisons")[0]["printed"] == "-0.5"


def test_the_same_bytes_again(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another folder and another time zone give the same files: UTF-8, LF, sorted by their keys."""
    monkeypatch.setenv("TZ", "America/Lima")
    time.tzset()
    setup = released.edition(tmp_path / "elsewhere", LICENCE)
    release_data.write(setup, setup.edition)
    monkeypatch.undo()
    time.tzset()

    assert projects.bytes_of(setup.edition.draft / "open-data") == projects.bytes_of(folder)
    assert [file.name for file in folder.iterdir() if b"\r" in file.read_bytes()] == []
    for name, key in (("scores", ("framework", "unit_id", "node_id")), ("units", ("unit_id",))):
        keys = [tuple(row[column] for column in key) for row in rows(folder, name)]
        assert keys == sorted(keys)
