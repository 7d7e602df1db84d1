"""Units are found by any usual way of writing their names, and mistakes in units.csv are all said at once."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minhbach.errors import FileError
from minhbach.names import matching_key, nearest
from minhbach.units import load

GOOD = """\ufeffunit_id,name,name_en,unit_kind,aliases,parent_id,ranked,note,vung
46,Thừa Thiên - Huế,Hue,tinh,Huế; Thừa Thiên Huế cũ,,,,Trung
48,Đà Nẵng,Da Nang,tinh,TP. Đà Nẵng,,no,,Trung

664,An Khê,,huyen,,46,YES,,
665,Hòa Vang,,huyen,,48,yes,,
"""


@pytest.fixture
def write(tmp_path):
    def write(text, encoding="utf-8"):
        path = tmp_path / "units.csv"
        path.write_bytes(text.encode(encoding))
        return path

    return write


def test_load(write):
    """Every column of units.csv arrives, further columns as groups, an empty `ranked` as yes."""
    units = load(write(GOOD))
    hue, da_nang, an_khe, _ = units

    assert len(units) == 4
    assert (hue.unit_id, hue.name_en, hue.aliases) == ("46", "Hue", ("Huế", "Thừa Thiên Huế cũ"))
    assert [unit.ranked for unit in units] == [True, False, True, True]
    assert (an_khe.parent_id, an_khe.unit_kind) == ("46", "huyen")
    assert dict(da_nang.groups) == {"vung": "Trung"}
    assert units.get("664") is an_khe
    assert units.get("46 ") is None
    assert [unit.unit_id for unit in units.of_kind("huyen")] == ["664", "665"]


@pytest.mark.parametrize(
    "text",
    [
        "Đà Nẵng",
        "ĐÀ NẴNG",
        "  đà\u00a0nẵng ",
        "TP.  Đà Nẵng",
        "da nang",
        "48",
        unicodedata.normalize("NFD", "Đà Nẵng"),
        "Đà\u200b Nẵng",
    ],
)
def test_match(write, text):
    """Case, kinds of spaces, Unicode form, aliases and ids make no difference."""
    unit = load(write(GOOD)).match(text)

    assert unit is not None
    assert unit.unit_id == "48"


@pytest.mark.parametrize("text", ["Thừa Thiên-Huế", "Thừa Thiên – Huế", "Thừa Thiên —Huế", "THỪA THIÊN \u2212 HUẾ"])
def test_dashes(write, text):
    """All dashes are equal, with or without spaces around them."""
    unit = load(write(GOOD)).match(text)

    assert unit is not None
    assert unit.unit_id == "46"


def test_tone_marks(write):
    """The two ways of placing a tone mark are equal; other letters are not."""
    units = load(write(GOOD))
    moved = units.match("Hoà Vang")

    assert moved is not None
    assert moved.unit_id == "665"
    assert units.match("Hóa Vang") is None
    assert units.match("Hoa Vang") is None
    assert matching_key("Thuỵ") == matching_key("Thụy")
    assert matching_key("đa") != matching_key("da")
    assert matching_key("hoà an") != matching_key("hoa àn")


def test_nearest(write):
    """A misspelt name has a nearest unit, a foreign one none."""
    units = load(write(GOOD))
    near = units.nearest("Đà Nẵngg")

    assert near is not None
    assert near.unit_id == "48"
    assert units.nearest("Xyz qwerty 123456") is None
    assert nearest("so_may", ["so_may_tinh", "ten"]) == "so_may_tinh"


@given(st.text(max_size=30) | st.text(alphabet="hoàòaáạêệđ\u0300\u0301\u0323\u0302 -–\u00a0xY", max_size=20))
def test_key_is_idempotent(text):
    """The key of a key is the key."""
    assert matching_key(matching_key(text)) == matching_key(text)


def test_all_mistakes_at_once(write):
    """Every mistake is named with its line, in one go."""
    text = (
        "unit_id,name,unit_kind,parent_id,ranked\n"
        "46,Huế,tinh,,\n"
        "46,Gia Lai,tinh,,\n"
        "4 8,,tinh,,\n"
        "49,Quảng Nam,,99,maybe\n"
        "50,HUẾ,tinh,,\n"
        "51,HUẾ,xa,,\n"
        "52,Đắk Lắk,tinh\n"
    )

    with pytest.raises(FileError) as caught:
        load(write(text))

    found = [(problem.line, problem.place) for problem in caught.value.problems]
    assert found == [
        (3, "unit_id"), (4, "name"), (4, "unit_id"), (5, "parent_id"), (5, "ranked"), (5, "unit_kind"),
        (6, "name"), (8, ""),
    ]  # fmt: skip


def test_missing_columns(write):
    """A missing column is named with the header that looks like it."""
    with pytest.raises(FileError) as caught:
        load(write("unit_id,nane,aliases,aliases\n1,a,b,c\n"))

    message = str(caught.value)
    assert "name: the column is missing; did you mean 'nane'?" in message
    assert "unit_kind: the column is missing; add it" in message
    assert "aliases: stands twice: columns 3 and 4." in message


@pytest.mark.parametrize(
    ("text", "encoding", "line", "words"),
    [
        ("unit_id,name,unit_kind\n46,Huế,tinh\n", "cp1258", 2, "not UTF-8"),
        ('unit_id,name,unit_kind\n46,"Huế,tinh\n', "utf-8", 2, "not CSV"),
        ("unit_id,name,unit_kind\n", "utf-8", 1, "no units"),
        ("", "utf-8", 1, "the column is missing"),
    ],
)
def test_unreadable_file(write, text, encoding, line, words):
    """A file in another encoding, with an open quotation or without units is refused in a sentence."""
    with pytest.raises(FileError, match=words) as caught:
        load(write(text.replace("ế", "ê\u0301") if encoding == "cp1258" else text, encoding))

    assert caught.value.problems[0].line == line


def test_absent_file(tmp_path):
    """A file that is not there is refused in a sentence."""
    with pytest.raises(FileError, match="cannot be read"):
        load(tmp_path / "units.csv")
