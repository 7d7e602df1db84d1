"""Takes the bytes of a received file, after making sure that they are what the name says and stay small."""

from __future__ import annotations

import hashlib
import io
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

from minhbach.names import nearest

MAX_BYTES = 50_000_000
MAX_EXPANDED = 500_000_000
MAX_RATIO = 200
MAX_ROWS = 1_000_000
MAX_COLUMNS = 2_000
MAX_CELLS = 20_000_000
LIMIT = f"{MAX_ROWS} × {MAX_COLUMNS} / {MAX_CELLS}"
KINDS = {
    ".csv": "CSV",
    ".tsv": "CSV",
    ".txt": "CSV",
    ".xlsx": "XLSX",
    ".xlsm": "XLSX",
    ".xls": "XLS",
    ".ods": "ODS",
}
BROKEN_ZIP = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, OSError, ValueError)


class RefusalError(Exception):
    """A file or sheet that cannot be read; carries the rule of the finding and its details."""

    def __init__(self, rule: str, *, sheet: str = "", value: str = "", **details: object) -> None:
        super().__init__(rule)
        self.rule, self.sheet, self.value, self.details = rule, sheet, value, details


@dataclass(frozen=True)
class Received:
    """The bytes of a file; `kind` is CSV, XLSX, XLS or ODS, `file` its name below the edition's folder."""

    file: str
    kind: str
    content: bytes
    sha256: str


def receive(folder: Path, name: str) -> Received:
    """The file `name` of an edition's folder.

    Raises:
        RefusalError: it is absent, outside the folder, too large, empty, broken, locked or another kind.
    """
    inner = Path(name.replace("\\", "/"))
    kind = KINDS.get(inner.suffix.lower())
    if kind is None:
        raise RefusalError("unknown_file_type", value=inner.suffix, known=" ".join(KINDS))
    try:
        content = _bytes(_inside(folder, inner))
    except (OSError, RuntimeError, ValueError):  # a name too long for the disk, a circle of links
        raise RefusalError("missing_file", value=inner.name, near="") from None
    found = _kind_of(content)
    if found == "locked":
        raise RefusalError("password_protected")
    if found != kind and not (found == "ZIP" and kind in ("XLSX", "ODS")):
        raise RefusalError("wrong_file_type", value=found, named=kind)
    if kind in ("XLSX", "ODS"):
        _check_archive(content)
        if found == "ZIP":
            raise RefusalError("wrong_file_type", value=found, named=kind)
    return Received(inner.as_posix(), kind, content, hashlib.sha256(content).hexdigest())


def check_extent(rows: int, columns: int, sheet: str = "") -> None:
    """Refuses a table that is larger than any survey, before memory is spent on it."""
    if rows > MAX_ROWS or columns > MAX_COLUMNS or rows * columns > MAX_CELLS:
        raise RefusalError("table_too_large", sheet=sheet, rows=rows, columns=columns, limit=LIMIT)


def _inside(folder: Path, inner: Path) -> Path:
    path, home = folder / inner, folder.resolve()
    if inner.is_absolute() or not path.resolve().is_relative_to(home):
        raise RefusalError("outside_folder")
    if not path.is_file():
        siblings = sorted(each.name for each in path.parent.iterdir()) if path.parent.is_dir() else []
        raise RefusalError("missing_file", value=inner.name, near=nearest(inner.name, siblings))
    return path


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise RefusalError("damaged_file", reason=error.strerror or "?") from None
    if not content:
        raise RefusalError("empty_file")
    if len(content) > MAX_BYTES:
        raise RefusalError("file_too_large", limit=MAX_BYTES // 1_000_000)
    return content


def _kind_of(content: bytes) -> str:
    """What the first bytes say: CSV (any text), XLSX, XLS, ODS, ZIP, locked, or what else it is."""
    if content.startswith(b"PK"):
        return _zip_kind(content)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        if "EncryptedPackage".encode("utf-16-le") in content:
            return "locked"
        workbook = any(name.encode("utf-16-le") in content for name in ("Workbook", "Book"))
        return "XLS" if workbook else "OLE"
    start = content[:200].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    for sign, kind in ((b"%pdf", "PDF"), (b"<", "HTML/XML"), (b"{\\rtf", "RTF"), (b"\x89png", "PNG")):
        if start.startswith(sign):
            return kind
    return "CSV"


def _zip_kind(content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
    except BROKEN_ZIP:
        return "ZIP"
    if "xl/workbook.bin" in names:
        return "XLSB"
    if any(name.startswith("xl/") for name in names):
        return "XLSX"
    if any(name.startswith("word/") for name in names):
        return "DOCX"
    return "ODS" if "content.xml" in names and "mimetype" in names else "ZIP"


def _check_archive(content: bytes) -> None:
    """Refuses an archive that expands too far, is broken, or declares other sizes than it has."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            expanded = sum(each.file_size for each in archive.infolist())
            if expanded > MAX_EXPANDED or expanded > MAX_RATIO * len(content):
                limit = f"{MAX_EXPANDED // 1_000_000} MB, {MAX_RATIO} : 1"
                raise RefusalError("expands_too_much", value=f"{expanded // 1_000_000} MB", limit=limit)
            _check_unlocked(archive)
            broken = archive.testzip()
    except BROKEN_ZIP as error:
        raise RefusalError("damaged_file", reason=str(error) or type(error).__name__) from None
    if broken:
        raise RefusalError("damaged_file", reason=broken)


def _check_unlocked(archive: zipfile.ZipFile) -> None:
    manifest = "META-INF/manifest.xml"
    locked = any(each.flag_bits & 1 for each in archive.infolist())
    if locked or (manifest in archive.namelist() and b"encryption-data" in archive.read(manifest)):
        raise RefusalError("password_protected")
