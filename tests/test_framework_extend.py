"""Local adaptation: what extends another framework, what an edition overrides, and that all of it is listed."""

from __future__ import annotations

from pathlib import Path

import pytest

from minhbach import framework, yamlfile
from minhbach.errors import FileError

PARENT = """\
id: parent
revision: 1
title: Parent
source: {document: D}
unit_kind: xa
fields:
  a: {label: A, type: count}
  b: {label: B, type: count}
nodes:
  total: {label: Total, max_points: 30, children: [x, y]}
  x: {label: X, max_points: 20, formula: "max_points * capped(ratio(a, b), 1)"}
  y: {label: Y, max_points: 10, formula: "max_points * (a >= 1)"}
levels:
  - {id: level, order: [I, II], conditions: {I: {total: 90%}, II: {total: 50%}}}
rankings:
  - {id: place, by: total, decimals: 2}
"""


def write(folder: Path, name: str, text: str) -> Path:
    """A framework file in the folder."""
    path = folder / f"{name}.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def parent(tmp_path: Path) -> Path:
    """A parent framework of two criteria."""
    return write(tmp_path, "parent", PARENT)


def test_a_child_changes_adds_and_drops(parent: Path) -> None:
    """A child keeps what it does not mention, changes keys, adds nodes, drops keys and drops parts by id."""
    text = """\
id: child
extends: parent
revision: 2
nodes:
  total: {max_points: 33, children: [x, y, z]}
  y: {max_points: 8}
  z: {label: Z, max_points: 5, formula: "max_points * (b >= 1)"}
levels:
  - {id: level, drop: true}
rankings:
  - {id: place, decimals: 3}
  - {id: by_x, by: x}
"""
    child = framework.load(write(parent.parent, "child", text))

    assert [str(child.nodes[name].max_points) for name in ("total", "x", "y", "z")] == ["33", "20", "8", "5"]
    assert child.nodes["y"].formula == "max_points * (a >= 1)"
    assert child.levels == ()
    assert [(each.id, each.by, each.decimals) for each in child.rankings] == [
        ("place", "total", 3),
        ("by_x", "x", None),
    ]
    assert set(child.files) == {"parent.yaml", "child.yaml"}


def test_every_difference_is_listed(parent: Path) -> None:
    """The differences name element, key, value before and value after: no more and no less than what changed."""
    text = """\
id: child
extends: parent
revision: 1
nodes:
  total: {max_points: 28}
  y: {max_points: 8, note: chosen locally}
fields:
  c: {label: C, type: count}
"""
    child = framework.load(write(parent.parent, "child", text))

    found = {(each.element, each.key, each.before, each.after) for each in child.differences}
    assert found == {
        ("nodes.total", "max_points", "30", "28"),
        ("nodes.y", "max_points", "10", "8"),
        ("nodes.y", "note", "", "chosen locally"),
        ("fields.c", "label", "", "C"),
        ("fields.c", "type", "", "count"),
    }


def test_a_framework_without_parent_has_no_differences(parent: Path) -> None:
    """A framework that extends nothing and is not overridden differs from nothing."""
    assert framework.load(parent).differences == ()


def test_an_edition_can_override(parent: Path) -> None:
    """An edition's own changes merge into the framework and are listed as differences."""
    override = yamlfile.loads("nodes:\n  total: {max_points: 25}\n  x: {max_points: 15}\n", "assessment.yaml")

    changed = framework.load(parent, override)

    assert changed.nodes["x"].max_points == 15
    assert {each.element for each in changed.differences} == {"nodes.total", "nodes.x"}


def test_mistakes_in_a_child_have_its_lines(parent: Path) -> None:
    """A mistake that the changes make is told with the child's file and line."""
    text = "id: child\nextends: parent\nrevision: 1\nnodes:\n  y:\n    max_points: 9\n    formula: maxpoints * a\n"
    with pytest.raises(FileError) as caught:
        framework.load(write(parent.parent, "child", text))

    assert {(problem.line, problem.place) for problem in caught.value.problems} == {
        (7, "nodes.y.formula"),
        (4, "nodes.total.max_points"),
    }


def test_what_is_dropped_must_exist(parent: Path) -> None:
    """Dropping what the parent does not have is a mistake that names the nearest."""
    text = "id: child\nextends: parent\nrevision: 1\nnodes: {yy: ~}\nrankings: [{id: places, drop: true}]\n"
    with pytest.raises(FileError) as caught:
        framework.load(write(parent.parent, "child", text))

    assert "there is no 'yy' to drop; did you mean 'y'?" in str(caught.value)
    assert "there is no 'places' to drop; did you mean 'place'?" in str(caught.value)


def test_a_circle_of_parents_is_refused(tmp_path: Path) -> None:
    """Two frameworks that extend each other are a mistake, not an endless loop."""
    write(tmp_path, "one", "id: one\nextends: two\n")
    with pytest.raises(FileError, match="goes round in a circle"):
        framework.load(write(tmp_path, "two", "id: two\nextends: one\n"))


def test_an_unknown_parent_is_refused_with_the_nearest(parent: Path) -> None:
    """A parent that does not exist is a mistake that names the nearest framework."""
    with pytest.raises(FileError, match="there is no framework 'parnet'; did you mean 'parent'"):
        framework.load(write(parent.parent, "child", "id: child\nextends: parnet\n"))


@pytest.mark.parametrize("name", ["../secret", "/etc/passwd", "a/b"])
def test_a_parent_cannot_leave_the_folder(parent: Path, name: str) -> None:
    """What a framework extends lies beside it, never elsewhere."""
    with pytest.raises(FileError):
        framework.load(write(parent.parent, "child", f"id: child\nextends: {name}\n"))
