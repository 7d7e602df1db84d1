"""The command that reads a reviewer's tick list, and the files of steps that the audit pages load."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import audited
import pikepdf
import projects
import pytest
import traced

from minhbach import audit_notebooks, audit_review, audit_shards, cli
from minhbach.errors import DataError, UsageError
from minhbach.paths import Edition
from minhbach.trace_evidence import Evidence
from minhbach.trace_graph import Step


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Edition:
    """A small edition with its audit pages."""
    return audited.small(tmp_path_factory.mktemp("small"))


def build_of(edition: Edition) -> str:
    """The hash by which the pages name their build, out of what they load."""
    text = (edition.draft / "audit" / "data" / "site.js").read_text(encoding="utf-8")
    content: dict[str, Any] = json.loads(text.removeprefix("minhbach.start(").removesuffix(");\n"))
    return str(content["build"])


def mark(of: Edition, number: str, status: str = "questioned", **more: object) -> dict[str, object]:
    shown = traced.facts(of.draft)[number]["shown"]
    known = {"fact": number, "shown": shown, "page": "", "status": status, "note": "Vì sao?", "reviewer": "Trần Thị B"}
    return {**known, "time": "2027-01-02T03:04:05.678Z", **more}


def written(of: Edition, path: Path, listed: object, **more: object) -> Path:
    """A tick list as the pages export it."""
    head = {"format": 1, "kind": "minhbach-review", "edition": "2026-thu", "build": build_of(of)}
    path.write_text(json.dumps(head | {"items": listed} | more), encoding="utf-8")
    return path


def test_questioned_numbers_are_printed_with_their_chains(small: Edition, tmp_path: Path) -> None:
    """Each reviewer's sums come first, then every questioned number with its note and its chain down to the cell."""
    items = [mark(small, "X2/total"), mark(small, "X1/total", "checked"), mark(small, "X1/may", reviewer="", note="")]
    evidence = Evidence(small)

    lines = list(audit_review.told(evidence, audit_review.read(evidence, written(small, tmp_path / "x.json", items))))

    assert lines[0] == "Người kiểm tra không ghi tên: 0 con số đã kiểm tra, 1 con số có câu hỏi."
    assert lines[1] == "Trần Thị B: 1 con số đã kiểm tra, 1 con số có câu hỏi."
    assert lines[2] == "\n1. “18” (X1/may); Người kiểm tra không ghi tên, 2027-01-02: không ghi lý do"
    assert "bang.csv#C2" in lines[3]
    assert lines[4].startswith("\n2. “")
    assert lines[4].endswith("(X2/total); Trần Thị B, 2027-01-02: Vì sao?")
    assert "Điều chỉnh C001" in lines[5]
    assert len(lines) == 6


def test_what_a_terminal_would_obey_is_not_printed(small: Edition, tmp_path: Path) -> None:
    """Control characters of a note and a name are made visible, and line ends become spaces."""
    items = [mark(small, "X1/total", note="a\x1b[2Jb\nc\u202ed", reviewer="R\x07")]
    evidence = Evidence(small)

    text = "\n".join(audit_review.told(evidence, audit_review.read(evidence, written(small, tmp_path / "x", items))))

    assert not {"\x1b", "\x07", "\u202e"} & set(text)
    assert "b c" in text


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"edition": "2019-bo"}, "x.json là của kỳ 2019-bo, không phải kỳ 2026-thu."),
        ({"build": "0" * 64}, "x.json là của một bản khác của kỳ 2026-thu"),
        ({"kind": "x"}, "x.json không phải là danh sách kiểm tra"),
        ({"format": 2}, "x.json không phải là danh sách kiểm tra"),
        ({"items": 3}, "x.json không phải là danh sách kiểm tra"),
    ],
)
def test_a_list_of_another_build_is_refused(
    small: Edition, tmp_path: Path, more: dict[str, object], words: str
) -> None:
    """A file that is no tick list, or one of another edition or build, is refused with a sentence."""
    file = written(small, tmp_path / "x.json", [], **more)

    with pytest.raises(UsageError) as caught:
        audit_review.read(Evidence(small), file)

    assert str(caught.value).startswith(words)


@pytest.mark.parametrize("content", [b"", b"[1]", b"[" * 100_000])
def test_what_is_no_list_is_refused(small: Edition, tmp_path: Path, content: bytes) -> None:
    """Any other text is refused without a traceback."""
    file = tmp_path / "x.json"
    file.write_bytes(content)

    with pytest.raises(UsageError, match="không phải là danh sách kiểm tra"):
        audit_review.read(Evidence(small), file)


def test_a_file_that_cannot_be_read_is_told_in_the_language_asked_for(
    small: Edition, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file that is not there, a folder, and another encoding have a sentence each; --lang chooses its language."""
    monkeypatch.chdir(small.root)
    (tmp_path / "x.json").write_bytes(b"\xff\xfe")

    for name, words in (
        ("none.json", "there is no such file"),
        ("", "is a folder"),
        ("x.json", "not encoded in UTF-8"),
    ):
        path = (tmp_path / name).as_posix()
        assert cli.main([], ["review", small.name, path, "--lang", "en"]) == 2
        said = capsys.readouterr().err
        assert said.startswith(path)
        assert words in said
        assert "Errno" not in said


def test_all_wrong_entries_are_named(small: Edition, tmp_path: Path) -> None:
    """Entries with a wrong field, an unknown number, or a number that is printed otherwise are all named at once."""
    items = [
        mark(small, "X1/total"),
        mark(small, "X1/total", status="seen"),
        mark(small, "X1/total", note=7),
        mark(small, "X1/total", fact="X1/other"),
        mark(small, "X1/may", shown="19"),
        "x",
    ]
    file = written(small, tmp_path / "x.json", items)

    with pytest.raises(DataError) as caught:
        audit_review.read(Evidence(small), file)

    lines = str(caught.value).splitlines()
    assert [line.split(":")[0] for line in lines] == [f"x.json, mục {number}" for number in (2, 3, 4, 5, 6)]
    assert lines[2].endswith("không có con số X1/other trong bản này.")
    assert lines[3].endswith("con số X1/may in là “18”, tệp ghi “19”.")


def test_a_changed_answer_is_another_build(tmp_path: Path) -> None:
    """A received file that changes gives the pages another build, so that marks of the one are none of the other."""
    edition = audited.small(tmp_path / "a")
    before = build_of(edition)
    other = audited.small(tmp_path / "b", hostile=True)

    assert build_of(other) != before
    assert build_of(audited.small(tmp_path / "c")) == before


def test_places_that_follow_each_other_are_one_range() -> None:
    """Steps in a row are named as a range; those of another file bear its name."""
    places = [("a", 1), ("a", 2), ("a", 3), ("rows/0", 7), ("a", 4), ("rows/0", 8), ("rows/0", 9), ("rows/1", 10)]

    assert list(audit_shards.references("a", places)) == ["1-3", "rows/0:7", 4, "rows/0:8-9", "rows/1:10"]


def test_a_step_that_two_chains_share_stands_once(tmp_path: Path) -> None:
    """The step and the rows that two numbers share are written once, and no text can end the script."""
    row = Step("row", "u/x", "</script>\u2028")
    shared = Step("points", "u/P", "P", children=(row,))
    shards = audit_shards.Shards(lambda reference: "units/u" if reference.startswith("u/") else "")
    for name in ("u/a", "u/b"):
        shards.fact(Step("printed", name, name, children=(shared,)), name, "")

    shards.write(tmp_path)

    text = (tmp_path / "units" / "u.js").read_text(encoding="utf-8")
    assert text.count('"points"') == 1
    assert '["printed","u/b","u/b",[0]]' in text
    assert (tmp_path / "rows" / "0.js").read_text(encoding="utf-8").count("<\\/script>\\u2028") == 1


def test_markdown_of_notebooks_cannot_run() -> None:
    """HTML, links and pictures of a Markdown cell stay text; headings stand below that of the page."""
    parts = audit_notebooks.markdown(["# A\n\n<script>x</script>", "[b](javascript:c) ![d](e.png)", "`x < y`"])

    assert parts[0] == '<h2 id="a">A</h2>\n<p>&lt;script&gt;x&lt;/script&gt;</p>'
    assert parts[1] == "<p>b </p>"
    assert parts[2] == "<p><code>x &lt; y</code></p>"


def test_every_fact_of_a_pdf_is_a_named_destination(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Report.pdf names the first place of every fact that it prints, on its page, beside the names of its headings."""
    ran = projects.shipped(tmp_path_factory, "2019-bo")
    with (ran.draft / "places.csv").open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["document"] == "report.pdf"]
    first: dict[str, tuple[int, float]] = {}
    for row in rows:
        first.setdefault(row["fact_id"], (int(row["page"]), float(row["y"])))

    with pikepdf.Pdf.open(ran.draft / "report.pdf") as document:
        listed = list(document.Root.Names.Dests.Names)
        places = {str(name): place for name, place in zip(listed[::2], listed[1::2], strict=True)}
        pages = {page.objgen: number for number, page in enumerate(document.pages, start=1)}
        named = {name: pages[place[0].objgen] for name, place in places.items() if name in first}
        tops = {name: (float(place[0].MediaBox[3]) - float(place[3])) / 72 * 25.4 for name, place in places.items()}

    assert len(first) > 100
    assert named == {name: page for name, (page, _) in first.items()}
    assert all(0 <= y - tops[name] <= 6.1 for name, (_, y) in first.items())
    assert len(places) > len(first)
    assert [bytes(name) for name in listed[::2]] == sorted(bytes(name) for name in listed[::2])
