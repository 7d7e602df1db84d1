"""The run in the crate: the workflow with its steps and tools, and the actions that say what each of them did."""

from __future__ import annotations

from collections.abc import Iterator

from minhbach.lineage_files import MANIFEST, PROV, WORKFLOW
from minhbach.lineage_run import OWN, Told
from minhbach.lineage_steps import Step
from minhbach.lineage_terms import LICENCE, PYTHON, Entity, ref, refs, software_id

WHOLE, ENGINE = "#run", "#engine-run"
OWN_RESULTS = {"lineage": (PROV,), "record": (MANIFEST,)}
PARAMETERS = {"edition": "true", "lang": "false"}


def entities(told: Told, agent: str) -> list[Entity]:
    """All entities of the run; those of files complete the ones that describe the files."""
    made = [_workflow(told), *_parameters(told), *_runs(told, agent)]
    for place, step in enumerate(told.steps, start=1):
        made += [_tool(told, step), _how_to(told, step, place), *_actions(told, step, agent)]
    return made


def tool_id(step: Step) -> str:
    """What carries out a step: its notebook, or the part of our program."""
    return f"{WORKFLOW}/notebooks/{step.stage.notebook}.ipynb" if step.stage.notebook else f"#tool/{step.name}"


def _workflow(told: Told) -> Entity:
    return {
        "@id": f"{WORKFLOW}/pipeline.py",
        "@type": ["File", "SoftwareSourceCode", "ComputationalWorkflow", "HowTo"],
        "name": told.say("lineage_workflow"),
        "alternateName": "pipeline.py",
        "version": told.versions[OWN],
        "license": ref(LICENCE),
        "programmingLanguage": ref(PYTHON),
        "hasPart": refs(tool_id(step) for step in told.steps),
        "step": refs(f"#step/{step.name}" for step in told.steps),
        "input": refs(f"#parameter/{name}" for name in PARAMETERS),
    }


def _values(told: Told) -> dict[str, str]:
    return {"edition": told.setup.edition.name, "lang": ",".join(told.languages)}


def _parameters(told: Told) -> Iterator[Entity]:
    for name, value in _values(told).items():
        yield {
            "@id": f"#parameter/{name}",
            "@type": "FormalParameter",
            "additionalType": "Text",
            "name": name,
            "valueRequired": PARAMETERS[name],
            "workExample": ref(f"#value/{name}"),
        }
        yield {
            "@id": f"#value/{name}",
            "@type": "PropertyValue",
            "name": name,
            "value": value,
            "exampleOfWork": ref(f"#parameter/{name}"),
        }


def _runs(told: Told, agent: str) -> Iterator[Entity]:
    """The run of the workflow, and that of the program which carried it out."""
    values = [f"#value/{name}" for name in _values(told)]
    yield {
        "@id": WHOLE,
        "@type": "CreateAction",
        "name": told.say("lineage_run", edition=told.setup.edition.name),
        "description": told.command,
        "agent": ref(agent),
        "instrument": ref(f"{WORKFLOW}/pipeline.py"),
        "object": refs([*values, *(item.id for item in told.files.inputs)]),
        "result": refs(item.id for item in told.files.outputs),
    }
    yield {
        "@id": ENGINE,
        "@type": "OrganizeAction",
        "name": told.command,
        "agent": ref(agent),
        "instrument": ref(software_id(OWN)),
        "object": refs(f"#control/{step.name}" for step in told.steps),
        "result": ref(WHOLE),
    }


def _tool(told: Told, step: Step) -> Entity:
    known = [name for name in step.stage.software if name in told.software]
    common: Entity = {"@id": tool_id(step), "softwareRequirements": refs(map(software_id, [OWN, *known]))}
    title = told.say(f"stage_{step.name}")
    if not step.stage.notebook:
        version = told.versions[OWN]
        return common | {"@type": "SoftwareApplication", "name": f"{OWN}: {title}", "softwareVersion": version}
    return common | {
        "@type": ["File", "SoftwareSourceCode"],
        "name": title,
        "alternateName": f"{step.stage.notebook}.ipynb",
        "version": told.versions[OWN],
        "license": ref(LICENCE),
        "programmingLanguage": ref(PYTHON),
    }


def _how_to(told: Told, step: Step, place: int) -> Entity:
    return {
        "@id": f"#step/{step.name}",
        "@type": "HowToStep",
        "name": told.say(f"stage_{step.name}"),
        "position": str(place),
        "workExample": ref(tool_id(step)),
    }


def _actions(told: Told, step: Step, agent: str) -> Iterator[Entity]:
    """What a step did, and that it did it as this step of the workflow."""
    action: Entity = {
        "@id": f"#run/{step.name}",
        "@type": "CreateAction",
        "name": told.say(f"stage_{step.name}"),
        "agent": ref(agent),
        "instrument": ref(tool_id(step)),
    }
    used = refs(item.id for item in step.uses)
    made = refs([*(item.id for item in step.makes), *OWN_RESULTS.get(step.name, ())])
    yield action | ({"object": used} if used else {}) | ({"result": made} if made else {})
    yield {
        "@id": f"#control/{step.name}",
        "@type": "ControlAction",
        "name": told.say(f"stage_{step.name}"),
        "instrument": ref(f"#step/{step.name}"),
        "object": ref(f"#run/{step.name}"),
    }
