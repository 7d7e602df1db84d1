"""The first row and column in which two tables differ, by the key of the row rather than by its place."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

LAYOUT: Final = frozenset({"page", "x", "y"})  # where a fact stands, not what it is
LONGEST_KEY: Final = 3
Key = tuple[str, ...]


@dataclass(frozen=True)
class Found:
    """A difference: the key of its sentence, its details, and whether any value of the tables differs."""

    key: str
    details: Mapping[str, object] = field(default_factory=dict)
    values: bool = True


def first(before: bytes, now: bytes) -> Found | None:
    """The first difference in the order of the first table; None where they cannot be read or say the same."""
    try:
        one, other = _rows(before), _rows(now)
    except (UnicodeDecodeError, csv.Error):
        return None
    if not one or not other:
        return None
    if one[0] != other[0]:
        return Found("cell", {"row": "1", "column": "1", "before": ",".join(one[0]), "now": ",".join(other[0])})
    wide = _key_width(one[1:], other[1:])
    then, later = _by_key(one[1:], wide), _by_key(other[1:], wide)
    differing = [_of_row(one[0], key, then.get(key), later.get(key)) for key in {**then, **later}]
    found = [each for each in differing if each is not None]
    return next((each for each in found if each.values), next(iter(found), None))


def _rows(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8"), newline=""), strict=True))


def _key_width(*tables: Sequence[Sequence[str]]) -> int:
    """How many first columns name a row; 0 where only its place does."""
    for wide in range(1, LONGEST_KEY + 1):
        if all(len({tuple(row[:wide]) for row in rows}) == len(rows) for rows in tables):
            return wide
    return 0


def _by_key(rows: Sequence[Sequence[str]], wide: int) -> dict[Key, Sequence[str]]:
    return {tuple(row[:wide]) if wide else (f"#{place}",): row for place, row in enumerate(rows, start=2)}


def _of_row(columns: Sequence[str], key: Key, before: Sequence[str] | None, now: Sequence[str] | None) -> Found | None:
    row = "/".join(key)
    if before is None or now is None:
        return Found("row_extra" if before is None else "row_missing", {"row": row})
    pairs = zip(columns, before, now, strict=False)
    differing = {column: (then, later) for column, then, later in pairs if then != later}
    if not differing:
        if before == now:
            return None
        return Found("cell", {"row": row, "column": "–", "before": len(before), "now": len(now)})
    if "shown" in columns and "value" in columns and differing.keys() & {"shown", "value"}:
        return Found("shown", {"row": row, **_shown(columns, before, "before"), **_shown(columns, now, "now")})
    column = next((each for each in differing if each not in LAYOUT), next(iter(differing)))
    then, later = differing[column]
    details = {"row": row, "column": column, "before": then, "now": later}
    return Found("cell", details, values=column not in LAYOUT)


def _shown(columns: Sequence[str], row: Sequence[str], when: str) -> dict[str, object]:
    known = dict(zip(columns, row, strict=False))
    return {f"shown_{when}": known["shown"], when: known["value"]}
