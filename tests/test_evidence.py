"""What the report's PDF carries inside, how, and what stays out of it."""

import csv
import hashlib
import io
import json
import os
from dataclasses import replace
from pathlib import Path

import pikepdf
import projects
import pypdfium2
import pytest
import traced
import verified

from minhbach import editions, evidence, evidence_files, evidence_marks, evidence_seal, held
from minhbach.assessment import Evidence
from minhbach.evidence_files import Attachment
from minhbach.paths import Edition
from minhbach.render.places import Marks, Place

BO = "ict-index-2019-bo"
TABLES = ("comparisons", "confirmations", "corrections", "evidence", "files", "findings", "levels", "observations",
          "ranks", "receipts", "robustness", "scores")  # fmt: skip
COUNT = 12 + 7  # tables of the framework; facts, places, marks, manifest, settings, units, framework


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> projects.Ran:
    """2019-bo in both languages."""
    return projects.shipped(tmp_path_factory, "2019-bo", "--lang", "vi,en")


@pytest.fixture(scope="module")
def pdf(ran: projects.Ran) -> bytes:
    """The report."""
    return (ran.draft / "report.pdf").read_bytes()


# What it carries --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("folder", ["", "en"])
def test_the_report_of_every_language_carries_all_tables_settings_and_frameworks(
    ran: projects.Ran, folder: str
) -> None:
    """report.pdf holds every table of the draft, the framework, the settings, the units, the marks and a manifest."""
    names = {f"{BO}/{name}.csv" for name in TABLES} | {"facts.csv", "places.csv", "marks.csv", "manifest.json"}

    inside = verified.carried((ran.draft / folder / "report.pdf").read_bytes())

    assert set(inside) == names | {"assessment.yaml", "units.csv", f"frameworks/{BO}.yaml"}


def test_what_is_attached_is_what_the_run_wrote_byte_by_byte(ran: projects.Ran, pdf: bytes) -> None:
    """Attached tables, settings and framework are the files of the draft and of the edition."""
    project = ran.project.folder
    files = {"facts.csv": ran.draft / "facts.csv", "places.csv": ran.draft / "places.csv"}
    files |= {f"{BO}/{name}.csv": ran.draft / BO / f"{name}.csv" for name in ("scores", "levels", "ranks")}
    files |= {f"{BO}/observations.csv": project / "data/validated/2019-bo" / BO / "observations.csv"}
    files |= {"assessment.yaml": project / "data/raw/2019-bo/assessment.yaml"}
    files |= {f"frameworks/{BO}.yaml": project / "frameworks" / f"{BO}.yaml"}

    inside = verified.carried(pdf)

    assert {name: inside[name] for name in files} == {name: path.read_bytes() for name, path in files.items()}


def test_the_attached_manifest_has_the_hash_of_every_attachment_and_of_everything_the_final_one_has(
    ran: projects.Ran, pdf: bytes
) -> None:
    """The manifest inside is the one beside the PDF but for what is made later, with hashes of the attachments."""
    inside = verified.carried(pdf)
    final = json.loads(ran.text("manifest.json"))

    attached = json.loads(inside.pop("manifest.json"))

    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in inside.items()}
    assert attached["evidence"]["attachments"] == hashes
    assert len(attached["evidence"]["pages"]) == len(pypdfium2.PdfDocument(pdf))
    same = ("edition", "command", "languages", "inputs", "frameworks", "notebooks", "modules", "versions", "numbers")
    assert {name: attached[name] for name in same} == {name: final[name] for name in same}
    later = {name.rpartition("draft/")[2] for name in set(final["outputs"]) - set(attached["outputs"])}
    assert later >= {"report.pdf", "en/report.pdf", "prov.json", "ro-crate-metadata.json"}
    assert {name: final["outputs"][name] for name in attached["outputs"]} == attached["outputs"]


def test_every_attachment_has_a_relation_and_a_description_in_the_language_of_the_document(ran: projects.Ran) -> None:
    """As PDF/A-3 and PDF/UA-1 ask: relation, description, both names, media type, dates; all listed by the catalog."""
    described = {}
    for folder in ("", "en"):
        with pikepdf.open(ran.draft / folder / "report.pdf") as document:
            files = {str(each.UF): each for each in document.Root.AF}
            assert len(files) == len(document.Root.Names.EmbeddedFiles.Names) // 2 == COUNT
            assert all(str(each.F) == name for name, each in files.items())
            assert {str(each.EF.F.Subtype) for each in files.values()} == {
                "/text/csv",
                "/application/yaml",
                "/application/json",
            }
            assert all(str(each.EF.F.Params.ModDate) == "D:20261121000000Z" for each in files.values())
            relations = {name: str(each.AFRelationship) for name, each in files.items()}
            described[folder] = {name: str(each.Desc) for name, each in files.items()}
    assert relations["manifest.json"] == "/Supplement"
    assert relations["assessment.yaml"] == relations[f"frameworks~{BO}.yaml"] == "/Source"
    assert relations["facts.csv"] == relations[f"{BO}~scores.csv"] == "/Data"
    assert described[""][f"{BO}~ranks.csv"] == "Thứ hạng của mọi đơn vị"
    assert described["en"][f"{BO}~ranks.csv"] == "Ranks of every unit"
    assert described["en"][f"{BO}~corrections.csv"].endswith("(no rows)")
    assert described[""][f"{BO}~corrections.csv"].endswith("(không có dòng nào)")


def test_the_file_stays_a_valid_pdf_that_ends_with_its_seal(ran: projects.Ran, pdf: bytes) -> None:
    """No reader finds fault with it; metadata can be read as text; nothing stands behind its end."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert document.check_pdf_syntax() == []
        assert "/Filter" not in document.Root.Metadata
        assert b"pdfaid:part>3<" in document.Root.Metadata.read_bytes().replace(b" ", b"")
    with pypdfium2.PdfDocument(pdf) as document:
        assert len(document) > 5
        assert document.count_attachments() == COUNT
    assert pdf.endswith(b"%%EOF\n")
    assert pdf.count(b"/MinhbachSeal") == 1


# The seal ---------------------------------------------------------------------------------------------------


def test_the_seal_covers_every_byte_before_it(pdf: bytes) -> None:
    """The seal holds the SHA-256 of the file up to itself."""
    seal = evidence_seal.read(pdf)

    assert seal is not None
    assert (seal.holds, seal.end) == (True, len(pdf))
    assert pdf[seal.covered :].startswith(b"%d 0 obj\n<< /Type /MinhbachSeal" % _size(pdf[: seal.covered]))
    assert hashlib.sha256(pdf[: seal.covered]).hexdigest().encode() in pdf[seal.covered :]


def test_a_signature_may_follow_the_seal_and_nothing_else_may(pdf: bytes) -> None:
    """An update that signs everything up to its end is one; one that signs less, or does not sign, is not."""
    seal = evidence_seal.read(pdf)
    assert seal is not None
    body = b"9 0 obj\n<< /Type /Sig /ByteRange [0 %010d %010d %010d] /Contents <00> >>\nendobj\n%%%%EOF\n"
    length = len(pdf) + len(body % (0, 0, 0))
    first, second = len(pdf) + 70, len(pdf) + 75
    whole = pdf + body % (first, second, length - second)
    short = pdf + body % (first, second, length - second - 1)
    other = pdf + b"9 0 obj\n<< /Type /Page >>\nendobj\n%%EOF\n"

    found = [[each[2] for each in evidence_seal.revisions(each, seal)] for each in (pdf, whole, short, other)]

    assert found == [[], [True], [False], [False]]
    assert [each[2] for each in evidence_seal.revisions(pdf + b"\n", seal)] == [False]


def _size(covered: bytes) -> int:
    """The number of objects that the last trailer names."""
    return int(covered.rpartition(b"/Size ")[2].split()[0])


# Marks and names --------------------------------------------------------------------------------------------


def test_marks_come_back_from_their_table_as_they_were() -> None:
    """marks.csv keeps pages, places, ends and words, whatever signs are in them."""
    long = Place("a/b", 2, 30.5, 40.25, (3, 1.0, 2.5), "")
    marks = Marks(
        (Place("X/total", 1, 10.0, 20.13), long),
        (Place("", 1, 5.0, 6.0, (1, 9.0, 6.0), 'Điều 4, "khoản 1"\nvà 2'),),
        (Place("", 4, 0.0, 0.5, (4, 1.0, 0.5)),),
        (Place("", 1, 1.0, 1.0, (1, 2.0, 2.0), "figures/a.svg"),),
    )

    assert evidence_marks.read(evidence_marks.written(marks)) == marks


@pytest.mark.parametrize("name", ["facts.csv", "a/b.csv", "raw/x~y/z 100%.xlsx", "raw/~~/%7E.ods"])
def test_the_name_of_an_attachment_gives_its_path_back(name: str) -> None:
    """A path becomes a name without a slash, which programs can save, and the path again."""
    flat = evidence_files.flat(name)

    assert "/" not in flat
    assert evidence_files.unflat(flat) == name


# What stays out ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def private(tmp_path_factory: pytest.TempPathFactory) -> Edition:
    """A small edition that asks in free text who answered and for a remark that a formula reads."""
    folder = tmp_path_factory.mktemp("private")
    edition = traced.build(folder)
    framework = folder / "frameworks" / f"{traced.ID}.yaml"
    asked = "  nguoi_lap: {label: Người lập, type: text}\n  ghi_chu: {label: Ghi chú, type: text}\nnodes:\n"
    projects.change(framework, "nodes:\n", asked)
    text = framework.read_text(encoding="utf-8")
    framework.write_text(text.replace("applies: can_bo > 5", "applies: can_bo > 5 and not blank(ghi_chu)"), "utf-8")
    observations = edition.validated / traced.ID / "observations.csv"
    rows = 'X1,nguoi_lap,Bà Hoa,"Bà  Hoa",as_received,bang.csv,,,J2,\nX1,ghi_chu,đủ,đủ,as_received,bang.csv,,,K2,\n'
    observations.write_text(observations.read_text(encoding="utf-8") + rows, encoding="utf-8")
    tables = edition.validated / traced.ID
    (tables / "files.csv").write_text("file,sha256\n", encoding="utf-8")
    return edition


def test_free_text_that_no_formula_reads_is_attached_by_its_hash_alone(private: Edition) -> None:
    """A name in an answer stays out of the PDF; an answer that a formula reads, and every number, stays in."""
    inside = _gathered(private)

    rows = {(row["unit_id"], row["field_id"]): row for row in csv.DictReader(io.StringIO(inside["observations"]))}
    assert rows["X1", "nguoi_lap"]["value"] == "sha256:" + hashlib.sha256("Bà Hoa".encode()).hexdigest()
    assert rows["X1", "nguoi_lap"]["raw_text"] == "sha256:" + hashlib.sha256("Bà  Hoa".encode()).hexdigest()
    assert rows["X1", "ghi_chu"]["value"] == "đủ"
    assert rows["X1", "may"]["value"] == "18"
    assert "Hoa" not in inside["observations"]
    assert "Chủ tịch" not in inside["confirmations"]
    assert inside["confirmations"].count("sha256:") == 1 + 1


def test_where_the_edition_attaches_files_as_received_nothing_is_kept_back(private: Edition) -> None:
    """With raw_files: true the received files are attached, and the tables as they are."""
    inside = _gathered(private, raw=True)

    assert "Bà Hoa" in inside["observations"]
    assert "Chủ tịch" in inside["confirmations"]
    assert inside["raw/bang.csv"] == traced.TABLE


def test_the_edition_decides_whether_received_files_are_attached(ran: projects.Ran) -> None:
    """They are not unless assessment.yaml says so."""
    assert not editions.load(ran.edition).assessment.evidence.raw_files


def _gathered(edition: Edition, *, raw: bool = False) -> dict[str, str]:
    """What is attached, by the name of the table or else the path."""
    setup = editions.load(edition)
    allowed = setup.assessment.model_copy(update={"evidence": Evidence(raw_files=raw)})
    files = evidence_files.gather(replace(setup, assessment=allowed), edition, edition.draft, "vi")
    return {each.name.removeprefix(f"{traced.ID}/").removesuffix(".csv") if "raw/" not in each.name else each.name:
            each.content.decode("utf-8") for each in files}  # fmt: skip


# A folder in memory -----------------------------------------------------------------------------------------


def test_a_folder_in_memory_reads_like_one_on_disk_and_never_touches_it(tmp_path: Path) -> None:
    """Paths below it are files, folders or nothing; no path climbs out, and none opens a file of the disk."""
    folder = held.folder({"data/a.txt": "một\nhai".encode(), "data/b/c.csv": b"x"})

    assert (folder / "data" / "a.txt").read_text(encoding="utf-8") == "một\nhai"
    assert (folder / "data" / "a.txt").open(encoding="utf-8", newline="").read() == "một\nhai"
    assert (folder / "data/b/c.csv").open("rb").read() == b"x"
    assert [each.as_posix() for each in (folder / "data").iterdir()] == ["data/a.txt", "data/b"]
    assert [each.as_posix() for each in folder.glob("data/*.txt")] == ["data/a.txt"]
    data = folder / "data"
    assert (data.is_dir(), data.is_file(), data.exists()) == (True, False, True)
    assert (folder / "data" / ".." / "data" / "a.txt").resolve() == folder / "data" / "a.txt"
    assert not (folder / ".." / "data" / "a.txt").resolve().is_relative_to(folder / "data")
    with pytest.raises(FileNotFoundError):
        (folder / "pipeline.py").read_bytes()
    with pytest.raises(TypeError):
        os.fspath(folder / "data" / "a.txt")


def test_the_same_evidence_gives_the_same_bytes(pdf: bytes) -> None:
    """Attaching twice makes the same file, and a file without a plain table of objects is refused by name."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        plain = verified.saved(document)
    files = [Attachment("a/b.csv", b"x\n1\n", "Data", "Bảng")]

    made = [evidence.whole(plain, files, {"edition": "thu"}, "vi", "2026-11-21") for _ in range(2)]

    assert made[0] == made[1]
    assert verified.carried(made[0]).keys() == {"a/b.csv", "manifest.json"}
