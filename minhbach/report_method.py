"""The sections about basis and method: legal basis, criteria with formulas, and every setting said aloud."""

from __future__ import annotations

from collections.abc import Iterable

from minhbach import wording
from minhbach.book import Book
from minhbach.formula_print import tex, worked
from minhbach.framework import Framework
from minhbach.markdown import bullets, declared, paragraphs, table
from minhbach.model import Basis, Source
from minhbach.report_layout import compact, see
from minhbach.report_levels import thresholds
from minhbach.report_settings import settings
from minhbach.results import Results

MOST_MATHS = 64


def basis(book: Book) -> str:
    """Legal basis, sources and purpose."""
    language, assessment = book.language, book.setup.assessment
    inferred = " " + wording.say("basis_inferred", language)
    legal = [
        declared(each.text.say(language)) + (inferred if each.basis == "inferred" else "")
        for each in assessment.legal_basis
    ]
    sources = [declared(each.say(language)) for each in assessment.sources]
    return paragraphs(
        declared(assessment.purpose.say(language)) if assessment.purpose else "",
        wording.say("legal", language) if legal else "",
        bullets(legal),
        wording.say("sources", language) if sources else "",
        bullets(sources),
        wording.say("method_pointer", language, annex=see("method"), check=see("check")),
    )


def method(results: Results) -> str:
    """The framework in words, its settings, its thresholds, what it changes from another, and its fields."""
    language, spec = results.language, results.framework.spec
    source = spec.source
    intro = wording.say(
        "method_intro",
        language,
        title=declared(spec.title.say(language)),
        id=f"[`{spec.id}`]{{.declared}}",
        revision=results.method("revision", spec.revision),
        document=declared(_cited(source, language)),
    )
    key = results.framework.id
    refs = wording.say("method_table_intro", language, annex=see(f"criteria-{key}"), fields=f"tbl-fields-{key}")
    said = wording.say(f"method_basis_{_weakest(results.framework)}", language)
    notes = [declared(note.say(language)) for note in (spec.note, source.note) if note]
    calculation = (wording.say("settings", language), bullets(settings(results)))
    tables_ = (thresholds(results), _differences(results), compact(_fields(results)))
    return paragraphs(intro + " " + said, *notes, *calculation, *tables_[:2], refs, tables_[2])


def _cited(source: Source, language: str) -> str:
    """The source's number, date and issuer, as far as they are given."""
    day = wording.say("of_date", language, date=wording.say_date(source.date, language)) if source.date else ""
    return ", ".join(part for part in (f"{source.document} {day}".strip(), source.issuer) if part)


def _differences(results: Results) -> str:
    """What an adapted framework changes from its original, generated (Decision 2392/QĐ-BTTTT, Article 4.1)."""
    framework, language = results.framework, results.language
    if not framework.differences:
        return ""
    label = f"differences-{framework.id}"
    parent = f"[`{framework.spec.extends}`]{{.declared}}"
    key = "differences_intro" if framework.spec.extends else "differences_override"
    intro = wording.say(key, language, parent=parent, table=f"tbl-{label}")
    header = [wording.say(f"col_{each}", language) for each in ("element", "key", "before", "after")]
    rows = [[declared(text) if text else "" for text in vars(each).values()] for each in framework.differences]
    caption = results.caption("differences_table")
    return paragraphs(intro, table(label, caption, header, rows, "llll", (26, 16, 29, 29)))


def _weakest(framework: Framework) -> str:
    parts: Iterable[Basis | None] = (
        framework.spec.basis,
        *(node.basis for node in framework.nodes.values()),
        *(scheme.basis for scheme in framework.levels),
    )
    found = set(parts)
    return "sample" if "sample" in found else "inferred" if "inferred" in found else "printed"


def basis_words(value: Basis | None, language: str) -> str:
    """The basis of an element, in a word."""
    return wording.say(
        {
            "printed": "basis_printed",
            "inferred": "basis_inferred_short",
            "sample": "basis_sample",
            None: "basis_none",
        }[value],
        language,
    )


def criteria(results: Results) -> str:
    """Every node with its formula, its maximum and where it comes from."""
    language, framework, spec = results.language, results.framework, results.framework.spec
    rows = []
    for node_id, node in framework.nodes.items():
        label, words = declared(node.label.say(language)), formula(framework, node_id, language)
        top = "" if node.max_points is None else results.method(f"{node_id}.max_points", node.max_points)
        sums = node_id not in framework.formulas
        cell = f"**{label}** ({words})" if sums else f"{label} []{{.newline}} {words}"
        rows.append(
            [
                declared(node.number) if node.number else "",
                cell,
                top,
                basis_words(node.basis or spec.basis, language),
            ]
        )
    header = [wording.say(f"col_{name}", language) for name in ("number", "criterion_formula", "max", "basis")]
    caption, label = results.caption("method_table"), f"criteria-{framework.id}"
    intro = wording.say("criteria_table_intro", language, table=f"tbl-{label}", annex=see("method"))
    said = wording.say(f"method_basis_{_weakest(framework)}", language)
    return paragraphs(f"{intro} {said}", table(label, caption, header, rows, "llrl", (9, 68, 11, 12)))


def formula(framework: Framework, node_id: str, language: str) -> str:
    """A node's formula as mathematics, with the same in words as its alternative text; in words where it is long.

    Mathematics does not break within a line, so a long formula would run out of its column.
    """
    tree = framework.formulas.get(node_id)
    if tree is None:
        return wording.say("sum_of_children", language)

    def name(id_: str) -> str:
        return wording.say("max_points", language) if id_ == "max_points" else id_

    words = worked(tree, language, name)
    if len(words) > MOST_MATHS:
        return "= " + declared(words)
    quoted = words.replace("\\", "\\\\").replace('"', '\\"')
    return f'[$= {tex(tree, language, name)}$]{{.declared alt="{quoted}"}}'


def _fields(results: Results) -> str:
    language, framework = results.language, results.framework
    rows = [
        [
            f"[`{field_id}`]{{.declared}}",
            declared(field.label.say(language)),
            wording.say(f"type_{field.type}", language),
        ]
        for field_id, field in framework.fields.items()
    ]
    header = [wording.say(f"col_{name}", language) for name in ("symbol", "field", "type")]
    return table(f"fields-{framework.id}", results.caption("fields_table"), header, rows, "lll", (26, 62, 12))
