"""One line of the ledger of errata: its columns, and how the documents that it names are called."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from minhbach import assessment_words

COLUMNS: Final = (
    "version", "replaces", "replaced_number", "replaced_date", "corrections", "number", "date", "notice_number", "by",
)  # fmt: skip
NOTICE: Final = "TB"  # THÔNG BÁO in the symbols of Decree 30/2020/NĐ-CP
Key = tuple[str, str]  # a document, by its number and date


@dataclass(frozen=True)
class Erratum:
    """A line: `version` replaces the version `replaces` because of `corrections`, the ids of entries of the ledger.

    Numbers may leave out their symbol: that of the document is the one of the document that it replaces.
    """

    version: str
    replaces: str
    replaced_number: str
    replaced_date: str
    corrections: tuple[str, ...]
    number: str
    date: str
    notice_number: str
    by: str

    @property
    def whole(self) -> str:
        """Number and symbol of the document, as printed."""
        return assessment_words.printed(self.number, _symbol(self.replaced_number))

    @property
    def notice(self) -> str:
        """Number and symbol of the notice, as printed: TB and the issuer, where the number itself names no symbol."""
        _, mark, issuer = _symbol(self.replaced_number).partition("-")
        return assessment_words.printed(self.notice_number, f"{NOTICE}{mark}{issuer}")

    @property
    def before(self) -> Key:
        """The document that is replaced."""
        return key(self.replaced_number, self.replaced_date)

    @property
    def after(self) -> Key:
        """The document that replaces it."""
        return key(self.whole, self.date)


def key(number: str, date: str) -> Key:
    """What tells a document from others; 7 and 07 are one number."""
    figures, mark, rest = number.partition("/")
    return f"{figures.lstrip('0')}{mark}{rest}", date


def _symbol(number: str) -> str:
    """The symbol of a number, such as BC-STTTT."""
    last = number.rpartition("/")[2]
    return "" if last.isdigit() else last
