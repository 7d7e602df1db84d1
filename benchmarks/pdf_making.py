"""What Typst takes of a whole run, and what the rest takes."""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from measuring import project
from measuring.clock import seconds, show, span

EDITIONS = ("2019-bo", "2017-tinh", "2022-dti")
ROUNDS = 3
WATCHED = {"Typst (PDF)": "_compile", "Pandoc (HTML, Typst)": "_pandoc"}


def one_run(edition: str) -> None:
    """Runs an edition in this process, and writes what the watched functions took to times.json."""
    import pipeline
    from minhbach import cli
    from minhbach.render import embedded

    times = dict.fromkeys(WATCHED, 0.0)

    def watched(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*arguments: Any) -> Any:
            begun = time.perf_counter()
            result = function(*arguments)
            times[name] += time.perf_counter() - begun
            return result

        return timed

    for name, function in WATCHED.items():
        setattr(embedded, function, watched(name, getattr(embedded, function)))
    if code := cli.main(pipeline.STAGES, ["run", edition]):
        sys.exit(code)
    if not all(times.values()):
        sys.exit(f"not every step was met: {times}")
    Path("times.json").write_text(json.dumps(times), encoding="utf-8")


def measured(copy: Path, edition: str) -> dict[str, float]:
    """Medians of the steps and of all the rest of a run, in a fresh process each."""
    rounds = []
    for _ in range(ROUNDS):
        whole = seconds(lambda: project.python(copy, __file__, edition))
        steps: dict[str, float] = json.loads((copy / "times.json").read_text(encoding="utf-8"))
        rounds.append(steps | {"the rest": whole - sum(steps.values())})
    return {name: statistics.median(each[name] for each in rounds) for name in rounds[0]}


def main() -> None:
    """Measures and prints."""
    with project.copied() as copy:
        os.environ["PYTHONPATH"] = str(copy)
        project.python(copy, __file__, EDITIONS[0])
        found = {edition: measured(copy, edition) for edition in EDITIONS}
    names = list(next(iter(found.values())))
    rows = [[edition, *(span(steps[name]) for name in names),
             f"{steps['Typst (PDF)'] / (sum(steps.values()) - steps['Typst (PDF)']):.3f}"]
            for edition, steps in found.items()]  # fmt: skip
    show("Making the PDF, in whole runs (fresh processes)", ("edition", *names, "Typst / all else"), rows)
    worst = max(float(row[-1]) for row in rows)
    print(f"RATIO  Typst / the time of all else: at most {worst:.3f} in these editions (no target set)")


if __name__ == "__main__":
    one_run(sys.argv[1]) if len(sys.argv) > 1 else main()
