"""Scoring 11,304 units × 80 criteria against the same arithmetic by hand, and its growth to 1,000,000 units."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time

import numpy as np
from measuring import by_hand, survey
from measuring.clock import against, in_turns, seconds, show, span, target

from minhbach import decide, score
from minhbach.answers import Answers
from minhbach.score import Points

UNITS = 11_304  # communes before July 2025: the largest survey there can be
SIZES = (1_000, 10_000, 100_000, 1_000_000)
ROUNDS = 41
PLACES = 2


def scored(given: Answers) -> tuple[Points, dict[str, np.ndarray]]:
    """Points of all nodes, and groups, parts and total rounded, every doubtful one decided by rationals."""
    points = score.score(given)
    above = [name for name, node in given.framework.nodes.items() if node.children]
    return points, {name: decide.rounded(points, name, "points", PLACES) for name in above}


def side_by_side() -> None:
    """minhbach, numpy and a loop on the same columns, and what each decides."""
    given = survey.answers(UNITS)
    fields, groups = by_hand.columns(given)
    lists, codes = {name: array.tolist() for name, array in fields.items()}, groups.tolist()
    times = in_turns(
        {
            "numpy by hand": lambda: by_hand.with_numpy(fields, groups),
            "minhbach": lambda: scored(given),
            "  of it, points of all nodes": lambda: score.score(given),
        },
        ROUNDS,
        time.process_time,
    )
    times |= in_turns({"loop per unit": lambda: by_hand.with_a_loop(lists, codes)}, 3, time.process_time)
    criteria = sum(not node.children for node in given.framework.nodes.values())
    show(
        f"Scoring {UNITS:,} units × {criteria} criteria and rounding 11 sums, processor time",
        ("", "median", "× numpy"),
        against(times, "numpy by hand"),
    )
    compare(given, fields, groups)
    reading(given, times["minhbach"])
    target("scoring / numpy by hand", times["minhbach"] / times["numpy by hand"], 3)
    print(f"       loop per unit / scoring: {times['loop per unit'] / times['minhbach']:.1f}")


def compare(given: survey.Generated, fields: dict[str, np.ndarray], groups: np.ndarray) -> None:
    """All three must score alike; what differs is rounding at a boundary, where rationals are right."""
    points, rounded = scored(given)
    numpy, loop = by_hand.with_numpy(fields, groups), by_hand.with_a_loop(
        {name: array.tolist() for name, array in fields.items()}, groups.tolist()
    )  # fmt: skip
    for name, units in rounded.items():
        if max(np.abs(units - numpy[name]).max(), np.abs(units - np.array(loop[name])).max()) > 1:
            sys.exit(f"{name}: the three ways give different points; the benchmark compares unlike things")
    wrong = sum(int((units != numpy[name]).sum()) for name, units in rounded.items())
    exact = len(points.exactly._points)
    print(f"  {sum(map(len, rounded.values())):,} rounded sums; plain floats get {wrong:,} of them wrong.")
    print(f"  {exact:,} node values were computed with rationals to decide the doubtful ones.")


def reading(given: survey.Generated, scoring: float) -> None:
    """What the texts of the answers cost on their way to columns, which the comparison leaves out."""
    texts = survey.as_texts(given)
    columns = {"texts to columns": lambda: [texts.column(name) for name in texts.framework.fields]}
    times = in_turns(columns, 3, time.process_time)
    each = times["texts to columns"]
    print(f"  Not counted above: texts to columns {span(each)}, {each / scoring:.1f} × scoring.")


def growth() -> None:
    """Processor time and memory of one scoring by size, each in a fresh process, and the fitted exponents."""
    found = [_fresh(size) for size in SIZES]
    rows = [
        [f"{each['units']:,}", span(each["seconds"]), f"{each['seconds'] / each['units'] * 1e6:.1f} µs",
         f"{each['before']:,.0f} MB", f"{each['peak']:,.0f} MB"] for each in found
    ]  # fmt: skip
    header = ("units", "time", "per unit", "input", "peak")
    show("Growth (processor time, best of several, fresh process each)", header, rows)
    size = np.log([each["units"] for each in found])
    fit = np.polyfit(size, np.log([each["seconds"] for each in found]), 1)[0]
    last = np.log(found[-1]["seconds"] / found[-2]["seconds"]) / (size[-1] - size[-2])
    target(f"growth, exponent fitted over all sizes (last step alone {last:.2f})", float(fit), 1.1)


def _fresh(size: int) -> dict[str, float]:
    command = [sys.executable, __file__, str(size)]
    result: dict[str, float] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return result


def one_size(size: int) -> None:
    """Prints time and peak memory of scoring `size` units."""
    given = survey.answers(size)
    scored(survey.answers(100))  # loads what the first call loads
    before = _peak()
    times = []
    for _ in range(5 if size < 100_000 else 1):
        times.append(seconds(lambda: scored(given), time.process_time))
    print(json.dumps({"units": size, "seconds": min(times), "before": before, "peak": _peak()}))


def _peak() -> float:
    unit = 1024 * 1024 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


if __name__ == "__main__":
    if len(sys.argv) > 1:
        one_size(int(sys.argv[1]))
    else:
        side_by_side()
        growth()
