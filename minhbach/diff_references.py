"""What references of a report are printed as: Bảng 5, Hình 2, Phụ lục VII."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import Final

from minhbach import wording
from minhbach.release_tables import roman

LABEL: Final = re.compile(r"\{#((tbl|fig)-[\w.-]+)|^# .*\{#((anx)-[\w.-]+) \.annex", re.MULTILINE)


def printed(report: str, language: str) -> Mapping[str, str]:
    """The printed name of each table, figure and annex of a report by label; each kind is numbered by itself."""
    counts: Counter[str] = Counter()
    found: dict[str, str] = {}
    for match in LABEL.finditer(report):
        label, kind = match[1] or match[3], match[2] or match[4]
        counts[kind] += 1
        number = roman(counts[kind]) if kind == "anx" else str(counts[kind])
        found[label] = wording.say(f"release_{kind}", language, number=number)
    return found
