"""The signs by which a workbook that we sent back is known again when it returns, so that nothing is marked twice.

They are the same in every language, like the headers of the form.
"""

from __future__ import annotations

import re

FINDINGS_SHEET = "Phát hiện"
OPENING, CLOSING = "── Kết quả kiểm tra phiếu (minhbach) ──", "── Hết phần kiểm tra ──"
RULE_SIGN = "minhbach"
"""Stands in the condition of every fill that we add; the condition always holds."""
BLOCK = re.compile(f"\\s*{re.escape(OPENING)}[^<]*?{re.escape(CLOSING)}")


def block(words: str) -> str:
    """What our findings about a cell look like inside its comment."""
    return f"{OPENING}\n{words}\n{CLOSING}"


def own_words(comment: str) -> str:
    """What the unit itself wrote in a comment: everything outside our blocks."""
    return BLOCK.sub("", comment).strip()
