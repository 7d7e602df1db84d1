"""The report of the sample edition 2022-gia-lai: what it says of its survey agrees with the files received."""

import csv
import datetime
import hashlib
import re
import resource
import threading
from collections import Counter
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path

import projects
import psutil
import pypdfium2
import pytest
from projects import Ran

NAME = "2022-gia-lai"
KINDS = {"huyen": "qd-2392-2017-huyen", "xa": "qd-2392-2017-xa"}
ABSENT = ("23641", "23836", "24061")
LEVELS = {"I": "Mức I", "II": "Mức II", "III": "Mức III", "IV": "Mức IV", "none": ""}
COLUMNS = ("HT", "NL", "MT", "san_sang", "HD", "TT", "GD", "CD", "ket_qua", "total")
DEADLINE = datetime.date(2022, 10, 24)
GIBIBYTE = 2**30
Rows = list[dict[str, str]]


@dataclass(frozen=True)
class Built:
    """The edition after its run, the text of each page with single spaces, and the most memory the run held."""

    ran: Ran
    pages: tuple[str, ...]
    memory: int

    @property
    def text(self) -> str:
        """All pages, one after the other."""
        return " ".join(self.pages)

    def received(self, name: str) -> Rows:
        """A table of the edition as received."""
        return rows_of(self.ran.edition.raw / name)

    def validated(self, kind: str, name: str) -> Rows:
        """A table of validated data."""
        return rows_of(self.ran.edition.validated / KINDS[kind] / name)

    def result(self, kind: str, name: str) -> Rows:
        """A table of results."""
        return rows_of(self.ran.draft / KINDS[kind] / name)

    def units(self, kind: str) -> dict[str, str]:
        """Names of the units of a kind, by id."""
        rows = self.received("units.csv")
        return {row["unit_id"]: row["name"] for row in rows if row["unit_kind"] == kind}


class Watch(threading.Thread):
    """Adds up the memory (RSS, bytes) of all processes below this one, again and again, and keeps the most."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.most = 0
        self.over = threading.Event()

    def run(self) -> None:
        while not self.over.wait(0.25):
            total = 0
            for process in psutil.Process().children(recursive=True):
                try:
                    total += process.memory_info().rss
                except psutil.Error:  # it has just ended
                    continue
            self.most = max(self.most, total)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The shipped edition after one run."""
    watch = Watch()
    watch.start()
    ran = projects.shipped(tmp_path_factory, NAME)
    watch.over.set()
    watch.join()
    assert ran.outcome.returncode == 0, ran.outcome.stderr
    with pypdfium2.PdfDocument(ran.draft / "report.pdf") as document:
        pages = tuple(" ".join(page.get_textpage().get_text_bounded().split()) for page in document)
    most = watch.most or resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024  # another test has run it
    return Built(ran, pages, most)


def rows_of(file: Path) -> Rows:
    """The rows of a CSV file by column."""
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def weekdays(first: datetime.date, last: datetime.date) -> int:
    """Mondays to Fridays from `first` to `last`, both included; no public holiday lies in quarter IV of 2022."""
    days = (first + datetime.timedelta(days=number) for number in range((last - first).days + 1))
    return sum(day.weekday() < 5 for day in days)


def vietnamese(text: str) -> str:
    """An exact value with two decimals, halves away from zero, and a comma."""
    value = Fraction(text)
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return str(exact.quantize(Decimal("0.01"), ROUND_HALF_UP)).replace(".", ",")


def day_month_year(day: str) -> str:
    """2022-11-01 as 01/11/2022."""
    return "/".join(reversed(day.split("-")))


def late_days(built: Built, kind: str) -> dict[str, tuple[str, int]]:
    """Day of receipt and working days after the deadline, of each unit whose form came late."""
    days = {row["unit_id"]: row["received"] for row in built.received("received.csv")}
    after = DEADLINE + datetime.timedelta(days=1)
    late = {unit: weekdays(after, datetime.date.fromisoformat(day)) for unit, day in days.items()}
    return {unit: (days[unit], count) for unit, count in late.items() if count and unit in built.units(kind)}


def unsettled(built: Built, kind: str) -> set[str]:
    """Units that have not signed twice, or whose last signature is not for the SHA-256 of their values now."""
    values: dict[str, list[str]] = {}
    for row in built.validated(kind, "observations.csv"):
        values.setdefault(row["unit_id"], []).append(f"{row['unit_id']}\t{row['field_id']}\t{row['value']}\n")
    now = {unit: hashlib.sha256("".join(sorted(lines)).encode()).hexdigest() for unit, lines in values.items()}
    signed = {(row["unit_id"], row["round"]): row["sha256"] for row in built.received("confirmations.csv")}
    return {unit for unit in now if (unit, "1") not in signed or signed.get((unit, "2")) != now[unit]}


def stands(shown: str, page: str) -> bool:
    """Whether a text is on a page; only letters and digits of long ones count, because lines break inside them."""
    if len(shown) > 40:
        shown, page = ("".join(sign for sign in text if sign.isalnum()) for text in (shown, page))
    return " ".join(shown.split()) in page


def test_every_page_says_that_the_data_are_synthetic(built: Built) -> None:
    """SỐ LIỆU MINH HỌA stands on every page of the PDF and on the web page."""
    assert len(built.pages) > 20
    assert [number for number, page in enumerate(built.pages, 1) if "SỐ LIỆU MINH HỌA" not in page] == []
    assert "SỐ LIỆU MINH HỌA" in built.ran.text("report.html")


@pytest.mark.parametrize(("kind", "asked", "absent"), [("huyen", 17, 0), ("xa", 220, 3)])
def test_returns_are_counted(built: Built, kind: str, asked: int, absent: int) -> None:
    """Of 17 districts and 220 communes the report says how many were on time, late and absent, and lists the late."""
    late, names = late_days(built, kind), built.units(kind)
    senders = {row["unit_id"] for row in built.received("received.csv")} & names.keys()

    on_time = len(senders) - len(late)
    assert (len(names), len(names) - len(senders)) == (asked, absent)
    assert (
        f"Đã gửi phiếu đến {asked} đơn vị: {on_time} đơn vị gửi đúng hạn, {len(late)} đơn vị gửi muộn, "
        f"{absent} đơn vị không gửi."
    ) in built.text
    rows = {f"{names[unit]} quá hạn {day_month_year(day)} {days}" for unit, (day, days) in late.items()}
    assert {row for row in rows if row not in built.text} == set()
    assert built.text.count(" không gửi – ") >= absent


def test_the_contradiction_with_quarter_iv_is_stated(built: Built) -> None:
    """The report gives both periods, their sum of 135 working days, and the 65 working days of quarter IV."""
    quarter = weekdays(datetime.date(2022, 10, 1), datetime.date(2022, 12, 31))

    assert quarter == 65
    assert weekdays(datetime.date(2022, 10, 4), DEADLINE) == 15
    assert "Hạn gửi phiếu là 15 ngày làm việc, tức 24/10/2022" in built.text
    assert f"cần {15 + 120} ngày làm việc, trong khi quý IV chỉ có {quarter} ngày làm việc" in built.text
    assert "Báo cáo nêu rõ mâu thuẫn này" in built.text


def test_corrections_are_listed(built: Built) -> None:
    """Each entry of the ledger stands in the report with unit, old and new value, reason, authority and date."""
    names = built.units("huyen") | built.units("xa")
    entries = built.received("corrections.csv")

    for row in entries:
        start = built.text.index(f"{row['correction_id']} {names[row['unit_id']]}")
        said = built.text[start : start + 400]
        assert f"{row['expected']} → {row['value']} {row['reason']} ({row['authority']}," in said
        assert day_month_year(row["date"]) in said
    assert len(entries) == 3


@pytest.mark.parametrize("kind", KINDS)
def test_unconfirmed_units_are_listed_and_marked(built: Built, kind: str) -> None:
    """Units without both signatures, or with a void one, are named after the counts; they alone carry a *."""
    names, waiting = built.units(kind), unsettled(built, kind)
    marked = {unit for unit, name in names.items() if f"{name} *" in built.text}

    assert 0 < len(waiting) < 10
    assert marked == waiting
    sentence = built.text.split("dựa trên số liệu chưa được xác nhận đầy đủ: ")[list(KINDS).index(kind) + 1]
    listed = sentence.partition(".")[0]
    assert set(listed.split(", ")) == {f"{names[unit]} *" for unit in waiting}
    states = Counter((row["round"], row["state"]) for row in built.validated(kind, "confirmations.csv"))
    for number in ("1", "2"):
        assert (
            f"Xác nhận lần {number}: {states[number, 'confirmed']} đơn vị đã xác nhận, "
            f"{states[number, 'void']} xác nhận mất hiệu lực"
        ) in built.text


def test_a_correction_of_round_2_voided_the_first_signature(built: Built) -> None:
    """The ward corrected in round 2 has a void signature of round 1, and counts as not confirmed."""
    corrected = {row["unit_id"] for row in built.received("corrections.csv") if row["round"] == "2"}
    states = {(row["unit_id"], row["round"]): row["state"] for row in built.validated("xa", "confirmations.csv")}

    assert corrected == {"23557"}
    assert {unit for (unit, number), state in states.items() if (number, state) == ("1", "void")} == corrected
    assert corrected <= unsettled(built, "xa")


def test_absent_communes_have_no_points_and_no_rank(built: Built) -> None:
    """The three communes that sent nothing are listed with the reason; no score, level, rank or fact is theirs."""
    names = built.units("xa")
    listed = built.text.partition("ĐƠN VỊ GỬI MUỘN, KHÔNG CÓ SỐ LIỆU HOẶC CHƯA XÁC NHẬN")[2]

    for name in ("scores.csv", "levels.csv", "ranks.csv"):
        assert {row["unit_id"] for row in built.result("xa", name)} == names.keys() - set(ABSENT)
    facts = {row["fact_id"].partition("/")[0] for row in rows_of(built.ran.draft / "facts.csv")}
    assert facts.isdisjoint(ABSENT)
    for unit in ABSENT:
        assert f"{names[unit]} Không gửi phiếu trong đợt khảo sát" in listed


@pytest.mark.parametrize(("kind", "count"), [("huyen", 17), ("xa", 217)])
def test_the_full_table_equals_the_results(built: Built, kind: str, count: int) -> None:
    """Name, mark, rank, points of groups, parts and in total, and level of every unit stand in one row of the report.

    What stands for units below the last level is a dash, which the PDF reader takes for a hyphen at the end of a line;
    it does not see every space between two cells either.
    """
    scores = {(row["unit_id"], row["node_id"]): row["exact"] for row in built.result(kind, "scores.csv")}
    levels = {row["unit_id"]: row["level"] for row in built.result(kind, "levels.csv") if row["scheme"] == "muc_do"}
    waiting, names, text = unsettled(built, kind), built.units(kind), "".join(built.text.split())

    missing = []
    for row in built.result(kind, "ranks.csv"):
        unit = row["unit_id"]
        name = f"{names[unit]} *" if unit in waiting else names[unit]
        points = [vietnamese(scores[unit, node]) for node in COLUMNS]
        line = "".join([name, row["rank"], *points, LEVELS[levels[unit]]]).replace(" ", "")
        missing += [] if line in text else [line]
    assert missing == []
    assert len(levels) == count


def test_districts_stand_in_the_body(built: Built) -> None:
    """Rank, name, mark, points of both parts and in total, and level of each district stand in a row of the body."""
    scores = {(row["unit_id"], row["node_id"]): row["exact"] for row in built.result("huyen", "scores.csv")}
    levels = {row["unit_id"]: row["level"] for row in built.result("huyen", "levels.csv")}
    body = built.text.partition("Phụ lục I BỘ TIÊU CHÍ")[0]

    for row in built.result("huyen", "ranks.csv"):
        unit = row["unit_id"]
        name = built.units("huyen")[unit] + " *" * (unit in unsettled(built, "huyen"))
        points = [vietnamese(scores[unit, node]) for node in ("san_sang", "ket_qua", "total")]
        level = {**LEVELS, "none": "Không xếp hạng"}[levels[unit]]
        assert " ".join([row["rank"], name, *points, level]) in body


def test_ranks_by_points_are_said_to_be_inferred(built: Built) -> None:
    """Where a rank stands beside "Không xếp hạng", report and decision say that the decision ranks by levels alone."""
    said = "Thứ hạng theo điểm là suy luận, không in trong văn bản ban hành."
    why = f"{said} Quyết định chỉ xếp theo mức;"
    decision = " ".join(projects.pdf_text(built.ran.draft / "decision.pdf").split())
    body, _, annexes = built.text.partition("Phụ lục I BỘ TIÊU CHÍ")

    assert (body.count(said), annexes.count(why), decision.count(why)) == (2, 2, 2)


def test_every_fact_is_placed(built: Built) -> None:
    """Each fact of the report has a page and a place, and what is shown of it stands on that page."""
    cited = set(re.findall(r'\{fact="([^"]+)"', built.ran.text("report.md")))
    facts = [row for row in rows_of(built.ran.draft / "facts.csv") if row["fact_id"] in cited]
    nowhere = [row["fact_id"] for row in facts if not (row["page"] and row["x"] and row["y"])]
    absent = [
        row["fact_id"] for row in facts if row["page"] and not stands(row["shown"], built.pages[int(row["page"]) - 1])
    ]

    assert len(facts) == len(cited) > 4000
    assert nowhere == []
    assert absent == []


def test_the_report_is_short(built: Built) -> None:
    """The body of the report has at most 13 pages and the whole at most 55."""
    first = next(number for number, page in enumerate(built.pages) if "Phụ lục I BỘ TIÊU CHÍ" in page)

    assert first <= 13
    assert len(built.pages) <= 55


def test_a_run_stays_below_one_gibibyte(built: Built) -> None:
    """All processes of the run together never hold 1 GiB."""
    assert 0 < built.memory < GIBIBYTE
