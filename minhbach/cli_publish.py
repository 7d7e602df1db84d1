"""The commands that publish a draft as a version, withdraw one, and verify or rebuild one."""

from __future__ import annotations

import argparse
import datetime
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from minhbach import cli_key, staging, wording
from minhbach.errors import DataError, MinhbachError, UsageError
from minhbach.paths import NAME, Edition, editions

if TYPE_CHECKING:
    from minhbach.sign_certificates import Certificate
    from minhbach.versions import Version


def add(commands: Any) -> None:
    """Adds `publish EDITION` to the command line."""
    parser = commands.add_parser("publish", help="freeze the draft as a version that is never changed again")
    parser.add_argument("edition")
    parser.add_argument("--withdraw", metavar="VERSION", default="", help="mark a version such as v1 as withdrawn")
    parser.add_argument("--reason", default="", help="why it is withdrawn; stands in the index")
    parser.add_argument("--date", default="", help="the day of the withdrawal (default: today)")
    cli_key.add(parser, required=False)
    parser.add_argument("--lang", choices=("vi", "en"), default="", help="default: the language of the edition")
    parser.set_defaults(command=_publish)


def _publish(options: argparse.Namespace, _: object) -> None:
    from minhbach import publish  # other commands start without what this one needs

    edition, language, with_key = Edition(options.edition), options.lang, cli_key.named(options)
    if not options.withdraw and (options.reason or options.date):
        raise UsageError(wording.say("publish_options", language))
    if options.withdraw:
        if with_key:
            raise UsageError(wording.say("publish_withdraw_key", language))
        _withdraw(options, edition)
        return
    edition.required()
    with staging.alone(edition, language):
        if with_key:
            _signed(options, edition)
        else:
            _told(publish.publish(edition, language), language)


def _signed(options: argparse.Namespace, edition: Edition) -> None:
    """Publishes and signs; whatever is wrong with draft, key, password, picture or certificate is said before that.

    Raises:
        DataError: nothing was published; or it was, and then the text says how to sign it.
    """
    from minhbach import publish, sign, versions

    _, content = publish.ready(edition, options.lang)  # before anybody types a password
    spoken = options.lang or versions.languages(content)[0]
    made: Version | None = None
    try:
        with cli_key.opened(options) as key:
            languages = versions.languages(content)
            reports = sign.reports(edition.draft, languages, key, options.picture, spoken, again=False)
            made = publish.publish(edition, options.lang)
            _told(made, options.lang)
            target = sign.beside(made, reports, key, spoken)
            publish.refresh(edition)
            cli_key.done(options, target, key)
    except MinhbachError as error:
        if made is None:
            raise
        said = {"edition": edition.name, "version": made.name, "reason": error}
        raise DataError(wording.say("publish_unsigned", spoken, **said)) from None


def _told(made: Version, language: str) -> None:
    """Says what was published, what it replaces, and what is not for the web."""
    from minhbach import tables, versions

    spoken = language or versions.languages(made.manifest)[0]
    said = {
        "folder": made.folder.as_posix(),
        "files": len(made.files) + 1,
        "sha256": tables.sha256(made.folder / versions.MANIFEST),
        "index": made.edition.index.as_posix(),
    }
    print(wording.say("publish_done", spoken, **said))
    if made.own.get("replaces"):
        print(wording.say("publish_replaces", spoken, version=made.own["replaces"]))
    print(wording.say("publish_private", spoken, folder=made.inputs.root.as_posix()))


def _withdraw(options: argparse.Namespace, edition: Edition) -> None:
    from minhbach import publish, versions

    version = versions.one(edition, options.withdraw, options.lang)
    language = options.lang or version.languages[0]
    date = options.date or datetime.date.today().isoformat()
    with staging.alone(edition, language):
        publish.withdraw(edition, version.name, options.reason, date, language)
    said = {"index": edition.index.as_posix(), "folder": version.folder.as_posix()}
    print(wording.say("withdraw_done", language, version=version.name, **said))


def is_edition(name: str) -> bool:
    """Whether a name is that of an edition with data or versions here, and no file."""
    if not NAME.fullmatch(name):
        return False
    return name in editions() or any(Edition(name).reports.glob("v*"))


def verify(options: argparse.Namespace, roots: Sequence[Certificate]) -> None:
    """`verify EDITION VERSION [--rebuild]`: prints what agrees and what does not; `roots` are trusted for signatures.

    Raises:
        DataError: something differs.
    """
    from minhbach import erratum_verify, rebuild, sign_version, verify_print, versions, versions_check, versions_print

    version = versions.one(Edition(str(options.file)), options.version, options.lang)
    result, signers = sign_version.added(erratum_verify.added(versions_check.check(version, options.lang)), roots)
    rebuilt = rebuild.rebuild(version, result.language) if options.rebuild and version.is_readable else None
    print(versions_print.as_json(result, rebuilt) if options.json else versions_print.text(result, rebuilt))
    for line in () if options.json else verify_print.signatures(signers, result.language):
        print(line)
    said = {"edition": version.edition.name, "version": version.name}
    if result.differences:
        raise DataError(wording.say("version_failed", result.language, count=len(result.differences), **said))
    if rebuilt is not None and not rebuilt.same:
        raise DataError(wording.say("rebuild_failed", result.language, **said))
