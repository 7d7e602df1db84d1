"""The units that are assessed: units.csv, and finding a unit by any way of writing its name."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from minhbach.errors import FileError, Problem
from minhbach.names import matching_key, nearest
from minhbach.parts import freeze
from minhbach.shapes import suggestion

UNIT_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
REQUIRED = ("unit_id", "name", "unit_kind")
OPTIONAL = ("name_en", "aliases", "parent_id", "ranked", "note")
RANKED = {"": True, "yes": True, "no": False}
MAX_BYTES = 20_000_000


@dataclass(frozen=True)
class Unit:
    """One unit; `groups` are the further columns of units.csv, by header."""

    unit_id: str
    name: str
    name_en: str
    unit_kind: str
    aliases: tuple[str, ...] = ()
    parent_id: str = ""
    ranked: bool = True
    groups: Mapping[str, str] = field(default_factory=lambda: freeze({}))

    def called(self, language: str) -> str:
        """The unit's name in a language; the official one where there is no other."""
        return self.name_en or self.name if language == "en" else self.name

    @property
    def spellings(self) -> tuple[str, ...]:
        """Every text that means this unit."""
        return tuple(text for text in (self.name, self.name_en, *self.aliases, self.unit_id) if text)


@dataclass(frozen=True)
class Units:
    """The units of an edition, in the order of units.csv."""

    units: tuple[Unit, ...]

    @cached_property
    def _by_key(self) -> Mapping[str, Unit]:
        return {matching_key(text): unit for unit in reversed(self.units) for text in unit.spellings}

    @cached_property
    def _by_id(self) -> Mapping[str, Unit]:
        return {unit.unit_id: unit for unit in self.units}

    def __iter__(self) -> Iterator[Unit]:
        return iter(self.units)

    def __len__(self) -> int:
        return len(self.units)

    def get(self, unit_id: str) -> Unit | None:
        """The unit with exactly this id."""
        return self._by_id.get(unit_id)

    def of_kind(self, kind: str) -> Units:
        """Only the units of one kind; names that two kinds share are then unique."""
        return Units(tuple(unit for unit in self.units if unit.unit_kind == kind))

    def match(self, text: str) -> Unit | None:
        """The unit whose name, English name, alias or id `text` is; the first one if kinds share it."""
        return self._by_key.get(matching_key(text))

    def nearest(self, text: str) -> Unit | None:
        """The unit whose name is most like `text`, or None when none is near."""
        near = nearest(text, self._by_key)
        return self._by_key[near] if near else None


def load(path: Path) -> Units:
    """The units of a units.csv.

    Raises:
        FileError: with every mistake of the file, by line.
    """
    name = path.as_posix()
    rows = _rows(path, name)
    header = [text.strip() for text in rows[0][1]] if rows else []
    if problems := _header_problems(header):
        raise FileError(name, problems)
    filled = [(line, cells) for line, cells in rows[1:] if any(map(str.strip, cells))]
    records = [(line, dict(zip(header, cells, strict=False))) for line, cells in filled]
    problems = [
        Problem(line, "", f"has {len(cells)} cells; the header has {len(header)}.")
        for line, cells in filled
        if len(cells) != len(header)
    ]
    units = [(line, _unit(record)) for line, record in records]
    problems += _record_problems(records) + _shared_names(units)
    if problems or not units:
        raise FileError(name, problems or [Problem(1, "", "has no units below its header.")])
    return Units(tuple(unit for _, unit in units))


def _rows(path: Path, name: str) -> list[tuple[int, list[str]]]:
    try:
        raw = path.read_bytes()
        if len(raw) > MAX_BYTES:
            raise FileError(name, [Problem(1, "", f"has {len(raw)} bytes; at most {MAX_BYTES} are read.")])
        reader = csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""), strict=True)
        rows, line = [], 1
        for cells in reader:
            rows.append((line, cells))
            line = reader.line_num + 1
    except OSError as error:
        raise FileError(name, [Problem(1, "", f"cannot be read: {error.strerror}.")]) from None
    except UnicodeDecodeError as error:
        bad = raw[: error.start].count(b"\n") + 1
        raise FileError(name, [Problem(bad, "", "is not UTF-8; save the file as CSV UTF-8.")]) from None
    except csv.Error as error:
        raise FileError(name, [Problem(reader.line_num, "", f"is not CSV: {error}.")]) from None
    return rows


def _header_problems(header: list[str]) -> list[Problem]:
    problems = [
        Problem(1, column, f"stands twice: columns {header.index(column) + 1} and {position + 1}.")
        for position, column in enumerate(header)
        if column and column in header[:position]
    ]
    for column in REQUIRED:
        if column not in header:
            hint = suggestion(column, [text for text in header if text not in REQUIRED + OPTIONAL])
            problems.append(Problem(1, column, f"the column is missing; {hint or 'add it to the header.'}"))
    return problems


def _unit(record: Mapping[str, str]) -> Unit:
    cell = {column: (text or "").strip() for column, text in record.items()}
    groups = {column: text for column, text in cell.items() if column not in REQUIRED + OPTIONAL and column}
    aliases = tuple(alias.strip() for alias in cell.get("aliases", "").split(";") if alias.strip())
    return Unit(
        unit_id=cell.get("unit_id", ""),
        name=cell.get("name", ""),
        name_en=cell.get("name_en", ""),
        unit_kind=cell.get("unit_kind", ""),
        aliases=aliases,
        parent_id=cell.get("parent_id", ""),
        ranked=RANKED.get(cell.get("ranked", "").lower(), True),
        groups=freeze(groups),
    )


def _record_problems(records: list[tuple[int, dict[str, str]]]) -> list[Problem]:
    first: dict[str, int] = {}
    problems = []
    for line, record in records:
        unit_id = record.get("unit_id", "").strip()
        if not UNIT_ID.fullmatch(unit_id):
            message = f"{unit_id[:60]!r} must be letters, digits and . _ - only, such as 01."
            problems.append(Problem(line, "unit_id", message))
        elif unit_id in first:
            message = f"{unit_id[:60]!r} stands twice, first on line {first[unit_id]}."
            problems.append(Problem(line, "unit_id", message))
        first.setdefault(unit_id, line)
        empty = [column for column in REQUIRED[1:] if not record.get(column, "").strip()]
        problems += [Problem(line, column, "is empty.") for column in empty]
        ranked = record.get("ranked", "").strip()
        if ranked.lower() not in RANKED:
            problems.append(Problem(line, "ranked", f"{ranked[:60]!r} must be yes or no (empty means yes)."))
    return problems + _parent_problems(records, first)


def _parent_problems(records: list[tuple[int, dict[str, str]]], known: Mapping[str, int]) -> list[Problem]:
    problems = []
    for line, record in records:
        parent = record.get("parent_id", "").strip()
        if parent and parent not in known:
            hint = suggestion(parent, known) or "add it here or leave this empty."
            problems.append(Problem(line, "parent_id", f"there is no unit {parent[:60]!r}; {hint}"))
    return problems


def _shared_names(units: list[tuple[int, Unit]]) -> list[Problem]:
    """Two units of one kind that a text could equally mean."""
    seen: dict[tuple[str, str], tuple[int, str]] = {}
    problems = []
    for line, unit in units:
        for text in unit.spellings:
            first_line, owner = seen.setdefault((unit.unit_kind, matching_key(text)), (line, unit.unit_id))
            if first_line != line and owner != unit.unit_id:
                message = f"{text!r} also means unit {owner!r} on line {first_line}; make one of them longer."
                problems.append(Problem(line, "name", message))
    return problems
