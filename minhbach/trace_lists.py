"""Long lists in a few words: pages as ranges, the documents of a folder as one, sentences in lines of 80 columns."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from typing import Final

from minhbach.errors import UsageError

WIDTH: Final = 80
FEW: Final = 3  # so many documents of a folder are still named one by one


def ranges(pages: Iterable[int]) -> str:
    """Numbers of pages with what follows one another as a range: `1–23, 25`; a dash when there are none."""
    runs: list[list[int]] = []
    for page in sorted(set(pages)):
        if runs and page == runs[-1][-1] + 1:
            runs[-1].append(page)
        else:
            runs.append([page])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs) or "–"


def documents(names: Iterable[str]) -> str:
    """The names of documents, in order; a folder with many is named once with their number: `scorecards/… (234)`."""
    folders: dict[str, list[str]] = {}
    for name in sorted(set(names)):
        folders.setdefault(name.rpartition("/")[0], []).append(name)
    listed = (
        each
        for folder, inside in folders.items()
        for each in ([f"{folder}/… ({len(inside)})"] if folder and len(inside) > FEW else inside)
    )
    return ", ".join(listed) or "–"


def usage(text: str) -> UsageError:
    """The error of a sentence that may be long."""
    return UsageError(textwrap.fill(text, WIDTH, break_long_words=False, break_on_hyphens=False))
