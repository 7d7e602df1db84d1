"""A PKCS#11 token of SoftHSM in a folder of its own, with keys and certificates that a made-up authority issued."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
import signed
from conftest import REQUIRE_PROGRAMS, find_program
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

PIN = "7318520496"
LABEL = "Thẻ thử"
LIBRARIES = ("lib/softhsm", "lib64/softhsm", "lib/*/softhsm", "local/lib/softhsm", "lib64", "lib64/pkcs11")
IMPORT = "import sys; sys.path[:0] = sys.argv[3:]; import tokens; tokens.imported(*sys.argv[1:3])"
NAMES = {"rsa": "Nguyễn Văn Ái", "curve": "Sở A", "expired": "Trần Cũ"}


@dataclass(frozen=True)
class Token:
    """The library, the environment in which it finds the token, and the root as PEM."""

    library: Path
    environment: dict[str, str]
    root: Path


def token(folder: Path) -> Token:
    """A token with three keys; the test that asks is skipped (or fails, as for every program) without SoftHSM."""
    program, library = find_program("softhsm2-util"), _library()
    store, configuration = folder / "tokens", folder / "softhsm2.conf"
    store.mkdir()
    configuration.write_text(
        f"directories.tokendir = {store}\nobjectstore.backend = file\nlog.level = ERROR\n", encoding="utf-8"
    )
    made = Token(library, {"SOFTHSM2_CONF": str(configuration)}, folder / "root.pem")
    run(made, program, "--init-token", "--free", "--label", LABEL, "--pin", PIN, "--so-pin", "99119911")
    root = signed.owner("CA thử", None, curve=True)
    made.root.write_bytes(root.certificate.public_bytes(Encoding.PEM))
    for name, who in NAMES.items():
        own = signed.owner(who, root, curve=name == "curve", expired=name == "expired")
        (folder / f"{name}.key").write_bytes(
            own.key.private_bytes(Encoding.DER, PrivateFormat.TraditionalOpenSSL, NoEncryption())
        )
        (folder / f"{name}.cer").write_bytes(own.certificate.public_bytes(Encoding.DER))
    run(made, sys.executable, "-c", IMPORT, str(library), str(folder), *sys.path)
    for name in NAMES:
        (folder / f"{name}.key").unlink()
    return made


def _library() -> Path:
    """The library of SoftHSM."""
    found = [each for place in LIBRARIES for each in sorted(Path("/usr").glob(f"{place}/libsofthsm2.so"))]
    if found:
        return found[0]
    message = "the library of SoftHSM is not installed here; `make system` installs what the tests use"
    if os.environ.get(REQUIRE_PROGRAMS) == "1":
        pytest.fail(message)
    pytest.skip(message)


def run(of: Token, *command: str) -> None:
    """Runs a command that must succeed, in the environment of a token."""
    outcome = subprocess.run(
        command, env=os.environ | of.environment, capture_output=True, encoding="utf-8", check=False
    )
    assert outcome.returncode == 0, outcome.stderr


def imported(library: str, place: str) -> None:
    """Puts keys and certificates of a folder on the token; the library lives as long as the process, so in one of its
    own. The certificate of the curve has another label than its key: only their ids agree."""
    import pkcs11
    from pkcs11 import Attribute
    from pkcs11.util.ec import decode_ec_private_key
    from pkcs11.util.rsa import decode_rsa_private_key
    from pkcs11.util.x509 import decode_x509_certificate

    folder = Path(place)
    device = pkcs11.lib(library).get_token(token_label=LABEL)
    with device.open(rw=True, user_pin=PIN) as session:
        for name in NAMES:
            read = decode_ec_private_key if name == "curve" else decode_rsa_private_key
            common = {Attribute.TOKEN: True, Attribute.ID: name.encode()}
            key = read((folder / f"{name}.key").read_bytes())
            session.create_object(key | common | {Attribute.LABEL: name, Attribute.SENSITIVE: True})
            certificate = decode_x509_certificate((folder / f"{name}.cer").read_bytes())
            session.create_object(certificate | common | {Attribute.LABEL: name if name != "curve" else "chứng thư"})
