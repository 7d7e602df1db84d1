"""Writes the sample edition's ledgers: a few corrections, and confirmations of which some are missing and one void.

Run after `python -m tools.gia_lai`, as `python -m tools.gia_lai_ledger`: signatures are hashes of what the forms say.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from minhbach import confirmations, corrections, corrections_entry, editions, intake
from minhbach.editions import Setup
from minhbach.paths import Edition

EDITION = "2022-gia-lai"
MARK = "(minh họa)"
AUTHORITY = f"Biên bản thẩm tra số liệu {MARK}"
BY = f"Tổ giúp việc {MARK}"
# unit, field, new value, reason, date, round
CORRECTIONS = (
    ("622", "so_may_tinh", "180", f"Đơn vị đính chính sau khi kiểm kê {MARK}", "2022-11-15", "1"),
    ("631", "so_may_tinh", "150", f"Nhập nhầm, đối chiếu sổ tài sản {MARK}", "2022-11-16", "1"),
    ("23557", "so_cbcc", "23", f"Đơn vị bổ sung biên chế {MARK}", "2022-12-05", "2"),
)
UNSIGNED = ("23560", "637")  # never signed in round 2
VOID = "23557"  # signed in round 1, corrected afterwards, not signed again


def main() -> None:
    """Writes corrections.csv and confirmations.csv of the sample edition."""
    setup = editions.load(Edition(EDITION).required())
    ledger, signed = setup.edition.raw / "corrections.csv", setup.edition.raw / "confirmations.csv"
    ledger.unlink(missing_ok=True)
    for unit_id, field_id, value, reason, date, number in CORRECTIONS:
        _correct(setup, ledger, (unit_id, field_id, value, reason, date, number))
    before, after = _observed(setup, 1), _observed(setup, 2)
    rows = [*_signatures(before, 1, ()), *_signatures(after, 2, (*UNSIGNED, VOID))]
    _write(signed, ("unit_id", "round", "sha256", "by", "post", "date", "document"), rows)


def _correct(setup: Setup, ledger: Path, given: tuple[str, ...]) -> None:
    entries = corrections.load(ledger, setup.frameworks, setup.units)
    names = ("unit_id", "field_id", "value", "reason", "date", "round")
    texts = dict(zip(names, given, strict=True)) | {"authority": AUTHORITY, "by": BY}
    entry = corrections.propose(texts, entries, _all(setup, entries), setup.frameworks, setup.units)
    corrections_entry.append(ledger, entry)


def _all(setup: Setup, entries: Sequence[corrections_entry.Correction]) -> pd.DataFrame:
    parts = []
    for framework in setup.frameworks:
        mine = corrections.of_framework(entries, framework, setup.units)
        received = intake.receive(setup, framework.id, "vi", mine)
        parts.append(intake.settle(setup, framework.id, received, mine, "vi")[0].observations)
    return pd.concat(parts, ignore_index=True)


def _observed(setup: Setup, number: int) -> pd.DataFrame:
    """The observations at the end of a round."""
    entries = corrections.load(setup.edition.raw / "corrections.csv", setup.frameworks, setup.units)
    return _all(setup, [each for each in entries if each.round <= number])


def _signatures(observations: pd.DataFrame, number: int, without: Sequence[str]) -> list[tuple[str, ...]]:
    date = {1: "2022-11-30", 2: "2023-02-15"}[number]
    post = f"Chủ tịch UBND {MARK}"
    return [
        (str(unit_id), str(number), confirmations.digest(table), f"Thủ trưởng đơn vị {MARK}", post, date, "")
        for unit_id, table in observations.groupby("unit_id", sort=True)
        if unit_id not in without
    ]


def _write(path: Path, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *rows])


if __name__ == "__main__":
    main()
