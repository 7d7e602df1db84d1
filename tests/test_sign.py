"""A signature stands on a sealed report and on a version, in the signature block, and verify says what it covers."""

import base64
import hashlib
import io
import json
import re
import shutil
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
import signed
import verified
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from projects import Project
from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator.context import ValidationContext
from signed import Keys

from minhbach import evidence_seal, sign_certificates, sign_token, sign_version, verify, versions, versions_check
from minhbach.errors import UsageError
from minhbach.verify_result import Result
from minhbach.versions import Version


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    """The keys."""
    return signed.keys(tmp_path_factory.mktemp("keys"))


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The final edition."""
    return signed.project(tmp_path_factory)


@pytest.fixture(scope="module")
def report(project: Project) -> Path:
    """The report as it was before any signature."""
    return project.edition(signed.NAME).draft / "report.pdf"


@pytest.fixture(scope="module")
def once(project: Project, report: Path, keys: Keys, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report signed by the command."""
    target = tmp_path_factory.mktemp("once") / "once.pdf"
    outcome = signed.sign(project, str(report), "--pkcs12", str(keys.signer), "--output", str(target))
    assert (outcome.returncode, outcome.stderr) == (0, "")
    return target


@pytest.fixture(scope="module")
def twice(project: Project, once: Path, keys: Keys) -> Path:
    """The report with the second signature, that of the body, made with a key on an elliptic curve."""
    target = once.with_name("twice.pdf")
    more = ("--countersign", "--output", str(target))
    outcome = signed.sign(project, str(once), "--pkcs12", str(keys.body), *more)
    assert (outcome.returncode, outcome.stderr) == (0, "")
    return target


def checked(pdf: bytes, folder: Path, keys: Keys | None = None) -> Result:
    """The verification of a PDF, with the authority trusted where keys are given."""
    file = folder / "report.pdf"
    file.write_bytes(pdf)
    return verify.verify(file, "en", sign_certificates.of_file(keys.root, "en") if keys else ())


# A signed report --------------------------------------------------------------------------------------------


def test_a_signed_report_verifies_and_says_who_signed_what(once: Path, keys: Keys, tmp_path: Path) -> None:
    """All layers agree as before, one signature covers the whole file, and the named root vouches for it."""
    result = checked(once.read_bytes(), tmp_path, keys)

    assert result.differences == ()
    (signer,) = result.signers
    assert (signer.name, signer.organisation, signer.issuer) == ("Nguyễn Văn Ái", "Sở A", "CA thử")
    assert (signer.covered, signer.intact, signer.trust) == (once.stat().st_size, True, "trusted")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+07:00", signer.time)


def test_everything_before_the_signature_is_the_report_byte_by_byte(report: Path, once: Path) -> None:
    """The signature is one update after the seal, which still holds."""
    before, after = report.read_bytes(), once.read_bytes()
    seal = evidence_seal.read(after)

    assert after.startswith(before)
    assert seal is not None
    assert (seal.holds, seal.end) == (True, len(before))
    assert list(evidence_seal.revisions(after, seal)) == [(len(before), len(after), True)]


def test_two_signatures_hold_for_another_validator_too(twice: Path, keys: Keys, tmp_path: Path) -> None:
    """pyHanko with the root as its only trust finds both whole, PAdES, by RSA and on a curve; so does verify."""
    roots = [load_cert_from_pemder(str(keys.root))]
    reader = PdfFileReader(io.BytesIO(twice.read_bytes()))
    context = ValidationContext(trust_roots=roots, allow_fetching=False)
    found = [validate_pdf_signature(each, context) for each in reader.embedded_signatures]

    assert [(each.intact, each.valid, each.trusted, each.bottom_line) for each in found] == [(True,) * 4] * 2
    assert {str(each.sig_object["/SubFilter"]) for each in reader.embedded_signatures} == {"/ETSI.CAdES.detached"}
    result = checked(twice.read_bytes(), tmp_path, keys)
    assert result.differences == ()
    assert [each.name for each in result.signers] == ["Nguyễn Văn Ái", "Sở A"]
    assert result.signers[0].covered < result.signers[1].covered == twice.stat().st_size


def test_the_signature_is_shown_between_post_and_name(report: Path, once: Path) -> None:
    """Ink appears in the signature block only, below the post and above the name; readers say it aloud."""
    pictures = []
    for file in (report, once):
        with pypdfium2.PdfDocument(file) as document:
            document.init_forms()
            number = next(
                n for n, page in enumerate(document) if "Nguyễn Văn Ái" in page.get_textpage().get_text_bounded()
            )
            pictures.append(document[number].render(scale=1, may_draw_forms=True).to_pil().convert("L"))
            if file == once:
                text = document[number].get_textpage()
                post, name = (_box(text, words) for words in ("GIÁM ĐỐC", "Nguyễn Văn Ái"))
                height = document[number].get_height()
    with pikepdf.open(once) as pdf:
        (widget,) = [each for each in pdf.pages[number].obj.Annots if each.get("/Subtype") == "/Widget"]
        left, low, right, high = (float(each) for each in widget.Rect)
        fonts = [
            each
            for each in pdf.objects
            if isinstance(each, pikepdf.Dictionary) and each.get("/Type") == "/FontDescriptor"
        ]

    changed = [
        (x, y) for x in range(pictures[0].width) for y in range(pictures[0].height)
        if abs(pictures[0].getpixel((x, y)) - pictures[1].getpixel((x, y))) > 40
    ]  # fmt: skip
    assert len(changed) > 100
    assert all(left - 2 <= x <= right + 2 and low - 2 <= height - y <= high + 2 for x, y in changed)
    assert name[3] < low < high < post[1]
    assert str(widget.TU) == str(widget.Contents)
    assert str(widget.TU).startswith("Ký số bởi: Nguyễn Văn Ái. Cơ quan, tổ chức: Sở A. Thời gian ký: 20")
    assert all(any(key in each for key in ("/FontFile2", "/FontFile3")) for each in fonts)


def _box(text: pypdfium2.PdfTextPage, words: str) -> tuple[float, ...]:
    """Left, bottom, right and top of words on a page, in points."""
    begin, count = text.search(words).get_next()
    boxes = [text.get_charbox(place) for place in range(begin, begin + count)]
    return min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes)


# Tampering --------------------------------------------------------------------------------------------------


def test_a_changed_byte_in_what_was_signed_is_named(once: Path, report: Path, tmp_path: Path) -> None:
    """A byte before the seal breaks seal and signature; one in the update breaks the signature alone."""
    pdf = once.read_bytes()
    early = checked(verified.flipped(pdf, 100_000), tmp_path)
    place = pdf.index(b"/Reason", report.stat().st_size) + 20
    late = checked(verified.flipped(pdf, place), tmp_path)

    assert {"seal", "signature"} <= verified.told(early).keys()
    assert verified.told(late).keys() == {"signature"}
    assert "does not fit the" in late.differences[0].text


def test_an_update_after_the_signature_is_named(once: Path, tmp_path: Path) -> None:
    """Who redraws a page after the signature is found, though what was signed is whole."""
    written = io.BytesIO(once.read_bytes())
    from pyhanko.pdf_utils.generic import StreamObject
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    writer = IncrementalPdfFileWriter(written)
    writer.add_stream_to_page(0, writer.add_object(StreamObject(stream_data=b"0 0 300 300 re f")))
    writer.write_in_place()

    result = checked(written.getvalue(), tmp_path)

    assert {"seal", "signature"} <= verified.told(result).keys()
    assert any("was changed further" in each.text for each in result.differences)
    assert any("changes the PDF object" in each.text and each.page == 1 for each in result.differences)


def test_the_signature_of_another_file_is_named(project: Project, once: Path, report: Path, tmp_path: Path) -> None:
    """Taken over to another report, a signature fits neither its bytes nor its seal."""
    update = once.read_bytes()[report.stat().st_size :]
    other = (project.edition(signed.NAME).draft / "en" / "report.pdf").read_bytes()

    result = checked(other + update, tmp_path)

    assert not result.agrees
    assert "signature" in verified.told(result)


def test_a_stranger_is_not_trusted(project: Project, report: Path, keys: Keys, tmp_path: Path) -> None:
    """A whole chain is told as such; with --trust and another root the signature counts as a difference."""
    target = tmp_path / "stranger.pdf"
    signed.sign(project, str(report), "--pkcs12", str(keys.stranger), "--output", str(target))

    without, beside = checked(target.read_bytes(), tmp_path), checked(target.read_bytes(), tmp_path, keys)

    assert (without.differences, without.signers[0].trust) == ((), "consistent")
    assert [each.layer for each in beside.differences] == ["signature"]
    assert "leads to no root that you trust" in beside.differences[0].text


# Refusals ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "password", "words"),
    [
        ("signer", "không-phải-9f", "sai mật khẩu"),
        ("empty", signed.PASSWORD, "không có khóa bí mật"),
        ("expired", signed.PASSWORD, "chỉ có hiệu lực từ"),
    ],
)
def test_a_key_that_does_not_do_is_refused_in_a_sentence(
    project: Project, report: Path, keys: Keys, tmp_path: Path, key: str, password: str, words: str
) -> None:
    """Wrong password, no private key, expired certificate: exit 1, one line, no file."""
    target = tmp_path / "signed.pdf"
    options = ("--pkcs12", str(getattr(keys, key)), "--output", str(target))
    outcome = signed.sign(project, str(report), *options, password=password)

    assert (outcome.returncode, outcome.stdout, outcome.stderr.count("\n")) == (1, "", 1)
    assert words in outcome.stderr
    assert password not in outcome.stderr
    assert not target.exists()


def test_a_second_signature_must_be_asked_for(
    project: Project, once: Path, twice: Path, keys: Keys, tmp_path: Path
) -> None:
    """Signed again only as a countersignature, and no third time."""
    options = ("--pkcs12", str(keys.body), "--output", str(tmp_path / "signed.pdf"))
    plain, third = (
        signed.sign(project, str(once), *options),
        signed.sign(project, str(twice), "--countersign", *options),
    )

    assert (plain.returncode, third.returncode) == (1, 1)
    assert "--countersign" in plain.stderr
    assert "đã có 2 chữ ký số" in third.stderr


def test_a_report_that_does_not_verify_is_not_signed(
    project: Project, report: Path, keys: Keys, tmp_path: Path
) -> None:
    """A changed byte is named before anybody is asked for a password."""
    changed = tmp_path / "changed.pdf"
    changed.write_bytes(verified.flipped(report.read_bytes(), 100_000))
    outcome = signed.sign(project, str(changed), "--pkcs12", str(keys.signer))

    assert outcome.returncode == 1
    assert "không qua được lệnh verify" in outcome.stderr
    assert [each.name for each in tmp_path.iterdir()] == ["changed.pdf"]


def test_a_token_without_its_library_is_refused_with_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """PKCS#11 needs python-pkcs11, which is asked for only then."""
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)

    with pytest.raises(UsageError, match="python-pkcs11"):
        sign_token.ready("en")


# A version --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def version(project: Project, keys: Keys) -> Version:
    """v1 of the edition, signed."""
    outcome = signed.sign(project, signed.NAME, "v1", "--pkcs12", str(keys.signer))
    assert (outcome.returncode, outcome.stderr) == (0, "")
    return versions.one(project.edition(signed.NAME), "v1", "en")


def test_a_signed_version_verifies_and_stays_as_it_was_published(version: Version, keys: Keys) -> None:
    """The signatures stand beside v1, read-only; v1 itself agrees with its manifest as before."""
    check, signers = sign_version.check(version, "en", sign_certificates.of_file(keys.root, "en"))

    assert (check.differences, check.total) == ((), 3)
    assert [(each.name, each.trust, each.covered) for each in signers] == [
        ("Nguyễn Văn Ái", "trusted", len(version.files) + 3)
    ]
    assert versions_check.check(version, "en").differences == ()
    beside = version.folder.with_name("v1.signed")
    assert {each.relative_to(beside).as_posix() for each in beside.rglob("*.*")} == {
        "report.pdf", "en/report.pdf", "manifest.intoto.json",
    }  # fmt: skip
    assert {each.stat().st_mode & 0o222 for each in beside.rglob("*")} == {0}


def test_the_statement_is_what_in_toto_and_dsse_say(version: Version) -> None:
    """A few independent lines read the envelope, check its signature and every hash of a file that is there."""
    beside = version.folder.with_name("v1.signed")
    whole = json.loads((beside / "manifest.intoto.json").read_text(encoding="utf-8"))
    payload, said = base64.b64decode(whole["payload"]), whole["signatures"][0]
    kind = whole["payloadType"]
    public = x509.load_pem_x509_certificate(said["certificates"][0].encode()).public_key()
    signed_bytes = f"DSSEv1 {len(kind)} {kind} {len(payload)} ".encode() + payload

    public.verify(base64.b64decode(said["sig"]), signed_bytes, padding.PKCS1v15(), hashes.SHA256())  # type: ignore

    statement = json.loads(payload)
    assert (kind, statement["_type"]) == ("application/vnd.in-toto+json", "https://in-toto.io/Statement/v1")
    assert statement["predicate"]["version"] == "v1"
    known = {each["name"]: each["digest"]["sha256"] for each in statement["subject"]}
    made = {path.relative_to(version.folder).as_posix(): path for path in version.folder.rglob("*") if path.is_file()}
    made |= {f"v1.signed/{name}": beside / name for name in ("report.pdf", "en/report.pdf")}
    assert known == {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in made.items()}


def test_a_changed_statement_or_report_beside_a_version_is_named(version: Version, tmp_path: Path) -> None:
    """Payload, signed report and the manifest of the version hold each other."""
    shutil.copytree(version.edition.reports, tmp_path / "reports" / signed.NAME, copy_function=shutil.copyfile)
    for each in tmp_path.rglob("*"):
        each.chmod(0o755)
    copy = Version(type(version.edition)(signed.NAME, tmp_path), "v1")
    beside = copy.folder.with_name("v1.signed")
    envelope, pdf = beside / "manifest.intoto.json", beside / "report.pdf"
    written = envelope.read_bytes()
    whole = json.loads(written)
    forged = base64.b64decode(whole["payload"]).replace(b'"version": "v1"', b'"version": "v2"')
    content = pdf.read_bytes()

    envelope.write_text(json.dumps(whole | {"payload": base64.b64encode(forged).decode()}), encoding="utf-8")
    statement = sign_version.check(copy, "en")[0].differences
    envelope.write_bytes(written)
    pdf.write_bytes(content + b"\n")
    added = sign_version.check(copy, "en")[0].differences
    pdf.write_bytes(content)

    assert {each.place for each in statement} == {"v1.signed/manifest.intoto.json"}
    assert len(statement) == 3  # its signature, what it is about, and the list of versions
    assert "v1.signed/report.pdf" in {each.place for each in added}
    assert sign_version.check(copy, "en")[0].differences == ()


def test_the_password_is_written_nowhere(project: Project, version: Version, once: Path, twice: Path) -> None:
    """Neither project nor signed files hold it, and the command line has no option that takes it."""
    words = signed.PASSWORD.encode("utf-8")
    files = [each for each in (*project.folder.rglob("*"), once, twice) if each.is_file()]

    assert len(files) > 100
    assert [each for each in files if words in each.read_bytes()] == []
    assert "--password " not in project.command("sign", "--help").stdout
    assert version.folder.is_dir()
