"""The builds of an edition that can be traced: the draft and the published versions, and how they are called."""

from __future__ import annotations

import re
from typing import Final

from minhbach import trace_words
from minhbach.errors import UsageError
from minhbach.paths import Edition

DRAFT: Final = "draft"
VERSION: Final = re.compile(r"draft|v[1-9][0-9]{0,5}")


def missing(edition: Edition, version: str, language: str) -> UsageError:
    """The error for a build that is not there, with those that are: the draft, then versions by their numbers.

    A version is made by publishing, a draft by a run.
    """
    found = [file.parent.name for file in edition.reports.glob("*/manifest.json")]
    built = sorted((name for name in found if VERSION.fullmatch(name)), key=_number)
    key = "not_published" if built and VERSION.fullmatch(version) else "not_built"
    said = {"edition": edition.name, "version": version, "known": ", ".join(built) or "–"}
    return UsageError(trace_words.say("no_draft" if version == DRAFT else key, language, **said))


def named(version: str, language: str) -> str:
    """A build as a sentence calls it."""
    key = "the_draft" if version == DRAFT else "the_version"
    return trace_words.say(key, language, version=version)


def _number(name: str) -> int:
    return 0 if name == DRAFT else int(name[1:])
