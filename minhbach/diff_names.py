"""What printed numbers and figures are called: by question and criterion, or by the words around them in the report."""

from __future__ import annotations

import re
from typing import Final

from minhbach import diff_context, diff_references, wording
from minhbach.diff import Difference

GROUP: Final = re.compile(r"(\w+)(?:\.share)?\.(median|best)(?:\..*)?")


def fact(diff: Difference, fact_id: str) -> str:
    """The name of a fact; its id where no report prints it, such as a count of none that no sentence says."""
    found = _criterion(diff, fact_id) or _around(diff, fact_id) or _of_group(diff, fact_id)
    if found:
        return found
    unit_id, _, name = fact_id.partition("/")
    named = f"{diff.unit_name(unit_id)}: {name}" if _is_unit(diff, unit_id) else fact_id
    return wording.say("diff_unprinted", diff.language, name=named)


def figure(diff: Difference, label: str) -> str:
    """A figure by its printed number and its caption; by its label where no report shows it."""
    for side in (diff.later, diff.earlier):
        caption = diff_context.captions(side).get(label)
        if caption is not None:
            number = diff_references.printed(side.report, side.evidence.printed).get(f"fig-{label}", "")
            return ". ".join(filter(None, (number, caption)))
    return label


def _criterion(diff: Difference, fact_id: str) -> str:
    """The unit and the question or criterion that a fact is about; empty where it is about something else."""
    unit_id, _, name = fact_id.partition("/")
    share = name.endswith(".share")
    for each in diff.matched if _is_unit(diff, unit_id) else ():
        framework = diff.later.framework(each.framework_id)
        known = framework.nodes.get(name.removesuffix(".share")) or (None if share else framework.fields.get(name))
        if known is not None:
            label = known.label.say(diff.language)
            said = wording.say("diff_share_of", diff.language, node=label) if share else label
            return f"{diff.unit_name(unit_id)} – {said}"
    return ""


def _around(diff: Difference, fact_id: str) -> str:
    """The words around a fact where a report prints it, with the unit where they do not name it."""
    for side in (diff.later, diff.earlier):
        if place := diff_context.places(side).get(fact_id):
            unit = side.evidence.units.get(fact_id.partition("/")[0])
            if unit is None or unit.called(side.evidence.printed) in place:
                return place
            return f"{diff.unit_name(unit.unit_id)}: {place}"
    return ""


def _of_group(diff: Difference, fact_id: str) -> str:
    """A median or best value of a group, which only the score cards print; empty for anything else."""
    match = GROUP.fullmatch(fact_id.partition("/")[2])
    known = (diff.later.framework(each).nodes for each in diff.later.framework_ids)
    node = next((nodes[match[1]] for nodes in known if match[1] in nodes), None) if match else None
    if match is None or node is None:
        return ""
    return f"{node.label.say(diff.language)} – {wording.say(f'card_legend_{match[2]}', diff.language)}"


def _is_unit(diff: Difference, unit_id: str) -> bool:
    return any(side.evidence.units.get(unit_id) for side in (diff.later, diff.earlier))
