"""A token signs as a file does: SoftHSM stands for it, with keys that never leave it and a PIN that is told nobody."""

import re
from pathlib import Path

import pytest
import signed
import tokens
import verified
from projects import Project
from signed import Outcome
from tokens import PIN, Token

from minhbach import sign_certificates, verify
from minhbach.verify_result import Result


@pytest.fixture(scope="module")
def token(tmp_path_factory: pytest.TempPathFactory) -> Token:
    """The token."""
    return tokens.token(tmp_path_factory.mktemp("token"))


@pytest.fixture(scope="module")
def project(token: Token, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The final edition; made after the token, which is quickly told to be missing."""
    return signed.project(tmp_path_factory)


@pytest.fixture(scope="module")
def report(project: Project) -> Path:
    """The report to sign."""
    return project.edition(signed.NAME).draft / "report.pdf"


def signs(project: Project, token: Token, *arguments: str, pin: str = PIN) -> Outcome:
    """`sign … --pkcs11 …` with the PIN from a file descriptor."""
    options = ("--lang", "en", "--pkcs11", str(token.library))
    return signed.sign(project, *arguments, *options, password=pin, **token.environment)


def checked(file: Path, token: Token) -> Result:
    """The verification with the authority trusted."""
    return verify.verify(file, "en", sign_certificates.of_file(token.root, "en"))


@pytest.mark.parametrize(("key", "name"), [("rsa", "Nguyễn Văn Ái"), ("curve", "Sở A")])
def test_a_report_signed_with_a_token_verifies(
    project: Project, report: Path, token: Token, tmp_path: Path, key: str, name: str
) -> None:
    """By RSA, and on a curve though this token cannot hash for one; the certificate is found by the key's id."""
    target = tmp_path / "signed.pdf"
    more = ("--token", tokens.LABEL, "--key", key, "--output", str(target))

    outcome = signs(project, token, str(report), *more)

    assert (outcome.returncode, outcome.stderr) == (0, "")
    assert f"Signed: {target.as_posix()}, by {name}." in outcome.stdout
    result = checked(target, token)
    assert result.differences == ()
    assert [(each.name, each.trust, each.covered) for each in result.signers] == [
        (name, "trusted", target.stat().st_size)
    ]


def test_a_version_signed_with_a_token_verifies(project: Project, token: Token, tmp_path: Path) -> None:
    """Reports and statement are signed in one session, and a changed byte of the signed report is told."""
    copy = signed.copied(project, tmp_path / "own")
    options = ("--token", tokens.LABEL, "--key", "rsa")

    outcome = signs(copy, token, signed.NAME, "v1", *options)

    assert (outcome.returncode, outcome.stderr) == (0, "")
    told = copy.command("verify", signed.NAME, "v1", "--trust", str(token.root), "--lang", "en")
    assert (told.returncode, told.stderr) == (0, "")
    assert re.search(r"✓ Signatures +3/3", told.stdout)
    beside = copy.edition(signed.NAME).reports / "v1.signed" / "report.pdf"
    beside.chmod(0o644)
    beside.write_bytes(verified.flipped(beside.read_bytes(), 100_000))
    assert copy.command("verify", signed.NAME, "v1").returncode == 1


@pytest.mark.parametrize(
    ("options", "pin", "words"),
    [
        (("--token", tokens.LABEL, "--key", "rsa"), "12345678", "does not accept the PIN"),
        (("--token", "Thẻ khác", "--key", "rsa"), PIN, f"Thẻ khác is not plugged in, or several could be meant; name"
         f" one with --token. There are: {tokens.LABEL}."),
        (("--token", tokens.LABEL, "--key", "x"), PIN, "no single private key x; name one with --key. There are:"
         " curve, expired, rsa."),
        ((), PIN, "no single private key –"),
        (("--key", "expired"), PIN, "certificate of Trần Cũ is valid from"),
    ],
)  # fmt: skip
def test_a_token_that_does_not_do_is_refused_in_a_sentence(
    project: Project, report: Path, token: Token, tmp_path: Path, options: tuple[str, ...], pin: str, words: str
) -> None:
    """Wrong PIN, no such token or key, several keys, expired certificate: exit 1, one line without the PIN, no file."""
    target = tmp_path / "signed.pdf"

    outcome = signs(project, token, str(report), *options, "--output", str(target), pin=pin)

    assert (outcome.returncode, outcome.stdout, outcome.stderr.count("\n")) == (1, "", 1)
    assert words in outcome.stderr
    assert pin not in outcome.stderr
    assert not target.exists()


def test_a_file_that_is_no_library_is_refused(project: Project, report: Path, token: Token, tmp_path: Path) -> None:
    """A library that is not there is wrong use; a file that is none is refused, both in a sentence."""
    other = tmp_path / "thu-vien.so"
    other.write_text("x", encoding="utf-8")
    options = ("--output", str(tmp_path / "signed.pdf"))

    absent = signed.sign(project, str(report), "--pkcs11", str(tmp_path / "không.so"), *options)
    none = signed.sign(project, str(report), "--pkcs11", str(other), *options)

    assert (absent.returncode, none.returncode) == (2, 1)
    assert [each.stderr.count("\n") for each in (absent, none)] == [1, 1]


def test_the_pin_is_written_nowhere(project: Project, report: Path, token: Token, tmp_path: Path) -> None:
    """Neither what is printed nor any file of the project, nor the signed report, holds it."""
    target = tmp_path / "signed.pdf"

    outcome = signs(project, token, str(report), "--key", "rsa", "--output", str(target))

    files = [each for each in (*project.folder.rglob("*"), target) if each.is_file()]
    assert len(files) > 100
    assert [each for each in files if PIN.encode() in each.read_bytes()] == []
    assert PIN not in outcome.stdout + outcome.stderr
