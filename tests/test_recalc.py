"""The recalculation workbook: LibreOffice computes every node, level and rank again and gives the same."""

import os
import re
import shutil
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import openpyxl
import projects
import pytest
import recalculated
from recalculated import Computed

from minhbach import editions, framework, recalc, recalc_office, tables
from minhbach.errors import MinhbachError, UsageError
from minhbach.parts import freeze
from minhbach.paths import Edition
from minhbach.units import Unit

FRAMEWORKS = sorted((Path(__file__).parent.parent / "frameworks").glob("*.yaml"))

TREE = """\
id: tree
revision: 1
title: Conditions, blanks and rescaling
source: {document: D}
unit_kind: k
fields:
  a: {label: A, type: number}
  b: {label: B, type: number}
  has: {label: Has it, type: yes_no}
nodes:
  total:    {label: Total, max_points: 100, children: [part, scaled, lost]}
  part:     {label: Part, max_points: 40, children: [p1, p2]}
  p1:       {label: P1, max_points: 30, formula: a}
  p2:       {label: P2, max_points: 10, formula: b, applies: yes(has)}
  scaled:   {label: Scaled, max_points: 50, children: [s1, s2], rescale: true}
  s1:       {label: S1, max_points: 20, formula: a / 2}
  s2:       {label: S2, max_points: 30, formula: b * 3, missing: leave_out}
  lost:     {label: Lost, max_points: 10, children: [l1], missing: zero}
  l1:       {label: L1, max_points: 10, formula: a / b}
levels:
  - {id: band, of: [total, part], on: share, bands: {Good: 0.5, Fair: 0.2}, otherwise: None of them}
  - id: rule
    order: [I, II]
    conditions:
      I:  {total: 50%, p1: 20}
      II: {total: 25%, p1: 10}
rankings:
  - {id: place, by: total, on: share, decimals: 2, ties: min}
rounding: {shown: 2, share: 4, mode: half_up, level_on: rounded, rank_on: rounded}
"""
# total: p1 + p2, 50 × (s1 + s2) / what counts of 20 + 30, and a / b or zero
TREE_UNITS: Mapping[str, Mapping[str, str]] = {
    "full": {"a": "20", "b": "10", "has": "yes"},  # 30 + (10 + 30) + 2 = 72 of 100
    "without": {"a": "20", "b": "10", "has": "no"},  # 20 + 40 + 2 = 62 of 90
    "nob": {"a": "20", "b": "", "has": "no"},  # 20 + 50 × 10 / 20 + 0 = 45 of 90
    "blankpart": {"a": "20", "b": "", "has": "yes"},  # p2 applies and is blank: part and total are blank
    "unknown": {"a": "20", "b": "0", "has": ""},  # a blank condition excludes nobody: 20 + 0, 10, and 20 / 0 is zero
    "empty": {},
}
TREE_CELLS: list[tuple[str, str, object]] = [
    ("full", "total", 72.0),
    ("without", "p2", ""),
    ("without", "part", 20.0),
    ("without", "part.max", 30.0),
    ("without", "total", 62.0),
    ("without", "total.max", 90.0),
    ("nob", "s2.counts", 0.0),
    ("nob", "scaled", 25.0),
    ("nob", "lost", 0.0),
    ("nob", "total", 45.0),
    ("blankpart", "total", ""),
    ("unknown", "part", 20.0),
    ("unknown", "l1", ""),
    ("unknown", "total", 30.0),
    ("empty", "lost", 0.0),
    ("empty", "total", ""),
    ("full", "band.total", "Good"),
    ("nob", "band.total", "Good"),  # 45 of 90 is exactly 0.5
    ("unknown", "band.total", "Fair"),
    ("blankpart", "band.total", ""),
    ("without", "rule", "I"),
    ("nob", "rule", "I"),
    ("unknown", "rule", "II"),
    ("full", "place", 1.0),
    ("without", "place", 2.0),
    ("nob", "place", 3.0),
    ("unknown", "place", 4.0),
    ("empty", "place", ""),
]

ROUNDS = """\
id: {id}
revision: 1
title: Rounding and ties
source: {{document: D}}
unit_kind: k
fields:
  x: {{label: X, type: number}}
  y: {{label: Y, type: number}}
nodes:
  total: {{label: Total, max_points: 10, formula: x + y}}
  tie:   {{label: Tie, max_points: 10, formula: y, information: true}}
levels:
  - {{id: band, of: [total], on: points, bands: {{High: 2.68, Low: 1}}}}
rankings:
  - {{id: place, by: total, ties: {ties}, within: area}}
rounding: {{shown: 2, share: 4, mode: {mode}, level_on: {on}, rank_on: {on}}}
"""
ROUND_UNITS: Mapping[str, tuple[str, str, str, bool]] = {
    "a": ("2.575", "0.1", "N", True),  # 2.675
    "b": ("2.58", "0.1", "N", True),  # 2.68
    "c": ("2.565", "0.1", "N", True),  # 2.665
    "d": ("1", "0", "N", True),
    "e": ("9", "0", "N", False),
    "f": ("", "0", "N", True),
    "g": ("2.1", "0.58", "n", True),  # another group, although its name differs in capitals only
    "h": ("2.48", "0.2", "N", True),  # 2.68
}
# level and rank by unit, worked out from the sums beside the units
ROUND_CELLS: dict[tuple[str, str, str], dict[str, tuple[object, object]]] = {
    ("half_up", "rounded", "min"): {
        "a": ("High", 1.0), "b": ("High", 1.0), "c": ("Low", 4.0), "d": ("Low", 5.0), "e": ("High", ""),
        "f": ("", ""), "g": ("High", 1.0), "h": ("High", 1.0),
    },
    ("half_up", "rounded", "dense"): {"a": ("High", 1.0), "c": ("Low", 2.0), "d": ("Low", 3.0), "g": ("High", 1.0)},
    ("half_up", "rounded", "first by tie"): {"h": ("High", 1.0), "a": ("High", 2.0), "b": ("High", 2.0)},
    ("half_even", "rounded", "min"): {"a": ("High", 1.0), "b": ("High", 1.0), "c": ("Low", 4.0)},
    ("down", "rounded", "min"): {"a": ("Low", 3.0), "b": ("High", 1.0), "h": ("High", 1.0), "c": ("Low", 4.0)},
    ("half_up", "exact", "min"): {"a": ("Low", 3.0), "b": ("High", 1.0), "h": ("High", 1.0), "c": ("Low", 4.0)},
    ("half_up", "exact", "first by tie"): {"h": ("High", 1.0), "b": ("High", 2.0), "a": ("Low", 3.0)},
    ("half_up", "exact", "dense"): {"h": ("High", 1.0), "b": ("High", 1.0), "a": ("Low", 2.0), "d": ("Low", 4.0)},
}  # fmt: skip


def round_id(mode: str, on: str, ties: str) -> str:
    """The id of the framework with these settings."""
    return "-".join((mode, on, ties)).replace("_", "-").replace(" ", "-")


@pytest.fixture(scope="module")
def found(program: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Computed:
    """All frameworks of this module and all shipped ones with random answers, computed once by LibreOffice."""
    folder = tmp_path_factory.mktemp("recalc")
    every = [recalculated.given(recalculated.load(folder, TREE), TREE_UNITS)]
    units = {
        name: Unit(name, f"=1+{name}", "", "k", ranked=ranked, groups=freeze({"area": area}))
        for name, (_, _, area, ranked) in ROUND_UNITS.items()
    }
    answers = {name: {"x": x, "y": y} for name, (x, y, _, _) in ROUND_UNITS.items()}
    for mode, on, ties in ROUND_CELLS:
        text = ROUNDS.format(id=round_id(mode, on, ties), mode=mode, on=on, ties=ties)
        every.append(recalculated.given(recalculated.load(folder, text), answers, units))
    every += [recalculated.random_answers(framework.load(path), 30, seed=11) for path in FRAMEWORKS]
    return recalculated.computed(program("libreoffice"), every, folder)


@pytest.mark.parametrize(("unit", "code", "wanted"), TREE_CELLS)
def test_conditions_blanks_and_rescaling_are_live_formulas(
    found: Computed, unit: str, code: str, wanted: object
) -> None:
    """What does not apply leaves the maximum, blanks stay blank, leave out or count zero, and parts are rescaled."""
    assert found.cells["tree", unit, code] == wanted


@pytest.mark.parametrize(("mode", "on", "ties"), ROUND_CELLS)
def test_every_way_of_rounding_and_of_breaking_ties_is_a_live_formula(
    found: Computed, mode: str, on: str, ties: str
) -> None:
    """Sums such as 2.575 + 0.1, which floats miss, round, reach thresholds and tie exactly as rationals do."""
    key = round_id(mode, on, ties)

    computed = {unit: (found.cells[key, unit, "band"], found.cells[key, unit, "place"]) for unit in ROUND_UNITS}

    wanted = ROUND_CELLS[mode, on, ties]
    assert {unit: computed[unit] for unit in wanted} == wanted


def test_libreoffice_agrees_on_every_node_level_and_rank_of_every_framework(found: Computed) -> None:
    """Random answers with blanks to all shipped frameworks give nothing that LibreOffice computes differently."""
    assert found.compared > 30 * 8 * 20
    assert list(found.differences) == []


def test_a_unit_that_is_named_like_a_formula_stays_text(found: Computed) -> None:
    """The name `=1+a` is shown as it is and never computed."""
    assert found.cells[round_id("half_up", "rounded", "min"), "a", "unit.name"] == "=1+a"


# ---- a draft ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def drafts(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Edition]:
    """A copy of a shipped edition's run with its workbook, for tests that may change it."""

    def draft(name: str) -> Edition:
        ran = projects.shipped(tmp_path_factory, name)
        assert ran.outcome.returncode == 0, ran.outcome.stderr
        folder = tmp_path_factory.mktemp(f"recalc-{name}") / "project"
        shutil.copytree(ran.project.folder, folder)
        edition = Edition(name, folder)
        recalc.workbook(editions.load(edition), edition, "vi")
        return edition

    return draft


@pytest.mark.parametrize("name", ["2017-tinh", "2019-bo", "2022-dti", "2022-gia-lai"])
def test_libreoffice_agrees_with_the_draft_of_every_shipped_edition(
    program: Callable[[str], str], drafts: Callable[[str], Edition], name: str
) -> None:
    """All rows of scores.csv, levels.csv and ranks.csv are confirmed, and the manifest says so."""
    program("libreoffice")
    edition = drafts(name)

    outcome = recalc.recalculate(edition, "")
    recalc.note(edition, outcome)

    names = ("scores.csv", "levels.csv", "ranks.csv")
    folders = [edition.draft / each.id for each in editions.load(edition).frameworks]
    counts = [sum(len(tables.read(folder / table)) for folder in folders) for table in names]
    assert [outcome.nodes, outcome.levels, outcome.ranks] == counts
    manifest = (edition.draft / "manifest.json").read_text(encoding="utf-8")
    assert re.search(r'"recalculation": \{\s*"cells": \d+,\s*"done": true,\s*"program": "LibreOffice [\d.]+"', manifest)


def rewritten(workbook: Path, changes: Mapping[str, Callable[[str], str]]) -> None:
    """Changes files inside a workbook."""
    with zipfile.ZipFile(workbook) as source:
        content = {name: source.read(name) for name in source.namelist()}
    with zipfile.ZipFile(workbook, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in content.items():
            changed = changes.get(name)
            target.writestr(name, changed(data.decode()).encode() if changed else data)


def test_whatever_was_changed_is_found_and_named_by_its_cell(
    program: Callable[[str], str], drafts: Callable[[str], Edition]
) -> None:
    """A changed formula, a changed stored value, a formula replaced by its value: each is named, all at once."""
    program("libreoffice")
    edition = drafts("2019-bo")

    def change(sheet: str) -> str:
        sheet, formula = re.subn(r'(<c r="C7"[^>]*><f>)[^<]*(</f>)', r"\g<1>0.5\2", sheet)
        sheet, stored = re.subn(r'(<c r="C8"[^>]*><f>[^<]*</f><v>)[^<]*(</v>)', r"\g<1>0.125\2", sheet)
        sheet, constant = re.subn(r'(<c r="C9"[^>]*>)<f>[^<]*</f>(<v>[^<]*</v>)', r"\1\2", sheet)
        assert (formula, stored, constant) == (1, 1, 1)
        return sheet

    rewritten(edition.draft / "scores.xlsx", {"xl/worksheets/sheet3.xml": change})

    with pytest.raises(MinhbachError) as caught:
        recalc.recalculate(edition, "en")

    lines = str(caught.value).splitlines()
    assert caught.value.exit_code == 1
    assert any(
        "1 Điểm!C7 (" in line and "LibreOffice computes 0.5, the result in scores.csv is" in line for line in lines
    )
    assert any("1 Điểm!C8 (" in line and "stored in the file is 0.125" in line for line in lines)
    assert any("1 Điểm!C9 (" in line and "is no formula" in line for line in lines)
    assert not any("1 Điểm!C10 (" in line for line in lines)


def test_units_columns_and_sheets_that_are_missing_are_named(
    program: Callable[[str], str], drafts: Callable[[str], Edition]
) -> None:
    """A workbook of other units, nodes or frameworks than the draft's is not taken for the draft's."""
    program("libreoffice")
    edition = drafts("2019-bo")
    scores = edition.draft / "ict-index-2019-bo" / "scores.csv"
    with scores.open("a", encoding="utf-8", newline="\n") as file:
        file.write("new-unit,total,1,1,1,1/1\nbo-tai-chinh,new_node,1,1,1,1/1\n")
    rewritten(edition.draft / "scores.xlsx", {"xl/sharedStrings.xml": lambda text: text.replace("/outcomes/", "/x/")})

    with pytest.raises(MinhbachError) as caught:
        recalc.recalculate(edition, "en")

    assert "there is no row of unit new-unit" in str(caught.value)
    assert "there is no column new_node" in str(caught.value)
    assert "there is no sheet of ict-index-2019-bo (outcomes)" in str(caught.value)


def test_without_libreoffice_the_command_says_how_to_install_it(
    drafts: Callable[[str], Edition], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With nothing on the search path the error is a sentence with the package's name, exit code 2."""
    edition = drafts("2019-bo")
    monkeypatch.setenv("PATH", os.devnull)
    monkeypatch.setattr(recalc_office, "ELSEWHERE", ())

    with pytest.raises(UsageError, match="apt install libreoffice-calc") as caught:
        recalc.recalculate(edition, "en")

    assert caught.value.exit_code == 2


def test_without_a_workbook_or_with_a_damaged_one_the_command_says_what_to_run(
    program: Callable[[str], str], drafts: Callable[[str], Edition]
) -> None:
    """A missing or damaged scores.xlsx is a sentence that names the file and the command that makes it again."""
    program("libreoffice")
    edition = drafts("2019-bo")
    workbook = edition.draft / "scores.xlsx"

    workbook.write_bytes(workbook.read_bytes()[:1000])
    with pytest.raises(MinhbachError, match=r"scores.xlsx: this workbook cannot be read .*pipeline.py run 2019-bo"):
        recalc.recalculate(edition, "en")
    workbook.unlink()
    with pytest.raises(UsageError, match=r"There is no .*scores.xlsx. First run: python pipeline.py run 2019-bo"):
        recalc.recalculate(edition, "en")
    workbook.touch()
    (edition.draft / "ict-index-2019-bo" / "ranks.csv").unlink()

    with pytest.raises(UsageError, match=r"There is no .*ranks.csv. First run: python pipeline.py run 2019-bo"):
        recalc.recalculate(edition, "en")


# ---- the file -----------------------------------------------------------------------------------------------


def test_the_same_inputs_give_the_same_bytes(tmp_path: Path) -> None:
    """Two workbooks of the same answers do not differ in a byte."""
    method = recalculated.load(tmp_path, TREE)
    answers = recalculated.given(method, TREE_UNITS)

    first = recalculated.write([answers], tmp_path / "1").read_bytes()
    second = recalculated.write([answers], tmp_path / "2").read_bytes()

    assert first == second


def test_no_stored_result_reaches_libreoffice(tmp_path: Path) -> None:
    """The copy that LibreOffice opens has formulas without values; written answers stay."""
    method = recalculated.load(tmp_path, TREE)
    source = recalculated.write([recalculated.given(method, TREE_UNITS)], tmp_path)

    formulas = recalc_office.bare(source, tmp_path / "bare.xlsx")

    shown = openpyxl.load_workbook(source, data_only=True)
    bare = openpyxl.load_workbook(tmp_path / "bare.xlsx", data_only=True)
    assert shown["1 Điểm"]["C7"].value is not None
    held = [bare["1 Điểm"][cell].value for cell in formulas["xl/worksheets/sheet3.xml"]]
    assert len(held) == 6 * (9 + 2 + 2 + 2)  # nodes, whether they count, maxima that vary, shares
    assert set(held) == {None}
    assert bare["1 Số liệu"]["G7"].value == shown["1 Số liệu"]["G7"].value


def test_a_note_names_source_raw_text_and_correction(tmp_path: Path) -> None:
    """Each answer's note has file, sheet and cell, the text as received, and what a correction made of it."""
    method = recalculated.load(tmp_path, TREE)
    answers = recalculated.given(method, {"u": {"a": "20", "b": "1"}})
    table = recalculated.observed(answers)
    table.loc[0, ["raw_text", "status", "correction_id"]] = ["=HYPERLINK(2)", "corrected", "c7"]
    scored = {method.id: recalc.Scored(table, recalc.score.score(answers))}

    recalc.recalc_sheets.write(tmp_path / "s.xlsx", recalculated.setup_of([method], tmp_path), "en", scored)

    sheet = openpyxl.load_workbook(tmp_path / "s.xlsx")["1 Answers"]
    notes = {cell.value: cell.comment.text for row in sheet.iter_rows() for cell in row if cell.comment}
    assert notes[20] == "t.csv#S!B2\nAs received: =HYPERLINK(2)\nCorrected to 20 (correction c7)"
    assert notes[1] == "t.csv#S!B2\nAs received: 1"


def test_maxima_and_thresholds_stand_in_named_cells(tmp_path: Path) -> None:
    """Every maximum and threshold has a name of its own, and formulas use the names."""
    method = recalculated.load(tmp_path, TREE)
    path = recalculated.write([recalculated.given(method, TREE_UNITS)], tmp_path, "en")

    book = openpyxl.load_workbook(path)

    named = {
        name: book["1 Parameters"][each.attr_text.split("!")[1]].value for name, each in book.defined_names.items()
    }
    assert named["k1_max_total"] == 100
    assert named["k1_min_rule_II_total"] == 0.25
    formulas = [cell.value for row in book["1 Levels and ranks"].iter_rows() for cell in row]
    assert any("k1_min_rule_II_total" in str(formula) for formula in formulas)


@pytest.mark.parametrize("part", ["1 Số liệu", "1 Điểm", "1 Mức độ và thứ hạng"])
def test_sheets_are_set_up_for_reading_and_printing(tmp_path: Path, part: str) -> None:
    """Headers and the unit's name stay in view, tabs are coloured, paper is A4 across."""
    method = recalculated.load(tmp_path, TREE)
    sheet = openpyxl.load_workbook(recalculated.write([recalculated.given(method, TREE_UNITS)], tmp_path))[part]

    assert sheet.freeze_panes == "C7"
    assert sheet.sheet_properties.tabColor is not None
    assert (sheet.page_setup.orientation, int(sheet.page_setup.paperSize)) == ("landscape", 9)
