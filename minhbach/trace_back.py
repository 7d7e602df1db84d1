"""The other direction: every printed number that a cell of a received file reaches."""

from __future__ import annotations

from collections.abc import Iterator

from minhbach import trace_cells, trace_reach
from minhbach.trace_answers import address
from minhbach.trace_chain import Chain
from minhbach.trace_counted import Counted
from minhbach.trace_evidence import Evidence
from minhbach.trace_graph import Step
from minhbach.trace_places import cut, places
from minhbach.trace_reach import Reached
from minhbach.trace_received import ENDING


def reach(chain: Chain, cell: str) -> Step:
    """The cell, its answer, and below it every printed number that it reaches, by what carries it there.

    Raises:
        UsageError: no answer was read from this cell.
    """
    evidence = chain.evidence
    framework_id, row = trace_cells.find(evidence, cell)
    known = evidence.framework(framework_id)
    start = [(unit_id, row["field_id"]) for unit_id in trace_reach.carriers(evidence, known, row)]
    names = trace_reach.closure(evidence, framework_id, start)
    groups = _groups(chain, framework_id, names)
    count = sum(len(group.children) for group in groups)
    at = address(row)
    text = evidence.say("reach" if count else "reach_none", cell=at, count=count)
    answer = chain.answers.step(framework_id, row["unit_id"], row["field_id"])
    return Step("cell", at, text, row["raw_text"], children=(answer, *groups))


def numbers(step: Step) -> frozenset[str]:
    """The ids of the printed numbers below a step."""
    own = frozenset({step.id}) if step.kind == "printed" else frozenset()
    return own.union(*(numbers(child) for child in step.children))


def _groups(chain: Chain, framework_id: str, reached: Reached) -> list[Step]:
    """The printed numbers: those of the unit itself, those of other units, and those about many units."""
    evidence = chain.evidence
    outcomes = trace_reach.outcomes(evidence, framework_id, reached)
    by_unit: dict[str, list[str]] = {}
    names = {unit_id: reached.get(unit_id, set()) | outcomes.get(unit_id, set()) for unit_id in {**reached, **outcomes}}
    for fact_id in evidence.facts:
        unit_id, _, name = fact_id.removeprefix("change/").partition("/")
        hit = any(name == each or name.startswith(f"{each}.") for each in names.get(unit_id, ()))
        if hit and evidence.facts[fact_id]["kind"] != "query":
            by_unit.setdefault(unit_id, []).append(fact_id)
    own = next(iter(reached))
    others = sorted(set(by_unit) - {own})
    listed = _listed(evidence, framework_id, reached)
    many = [*_entries(chain, listed), *Counted(chain, framework_id, reached, outcomes, listed).facts()]
    groups: tuple[tuple[str, dict[str, object], list[str]], ...] = (
        ("reach_own", {"unit": evidence.unit_name(own)}, by_unit.get(own, [])),
        ("reach_others", {"count": len(others)}, [each for unit_id in others for each in by_unit[unit_id]]),
        ("reach_many", {}, many),
    )
    return [_group(chain, evidence.say(key, **said), found) for key, said, found in groups if found]


def _group(chain: Chain, text: str, fact_ids: list[str]) -> Step:
    return Step("group", "", text, children=tuple(_number(chain, fact_id) for fact_id in fact_ids))


def _number(chain: Chain, fact_id: str) -> Step:
    evidence, fact = chain.evidence, chain.evidence.facts[fact_id]
    said = {"shown": cut(fact["shown"]), "fact": fact_id, "places": places(evidence, fact_id)}
    return Step("printed", fact_id, evidence.say("reach_number", **said), fact["shown"])


def _entries(chain: Chain, listed: set[str]) -> Iterator[str]:
    """Printed findings and corrections of an answer that was reached, and what all corrections together changed."""
    corrected = any(each.startswith("correction/") for each in listed)
    facts = chain.evidence.facts
    received = set(facts.where("kind", "received")) if corrected else set()
    for fact_id in facts if listed else ():
        stem = fact_id.removesuffix(".expected").removesuffix(".value")
        if stem in listed or (fact_id in received and not fact_id.endswith(ENDING)):
            yield fact_id


def _listed(evidence: Evidence, framework_id: str, reached: Reached) -> set[str]:
    """`finding/…` and `correction/…` of the answers that were reached."""
    return {
        f"{key}/{row[f'{key}_id']}"
        for key in ("correction", "finding")
        for row in evidence.table(framework_id, f"{key}s")
        if row["field_id"] in reached.get(row["unit_id"], ())
    }
