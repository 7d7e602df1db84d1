"""Times things side by side, in turns, and prints the medians as a table of at most 80 columns."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping, Sequence


def seconds(task: Callable[[], object], clock: Callable[[], float] = time.perf_counter) -> float:
    """How long one call takes by a clock: the wall's, or `time.process_time` of this process alone."""
    begun = clock()
    task()
    return clock() - begun


def in_turns(
    tasks: Mapping[str, Callable[[], object]], rounds: int, clock: Callable[[], float] = time.perf_counter
) -> dict[str, float]:
    """Median seconds of each task; they run A B C A B C, after one round that is not counted."""
    for task in tasks.values():
        task()
    times: dict[str, list[float]] = {name: [] for name in tasks}
    for _ in range(rounds):
        for name, task in tasks.items():
            times[name].append(seconds(task, clock))
    return {name: statistics.median(each) for name, each in times.items()}


def show(title: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Prints a table: the first column to the left, the others to the right."""
    widths = [max(len(row[place]) for row in (header, *rows)) for place in range(len(header))]
    print(f"\n{title}")
    for row in (header, *rows):
        cells = [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        print("  " + "  ".join(cells).rstrip())


def against(times: Mapping[str, float], base: str) -> list[list[str]]:
    """Rows of name, time and multiple of `base`."""
    return [[name, span(each), f"{each / times[base]:.2f}"] for name, each in times.items()]


def span(value: float) -> str:
    """Seconds, or milliseconds below one second."""
    return f"{value:.2f} s" if value >= 1 else f"{value * 1000:.1f} ms"


def target(words: str, ratio: float, most: float) -> None:
    """The closing line of a target."""
    print(f"TARGET {words}: {ratio:.2f}, at most {most:.1f}: {'met' if ratio <= most else 'NOT MET'}")
