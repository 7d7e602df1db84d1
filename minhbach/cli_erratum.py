"""The command that corrects a published report in public: its impact first, then the version that replaces it."""

from __future__ import annotations

import argparse
import dataclasses
import shutil
from typing import TYPE_CHECKING, Any

from minhbach import staging, wording
from minhbach.errors import DataError
from minhbach.paths import Edition

if TYPE_CHECKING:
    from minhbach.erratum import Erring
    from minhbach.erratum_impact import Impact


def add(commands: Any) -> None:
    """Adds `erratum EDITION --correction …` to the command line."""
    parser = commands.add_parser("erratum", help="correct a published report in public: impact, notice, new version")
    parser.add_argument("edition")
    named = "an entry of corrections.csv, such as C004; may be given several times"
    parser.add_argument("--correction", metavar="ID", action="append", required=True, help=named)
    parser.add_argument("--number", default="", help="number of the report that replaces the latest version")
    parser.add_argument("--date", default="", help="its date and that of the notice, such as 2026-12-01")
    parser.add_argument("--notice-number", default="", help="number of the notice")
    parser.add_argument("--by", default="", help="who decides")
    parser.add_argument("--yes", action="store_true", help="accept; without it, only show what would change")
    parser.add_argument("--lang", choices=("vi", "en"), default="", help="default: the language of the edition")
    parser.add_argument("--json", action="store_true", help="as JSON (docs/erratum.md)")
    parser.set_defaults(command=_erratum)


def _erratum(options: argparse.Namespace, _: object) -> None:
    from minhbach import erratum, erratum_checks, publish  # other commands start without what these need

    edition = Edition(options.edition).required()
    given = {name: getattr(options, name) for name in ("number", "date", "notice_number", "by")}
    asked = erratum.Asked(edition, erratum.ordered(options.correction), **given)
    with staging.alone(edition, options.lang):
        publish.refresh(edition)
        erring = erratum.opened(asked, options.lang)
        erratum_checks.check(erring, whole=options.yes)
        print((_accepted if options.yes else _shown)(erring, as_json=options.json))


def _shown(erring: Erring, *, as_json: bool) -> str:
    """The impact, which leaves nothing behind: of a trial, or of the two versions once there are two."""
    from minhbach import erratum_folder, erratum_trial

    if erring.is_published:
        found = erratum_folder.replacement(erring.version, erring.language)
        return _said(erring, erratum_folder.impact(found, erring.language), as_json=as_json)
    with erratum_trial.trial(erring) as made:
        return _said(erring, _weighed(erring, made), as_json=as_json)


def _said(erring: Erring, impact: Impact, *, as_json: bool) -> str:
    """The impact, and what is left to do or where the notice stands."""
    from minhbach import erratum, erratum_folder, erratum_print, versions_errata

    folder = versions_errata.folder(erring.version) if erring.state == erratum.DONE else None
    if as_json:
        return erratum_print.as_json(erring, impact, folder)
    files = [erratum_folder.name("notice", each, "pdf") for each in erratum_folder.LANGUAGES]
    placed = [(folder / each).as_posix() for each in files] if folder else []
    last = erratum_print.accepted(erring, placed) if folder else erratum_print.missing(erring)
    return f"{erratum_print.text(erring, impact)}\n\n{last}"


def _weighed(erring: Erring, made: Edition) -> Impact:
    """The impact of the draft in a folder against the version that is replaced."""
    from minhbach import erratum_folder, erratum_impact, erratum_trial

    rule = erring.setup.assessment.errata
    assert rule is not None  # the checks have seen it
    named = erratum_trial.name(erring)
    return erratum_impact.weighed(erratum_folder.against(erring.replaced, made, erring.language, named), rule)


def _accepted(erring: Erring, *, as_json: bool) -> str:
    """Goes on from whichever step was done last: line, version, notice; each is there whole or not at all."""
    from minhbach import erratum, erratum_folder, publish

    if not erring.is_published:
        _publish(erring)
    found = erratum_folder.replacement(erring.version, erring.language)
    if erring.state != erratum.DONE:
        erratum_folder.write(found)
        publish.refresh(erring.edition)
    done = dataclasses.replace(erring, state=erratum.DONE)
    return _said(done, erratum_folder.impact(found, erring.language), as_json=as_json)


def _publish(erring: Erring) -> None:
    """Writes the line, makes the draft that follows from it, and publishes this."""
    from minhbach import erratum_checks, erratum_trial, publish

    if not erratum_checks.made_again(erring):
        with erratum_trial.trial(erring) as made:
            erratum_trial.write_line(erring, erring.edition)
            _adopt(erring.edition, made)
    made_version = publish.publish(erring.edition, erring.language)
    if made_version.name != erring.version.name:
        said = {"version": made_version.name, "number": made_version.own["number"], "date": made_version.own["date"]}
        raise DataError(wording.say("erratum_not_its_own", erring.language, **said))


def _adopt(edition: Edition, made: Edition) -> None:
    """Takes what the trial made as the draft of the project: the same, byte for byte, that a run there would make.

    `publish` looks at the hashes of everything again.
    """
    output = staging.begin(edition)
    for source, target in ((made.draft, output.draft), (made.validated, output.validated)):
        shutil.copytree(source, target, dirs_exist_ok=True, copy_function=shutil.copyfile)
    staging.commit(edition)
    if made.log.is_file():
        shutil.copyfile(made.log, edition.log)
