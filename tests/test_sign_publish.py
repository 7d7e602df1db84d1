"""Publishing with a key: refused before anything is published, or signed beside the version, and held by verify."""

import csv
import random
from collections.abc import Callable
from pathlib import Path

import projects
import published
import pytest
import signed
import verified
from projects import Project
from signed import Keys, Outcome

from minhbach import (
    publish,
    sign_certificates,
    sign_version,
    tables,
    versions,
    versions_check,
    versions_history,
    versions_signed,
)
from minhbach.paths import Edition
from minhbach.verify_result import Difference
from minhbach.versions import Version

SEED = 7
CHAIN = "-----BEGIN CERTIFICATE-----\nxx\n-----END CERTIFICATE-----\n"


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    """The keys."""
    return signed.keys(tmp_path_factory.mktemp("keys"))


@pytest.fixture(scope="module")
def drafted(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A copy of the project with v1, whose draft is another report since: its number is 2."""
    made = signed.copied(signed.project(tmp_path_factory), tmp_path_factory.mktemp("own") / "project")
    projects.change(made.edition(signed.NAME).assessment_file, "number: 1", "number: 2")
    outcome = made.command("run", signed.NAME, "--lang", "vi")
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr
    publish.refresh(made.edition(signed.NAME))
    return made


def published_with(made: Project, *options: str, password: str = signed.PASSWORD) -> Outcome:
    """`publish …` with the password from a file descriptor."""
    return signed.command(made, "publish", signed.NAME, "--lang", "en", *options, password=password)


@pytest.mark.parametrize(
    ("key", "password", "more", "words"),
    [
        ("signer", "không-phải-9f", "", "the password is wrong"),
        ("empty", signed.PASSWORD, "", "has no private key"),
        ("expired", signed.PASSWORD, "", "certificate of Trần Cũ is valid from"),
        ("old_root", signed.PASSWORD, "", "verify sẽ không chấp nhận chữ ký này"),
        ("signer", signed.PASSWORD, "--certificates", "no certificate"),
        ("signer", signed.PASSWORD, "--picture", "không phải là hình PNG"),
    ],
)
def test_what_is_wrong_with_a_key_is_said_before_anything_is_published(
    drafted: Project, keys: Keys, tmp_path: Path, key: str, password: str, more: str, words: str
) -> None:
    """Wrong password, no key, no valid certificate or chain, a bad picture: one line, and no version, list or page."""
    file = tmp_path / "sai.pem"
    file.write_text(CHAIN, encoding="utf-8")
    before = sorted(each.name for each in drafted.edition(signed.NAME).reports.iterdir())

    outcome = published_with(
        drafted, "--pkcs12", str(getattr(keys, key)), *([more, str(file)] if more else []), password=password
    )

    assert (outcome.stdout, outcome.stderr.count("\n")) == ("", 1)
    assert outcome.returncode in (1, 2)
    assert words in outcome.stderr
    assert password not in outcome.stderr
    assert sorted(each.name for each in drafted.edition(signed.NAME).reports.iterdir()) == before


@pytest.mark.parametrize(
    ("options", "words"),
    [(("--picture", "x.png"), "go with --pkcs12"), (("--withdraw", "v1", "--pkcs12", "x.p12"), "is not signed")],
)
def test_options_that_do_not_go_together_are_refused(drafted: Project, options: tuple[str, ...], words: str) -> None:
    """Options about a key without a key, and a withdrawal with one, are wrong use."""
    outcome = published_with(drafted, *options)

    assert (outcome.returncode, outcome.stdout) == (2, "")
    assert words in outcome.stderr


@pytest.fixture(scope="module")
def made(drafted: Project, keys: Keys) -> Project:
    """The project with v1 signed and countersigned, and v2 signed as it was published."""
    for outcome in (
        signed.sign(drafted, signed.NAME, "v1", "--pkcs12", str(keys.signer)),
        signed.sign(drafted, signed.NAME, "v1", "--countersign", "--pkcs12", str(keys.body)),
        published_with(drafted, "--pkcs12", str(keys.signer)),
    ):
        assert (outcome.returncode, outcome.stderr) == (0, "")
    return drafted


@pytest.fixture(scope="module")
def edition(made: Project) -> Edition:
    """The edition."""
    return made.edition(signed.NAME)


def test_publishing_with_a_key_publishes_and_signs(edition: Edition, keys: Keys) -> None:
    """v2 is the draft byte for byte, agrees with its manifest, and the signed report beside it is whole."""
    version = versions.one(edition, "v2", "en")

    check, signers = sign_version.check(version, "en", sign_certificates.of_file(keys.root, "en"))

    assert (version.folder / "report.pdf").read_bytes() == (edition.draft / "report.pdf").read_bytes()
    assert versions_check.check(version, "en").differences == ()
    assert (check.differences, [each.trust for each in signers]) == ((), ["trusted"])
    assert {each.name for each in (edition.reports / "v2.signed").iterdir()} == {"report.pdf", "manifest.intoto.json"}
    assert not list(edition.reports.glob(".sign*"))


def test_the_list_has_a_line_for_each_signature(edition: Edition) -> None:
    """versions.csv says who signed which version, with the SHA-256 of the signed report and of the statement."""
    with edition.versions_file.open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["event"] == "signed"]

    assert [(row["version"], row["by"]) for row in rows] == [
        ("v1", "Nguyễn Văn Ái"), ("v1", "Sở A"), ("v2", "Nguyễn Văn Ái"),
    ]  # fmt: skip
    known = [edition.reports / name for name in ("v1.signed", "v1.signed-2", "v2.signed")]
    for row, folder in zip(rows, known, strict=True):
        assert row["report_sha256"] == tables.sha256(folder / "report.pdf")
        assert row["manifest_sha256"] == tables.sha256(folder / "manifest.intoto.json")


def test_a_signature_comes_into_the_list_after_a_kill(edition: Edition) -> None:
    """A folder that was signed just before a kill gets its line with the next command."""
    with published.restored(edition.versions_file):
        lines = edition.versions_file.read_text(encoding="utf-8").splitlines(keepends=True)
        edition.versions_file.write_text("".join(lines[:-1]), encoding="utf-8")
        lost = [each.text for each in told(edition, "v2")]
        versions_history.refresh(edition)
        again = edition.versions_file.read_text(encoding="utf-8").splitlines(keepends=True)

    assert lines[-1].startswith("v2,signed,")
    assert lost == ["v2.signed/manifest.intoto.json: versions.csv does not have this signature."]
    assert again == lines


def test_a_statement_that_cannot_be_read_is_left_out_of_the_index(edition: Edition) -> None:
    """Whatever stands in its place, the list of signatures is that of the others."""
    version = versions.one(edition, "v1", "en")
    with published.restored(edition.reports / "v1.signed" / "manifest.intoto.json") as file:
        for content in (b"", b"[]", b'{"payload": "e30="}', b'{"payload": 1}', b"\xff"):
            file.chmod(0o644)
            file.write_bytes(content)
            assert [each.signer for each in versions_signed.read(version)] == ["Sở A"]


# ---- tampered with ---------------------------------------------------------------------------------------


def told(edition: Edition, name: str) -> tuple[Difference, ...]:
    """All differences of a version with its signatures."""
    return sign_version.added(versions_check.check(Version(edition, name), "en"))[0].differences


def flip(edition: Edition, name: str) -> bytes:
    """A file with one byte, chosen by a seed, changed."""
    content = (edition.reports / name).read_bytes()
    return verified.flipped(content, random.Random(SEED).randrange(len(content)))


def from_another(edition: Edition) -> bytes:
    """The report of v1 with the signature that was made for v2."""
    own, other = ((edition.reports / name / "report.pdf").read_bytes() for name in ("v1", "v2"))
    return own + (edition.reports / "v2.signed" / "report.pdf").read_bytes()[len(other) :]


TAMPERINGS: dict[str, tuple[str, Callable[[Edition], bytes]]] = {
    "a changed byte in a signed report": ("v1.signed/report.pdf", lambda of: flip(of, "v1.signed/report.pdf")),
    "a changed byte in a countersigned report": (
        "v1.signed-2/en/report.pdf", lambda of: flip(of, "v1.signed-2/en/report.pdf")),
    "the signature of another file": ("v1.signed/report.pdf", from_another),
    "a changed byte in the signed statement": (
        "v1.signed/manifest.intoto.json", lambda of: flip(of, "v1.signed/manifest.intoto.json")),
    "the signed report of another version": (
        "v1.signed/report.pdf", lambda of: (of.reports / "v2.signed/report.pdf").read_bytes()),
    "the statement of another version": (
        "v1.signed/manifest.intoto.json", lambda of: (of.reports / "v2.signed/manifest.intoto.json").read_bytes()),
    "the signed report in another language": (
        "v1.signed/report.pdf", lambda of: (of.reports / "v1.signed/en/report.pdf").read_bytes()),
    "an unsigned report": ("v1.signed/report.pdf", lambda of: (of.reports / "v1/report.pdf").read_bytes()),
}  # fmt: skip


@pytest.mark.parametrize("what", TAMPERINGS)
def test_a_tampered_signature_is_named_at_its_layer(edition: Edition, what: str) -> None:
    """The layer of signatures names the file that was tampered with, and no other layer differs."""
    name, change = TAMPERINGS[what]
    with published.restored(edition.reports / name) as file:
        content = change(edition)
        file.chmod(0o644)
        file.write_bytes(content)
        found = told(edition, "v1")

    assert {each.layer for each in found} == {"signature"}
    assert name in {each.place for each in found}


def test_a_signature_that_was_taken_away_is_named(edition: Edition) -> None:
    """Without its folder the signature still stands in the list."""
    folder, hidden = edition.reports / "v2.signed", edition.reports / ".hidden"
    folder.rename(hidden)
    found = told(edition, "v2")
    hidden.rename(folder)

    assert [(each.layer, each.place) for each in found] == [("signature", "v2.signed/manifest.intoto.json")]
    assert "has this signature by Nguyễn Văn Ái, the folder is not there" in found[0].text


def test_signatures_that_were_not_touched_agree(edition: Edition) -> None:
    """After all of these both versions agree with their signatures again."""
    assert told(edition, "v1") + told(edition, "v2") == ()
