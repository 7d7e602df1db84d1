"""The frameworks of Decision 62/QĐ-BTTTT: ministries, agencies attached to the Government, provinces."""

import unicodedata
from collections.abc import Mapping
from functools import cache

import pytest
from conftest import REPOSITORY

from minhbach import formula
from minhbach.answers import Answers
from minhbach.expectations import BLANK_RESULTS, wide
from minhbach.framework import Framework, find
from minhbach.levels import levels
from minhbach.model import Question
from minhbach.rank import ranks
from minhbach.score import Points, score
from minhbach.units import Unit

KINDS = ("bo", "cqtcp", "tinh")
CATEGORIES = ("HM1", "HM2", "HM3", "HM4", "HM5", "HM6")
NAMES = (
    "Hạ tầng kỹ thuật công nghệ thông tin",
    "Ứng dụng công nghệ thông tin trong hoạt động của cơ quan",
    "Trang/Cổng thông tin điện tử",
    "Cung cấp dịch vụ công trực tuyến",
    "Cơ chế, chính sách và các quy định cho ứng dụng công nghệ thông tin",
    "Nhân lực cho ứng dụng công nghệ thông tin",
)
MAXIMA = {
    "bo": (200, 200, 100, 150, 80, 70),
    "cqtcp": (200, 200, 100, 150, 80, 70),
    "tinh": (200, 200, 100, 200, 80, 70),
}
# Annex 1B was read, so these of the ministries are more than samples.
READ = {
    "HM1",
    "HM1_1",
    "HM1_2",
    "HM1_3",
    "HM1_4",
    "HM1_4a",
    "HM1_4b",
    "HM1_5",
    "HM1_5a",
    "HM1_5a1",
    "HM1_5a2",
    "HM1_5a2a1",
}

Given = Mapping[str, int | float | str]
# What full marks need beside "1000 of everything, or as much as the form allows, and the first option".
BEST = {
    "so_su_co_khong_bao_cao": "0",
    "so_lan_gian_doan": "0",
    "dvc_muc_1": "0",
    "dvc_muc_2": "0",
    "dvc_muc_3": "500",
    "dvc_muc_4": "500",
}
# What no marks need beside "0 of everything, or as little as the form allows, and the last option".
WORST = {
    "so_tthc": "1",
    "so_ho_so_muc_3": "1",
    "so_ho_so_muc_4": "1",
    "so_ho_so_giai_quyet": "1",
    "so_dvc_thu_phi": "1",
    "so_cau_hoi": "1",
    "so_can_bo_cntt": "1",
    "kinh_phi_ke_hoach": "1",
    "co_khao_sat_hai_long": "yes",
    "co_don_vi_ngoai_tru_so": "yes",
}


@cache
def framework_of(kind: str) -> Framework:
    return find(f"qd-62-2017-{kind}", REPOSITORY)


def best(field: Question) -> str:
    if field.numeric:
        return str(1000 if field.max is None else min(1000, field.max))
    return field.options[0] if field.options else "yes" if field.type == "yes_no" else ""


def worst(field: Question) -> str:
    if field.numeric:
        return str(max(0, field.min or 0))
    return field.options[-1] if field.options else "no" if field.type == "yes_no" else ""


def full_marks(framework: Framework) -> dict[str, str]:
    found = {name: best(field) for name, field in framework.fields.items()}
    return found | {name: value for name, value in BEST.items() if name in found}


def no_marks(framework: Framework) -> dict[str, str]:
    found = {name: worst(field) for name, field in framework.fields.items()}
    return found | {name: value for name, value in WORST.items() if name in found}


def answers_of(framework: Framework, *units: Mapping[str, str], kinds: tuple[str, ...] = ()) -> Answers:
    kinds = kinds or (framework.spec.unit_kind,) * len(units)
    known = tuple(Unit(f"u{place}", f"Đơn vị {place}", "", kind) for place, kind in enumerate(kinds, start=1))
    return Answers(framework, known, {name: tuple(unit[name] for unit in units) for name in framework.fields})


def scored(kind: str, *changes: Given, kinds: tuple[str, ...] = ()) -> Points:
    """Points of one unit per change; each has full marks but for the answers in its change."""
    framework = framework_of(kind)
    units = [full_marks(framework) | {name: str(value) for name, value in each.items()} for each in changes]
    assert all(set(each) <= set(framework.fields) for each in changes)
    return score(answers_of(framework, *units, kinds=kinds))


def points_of(points: Points, node_id: str) -> list[float]:
    return [float(value) for value in points.values[node_id].array]


def top_of(points: Points, node_id: str, row: int = 0) -> float:
    top = points.exactly.maximum(node_id, row)
    assert top is not None
    return float(top)


# ---- what the files say ----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_the_six_categories_are_those_of_the_decision(kind: str) -> None:
    """The tops of the tree are exactly the six categories the decision names, and there is no total."""
    framework = framework_of(kind)

    tops = [node_id for node_id in framework.nodes if node_id not in framework.parent]

    assert tuple(tops) == CATEGORIES
    assert tuple(framework.nodes[node_id].label.vi for node_id in tops) == NAMES
    assert tuple(framework.nodes[node_id].max_points for node_id in tops) == MAXIMA[kind]
    assert all(framework.nodes[node_id].required for node_id in tops)


@pytest.mark.parametrize("kind", KINDS)
def test_source_is_the_decision(kind: str) -> None:
    """Each file names the decision, its date and issuer, and says aloud what is printed, inferred and sample."""
    spec = framework_of(kind).spec

    said = spec.note

    assert (spec.source.document, spec.source.date) == ("62/QĐ-BTTTT", "2017-01-19")
    assert (spec.source.issuer, spec.unit_kind) == ("Bộ Thông tin và Truyền thông", kind)
    assert said is not None
    assert all(word in said.vi for word in ("TIÊU CHÍ MINH HỌA", "ĐÃ IN", "SUY LUẬN", "không đọc được"))
    assert all(word in said.en for word in ("SAMPLE", "PRINTED", "INFERRED", "could not be read"))


def test_first_category_of_the_ministries_has_the_printed_maxima() -> None:
    """Ministries: 20, 20, 40, 50 (45 + 5), then 70 for the rest, 200 in all; a data centre 35 of at most 60."""
    nodes = framework_of("bo").nodes

    tops = [nodes[child].max_points or 0 for child in nodes["HM1"].children]

    assert tops[:4] == [20, 20, 40, 50]
    assert sum(tops[4:]) == 70
    assert sum(tops) == nodes["HM1"].max_points == 200
    assert [nodes[child].max_points for child in ("HM1_4a", "HM1_4b")] == [45, 5]
    assert [nodes[child].max_points for child in ("HM1_5a", "HM1_5a1")] == [60, 35]


@pytest.mark.parametrize("kind", KINDS)
def test_only_what_was_read_is_more_than_a_sample(kind: str) -> None:
    """Outside the read beginning of Annex 1B every node is a sample; criteria there are printed, the frame inferred."""
    nodes = framework_of(kind).nodes

    printed = {node_id for node_id, node in nodes.items() if node.basis == "printed"}
    inferred = {node_id for node_id, node in nodes.items() if node.basis == "inferred"} | printed
    sample = {node_id for node_id, node in nodes.items() if node.basis == "sample"}
    notes = [nodes[node_id].note for node_id in inferred]

    criteria = {f"HM1_{name}" for name in ("1", "2", "3", "4", "4a", "4b", "5a1", "5a2a1")}
    assert inferred == (READ if kind == "bo" else set())
    assert printed == (criteria if kind == "bo" else set())
    assert inferred | sample == set(nodes)
    assert all(note is not None and "Phụ lục 1B" in note.vi for note in notes)


@pytest.mark.parametrize("kind", KINDS)
def test_every_criterion_is_complete(kind: str) -> None:
    """Some forty criteria have a number, a label in both languages, and the document that proves them."""
    nodes = framework_of(kind).nodes
    criteria = {node_id: node for node_id, node in nodes.items() if node.formula is not None}

    unnumbered = [node_id for node_id, node in nodes.items() if not node.number]
    unproven = [node_id for node_id, node in criteria.items() if not (node.evidence and node.evidence.vi)]
    one_language = [node_id for node_id, node in nodes.items() if node.label.vi == node.label.en]

    assert 40 <= len(criteria) <= 70
    assert (unnumbered, unproven, one_language) == ([], [], [])
    assert all(node.evidence is not None and node.evidence.en for node in criteria.values())


@pytest.mark.parametrize("kind", KINDS)
def test_every_question_belongs_to_its_category(kind: str) -> None:
    """Each question of a category is used by a criterion of that category, and is asked in both languages."""
    framework = framework_of(kind)
    trees = [*framework.formulas.items(), *framework.conditions.items()]

    used = {(node_id[:3], name) for node_id, tree in trees for name in formula.names(tree)}
    asked = {(field.section, name) for name, field in framework.fields.items() if field.section != "thong_tin_chung"}

    assert asked - used == set()
    assert {section for section, _ in asked} == set(CATEGORIES)
    assert [name for name, field in framework.fields.items() if field.label.vi == field.label.en] == []


@pytest.mark.parametrize("kind", KINDS)
def test_texts_are_composed_unicode(kind: str) -> None:
    """The Vietnamese of each file is in composed Unicode, so that options equal what forms bring back."""
    text = (REPOSITORY / "frameworks" / f"qd-62-2017-{kind}.yaml").read_text(encoding="utf-8")

    assert unicodedata.is_normalized("NFC", text)


# ---- full marks, no marks --------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_full_marks_give_every_maximum(kind: str) -> None:
    """The best answers the form allows give each criterion and each category exactly its maximum."""
    points = scored(kind, {})
    nodes = points.framework.nodes

    short = {node_id for node_id, node in nodes.items() if points.exactly.points(node_id, 0) != node.max_points}

    assert short == set()
    assert [points_of(points, node_id)[0] for node_id in CATEGORIES] == list(MAXIMA[kind])


@pytest.mark.parametrize("kind", KINDS)
def test_no_marks_give_zero(kind: str) -> None:
    """The worst answers the form allows give each criterion 0, of the same maximum."""
    framework = framework_of(kind)

    points = score(answers_of(framework, no_marks(framework), full_marks(framework)))
    left_out = {node_id for node_id in framework.nodes if points.exactly.left_out(node_id, 0)}
    scores = {points.exactly.points(node_id, 0) for node_id in framework.nodes if node_id not in left_out}

    assert scores == {0}
    assert left_out == {"HM1_5a2", "HM1_5a2a", "HM1_5a2a1", "HM1_5a2a2", "HM1_5a2b", "HM1_5b2"}  # nothing to qualify
    assert [top_of(points, node_id) for node_id in CATEGORIES] == list(MAXIMA[kind])


# ---- every rule shape, by arithmetic ---------------------------------------------------------------------

SHAPES: list[tuple[str, str, Given, float]] = [
    ("ratio", "HM1_1", {"so_cbccvc": 1000, "so_cbccvc_co_may_tinh": 850}, 20 * 0.85),
    ("ratio above 1 is capped", "HM1_1", {"so_cbccvc": 500, "so_cbccvc_co_may_tinh": 850}, 20),
    ("yes or no", "HM5_1a", {"co_ke_hoach_5_nam": "no"}, 0),
    ("banded steps", "HM2_6", {"so_csdl_chuyen_nganh": 4}, 20),
    ("banded steps, on the step", "HM2_6", {"so_csdl_chuyen_nganh": 5}, 30),
    ("banded steps, below the first", "HM5_4", {"so_cuoc_hop_ban_chi_dao": 0}, 0),
    ("graded options", "HM5_2", {"kien_truc": "Đang xây dựng"}, 15 / 2),
    ("count with cap", "HM4_2", {"dvc_muc_3": 12}, 12),
    ("count with cap, above it", "HM4_3", {"dvc_muc_4": 11}, 30),
    ("sum of sub-items", "HM1_4", {"so_don_vi": 20, "so_don_vi_wan": 16, "so_ung_dung_wan": 3}, 45 * 0.8 + 3),
    ("best of alternatives: notice 5 + own assessment 10 < tier 3", "HM1_5a2",
     {"ttdl_hop_quy": "Tự đánh giá", "ttdl_tieu_chuan_khac": "Mức 3"}, 20),
    ("best of alternatives: notice 5 + own assessment 10 > tier 1", "HM1_5a2",
     {"ttdl_hop_quy": "Tự đánh giá", "ttdl_tieu_chuan_khac": "Mức 1"}, 15),
    ("best of branches: server room", "HM1_5", {"co_trung_tam_du_lieu": "no", "so_dieu_kien_phong_may_chu": 3}, 35),
    ("best of branches: bare data centre", "HM1_5", {"ttdl_thong_bao_tiep_nhan": "no", "so_dieu_kien_phong_may_chu": 0,
     "ttdl_hop_quy": "Chưa đánh giá", "ttdl_tieu_chuan_khac": "Không có"}, 35),
    ("checklist", "HM5_5", {"quy_che_cong": "no", "quy_che_chu_ky_so": "no"}, 3 * 3),
    ("checklist of the portal", "HM3_2", {"cong_tim_kiem": "no"}, 4 * 4),
    ("rescaled: no survey", "HM4_7", {"co_khao_sat_hai_long": "no", "ty_le_hai_long": ""}, 10 * 20 / 10),
    ("not rescaled: survey", "HM4_7", {"ty_le_hai_long": 0.5}, 10 + 5),
    ("deduction", "HM2_8", {"so_su_co_khong_bao_cao": 1}, 15 - 5),
    ("deduction, floor", "HM2_8", {"so_su_co_khong_bao_cao": 4}, 0),
    ("equal-weight mean", "HM2_2", {"so_vb_noi_bo": 1000, "so_vb_noi_bo_dien_tu": 500}, 30 * (0.5 + 1) / 2),
    ("weighted mean", "HM4_4", {"so_ho_so_truc_tuyen_muc_3": 500, "so_ho_so_truc_tuyen_muc_4": 250},
     20 * (0.4 * 0.5 + 0.6 * 0.25)),
    ("weighted mean without level 4", "HM4_4",
     {"so_ho_so_truc_tuyen_muc_3": 500, "so_ho_so_muc_4": 0, "so_ho_so_truc_tuyen_muc_4": 0}, 20 * 0.5),
    ("pillar-weighted mean", "HM6_2",
     {"so_can_bo_cntt": 10, "so_can_bo_cntt_dai_hoc": 5, "so_can_bo_cntt_an_toan": 2, "so_can_bo_cntt_dao_tao": 10},
     20 * (0.4 * 0.5 + 0.3 * 0.2 + 0.3 * 1)),
    ("information only", "HM6_5", {"so_can_bo_cntt_nu": 400}, 0),
]  # fmt: skip


@pytest.mark.parametrize(("shape", "node_id", "given", "expected"), SHAPES, ids=[shape for shape, *_ in SHAPES])
def test_each_rule_shape_gives_its_arithmetic(shape: str, node_id: str, given: Given, expected: float) -> None:
    """Each rule shape occurs among the criteria of the ministries and gives what its arithmetic says."""
    points = scored("bo", given)

    assert points_of(points, node_id) == [pytest.approx(expected, abs=1e-12)]


@pytest.mark.parametrize("kind", KINDS)
def test_bandwidth_is_measured_against_the_best_of_the_group(kind: str) -> None:
    """Bandwidth per head of 2, 1.5 and 0.1 Mbps gives 40, 40 × 1.5 / 2 and 40 × 0.1 / 2 points."""
    points = scored(
        kind,
        {"bang_thong_internet": 1000, "so_cbccvc": 500},
        {"bang_thong_internet": 600, "so_cbccvc": 400},
        {"bang_thong_internet": 100, "so_cbccvc": 1000},
    )

    assert points_of(points, "HM1_3") == [40, 40 * 1.5 / 2, pytest.approx(40 * 0.1 / 2)]


def test_bandwidth_of_another_group_changes_nothing() -> None:
    """The best of the group is sought among units of the same kind only."""
    half, whole, other = ({"bang_thong_internet": speed} for speed in (300, 600, 900))

    points = scored("bo", half, whole, other, kinds=("bo", "bo", "cqtcp"))

    assert points_of(points, "HM1_3") == [20, 40, 40]


# ---- what does not apply ---------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_without_procedures_the_services_are_not_assessed(kind: str) -> None:
    """A unit without administrative procedures has no index, class or rank in category 4, and no finding for it."""
    fields = framework_of(kind).fields.items()
    blank = {name: "" for name, field in fields if field.section == "HM4" and not field.required}

    points = scored(kind, blank | {"so_tthc": 0}, {})
    classes = levels(points).set_index(["unit_id", "scheme"])["level"]
    places = ranks(points).set_index(["unit_id", "ranking"])["rank"]

    assert points.exactly.left_out("HM4", 0)
    assert (classes["u1", "xep_loai.HM4"], places["u1", "xep_hang_HM4"]) == ("", "")
    assert (classes["u2", "xep_loai.HM4"], places["u2", "xep_hang_HM4"]) == ("Tốt", "1")
    assert list(wide(points.framework, points.answers, points)[BLANK_RESULTS]) == [0, 0]


def test_an_agency_on_one_site_needs_no_wide_network() -> None:
    """An agency attached to the Government with one site is assessed on 200 − 50 points of infrastructure."""
    points = scored("cqtcp", {"co_don_vi_ngoai_tru_so": "no", "so_don_vi_wan": "", "so_ung_dung_wan": ""})

    assert (points_of(points, "HM1"), top_of(points, "HM1")) == ([150], 150)


@pytest.mark.parametrize("kind", KINDS)
def test_without_questions_the_portal_is_measured_on_the_rest(kind: str) -> None:
    """A portal that received no question loses the points of that criterion from its maximum, not from its share."""
    top = 100 - (10 if kind == "tinh" else 15)

    points = scored(kind, {"so_cau_hoi": 0, "so_cau_hoi_dung_han": 0})

    assert (points_of(points, "HM3"), top_of(points, "HM3")) == ([top], top)


def test_without_officers_or_funds_the_rest_counts() -> None:
    """Nobody to qualify takes 20 points off the maximum of category 6, a plan without funds 5 off category 5."""
    officers = ("so_can_bo_cntt", "so_can_bo_cntt_dai_hoc", "so_can_bo_cntt_an_toan", "so_can_bo_cntt_dao_tao")

    points = scored("bo", dict.fromkeys((*officers, "kinh_phi_ke_hoach", "kinh_phi_bo_tri"), 0))

    assert (points_of(points, "HM6"), top_of(points, "HM6")) == ([50], 70 - 20)
    assert (points_of(points, "HM5"), top_of(points, "HM5")) == ([75], 80 - 5)


def test_information_only_never_changes_the_category() -> None:
    """A blank in the question that is for information only leaves category 6 at its 70 points."""
    points = scored("bo", {"so_can_bo_cntt_nu": ""})

    assert (points_of(points, "HM6"), top_of(points, "HM6")) == ([70], 70)


@pytest.mark.parametrize("kind", KINDS)
def test_a_missing_answer_is_not_zero(kind: str) -> None:
    """A required answer that is missing leaves its category blank and is one blank result of the unit."""
    points = scored(kind, {"so_may_tinh_diet_virus": ""})

    assert points.exactly.points("HM1", 0) is None
    assert list(wide(points.framework, points.answers, points)[BLANK_RESULTS]) == [1]


# ---- classes and ranks -----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_classes_start_exactly_at_their_threshold(kind: str) -> None:
    """Of 200 points, 170 (0.85) is Tốt, 169.8 (0.849) is Khá, 140 (0.70) is Khá and 139.8 (0.699) Trung bình."""
    slow = {"bang_thong_internet": 250}  # 10 of 40 points beside the best unit's 1000
    bare = slow | {"so_may_tinh_diet_virus": 0, "so_giai_phap_an_toan": 0}  # 20 + 10 points less
    fewer = {"so_cbccvc_co_may_tinh": 990}  # 19.8 of 20 points

    points = scored(kind, {}, slow, slow | fewer, bare, bare | fewer)
    table = levels(points)
    classes = table[table["scheme"] == "xep_loai.HM1"].sort_values("unit_id")["level"]

    assert points_of(points, "HM1") == [200, 170, pytest.approx(169.8), 140, pytest.approx(139.8)]
    assert list(classes) == ["Tốt", "Tốt", "Khá", "Khá", "Trung bình"]


@pytest.mark.parametrize("kind", KINDS)
def test_cut_offs_are_called_samples(kind: str) -> None:
    """The three classes of the decision stand in its order, and their cut-offs say that they are samples."""
    (scheme,) = framework_of(kind).levels

    assert list(scheme.bands) == ["Tốt", "Khá", "Trung bình"]
    assert [(words.vi, words.en) for words in scheme.labels.values()] == [
        ("Tốt", "Good"),
        ("Khá", "Fair"),
        ("Trung bình", "Average"),
    ]
    assert (scheme.of, scheme.on, scheme.basis) == (CATEGORIES, "share", "sample")
    assert scheme.note is not None
    assert "không nguồn nào đọc được in các ngưỡng" in scheme.note.vi
    assert "no source that could be read prints their cut-offs" in scheme.note.en


@pytest.mark.parametrize("kind", KINDS)
def test_each_category_is_ranked_by_itself(kind: str) -> None:
    """There is one ranking per category, on the index with three decimals, within the group, and no other."""
    rankings = framework_of(kind).rankings

    assert [(each.id, each.by) for each in rankings] == [(f"xep_hang_{name}", name) for name in CATEGORIES]
    assert {(each.on, each.decimals, each.ties, each.within) for each in rankings} == {("share", 3, "min", "unit_kind")}


@pytest.mark.parametrize("kind", KINDS)
def test_ranks_are_per_category_and_within_the_group(kind: str) -> None:
    """Equal indices share a rank and leave a gap, each category has its own order, another group its own first."""
    weak_portal, weak_rules = {"cong_tim_kiem": "no"}, {"co_ke_hoach_nam": "no"}

    points = scored(kind, {}, weak_rules, weak_portal, weak_portal, kinds=(kind, kind, kind, "khac"))
    table = ranks(points).set_index(["ranking", "unit_id"])["rank"]

    assert list(table["xep_hang_HM3"]) == ["1", "1", "3", "1"]
    assert list(table["xep_hang_HM5"]) == ["1", "3", "1", "1"]
    assert list(table["xep_hang_HM6"]) == ["1", "1", "1", "1"]


def test_ranks_look_at_three_decimals() -> None:
    """199.6 and 199.5 of 200 points are both 0.998 (half up), so both are second and 0.997 is fourth."""
    units: list[Given] = [{"so_may_tinh_diet_virus": 1000 - lost} for lost in (0, 20, 25, 30)]

    points = scored("bo", *units)
    table = ranks(points).set_index(["ranking", "unit_id"])["rank"]

    assert points_of(points, "HM1") == [200, pytest.approx(199.6), pytest.approx(199.5), pytest.approx(199.4)]
    assert list(table["xep_hang_HM1"]) == ["1", "2", "2", "4"]


# ---- checks across answers -------------------------------------------------------------------------------

BROKEN: dict[str, Given] = {
    "may_tinh_theo_nguoi": {"so_cbccvc": 999},
    "may_tinh_diet_virus": {"so_may_tinh": 1000, "so_may_tinh_diet_virus": 1001},
    "du_may_tinh": {"so_may_tinh": 999, "so_may_tinh_diet_virus": 999},
    "don_vi_ket_noi": {"so_don_vi": 40, "so_don_vi_wan": 41},
    "xa_ket_noi": {"so_xa": 999},
    "tieu_chuan_can_trung_tam": {"co_trung_tam_du_lieu": "no"},
    "trung_tam_khai_du": {"ttdl_tieu_chuan_khac": ""},
    "phong_may_chu_khai_du": {"so_dieu_kien_phong_may_chu": ""},
    "van_ban_noi_bo": {"so_vb_noi_bo": 999},
    "van_ban_ben_ngoai": {"so_vb_ben_ngoai": 999},
    "van_ban_ky_so": {"so_vb_ky_so": 1001},
    "su_dung_thu": {"so_cbccvc_dung_thu": 1001},
    "cau_hoi": {"so_cau_hoi": 999},
    "dich_vu_theo_thu_tuc": {"so_tthc": 999},
    "ho_so_khai_du": {"so_ho_so_truc_tuyen_muc_4": ""},
    "ho_so_truc_tuyen_3": {"so_ho_so_muc_3": 999},
    "ho_so_truc_tuyen_4": {"so_ho_so_muc_4": 999},
    "ho_so_dung_han": {"so_ho_so_giai_quyet": 999},
    "huyen_dich_vu": {"so_huyen": 49},
    "can_bo_dai_hoc": {"so_can_bo_cntt_dai_hoc": 1001},
}


@pytest.mark.parametrize("kind", KINDS)
def test_checks_hold_for_sound_answers_and_fail_for_broken_ones(kind: str) -> None:
    """No check objects to full marks or to no marks, and each one alone objects to the answers that break it."""
    framework = framework_of(kind)
    broken = {check.id: BROKEN[check.id] for check in framework.spec.checks}
    units = [full_marks(framework) | {name: str(value) for name, value in each.items()} for each in broken.values()]

    answers = answers_of(framework, full_marks(framework), no_marks(framework), *units)
    judged = wide(framework, answers, score(answers))
    verdicts = {check_id: list(judged[f"check {check_id}"]) for check_id in broken}
    failing = [[name for name in broken if verdicts[name][row] == 0] for row in range(len(units) + 2)]

    assert failing == [[], [], *([check_id] for check_id in broken)]
    assert len(broken) >= 8
