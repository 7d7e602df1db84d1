"""An erratum: the impact before anything is accepted, the version that replaces the other, and the notice."""

import csv
import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import erring
import projects
import published
import pypdfium2
import pytest
import signed
from projects import Project

from minhbach import (
    cli,
    errata,
    erratum,
    erratum_folder,
    erratum_inputs,
    erratum_verify,
    publish_inputs,
    rebuild_run,
    sign,
    sign_key,
    sign_statement,
    sign_version,
    staging,
    tables,
    versions,
    versions_files,
    versions_history,
)
from minhbach.errors import DataError
from minhbach.paths import Edition
from minhbach.versions import Version
from minhbach.versions_check import Verified

FACT = re.compile(r'\[((?:\\.|[^\]\\])*)\]\{fact="([^"]+)"\}')


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The project after the erratum."""
    return erring.made(tmp_path_factory)


@pytest.fixture
def own(made: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Edition:
    """The edition in a copy of the project that a test may change, as the folder in which commands work."""
    copy = published.copied(made, tmp_path / "own", "data", "frameworks", "reports")
    monkeypatch.setattr(publish_inputs, "PROJECT", made.folder)
    monkeypatch.chdir(copy.folder)
    return Edition(erring.NAME)


def said(made: Project, name: str) -> dict[str, Any]:
    """What a command said as JSON."""
    content: dict[str, Any] = json.loads((made.folder / name).read_text(encoding="utf-8"))
    return content


def notice(made: Project, name: str) -> str:
    """A text file of the notice's folder."""
    return (made.edition(erring.NAME).reports / "v2.erratum" / name).read_text(encoding="utf-8")


def undo(edition: Edition, *, to_draft: bool = False) -> None:
    """Takes back what a command does after the line: the notice and v2, and without `to_draft` the draft and line."""
    for folder in (edition.reports / "v2", edition.reports / "v2.erratum"):
        versions_files.clear(folder)
    rows = edition.versions_file.read_text(encoding="utf-8").splitlines(keepends=True)
    edition.versions_file.write_text("".join(rows[:2]), encoding="utf-8", newline="\n")
    if not to_draft:
        edition.errata_file.unlink()


def run(*arguments: str) -> int:
    """A command in this process."""
    return cli.main([], arguments)


# ---- the impact ------------------------------------------------------------------------------------------


def test_the_impact_is_what_the_versions_show(made: Project) -> None:
    """What is shown before accepting is the difference of the two versions, to the last sentence."""
    tried, done = said(made, "tried.json"), said(made, "done.json")

    for each in (tried, done):
        each["difference"].pop("later")
    assert tried["difference"] == done["difference"]
    assert (tried["counts"], tried["severity"]) == (done["counts"], done["severity"])
    assert (tried["accepted"], tried["notice"]) == (False, None)
    assert (done["accepted"], done["notice"]) == (True, f"reports/{erring.NAME}/v2.erratum")


def test_the_impact_is_counted_right(made: Project) -> None:
    """u3 goes from 46 to 76 points, from no level to II and from rank 4 to 3; u6 from 3 to 4; nothing else moves."""
    found = said(made, "tried.json")
    of_kind = {
        kind: [(each["unit_id"], each["before"], each["after"]) for each in found["difference"]["changes"]
               if each["kind"] == kind]
        for kind in ("level", "rank", "total")
    }  # fmt: skip

    assert of_kind["level"] == [("u3", "none", "II")]
    assert sorted(of_kind["rank"]) == [("u3", "4", "3"), ("u6", "3", "4")]
    assert of_kind["total"] == [("u3", "46/1", "76/1")]
    assert {kind: found["counts"][kind] for kind in of_kind} == {"level": 1, "rank": 2, "total": 1}
    assert found["severity"]["id"] == "grave"
    assert found["severity"]["reached_by"] == ["level", "rank"]


def test_the_ledger_itself_does_not_count(made: Project) -> None:
    """Facts that only say what the ledger has, or what results were without it, are not among the numbers."""
    found = said(made, "tried.json")
    facts = [each["of"] for each in found["difference"]["changes"] if each["kind"] == "fact"]
    ledger = [each for each in facts if each.startswith("correction/") or "received" in each]
    ledger += [each for each in facts if each in ("all/corrections.count", "all/verified.others.count")]

    assert {"correction/C001.value", "u3/total.received", "all/corrections.count"} <= set(ledger)
    assert found["counts"]["number"] == len(facts) - len(set(ledger))


# ---- the versions ----------------------------------------------------------------------------------------


def test_the_replaced_version_is_kept(made: Project) -> None:
    """v1 is byte for byte what it was; v2 replaces it in the list and on the page, which links the notice."""
    edition = made.edition(erring.NAME)
    with edition.versions_file.open(encoding="utf-8", newline="") as stream:
        events = [(row["version"], row["event"], row["number"]) for row in csv.DictReader(stream)]
    page = edition.index.read_text(encoding="utf-8")

    before = (made.folder / "before.json").read_text(encoding="utf-8")
    assert repr(sorted(projects.bytes_of(edition.reports / "v1").items())) == before
    assert events == [
        ("v1", "published", "02/BC-SA"), ("v2", "published", "09/BC-SA"), ("v1", "replaced", "09/BC-SA"),
        ("v2", "noticed", "12/TB-SA"),
    ]  # fmt: skip
    assert 'href="v2.erratum/notice.pdf"' in page
    assert "Thông báo số 12/TB-SA" in page


def test_the_new_version_can_be_rebuilt(made: Project) -> None:
    """v2 is made of its own inputs alone: the line of the erratum is among them."""
    inputs = made.edition(erring.NAME).reports / "v2" / "inputs" / "data" / "raw" / erring.NAME

    assert errata.load(inputs / "errata.csv") == (erring.LINE,)
    outcome = made.command("verify", erring.NAME, "v2", "--rebuild", "--json")
    assert json.loads(outcome.stdout)["rebuild"]["reproduced"], outcome.stdout + outcome.stderr


# ---- the notice ------------------------------------------------------------------------------------------


def test_the_numbers_of_the_notice_are_those_of_the_versions(made: Project) -> None:
    """Every fact of the notice that a version prints has the exact value it has there, and is shown alike."""
    edition = made.edition(erring.NAME)
    known = {
        f"{version}:{row.fact_id}": (row.value, row.shown)
        for version in ("v1", "v2")
        for row in tables.rows(tables.read(edition.reports / version / "facts.csv"))
    }
    rows = {row.fact_id: (row.value, row.shown) for row in tables.rows(
        tables.read(edition.reports / "v2.erratum" / "facts.csv"))}  # fmt: skip
    printed = {name: pair for name, pair in rows.items() if name in known}

    assert printed == {name: known[name] for name in printed}
    assert set(rows) - set(printed) == {
        *(f"erratum/{kind}.count" for kind in ("level", "rank", "total", "number", "sentence", "figure")),
        "v2-v1:u3/total",
    }
    assert rows["v2-v1:u3/total"] == ("30", "30,00")
    assert (rows["v1:u3/total"][1], rows["v2:u3/total"][1]) == ("46,00", "76,00")


def test_the_notice_cites_only_its_facts(made: Project) -> None:
    """Every fact that the Markdown cites stands in the table of facts; both languages have the same values."""
    for end in ("", ".en"):
        facts = {row.fact_id for row in tables.rows(tables.read(
            made.edition(erring.NAME).reports / "v2.erratum" / f"facts{end}.csv"))}  # fmt: skip
        assert {fact_id for _, fact_id in FACT.findall(notice(made, f"notice{end}.md"))} == facts
    values = [
        {row.fact_id: row.value for row in tables.rows(tables.read(
            made.edition(erring.NAME).reports / "v2.erratum" / name))}
        for name in ("facts.csv", "facts.en.csv")
    ]  # fmt: skip
    assert values[0] == values[1]


def test_every_numeral_of_the_notice_has_an_address(made: Project) -> None:
    """The closed world holds for both notices: nothing is left."""
    rows = list(tables.rows(tables.read(made.edition(erring.NAME).reports / "v2.erratum" / "closed.csv")))

    assert [row.document for row in rows] == ["notice.md", "notice.pdf", "notice.en.md", "notice.en.pdf"]
    assert {row.left for row in rows} == {"0"}
    assert all(int(row.facts) >= 12 for row in rows)


@pytest.mark.parametrize(
    ("file", "words"),
    [
        ("notice.pdf", (
            "Số: 12/TB-SA", "Bình Định, ngày 10 tháng 01 năm 2023", "THÔNG BÁO",
            "Về việc đính chính số liệu và thay thế Báo cáo số 02/BC-SA ngày 31 tháng 12 năm 2022",
            "C001 Xã U3: Số máy 10 60 Chép nhầm. Căn cứ: Biên bản 3/BB. Người lập: Lê Văn C (05/01/2023)",
            "Người quyết định đính chính: Nguyễn Văn A.",
            "mức độ của sai sót là: Nghiêm trọng (có thay đổi về mức độ, thứ hạng). Việc phải làm: Gửi mọi đơn vị.",
            "Xã U3 Xếp hạng 4 3 Số liệu của đơn vị được đính chính",
            "Xã U6 Xếp hạng 3 4 Kết quả của đơn vị khác thay đổi",
            "Xã U3 Tổng điểm 46,00 76,00 +30,00",
            "Báo cáo số 09/BC-SA ngày 10 tháng 01 năm 2023 (phiên bản v2) thay thế",
            "KT. GIÁM ĐỐC", "Trần Thị B", "Các xã",
        )),
        ("notice.en.pdf", (
            "No. 12/TB-SA", "NOTICE",
            "Correction of figures and replacement of Báo cáo No. 02/BC-SA of 31 December 2022",
            "the erratum is: Grave (changed: levels, ranks). What follows: To every unit.",
            "Total 46.00 76.00 +30.00", "The correction was decided by Nguyễn Văn A.", "Communes",
        )),
    ],
)  # fmt: skip
def test_the_notice_says_what_matters(made: Project, file: str, words: tuple[str, ...]) -> None:
    """Number, date, entries, who decided, severity, results with their reasons, what replaces what, and who signs."""
    path = made.edition(erring.NAME).reports / "v2.erratum" / file
    text = projects.pdf_text(path).replace("\xa0", " ")

    assert [each for each in words if each not in text] == []
    assert "Như trên" not in text
    with pypdfium2.PdfDocument(path) as document:
        assert len(document) <= 4


def test_the_manifest_of_the_notice_holds_it_together(made: Project) -> None:
    """It has the hash of every file of the folder and of both versions' manifests; nothing can be written there."""
    reports = made.edition(erring.NAME).reports
    folder = reports / "v2.erratum"
    content = json.loads(notice(made, "manifest.json"))

    assert content["files"] == {
        file.name: tables.sha256(file) for file in sorted(folder.iterdir()) if file.name != "manifest.json"
    }
    assert content["manifests"] == {name: tables.sha256(reports / name / "manifest.json") for name in ("v1", "v2")}
    assert (content["severity"], content["corrections"]) == ("grave", ["C001"])
    assert {each.stat().st_mode & 0o222 for each in (folder, *folder.iterdir())} == {0}


def found(edition: Edition) -> list[str]:
    """What verifying v2 says of its notice."""
    checked = erratum_verify.added(Verified(Version(edition, "v2"), "en", {}, ()))
    return [each.text for check in checked.checks if check.layer == "notice" for each in check.differences]


def test_a_notice_that_stands_as_it_was_made_agrees(made: Project) -> None:
    """Verifying looks at every file of the notice's folder and finds nothing; v1 has no such layer."""
    edition = made.edition(erring.NAME)
    (check,) = erratum_verify.added(Verified(Version(edition, "v2"), "en", {}, ())).checks

    assert (check.layer, check.differences) == ("notice", ())
    assert check.total == len(list((edition.reports / "v2.erratum").iterdir()))
    assert erratum_verify.added(Verified(Version(edition, "v1"), "en", {}, ())).checks == ()


def forged(folder: Path, name: str = "facts.csv") -> None:
    """Gives a unit other points in a file of the notice, and the manifest of the notice a hash that fits."""
    file = folder / name
    file.write_bytes(file.read_bytes().replace(b"v2:u3/a,36,", b"v2:u3/a,35,") + b"\n" * (name != "facts.csv"))
    content = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    content["files"][name] = tables.sha256(file)
    del content["sha256"]
    (folder / "manifest.json").write_bytes(versions.sealed(content))


def listed(folder: Path) -> None:
    """Gives versions.csv the hash that the manifest of the notice has now."""
    file = folder.with_name("versions.csv")
    kept, last = file.read_text(encoding="utf-8").rstrip("\n").rsplit(",", 1)
    assert len(last) == 64
    file.write_text(f"{kept},{tables.sha256(folder / 'manifest.json')}\n", encoding="utf-8", newline="\n")


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda folder: (folder / "notice.pdf").write_bytes(b"%PDF"), "v2.erratum/notice.pdf: its content has changed"),
        (lambda folder: (folder / "notice.en.md").unlink(), "v2.erratum/notice.en.md: the manifest has it"),
        (lambda folder: (folder / "x.txt").write_text("x"), "v2.erratum/x.txt: the manifest does not have it"),
        (lambda folder: (folder / "manifest.json").write_text("{"), "v2.erratum/manifest.json: the manifest cannot be"),
        (
            lambda folder: (folder / "manifest.json").write_bytes((folder / "manifest.json").read_bytes() + b" "),
            "v2.erratum/manifest.json: ",
        ),
        (lambda folder: (forged(folder), listed(folder)), "v2.erratum/facts.csv: u3/a is 35 in the notice; v2 has 36."),
        (lambda folder: forged(folder, "notice.pdf"), "v2.erratum/manifest.json: is not the manifest of the notice in"),
        (versions_files.clear, "v2.erratum: notice No. 12/TB-SA is not there"),
        (lambda folder: folder.with_name("v1").rename(folder.with_name("x1")), "was made from another v1"),
    ],
)
def test_a_changed_notice_is_named(own: Edition, damage: Callable[[Path], object], words: str) -> None:
    """A file changed, gone or added, a forged number, a notice that is not there: verifying says that and no more."""
    folder = own.reports / "v2.erratum"
    for each in (own.reports, folder, folder.with_name("v1"), *folder.iterdir()):
        each.chmod(0o755)

    damage(folder)

    assert [text for text in found(own) if words in text] == found(own) != []


def test_a_notice_that_is_not_listed_is_named_and_comes_into_the_list(own: Edition) -> None:
    """A notice without its line, as after a kill, is told; the next command adds the same line with both hashes."""
    before = own.versions_file.read_text(encoding="utf-8")
    own.versions_file.write_text(before.rsplit("v2,noticed", 1)[0], encoding="utf-8", newline="\n")
    lost = found(own)

    versions_history.refresh(own)

    folder = own.reports / "v2.erratum"
    hashes = ",".join(tables.sha256(folder / name) for name in ("notice.pdf", "manifest.json"))
    assert lost == ["v2.erratum/manifest.json: versions.csv does not have this notice."]
    assert own.versions_file.read_text(encoding="utf-8") == before
    assert before.splitlines()[-1] == f"v2,noticed,2023-01-10,12/TB-SA,Nguyễn Văn A,,{hashes}"


def test_numbers_of_a_notice_that_cannot_be_read_are_told(own: Edition) -> None:
    """A table of facts that is none any more differs at its own place, and the other table is still looked at."""
    for name in ("facts.csv", "facts.en.csv"):
        (own.reports / "v2.erratum" / name).chmod(0o644)
    (own.reports / "v2.erratum" / "facts.csv").write_bytes(b"\xff")
    projects.change(own.reports / "v2.erratum" / "facts.en.csv", "v2:u3/a,36,", "v2:u3/a,35,")

    texts = found(own)

    assert any("is not what a run writes" in each for each in texts)
    assert "v2.erratum/facts.en.csv: u3/a is 35 in the notice; v2 has 36." in texts


# ---- what cannot be read ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "it is not there"),
        ("{", "it is not JSON"),
        ("{}", "it lacks inputs, frameworks, notebooks, modules, outputs, versions, publication"),
        ("[]", "it lacks inputs"),
    ],
)
def test_a_manifest_that_cannot_be_read_is_told_by_layer(
    own: Edition, capsys: pytest.CaptureFixture[str], content: str | None, words: str
) -> None:
    """Absent, no JSON or without its parts: the layer of the manifest differs, and the words say what to do."""
    file = own.reports / "v2" / "manifest.json"
    file.unlink() if content is None else file.write_text(content, encoding="utf-8")

    code = run("verify", erring.NAME, "v2", "--lang", "en", "--rebuild")
    said = " ".join(capsys.readouterr().out.split())

    assert code == 1
    assert "✗ Manifest 0/1" in said
    assert f"✗ manifest.json: the manifest cannot be read: {words}" in said
    assert f"restore the folder reports/{erring.NAME}/v2 from a backup" in said
    assert [each for each in ("Errno", "Program and tools are") if each in said] == []


@pytest.mark.parametrize("content", ["", "x\n", "version,what\nv1,x\n"])
def test_a_list_of_versions_that_cannot_be_read_is_told_by_layer(
    own: Edition, capsys: pytest.CaptureFixture[str], content: str
) -> None:
    """Only the layer of the manifest differs; everything else of the version is still compared."""
    own.versions_file.write_text(content, encoding="utf-8")

    code = run("verify", erring.NAME, "v2", "--json", "--lang", "en")
    said = json.loads(capsys.readouterr().out)

    assert code == 1
    assert [(each["layer"], each["place"]) for each in said["differences"]] == [("manifest", "versions.csv")]
    assert "restore the file from a backup" in said["differences"][0]["text"]
    assert {each["layer"] for each in said["layers"]} >= {"raw", "pdf", "notice", "proof"}


# ---- signed ----------------------------------------------------------------------------------------------


@pytest.fixture
def key(tmp_path: Path) -> Iterator[sign_key.Key]:
    """The signer's key."""
    file = signed.keys(tmp_path).signer
    with sign_key.of_pkcs12(file, signed.PASSWORD, (), "en") as opened:
        yield opened


def told(version: Version) -> list[str]:
    """What verifying the signatures says."""
    return [each.text for each in sign_version.check(version, "en")[0].differences]


def test_a_signature_covers_the_notice(own: Edition, key: sign_key.Key) -> None:
    """The signed statement has the hash of the notice's manifest: a notice with all hashes made to fit is found."""
    version, folder = Version(own, "v2"), own.reports / "v2.erratum"
    sign.version(version, key, None, "en", again=False)
    versions_history.refresh(own)
    statement = sign_statement.read((own.reports / "v2.signed" / "manifest.intoto.json").read_bytes())
    before = told(version)
    assert statement.subjects["v2.erratum/manifest.json"] == tables.sha256(folder / "manifest.json")
    for each in (folder, *folder.iterdir()):
        each.chmod(0o755)

    forged(folder, "notice.pdf")

    assert before == []
    assert told(version) == [
        "v2.signed: v2.erratum/manifest.json: the hash in the signed statement is not that of the file."
    ]


def test_a_version_that_was_signed_before_its_notice_stays_valid(
    own: Edition, key: sign_key.Key, capsys: pytest.CaptureFixture[str]
) -> None:
    """The statement of then names no notice, and none is missed; signatures that hold need no word on who published."""
    folder, hidden = own.reports / "v2.erratum", own.reports / ".hidden"
    folder.chmod(0o755)
    folder.rename(hidden)
    sign.version(Version(own, "v2"), key, None, "en", again=False)
    hidden.rename(folder)
    versions_history.refresh(own)

    assert told(Version(own, "v2")) == []
    assert run("verify", erring.NAME, "v2", "--lang", "en") == 0
    signed_words = " ".join(capsys.readouterr().out.split())
    assert run("verify", erring.NAME, "v1", "--lang", "en") == 0
    unsigned_words = " ".join(capsys.readouterr().out.split())
    assert "only a signature" not in signed_words
    assert "who published them only a signature can show" in unsigned_words


# ---- stopped and taken up again --------------------------------------------------------------------------


def test_the_same_notice_is_made_again(own: Edition, made: Project) -> None:
    """Killed before the notice, with half of one left: the same command makes the same bytes, and then says it is done.

    v2 is not published again.
    """
    before = projects.bytes_of(made.edition(erring.NAME).reports)
    versions_files.clear(own.reports / "v2.erratum")
    (own.reports / erratum_folder.WORK / ".vi").mkdir(parents=True)
    (own.reports / erratum_folder.WORK / ".vi" / "notice.md").write_text("?", encoding="utf-8")

    assert run(*erring.ASKED, *erring.GIVEN, "--yes") == 0
    again = projects.bytes_of(own.reports)

    assert {name: content for name, content in again.items() if name.startswith("v")} == {
        name: content for name, content in before.items() if name.startswith("v")
    }
    assert not (own.reports / erratum_folder.WORK).exists()
    assert run(*erring.ASKED, *erring.GIVEN, "--yes") == run(*erring.ASKED) == 0
    assert run(*erring.ASKED, "--number", "10", "--yes") == 1
    assert projects.bytes_of(own.reports) == again


def test_a_finished_draft_is_only_published(own: Edition, made: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed after the draft was in place: the same command publishes it without a run, and v2 has the same bytes."""
    undo(own, to_draft=True)
    monkeypatch.setattr(rebuild_run, "run", lambda *_: pytest.fail("the edition was run again"))

    assert run(*erring.ASKED, *erring.GIVEN, "--yes") == 0

    assert projects.bytes_of(own.reports / "v2") == projects.bytes_of(made.edition(erring.NAME).reports / "v2")


def test_a_stopped_trial_leaves_nothing(
    own: Edition, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where the run of the trial stops, no line is written and no version made; its last words are told."""
    undo(own)

    def stop(*_: object) -> None:
        raise rebuild_run.StoppedError("1", "the commentary is wrong")

    monkeypatch.setattr(rebuild_run, "run", stop)
    before = projects.bytes_of(Path())

    assert run(*erring.ASKED, *erring.GIVEN, "--yes", "--lang", "en") == 1
    assert "the commentary is wrong" in capsys.readouterr().err
    after = projects.bytes_of(Path())
    assert {name for name in before | after if before.get(name) != after.get(name)} <= {
        f"reports/{erring.NAME}/versions.csv", f"reports/{erring.NAME}/index.html", f"reports/{erring.NAME}/.lock",
    }  # fmt: skip


# ---- refused ---------------------------------------------------------------------------------------------


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, list[str]]:
    """The exit code, and the reasons, of a command that is refused."""
    code = run(*arguments, "--lang", "en")
    captured = capsys.readouterr()
    assert captured.out == ""
    return code, [each[4:] for each in captured.err.splitlines() if each.startswith("  - ")]


def test_all_refusals_come_at_once(own: Edition, capsys: pytest.CaptureFixture[str]) -> None:
    """Unknown, known and unnamed entries, other inputs, wrong particulars and a missing rule are told together."""
    undo(own)
    ledger = own.raw / errata.LEDGER
    ledger.write_text(erring.LEDGER + erring.ENTRY + erring.ENTRY.replace("C001,u3", "C002,u4"), encoding="utf-8")
    settings = own.assessment_file.read_text(encoding="utf-8")
    rule = settings[settings.index("errata:") : settings.index("frameworks:")]
    own.assessment_file.write_text(settings.replace(rule, ""), encoding="utf-8")
    projects.change(own.raw / "so-lieu.csv", "Xã U6,50,", "Xã U6,51,")
    (own.raw / "khac.txt").write_text("?", encoding="utf-8")

    code, reasons = refused(
        capsys, "erratum", erring.NAME, "--correction", "C001", "--correction", "C9", "--number", "002", "--date",
        "2022-12-30", "--yes",
    )  # fmt: skip

    assert code == 2
    for begin in (
        f"data/raw/{erring.NAME}/corrections.csv has no entry C9;",
        f"data/raw/{erring.NAME}/corrections.csv also has the new entries C002,",
        f"1 input file(s) are not those of v1 (data/raw/{erring.NAME}/so-lieu.csv).",
        f"1 input file(s) are not in v1 (data/raw/{erring.NAME}/khac.txt).",
        "--notice-number, --by missing:",
        "--date: 30 December 2022 is before 31 December 2022",
        "--number: 02/BC-SA is the number of v1;",
        f"data/raw/{erring.NAME}/assessment.yaml has no rule that weighs an erratum;",
    ):
        assert sum(each.startswith(begin) for each in reasons) == 1, (begin, reasons)
    assert len(reasons) == 8


@pytest.mark.parametrize("number", ["0", "000", "0/BC-SA", "46 BC"])
def test_a_document_has_a_number_above_zero(own: Edition, capsys: pytest.CaptureFixture[str], number: str) -> None:
    """Nought, with a symbol or without, is the number of no report and of no notice."""
    undo(own)

    code, reasons = refused(capsys, *erring.ASKED, "--number", number, "--notice-number", number)

    assert code == 1
    assert [each for each in reasons if "is not the number of a document" in each] == [
        f"{option}: {number} is not the number of a document; write 46 or 46/BC-STTTT."
        for option in ("--number", "--notice-number")
    ]


def test_what_is_published_is_no_erratum(own: Edition, capsys: pytest.CaptureFixture[str]) -> None:
    """An entry that the latest version has already is refused, as is a ledger in which it was changed."""
    more = erring.ENTRY.replace("C001,u3,may,10,60", "C002,u4,may,33.3425,40")
    ledger = erring.LEDGER + erring.ENTRY.replace("Chép nhầm", "Khác") + more
    (own.raw / errata.LEDGER).write_text(ledger, encoding="utf-8")

    code, reasons = refused(capsys, "erratum", erring.NAME, "--correction", "C001", "--correction", "C002")

    assert code == 1
    assert [each.split(";")[0].split(",")[0] for each in reasons] == [
        "C001: already in the ledger of v2",
        f"data/raw/{erring.NAME}/corrections.csv: the entries C001 of v2 were changed or taken out",
    ]


def test_a_withdrawn_version_is_not_replaced(own: Edition, capsys: pytest.CaptureFixture[str]) -> None:
    """There is nothing to replace where the latest version was withdrawn."""
    undo(own)
    assert run("publish", erring.NAME, "--withdraw", "v1", "--reason", "x", "--date", "2023-01-02") == 0
    capsys.readouterr()

    code, reasons = refused(capsys, *erring.ASKED)

    assert code == 1
    assert [each for each in reasons if each.startswith("version v1 was withdrawn on 2 January 2023")] == reasons


def test_nothing_is_corrected_before_it_is_published(own: Edition, capsys: pytest.CaptureFixture[str]) -> None:
    """Without a version the command says what to do instead."""
    undo(own)
    versions_files.clear(own.reports / "v1")

    assert run(*erring.ASKED, "--lang", "en") == 1
    assert "has no published version" in capsys.readouterr().err


def test_another_erratum_goes_first(own: Edition, capsys: pytest.CaptureFixture[str]) -> None:
    """While one erratum has its line but no version, another is refused; and its own particulars cannot change."""
    undo(own, to_draft=True)
    more = erring.ENTRY.replace("C001,u3,may,10,60", "C002,u4,may,33.3425,40")
    with (own.raw / errata.LEDGER).open("a", encoding="utf-8") as stream:
        stream.write(more)

    code, reasons = refused(capsys, "erratum", erring.NAME, "--correction", "C002")

    assert code == 1
    assert any(each.startswith("another erratum was begun and is not finished: v2 (C001);") for each in reasons)
    (own.raw / errata.LEDGER).write_text(erring.LEDGER + erring.ENTRY, encoding="utf-8")
    code, reasons = refused(capsys, *erring.ASKED, "--number", "10", "--yes")
    assert (code, reasons) == (1, ["--number: this erratum was begun with 9, not 10; go on with what was written."])


def test_a_changed_version_is_not_replaced(own: Edition, capsys: pytest.CaptureFixture[str]) -> None:
    """Where a file of the version is not as it was published, the notice would compare with something else."""
    undo(own)
    file = own.reports / "v1" / "facts.csv"
    file.chmod(0o644)
    file.write_text(file.read_text(encoding="utf-8").replace("46,00", "47,00"), encoding="utf-8")

    code, reasons = refused(capsys, *erring.ASKED)

    assert code == 1
    assert [each.split(";")[0] for each in reasons] == ["files of version v1 are not as they were published"]


def test_a_rule_may_be_added_later(own: Edition) -> None:
    """A rule that was added to the settings after the version was published is no other input, and is said."""
    undo(own)
    projects.change(own.assessment_file, "when: [level, rank]", "when: [level]")

    erring_now = erratum.opened(erratum.Asked(own, ("C001",)), "en")

    assert list(erratum_inputs.reasons(erring_now)) == []
    assert erratum_inputs.rule_is_later(erring_now)
    projects.change(own.assessment_file, "year: 2022", "year: 2022\nreference_year: 2021")
    assert [key for key, _ in erratum_inputs.reasons(erring_now)] == ["erratum_input_changed"]


def test_another_run_keeps_it_waiting(own: Edition) -> None:
    """While another command holds the edition, the command ends with 3."""
    with staging.alone(own, "en"):
        outcome = run(*erring.ASKED)

    assert outcome == 3


def test_a_version_that_replaces_nothing_has_no_notice(own: Edition) -> None:
    """A notice is made only for a version that a line of its own inputs made."""
    with pytest.raises(DataError, match="v1"):
        erratum_folder.replacement(Version(own, "v1"), "en")


def test_entries_may_be_named_in_any_order(own: Edition) -> None:
    """The ids that a command names twice, or in another order, mean the same erratum."""
    assert erratum.ordered(["C2", "C1", "C2"]) == ("C1", "C2")
    assert erratum.opened(erratum.Asked(own, ("C001",)), "en").state == erratum.DONE
    shutil.rmtree(own.draft)
    assert erratum.opened(erratum.Asked(own, ("C001",)), "en").line == erring.LINE
