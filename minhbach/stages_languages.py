"""Several languages of one report: the same findings in other words, and proof that all say the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from minhbach import facts_files, tables, wording
from minhbach import findings as found
from minhbach.editions import Setup
from minhbach.errors import DataError, MinhbachError
from minhbach.paths import Edition

MOST_SHOWN = 200


def findings(setup: Setup, output: Edition, language: str) -> None:
    """Writes the register of findings in a further language, as findings.<language>.csv, for every framework.

    Raises:
        DataError: what was received has changed since the run read it.
    """
    from minhbach import intake  # brings Great Expectations, which takes seconds

    for framework in setup.frameworks:
        folder = output.validated / framework.id
        register = found.frame(intake.judged(setup, framework.id, language)[1])
        if set(register["finding_id"]) != set(tables.read(folder / "findings.csv")["finding_id"]):
            raise DataError(wording.say("received_changed", language, framework=framework.id))
        tables.write(register, folder / f"findings.{language}.csv")


def each(languages: Iterable[str], work: Callable[[str], None]) -> None:
    """Does the work in every language, also after mistakes in what people wrote, and tells those of all together.

    Raises:
        MinhbachError: the mistakes of all languages.
    """
    faults: list[MinhbachError] = []
    for language in languages:
        try:
            work(language)
        except DataError as error:
            faults.append(error)
    if faults:
        raise DataError("\n".join(map(str, faults)))


def agree(folders: Mapping[str, Path]) -> None:
    """Compares the facts of every further language with those of the main one, the first.

    Raises:
        DataError: with every fact that has another value, or is printed in a document and not in its twin.
    """
    main, *others = folders
    for other in others:
        differing = facts_files.disagreements(folders[main], folders[other])
        if differing:
            head = wording.say("languages_differ", main, one=main, other=other, count=len(differing))
            raise DataError("\n".join([head, *(f"  {each}" for each in differing[:MOST_SHOWN])]))
