"""Memory that Typst holds on to: layouts are kept for the next documents, hundreds of MiB after a few hundred."""

from __future__ import annotations

import ctypes
import sys
from typing import Final

import typst

KEPT: Final = 10  # compilations for which Typst keeps what none of them has asked for


def forget() -> None:
    """Lets Typst drop all it keeps, and gives the memory back to the system where that can be asked for."""
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False)
    for _ in range(KEPT + 2):
        typst.compile(b" ", format="svg", font_paths=fonts, ignore_system_fonts=True)
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:  # the C library of some systems has none
            trim(0)
