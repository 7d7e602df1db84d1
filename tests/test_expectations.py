"""Great Expectations judges the answers: one finding per broken cell, with its address, in two languages."""

import os
import socket
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from minhbach import answers, framework, ingest, score, units
from minhbach.assessment import Table
from minhbach.findings import Finding
from minhbach.framework import Framework
from minhbach.judge import judge
from minhbach.units import Units

FRAMEWORK = """
id: small
revision: 1
title: {vi: Nhỏ, en: Small}
source: {document: "1/QĐ"}
unit_kind: huyen
basis: sample
fields:
  may: {label: {vi: Số máy, en: Computers}, type: count, required: true}
  noi_mang: {label: {vi: Số máy nối mạng, en: Connected}, type: count}
  diem: {label: {vi: Điểm, en: Points}, type: number, min: 0, max: 10.5}
  nhe: {label: {vi: Nhẹ, en: Mild}, type: number, max: 5, severity: warning}
  muc: {label: {vi: Mức, en: Degree}, type: choice, options: [Đầy đủ, Một phần]}
checks:
  - id: noi_mang_khong_qua_so_may
    expect: noi_mang <= may
    severity: error
    message: {vi: máy nối mạng không thể nhiều hơn máy, en: connected computers cannot be more than computers}
  - id: diem_so_voi_may
    expect: diem <= may
    severity: warning
    message: {vi: điểm cao hơn số máy, en: more points than computers}
nodes:
  total: {label: {vi: Tổng, en: Total}, max_points: 20, formula: diem + 0 * may, required: true}
rankings:
  - {id: xep_hang, by: total, decimals: 2}
"""
NAMES = ("Huyện Một", "Huyện Hai", "Huyện Ba")
HEADER = "Đơn vị,Số máy,Số máy nối mạng,Điểm,Nhẹ,Mức"
TABLE = Table(
    file="bang.csv",
    unit_column="Đơn vị",
    columns={"may": "Số máy", "noi_mang": "Số máy nối mạng", "diem": "Điểm", "nhe": "Nhẹ", "muc": "Mức"},
    decimal=".",
)
GOOD = "20,15,7.5,1,Đầy đủ"


@pytest.fixture(scope="module")
def method(tmp_path_factory: pytest.TempPathFactory) -> Framework:
    """The small framework above."""
    file = tmp_path_factory.mktemp("frameworks") / "small.yaml"
    file.write_text(FRAMEWORK, encoding="utf-8")
    return framework.load(file)


@pytest.fixture
def listed(tmp_path: Path) -> Units:
    """Three districts."""
    lines = [f"h{place},{name},huyen" for place, name in enumerate(NAMES, start=1)]
    (tmp_path / "units.csv").write_text("\n".join(["unit_id,name,unit_kind", *lines, ""]), encoding="utf-8")
    return units.load(tmp_path / "units.csv")


def judged(rows: Sequence[str], method: Framework, listed: Units, folder: Path, language: str = "vi") -> list[Finding]:
    """All findings of a table whose rows are the answers of the first units."""
    lines = [HEADER, *(f"{name},{row}" for name, row in zip(NAMES, rows, strict=False)), ""]
    (folder / "bang.csv").write_text("\n".join(lines), encoding="utf-8")
    reading = ingest.read_table(folder, TABLE, method.fields, listed, "huyen", language)
    given = answers.from_observations(method, tuple(listed), reading.observations)
    found = judge(method, given, score.score(given), reading.observations, language, reading.findings)
    return [*reading.findings, *found]


def test_good_answers_break_nothing(method: Framework, listed: Units, tmp_path: Path) -> None:
    """Answers that keep every rule, edges included, have no finding."""
    assert judged([GOOD, "0,0,0,5,Một phần", "20,20,10.5,,"], method, listed, tmp_path) == []


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (",15,7.5,1,Đầy đủ", ("required", "error", "may", "B3", "", "")),
        ("20,15,10.6,1,Đầy đủ", ("out_of_range", "error", "diem", "D3", "10.6", None)),
        ("20,15,-0.1,1,Đầy đủ", ("out_of_range", "error", "diem", "D3", "-0.1", None)),
        ("20,15,7.5,5.01,Đầy đủ", ("out_of_range", "warning", "nhe", "E3", "5.01", None)),
        ("20,21,7.5,1,", ("check", "error", "may noi_mang", "B3 C3", "20; 21", "noi_mang <= may")),
        ("7,7,7.5,1,", ("check", "warning", "may diem", "B3 D3", "7; 7.5", "diem <= may")),
        ("20,15,,1,", ("not_scored", "error", "diem", "D3", "", "")),
        ("20,15,7.5,1,Đầy đu", ("not_an_option", "error", "muc", "F3", "Đầy đu", None)),
        ("20,l5,7.5,1,", ("not_a_number", "error", "noi_mang", "C3", "l5", None)),
    ],
)
def test_a_broken_rule_is_one_finding_with_its_address(
    row: str, expected: tuple[str | None, ...], method: Framework, listed: Units, tmp_path: Path
) -> None:
    """Each broken rule gives one finding: unit, field, file, cell, the text that stands there, what was expected."""
    found = judged([GOOD, row, GOOD], method, listed, tmp_path)

    assert len(found) == 1
    finding = found[0]
    wanted = finding.expected if expected[-1] is None else expected[-1]
    rule, severity, field, cell, value = expected[:-1]
    assert (finding.rule.split(".")[0], finding.severity, finding.field_id) == (rule, severity, field)
    assert (finding.unit_id, finding.file, finding.cell, finding.value) == ("h2", "bang.csv", cell, value)
    assert finding.expected == wanted


@pytest.mark.parametrize(
    ("row", "vietnamese", "english"),
    [
        (
            "20,21,7.5,1,",
            "bang.csv#B3 C3: Huyện Hai: máy nối mạng không thể nhiều hơn máy "
            "(điều kiện noi_mang <= may; số liệu 20; 21).",
            "bang.csv#B3 C3: Huyện Hai: connected computers cannot be more than computers "
            "(condition noi_mang <= may; data 20; 21).",
        ),
        (
            "20,15,11,1,",
            "bang.csv#D3: “Điểm” của Huyện Hai là 11",
            "bang.csv#D3: “Points” of Huyện Hai is 11;",
        ),
        (
            ",15,7.5,1,",
            "bang.csv#B3: Huyện Hai chưa có số liệu cho “Số máy”",
            "bang.csv#B3: Huyện Hai has no answer to “Computers”, which is required.",
        ),
    ],
)
def test_messages_are_in_the_readers_language(
    row: str, vietnamese: str, english: str, method: Framework, listed: Units, tmp_path: Path
) -> None:
    """A message says where, who and what in either language; the finding's id is the same in both."""
    first = judged([GOOD, row, GOOD], method, listed, tmp_path)[0]
    second = judged([GOOD, row, GOOD], method, listed, tmp_path, "en")[0]

    assert first.message.startswith(vietnamese)
    assert second.message.startswith(english)
    assert first.finding_id == second.finding_id


def test_one_cell_has_one_error(method: Framework, listed: Units, tmp_path: Path) -> None:
    """A cell that is unreadable or out of range is not blamed again by checks, by `required` or by `not_scored`."""
    rows = ["x,15,7.5,1,", "5,15,99,1,", "20,15,lỗi,1,"]

    found = judged(rows, method, listed, tmp_path)

    assert sorted((each.unit_id, each.rule, each.cell) for each in found) == [
        ("h1", "not_a_number", "B2"),
        ("h2", "check.noi_mang_khong_qua_so_may", "B3 C3"),
        ("h2", "out_of_range", "D3"),
        ("h3", "not_a_number", "D4"),
    ]


def test_all_units_are_judged_at_once(method: Framework, listed: Units, tmp_path: Path) -> None:
    """The same mistake of several units is one finding for each of them."""
    found = judged(["20,15,11,1,", "20,15,12,1,", "20,15,13,1,"], method, listed, tmp_path)

    assert [(each.unit_id, each.rule, each.value) for each in found] == [
        ("h1", "out_of_range", "11"),
        ("h2", "out_of_range", "12"),
        ("h3", "out_of_range", "13"),
    ]
    assert len({each.finding_id for each in found}) == 3


def test_usage_is_not_reported(
    method: Framework, listed: Units, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Judging loads no reporter of usage, looks for no address, and the switch for usage events is off."""
    asked: list[object] = []
    monkeypatch.setattr(socket, "getaddrinfo", lambda *arguments, **_: asked.append(arguments))
    monkeypatch.setattr(socket.socket, "connect", lambda _, address: asked.append(address))

    found = judged(["20,15,11,1,"], method, listed, tmp_path)

    assert len(found) == 1
    assert os.environ["GX_ANALYTICS_ENABLED"] == "false"
    assert "posthog" not in sys.modules
    assert asked == []


def test_two_checks_of_the_same_cells_are_two_findings(listed: Units, tmp_path: Path) -> None:
    """Two broken checks of the same answers have two ids, as findings.csv and the report's facts need."""
    more = "  - {id: tong, expect: noi_mang + may <= 10, severity: warning, message: {vi: a, en: b}}\n"
    more += more.replace("tong", "hieu").replace("<= 10", "<= 11")
    (tmp_path / "small.yaml").write_text(FRAMEWORK.replace("nodes:", f"{more}nodes:"), encoding="utf-8")

    found = judged([GOOD], framework.load(tmp_path / "small.yaml"), listed, tmp_path)

    assert [each.severity for each in found] == ["warning", "warning"]
    assert len({each.finding_id for each in found}) == 2


def test_a_blank_result_of_full_answers_has_an_address(listed: Units, tmp_path: Path) -> None:
    """A required result that is blank though nothing is missing, as 0 / 0, names the cells it comes from."""
    more = '  ty_le: {label: Tỷ lệ, max_points: 1, formula: "ratio(noi_mang, may)", required: true}\n'
    (tmp_path / "small.yaml").write_text(FRAMEWORK.replace("rankings:", f"{more}rankings:"), encoding="utf-8")

    found = judged(["0,0,0,1,"], framework.load(tmp_path / "small.yaml"), listed, tmp_path)

    assert [(each.rule, each.unit_id, each.field_id, each.cell) for each in found] == [
        ("not_scored", "h1", "may noi_mang", "B2 C2")
    ]
