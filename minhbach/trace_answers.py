"""From a validated value to the cell as typed: corrections, conversion, cell, file."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import cached_property

import pandas as pd

from minhbach import confirmations, errata, merge, report_errata, wording
from minhbach.corrections_entry import WHICH_FILE
from minhbach.corrections_words import value_words
from minhbach.errata import Erratum
from minhbach.findings import visible
from minhbach.ingest_files import RefusalError
from minhbach.model import Question
from minhbach.numbers import exact_text, from_text
from minhbach.trace_evidence import Evidence
from minhbach.trace_files import Files, line_of_row
from minhbach.trace_graph import Step, checked
from minhbach.trace_raw import RawFile
from minhbach.trace_tables import Record

LEDGER, REGISTER = "corrections.csv", "confirmations.csv"


class Answers:
    """The answers of an edition's units as steps; each file is opened once."""

    def __init__(self, evidence: Evidence, files: Files) -> None:
        self.evidence, self.files = evidence, files
        self._raw: dict[tuple[str, str], RawFile] = {}
        self._steps: dict[tuple[str, str, str], Step] = {}

    def step(self, framework_id: str, unit_id: str, field_id: str) -> Step:
        """A validated value with all that it rests on."""
        key = (framework_id, unit_id, field_id)
        if key not in self._steps:
            self._steps[key] = self._step(*key)
        return self._steps[key]

    def _step(self, framework_id: str, unit_id: str, field_id: str) -> Step:
        evidence, question = self.evidence, self.evidence.framework(framework_id).fields[field_id]
        row = evidence.table(framework_id, "observations").one(unit_id, field_id=field_id)
        at = f"{unit_id}/{field_id}"
        label = question.label.say(evidence.language)
        if row is None:
            return Step("answer", at, evidence.say("answer_absent", label=label, unit=evidence.unit_name(unit_id)))
        shown = self._words(row["value"], question)
        text = evidence.say("answer", label=label, value=shown, status=evidence.say(f"status_{row['status']}"))
        if not row["value"] and question.missing == "zero":
            text += evidence.say("answer_zero")
        if " " in row["cell"]:  # the cells of its predecessors
            return self._merged(framework_id, row, Step("answer", at, text, row["value"]))
        used = self.corrections(framework_id, unit_id, field_id)
        holds = not used or used[-1]["value"] == row["value"]
        note = "" if holds else evidence.say("correction_lost", value=row["value"] or "–")
        children = [self.correction(each) for each in reversed(used)]
        check = checked(holds) if used else ""
        return Step("answer", at, text, row["value"], check, note, (*children, *self.cell(framework_id, row, question)))

    def _words(self, value: str, question: Question) -> str:
        if not value or question.type == "yes_no":
            return self.evidence.say(f"value_{value or 'blank'}")
        return value_words(value, question, self.evidence.language)

    def corrections(self, framework_id: str, unit_id: str, field_id: str) -> list[Record]:
        """The corrections that were used for an answer, in the order of use."""
        table = self.evidence.table(framework_id, "corrections")
        found = [row for row in table if (row["unit_id"], row["field_id"]) == (unit_id, field_id)]
        return sorted(found, key=lambda row: (int(row["round"]), row["correction_id"]))

    def cell(self, framework_id: str, row: Record, question: Question) -> tuple[Step, ...]:
        """The conversion of a cell's text, if there was one, and the cell as typed."""
        evidence, at = self.evidence, address(row)
        if not row["cell"]:
            text = evidence.say("cell_none", file=row["file"])
            return (Step("cell", at, text, "", "", "", self._below(framework_id, row)),)
        file = self._file(framework_id, row["file"])
        try:
            seen = file.seen(row, question)
        except RefusalError as refusal:
            note = evidence.say("cell_unread", cell=at, rule=refusal.rule)
            lost = evidence.say("cell", cell=at, text=_quoted(row["raw_text"]))
            return (Step("cell", at, lost, row["raw_text"], checked(False), note, self._below(framework_id, row)),)
        same = seen.text == row["raw_text"]
        note = "" if same else evidence.say("cell_changed", now=_quoted(seen.text), before=_quoted(row["raw_text"]))
        text = evidence.say("cell", cell=at, text=_quoted(row["raw_text"]))
        cell = Step("cell", at, text, row["raw_text"], checked(same), note, self._below(framework_id, row))
        if row["status"] != "as_received" or row["raw_text"] == row["value"]:
            return (cell,)
        holds = seen.value == row["value"]
        told = evidence.say("conversion", text=_quoted(row["raw_text"]), value=row["value"])
        note = "" if holds else evidence.say("conversion_differs", value=seen.value or "–")
        return (Step("conversion", at, told, row["value"], checked(holds), note, (cell,)),)

    def confirmations(self, framework_id: str, unit_id: str) -> tuple[Step, ...]:
        """Whether the unit signed its data in each round, with the hash of its answers computed again."""
        evidence = self.evidence
        signed = evidence.table(framework_id, "confirmations").of(unit_id)
        if not signed:
            return ()
        own = pd.DataFrame(evidence.table(framework_id, "observations").of(unit_id), dtype="str")
        now = confirmations.digest(own) if len(own) else ""
        steps = []
        for row in signed:
            text = evidence.say(f"confirmation_{row['state']}", round=row["round"], by=row["by"], date=self._date(row))
            holds = row["now"] == now and (row["state"] != "confirmed" or row["sha256"] == now)
            note = "" if holds else evidence.say("confirmation_differs", now=now)
            at = f"{unit_id}/confirmation.{row['round']}"
            steps.append(Step("confirmation", at, text, row["sha256"], checked(holds), note, self._signed(row)))
        return tuple(steps)

    def _signed(self, row: Record) -> tuple[Step, ...]:
        """Where a signature stands in the edition's confirmations."""
        path = self.evidence.edition.raw / REGISTER
        line = line_of_row(path, row["unit_id"], row["sha256"]) if row["sha256"] else 0
        return (self.files.step(path, line=line),) if line else ()

    def correction(self, row: Record) -> Step:
        """An entry of the ledger: who, when, why, what stood and what stands."""
        evidence, path = self.evidence, self.evidence.edition.raw / LEDGER
        said = evidence.say(
            "correction",
            **{name: row[name] for name in ("correction_id", "by", "reason", "authority", "round")},
            date=self._date(row),
            old=_quoted(row["expected"]),
            new=_quoted(row["value"]),
        )
        line = line_of_row(path, row["correction_id"], row["unit_id"])
        replaced = list(self._errata(row["correction_id"]))
        text = "; ".join([said, *(words for words, _ in replaced)])
        below = (self.files.step(path, line=line), *(file for _, file in replaced))
        return Step("correction", f"correction/{row['correction_id']}", text, row["value"], children=below)

    def _date(self, row: Record) -> str:
        return wording.say_date(row["date"], self.evidence.language)

    def _errata(self, correction_id: str) -> Iterator[tuple[str, Step]]:
        """The errata to published versions that an entry belongs to, in words, and where the edition says so."""
        path, language = self.evidence.edition.errata_file, self.evidence.language
        for each in self.errata:
            if correction_id in each.corrections:
                replaced = report_errata.document(self.evidence.assessment.document, each, language)
                notice = report_errata.notice(each, language)
                line = line_of_row(path, each.version, each.replaced_number)
                text = wording.say("errata_traced", language, document=replaced, notice=notice)
                yield text, self.files.step(path, line=line)

    @cached_property
    def errata(self) -> tuple[Erratum, ...]:
        """The lines by which the document replaces what was published before, oldest first."""
        return errata.chain(self.evidence.assessment.document, errata.load(self.evidence.edition.errata_file))

    def _below(self, framework_id: str, row: Record) -> tuple[Step, ...]:
        """The file of a cell, and the decisions by which it counts where a unit sent several."""
        file = self.files.step(self.evidence.edition.raw / row["file"], row["sha256"])
        chosen = self.corrections(framework_id, row["unit_id"], WHICH_FILE)
        return (file, *(self.correction(each) for each in chosen))

    def _file(self, framework_id: str, name: str) -> RawFile:
        key = (framework_id, name)
        if key not in self._raw:
            self._raw[key] = RawFile(self.evidence, framework_id, name)
        return self._raw[key]

    def _merged(self, framework_id: str, row: Record, own: Step) -> Step:
        """The answer of a unit formed by a merger: the mean of its predecessors' answers, where they are averaged."""
        evidence, unit = self.evidence, self.evidence.units.get(row["unit_id"])
        averaged = evidence.framework(framework_id).spec.merged
        if averaged is None or row["field_id"] not in averaged.mean_of:
            rule = self.files.step(self.files.of_framework(framework_id)[0])
            return Step(own.kind, own.id, own.text + evidence.say("answer_not_averaged"), own.value, children=(rule,))
        before = merge.predecessors(unit) if unit else ()
        parts = tuple(self.step(framework_id, each, row["field_id"]) for each in before)
        values = [from_text(part.value) for part in parts if part.value]
        mean = exact_text(sum(values, Fraction(0)) / len(values)) if values and len(values) == len(parts) else ""
        note = "" if mean == row["value"] else evidence.say("mean_differs", value=mean or "–")
        return Step(own.kind, own.id, own.text, own.value, checked(not note), note, parts)


def address(row: Record) -> str:
    """`<file>#<sheet>!<A1>`, or as much of it as there is."""
    inner = "!".join(part for part in (row["sheet"], row["cell"]) if part)
    return f"{row['file']}#{inner}" if inner else row["file"]


def _quoted(text: str) -> str:
    return f"“{visible(text)}”"
