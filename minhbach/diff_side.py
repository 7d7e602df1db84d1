"""One side of a comparison: a version, with its inputs beside its results, or a draft, with those of the project."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd

from minhbach import causes_read, previous, tables, tables_columns
from minhbach.causes_inputs import Inputs
from minhbach.framework import Framework
from minhbach.paths import Edition
from minhbach.trace_evidence import Evidence
from minhbach.trace_tables import Record
from minhbach.units import Unit

REPORT, FIGURES = "report.md", "figures"


@dataclass(frozen=True)
class Side:
    """What one side says, in the language in which it is compared; `called` where it is no version or draft."""

    evidence: Evidence
    called: str = ""

    @property
    def name(self) -> str:
        """What it is called, or the edition and the version, such as `2022-gia-lai v1`."""
        return self.called or f"{self.evidence.edition.name} {self.evidence.folder.name}"

    @property
    def edition(self) -> Edition:
        """The edition with its settings, units and raw data as this side was made from them."""
        return self.evidence.edition

    @property
    def framework_ids(self) -> tuple[str, ...]:
        """The frameworks, in the order of the edition."""
        return self.evidence.framework_ids

    def framework(self, framework_id: str) -> Framework:
        """A framework with the edition's own changes."""
        return self.evidence.framework(framework_id)

    def units(self, framework_id: str) -> tuple[Unit, ...]:
        """The units that a framework assesses."""
        return tuple(self.evidence.units.of_kind(self.framework(framework_id).spec.unit_kind))

    def unit_name(self, unit_id: str) -> str:
        """A unit's name."""
        return self.evidence.unit_name(unit_id)

    def frames(self, framework_id: str) -> dict[str, pd.DataFrame]:
        """Scores, levels and ranks."""
        files = {name: self.evidence.path(framework_id, name) for name in previous.RESULTS}
        spoken = self.evidence.language
        return {name: tables.read(file, tables_columns.needed(file), spoken) for name, file in files.items()}

    def hashes(self, framework_id: str) -> Mapping[str, Mapping[str, str]]:
        """What the run recorded of a framework; nothing where an older program ran."""
        found = self.evidence.manifest["frameworks"][framework_id].get("hashes")
        return found if isinstance(found, dict) else {}

    def inputs(self, framework_id: str) -> Inputs:
        """What the results were computed from."""
        validated = self.evidence.path(framework_id, "observations").parent.parent
        return causes_read.inputs(self.edition, validated, framework_id)

    @property
    def facts(self) -> Mapping[str, Record]:
        """The printed facts by id."""
        return self.evidence.facts

    @cached_property
    def report(self) -> str:
        """The report as Markdown."""
        return (self.evidence.home / REPORT).read_text(encoding="utf-8")

    @cached_property
    def figures(self) -> Mapping[str, Path]:
        """The tables behind the figures, by label."""
        return {file.stem: file for file in sorted((self.evidence.home / FIGURES).glob("*.csv"))}


def opened(edition: str, version: str, language: str = "") -> Side:
    """A side; without a version the latest one, or the draft where nothing is published.

    Raises:
        UsageError: there is no such edition or version.
    """
    home = Edition(edition)
    return Side(Evidence(home, version or latest(home), language))


def latest(edition: Edition) -> str:
    """The latest version, or `draft`."""
    numbers = [int(match[1]) for each in edition.reports.glob("v*") if (match := previous.VERSION.fullmatch(each.name))]
    return f"v{max(numbers)}" if numbers else "draft"
