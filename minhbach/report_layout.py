"""How sections and annexes are put together: a heading only where something stands below it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from minhbach import report_tree, wording
from minhbach.book import Book
from minhbach.markdown import declared, paragraphs
from minhbach.results import Results


def section(title: str, *parts: str) -> str:
    """A section of the body with its heading; nothing where all parts are empty."""
    body = paragraphs(*parts).strip()
    return f"# {title}\n\n{body}\n" if body else ""


def annex(name: str, title: str, *parts: str, landscape: bool = False) -> str:
    """An annex, which is referred to as `anx-<name>`; nothing where all parts are empty."""
    body = paragraphs(*parts).strip()
    classes = ".annex .landscape" if landscape else ".annex"
    return f"# {title} {{#anx-{name} {classes}}}\n\n{body}\n" if body else ""


def see(name: str) -> str:
    """The reference to an annex."""
    return f"[](#anx-{name})"


def each(book: Book, part: Callable[[Results], str]) -> str:
    """A part of every framework, below the framework's short title where the edition has several."""
    found = [(results, part(results).strip()) for results in book]
    if len(book.results) == 1:
        return found[0][1]
    return paragraphs(*(f"## {title(book, results)}\n\n{text}" for results, text in found if text))


def title(book: Book, results: Results) -> str:
    """What a framework's results are called, safe to print."""
    every = [each.framework for each in book]
    return declared(report_tree.title(results.framework, every, book.language))


def legend(results: Results, codes: dict[str, str]) -> str:
    """What the short names in the heads of a table mean, with the maximum of each; nothing where none differs."""
    nodes = results.framework.nodes
    said = []
    for node_id, code in codes.items():
        label = nodes[node_id].label.say(results.language)
        if code != label:
            top = nodes[node_id].max_points
            most = "" if top is None else results.method(f"{node_id}.max_points", top)
            said.append(
                wording.say(
                    "legend_of" if most else "legend_plain",
                    results.language,
                    code=declared(code),
                    label=declared(label),
                    most=most,
                )
            )
    return wording.say("legend", results.language, items="; ".join(said)) if said else ""


def drawn(results: Results, key: str, figures: Sequence[tuple[str, str]]) -> str:
    """A sentence that points to charts, and the charts; nothing where there are none."""
    if not figures:
        return ""
    listed = ", ".join(f"@{reference}" for reference, _ in figures)
    return paragraphs(wording.say(key, results.language, figures=listed), *(text for _, text in figures))


def compact(text: str) -> str:
    """The tables of a text marked as compact: smaller type and closer rows, for annexes with hundreds of rows."""
    return re.sub(r"^::: \{#(tbl-[^\s}]+)\}$", r"::: {#\1 .compact}", text, flags=re.MULTILINE)
