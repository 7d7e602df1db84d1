"""The section about the course of a survey: letter, deadlines, returns, corrections, confirmations."""

from __future__ import annotations

from datetime import date

from minhbach import deadlines, tables, wording
from minhbach.assessment import Survey
from minhbach.book import Book
from minhbach.corrections_words import value_words
from minhbach.intake import UNDATED
from minhbach.markdown import bullets, declared, paragraphs, table
from minhbach.results import Results

TWO_PERIODS = "2392/"  # the decision whose Article 4 sets both the periods and the quarter


def course(book: Book) -> str:
    """The survey as it went; empty for an edition without a survey."""
    survey = book.setup.assessment.survey
    if survey is None:
        return ""
    return paragraphs(_calendar(book, survey), *(_round(book, survey, results) for results in book))


def _calendar(book: Book, survey: Survey) -> str:
    """Letter and deadlines, and that two periods of the decision do not fit into its quarter."""
    language, plan = book.language, deadlines.timetable(survey)

    def day(when: date) -> str:
        return declared(wording.say_date(when.isoformat(), language))

    def days(name: str, value: int) -> str:
        return book.ledger.number(f"survey/{name}", value, 0, "setting", f"assessment.yaml: survey.{name}")

    said = wording.say(
        "survey_calendar",
        language,
        letter=day(plan.letter),
        period=declared(survey.period.say(language)),
        return_days=days("return_days", survey.return_days),
        return_by=day(plan.return_by),
        verification_days=days("verification_days", survey.verification_days),
        verified_by=day(plan.verified_by),
    )
    if plan.fits or not any(TWO_PERIODS in each.framework.spec.source.document for each in book):
        return said
    details = {
        "needed_days": days("needed_days", plan.needed_days),
        "quarter_days": days("quarter_days", plan.quarter_days),
    }
    return paragraphs(said, wording.say("survey_contradiction", language, **details))


def _round(book: Book, survey: Survey, results: Results) -> str:
    title = declared(results.framework.spec.title.say(book.language))
    heading = f"## {title}" if len(book.results) > 1 else ""
    return paragraphs(heading, _returns(results), _late(results), _corrections(results), _confirmed(survey, results))


def _returns(results: Results) -> str:
    def units(name: str, condition: str) -> str:
        sql = f"select count(*) {results.rows_where('receipts')}{condition}"
        return results.count(f"receipts.{name}.count", sql)

    said = {state: units(state, f" and state = '{state}'") for state in ("on_time", "late", "absent")}
    told = wording.say("survey_returns", results.language, sent=units("sent", ""), **said)
    if not (results.frames["receipts"]["state"] == UNDATED).any():
        return told
    undated = units(UNDATED, f" and state = '{UNDATED}'")
    return told + " " + wording.say("survey_undated", results.language, count=undated)


def _late(results: Results) -> str:
    """Units whose form came after the deadline or not at all."""
    language = results.language
    known = {row.unit_id: row for row in tables.rows(results.frames["receipts"])}
    late = [unit for unit in results.units if unit.unit_id in known and known[unit.unit_id].state != "on_time"]
    if not late:
        return ""
    rows = []
    for unit in late:
        row = known[unit.unit_id]
        days = ""
        if row.days_late:
            source = "receipts.csv: days_late"
            days = results.ledger.number(f"{unit.unit_id}/days_late", int(row.days_late), 0, "receipt", source)
        received = declared(wording.say_date(row.received, language)) if row.received else "–"
        rows.append([results.name(unit), wording.say(f"receipt_{row.state}", language), received, days])
    label = f"late-{results.framework.id}"
    header = [wording.say(f"col_{each}", language) for each in ("unit", "receipt", "received", "days_late")]
    caption = wording.say("late_table", language)
    intro = wording.say("late_intro", language, table=f"tbl-{label}")
    return paragraphs(intro, table(label, caption, header, rows, "lllr", (40, 20, 20, 20)))


def _corrections(results: Results) -> str:
    """Every correction that was used: what stood, what stands now, why, and on whose authority."""
    language, used = results.language, results.frames["corrections"]
    if not len(used):
        return wording.say("corrections_none", language)
    names = {unit.unit_id: results.name(unit) for unit in results.units}
    rows = []
    for row in tables.rows(used):
        field = results.framework.fields.get(row.field_id)
        label = declared(field.label.say(language)) if field else wording.say("which_file", language)
        value = value_words(row.value, field, language) if field else row.value
        change = f"{declared(row.expected or '–')} → {declared(value)}"
        why = declared(f"{row.reason} ({row.authority}, {wording.say_date(row.date, language)})")
        rows.append([declared(row.correction_id), f"{names[row.unit_id]}: {label}", change, why])
    label = f"corrections-{results.framework.id}"
    header = [wording.say(f"col_{each}", language) for each in ("correction", "field", "change", "reason")]
    count = results.count("corrections.count", f"select count(*) {results.rows_where('corrections')}")
    intro = wording.say("corrections_intro", language, count=count, table=f"tbl-{label}")
    caption = wording.say("corrections_table", language)
    return paragraphs(intro, table(label, caption, header, rows, "llll", (10, 36, 20, 34)))


def _confirmed(survey: Survey, results: Results) -> str:
    """How many units have signed in each required round, and which results rest on what is not confirmed."""
    language = results.language
    if not survey.rounds:
        return wording.say("confirmations_none", language)
    items = []
    for number in survey.rounds:
        where = results.rows_where("confirmations", round=str(number))
        counts = {
            state: results.count(f"round_{number}.{state}.count", f"select count(*) {where} and state = '{state}'")
            for state in ("confirmed", "void", "missing")
        }
        shown = results.method(f"round_{number}", number)
        items.append(wording.say("confirmations_round", language, round=shown, **counts) + _void(results, number))
    open_ = [unit for unit in results.units if unit.unit_id in results.unconfirmed]
    names = ", ".join(results.name(unit) for unit in open_)
    return paragraphs(bullets(items), wording.say("confirmations_open", language, names=names) if open_ else "")


def _void(results: Results, number: int) -> str:
    """Names the units whose confirmation of a round became void."""
    table = results.frames["confirmations"]
    void = set(table[(table["round"] == str(number)) & (table["state"] == "void")]["unit_id"])
    names = ", ".join(results.name(unit) for unit in results.units if unit.unit_id in void)
    return " " + wording.say("confirmations_void", results.language, names=names) if void else ""
