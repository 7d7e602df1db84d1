"""How the cells of a survey form look; cells that a unit fills in are tinted and unlocked, all others locked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from minhbach.forms_rules import FORMATS

Style = Mapping[str, Any]
LINE = {"border": 1, "border_color": "#A6A6A6"}
CELL = {**LINE, "text_wrap": True, "valign": "vcenter"}
OPEN = {**CELL, "locked": False}
ACROSS = {"align": "center_across", "valign": "vcenter"}
ANSWER, OPTIONAL, NEEDED, REMARK = "#FFF7D6", "#EAF2FB", "#FDE3CC", "#EEF7EA"
HATCHED = 18

PLAIN: Mapping[str, Mapping[str, Any]] = {
    "title": {**ACROSS, "bold": True, "font_size": 14},
    "subtitle": {**ACROSS, "bold": True},
    "mark": {**ACROSS, "bold": True, "font_color": "#B00020"},
    "legend": {**ACROSS, "italic": True, "font_size": 10},
    "title left": {"bold": True, "font_size": 14},
    "mark left": {"bold": True, "font_color": "#B00020"},
    "guide": {"text_wrap": True, "valign": "top"},
    "header": {**CELL, "bold": True, "align": "center", "bg_color": "#DDE6F0"},
    "band": {"bold": True, "bg_color": "#EDEDED", "valign": "vcenter"},
    "code": {**CELL, "font_color": "#7F7F7F", "font_size": 8, "shrink": True, "text_wrap": False},
    "number": {**CELL, "align": "center"},
    "text": {**CELL, "align": "left"},
    "head": {"valign": "vcenter"},
    "unit": {**CELL, "align": "center"},
    # Not wrapped: a long name or period runs on over the empty cells to the right.
    "fixed": {"border": 0, "align": "left", "valign": "vcenter", "num_format": "@"},
    "contact": {**OPEN, "text_wrap": False, "align": "left", "bg_color": ANSWER, "num_format": "@"},
    "evidence none": {**LINE, "pattern": HATCHED, "fg_color": "#BFBFBF"},
    "evidence optional": {**OPEN, "bg_color": OPTIONAL, "num_format": "@", "font_size": 10},
    "evidence required": {**OPEN, "bg_color": NEEDED, "num_format": "@", "font_size": 10},
    "evidence optional date": {**OPEN, "bg_color": OPTIONAL, "num_format": FORMATS["date"], "font_size": 10},
    "evidence required date": {**OPEN, "bg_color": NEEDED, "num_format": FORMATS["date"], "font_size": 10},
    "remark": {**OPEN, "bg_color": REMARK, "num_format": "@", "font_size": 10},
}


def formats(book: Any) -> Style:
    """Every look of a form, as formats of one workbook."""
    answers = {
        f"answer {number_format}": {
            **OPEN,
            "bg_color": ANSWER,
            "num_format": number_format,
            "align": _side(number_format),
        }
        for number_format in sorted(set(FORMATS.values()))
    }
    return {name: book.add_format(dict(look)) for name, look in {**PLAIN, **answers}.items()}


def _side(number_format: str) -> str:
    return "left" if number_format == FORMATS["text"] else "right"
