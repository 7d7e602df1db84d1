"""trace on a small edition: every kind of step, every kind of damage, and both directions."""

import json
import re
import shutil
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import traced
from traced import ID, NAME

from minhbach import cli, tables, trace_back, trace_cells, trace_lists, trace_print, trace_words, yamlfile
from minhbach.errors import DataError, UsageError
from minhbach.paths import Edition
from minhbach.trace_chain import Chain
from minhbach.trace_evidence import Evidence
from minhbach.trace_graph import Step, differences, walk
from minhbach.trace_query import Queries

REPOSITORY = Path(__file__).resolve().parent.parent
KEYS = {"kind", "id", "text", "value", "check", "note", "children"}
Damage = Callable[[Edition], None]


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Edition:
    """The small edition with its draft; nothing changes it."""
    return traced.build(tmp_path_factory.mktemp("traced"))


@pytest.fixture(scope="module")
def chain(edition: Edition) -> Chain:
    """The chains of that draft, in English."""
    return Chain(Evidence(edition, language="en"))


@pytest.fixture
def copy(edition: Edition, tmp_path: Path) -> Edition:
    """A copy that a test may change."""
    return Edition(NAME, Path(shutil.copytree(edition.root, tmp_path / "copy")))


@pytest.fixture
def call(
    edition: Edition, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str, str]]:
    """Runs `trace` in the folder of the edition; gives the exit code and both outputs."""

    def called(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.chdir(edition.root)
        code = cli.main((), ["trace", NAME, *arguments])
        return code, *capsys.readouterr()

    return called


def one(step: Step, kind: str, at: str = "") -> Step:
    """The first step of a kind below a step, with this id."""
    return next(each for each in walk(step) if each.kind == kind and at in ("", each.id))


def path(step: Step, *kinds: str) -> list[str]:
    """The kinds from a step down to a leaf, each time by the first child of the next kind that is named."""
    for kind in kinds:
        step = next(child for child in step.children if child.kind == kind)
    return [step.kind, step.id, step.value]


# ---- down --------------------------------------------------------------------------------------------------


def test_a_total_goes_down_to_the_cell_and_its_file(edition: Edition, chain: Chain) -> None:
    """Printed, fact, total, group, criterion, answer, conversion, cell and file follow one another."""
    step = chain.printed("X1/total")

    whole = [each.kind for each in walk(step)]
    assert [step.kind, step.value, step.children[0].value] == ["printed", "33,05", "33.05"]
    below = one(step, "points", "X1/B2")
    assert path(below, "answer", "conversion", "cell") == ["cell", "bang.csv#F2", "54/60"]
    assert path(below, "answer", "conversion", "cell", "file")[2] == traced.sha256(edition.raw / "bang.csv")
    assert whole.index("printed") < whole.index("fact") < whole.index("points") < whole.index("formula")
    assert differences(step) == ()


@pytest.mark.parametrize(
    ("reference", "value", "line"),
    [
        ("X1/A1", "5.4", "6 × min(18 / 20, 1) = 5.4"),
        ("X2/A2", "2", "4 × (40 / 80) = 2"),
        ("X2/A3", "5.5", "→ 0] + [16: ≥ 1 → 1; ≥ 10 → 3; ≥ 20 → 5] = 5.5"),
        ("X3/B1", "1.25", "mean((blank), 5 / 4) = 1.25"),
        ("X3/A2", "0", "4 × ((blank) / 80) = 0"),
        ("X1/B3", "4", "4 × 1 = 4"),
        ("X1/P2", "15.65", "6.25 + 5.4 + 4 = 15.65"),
    ],
)
def test_worked_lines_are_computed_again(chain: Chain, reference: str, value: str, line: str) -> None:
    """Ratios, best values, choices, steps, means with blanks, zero for blank, yes and sums agree with the tables."""
    step = chain.unprinted(reference)

    assert step is not None
    assert (step.value, step.check) == (value, "agrees")
    assert one(step, "formula").text.endswith(line)


def test_a_formula_names_its_line(edition: Edition, chain: Chain) -> None:
    """The id of a worked line is the file of the framework and the line on which the node begins."""
    step = one(chain.printed("X1/A1"), "formula")

    file, line = step.id.rsplit(":", 1)
    text = (edition.root / file).read_text(encoding="utf-8").splitlines()
    assert text[int(line) - 1].strip().startswith("A1:")


def test_a_correction_says_who_when_why_old_and_new(chain: Chain) -> None:
    """A corrected answer shows the entry of the ledger with its line, and below it the cell as it was typed."""
    answer = one(chain.printed("X2/A1"), "answer", "X2/may")

    entry, cell = answer.children
    assert answer.value == "16"
    for said in ("C001", "Nguyễn Văn A", "20 October 2026", "Kiểm kê lại", "Biên bản 05", "“18” → “16”"):
        assert said in entry.text
    assert entry.children[0].id == f"data/raw/{NAME}/corrections.csv:2"
    assert (cell.id, cell.value, cell.check) == ("bang.csv#C3", "18", "agrees")


@pytest.mark.parametrize(
    ("reference", "text", "value"),
    [("X1/ho_so", "54/60", "0.9"), ("X1/diem", "7,5", "7.5"), ("X2/ho_so", "50%", "0.5"), ("X1/ke_hoach", "Có", "yes")],
)
def test_conversions_are_done_again(chain: Chain, reference: str, text: str, value: str) -> None:
    """What was typed and the value it became are both shown, and the cell is read again."""
    answer = chain.unprinted(reference)

    assert answer is not None
    conversion = answer.children[0]
    assert (conversion.kind, conversion.value, conversion.check) == ("conversion", value, "agrees")
    assert conversion.children[0].value == text


def test_a_best_value_rests_on_the_whole_group(chain: Chain) -> None:
    """The best of a group shows what every unit put in."""
    group = one(chain.printed("X2/A2"), "group")

    assert group.value == "80"
    rows = {row.id: row.value for row in group.children}
    assert rows == {"X1/bang": "80", "X2/bang": "40", "X3/bang": "", "X4/bang": "", "X5/bang": "40"}


def test_a_condition_says_why_a_criterion_is_left_out(chain: Chain) -> None:
    """A criterion that does not apply has its condition with the number put in, and counts in no maximum."""
    step = chain.printed("X3/P2")

    assert one(step, "condition").text == "Does not apply, because: 5 > 5"
    assert "2.75 of 16 points" in one(step, "points", "X3/P2").text


def test_a_merged_unit_rests_on_its_predecessors(chain: Chain) -> None:
    """A mean of predecessors is computed again from their answers, each with its own cell."""
    answer = chain.unprinted("X4/may")

    assert answer is not None
    assert (answer.value, answer.check) == ("14", "agrees")
    assert [child.id for child in answer.children] == ["X1/may", "X3/may"]


def test_a_level_shows_its_thresholds_and_those_of_the_next(chain: Chain) -> None:
    """The conditions of the level and of the next better one stand with value, threshold and what is missing."""
    level = one(chain.printed("X2/muc"), "level")

    assert (level.value, level.check) == ("II", "agrees")
    assert [child.text for child in level.children] == [
        "II: Total 22.30 ≥ 20, met",
        "II: Readiness 12.30 ≥ 10, met",
        "I: Total 22.30 < 30, not met, 7.70 missing",
        "I: Readiness 12.30 of 20 = 61.5 % < 80 %, not met, 3.70 missing",
    ]


@pytest.mark.parametrize(
    ("percent", "said"),
    [
        ("61.49", "12.30 of 20 = 61.5 % ≥ 61.49 %, met"),
        ("61.5", "12.30 of 20 = 61.5 % ≥ 61.5 %, met"),
        ("61.53", "12.30 of 20 = 61.5 % < 61.53 %, not met, 0.01 missing"),
        ("61.46", "12.30 of 20 = 61.5 % ≥ 61.46 %, met"),
    ],
)
def test_a_threshold_in_percent_meets_the_share_of_the_maximum(copy: Edition, percent: str, said: str) -> None:
    """A condition in percent says points, maximum and share, and its sign is true."""
    edit(f"frameworks/{ID}.yaml", "P1: 80%", f"P1: {percent}%")(copy)

    level = one(Chain(Evidence(copy, language="en")).printed("X2/muc"), "level")

    assert f"I: Readiness {said}" in [child.text for child in level.children]


def test_a_rounded_share_never_contradicts_its_threshold(copy: Edition) -> None:
    """What is so near its threshold that rounding would hide it is printed with more decimals."""
    edit(f"frameworks/{ID}.yaml", "P1: 80%", "P2: 78.27%")(copy)

    level = one(Chain(Evidence(copy, language="en")).printed("X1/muc"), "level")

    said = "I: Results 15.65 of 20 = 78.25 % < 78.27 %, not met, 0.004 missing"
    assert said in [child.text for child in level.children]


def test_a_level_by_bands_is_decided_again(chain: Chain) -> None:
    """A band on a share shows the share and the threshold."""
    level = one(chain.printed("X1/loai_p.P2"), "level")

    assert (level.value, level.check) == ("Tốt", "agrees")
    assert level.children[0].text == "Tốt: Results 0.7825 ≥ 0.75, met"


def test_a_level_that_cannot_be_told_names_what_is_blank(chain: Chain) -> None:
    """Below a level without a value stand the nodes without a value, down to the blank cells."""
    level = one(chain.printed("X4/muc"), "level")

    assert level.value == ""
    assert [child.id for child in level.children] == ["X4/total", "X4/P1"]


def test_tied_units_share_a_rank(chain: Chain) -> None:
    """Two units with equal points have rank 2, the next has 4, and the row of every ranked unit stands below."""
    ranks = {unit_id: one(chain.printed(f"{unit_id}/hang"), "rank") for unit_id in ("X1", "X2", "X3", "X5")}

    assert {unit_id: (rank.value, rank.check) for unit_id, rank in ranks.items()} == {
        "X1": ("1", "agrees"),
        "X2": ("2", "agrees"),
        "X3": ("4", "agrees"),
        "X5": ("2", "agrees"),
    }
    rows = [child.id for child in ranks["X3"].children if child.kind == "row"]
    assert rows == ["X1/total", "X2/total", "X5/total", "X3/total"]


def test_confirmations_say_what_was_signed(chain: Chain) -> None:
    """A signature that fits, one that became void, and one that is missing are told apart."""
    texts = {unit_id: one(chain.printed(f"{unit_id}/total"), "confirmation").text for unit_id in ("X1", "X2", "X3")}

    assert texts["X1"] == "Round 1: signed by Chủ tịch on 1 November 2026"
    assert "void" in texts["X2"]
    assert texts["X3"] == "Round 1: not confirmed by the unit"


def test_a_query_shows_its_sql_and_rows(chain: Chain) -> None:
    """The query of a fact runs again, and each of its rows has a name that trace takes."""
    query = one(chain.printed("all/total.max"), "query")

    assert (query.value, query.check) == ("33.05", "agrees")
    assert "select max(points::decimal(38,12)) from scores" in query.text
    assert [row.id for row in query.children] == ["X1/total", "X2/total", "X3/total", "X5/total"]
    assert all(chain.unprinted(row.id) for row in query.children)


@pytest.mark.parametrize(
    ("fact_id", "place"),
    [
        ("method/muc.I.P1.least", "  - id: muc"),
        ("survey/return_days", "survey: {letter_date"),
    ],
)
def test_settings_end_at_a_line(edition: Edition, chain: Chain, fact_id: str, place: str) -> None:
    """A number of the framework or of the settings ends at the line of its file."""
    setting = one(chain.printed(fact_id), "setting")

    file, line = setting.id.rsplit(":", 1)
    assert (edition.root / file).read_text(encoding="utf-8").splitlines()[int(line) - 1].startswith(place)
    assert setting.children[0].kind == "file"


def test_every_fact_has_a_chain_that_agrees(edition: Edition, chain: Chain) -> None:
    """Each fact of the draft goes down without a difference."""
    facts = traced.facts(edition.draft)

    steps = {fact_id: chain.printed(fact_id) for fact_id in facts}

    assert len(steps) > 100
    assert {fact_id: differences(step) for fact_id, step in steps.items() if differences(step)} == {}


@pytest.fixture
def later(copy: Edition) -> Edition:
    """The edition with the numbers of an edition before it."""
    before = copy.root / "reports" / "2025-thu" / "draft" / ID / "scores.csv"
    before.parent.mkdir(parents=True)
    shutil.copy(copy.draft / ID / "scores.csv", before)
    traced.change(before, ("X1", "total"), "exact", "30/1")
    changes = "unit_id,what,kind,before,now,change\nX1,total,points,30/1,661/20,3.05\n"
    (copy.draft / ID / "changes.csv").write_text(changes, encoding="utf-8", newline="\n")
    facts = copy.draft / "facts.csv"
    rows = [
        'change/X1/total,3.05,"3,05",change,changes.csv: change,1,0,0,2,half_up,vi',
        'previous/X1/total,30,"30,00",previous,changes.csv: before,1,0,0,2,half_up,vi',
        "",
    ]
    facts.write_text(facts.read_text(encoding="utf-8") + "\n".join(rows), encoding="utf-8", newline="\n")
    manifest = copy.draft / "manifest.json"
    content = json.loads(manifest.read_text(encoding="utf-8"))
    content["inputs"][before.relative_to(copy.root).as_posix()] = traced.sha256(before)
    manifest.write_text(json.dumps(content), encoding="utf-8")
    return copy


def test_a_change_rests_on_both_editions(later: Edition) -> None:
    """A change shows the number of the edition before, with its table's hash, and this edition's number."""
    step = Chain(Evidence(later, language="en")).printed("change/X1/total")

    before, now = one(step, "source").children
    assert differences(step) == ()
    assert (before.value, before.children[0].id) == ("30/1", f"reports/2025-thu/draft/{ID}/scores.csv")
    assert (now.id, now.value) == ("X1/total", "33.05")


def test_a_changed_table_of_the_edition_before_is_named(later: Edition) -> None:
    """The number of the edition before is compared with its table, and the table with its hash."""
    table = later.root / "reports" / "2025-thu" / "draft" / ID / "scores.csv"
    traced.change(table, ("X1", "total"), "exact", "31/1")

    found = differences(Chain(Evidence(later, language="en")).printed("previous/X1/total"))

    assert {step.kind for step in found} == {"source", "file"}
    assert any("31/1" in step.note for step in found)


def test_a_number_before_the_corrections_is_scored_again(copy: Edition) -> None:
    """What would stand without the corrections is computed from the texts as received."""
    facts = copy.draft / "facts.csv"
    row = 'X2/total.received,22.9,"22,90",received,scored with the values as received,1,0,0,2,half_up,vi\n'
    facts.write_text(facts.read_text(encoding="utf-8") + row, encoding="utf-8", newline="\n")

    step = Chain(Evidence(copy, language="en")).printed("X2/total.received")

    assert differences(step) == ()
    assert [child.id for child in one(step, "source").children] == ["X2/may", "X2/total"]


# ---- damage ------------------------------------------------------------------------------------------------


def edit(name: str, old: str, new: str) -> Damage:
    """Replaces a text in a file of the project."""

    def damage(edition: Edition) -> None:
        file = edition.root / name
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new, 1), encoding="utf-8", newline="\n")

    return damage


def cell(table: str, key: tuple[str, ...], column: str, text: str) -> Damage:
    """Puts another text into a table of the draft or of the validated data."""

    def damage(edition: Edition) -> None:
        folder = edition.validated if table in ("observations.csv", "corrections.csv") else edition.draft
        inner = "" if table == "facts.csv" else ID
        traced.change(folder / inner / table, key, column, text)

    return damage


RAW = f"data/raw/{NAME}"


@pytest.mark.parametrize(
    ("damage", "fact_id", "at", "said"),
    [
        (edit(f"{RAW}/bang.csv", "20;18;7,5", "20;19;7,5"), "X1/A1", "bang.csv#C2", "“19”"),
        (edit(f"{RAW}/bang.csv", "20;18;7,5", "20;18;7,6"), "X1/A1", f"{RAW}/bang.csv", "has changed since the run"),
        (lambda each: (each.raw / "bang.csv").unlink(), "X1/A1", f"{RAW}/bang.csv", "cannot be opened"),
        (edit(f"frameworks/{ID}.yaml", "P1: 80%", "P1: 81%"), "method/muc.I.P1.least", f"frameworks/{ID}.yaml", "81"),
        (cell("scores.csv", ("X1", "A1"), "exact", "28/5"), "X1/total", "X1/A1", "28/5"),
        (cell("levels.csv", ("X2", "muc"), "level", "I"), "X2/muc", "X2/muc", "the level is II"),
        (cell("ranks.csv", ("X5", "hang"), "rank", "1"), "X5/hang", "X5/hang", "the rank is 2"),
        (cell("comparisons.csv", ("X2", "so_in"), "difference", "1"), "X2/so_in.difference", "X2/so_in", "1.3"),
        (cell("facts.csv", ("X1/total",), "shown", "33,06"), "X1/total", "X1/total", "33,06"),
        (cell("facts.csv", ("X1/total",), "value", "33.054"), "X1/total", "X1/total", "33.05"),
        (cell("facts.csv", ("all/total.max",), "value", "34"), "all/total.max", "all/total.max", "33.05"),
        (cell("observations.csv", ("X1", "diem"), "value", "75"), "X1/B1", "bang.csv#D2", "read again, it gives 7.5"),
        (cell("observations.csv", ("X2", "may"), "value", "17"), "X2/A1", "X2/may", "not the value of the last"),
        (cell("observations.csv", ("X4", "may"), "value", "15"), "X4/A1", "X4/may", "the mean of the former units"),
        (cell("observations.csv", ("X1", "may"), "value", "17"), "X1/A1", "X1/confirmation.1", "the unit's data"),
        (edit(f"{RAW}/corrections.csv", "Kiểm kê", "Kiểm tra"), "X2/A1", f"{RAW}/corrections.csv:2", "has changed"),
    ],
)
def test_damage_is_named(copy: Edition, damage: Damage, fact_id: str, at: str, said: str) -> None:
    """Whatever was changed after the run is a step that does not agree, named with what it should be."""
    damage(copy)

    found = differences(Chain(Evidence(copy, language="en")).printed(fact_id))

    assert any(step.id.startswith(at) and said in step.note for step in found), found


def test_damage_ends_with_1(copy: Edition, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A chain that does not agree is shown whole, its faults are listed, and the command ends with 1."""
    edit(f"{RAW}/bang.csv", "20;18;7,5", "20;19;7,5")(copy)
    monkeypatch.chdir(copy.root)

    code = cli.main((), ["trace", NAME, "X1/A1", "--lang", "en"])

    shown = capsys.readouterr().out
    assert code == 1
    assert "✗ Cell bang.csv#C2, as typed: “18”" in shown
    assert f"✗ {RAW}/bang.csv: {RAW}/bang.csv has changed since the run" in " ".join(shown.split())


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("facts.csv", None),
        ("facts.csv", "a,b\n1\n"),
        ("facts.csv", ""),
        ("facts.csv", "a,b\n1,2\n"),
        ("places.csv", "a,b\n1,2\n"),
        (f"{ID}/scores.csv", None),
        (f"{ID}/scores.csv", "a,b\n1,2\n"),
        ("manifest.json", "[]"),
    ],
)
def test_a_damaged_build_ends_with_1(
    copy: Edition,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    name: str,
    text: str | None,
) -> None:
    """A table of the build that is gone or broken is named, without a traceback."""
    file = copy.draft / name
    file.unlink() if text is None else file.write_text(text, encoding="utf-8")
    monkeypatch.chdir(copy.root)

    assert cli.main((), ["trace", NAME, "X1/total"]) == 1

    assert f"reports/{NAME}/draft/{name}" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["observations", "corrections", "findings", "evidence", "confirmations"])
def test_a_validated_table_with_other_columns_is_named(
    copy: Edition, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    """A table without the columns that a chain needs is named with them; a run writes it anew."""
    (copy.validated / ID / f"{name}.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    monkeypatch.chdir(copy.root)

    arguments = ["--cell", "bang.csv#Z9"] if name == "evidence" else ["X1/total"]
    arguments = ["--cell", "bang.csv#C2"] if name == "findings" else arguments
    assert cli.main((), ["trace", NAME, *arguments, "--lang", "en"]) == 1

    error = capsys.readouterr().err
    assert f"data/validated/{NAME}/{ID}/{name}.csv is not what a run writes (it has no column" in error
    assert error.endswith(" Run the edition again.\n")


@pytest.mark.parametrize(("name", "outcome"), [("levels", "muc"), ("ranks", "hang"), ("comparisons", "so_in")])
def test_outcomes_with_other_columns_are_named(
    copy: Edition, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str, outcome: str
) -> None:
    """Damaged levels, ranks and comparisons are named with the columns that they lack."""
    (copy.draft / ID / f"{name}.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    monkeypatch.chdir(copy.root)

    assert cli.main((), ["trace", NAME, f"X1/{outcome}", "--lang", "en"]) == 1

    assert f"{name}.csv is not what a run writes (it has no column unit_id" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "tệp rỗng"),
        ("unit_id,value\nX1,Tổ".encode()[:-1], "utf-8"),
        (b'unit_id,value\nX1,2,3,4\nX2,5,6\n"', "C error"),
        (b"a,b\n1,2\n", "không có cột unit_id, value"),
    ],
)
@pytest.mark.parametrize(
    ("folder", "advice"),
    [
        ("draft", "Hãy chạy lại kỳ đánh giá."),
        ("v2", f"`python pipeline.py verify {NAME} v2` cho biết chỗ nào đã đổi."),
        ("v2.erratum", f"`python pipeline.py verify {NAME} v2` cho biết chỗ nào đã đổi."),
    ],
)
def test_a_table_that_cannot_be_read_says_what_to_do(
    tmp_path: Path, content: bytes, said: str, folder: str, advice: str
) -> None:
    """A draft is made again; what was published is restored, never made again."""
    file = tmp_path / "reports" / NAME / folder / ID / "some.csv"
    file.parent.mkdir(parents=True)
    file.write_bytes(content)

    with pytest.raises(DataError) as error:
        tables.read(file, ("unit_id", "value"))

    assert f"{NAME}/{folder}/{ID}/some.csv không phải là tệp do một lần chạy ghi ra" in str(error.value)
    assert said in str(error.value)
    assert str(error.value).endswith(advice)


# ---- references ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("X1/totl",), "Did you mean: X1/total"),
        (("An Binh/total",), "X1/total"),
        (("tbl-han",), "tbl-hang"),
        (("quite-something-else",), "first column of facts.csv"),
        (("--page", "9", "1"), "pages with numbers: 1–3. A page is a sheet of the file, counted from the first"),
        (("--page", "2", "33,05"), "stands on page 1, 3 of report.pdf. A page is a sheet of the file"),
        (("fig-something-else",), "Labels are, for example: fig-hang, tbl-hang."),
        (("tbl-something-else",), "Labels are, for example: tbl-hang, fig-hang."),
        (("corrections.csv",), "first column of facts.csv"),
        (("--cell", "corrections.csv#A2"), f"`trace {NAME} correction/C001`"),
        (("--cell", f"data/raw/{NAME}/units.csv#A2"), f"`trace {NAME} unit/ID`"),
        (("--cell", "bang.csv"), "This file has answers in cells such as B2"),
        (("--page", "x", "1"), "A page is a whole number"),
        (("--page", "1", "33,06"), "33,05"),
        (("--page", "3", "33,06", "--document", "other.pdf"), "it has: report.pdf"),
        (("--cell", "bang.csv#Z9"), "This file has answers in cells such as B2"),
        (("--cell", "other.csv#A1"), "bang.csv"),
        ((), "exactly one of these"),
        (("X1/total", "--cell", "bang.csv#C2"), "exactly one of these"),
        (("X1/total", "--version", "v9"), "no build “v9” (there is: draft). `python pipeline.py publish"),
        (("X1/total", "--version", "../draft"), "no build"),
    ],
)
def test_unknown_references_end_with_2(
    call: Callable[..., tuple[int, str, str]], arguments: tuple[str, ...], said: str
) -> None:
    """A number, page, label, cell or build that is not there ends with 2 and says what is near."""
    code, shown, error = call(*arguments, "--lang", "en")

    assert (code, shown) == (2, "")
    assert said in " ".join(error.split())


def test_a_number_that_stands_twice_on_a_page_is_listed(call: Callable[..., tuple[int, str, str]]) -> None:
    """All places of the number are shown with their ids; one of them can then be chosen."""
    code, shown, _ = call("--page", "1", "4,00", "--lang", "en")

    assert code == 0
    assert re.findall(r"  4,00  (\S+)", shown) == ["X1/A2", "X1/B3"]


def test_a_number_that_stands_once_on_a_page_is_traced(call: Callable[..., tuple[int, str, str]]) -> None:
    """Page and number are enough where the number stands once."""
    code, shown, _ = call("--page", "1", "33,05", "--lang", "en")

    assert code == 0
    assert "Fact X1/total (points), exact value 33.05" in shown


def test_versions_that_are_there_are_listed(
    copy: Edition, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Draft and versions are listed by number; the notice beside a version is none of them."""
    for name in ("v1", "v2", "v10", "v2.erratum"):
        shutil.copytree(copy.draft, copy.reports / name)
    monkeypatch.chdir(copy.root)

    code = cli.main((), ["trace", NAME, "X1/total", "--version", "v3", "--lang", "en"])

    assert code == 2
    assert "no build “v3” (there is: draft, v1, v2, v10). `python pipeline.py publish" in capsys.readouterr().err


def test_a_missing_draft_is_made_by_a_run(
    copy: Edition, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without a draft the way to one is named, in the words of the language."""
    shutil.move(copy.draft, copy.reports / "v1")
    monkeypatch.chdir(copy.root)

    assert cli.main((), ["trace", NAME, "X1/total"]) == 2

    said = f"Kỳ {NAME} chưa có bản dự thảo (draft) (có: v1). Hãy chạy `python pipeline.py run {NAME}`."
    assert said in capsys.readouterr().err


def test_vietnamese_sentences_have_vietnamese_dates_and_names(
    edition: Edition, call: Callable[..., tuple[int, str, str]]
) -> None:
    """Dates stand as the report prints them, and the draft is called what it is."""
    chain = Chain(Evidence(edition, language="vi"))
    answer = one(chain.printed("X2/A1"), "answer", "X2/may")
    signed = one(chain.printed("X1/total"), "confirmation")

    assert "người ghi: Nguyễn Văn A, ngày 20/10/2026;" in answer.children[0].text
    assert signed.text == "Vòng 1: Chủ tịch đã ký xác nhận ngày 01/11/2026"
    assert "trong bản dự thảo (draft) của kỳ" in call("no-such")[2]


def test_one_thing_is_said_in_the_singular() -> None:
    """Sentences with a count have one for a count of one."""
    assert trace_words.say("more_steps", "en", count=1, depth=3) == "… 1 more step (--depth 3)"
    assert trace_words.say("more_steps", "en", count=2, depth=3) == "… 2 more steps (--depth 3)"


def test_long_lists_are_said_in_short() -> None:
    """Pages that follow one another are a range, many documents of a folder are counted, and lines end at 80."""
    cards = [f"scorecards/{number}.pdf" for number in range(1, 235)]

    assert trace_lists.ranges([49, *range(1, 24), *range(25, 49), 51]) == "1–23, 25–49, 51"
    assert trace_lists.documents(["report.pdf", *cards]) == "report.pdf, scorecards/… (234)"
    assert trace_lists.documents(["a/1.pdf", "a/2.pdf"]) == "a/1.pdf, a/2.pdf"
    assert max(map(len, str(trace_lists.usage("word " * 100)).splitlines())) <= 80


def test_a_row_of_robustness_says_that_it_is_not_drawn_again(copy: Edition) -> None:
    """A number about firmness is read from its table; the chain says so, and where the next step down begins."""
    sql = f"select best::integer from robustness where framework = '{ID}' and outcome = 'hang' and unit_id = 'X1'"
    columns = "unit_id,kind,outcome,reading,field_id,node_id,now,result,best,low,high,worst,distance\n"
    table = copy.draft / ID / "robustness.csv"
    table.write_text(f"{columns}X1,weights,hang,,,,1,,1,1,2,2,\n", encoding="utf-8", newline="\n")
    facts = copy.draft / "facts.csv"
    row = f'X1/hang.best,1,1,query,"{sql}",1,0,0,0,half_up,vi\n'
    facts.write_text(facts.read_text(encoding="utf-8") + row, encoding="utf-8", newline="\n")

    first, second = one(Chain(Evidence(copy, language="en")).printed("X1/hang.best"), "query").children

    assert (first.check, second.id) == ("", "X1/hang")
    assert first.text.startswith("robustness.csv is read here, not drawn again; `verify` draws")
    assert first.text.endswith(f"Next step down: `trace {NAME} X1/hang`.")


@pytest.mark.parametrize(("label", "ids"), [("tbl-hang", ["X1/hang", "X2/hang"]), ("fig-hang", ["X1/total"])])
def test_labels_list_their_numbers(call: Callable[..., tuple[int, str, str]], label: str, ids: list[str]) -> None:
    """A table of the report and a chart's saved table list their facts."""
    code, shown, _ = call(label, "--json")

    assert code == 0
    assert [match["fact_id"] for match in json.loads(shown)["matches"]] == ids


# ---- what is shown ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_chain_fits_on_a_screen(edition: Edition, language: str) -> None:
    """Without --depth a chain keeps 80 columns and one screen, and still ends at a cell and its file."""
    evidence = Evidence(edition, language=language)

    for fact_id in traced.facts(edition.draft):
        lines = trace_print.chain(evidence, Chain(evidence).printed(fact_id), None).splitlines()
        assert max(map(len, lines)) <= 80
        assert len(lines) <= trace_print.SCREEN + 1
    total = trace_print.chain(evidence, Chain(evidence).printed("X2/total"), None)
    assert all(said in total for said in ("bang.csv#C3", "C001", traced.sha256(edition.raw / "bang.csv")))


def test_depth_shows_so_many_steps(edition: Edition, chain: Chain) -> None:
    """--depth 0 is the number alone, a large depth is everything."""
    step = chain.printed("X1/A1")
    whole = trace_print.chain(chain.evidence, step, 99).splitlines()

    assert len(trace_print.chain(chain.evidence, step, 0).splitlines()) == 3
    assert sum(line.strip().startswith(("✓", "·")) for line in whole) == sum(1 for _ in walk(step))


def test_json_has_the_documented_shape(call: Callable[..., tuple[int, str, str]]) -> None:
    """Every step has the same keys, and every kind stands in the documentation."""
    documented = set(re.findall(r"`(\w+)`", (REPOSITORY / "docs" / "trace.md").read_text(encoding="utf-8")))

    for reference in ("X1/total", "X2/hang", "X2/muc", "X2/so_in.difference", "all/total.max", "finding/f0000001"):
        code, shown, _ = call(reference, "--json")
        content = json.loads(shown)
        assert code == 0
        assert list(content) == [
            "format", "edition", "version", "language", "reference", "agrees", "differences", "chain"
        ]  # fmt: skip
        assert (content["format"], content["edition"], content["agrees"]) == (1, NAME, True)
        for step in steps(content["chain"]):
            assert set(step) == KEYS
            assert step["kind"] in documented


def steps(step: dict[str, object]) -> Iterator[dict[str, object]]:
    yield step
    children = step["children"]
    assert isinstance(children, list)
    for child in children:
        yield from steps(child)


def test_both_languages_have_the_same_sentences() -> None:
    """The sentences of a trace have the same keys and details in both languages, and none is left unused."""
    folder = REPOSITORY / "minhbach" / "wording"
    files = [yamlfile.load(folder / f"trace.{language}.yaml").content for language in ("vi", "en")]
    details = [{key: set(re.findall(r"{(\w+)}", text)) for key, text in content.items()} for content in files]
    code = "".join(
        file.read_text(encoding="utf-8")
        for pattern in ("*trace*.py", "tables*.py")
        for file in (REPOSITORY / "minhbach").glob(pattern)
    ).replace("'", '"')
    spelt = set(re.findall(r'"([a-z_]+)"', code))

    assert details[0] == details[1]
    for key in details[0]:
        plain = key.removeprefix("trace_").removesuffix("_one")
        assert {plain, f"trace_{plain}"} & spelt or any(
            f'f"{plain[:place]}_{{' in code for place in range(len(plain))
        ), key


# ---- the other direction ---------------------------------------------------------------------------------------


def test_a_cell_reaches_its_own_numbers_and_ranks_of_others(chain: Chain) -> None:
    """A cell of one unit reaches its criterion up to the total, its level, and the ranks of all."""
    reached = trace_back.numbers(trace_back.reach(chain, "bang.csv#F3"))

    own = {"X2/B2", "X2/P2", "X2/total", "X2/total.share", "X2/muc", "X2/loai_p.P2", "X2/so_in.difference"}
    assert own <= reached
    assert {"X1/hang", "X2/hang", "X3/hang", "X5/hang", "all/total.max"} <= reached
    assert not {"X2/P1", "all/muc.none", "X2/A1", "X1/total", "X2/loai_p.P1", "method/muc.I.P1.least"} & reached


def test_a_best_value_reaches_every_unit(chain: Chain) -> None:
    """A cell that a best value looks at reaches the criterion of every unit of the group."""
    reached = trace_back.numbers(trace_back.reach(chain, "bang.csv#E3"))

    assert {f"{unit_id}/A2" for unit_id in ("X1", "X2", "X3", "X5")} <= reached


def test_a_predecessor_reaches_the_merged_unit(chain: Chain) -> None:
    """A cell of a predecessor reaches the numbers of the unit formed from it."""
    assert "X4/A1" in trace_back.numbers(trace_back.reach(chain, "bang.csv#C2"))


@pytest.mark.parametrize(
    "named",
    ["bang.csv#c2", "bang.csv#$C$2", "./bang.csv#C2", f"data\\raw\\{NAME}\\bang.csv#C2", " bang.csv# C2 "],
)
def test_a_cell_may_be_spelt_in_any_usual_way(chain: Chain, named: str) -> None:
    """Small letters, dollar signs and the folder make no difference."""
    assert trace_back.reach(chain, named).id == "bang.csv#C2"


@pytest.mark.parametrize(
    ("named", "inner"),
    [
        ("phiếu.xlsx#Phiếu khảo sát!e33", "phiếu.xlsx Phiếu khảo sát E33"),
        ("phiếu.xlsx#'Phiếu khảo sát'!$E$33", "phiếu.xlsx Phiếu khảo sát E33"),
        (unicodedata.normalize("NFD", "phiếu.xlsx#Phiếu khảo sát!E33"), "phiếu.xlsx Phiếu khảo sát E33"),
        ("x.xlsx#'Năm ''22!'!E3", "x.xlsx Năm '22! E3"),
        ("x.csv#$B$4", "x.csv  B4"),
    ],
)
def test_a_sheet_may_be_named_as_excel_names_it(named: str, inner: str) -> None:
    """Quotation marks around a sheet, doubled ones within, and decomposed letters are understood."""
    cell = trace_cells.named(named, f"data/raw/{NAME}")

    assert f"{cell.file} {cell.sheet} {cell.place}" == inner


def test_a_file_may_be_named_without_its_folder(copy: Edition) -> None:
    """A bare file name is enough where one file is called so; otherwise those that are called so are named."""
    observations = copy.validated / ID / "observations.csv"
    text = observations.read_text(encoding="utf-8")
    observations.write_text(text.replace("bang.csv", "responses/xa/bang.csv"), encoding="utf-8")
    once = trace_cells.find(Evidence(copy, language="en"), "bang.csv#C2")[1]["file"]
    traced.change(observations, ("X1", "may"), "file", "responses/huyen/bang.csv")

    with pytest.raises(UsageError) as error:
        trace_cells.find(Evidence(copy, language="en"), "bang.csv#C2")

    assert once == "responses/xa/bang.csv"
    said = "Several files are called so: responses/huyen/bang.csv, responses/xa/bang.csv."
    assert said in " ".join(str(error.value).split())


def test_a_cell_may_be_named_from_the_project(chain: Chain) -> None:
    """The path of a received file may be given as it lies in the project."""
    step = trace_back.reach(chain, f"{chain.evidence.edition.raw.as_posix()}/bang.csv#C2")

    assert (step.id, step.value) == ("bang.csv#C2", "18")


def test_forward_and_backward_agree(edition: Edition, chain: Chain) -> None:
    """A number's chain, its rows followed, ends at a cell exactly if that cell reaches the number."""
    facts = list(traced.facts(edition.draft))
    cells = {
        f"{row['file']}#{row['cell']}"
        for row in chain.evidence.table(ID, "observations")
        if row["cell"] and " " not in row["cell"]
    }

    forward = {fact_id: ends(chain, fact_id) for fact_id in facts}
    backward = {each: trace_back.numbers(trace_back.reach(chain, each)) for each in sorted(cells)}

    assert len(cells) == 32
    for fact_id in facts:
        assert forward[fact_id] == {each for each in cells if fact_id in backward[each]}, fact_id


def ends(chain: Chain, fact_id: str) -> set[str]:
    """The cells at which a number ends, with every row that its chain names followed to its own end."""
    waiting, done, found = [fact_id], set[str](), set[str]()
    while waiting:
        reference = waiting.pop()
        if reference in done:
            continue
        done.add(reference)
        step = chain.printed(reference) if reference in chain.evidence.facts else chain.unprinted(reference)
        for each in walk(step) if step else ():
            if each.kind == "cell":
                found.add(each.id)
            if each.kind == "row" and not each.id.startswith("unit/"):
                waiting.append(each.id)
    return found


# ---- versions and languages ------------------------------------------------------------------------------------


def test_a_version_is_traced_with_its_own_tables(copy: Edition) -> None:
    """A published version is read from its folder, with the validated tables that it carries."""
    version = copy.reports / "v1"
    shutil.copytree(copy.draft, version)
    shutil.copytree(copy.validated, version / "validated")
    shutil.rmtree(copy.draft)
    shutil.rmtree(copy.validated)

    step = Chain(Evidence(copy, "v1", "en")).printed("X1/total")

    assert (step.value, differences(step)) == ("33,05", ())


def test_a_further_language_is_traced_in_its_own_document(copy: Edition) -> None:
    """In English the number is that of the English document, where there is one."""
    (copy.draft / "en").mkdir()
    for name in ("facts.csv", "places.csv"):
        shutil.copy(copy.draft / name, copy.draft / "en")
    traced.change(copy.draft / "en" / "facts.csv", ("X1/total",), "shown", "33.05")

    numbers = {language: Chain(Evidence(copy, language=language)).printed("X1/total") for language in ("vi", "en")}

    assert {language: (step.value, step.check) for language, step in numbers.items()} == {
        "vi": ("33,05", "agrees"),
        "en": ("33.05", "agrees"),
    }


@pytest.mark.parametrize(
    "sql",
    [
        "select count(*) from levels where framework = 'thu-xa' and scheme = 'muc' and level = 'none'",
        "select max(points::decimal(38,12)) from scores where framework = 'thu-xa' and node_id = 'P1' and points <> ''",
        "select count(*) from scores join units using (unit_id) where node_id = 'total' and parent_id = ''",
        "select count(*) from levels join units using (unit_id) where framework = 'thu-xa' and unit_kind <> 'xa'",
        "select count(*) from ranks where ranking = 'hang' and rank <> '' /* all */",
        "select count(*) from ranks where ranking = 'none such'",
        "select count(*) from blocking where framework = 'thu-xa' and scheme = 'muc' and node_id in ('P1', 'total')",
        "select count(distinct unit_id) from findings where severity = 'warning'",
        "select count(distinct unit_id) from observations where framework = 'thu-xa'",
        "select count(*) from levels where scheme in ('muc') and unit_id in ('X1', 'X3') and level <> 'x'",
        "select rank::integer from ranks where framework = 'thu-xa' and ranking = 'hang' and unit_id = 'X1'",
        "select points from scores where framework = 'thu-xa' and node_id = 'P1' and unit_id = 'X2'",
    ],
)
def test_plain_queries_are_answered_as_the_database_does(edition: Edition, sql: str) -> None:
    """A query that is answered from the tables has the rows, in order, and the value that the database gives for it."""
    asked = sql.partition(" /*")[0] + " and 1 = 1"
    queries = Queries(Evidence(edition))

    plain, database = queries.step("x", sql, "0"), queries.step("x", asked, "0")

    assert queries.plain.rows(sql, (ID,)) is not None
    assert queries.plain.rows(asked, (ID,)) is None
    assert plain.value == database.value
    assert plain.children == database.children
    assert [list(row.items()) for row in queries.rows(sql)] == [list(row.items()) for row in queries.rows(asked)]


@pytest.mark.parametrize(
    "sql",
    [
        "select rank::integer from ranks where framework = 'thu-xa' and ranking = 'hang' and nothing = 'X1'",
        "select nothing from ranks where framework = 'thu-xa' and ranking = 'hang' and unit_id = 'X1'",
        "select level from levels where framework = 'thu-xa' and scheme = 'muc' and unit_id = 'X1'",
        "select level::integer from levels where framework = 'thu-xa' and scheme = 'muc' and unit_id = 'X1'",
        "select unit_id from ranks where ranking = 'hang'",
    ],
)
def test_a_query_without_a_number_is_said(edition: Edition, sql: str) -> None:
    """A query for a column that is not there, for words, or for many rows is no source of a number, and said so."""
    with pytest.raises(DataError, match="the number"):
        Queries(Evidence(edition, language="en")).step("the number", sql, "0")
