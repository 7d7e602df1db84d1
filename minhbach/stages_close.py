"""The last look at a draft before it is recorded: every number that it prints has an address, or every page says no."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from minhbach import wording
from minhbach.assessment_document import resolved
from minhbach.editions import Setup
from minhbach.errors import UsageError
from minhbach.numbers import show
from minhbach.paths import Edition
from minhbach.render.places import Marks

if TYPE_CHECKING:  # they bring Typst, which takes long
    from minhbach.render.embedded import Rendered

Said = Mapping[str, bool | int]


def refuse(setup: Setup, language: str) -> None:
    """UsageError where a run asks for no check and one of the edition's documents is no draft."""
    document = setup.assessment.document
    names = {"report": document}
    names |= {name: resolved(document, each) for name, each in setup.assessment.documents.by_name().items()}
    final = [name for name, each in names.items() if not each.draft]
    if final:
        raise UsageError(wording.say("closed_refused", language, documents=", ".join(final)))


def rendered(made: Rendered) -> dict[str, Marks]:
    """The marks of one document, by its name."""
    return {made.pdf.name: Marks(made.places, made.declared, made.numbering, made.drawings, made.signatures)}


def check(
    output: Edition, engine: str, notebooks: Mapping[str, Path], marks: Mapping[str, dict[str, Marks]]
) -> tuple[Said, str]:
    """Checks all languages, the main one first, and writes closed.csv; gives the sums and the sentence that says them.

    What Quarto sets is compared with the embedded engine's where it is made; its page is not looked at here, and its
    PDF only where its Typst tells the places of the marks.

    Raises:
        DataError: with every number that has no address.
    """
    from minhbach import closed, tables

    main = next(iter(notebooks))
    papers = []
    for language, notebook in notebooks.items():
        known, skipped = marks[language], {closed.PAGE} if engine == "quarto" else set()
        skipped |= {name for name, each in known.items() if engine == "quarto" and not each.facts}
        folder, prefix = output.language_folder(language, main), "" if language == main else f"{language}/"
        papers.append(closed.Papers(language, folder, prefix, notebook, known, frozenset(skipped)))
    table = closed.check(papers, main)
    tables.write(table, output.draft / closed.TABLE)
    sums = closed.totals(table)
    numbers = {name: show(Fraction(count), 0, main) for name, count in sums.items()}
    return {"checked": True, **sums}, wording.say("closed_done", main, **numbers)
