"""Where two files differ first, and whether in values, in how they are shown, or only in how they were made."""

from __future__ import annotations

import json
import re
from pathlib import PurePosixPath
from typing import Any, Final

from minhbach import rebuild_books, rebuild_pdf, rebuild_tables
from minhbach.rebuild_first import First, Kind

OF_VALUES: Final = frozenset({"validated", "scores", "levels", "ranks", "results", "facts", "figures", "data"})
OF_METADATA: Final = frozenset({"lineage", "manifest", "notebook", "module"})
HEX: Final = re.compile(r"[0-9a-f]{8,64}")


def first(name: str, layer: str, before: bytes, now: bytes) -> First:
    """The first difference of two files of one name whose bytes differ."""
    ending = PurePosixPath(name).suffix
    if ending == ".csv":
        found = rebuild_tables.first(before, now)
        if found is not None:
            values = layer in OF_VALUES and found.values
            return First("values" if values else "rendering", found.key, found.details)
    if ending == ".pdf":
        return rebuild_pdf.first(before, now)
    if ending in (".xlsx", ".ods"):
        cell = rebuild_books.first(before, now)
        if cell is not None:
            return cell
    return _text(layer, ending, before, now)


def lone(name: str, layer: str, *, missing: bool) -> First:
    """A file that only one of the two has."""
    values = layer in OF_VALUES and name.endswith(".csv")
    kind: Kind = "values" if values else "metadata" if layer in OF_METADATA else "rendering"
    return First(kind, "file_missing" if missing else "file_extra")


def _text(layer: str, ending: str, before: bytes, now: bytes) -> First:
    """The first line that differs; of what is no text, the first byte."""
    try:
        then, later = before.decode("utf-8"), now.decode("utf-8")
    except UnicodeDecodeError:
        pairs = enumerate(zip(before, now, strict=False))
        place = next((at for at, (one, other) in pairs if one != other), min(len(before), len(now)))
        return First("rendering", "bytes", {"place": place + 1})
    kind: Kind = "metadata" if layer in OF_METADATA or _same_but_made(ending, then, later) else "rendering"
    one, other = then.split("\n"), later.split("\n")
    line = next((at for at, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), None)
    at = min(len(one), len(other)) if line is None else line
    parts = around(one[at] if at < len(one) else "", other[at] if at < len(other) else "")
    return First(kind, "line", {"line": at + 1, "before": parts[0], "now": parts[1]})


def _same_but_made(ending: str, before: str, now: str) -> bool:
    """Whether two texts are the same but for hashes; of a notebook, but for its own particulars."""
    if ending == ".ipynb":
        cells = _cells(before)
        return cells is not None and bool(cells == _cells(now))
    return HEX.sub("#", before) == HEX.sub("#", now)


def _cells(notebook: str) -> Any:
    """What the cells of a notebook say and gave; None if it is none."""
    try:
        return [(each.get("source"), each.get("outputs")) for each in json.loads(notebook)["cells"]]
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def around(before: str, now: str, most: int = 80) -> tuple[str, str]:
    """The parts of two lines where they begin to differ."""
    pairs = enumerate(zip(before, now, strict=False))
    place = next((at for at, (one, other) in pairs if one != other), min(len(before), len(now)))
    begin = max(0, place - most // 4)
    return before[begin : begin + most], now[begin : begin + most]
