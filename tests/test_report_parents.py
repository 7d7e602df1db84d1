"""Districts among whose communes no value of a part is known."""

import charted

from minhbach import report_full, report_parents

BODY = """
nodes:
  total: {label: Tổng, max_points: 20, children: [A, B]}
  A: {label: Hạ tầng, max_points: 10, formula: a}
  B: {label: Nhân lực, max_points: 10, formula: b}
rankings: [{id: hang, by: total}]
"""
# The only commune of h2 gave no b: its A is known, its B and its total are not. More than the body prints whole.
UNITS = [*(charted.unit(f"x{place}", parent="h1") for place in range(100)), charted.unit("y1", parent="h2")]
ROWS = [{"a": "4", "b": "6"}, {"a": "6", "b": "7"}] * 50 + [{"a": "5"}]


def test_a_district_without_values_has_a_dash_for_its_mean() -> None:
    """A mean of nothing is a dash and no fact; the mean of what is known, 5 and (10 + 13) / 2, is one."""
    results = charted.results(BODY, UNITS, ROWS)

    assert report_parents.mean(results, "h2", "B") == "–"
    assert report_parents.mean(results, "h2", "total", share=True) == "–"
    assert report_parents.mean(results, "h2", "A") == '[5,00]{fact="all/h2.A.mean"}'
    assert report_parents.mean(results, "h1", "total") == '[11,50]{fact="all/h1.total.mean"}'
    assert [fact.fact_id for fact in results.ledger.facts] == ["all/h1.total.mean", "all/h2.A.mean"]


def test_tables_by_district_stand_where_a_district_has_no_values() -> None:
    """The table of districts and the full table are written; the district without values shows dashes."""
    results = charted.results(BODY, UNITS, ROWS)
    ranking = results.framework.rankings[0]

    whole = report_parents.by_parent(results, ranking)

    row = next(line for line in whole.splitlines() if "Huyện h2" in line)
    assert [cell.strip() for cell in row.strip("|").split("|")][2:4] == ["–", "–"]
    assert "Huyện h2" in report_full.full(results)
