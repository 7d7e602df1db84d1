"""Checks a YAML file against its classes and says every mistake with its line."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Callable, Iterable
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
    """`did you mean 'x'?`, or an empty text when nothing is near; marks over letters are easily forgotten."""
    by_letters = {_letters(each): each for each in sorted(known, reverse=True)}
    near = difflib.get_close_matches(_letters(name), sorted(by_letters), n=1, cutoff=0.6)
    return f"did you mean {by_letters[near[0]]!r}?" if near else ""


def _letters(name: str) -> str:
    plain = unicodedata.normalize("NFD", name.lower().replace("đ", "d"))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def _problem(kind: type[BaseModel], document: YamlFile, error: Any) -> Problem:
    place = tuple(part for part in error["loc"] if part != "[key]")
    line = document.line(place)
    return Problem(line, ".".join(map(str, place)), _words(kind, error, place))


def _words(kind: type[BaseModel], error: Any, place: Place) -> str:
    key = str(place[-1]) if place else ""
    given = error.get("input")
    shown = f" (given: {str(given)[:60]!r})" if isinstance(given, (str, int, float)) else ""
    match error["type"]:
        case "extra_forbidden":
            hint = suggestion(key, {name for each in _at(kind, place[:-1]) for name in own_keys(each)})
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


def own_keys(kind: type[BaseModel]) -> dict[str, Any]:
    """The keys that a part of class `kind` may have, with what each may hold."""
    return {field.alias or name: field.annotation for name, field in kind.model_fields.items()}


def _at(kind: type[BaseModel], place: Place) -> list[type[BaseModel]]:
    """The classes that a part at this place may have; ids and numbers of a list stand between keys."""
    found = [kind]
    for part in place:
        inner = [model for each in found for model in _models(own_keys(each).get(str(part)))]
        found = inner or found
    return found


def _models(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in get_args(annotation) for model in _models(part)]
