"""What lineage tells of one run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from minhbach import wording
from minhbach.editions import Setup
from minhbach.lineage_files import Files
from minhbach.lineage_steps import Step

OWN = "minhbach"
ABOUT_THE_COMPUTER = ("platform", "fonts")


@dataclass(frozen=True)
class Told:
    """A run: its edition, command, languages (the main one first), files, steps, and the versions of all software."""

    setup: Setup
    command: str
    languages: tuple[str, ...]
    files: Files
    steps: tuple[Step, ...]
    versions: Mapping[str, str]

    @property
    def software(self) -> Mapping[str, str]:
        """Versions of programs and packages by name, without what `versions` says about the computer."""
        return {name: self.versions[name] for name in sorted(self.versions) if name not in ABOUT_THE_COMPUTER}

    @property
    def issuer(self) -> str:
        """The organisation that issues the report and answers for the run."""
        return self.setup.assessment.document.issuer.say(self.languages[0])

    @property
    def date(self) -> str:
        """The document's date, the only one that the same inputs always have."""
        return self.setup.assessment.document.date

    def say(self, key: str, **details: object) -> str:
        """A sentence in the main language."""
        return wording.say(key, self.languages[0], **details)
