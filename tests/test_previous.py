"""The edition before: found, compared where it means the same, and said in the report; changes are worked by hand."""

import csv
import json
import re
import shutil
from pathlib import Path

import pandas as pd
import projects
import pytest
from projects import Project, Ran

from minhbach import editions, framework_hash, previous, previous_units
from minhbach.errors import FileError
from minhbach.paths import Edition
from minhbach.units import Unit

FRAMEWORK = """
id: nho
revision: 1
title: {vi: Bộ nhỏ, en: Small}
source: {document: 1/QĐ, date: 2021-01-02, issuer: Bộ A}
unit_kind: xa
basis: sample
fields:
  may: {label: Số máy, type: number, required: true, min: 0, max: 100}
  co: {label: Có cổng, type: yes_no}
nodes:
  total: {label: {vi: Tổng điểm, en: Total}, max_points: 100, children: [a, b]}
  a: {label: Máy, max_points: 60, formula: max_points * may / 100}
  b: {label: Cổng, max_points: 40, formula: max_points * co}
  c: {label: Thông tin, information: true, max_points: 10, formula: may / 10}
  d: {label: Trên thông tin, information: true, max_points: 10, formula: c}
levels:
  - id: muc
    label: {vi: Mức, en: Level}
    order: [I, II]
    labels: {I: {vi: Mức I, en: Level I}, II: {vi: Mức II, en: Level II}}
    otherwise: {vi: Không xếp mức, en: No level}
    conditions: {I: {total: 80}, II: {total: 50}}
rankings:
  - {id: hang, by: total, decimals: 2, label: {vi: Xếp hạng, en: Ranking}}
"""
SETTINGS = """
title: {{vi: Kỳ nhỏ năm {year}, en: Small edition of {year}}}
year: {year}
{more}
frameworks:
  - framework: nho
    table: {{file: so-lieu.csv, unit_column: ten, columns: {{may: may, co: co}}, decimal: "."}}
document: {{issuer: A, place: B, date: {year}-12-31, type: BÁO CÁO, abstract: C}}
"""
# 60 % of `may`, and 40 with a portal: 70.00, 48.00, 52.00 and 20.004 points, and a year later 88, 46, 20.0055, 100.
DATA = {
    2021: {"u1": ("50", "có"), "u2": ("80", "không"), "u3": ("20", "có"), "u4": ("33.34", "không")},
    2022: {"u2": ("80", "có"), "u3": ("10", "có"), "u4": ("33.3425", "không"), "u5": ("100", "có")},
}


def edition(made: Project, year: int, more: str = "") -> Edition:
    """Writes a small edition into a project."""
    known = made.edition(f"{year}-nho")
    known.raw.mkdir(parents=True)
    settings = SETTINGS.format(year=year, more=more)
    known.assessment_file.write_text(settings, encoding="utf-8")
    names = "".join(f"{unit},Xã {unit.upper()},xa\n" for unit in DATA[year])
    known.units_file.write_text(f"unit_id,name,unit_kind\n{names}", encoding="utf-8")
    rows = "".join(f"Xã {unit.upper()},{may},{co}\n" for unit, (may, co) in DATA[year].items())
    (known.raw / "so-lieu.csv").write_text(f"ten,may,co\n{rows}", encoding="utf-8")
    return known


def framework(made: Project) -> Path:
    """The framework's file in a project."""
    return made.folder / "frameworks" / "nho.yaml"


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[Ran, Ran]:
    """Two editions run one after the other; between them an information node gets another formula."""
    made = projects.project(tmp_path_factory.mktemp("previous"))
    framework(made).write_text(FRAMEWORK, encoding="utf-8")
    first = Ran(made, edition(made, 2021), made.command("run", "2021-nho"))
    projects.change(framework(made), "formula: may / 10", "formula: max_points * may / 100")
    second = edition(made, 2022, "previous: 2021-nho")
    return first, Ran(made, second, made.command("run", "2022-nho"))


@pytest.fixture
def found(both: tuple[Ran, Ran], monkeypatch: pytest.MonkeyPatch) -> Ran:
    """The later edition after its run."""
    assert both[1].outcome.returncode == 0, both[1].outcome.stderr
    monkeypatch.chdir(both[1].project.folder)
    return both[1]


def changes(ran: Ran) -> dict[tuple[str, str], tuple[str, str, str]]:
    """changes.csv: before, now and change by unit and what."""
    with (ran.draft / "nho" / "changes.csv").open(encoding="utf-8", newline="") as stream:
        return {
            (row["unit_id"], row["what"]): (row["before"], row["now"], row["change"]) for row in csv.DictReader(stream)
        }


def facts(ran: Ran) -> dict[str, str]:
    """What every fact of the report shows."""
    with (ran.draft / "facts.csv").open(encoding="utf-8", newline="") as stream:
        return {row["fact_id"]: row["shown"] for row in csv.DictReader(stream)}


def test_changes_are_those_worked_by_hand(found: Ran) -> None:
    """Points change by the difference of the printed numbers; ranks and levels by places and levels gained."""
    known = changes(found)

    assert known["u2", "total"] == ("48", "88", "40")
    assert known["u3", "total"] == ("52", "46", "-6")
    assert known["u4", "total"] == ("20.004", "20.0055", "0.01")  # 20.00 and 20.01 are what is printed
    assert known["u1", "total"] == ("70", "", "")
    assert known["u5", "total"] == ("", "100", "")
    assert known["u2", "total.share"] == ("0.48", "0.88", "0.4")
    assert [known[unit, "hang"] for unit in ("u2", "u3", "u4")] == [("3", "2", "1"), ("2", "3", "-1"), ("4", "4", "0")]
    assert known["u2", "muc"] == ("none", "I", "2")
    assert known["u3", "muc"] == ("II", "none", "-1")


def test_the_report_says_what_changed(found: Ran) -> None:
    """The section has counts, mean, a table and a chart, each number a fact with the changes of changes.csv."""
    text, shown = found.text("report.md"), facts(found)

    section = text[text.index("Kỳ nhỏ năm 2021") :]

    assert shown["all/total.change.both.count"] == "3"
    assert shown["all/total.change.up.count"] == "2"
    assert shown["all/total.change.down.count"] == "1"
    assert shown["all/total.change.same.count"] == "0"
    assert shown["all/total.change.mean"] == "11,34"  # (40 − 6 + 0.01) / 3
    assert (shown["all/muc.change.up.count"], shown["all/muc.change.down.count"]) == ("1", "1")
    assert (shown["previous/u3/total"], shown["change/u3/total"]) == ("52,00", "-6,00")
    assert (shown["previous/u3/muc"], shown["change/u3/hang"]) == ("Mức II", "-1")
    assert '+[40,00]{fact="change/u2/total"}' in section
    assert "![" in section
    assert "Chỉ có ở kỳ này: [Xã U5]{.declared}." in section
    assert "Chỉ có ở kỳ trước: [Xã U1]{.declared}." in section


def test_the_chart_has_the_changes_of_the_table(found: Ran) -> None:
    """The chart cites the facts of the table, so that both subtract the published numbers and show the same change."""
    with (found.draft / "figures" / "nho-hang-change.csv").open(encoding="utf-8", newline="") as stream:
        rows = [(row["kind"], row["fact_id"], row["shown"]) for row in csv.DictReader(stream)]

    assert {row for row in rows if row[0] == "change"} == {
        ("change", "change/u2/total", "40,00"),
        ("change", "change/u3/total", "-6,00"),
        ("change", "change/u4/total", "0,01"),
    }
    assert ("before", "previous/u3/total", "52,00") in rows


def test_what_is_not_the_same_is_said(found: Ran) -> None:
    """A node with another formula, and one computed from it, are not compared, and the report names both."""
    with (found.draft / "nho" / "comparable.csv").open(encoding="utf-8", newline="") as stream:
        why = {(row["kind"], row["id"]): row["why"] for row in csv.DictReader(stream)}

    assert why == {
        ("node", "a"): "same",
        ("node", "b"): "same",
        ("node", "c"): "changed",
        ("node", "d"): "below",
        ("node", "total"): "same",
        ("levels", "muc"): "same",
        ("ranking", "hang"): "same",
    }
    assert not [key for key in changes(found) if key[1] in ("c", "d", "c.share")]
    text = found.text("report.md")
    assert "hoặc chỉ tiêu khảo sát khác nhau: [Thông tin]{.declared}." in text
    assert "có tiêu chí thành phần khác nhau: [Trên thông tin]{.declared}." in text


def test_the_manifest_has_the_files_of_the_edition_before(found: Ran) -> None:
    """The tables of the edition before that were read are inputs, each with its hash."""
    inputs = json.loads(found.text("manifest.json"))["inputs"]

    before = {name for name in inputs if "2021-nho" in name}

    assert before == {
        "data/raw/2021-nho/assessment.yaml",
        "data/raw/2021-nho/units.csv",
        *(f"data/validated/2021-nho/nho/{name}.csv" for name in ("corrections", "observations")),
        "reports/2021-nho/draft/manifest.json",
        *(f"reports/2021-nho/draft/nho/{name}.csv" for name in ("levels", "ranks", "scores")),
    }


def test_an_edition_without_one_before_says_nothing(both: tuple[Ran, Ran]) -> None:
    """The first edition has no section about changes, and no table of them."""
    assert both[0].outcome.returncode == 0, both[0].outcome.stderr
    assert not (both[0].draft / "nho" / "changes.csv").exists()
    assert "change/" not in both[0].text("facts.csv")


# ---- which edition, which folder -------------------------------------------------------------------------


@pytest.fixture
def small(tmp_path: Path, both: tuple[Ran, Ran], monkeypatch: pytest.MonkeyPatch) -> Project:
    """A copy of that project that a test may change."""
    shutil.copytree(both[0].project.folder, tmp_path / "project")
    monkeypatch.chdir(tmp_path / "project")
    return Project(tmp_path / "project")


def test_the_latest_version_counts(small: Project) -> None:
    """The highest version is compared with, by its number; only without any does the draft count."""
    reports = small.edition("2021-nho").reports
    for name in ("v2", "v10", "v9-x"):
        shutil.copytree(reports / "draft", reports / name)

    known = previous.find(editions.load(Edition("2022-nho")))

    assert known is not None
    assert known.folder.as_posix() == "reports/2021-nho/v10"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("previous: 2021-nho", "previous: 2021-nhỏ", "must match"),
        (
            "previous: 2021-nho",
            "previous: 2021-no",
            "there is no edition '2021-no' before this one; did you mean '2021-nho'",
        ),
        ("previous: 2021-nho", "previous: 2022-nho", "there is no edition '2022-nho' before this one"),
    ],
)
def test_a_wrong_name_is_said(old: str, new: str, words: str, small: Project) -> None:
    """An edition before that does not exist, or is the edition itself, is a mistake with its line."""
    projects.change(small.edition("2022-nho").assessment_file, old, new)

    with pytest.raises(FileError, match=r"assessment\.yaml, line 4: previous: ") as caught:
        previous.find(editions.load(Edition("2022-nho")))

    assert words in str(caught.value)


@pytest.mark.parametrize("lost", ["manifest.json", "nho/scores.csv", "."])
def test_an_edition_that_was_not_run_is_said(lost: str, small: Project) -> None:
    """Without results of the edition before the run stops with 1 before it begins, and says what to run first."""
    draft = small.edition("2021-nho").draft
    target = draft / lost
    shutil.rmtree(target) if target.is_dir() else target.unlink()

    outcome = small.command("run", "2022-nho")

    assert outcome.returncode == 1
    assert "Traceback" not in outcome.stderr
    assert re.search(r"line 4: previous: 2021-nho has no results .*: python pipeline\.py run 2021-nho", outcome.stderr)


def test_no_framework_in_common_is_said(small: Project) -> None:
    """An edition before with other frameworks only cannot be compared with, and those it has are named."""
    manifest = small.edition("2021-nho").draft / "manifest.json"
    manifest.write_text(manifest.read_text(encoding="utf-8").replace('"nho"', '"khac"'), encoding="utf-8")
    shutil.copytree(manifest.parent / "nho", manifest.parent / "khac")

    with pytest.raises(FileError, match="2021-nho has no framework in common; it has khac"):
        previous.find(editions.load(Edition("2022-nho")))


# ---- the same or not -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "changed"),
    [
        ("label: Máy", "label: Máy tính", set()),
        ("max: 100}", "max: 200}", set()),
        (
            "information: true, max_points: 10, formula: may",
            "information: true, max_points: 20, formula: may",
            {"c", "d"},
        ),
        ("max_points * may / 100", "max_points * may / 90", {"a", "total"}),
        ("  b: {label: Cổng, ", "  b: {label: Cổng, missing: zero, ", {"b", "total"}),
        ("type: number, required", "type: count, required", {"a", "total", "c", "d"}),
        ("formula: c}", "formula: c + 0}", {"d"}),
        ("formula: may / 10}", "formula: may / 5}", {"c", "d"}),
    ],
)
def test_only_what_changes_results_counts(old: str, new: str, changed: set[str], tmp_path: Path) -> None:
    """Another maximum, formula or kind of question changes a node and all above it; words and ranges do not."""
    hashes = []
    for text in (FRAMEWORK, FRAMEWORK.replace(old, new)):
        file = tmp_path / "nho.yaml"
        file.write_text(text, encoding="utf-8")
        hashes.append(framework_hash.hashes(editions.framework.load(file)))

    before, after = hashes

    assert old in FRAMEWORK
    assert {node for node in before["wholes"] if before["wholes"][node] != after["wholes"][node]} == changed
    assert (before["rankings"] == after["rankings"]) == ("total" not in changed)
    assert (before["levels"] == after["levels"]) == ("total" not in changed)


@pytest.mark.parametrize(
    ("old", "new"),
    [("I: {total: 80}", "I: {total: 81}"), ("order: [I, II]", "order: [II, I]")],
)
def test_other_thresholds_are_other_levels(old: str, new: str, tmp_path: Path) -> None:
    """A moved threshold or another order of levels is another scheme, though its nodes are the same."""
    hashes = []
    for text in (FRAMEWORK, FRAMEWORK.replace(old, new)):
        (tmp_path / "nho.yaml").write_text(text, encoding="utf-8")
        hashes.append(framework_hash.hashes(editions.framework.load(tmp_path / "nho.yaml")))

    assert hashes[0]["wholes"] == hashes[1]["wholes"]
    assert hashes[0]["levels"] != hashes[1]["levels"]


# ---- units formed since, and changes by cause -------------------------------------------------------------


def scores(**totals: str) -> dict[str, pd.DataFrame]:
    """Tables of an edition in which each unit has these points of 10, its own rank and level."""
    ids = list(totals)
    table = {"unit_id": ids, "node_id": "total", "points": list(totals.values()), "max_points": "10"}
    return {
        "scores": pd.DataFrame({**table, "share": "", "exact": list(totals.values())}, dtype="str"),
        "levels": pd.DataFrame({"unit_id": ids, "scheme": "muc", "level": ids}, dtype="str"),
        "ranks": pd.DataFrame({"unit_id": ids, "ranking": "hang", "rank": ids}, dtype="str"),
    }


def unit(unit_id: str, before: str = "") -> Unit:
    """A unit that was formed from others."""
    return Unit(unit_id, unit_id, "", "xa", groups={"previous": before})


def test_units_formed_since_have_the_results_of_those_they_come_from() -> None:
    """A renamed unit keeps value, rank and level; a merged one has the unweighted mean, exactly, and no rank."""
    members = [unit("moi", "u1"), unit("gop", "u2;u3;u4"), unit("t1", "u5"), unit("t2", "u5"), unit("u6")]
    earlier = scores(u1="1", u2="2", u3="3", u4="5", u5="7", u6="6")

    known = previous_units.formed(members, earlier["scores"]["unit_id"])
    after = previous_units.carried(earlier, known)

    assert [(each.unit.unit_id, each.kind) for each in known] == [
        ("moi", "renamed"),
        ("gop", "merged"),
        ("t1", "split"),
        ("t2", "split"),
    ]
    points = dict(zip(after["scores"]["unit_id"], after["scores"]["exact"], strict=True))
    assert points == {"gop": "10/3", "moi": "1", "t1": "7", "t2": "7", "u6": "6"}
    ranks = dict(zip(after["ranks"]["unit_id"], after["ranks"]["rank"], strict=True))
    assert ranks == {"moi": "u1", "t1": "u5", "t2": "u5", "u6": "u6"}


def test_a_merged_unit_needs_all_its_parts() -> None:
    """Where one predecessor has no value the mean has none."""
    after = previous_units.carried(scores(u1="1", u2=""), previous_units.formed([unit("gop", "u1;u2")], ["u1", "u2"]))

    assert after["scores"]["exact"].tolist() == [""]


def test_changes_are_split_by_cause(found: Ran) -> None:
    """causes.csv adds up, and the annex prints it: all of the change of u2 (48 to 88) is new data."""
    with (found.draft / "nho" / "causes.csv").open(encoding="utf-8", newline="") as stream:
        rows = {(row["unit_id"], row["part"]): row for row in csv.DictReader(stream)}

    assert {unit_id for unit_id, _ in rows} == {"u2", "u3", "u4"}
    assert (rows["u2", "exact"]["change"], rows["u2", "exact"]["by_new_data"]) == ("40", "40")
    assert (rows["u4", "exact"]["change"], rows["u4", "shown"]["change"]) == ("0.0015", "0.01")
    assert [rows["u3", "shown"][f"by_{name}"] for name in ("corrected", "framework", "settings")] == ["0", "0", "0"]
    assert facts(found)["u3/hang.cause.new_data"] == "-6,00"
    assert "{#tbl-nho-hang-causes}" in found.text("report.md")


def test_a_bridge_leads_to_a_framework_with_other_names(small: Project) -> None:
    """Without a bridge another framework has nothing in common; with one its criteria are compared as declared."""
    text = framework(small).read_text(encoding="utf-8").replace("id: nho\n", "id: moi\n").replace("total", "tong")
    (small.folder / "frameworks" / "moi.yaml").write_text(text, encoding="utf-8")
    projects.change(small.edition("2022-nho").assessment_file, "framework: nho", "framework: moi")
    setup = editions.load(Edition("2022-nho"))
    with pytest.raises(FileError, match="no framework in common"):
        previous.find(setup)

    file = small.folder / "bridges" / "nho--moi.yaml"
    file.parent.mkdir()
    file.write_text("nodes: {total: tong}\nbasis: inferred\n", encoding="utf-8")
    known = previous.find(setup)

    assert known is not None
    table = known.comparable(setup.frameworks[0])
    why = dict(zip(zip(table["kind"], table["id"], strict=True), table["why"], strict=True))
    assert (why["node", "tong"], why["node", "a"], why["node", "b"]) == ("declared", "same", "same")
    scores_ = known.frames(setup.frameworks[0])["scores"]
    assert set(scores_["node_id"]) == {"tong", "a", "b", "c", "d"}
    assert "bridges/nho--moi.yaml" in {each.as_posix() for each in known.files}
