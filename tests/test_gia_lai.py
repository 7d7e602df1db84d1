"""The sample edition 2022-gia-lai: real names, synthetic answers, written again by its generator."""

from __future__ import annotations

import csv
import zipfile
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from minhbach import editions, responses
from minhbach.answers import Answers, from_observations
from minhbach.editions import Setup
from minhbach.expectations import wide
from minhbach.forms_plan import Value
from minhbach.framework import Framework
from minhbach.levels import levels
from minhbach.numbers import exact_text, from_float
from minhbach.paths import Edition
from minhbach.responses import Responses
from minhbach.score import Points, score
from tools import gia_lai, gia_lai_answers, gia_lai_draw, gia_lai_fill

REPOSITORY = Path(__file__).resolve().parent.parent
RAW = REPOSITORY / "data" / "raw" / "2022-gia-lai"
ABSENT = {"23641", "23836", "24061"}


@pytest.fixture(scope="module")
def setup() -> Setup:
    return editions.load(Edition("2022-gia-lai", REPOSITORY))


@pytest.fixture(scope="module")
def returned(setup: Setup) -> dict[str, Responses]:
    """What the shipped forms say, by framework."""
    return {
        framework.id: responses.read_all(
            RAW,
            setup.assessed(framework.id).responses or "",
            framework,
            setup.units_of(framework.id),
            "2022-gia-lai",
            "vi",
        )
        for framework in setup.frameworks
    }


def scored(setup: Setup, returned: Mapping[str, Responses], framework: Framework) -> Points:
    units = setup.units_of(framework.id).units
    answers: Answers = from_observations(framework, units, returned[framework.id].observations)
    return score(answers)


def received() -> list[dict[str, str]]:
    with (RAW / "received.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def as_text(value: Value) -> str:
    """An answer as the table of observations writes it."""
    if isinstance(value, float):
        return exact_text(from_float(value))
    return {None: "", "Có": "yes", "Không": "no"}.get(value, str(value))  # type: ignore[arg-type]


def test_units_are_those_of_the_province(setup: Setup) -> None:
    """There are 17 districts with 3 digits and 220 communes with 5, each in a district of the list."""
    kinds = Counter((unit.unit_kind, len(unit.unit_id)) for unit in setup.units)
    names = Counter(unit.name.split(" ")[0] for unit in setup.units if unit.unit_kind == "huyen")
    districts = {unit.unit_id for unit in setup.units if unit.unit_kind == "huyen"}

    assert kinds == {("huyen", 3): 17, ("xa", 5): 220}
    assert names == {"Thành": 1, "Thị": 2, "Huyện": 14}
    assert {unit.parent_id for unit in setup.units if unit.unit_kind == "xa"} == districts
    assert Counter(unit.parent_id for unit in setup.units)["622"] == 22


def test_the_generator_writes_the_shipped_files(setup: Setup, tmp_path: Path) -> None:
    """Drawing and writing everything again gives the forms, the receipts and the notice as they are shipped."""
    gia_lai.make(setup, tmp_path)

    shipped = {file.relative_to(RAW): file for folder in ("responses",) for file in (RAW / folder).rglob("*.*")}
    shipped[Path("received.csv")] = RAW / "received.csv"
    made = {file.relative_to(tmp_path): file for file in tmp_path.rglob("*") if file.is_file()}

    assert made.keys() == shipped.keys()
    assert [str(name) for name in sorted(made) if made[name].read_bytes() != shipped[name].read_bytes()] == []


def test_all_but_three_communes_sent_a_form(setup: Setup) -> None:
    """234 of 237 units sent a form; the three others are listed as absent with a reason."""
    files = [file.relative_to(RAW).as_posix() for file in (RAW / "responses").rglob("*.xlsx")]
    senders = {Path(file).name.split("-")[0] for file in files}

    assert len(files) == 234
    assert {unit.unit_id for unit in setup.units} - senders == ABSENT
    assert set(setup.assessed("qd-2392-2017-xa").absent) == ABSENT
    assert sum((RAW / file).stat().st_size for file in files) < 6_000_000


def test_twelve_forms_came_late() -> None:
    """Every form has one receipt; twelve came after 24 October 2022 and none before the letter of 3 October."""
    days = {row["file"]: row["received"] for row in received()}
    files = {file.relative_to(RAW).as_posix() for file in (RAW / "responses").rglob("*.xlsx")}

    assert days.keys() == files
    assert len(received()) == 234
    assert sum(day > "2022-10-24" for day in days.values()) == 12
    assert min(days.values()) > "2022-10-03"


def test_everything_says_that_it_is_synthetic(setup: Setup) -> None:
    """Settings, notice of the folder, and title block and print header of every form say SỐ LIỆU MINH HỌA."""
    marked = "SỐ LIỆU MINH HỌA"

    silent = []
    for file in sorted((RAW / "responses").rglob("*.xlsx")):
        with zipfile.ZipFile(file) as archive:
            header = archive.read("xl/worksheets/sheet1.xml").decode("utf-8").partition("<oddHeader>")[2]
            texts = archive.read("xl/sharedStrings.xml").decode("utf-8")
        silent += [] if marked in header and marked in texts else [file.name]

    assert silent == []
    assert setup.assessment.synthetic
    assert setup.assessment.document.mark
    assert setup.assessment.document.mark.vi == marked
    assert marked in (RAW / "responses" / "README.md").read_text(encoding="utf-8")
    assert marked in (RAW / "SOURCE.md").read_text(encoding="utf-8")


def test_the_forms_are_read_as_they_were_filled_in(setup: Setup, returned: dict[str, Responses]) -> None:
    """Every value that the reader finds is the one that was drawn, in every unit and field; it warns of nothing."""
    for framework in setup.frameworks:
        read = returned[framework.id]
        values = {(row.unit_id, row.field_id): row.value for row in read.observations.itertuples()}
        units = [unit for unit in setup.units_of(framework.id) if unit.unit_id not in ABSENT]
        drawn = {
            (unit.unit_id, field_id): as_text(value)
            for unit in units
            for field_id, value in gia_lai_answers.answers(setup, framework, unit).items()
        }

        assert values == drawn
        assert {finding.severity for finding in read.findings} <= {"note"}


def test_answers_agree_with_each_other(setup: Setup, returned: dict[str, Responses]) -> None:
    """No answer breaks a check across fields, a range or a required question; a run needs no correction."""
    for framework in setup.frameworks:
        points = scored(setup, returned, framework)
        table = wide(framework, points.answers, points)
        checks = [column for column in table if column.startswith("check ")]

        assert len(checks) == len(framework.spec.checks)
        assert table[checks].eq(0.0).to_numpy().sum() == 0
        for field_id, field in framework.fields.items():
            values = table[field_id].dropna()
            assert not field.required or len(values) == len(table)
            assert not field.numeric or values.between(float(field.min), float(field.max)).all()


def test_levels_spread_as_in_a_province(setup: Setup, returned: dict[str, Responses]) -> None:
    """Districts are mostly at levels II to IV, one or two at I; communes mostly without a level, a handful at II."""
    count = {
        framework.spec.unit_kind: Counter(levels(scored(setup, returned, framework))["level"])
        for framework in setup.frameworks
    }

    huyen, xa = count["huyen"], count["xa"]
    assert 1 <= huyen["I"] <= 2
    assert huyen["II"] + huyen["III"] + huyen["IV"] >= 10
    assert 1 <= huyen["none"] <= 4
    assert sum(huyen.values()) == 17
    assert xa["none"] > 217 / 2
    assert 1 <= xa["II"] <= 10
    assert xa["III"] + xa["IV"] >= 10
    assert sum(xa.values()) == 217


def test_about_one_answer_in_a_hundred_is_missing(returned: dict[str, Responses]) -> None:
    """Between half a per cent and two per cent of all answers are blank."""
    blank = sum((read.observations["value"] == "").sum() for read in returned.values())
    asked = sum(len(read.observations) for read in returned.values())

    assert asked == 17 * 100 + 217 * 67
    assert 0.005 < blank / asked < 0.02


def test_evidence_is_nearly_always_given_where_it_is_required(setup: Setup) -> None:
    """Of the required documents of positive answers a few are missing, and none is given for a No or a zero."""
    framework = setup.framework("qd-2392-2017-xa")
    required = {field_id for field_id, field in framework.fields.items() if field.evidence == "required"}
    units = [unit for unit in setup.units_of(framework.id) if unit.unit_id not in ABSENT]

    given = Counter(
        (answer not in (None, "Không", 0), gia_lai_fill.evidence(unit, field_id, answer, field)[0] is not None)
        for unit in units
        for field_id, answer in gia_lai_answers.answers(setup, framework, unit).items()
        if (field := framework.fields[field_id]) and field_id in required
    )

    assert given[False, True] == 0
    assert 0.95 < given[True, True] / (given[True, True] + given[True, False]) < 1


@pytest.mark.parametrize(("share", "shown"), [(0.855, "85,5"), (0.85, "85"), (1.0, "100"), (0.002, "0,2")])
def test_shares_are_typed_with_a_decimal_comma(share: float, shown: str) -> None:
    """A share typed as text has one decimal, after a comma, and none where it is whole."""
    assert gia_lai_fill.show_share(share) == shown


def test_chance_depends_on_its_names_alone() -> None:
    """The same names give the same draw in any process and order; other names another one."""
    assert gia_lai_draw.chance_of("622", "so_cbcc").random() == gia_lai_draw.chance_of("622", "so_cbcc").random()
    assert gia_lai_draw.chance_of("622", "so_cbcc").random() != gia_lai_draw.chance_of("623", "so_cbcc").random()


def test_some_forms_came_back_changed() -> None:
    """Four forms each have another sheet name, sorted questions, moved columns, or a row without a code."""
    names, columns, order, loose = 0, 0, 0, 0
    for file in sorted((RAW / "responses" / "xa").glob("*.xlsx")):
        sheet = CalamineWorkbook.from_path(file).get_sheet_by_index(0)
        rows = sheet.to_python(skip_empty_area=False)
        header = next(row for row in rows if row[0] == "Mã")
        codes = [row[0] for row in rows if row[0] and not str(row[0]).startswith("_") and row[0] != "Mã"]
        names += sheet.name != "Phiếu khảo sát"
        columns += header[4] != "Trả lời"
        order += codes == sorted(codes)
        loose += any(str(row[1]).startswith("Giải thích:") for row in rows)

    assert (names, order, columns, loose) == (4, 4, 4, 4)
