"""Writes one PAdES signature into a PDF, as an update after all that is there, with what it shows on its page.

No time-stamp server is asked, because nothing here uses the network: the time is that of the signer's clock (B-B).
"""

from __future__ import annotations

import datetime
import io
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pyhanko.pdf_utils.generic import pdf_name, pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import AxisAlignment, SimpleBoxLayoutRule
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter, append_signature_field, enumerate_sig_fields
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner
from pyhanko.stamp import StaticStampStyle

from minhbach import sign_picture, wording
from minhbach.sign_certificates import named, organisation
from minhbach.sign_key import DIGEST, Key
from minhbach.sign_place import Box
from minhbach.versions_signed import ZONE

FIELD: Final = "Signature"
SEALED: Final = "minhbach seal SHA-256 "  # begins the reason; the hash of what the seal covers follows


@dataclass(frozen=True)
class Look:
    """How a signature is shown: where, with which PNG, and in which language; nowhere without a box."""

    box: Box | None
    picture: Path | None
    language: str


class _Quiet(IncrementalPdfFileWriter):
    """Writes an update that leaves the document's particulars as they were sealed."""

    def _update_meta(self) -> None:
        pass

    def ensure_output_version(self, version: object) -> None:
        """A PDF/A-3 stays one of version 1.7."""

    def register_extension(self, ext: object) -> None:
        """Keys on a curve need no entry in the catalogue."""


def signed(pdf: bytes, key: Key, look: Look, sealed: str, moment: datetime.datetime) -> bytes:
    """A PDF with one more signature; `sealed` is the hash in its seal, which the signature names."""
    writer = _Quiet(io.BytesIO(pdf))
    number = 1 + sum(1 for _ in enumerate_sig_fields(writer))
    said = told(key, moment, look.language)
    field = f"{FIELD}{number}"
    _prepared(writer, field, look.box, said)
    metadata = PdfSignatureMetadata(
        field_name=field,
        md_algorithm=DIGEST,
        subfilter=SigSeedSubFilter.PADES,
        name=named(key.certificate),
        reason=SEALED + sealed,
    )
    written = io.BytesIO()
    with tempfile.TemporaryDirectory() as folder:
        style = _style(Path(folder), look, said, moment)
        signer = PdfSigner(metadata, key.signer, stamp_style=style, timestamper=None)
        signer.sign_pdf(writer, existing_fields_only=True, output=written)
    return written.getvalue()


def told(key: Key, moment: datetime.datetime, language: str) -> tuple[str, ...]:
    """What a signature shows in words: who signed, of which body, and when."""
    name, body = named(key.certificate), organisation(key.certificate)
    time = moment.astimezone(ZONE).isoformat(timespec="seconds")
    lines = [wording.say("sign_shown_by", language, name=name)]
    lines += [wording.say("sign_shown_of", language, organisation=body)] if body and body != name else []
    return (*lines, wording.say("sign_shown_at", language, time=time))


def _prepared(writer: IncrementalPdfFileWriter, field: str, box: Box | None, said: tuple[str, ...]) -> None:
    """Puts an empty field on its page, with the words that screen readers say of it."""
    words = ". ".join(said)
    page = box.page - 1 if box else 0
    reference, _ = writer.find_page_for_modification(page)
    sheet = reference.get_object()
    corners = box.points(float(sheet["/MediaBox"][3])) if box else None
    append_signature_field(
        writer, SigFieldSpec(field, on_page=page, box=corners, readable_field_name=words, doc_mdp_update_value=None)
    )
    widget = next(each for name, _, each in enumerate_sig_fields(writer) if name == field).get_object()
    widget[pdf_name("/Contents")] = pdf_string(words)


def _style(folder: Path, look: Look, said: tuple[str, ...], moment: datetime.datetime) -> StaticStampStyle | None:
    if look.box is None:
        return None
    seal_only = look.picture is not None and look.box.width <= look.box.height  # no room for words below a seal
    lines = () if seal_only else said
    content = sign_picture.drawn(look.box, lines, look.picture, int(moment.timestamp()), look.language)
    file = folder / "shown.pdf"
    file.write_bytes(content)
    whole = SimpleBoxLayoutRule(AxisAlignment.ALIGN_MID, AxisAlignment.ALIGN_MID)
    return StaticStampStyle.from_pdf_file(str(file), border_width=0, background_layout=whole)
