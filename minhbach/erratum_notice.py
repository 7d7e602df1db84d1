"""The notice (THÔNG BÁO) of an erratum: what was wrong, who decided, how grave it is, what changed, what replaces it.

Everything in it comes from the two versions, so that anyone who has them gets the same words and the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from minhbach import diff_words, erratum_document, wording
from minhbach import report_documents_words as words
from minhbach.corrections_entry import WHICH_FILE, Correction
from minhbach.erratum_notice_results import Notice, changed
from minhbach.markdown import declared, named, paragraphs, table


def text(notice: Notice, annexes: Callable[[Notice], Sequence[str]]) -> str:
    """The Markdown of the notice with its annexes."""
    report, language = notice.setup.assessment.document, notice.language
    title = declared(words.line(notice.setup.assessment.title, language))
    before = declared(erratum_document.replaced(notice.setup, notice.line, language))
    issuer = words.issuer(report, language)
    return paragraphs(
        words.legal([declared(notice.say("basis"))], language),
        notice.say("opening", issuer=issuer, report=before, title=title),
        _heading(notice, "h_entries"),
        *_entries(notice),
        _heading(notice, "h_severity"),
        *_severity(notice),
        *_results(notice),
        _heading(notice, "h_replaced"),
        *_replaced(notice),
        *annexes(notice),
    )


def _heading(notice: Notice, key: str) -> str:
    return f"# {notice.say(key)}"


def _entries(notice: Notice) -> list[str]:
    """What was wrong, what is right, why, and who decided."""
    header = [notice.say(f"col_{each}") for each in ("entry", "answer", "published", "corrected", "reason")]
    rows = [_entry(notice, each) for each in notice.entries]
    return [
        notice.say("entries", table="tbl-entries", by=declared(notice.line.by)),
        table("entries", notice.say("entries_table"), header, rows, "llrrl", (9, 32, 15, 15, 33)),
        *_void(notice),
    ]


def _entry(notice: Notice, entry: Correction) -> list[str]:
    language, difference = notice.language, notice.impact.difference
    unit = named(diff_words.unit(difference, entry.unit_id))
    why = notice.say("decided", reason=entry.reason, authority=entry.authority, by=entry.by)
    why += f" ({wording.say_date(entry.date, language)})"
    if entry.field_id == WHICH_FILE:
        label, values = wording.say("which_file", language), (declared(entry.expected), declared(entry.value))
    else:
        home = _home(notice, entry)
        label = declared(difference.later.framework(home).fields[entry.field_id].label.say(language))
        sides = difference.earlier, difference.later
        one, other = (notice.cited.answer(side, home, entry.unit_id, entry.field_id) for side in sides)
        values = one, other
    return [declared(entry.correction_id), f"{unit}: {label}", *values, declared(why)]


def _home(notice: Notice, entry: Correction) -> str:
    """The framework that asks for the answer."""
    later = notice.impact.difference.later
    unit = later.evidence.units.get(entry.unit_id)
    known = [later.framework(each) for each in later.framework_ids]
    mine = (each for each in known if unit and each.spec.unit_kind == unit.unit_kind and entry.field_id in each.fields)
    return next(mine).id


def _void(notice: Notice) -> list[str]:
    """The units whose signature under their figures does not hold any more, because the figures changed."""
    difference, units = notice.impact.difference, notice.impact.difference.later.evidence.units
    before, now = (
        {
            row["unit_id"]
            for framework_id in side.framework_ids
            for row in side.evidence.table(framework_id, "confirmations")
            if row["state"] == "void"
        }
        for side in (difference.earlier, difference.later)
    )
    names = [named(diff_words.unit(difference, each.unit_id)) for each in units if each.unit_id in now - before]
    return [notice.say("void", units=", ".join(names))] if names else []


def _severity(notice: Notice) -> list[str]:
    """How grave it is by the rule, what follows, and how much changed."""
    severity, language = notice.impact.severity, notice.language
    kinds = ", ".join(wording.say(f"erratum_kind_{each}", language) for each in notice.impact.reached)
    said = notice.say("severity", name=declared(severity.name.say(language)))
    said += " " + (notice.say("reached", kinds=kinds) if kinds else notice.say("reached_none"))
    numbers = {kind: notice.cited.count(kind, number) for kind, number in notice.impact.counts.items()}
    action = notice.say("action", action=declared(severity.action.say(language)))
    return [f"{said} {action}", notice.say("counts", **numbers)]


def _results(notice: Notice) -> list[str]:
    """What the corrections changed, where they changed a result."""
    parts = changed(notice)
    return [_heading(notice, "h_results"), *parts] if parts else []


def _replaced(notice: Notice) -> list[str]:
    """What replaces what, where both stand, and how a file is known."""
    language, line = notice.language, notice.line
    report = notice.setup.assessment.document
    before, now = (
        declared(erratum_document.replaced(notice.setup, line, language)),
        declared(erratum_document.cited(report, language)),
    )
    versions = {"old": declared(line.replaces), "new": declared(line.version)}
    header = [notice.say("col_version"), notice.say("col_hash")]
    rows = [[version, declared(digest)] for version, digest in zip(versions.values(), notice.reports, strict=True)]
    return [
        notice.say("replaced", before=before, now=now, **versions),
        notice.say("kept", table="tbl-hashes", **versions),
        table("hashes", notice.say("hashes_table"), header, rows, "ll", (18, 82)),
    ]
