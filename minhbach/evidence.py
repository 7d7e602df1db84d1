"""The evidence inside a report: all tables, the frameworks and settings, and a seal over the whole file.

`verify` needs nothing but that file to compute every score, level, rank and count again.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

import pikepdf

from minhbach import evidence_files, evidence_marks, evidence_pdf, evidence_seal, manifest, wording
from minhbach.editions import Setup
from minhbach.errors import RenderError
from minhbach.evidence_files import DATA, MANIFEST, MARKS, SUPPLEMENT, Attachment
from minhbach.evidence_pages import Digests
from minhbach.evidence_reading import UnreadableError
from minhbach.paths import Edition
from minhbach.render.places import Marks

FORMAT = 1
REPORT = "report.pdf"
SELF = "sha256"  # of the manifest without this line
Manifest = Mapping[str, object]


def write(
    setup: Setup, output: Edition, folders: Mapping[str, Path], known: Manifest, marks: Mapping[str, Marks]
) -> None:
    """Puts the evidence into the report of every language, whose folders these are, the main one first.

    `known` is the manifest without the reports; `marks` are those of each report.
    """
    date = setup.assessment.document.date
    for language, folder in folders.items():
        path = folder / REPORT
        files = list(evidence_files.gather(setup, output, folder, language))
        about = wording.say("evidence_marks", language)
        files.append(Attachment(MARKS, evidence_marks.written(marks[language]), DATA, about))
        path.write_bytes(whole(path.read_bytes(), files, known, language, date))


def whole(pdf: bytes, files: Sequence[Attachment], known: Manifest, language: str, date: str) -> bytes:
    """A finished PDF with its attachments, the manifest that has the hashes of all, and the seal.

    Raises:
        RenderError: the PDF cannot be read.
    """
    try:
        with pikepdf.open(io.BytesIO(pdf)) as document:
            digests = Digests(document)
            own = {
                "format": FORMAT,
                "language": language,
                "pages": digests.pages(),
                "parts": digests.parts(),
                "attachments": {each.name: each.sha256 for each in files},
            }
            content = signed({**known, "evidence": own})
            first = Attachment(MANIFEST, content, SUPPLEMENT, wording.say("evidence_manifest", language))
            return evidence_seal.sealed(evidence_pdf.attached(document, [first, *files], date))
    except (pikepdf.PdfError, UnreadableError, ValueError) as error:
        raise RenderError(wording.say("evidence_refused", language, document=REPORT, reason=error)) from None


def signed(content: Manifest) -> bytes:
    """A manifest with the hash of all that it says, so that a change in it is found in it."""
    return manifest.written({**content, SELF: hashlib.sha256(manifest.written(content)).hexdigest()})


def says_itself(content: Manifest, written: bytes) -> bool:
    """Whether a manifest, and how it is written, is what its own hash says."""
    rest = {name: value for name, value in content.items() if name != SELF}
    return signed(rest) == written
