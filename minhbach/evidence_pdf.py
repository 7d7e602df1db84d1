"""Puts attachments into a finished PDF as PDF/A-3 wants them; its pages stay as they are."""

from __future__ import annotations

import hashlib
import io
import zlib
from collections.abc import Sequence

import pikepdf
from pikepdf import Array, Dictionary, Name, ObjectStreamMode, String

from minhbach.evidence_files import Attachment


def attached(pdf: pikepdf.Pdf, files: Sequence[Attachment], date: str) -> bytes:
    """The bytes of a PDF with attachments; `date` (2026-11-21) is what it says of their making.

    Objects stand in no streams and the cross-reference table is a plain one, as Typst writes them and the seal needs.
    """
    stamp = f"D:{date.replace('-', '')}000000Z"
    specifications = {each.file: pdf.make_indirect(_specification(pdf, each, stamp)) for each in files}
    ordered = [part for name in sorted(specifications) for part in (String(name), specifications[name])]
    names = pdf.Root.get("/Names")
    if names is None:
        names = pdf.Root.Names = Dictionary()
    names.EmbeddedFiles = Dictionary(Names=Array(ordered))
    pdf.Root.AF = Array([specifications[each.file] for each in files])
    written = io.BytesIO()
    # Streams are left as they are: metadata must stay readable as text (ISO 19005), and fonts are packed already.
    pdf.save(
        written,
        object_stream_mode=ObjectStreamMode.disable,
        compress_streams=False,
        deterministic_id=True,
        fix_metadata_version=False,
    )
    return written.getvalue()


def _specification(pdf: pikepdf.Pdf, file: Attachment, stamp: str) -> Dictionary:
    stream = pdf.make_stream(zlib.compress(file.content, 6))
    stream.Filter = Name.FlateDecode
    stream.Type = Name.EmbeddedFile
    stream.Subtype = Name("/" + file.media_type)
    checksum = String(hashlib.md5(file.content, usedforsecurity=False).digest())
    stream.Params = Dictionary(Size=len(file.content), CheckSum=checksum, CreationDate=stamp, ModDate=stamp)
    return Dictionary(
        Type=Name.Filespec,
        F=String(file.file),
        UF=String(file.file),
        Desc=String(file.about),
        AFRelationship=Name("/" + file.relation),
        EF=Dictionary(F=stream, UF=stream),
    )
