"""diff.html: both reports side by side with every changed number marked; one file, offline, without any script."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Final

from minhbach import diff_words
from minhbach.diff import Difference
from minhbach.diff_changes import KINDS
from minhbach.diff_print import count

POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
STYLE: Final = re.compile(r"<style>(.*?)</style>", re.DOTALL)
BODY: Final = re.compile(r"<body[^>]*>(.*)</body>", re.DOTALL)
FACT: Final = re.compile(r'<span((?: id="[^"]*")?) class="fact" data-fact="([^"]*)">([^<]*)</span>')
TAG: Final = re.compile(r"<[A-Za-z][^<>]*>")
ID: Final = re.compile(r'(?<=\s)(id|for|headers|aria-labelledby|aria-describedby)="([^"]*)"')
LINK: Final = re.compile(r'(?<=\s)href="#([^"]*)"')
LANDMARK: Final = re.compile(r'^<nav\b|role="(region|navigation)"')
LABEL: Final = re.compile(r'(?<=\s)aria-label="([^"]*)"')
LANDMARKS: Final = (("<header", "<div"), ("</header>", "</div>"), ("<main", "<div"), ("</main>", "</div>"))
SIDES: Final = ("before", "after")
OTHER: Final = {"before": "after", "after": "before"}
LOOK: Final = """
body { display: block; max-width: none; margin: 0; padding: 1rem 1.25rem 3rem; }
main { max-width: none; }
.contents { position: static; max-height: none; }
h1::after { display: none; }
h2 { text-transform: none; }
.sides { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 1.5rem; }
.sides > section { border: 1px solid #777; padding: 0 1rem 1rem; min-width: 0; }
.scroll { overflow-x: auto; }
del, ins { padding: 0 .15em; }
del { background: #fde0dc; color: #7a1009; }
ins { background: #d9f2df; color: #0d4a22; }
del a, ins a { color: inherit; text-decoration: inherit; }
del:target, ins:target { outline: 3px solid #0b3d91; }
.summary { max-width: 60rem; margin: 0 auto 1.5rem; }
@media (max-width: 60rem) { .sides { grid-template-columns: minmax(0, 1fr); } }
"""


def page(diff: Difference) -> str:
    """The page as HTML."""
    language, title = diff.language, html.escape(diff_words.title(diff))
    style = STYLE.search(diff.later.page)
    changed = _changed(diff)
    sides = "\n".join(_side(diff, when, changed) for when in SIDES)
    return (
        f'<!DOCTYPE html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n<title>{title}</title>\n'
        f"<style>{style[1] if style else ''}{LOOK}</style>\n</head>\n<body>\n<main>\n"
        f'<div class="summary">\n<h1>{title}</h1>\n{_summary(diff, changed)}\n</div>\n'
        f'<div class="sides">\n{sides}\n</div>\n</main>\n</body>\n</html>\n'
    )


def _changed(diff: Difference) -> Mapping[str, tuple[str, str]]:
    """What both sides show for every printed fact that differs; empty where a side does not print it."""
    earlier, later = diff.earlier.facts, diff.later.facts
    shown = {
        name: (earlier.get(name, {}).get("shown", ""), later.get(name, {}).get("shown", ""))
        for name in sorted(earlier.keys() | later.keys())
    }
    return {name: pair for name, pair in shown.items() if pair[0] != pair[1]}


def _summary(diff: Difference, changed: Mapping[str, tuple[str, str]]) -> str:
    kinds = (*KINDS, "sentence", "figure")
    counts = [diff_words.say(diff, f"{kind}s", count=count(diff, kind)) for kind in kinds if count(diff, kind)]
    counts.append(diff_words.say(diff, "page_marks", count=len(changed)))
    said = [diff_words.say(diff, "page_about"), *diff_words.notes(diff)]
    listed = "".join(f"<li>{html.escape(each)}</li>" for each in counts)
    heading = html.escape(diff_words.say(diff, "page_list"))
    return "\n".join([*(f"<p>{html.escape(each)}</p>" for each in said), f"<h2>{heading}</h2>\n<ul>{listed}</ul>"])


def _side(diff: Difference, when: str, changed: Mapping[str, tuple[str, str]]) -> str:
    """The body of one report: its ids made its own, its landmarks plain, its changed numbers marked."""
    side = diff.earlier if when == "before" else diff.later
    body = BODY.search(side.page)
    content = body[1] if body else ""
    content = re.sub(r'<a class="skip"[^>]*>.*?</a>', "", content)
    for old, new in LANDMARKS:
        content = content.replace(old, new)
    content = re.sub(r"<(/?)h([1-5])\b", lambda match: f"<{match[1]}h{int(match[2]) + 1}", content)
    content = TAG.sub(lambda match: _own_ids(match[0], when, side.name), content)
    content = FACT.sub(lambda match: _fact(diff, when, match, changed), content)
    name = html.escape(diff_words.say(diff, f"page_{when}", name=side.name))
    return f'<section aria-labelledby="side-{when}">\n<h2 id="side-{when}">{name}</h2>\n{content}\n</section>'


def _own_ids(tag: str, when: str, side: str) -> str:
    """A tag whose ids begin with `when`, as references to them do; the label of a landmark also names the side."""

    def named(match: re.Match[str]) -> str:
        return f'{match[1]}="{" ".join(f"{when}-{each}" for each in match[2].split())}"'

    own = LINK.sub(rf'href="#{when}-\1"', ID.sub(named, tag))
    return LABEL.sub(rf'aria-label="\1 ({html.escape(side)})"', own) if LANDMARK.search(own) else own


def _fact(diff: Difference, when: str, match: re.Match[str], changed: Mapping[str, tuple[str, str]]) -> str:
    """A fact as it is, or as removed (earlier report) or inserted (later report) with a link to its counterpart."""
    fact_id = html.unescape(match[2])
    if fact_id not in changed:
        return match[0]
    other = changed[fact_id][1 if when == "before" else 0]
    tag = "del" if when == "before" else "ins"
    said = diff_words.say(diff, "page_is" if when == "before" else "page_was", value=other)
    told = html.escape(said if other else diff_words.say(diff, "page_absent"))
    inner = f'<a href="#{OTHER[when]}-fact-{match[2]}">{match[3]}</a>' if other else match[3]
    return f'<{tag}{match[1]} class="fact" data-fact="{match[2]}" title="{told}">{inner}</{tag}>'
