"""Prints a formula: as mathematics (TeX, which Pandoc turns into Typst and MathML) and as a worked line.

A worked line shows the numbers put in, in the reader's number style: ``6 × min(18 / 20, 1)``.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from minhbach.formula import Binary, Call, Choose, Name, Number, Text, Tree, Unary, rewritten
from minhbach.numbers import exact_text

COMPARISONS = ("<", "<=", ">", ">=", "==", "!=")
STRENGTH = {"or": 1, "and": 2, **dict.fromkeys(COMPARISONS, 4), "+": 5, "-": 5, "*": 6, "/": 6, "**": 8}
SIGNED_OR_FRACTION = re.compile(r"-[0-9].*|[0-9]+/[0-9]+")
TEX_SIGNS = {"*": r" \times ", "<=": r" \le ", ">=": r" \ge ", "==": " = ", "!=": r" \ne "}
TEX_WORDS = {
    "\\": r"\textbackslash{}",
    "_": r"\_",
    "%": r"\%",
    "&": r"\&",
    "#": r"\#",
    "$": r"\$",
    "{": r"\{",
    "}": r"\}",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
}
SIGNS = {"*": " × ", "<=": " ≤ ", ">=": " ≥ ", "==": " = ", "!=": " ≠ "}
WORDS = {
    "vi": {
        "and": " và ",
        "or": " hoặc ",
        "not": "không ",
        "if": "nếu",
        "else": "ngược lại",
        "blank": "(trống)",
    },
    "en": {"and": " and ", "or": " or ", "not": "not ", "if": "if", "else": "otherwise", "blank": "(blank)"},
}


def plain(tree: Tree) -> Tree:
    """The formula with the shorthands written out: a ratio as a quotient, a cap as a minimum."""
    return rewritten(tree, _shorthand)


def _shorthand(tree: Tree) -> Tree | None:
    match tree:
        case Call("ratio", (a, b), _):
            return Binary("/", plain(a), plain(b))
        case Call("capped", (x, top), _):
            return Call("min", (plain(x), plain(top)))
        case Call("count_points", (n, each, top), _):
            return Call("min", (Binary("*", plain(n), plain(each)), plain(top)))
        case Call("yes", (x,), _):
            return plain(x)
    return None


def tex(tree: Tree, language: str, name: Callable[[str], str] = str) -> str:
    """The formula in TeX mathematics; `name` gives the words for a field or node."""
    return _Tex(language, lambda id_: rf"\text{{{escape_tex(name(id_))}}}").show(plain(tree), 0)


def worked(tree: Tree, language: str, value: Callable[[str], str]) -> str:
    """The formula as one line of text; `value` gives the shown value of a name, or its words."""
    return _Line(language, value).show(plain(tree), 0)


def decimal(text: str, language: str) -> str:
    """A written number in the reader's style."""
    return text.replace(".", ",") if language == "vi" else text


def escape_tex(text: str) -> str:
    """A text inside `\\text{…}`."""
    return "".join(TEX_WORDS.get(character, character) for character in text)


class _Line:
    signs = SIGNS

    def __init__(self, language: str, name: Callable[[str], str]) -> None:
        self.language, self.name, self.words = language, name, WORDS[language]

    def show(self, tree: Tree, outer: int) -> str:
        match tree:
            case Number(_, text):
                return self.number(text)
            case Text(text):
                return self.text(text)
            case Name(id_):
                shown = self.name(id_)
                return self.inside(shown, 6, outer + 1) if SIGNED_OR_FRACTION.fullmatch(shown) else shown
            case Unary(operator, operand):
                sign = "-" if operator == "-" else self.word("not")
                return self.inside(sign + self.show(operand, 7), 7 if operator == "-" else 3, outer)
            case Binary(operator, left, right):
                return self.binary(operator, left, right, outer)
            case Choose(condition, then, otherwise):
                return self.choose(self.show(condition, 0), self.show(then, 0), self.show(otherwise, 0))
            case Call(function, arguments, table):
                return self.call(function, [self.show(each, 0) for each in arguments], table)
        raise AssertionError(tree)

    def binary(self, operator: str, left: Tree, right: Tree, outer: int) -> str:
        own = STRENGTH[operator]
        sign = self.word(operator) if operator in ("and", "or") else self.signs.get(operator, f" {operator} ")
        sign = "^" if operator == "**" else sign
        first = own + (operator in COMPARISONS or operator == "**")  # a < b < c is a chain, (a < b) < c is not
        return self.inside(self.show(left, first) + sign + self.show(right, own + 1), own, outer)

    def number(self, text: str) -> str:
        return decimal(text, self.language)

    def inside(self, text: str, own: int, outer: int) -> str:
        return f"({text})" if own < outer else text

    def word(self, key: str) -> str:
        return self.words[key]

    def text(self, text: str) -> str:
        return f"“{text}”"

    def choose(self, condition: str, then: str, otherwise: str) -> str:
        return f"({then} {self.words['if']} {condition}; {otherwise} {self.words['else']})"

    def call(self, function: str, arguments: list[str], table: tuple[tuple[Number | Text, Number], ...]) -> str:
        joined = "; ".join(arguments) if self.language == "vi" else ", ".join(arguments)
        if table:
            steps = "; ".join(f"{self.key(key, function)} → {self.number(points.text)}" for key, points in table)
            return f"[{joined}: {steps}]"
        return f"{function}({joined})"

    def key(self, key: Number | Text, function: str) -> str:
        if isinstance(key, Text):
            return self.text(key.value)
        return ("≥ " if function == "steps" else "") + self.number(key.text)


class _Tex(_Line):
    signs = TEX_SIGNS

    def binary(self, operator: str, left: Tree, right: Tree, outer: int) -> str:
        if operator == "/":
            return self.inside(rf"\frac{{{self.show(left, 0)}}}{{{self.show(right, 0)}}}", 8, outer)
        if operator == "**":
            return self.inside(f"{{{self.show(left, 9)}}}^{{{self.show(right, 0)}}}", 8, outer)
        return super().binary(operator, left, right, outer)

    def number(self, text: str) -> str:
        shown = decimal(text, self.language)
        return rf"\text{{{shown}}}" if "," in shown else shown  # a comma in mathematics is followed by a space

    def inside(self, text: str, own: int, outer: int) -> str:
        return rf"\left({text}\right)" if own < outer else text

    def word(self, key: str) -> str:
        return rf"\text{{{self.words[key]}}}"

    def text(self, text: str) -> str:
        return rf"\text{{“{escape_tex(text)}”}}"

    def choose(self, condition: str, then: str, otherwise: str) -> str:
        return (
            rf"\begin{{cases}} {then} & \text{{{self.words['if']} }} {condition} \\ "
            rf"{otherwise} & \text{{{self.words['else']}}} \end{{cases}}"
        )

    def call(self, function: str, arguments: list[str], table: tuple[tuple[Number | Text, Number], ...]) -> str:
        if table:
            rows = r" \\ ".join(f"{self.number(points.text)} & {self.key(key, function)}" for key, points in table)
            return rf"\begin{{cases}} {rows} \end{{cases}}\left({arguments[0]}\right)"
        joined = (";\\ " if self.language == "vi" else ",\\ ").join(arguments)
        return rf"\operatorname{{{escape_tex(function)}}}\left({joined}\right)"

    def key(self, key: Number | Text, function: str) -> str:
        return super().key(key, function).replace("≥", r"\ge")


def shown_exact(value: object, language: str) -> str:
    """A rational, a text or a blank as a worked line shows it."""
    if value is None:
        return WORDS[language]["blank"]
    return value if isinstance(value, str) else decimal(exact_text(value), language)  # type: ignore[arg-type]
