"""CSV as we hand it over: UTF-8, LF, text as it is; read back without any guessing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pandas as pd

from minhbach import tables_columns, wording


def write(table: pd.DataFrame, path: Path) -> None:
    """Writes a table whose cells are texts; the caller has sorted it by its key."""
    path.parent.mkdir(parents=True, exist_ok=True)
    table.to_csv(path, index=False, encoding="utf-8", lineterminator="\n")


def read(path: Path, columns: Iterable[str] = (), language: str = "") -> pd.DataFrame:
    """Reads a table that `write` wrote: every cell a text, blanks as empty texts.

    Raises:
        DataError: it is empty, torn or not UTF-8, or lacks one of the `columns` that are looked for.
        OSError: it cannot be opened.
    """
    try:
        table = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")
    except pd.errors.EmptyDataError:
        raise tables_columns.damaged(path, wording.say("trace_empty", language), language) from None
    except ValueError as error:
        raise tables_columns.damaged(path, str(error), language) from None
    tables_columns.check(path, table.columns, columns, language)
    return table


def rows(table: pd.DataFrame) -> Iterable[Any]:
    """The rows of a table as tuples with named cells."""
    return table.itertuples(index=False)


def sha256(path: Path) -> str:
    """The SHA-256 of a file, in hex."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
