"""The crate: the root of ro-crate-metadata.json, its files, software, licence and publisher.

RO-Crate 1.1 with the profiles Process, Workflow and Provenance Run Crate 0.5 and Workflow RO-Crate 1.0.
"""

from __future__ import annotations

from collections.abc import Iterable

from minhbach import lineage_actions
from minhbach.lineage_files import CRATE, MANIFEST, WORKFLOW, Item
from minhbach.lineage_run import ABOUT_THE_COMPUTER, OWN, Told
from minhbach.lineage_terms import LICENCE, PYTHON, Entity, ref, refs, software_id

SPECIFICATION = "https://w3id.org/ro/crate/1.1"
CONTEXT = [f"{SPECIFICATION}/context", "https://w3id.org/ro/terms/workflow-run/context"]
WORKFLOW_PROFILE = "https://w3id.org/workflowhub/workflow-ro-crate/1.0"
PROFILES = {
    "https://w3id.org/ro/wfrun/process/0.5": ("Process Run Crate", "0.5"),
    "https://w3id.org/ro/wfrun/workflow/0.5": ("Workflow Run Crate", "0.5"),
    "https://w3id.org/ro/wfrun/provenance/0.5": ("Provenance Run Crate", "0.5"),
    WORKFLOW_PROFILE: ("Workflow RO-Crate", "1.0"),
}
PUBLISHER, TERMS = "#publisher", "#licence"


def document(told: Told, prov: Item) -> dict[str, object]:
    """The whole of ro-crate-metadata.json; `prov` is prov.json, and manifest.json comes later and so has no hash."""
    listed = _once((*told.files.inputs, *told.files.outputs, *told.files.workflow, prov))
    actions = lineage_actions.entities(told, PUBLISHER)
    entities = [
        *(file_entity(items) for items in listed.values()),
        _manifest(told),
        *_context(told),
        *_software(told),
    ]
    known = {str(entity["@id"]): entity for entity in entities}
    for entity in actions:
        known[str(entity["@id"])] = known.get(str(entity["@id"]), {}) | entity
    head = [_descriptor(), _root(told, [*listed, MANIFEST], known.values())]
    return {"@context": CONTEXT, "@graph": [*head, *(known[each] for each in sorted(known))]}


def file_entity(items: list[Item]) -> Entity:
    """A file; those outside the draft that have the same content are one entity with several names."""
    first, *others = items
    entity: Entity = {
        "@id": first.id,
        "@type": "File",
        "name": first.name,
        "sha256": first.sha256,
        "contentSize": str(first.size),
        "encodingFormat": first.media_type,
    }
    return entity | ({"alternateName": [each.name for each in others]} if others else {})


def _once(items: Iterable[Item]) -> dict[str, list[Item]]:
    found: dict[str, list[Item]] = {}
    for item in sorted(items):
        found.setdefault(item.id, []).append(item)
    return found


def _descriptor() -> Entity:
    conforms = refs([SPECIFICATION, WORKFLOW_PROFILE])
    return {"@id": CRATE, "@type": "CreativeWork", "about": ref("./"), "conformsTo": conforms}


def _root(told: Told, parts: list[str], entities: Iterable[Entity]) -> Entity:
    assessment = told.setup.assessment
    title = assessment.title.say(told.languages[0])
    description = told.say("lineage_description", title=title, issuer=told.issuer)
    if assessment.synthetic:
        description += " " + told.say("lineage_synthetic")
    actions = [str(each["@id"]) for each in entities if str(each["@type"]).endswith("Action")]
    return {
        "@id": "./",
        "@type": "Dataset",
        "name": title,
        "description": description,
        "datePublished": told.date,
        "inLanguage": list(told.languages),
        "license": ref(_licence(told)),
        "publisher": ref(PUBLISHER),
        "conformsTo": refs(PROFILES),
        "mainEntity": ref(f"{WORKFLOW}/pipeline.py"),
        "hasPart": refs(sorted(parts)),
        "mentions": refs(sorted(actions)),
    } | ({"creativeWorkStatus": "Draft"} if assessment.document.draft else {})


def _licence(told: Told) -> str:
    release = told.setup.assessment.release
    return (release.licence.path or TERMS) if release and release.licence else TERMS


def _context(told: Told) -> list[Entity]:
    """Publisher, licences, profiles and the language of the workflow."""
    release = told.setup.assessment.release
    terms: Entity = {"name": told.say("lineage_no_licence"), "description": told.say("lineage_no_licence_why")}
    if release and release.licence:
        title = release.licence.title.say(told.languages[0]) if release.licence.title else release.licence.name
        said = release.licence.said(told.languages[0])
        terms = {"name": title, "identifier": release.licence.name, "description": said}
    return [
        {"@id": PUBLISHER, "@type": "Organization", "name": told.issuer},
        {"@id": _licence(told), "@type": "CreativeWork", **terms},
        {"@id": LICENCE, "@type": "CreativeWork", "name": "Apache License 2.0", "identifier": "Apache-2.0"},
        {"@id": PYTHON, "@type": "ComputerLanguage", "name": "Python", "version": told.versions["python"]},
        *(
            {"@id": each, "@type": "CreativeWork", "name": name, "version": version}
            for each, (name, version) in PROFILES.items()
        ),
    ]


def _software(told: Told) -> list[Entity]:
    """Every program and package with its version; of our own also where it ran and with which fonts."""
    more: Entity = {"license": ref(LICENCE), "operatingSystem": told.versions[ABOUT_THE_COMPUTER[0]]}
    fonts = told.versions[ABOUT_THE_COMPUTER[1]]
    more |= {"description": told.say("lineage_minhbach", fonts=fonts)}
    more |= {"softwareRequirements": refs(software_id(name) for name in told.software if name != OWN)}
    return [
        {"@id": software_id(name), "@type": "SoftwareApplication", "name": name, "softwareVersion": version}
        | (more if name == OWN else {})
        for name, version in told.software.items()
    ]


def _manifest(told: Told) -> Entity:
    return {
        "@id": MANIFEST,
        "@type": "File",
        "name": MANIFEST,
        "description": told.say("lineage_manifest"),
        "encodingFormat": "application/json",
        "about": ref(lineage_actions.WHOLE),
    }
