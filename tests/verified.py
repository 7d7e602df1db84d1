"""Reports that somebody tampered with: attachments replaced, taken out, put in; contents forged and sealed anew."""

import hashlib
import io
import json
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path

import pikepdf

from minhbach import evidence, evidence_reading, evidence_seal, verify
from minhbach.evidence_files import MANIFEST, flat, unflat
from minhbach.verify_result import Result

Change = Callable[[bytes], bytes]


def carried(pdf: bytes) -> dict[str, bytes]:
    """Every attachment by its path."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return {unflat(each.name): each.content for each in evidence_reading.attachments(document)}


def attached(pdf: bytes, changes: Mapping[str, bytes | None]) -> bytes:
    """The PDF saved again by another program, with attachments replaced, put in, or (None) taken out.

    The checksums and sizes that the PDF has of its attachments fit again; the manifest is left alone.
    """
    with pikepdf.open(io.BytesIO(pdf)) as document:
        names = document.Root.Names.EmbeddedFiles.Names
        known = {str(names[place]): names[place + 1] for place in range(0, len(names), 2)}
        for name, content in changes.items():
            if content is None:
                del known[flat(name)]
            elif flat(name) in known:
                stream = known[flat(name)].EF.F
                stream.write(zlib.compress(content), filter=pikepdf.Name.FlateDecode)
                stream.Params.Size = len(content)
                stream.Params.CheckSum = pikepdf.String(hashlib.md5(content).digest())
            else:
                known[flat(name)] = document.make_indirect(_specification(document, flat(name), content))
        listed = [part for name in sorted(known) for part in (pikepdf.String(name), known[name])]
        document.Root.Names.EmbeddedFiles = pikepdf.Dictionary(Names=pikepdf.Array(listed))
        return saved(document)


def _specification(document: pikepdf.Pdf, file: str, content: bytes) -> pikepdf.Dictionary:
    stream = document.make_stream(content)
    return pikepdf.Dictionary(
        Type=pikepdf.Name.Filespec,
        F=pikepdf.String(file),
        UF=pikepdf.String(file),
        EF=pikepdf.Dictionary(F=stream, UF=stream),
    )


def forged(pdf: bytes, changes: Mapping[str, bytes]) -> bytes:
    """The PDF with attachments replaced by somebody who also puts their hashes right and seals the file anew."""
    content = json.loads(carried(pdf)[MANIFEST])
    del content[evidence.SELF]
    for name, changed in changes.items():
        digest = hashlib.sha256(changed).hexdigest()
        content["evidence"]["attachments"][name] = digest
        content["inputs"] = {
            known: digest if known.endswith(f"/{name}") else old for known, old in content["inputs"].items()
        }
    return evidence_seal.sealed(attached(pdf, {**changes, MANIFEST: evidence.signed(content)}))


def redrawn(pdf: bytes, page: int, change: Change) -> bytes:
    """The PDF with the content of a page (from 1) changed, saved again and sealed anew."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        contents = document.pages[page - 1].obj.Contents
        contents.write(change(contents.read_bytes()))
        return evidence_seal.sealed(saved(document))


def saved(document: pikepdf.Pdf) -> bytes:
    """What another program writes."""
    written = io.BytesIO()
    document.save(
        written, object_stream_mode=pikepdf.ObjectStreamMode.disable, static_id=True, fix_metadata_version=False
    )
    return written.getvalue()


def flipped(content: bytes, place: int) -> bytes:
    """The content with one bit of one byte changed."""
    return content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]


def replaced(content: bytes, old: str, new: str) -> bytes:
    """The content with a text, which stands in it once, replaced."""
    assert content.count(old.encode("utf-8")) == 1, (old, content.count(old.encode("utf-8")))
    return content.replace(old.encode("utf-8"), new.encode("utf-8"))


def verified(pdf: bytes, folder: Path, language: str = "en") -> Result:
    """The verification of a PDF that stands alone in a folder."""
    file = folder / "report.pdf"
    file.write_bytes(pdf)
    return verify.verify(file, language)


def told(result: Result) -> dict[str, set[str]]:
    """The places of all differences by layer."""
    found: dict[str, set[str]] = {}
    for each in result.differences:
        found.setdefault(each.layer, set()).add(each.place)
    return found
