"""The value of an SQL query over the tables of an edition, exactly."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

import duckdb

EXACT = re.compile(r"-?[0-9]{1,4000}(\.[0-9]{1,4000}|/[1-9][0-9]{0,3999})?")
DUCKDB = {
    "autoinstall_known_extensions": "false", "autoload_known_extensions": "false", "enable_external_access": "false",
    "max_temp_directory_size": "0KB", "memory_limit": "512MB",
}  # fmt: skip


def select(database: duckdb.DuckDBPyConnection, sql: str) -> Fraction:
    """The value of a query, exactly (decimals and integers only, never floats).

    Raises:
        ValueError: it is not one SELECT that gives one row with one value, or a numerator and a denominator.
        duckdb.Error: it cannot be run.
    """
    statements = database.extract_statements(sql)
    if [statement.type for statement in statements] != [duckdb.StatementType.SELECT]:
        raise ValueError(f"{sql}: a query fact is one SELECT.")
    rows = database.execute(statements[0]).fetchmany(2)
    if len(rows) != 1:
        raise ValueError(f"{sql}: gives {'no row' if not rows else 'several rows'}; a query fact has one row.")
    parts = [exact(part, sql) for part in rows[0]]
    if len(parts) not in (1, 2):
        raise ValueError(
            f"{sql}: gives {len(parts)} columns; a query fact has one value, or numerator and denominator."
        )
    if parts[1:] == [0]:
        raise ValueError(f"{sql}: divides by 0; a ratio of nothing is no fact.")
    return parts[0] if len(parts) == 1 else parts[0] / parts[1]


def exact(part: object, sql: str) -> Fraction:
    """A value that a query gives, as a number.

    Raises:
        ValueError: it is none.
    """
    if isinstance(part, (int, Decimal)) and not isinstance(part, bool):
        return Fraction(part)
    if isinstance(part, str) and EXACT.fullmatch(part):
        return Fraction(part)
    raise ValueError(f"{sql}: gives {part!r}; a query fact is a whole number, a decimal or a fraction such as 2/3.")
