"""The verification and the rebuild of a version as plain text of 80 columns, or as JSON."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from fractions import Fraction
from typing import Final

from minhbach import versions_history, versions_page, versions_signed, wording
from minhbach.numbers import show
from minhbach.rebuild import Rebuilt
from minhbach.verify_result import Check
from minhbach.versions_check import Verified
from minhbach.versions_layers import INPUTS

FORMAT: Final = 1
WIDTH: Final = 80
NAME: Final = 24  # columns of a layer's name
MOST: Final = 40  # differences of a layer that are told; --json has all
FILES: Final = 5  # files of the program that are named
SIGNS: Final = {True: "✓", False: "✗"}


def text(result: Verified, rebuilt: Rebuilt | None = None) -> str:
    """What agrees and what does not, layer by layer, then every difference; and the same of the rebuild."""
    lines = [*_head(result)]
    if result.version.is_readable:  # otherwise nobody knows what made it
        lines += _wrapped(program(result.program, result.language))
    lines += ["", *_layers(result.checks, result.language), "", *_verdict(result)]
    if rebuilt is not None:
        lines += ["", *_rebuilt(result, rebuilt)]
    return "\n".join(lines)


def as_json(result: Verified, rebuilt: Rebuilt | None = None) -> str:
    """The whole result; keys are always there."""
    content = {
        "format": FORMAT,
        "edition": result.version.edition.name,
        "version": result.version.name,
        "language": result.language,
        **result.about,
        "agrees": not result.differences,
        "program": {"same": result.version.is_readable and not any(result.program.values()), **result.program},
        **_as_json(result.checks),
        "rebuild": None if rebuilt is None else _rebuild_json(rebuilt),
    }
    return json.dumps(content, ensure_ascii=False, indent=1)


def program(differs: Mapping[str, object], language: str) -> str:
    """How this program differs from the one that made the version."""
    tools, files = differs.get("tools"), differs.get("files")
    said = [
        wording.say("version_tool", language, name=name, before=before, now=now)
        for name, (before, now) in (tools.items() if isinstance(tools, dict) else ())
    ]
    if isinstance(files, list) and files:
        named = ", ".join(files[:FILES]) + ("…" if len(files) > FILES else "")
        said.append(wording.say("version_modules", language, count=len(files), files=named))
    if not said:
        return wording.say("version_program_same", language)
    return wording.say("version_program_differs", language, what="; ".join(said))


def _head(result: Verified) -> Iterator[str]:
    version, language = result.version, result.language
    known = versions_history.states_by(versions_history.readable(version.edition)).get(version.name)
    yield from _wrapped(
        wording.say(
            "version_head",
            language,
            edition=version.edition.name,
            version=version.name,
            number=result.about.get("number") or "–",
            date=wording.say_date(result.about.get("date", ""), language) or "–",
            state=versions_page.words(known, language) if known else "–",
        )
    )


def _layers(checks: Iterable[Check], language: str) -> Iterator[str]:
    for check in checks:
        name = wording.say(f"version_layer_{check.layer}", language)
        sign, agreeing, total = SIGNS[not check.differences], _count(check.agreeing, language), check.total
        yield f"  {sign} {name:<{NAME}} {agreeing}/{_count(total, language)}"


def _verdict(result: Verified) -> Iterator[str]:
    language = result.language
    if not result.differences:
        yield from _wrapped(wording.say("version_agrees", language))
        if not any(each.layer == versions_signed.LAYER for each in result.checks):
            yield from _wrapped(wording.say("version_limits", language))
        return
    first = wording.say(f"version_layer_{result.differences[0].layer}", language)
    count = _count(len(result.differences), language)
    yield from _wrapped(wording.say("version_differs", language, count=count, layer=first))
    yield from _listed(result.checks, language)


def _rebuilt(result: Verified, rebuilt: Rebuilt) -> Iterator[str]:
    language, folder = result.language, result.version.folder / INPUTS
    yield from _wrapped(wording.say("rebuild_head", language, folder=folder.as_posix()))
    if rebuilt.stopped:
        yield from _wrapped(rebuilt.stopped)
        return
    yield from _layers(rebuilt.checks, language)
    yield ""
    total = _count(rebuilt.total, language)
    if rebuilt.same:
        yield from _wrapped(wording.say("rebuild_done", language, count=total))
        return
    first = rebuilt.differences[0]
    layer = wording.say(f"version_layer_{first.layer}", language)
    count = _count(len(rebuilt.differences), language)
    yield from _wrapped(wording.say("rebuild_differs", language, count=count, total=total, layer=layer))
    yield from textwrap.wrap(first.text, WIDTH, initial_indent="  ✗ ", subsequent_indent="    ")
    yield from _wrapped(wording.say(f"rebuild_kind_{rebuilt.kind}", language))
    yield from _listed(rebuilt.checks, language)


def _listed(checks: Iterable[Check], language: str) -> Iterator[str]:
    for check in checks:
        if check.differences:
            yield f"  {wording.say(f'version_layer_{check.layer}', language)}:"
        for each in check.differences[:MOST]:
            yield from textwrap.wrap(each.text, WIDTH, initial_indent="    ✗ ", subsequent_indent="      ")
        if len(check.differences) > MOST:
            yield "    " + wording.say("version_more", language, count=len(check.differences) - MOST)


def _rebuild_json(rebuilt: Rebuilt) -> dict[str, object]:
    return {
        "reproduced": rebuilt.same,
        "stopped": rebuilt.stopped,
        "kind": rebuilt.kind or "",
        **_as_json(rebuilt.checks),
    }


def _as_json(checks: Iterable[Check]) -> dict[str, object]:
    known = list(checks)
    return {
        "layers": [{"layer": each.layer, "total": each.total, "agreeing": each.agreeing} for each in known],
        "differences": [asdict(each) for check in known for each in check.differences],
    }


def _wrapped(sentence: str) -> list[str]:
    return textwrap.wrap(sentence, WIDTH)


def _count(number: int, language: str) -> str:
    return show(Fraction(number), 0, language)
