"""trace on the sample survey of 17 districts and 220 communes: random numbers followed down, random cells up."""

from __future__ import annotations

import json
import random
import re
import statistics
from collections.abc import Mapping
from fractions import Fraction
from functools import cache

import by_hand
import projects
import pytest
import traced
from by_hand import ByHand, cut, shown
from projects import Ran

from minhbach import trace_back, yamlfile
from minhbach.trace_chain import Chain
from minhbach.trace_evidence import Evidence
from minhbach.trace_graph import Step, differences, walk

EDITION, SEED = "2022-gia-lai", 20221231
FRAMEWORKS = ("qd-2392-2017-huyen", "qd-2392-2017-xa")
# Query facts over points and levels: what is asked, of which framework, node or level, and of which district.
QUERY = re.compile(
    r"select (?P<what>.+?) from (?P<table>scores|levels)( join units using \(unit_id\))?"
    r" where framework = '(?P<framework>[^']+)'( and node_id = '(?P<node>\w+)')?"
    r"( and scheme = '\w+' and level = '(?P<level>\w+)')?( and parent_id = '(?P<parent>\w+)')?( and \w+ <> '')?"
    r"( and unit_id in \(select unit_id from ranks where [^()]*\))?"
)
MEDIAN = re.compile(r"select sum\(v\), count\(\*\) from \(.* (?P<values>from scores where .*)\) where place in .*")


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """The sample edition after one run."""
    return projects.shipped(tmp_path_factory, EDITION)


@pytest.fixture(scope="module")
def chain(ran: Ran) -> Chain:
    """Its chains."""
    return Chain(Evidence(ran.edition))


class Survey:
    """Points, levels and ranks of every unit, worked out by hand from the cells at the ends of its chains."""

    def __init__(self, ran: Ran, chain: Chain) -> None:
        self.ran, self.chain = ran, chain
        folder = ran.project.folder / "frameworks"
        self.written = {name: yamlfile.load(folder / f"{name}.yaml").content for name in FRAMEWORKS}
        self.hands = {name: ByHand(chain, self.written[name]) for name in FRAMEWORKS}
        self.home = {row["unit_id"]: name for name in FRAMEWORKS for row in self.table(name, "scores")}
        units = by_hand.rows(ran.edition.units_file)
        self.parent = {row["unit_id"]: row["parent_id"] for row in units}
        self.conditions = {name: self.thresholds(name) for name in FRAMEWORKS}

    def table(self, framework_id: str, name: str) -> tuple[Mapping[str, str], ...]:
        return by_hand.rows(self.ran.draft / framework_id / f"{name}.csv")

    def thresholds(self, framework_id: str) -> dict[str, dict[str, Fraction]]:
        """The least points for each level, from the file of the framework."""
        written = self.written[framework_id]["levels"][0]["conditions"]
        return {level: {node: self.least(framework_id, node, text) for node, text in rules.items()}
                for level, rules in written.items()}  # fmt: skip

    def least(self, framework_id: str, node: str, text: object) -> Fraction:
        if str(text).endswith("%"):
            return Fraction(str(text)[:-1]) / 100 * self.hands[framework_id].maxima[node]
        return Fraction(str(text))

    def points(self, unit_id: str, node: str) -> Fraction:
        value = self.hands[self.home[unit_id]].value(f"{unit_id}/{node}")
        assert isinstance(value, Fraction)
        return value

    def share(self, unit_id: str, node: str) -> Fraction:
        return self.points(unit_id, node) / self.hands[self.home[unit_id]].maxima[node]

    def members(self, framework_id: str, parent: str | None = None) -> list[str]:
        return [
            unit for unit, name in self.home.items() if name == framework_id and parent in (None, self.parent[unit])
        ]

    def level(self, unit_id: str) -> str:
        rules = self.conditions[self.home[unit_id]]
        return next((level for level in rules if not self.missing(unit_id, level)), "none")

    def missing(self, unit_id: str, level: str) -> dict[str, Fraction]:
        rules = self.conditions[self.home[unit_id]][level]
        gaps = {node: least - cut(self.points(unit_id, node), 2) for node, least in rules.items()}
        return {node: gap for node, gap in gaps.items() if gap > 0}

    @cache  # noqa: B019
    def totals(self, framework_id: str) -> list[Fraction]:
        return [cut(self.points(unit_id, "total"), 2) for unit_id in self.members(framework_id)]

    def printed(self, fact: Mapping[str, str]) -> str:
        """What the report must print for a fact."""
        unit_id, _, name = fact["fact_id"].partition("/")
        plain, _, ending = name.partition(".")
        places = len(fact["shown"].rstrip("\u00a0%").partition(",")[2])
        match fact["kind"]:
            case "answer":
                return self.answered(fact["fact_id"], places)
            case "points":
                return shown(self.points(unit_id, name), places)
            case "share":
                return shown(self.share(unit_id, plain), places)
            case "rank":
                own = cut(self.points(unit_id, "total"), 2)
                return str(1 + sum(total > own for total in self.totals(self.home[unit_id])))
            case "level":
                return self.of_level(unit_id, ending)
        return shown(self.counted(fact["source"]), places)

    def answered(self, fact_id: str, places: int) -> str:
        """An answer as the report prints it: numbers and shares as numbers, yes and no in words, days in figures."""
        unit_id, _, field_id = fact_id.partition("/")
        kind = self.hands[self.home[unit_id]].fields[field_id]["type"]
        step = next(each for each in walk(self.chain.printed(fact_id)) if (each.kind, each.id) == ("answer", fact_id))
        value = by_hand.answer(step, whole=kind == "count")
        if value is None:
            return "(trống)"
        if isinstance(value, str):
            return day(value) if kind == "date" else value
        if kind == "yes_no":
            return {1: "Có", 0: "Không"}[int(value)]
        return f"{shown(value * 100, places)}\u00a0%" if kind == "percent" else shown(value, places)

    def of_level(self, unit_id: str, ending: str) -> str:
        level = self.level(unit_id)
        order = [*self.conditions[self.home[unit_id]], "none"]
        better = order[max(order.index(level) - 1, 0)]
        gaps = self.missing(unit_id, better)
        if ending == "met":
            return str(len(self.conditions[self.home[unit_id]][better]) - len(gaps))
        if ending.endswith("missing"):
            return shown(gaps[ending.partition(".")[0]], 2)
        if ending == "mark":
            return "–" if level == "none" else level
        return "Không xếp hạng" if level == "none" else f"Mức {level}"

    def counted(self, sql: str) -> Fraction:
        """The value of a query over points or levels."""
        if middle := MEDIAN.fullmatch(sql):
            return self.median(f"select median {middle['values']}")
        asked = QUERY.fullmatch(sql)
        assert asked, sql
        units = self.members(asked["framework"], asked["parent"])
        if asked["level"]:
            return Fraction(sum(self.level(unit_id) == asked["level"] for unit_id in units))
        of = self.share if "share" in asked["what"] else self.points
        values = [of(unit_id, asked["node"]) for unit_id in units]
        times = 100 if "* 100" in asked["what"] else 1
        match asked["what"][:3]:
            case "max":
                return max(values) * times
            case "min":
                return min(values) * times
            case "cou":
                return Fraction(len(values))
        return sum(values, Fraction(0)) / len(values) * times

    def median(self, sql: str) -> Fraction:
        """The middle of the points of all units, or half the sum of the two in the middle."""
        asked = QUERY.fullmatch(sql)
        assert asked, sql
        return statistics.median(self.points(unit_id, asked["node"]) for unit_id in self.members(asked["framework"]))


def day(text: str) -> str:
    """A day, written year-month-day or day/month/year, as the report prints it."""
    figures = [int(each) for each in re.findall("[0-9]+", text)[:3]]
    year, month, date = figures if figures[0] > 31 else figures[::-1]
    return f"{date:02d}/{month:02d}/{year}"


@pytest.fixture(scope="module")
def survey(ran: Ran, chain: Chain) -> Survey:
    """The survey worked out by hand."""
    return Survey(ran, chain)


def rests_on_cells(fact: Mapping[str, str]) -> bool:
    """Whether a fact is of a unit (answer, points, share, rank, level), or a query over points or levels."""
    known = ("answer", "points", "share", "rank", "level")
    return fact["kind"] in known or any(each.fullmatch(fact["source"]) for each in (QUERY, MEDIAN))


def test_random_numbers_follow_from_the_cells_at_their_ends(ran: Ran, chain: Chain, survey: Survey) -> None:
    """200 printed numbers, chosen at random, are what the texts of their cells give, put through the worked lines."""
    facts = traced.facts(ran.draft)
    places = [row["fact_id"] for row in by_hand.rows(ran.draft / "places.csv") if rests_on_cells(facts[row["fact_id"]])]
    chosen = random.Random(SEED).sample(places, 200)

    chains = {fact_id: chain.printed(fact_id) for fact_id in chosen}

    assert {facts[fact_id]["kind"] for fact_id in chosen} >= {"answer", "points", "rank", "level", "query"}
    assert [fact_id for fact_id, step in chains.items() if differences(step)] == []
    wrong = {
        fact_id: (facts[fact_id]["shown"], worked)
        for fact_id in chosen
        if (worked := survey.printed(facts[fact_id])) != facts[fact_id]["shown"]
    }
    assert wrong == {}


def test_random_numbers_end_at_cells_of_hashed_files(chain: Chain, ran: Ran) -> None:
    """Every chain of a unit's number ends at cells, each with the file it was read from and that file's hash."""
    facts = traced.facts(ran.draft)
    own = [fact_id for fact_id, fact in facts.items() if fact["kind"] in ("points", "share", "rank", "level")]

    for fact_id in random.Random(SEED).sample(sorted(own), 30):
        found = [step for step in walk(chain.printed(fact_id)) if step.kind == "cell"]
        assert found
        for cell in found:
            file = cell.id.partition("#")[0]
            assert [child.value for child in cell.children] == [traced.sha256(ran.edition.raw / file)]


def test_cells_reach_the_numbers_that_end_at_them(chain: Chain, ran: Ran) -> None:
    """A number that a random cell reaches ends at that cell, its rows followed; one it does not reach does not."""
    facts = traced.facts(ran.draft)
    observations = [
        row for name in FRAMEWORKS for row in by_hand.rows(ran.edition.validated / name / "observations.csv")
    ]
    chance = random.Random(SEED)
    ends = Ends(chain)

    chosen = [next(row for row in observations if row["field_id"] == "so_may_tinh" and row["correction_id"])]
    for row in [*chosen, *chance.sample([row for row in observations if row["cell"]], 3)]:
        cell = f"{row['file']}#{row['sheet']}!{row['cell']}"
        reached = trace_back.numbers(trace_back.reach(chain, cell))
        unit = [fact_id for fact_id in facts if fact_id.startswith(f"{row['unit_id']}/")]
        for fact_id in {*unit, *chance.sample(sorted(facts), 5)}:
            assert (fact_id in reached) == (cell in ends.of(fact_id)), (cell, fact_id)


def test_a_median_names_the_units_in_the_middle(chain: Chain, ran: Ran) -> None:
    """The rows below a median lead to the total of the one or two units whose values are in the middle of all."""
    for framework_id in FRAMEWORKS:
        rows = [row for row in by_hand.rows(ran.draft / framework_id / "scores.csv") if row["node_id"] == "total"]
        ordered = sorted(
            (row for row in rows if row["points"]), key=lambda row: (Fraction(row["exact"]), row["unit_id"])
        )
        middle = {len(ordered) // 2, (len(ordered) - 1) // 2}

        step = chain.printed(f"{framework_id}/total.median")

        named = [each.id for each in walk(step) if each.kind == "row"]
        assert named == [f"{ordered[place]['unit_id']}/total" for place in sorted(middle)]


class Ends:
    """The cells at which numbers end, with every row that a chain names followed."""

    def __init__(self, chain: Chain) -> None:
        self.chain = chain
        self.steps: dict[str, tuple[frozenset[str], frozenset[str]]] = {}

    def of(self, fact_id: str) -> set[str]:
        waiting, done, found = [fact_id], set[str](), set[str]()
        while waiting:
            reference = waiting.pop()
            if reference not in done:
                done.add(reference)
                cells, rows = self.own(reference)
                found |= cells
                waiting += rows
        return found

    def own(self, reference: str) -> tuple[frozenset[str], frozenset[str]]:
        if reference not in self.steps:
            known = reference in self.chain.evidence.facts
            step: Step | None = self.chain.printed(reference) if known else self.chain.unprinted(reference)
            whole = list(walk(step)) if step else []
            cells = frozenset(each.id for each in whole if each.kind == "cell")
            self.steps[reference] = cells, frozenset(each.id for each in whole if each.kind == "row")
        return self.steps[reference]


def test_the_command_gives_the_chain_as_json(ran: Ran) -> None:
    """In a process of its own, `trace` ends with 0 and prints the chain of a total down to a returned form."""
    outcome = ran.project.command("trace", EDITION, "622/total", "--json")

    assert (outcome.returncode, outcome.stderr) == (0, "")
    content = json.loads(outcome.stdout)
    assert content["agrees"] is True
    assert "responses/huyen/622-thanh-pho-pleiku.xlsx#Phiếu khảo sát!E25" in outcome.stdout


def test_a_number_is_found_by_its_page(ran: Ran) -> None:
    """The page and the number as printed lead to the fact, or to a list with it."""
    place = next(row for row in by_hand.rows(ran.draft / "places.csv") if row["fact_id"] == "622/total")
    number = traced.facts(ran.draft)["622/total"]["shown"]

    outcome = ran.project.command("trace", EDITION, "--page", place["page"], number, "--document", place["document"])

    assert outcome.returncode == 0
    assert "622/total" in outcome.stdout
    assert max(map(len, outcome.stdout.splitlines())) <= 80
