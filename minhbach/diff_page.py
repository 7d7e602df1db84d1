"""diff.html: all changes, and both PDFs' pages side by side with each changed number marked; one file, no script."""

from __future__ import annotations

import html
from typing import Final

from minhbach import diff_page_list, diff_page_sheets, diff_places, diff_words
from minhbach.diff import Difference
from minhbach.diff_page_list import Marked

POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
LOOK: Final = """
:root {
  color-scheme: light dark; --ink: #1a1a1a; --paper: #fff; --faint: #555; --line: #8a8a8a; --link: #0b4f9e;
  --old: #9b1c10; --old-back: #fde8e5; --new: #0d5a28; --new-back: #e0f4e6;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ink: #e8e8e8; --paper: #16181b; --faint: #b4b4b4; --line: #6f6f6f; --link: #8fc1ff;
    --old: #ffb4a8; --old-back: #4a1712; --new: #9be3b2; --new-back: #103d20;
  }
}
body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); margin: 0; padding: 1rem; }
main { max-width: 100rem; margin: 0 auto; }
h1 { font-size: 1.5rem; line-height: 1.3; } h2 { font-size: 1.2rem; margin: 2rem 0 .5rem; }
.about, details { max-width: 60rem; }
a { color: var(--link); }
summary { font-weight: 600; cursor: pointer; padding: .25rem 0; }
details ul { margin: .25rem 0 1rem; padding-left: 1.25rem; } li { margin: .25rem 0; overflow-wrap: anywhere; }
del { color: var(--old); background: var(--old-back); text-decoration: line-through; padding: 0 .2em; }
ins { color: var(--new); background: var(--new-back); text-decoration: underline; padding: 0 .2em; }
.where { color: var(--faint); }
.key { display: inline-block; width: 2.6em; height: 1em; vertical-align: -.15em; position: relative; margin: 0 2px; }
.row { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 1rem; margin: 1rem 0 2rem; }
figure { margin: 0; min-width: 0; } figcaption { font-weight: 600; padding: .25rem 0; }
.none { color: var(--faint); border: 1px dashed var(--line); margin: 0; padding: 1rem; align-self: start; }
.scroll { overflow-x: auto; border: 1px solid var(--line); }
.paper { position: relative; background: #fff; }
.paper img { display: block; width: 100%; height: auto; }
.paper a, .paper span { position: absolute; scroll-margin: 5rem; }
.before > a, .before > span { background: #b3261e24; } .after > a, .after > span { background: #0f6b2f24; }
.key.before { background: #fde8e5; } .key.after { background: #e0f4e6; }
.paper > :not(img)::before, .key::before { content: ""; position: absolute; inset: -2px; }
.before > ::before, .key.before::before { border: 1px dashed #b3261e; }
.after > ::before, .key.after::before { border: 1px solid #0f6b2f; }
.paper > :not(img, .figure)::after, .key::after { content: ""; position: absolute; left: 0; right: 0; }
.before > ::after, .key.before::after { top: 50%; border-top: 1px solid #b3261ecc; }
.after > ::after, .key.after::after { bottom: -1px; border-bottom: 2px solid #0f6b2f; }
.paper > .figure { background: none; } .paper > .figure::before { border-width: 3px; }
.paper > :is(a, span):target { outline: 4px solid #e08a00; outline-offset: 3px; }
a:focus-visible, summary:focus-visible, .scroll:focus-visible { outline: 3px solid #2f6fd0; outline-offset: 2px; }
@media (max-width: 60rem) { .row { grid-template-columns: minmax(0, 1fr); } .paper { min-width: 36rem; } }
@media print { .scroll { overflow: visible; } .row { break-inside: avoid; } }
"""


def page(diff: Difference) -> str:
    """The page as HTML."""
    language, title = diff.language, html.escape(diff_words.title(diff))
    marked = _marked(diff)
    return (
        f'<!DOCTYPE html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n<title>{title}</title>\n'
        f"<style>{LOOK}</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n"
        + "\n".join(filter(None, [*_about(diff, marked), *_pages(diff, marked)]))
        + "\n</main>\n</body>\n</html>\n"
    )


def _marked(diff: Difference) -> Marked:
    """Where everything that changed stands on both sides."""
    earlier, later = diff.earlier.facts, diff.later.facts
    facts = {
        name
        for name in earlier.keys() | later.keys()
        if earlier.get(name, {}).get("shown", "") != later.get(name, {}).get("shown", "")
    }
    figures = {each.label for each in diff.figures}
    return {
        "before": diff_places.marks(diff.earlier, facts, figures),
        "after": diff_places.marks(diff.later, facts, figures),
    }


def _about(diff: Difference, marked: Marked) -> list[str]:
    """What a reader must know first, and the list of all changes."""
    if diff.same:
        return [f"<p>{_say(diff, 'same', earlier=diff.earlier.name, later=diff.later.name)}</p>"]
    notes = [f"<p>{html.escape(each)}</p>" for each in diff_words.notes(diff)]
    signs = [f'<span class="key {when}"></span> {_say(diff, f"page_sign_{when}")}' for when in diff_page_list.SIDES]
    legend = f"<p>{_say(diff, 'page_about')} {'; '.join(signs)}.</p>"
    return [
        '<div class="about">',
        legend,
        *notes,
        "</div>",
        f"<h2>{_say(diff, 'page_list')}</h2>",
        *diff_page_list.parts(diff, marked),
    ]


def _pages(diff: Difference, marked: Marked) -> list[str]:
    """The pages with changes; a sentence where no place of a change is known."""
    if diff.same:
        return []
    heading = f"<h2>{_say(diff, 'page_pages')}</h2>"
    found = list(diff_page_sheets.sheets(diff, marked))
    return [heading, *(found or [f"<p>{_say(diff, 'page_no_places')}</p>"])]


def _say(diff: Difference, key: str, **details: object) -> str:
    return html.escape(diff_words.say(diff, key, **details))
