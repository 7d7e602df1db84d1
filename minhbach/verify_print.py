"""A verification as plain text of 80 columns, or as JSON."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator
from dataclasses import asdict
from fractions import Fraction
from typing import Final

from minhbach import wording
from minhbach.numbers import show
from minhbach.verify_result import Check, PageCount, Result, Signer

FORMAT: Final = 1
WIDTH: Final = 80
NAME: Final = 20  # columns of a layer's name
MOST: Final = 40  # differences of a layer that are told; --json has all
SIGNS: Final = {True: "✓", False: "✗"}


def text(result: Result) -> str:
    """What agrees and what does not: layer by layer, page by page, and then every difference."""
    lines = [*_head(result), "", *(line for check in result.checks for line in _check(result, check))]
    if result.pages:
        lines += ["", wording.say("verify_by_page", result.language), *_pages(result.pages)]
    lines += signatures(result.signers, result.language)
    lines += ["", *_verdict(result)]
    return "\n".join(lines)


def as_json(result: Result) -> str:
    """The whole result; keys are always there."""
    content = {
        "format": FORMAT,
        "file": result.file,
        **{name: result.about.get(name, "") for name in ("edition", "title", "minhbach")},
        "language": result.language,
        "unchecked": bool(result.about.get("unchecked")),
        "agrees": result.agrees,
        "layers": [
            {"layer": each.layer, "done": each.done, "total": each.total, "agreeing": each.agreeing, "note": each.note}
            for each in result.checks
        ],
        "differences": [asdict(each) for each in result.differences],
        "signatures": [asdict(each) for each in result.signers],
        "pages": [asdict(each) for each in result.pages],
    }
    return json.dumps(content, ensure_ascii=False, indent=1)


def _head(result: Result) -> Iterator[str]:
    about = result.about
    if about.get("title"):
        yield from textwrap.wrap(about["title"], WIDTH)
    details = {name: about.get(name) or "–" for name in ("edition", "pages", "minhbach")}
    yield from textwrap.wrap(wording.say("verify_head", result.language, file=result.file, **details), WIDTH)
    if about.get("unchecked"):
        yield from textwrap.wrap(wording.say("verify_unchecked", result.language), WIDTH)


def _check(result: Result, check: Check) -> Iterator[str]:
    """A layer on one line: its sign, its name, how many agree of how many, and a note below."""
    sign = SIGNS[not check.differences] if check.done else "–"
    name = wording.say(f"verify_layer_{check.layer}", result.language)
    counted = f"{_count(result, check.agreeing)}/{_count(result, check.total)}" if check.done and check.total else ""
    filled = textwrap.wrap(" ".join(filter(None, (counted, check.note))), WIDTH - NAME - 5) or [""]
    yield f"  {sign} {name:<{NAME}} {filled[0]}".rstrip()
    for line in filled[1:]:
        yield " " * (NAME + 5) + line


def _pages(pages: tuple[PageCount, ...]) -> Iterator[str]:
    """`page: right/facts`, as many beside each other as fit; a page where something is wrong has a mark."""
    told = [
        f"{each.page}: {each.agreeing}/{each.facts}{' ✗' * bool(each.left or each.agreeing < each.facts)}"
        for each in pages
    ]
    wide = max(map(len, told)) + 3
    columns = max(1, (WIDTH - 2) // wide)
    for begin in range(0, len(told), columns):
        yield "  " + "".join(each.ljust(wide) for each in told[begin : begin + columns]).rstrip()


def signatures(signers: tuple[Signer, ...], language: str) -> list[str]:
    """Who signed, when and by whose clock, what is covered and what is not."""
    if not signers:
        return []
    lines = ["", wording.say("verify_signatures", language)]
    for number, each in enumerate(signers, 1):
        sizes = {name: show(Fraction(getattr(each, name)), 0, language) for name in ("covered", "size")}
        known = {**asdict(each), **sizes, "time": each.time or "–", "sha256": each.certificate_sha256[:16]}
        keys = ["verify_signer", "verify_signer_bytes" if each.size else "verify_signer_files"]
        keys += ["verify_signer_all" if each.covered == each.size else "verify_signer_rest"] if each.size else []
        sentences = [wording.say(key, language, **known) for key in (*keys, f"verify_trust_{each.trust}")]
        lines += textwrap.wrap(" ".join(sentences), WIDTH, initial_indent=f"  {number}. ", subsequent_indent="     ")
    return lines + textwrap.wrap(wording.say("verify_signatures_limits", language), WIDTH)


def _verdict(result: Result) -> Iterator[str]:
    if result.agrees:
        yield from textwrap.wrap(wording.say("verify_agrees", result.language), WIDTH)
        if not result.signers:
            yield from textwrap.wrap(wording.say("verify_limits", result.language), WIDTH)
        return
    yield wording.say("verify_differs", result.language, count=_count(result, len(result.differences)))
    for check in result.checks:
        if check.differences:
            yield f"  {wording.say(f'verify_layer_{check.layer}', result.language)}:"
        for each in check.differences[:MOST]:
            yield from textwrap.wrap(each.text, WIDTH, initial_indent="    ✗ ", subsequent_indent="      ")
        if len(check.differences) > MOST:
            more = _count(result, len(check.differences) - MOST)
            yield "    " + wording.say("verify_more", result.language, count=more)


def _count(result: Result, number: int) -> str:
    return show(Fraction(number), 0, result.language)
