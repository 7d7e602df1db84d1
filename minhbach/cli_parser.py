"""A parser of a command line whose options may stand anywhere: also between and before the positional arguments."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any


class Parser(argparse.ArgumentParser):
    """argparse takes all positional arguments at the first one it meets, so that `verify EDITION --lang en v2` fails.

    Parsed in two passes, options first, it is the same as `verify EDITION v2 --lang en`. A parser that has commands of
    its own leaves this to them.
    """

    mixes = True

    def add_subparsers(self, **options: Any) -> Any:
        """Adds commands, which then take all that follows."""
        self.mixes = False
        return super().add_subparsers(**options)

    def parse_known_args(self, args: Sequence[str] | None = None, namespace: Any = None) -> tuple[Any, list[str]]:  # type: ignore[override]
        """Options first and then the others, which stand as if no option were among them."""
        if not self.mixes:
            return super().parse_known_args(args, namespace)
        self.mixes = False  # each pass comes back here
        try:
            return self.parse_known_intermixed_args(args, namespace)
        finally:
            self.mixes = True
