"""How firm the result of the largest edition is: 1,000 draws of weights over all units, and the other trials."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from measuring import project
from measuring.clock import in_turns, show, span

from minhbach import editions, robustness_answers, robustness_readings, robustness_thresholds, tables
from minhbach.answers import from_observations
from minhbach.paths import Edition
from minhbach.robustness_weights import Draws, drawn_ranks
from minhbach.score import Points, score

EDITION, ROUNDS = "2022-gia-lai", 5
MOST = 5.0  # seconds for all draws over all units
Given = list[tuple[Points, dict[str, object]]]


def given(root: Path) -> Given:
    """The points of every framework, with its findings and confirmations."""
    edition = Edition(EDITION, root)
    setup, found = editions.load(edition), []
    for framework in setup.frameworks:
        read = {name: tables.read(edition.validated / framework.id / f"{name}.csv")
                for name in ("observations", "findings", "confirmations")}  # fmt: skip
        answers = from_observations(framework, tuple(setup.units_of(framework.id)), read["observations"])
        found.append((score(answers), read))
    return found


def draws(known: Given) -> int:
    """All draws of all rankings; gives the number of ranks."""
    return sum(drawn_ranks(points, each, Draws()).size for points, _ in known for each in points.framework.rankings)


def main() -> None:
    """Measures and prints."""
    with project.copied() as copy:
        project.python(copy, "pipeline.py", "run", EDITION)
        known = given(copy)
        name = f"{Draws().draws:,} draws of weights"
        tasks: dict[str, Callable[[], object]] = {
            name: lambda: draws(known),
            "other readings": lambda: [list(robustness_readings.rows(points)) for points, _ in known],
            "thresholds": lambda: [list(robustness_thresholds.rows(points)) for points, _ in known],
            "single answers": lambda: [
                list(robustness_answers.rows(points, read["findings"], read["confirmations"])) for points, read in known
            ],
        }
        times, ranks = in_turns(tasks, ROUNDS), draws(known)
    units = sum(len(points.answers.units) for points, _ in known)
    rows = [[task, span(each)] for task, each in times.items()]
    show(f"Firmness of {units} units of {EDITION}; {ranks:,} ranks drawn", ("", "median"), rows)
    print(f"TARGET {name}: {times[name]:.2f} s, at most {MOST} s: {'met' if times[name] <= MOST else 'NOT MET'}")


if __name__ == "__main__":
    main()
