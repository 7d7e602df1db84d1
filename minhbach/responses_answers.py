"""From the rows of a form to observations and evidence: one value per field, with its cell and what is odd there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from minhbach import wording
from minhbach.findings import cell_name, visible
from minhbach.forms_layout import ANSWER, EVIDENCE, EVIDENCE_DATE, QUESTION, REMARK
from minhbach.framework import Framework
from minhbach.ingest_files import Received
from minhbach.ingest_rows import Notes
from minhbach.ingest_values import Answer, raw_text, read_answer
from minhbach.model import Question
from minhbach.names import matching_key
from minhbach.parts import Words
from minhbach.responses_headers import Line
from minhbach.responses_layout import Layout
from minhbach.responses_scan import Place
from minhbach.responses_values import CONVENTIONS, Value, read_value
from minhbach.returned_marks import own_words

BLANK = Value("", Answer(""))
DATE = Question(label=Words(vi=EVIDENCE_DATE, en="Date"), type="date")
WORDS = Question(label=Words(vi=REMARK, en="Remark"), type="text")


@dataclass(frozen=True)
class Answers:
    """The answers and the evidence of one form."""

    received: Received
    layout: Layout
    framework: Framework
    notes: Notes
    lost: frozenset[str]

    def observations(self, unit_id: str) -> Iterator[tuple[str, ...]]:
        """One row of the observations per field, sorted; a value that cannot be read adds exactly one finding."""
        for field_id, question in sorted(self.framework.fields.items()):
            line = self._line(field_id)
            read = BLANK if line is None else self._read(line, field_id, question)
            where = (line.page.name, line.address(ANSWER)) if line else ("", "")
            status = "as_received" if read.answer.value else "blank"
            place = (self.received.file, self.received.sha256, *where, "")
            yield (unit_id, field_id, read.answer.value, read.text, status, *place)

    def evidence(self, unit_id: str) -> Iterator[tuple[str, ...]]:
        """One row per field, sorted: number, title and date of the document, and the remark, as texts."""
        for field_id in sorted(self.framework.fields):
            line = self.layout.line(field_id)
            if line is None:
                yield (unit_id, field_id, "", "", "", "", self.received.file, "", "")
                continue
            texts = [self._evidence(line, header, field_id) for header in (*EVIDENCE, REMARK)]
            where = (line.page.name, line.address(EVIDENCE[0]))
            yield (unit_id, field_id, *texts, self.received.file, *where)

    def _line(self, field_id: str) -> Line | None:
        """The row that answers a field; None, with a finding, if it is gone, there twice, or asks something else."""
        lines = self.layout.lines.get(field_id, ())
        if len(lines) > 1:
            cells = ", ".join(_full(line) for line in lines)
            self._add("code_twice", lines[1], field_id, value=field_id, cells=cells)
        elif not lines and field_id not in self.lost:
            severity = "error" if self.framework.fields[field_id].required else "warning"
            label = self.framework.fields[field_id].label.say(self.notes.language)
            where = {"sheet": self.layout.pages[0].name}
            self.notes.add("code_missing", severity=severity, field_id=field_id, value=field_id, label=label, **where)
        elif lines and (other := self._asks(lines[0], field_id)):
            said = {"value": lines[0].text(QUESTION), "code": field_id, "other": other}
            self.notes.add("question_moved", field_id=field_id, **_where(lines[0], QUESTION), **said)
        elif lines:
            return lines[0]
        return None

    def _asks(self, line: Line, field_id: str) -> str:
        """The field whose question stands in the row of another; empty if that is not so."""
        text = matching_key(line.text(QUESTION))
        own = self.framework.fields[field_id].label
        if not text or text in (matching_key(own.vi), matching_key(own.en)):
            return ""
        labels = {matching_key(each.label.vi): each_id for each_id, each in self.framework.fields.items()}
        return labels.get(text, "")

    def _read(self, line: Line, field_id: str, question: Question) -> Value:
        place = line.place(ANSWER)
        assert place is not None
        if self._merged(line, place, field_id):
            return Value(raw_text(line.page.cell(place)), Answer(""))
        read = read_value(line.page, place, question)
        if read.answer.rule:
            options = ", ".join(question.options)
            expected = wording.say(f"expected_{question.type}", self.notes.language, options=options)
            said = {"value": read.text, "expected": expected, **read.answer.details, **read.said}
            self._add(read.answer.rule, line, field_id, **said)
        for rule, severity, details in read.remarks:
            self._add(rule, line, field_id, severity=severity, value=read.text, **details)
        self._look(line, place, field_id, read)
        return read

    def _look(self, line: Line, place: Place, field_id: str, read: Value) -> None:
        """What is odd about a cell whose value was read all the same."""
        scan = line.page.scan
        if place in scan.formulas and not read.answer.rule:
            self._add(
                "formula_in_answer", line, field_id, severity="warning", value=read.text, formula=scan.formulas[place]
            )
        if scan.row_hidden(line.row) and read.text:
            self._add("row_hidden", line, field_id, severity="warning", value=read.text)
        if words := own_words(scan.comments.get(place, "")):  # what we wrote there when we sent it back is not theirs
            self._add("comment_in_answer", line, field_id, severity="note", value=words)

    def _merged(self, line: Line, place: Place, field_id: str) -> bool:
        """Whether the answer is merged with others so that nobody can tell whose it is."""
        area = line.page.scan.area(place)
        if area is None:
            return False
        rows = range(area[0], area[2] + 1)
        others = [each for each in self._answers(line) if each.row in rows]
        cells = f"{cell_name(*area[:2])}:{cell_name(*area[2:])}"
        if len(others) > 1 or place != area[:2]:
            self._add("merged_answers", line, field_id, value=raw_text(line.page.cell(area[:2])), cells=cells)
            return True
        self._add("merged_answer", line, field_id, severity="warning", value=line.text(ANSWER), cells=cells)
        return False

    def _answers(self, line: Line) -> Iterator[Line]:
        for code, lines in self.layout.lines.items():
            if code in self.framework.fields:
                yield from (each for each in lines if each.page is line.page)

    def _evidence(self, line: Line, header: str, field_id: str) -> str:
        """A cell of the evidence as text; in merged cells, the text that all their rows show."""
        place = line.place(header)
        if place is None:
            return ""
        area = line.page.scan.area(place)
        place = area[:2] if area and area[1] == area[3] else place
        scan = line.page.scan
        if place in scan.errors or place in scan.unvalued:
            rule = "error_cell" if place in scan.errors else "formula_without_value"
            where = {"sheet": line.page.name, "cell": cell_name(*place)}
            self.notes.add(rule, severity="warning", field_id=field_id, value=scan.errors.get(place, ""), **where)
            return ""
        cell = line.page.cell(place)
        if cell == "":
            return ""
        date = read_answer(cell, DATE, CONVENTIONS).value if header == EVIDENCE_DATE else ""
        return date or read_answer(cell, WORDS, CONVENTIONS).value or visible(raw_text(cell).strip())

    def _add(self, rule: str, line: Line, field_id: str, *, severity: str = "error", **said: str) -> None:
        self.notes.add(rule, severity=severity, field_id=field_id, **{**_where(line, ANSWER), **said})


def _where(line: Line, header: str) -> dict[str, str]:
    return {"sheet": line.page.name, "cell": line.address(header)}


def _full(line: Line) -> str:
    return f"{line.page.name}!{line.address(ANSWER)}"
