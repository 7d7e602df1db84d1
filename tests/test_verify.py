"""A report is verified with nothing but its PDF, and whatever somebody changed in it is found and named."""

import csv
import io
import json
import random
import re
import zlib
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pikepdf
import projects
import pytest
import traced
import verified

from minhbach import (
    editions,
    evidence,
    evidence_files,
    evidence_marks,
    evidence_seal,
    verify_facts,
    verify_file,
    verify_scores,
)
from minhbach.assessment import Evidence as Attaching
from minhbach.errors import UsageError
from minhbach.evidence_reading import MOST_BYTES, UnreadableError, unpacked
from minhbach.trace_evidence import Evidence
from minhbach.verify_print import text
from minhbach.verify_project import Carried

BO = "ict-index-2019-bo"
TRADE = "bo-cong-thuong"
FILES = (
    "assessment.yaml", "units.csv", f"frameworks/{BO}.yaml", "manifest.json", "facts.csv", "places.csv", "marks.csv",
    *(f"{BO}/{name}.csv" for name in ("comparisons", "confirmations", "corrections", "evidence", "files", "findings",
                                      "levels", "observations", "ranks", "receipts", "robustness",
                                      "scores")),
)  # fmt: skip


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> projects.Ran:
    """2019-bo in both languages."""
    return projects.shipped(tmp_path_factory, "2019-bo", "--lang", "vi,en")


@pytest.fixture(scope="module")
def pdf(ran: projects.Ran) -> bytes:
    """The report."""
    return (ran.draft / "report.pdf").read_bytes()


@pytest.fixture(scope="module")
def inside(pdf: bytes) -> dict[str, bytes]:
    """What the report carries."""
    return verified.carried(pdf)


# A report as it was made ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("folder", "language"), [("", "vi"), ("en", "en")])
def test_a_report_agrees_with_itself_in_every_layer_and_on_every_page(
    ran: projects.Ran, tmp_path: Path, folder: str, language: str
) -> None:
    """Alone in an empty folder, the PDF is unpacked, computed again and compared, in its own language."""
    pdf = (ran.draft / folder / "report.pdf").read_bytes()

    result = verified.verified(pdf, tmp_path, language="")

    assert result.differences == ()
    assert result.language == language
    totals = {check.layer: (check.total, check.done) for check in result.checks}
    ledger = sum(1 for _ in csv.DictReader(io.StringIO((ran.draft / "facts.csv").read_text(encoding="utf-8"))))
    assert totals == {
        "seal": (1, True), "attachment": (19, True), "content": (len(result.pages) + 4, True), "raw": (0, False),
        "observation": (34, True), "score": (17, True), "level": (17, True), "rank": (17, True),
        "comparison": (17, True), "robustness": totals["robustness"],
        "query": (ledger - totals["fact"][0], True), "fact": totals["fact"],
        "page": (sum(page.facts for page in result.pages), True),
    }  # fmt: skip
    assert totals["fact"][0] > 100
    assert totals["robustness"][0] > 17
    assert totals["robustness"][1]
    assert totals["query"][0] > 20
    assert [page.page for page in result.pages] == [*range(1, len(result.pages) + 1)]
    assert sum(page.facts for page in result.pages) > 100
    assert all(page.facts == page.agreeing and page.left == 0 for page in result.pages)


def test_the_command_says_so_in_80_columns_and_leaves_with_0(ran: projects.Ran) -> None:
    """`pipeline.py verify FILE` needs no project around the file; --json gives the same as data."""
    shown = ran.project.command("verify", "reports/2019-bo/draft/report.pdf")
    as_data = ran.project.command("verify", "reports/2019-bo/draft/en/report.pdf", "--lang", "vi", "--json")

    assert (shown.returncode, shown.stderr) == (0, "")
    assert max(map(len, shown.stdout.splitlines())) <= 80
    assert "✓ Thứ hạng tính lại    17/17\n" in shown.stdout
    assert "Kết luận: mọi thứ trong tệp khớp với nhau" in shown.stdout
    found = json.loads(as_data.stdout)
    assert as_data.returncode == 0
    assert (found["agrees"], found["edition"], found["language"], found["differences"]) == (True, "2019-bo", "vi", [])
    assert len(found["pages"]) > 5
    assert all(page["agreeing"] == page["facts"] for page in found["pages"])


# A changed byte ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FILES)
def test_a_changed_byte_in_an_attachment_is_named(pdf: bytes, inside: dict[str, bytes], name: str) -> None:
    """Also where the file was saved again with fitting checksums, the attachment alone is named."""
    content = inside[name]
    changed = verified.attached(pdf, {name: verified.flipped(content, len(content) // 2)})

    found = verify_file.opened(changed)

    assert found is not None
    assert {each.place for each in verify_file.attachments(found, "en").differences} == {name}
    assert [each.place for each in verify_file.seal(changed, "en").differences] == ["manifest.json"]


def test_every_flipped_byte_anywhere_in_the_file_is_found_and_its_block_is_named(pdf: bytes) -> None:
    """At 200 random places, in content, fonts, structure, tables of objects or the seal itself."""
    chance = random.Random(20191118)
    seal = evidence_seal.read(pdf)
    assert seal is not None

    for place in [*chance.sample(range(len(pdf)), 200), 0, seal.covered - 1, seal.covered, len(pdf) - 1]:
        told = verify_file.seal(verified.flipped(pdf, place), "en").differences
        assert told, place
        if place < seal.covered:
            first, _, last = told[0].place.partition("–")
            assert int(first) <= place < int(last), (place, told[0].text)


def test_a_file_with_a_flipped_byte_is_told_without_a_traceback(pdf: bytes, tmp_path: Path) -> None:
    """Whatever a damaged place does to the PDF, the command ends in differences or in a sentence."""
    chance = random.Random(7)

    for place in chance.sample(range(len(pdf)), 12):
        assert "report.pdf" in _outcome(verified.flipped(pdf, place), tmp_path), place


def _outcome(pdf: bytes, folder: Path) -> str:
    """What people are told about a PDF that is not as it was made."""
    try:
        result = verified.verified(pdf, folder)
    except UsageError as error:
        return str(error)
    return "" if result.agrees else text(result)


def test_a_changed_page_is_named_also_where_nobody_kept_the_seal(pdf: bytes, tmp_path: Path) -> None:
    """A page is known by what it draws: a moved line is found on its page, and only there."""
    moved = verified.redrawn(pdf, 4, lambda content: content + b"\n0 0 m 10 10 l S\n")

    result = verified.verified(moved, tmp_path)

    assert verified.told(result) == {"content": {"4"}}
    assert "Page 4" in result.differences[0].text


def test_two_numbers_that_changed_places_on_a_page_are_named_with_what_belongs_there(
    pdf: bytes, tmp_path: Path
) -> None:
    """Each place says which fact should be printed, and what stands there instead."""
    swapped = verified.redrawn(pdf, 2, _swapped)

    result = verified.verified(swapped, tmp_path)

    assert {each.layer for each in result.differences} == {"content", "page"}
    printed = [each for each in result.differences if each.layer == "page"]
    assert [each.page for each in printed] == [2, 2]
    said = [re.findall("“([^”]+)”", each.text) for each in printed]
    assert said[0] == said[1][::-1]
    assert said[0][0] != said[0][1]
    assert [page.page for page in result.pages if page.agreeing < page.facts] == [2]


def _swapped(content: bytes) -> bytes:
    """A page's content with two of its texts exchanged: of those of six signs that begin alike most, as `0,…` do."""
    shown = re.finditer(rb"\[[^\]]*\] ?TJ|<[0-9a-fA-F]+> ?Tj|\((?:[^()\\]|\\.)*\) ?Tj", content)
    texts = [match for match in shown if len(_glyphs(match[0])) == 12]
    (start, _), *_ = Counter(_glyphs(match[0])[:4] for match in texts).most_common()
    numbers = [match for match in texts if _glyphs(match[0]).startswith(start)]
    first, last = numbers[0], next(match for match in reversed(numbers) if match[0] != numbers[0][0])
    between = content[first.end() : last.start()]
    return content[: first.start()] + last[0] + between + first[0] + content[last.end() :]


def _glyphs(shown: bytes) -> bytes:
    """The bytes of the glyphs that an operator shows."""
    document = pikepdf.Pdf.new()
    texts = pikepdf.parse_content_stream(document.make_stream(b"BT " + shown + b" ET"))[1].operands[0]
    return b"".join(bytes(part) for part in (texts if isinstance(texts, pikepdf.Array) else [texts])
                    if isinstance(part, pikepdf.String))  # fmt: skip


# Somebody who covers the tracks -----------------------------------------------------------------------------


def test_a_forged_level_is_named_although_table_facts_hashes_and_seal_agree(
    pdf: bytes, inside: dict[str, bytes], tmp_path: Path
) -> None:
    """A level put into levels.csv and facts.csv alike is not what follows from the observations."""
    name = f"{BO}/levels.csv"
    row = next(line for line in inside[name].decode().splitlines() if line.startswith(f"{TRADE},xep_loai,"))
    forged = verified.forged(
        pdf,
        {
            name: verified.replaced(inside[name], row, row.replace(",Tốt,", ",Khá,", 1)),
            "facts.csv": verified.replaced(
                inside["facts.csv"], f"{TRADE}/xep_loai,Tốt,Tốt,", f"{TRADE}/xep_loai,Khá,Khá,"
            ),
        },
    )

    result = verified.verified(forged, tmp_path)

    told = verified.told(result)
    assert told["level"] == {f"{TRADE}/xep_loai"}
    assert told["fact"] == {f"{TRADE}/xep_loai"}
    assert set(told) == {"level", "fact", "page"}  # the pages still print what was true
    assert "level = Khá; computed again from the observations it is Tốt" in result.differences[0].text


def test_a_forged_observation_is_named_by_what_follows_from_it(
    pdf: bytes, inside: dict[str, bytes], tmp_path: Path
) -> None:
    """An answer changed in observations.csv alone does not give the scores, ranks, queries and facts that are told."""
    name = f"{BO}/observations.csv"
    forged = verified.forged(
        pdf, {name: verified.replaced(inside[name], f"{TRADE},chi_so,0.8914,", f"{TRADE},chi_so,0.8014,")}
    )

    told = verified.told(verified.verified(forged, tmp_path))

    assert told["score"] == {f"{TRADE}/total"}
    assert f"{TRADE}/xep_hang" in told["rank"]
    assert {f"{TRADE}/total", f"{TRADE}/total.share", f"{TRADE}/chi_so"} <= told["fact"]
    assert "query" in told
    assert not {"seal", "attachment", "content"} & told.keys()


def test_a_forged_threshold_is_named_by_the_levels_that_follow_from_it(
    pdf: bytes, inside: dict[str, bytes], tmp_path: Path
) -> None:
    """A framework changed in the PDF is not the one of the run, and its levels are others."""
    name = f"frameworks/{BO}.yaml"
    forged = verified.forged(pdf, {name: verified.replaced(inside[name], "Tốt: 0.85", "Tốt: 0.80")})

    told = verified.told(verified.verified(forged, tmp_path))

    assert told["attachment"] == {name}  # the manifest also has the hash that the run took
    assert "method/xep_loai.Tốt.total.least" in told["fact"]
    assert told["level"]


@pytest.mark.parametrize(
    ("file", "old", "new", "layer", "place"),
    [
        ("facts.csv", "all/card.count,17,17,query,select count(", "all/card.count,17,17,query,select 1 + count(",
         "query", "all/card.count"),
        ("facts.csv", f'{TRADE}/total,0.8914,"0,8914"', f'{TRADE}/total,0.8914,"0,8915"', "fact", f"{TRADE}/total"),
        (f"{BO}/ranks.csv", f"{TRADE},xep_hang,2,", f"{TRADE},xep_hang,1,", "rank", f"{TRADE}/xep_hang"),
        (f"{BO}/scores.csv", f"{TRADE},total,0.8914,", f"{TRADE},total,0.8915,", "score", f"{TRADE}/total"),
    ],
)  # fmt: skip
def test_a_forged_number_of_each_kind_is_named_at_its_layer(
    pdf: bytes, inside: dict[str, bytes], tmp_path: Path, file: str, old: str, new: str, layer: str, place: str
) -> None:
    """A query that was rewritten, a number shown otherwise, a better rank, a higher score."""
    forged = verified.forged(pdf, {file: verified.replaced(inside[file], old, new)})

    told = verified.told(verified.verified(forged, tmp_path))

    assert place in told[layer]
    assert not {"seal", "attachment"} & told.keys()


def test_a_missing_and_an_added_attachment_are_named(pdf: bytes) -> None:
    """What the manifest lists must be there, and nothing else."""
    changed = verified.attached(pdf, {f"{BO}/ranks.csv": None, "thư ngỏ.csv": b"a\n"})

    found = verify_file.opened(changed)

    assert found is not None
    texts = {each.place: each.text for each in verify_file.attachments(found, "en").differences}
    assert set(texts) == {f"{BO}/ranks.csv", "thư ngỏ.csv"}
    assert "not attached" in texts[f"{BO}/ranks.csv"]
    assert "not in the manifest" in texts["thư ngỏ.csv"]


@pytest.mark.parametrize("name", FILES)
def test_a_report_without_one_of_its_attachments_is_told_without_a_traceback(
    pdf: bytes, tmp_path: Path, name: str
) -> None:
    """Whichever is taken out is named; what cannot be computed without it is said too."""
    result = verified.verified(verified.attached(pdf, {name: None}), tmp_path)

    assert name in verified.told(result)["attachment"]
    assert max(map(len, text(result).splitlines())) <= 80 + len(name)


# Files that are no reports ----------------------------------------------------------------------------------


def test_a_file_that_was_saved_again_has_lost_its_seal_and_nothing_else(pdf: bytes, tmp_path: Path) -> None:
    """Without its seal a report is not as it was made, although all that it carries still agrees."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        result = verified.verified(verified.saved(document), tmp_path)

    assert verified.told(result) == {"seal": {"manifest.json"}}
    assert "another program saved the file again" in result.differences[0].text


def test_what_is_added_behind_the_seal_is_named(pdf: bytes) -> None:
    """Even a line behind the end is no part of a report."""
    told = verify_file.seal(pdf + b"% more\n", "en").differences

    assert [each.place for each in told] == [f"{len(pdf)}–{len(pdf) + 7}"]
    assert "no signature" in told[0].text


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda _: b"", "is no PDF"),
        (lambda _: b"Khong phai PDF\n", "is no PDF"),
        (lambda pdf: pdf[:40_000], "is damaged or not complete|carries no evidence"),
        (lambda _: b"%PDF-1.7\nrac", "is damaged or not complete"),
        (lambda pdf: _locked(pdf), "has a password"),
        (lambda pdf: _bare(pdf), "carries no evidence"),
    ],
)
def test_a_file_that_is_no_report_is_refused_with_a_sentence(
    pdf: bytes, tmp_path: Path, make: Callable[[bytes], bytes], said: str
) -> None:
    """Empty, a text, cut short, garbage, locked, or a PDF of another program: what it is, and what to name instead."""
    with pytest.raises(UsageError, match=said) as caught:
        verified.verified(make(pdf), tmp_path)

    assert caught.value.exit_code == 2


def test_a_report_cut_short_after_its_seal_began_is_named(pdf: bytes, tmp_path: Path) -> None:
    """The last bytes are the seal's; without them the file is not whole."""
    result = verified.verified(pdf[:-40], tmp_path)

    assert "seal" in verified.told(result)


def test_the_command_leaves_with_1_or_2_and_says_why(ran: projects.Ran, pdf: bytes, tmp_path: Path) -> None:
    """1 where something differs, 2 where there is nothing to verify."""
    (tmp_path / "changed.pdf").write_bytes(verified.flipped(pdf, len(pdf) // 2))

    changed = ran.project.command("verify", (tmp_path / "changed.pdf").as_posix(), "--lang", "en")
    absent = ran.project.command("verify", "nowhere.pdf", "--lang", "en")
    other = ran.project.command("verify", "reports/2019-bo/draft/scorecards.pdf")

    assert [each.returncode for each in (changed, absent, other)] == [1, 2, 2]
    assert "Traceback" not in changed.stderr + absent.stderr + other.stderr
    assert "are not as they were sealed" in changed.stdout
    assert "nowhere.pdf cannot be read" in absent.stderr
    assert "không mang chứng cứ" in other.stderr


def _locked(pdf: bytes) -> bytes:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        written = io.BytesIO()
        document.save(written, encryption=pikepdf.Encryption(owner="o", user="u"))
    return written.getvalue()


def _bare(pdf: bytes) -> bytes:
    """The report printed to a PDF again: the same pages, nothing else."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        del document.Root.AF, document.Root.Names.EmbeddedFiles
        return verified.saved(document)


# Untrusted contents -----------------------------------------------------------------------------------------


def test_an_attachment_that_unfolds_without_end_is_refused_before_it_is_unpacked(pdf: bytes) -> None:
    """A packed file may not become larger than any table of ours."""
    bomb = verified.attached(pdf, {"units.csv": b"0" * (MOST_BYTES + 1)})

    found = verify_file.opened(bomb)

    assert found is not None
    assert "units.csv" not in found.files
    told = {each.place: each.text for each in verify_file.attachments(found, "en").differences}
    assert "more than is allowed" in told["units.csv"]


@pytest.mark.parametrize(
    "sql",
    [
        "select count(*) from range(10000000000) a, range(1000000) b",
        "select count(*) from read_text('pipeline.py')",
        "select 17; drop table scores",
        "select string_agg(range::varchar, '') from range(900000000)",
    ],
)
def test_a_query_that_never_ends_reads_files_or_changes_tables_is_stopped_and_named(
    pdf: bytes, inside: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sql: str
) -> None:
    """Facts of a stranger's file are data: one SELECT over the attached tables, for so long and with so much memory."""
    monkeypatch.setattr(verify_facts, "SECONDS", 0.5)
    rows = list(csv.reader(io.StringIO(inside["facts.csv"].decode("utf-8"))))
    source = rows[0].index("source")
    for row in rows:
        row[source] = sql if row[0] == "all/card.count" else row[source]
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows(rows)

    result = verified.verified(verified.forged(pdf, {"facts.csv": written.getvalue().encode("utf-8")}), tmp_path)

    told = {each.place: each.text for each in result.differences if each.layer == "query"}
    assert set(told) == {"all/card.count"}
    assert "cannot be run again" in told["all/card.count"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("marks.csv", b"kind,fact_id,page,x,y,end_page,end_x,end_y,words\nfact,all/card.count,99999,1,1,,,,\n"),
        ("marks.csv", b"\xff\xfe nothing"),
        ("facts.csv", b"fact_id\nx\n"),
        (
            "facts.csv",
            b"fact_id,value,shown,kind,source,page,x,y,decimals,rounding,language\na/b,1/0,1,points,,,,,,,vi\n",
        ),
        ("assessment.yaml", b"a: &a [*a, *a]\n"),
        ("units.csv", b"unit_id\n../../etc\n"),
        (f"{BO}/observations.csv", b"unit_id,field_id,value\nbo-cong-thuong,chi_so,1e999999999\n"),
        (f"{BO}/scores.csv", b""),
        (f"frameworks/{BO}.yaml", b"id: !!python/object/apply:os.system [ls]\n"),
    ],
)
def test_contents_of_a_stranger_give_differences_and_no_traceback(
    pdf: bytes, tmp_path: Path, name: str, content: bytes
) -> None:
    """Tables and settings that no run would write are told as what they are."""
    result = verified.verified(verified.forged(pdf, {name: content}), tmp_path)

    assert not result.agrees
    assert text(result)


def test_a_damaged_stream_is_named_as_one() -> None:
    """A packed content that ends too soon is no content."""
    document = pikepdf.Pdf.new()
    stream = document.make_stream(zlib.compress(b"x" * 1_000)[:-6])
    stream.Filter = pikepdf.Name.FlateDecode

    with pytest.raises(UnreadableError, match="damaged"):
        unpacked(stream)


# With the files as received ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def with_raw(ran: projects.Ran, pdf: bytes, inside: dict[str, bytes]) -> bytes:
    """The report of an edition that attaches its received files."""
    setup = editions.load(ran.edition)
    allowed = setup.assessment.model_copy(update={"evidence": Attaching(raw_files=True)})
    setup = replace(setup, assessment=allowed)
    known = json.loads(inside["manifest.json"])
    known = {name: known[name] for name in known if name not in ("evidence", evidence.SELF)}
    files = list(evidence_files.gather(setup, ran.edition, ran.draft, "vi"))
    marks = evidence_marks.read(inside["marks.csv"])
    files.append(evidence_files.Attachment("marks.csv", evidence_marks.written(marks), "Data", "Dấu"))
    with pikepdf.open(io.BytesIO(pdf)) as document:
        plain = verified.saved(document)
    return evidence.whole(plain, files, known, "vi", "2026-11-21")


def test_with_the_received_files_every_cell_is_read_again(with_raw: bytes, tmp_path: Path) -> None:
    """The file by its hash, and each of the 34 cells by what is typed in it."""
    result = verified.verified(with_raw, tmp_path)

    assert result.differences == ()
    assert {check.layer: check.total for check in result.checks}["raw"] == 1 + 34


def test_a_received_file_that_changed_after_the_run_is_named(with_raw: bytes, tmp_path: Path) -> None:
    """Also where the manifest was made to fit."""
    name = "raw/ministries_2019.csv"
    content = verified.carried(with_raw)[name]
    forged = verified.forged(with_raw, {name: verified.flipped(content, len(content) - 5)})

    told = verified.told(verified.verified(forged, tmp_path))

    assert told["raw"] == {"ministries_2019.csv"}


# What units signed, and another edition ---------------------------------------------------------------------


def test_answers_that_are_not_what_their_unit_confirmed_are_named(tmp_path: Path) -> None:
    """A forged answer of a unit that signed is found by the hash it signed, whatever else was made to fit."""
    edition = traced.build(tmp_path)
    whole = verify_scores.signatures(Carried(editions.load(edition), Evidence(edition)), "en")
    traced.change(edition.validated / traced.ID / "observations.csv", ("X1", "may"), "value", "19")

    forged = verify_scores.signatures(Carried(editions.load(edition), Evidence(edition)), "en")

    assert (whole.total, whole.differences, whole.note) == (40, (), "")
    assert [each.place for each in forged.differences] == ["X1"]
    assert "not those that the unit confirmed (round 1)" in forged.differences[0].text


def test_a_unit_whose_text_is_kept_back_is_counted_as_not_checked(tmp_path: Path) -> None:
    """Where a text stands as its hash alone, the unit's signature cannot be computed, and that is said."""
    edition = traced.build(tmp_path)
    traced.change(edition.validated / traced.ID / "observations.csv", ("X1", "loai"), "value", f"sha256:{'0' * 64}")

    check = verify_scores.signatures(Carried(editions.load(edition), Evidence(edition)), "en")

    assert check.differences == ()
    assert check.note == "(confirmations of 1 unit(s) cannot be checked: texts are kept back)"


def test_a_large_report_with_several_frameworks_agrees(
    tmp_path_factory: pytest.TempPathFactory, tmp_path: Path
) -> None:
    """2022-gia-lai: two frameworks and 234 units with corrections, findings and confirmations."""
    ran = projects.shipped(tmp_path_factory, "2022-gia-lai")

    result = verified.verified((ran.draft / "report.pdf").read_bytes(), tmp_path)

    totals = {check.layer: check.total for check in result.checks}
    assert result.differences == ()
    assert (totals["level"], totals["rank"]) == (234, 234)
    assert totals["query"] > 500
    assert totals["page"] == sum(page.facts for page in result.pages) > 5_000
