"""What the report says: sections and annexes, means and counts worked here again, and no numeral without an address."""

import csv
import json
import re
import subprocess
from collections import Counter, defaultdict
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path
from statistics import median
from typing import Any

import projects
import pypandoc
import pytest
import written
from projects import Ran

from minhbach import book
from minhbach.report_findings import rule_words

HUYEN, XA = "qd-2392-2017-huyen", "qd-2392-2017-xa"
GROUPS = ("HT", "NL", "MT", "HD", "TT", "GD", "CD")
EDITIONS = ("2019-bo", "2017-tinh", "2022-dti", "2022-gia-lai")
Rows = list[dict[str, str]]


@pytest.fixture
def gia_lai(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """The sample survey of 17 districts and 220 communes after its run."""
    return projects.shipped(tmp_path_factory, "2022-gia-lai")


@pytest.fixture
def ministries(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """The 17 ministries of 2019 after their run."""
    return projects.shipped(tmp_path_factory, "2019-bo")


@pytest.fixture(params=EDITIONS)
def both(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The report of each shipped edition in Vietnamese, as its run wrote it, and in English, written again."""
    ran = projects.shipped(tmp_path_factory, request.param)
    assert ran.outcome.returncode == 0, ran.outcome.stderr
    if request.param not in ENGLISH:
        report = book.load(ran.edition, "en", ran.edition)
        ENGLISH[request.param] = written.text(report, tmp_path_factory.mktemp("english"))
    return {"vi": ran.text("report.md"), "en": ENGLISH[request.param]}


ENGLISH: dict[str, str] = {}


def rows_of(file: Path) -> Rows:
    """The rows of a CSV file by column."""
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def shown(value: Fraction, places: int = 2) -> str:
    """A number as Vietnamese readers write it, halves away from zero."""
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return str(exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)).replace(".", ",")


def facts_of(ran: Ran, folder: str = "") -> dict[str, str]:
    """What each fact of a draft shows."""
    return {row["fact_id"]: row["shown"] for row in rows_of(ran.draft / folder / "facts.csv")}


def exact_of(ran: Ran, framework_id: str) -> dict[tuple[str, str], Fraction]:
    """The exact points of every unit and node."""
    rows = rows_of(ran.draft / framework_id / "scores.csv")
    return {(row["unit_id"], row["node_id"]): Fraction(row["exact"]) for row in rows if row["exact"]}


def parents_of(ran: Ran) -> dict[str, str]:
    """The district of each commune."""
    return {row["unit_id"]: row["parent_id"] for row in rows_of(ran.edition.units_file) if row["parent_id"]}


def mean(values: list[Fraction]) -> Fraction:
    """The unweighted mean."""
    return sum(values, Fraction(0)) / len(values)


# ---- no numeral without an address ---------------------------------------------------------------------


def numerals(markdown: str) -> list[str]:
    """Every text with a digit that stands outside facts, declared text and generated numbering, by Pandoc's tree."""
    command = [pypandoc.get_pandoc_path(), "--from", "markdown", "--to", "json"]
    tree = json.loads(subprocess.run(command, input=markdown.encode(), capture_output=True, check=True).stdout)
    return [text for text in _texts(tree["blocks"]) if any(sign.isnumeric() for sign in text)]


def _texts(part: Any) -> Iterator[str]:
    if isinstance(part, list):
        for each in part:
            yield from _texts(each)
    elif isinstance(part, dict):
        kind = part.get("t")
        content: Any = part.get("c")
        if kind == "Span" and ("declared" in content[0][1] or any(key == "fact" for key, _ in content[0][2])):
            return
        if kind in ("Str", "Code", "Math", "RawInline", "RawBlock", "CodeBlock"):
            yield content if isinstance(content, str) else content[-1]
        elif kind in ("Header", "Span", "Div", "Link", "Image", "Figure", "Table"):
            yield from _texts(content[1:])  # without attributes
        elif kind != "Cite":
            yield from _texts(content if kind else list(part.values()))


def test_no_numeral_is_without_an_address(both: dict[str, str]) -> None:
    """In both languages every numeral of the report is a fact, declared text or generated numbering."""
    assert numerals("A 7 in words.") == ["7"]
    assert numerals('[7]{fact="a/b"} and [7]{.declared} in @tbl-7') == []
    assert numerals(both["vi"]) == []
    assert numerals(both["en"]) == []


# ---- the order of the report ---------------------------------------------------------------------------


def headings(text: str) -> list[str]:
    """The level-1 headings, without attributes and marks."""
    found = re.findall(r"^# (.+?)(?: \{#anx[^}]*\})?$", text, re.MULTILINE)
    return [re.sub(r"\[(.*)\]\{\.declared\}", r"\1", heading).replace("\\", "") for heading in found]


def test_the_body_comes_first_and_annexes_after(gia_lai: Ran) -> None:
    """A survey's report goes from basis to results and findings; method and long tables stand in annexes after it."""
    text = gia_lai.text("report.md")
    plain = [part.partition("\n")[0] for part in text.split("\n# ")[1:]]
    annexes = [heading for heading in plain if ".annex" in heading]

    generated = [
        "Căn cứ và mục đích", "Quá trình khảo sát", "Kết quả xếp hạng", "Mức độ", "Tỷ lệ đạt theo nhóm tiêu chí",
        "Điều kiện cản trở mức kế trên", "Số liệu tự khai và số liệu sau thẩm tra", "Tiêu chí mạnh nhất và yếu nhất",
    ]  # fmt: skip
    assert [heading for heading in headings(text) if heading in generated] == generated
    assert plain[-len(annexes) :] == annexes
    assert [heading for heading in annexes if ".landscape" in heading] == [
        "Kết quả đầy đủ của từng đơn vị {#anx-full .annex .landscape}",
        "Điều kiện còn thiếu của từng đơn vị {#anx-missing .annex .landscape}",
    ]


def test_every_reference_has_its_place(both: dict[str, str]) -> None:
    """Each table, figure and annex that the text points to is there, and each table and figure is pointed to."""
    for text in both.values():
        assert lost(text) == []


def lost(text: str) -> list[str]:
    """Labels that stand twice, references without a place, and tables and figures that nothing points to."""
    there = re.findall(r"\{#((?:tbl|fig|anx)-[\w.-]+)", text)
    cited = re.findall(r"@((?:tbl|fig)-[\w-]+(?:\.[\w-]+)*)", text) + re.findall(r"\[\]\(#(anx-[\w.-]+)\)", text)
    twice = [label for label, count in Counter(there).items() if count > 1]
    floats = {label for label in there if label.startswith(("tbl-", "fig-"))}
    return sorted([*twice, *(set(cited) - set(there)), *(floats - set(cited))])


FRAMEWORKS = sorted(file.stem for file in (projects.REPOSITORY / "frameworks").glob("*.yaml"))


@pytest.mark.parametrize(("framework_id", "language"), list(zip(FRAMEWORKS, ("vi", "en") * 4, strict=True)))
def test_any_framework_has_a_report(
    framework_id: str, language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each of the eight frameworks gives a report of drawn answers whose references and numerals are in order."""
    monkeypatch.chdir(projects.REPOSITORY)
    report = written.drawn(tmp_path, framework_id, language, 12)

    text = written.text(report, tmp_path)

    assert lost(text) == []
    assert numerals(text) == []
    assert text.count("fact=") > 40
    assert text.count("{#anx-") >= 3


# ---- numbers worked again ------------------------------------------------------------------------------


def test_the_mean_of_2019_is_that_of_the_published_indices(ministries: Ran) -> None:
    """The 17 published indices of 2019 have the mean, highest and lowest value that the report prints."""
    table = next(file for file in ministries.edition.raw.glob("ministries*.csv"))
    indices = [Fraction(row["index_2019"]) for row in rows_of(table)]

    facts = facts_of(ministries)

    assert len(indices) == 17
    assert facts["all/xep_hang.mean"] == shown(mean(indices), 4) == "0,8184"
    assert (facts["all/xep_hang.best"], facts["all/xep_hang.worst"]) == ("0,9291", "0,6885")
    assert facts["all/xep_loai.Tốt.share"] == shown(
        Fraction(100 * sum(value >= Fraction("0.85") for value in indices), 17), 1
    )


def test_what_misses_the_next_class_is_the_median(ministries: Ran) -> None:
    """Of the ministries below the best class, the report gives how many there are and the median of what they miss."""
    table = next(file for file in ministries.edition.raw.glob("ministries*.csv"))
    indices = [Fraction(row["index_2019"]) for row in rows_of(table)]
    bands = (Fraction("0.85"), Fraction("0.7"))

    missing = [min(band - value for band in bands if band > value) for value in indices if value < bands[0]]

    assert facts_of(ministries)["all/xep_loai.blocked"] == str(len(missing))
    assert facts_of(ministries)["all/xep_loai.total.median"] == shown(median(missing), 4)


def test_subtotals_are_means_of_the_communes(gia_lai: Ran) -> None:
    """Each district's row of means, in every column, is the mean of its communes' exact points."""
    points, districts, facts = exact_of(gia_lai, XA), parents_of(gia_lai), facts_of(gia_lai)
    nodes = (*GROUPS, "san_sang", "ket_qua", "total")
    by_district: dict[tuple[str, str], list[Fraction]] = defaultdict(list)
    for (unit_id, node), value in points.items():
        if node in nodes:
            by_district[districts[unit_id], node].append(value)

    printed = {key: facts[f"{XA}/{key[0]}.{key[1]}.mean"] for key in by_district}

    assert len(printed) == 17 * len(nodes)
    assert printed == {key: shown(mean(values)) for key, values in by_district.items()}
    assert {key[0]: facts[f"{XA}/{key[0]}.total.count"] for key in by_district} == {
        key[0]: str(len(values)) for key, values in by_district.items()
    }


def full_table(ran: Ran) -> list[list[str]]:
    """The cells of the full table of communes, without marks."""
    part = ran.text("report.md").split("{#tbl-qd-2392-2017-xa-xep_hang-full")[1].split(":::")[0]
    lines = [line.strip("| ").split(" | ") for line in part.splitlines() if line.startswith("| ")][2:]
    return [[re.sub(r"\]\{[^}]*\}|\[|\\", "", cell).strip() for cell in line] for line in lines]


def test_communes_stand_under_their_district_by_rank(gia_lai: Ran) -> None:
    """The full table has the districts by code, below each heading its communes by rank, and then their means."""
    names = {row["unit_id"]: row["name"] for row in rows_of(gia_lai.edition.units_file)}
    ranks = {row["unit_id"]: int(row["rank"]) for row in rows_of(gia_lai.draft / XA / "ranks.csv")}
    districts = parents_of(gia_lai)

    expected = []
    for district in sorted(set(districts.values())):
        inside = sorted((rank, unit) for unit, rank in ranks.items() if districts[unit] == district)
        expected += [names[district], *(names[unit] for _, unit in inside), f"Trung bình {len(inside)} đơn vị"]

    assert [row[0].removesuffix(" *") for row in full_table(gia_lai)] == expected
    assert len(expected) == 217 + 2 * 17


def test_shares_of_groups_are_means_over_all_units(gia_lai: Ran) -> None:
    """The mean, lowest and highest share of each group are those of the units' exact points over the maximum."""
    facts = facts_of(gia_lai)

    for framework_id in (HUYEN, XA):
        points = exact_of(gia_lai, framework_id)
        tops = {
            row["node_id"]: Fraction(row["max_points"])
            for row in rows_of(gia_lai.draft / framework_id / "scores.csv")
            if row["max_points"]
        }
        for group in GROUPS:
            shares = [value / tops[group] * 100 for (_, node), value in points.items() if node == group]
            found = [facts[f"{framework_id}/{group}.share.{kind}"] for kind in ("mean", "min", "max")]
            assert found == [shown(each, 1) for each in (mean(shares), min(shares), max(shares))], group


def test_the_weakest_criteria_are_the_lowest_means(gia_lai: Ran) -> None:
    """Of the communes' criteria, the five highest and the five lowest mean shares are named, in that order."""
    totals: dict[str, list[Fraction]] = defaultdict(list)
    for row in rows_of(gia_lai.draft / XA / "scores.csv"):
        if re.fullmatch(r"[A-Z]{2}\d+", row["node_id"]) and row["exact"]:
            totals[row["node_id"]].append(Fraction(row["exact"]) / Fraction(row["max_points"]))
    ordered = sorted(totals, key=lambda node: -mean(totals[node]))

    part = gia_lai.text("report.md").split("{#tbl-qd-2392-2017-xa-extremes}")[1].split(":::")[0]

    assert re.findall(r'fact="[^"/]+/(\w+)\.share\.mean"', part) == [*ordered[:5], *reversed(ordered[-5:])]


def test_what_blocks_is_counted(gia_lai: Ran) -> None:
    """For each condition: how many communes miss it for the next level, how many miss nothing else, the median gap."""
    facts = facts_of(gia_lai)
    gaps: dict[str, list[Fraction]] = defaultdict(list)
    alone: Counter[str] = Counter()
    for row in rows_of(gia_lai.draft / XA / "levels.csv"):
        parts = [part.split(":") for part in row["blocking"].split("; ") if part]
        alone.update(node for node, _ in parts if len(parts) == 1)
        for node, distance in parts:
            gaps[node].append(Fraction(distance))

    for node, distances in gaps.items():
        found = [facts[f"{XA}/muc_do.{node}.{kind}"] for kind in ("blocks", "alone", "median")]
        assert found == [str(len(distances)), str(alone[node]), shown(median(distances))], node
    assert len(gaps) > 6


def test_levels_are_counted_by_district(gia_lai: Ran) -> None:
    """Each district's number of communes at each level is the number of rows of levels.csv."""
    districts, facts = parents_of(gia_lai), facts_of(gia_lai)
    rows = rows_of(gia_lai.draft / XA / "levels.csv")

    counted = Counter((districts[row["unit_id"]], row["level"]) for row in rows if row["scheme"] == "muc_do")

    for district in set(districts.values()):
        for level in ("I", "II", "III", "IV", "none"):
            assert facts[f"{XA}/{district}.muc_do.{level}.count"] == str(counted[district, level])


def test_findings_are_counted_by_kind(gia_lai: Ran) -> None:
    """The table of findings gives for each kind, in words, the number of its rows in findings.csv."""
    facts, text = facts_of(gia_lai), gia_lai.text("report.md")
    rows = rows_of(gia_lai.edition.validated / XA / "findings.csv")
    counted = Counter((row["rule"], row["severity"]) for row in rows if row["rule"] != "unit_absent_known")

    for (rule, severity), count in counted.items():
        assert facts[f"{XA}/findings.{rule}.{severity}.count"] == str(count)
    for words in ("Thiếu văn bản kiểm chứng", "Giá trị khác xa các đơn vị khác"):
        assert f"| {words} |" in text


def test_a_correction_is_shown_with_its_effect(gia_lai: Ran) -> None:
    """A district that declared 182 computers and was corrected to 180 has both numbers, and both totals, printed.

    Its criterion of computers per official is 5 × min(computers / officials, 1), so the total moves by the difference
    of two such terms, and of any criterion that divides by the computers.
    """
    facts = facts_of(gia_lai)
    entry = next(row for row in rows_of(gia_lai.edition.raw / "corrections.csv") if row["correction_id"] == "C001")

    assert (facts["correction/C001.expected"], facts["correction/C001.value"]) == (entry["expected"], entry["value"])
    values = {
        row["field_id"]: row["value"]
        for row in rows_of(gia_lai.edition.validated / HUYEN / "observations.csv")
        if row["unit_id"] == "622"
    }
    officials, protected = (Fraction(values[name]) for name in ("so_cbcc", "so_may_diet_virus"))

    def both(computers: Fraction) -> Fraction:
        return 5 * min(computers / officials, Fraction(1)) + 3 * min(protected / computers, Fraction(1))

    after = exact_of(gia_lai, HUYEN)["622", "total"]
    before = after - both(Fraction(entry["value"])) + both(Fraction(entry["expected"]))
    assert facts["622/total.received"] == shown(before)


# ---- words ---------------------------------------------------------------------------------------------


def test_english_and_vietnamese_have_the_same_parts(both: dict[str, str]) -> None:
    """Both languages have the same tables, figures and annexes, and cite the same facts, in the same order."""
    labels = [re.findall(r"\{#((?:tbl|fig|anx)-[\w.-]+)", text) for text in both.values()]
    facts = [re.findall(r"\{fact=\"([^\"]+)\"", text) for text in both.values()]

    assert len(labels[0]) > 6
    assert labels[0] == labels[1]
    assert len(facts[0]) > 60
    assert Counter(facts[0]) == Counter(facts[1])


def test_every_kind_of_finding_has_words() -> None:
    """Each rule that can be found has a name in both languages, other than the rule's own."""
    folder = projects.REPOSITORY / "minhbach" / "wording"
    files = [folder / f"{name}.vi.yaml" for name in ("findings", "responses", "expectations")]
    lines = [line for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    rules = {found[1] for line in lines if (found := re.match(r'([a-z_]+): "\{(?:where|file)\}', line))}

    assert len(rules) > 90
    for language in ("vi", "en"):
        assert {rule for rule in rules if rule_words(rule, language).startswith("[")} == set()
