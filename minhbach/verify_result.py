"""What a verification finds: for each layer how much was looked at, and every difference with its place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from minhbach import wording

# From the file itself to what stands on its pages; each rests on those before it.
LAYERS: Final = (
    "seal", "attachment", "content", "raw", "observation", "score", "level", "rank", "comparison", "robustness",
    "query", "fact", "page",
)  # fmt: skip
LONGEST: Final = 300


@dataclass(frozen=True)
class Difference:
    """One thing that is not as it should be: the layer, its place in it, what is wrong; the page where there is one."""

    layer: str
    place: str
    text: str
    page: int = 0


@dataclass(frozen=True)
class Check:
    """A layer: how many things were looked at, what differs, a note; `done` is whether it could be looked at."""

    layer: str
    total: int = 0
    differences: tuple[Difference, ...] = ()
    note: str = ""
    done: bool = True

    @property
    def agreeing(self) -> int:
        """How many agree."""
        return max(0, self.total - len({each.place for each in self.differences}))


@dataclass(frozen=True)
class PageCount:
    """A page: the facts printed on it, how many of them stand there as they should, and its other numerals."""

    page: int
    facts: int
    agreeing: int
    declared: int = 0
    left: int = 0


@dataclass(frozen=True)
class Signer:
    """A signature: whose, by whose clock, with which certificate, over how many of the file's bytes; `trust` as in
    `sign_certificates.trust`."""

    name: str
    organisation: str
    issuer: str
    time: str
    begins: str
    ends: str
    certificate_sha256: str
    covered: int
    size: int
    intact: bool
    trust: str


@dataclass(frozen=True)
class Result:
    """Everything that a verification found."""

    file: str
    language: str
    about: dict[str, str] = field(default_factory=dict)
    checks: tuple[Check, ...] = ()
    pages: tuple[PageCount, ...] = ()
    signers: tuple[Signer, ...] = ()

    @property
    def differences(self) -> tuple[Difference, ...]:
        """All differences, layer by layer."""
        return tuple(each for check in self.checks for each in check.differences)

    @property
    def agrees(self) -> bool:
        """Whether everything that was looked at agrees."""
        return not self.differences


class Findings:
    """Gathers the differences of one layer, in a language."""

    def __init__(self, layer: str, language: str) -> None:
        self.layer, self.language = layer, language
        self.differences: list[Difference] = []
        self.total = 0

    def differs(self, key: str, place: str, page: int = 0, **details: object) -> None:
        """Notes a difference; its sentence is `verify_<key>`."""
        short = {name: shortened(detail) for name, detail in details.items()}
        text = wording.say(f"verify_{key}", self.language, place=shortened(place), page=page, **short)
        self.differences.append(Difference(self.layer, place, text, page))

    def check(self, note: str = "", *, done: bool = True) -> Check:
        """The layer as it was found."""
        return Check(self.layer, self.total, tuple(dict.fromkeys(self.differences)), note, done)


def shortened(detail: object) -> str:
    """A detail on one line and without signs that control a screen, shortened where it is long."""
    text = "".join(sign if sign.isprintable() else " " for sign in str(detail))
    text = " ".join(text.split())
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def left_out(layers: Iterable[str], language: str) -> tuple[Check, ...]:
    """Layers that cannot be looked at because of what was found before."""
    return tuple(Check(layer, note=wording.say("verify_not_done", language), done=False) for layer in layers)
