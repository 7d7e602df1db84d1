"""The sections of a report by id: what a commentary may speak about, in the order of the report."""

from __future__ import annotations

BODY = (
    "introduction",
    "basis",
    "survey",
    "results",
    "levels",
    "groups",
    "blocking",
    "robustness",
    "verified",
    "criteria",
    "previous",
    "comparison",
    "conclusion",
    "recommendations",
)
ANNEXES = ("method", "full", "robustness", "missing", "changes", "findings", "corrections", "absent", "check")
SECTIONS = BODY + ANNEXES
