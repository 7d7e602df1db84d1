"""Published versions of an edition: `reports/<edition>/v1/`, `v2/` …, each a folder that is never changed again.

A version has the files of the draft that it was, the validated tables in `validated/`, everything that was read in
`inputs/`, laid out as in a project, and a manifest with the hash of every file.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from minhbach import manifest, wording
from minhbach.errors import DataError, UsageError
from minhbach.paths import Edition
from minhbach.versions_layers import INPUTS

MANIFEST: Final = "manifest.json"
DRAFT: Final = "draft"
OWN: Final = "publication"
SELF: Final = "sha256"  # of the manifest without this line
NAME: Final = re.compile(r"v([1-9][0-9]{0,5})")
Manifest = Mapping[str, Any]


class ManifestError(DataError):
    """A manifest that cannot be read: the text says where it is, why, and what to do."""

    def __init__(self, path: Path, key: str, **details: str) -> None:
        self.key, self.details = key, details
        step = "manifest_again" if path.parent.name == DRAFT else "manifest_restore"
        said = {"file": path.as_posix(), "reason": self.reason("")}
        super().__init__(wording.say(step, "", folder=path.parent.as_posix(), **said))

    def reason(self, language: str) -> str:
        """Why, as a part of a sentence."""
        return wording.say(self.key, language, **self.details)


@dataclass(frozen=True)
class Version:
    """A published version; `edition` is the one it belongs to."""

    edition: Edition
    name: str

    @property
    def folder(self) -> Path:
        """Where it stands."""
        return self.edition.reports / self.name

    @property
    def number(self) -> int:
        """Its place among the versions: 1 for v1."""
        return int(self.name[1:])

    @property
    def inputs(self) -> Edition:
        """The edition as it was received when this version was made."""
        return Edition(self.edition.name, self.folder / INPUTS)

    @cached_property
    def manifest(self) -> Manifest:
        """What its manifest says.

        Raises:
            DataError: it cannot be read, or is none of a version.
        """
        return read(self.folder / MANIFEST, OWN)

    @property
    def is_readable(self) -> bool:
        """Whether its manifest can be read."""
        try:
            return bool(self.manifest)
        except DataError:
            return False

    @property
    def own(self) -> Manifest:
        """What the manifest says of the version: number, date, title, hash of every file."""
        own: Manifest = self.manifest[OWN]
        return own

    @property
    def files(self) -> Mapping[str, str]:
        """The recorded hash of every file but the manifest, by its path in the version."""
        listed = self.own.get("files")
        return {str(name): str(digest) for name, digest in listed.items()} if isinstance(listed, dict) else {}

    @property
    def frameworks(self) -> frozenset[str]:
        """Ids of the frameworks."""
        return frozenset(str(each) for each in self.manifest["frameworks"])

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of the reports, the main one first."""
        return languages(self.manifest)


def of(edition: Edition) -> list[Version]:
    """The versions of an edition, oldest first."""
    names = (each.name for each in edition.reports.glob("v*") if each.is_dir() and NAME.fullmatch(each.name))
    return sorted((Version(edition, name) for name in names), key=lambda each: each.number)


def one(edition: Edition, name: str, language: str) -> Version:
    """A version by its name; the latest where the name is empty.

    Raises:
        UsageError: there is none of this name.
    """
    known = of(edition)
    found = next((each for each in reversed(known) if name in ("", each.name)), None)
    if found is None:
        there = ", ".join(each.name for each in known) or "–"
        told = wording.say("version_unknown", language, edition=edition.name, version=name or "v1", known=there)
        raise UsageError(told)
    return found


def read(path: Path, *needed: str) -> Manifest:
    """A manifest with the parts that every run writes, and those `needed` besides.

    Raises:
        DataError: there is none, or it is something else.
    """
    return with_parts(path, ("inputs", "frameworks", "notebooks", "modules", "outputs", "versions", *needed))


def with_parts(path: Path, parts: Sequence[str]) -> Manifest:
    """A manifest that has these parts.

    Raises:
        ManifestError: there is none, or it is something else.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ManifestError(path, "manifest_absent") from None
    except OSError as error:
        raise ManifestError(path, "manifest_closed", reason=error.strerror or type(error).__name__) from None
    except (ValueError, RecursionError):
        raise ManifestError(path, "manifest_no_json") from None
    absent = [part for part in parts if not isinstance(content, dict) or not isinstance(content.get(part), dict)]
    if absent:
        raise ManifestError(path, "manifest_parts", parts=", ".join(absent))
    found: Manifest = content
    return found


def languages(content: Manifest) -> tuple[str, ...]:
    """The languages of a run by its manifest, the main one first."""
    listed = content.get("languages")
    known = tuple(each for each in listed if each in ("vi", "en")) if isinstance(listed, list) else ()
    return known or ("vi",)


def sealed(content: Manifest) -> bytes:
    """A manifest with the hash of all that it says, so that a change in it is found in it."""
    return manifest.written({**content, SELF: hashlib.sha256(manifest.written(content)).hexdigest()})


def says_itself(content: Manifest, written: bytes) -> bool:
    """Whether a manifest, and how it is written, is what its own hash says."""
    return sealed({name: value for name, value in content.items() if name != SELF}) == written


def as_draft(content: Manifest) -> Manifest:
    """The manifest of the draft that a version was."""
    return {name: value for name, value in content.items() if name not in (OWN, SELF)}
