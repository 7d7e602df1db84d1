"""The seal of a finished PDF: one small object after its end that holds the hash of every byte before it.

The seal is an update as PDF has them, so that every reader shows the file as before, and its own bytes follow from
what it covers: whoever has the file alone finds one changed byte anywhere. It keeps nobody from changing a file and
sealing it anew; that is for a signature, which may follow the seal as a further update.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

BLOCK: Final = 16_384  # bytes; a change is found in its block
SHORT: Final = 16  # hex digits that stand for a block
MARK: Final = b"/Type /MinhbachSeal"
SEAL: Final = re.compile(rb"(?<![0-9])([0-9]{1,9}) 0 obj\n<< " + MARK + rb" [^\n]{0,120}/Length_covered ([0-9]{1,12}) ")
TRAILER: Final = re.compile(rb"trailer\s*<<(.*?)>>\s*startxref\s+([0-9]{1,12})\s+%%EOF\s*\Z", re.DOTALL)
SIZE: Final = re.compile(rb"/Size\s+([0-9]{1,9})")
BLOCKS: Final = re.compile(rb"/Blocks <([0-9a-f]*)>")
OBJECT: Final = re.compile(rb"(?<![0-9])([0-9]{1,9}) [0-9]{1,5} obj\b")
SIGNATURE: Final = re.compile(rb"/Type\s*/Sig\b")
TAIL: Final = 4_096  # bytes at the end of a file in which its last trailer stands


@dataclass(frozen=True)
class Seal:
    """What the seal of a file says, and what stands there: first and last byte of what changed, as far as it is known.

    `covered` is the number of bytes before the seal, `end` where it ends. `broken` names blocks that changed.
    """

    covered: int
    end: int
    sha256: str
    holds: bool
    broken: tuple[int, ...] = ()


def sealed(pdf: bytes) -> bytes:
    """A PDF, whose last cross-reference table is a plain one, with its seal.

    Raises:
        ValueError: the file does not end in such a table.
    """
    return pdf + section(pdf)


def section(covered: bytes) -> bytes:
    """The bytes of the seal, which follow from those that it covers."""
    found = TRAILER.search(covered[-TAIL:])
    size = SIZE.search(found[1]) if found else None
    if found is None or size is None:
        raise ValueError("the file does not end in a trailer with a plain cross-reference table")
    number, at = int(size[1]), len(covered)
    entries = SIZE.sub(b"/Size %d" % (number + 1), found[1].strip())
    entries = re.sub(rb"/Prev\s+[0-9]+\s*", b"", entries).strip()
    digest = hashlib.sha256(covered).hexdigest().encode()
    sealing = b"<< %s /Format 1 /SHA256 <%s> /Length_covered %d /Block %d /Blocks <%s> >>" % (
        MARK,
        digest,
        at,
        BLOCK,
        b"".join(_blocks(covered)),
    )
    body = b"%d 0 obj\n%s\nendobj\n" % (number, sealing)
    table = b"xref\n%d 1\n%010d 00000 n \n" % (number, at)
    ending = b"trailer\n<< %s /Prev %s >>\nstartxref\n%d\n%%%%EOF\n" % (entries, found[2], at + len(body))
    return body + table + ending


def read(pdf: bytes) -> Seal | None:
    """The last seal of a file that stands at its own place, or else the last there is; None if there is none."""
    found = [(match.start(), int(match[2]), match) for match in SEAL.finditer(pdf)]
    if not found:
        return None
    start, covered, _ = next((each for each in reversed(found) if each[0] == each[1]), found[-1])
    try:
        expected = section(pdf[:covered])
    except ValueError:
        expected = b""
    end = _end(pdf, start)
    holds = start == covered and bool(expected) and pdf[start : start + len(expected)] == expected
    if holds:
        return Seal(covered, start + len(expected), hashlib.sha256(pdf[:covered]).hexdigest(), holds=True)
    return Seal(covered, end, hashlib.sha256(pdf[:covered]).hexdigest(), holds=False, broken=_broken(pdf, start, end))


def revisions(pdf: bytes, seal: Seal) -> Iterator[tuple[int, int, bool]]:
    """What was added to a file after its seal: first and last byte of each update, and whether it is a signature.

    A signature is an update with a signature dictionary whose byte range covers the whole file up to the end of the
    update but for the signature itself. What such an update changes besides, `verify` sees on the pages and in the
    attachments.
    """
    begin = seal.end
    for match in re.finditer(rb"%%EOF[\r\n]{0,2}", pdf[seal.end :]):
        end = seal.end + match.end()
        yield begin, end, _signs(pdf[begin:end], end)
        begin = end
    if begin < len(pdf):
        yield begin, len(pdf), False


def signed(pdf: bytes) -> bool:
    """Whether a file has anything that says it is a signature."""
    return SIGNATURE.search(pdf) is not None


def _signs(update: bytes, end: int) -> bool:
    """Whether an update that ends at `end` has a signature over all bytes of the file up to there."""
    if not SIGNATURE.search(update):
        return False
    for match in re.finditer(rb"/ByteRange\s*\[\s*0\s+([0-9]{1,12})\s+([0-9]{1,12})\s+([0-9]{1,12})\s*\]", update):
        first, second, length = (int(each) for each in match.groups())
        if first < second and second + length == end:
            return True
    return False


def objects(pdf: bytes, begin: int, end: int) -> tuple[int, ...]:
    """The numbers of the PDF objects of which bytes stand between two places, for people who want to look."""
    before = [int(match[1]) for match in OBJECT.finditer(pdf, 0, begin)][-1:]
    return tuple(dict.fromkeys([*before, *(int(match[1]) for match in OBJECT.finditer(pdf, begin, end))]))


def _blocks(covered: bytes) -> Iterator[bytes]:
    for begin in range(0, len(covered), BLOCK):
        yield hashlib.sha256(covered[begin : begin + BLOCK]).hexdigest()[:SHORT].encode()


def _broken(pdf: bytes, start: int, end: int) -> tuple[int, ...]:
    """The blocks whose hash is not the one in the seal; none where the seal itself is what changed."""
    kept = BLOCKS.search(pdf, start, end)
    if kept is None or len(kept[1]) % SHORT:
        return ()
    known = [kept[1][place : place + SHORT] for place in range(0, len(kept[1]), SHORT)]
    now = list(_blocks(pdf[:start]))
    places = range(max(len(known), len(now)))
    return tuple(place for place in places if known[place : place + 1] != now[place : place + 1])


def _end(pdf: bytes, start: int) -> int:
    """Where the update that begins at `start` ends."""
    match = re.compile(rb"%%EOF[\r\n]{0,2}").search(pdf, start)
    return match.end() if match else len(pdf)
