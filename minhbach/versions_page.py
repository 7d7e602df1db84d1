"""index.html of an edition's versions: which one counts, which was replaced or withdrawn and why; no script."""

from __future__ import annotations

import html
from collections.abc import Iterator
from typing import Final
from urllib.parse import quote

from minhbach import versions, versions_errata, versions_files, versions_history, versions_signed, wording
from minhbach.paths import Edition
from minhbach.versions import MANIFEST, Version
from minhbach.versions_history import REPORT, State

STYLE: Final = """
:root { color-scheme: light; }
body {
  font: 16px/1.5 system-ui, sans-serif; color: #1a1a1a; background: #fff;
  margin: 0 auto; max-width: 52rem; padding: 1rem;
}
h1 { font-size: 1.5rem; line-height: 1.3; } h2 { font-size: 1.2rem; margin: 0 0 .5rem; }
article { border: 1px solid #8a8a8a; border-left: .5rem solid #8a8a8a; margin: 1rem 0; padding: .75rem 1rem; }
article.current { border-left-color: #1b6e3c; } article.withdrawn { border-left-color: #b00020; }
.state { font-weight: 600; } .current .state { color: #1b6e3c; } .withdrawn .state { color: #b00020; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1rem; margin: .5rem 0; }
dt { color: #555; } dd { margin: 0; overflow-wrap: anywhere; } code { font-size: .85em; }
ul { list-style: none; margin: 0; padding: 0; display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; }
a { color: #0b4f9e; }
.note { color: #555; }
@media (max-width: 32rem) { dl { grid-template-columns: 1fr; } dd { margin-bottom: .4rem; } }
"""
POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
LINKED: Final = {
    REPORT: "versions_pdf",
    "report.html": "versions_html",
    "scorecards.pdf": "versions_scorecards",
    "tables.xlsx": "versions_xlsx",
    "tables.ods": "versions_ods",
    "audit/index.html": "versions_audit",
    "open-data/datapackage.json": "versions_data",
    "facts.csv": "versions_facts",
}


def write(edition: Edition) -> None:
    """Writes the page in every language of the latest version; the main one is index.html."""
    known = versions.of(edition)
    languages = known[-1].languages if known else ("vi",)
    for language in languages:
        name = file_name(language, languages)
        content = _page(edition, language, languages)
        versions_files.write(edition.index.with_name(name), content.encode("utf-8"))


def file_name(language: str, languages: tuple[str, ...]) -> str:
    """What the page of a language is called."""
    return "index.html" if language == languages[0] else f"index.{language}.html"


def _page(edition: Edition, language: str, languages: tuple[str, ...]) -> str:
    known = {each.name: each for each in versions.of(edition)}
    states = versions_history.states(edition)
    newest = next(reversed(known.values()), None)
    title = html.escape(_title(newest, language) if newest else edition.name)
    body = [f"<h1>{title}</h1>", f"<p>{_say('versions_about', language)}</p>", *_others(language, languages)]
    if not any(state.name == "current" for state in states.values()):
        body.append(f'<p class="state">{_say("versions_none_current", language)}</p>')
    body += [_article(name, state, known.get(name), language) for name, state in reversed(states.items())]
    body.append(f'<p class="note">{_say("versions_note", language)}</p>')
    return (
        f'<!DOCTYPE html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        f"<title>{_say('versions_title', language)} – {title}</title>\n"
        f"<style>{STYLE}</style>\n</head>\n<body>\n<main>\n" + "\n".join(body) + "\n</main>\n</body>\n</html>\n"
    )


def _title(version: Version, language: str) -> str:
    titles = version.own.get("title")
    return str(titles.get(language, "")) if isinstance(titles, dict) else version.edition.name


def _others(language: str, languages: tuple[str, ...]) -> Iterator[str]:
    for other in languages:
        if other != language:
            name = wording.say("versions_in_language", other)
            yield f'<p><a href="{file_name(other, languages)}" lang="{other}">{html.escape(name)}</a></p>'


def _article(name: str, state: State, version: Version | None, language: str) -> str:
    """A version: its state in words, its particulars and its files; those of a lost folder cannot be linked."""
    event = state.published
    rows = [
        ("versions_number", html.escape(event.number)),
        ("versions_date", html.escape(wording.say_date(event.date, language))),
        ("versions_sha256", f"<code>{html.escape(event.report_sha256)}</code>"),
        ("versions_manifest", f"<code>{html.escape(event.manifest_sha256)}</code>"),
    ]
    rows += _erratum(version, language) if version else []
    details = "".join(f"<dt>{_say(key, language)}</dt><dd>{text}</dd>" for key, text in rows)
    links = "".join(_links(version, language)) if version else f"<li>{_say('versions_lost', language)}</li>"
    signed = "\n".join(["", *_signatures(version, language)]) if version else ""
    return (
        f'<article class="{state.name}" id="{name}">\n<h2>{_say("versions_version", language, number=name[1:])}</h2>\n'
        f'<p class="state">{_said(state, language)}</p>\n<dl>{details}</dl>\n<ul>{links}</ul>{signed}\n</article>'
    )


def _erratum(version: Version, language: str) -> list[tuple[str, str]]:
    """What a version corrects, with a link to the notice that says what has changed."""
    line = versions_errata.line(version)
    if line is None:
        return []
    said, notice = html.escape(versions_errata.words(line, language)), versions_errata.notice(version, language)
    return [("versions_erratum", f'<a href="{html.escape(quote(notice))}">{said}</a>' if notice else said)]


def _said(state: State, language: str) -> str:
    """The state of a version in words, escaped."""
    return html.escape(words(state, language))


def words(state: State, language: str) -> str:
    """The state of a version in words."""
    if state.withdrawn:
        day = wording.say_date(state.withdrawn.date, language)
        return wording.say("versions_withdrawn", language, date=day, reason=state.withdrawn.reason)
    if state.replaced:
        day, other = wording.say_date(state.replaced.date, language), state.replaced.by[1:]
        return wording.say("versions_replaced", language, date=day, other=other, number=state.replaced.number)
    return wording.say("versions_current", language)


def _links(version: Version, language: str) -> Iterator[str]:
    """The files that readers want, in the page's language where the version has them, and the manifest."""
    home = "" if language == version.languages[0] or language not in version.languages else f"{language}/"
    for name, key in LINKED.items():
        path = f"{home}{name}" if f"{home}{name}" in version.files else name
        if path in version.files:
            yield _link(f"{version.name}/{path}", _say(key, language))
    yield _link(f"{version.name}/{MANIFEST}", _say("versions_manifest_file", language))


def _signatures(version: Version, language: str) -> Iterator[str]:
    """Who signed a version, by whose clock, and the signed copies, one list item for each signature."""
    home = "" if language == version.languages[0] or language not in version.languages else f"{language}/"
    for place, each in enumerate(versions_signed.read(version)):
        key = "versions_countersigned" if place else "versions_signed"
        day = wording.say_date(each.moment.date().isoformat(), language)
        said = _say(key, language, name=each.signer, date=day, time=f"{each.moment:%H:%M}")
        files = ((f"{home}{REPORT}", "versions_signed_pdf"), (versions_signed.STATEMENT, "versions_statement"))
        links = "".join(_link(f"{each.folder.name}/{path}", _say(name, language)) for path, name in files)
        yield f"<p>{said}</p>\n<ul>{links}</ul>"


def _link(path: str, words: str) -> str:
    return f'<li><a href="{html.escape(quote(path))}">{words}</a></li>'


def _say(key: str, language: str, **details: object) -> str:
    return html.escape(wording.say(key, language, **details))
