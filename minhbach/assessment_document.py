"""What official documents say around their text, in `assessment.yaml`: the report, and what approves its result."""

from __future__ import annotations

import datetime
import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema, model_validator

from minhbach.parts import Label, Part, Words

NUMBER = r"^([0-9]{1,6}(/[0-9]{4})?(/[^\s/0-9][^\s/]*)?)?$"
SYMBOL = r"^([^\s/0-9-][^\s/]*)?$"


def _iso_date(value: str) -> str:
    try:
        return datetime.date.fromisoformat(value).isoformat()
    except ValueError:
        raise ValueError("must be a date such as 2020-07-01") from None


def _number(value: Any) -> Any:
    """`7` and `7/BC-STTTT` alike; YAML reads the first as a whole number."""
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if not isinstance(text, str):
        return text
    if not re.fullmatch(NUMBER, text) or (text and not text.partition("/")[0].strip("0")):
        raise ValueError("must be a number such as 7, or one with its symbol such as 7/BC-STTTT")
    figures, mark, symbol = text.rpartition("/")
    return f"{figures}{mark}{_in_capitals(symbol)}" if symbol[:1].isalpha() else text


def _in_capitals(symbol: str) -> str:
    """Each part begins with a capital; smaller letters may follow, as in TTr."""
    if not all(part[:1].isupper() for part in symbol.split("-") if symbol):
        raise ValueError("must be in capitals, such as BC-STTTT or TTr-STTTT")
    return symbol


Date = Annotated[str, AfterValidator(_iso_date)]
Number = Annotated[
    str,
    BeforeValidator(_number),
    WithJsonSchema({"anyOf": [{"type": "integer", "minimum": 1}, {"type": "string", "pattern": NUMBER}]}),
]
Symbol = Annotated[str, Field(pattern=SYMBOL), AfterValidator(_in_capitals)]


class Signature(Part):
    """Who signs: authority (TM., KT., TL.; a line each), post and name."""

    authority: Label | None = None
    post: Label | None = None
    name: str = ""


class Filing(Part):
    """The last line of "Nơi nhận": the unit that keeps a copy beside the archive, the drafter's mark, the copies."""

    unit: str = ""
    drafter: str = ""
    copies: int | None = Field(default=None, ge=1)


class _Numbered(Part):
    """What every document has: number, symbol, addressees, recipients, signature."""

    number: Number = ""
    symbol: Symbol = ""
    to: tuple[Label, ...] = ()
    closing: Label | None = None
    recipients: tuple[Label, ...] = ()
    filing: Filing | None = None
    signature: Signature | None = None

    @model_validator(mode="after")
    def _one_symbol(self) -> _Numbered:
        if self.symbol and not self.number.replace("/", "").isdigit() and self.number:
            raise ValueError(f"symbol: the number {self.number!r} has a symbol already; leave one of them out")
        return self


class OfficialDocument(_Numbered):
    """What the first and last page of the report say (Decree 30/2020/NĐ-CP, Annex I)."""

    issuer_parent: Label | None = None
    issuer: Label
    place: Label
    date: Date
    type: Label
    abstract: Label
    national_header: Literal[True, False, "vi"] = True
    draft: bool = True
    mark: Label | None = None
    notice: Label | None = None
    font: Literal["Times New Roman", "Libertinus Serif"] = "Libertinus Serif"
    font_size: Literal[13, 14] = 13

    def has_header(self, language: str) -> bool:
        """Whether Quốc hiệu and Tiêu ngữ are printed in this language."""
        return self.national_header is True or self.national_header == language


class Legal(Part):
    """A legal basis as the report cites it; `basis: inferred` is said in the report."""

    text: Label
    basis: Literal["printed", "inferred"] = "printed"


class Further(_Numbered):
    """A document beside the report; issuer, place and date are the report's where it has none of its own."""

    type: Label
    abstract: Label
    issuer_parent: Label | None = None
    issuer: Label | None = None
    place: Label | None = None
    date: Date | None = None
    legal_basis: tuple[Legal, ...] = ()


class Submission(Further):
    """A TỜ TRÌNH, which asks a superior to approve the result."""

    type: Label = Words(vi="TỜ TRÌNH", en="SUBMISSION")


class Article(Part):
    """An article of a decision: its title, and its words."""

    title: Label
    text: Label


class Decision(Further):
    """A draft QUYẾT ĐỊNH, which approves the result; `authority` is who decides, the issuer where it is not given."""

    type: Label = Words(vi="QUYẾT ĐỊNH", en="DECISION")
    authority: Label | None = None
    proposal: Label | None = None
    articles: tuple[Article, ...] = ()


class Documents(Part):
    """The documents that approve the report's result."""

    submission: Submission | None = None
    decision: Decision | None = None

    def by_name(self) -> dict[str, Further]:
        """Those that the edition asks for, by the name of their files."""
        known: dict[str, Further | None] = {"submission": self.submission, "decision": self.decision}
        return {name: each for name, each in known.items() if each is not None}


def resolved(document: OfficialDocument, further: Further) -> OfficialDocument:
    """A further document with all that it takes over from the report; a parent body goes with its issuer."""
    taken = {name: value for name in ("issuer", "place", "date") if (value := getattr(further, name)) is not None}
    if further.issuer:
        taken["issuer_parent"] = further.issuer_parent
    same = ("number", "symbol", "to", "closing", "recipients", "filing", "signature", "abstract", "type")
    given = {name: getattr(further, name) for name in same}
    return document.model_copy(update={**given, **taken})
