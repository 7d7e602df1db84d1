"""The fonts that a PDF is set in: those that ship with Typst and matplotlib, and the machine's where asked for."""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from pathlib import Path

import typst

from minhbach.render.metadata import DEFAULT_FONT


def find_fonts(wanted: list[str], font_paths: Sequence[Path]) -> tuple[typst.Fonts, list[str], list[str]]:
    """The fonts to search, those of `wanted` that exist (the default last), and a warning for each other.

    Fonts of the machine are looked at only when one is asked for that does not ship with us: other machines
    would otherwise give other bytes.
    """
    folders = [str(path) for path in (*font_paths, *chart_fonts())]
    fonts = typst.Fonts(include_system_fonts=False, font_paths=folders)
    if not set(wanted) <= set(fonts.families()):
        fonts = typst.Fonts(include_system_fonts=True, font_paths=folders)
    families = set(fonts.families())
    chosen = [name for name in wanted if name in families]
    missing = [f"font {name} is not installed" for name in wanted if name not in families]
    return fonts, list(dict.fromkeys([*chosen, DEFAULT_FONT])), missing


def chart_fonts() -> list[Path]:
    """The folder of matplotlib's own fonts, in which charts are lettered; found without importing it."""
    found = importlib.util.find_spec("matplotlib")
    if found is None or found.origin is None:
        return []
    return [Path(found.origin).parent / "mpl-data" / "fonts" / "ttf"]
