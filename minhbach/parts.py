"""The small shapes that frameworks and assessments are made of: exact numbers, labels in two languages, ids."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

PERCENT = re.compile(r"\d{1,3}([.,]\d{1,9})?%")
ID = r"^[A-Za-z_][A-Za-z0-9_]{0,63}$"


def _exact(value: Any) -> Any:
    """Integers and decimals as written, exactly; a bool or a float is refused."""
    if isinstance(value, (int, Decimal, Fraction)) and not isinstance(value, bool):
        return Fraction(value)
    raise ValueError("must be a number")


def _threshold(value: Any) -> Any:
    """`84.25` points, or `90%` of the node's maximum."""
    if isinstance(value, str):
        if not PERCENT.fullmatch(value):
            raise ValueError("must be points such as 84.25 or a share such as 90%")
        return Share(Fraction(Decimal(value[:-1].replace(",", "."))) / 100)
    return Points(_exact(value))


class Points(Fraction):
    """A threshold in points."""


class Share(Fraction):
    """A threshold as a part of the node's maximum, 0 to 1."""


def _label(value: Any) -> Any:
    return {"vi": value, "en": value} if isinstance(value, str) else value


def freeze(value: Any) -> Any:
    """A mapping that cannot be changed."""
    return MappingProxyType(dict(value))


def nothing() -> Any:
    """An empty mapping that cannot be changed."""
    return MappingProxyType({})


Exact = Annotated[Any, BeforeValidator(_exact), WithJsonSchema({"type": "number"})]
Threshold = Annotated[
    Any,
    BeforeValidator(_threshold),
    WithJsonSchema({"anyOf": [{"type": "number"}, {"type": "string", "pattern": r"^\d+([.,]\d+)?%$"}]}),
]
Id = Annotated[str, Field(pattern=ID)]
Formula = Annotated[str, Field(min_length=1, max_length=2000)]


class Part(BaseModel):
    """Base of all parts: frozen, and a key that is not known is a mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, arbitrary_types_allowed=True)


class Words(Part):
    """The same words in Vietnamese and English."""

    vi: str
    en: str

    def say(self, language: str) -> str:
        """The words in `language`, vi or en."""
        return self.en if language == "en" else self.vi


Label = Annotated[Words, BeforeValidator(_label, json_schema_input_type=str | Words)]
