"""The first difference of two files: its kind, and the sentence that tells it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

Kind = Literal["values", "rendering", "metadata"]
KINDS: Final[tuple[Kind, ...]] = ("values", "rendering", "metadata")  # from the gravest


@dataclass(frozen=True)
class First:
    """Its kind, the key of its sentence `rebuild_<key>`, and the details."""

    kind: Kind
    key: str
    details: Mapping[str, object] = field(default_factory=dict)
