"""What notebooks show: the source of a function, and tables as plain text that never changes by itself."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import pandas as pd


def source(*functions: Callable[..., Any] | type) -> None:
    """Prints the source of functions, as they stand in the package."""
    for function in functions:
        module = inspect.getmodule(function)
        print(f"# {module.__name__ if module else '?'}")
        print(inspect.getsource(function).rstrip() + "\n")


def rows(table: pd.DataFrame, most: int = 12) -> None:
    """Prints a table's size and its first rows."""
    print(f"{len(table)} × {len(table.columns)}")
    if len(table):
        print(table.head(most).to_string(index=False, max_colwidth=48))
