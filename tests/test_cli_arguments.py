"""What may be written on the command line: options anywhere, and targets that can be written."""

import argparse
from pathlib import Path
from typing import Any

import differing
import pytest
from differing import Build

from minhbach import cli
from minhbach.cli_parser import Parser

ORDERS = [
    ("trace e X2/total --lang en", "trace e --lang en X2/total"),
    ("trace e X2/total --version v2", "trace e --version v2 X2/total"),
    ("trace e --page 7 84,25 --lang en", "trace --page 7 84,25 e --lang en"),
    ("verify e v2 --lang en", "verify e --lang en v2"),
    ("verify e v2 --rebuild --json", "verify --json e --rebuild v2"),
    ("sign e v1 --pkcs12 k", "sign e --pkcs12 k v1"),
    ("sign e v1 --pkcs11 l --token a", "sign --pkcs11 l e --token a v1"),
    ("publish e --withdraw v1 --reason x", "publish --withdraw v1 e --reason x"),
    ("diff e v1 v2 --lang en", "diff e v1 --lang en v2"),
    ("diff e v1 f v2 --json", "diff e v1 --json f v2"),
    ("erratum e --correction C1 --correction C2 --yes", "erratum --correction C1 --yes e --correction C2"),
    ("review e x.json --version v1", "review e --version v1 x.json"),
    ("run e --lang vi,en --unchecked", "run --unchecked --lang vi,en e"),
    ("framework show a --lang en", "framework show --lang en a"),
    ("forms e --lang en", "forms --lang en e"),
]


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What each command was given; none is run."""
    found = list[dict[str, Any]]()
    original = Parser.set_defaults

    def noted(options: argparse.Namespace, _: object) -> None:
        found.append({name: value for name, value in vars(options).items() if name != "command"})

    monkeypatch.setattr(Parser, "set_defaults", lambda self, **said: original(self, **{**said, "command": noted}))
    return found


@pytest.mark.parametrize(("usual", "other"), ORDERS)
def test_options_may_stand_anywhere(seen: list[dict[str, Any]], usual: str, other: str) -> None:
    """A command is the same whether its options stand behind, before or between edition, version and reference."""
    for line in (usual, other):
        assert cli.main([], line.split()) == 0

    assert seen[0] == seen[1]
    assert {value for value in seen[0].values() if isinstance(value, str)} & set(usual.split())


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("verify e v1 v2 --lang en", "unrecognized arguments: v2"),
        ("verify --lang en", "the following arguments are required: file"),
        ("verify e --nope v1", "unrecognized arguments: --nope"),
        ("sign e v1 --lang en", "one of the arguments --pkcs12 --pkcs11 is required"),
        ("sign e --pkcs12 a v1 --pkcs11 b", "not allowed with argument"),
        ("trace e X --lang fr", "invalid choice: 'fr'"),
        ("framework", "the following arguments are required"),
        ("framework show", "the following arguments are required: framework"),
    ],
)
def test_wrong_use_is_still_told(capsys: pytest.CaptureFixture[str], line: str, words: str) -> None:
    """Too many, too few, unknown and contradicting arguments end in words with the exit code of wrong use."""
    with pytest.raises(SystemExit) as caught:
        cli.main([], line.split())

    assert caught.value.code == 2
    assert words in capsys.readouterr().err


@pytest.mark.parametrize("option", ["--markdown", "--page"])
@pytest.mark.parametrize(
    ("target", "words"),
    [("there", "there is a folder; name a file in it"), ("none/a", "there is no folder none; make it first")],
)
def test_diff_writes_into_no_folder_that_is_not_there(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    option: str,
    target: str,
    words: str,
) -> None:
    """A folder as target and a file in a missing folder are wrong use; nothing is made and nothing printed."""
    for version in ("v1", "v2"):
        differing.write(tmp_path, "2021-nho", version, Build({"u1": ("50", "100")}))
    (tmp_path / "there").mkdir()
    monkeypatch.chdir(tmp_path)

    code = cli.main([], ["diff", "2021-nho", "v1", "v2", option, target, "--lang", "en"])

    said = capsys.readouterr()
    assert (code, said.out) == (2, "")
    assert words in said.err
    assert not (tmp_path / "none").exists()
