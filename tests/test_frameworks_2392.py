"""The frameworks of Decision 2392/QĐ-BTTTT: what the decision prints, and sample criteria of every rule shape."""

from fractions import Fraction

import pytest

from minhbach import formula, framework
from minhbach.answers import Answers
from minhbach.formula_exact import evaluate
from minhbach.numbers import exact_text
from minhbach.parts import Share
from minhbach.score import score
from minhbach.score_exact import Row
from minhbach.units import Unit

HUYEN = framework.find("qd-2392-2017-huyen")
XA = framework.find("qd-2392-2017-xa")
BOTH = pytest.mark.parametrize("kind", [HUYEN, XA], ids=["huyen", "xa"])

GROUPS = ("CD", "GD", "TT", "HD", "HT", "NL", "MT")
MAXIMA = {
    "huyen": {"total": "150", "san_sang": "50", "HT": "30", "NL": "12", "MT": "8"}
    | {"ket_qua": "100", "HD": "40", "TT": "35", "GD": "20", "CD": "5"},
    "xa": {"total": "90", "san_sang": "30", "HT": "18", "NL": "7.2", "MT": "4.8"}
    | {"ket_qua": "60", "HD": "27", "TT": "18", "GD": "10", "CD": "5"},
}
# Article 6, row by row: points of the two parts, per cent of the groups' maxima.
TABLES = {
    "huyen": {
        "ket_qua": ("90", "84.25", "77", "70.5"),
        "CD": ("90", "50", "0", "0"),
        "GD": ("90", "80", "75", "70"),
        "TT": ("90", "85", "80", "70"),
        "HD": ("90", "90", "85", "80"),
        "san_sang": ("45", "40", "37.5", "35"),
        "HT": ("90", "80", "75", "70"),
        "NL": ("90", "80", "75", "70"),
        "MT": ("90", "80", "75", "70"),
    },
    "xa": {
        "ket_qua": ("54", "50.1", "43.5", "38.5"),
        "CD": ("90", "50", "0", "0"),
        "GD": ("90", "80", "75", "70"),
        "TT": ("90", "85", "80", "70"),
        "HD": ("90", "90", "80", "70"),
        "san_sang": ("27", "24", "22.5", "21"),
        "HT": ("90", "80", "75", "70"),
        "NL": ("90", "80", "75", "70"),
        "MT": ("90", "80", "75", "70"),
    },
}


def criteria(kind):
    return [name for name, node in kind.nodes.items() if not node.children]


def lowest(kind, **given):
    """The lowest answers the form allows: the least number, no, the last option, nothing where none is asked."""
    texts = {}
    for name, field in kind.fields.items():
        least = exact_text(field.min) if field.numeric and field.required else ""
        texts[name] = {"yes_no": "no", "choice": (field.options or ("",))[-1]}.get(field.type, least)
    return texts | given


def highest(kind):
    """Answers with full marks: 20 of 20 everywhere, 30 items a month, services split 10 and 10, no incidents."""
    texts = {}
    for name, field in kind.fields.items():
        by_type = {
            "yes_no": "yes",
            "choice": (field.options or ("",))[0],
            "percent": "1",
            "count": "20",
            "number": "20",
        }
        texts[name] = by_type.get(field.type, "")
    return texts | {"so_tin_bai_thang": "30", "so_dvc_muc_3": "10", "so_dvc_muc_4": "10", "so_su_co": "0"}


def scored(kind, *units):
    """The points of units with these answers."""
    listed = tuple(Unit(f"u{number}", f"u{number}", "", kind.spec.unit_kind) for number in range(len(units)))
    return score(Answers(kind, listed, {name: tuple(unit[name] for unit in units) for name in kind.fields}))


@BOTH
def test_maxima(kind):
    """The parts and groups have the points of the decision, and the criteria of a group add up to them exactly."""
    unit_kind = kind.spec.unit_kind

    assert {name: node.max_points for name, node in kind.nodes.items() if node.children} == {
        name: Fraction(points) for name, points in MAXIMA[unit_kind].items()
    }
    for name in MAXIMA[unit_kind]:
        node = kind.nodes[name]
        assert sum(kind.nodes[child].max_points for child in node.children) == node.max_points, name


@BOTH
def test_level_table(kind):
    """Levels I to IV have every condition of Article 6 as printed, and below level IV a unit is not ranked."""
    (scheme,) = kind.levels
    table = TABLES[kind.spec.unit_kind]

    assert scheme.order == ("I", "II", "III", "IV")
    assert scheme.otherwise.vi == "Không xếp hạng"
    assert scheme.basis == "printed"
    assert [ranking.basis for ranking in kind.spec.rankings] == ["inferred"]
    for place, level in enumerate(scheme.order):
        conditions = scheme.conditions[level]
        assert {name for name, least in conditions.items() if isinstance(least, Share)} == set(GROUPS)
        assert {name: Fraction(least) * (100 if name in GROUPS else 1) for name, least in conditions.items()} == {
            name: Fraction(row[place]) for name, row in table.items()
        }


@BOTH
@pytest.mark.parametrize(("part", "groups"), [("ket_qua", GROUPS[:4]), ("san_sang", GROUPS[4:])])
def test_sums_of_group_minima(kind, part, groups):
    """The printed minimum of each part is exactly the sum of its groups' minima (90, 84.25, … and 54, 50.1, …)."""
    table, maxima = TABLES[kind.spec.unit_kind], MAXIMA[kind.spec.unit_kind]

    sums = [sum(Fraction(table[name][place]) / 100 * Fraction(maxima[name]) for name in groups) for place in range(4)]

    assert sums == [Fraction(points) for points in table[part]]
    assert [kind.levels[0].conditions[level][part] for level in ("I", "II", "III", "IV")] == sums


@BOTH
def test_levels_are_nested(kind):
    """Every condition of a better level is at least as high as the same condition of the next one."""
    (scheme,) = kind.levels

    for better, worse in zip(scheme.order, scheme.order[1:], strict=False):
        pairs = [(scheme.conditions[better][name], least) for name, least in scheme.conditions[worse].items()]
        assert all(type(above) is type(below) and above >= below for above, below in pairs)


@BOTH
def test_what_is_printed_inferred_and_sample(kind):
    """Criteria are samples and the file says so aloud; totals, and the communes' readiness groups, are inferred."""
    inferred = {"huyen": {"total", "san_sang", "ket_qua"}, "xa": {"total", "HT", "NL", "MT"}}[kind.spec.unit_kind]

    assert {name for name, node in kind.nodes.items() if node.basis == "sample"} == set(criteria(kind))
    assert {name for name, node in kind.nodes.items() if node.basis == "inferred"} == inferred
    assert all(kind.nodes[name].note for name in MAXIMA[kind.spec.unit_kind])
    assert "TIÊU CHÍ MINH HỌA" in kind.spec.note.vi
    assert "SAMPLE CRITERIA" in kind.spec.note.en
    assert (kind.spec.source.document, kind.spec.source.date) == ("2392/QĐ-BTTTT", "2017-12-25")


def test_why_the_communes_readiness_is_inferred():
    """18, 7.2 and 4.8 are the printed 30, 12 and 8 times 30/50, and each group's note says why."""
    for name, printed in (("HT", 30), ("NL", 12), ("MT", 8)):
        node = XA.nodes[name]
        assert node.max_points == Fraction(printed * 30, 50)
        assert "45 điểm trên 30" in node.note.vi
        assert "45 points out of 30" in node.note.en


@BOTH
def test_criteria_are_complete(kind):
    """Every criterion has its own number, both labels, the document that proves it, and answers that it rests on."""
    names = criteria(kind)
    nodes = [kind.nodes[name] for name in names]

    assert len(names) >= {"huyen": 45, "xa": 32}[kind.spec.unit_kind]
    assert len({node.number for node in nodes}) == len(nodes)
    for name, node in zip(names, nodes, strict=True):
        assert name.startswith(kind.parent[name])
        assert all((node.label.vi, node.label.en, node.evidence.vi, node.evidence.en)), name
        assert formula.names(kind.formulas[name]) & set(kind.fields), name


@BOTH
def test_fields_are_used_where_they_are_asked(kind):
    """Every field of a group counts in some criterion; only general information is asked without being scored."""
    used = {name for tree in (*kind.formulas.values(), *kind.conditions.values()) for name in formula.names(tree)}

    assert {field.section for name, field in kind.fields.items() if name not in used} == {"thong_tin_chung"}
    assert {field.section for field in kind.fields.values()} == {*GROUPS, "thong_tin_chung"}


@BOTH
def test_full_marks(kind):
    """Answers with full marks lie in the form's ranges, pass every check, and give every node exactly its maximum."""
    answers = highest(kind)
    points = scored(kind, answers)

    for name, field in kind.fields.items():
        if field.numeric:
            assert field.min <= Fraction(answers[name]) <= field.max, name
    for name, tree in kind.check_trees.items():
        assert evaluate(tree, Row(points.exactly, "", 0)) == 1, name
    for name, node in kind.nodes.items():
        assert points.exactly.points(name, 0) == node.max_points, name


@BOTH
def test_lowest_answers(kind):
    """The lowest answers give 0 except for the points a unit keeps by having no incidents; two incidents take those."""
    kept = {"huyen": ("MT6", Fraction(1)), "xa": ("MT4", Fraction("1.2"))}[kind.spec.unit_kind]
    points = scored(kind, lowest(kind), lowest(kind, so_su_co="2"))

    scores = {name: points.exactly.points(name, 0) for name in criteria(kind)}

    assert {name: value for name, value in scores.items() if value} == dict([kept])
    assert [points.exactly.points("total", row) for row in (0, 1)] == [kept[1], 0]


@BOTH
def test_checks_say_what_to_do(kind):
    """Every check speaks of at least two answers, and its message asks for something in both languages."""
    for check in kind.spec.checks:
        assert len(formula.names(kind.check_trees[check.id])) >= 2, check.id
        assert "đề nghị" in check.message.vi, check.id
        assert "correct" in check.message.en or "add" in check.message.en, check.id


@BOTH
def test_a_blank_is_never_a_silent_zero(kind):
    """Without its number of officials, or of incidents, a unit has no points for what rests on it, and no total."""
    points = scored(kind, lowest(kind, so_cbcc="0"), lowest(kind, so_su_co=""))
    deduction = {"huyen": "MT6", "xa": "MT4"}[kind.spec.unit_kind]

    assert [points.exactly.points(name, 0) for name in ("HT1", "total")] == [None, None]
    assert [points.exactly.points(name, 1) for name in (deduction, "total")] == [None, None]


# shape, framework, criterion, answers beside the lowest ones, points by hand
SHAPES = [
    ("ratio × max", HUYEN, "HT1", {"so_cbcc": "40", "so_may_tinh": "30"}, Fraction(5 * 30, 40)),
    ("ratio, capped at 1", HUYEN, "HT1", {"so_cbcc": "40", "so_may_tinh": "50"}, Fraction(5)),
    ("ratio, nothing to share", HUYEN, "GD3", {"so_ho_so_dvc": "0"}, Fraction(0)),
    (
        "ratio against a target",
        HUYEN,
        "GD1",
        {"so_tthc": "100", "so_dvc_muc_3": "10", "so_dvc_muc_4": "5"},
        Fraction(5 * 15, 30),
    ),
    ("yes or no", HUYEN, "MT3", {"co_ke_hoach": "yes"}, Fraction(1)),
    ("banded steps", HUYEN, "MT2", {"so_cuoc_hop": "3"}, Fraction(1)),
    ("banded steps, on the edge", HUYEN, "MT2", {"so_cuoc_hop": "4"}, Fraction("1.5")),
    (
        "graded options",
        HUYEN,
        "MT1",
        {"truong_ban_chi_dao": "Phó Chủ tịch UBND cấp huyện"},
        Fraction("1.5") / 2,
    ),
    (
        "graded options, three quarters",
        XA,
        "NL2",
        {"trinh_do_phu_trach": "Trung cấp hoặc cao đẳng CNTT"},
        Fraction("1.2") * 3 / 4,
    ),
    ("count × points, capped", HUYEN, "NL5", {"so_can_bo_attt": "3"}, Fraction(2)),
    (
        "sum of sub-items",
        HUYEN,
        "HT4",
        {"so_phong_ban": "10", "so_phong_ban_lan": "5", "so_ung_dung_mang": "1"},
        Fraction(4 * 5, 10) + Fraction(1, 2),
    ),
    (
        "sum of sub-items",
        XA,
        "CD2",
        {"mot_cua_dung_chung": "yes", "so_ho_so_tiep_nhan": "8", "so_ho_so_phan_mem": "2"},
        1 + Fraction(2, 8),
    ),
    (
        "best of alternatives, own room",
        HUYEN,
        "HT6",
        {"co_phong_may_chu": "yes", "phong_may_chu_nguon": "yes", "phong_may_chu_lam_mat": "yes"},
        2 + 2 * Fraction(1, 2),
    ),
    (
        "best of alternatives, both",
        HUYEN,
        "HT6",
        {"co_phong_may_chu": "yes", "thue_may_chu_tinh": "yes"},
        Fraction(4),
    ),
    ("best of alternatives", XA, "HT4", {"co_cap_quang": "yes", "co_duong_du_phong": "yes"}, Fraction(3)),
    ("checklist", HUYEN, "HT7", {"co_tuong_lua": "yes", "co_sao_luu": "yes"}, Fraction(2)),
    ("checklist with weights", HUYEN, "TT6", {"tra_cuu_cong": "yes", "tra_cuu_ma_vach": "yes"}, Fraction("3.5")),
    ("deduction", HUYEN, "MT6", {"so_su_co": "1"}, Fraction(1, 2)),
    ("deduction, not below 0", XA, "MT4", {"so_su_co": "9"}, Fraction(0)),
    ("roll-up of the level below", HUYEN, "CD1", {"ty_le_xa_dat_muc": "0.4"}, Fraction(2, 5)),
    (
        "equal-weight mean, one share left out",
        HUYEN,
        "HD11",
        {
            "so_chuyen_muc": "20",
            "so_chuyen_muc_dung_han": "10",
            "so_vb_chi_dao": "5",
            "so_vb_chi_dao_dang": "5",
            "so_vb_dang_dung_han": "5",
        },
        4 * (Fraction(10, 20) + 1) / 2,
    ),
    (
        "weighted mean",
        HUYEN,
        "TT9",
        {"so_linh_vuc": "10", "so_linh_vuc_mot_cua": "5", "so_ho_so_tiep_nhan": "40", "so_ho_so_phan_mem": "30"},
        3 * (Fraction(6, 10) * 5 / 10 + Fraction(4, 10) * 30 / 40),
    ),
    (
        "weighted mean, one part left out",
        XA,
        "CD3",
        {"so_vb_den": "50", "so_vb_den_dien_tu": "10"},
        Fraction(10, 50),
    ),
]


@pytest.mark.parametrize(
    ("kind", "criterion", "given", "expected"),
    [shape[1:] for shape in SHAPES],
    ids=[f"{shape}: {kind.spec.unit_kind} {criterion}" for shape, kind, criterion, _, _ in SHAPES],
)
def test_rule_shapes(kind, criterion, given, expected):
    """A criterion of every rule shape gives the points worked out by hand, in floats and exactly."""
    points = scored(kind, lowest(kind, **given))

    assert points.exactly.points(criterion, 0) == expected
    assert points.values[criterion].array[0] == pytest.approx(float(expected), abs=1e-12)


def test_normalised_by_the_best_unit():
    """Bandwidth per official and online dossiers per resident are measured against the best unit of the kind."""
    districts = scored(
        HUYEN,
        lowest(HUYEN, so_cbcc="20", bang_thong="40"),
        lowest(HUYEN, so_cbcc="40", bang_thong="60"),
        lowest(HUYEN, so_cbcc="40", bang_thong="0"),
    )
    communes = scored(
        XA,
        lowest(XA, dan_so="1000", so_ho_so_truc_tuyen="100"),
        lowest(XA, dan_so="4000", so_ho_so_truc_tuyen="100"),
    )

    # 40/20 = 2 Mbps is the best; 60/40 = 1.5 is three quarters of it.
    assert [districts.exactly.points("HT3", row) for row in range(3)] == [4, 3, 0]
    assert [communes.exactly.points("GD4", row) for row in range(2)] == [1, Fraction(1, 4)]


@pytest.mark.parametrize(
    ("kind", "points_of_channels", "maximum", "maximum_left"),
    [(HUYEN, 4, 35, 35 - 5 - 3 - 5), (XA, 3, 18, 18 - 4 - 4)],
    ids=["huyen", "xa"],
)
def test_rescaled_when_a_part_is_not_run(kind, points_of_channels, maximum, maximum_left):
    """With no questions and no survey, the rest of the interaction group is rescaled to the group's maximum."""
    channels = {name: "yes" for name in kind.fields if name.startswith("kenh_")}
    asked = {"huyen": "so_cau_hoi", "xa": "so_phan_anh"}[kind.spec.unit_kind]
    without = lowest(kind, **channels)
    with_both = without | {asked: "10", "co_khao_sat": "yes", "ty_le_hai_long": "0"}

    points = scored(kind, without, with_both)

    assert points.exactly.points("TT", 0) == Fraction(points_of_channels * maximum, maximum_left)
    assert points.exactly.points("TT", 1) == points_of_channels
    assert points.exactly.maximum("TT", 0) == maximum
