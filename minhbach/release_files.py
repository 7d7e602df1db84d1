"""Zip files whose bytes depend on their content only: fixed order, fixed times, no trace of the machine."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path

FIRST = ("mimetype", "[Content_Types].xml")  # where readers look for them
EARLIEST = 1980
LATEST = 2107
UNIX, PLAIN_FILE = 3, 0o100644 << 16


def write(path: Path, parts: Mapping[str, bytes], when: date) -> None:
    """Writes the parts of a document; `mimetype` is stored as it is, as OpenDocument asks."""
    path.parent.mkdir(parents=True, exist_ok=True)
    stamp = (min(max(when.year, EARLIEST), LATEST), when.month, when.day, 0, 0, 0)
    names = sorted(parts, key=lambda name: (name not in FIRST, name))
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            entry = zipfile.ZipInfo(name, stamp)
            entry.create_system, entry.external_attr = UNIX, PLAIN_FILE
            entry.compress_type = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            archive.writestr(entry, parts[name])
