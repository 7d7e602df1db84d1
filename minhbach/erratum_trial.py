"""The trial of an erratum: the edition run in a folder of its own, from the version's inputs and the named entries."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from minhbach import errata, erratum, rebuild_run, wording
from minhbach.erratum import Erring
from minhbach.errors import DataError
from minhbach.paths import Edition
from minhbach.rebuild_run import StoppedError
from minhbach.versions_layers import INPUTS


@contextmanager
def trial(erring: Erring) -> Iterator[Edition]:
    """Runs the edition as the erratum would make it; the folder is there until the end of the block.

    What it makes is what a run in the project would make, byte for byte, once the line stands in errata.csv.

    Raises:
        DataError: the run stopped, or the version does not say how it was made.
    """
    with tempfile.TemporaryDirectory(prefix="minhbach-") as place:
        made = Edition(erring.edition.name, Path(place).resolve())
        rebuild_run.copy(erring.replaced.folder / INPUTS, made.root)
        _with_entries(erring, made)
        asked = rebuild_run.command(erring.replaced)
        if asked is None:
            raise DataError(wording.say("erratum_command", erring.language, version=erring.replaced.name))
        try:
            rebuild_run.run(made.root, asked)
        except StoppedError as error:
            said = {"code": error.code, "reason": error.reason}
            raise DataError(wording.say("erratum_stopped", erring.language, **said)) from None
        yield made


def name(erring: Erring) -> str:
    """What the trial is called where it is compared."""
    return wording.say("erratum_trial", erring.language, entries=", ".join(erring.asked.corrections))


def _with_entries(erring: Erring, made: Edition) -> None:
    """Both ledgers and the settings are those of the project, which the checks have compared with the published."""
    for file in (erring.edition.raw / erratum.LEDGER, erring.edition.errata_file, erring.edition.assessment_file):
        if file.is_file():
            shutil.copyfile(file, made.raw / file.name)
    write_line(erring, made)


def write_line(erring: Erring, edition: Edition) -> None:
    """Writes the line of the erratum into an edition's errata.csv, where it does not stand there yet."""
    path = edition.errata_file
    if erring.line and erring.line not in errata.load(path):
        errata.append(path, erring.line)
