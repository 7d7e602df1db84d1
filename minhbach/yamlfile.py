"""YAML with line numbers and exact numbers, through the safe loader only.

YAML 1.2 (so that `on`, `no` and `yes` stay words); decimals become `Decimal`, never floats; a key that stands
twice, an anchor that would unfold without end and a tag that asks for an object are mistakes with a line.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from minhbach.errors import FileError, Problem

MAX_BYTES = 4_000_000
MAX_VALUES = 200_000
MAX_DEPTH = 40
MAX_DIGITS = 40
TAG = "tag:yaml.org,2002:"
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
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an anchor used again is allowed by YAML 1.2
            root = YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        message = f"is not YAML: {', '.join(filter(None, (error.context, error.problem)))}."
        raise FileError(name, [Problem(mark.line + 1 if mark else 1, "", message)]) from None
    except RecursionError:
        raise FileError(name, [Problem(1, "", f"has brackets nested more than {MAX_DEPTH} deep.")]) from None
    except (YAMLError, ValueError) as error:
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
        line = node.start_mark.line + 1
        self.lines.setdefault(place, line)
        self.count += 1
        if self.count > MAX_VALUES or len(place) > MAX_DEPTH:
            if self.count <= MAX_VALUES + MAX_DEPTH:
                self._problem(line, place, f"unfolds to more than {MAX_VALUES} values or {MAX_DEPTH} levels.")
            self.count = MAX_VALUES + MAX_DEPTH
            return None
        if not isinstance(node, ScalarNode) and node.tag not in (f"{TAG}map", f"{TAG}seq"):
            return self._tag(node, place)
        if isinstance(node, MappingNode):
            return self._mapping(node, place)
        if isinstance(node, SequenceNode):
            return [self.build(item, (*place, index)) for index, item in enumerate(node.value)]
        assert isinstance(node, ScalarNode)
        return self._scalar(node, place)

    def _mapping(self, node: MappingNode, place: Path_) -> dict[str, Any]:
        content: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, ScalarNode):
                self._problem(line, place, "a key is one word, not a list or a mapping.")
                continue
            key = str(key_node.value)
            if key in content:
                first = self.lines.get((*place, key), 1)
                self._problem(line, (*place, key), f"the key {key!r} stands twice, first on line {first}.")
                continue
            self.lines[(*place, key)] = line
            content[key] = self.build(value_node, (*place, key))
        return content

    def _scalar(self, node: ScalarNode, place: Path_) -> Any:
        kind = str(node.tag).removeprefix(TAG)
        text = str(node.value)
        if kind == "null":
            return None
        if kind == "bool" and text.lower() in ("true", "false"):
            return text.lower() == "true"
        if kind in ("int", "float"):
            return self._number(text, node, place)
        return text if kind in ("str", "timestamp", "bool") else self._tag(node, place)

    def _tag(self, node: Node, place: Path_) -> None:
        self._problem(node.start_mark.line + 1, place, f"the tag {node.tag!s} is not allowed; write a plain value.")

    def _number(self, text: str, node: ScalarNode, place: Path_) -> Any:
        plain = text.replace("_", "")
        try:
            number = Decimal(plain)
            if len(plain) <= MAX_DIGITS and number.is_finite() and abs(number.adjusted()) <= MAX_DIGITS:
                return int(number) if plain.lstrip("+-").isdigit() else number
        except InvalidOperation:
            pass
        self._problem(node.start_mark.line + 1, place, f"{text[:40]!r} is not a decimal number of ordinary size.")
        return None

    def _problem(self, line: int, place: Path_, message: str) -> None:
        self.problems.append(Problem(line, ".".join(map(str, place)), message))
