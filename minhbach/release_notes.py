"""The sheet of notes: what marks, columns, levels and rounding mean."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from minhbach import wording
from minhbach.editions import Setup
from minhbach.framework import Framework
from minhbach.levels import schemes
from minhbach.model import Levels
from minhbach.numbers import show

COLUMNS = ("rank", "total_share", "basis", "computed", "printed", "difference", "by_totals", "symbol", "days_late")
GENERAL = ("numbers", "rounded", "dash", "blank", "groups", "subtotals", "facts")
BASES = (("printed", "basis_printed"), ("inferred", "basis_inferred_short"), ("sample", "basis_sample"))


def notes(setup: Setup, headers: Collection[str], language: str) -> list[tuple[str, str]]:
    """Notes as (what, meaning): general ones, those on the columns that are there, those of each framework."""
    return [
        *_general(setup, language),
        *_columns(headers, language),
        *(note for framework in setup.frameworks for note in _framework(framework, headers, language)),
    ]


def _general(setup: Setup, language: str) -> Iterator[tuple[str, str]]:
    if setup.assessment.synthetic:
        yield wording.say("release_synthetic", language), wording.say("release_synthetic_about", language)
    keys = [*GENERAL, *(["star"] if setup.assessment.survey else [])]
    for key in keys:
        yield wording.say(f"release_note_{key}", language), wording.say(f"release_note_{key}_about", language)
    for basis, name in BASES:
        what = wording.say("release_note_basis", language, basis=wording.say(name, language))
        yield what, wording.say(f"release_basis_{basis}", language)


def _columns(headers: Collection[str], language: str) -> Iterator[tuple[str, str]]:
    """The columns of the report whose name alone does not say what stands in them."""
    known = wording.sentences(language)
    for name in COLUMNS:
        header = known.get(f"col_{name}")
        if header in headers and header is not None:
            yield (
                wording.say("release_note_column", language, column=header),
                wording.say(f"release_column_{name}", language),
            )


def _framework(framework: Framework, headers: Collection[str], language: str) -> Iterator[tuple[str, str]]:
    title, rounding = framework.spec.title.say(language), framework.rounding
    details = {"shown": rounding.shown, "share": rounding.share}
    yield (
        wording.say("release_note_rounding", language, framework=title),
        wording.say(f"release_rounding_{rounding.mode}", language, **details),
    )
    for node_id, node in framework.nodes.items():
        name = node.label.say(language)
        header = next((each for each in (name, node_id, node.number) if each in headers), "")
        if header and node.max_points is not None:
            most = show(node.max_points, rounding.shown, language)
            number = f"{node.number} " if node.number else ""
            what = wording.say("release_note_column", language, column=header)
            yield what, wording.say("release_note_node", language, node=f"{number}{name}", most=most, framework=title)
    for scheme in framework.levels:
        label = scheme.label.say(language) if scheme.label else scheme.id
        what = wording.say("release_note_levels", language, scheme=label)
        yield (
            what,
            wording.say("release_note_levels_about", language, levels=_levels(scheme, language), framework=title),
        )


def _levels(scheme: Levels, language: str) -> str:
    """The levels of a scheme, best first."""
    ids = next(iter(schemes(scheme).values()))[1]
    names = [scheme.labels[each].say(language) if each in scheme.labels else each for each in ids]
    return ", ".join([*names, *([scheme.otherwise.say(language)] if scheme.otherwise else [])])
