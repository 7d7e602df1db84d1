"""YAML is read exactly, with lines, and through nothing that could run or swell."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from minhbach import yamlfile
from minhbach.errors import FileError

PIECES = ["a", "b: ", "- ", "\n", "  ", "[", "]", "{", "}", ",", "&x ", "*x", "!!map ", "|", ">", "'", '"', "#", "\t"]
PIECES += ["? ", "---\n", "...\n", "%YAML 1.1\n", "<<: ", "0.1", "1e999999999", "~", "true", "\0", "\x07", "\\ud800"]


def refusal(text: str) -> list[str]:
    """Every mistake of a YAML text, as the reader says it."""
    with pytest.raises(FileError) as caught:
        yamlfile.loads(text, "some.yaml")
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("text", "content"),
    [
        ("a: 0.1", {"a": Decimal("0.1")}),
        ("a: 84.250", {"a": Decimal("84.250")}),
        ("a: -3", {"a": -3}),
        ("a: 1e3", {"a": Decimal("1000")}),
        ("on: share", {"on": "share"}),
        ("a: [on, off, yes, no, y, n]", {"a": ["on", "off", "yes", "no", "y", "n"]}),
        ("%YAML 1.1\n---\na: [on, yes]", {"a": ["on", "yes"]}),
        ("a: [true, False]", {"a": [True, False]}),
        ("a: ~\nb:", {"a": None, "b": None}),
        ("a: [+1, 1_000, 007, .5, 1., -2.5E-1]", {"a": [1, 1000, 7, Decimal("0.5"), 1, Decimal("-0.25")]}),
        ("a: [1:30, 1.2.3, 0b, e3, +, -, =, nulls]", {"a": ["1:30", "1.2.3", "0b", "e3", "+", "-", "=", "nulls"]}),
        ("a: ! 1", {"a": "1"}),
        ("a: 2017-12-25", {"a": "2017-12-25"}),
        ("a: '1'", {"a": "1"}),
        ("1: a", {"1": "a"}),
        ("a: &x [1]\nb: *x", {"a": [1], "b": [1]}),
        ("a: &x 1\nb: &x 2\nc: *x", {"a": 1, "b": 2, "c": 2}),
        ("", None),
    ],
)
def test_values_are_read_as_written(text: str, content: Any) -> None:
    """Decimals stay exact, dates and the words on, off, yes and no stay words, in every YAML version."""
    assert yamlfile.loads(text, "some.yaml").content == content


def test_lines_are_known() -> None:
    """Every value has its line, and an absent one the line of what is around it."""
    document = yamlfile.loads("a:\n  b: 1\n  c:\n    - 2\n    - {d: 3}\n", "some.yaml")

    assert document.line(("a", "b")) == 2
    assert document.line(("a", "c", 1, "d")) == 5
    assert document.line(("a", "x", "y")) == 1
    assert document.line(("z",)) == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a:\n\tb: 1", ["line 2:", "is not YAML"]),
        ("a: [1,\nb: 2", ["line 2:", "is not YAML"]),
        ("a: [1\n\n\n", ["line 4:", "is not YAML"]),
        ("a: *x", ["line 1:", "is not YAML", "x"]),
        ("a: 1\n---\nb: 2", ["is not YAML", "single document"]),
        ("a: \0", ["line 1:", "is not YAML"]),
        ("a: 1\nb:\n  c: 1\n  c: 2", ["line 4: b.c: the key 'c' stands twice, first on line 3."]),
        ("a: !!python/object/apply:os.system [ls]", ["line 1: a: the tag", "python/object/apply", "not allowed"]),
        ("a: 1\nb: !!python/object:os.x {c: 1}", ["line 2: b: the tag"]),
        ("a: !!python/name:os.system ''", ["a: the tag"]),
        ("a: !mine {b: 1}", ["a: the tag !mine is not allowed"]),
        ("a: !!set {b}", ["a: the tag"]),
        ("a: !!binary aGk=", ["a: the tag"]),
        ("!!omap [a: 1]", ["line 1: the tag"]),
        ("? [1, 2]\n: 3", ["line 1: a key is one word"]),
        ("a: .nan", ["line 1: a: '.nan' is not a decimal number of ordinary size."]),
        ("a: .inf", ["is not a decimal number"]),
        ("a: 1e999999999", ["is not a decimal number"]),
        ("a: 0x1F", ["is not a decimal number"]),
        ("a: 0o17", ["is not a decimal number"]),
        ("a: " + "1" * 41, ["is not a decimal number"]),
        ("a: !!int word", ["'word' is not a decimal number"]),
        ("[" * 41 + "]" * 41, ["line 1: is not YAML: brackets are nested more than 40 deep."]),
        ("[" * 100_000, ["nested more than 40 deep"]),
        ("- " * 100_000, ["nested more than 40 deep"]),
        ("{a: " * 100_000, ["nested more than 40 deep"]),
        ("a: &x [*x]", ["40 levels"]),
    ],
)
def test_refusals_name_the_line(text: str, words: list[str]) -> None:
    """What is not plain YAML with one value per key is refused with its line."""
    said = "\n".join(refusal(text))

    assert [each for each in words if each not in said] == []


def test_an_alias_bomb_is_refused() -> None:
    """Nine anchors that each name the one before nine times do not unfold; the file has one mistake."""
    bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
    bomb += "".join(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 10))

    assert len(refusal(bomb)) == 1
    assert "unfolds to more than 200000 values" in refusal(bomb)[0]


def test_all_mistakes_come_at_once() -> None:
    """Two keys that stand twice, a tag and a number that is none are four mistakes of one reading."""
    said = refusal("a: 1\na: 2\nb: !x 1\nc: .inf\nd: {e: 1, e: 2}")

    assert [each.split(":")[0] for each in said] == ["line 2", "line 3", "line 4", "line 5"]


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    """An absent, a too large and a wrongly encoded file are refused in words; a byte order mark is not."""
    (tmp_path / "large.yaml").write_bytes(b"a: " + b"x" * 4_000_000)
    (tmp_path / "latin.yaml").write_bytes(b"a: 1\nb: \xe9\n")
    (tmp_path / "marked.yaml").write_bytes(b"\xef\xbb\xbfa: 1\n")

    for name, words in (
        ("absent", "cannot be read"),
        ("large", "at most 4000000"),
        ("latin", "line 2: is not UTF-8"),
    ):
        with pytest.raises(FileError, match=words):
            yamlfile.load(tmp_path / f"{name}.yaml")
    assert yamlfile.load(tmp_path / "marked.yaml").content == {"a": 1}


@given(st.one_of(st.text(max_size=200), st.lists(st.sampled_from(PIECES), max_size=40).map("".join)))
@example('a: "\\ud800"')
@example("? \n")
def test_any_text_is_content_or_a_refusal(text: str) -> None:
    """For every text the reader gives content or a FileError, and nothing else."""
    try:
        document = yamlfile.loads(text, "some.yaml")
    except FileError:
        return

    assert document.line(()) >= 1
