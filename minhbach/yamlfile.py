"""YAML with line numbers and exact numbers, through the safe loader only.

Plain words are what YAML 1.2 takes them for (so that `on`, `no` and `yes` stay words); decimals become `Decimal`, never
floats; a key that stands twice, an anchor that would unfold without end and a tag that asks for an object are mistakes
with a line. The YAML library only tells what stands where; it makes no object.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import yaml

from minhbach.errors import FileError, Problem
from minhbach.yamlfile_nodes import MAX_DEPTH, Mapped, Node, Word, compose

MAX_BYTES = 4_000_000
MAX_VALUES = 200_000
MAX_DIGITS = 40
Path_ = tuple[str | int, ...]


@dataclass(frozen=True)
class YamlFile:
    """The content of a file, and the line on which each of its values stands."""

    name: str
    content: Any
    lines: dict[Path_, int] = field(repr=False)

    def line(self, place: Path_) -> int:
        """The line (from 1) of the value at `place`, or of the nearest thing around it that exists."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)


def load(path: Path) -> YamlFile:
    """Reads a YAML file.

    Raises:
        FileError: the file is absent, not UTF-8, not YAML, too large, or has a key twice.
    """
    name = path.as_posix()
    return loads(_text(path, name), name)


def loads(text: str, name: str) -> YamlFile:
    """Reads YAML from a text; `name` is what messages call it."""
    try:
        root = compose(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = min(mark.line, text.count("\n")) + 1 if mark else 1
        message = f"is not YAML: {', '.join(filter(None, (error.context, error.problem)))}."
        raise FileError(name, [Problem(line, "", message)]) from None
    except (yaml.YAMLError, ValueError) as error:
        raise FileError(name, [Problem(1, "", f"is not YAML: {str(error).splitlines()[0]}")]) from None
    builder = _Builder()
    content = None if root is None else builder.build(root, ())
    if builder.problems:
        raise FileError(name, builder.problems)
    return YamlFile(name, content, builder.lines)


def _text(path: Path, name: str) -> str:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise FileError(name, [Problem(1, "", f"cannot be read: {error.strerror}.")]) from None
    if len(raw) > MAX_BYTES:
        raise FileError(name, [Problem(1, "", f"has {len(raw)} bytes; at most {MAX_BYTES} are read.")])
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise FileError(name, [Problem(line, "", "is not UTF-8; save the file as UTF-8.")]) from None


class _Builder:
    """Turns composed nodes into plain values, remembering lines and collecting mistakes."""

    def __init__(self) -> None:
        self.lines: dict[Path_, int] = {}
        self.problems: list[Problem] = []
        self.count = 0

    def build(self, node: Node, place: Path_) -> Any:
        self.lines.setdefault(place, node.line)
        self.count += 1
        if self.count > MAX_VALUES or len(place) > MAX_DEPTH:
            if self.count <= MAX_VALUES + MAX_DEPTH:
                self._problem(node.line, place, f"unfolds to more than {MAX_VALUES} values or {MAX_DEPTH} levels.")
            self.count = MAX_VALUES + MAX_DEPTH
            return None
        if isinstance(node, Word):
            return self._word(node, place)
        if node.tag not in ("map", "seq"):
            return self._tag(node, place)
        if isinstance(node, Mapped):
            return self._mapping(node, place)
        return [self.build(item, (*place, index)) for index, item in enumerate(node.items)]

    def _mapping(self, node: Mapped, place: Path_) -> dict[str, Any]:
        content: dict[str, Any] = {}
        for key_node, value_node in node.pairs:
            line = key_node.line
            if not isinstance(key_node, Word):
                self._problem(line, place, "a key is one word, not a list or a mapping.")
                continue
            key = key_node.text
            if key in content:
                first = self.lines.get((*place, key), 1)
                self._problem(line, (*place, key), f"the key {key!r} stands twice, first on line {first}.")
                continue
            self.lines[(*place, key)] = line
            content[key] = self.build(value_node, (*place, key))
        return content

    def _word(self, node: Word, place: Path_) -> Any:
        if node.tag == "null":
            return None
        if node.tag == "bool" and node.text.lower() in ("true", "false"):
            return node.text.lower() == "true"
        if node.tag in ("int", "float"):
            return self._number(node, place)
        return node.text if node.tag in ("str", "timestamp", "bool") else self._tag(node, place)

    def _tag(self, node: Node, place: Path_) -> None:
        self._problem(node.line, place, f"the tag {node.tag} is not allowed; write a plain value.")

    def _number(self, node: Word, place: Path_) -> Any:
        plain = node.text.replace("_", "")
        try:
            number = Decimal(plain)
            if len(plain) <= MAX_DIGITS and number.is_finite() and abs(number.adjusted()) <= MAX_DIGITS:
                return int(number) if plain.lstrip("+-").isdigit() else number
        except InvalidOperation:
            pass
        self._problem(node.line, place, f"{node.text[:40]!r} is not a decimal number of ordinary size.")
        return None

    def _problem(self, line: int, place: Path_, message: str) -> None:
        self.problems.append(Problem(line, ".".join(map(str, place)), message))
