"""The lineage in standard form: the rocrate and prov libraries read it, and it says what each file came from."""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import projects
import pytest
import released
from hypothesis import given
from hypothesis import strategies as st
from prov.model import ProvDocument
from rocrate.rocrate import ROCrate

from minhbach import editions, lineage, lineage_files, lineage_steps
from minhbach.paths import Edition

Json = dict[str, Any]
COMMAND = "python pipeline.py run 2019-bo --lang vi,en --engine embedded"
OWN_FILES = {"ro-crate-metadata.json", "prov.json", "manifest.json"}
TWINS = ("Xã Ân (bản 1) 50%.csv", "b:2.csv")
ENDS = {
    "used": ("activity", "entity"),
    "wasGeneratedBy": ("entity", "activity"),
    "wasDerivedFrom": ("generatedEntity", "usedEntity"),
    "hadMember": ("collection", "entity"),
}


@pytest.fixture(scope="module")
def bo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project folder of 2019-bo after a run in two languages, with its lineage."""
    ran = projects.shipped(tmp_path_factory, "2019-bo", "--lang", "vi,en")
    assert ran.outcome.returncode == 0, ran.outcome.stderr
    folder = tmp_path_factory.mktemp("lineage") / "bo"
    shutil.copytree(ran.project.folder, folder)
    edition = Edition("2019-bo", folder)
    lineage.write(editions.load(edition), edition, COMMAND, ("vi", "en"))
    return folder


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project folder of a small edition with corrections and two received files of one content."""
    folder = tmp_path_factory.mktemp("made")
    setup = released.edition(folder)
    for name in TWINS:
        (setup.edition.raw / name).write_text("the same", encoding="utf-8")
    columns = "fact_id,value,shown,kind,source,page,x,y,decimals,rounding,language"
    facts = f'{columns}\nX1/total,46/5,"9,20",points,a + b,1,1.00,1.00,2,half_up,vi\n'
    (setup.edition.draft / "facts.csv").write_text(facts, encoding="utf-8")
    (setup.edition.draft / "report.pdf").write_bytes(b"%PDF")
    places = "document,fact_id,page,x,y\nreport.pdf,X1/total,1,1.00,1.00\n"
    (setup.edition.draft / "places.csv").write_text(places, encoding="utf-8")
    lineage.write(setup, setup.edition, "run", ("vi",))
    return folder


def read(path: Path) -> Json:
    content: Json = json.loads(path.read_text(encoding="utf-8"))
    return content


def crate(folder: Path, name: str = "2019-bo") -> dict[str, Json]:
    """The entities of a crate by id."""
    graph = read(Edition(name, folder).draft / "ro-crate-metadata.json")["@graph"]
    assert len({each["@id"] for each in graph}) == len(graph)
    return {each["@id"]: each for each in graph}


def several(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value]


def ids(entity: Json, name: str) -> list[str]:
    return [each["@id"] for each in several(entity.get(name, []))]


def typed(entities: dict[str, Json], kind: str) -> list[Json]:
    return [each for each in entities.values() if kind in several(each["@type"])]


def references(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        if set(value) == {"@id"}:
            yield value["@id"]
        else:
            for each in value.values():
                yield from references(each)
    elif isinstance(value, list):
        for each in value:
            yield from references(each)


def sources(document: Json, *relations: str) -> dict[str, set[str]]:
    """What each thing goes back to, by some relations of PROV."""
    found: dict[str, set[str]] = {}
    for relation in relations:
        first, second = ENDS[relation]
        for link in document[relation].values():
            found.setdefault(link[f"prov:{first}"], set()).add(link[f"prov:{second}"])
    return found


def reached(start: str, graph: dict[str, set[str]]) -> set[str]:
    found, left = {start}, [start]
    while left:
        new = graph.get(left.pop(), set()) - found
        found |= new
        left += new
    return found


# ---- RO-Crate --------------------------------------------------------------------------------------------


def test_the_rocrate_library_reads_the_crate(bo: Path) -> None:
    """The rocrate library reads the folder without a warning, with its title, date and main workflow."""
    found = ROCrate(Edition("2019-bo", bo).draft)

    assert found.datePublished.date().isoformat() == "2026-11-21"
    assert found.mainEntity.id == "workflow/pipeline.py"
    assert {entity.id for entity in found.data_entities} >= {"report.pdf", "en/report.pdf", "scores.xlsx"}


def test_every_file_is_in_the_crate_with_its_hash(bo: Path) -> None:
    """Each file of the draft, and each file outside it that went in or out, has its SHA-256, size and media type."""
    draft, entities = Edition("2019-bo", bo).draft, crate(bo)
    outside = {file for name in ("data", "frameworks/ict-index-2019-bo.yaml") for file in files_of(bo / name)}

    for file in {*files_of(draft), *outside}:
        inside = file.is_relative_to(draft)
        digest = hashlib.sha256(file.read_bytes()).digest()
        named = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        entity = entities[file.relative_to(draft).as_posix() if inside else f"ni:///sha-256;{named}"]
        assert "File" in several(entity["@type"])
        assert "/" in entity["encodingFormat"] or file.name == "pipeline.py"
        if file.name not in OWN_FILES - {"prov.json"} and not file.name.endswith(("pipeline.py", "ipynb")):
            names = [entity["name"], *several(entity.get("alternateName", []))]
            assert file.relative_to(draft if inside else bo).as_posix() in names
        if file.name not in {"manifest.json", "ro-crate-metadata.json"}:
            assert (entity["sha256"], entity["contentSize"]) == (digest.hex(), str(file.stat().st_size))


def files_of(path: Path) -> list[Path]:
    found = [path] if path.is_file() else [each for each in path.rglob("*") if each.is_file()]
    return [each for each in found if each.name not in {"ro-crate-metadata.json", ".lock"}]


def test_no_reference_of_the_crate_leads_nowhere(bo: Path) -> None:
    """Everything that an entity refers to by an id is described; all files are parts and all actions are mentioned."""
    entities = crate(bo)

    assert set(references(list(entities.values()))) - set(entities) <= {"https://w3id.org/ro/crate/1.1"}
    assert set(ids(entities["./"], "hasPart")) == {each["@id"] for each in typed(entities, "File")}
    actions = {key for key, each in entities.items() if str(each["@type"]).endswith("Action")}
    assert set(ids(entities["./"], "mentions")) == actions


def test_the_root_meets_ro_crate_1_1(bo: Path) -> None:
    """The descriptor and the root dataset have all that RO-Crate 1.1 and Workflow RO-Crate 1.0 require of them."""
    entities = crate(bo)
    descriptor, root = entities["ro-crate-metadata.json"], entities["./"]

    assert (descriptor["@type"], ids(descriptor, "about")) == ("CreativeWork", ["./"])
    assert "https://w3id.org/ro/crate/1.1" in ids(descriptor, "conformsTo")
    assert root["@type"] == "Dataset"
    assert root["datePublished"] == "2026-11-21"
    assert root["name"]
    assert root["description"]
    assert entities[root["license"]["@id"]]["name"]
    assert entities[root["license"]["@id"]]["description"]


def test_the_crate_names_its_profiles(bo: Path) -> None:
    """The root conforms to the three run profiles and to Workflow RO-Crate, each described as a CreativeWork."""
    entities = crate(bo)

    profiles = ids(entities["./"], "conformsTo")
    assert sorted(profiles) == [
        "https://w3id.org/ro/wfrun/process/0.5",
        "https://w3id.org/ro/wfrun/provenance/0.5",
        "https://w3id.org/ro/wfrun/workflow/0.5",
        "https://w3id.org/workflowhub/workflow-ro-crate/1.0",
    ]
    assert {entities[each]["@type"] for each in profiles} == {"CreativeWork"}


def test_the_workflow_meets_its_profiles(bo: Path) -> None:
    """The main workflow has its four types, its language, tools and steps; a parameter has a type and a value."""
    entities = crate(bo)
    workflow = entities[entities["./"]["mainEntity"]["@id"]]

    assert set(workflow["@type"]) == {"File", "SoftwareSourceCode", "ComputationalWorkflow", "HowTo"}
    assert (Edition("2019-bo", bo).draft / workflow["@id"]).is_file()
    assert entities[workflow["programmingLanguage"]["@id"]]["@type"] == "ComputerLanguage"
    steps = [entities[each] for each in ids(workflow, "step")]
    assert [each["position"] for each in steps] == [str(place) for place in range(1, len(steps) + 1)]
    assert {each["@type"] for each in steps} == {"HowToStep"}
    assert set(ids(workflow, "hasPart")) == {each["workExample"]["@id"] for each in steps}
    for parameter in typed(entities, "FormalParameter"):
        assert parameter["additionalType"] == "Text"
        assert ids(entities[parameter["workExample"]["@id"]], "exampleOfWork") == [parameter["@id"]]


def test_every_action_has_its_instrument(bo: Path) -> None:
    """Actions refer to tool, step or engine as Provenance Run Crate requires, and the run of the workflow is one."""
    entities = crate(bo)
    software = {"SoftwareApplication", "SoftwareSourceCode", "ComputationalWorkflow"}
    runs, controls = typed(entities, "CreateAction"), typed(entities, "ControlAction")

    for action in runs:
        assert software & set(several(entities[action["instrument"]["@id"]]["@type"]))
        assert {"File", "PropertyValue"} >= {
            "File" if "File" in several(entities[each]["@type"]) else entities[each]["@type"]
            for name in ("object", "result")
            for each in ids(action, name)
        }
    workflow = entities["./"]["mainEntity"]["@id"]
    (whole,) = [action for action in runs if action["instrument"]["@id"] == workflow]
    assert (whole["description"], ids(whole, "agent")) == (COMMAND, ["#publisher"])
    assert {each["instrument"]["@id"] for each in controls} == set(ids(entities[workflow], "step"))
    assert {each["object"]["@id"] for each in controls} == {each["@id"] for each in runs} - {whole["@id"]}
    (engine,) = typed(entities, "OrganizeAction")
    assert entities[engine["instrument"]["@id"]]["@type"] == "SoftwareApplication"
    assert set(ids(engine, "object")) == {each["@id"] for each in controls}
    assert ids(engine, "result") == [whole["@id"]]


def test_a_step_needs_only_what_earlier_steps_made(bo: Path) -> None:
    """What an action uses is an input of the run, or the result of a step with a smaller position."""
    entities = crate(bo)
    before = {each for each in ids(entities["#run"], "object") if "PropertyValue" not in entities[each]["@type"]}

    for step in ids(entities["workflow/pipeline.py"], "step"):
        action = entities[step.replace("#step/", "#run/")]
        assert set(ids(action, "object")) <= before
        before |= set(ids(action, "result"))


def test_every_stage_and_every_file_is_accounted_for(bo: Path, repository: Path) -> None:
    """The steps are the stages of pipeline.py, lineage knows each of them, and each file has a step that made it."""
    entities = crate(bo)
    source = (repository / "pipeline.py").read_text(encoding="utf-8")

    names = [line.split('"')[1] for line in source.splitlines() if line.startswith('    ("')]
    assert [each.removeprefix("#step/") for each in ids(entities["workflow/pipeline.py"], "step")] == names
    assert set(names) <= set(lineage_steps.STAGES)
    made = {each for name in names for each in ids(entities[f"#run/{name}"], "result")}
    assert set(ids(entities["#run"], "result")) - made == set()


def test_a_file_outside_the_draft_is_named_by_its_content(made: Path) -> None:
    """Two received files of one content are one entity with both names, under the name that RFC 6920 gives it."""
    digest = base64.urlsafe_b64encode(hashlib.sha256(b"the same").digest()).decode().rstrip("=")

    entity = crate(made, "2022-vi-du")[f"ni:///sha-256;{digest}"]
    names = [entity["name"], *entity["alternateName"]]
    assert sorted(names) == sorted(f"data/raw/2022-vi-du/{name}" for name in TWINS)


def test_synthetic_data_and_missing_terms_are_said(made: Path) -> None:
    """The crate of an edition with synthetic data and without a licence says both, and that it is a draft."""
    entities = crate(made, "2022-vi-du")

    assert "số liệu giả lập" in entities["./"]["description"]
    assert entities["./"]["creativeWorkStatus"] == "Draft"
    assert entities["#licence"]["name"] == "Chưa nêu điều kiện sử dụng"


def test_a_stated_licence_is_the_crates(tmp_path: Path) -> None:
    """The licence of assessment.yaml is the crate's, by the address at which its text stands."""
    setup = released.edition(tmp_path, "release: {licence: {name: CC-BY-4.0, path: 'https://example.org/by'}}")
    lineage.write(setup, setup.edition, "run", ("vi",))

    entities = crate(tmp_path, "2022-vi-du")
    assert entities["./"]["license"] == {"@id": "https://example.org/by"}
    assert entities["https://example.org/by"]["identifier"] == "CC-BY-4.0"


# ---- PROV ------------------------------------------------------------------------------------------------


def test_the_prov_library_reads_the_document(bo: Path) -> None:
    """The prov library reads prov.json without a warning and finds every record in it."""
    path = Edition("2019-bo", bo).draft / "prov.json"
    with path.open(encoding="utf-8") as stream:
        document = ProvDocument.deserialize(stream)

    assert len(document.get_records()) == sum(len(each) for name, each in read(path).items() if name != "prefix")


@pytest.mark.parametrize("folder", ["bo", "made"])
def test_no_relation_of_prov_leads_nowhere(folder: str, request: pytest.FixtureRequest) -> None:
    """Both ends of each relation, and the plan of each association, are in the document."""
    project: Path = request.getfixturevalue(folder)
    (path,) = project.glob("reports/*/draft/prov.json")
    document = read(path)
    things = {each for kind in ("entity", "activity", "agent") for each in document[kind]}

    relations = {name: each for name, each in document.items() if name not in {"prefix", "entity", "activity", "agent"}}
    ends = {end for links in relations.values() for link in links.values() for end in link.values()}
    assert ends <= things
    assert {each["dct:isPartOf"]["$"] for each in document["activity"].values() if "dct:isPartOf" in each} <= things


def test_the_report_leads_back_to_every_received_file(bo: Path) -> None:
    """From report.pdf one comes, by what made it and what that used, to each file of the edition and its framework."""
    document = read(Edition("2019-bo", bo).draft / "prov.json")

    found = reached("file:report.pdf", sources(document, "wasGeneratedBy", "used", "hadMember", "wasDerivedFrom"))
    raw = {f"file:{file.relative_to(bo).as_posix()}" for file in (bo / "data/raw/2019-bo").iterdir()}
    assert raw | {"file:frameworks/ict-index-2019-bo.yaml"} <= found


def test_a_units_card_leads_back_to_its_own_rows(bo: Path) -> None:
    """By derivation alone a scorecard goes back to its unit's rows and to the table that the unit stands in."""
    document = read(Edition("2019-bo", bo).draft / "prov.json")

    found = reached("file:scorecards/bo-y-te.pdf", sources(document, "wasDerivedFrom"))
    rows = {each for each in found if each.startswith("rows:")}
    assert "file:data/raw/2019-bo/ministries_2019.csv" in found
    assert "rows:ict-index-2019-bo/observations/bo-y-te" in rows
    assert {each for each in rows if "/observations/" in each} == {"rows:ict-index-2019-bo/observations/bo-y-te"}


def test_all_facts_come_from_somewhere(bo: Path) -> None:
    """The facts of each subject derive from rows, tables, the framework or the settings, and none is left out."""
    draft = Edition("2019-bo", bo).draft
    document = read(draft / "prov.json")
    groups = {each: about for each, about in document["entity"].items() if each.startswith("facts:")}

    assert set(groups) <= set(sources(document, "wasDerivedFrom"))
    counted = sum(about["term:facts"] for about in groups.values())
    tables = (draft / "facts.csv", draft / "en" / "facts.csv")
    assert counted == sum(len(path.read_text(encoding="utf-8").splitlines()) - 1 for path in tables)


def test_a_file_is_made_once(bo: Path) -> None:
    """Each file that came out is generated by one activity, and nothing goes back to itself."""
    document = read(Edition("2019-bo", bo).draft / "prov.json")
    made = [link["prov:entity"] for link in document["wasGeneratedBy"].values()]

    assert len(made) == len(set(made))
    graph = sources(document, "wasGeneratedBy", "used", "wasDerivedFrom")
    assert [each for each in graph if any(each in reached(other, graph) for other in graph[each])] == []


def test_a_correction_says_who_when_why(made: Path) -> None:
    """A correction is an activity with its person, date, reason, authority, old and new value."""
    document = read(Edition("2022-vi-du", made).draft / "prov.json")

    assert document["activity"]["correction:vi-du/C1"] == {
        "dct:date": {"$": "2022-11-20", "type": "xsd:date"},
        "term:authority": "Biên bản 1",
        "term:expected": "41",
        "term:reason": "Kiểm kê",
    }
    people = {link["prov:activity"]: link["prov:agent"] for link in document["wasAssociatedWith"].values()}
    assert document["agent"][people["correction:vi-du/C1"]]["schema:name"] == "Nguyễn Văn B"
    made_by = sources(document, "wasGeneratedBy")
    (changed,) = [each for each in made_by if made_by[each] == {"correction:vi-du/C1"}]
    assert document["entity"][changed] == {"prov:value": "40", "term:answer": "X1/may"}
    assert changed in sources(document, "hadMember")["rows:vi-du/observations/X1"]


def test_answers_in_free_text_are_not_in_the_lineage(made: Path) -> None:
    """No answer in free text stands in either file: what may be published of it is for the open data to say."""
    for name in ("prov.json", "ro-crate-metadata.json"):
        assert "Chị Lan" not in (Edition("2022-vi-du", made).draft / name).read_text(encoding="utf-8")


# ---- both ------------------------------------------------------------------------------------------------


def test_the_same_files_give_the_same_bytes(made: Path, tmp_path: Path) -> None:
    """A second run, in another folder, writes the same bytes, in which no folder of this computer stands."""
    shutil.copytree(made, tmp_path / "again")
    edition = Edition("2022-vi-du", tmp_path / "again")
    lineage.write(editions.load(edition), edition, "run", ("vi",))

    for name in ("prov.json", "ro-crate-metadata.json"):
        content = (edition.draft / name).read_bytes()
        assert content == (Edition("2022-vi-du", made).draft / name).read_bytes()
        assert b"\r" not in content
        assert str(made).encode() not in content


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30))
def test_an_identifier_gives_the_path_back(path: str) -> None:
    """A path can be read back from its identifier, in which only letters, figures, `/-_.~` and %XX stand."""
    found = lineage_files.identifier(path)

    assert unquote(found) == path
    assert all(each.isalnum() or each in "/-_.~%" for each in found)


def test_vietnamese_letters_stay_readable() -> None:
    """Letters with marks stay as they are; a space, a bracket and a percent sign do not."""
    assert lineage_files.identifier("Xã Ân (bản 1) 50%.csv") == "Xã%20Ân%20%28bản%201%29%2050%25.csv"
