"""Publishing: only what is finished, never twice, never changed again, with an index of all versions."""

import base64
import csv
import json
import shutil
import stat
from hashlib import sha256
from pathlib import Path

import projects
import published
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser
from projects import Project

from minhbach import (
    editions,
    previous,
    publish,
    publish_checks,
    publish_inputs,
    versions,
    versions_history,
)
from minhbach.errors import DataError, UsageError
from minhbach.paths import Edition
from minhbach.trace_chain import Chain
from minhbach.trace_evidence import Evidence
from minhbach.trace_graph import differences, walk

HASH = "0" * 64


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The project with v1 of two editions."""
    return published.both(tmp_path_factory)


@pytest.fixture
def own(made: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Edition:
    """The later edition in a copy of the project that a test may change."""
    copy = published.copied(made, tmp_path / "own", "data", "frameworks", "reports")
    monkeypatch.setattr(publish_inputs, "PROJECT", made.folder)
    return copy.edition(published.SECOND)


def manifest(edition: Edition) -> dict[str, object]:
    """The draft's manifest."""
    content: dict[str, object] = json.loads((edition.draft / "manifest.json").read_text(encoding="utf-8"))
    return content


def change_draft(edition: Edition) -> None:
    """Makes the draft another one that a run could have made: other words, with their hash in the manifest."""
    content = manifest(edition)
    report = edition.draft / "report.md"
    report.write_text(report.read_text(encoding="utf-8") + "\nX\n", encoding="utf-8")
    name = report.relative_to(edition.root).as_posix()
    content["outputs"][name] = digest(report)  # type: ignore[index]
    (edition.draft / "manifest.json").write_text(json.dumps(content), encoding="utf-8")


def digest(file: Path) -> str:
    """The SHA-256 of a file."""
    return sha256(file.read_bytes()).hexdigest()


def refusals(edition: Edition, content: dict[str, object] | None = None) -> list[str]:
    """Why the draft cannot be published, in English."""
    return publish_checks.refusals(editions.load(edition), content or manifest(edition), "en")


def test_a_version_has_the_draft_and_all_that_was_read(made: Project) -> None:
    """v1 has the draft's files byte for byte, the validated tables, and every input where a project has it."""
    edition = made.edition(published.SECOND)
    version = projects.bytes_of(edition.reports / "v1")

    draft = projects.bytes_of(edition.draft)
    assert {name: version[name] for name in draft if name != "manifest.json"} == {
        name: content for name, content in draft.items() if name != "manifest.json"
    }
    assert version["validated/nho/observations.csv"] == (edition.validated / "nho" / "observations.csv").read_bytes()
    raw = {f"inputs/data/raw/{published.SECOND}/{name}" for name in ("assessment.yaml", "so-lieu.csv", "units.csv")}
    assert raw | {"inputs/frameworks/nho.yaml", f"inputs/reports/{published.FIRST}/v1/nho/scores.csv"} <= set(version)
    kept = json.loads(version["manifest.json"])
    assert set(kept["publication"]["files"]) == set(version) - {"manifest.json"}
    assert {name: kept[name] for name in manifest(edition)} == manifest(edition)


def test_a_version_cannot_be_written(made: Project) -> None:
    """No file and no folder of a version has a right to write for anyone."""
    folder = made.edition(published.FIRST).reports / "v1"

    rights = {each: stat.S_IMODE(each.stat().st_mode) for each in (folder, *folder.rglob("*"))}

    assert {mode for each, mode in rights.items() if each.is_dir()} == {0o555}
    assert {mode for each, mode in rights.items() if not each.is_dir()} == {0o444}


def test_the_edition_before_is_its_version(made: Project) -> None:
    """A published edition before is compared by its latest version, with the settings and units of then."""
    listed = json.loads((made.edition(published.SECOND).draft / "manifest.json").read_text(encoding="utf-8"))["inputs"]

    assert f"reports/{published.FIRST}/v1/inputs/data/raw/{published.FIRST}/units.csv" in listed
    assert not any(
        name.startswith((f"data/raw/{published.FIRST}", f"reports/{published.FIRST}/draft")) for name in listed
    )


def test_the_edition_before_may_live_on_in_its_version_alone(own: Edition) -> None:
    """A version serves as the edition before even where its raw data were put away."""
    shutil.rmtree(own.root / "data" / "raw" / published.FIRST)

    found = previous.find(editions.load(own))

    assert found is not None
    assert [unit.unit_id for unit in found.units] == ["u1", "u2", "u3", "u4", "u5"]


def test_publishing_twice_is_refused(own: Edition) -> None:
    """The same draft is not published again; the reason names the version that it is."""
    before = projects.bytes_of(own.reports)

    with pytest.raises(DataError, match="is version v1 itself, nothing has changed"):
        publish.publish(own, "en")

    assert projects.bytes_of(own.reports) == before


def test_a_changed_draft_becomes_the_next_version(own: Edition) -> None:
    """v2 says which version it replaces; v1 stays byte for byte, and the list has what happened to both."""
    before = projects.bytes_of(own.reports / "v1")
    change_draft(own)

    made = publish.publish(own)

    assert (made.name, made.own["replaces"], made.own["date"]) == ("v2", "v1", "2022-12-31")
    assert projects.bytes_of(own.reports / "v1") == before
    with own.versions_file.open(encoding="utf-8", newline="") as stream:
        rows = [(row["version"], row["event"], row["by"], row["number"]) for row in csv.DictReader(stream)]
    assert rows == [("v1", "published", "", "02/BC-SA"), ("v2", "published", "", "02/BC-SA"),
                    ("v1", "replaced", "v2", "02/BC-SA")]  # fmt: skip
    assert not own.publishing.exists()


def test_everything_that_is_missing_is_said_at_once(own: Edition) -> None:
    """Number, draft, unchecked numbers, changed inputs, outputs and program are all named, each with what to do."""
    settings = own.assessment_file.read_text(encoding="utf-8")
    settings = settings.replace("number: 2", 'number: ""').replace("draft: false", "draft: true")
    own.assessment_file.write_text(settings, encoding="utf-8")
    (own.raw / "more.csv").touch()
    (own.draft / "facts.csv").write_text("", encoding="utf-8")
    (own.draft / "places.csv").unlink()
    (own.draft / "mine.txt").touch()
    content = manifest(own) | {"numbers": {"checked": False}}
    content["modules"] = {**content["modules"], "minhbach/gone.py": HASH, "pipeline.py": HASH}  # type: ignore[dict-item]

    found = refusals(own, content)

    for place, words in enumerate((
        "no number; write document: number", "draft: false", "without --unchecked",
        f"1 input file(s) changed since the run (data/raw/{published.SECOND}/assessment.yaml)",
        "were added since the run",
        "changed since the run (1 file(s): pipeline.py)", "lacks 1 file(s) that the run used (minhbach/gone.py)",
        f"(reports/{published.SECOND}/draft/facts.csv)", "draft lacks 1 file(s)", "draft/mine.txt",
    )):  # fmt: skip
        assert words in found[place]
    assert len(found) == 10
    with pytest.raises(DataError, match=r"cannot be published yet; [0-9]+ thing"):
        publish.publish(own, "en")


@pytest.mark.parametrize(
    ("numbers", "words"), [({"checked": True, "left": 2}, "2 number"), ({}, "without --unchecked")]
)
def test_numbers_without_address_keep_a_draft_back(own: Edition, numbers: dict[str, object], words: str) -> None:
    """A draft is published only where every number was shown to have an address."""
    assert [words in each for each in refusals(own, manifest(own) | {"numbers": numbers})] == [True]


def test_errors_in_the_findings_keep_a_draft_back(own: Edition) -> None:
    """A finding of severity error in the validated data is named beside the file that changed with it."""
    path = own.validated / "nho" / "findings.csv"
    columns = path.read_text(encoding="utf-8").splitlines()[0].split(",")
    row = ["error" if name == "severity" else "x" for name in columns]
    path.write_text("\n".join([",".join(columns), ",".join(row)]) + "\n", encoding="utf-8")

    assert ["1 error(s)" in each for each in refusals(own)] == [True, False]


def test_there_is_nothing_to_publish_without_a_draft(own: Edition) -> None:
    """Without a draft, or with a damaged manifest, a sentence says so."""
    (own.draft / "manifest.json").write_text("{", encoding="utf-8")
    with pytest.raises(DataError, match=r"manifest\.json"):
        publish.publish(own)
    shutil.rmtree(own.draft)
    with pytest.raises(DataError, match="has no draft; run: python"):
        publish.publish(own, "en")


def test_a_withdrawn_version_is_kept(own: Edition) -> None:
    """A withdrawal adds a line with day and reason; the folder stays, and it cannot be withdrawn again."""
    before = projects.bytes_of(own.reports / "v1")

    publish.withdraw(own, "v1", 'Sai số  <liệu> & "x"', "2023-01-05", "vi")

    assert projects.bytes_of(own.reports / "v1") == before
    state = versions_history.states(own)["v1"]
    assert (state.name, state.withdrawn and state.withdrawn.reason) == ("withdrawn", 'Sai số <liệu> & "x"')
    page = own.index.read_text(encoding="utf-8")
    assert "Thu hồi ngày 05/01/2023: Sai số &lt;liệu&gt; &amp; &quot;x&quot;" in page
    assert "Hiện không có phiên bản nào còn hiệu lực." in page
    with pytest.raises(UsageError, match="withdrawn already"):
        publish.withdraw(own, "v1", "again", "2023-01-06", "en")


@pytest.mark.parametrize(
    ("name", "reason", "date", "words"),
    [
        ("v9", "x", "2023-01-05", "no version v9"),
        ("v1", " ", "2023-01-05", "needs a reason"),
        ("v1", "x", "5/1", "not a date"),
    ],
)
def test_a_withdrawal_says_what_it_lacks(own: Edition, name: str, reason: str, date: str, words: str) -> None:
    """An unknown version, no reason and no date are refused, and nothing is written."""
    before = projects.bytes_of(own.reports)

    with pytest.raises(UsageError, match=words):
        publish.withdraw(own, name, reason, date, "en")

    assert projects.bytes_of(own.reports) == before


def test_a_name_is_never_used_twice(own: Edition) -> None:
    """A version whose folder was taken away stays in the list, is said to be lost, and its name is not given again."""
    shutil.rmtree(own.reports / "v1")

    made = publish.publish(own)

    assert made.name == "v2"
    assert "Thư mục của phiên bản này không còn ở đây." in own.index.read_text(encoding="utf-8")


def test_the_list_is_completed_after_a_kill(own: Edition) -> None:
    """A version that was published just before a kill comes into list and page with the next command."""
    own.versions_file.unlink()
    own.index.unlink()

    with pytest.raises(DataError, match="itself"):
        publish.publish(own, "en")

    assert versions_history.states(own)["v1"].name == "current"
    assert "Có hiệu lực" in own.index.read_text(encoding="utf-8")


def test_a_number_is_followed_in_a_version(own: Edition) -> None:
    """A trace in a version reads the data that the version carries, not those of today."""
    (own.raw / "so-lieu.csv").write_text("ten,may,co\n", encoding="utf-8")

    evidence = Evidence(own, "v1", "en")

    assert evidence.edition.root == own.reports / "v1" / "inputs"
    chain = Chain(evidence).printed("u2/total")
    cells = [step.id for step in walk(chain) if step.kind == "cell"]
    assert differences(chain) == ()
    assert cells == ["so-lieu.csv#B2", "so-lieu.csv#C2"]
    assert evidence.recorded(evidence.edition.raw / "so-lieu.csv") == digest(evidence.edition.raw / "so-lieu.csv")


def test_the_index_reads_and_links_without_faults(own: Edition, browser: Browser) -> None:
    """The page has no fault of accessibility, asks no host, and every file that it links exists."""
    change_draft(own)
    publish.publish(own)
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(own.index.resolve().as_uri())

    faults = Axe().run(page).response["violations"]
    links = page.eval_on_selector_all("a", "all => all.map(each => each.getAttribute('href'))")
    words = page.inner_text("main")
    page.close()

    assert [fault["id"] for fault in faults] == []
    assert asked == [own.index.resolve().as_uri()]
    assert {"v1/report.pdf", "v2/report.pdf", "v2/audit/index.html"} <= set(links)
    assert [link for link in links if not (own.reports / link).is_file()] == []
    assert "Được thay thế ngày 31/12/2022 bằng phiên bản 2 (số 02/BC-SA)" in words


def sign_by_hand(edition: Edition, name: str, signer: str, moment: str) -> None:
    """Puts a folder beside v1 that has what signing writes, as far as lists look at it."""
    folder = edition.reports / name
    (folder / "en").mkdir(parents=True)
    for each in ("report.pdf", "en/report.pdf"):
        (folder / each).write_bytes(b"%PDF")
    said = {"predicate": {"signer": signer, "signedAt": moment}}
    payload = base64.b64encode(json.dumps(said).encode()).decode()
    (folder / "manifest.intoto.json").write_text(json.dumps({"payload": payload}), encoding="utf-8")


def test_the_index_links_the_signed_copies(own: Edition, browser: Browser) -> None:
    """The page names who signed and countersigned, with day and time in Viet Nam, and links report and statement."""
    sign_by_hand(own, "v1.signed", "Nguyễn <Văn> Ái", "2023-01-31T18:05:59Z")
    sign_by_hand(own, "v1.signed-2", "Sở A", "2023-02-01T01:00:00Z")
    publish.refresh(own)
    page = browser.new_page()
    page.goto(own.index.resolve().as_uri())

    faults = Axe().run(page).response["violations"]
    links = page.eval_on_selector_all("#v1 a", "all => all.map(each => each.getAttribute('href'))")
    words = page.inner_text("#v1")
    page.close()

    assert [fault["id"] for fault in faults] == []
    assert {f"v1.signed{number}/{name}" for number in ("", "-2")
            for name in ("report.pdf", "manifest.intoto.json")} <= set(links)  # fmt: skip
    assert [link for link in links if not (own.reports / link).is_file()] == []
    assert "Nguyễn <Văn> Ái ký số ngày 01/02/2023 lúc 01:05 (giờ Việt Nam, theo đồng hồ của người ký)" in words
    assert "Sở A ký số tiếp theo ngày 01/02/2023 lúc 08:00" in words


def test_a_damaged_list_is_named(own: Edition) -> None:
    """A list that we did not write ends the command with its name."""
    own.versions_file.write_text("version,what\nv1,x\n", encoding="utf-8")

    with pytest.raises(DataError, match=r"versions\.csv"):
        publish.publish(own)


def test_versions_are_sorted_by_number(tmp_path: Path) -> None:
    """v10 follows v9; other folders are none."""
    edition = Edition("x", tmp_path)
    for name in ("v10", "v9", "v01", "vx", "draft"):
        (edition.reports / name).mkdir(parents=True)

    assert [each.name for each in versions.of(edition)] == ["v9", "v10"]
