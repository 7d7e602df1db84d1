"""The signatures beside a version: in which folders they stand, and whose they are by their own account.

Whether they hold is another matter, for which `verify` needs libraries that take long to import.
"""

from __future__ import annotations

import base64
import binascii
import datetime
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from minhbach import tables
from minhbach.versions import Version

LAYER: Final = "signature"  # of the verification of a version
ENDING: Final = ".signed"
STATEMENT: Final = "manifest.intoto.json"
MOST: Final = 2  # the signer's signature, and that of the body
ZONE: Final = datetime.timezone(datetime.timedelta(hours=7))  # of Viet Nam, all year
LARGEST: Final = 64_000_000  # bytes of a statement


@dataclass(frozen=True)
class Signed:
    """A folder of signatures: who signed, the moment by the signer's clock, and the SHA-256 of the statement."""

    folder: Path
    signer: str
    moment: datetime.datetime
    sha256: str


def name(of: Version, number: int) -> str:
    """What the folder of a version's first (1) or second (2) signature is called."""
    return of.name + ENDING + (f"-{number}" if number > 1 else "")


def folders(of: Version) -> list[Path]:
    """The folders with signatures of a version, oldest first."""
    named = (of.folder.with_name(name(of, number)) for number in range(1, MOST + 1))
    return [each for each in named if each.is_dir()]


def read(of: Version) -> list[Signed]:
    """The signatures of a version whose statements can be read, oldest first."""
    return [found for folder in folders(of) if (found := _read(folder)) is not None]


def _read(folder: Path) -> Signed | None:
    path = folder / STATEMENT
    try:
        content = path.read_bytes() if path.stat().st_size <= LARGEST else b""
        about = json.loads(base64.b64decode(json.loads(content)["payload"], validate=True))["predicate"]
        moment = datetime.datetime.fromisoformat(str(about["signedAt"])).astimezone(ZONE)
        return Signed(folder, str(about["signer"]), moment, tables.sha256(path))
    except (OSError, ValueError, KeyError, TypeError, IndexError, RecursionError, OverflowError, binascii.Error):
        return None
