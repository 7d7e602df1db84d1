"""Words that a submission and a decision share: legal bases, the issuer, headings."""

from __future__ import annotations

from minhbach import wording
from minhbach.assessment_document import Legal, OfficialDocument
from minhbach.book import Book
from minhbach.markdown import declared
from minhbach.parts import Words


def bases(book: Book, own: tuple[Legal, ...]) -> tuple[Legal, ...]:
    """The legal bases of a document: its own, or those of the report."""
    return own or book.setup.assessment.legal_basis


def inferred(basis: Legal, language: str) -> str:
    """A legal basis; where its use is inferred, it says so."""
    note = f" {wording.say('document_inferred', language)}" if basis.basis == "inferred" else ""
    return declared(line(basis.text, language)) + note


def legal(bases: list[str], language: str, proposal: str = "") -> str:
    """The lines that begin with "Căn cứ": each ends with a semicolon, the last with a full stop."""
    lines = [wording.say("basis_on", language, basis=each) for each in bases] + [proposal] * bool(proposal)
    ended = [f"{line};" for line in lines[:-1]] + [f"{line}." for line in lines[-1:]]
    return "::: {.legal}\n" + "\n\n".join(ended) + "\n:::" if ended else ""


def issuer(document: OfficialDocument, language: str) -> str:
    """Who issues a document, in one line."""
    return declared(line(document.issuer, language))


def line(words: Words, language: str) -> str:
    """Words in one line."""
    return " ".join(words.say(language).split())


def heading(key: str, language: str) -> str:
    """A heading of the body."""
    return f"# {wording.say(key, language)}"
