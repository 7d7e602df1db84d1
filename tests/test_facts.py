"""The ledger: one value per fact, exact queries over given tables, and no way out of the database."""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from minhbach import facts_files, tables
from minhbach.errors import RenderError
from minhbach.facts import Fact, Ledger, disagreements, frame, merge, placed

SCORES = pd.DataFrame(
    [("u1", "total", "0.1"), ("u2", "total", "0.2"), ("u3", "total", "")], columns=["unit_id", "node_id", "points"]
)


def ledger(language: str = "vi") -> Ledger:
    """A ledger with a table of scores: 0.1, 0.2 and a blank."""
    return Ledger(language, "half_up", {"scores": SCORES})


def test_a_number_is_cited_with_its_id() -> None:
    """A fact is printed rounded and in the reader's style, and keeps its exact value and its source."""
    facts = ledger()

    span = facts.number("664/ket_qua", Fraction(84255, 1000), 2, "points", "scores.csv")

    assert span == '[84,26]{fact="664/ket_qua"}'
    (fact,) = facts.facts
    assert (fact.value, fact.shown, fact.kind, fact.source) == ("84.255", "84,26", "points", "scores.csv")


def test_a_fact_has_one_value() -> None:
    """Citing a fact again is the same span; citing it with another value, or shown otherwise, is refused."""
    facts = ledger("en")
    first = facts.number("all/n", 3, 0, "query", "select 3")

    assert facts.number("all/n", 3, 0, "query", "select 3") == first
    with pytest.raises(ValueError, match=r"all/n is cited as '4' and as '3'; a fact has one value"):
        facts.number("all/n", 4, 0, "query", "select 3")
    with pytest.raises(ValueError, match=r"'3\.0' and as '3'"):
        facts.number("all/n", 3, 1, "query", "select 3")
    assert len(facts.facts) == 1


@pytest.mark.parametrize("fact_id", ["", "a b", 'a"b', "a}b", "a]b", "a\nb", "a\\b"])
def test_ids_cannot_break_out_of_the_text(fact_id: str) -> None:
    """An id with spaces, quotes, brackets or backslashes is refused."""
    with pytest.raises(ValueError, match="cannot be a fact's id"):
        ledger().number(fact_id, 1, 0, "points", "x")


def test_shown_words_are_escaped() -> None:
    """Words from outside cannot end the span or begin another."""
    span = ledger().words("u1/muc_do", "I", "Mức [I]{x}", "level", "levels.csv")

    assert "[I]{x}" not in span
    assert span.endswith('{fact="u1/muc_do"}')


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("select count(*) from scores", Fraction(3)),
        ("select count(*) filter (points <> ''), count(*) from scores", Fraction(2, 3)),
        ("select sum(cast(points as decimal(18, 6))) from scores where points <> ''", Fraction(3, 10)),
        ("select points from scores where unit_id = 'u1'", Fraction(1, 10)),
        ("select '2/3'", Fraction(2, 3)),
        ("select '-0.5'", Fraction(-1, 2)),
        ("select 9007199254740993", Fraction(9007199254740993)),
        ("with x as (select 1 as a) select sum(a) from x", Fraction(1)),
    ],
)
def test_queries_are_exact(sql: str, expected: Fraction) -> None:
    """Whole numbers, decimals, exact texts and a pair as a ratio come out of a query exactly."""
    assert ledger().select(sql) == expected


def test_a_query_is_cited_with_its_sql() -> None:
    """The source of a query fact is the query itself."""
    facts = ledger("en")

    assert facts.query("all/n", "select count(*) from scores") == '[3]{fact="all/n"}'
    assert (facts.facts[0].kind, facts.facts[0].source) == ("query", "select count(*) from scores")


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("select 0.1::double", "whole number"),
        ("select avg(x) from (values (1), (2)) as t(x)", "whole number"),
        ("select null", "whole number"),
        ("select true", "whole number"),
        ("select 'Mức I'", "whole number"),
        ("select '1e999999999'", "whole number"),
        ("select points from scores where unit_id = 'u3'", "whole number"),
        ("select 1, 2, 3", "gives 3 columns"),
        ("select 1, 0", "divides by 0"),
        ("select points from scores where unit_id = 'u9'", "gives no row"),
        ("select points from scores where points <> ''", "gives several rows"),
        ("select 1; select 2", "one SELECT"),
        ("create table x as select 1", "one SELECT"),
        ("", "one SELECT"),
    ],
)
def test_what_is_no_exact_number_is_refused(sql: str, words: str) -> None:
    """Floats, blanks, words, several rows or statements are no fact."""
    with pytest.raises(ValueError, match=words):
        ledger().select(sql)


def test_a_float_is_no_fact() -> None:
    """A float given as a fact's value is refused, because it is not what was meant."""
    with pytest.raises(TypeError, match="a fact is exact"):
        ledger().number("all/x", 0.1, 2, "points", "x")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "sql",
    [
        "select count(*) from read_csv('FILE')",
        "select count(*) from read_text('FILE')",
        "select count(*) from 'FILE'",
        "select count(*) from glob('*')",
        "select count(*) from 'https://example.org/a.csv'",
        "select getenv('HOME')",
        "select count(*) from SCORES_OF_THE_CALLER",
        "select count(*) from secret",
    ],
)
def test_queries_reach_nothing_outside(sql: str, tmp_path: Path) -> None:
    """No query reads a file, the network, the environment, or a variable of the program that asks."""
    (tmp_path / "a.csv").write_text("a\n1\n", encoding="utf-8")
    secret = pd.DataFrame({"a": [1]})

    with pytest.raises(duckdb.Error):
        ledger().select(sql.replace("FILE", str(tmp_path / "a.csv")))
    assert len(secret) == 1


@pytest.mark.parametrize(
    "sql", ["copy (select 1) to 'x.csv'", "attach 'x.db'", "install httpfs", "set enable_external_access = true"]
)
def test_queries_change_nothing(sql: str) -> None:
    """Statements that write, attach, install or loosen settings are refused as no SELECT."""
    with pytest.raises(ValueError, match="one SELECT"):
        ledger().select(sql)


def test_places_are_added() -> None:
    """A fact found in the document gets page and position; the others keep theirs empty."""
    facts = ledger()
    facts.number("u2/x", 2, 0, "points", "x")
    facts.number("u1/x", 1, 0, "points", "x")

    table = frame(placed(facts.facts, {"u1/x": (3, 12.345, 7.0)}))

    assert table["fact_id"].tolist() == ["u1/x", "u2/x"]
    assert table[["page", "x", "y"]].to_numpy().tolist() == [["3", "12.35", "7.00"], ["", "", ""]]


# ---- several documents, several languages ----------------------------------------------------------------


@dataclass(frozen=True)
class Spot:
    """Where a document prints a fact."""

    fact_id: str
    page: int
    x: float
    y: float


def fact(fact_id: str, value: str, shown: str = "", source: str = "scores.csv", page: str = "") -> Fact:
    """A fact in points."""
    return Fact(fact_id, value, shown or value, "points", source, page)


def test_documents_share_one_ledger() -> None:
    """Merged facts are sorted by id; what the first document says of source and place stays."""
    report, cards = (
        [fact("u2/x", "2", page="7"), fact("u1/x", "1")],
        [fact("u1/y", "3"), fact("u2/x", "2", "2", "card")],
    )

    whole = merge(report, cards)

    assert [each.fact_id for each in whole] == ["u1/x", "u1/y", "u2/x"]
    assert (whole[2].source, whole[2].page) == ("scores.csv", "7")


def test_documents_that_differ_are_refused() -> None:
    """A fact with another value, or shown otherwise, in two documents is named with both; all such facts at once."""
    with pytest.raises(RenderError) as caught:
        merge([fact("u1/x", "1"), fact("u2/x", "2", "2,00")], [fact("u1/x", "3")], [fact("u2/x", "2", "2,0")])

    assert str(caught.value).splitlines() == [
        "2 fact(s) have two values; a fact has one:",
        "  u1/x: '1' (1) and '3' (3)",
        "  u2/x: '2,00' (2) and '2,0' (2)",
    ]


def test_languages_differ_by_value_only() -> None:
    """Another value, or a fact that one language lacks, is a difference; spelling and a finding's words are none."""
    finding = [Fact("finding/f", words, words, "finding", "findings.csv") for words in ("Sai", "Wrong")]
    first = [fact("u1/x", "1.5", "1,5"), fact("u1/y", "1"), fact("u1/z", "1"), finding[0]]
    second = [fact("u1/x", "1.5", "1.5"), fact("u1/y", "2"), finding[1]]

    assert disagreements(first, second) == ["u1/y", "u1/z"]


def test_every_document_adds_its_places(tmp_path: Path) -> None:
    """places.csv has each printing by document; a fact's own place is its first in the report, else blank."""
    tables.write(frame((fact("u1/x", "1"),)), tmp_path / "facts.csv")

    facts_files.add(tmp_path, {"report.pdf": [Spot("u1/x", 2, 30.0, 40.126), Spot("u1/x", 5, 1, 1)]})
    facts_files.add(tmp_path, {"scorecards/u1.pdf": [Spot("u1/y", 1, 20, 20)]}, [fact("u1/y", "2")])

    assert (tmp_path / "places.csv").read_text(encoding="utf-8").splitlines() == [
        "document,fact_id,page,x,y",
        "report.pdf,u1/x,2,30.00,40.13",
        "report.pdf,u1/x,5,1.00,1.00",
        "scorecards/u1.pdf,u1/y,1,20.00,20.00",
    ]
    placed_at = tables.read(tmp_path / "facts.csv")[["fact_id", "page", "x", "y"]].to_numpy().tolist()
    assert placed_at == [["u1/x", "2", "30.00", "40.13"], ["u1/y", "", "", ""]]


def test_what_is_printed_is_in_the_ledger(tmp_path: Path) -> None:
    """A document that prints what no ledger knows is refused by name."""
    tables.write(frame((fact("u1/x", "1"),)), tmp_path / "facts.csv")

    with pytest.raises(RenderError, match=r"a\.pdf prints 1 fact\(s\) that are in no ledger: u9/x"):
        facts_files.add(tmp_path, {"a.pdf": [Spot("u1/x", 1, 1, 1), Spot("u9/x", 1, 1, 1)]})


def test_a_fact_printed_in_one_language_only_is_named(tmp_path: Path) -> None:
    """A document that prints a fact which its twin in another language does not print is a difference too."""
    for language, spots in (("vi", [Spot("u1/x", 1, 1, 1)]), ("en", [])):
        tables.write(frame((fact("u1/x", "1"),)), tmp_path / language / "facts.csv")
        facts_files.add(tmp_path / language, {"report.pdf": spots})

    assert facts_files.disagreements(tmp_path / "vi", tmp_path / "en") == ["u1/x: report.pdf"]
    assert facts_files.disagreements(tmp_path / "vi", tmp_path / "vi") == []


def test_a_table_may_come_later() -> None:
    """A query may select from a table that was added after the ledger was made, and a cited fact is found again."""
    facts = ledger("en")
    facts.add("changes", pd.DataFrame({"change": ["1", "-2"]}))

    span = facts.query("all/up", "select count(*) from changes where change::integer > 0")

    assert span == '[1]{fact="all/up"}'
    assert facts.cited("all/up") == span
    assert facts.cited("all/down") is None
