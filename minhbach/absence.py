"""Units of the list that are not in the data, as findings: never scored zero, never ranked."""

from __future__ import annotations

import pandas as pd

from minhbach import findings as found
from minhbach.assessment import Assessed
from minhbach.findings import Finding
from minhbach.units import Units


def findings(units: Units, observations: pd.DataFrame, assessed: Assessed, language: str) -> tuple[Finding, ...]:
    """A note per absent unit with a recorded reason; a warning per one without, and per one that came after all."""
    present = set(observations["unit_id"])
    made = []
    for unit in units:
        reason = assessed.absent.get(unit.unit_id)
        details = {
            "unit": unit.name,
            "reason": reason.say(language) if reason else "",
            "unit_id": unit.unit_id,
        }
        if unit.unit_id not in present:
            rule, severity = ("unit_absent_known", "note") if reason else ("unit_absent", "warning")
            made.append(found.make(rule, language, severity=severity, file=assessed.source, **details))
        elif reason:
            made.append(
                found.make(
                    "unit_present_after_all",
                    language,
                    severity="warning",
                    file=assessed.source,
                    **details,
                )
            )
    return tuple(made)
