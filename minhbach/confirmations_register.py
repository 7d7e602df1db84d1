"""The Markdown of the register: which unit has confirmed its data in a round, which has not, and which has none."""

from __future__ import annotations

import pandas as pd

from minhbach import tables, wording
from minhbach.confirmations_page import cell_text, headings
from minhbach.markdown import escape, paragraphs, table
from minhbach.units import Units

SHOWN_DIGITS = 12
COLUMNS = ("number", "unit_name", "state", "signed", "now", "date", "document")
WIDTHS = (6, 26, 18, 15, 15, 16, 12)


def markdown(units: Units, state: pd.DataFrame, language: str) -> str:
    """A sentence with the counts, and a row per unit, from the table of `confirmations.status` for one round."""
    known = {row.unit_id: row for row in tables.rows(state)}
    counts = {name: int((state["state"] == name).sum()) for name in ("confirmed", "void", "missing")}
    absent = sum(unit.unit_id not in known for unit in units)
    rows = []
    for place, unit in enumerate(units, start=1):
        row = known.get(unit.unit_id)
        said = escape(wording.say(f"state_{row.state if row else 'no_data'}", language))
        hashes = [f"`{text[:SHOWN_DIGITS]}`" if text else "" for text in ((row.sha256, row.now) if row else ("", ""))]
        signed = ", ".join(filter(None, (wording.say_date(row.date, language), row.by))) if row else ""
        name = escape(f"{unit.name} ({unit.unit_id})")
        rows.append([str(place), name, said, *hashes, cell_text(signed), cell_text(row.document if row else "")])
    header = headings(language, *COLUMNS)
    return paragraphs(
        escape(wording.say("register_intro", language, count=len(known), absent=absent, **counts)),
        table("register", escape(wording.say("register_table", language)), header, rows, "l" * len(header), WIDTHS),
    )
