"""One frozen Edition names every folder and file of an assessment round.

Paths are relative to the project's folder, so that nothing that is written depends on where it lies.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from minhbach.errors import UsageError

NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")


@dataclass(frozen=True)
class Edition:
    """The folders of one edition below `root`, the project's folder."""

    name: str
    root: Path = Path()

    def __post_init__(self) -> None:
        """Refuse a name that could leave the project's folders."""
        if not NAME.fullmatch(self.name):
            message = (
                f"{self.name!r} is not the name of an edition: small letters, digits and hyphens, such as 2019-bo. "
                f"Editions here: {', '.join(editions(self.root)) or 'none'}."
            )
            raise UsageError(message)

    @property
    def raw(self) -> Path:
        """What was received, never edited."""
        return self.root / "data" / "raw" / self.name

    @property
    def assessment_file(self) -> Path:
        """The settings of the edition."""
        return self.raw / "assessment.yaml"

    @property
    def units_file(self) -> Path:
        """The units to be assessed."""
        return self.raw / "units.csv"

    @property
    def errata_file(self) -> Path:
        """Which document replaces which; there only after an erratum."""
        return self.raw / "errata.csv"

    @property
    def validated(self) -> Path:
        """Where the validating stage, and it alone, puts its tables."""
        return self.root / "data" / "validated" / self.name

    @property
    def reports(self) -> Path:
        """Draft, versions and the log of this edition."""
        return self.root / "reports" / self.name

    @property
    def draft(self) -> Path:
        """The last good build."""
        return self.reports / "draft"

    def language_folder(self, language: str, main: str) -> Path:
        """Where the draft's documents of a language stand: those of the main language at the top."""
        return self.draft if language == main else self.draft / language

    @property
    def staging(self) -> Path:
        """Where a run builds; its name is fixed so that results do not depend on it."""
        return self.reports / ".staging"

    @property
    def ready(self) -> Path:
        """A finished build that is moving into place; there only while it moves, or after a kill just then."""
        return self.reports / ".ready"

    @property
    def failed(self) -> Path:
        """What a run left that did not finish: executed notebooks and findings."""
        return self.reports / "failed"

    @property
    def publishing(self) -> Path:
        """A version that is being put together; there only meanwhile, or after a kill just then."""
        return self.reports / ".publishing"

    @property
    def versions_file(self) -> Path:
        """What happened to each published version: published, replaced, withdrawn."""
        return self.reports / "versions.csv"

    @property
    def index(self) -> Path:
        """The page of all published versions."""
        return self.reports / "index.html"

    @property
    def log(self) -> Path:
        """Times and messages of the last run; outside the draft, whose bytes must not depend on the clock."""
        return self.reports / "run.log"

    @property
    def lock(self) -> Path:
        """Held by the one run that may write."""
        return self.reports / ".lock"

    def received(self) -> list[Path]:
        """Files of `raw`, sorted; hidden files and locks of office programs come and go, and do not count."""
        files = (file for file in self.raw.rglob("*") if file.is_file())
        return sorted(
            file for file in files if not any(p.startswith((".", "~$")) for p in file.relative_to(self.raw).parts)
        )

    def exists(self) -> bool:
        """Whether the edition has an assessment.yaml."""
        return self.assessment_file.is_file()

    def required(self) -> Edition:
        """This edition, or a UsageError that lists those that exist."""
        if not self.exists():
            known = ", ".join(editions(self.root)) or "none"
            message = f"There is no edition {self.name!r}: {self.assessment_file} is missing. Editions here: {known}."
            raise UsageError(message)
        return self


def editions(root: Path = Path()) -> list[str]:
    """Names of the editions that have an assessment.yaml, sorted."""
    return sorted(file.parent.name for file in (root / "data" / "raw").glob("*/assessment.yaml"))


def framework_file(framework_id: str, root: Path = Path()) -> Path:
    """Where a framework of this id stands."""
    return root / "frameworks" / f"{framework_id}.yaml"
