"""The fonts that a PDF is set in: those that ship with Typst and matplotlib, and the machine's where asked for."""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import typst

from minhbach.render.metadata import DEFAULT_FONT


@dataclass(frozen=True)
class Search:
    """Where fonts are looked for: in folders, and among those of the machine where one of them is asked for."""

    folders: tuple[str, ...]
    system: bool

    def fonts(self) -> typst.Fonts:
        """The fonts that are there."""
        return typst.Fonts(include_system_fonts=self.system, font_paths=list(self.folders))


def find_fonts(wanted: list[str], font_paths: Sequence[Path]) -> tuple[Search, list[str], list[str]]:
    """Where to search, those of `wanted` that exist (the default last), and a warning for each other.

    Fonts of the machine are looked at only when one is asked for that does not ship with us: other machines
    would otherwise give other bytes.
    """
    search = Search(tuple(str(path) for path in (*font_paths, *chart_fonts())), system=False)
    families = set(search.fonts().families())
    if not set(wanted) <= families:
        search = Search(search.folders, system=True)
        families = set(search.fonts().families())
    chosen = [name for name in wanted if name in families]
    missing = [f"font {name} is not installed" for name in wanted if name not in families]
    return search, list(dict.fromkeys([*chosen, DEFAULT_FONT])), missing


def chart_fonts() -> list[Path]:
    """The folder of matplotlib's own fonts, in which charts are lettered; found without importing it."""
    found = importlib.util.find_spec("matplotlib")
    if found is None or found.origin is None:
        return []
    return [Path(found.origin).parent / "mpl-data" / "fonts" / "ttf"]
