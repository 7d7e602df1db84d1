"""The folder of a notice beside its version: both languages, the difference, the facts, and a manifest of it all.

It is made from the two versions alone, put together beside its place and given its name in one step.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from minhbach import (
    closed,
    corrections,
    diff,
    diff_markdown,
    diff_page,
    diff_print,
    editions,
    errata,
    erratum_document,
    erratum_impact,
    erratum_notice,
    erratum_notice_annex,
    facts,
    facts_files,
    publication,
    tables,
    versions,
    versions_errata,
    versions_files,
    wording,
)
from minhbach.closed import Papers
from minhbach.corrections_entry import Correction
from minhbach.diff import Difference
from minhbach.diff_side import Side
from minhbach.editions import Setup
from minhbach.errata_line import Erratum
from minhbach.erratum_facts import Cited
from minhbach.erratum_impact import Impact
from minhbach.erratum_notice_results import Notice
from minhbach.errors import DataError
from minhbach.paths import Edition
from minhbach.render.places import Marks
from minhbach.trace_evidence import Evidence
from minhbach.versions import MANIFEST, Version
from minhbach.versions_history import REPORT

FORMAT: Final = 1
LANGUAGES: Final = ("vi", "en")
WORK: Final = ".erratum"
MAIN: Final = "vi"


@dataclass(frozen=True)
class Replacement:
    """A version that replaces another: its settings, its line of errata.csv and the entries that this names."""

    before: Version
    after: Version
    setup: Setup
    line: Erratum
    entries: tuple[Correction, ...]


def replacement(after: Version, language: str) -> Replacement:
    """What a version replaces, by its own inputs.

    Raises:
        DataError: it replaces nothing by an erratum, or another document than its line says.
    """
    setup, line = editions.load(after.inputs), versions_errata.line(after)
    if line is None or line.replaces != after.own["replaces"]:
        said = {"version": after.name, "number": after.own["number"], "date": after.own["date"]}
        raise DataError(wording.say("erratum_not_its_own", language, **said))
    entries = corrections.load(after.inputs.raw / errata.LEDGER, setup.frameworks, setup.units)
    named = tuple(each for each in entries if each.correction_id in line.corrections)
    return Replacement(Version(after.edition, line.replaces), after, setup, line, named)


def compared(before: Version, after: Version, language: str) -> Difference:
    """The difference of two versions, told in a language."""
    one, other = (Side(Evidence(each.edition, each.name, language)) for each in (before, after))
    return diff.difference(one, other)


def against(before: Version, draft: Edition, language: str, called: str) -> Difference:
    """The difference between a version and a draft that stands in a folder of its own with all that it was made of."""
    made = Side(Evidence(draft, "draft", language), called)
    return diff.difference(Side(Evidence(before.edition, before.name, language)), made)


def impact(found: Replacement, language: str = "") -> Impact:
    """What an erratum changed, by the rule of the version that it made."""
    rule = found.setup.assessment.errata
    if rule is None:
        file = found.setup.edition.assessment_file.as_posix()
        raise DataError(wording.say("erratum_no_rule", language or MAIN, file=file))
    spoken = language or found.setup.assessment.language
    return erratum_impact.weighed(compared(found.before, found.after, spoken), rule)


def write(found: Replacement) -> Path:
    """Makes the folder; the caller holds the edition's lock. Gives its place.

    Raises:
        DataError: a number of the notice has no address.
    """
    edition = found.after.edition
    building = edition.reports / WORK
    versions_files.clear(building)
    building.mkdir(parents=True)
    main = impact(found)
    papers = [_language(found, building, language, main) for language in LANGUAGES]
    tables.write(closed.check(papers, found.setup.assessment.language), building / closed.TABLE)
    for each in papers:
        _settled(each, building)
    (building / MANIFEST).write_bytes(_manifest(found, main, building))
    versions_files.freeze(building)
    place = versions_errata.folder(found.after)
    versions_files.place(building, place)
    return place


def name(stem: str, language: str, ending: str) -> str:
    """What a file of a language is called: notice.pdf in Vietnamese, notice.en.pdf."""
    return f"{stem}{'' if language == MAIN else f'.{language}'}.{ending}"


def _language(found: Replacement, building: Path, language: str, main: Impact) -> Papers:
    """The notice and the difference in one language, in a folder of their own; `main` has the counts."""
    folder = building / f".{language}"
    folder.mkdir()
    weighed = replace(main, difference=compared(found.before, found.after, language))
    cited = Cited(weighed.difference, language)
    reports = _sha256(found.before), _sha256(found.after)
    notice = Notice(found.setup, found.line, found.entries, weighed, cited, reports)
    source = folder / name("notice", language, "md")
    text = erratum_notice.text(notice, erratum_notice_annex.annexes)
    source.write_text(text, encoding="utf-8", newline="\n")
    tables.write(facts.frame(cited.facts), folder / facts_files.FACTS)
    document = erratum_document.document(found.setup, found.line)
    made = publication.paper(replace(found.setup, edition=found.after.edition), document, language, source)
    facts_files.add(folder, {made.pdf.name: made.places})
    marks = Marks(made.places, made.declared, made.numbering, made.drawings, made.signatures)
    _difference(weighed.difference, building, language)
    return Papers(language, folder, "", source, {made.pdf.name: marks}, frozenset({closed.PAGE}))


def _difference(found: Difference, building: Path, language: str) -> None:
    """The whole difference: for people in each language, for programs once."""
    made = {"md": diff_markdown.document(found), "html": diff_page.page(found)}
    made |= {"json": diff_print.as_json(found) + "\n"} if language == MAIN else {}
    for ending, text in made.items():
        (building / name("difference", language, ending)).write_text(text, encoding="utf-8", newline="\n")


def _settled(papers: Papers, building: Path) -> None:
    """Moves what a language has to its place, and takes away what only the setting needed."""
    for file in sorted(papers.folder.iterdir()):
        own = name(file.stem, papers.language, file.suffix[1:]) if file.suffix == ".csv" else file.name
        if file.suffix != ".typ":
            file.rename(building / own)
    shutil.rmtree(papers.folder)


def _manifest(found: Replacement, main: Impact, building: Path) -> bytes:
    """What the folder has, which versions it was made from, and the hash of all that it says."""
    line = found.line
    content = {
        "format": FORMAT,
        "edition": found.after.edition.name,
        "version": line.version,
        "replaces": line.replaces,
        "number": line.whole,
        "date": line.date,
        "notice_number": line.notice,
        "corrections": list(line.corrections),
        "severity": main.severity.id,
        "counts": dict(main.counts),
        "manifests": {each.name: tables.sha256(each.folder / MANIFEST) for each in (found.before, found.after)},
        "files": {file.name: tables.sha256(file) for file in versions_files.files(building)},
    }
    return versions.sealed(content)


def _sha256(version: Version) -> str:
    return version.files.get(REPORT, "")
