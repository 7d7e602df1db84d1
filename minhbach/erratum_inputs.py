"""What an erratum is made of besides the named entries: the inputs of the version that it replaces, all of them."""

from __future__ import annotations

from collections.abc import Iterator

from minhbach import assessment, erratum, expectations_context, previous, publish_checks, publish_inputs
from minhbach.erratum import Erring
from minhbach.errors import MinhbachError

Reason = tuple[str, dict[str, object]]


def reasons(erring: Erring) -> Iterator[Reason]:
    """Nothing else differs from what the replaced version was made of."""
    recorded = publish_inputs.recorded(erring.replaced.manifest)
    now = {**publish_inputs.present(erring.edition.root, _read(erring)), **_frameworks(erring)}
    exempt = {(erring.edition.raw / name).relative_to(erring.edition.root).as_posix() for name in _free(erring)}
    changes = [(name, way) for name, way in publish_inputs.changes(recorded, now) if name not in exempt]
    for way in ("changed", "missing", "extra"):
        names = [name for name, what in changes if what == way]
        if names:
            more = [f"… (+{len(names) - publish_checks.MOST})"] if len(names) > publish_checks.MOST else []
            files = ", ".join([*names[: publish_checks.MOST], *more])
            yield f"erratum_input_{way}", {"version": erring.replaced.name, "count": len(names), "files": files}


def _read(erring: Erring) -> dict[str, str]:
    """What a run would read now, but for the frameworks."""
    setup, root = erring.setup, erring.edition.root
    before = previous.find(setup)
    files = [*erring.edition.received(), *(before.files if before else []), *expectations_context.files(setup)]
    return {file.relative_to(root).as_posix(): "" for file in files}


def _frameworks(erring: Erring) -> dict[str, str]:
    return {
        f"frameworks/{name}": digest
        for framework in erring.setup.frameworks
        for name, digest in dict(framework.files).items()
    }


def _free(erring: Erring) -> list[str]:
    """Files that may differ: both ledgers, and settings that only got a rule for errata."""
    names = [erratum.LEDGER, erring.edition.errata_file.name]
    return [*names, erring.edition.assessment_file.name] if only_rule_differs(erring) else names


def only_rule_differs(erring: Erring) -> bool:
    """Whether the settings are another file than the published one, and differ in nothing but `errata`."""
    try:
        then, now = (assessment.load(each) for each in (erring.replaced.inputs, erring.edition))
    except MinhbachError:
        return False
    return then.model_copy(update={"errata": None}) == now.model_copy(update={"errata": None})


def rule_is_later(erring: Erring) -> bool:
    """Whether the rule that weighs is not the one that stood in the settings when the version was published."""
    return assessment.load(erring.replaced.inputs).errata != assessment.load(erring.edition).errata
