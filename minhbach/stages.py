"""What a run does, stage by stage. Stages meet only through files in the staging folder; only the places of
marks, which the stage `close` reads, are kept in the run.

What takes long to import is imported by the stage that needs it, so that every other command starts at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from minhbach import wording
from minhbach.errors import Gathered

if TYPE_CHECKING:
    from minhbach.stages_run import Run


def validate(run: Run) -> None:
    """Reads and judges the answers of every framework; errors stop here, all of them together.

    Raises:
        DataError: with the whole list of errors.
    """
    from minhbach import stages_errors, stages_languages

    gathered = Gathered()
    for framework in run.setup.frameworks:
        with gathered.attempt():
            run.notebook("1_validate", framework.id)
    with gathered.attempt():
        stages_errors.stop(run.setup, run.output, run.edition, run.language)
    gathered.stop()
    for language in run.languages[1:]:
        stages_languages.findings(run.setup, run.output, language)


def score(run: Run) -> None:
    """Computes points, levels, ranks, comparisons and their firmness, and what changed since the edition before."""
    from minhbach import previous_changes, robustness

    for framework in run.setup.frameworks:
        run.notebook("2_score", framework.id)
    robustness.write(run.setup, run.output)
    if run.previous:
        previous_changes.write(run.setup, run.output, run.previous)


def workbook(run: Run) -> None:
    """Writes scores.xlsx, which any spreadsheet program can recalculate."""
    from minhbach import recalc

    recalc.workbook(run.setup, run.output, run.language)


def report(run: Run) -> None:
    """Writes the report's text, tables and figures in every language, every number through a fact."""
    from minhbach import commentary, stages_languages
    from minhbach.render.document import to_markdown

    stages_languages.each(run.languages, lambda language: run.notebook("3_report", language=language))
    texts = {language: to_markdown(run.executed("3_report", language)) for language in run.languages}
    commentary.check(run.edition, texts)
    stages_languages.agree(run.folders)


def render(run: Run) -> None:
    """Makes PDF and HTML of the report, the papers that approve it, and notes where each fact is printed."""
    from minhbach import facts_files, publication, stages_close, stages_languages
    from minhbach.render import destinations

    engine = publication.quarto if run.engine == "quarto" else publication.embedded
    for language in run.languages:
        folder = run.folder(language)
        made = [engine(run.setup, language, folder, run.executed("3_report", language))]
        made += publication.documents(run.setup, language, folder).values()
        run.log.extend(warning for each in made for warning in each.warnings)
        run.marks[language] = {name: marks for each in made for name, marks in stages_close.rendered(each).items()}
        for each in made:
            destinations.add(each.pdf, each.places)
        facts_files.add(folder, {each.pdf.name: each.places for each in made})
    stages_languages.agree(run.folders)


def cards(run: Run) -> None:
    """Makes a scorecard of every unit, and all of them in one file, in every language."""
    from minhbach import facts_files, scorecards, stages_languages

    for language in run.languages:
        folder = run.folder(language)
        made = scorecards.write(run.setup, run.output, language, folder, run.languages)
        run.log.extend(made.warnings)
        run.marks[language] |= made.marks
        facts_files.add(folder, made.places, made.facts)
    stages_languages.agree(run.folders)


def close(run: Run) -> None:
    """Shows that every number of the draft has an address; where nobody asked, the pages say so.

    Raises:
        DataError: with every number that has none.
    """
    from minhbach import stages_close

    if run.unchecked:
        run.closed = {"checked": False}
        run.told.append(wording.say("closed_not", run.language))
        return
    texts = {language: run.executed("3_report", language) for language in run.languages}
    run.closed, said = stages_close.check(run.output, run.engine, texts, run.marks)
    run.told.append(said)


def publish_tables(run: Run) -> None:
    """Writes the published tables as spreadsheets in every language, and the open data once."""
    from minhbach import release, release_data

    for language in run.languages:
        release.write(run.setup, run.output, language, run.folder(language))
    release_data.write(run.setup, run.output)


def evidence(run: Run) -> None:
    """Puts the tables, frameworks and settings into the report's PDF, and seals it: it can be verified alone."""
    from minhbach import evidence, manifest

    reports = {folder / evidence.REPORT for folder in run.folders.values()}
    known = manifest.content(run.setup, run.output, run.command, run.languages, run.earlier, run.closed, reports)
    marks = {language: run.marks[language][evidence.REPORT] for language in run.languages}
    evidence.write(run.setup, run.output, run.folders, known, marks)


def audit(run: Run) -> None:
    """Writes the audit pages: static, offline, every number with its chain, in the main language."""
    from minhbach import audit_stage

    audit_stage.write(run.setup, run.output, run.language, run.earlier)


def lineage(run: Run) -> None:
    """Writes ro-crate-metadata.json and prov.json: which file was made from which, in standard form."""
    from minhbach import lineage

    lineage.write(run.setup, run.output, run.command, run.languages, run.earlier)


def record(run: Run) -> None:
    """Writes manifest.json: hashes of everything that went in and came out, and the versions of all tools."""
    from minhbach import manifest

    manifest.write(run.setup, run.output, run.command, run.languages, run.earlier, run.closed)
