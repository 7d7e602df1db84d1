"""What differs between two versions or editions: by weight, split by cause, on 80 columns, in files, on a page."""

import json
from pathlib import Path

import differing
import pytest
from differing import FRAMEWORK, Build

from minhbach import cli, cli_diff, diff, diff_markdown, diff_page, diff_print, diff_side
from minhbach.diff import Difference
from minhbach.errors import DataError, UsageError

# 60 % of `may` and 40 % of `cong`: 70, 48 and 52 points.
FIRST = {"u1": ("50", "100"), "u2": ("80", "0"), "u3": ("20", "100")}


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which an edition has a version v1."""
    differing.write(tmp_path, "2021-nho", "v1", Build(FIRST))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def compared(first: str, second: str, language: str = "vi") -> Difference:
    """Two versions as `edition/version`."""
    one, two = (diff_side.opened(*each.split("/"), language) for each in (first, second))
    return diff.difference(one, two)


def test_equal_versions_do_not_differ(root: Path) -> None:
    """A version that is the same says so in one sentence."""
    differing.write(root, "2021-nho", "v2", Build(FIRST))

    found = compared("2021-nho/v1", "2021-nho/v2")

    assert found.same
    assert "Không có nội dung nào" in diff_print.text(found)


def test_levels_come_first_then_ranks_scores_facts_text_and_figures(root: Path) -> None:
    """A correction of u2 from 80 to 90 gives 54 points, level II and rank 2, told heaviest first with its cause."""
    text = '# Kết quả\n\nGiá trị lớn nhất là [{best}]{{fact="all/best"}} điểm.\n'
    differing.write(root, "2021-nho", "v2", Build(FIRST, {"u2": "90"}, text=text))

    found = compared("2021-nho/v1", "2021-nho/v2")

    assert [(each.kind, each.unit_id, each.of, each.before, each.after) for each in found.items] == [
        ("level", "u2", "muc", "none", "II"),
        ("rank", "u2", "hang", "3", "2"),
        ("rank", "u3", "hang", "2", "3"),
        ("total", "u2", "total", "48/1", "54/1"),
        ("fact", "u2", "u2/may", "80", "90"),
    ]
    assert [(each.before, each.after) for each in found.sentences] == [
        ("Cao nhất là 70.00 điểm.", "Giá trị lớn nhất là 70.00 điểm.")
    ]
    assert [(each.label, each.changed, each.new, each.gone) for each in found.figures] == [("nho-hang", 1, 0, 0)]
    said = diff_print.text(found)
    order = [said.index(words) for words in ("Mức độ: 1", "Thứ hạng: 2", "Điểm: 1", "khác được in ra: 1", "Hình: 1")]
    assert order == sorted(order)
    assert "Xã U2 – Tổng điểm: 48,00 → 54,00 (số liệu điều chỉnh +6,00)" in said
    assert "Không xếp mức → Mức II (nguyên nhân: số liệu điều chỉnh)" in " ".join(said.split())


def test_other_numbers_in_the_same_words_are_no_other_sentence(root: Path) -> None:
    """A paragraph in which only facts changed is not listed: its facts are."""
    differing.write(root, "2021-nho", "v2", Build({**FIRST, "u1": ("60", "100")}))

    found = compared("2021-nho/v1", "2021-nho/v2")

    assert found.sentences == ()
    assert "all/best" in {each.of for each in found.items}


def test_the_terminal_has_80_columns_and_counts_what_is_left_out(root: Path) -> None:
    """Long lists end with how many more there are and where all stand; no line is wider than 80 columns."""
    many = {f"u{place}": (str(place), str(place)) for place in range(1, 61)}
    differing.write(root, "2022-nho", "v1", Build(many))
    differing.write(root, "2022-nho", "v2", Build({unit: ("99", text) for unit, (_, text) in many.items()}))

    said = diff_print.text(compared("2022-nho/v1", "2022-nho/v2"), ["thay-doi.md"])

    assert max(map(len, said.splitlines())) <= 80
    assert "… và 40 thay đổi nữa; xem đủ trong thay-doi.md" in said  # 60 scores, of which 20 are told


def test_json_has_exact_parts_that_add_up(root: Path) -> None:
    """Every split of the JSON adds up: new data 60 × 20 / 100, and 40 × 10 / 300 less by the formula."""
    changed = FRAMEWORK.replace("max_points * cong / 100", "max_points * cong / 300")
    differing.write(root, "2021-nho", "v2", Build({**FIRST, "u1": ("70", "10")}, framework=changed))

    told = json.loads(diff_print.as_json(compared("2021-nho/v1", "2021-nho/v2")))

    split = next(each for each in told["frameworks"][0]["splits"] if each["unit_id"] == "u1")["exact"]
    assert told["frameworks"][0]["changed"] == ["new_data", "framework"]
    assert (split["before"], split["after"], split["change"]) == ("70", "130/3", "-80/3")
    assert (split["new_data"], split["framework"], split["interaction"]) == ("-24", "-80/3", "24")


def test_frameworks_with_other_criteria_are_refused_without_a_bridge(root: Path) -> None:
    """Another framework is refused with the file to write; with that file its criteria are compared."""
    other = FRAMEWORK.replace("id: nho", "id: moi").replace("total", "tong")
    differing.write(root, "2022-nho", "v1", Build(FIRST, framework=other, framework_id="moi"))

    with pytest.raises(DataError, match=r"bridges/nho--moi\.yaml"):
        compared("2021-nho/v1", "2022-nho/v1")

    file = root / "bridges" / "nho--moi.yaml"
    file.parent.mkdir()
    file.write_text("nodes: {total: tong}\nbasis: inferred\n", encoding="utf-8")
    found = compared("2021-nho/v1", "2022-nho/v1")
    assert [each for each in found.items if each.kind in ("level", "rank", "total")] == []
    assert found.causes["moi"].of("u1", "hang") is not None


def test_another_criterion_in_the_same_framework_needs_a_bridge_too(root: Path) -> None:
    """A revision with a criterion more is refused until somebody declares which criteria stayed."""
    more = FRAMEWORK.replace("levels:", "  c: {label: C, information: true, formula: may}\nlevels:")
    differing.write(root, "2021-nho", "v2", Build(FIRST, framework=more))

    with pytest.raises(DataError, match=r"bridges/nho--nho\.yaml"):
        compared("2021-nho/v1", "2021-nho/v2")


def test_editions_with_renamed_merged_and_split_units(root: Path) -> None:
    """Units formed since are compared with the units they come from: the merged one with the mean of 70 and 48."""
    answers = {"moi": ("20", "100"), "gop": ("100", "0"), "t1": ("80", "0")}
    formed = {"moi": "u3", "gop": "u1;u2", "t1": "u2"}
    differing.write(root, "2022-nho", "v1", Build(answers, previous=formed))

    found = compared("2021-nho/v1", "2022-nho/v1")

    totals = [(each.unit_id, each.before, each.after) for each in found.of("total")]
    assert totals == [("gop", "59", "60/1")]
    assert "trung bình cộng không trọng số" in " ".join(diff_print.text(found).split())
    assert {each.unit_id for each in found.causes["nho"].splits} == {"moi", "gop", "t1"}


def test_inputs_that_no_longer_give_the_results_are_not_split(root: Path) -> None:
    """Where a side's scores are not what its inputs give, the split is withheld and the side named."""
    differing.write(root, "2021-nho", "v2", Build({**FIRST, "u1": ("60", "100")}))
    scores = root / "reports/2021-nho/v2/nho/scores.csv"
    scores.write_text(scores.read_text(encoding="utf-8").replace("76/1", "77/1"), encoding="utf-8")

    found = compared("2021-nho/v1", "2021-nho/v2")

    assert found.causes == {}
    assert "2021-nho v2" in found.unsplit["nho"]


OTHER = "::: {{#tbl-khac}}\n\n| Xã |\n| :--- |\n| A |\n\nBảng khác\n\n:::\n\n"
PLACED = (
    '# Kết quả\n\nCao nhất là [{best}]{{fact="all/best"}} điểm.\n\n'
    f"So sánh tại @fig-nho-hang, @tbl-diem và [](#anx-nguon).\n\n{OTHER}"
    '::: {{#tbl-diem}}\n\n| Xã | Máy |\n| :--- | ---: |\n| Xã U1 | [x]{{fact="u1/received"}} |\n\nĐiểm\n\n:::\n\n'
    '![Biểu đồ](figures/nho-hang.svg){{#fig-nho-hang fig-alt="?"}}\n\n# Nguồn {{#anx-nguon .annex}}\n'
)


def vietnamese(root: Path, version: str, build: Build, received: str = "") -> None:
    """A version whose facts are shown with a comma; `received` is the value of two further ones."""
    differing.write(root, "2021-nho", version, build)
    file = root / "reports" / "2021-nho" / version / "facts.csv"
    rows = [line.split(",") for line in file.read_text(encoding="utf-8").splitlines()]
    rows += [[name, received, received, *rows[1][3:]] for name in ("u1/received", "u1/hidden") if received]
    made = [rows[0], *([row[0], row[1], f'"{row[2].replace(".", ",")}"', *row[3:]] for row in rows[1:])]
    file.write_text("".join(f"{','.join(row)}\n" for row in made), encoding="utf-8")


def test_numbers_are_written_in_the_language_of_the_comparison(root: Path) -> None:
    """Facts of a Vietnamese report (70,00) are said in English as the scores are: 60.5 × 60 % + 40 = 76.30."""
    for version, corrected in (("v2", {}), ("v3", {"u1": "60.5"})):
        vietnamese(root, version, Build(FIRST, corrected))

    english, own = (compared("2021-nho/v2", "2021-nho/v3", language) for language in ("en", "vi"))

    shown = {change["of"]: (change["before"], change["shown_before"], change["shown_after"])
             for change in json.loads(diff_print.as_json(english))["changes"] if change["kind"] == "fact"}  # fmt: skip
    assert shown == {"all/best": ("70,00", "70.00", "76.30"), "u1/may": ("50", "50.00", "60.50")}
    assert "Xã U1 – Số máy: 50.00 → 60.50" in diff_print.text(english)
    assert "Xã U1 – Số máy: 50 → 60,5" in diff_print.text(own)
    assert [each for each in told(english) if "70,00" in each] == []
    assert [each for each in told(own) if "70.00" in each] == []


def told(found: Difference) -> tuple[str, str, str]:
    """What is read on the terminal, in Markdown and on the page."""
    plain = diff_markdown.document(found).replace("\\", "")
    return " ".join(diff_print.text(found).split()), plain, diff_page.page(found)


def test_numbers_and_figures_have_names_instead_of_ids(root: Path) -> None:
    """Terminal, Markdown and page call a number by the words around it and a figure by its caption; JSON has ids."""
    vietnamese(root, "v2", Build(FIRST, text=PLACED), received="50")
    vietnamese(root, "v3", Build({**FIRST, "u1": ("60", "100")}, text=PLACED), received="51")

    found = compared("2021-nho/v2", "2021-nho/v3")

    for said in told(found):
        assert "Kết quả – “Cao nhất là (*) điểm”" in said
        assert "Điểm – Xã U1 – Máy" in said
        assert "Xã U1: hidden (báo cáo không in)" in said
        assert "Hình 1. Biểu đồ: 1 dòng thay đổi" in said
        assert [name for name in ("all/best", "u1/received", "nho-hang") if name in said] == []
    ids = [change["of"] for change in json.loads(diff_print.as_json(found))["changes"] if change["kind"] == "fact"]
    assert sorted(ids) == ["all/best", "u1/hidden", "u1/may", "u1/received"]
    assert [each.label for each in found.figures] == ["nho-hang"]


def test_references_in_a_paragraph_are_said_as_they_are_printed(root: Path) -> None:
    """A paragraph refers to figure, table and annex by number; it has not changed when only a number did."""
    vietnamese(root, "v2", Build(FIRST, text=PLACED))
    vietnamese(root, "v3", Build(FIRST, text=PLACED.replace("So sánh", "Xem")))
    vietnamese(root, "v4", Build(FIRST, text=PLACED.replace(OTHER, "")))

    found = compared("2021-nho/v2", "2021-nho/v3").sentences

    assert [(each.before, each.after) for each in found] == [
        ("So sánh tại Hình 1, Bảng 2 và Phụ lục I.", "Xem tại Hình 1, Bảng 2 và Phụ lục I.")
    ]
    assert compared("2021-nho/v2", "2021-nho/v4").sentences == ()


def test_the_command_writes_its_files(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`diff` writes Markdown and page where it is told, in the language that is asked for, and never into a version."""
    differing.write(root, "2021-nho", "v2", Build(FIRST, {"u2": "90"}))

    (root / "ra").mkdir()
    arguments = ["diff", "2021-nho", "v1", "v2", "--lang", "en", "--markdown", "a.md", "--page", "ra/a.html"]

    assert cli.main([], arguments) == 0
    assert "Scores: 1 changed" in capsys.readouterr().out
    row = next(each for each in (root / "a.md").read_text(encoding="utf-8").splitlines() if "Total" in each)
    assert row == r"| Xã U2 | Total | 48\.00 | 54\.00 | \+6\.00 | 0\.00 | \+6\.00 | 0\.00 | 0\.00 | 0\.00 |"
    assert (root / "ra" / "a.html").is_file()
    assert cli.main([], ["diff", "2021-nho", "v1", "v2", "--page", "reports/2021-nho/v2/a.html"]) == 2


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (("e", "v1", "v2"), (("e", "v1"), ("e", "v2"))),
        (("e", "v1"), (("e", "v1"), ("e", "draft"))),
        (("e", "f"), (("e", ""), ("f", ""))),
        (("e", "v1", "f"), (("e", "v1"), ("f", ""))),
        (("e", "f", "v3"), (("e", ""), ("f", "v3"))),
        (("e", "v1", "f", "draft"), (("e", "v1"), ("f", "draft"))),
    ],
)
def test_sides_are_named_by_edition_and_version(names: tuple[str, ...], found: object) -> None:
    """A version belongs to the edition before it; a single version is compared with the draft."""
    assert cli_diff.sides(names, "en") == found


@pytest.mark.parametrize("names", [("e", "v1", "v2", "v3"), ("e", "../x"), ("e", "v2", "v2"), ("v1", "v2")])
def test_anything_else_is_a_wrong_use(names: tuple[str, ...]) -> None:
    """One side, three sides, the same side twice, or a name that is none is refused."""
    with pytest.raises(UsageError):
        cli_diff.sides(names, "en")
