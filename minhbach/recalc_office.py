"""LibreOffice as a calculator: hands it a workbook without any stored result, and takes back what it computed.

It runs without windows, with a throw-away profile that says "always recalculate", in a temporary folder, and within a
time limit. The workbook's stored results are removed beforehand, so that nothing can be echoed.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path

from minhbach import wording
from minhbach.errors import MinhbachError, UsageError

NAMES = ("soffice", "libreoffice")
ELSEWHERE = (
    Path("/Applications/LibreOffice.app/Contents/MacOS/soffice"),
    Path("C:/Program Files/LibreOffice/program/soffice.com"),
)
SECONDS, SECONDS_PER_MEGABYTE = 180, 120
FORMAT = "xlsx:Calc MS Excel 2007 XML"
ALWAYS = """\
<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop>
</item>
</oor:items>
"""
# Notes make LibreOffice slow, and what lies outside the workbook is none of its business.
LEFT_OUT = re.compile(r"xl/(comments[^/]*\.xml|drawings/.*|worksheets/_rels/.*|externalLinks/.*)")
NOTES = re.compile(rb"<legacyDrawing\b[^>]*/>")
SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
FORMULA = rb"<f\b[^>]*?/>|<f\b[^>]*>[^<]*</f>"
STORED = re.compile(rb"(" + FORMULA + rb")\s*(?:<v\b[^>]*/>|<v\b[^>]*>[^<]*</v>)")
HOLDING = re.compile(rb'<c\b[^>]*?\br="([A-Z]+[0-9]+)"[^>]*>\s*(?:' + FORMULA + rb")")


def find(language: str) -> str:
    """The path of LibreOffice; UsageError saying how to install it when it is not there."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    found = found or next((path.as_posix() for path in ELSEWHERE if path.is_file()), None)
    if found is None:
        raise UsageError(wording.say("recalc_missing_program", language))
    return found


def version(program: str) -> str:
    """`LibreOffice 7.4.7.2`."""
    said = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=SECONDS, check=False).stdout
    match = re.search(r"LibreOffice\s+[0-9][0-9.]*", said)
    return " ".join(match[0].split()) if match else "LibreOffice"


def bare(workbook: Path, target: Path) -> dict[str, frozenset[str]]:
    """Copies a workbook without the results stored beside its formulas, and without notes.

    Gives the addresses of the cells with a formula, by the sheet's file in the workbook.

    Raises:
        zipfile.BadZipFile, OSError: the workbook is damaged or cannot be read.
    """
    formulas = {}
    with zipfile.ZipFile(workbook) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy:
        for name in (name for name in source.namelist() if not LEFT_OUT.fullmatch(name)):
            content = source.read(name)
            if SHEET.fullmatch(name):
                content = NOTES.sub(b"", STORED.sub(rb"\1", content))
                formulas[name] = frozenset(match.decode() for match in HOLDING.findall(content))
            copy.writestr(name, content)
    return formulas


def recalculated(program: str, workbook: Path, folder: Path, language: str) -> Path:
    """The workbook as LibreOffice computes it, in a new file in `folder`.

    Raises:
        MinhbachError: LibreOffice fails or takes too long.
    """
    profile, results = folder / "profile", folder / "results"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(ALWAYS, encoding="utf-8")
    options = ["--headless", "--norestore", "--nolockcheck", "--nodefault", "--nofirststartwizard"]
    home = f"-env:UserInstallation={profile.resolve().as_uri()}"
    command = [program, *options, home, "--convert-to", FORMAT, "--outdir", str(results), str(workbook)]
    seconds = SECONDS + SECONDS_PER_MEGABYTE * workbook.stat().st_size // 1_000_000
    with _started(command) as process:
        try:
            said = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            raise MinhbachError(wording.say("recalc_timeout", language, seconds=seconds)) from None
    made = results / f"{workbook.stem}.xlsx"
    if not made.is_file():
        reason = " ".join(" ".join(said).split())[:500] or str(process.returncode)
        raise MinhbachError(wording.say("recalc_failed", language, file=workbook.name, reason=reason))
    return made


@contextlib.contextmanager
def _started(command: list[str]) -> Iterator[subprocess.Popen[str]]:
    """A running program; it and everything it has started end with the block."""
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        start_new_session=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            _end(process)


def _end(process: subprocess.Popen[str]) -> None:
    with contextlib.suppress(ProcessLookupError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    process.communicate()
