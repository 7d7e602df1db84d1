"""A finding in words for the unit that is asked: what is the matter, and what the unit does about it.

The sentences of findings speak to the department (`Ask the unit …`) and begin with an address. A unit reads them
without both, and with advice of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from minhbach import findings as found
from minhbach import wording
from minhbach.editions import Setup
from minhbach.findings import SEVERITIES, Finding
from minhbach.forms_plan import mark
from minhbach.framework import Framework
from minhbach.returned_list import Line
from minhbach.returned_marks import block
from minhbach.units import Unit

DO = "return_do_"


def severity(name: str, language: str) -> str:
    """The word for a severity."""
    return wording.say(f"found_{name}", language)


def sentence(finding: Finding, language: str) -> str:
    """What a finding says, without its address and without the advice to the department."""
    text = without_address(finding)
    advice = _advice(wording.sentences(language).get(_key(finding), ""))
    return (text.removesuffix(advice).rstrip() or text) if advice else text


def without_address(finding: Finding) -> str:
    """The sentence of a finding without the address that it begins with."""
    for place in (found.address(finding), finding.file):
        if place and finding.message.startswith(f"{place}: "):
            rest = finding.message[len(place) + 2 :]
            return rest[:1].upper() + rest[1:]
    return finding.message


def to_do(finding: Finding, language: str) -> str:
    """What the unit does about a finding: the rule's own advice, or that of its severity."""
    known = wording.sentences(language)
    key = DO + _key(finding)
    return wording.say(key if key in known else DO + finding.severity, language)


def comment(findings: Sequence[Finding], language: str) -> str:
    """All findings about one cell, the worst first, as the text of one comment."""
    worst_first = sorted(findings, key=lambda each: (SEVERITIES.index(each.severity), each.rule, each.finding_id))
    said = [
        f"{severity(each.severity, language).upper()}: {sentence(each, language)}\n"
        f"{wording.say('return_to_do', language)}: {to_do(each, language)} [{each.finding_id}]"
        for each in worst_first
    ]
    return block("\n\n".join(said))


def _key(finding: Finding) -> str:
    return finding.rule.partition(".")[0]


def _advice(template: str) -> str:
    """The last words of a rule's sentence, after its last detail: they say what the department does next."""
    tail = template.rpartition("}")[2]
    _, end, advice = tail.partition(". ")
    if end:
        return advice
    return tail[1:] if tail[:1] == " " and tail[1:2].isupper() else ""


def worst(findings: Sequence[Finding]) -> str:
    """The worst severity among findings."""
    return min((finding.severity for finding in findings), key=SEVERITIES.index)


def heading(setup: Setup, unit: Unit, key: str, language: str) -> list[str]:
    """The lines above the list of findings in a workbook: whose, of which round, and what to do with it."""
    whose = f"{unit.unit_id} · {unit.name} · {setup.assessment.title.say(language)}"
    synthetic = [text for text in [mark(setup, language)] if text]
    advice = [wording.say(name, language) for name in (key, "return_again")]
    return [wording.say("return_title", language), whose, *synthetic, *advice]


def lines_of(
    findings: Sequence[Finding],
    places: Mapping[str, Sequence[tuple[str, str]]],
    framework: Framework,
    language: str,
) -> list[Line]:
    """The table of findings in a workbook: a header row, then one line per finding, the worst first."""
    columns = ("number", "severity", "sheet", "cell", "question", "value", "finding", "to_do", "id")
    lines = [Line([wording.say(f"return_column_{column}", language) for column in columns])]
    for number, finding in enumerate(found.ordered(findings), start=1):
        where = places[finding.finding_id]
        sheet, cell = where[0][0] if where else finding.sheet, " ".join(cell for _, cell in where) or finding.cell
        texts = (sheet, cell, questions(finding, framework, language), finding.value, sentence(finding, language))
        said = (str(number), severity(finding.severity, language), *texts, to_do(finding, language), finding.finding_id)
        lines.append(Line(said, sheet if where else "", cell if where else ""))
    return lines


def questions(finding: Finding, framework: Framework, language: str) -> str:
    """The questions that a finding is about."""
    known = [field_id for field_id in finding.field_id.split() if field_id in framework.fields]
    return "; ".join(framework.fields[field_id].label.say(language) for field_id in known)
