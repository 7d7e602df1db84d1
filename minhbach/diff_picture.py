"""A page of a PDF as a small PNG: a few greys, always the same bytes."""

from __future__ import annotations

import struct
import zlib
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

SCALE: Final = 1.5  # pixels for each point: 108 to the inch, so that small print can be read
GREYS: Final = 8
DEPTH: Final = 4  # bits of a pixel


def png(page: Any) -> bytes:
    """A page of an open PDF as a PNG."""
    drawn: NDArray[np.uint8] = page.render(scale=SCALE, grayscale=True).to_numpy()
    grey = drawn.reshape(drawn.shape[0], -1)
    steps = np.round(grey.astype(np.float64) / 255 * (GREYS - 1)) / (GREYS - 1)
    values = np.round(steps * (2**DEPTH - 1)).astype(np.uint8)
    height, width = values.shape
    even = np.pad(values, ((0, 0), (0, width % 2)))
    rows = even[:, ::2] << DEPTH | even[:, 1::2]
    lines = np.pad(rows, ((0, 0), (1, 0)))  # each line begins with its filter: none
    head = struct.pack(">IIBBBBB", width, height, DEPTH, 0, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(lines.tobytes(), 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_part(kind, content) for kind, content in parts)


def _part(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
