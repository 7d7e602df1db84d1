"""The synthetic answers of one unit: drawn by recipe, then made consistent where the questionnaire asks for it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from minhbach.editions import Setup
from minhbach.forms import file_name
from minhbach.forms_layout import NO, YES
from minhbach.forms_plan import Value
from minhbach.framework import Framework
from minhbach.units import Unit
from tools.gia_lai_draw import Draw, Given, Recipe, chance_of, clipped, noise
from tools.gia_lai_recipes import COMMUNE, DISTRICT

CUT_OFF = datetime.date(2022, 9, 30)
SERVER_ROOM = ("phong_may_chu_nguon", "phong_may_chu_lam_mat", "phong_may_chu_chay", "phong_may_chu_giam_sat")
ON_THE_SITE = ("so_tthc_cong_khai", "so_tin_bai_thang", "so_chuyen_muc", "so_chuyen_muc_dung_han", "so_tthc_cap_nhat")
LEFT_BLANK = 0.12
OF_DISTRICTS, OF_COMMUNES = 0.7, 0.5


def answers(setup: Setup, framework: Framework, unit: Unit) -> Mapping[str, Value]:
    """One value per field, None where the unit left the question blank; required questions are never blank."""
    draw = Draw(unit.unit_id, quality(unit), size(unit), framework.fields, _recipes(setup, unit))
    drawn = {field_id: draw[field_id] for field_id in framework.fields}
    drawn |= _district(drawn) if unit.unit_kind == "huyen" else _commune(drawn)
    if drawn["co_khao_sat"] == NO:
        drawn["ty_le_hai_long"] = None
    for field_id, question in framework.fields.items():
        optional = not question.required and field_id != "ty_le_hai_long"
        if optional and chance_of(unit.unit_id, field_id, "blank").random() < LEFT_BLANK:
            drawn[field_id] = None
    return drawn


def quality(unit: Unit) -> float:
    """How well a unit does, between 0 and 1: districts better than communes, wards better than remote communes."""
    chance = chance_of(unit.unit_id, "quality")
    if unit.unit_kind == "huyen":
        return clipped(OF_DISTRICTS + noise(chance, 0.24))
    town = 0.06 if unit.name.startswith(("Phường", "Thị trấn")) else 0.0
    return clipped(OF_COMMUNES + town + noise(chance, 0.3))


def size(unit: Unit) -> float:
    """How large a unit is, between 0 and 1."""
    town = 0.25 if unit.name.startswith(("Thành phố", "Phường", "Thị trấn")) else 0.0
    return clipped(0.42 + town + noise(chance_of(unit.unit_id, "size"), 0.35))


def _recipes(setup: Setup, unit: Unit) -> Mapping[str, Recipe]:
    site = f"https://{file_name(unit).removesuffix('.xlsx')}.example"
    if unit.unit_kind == "xa":
        own = {"dia_chi_tru_so": Given(f"Trụ sở UBND {unit.name} (địa chỉ minh họa)"), "so_su_co": _incidents(unit)}
        return {**COMMUNE, **own, "ngay_chot_so_lieu": Given(CUT_OFF)}
    communes = sum(1 for other in setup.units if other.parent_id == unit.unit_id)
    own = {"dia_chi_cong": Given(site), "so_xa": Given(communes), "so_su_co": _incidents(unit)}
    return {**DISTRICT, **own, "ngay_chot_so_lieu": Given(CUT_OFF)}


def _incidents(unit: Unit) -> Given:
    """Most units have none."""
    return Given(int(chance_of(unit.unit_id, "incidents").random() < 0.1))


def _district(drawn: Mapping[str, Value]) -> dict[str, Value]:
    """What goes without saying: no server room, no equipment in it; no committee, no meetings of it."""
    changed: dict[str, Value] = {}
    if drawn["co_phong_may_chu"] == NO:
        changed |= dict.fromkeys(SERVER_ROOM, NO)
    if drawn["truong_ban_chi_dao"] == "Chưa có Ban Chỉ đạo":
        changed["so_cuoc_hop"] = 0
    return changed


def _commune(drawn: Mapping[str, Value]) -> dict[str, Value]:
    """What goes without saying: nobody in charge, no qualification; no site, nothing on it; no main line, no backup."""
    changed: dict[str, Value] = {}
    if drawn["can_bo_phu_trach"] == "Chưa bố trí":
        changed["trinh_do_phu_trach"] = "Chưa có hoặc chưa bố trí"
    if drawn["loai_trang"] == "Chưa có":
        changed |= dict.fromkeys(ON_THE_SITE, 0)
        changed |= {
            field_id: NO for field_id in drawn if field_id.startswith(("gt_", "ck_")) or field_id == "kenh_gop_y"
        }
    if YES not in (drawn["co_tslcd"], drawn["co_cap_quang"]):
        changed["co_duong_du_phong"] = NO
    return changed
