"""Findings have stable ids, an order and addresses, and the same words in both languages."""

import hashlib
import string

import pytest

from minhbach import findings, wording, yamlfile
from minhbach.errors import FileError


def test_wording_is_complete():
    """Both languages have the same sentences, and findings say the same details in both."""
    vietnamese, english = wording.sentences("vi"), wording.sentences("en")
    about_tables = yamlfile.load(wording.FOLDER / "findings.vi.yaml").content

    def details(sentence):
        return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}

    assert vietnamese.keys() == english.keys()
    assert [key for key in about_tables if details(vietnamese[key]) != details(english[key])] == []


def test_wording_takes_plain_fields_only(tmp_path, monkeypatch):
    """A sentence that reaches into an object is refused with its line."""
    (tmp_path / "bad.vi.yaml").write_text("a: ok {value}\nb: '{value.__class__}'\nc: 'x {'\n", encoding="utf-8")
    monkeypatch.setattr(wording, "FOLDER", tmp_path)

    with pytest.raises(FileError) as caught:
        wording.sentences.__wrapped__("vi")

    assert [problem.line for problem in caught.value.problems] == [2, 3]


def test_finding_ids_and_order():
    """An id depends on the place and value alone; findings sort by severity, file, sheet, row, column."""
    first = findings.make("error_cell", "vi", severity="error", file="a.xlsx", sheet="S", cell="B2", value="#N/A")
    said = findings.make("error_cell", "en", severity="warning", file="a.xlsx", sheet="S", cell="B2", value="#N/A")
    cells = ["A10", "AA2", "B2", "A2"]
    several = [findings.make("error_cell", "en", severity="error", file="b.csv", cell=cell) for cell in cells]

    frame = findings.frame([said, *several, first])

    expected = hashlib.sha256(b"error_cell\x1f\x1f\x1fa.xlsx\x1fS\x1fB2\x1f#N/A").hexdigest()[:8]
    assert first.finding_id == said.finding_id == expected
    assert list(frame["cell"]) == ["B2", "A2", "B2", "AA2", "A10", "B2"]
    assert list(frame.columns) == list(findings.COLUMNS)
    assert findings.address(first) == "a.xlsx#S!B2"
    assert findings.address(several[3]) == "b.csv#A2"
    assert first.message.startswith("a.xlsx#S!B2: ")
