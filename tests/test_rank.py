"""Ranks: 1 is best, equal values share, gaps or none after a tie, each group on its own."""

from collections.abc import Sequence

import make

from minhbach import rank

# The 53 indices of 2017 that could be read, in printed order (provinces, application of information technology).
INDICES_2017 = [
    *("0.727", "0.716", "0.714", "0.703", "0.688", "0.679", "0.678", "0.677", "0.665", "0.662", "0.659", "0.656"),
    *("0.651", "0.649", "0.648", "0.640", "0.633", "0.633", "0.624", "0.623", "0.614", "0.609", "0.606", "0.602"),
    *("0.594", "0.589", "0.588", "0.584", "0.580", "0.578", "0.572", "0.567", "0.567", "0.565", "0.564", "0.561"),
    *("0.559", "0.558", "0.549", "0.546", "0.546", "0.545", "0.544", "0.543", "0.540", "0.534", "0.527", "0.525"),
    *("0.510", "0.504", "0.490", "0.485", "0.476"),
]
# Printed: both have the first place of the tie, and the next place is left empty.
TIES_2017 = {17: 17, 18: 17, 32: 32, 33: 32, 40: 40, 41: 40}


def ranks(
    values: Sequence[str],
    setting: str = "",
    rank_on: str = "rounded",
    second: Sequence[str] = (),
    groups: Sequence[str] = (),
    ranked: Sequence[bool] = (),
) -> list[tuple[str, str, str]]:
    """Rank, units tied with and group of every unit."""
    body = f"""
    nodes:
      x: {{label: X, max_points: 10, formula: a}}
      y: {{label: Y, max_points: 10, formula: b}}
    rankings: [{{id: h, by: x, {setting}}}, {{id: other, by: y}}]
    rounding: {{shown: 2, share: 3, rank_on: {rank_on}}}
    best_within: unit_kind
    """
    rows = [{"a": value, "b": second[place] if second else "0"} for place, value in enumerate(values)]
    table = rank.ranks(make.points(body, rows, groups, ranked))
    mine = table[table["ranking"] == "h"].set_index("unit_id")[["rank", "tied_with", "group"]]
    return [tuple(mine.loc[f"u{place}"]) for place in range(1, len(values) + 1)]


def places(*arguments: Sequence[str], **settings: Sequence[str]) -> list[str]:
    """The ranks alone."""
    return [place for place, _, _ in ranks(*arguments, **settings)]  # type: ignore[arg-type]


def test_higher_is_better() -> None:
    """The highest value is first; a unit without a value has no rank."""
    assert places(["7", "9.5", "", "0", "-1"]) == ["2", "1", "", "3", "4"]


def test_ties_leave_a_gap() -> None:
    """With `min` two units at the top are both first and the next is third, and each names the other."""
    assert ranks(["8", "9", "9", "7"], "ties: min") == [("3", "", ""), ("1", "u3", ""), ("1", "u2", ""), ("4", "", "")]


def test_dense_ties_leave_none() -> None:
    """With `dense` the next after a tie is second."""
    assert places(["8", "9", "9", "7"], "ties: dense") == ["2", "1", "1", "3"]


def test_ties_are_broken_by_another_node() -> None:
    """With `first by y` equal units are ordered by y, a blank last; equal in both still share a rank."""
    found = ranks(["9", "9", "9", "9", "8"], "ties: first by y", second=["1", "3", "", "3", "9"])

    assert [place for place, _, _ in found] == ["3", "1", "4", "1", "5"]
    assert found[1][1] == "u4"


def test_blanks_in_the_deciding_node_tie() -> None:
    """Equal units that are both blank in the node that breaks ties share a rank, after those that are not."""
    found = ranks(["9", "9", "9"], "ties: first by y", second=["", "0", ""])

    assert found == [("2", "u3", ""), ("1", "", ""), ("2", "u1", "")]


def test_a_large_tie_names_the_first_hundred() -> None:
    """Of 150 units that share a rank each names the first 100 others in the order of their ids, and counts 49 more."""
    found = ranks(["5"] * 150 + ["6"])
    ids = sorted(f"u{place}" for place in range(1, 151))

    assert [place for place, _, _ in found] == ["2"] * 150 + ["1"]
    assert found[int(ids[0][1:]) - 1][1] == ";".join([*ids[1:101], "+49"])
    assert found[int(ids[149][1:]) - 1][1] == ";".join([*ids[:100], "+49"])


def test_rounded_values_tie_and_exact_ones_do_not() -> None:
    """8.444 and 8.4404 are both 8.44 and tie; their exact values, and 8.4 with three equal writings, are ordered."""
    values = ["8.444", "8.4404", "8.4", "8.40"]

    assert places(values) == ["1", "1", "3", "3"]
    assert places(values, "decimals: 3") == ["1", "2", "3", "3"]
    assert places(values, "decimals: 0") == ["1", "1", "1", "1"]
    assert places(values, rank_on="exact") == ["1", "2", "3", "3"]


def test_ranks_by_share() -> None:
    """Ranking by share rounds to the framework's decimals of shares: 0.8444 and 0.844 tie with three."""
    assert places(["8.444", "8.44", "8.45"], "on: share") == ["2", "2", "1"]


def test_each_group_on_its_own() -> None:
    """Every ranking group starts at 1, and ties never reach across groups."""
    found = ranks(["5", "9", "5", "7"], "within: unit_kind", groups=["xa", "xa", "phuong", "phuong"])

    assert found == [("2", "", "xa"), ("1", "", "xa"), ("2", "", "phuong"), ("1", "", "phuong")]


def test_units_outside_the_ranking() -> None:
    """A unit that is scored but not ranked has no rank and takes none from the others."""
    assert places(["5", "9", "7"], ranked=[True, False, True]) == ["2", "", "1"]


def test_printed_ranks_of_2017() -> None:
    """The 53 indices read from the results of 2017 give the 53 printed ranks, three ties and their gaps included."""
    printed = [str(TIES_2017.get(place, place)) for place in range(1, 54)]

    assert places(INDICES_2017, "ties: min, decimals: 3") == printed


def test_no_rankings() -> None:
    """A framework without rankings has an empty table with its columns."""
    scored = make.points("nodes:\n  x: {label: X, formula: a, information: true}\n", [{"a": "1"}])

    assert rank.ranks(scored).columns.tolist() == ["unit_id", "ranking", "rank", "tied_with", "group"]
    assert rank.ranks(scored).empty
