"""Checks a YAML file against its classes and says every mistake with its line."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from minhbach.errors import FileError, Problem
from minhbach.yamlfile import YamlFile

T = TypeVar("T", bound=BaseModel)


Place = tuple[str | int, ...]


class Mistakes:
    """Collects the mistakes of a file; `line` gives the line of a place in it."""

    def __init__(self, line: Callable[[Place], int]) -> None:
        self.line = line
        self.problems: list[Problem] = []

    def say(self, place: Place, message: str) -> None:
        """Adds a mistake."""
        self.problems.append(Problem(self.line(place), ".".join(map(str, place)), message))

    def known(self, name: str, among: Iterable[str], place: Place, what: str) -> bool:
        """Whether `name` is one of `among`; adds a mistake that names the nearest if not."""
        if name in among:
            return True
        self.say(place, f"there is no {what} {name!r}; {suggestion(name, among) or 'define it or take it out.'}")
        return False


def read(kind: type[T], document: YamlFile) -> T:
    """The file's content as an object of class `kind`.

    Raises:
        FileError: with every place where the content has another shape.
    """
    if not isinstance(document.content, dict):
        raise FileError(document.name, [Problem(1, "", "is empty or not a mapping of keys to values.")])
    try:
        return kind.model_validate(document.content)
    except ValidationError as error:
        raise FileError(document.name, [_problem(kind, document, each) for each in error.errors()]) from None


def suggestion(name: str, known: Iterable[str]) -> str:
    """`did you mean 'x'?`, or an empty text when nothing is near."""
    near = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f"did you mean {near[0]!r}?" if near else ""


def _problem(kind: type[BaseModel], document: YamlFile, error: Any) -> Problem:
    place = tuple(part for part in error["loc"] if part != "[key]")
    line = document.line(place)
    return Problem(line, ".".join(map(str, place)), _words(kind, error, str(place[-1]) if place else ""))


def _words(kind: type[BaseModel], error: Any, key: str) -> str:
    given = error.get("input")
    shown = f" (given: {str(given)[:60]!r})" if isinstance(given, (str, int, float)) else ""
    match error["type"]:
        case "extra_forbidden":
            hint = suggestion(key, keys(kind))
            return f"{key!r} is not a known key; {hint or 'see the schema in docs/.'}"
        case "missing":
            return f"{key!r} is missing."
        case "string_pattern_mismatch":
            return f"must match {error['ctx']['pattern']}{shown}."
        case "value_error":
            return f"{error['ctx']['error']!s}{shown}."
        case "model_type" | "model_attributes_type" | "dict_type" | "mapping_type":
            return f"must be a mapping of keys to values{shown}."
        case _:
            return f"{error['msg'][0].lower()}{error['msg'][1:]}{shown}."


@cache
def keys(kind: type[BaseModel]) -> frozenset[str]:
    """All keys that may stand anywhere below `kind`."""
    found: set[str] = set()
    for name, field in kind.model_fields.items():
        found.add(field.alias or name)
        for inner in _models(field.annotation):
            if inner is not kind:
                found |= keys(inner)
    return frozenset(found)


def _models(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in get_args(annotation) for model in _models(part)]
