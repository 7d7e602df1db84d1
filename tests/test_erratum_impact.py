"""How grave an erratum is: each severity of a rule is reached by what changed, and a rule with a hole is refused."""

import dataclasses
import json
from pathlib import Path

import differing
import pytest
from differing import Build

from minhbach import diff, diff_context, diff_print, editions, erratum_folder, erratum_impact, erratum_trial
from minhbach.assessment import Errata
from minhbach.diff import Difference
from minhbach.diff_side import Side
from minhbach.erratum import Asked, Erring
from minhbach.erratum_facts import Cited
from minhbach.erratum_impact import Impact
from minhbach.paths import Edition
from minhbach.trace_evidence import Evidence
from minhbach.versions import Version

WORDS = {"name": {"vi": "Tên", "en": "Name"}, "action": {"vi": "Việc", "en": "Work"}}
GRAVE = {"id": "grave", "when": ["level", "rank"], **WORDS}
FIGURES = {"id": "figures", "when": ["total", "number", "figure"], **WORDS}
TEXT = {"id": "text", "when": ["sentence"], **WORDS}
NONE = {"id": "none", **WORDS}
RULE = Errata.model_validate({"severity": [GRAVE, FIGURES, TEXT, NONE]})
# 60 % of the first answer and 40 % of the second: 88, 46 and 20 points.
ANSWERS = {"u1": ("80", "100"), "u2": ("10", "100"), "u3": ("20", "20")}
REPORT = '# Kết quả\n\nCao nhất là [{best}]{{fact="all/best"}} điểm.\n'


def weighed(root: Path, **changes: object) -> Impact:
    """The impact of a build that differs in these parts, by the rule of these tests."""
    return erratum_impact.weighed(difference(root, **changes), RULE)


def difference(root: Path, **changes: object) -> Difference:
    """The difference between a build and the same with changes."""
    first = Build(ANSWERS, text=REPORT)
    differing.write(root, "ky", "v1", first)
    differing.write(root, "ky", "v2", dataclasses.replace(first, **changes))  # type: ignore[arg-type]
    for file in root.glob("reports/*/*/facts.csv"):
        file.write_text(file.read_text(encoding="utf-8").replace(",2,,vi", ",2,half_up,vi"), encoding="utf-8")
    one, other = (Side(Evidence(Edition("ky", root), name, "vi")) for name in ("v1", "v2"))
    return diff.difference(one, other)


def test_a_level_or_a_rank_is_grave(tmp_path: Path) -> None:
    """u2 gets 60 for 10: 36 + 40 = 76 points, level II, and the rank that it had."""
    found = weighed(tmp_path, corrected={"u2": "60"})

    assert (found.severity.id, found.reached) == ("grave", ("level",))
    assert {kind: found.counts[kind] for kind in ("level", "rank", "total")} == {"level": 1, "rank": 0, "total": 1}


def test_a_rank_alone_is_grave(tmp_path: Path) -> None:
    """u3 gets 70 for 20: 42 + 8 = 50 points are level II, so 69 is taken: 49.4 points, before u2 with 46."""
    found = weighed(tmp_path, corrected={"u3": "69"})

    assert (found.severity.id, found.reached) == ("grave", ("rank",))
    assert {kind: found.counts[kind] for kind in ("level", "rank", "total")} == {"level": 0, "rank": 2, "total": 1}


def test_figures_without_a_rank_or_a_level(tmp_path: Path) -> None:
    """u3 gets 21 for 20: 12.6 + 8 = 20.6 points, and nobody's rank or level moves."""
    found = weighed(tmp_path, corrected={"u3": "21"})

    assert (found.severity.id, found.reached) == ("figures", ("total", "number", "figure"))
    assert found.counts == {"level": 0, "rank": 0, "total": 1, "number": 1, "sentence": 0, "figure": 1}


def test_a_score_that_is_shown_alike_does_not_count(tmp_path: Path) -> None:
    """20.0001 for 20 moves the exact score by 0.00006, which no two decimals show; the answer is another number."""
    found = weighed(tmp_path, corrected={"u3": "20.0001"})

    assert len(found.difference.of("total")) == 1
    assert (found.counts["total"], found.counts["number"], found.severity.id) == (0, 1, "figures")


def test_words_alone(tmp_path: Path) -> None:
    """Only a paragraph says something else."""
    found = weighed(tmp_path, text=REPORT.replace("Cao nhất", "Lớn nhất"))

    assert (found.severity.id, found.reached, found.counts["sentence"]) == ("text", ("sentence",), 1)


@pytest.mark.parametrize(
    "more",
    [
        "",
        "\n# Các điều chỉnh số liệu\n\nCó một điều chỉnh.\n",
        "\n# Số liệu tự khai và số liệu sau thẩm tra\n\nHai bên.\n",
        "\n# Khảo sát\n\nKhông có số liệu nào được điều chỉnh.\n",
    ],
)
def test_what_only_describes_the_ledger_is_no_change(tmp_path: Path, more: str) -> None:
    """Nothing changes, or only a paragraph about the ledger of corrections: the severity is the last one."""
    found = weighed(tmp_path, text=REPORT + more)

    assert (found.severity.id, found.reached) == ("none", ())
    assert len(found.difference.sentences) == bool(more)


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        ([GRAVE, FIGURES], "the last severity must have no `when`"),
        ([NONE, GRAVE, NONE | {"id": "other"}], "'none' has no `when`"),
        ([GRAVE, GRAVE, NONE], "'grave' stands twice"),
        ([GRAVE, FIGURES | {"when": ["rank"]}, NONE], "'figures' is never reached"),
        ([GRAVE | {"when": ["weather"]}, NONE], "Input should be 'level'"),
        ([], "at least 1 item"),
    ],
)
def test_a_rule_with_a_hole_is_refused(rules: list[dict[str, object]], message: str) -> None:
    """Every erratum has a severity, every severity can be reached, and ids are unique."""
    with pytest.raises(ValueError, match=message):
        Errata.model_validate({"severity": rules})


def test_facts_are_said_in_either_language(tmp_path: Path) -> None:
    """A version with a Vietnamese report alone gives an English notice the same values with English marks."""
    found = difference(tmp_path, corrected={"u2": "60.5"})
    items = {item.of: item for item in found.items if item.unit_id == "u2"}
    spoken = {language: Cited(found, language) for language in ("vi", "en")}

    pairs = {
        language: [
            [span.replace("\\", "").split("]")[0][1:] for span in each.pair(items[name])]
            for name in ("muc", "total", "u2/may")
        ]
        for language, each in spoken.items()
    }

    # 60.5 % of 60 and 40 % of 100 are 36.3 + 40 = 76.3 points.
    assert pairs["en"] == [["No level", "Level II"], ["46.00", "76.30"], ["10.00", "60.50"]]
    assert pairs["vi"][1:] == [["46,00", "76,30"], ["10,00", "60,50"]]
    assert {fact.fact_id: fact.value for fact in spoken["vi"].facts} == {
        fact.fact_id: fact.value for fact in spoken["en"].facts
    }
    assert spoken["en"].change(items["total"]) == '\\+[30\\.30]{fact="v2-v1:u2/total"}'


def test_the_trial_is_named_by_its_entries(tmp_path: Path) -> None:
    """A version is compared with "the trial with C001, C002", which is no draft of the project; JSON says draft."""
    edition, trial = Edition("ky", tmp_path), Edition("ky", tmp_path / "trial")
    differing.write(edition.root, "ky", "v1", Build(ANSWERS))
    differing.write(trial.root, "ky", "draft", Build({"u1": ANSWERS["u1"]}, {"u1": "90"}))
    version = Version(edition, "v1")
    asked = Asked(edition, ("C001", "C002"))
    erring = Erring(asked, editions.load(version.inputs), "en", (), version, Version(edition, "v2"), None, "new")

    found = erratum_folder.against(version, trial, "en", erratum_trial.name(erring))

    said = " ".join(diff_print.text(found).split())
    assert said.startswith("Differences between ky v1 and the trial with C001, C002 The two sides")
    assert "draft" not in said
    assert json.loads(diff_print.as_json(found))["later"] == {"edition": "ky", "version": "draft"}


def test_numbers_are_named_by_what_stands_around_them(tmp_path: Path) -> None:
    """A fact of a sentence has its words, one of a table its caption, row and column, one of a figure its caption."""
    text = (
        '# Kết quả\n\nCó [3]{{fact="all/n"}} xã; cao nhất là [{best}]{{fact="all/best"}} điểm ở Xã U1. Xem @tbl-a.\n\n'
        '::: {{#tbl-a}}\n\n| Xã | Điểm |\n| :--- | ---: |\n| Xã U1 | [x]{{fact="u1/x"}} |\n\nBảng điểm\n\n:::\n\n'
        '![Biểu đồ](figures/nho-hang.svg){{#fig-nho-hang fig-alt="?"}}\n'
    )
    found = diff_context.places(difference(tmp_path, text=text).later)

    assert found["all/n"] == "Kết quả – “Có (*) xã”"
    assert found["all/best"] == "Kết quả – “cao nhất là (*) điểm ở Xã U1”"
    assert found["u1/x"] == "Bảng điểm – Xã U1 – Điểm"
    assert found["u2/total"] == "Biểu đồ – Xã U2"
