"""Versions that replace another because of an erratum: the line that says so, and the folder with the notice."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from minhbach import errata, wording
from minhbach.errata import Erratum
from minhbach.errata_line import key
from minhbach.errors import FileError
from minhbach.versions import Version

ENDING: Final = ".erratum"
NOTICE: Final = "notice"


def folder(of: Version) -> Path:
    """Where the notice of a version stands, beside the version."""
    return of.folder.with_name(f"{of.name}{ENDING}")


def line(of: Version) -> Erratum | None:
    """The line of the errata among a version's own inputs that made it; None for an ordinary version."""
    try:
        lines = errata.load(of.inputs.errata_file)
    except FileError:
        return None  # nothing that was published by this program; `verify` tells what is wrong with the file
    own = key(str(of.own.get("number", "")), str(of.own.get("date", "")))
    return next((each for each in lines if (each.version, each.after) == (of.name, own)), None)


def words(of: Erratum, language: str) -> str:
    """What the list of versions says of a version that was made by an erratum."""
    notice = wording.say("errata_notice", language, number=of.notice)
    return wording.say("errata_index", language, version=of.replaces[1:], notice=notice)


def notice(of: Version, language: str) -> str:
    """The notice in a language, relative to the folder of all versions; empty where there is none."""
    named = (f"{NOTICE}.{language}.pdf", f"{NOTICE}.pdf")
    return next((f"{folder(of).name}/{name}" for name in named if (folder(of) / name).is_file()), "")
