"""Keys, certificates and signed reports for tests: a made-up authority, a signer, a body, and a small final edition."""

import datetime
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import projects
import published
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from cryptography.x509.oid import NameOID
from filelock import FileLock
from projects import Project

PASSWORD = "mật-khẩu-9f3c7a"
NAME = "2021-nho"
SIGNATURE = """
  signature: {authority: {vi: TM. SỞ A, en: For Department A}, post: {vi: GIÁM ĐỐC, en: DIRECTOR}, name: Nguyễn Văn Ái}
"""
DAY = datetime.timedelta(days=1)
Outcome = subprocess.CompletedProcess[str]


@dataclass(frozen=True)
class Owner:
    """A private key and its certificate."""

    key: Any
    certificate: x509.Certificate


def owner(name: str, by: Owner | None, *, curve: bool = False, expired: bool = False) -> Owner:
    """A key with a certificate, of an authority (by itself) or issued by one."""
    key = ec.generate_private_key(ec.SECP256R1()) if curve else rsa.generate_private_key(65537, 2048)
    subject = x509.Name(
        [x509.NameAttribute(NameOID.COMMON_NAME, name), x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Sở A")]
    )
    now, authority = datetime.datetime.now(datetime.UTC), by is None
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by.certificate.subject if by else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - 10 * DAY)
        .not_valid_after(now - DAY if expired else now + 10 * DAY)
        .add_extension(x509.BasicConstraints(authority, None), critical=True)
        .add_extension(
            x509.KeyUsage(not authority, not authority, False, False, False, authority, authority, False, False),
            critical=True,
        )
        .sign(by.key if by else key, hashes.SHA256())
    )
    return Owner(key, made)


def stored(of: Owner, chain: list[Owner], file: Path, *, with_key: bool = True) -> Path:
    """A PKCS#12 file; or one that has certificates only."""
    others = [each.certificate for each in chain] + ([] if with_key else [of.certificate])
    key, certificate = (of.key, of.certificate) if with_key else (None, None)
    lock = BestAvailableEncryption(PASSWORD.encode())
    file.write_bytes(pkcs12.serialize_key_and_certificates(b"ky", key, certificate, others, lock))
    return file


@dataclass(frozen=True)
class Keys:
    """The key files of a folder, and the certificate of the authority as PEM."""

    folder: Path

    def __getattr__(self, name: str) -> Path:
        return self.folder / ("root.pem" if name == "root" else f"{name}.p12")


def keys(folder: Path) -> Keys:
    """signer (RSA), body (elliptic curve), expired, empty (no private key), stranger (another authority), old_root (the
    key is valid, its authority no longer)."""
    root, other = owner("CA thử", None, curve=True), owner("CA khác", None, curve=True)
    gone = owner("CA cũ", None, curve=True, expired=True)
    stored(owner("Phạm Sau", gone, curve=True), [gone], folder / "old_root.p12")
    stored(owner("Nguyễn Văn Ái", root), [root], folder / "signer.p12")
    stored(owner("Sở A", root, curve=True), [root], folder / "body.p12")
    stored(owner("Trần Cũ", root, curve=True, expired=True), [root], folder / "expired.p12")
    stored(owner("Lê Không", root, curve=True), [root], folder / "empty.p12", with_key=False)
    stored(owner("Người Lạ", other, curve=True), [other], folder / "stranger.p12")
    (folder / "root.pem").write_bytes(root.certificate.public_bytes(Encoding.PEM))
    (folder / "plain.pem").write_bytes(root.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return Keys(folder)


def project(factory: pytest.TempPathFactory) -> Project:
    """A small final edition with a signature block, run in both languages and published; made once for all tests."""
    shared = factory.getbasetemp().parent if "PYTEST_XDIST_WORKER" in os.environ else factory.getbasetemp()
    folder, done = shared / "signing", shared / "signing.done"
    with FileLock(shared / "signing.lock"):
        if not done.is_file():
            made = projects.project(folder)
            (folder / "frameworks" / "nho.yaml").write_text(published.FRAMEWORK, encoding="utf-8")
            file = published.edition(made, 2021).assessment_file
            file.write_text(file.read_text(encoding="utf-8") + SIGNATURE.lstrip("\n"), encoding="utf-8")
            for command in (("run", NAME, "--lang", "vi,en"), ("publish", NAME)):
                outcome = made.command(*command)
                assert outcome.returncode == 0, outcome.stdout + outcome.stderr
            done.touch()
    return Project(folder)


def copied(made: Project, folder: Path) -> Project:
    """A copy of the project, unsigned and without the list of versions, that may be changed."""
    return published.copied(made, folder, "pipeline.py", "minhbach", "notebooks", "_extensions", "data", "frameworks",
                            *(f"reports/{NAME}/{part}" for part in ("draft", "v1")))  # fmt: skip


def sign(made: Project, *arguments: str, password: str = PASSWORD, **environment: str) -> Outcome:
    """Runs `sign …` with the password in the first line of standard input."""
    return command(made, "sign", *arguments, password=password, **environment)


def command(made: Project, *arguments: str, password: str = PASSWORD, **environment: str) -> Outcome:
    """Runs a command with the password in the first line of standard input."""
    return subprocess.run(
        [sys.executable, "pipeline.py", *arguments, "--password-fd", "0"],
        cwd=made.folder,
        env=projects.surroundings(environment),
        input=f"{password}\n",
        capture_output=True,
        encoding="utf-8",
        timeout=projects.LIMIT,
        check=False,
    )
