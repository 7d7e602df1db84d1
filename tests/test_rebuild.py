"""Verifying and rebuilding a version: the same bytes elsewhere, and every tampering named at its own layer."""

import csv
import io
import json
import random
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pikepdf
import projects
import published
import pytest
import verified
from projects import Project

from minhbach import publish_inputs, rebuild, rebuild_compare, versions, versions_check, versions_print
from minhbach.paths import Edition
from minhbach.versions import Version

SEED = 7
RAW = f"inputs/data/raw/{published.SECOND}"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The project with v1 of two editions."""
    return published.both(tmp_path_factory)


@pytest.fixture(scope="module")
def elsewhere(made: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The program and the published versions in another folder, without any data beside them."""
    parts = ("pipeline.py", "minhbach", "notebooks", "_extensions", f"reports/{published.SECOND}")
    return published.copied(made, tmp_path_factory.mktemp("nơi khác"), *parts)


@pytest.fixture(scope="module")
def copy(elsewhere: Project) -> Version:
    """v1 of the later edition, whose files a test may change for a while."""
    return versions.one(elsewhere.edition(published.SECOND), "v1", "en")


@pytest.fixture
def version(copy: Version, made: Project, monkeypatch: pytest.MonkeyPatch) -> Version:
    """The same, read anew, beside the program that made it."""
    monkeypatch.setattr(publish_inputs, "PROJECT", made.folder)
    return Version(copy.edition, copy.name)


def layers(version: Version) -> list[str]:
    """The layers in which something differs, in their order."""
    return list(dict.fromkeys(each.layer for each in versions_check.check(version, "en").differences))


# ---- rebuilt ---------------------------------------------------------------------------------------------


def test_a_version_is_reproduced_elsewhere(elsewhere: Project, tmp_path: Path) -> None:
    """In another folder, time zone, locale and home, without the edition's data beside it, every byte is made again."""
    surroundings = {"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "LANG": "C", "HOME": str(tmp_path), "USER": "nobody"}

    outcome = elsewhere.command("verify", published.SECOND, "v1", "--rebuild", "--json", **surroundings)

    assert outcome.returncode == 0, outcome.stdout + outcome.stderr
    said = json.loads(outcome.stdout)
    assert (said["agrees"], said["program"]["same"], said["rebuild"]["reproduced"]) == (True, True, True)
    assert {each["layer"] for each in said["rebuild"]["layers"]} >= {
        "validated", "scores", "levels", "ranks", "facts", "figures", "source", "pdf", "workbooks", "manifest",
    }  # fmt: skip
    assert said["rebuild"]["differences"] == []


def compared(version: Version, folder: Path, name: str, change: Callable[[bytes], bytes]) -> rebuild.Rebuilt:
    """The comparison with a rebuild that is the version itself but for one file."""
    built = Edition(published.SECOND, folder)
    for file in (file for file in version.folder.rglob("*") if file.is_file()):
        inner = file.relative_to(version.folder)
        if inner.parts[0] == "inputs":
            continue
        place = built.validated.joinpath(*inner.parts[1:]) if inner.parts[0] == "validated" else built.draft / inner
        place.parent.mkdir(parents=True, exist_ok=True)
        content = file.read_bytes()
        if inner.as_posix() == "manifest.json":
            content = versions.manifest.written(versions.as_draft(version.manifest))
        place.write_bytes(change(content) if inner.as_posix() == name else content)
    return rebuild.compare(version, built, "en")


def cell(row: str, column: str, text: str) -> Callable[[bytes], bytes]:
    """Changes one cell of a CSV, in the row that begins with these words."""

    def change(content: bytes) -> bytes:
        rows = list(csv.reader(io.StringIO(content.decode("utf-8"))))
        found = next(each for each in rows if ",".join(each).startswith(row))
        found[rows[0].index(column)] = text
        written = io.StringIO()
        csv.writer(written, lineterminator="\n").writerows(rows)
        return written.getvalue().encode("utf-8")

    return change


def test_the_same_files_are_reproduced(version: Version, tmp_path: Path) -> None:
    """Where no byte differs there is no difference of any kind."""
    same = compared(version, tmp_path, "", bytes)

    assert (same.same, same.kind, same.differences) == (True, None, ())
    assert "REPRODUCED" in versions_print.text(versions_check.check(version, "en"), same)


@pytest.mark.parametrize(
    ("name", "change", "layer", "kind", "words"),
    [
        ("nho/scores.csv", cell("u2,total", "points", "89"), "scores", "values",
         "nho/scores.csv, u2/total, points: published “88”, rebuilt “89”."),
        ("nho/levels.csv", cell("u6,", "level", "I"), "levels", "values",
         "nho/levels.csv, u6, level: published “II”, rebuilt “I”."),
        ("facts.csv", cell("u2/total,", "shown", "89,00"), "facts", "values",
         "facts.csv, u2/total: published “88,00” (value 88), rebuilt “89,00” (value 88)."),
        ("facts.csv", cell("u2/total,", "x", "1.00"), "facts", "rendering", "u2/total, x: published"),
        ("report.md", lambda content: content.replace(b"#", b"##", 1), "source", "rendering", "report.md, line"),
        ("prov.json", lambda content: content.replace(b"{", b"{ ", 1), "lineage", "metadata", "prov.json, line 1"),
        ("report.pdf", lambda content: verified.attached(content, {"places.csv": b"x"}), "pdf", "rendering",
         "the attachment places.csv differs"),
        ("report.pdf", lambda content: verified.attached(content, {"nho/scores.csv": b"x"}), "pdf", "values",
         "the attachment nho/scores.csv differs"),
        ("report.pdf", lambda content: content + b"%", "pdf", "metadata", "the part “%%EOF” outside the pages"),
    ],
)  # fmt: skip
def test_the_first_difference_is_told_with_both_values(
    version: Version, tmp_path: Path, name: str, change: Callable[[bytes], bytes], layer: str, kind: str, words: str
) -> None:
    """The layer, the object and both values are named, and whether values, rendering or only metadata changed."""
    found = compared(version, tmp_path, name, change)

    assert [(each.layer, each.place) for each in found.differences] == [(layer, name)]
    assert words in found.differences[0].text
    assert (found.kind, found.same) == (kind, False)
    said = versions_print.text(versions_check.check(version, "en"), found)
    assert "NOT reproduced: 1 of" in said


def test_a_page_is_told_by_its_words(version: Version) -> None:
    """A PDF of which another page was made is told with that page."""
    with pikepdf.open(io.BytesIO((version.folder / "report.pdf").read_bytes())) as document:
        document.pages[1].Contents = document.make_stream(b"q Q")
        content = verified.saved(document)

    first = rebuild_compare.first("report.pdf", "pdf", (version.folder / "report.pdf").read_bytes(), content)

    assert (first.kind, first.key, first.details["page"], first.details["now"]) == ("rendering", "page", 2, "")


def test_a_cell_of_a_workbook_is_told(version: Version) -> None:
    """A spreadsheet with another value is told with sheet, cell and both values; one packed otherwise as metadata."""
    import openpyxl

    before = (version.folder / "tables.xlsx").read_bytes()
    book = openpyxl.load_workbook(io.BytesIO(before))
    sheet = book.worksheets[0]
    sheet["A1"], old = "X", sheet["A1"].value
    written = io.BytesIO()
    book.save(written)

    first = rebuild_compare.first("tables.xlsx", "workbooks", before, written.getvalue())

    assert (first.kind, first.key) == ("values", "sheet")
    assert (first.details["cell"], first.details["before"], first.details["now"]) == ("A1", old, "X")


def test_a_run_that_stops_is_told(version: Version) -> None:
    """A version whose inputs do not run any more says what the run said, without a traceback."""
    with published.restored(version.inputs.assessment_file) as file:
        file.write_text("title: x\n", encoding="utf-8")
        found = rebuild.rebuild(version, "en")

    assert "The run stopped on the way (exit code 1)" in found.stopped
    assert "assessment.yaml" in found.stopped
    assert "Traceback" not in found.stopped


# ---- tampered with ---------------------------------------------------------------------------------------


def turned(content: bytes) -> bytes:
    """One byte, chosen by a seed, made another one."""
    place = random.Random(SEED).randrange(len(content))
    return content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]


TAMPERINGS = {
    f"{RAW}/so-lieu.csv": "raw",
    f"{RAW}/assessment.yaml": "raw",
    f"inputs/reports/{published.FIRST}/v1/nho/scores.csv": "previous",
    "inputs/frameworks/nho.yaml": "framework",
    "workflow/notebooks/2_score.ipynb": "notebook",
    "workflow/pipeline.py": "module",
    "validated/nho/observations.csv": "validated",
    "nho/scores.csv": "scores",
    "nho/levels.csv": "levels",
    "nho/ranks.csv": "ranks",
    "nho/changes.csv": "results",
    "facts.csv": "facts",
    "figures/": "figures",
    "report.md": "source",
    "report.typ": "source",
    "places.csv": "places",
    "scorecards.pdf": "pdf",
    "scores.xlsx": "workbooks",
    "tables.ods": "workbooks",
    "report.html": "web",
    "audit/index.html": "web",
    "open-data/datapackage.json": "data",
    "notebooks/3_report.ipynb": "executed",
    "prov.json": "lineage",
}


def test_an_untouched_version_agrees(version: Version) -> None:
    """Without any tampering nothing differs, and the program is the one that made it."""
    result = versions_check.check(version, "en")

    assert result.differences == ()
    assert result.program == {"tools": {}, "files": []}
    assert "every file is as it was published" in versions_print.text(result)


def test_tampered_files_are_named_at_their_layers(version: Version) -> None:
    """One changed byte in any of these files is told at the layer of that file, all of them in one go."""
    files = {name: next(iter(sorted(version.folder.glob(f"{name}*")))) for name in TAMPERINGS}
    kept = {file: file.read_bytes() for file in files.values()}
    try:
        for file, content in kept.items():
            file.write_bytes(turned(content))
        found = {each.place: each.layer for each in versions_check.check(version, "en").differences}
    finally:
        for file, content in kept.items():
            file.write_bytes(content)

    assert found == {files[name].relative_to(version.folder).as_posix(): of for name, of in TAMPERINGS.items()}


def test_missing_and_added_files_are_named(version: Version) -> None:
    """A file that was taken away, one that was put in, and one that became a link are told."""
    with (
        published.restored(version.folder / "nho" / "ranks.csv") as gone,
        published.restored(version.folder / "mine.txt") as more,
        published.restored(version.folder / "closed.csv") as link,
    ):
        gone.unlink()
        more.touch()
        link.unlink()
        link.symlink_to("/dev/null")
        found = [(each.layer, each.place) for each in versions_check.check(version, "en").differences]
        link.unlink()

    assert found == [("ranks", "nho/ranks.csv"), ("places", "closed.csv"), ("other", "mine.txt")]


def pdf_page(content: bytes) -> bytes:
    """The PDF with an empty second page, saved by another program."""
    with pikepdf.open(io.BytesIO(content)) as document:
        document.pages[1].Contents = document.make_stream(b"q Q")
        return verified.saved(document)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (pdf_page, "content 2"),
        (lambda content: verified.attached(content, {"nho/scores.csv": b"x"}), "attachment nho/scores.csv"),
        (lambda content: content[:0], "report.pdf"),
    ],
)
def test_a_tampered_report_is_told_by_its_own_proof(
    version: Version, change: Callable[[bytes], bytes], words: str
) -> None:
    """A changed page and a replaced attachment are told at the layer of PDFs, and by what the report itself proves."""
    with published.restored(version.folder / "report.pdf") as file:
        file.write_bytes(change(file.read_bytes()))
        found = versions_check.check(version, "en").differences

    assert (found[0].layer, found[0].place) == ("pdf", "report.pdf")
    assert any(each.layer == "proof" and words in each.place for each in found)


def forge(version: Version, name: str, content: bytes, *, outputs: bool) -> bytes:
    """The manifest that somebody writes who changes a file and puts its hash right, with that of the run as well."""
    said = json.loads((version.folder / "manifest.json").read_text(encoding="utf-8"))
    digest = sha256(content).hexdigest()
    said["publication"]["files"][name] = digest
    if outputs:
        said["outputs"][f"reports/{published.SECOND}/draft/{name}"] = digest
    return versions.sealed({key: value for key, value in said.items() if key != "sha256"})


@pytest.mark.parametrize(
    ("outputs", "listed", "words"),
    [
        (False, False, ["is not the file that the run recorded", "is not the manifest in versions.csv"]),
        (True, False, ["the manifest inside report.pdf has another hash", "is not the manifest in versions.csv"]),
        (True, True, ["the manifest inside report.pdf has another hash"]),
    ],
)
def test_a_forged_manifest_does_not_help(version: Version, outputs: bool, listed: bool, words: list[str]) -> None:
    """Who changes a score and puts right hash after hash is told by the list, and by what the report carries."""
    folder, table = version.folder, version.edition.versions_file
    with (
        published.restored(folder / "nho" / "scores.csv") as file,
        published.restored(table),
        published.restored(folder / "manifest.json") as manifest,
    ):
        content = file.read_bytes().replace(b"88", b"98")
        before = sha256(manifest.read_bytes()).hexdigest()
        manifest.write_bytes(forge(version, "nho/scores.csv", content, outputs=outputs))
        file.write_bytes(content)
        if listed:
            projects.change(table, before, sha256(manifest.read_bytes()).hexdigest())
        found = versions_check.check(version, "en").differences

    scores = [each.text for each in found if each.layer == "scores"]
    manifests = [each.text for each in found if each.layer == "manifest"]
    assert [any(each in text for text in (*scores, *manifests)) for each in words] == [True] * len(words)
    assert scores
    assert bool(manifests) == (not listed)


def test_a_tampered_manifest_is_told(version: Version) -> None:
    """A manifest that was changed, belongs to another version or is none at all is told at its own layer."""
    with published.restored(version.folder / "manifest.json") as file:
        file.write_bytes(file.read_bytes().replace(b"02/BC-SA", b"03/BC-SA"))
        changed = layers(version)
        file.write_bytes(file.read_bytes().replace(b'"v1"', b'"v2"'))
        named = versions_check.check(Version(version.edition, "v1"), "en").differences
        file.write_bytes(b"{}")
        nothing = layers(Version(version.edition, "v1"))

    assert changed == nothing == ["manifest"]
    assert any("not about 2022-nho v1" in each.text for each in named)


def test_another_program_is_said_but_is_no_fault(
    version: Version, elsewhere: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A changed module or notebook and other tools are named with both versions; the version itself still agrees."""
    monkeypatch.setattr(publish_inputs, "PROJECT", elsewhere.folder)
    monkeypatch.setattr("minhbach.manifest.versions", lambda: {**version.manifest["versions"], "pandas": "9.9"})
    with published.restored(elsewhere.folder / "minhbach" / "rank.py") as module:
        module.write_bytes(module.read_bytes() + b"\n")
        result = versions_check.check(version, "en")

    assert result.differences == ()
    then = version.manifest["versions"]["pandas"]
    assert result.program == {"tools": {"pandas": (then, "9.9")}, "files": ["minhbach/rank.py"]}
    said = versions_print.text(result).replace("\n", " ")
    assert f"pandas {then} → 9.9" in said
    assert "1 file(s) of the program differ (minhbach/rank.py)" in said


# ---- the command -----------------------------------------------------------------------------------------


def test_a_missing_version_and_a_lone_file_are_refused(elsewhere: Project) -> None:
    """A version that is not there ends with code 2 and names those that are; a PDF alone cannot be rebuilt."""
    unknown = elsewhere.command("verify", published.SECOND, "v9", "--lang", "en")
    report = f"reports/{published.SECOND}/v1/report.pdf"
    alone = elsewhere.command("verify", report, "--rebuild", "--lang", "en")

    assert (unknown.returncode, alone.returncode) == (2, 2)
    assert f"{published.SECOND} has no version v9. Versions there are: v1." in unknown.stderr
    assert "--rebuild needs an edition and a version" in alone.stderr
