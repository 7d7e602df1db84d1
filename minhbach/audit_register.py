"""The register of findings and corrections with filters, and the text files that chains end at, line by line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from minhbach.audit_criteria import source_page
from minhbach.audit_evidence import Build
from minhbach.audit_page import Book, escape, link, row, table
from minhbach.trace_answers import LEDGER, REGISTER
from minhbach.trace_files import Files, lines_of
from minhbach.trace_tables import Record

TEXTS = ("assessment.yaml", LEDGER, REGISTER, "received.csv", "units.csv", "errata.csv")
ENTRY = ("by", "date", "reason", "authority", "round")


@dataclass(frozen=True)
class Register:
    """What the register is written from."""

    book: Book
    build: Build

    def write(self) -> None:
        """Writes register.html."""
        say, known = self.book.say, self.build.framework_ids
        findings = [(each, row) for each in known for row in self.build.table(each, "findings")]
        used = [(each, row) for each in known for row in self.build.table(each, "corrections")]
        title = say("page_register")
        heads = [say(key) for key in ("finding", "severity", "unit", "question", "place", "message", "answered")]
        listed = table(say("findings"), heads, (self._finding(*each) for each in findings), marks=" data-rows")
        heads = [say(key) for key in ("correction", "unit", "question", "before", "after", "entry")]
        ledger = table(say("corrections"), heads, (self._correction(*each) for each in used), marks=" data-rows")
        parts = [f"<h1>{escape(title)}</h1>", *self._filters(), ledger, listed]
        self.book.write("register.html", title, "\n".join(parts), scripts=("search.js",))

    def _filters(self) -> Iterator[str]:
        say = self.book.say
        severities = [(each, self.build.say(f"severity_{each}")) for each in ("error", "warning", "note")]
        units = [(unit.unit_id, self.build.unit_name(unit.unit_id)) for unit in self.build.units]
        yield '<div class="filters" role="search">'
        for name, options in (("severity", severities), ("unit", units)):
            listed = "".join(f'<option value="{escape(key)}">{escape(text)}</option>' for key, text in options)
            every = f'<option value="">{escape(say("all"))}</option>'
            yield f'<label>{escape(say(name))} <select data-filter="{name}">{every}{listed}</select></label>'
        yield f'<label>{escape(say("text"))} <input type="search" data-filter="text"></label>'
        yield '</div>\n<p id="message" role="status"></p>'

    def _finding(self, framework_id: str, each: Record) -> str:
        unit, severity = each["unit_id"], self.build.say(f"severity_{each['severity']}")
        place = "#".join(filter(None, (each["file"], "!".join(filter(None, (each["sheet"], each["cell"]))))))
        cells = [
            f"<code>{escape(each['finding_id'])}</code>",
            escape(severity),
            self._unit(unit),
            self._question(framework_id, each),
            escape(place),
            escape(each["message"]),
            escape(each["answer"]),
        ]
        marks = f' data-severity="{escape(each["severity"])}" data-unit="{escape(unit)}"'
        return row(cells, name=f"finding-{each['finding_id']}", marks=marks)

    def _correction(self, framework_id: str, each: Record) -> str:
        entry = "; ".join(each[name] for name in ENTRY if each[name])
        cells = [
            f"<code>{escape(each['correction_id'])}</code>",
            self._unit(each["unit_id"]),
            self._question(framework_id, each),
            escape(each["expected"]),
            escape(each["value"]),
            escape(entry),
        ]
        return row(cells, name=f"correction-{each['correction_id']}", marks=f' data-unit="{escape(each["unit_id"])}"')

    def _unit(self, unit_id: str) -> str:
        known = self.build.units.get(unit_id)
        return link(f"units/{unit_id}.html", self.build.unit_name(unit_id)) if known else escape(unit_id)

    def _question(self, framework_id: str, each: Record) -> str:
        question = self.build.framework(framework_id).fields.get(each["field_id"])
        label = question.label.say(self.book.language) if question else each["field_id"]
        if not question or not self.build.units.get(each["unit_id"]):
            return escape(label)
        return link(f"units/{each['unit_id']}.html#answer-{each['field_id']}", label)


def sources(book: Book, build: Build, files: Files) -> dict[str, str]:
    """Writes the pages of text files; gives their names by the path that chains name them with."""
    paths = [path for each in build.framework_ids for path in files.of_framework(each)]
    paths += [build.edition.raw / name for name in TEXTS]
    pages = {}
    for path in dict.fromkeys(paths):
        lines = lines_of(path)
        if lines:
            name = files.inside(path)
            numbered = (
                f'<p id="L{place}"><a href="#L{place}">{place}</a><span>{escape(line)}</span></p>'
                for place, line in enumerate(lines, start=1)
            )
            pages[name] = source_page(name)
            body = "\n".join(numbered)
            content = (
                f'<h1>{escape(name)}</h1>\n<div class="lines" tabindex="0" role="group" aria-label="{escape(name)}">'
            )
            book.write(f"sources/{pages[name]}", name, f"{content}\n{body}\n</div>")
    return pages
