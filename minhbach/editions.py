"""Everything an edition consists of, read and checked together: settings, units, frameworks.

Mistakes of all its files come back in one error.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from minhbach import assessment, errata, framework, units, yamlfile
from minhbach.assessment import Assessed, Assessment
from minhbach.errata import Erratum
from minhbach.errors import FileError, MinhbachError
from minhbach.framework import Framework
from minhbach.paths import NAME, Edition
from minhbach.shapes import Mistakes
from minhbach.units import Units
from minhbach.yamlfile import YamlFile


@dataclass(frozen=True)
class Setup:
    """An edition's settings, its units, and its frameworks in the order of assessment.yaml.

    The document of the settings is the one in force, with the number and date of the last of `errata`: the lines by
    which it replaces what was published before, oldest first.
    `unchecked`: this run does not check that every number has an address, and every page has to say so.
    """

    edition: Edition
    assessment: Assessment
    units: Units
    frameworks: tuple[Framework, ...]
    errata: tuple[Erratum, ...] = ()
    unchecked: bool = False

    @property
    def erratum(self) -> Erratum | None:
        """The line by which the document replaces an earlier one; None where it replaces nothing."""
        return self.errata[-1] if self.errata else None

    def assessed(self, framework_id: str) -> Assessed:
        """How the edition uses a framework."""
        return next(each for each in self.assessment.frameworks if each.framework == framework_id)

    def framework(self, framework_id: str) -> Framework:
        """A framework of the edition."""
        return next(each for each in self.frameworks if each.id == framework_id)

    def units_of(self, framework_id: str) -> Units:
        """The units that a framework assesses."""
        return self.units.of_kind(self.framework(framework_id).spec.unit_kind)


def load(edition: Edition) -> Setup:
    """Reads an edition.

    Raises:
        MinhbachError: the mistakes of assessment.yaml, units.csv, errata.csv and all frameworks together.
    """
    faults: list[MinhbachError] = []

    def attempt(read: Callable[..., Any], *arguments: object) -> Any:
        try:
            return read(*arguments)
        except FileError as error:
            faults.append(error)
            return None

    settings = attempt(assessment.load, edition.required())
    known = attempt(units.load, edition.units_file)
    lines = attempt(errata.load, edition.errata_file)
    named = [(each.framework, bool(each.override)) for each in settings.frameworks] if settings else _named(edition)
    frameworks = [
        attempt(framework.find, framework_id, edition.root, _override(edition, index) if override else None)
        for index, (framework_id, override) in enumerate(named)
    ]
    if settings and known and all(frameworks):
        setup = _in_force(Setup(edition, settings, known, tuple(frameworks), lines or ()))
        attempt(_check, setup)
        if not faults:
            return setup
    raise faults[0] if len(faults) == 1 else MinhbachError("\n".join(str(fault) for fault in faults))


def _in_force(setup: Setup) -> Setup:
    """The edition with the document that is in force, and of the lines of its errata those that led to it."""
    document = setup.assessment.document
    in_force, _ = errata.effective(document, setup.errata)
    settings = setup.assessment.model_copy(update={"document": in_force})
    return replace(setup, assessment=settings, errata=errata.chain(document, setup.errata))


def _named(edition: Edition) -> list[tuple[str, bool]]:
    """The frameworks that an assessment.yaml with mistakes names, so that their mistakes are said with its own."""
    try:
        content = yamlfile.load(edition.assessment_file).content
    except FileError:
        return []
    listed = content.get("frameworks") if isinstance(content, dict) else None
    ids = [each.get("framework") for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
    return [(each, False) for each in ids if isinstance(each, str) and NAME.fullmatch(each)]


def _override(edition: Edition, index: int) -> YamlFile:
    """An edition's own changes to a framework, with their lines in assessment.yaml."""
    document = yamlfile.load(edition.assessment_file)
    place = ("frameworks", index, "override")
    lines = {known[3:]: line for known, line in document.lines.items() if known[:3] == place}
    return YamlFile(document.name, document.content["frameworks"][index]["override"], lines)


def _check(setup: Setup) -> None:
    """Names that must agree between assessment.yaml, units.csv and the frameworks."""
    document = yamlfile.load(setup.edition.assessment_file)
    mistakes = Mistakes(document.line)
    for index, assessed in enumerate(setup.assessment.frameworks):
        place = ("frameworks", index)
        fields = setup.frameworks[index].fields
        columns = assessed.table.columns if assessed.table else dict.fromkeys(fields, "")
        for name in columns:
            mistakes.known(name, fields, (*place, "table", "columns", name), "field")
        for name, field in fields.items():
            if field.required and name not in columns:
                mistakes.say((*place, "table", "columns"), f"the required field {name!r} has no column.")
        of_kind = {unit.unit_id for unit in setup.units_of(assessed.framework)}
        for unit_id in assessed.absent:
            mistakes.known(unit_id, of_kind, (*place, "absent", unit_id), "unit of this kind")
        if assessed.responses and setup.assessment.survey is None:
            mistakes.say((*place, "responses"), "returned forms need a survey: letter_date, period and the rest.")
        if not of_kind:
            kind = setup.frameworks[index].spec.unit_kind
            mistakes.say(place, f"units.csv has no unit of the kind {kind!r}.")
    if mistakes.problems:
        raise FileError(document.name, mistakes.problems)
