"""The words inside a paragraph of a commentary: facts filled in, numerals typed by hand found."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from minhbach import wording
from minhbach.errors import Problem
from minhbach.facts import UnknownFactError
from minhbach.markdown import HIDDEN_CATEGORIES, TURNING_MARKS
from minhbach.pandoc import Node

ROMAN: Final = range(0x2160, 0x2189)  # numerals that are letters: Ⅰ, Ⅳ
BARE: Final = re.compile(r"[\W_]*\d[\d\s.,%‰+−–-]*[\W_]*")
REFERENCE: Final = re.compile(r"#((tbl|fig|anx)-[\w.-]*\w)")
STANDING: Final = ("Space", "SoftBreak", "LineBreak")
STYLED: Final = ("Emph", "Strong")
NOTHING: Final = ["", [], []]


@dataclass
class Inlines:
    """Walks the words of one file and gives them back without positions; `problems` gathers the mistakes.

    `cite` gives the span of a fact or raises UnknownFactError; `hint` names a fact that is shown as a numeral.
    """

    cite: Callable[[str], str]
    hint: Callable[[str], str]
    language: str
    problems: list[Problem] = field(default_factory=list)
    references: dict[str, int] = field(default_factory=dict)
    line: int = 1
    section: str = ""

    def say(self, key: str, **details: object) -> None:
        """Notes a mistake at the line that is being read."""
        message = wording.say(f"commentary_{key}", self.language, **details)
        self.problems.append(Problem(self.line, self.section, message))

    def at(self, attributes: list[Any]) -> None:
        """Goes to the line that the attributes of an element name."""
        if position := dict(attributes[2]).get("data-pos"):
            self.line = int(position.partition(":")[0])

    def refuse(self, kind: str) -> None:
        """An element that may not stand in a commentary."""
        known = f"commentary_what_{kind.lower()}"
        key = known if known in wording.sentences(self.language) else "commentary_what"
        self.say("not_allowed", what=wording.say(key, self.language))

    def checked(self, nodes: Sequence[Node], *, declared: bool = False) -> list[Node]:
        """Words in which a numeral is a fact, or stands in declared text."""
        made: list[Node] = []
        for line, node in self._joined(nodes):
            self.line = line
            made += self._inline(node, declared)
        return made

    def _joined(self, nodes: Sequence[Node]) -> list[tuple[int, Node]]:
        """The elements with their lines, without the boxes that carry these, and words in one piece."""
        found: list[tuple[int, Node]] = []
        for node in nodes:
            if node["t"] == "Span" and not own(node["c"][0]):
                self.at(node["c"][0])
                inner = self._joined(node["c"][1])
            else:
                inner = [(self.line, node)]
            for line, each in inner:
                if each["t"] == "Str" and found and found[-1][1]["t"] == "Str" and found[-1][0] == line:
                    found[-1] = (line, {"t": "Str", "c": found[-1][1]["c"] + each["c"]})
                else:
                    found.append((line, each))
        return found

    def _inline(self, node: Node, declared: bool) -> list[Node]:
        kind: str = node["t"]
        content: Any = node.get("c")
        match kind:
            case "Str":
                self._look(content, declared)
            case _ if kind in STYLED:
                return [{"t": kind, "c": self.checked(content, declared=declared)}]
            case "Quoted":
                return [{"t": kind, "c": [content[0], self.checked(content[1], declared=declared)]}]
            case "Code":
                return self._code(content, declared)
            case "Link":
                return self._link(content, declared)
            case "Span":
                return self._span(content, declared)
            case _ if kind not in STANDING:
                self.refuse(kind)
                return []
        return [node]

    def _look(self, text: str, declared: bool) -> None:
        """Notes a numeral that is typed by hand, and signs that hide or turn what is read."""
        if hidden := sorted({f"U+{ord(sign):04X}" for sign in text if _hidden(sign)}):
            self.say("hidden", signs=", ".join(hidden))
        if not declared and any(map(is_numeral, text)):
            self.say("numeral", text=text, hint=self.hint(text.strip(".,;:()[]%\"'“”")))

    def _code(self, content: list[Any], declared: bool) -> list[Node]:
        self.at(content[0])
        self._look(content[1], declared)
        return [{"t": "Code", "c": [NOTHING, content[1]]}]

    def _link(self, content: list[Any], declared: bool) -> list[Node]:
        """A link to a page, or an empty one to a table, figure or annex of the report."""
        attributes, inlines, (target, title) = content
        self.at(attributes)
        line, words = self.line, self.checked(inlines, declared=declared)
        self.line = line
        if found := REFERENCE.fullmatch(target):
            if words or title:
                self.say("reference", target=target)
            self.references.setdefault(found[1], line)
            return [{"t": "RawInline", "c": ["markdown", f"[]({target})" if found[2] == "anx" else f"@{found[1]}"]}]
        if not target.startswith("https://") or title or not words:
            self.say("link", target=target)
        return [{"t": "Link", "c": [NOTHING, words, [target, ""]]}]

    def _span(self, content: list[Any], declared: bool) -> list[Node]:
        attributes, inlines = content
        self.at(attributes)
        line = self.line
        match own(attributes):
            case {"fact": fact_id} if not declared:
                return self._fact(fact_id, inlines)
            case {"class": "declared"} if not declared:
                words = self.checked(inlines, declared=True)
                self.line = line
                if BARE.fullmatch(plain(words)):
                    self.say("bare", text=plain(words))
                return [{"t": "Span", "c": [["", ["declared"], []], words]}]
        self.say("span")
        return self.checked(inlines, declared=declared)

    def _fact(self, fact_id: str, inlines: Sequence[Node]) -> list[Node]:
        """The fact as it is shown."""
        if inlines:
            self.say("filled", fact_id=fact_id)
        try:
            return [{"t": "RawInline", "c": ["markdown", self.cite(fact_id)]}]
        except UnknownFactError as unknown:
            self.problems.append(Problem(self.line, self.section, str(unknown)))
            return []


def own(attributes: list[Any]) -> dict[str, str]:
    """The attributes that a person gave to an element: id, class, and others by name."""
    given = {name: value for name, value in attributes[2] if name not in ("wrapper", "data-pos")}
    named = {"id": attributes[0], "class": " ".join(attributes[1])}
    return {name: value for name, value in named.items() if value} | given


def is_numeral(sign: str) -> bool:
    """Whether a sign is a numeral of any script; letters used as Roman numerals are none."""
    return unicodedata.category(sign) in ("Nd", "No", "Nl") and ord(sign) not in ROMAN


def plain(nodes: Sequence[Node]) -> str:
    """The text of words."""
    return "".join(_plain(node) for node in nodes)


def _plain(node: Node) -> str:
    match node["t"], node.get("c"):
        case "Str", str(text):
            return text
        case "Code", [_, str(text)]:
            return text
        case (("Emph" | "Strong"), list(inner)):
            return plain(inner)
        case (("Quoted" | "Link" | "Span"), [_, list(inner), *_]):
            return plain(inner)
    return " "


def _hidden(sign: str) -> bool:
    return unicodedata.category(sign) in HIDDEN_CATEGORIES or sign in TURNING_MARKS
