"""The department's own words: every number a fact, everything else that could be printed refused by line."""

import json
import re
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import projects
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from projects import Project, Ran

from minhbach import book as books
from minhbach import cite, commentary, pandoc, wording
from minhbach.book import Book
from minhbach.errors import FileError, MinhbachError
from minhbach.facts import Ledger, UnknownFactError
from minhbach.paths import Edition

Write = Callable[..., Book]


@pytest.fixture
def written(tmp_path: Path) -> Write:
    """`written(text)`: a book without results, whose ledger has 84.25 as 664/total, with this commentary."""

    def write(text: str | bytes, language: str = "en") -> Book:
        edition = Edition("a", tmp_path)
        edition.raw.mkdir(parents=True, exist_ok=True)
        content = text if isinstance(text, bytes) else text.encode("utf-8")
        commentary.file(edition, language).write_bytes(content)
        ledger = Ledger(language, "half_up", {"scores": pd.DataFrame({"points": ["1"]})})
        ledger.query("all/n", "select count(*) from scores")
        setup: Any = SimpleNamespace(edition=edition)
        made = Book(setup, language, ledger, ())
        made.ledger.number("664/total", 84, 2, "points", "scores.csv")
        return made

    return write


def mistakes(made: Book) -> list[tuple[int, str]]:
    """Line and message of every mistake."""
    with pytest.raises(FileError) as caught:
        commentary.sections(made)
    return [(problem.line, problem.message) for problem in caught.value.problems]


# ---- what may be written ---------------------------------------------------------------------------------

GOOD = """# results

First place has []{fact="664/total"} points, **more** than *others*; [Article 4, 25/12/2017]{.declared}: see
[](#tbl-all), [](#anx-method) and [the portal](https://example.org/2022 "").

1. Level IV
2. one hundred

- a \\* b

## More

Line \\
break Ⅳ.

# conclusion
"""


def test_facts_are_filled_in(written: Write) -> None:
    """A section comes back as Markdown with each fact as it is shown; references get the report's own form."""
    found = commentary.sections(written(GOOD))

    assert list(found) == ["results"]
    assert found["results"].splitlines() == [
        'First place has [84.00]{fact="664/total"} points, **more** than *others*; '.replace("84.00", r"84\.00")
        + "[Article 4, 25/12/2017]{.declared}: see @tbl-all, [](#anx-method) and "
        "[the portal](https://example.org/2022).",
        "",
        "1.  Level IV",
        "2.  one hundred",
        "",
        r"- a \* b",
        "",
        "## More",
        "",
        "Line \\",
        "break Ⅳ.",
    ]


def test_no_file_no_words(written: Write, tmp_path: Path) -> None:
    """An edition without a commentary in the language of the report has no sections, and that is no mistake."""
    made = written(GOOD, "vi")

    assert commentary.sections(Book(made.setup, "en", made.ledger, ())) == {}


def test_line_ends_and_marks_of_the_file_do_not_matter(written: Write) -> None:
    """A byte order mark, CRLF and decomposed letters give the same as a plain file."""
    plain = commentary.sections(written('# results\n\nĐiểm []{fact="664/total"} tốt.\n'))

    other = written('\ufeff# results\r\n\r\nĐiểm []{fact="664/total"} tốt.\r\n')

    assert commentary.sections(other) == plain


# ---- what may not ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["12", "84,25", "8*4*", "x^2^", "x²", "½", "①", "٣", "３", "۵", "𝟖", "&#49;", "`a1`", "100%", "Q1", "[^1]", "\\1",
     "[84](https://example.org)", "<https://example.org/1>", "https://example.org/1", "*1*", '"1"', "〇"],
)  # fmt: skip
def test_a_numeral_typed_by_hand_is_refused(text: str, written: Write) -> None:
    """A numeral of any script, in any disguise, is a mistake on its line that says to cite the fact."""
    found = mistakes(written(f"# results\n\nwords\n\nThere are {text} units.\n"))

    assert {line for line, _ in found} == {5}
    assert "typed by hand; cite the fact: []{fact=" in found[0][1]


def test_a_numeral_that_is_a_fact_is_named(written: Write) -> None:
    """Where the typed numeral is one that a fact shows, the message names that fact."""
    assert '[]{fact="all/n"}' in mistakes(written("# results\n\nOnly 1 unit.\n"))[0][1]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<b>x</b>", "raw HTML"),
        ("<!-- x -->", "raw HTML"),
        ("`#x`{=typst}", "raw HTML, TeX or Typst"),
        ("```{=typst}\n#x\n```", "raw HTML, TeX or Typst"),
        ("```\nx\n```", "a block of code"),
        ("    x", "a block of code"),
        ("![x](a.png)", "an image"),
        ("| a |\n|---|\n| b |", "a table"),
        ("> x", "a block quotation"),
        ("***", "a rule"),
        ("::: {.callout}\nx\n:::", "a block with attributes"),
        ("x[^a]\n\n[^a]: y", "a footnote"),
        ("### x", 'headings inside a section are "## Words"'),
        ("- # x", 'headings inside a section are "## Words"'),
        ("2019. x", "a list begins with 2019"),
        ("[x](http://example.org)", "must be [words](https://…)"),
        ("[x](javascript:alert)", "must be [words](https://…)"),
        ("[x](data/units.csv)", "must be [words](https://…)"),
        ('[x](https://example.org "1")', "without a title"),
        ("[x](#tbl-all)", "is empty: [](#tbl-all)"),
        ("[](#results)", "must be [words](https://…)"),
        ("[84,25]{.declared}", "is a bare number"),
        ("[(84 %)]{.declared}", "is a bare number"),
        ('[x]{fact="664/total"}', "leave them empty"),
        ('[a []{fact="664/total"}]{.declared}', "one not inside the other"),
        ("[x]{.annex}", "brackets with attributes"),
        ("[[x]{.declared}]{.declared}", "one not inside the other"),
        ("**x**{#y}", "brackets with attributes"),
        ('[]{fact="664/totl"}', "there is no fact “664/totl”; did you mean 'total'?"),
        ('[]{fact="999/total"}', "there is no fact “999/total”"),
        ("a\u202eb", "U+202E"),
        ("a\u0007b", "U+0007"),
    ],
)
def test_what_may_not_stand_there_is_refused(text: str, words: str, written: Write) -> None:
    """Raw code, images, tables, foreign links, deep headings, wrong brackets and unknown facts are named by line."""
    found = mistakes(written(f"# results\n\nwords\n\n{text}\n"))

    assert {line for line, _ in found} <= {5, 6, 7}
    assert any(words in message for _, message in found), found


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("words\n", 1, "before the first section"),
        ("## words\n", 1, "before the first section"),
        ("# resluts\n", 1, "there is no section “resluts”; did you mean 'results'? Sections: introduction,"),
        ("# results\n\n# results\n", 3, "stands twice"),
        ("# results {#x}\n", 1, "attributes"),
        ("# 12\n", 1, "there is no section “12”"),
        (">" * 5000 + "x", 1, "nested too deeply"),
        ("x" * 200_001, 1, "more than 200000 bytes"),
        (b"# results\n\nDi\xea\n", 3, "not UTF-8"),
    ],
)
def test_the_file_itself_is_checked(text: str | bytes, line: int, words: str, written: Write) -> None:
    """Sections that there are not or twice, text outside of any, and files that are no plain text are refused."""
    found = mistakes(written(text))

    assert any(at == line and words in message for at, message in found), found


def test_all_mistakes_come_at_once(written: Write) -> None:
    """One reading names every mistake of the file with its line and section, in the order of lines."""
    made = written('# results\n\n12\n\n<b>\n\n# levles\n\n[]{fact="1/x"}\n\n# survey\n\n- ok\n- 13\n')

    with pytest.raises(FileError) as caught:
        commentary.sections(made)

    said = str(caught.value).splitlines()
    assert said[0].endswith("commentary.en.md has 5 mistake(s):")
    assert [re.findall(r"line (\d+): (\w+): ", line)[0] for line in said[1:] if "levles”" not in line] == [
        ("3", "results"),
        ("5", "results"),
        ("9", "levles"),
        ("14", "survey"),
    ]
    assert caught.value.exit_code == 1


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_refusal_has_its_words(language: str, written: Write) -> None:
    """Mistakes are told in the language of the report, and no sentence of the other language stands among them."""
    found = mistakes(written("# results\n\n12 <b> ![x](y) [z](w)\n\n***\n", language))

    vietnamese = [bool(re.search("[ạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹđ]", message)) for _, message in found]
    assert len(found) == 5
    assert set(vietnamese) == {language == "vi"}


# Signs that mean something to Markdown, to Pandoc's extensions of it, or to the writers of Typst and HTML.
ODD = st.text(st.sampled_from("ab ế\n\t*_`~^$@#[](){}<>|\\\"'.:=+-!&;/%1٣²"), max_size=60)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ODD)
def test_whatever_is_written_stays_words(written: Write, text: str) -> None:
    """Any text is refused, or comes back as plain words: nothing raw, no formula, citation, image or free numeral."""
    try:
        found = commentary.sections(written(f"# results\n\n{text}\n"))
    except FileError:
        return

    blocks = json.loads(pandoc._run(found.get("results", ""), pandoc.REPORT, "json"))["blocks"]
    kinds = {node["t"] for node in nodes(blocks) if "t" in node}
    assert kinds <= {
        "Para", "Plain", "Str", "Space", "SoftBreak", "LineBreak", "Emph", "Strong", "Quoted", "DoubleQuote",
        "SingleQuote", "BulletList", "OrderedList", "Decimal", "Period", "OneParen", "Header", "Code", "Link",
    }  # fmt: skip
    assert not any(letter.isnumeric() for letter in words_of(blocks))


def nodes(tree: Any) -> list[dict[str, Any]]:
    """Every node of a document tree."""
    if isinstance(tree, dict):
        return [tree, *nodes(tree.get("c", []))]
    return [each for part in tree for each in nodes(part)] if isinstance(tree, list) else []


def words_of(blocks: Any) -> str:
    """All words of a document tree, code too."""
    return "".join(
        node["c"] if node["t"] == "Str" else node["c"][1] for node in nodes(blocks) if node.get("t") in ("Str", "Code")
    )


# ---- references and languages ----------------------------------------------------------------------------


def test_references_must_exist(written: Write) -> None:
    """A table, figure or annex that the report does not have is named with its line."""
    edition = written("# results\n\n[](#tbl-all) and\n[](#fig-none)\n").setup.edition

    with pytest.raises(MinhbachError, match=r"line 4: the report has no fig-none;"):
        commentary.check(edition, {"en": "::: {#tbl-all .compact}\n"})
    commentary.check(edition, {"en": '::: {#tbl-all}\n![x](y.svg){#fig-none fig-alt="x"}\n'})


def test_languages_have_the_same_sections(written: Write) -> None:
    """A section that one language has and another lacks is named in the file that lacks it; a missing file too."""
    edition = written("# results\n\nx\n\n# levels\n\ny\n", "vi").setup.edition
    written("# results\n\nx\n")

    with pytest.raises(MinhbachError, match=r"commentary\.en\.md, line 1: levels: this section is missing"):
        commentary.check(edition, {"vi": "", "en": ""})
    commentary.check(edition, {"vi": ""})
    commentary.file(edition, "en").unlink()
    with pytest.raises(MinhbachError, match=r"has 2 mistake\(s\)"):
        commentary.check(edition, {"vi": "", "en": ""})


# ---- any fact by its id ----------------------------------------------------------------------------------


@pytest.fixture
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """The ministries of 2019 after their run."""
    return projects.shipped(tmp_path_factory, "2019-bo")


@pytest.fixture
def report(ran: Ran, monkeypatch: pytest.MonkeyPatch) -> Book:
    """The tables of that run as the report has them, with an empty ledger."""
    monkeypatch.chdir(ran.project.folder)
    return books.load(Edition("2019-bo"), "vi")


@pytest.mark.parametrize(
    ("fact_id", "span"),
    [
        ("bo-tai-chinh/total", r'[0,9291]{fact="bo-tai-chinh/total"}'),
        ("bo-tai-chinh/xep_hang", '[1]{fact="bo-tai-chinh/xep_hang"}'),
        ("bo-tai-chinh/xep_loai", '[Tốt]{fact="bo-tai-chinh/xep_loai"}'),
        ("bo-tai-chinh/chi_so", r'[0,92905]{fact="bo-tai-chinh/chi_so"}'),
    ],
)
def test_a_fact_is_found_by_its_id(fact_id: str, span: str, report: Book) -> None:
    """Points, ranks, levels and answers are cited by id, though nothing has declared them, and again the same."""
    if fact_id.endswith("chi_so"):
        raw = report.setup.edition.raw / "ministries_2019.csv"
        line = next(line for line in raw.read_text(encoding="utf-8").splitlines() if "Bộ Tài chính" in line)
        span = span.replace(
            "0,92905", next(cell for cell in line.split(",") if cell.startswith("0.")).replace(".", ",")
        )

    assert cite.fact(report, fact_id) == span
    assert cite.fact(report, fact_id) == span
    assert [fact.fact_id for fact in report.ledger.facts] == [fact_id]


@pytest.mark.parametrize(
    ("fact_id", "words"),
    [
        ("bo-tai-chinh/totl", "“bo-tai-chinh/totl”; did you mean 'total'?"),
        ("bo-tai-chin/total", "did you mean 'bo-tai-chinh'?"),
        ("all/xep_loai.Tốt.count", "“all/xep_loai.Tốt.count”"),
        ("bo-cong-an/total", "“bo-cong-an/total”"),
        ("change/bo-tai-chinh/total", "“change/bo-tai-chinh/total”"),
        ("", "“”"),
    ],
)
def test_what_cannot_be_cited_says_what_is_near(fact_id: str, words: str, report: Book) -> None:
    """An unknown unit, name or query, and a blank value, is refused with the nearest id where one is near."""
    book = Book(report.setup, "en", report.ledger, report.results)

    with pytest.raises(UnknownFactError) as caught:
        cite.fact(book, fact_id)

    assert words in str(caught.value)


def test_maxima_of_the_framework_are_facts(report: Book) -> None:
    """The largest number of points of a node is cited from the framework where it has one."""
    top = {node_id: node.max_points for node_id, node in report.results[0].framework.nodes.items()}
    first = next(node_id for node_id, most in top.items() if most is not None)

    assert f'{{fact="method/{first}.max_points"}}' in cite.fact(report, f"method/{first}.max_points")


# ---- in a run --------------------------------------------------------------------------------------------

FAULTS: Mapping[str, str] = {
    "vi": "# results\n\nCó 17 bộ.\n\n# ket-luan\n\nx\n",
    "en": '# results\n\n[]{fact="bo-tai-chinh/totl"}\n\n<script>\n',
}


def test_a_run_names_the_mistakes_of_every_language(ran: Ran, tmp_path: Path) -> None:
    """Mistakes in the commentaries of two languages stop the run with 1, all together, and the draft stays."""
    shutil.copytree(ran.project.folder, tmp_path / "project")
    made = Project(tmp_path / "project")
    edition = made.edition("2019-bo")
    for language, text in FAULTS.items():
        commentary.file(edition, language).write_text(text, encoding="utf-8")
    before = projects.bytes_of(edition.draft)

    outcome = made.command("run", "2019-bo", "--lang", "vi,en")

    assert outcome.returncode == 1
    assert "Traceback" not in outcome.stderr
    assert re.findall(r"commentary\.(\w\w)\.md, line (\d+)", outcome.stderr) == [
        ("vi", "3"), ("vi", "5"), ("en", "3"), ("en", "5"),
    ]  # fmt: skip
    assert "“17” có chữ số gõ tay" in outcome.stderr
    assert wording.say("commentary_what_rawblock", "en") in outcome.stderr
    assert projects.bytes_of(edition.draft) == before


@pytest.mark.parametrize("name", ["2019-bo", "2022-gia-lai"])
@pytest.mark.parametrize("language", ["vi", "en"])
def test_shipped_commentaries_are_printed(name: str, language: str) -> None:
    """The shipped commentaries have sections, cite facts, and say the same in both languages."""
    edition = Edition(name, projects.REPOSITORY)
    texts = {each: commentary.file(edition, each).read_text(encoding="utf-8") for each in ("vi", "en")}

    cited = {each: re.findall(r'\{fact="([^"]+)"\}', text) for each, text in texts.items()}

    assert len(cited[language]) >= 5
    assert cited["vi"] == cited["en"]
    assert re.findall("^# .+$", texts["vi"], re.MULTILINE) == re.findall("^# .+$", texts["en"], re.MULTILINE)


def test_the_words_stand_at_the_end_of_their_section(ran: Ran) -> None:
    """The commentary of a section is printed in the report, with the facts as the ledger shows them."""
    text = ran.text("report.md")

    results, conclusion = (text.index(words) for words in ("Ba cơ quan dẫn đầu", "Từ chỉ số đã công bố"))

    assert "# Kết quả" in text[:results]
    assert results < conclusion
    assert '[0,9291]{fact="bo-tai-chinh/total"}' in text[results:]
