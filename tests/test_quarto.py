"""The second engine: what is asked of Quarto, what is taken from it, and that it says what the first engine says."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
import projects
import pytest
import yaml
from nbformat.v4 import new_code_cell, new_notebook, new_output, new_raw_cell
from test_render import BODY, FIGURE, HOSTILE, METADATA, SVG, ranking

from minhbach import stages, stages_run, tables, wording
from minhbach.errors import RenderError, UsageError
from minhbach.paths import Edition
from minhbach.render import embedded, quarto, quarto_check, quarto_notebook, quarto_program
from minhbach.render.embedded import Rendered
from minhbach.render.fonts import chart_fonts

REPOSITORY = Path(__file__).resolve().parent.parent
EXTENSION = REPOSITORY / "_extensions" / "minhbach"
STAND_IN = Path(__file__).resolve().parent / "stand_in_quarto.py"
SHORTCODE = "{{< env HOME >}}"
ANNEX = '# Danh mục {#anx-list .annex}\n\nXem [](#anx-list): [7]{fact="all/annex"}.'
PARTICULARS = METADATA | {
    "closing": "Trên đây là báo cáo; `kính` trình.",
    "annex_note": "(Kèm theo Báo cáo số 12)",
    "notice": f"Dòng một\nDòng hai {SHORTCODE}",
}
FACT = re.compile(r'data-fact="([^"]*)"[^>]*>([^<]*)<')


@dataclass(frozen=True)
class Both:
    """The same notebook made by both engines, and what Quarto was asked."""

    first: Rendered
    second: Rendered
    asked: list[list[str]]


def notebook(folder: Path, *texts: str) -> Path:
    """An executed notebook in which each text is shown by a cell of its own, beside the figure that they name."""
    cells = [new_raw_cell("---\nexecute:\n  echo: false\n---")]
    for place, text in enumerate(texts):
        shown = new_output("display_data", {"text/markdown": text, "text/plain": "<Markdown object>"})
        cells.append(new_code_cell(f"#| label: part{place}", outputs=[shown], execution_count=place + 1))
    said = new_output("stream", name="stdout", text="not for the report\n")
    cells.append(new_code_cell("#| label: last\n#| output: false", outputs=[said]))
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    (folder / "figures").mkdir(parents=True)
    (folder / "figures" / "scores.svg").write_text(SVG, encoding="utf-8")
    nbformat.write(new_notebook(cells=cells, metadata=kernel), folder / "3_report.ipynb")
    return folder / "3_report.ipynb"


def installed(folder: Path, patch: pytest.MonkeyPatch) -> Path:
    """A program `quarto` on the PATH, and the file in which it notes what it is asked."""
    folder.mkdir()
    (folder / "quarto").write_text(f'#!/bin/sh\nexec "{sys.executable}" "{STAND_IN}" "$@"\n', encoding="utf-8")
    (folder / "quarto").chmod(0o755)
    patch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    patch.setenv("QUARTO_STAND_IN_LOG", str(folder / "log"))
    patch.delenv("QUARTO", raising=False)
    return folder / "log"


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    """The report of test_render with an annex, a picture and hostile particulars, made once by each engine."""
    folder = tmp_path_factory.mktemp("both")
    with pytest.MonkeyPatch.context() as patch:
        log = installed(folder / "bin", patch)
        texts = (BODY, ranking(40), FIGURE.format("figures/scores.svg"), ANNEX)
        one, two = folder / "one", folder / "two"
        for each in (one, two):
            notebook(each, *texts)
        first = embedded.render(one / "3_report.ipynb", one, PARTICULARS, timestamp=0)
        program = quarto_program.find("en")
        second = quarto.render(two / "3_report.ipynb", two, PARTICULARS, program, timestamp=0)
        yield Both(first, second, [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()])


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Rendered]:
    """Renders a report of one fact with a Quarto that fails in one way or another."""
    installed(tmp_path / "bin", monkeypatch)

    def make(mode: str = "", text: str = 'Có [5]{fact="all/count"} đơn vị.') -> Rendered:
        source = notebook(tmp_path / "draft", text)
        monkeypatch.setenv("QUARTO_STAND_IN", mode)
        program = quarto_program.Program(str(tmp_path / "bin" / "quarto"), "1.6.42")
        return quarto.render(source, tmp_path / "draft", METADATA, program, timestamp=0)

    return make


# ---- the program -----------------------------------------------------------------------------------------


def test_quarto_is_asked_in_these_words(both: Both) -> None:
    """Quarto is asked for its version, for PDF and web page without executing, and for the places and its Typst."""
    render = ["render", "report.ipynb", "--no-execute", "--to"]

    assert both.asked == [
        ["--version"],
        [*render, "minhbach-typst"],
        [*render, "minhbach-html"],
        ["typst", "query", "report.typ", "<places>", "--field", "value", "--one", "--root", ".",
         "--font-path", str(chart_fonts()[0])],
        ["typst", "--version"],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("mode", "words"),
    [("version 1.5.57", "Quarto 1.5.57 is too old"), ("version no", "Quarto does not tell its version")],
)
def test_a_program_that_does_not_fit_is_refused(
    mode: str, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A Quarto older than 1.6, or one that does not tell its version, ends the command with 2 and one sentence."""
    installed(tmp_path / "bin", monkeypatch)
    monkeypatch.setenv("QUARTO_STAND_IN", mode)

    with pytest.raises(UsageError, match=words) as caught:
        quarto_program.find("en")

    assert caught.value.exit_code == 2
    assert "\n" not in str(caught.value)


def test_a_missing_program_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the program is not found, also under the name in QUARTO, one sentence says how to go on."""
    monkeypatch.setenv("QUARTO", "no-such-program")

    with pytest.raises(UsageError) as caught:
        quarto_program.find("vi")

    assert str(caught.value) == wording.say("quarto_missing", "vi")
    assert "--engine embedded" in str(caught.value)


@pytest.mark.parametrize(("said", "version"), [("1.6.0", "1.6.0"), ("1.10.18", "1.10.18"), ("2.0", "2.0")])
def test_newer_programs_are_taken(said: str, version: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The version is compared number by number, so that 1.10 is newer than 1.6; QUARTO names the program."""
    installed(tmp_path / "bin", monkeypatch)
    monkeypatch.setenv("QUARTO_STAND_IN", f"version {said}")
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    monkeypatch.setenv("QUARTO", str(tmp_path / "bin" / "quarto"))

    assert quarto_program.find("en").version == version


# ---- what it made ----------------------------------------------------------------------------------------


def test_both_engines_print_the_same_facts(both: Both) -> None:
    """Facts stand in the same order with the same text in PDF and web page, and have places on existing pages."""
    order = [place.fact_id for place in both.first.places]

    assert [place.fact_id for place in both.second.places] == order
    assert "all/annex" in order
    assert len(order) > 10
    pages = [FACT.findall(each.html.read_text(encoding="utf-8")) for each in (both.first, both.second)]
    assert pages[0] == pages[1]
    assert ("all/annex", "7") in pages[1]
    assert len(both.second.numbering) == len(both.first.numbering)
    assert len(both.second.declared) == len(both.first.declared)


def test_both_engines_write_the_same_typst(both: Both) -> None:
    """The Typst of both engines differs in nothing but the particulars, where the fonts are listed."""
    first, second = (
        [line for line in each.typst.read_text(encoding="utf-8").splitlines() if not line.startswith("#let meta = ")]
        for each in (both.first, both.second)
    )

    assert second == first


def test_references_lead_to_the_same_numbers(both: Both) -> None:
    """Table, figure and annex have one number each, which every reference to them shows."""
    text = projects.pdf_text(both.second.pdf)
    page = both.second.html.read_text(encoding="utf-8")

    assert "xem Bảng 1 và Hình 1" in text
    assert "Bảng 1. Xếp hạng các đơn vị" in text
    assert text.count("Bảng 1") == 2
    assert [each for each in quarto_check.Page(both.second.html).printed if each[0].startswith("#")] == [
        ("#tbl-ranking", "Bảng\u00a01"),
        ("#fig-scores", "Hình\u00a01"),
        ("#anx-list", "Phụ lục"),
    ]
    for name in ("tbl-ranking", "fig-scores", "anx-list"):
        assert len(re.findall(rf'id="{name}"', page)) == 1


def test_hostile_particulars_stay_text(both: Both) -> None:
    """Markup of Typst, Markdown, HTML and Quarto in the particulars is printed as it was written."""
    page = both.second.html.read_text(encoding="utf-8")
    text = projects.pdf_text(both.second.pdf)

    assert "#panic() *x* $1$ <b>" in text
    assert SHORTCODE in text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "`kính` trình" in page
    assert page.index("`kính` trình") < page.index('id="anx-list"') < page.index("(Kèm theo Báo cáo số 12)")
    assert "not for the report" not in page + text


def test_page_is_complete(both: Both) -> None:
    """The web page has its styles, its figure and its formulas in it, and fetches nothing."""
    page = both.second.html.read_text(encoding="utf-8")

    assert quarto_check.Page(both.second.html).fetched == []
    assert "--ink: #111" in page
    assert "<math" in page
    assert "Trục điểm số" in page or "data:image/svg+xml" in page


def test_what_is_missing_is_said(both: Both) -> None:
    """A warning names what this engine and an older Typst do not give."""
    assert both.second.warnings[-1] == (
        "Quarto 1.6.42: report.pdf không theo chuẩn PDF/A-3a và PDF/UA-1, không có tệp đính kèm, Typst đi kèm cũ hơn "
        "0.14: công thức không có lời thay thế và tiêu đề không được đánh dấu; report.html không sắp xếp được bảng và "
        "không kèm số liệu của biểu đồ. Bản công bố được dựng bằng --engine embedded."
    )


# ---- what it did not make --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mode", "words"),
    [
        ("nothing", "Quarto 1.6.42 has not made report.pdf:\nERROR: something went wrong in Quarto"),
        ("empty", "Quarto 1.6.42 has not made report.pdf:\nERROR: something went wrong in Quarto"),
        ("other", "Quarto 1.6.42 has not made report.pdf:\nERROR: something went wrong in Quarto"),
        ("exit", "Quarto 1.6.42 has not made report.pdf:\nERROR: something went wrong in Quarto"),
    ],
)
def test_only_whole_files_count(mode: str, words: str, small: Callable[..., Rendered], tmp_path: Path) -> None:
    """Quarto that says all is well but writes nothing, an empty file or another one stops the run with its words."""
    with pytest.raises(RenderError) as caught:
        small(mode)

    assert words in str(caught.value)
    assert not list((tmp_path / "draft").glob("report.*"))


def test_other_numbers_are_refused(small: Callable[..., Rendered]) -> None:
    """A web page in which a number differs from the embedded engine's is not taken; the place is named."""
    with pytest.raises(RenderError, match="as number 1 of its facts and references Quarto prints all/count 0"):
        small("changed")


def test_mistakes_of_the_text_are_told(small: Callable[..., Rendered]) -> None:
    """What the filter finds wrong reaches the reader through Quarto, sentence by sentence."""
    with pytest.raises(RenderError) as caught:
        small("", "Xem [](#anx-none).")

    assert "the reference to anx-none has no annex to point to" in str(caught.value)


def test_what_a_report_replaces_stands_in_its_box(small: Callable[..., Rendered]) -> None:
    """The line about the document that a report replaces reaches PDF and web page, there in a box of its own."""
    made = small("", "::: {.replaces}\nThay thế [Báo cáo số 45/BC-SA]{.declared}.\n:::\n\nĐoạn đầu.")

    assert '<div class="replaces">' in made.html.read_text(encoding="utf-8")
    assert "Thay thế Báo cáo số 45/BC-SA." in projects.pdf_text(made.pdf)


def test_what_quarto_would_obey_is_silenced(tmp_path: Path) -> None:
    """A name or an alternative text that looks like one of Quarto's commands reaches it with a backslash inside."""
    source = notebook(tmp_path, f'![Điểm](figures/scores.svg){{#fig-a fig-alt="{SHORTCODE}"}}')

    quarto_notebook.write(source, tmp_path / "report.ipynb", embedded.complete(PARTICULARS), [])

    written = (tmp_path / "report.ipynb").read_text(encoding="utf-8")
    assert "{{<" not in written
    assert "{\\\\{< env HOME" in written


@pytest.mark.parametrize(
    "tag", ['<script src="https://cdn.example/x.js"></script>', '<img src="//host.example/x.png">']
)
def test_a_page_that_fetches_is_refused(tag: str, tmp_path: Path) -> None:
    """A page that would load anything from another host is not taken."""
    for name, more in (("one.html", ""), ("two.html", tag)):
        (tmp_path / name).write_text(f'<p><span data-fact="a/b">1</span></p>{more}', encoding="utf-8")

    with pytest.raises(RenderError, match=r"would fetch (https:)?//"):
        quarto_check.page(tmp_path / "two.html", tmp_path / "one.html")


# ---- the extension ---------------------------------------------------------------------------------------


def test_extension_has_quartos_layout() -> None:
    """The extension names title, author, version and the least Quarto, and formats of which every file exists."""
    content = yaml.safe_load((EXTENSION / "_extension.yml").read_text(encoding="utf-8"))
    formats = content["contributes"]["formats"]
    files = [each["path"] for each in formats["common"]["filters"]]
    for each in ("typst", "html"):
        files += [formats[each].get("template", ""), *formats[each]["template-partials"], *formats[each].get("css", [])]

    assert set(content) == {"title", "author", "version", "quarto-required", "contributes"}
    assert content["quarto-required"] == ">=1.6.0"
    assert set(content["contributes"]) == {"formats"}
    assert set(formats) == {"common", "typst", "html"}
    assert formats["common"]["filters"] == [{"path": "facts.lua", "at": "pre-ast"}]
    assert formats["typst"]["keep-typ"]
    assert formats["html"]["embed-resources"]
    assert formats["html"]["html-math-method"] == "mathml"
    assert [name for name in files if name and not (EXTENSION / name).is_file()] == []
    # The filter reads these two beside it.
    assert {path.name for path in EXTENSION.iterdir()} == {
        "_extension.yml",
        "tables.lua",
        "quarto.lua",
        *filter(None, files),
    }


@pytest.mark.parametrize("name", quarto.SHARED)
def test_both_engines_share_template_and_filter(name: str) -> None:
    """The extension's copies are the embedded engine's own files; `make extension` copies them again."""
    assert (EXTENSION / name).read_bytes() == (REPOSITORY / "minhbach" / "render" / name).read_bytes()


def test_front_matter_is_yaml(tmp_path: Path) -> None:
    """The first cell is YAML that names the title as text, the language, no execution, and both pieces as raw."""
    source = notebook(tmp_path, "Một dòng.")

    quarto_notebook.write(source, tmp_path / "report.ipynb", embedded.complete(PARTICULARS), ["fonts"])

    cells = nbformat.read(tmp_path / "report.ipynb", as_version=4).cells
    front = yaml.safe_load(cells[0].source.strip("-"))
    assert [cell.cell_type for cell in cells] == ["raw", "code", "code"]
    assert front["lang"] == "vi"
    assert front["execute"] == {"echo": False, "enabled": False}
    assert front["report-meta"].startswith('`("title": "Báo cáo #panic()') or front["report-meta"].startswith("``(")
    assert front["report-meta"].endswith("{=typst}")
    assert front["report-header"].endswith("{=html}")
    assert "\n" not in "".join(front[key] for key in ("report-meta", "report-header", "report-closing"))
    assert HOSTILE not in front["title"]


# ---- the whole command -----------------------------------------------------------------------------------


def test_an_edition_is_rendered_with_quarto(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With this engine a run makes PDF and page of its report, notes each fact's place, and says what is missing."""
    installed(tmp_path / "bin", monkeypatch)
    shipped = projects.shipped(tmp_path_factory, "2019-bo")
    edition = projects.project(tmp_path / "project", "2019-bo").edition("2019-bo")
    shutil.copytree(shipped.draft, Edition("2019-bo", edition.staging).draft)
    run = stages_run.Run(edition, engine="quarto")
    for name in ("report.pdf", "report.html", "places.csv"):
        (run.output.draft / name).unlink()

    stages.render(run)

    text = projects.pdf_text(run.output.draft / "report.pdf")
    assert "0,9291" in text
    assert "data-fact" in (run.output.draft / "report.html").read_text(encoding="utf-8")
    assert tables.read(run.output.draft / "places.csv")["document"].eq("report.pdf").sum() > 100
    assert [line for line in run.log if line.startswith("Quarto 1.6.42: report.pdf")]


def test_make_hands_the_engine_on() -> None:
    """`make report ENGINE=quarto` runs the pipeline with this engine."""
    make = shutil.which("make")
    assert make is not None

    lines = subprocess.run(
        [make, "--dry-run", "report", "EDITION=2019-bo", "ENGINE=quarto"],
        cwd=REPOSITORY, capture_output=True, encoding="utf-8", check=True,
    ).stdout  # fmt: skip

    assert "pipeline.py run 2019-bo --engine quarto" in " ".join(lines.split())
