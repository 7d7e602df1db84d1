"""The section about the course of a survey: letter, deadlines, returns, findings, corrections, confirmations."""

from __future__ import annotations

from datetime import date

from minhbach import deadlines, tables, wording
from minhbach.assessment import Survey
from minhbach.book import Book
from minhbach.intake import UNDATED
from minhbach.markdown import bullets, declared, paragraphs, table
from minhbach.report_findings import summary
from minhbach.report_layout import each, see
from minhbach.results import Results

TWO_PERIODS = "2392/"  # the decision whose Article 4 sets both the periods and the quarter


def course(book: Book) -> str:
    """The survey as it went, with the findings by kind; without a survey, the findings alone."""
    survey = book.setup.assessment.survey
    if survey is None:
        return paragraphs(each(book, lambda results: paragraphs(_units(results), summary(book, results))))
    rounds = each(book, lambda results: _round(book, survey, results))
    return paragraphs(_calendar(book, survey), rounds)


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
    if plan.fits or not any(TWO_PERIODS in results.framework.spec.source.document for results in book):
        return said
    details = {
        "needed_days": days("needed_days", plan.needed_days),
        "quarter_days": days("quarter_days", plan.quarter_days),
    }
    return paragraphs(said, wording.say("survey_contradiction", language, **details))


def _round(book: Book, survey: Survey, results: Results) -> str:
    return paragraphs(_returns(results), summary(book, results), _corrections(results), _confirmed(survey, results))


def _units(results: Results) -> str:
    """Of how many units there are data."""
    missing = absent_units(results)
    if not missing:
        return ""
    kind = results.framework.spec.unit_kind
    listed = f"from units where unit_kind = '{kind}'"
    here = f"(select unit_id from observations where framework = '{results.framework.id}')"
    return wording.say(
        "absent_intro",
        results.language,
        all=results.count("units.count", f"select count(*) {listed}"),
        absent=results.count("units.absent.count", f"select count(*) {listed} and unit_id not in {here}"),
        annex=see("absent"),
    )


def absent_units(results: Results) -> list[str]:
    """Units of the list without data, by id."""
    present = set(results.frames["observations"]["unit_id"])
    return [unit.unit_id for unit in results.units if unit.unit_id not in present]


def _returns(results: Results) -> str:
    def units(name: str, condition: str) -> str:
        sql = f"select count(*) {results.rows_where('receipts')}{condition}"
        return results.count(f"receipts.{name}.count", sql)

    said = {state: units(state, f" and state = '{state}'") for state in ("on_time", "late", "absent")}
    told = wording.say("survey_returns", results.language, sent=units("sent", ""), **said)
    if (results.frames["receipts"]["state"] == UNDATED).any():
        undated = units(UNDATED, f" and state = '{UNDATED}'")
        told += " " + wording.say("survey_undated", results.language, count=undated)
    if (results.frames["receipts"]["state"] != "on_time").any():
        told += " " + wording.say("survey_late_ref", results.language, annex=see("absent"))
    return told


def late(results: Results) -> str:
    """Units whose form came after the deadline or not at all."""
    language = results.language
    known = {row.unit_id: row for row in tables.rows(results.frames["receipts"])}
    found = [unit for unit in results.units if unit.unit_id in known and known[unit.unit_id].state != "on_time"]
    if not found:
        return ""
    rows = []
    for unit in found:
        row = known[unit.unit_id]
        days = ""
        if row.days_late:
            source = "receipts.csv: days_late"
            days = results.ledger.number(f"{unit.unit_id}/days_late", int(row.days_late), 0, "receipt", source)
        received = declared(wording.say_date(row.received, language)) if row.received else "–"
        rows.append([results.name(unit), wording.say(f"receipt_{row.state}", language), received, days])
    label = f"late-{results.framework.id}"
    header = [wording.say(f"col_{each}", language) for each in ("unit", "receipt", "received", "days_late")]
    caption = results.caption("late_table")
    intro = wording.say("late_intro", language, table=f"tbl-{label}")
    return paragraphs(intro, table(label, caption, header, rows, "lllr", (40, 20, 20, 20)))


def _corrections(results: Results) -> str:
    """How many answers were corrected, and where that is told."""
    if not len(results.frames["corrections"]):
        return wording.say("corrections_none", results.language)
    count = results.count("corrections.count", f"select count(*) {results.rows_where('corrections')}")
    return wording.say("corrections_told", results.language, count=count, annex=see("corrections"))


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
        shown = round_number(results, number)
        items.append(wording.say("confirmations_round", language, round=shown, **counts) + _void(results, number))
    open_ = [unit for unit in results.units if unit.unit_id in results.unconfirmed]
    names = ", ".join(results.name(unit) for unit in open_)
    return paragraphs(bullets(items), wording.say("confirmations_open", language, names=names) if open_ else "")


def round_number(results: Results, number: int) -> str:
    """The span of the number of a round of confirmations."""
    return results.ledger.number(f"survey/round_{number}", number, 0, "setting", "assessment.yaml: survey.rounds")


def _void(results: Results, number: int) -> str:
    """Names the units whose confirmation of a round became void."""
    frame = results.frames["confirmations"]
    void = set(frame[(frame["round"] == str(number)) & (frame["state"] == "void")]["unit_id"])
    names = ", ".join(results.name(unit) for unit in results.units if unit.unit_id in void)
    return " " + wording.say("confirmations_void", results.language, names=names) if void else ""
