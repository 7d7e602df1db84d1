"""Scorecards: one page per unit, every number a fact, whatever the framework, the names and the answers are."""

import csv
import re
import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import pandas as pd
import pikepdf
import projects
import pypdfium2
import pytest

from minhbach import answers, closed_pages, editions, levels, rank, record, scorecards, tables
from minhbach.editions import Setup
from minhbach.facts import Fact
from minhbach.findings import COLUMNS as FINDINGS
from minhbach.framework import Framework
from minhbach.model import Question
from minhbach.paths import Edition
from minhbach.render.places import Place
from minhbach.score import score
from minhbach.scorecards import Written

HOSTILE = '#let x = [*a*] $1$ <b>"q"</b> =1+1 \\ @here // -5 `c` {y}'
LONG = "Đơn vị sự nghiệp công lập có tên rất dài " * 4
EMPTY = {
    "evidence": "unit_id,field_id,number,title,date,remark,file,sheet,cell",
    "files": "file,sha256,unit_id,reader,fingerprint_ok,size",
    "receipts": "unit_id,file,received,state,days_late",
    "comparisons": "unit_id,comparison,computed,printed,difference,agrees",
}
CORRECTIONS = "correction_id,unit_id,field_id,expected,value,reason,authority,evidence,by,date,round,finding_id"
CONFIRMATIONS = "unit_id,round,state,sha256,now,by,date,document"
ASSESSMENT = """
title: {{vi: "Đánh giá thử năm 2026", en: "Trial of 2026"}}
year: 2026
frameworks:
  - framework: {framework}
    table: {{file: bang.csv, unit_column: x, columns: {{{columns}}}}}
    absent: {{{absent}}}
document:
  issuer: {{vi: Cơ quan thử, en: Trial agency}}
  place: Việt Nam
  date: 2026-12-01
  type: {{vi: BÁO CÁO, en: REPORT}}
  abstract: {{vi: Thử, en: Trial}}
  national_header: false
  mark: {{vi: SỐ LIỆU MINH HỌA, en: SYNTHETIC DATA}}
"""
Rows = Sequence[tuple[str, ...]]


@dataclass(frozen=True)
class Cards:
    """The cards that were written, and the tables they were written from."""

    folder: Path
    setup: Setup
    place: Edition
    written: Written

    def text(self, name: str) -> str:
        """The text of a card, with single spaces."""
        return projects.pdf_text(self.folder / "scorecards" / f"{name}.pdf")

    def table(self, name: str) -> list[dict[str, str]]:
        """A table of the only framework, as the csv module reads it."""
        folder = self.place.draft if name in ("scores", "levels", "ranks") else self.place.validated
        with (folder / self.setup.frameworks[0].id / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))


def written(setup: Setup, place: Edition, folder: Path, language: str = "vi") -> Cards:
    """The cards of an edition."""
    return Cards(folder, setup, place, scorecards.write(setup, place, language, folder))


@pytest.fixture(scope="module")
def ministries(tmp_path_factory: pytest.TempPathFactory) -> Cards:
    """The cards of the shipped edition 2019-bo."""
    edition = projects.shipped(tmp_path_factory, "2019-bo").edition
    return written(editions.load(edition), edition, tmp_path_factory.mktemp("cards"))


# ---- editions of a few units, for any framework -------------------------------------------------------------


def an_answer(question: Question, place: int) -> str:
    """Some answer that a question allows; larger for later units."""
    match question.type:
        case "yes_no":
            return "yes" if place % 2 else "no"
        case "choice":
            return question.options[place % len(question.options)]
        case "date":
            return "2022-09-30"
        case "text":
            return f"{HOSTILE} {'không-có-dấu-cách' * 12}"
        case "percent":
            return f"0.{place + 3}5"
    return str(place + 7)


def edition(
    folder: Path, framework_id: str, names: Sequence[str], *, findings: Rows = (), corrections: Rows = (), **more: str
) -> tuple[Setup, Edition]:
    """An edition with units u1, u2, …, scored by the package; `more` are `absent` and `unconfirmed` ids, `ranked`."""
    place = Edition("thu", folder)
    (folder / "frameworks").mkdir(parents=True)
    for file in (projects.REPOSITORY / "frameworks").glob("*.yaml"):
        (folder / "frameworks" / file.name).write_bytes(file.read_bytes())
    of = editions.framework.find(framework_id, folder)
    place.raw.mkdir(parents=True)
    absent = f'{more["absent"]}: "Không gửi phiếu năm 2026"' if "absent" in more else ""
    settings = ASSESSMENT.format(
        framework=framework_id, columns=", ".join(f"{each}: x" for each in of.fields), absent=absent
    )
    place.assessment_file.write_text(settings, encoding="utf-8")
    units = [(f"u{at}", name, of.spec.unit_kind, "no" if f"u{at}" == more.get("unranked") else "yes")
             for at, name in enumerate(names, start=1)]  # fmt: skip
    tables.write(pd.DataFrame(units, columns=["unit_id", "name", "unit_kind", "ranked"]), place.units_file)
    setup = editions.load(place)
    _tables(setup, place, of, findings, corrections, more)
    return setup, place


def _tables(
    setup: Setup, place: Edition, of: Framework, findings: Rows, corrections: Rows, more: Mapping[str, str]
) -> None:
    """Observations of all units that are not absent, and what the scoring stage makes of them."""
    inner, outer = place.validated / of.id, place.draft / of.id
    present = [(number, unit) for number, unit in enumerate(setup.units) if unit.unit_id != more.get("absent")]
    rows = []
    for number, unit in present:
        for at, (field_id, question) in enumerate(of.fields.items(), start=14):
            value, file = an_answer(question, number), f"responses/{unit.unit_id}.xlsx"
            rows.append((unit.unit_id, field_id, value, value, "as_received", file, "0" * 64, "Phiếu", f"E{at}", ""))
    header = ["unit_id", "field_id", "value", "raw_text", "status", "file", "sha256", "sheet", "cell", "correction_id"]
    observations = pd.DataFrame(rows, columns=header)
    for name, columns in EMPTY.items():
        tables.write(
            pd.DataFrame(columns=columns.split(",")), (outer if name == "comparisons" else inner) / f"{name}.csv"
        )
    tables.write(observations, inner / "observations.csv")
    tables.write(pd.DataFrame(list(findings), columns=list(FINDINGS)), inner / "findings.csv")
    tables.write(pd.DataFrame(list(corrections), columns=CORRECTIONS.split(",")), inner / "corrections.csv")
    missing = [(each, "1", "missing", "", "", "", "", "") for each in [more.get("unconfirmed")] if each]
    tables.write(pd.DataFrame(missing, columns=CONFIRMATIONS.split(",")), inner / "confirmations.csv")
    points = score(answers.from_observations(of, tuple(setup.units), observations))
    for name, table in (
        ("scores", record.scores(points)),
        ("levels", levels.levels(points)),
        ("ranks", rank.ranks(points)),
    ):
        tables.write(table, outer / f"{name}.csv")


@pytest.fixture(scope="module")
def largest(tmp_path_factory: pytest.TempPathFactory) -> Cards:
    """Cards of the framework with most questions, with hostile and long names, corrections and many findings."""
    findings = [
        (f"f{number}", "warning", "outlier", "u1", "", "", "", "", "", "", f"{HOSTILE} phát hiện {LONG * 4}", "")
        for number in range(5)
    ]
    correction = ("C001", "u1", "ty_le_dvc", "=1+1", "0.5", HOSTILE, LONG, "", "", "2026-11-01", "1", "")
    setup, place = edition(
        tmp_path_factory.mktemp("largest"),
        "qd-62-2017-tinh",
        [HOSTILE, LONG, "Tỉnh vắng", "Tỉnh chưa xếp"],
        findings=findings,
        corrections=[(*correction[:2], "_file", *correction[3:])],
        absent="u3",
        unranked="u4",
        unconfirmed="u2",
    )
    return written(setup, place, tmp_path_factory.mktemp("cards"))


@pytest.fixture(scope="module")
def districts(tmp_path_factory: pytest.TempPathFactory) -> Cards:
    """Cards of six districts under decision 2392, two of which answered the same."""
    names = [f"Huyện số {number}" for number in range(1, 7)]
    setup, place = edition(tmp_path_factory.mktemp("districts"), "qd-2392-2017-huyen", names)
    return written(setup, place, tmp_path_factory.mktemp("cards"))


# ---- reading what was printed -------------------------------------------------------------------------------


def half_up(value: Fraction, places: int) -> str:
    """A number as Vietnamese documents print it."""
    units = int(value * 10**places + Fraction(1, 2))
    text = str(units).rjust(places + 1, "0")
    return f"{text[:-places]},{text[-places:]}" if places else text


def pages(file: Path) -> int:
    """The number of pages of a PDF."""
    with pypdfium2.PdfDocument(file) as document:
        return len(document)


def structure(file: Path) -> Iterator[tuple[str, str]]:
    """Kind and alternative text of every element of a PDF's structure tree."""
    with pikepdf.open(file) as document:
        waiting = [document.Root.StructTreeRoot.K]
        while waiting:
            element = waiting.pop()
            if isinstance(element, pikepdf.Array):
                waiting += list(element)
            elif isinstance(element, pikepdf.Dictionary) and "/S" in element:
                yield str(element.S), str(element.get("/Alt", ""))
                waiting += [element.K] if "/K" in element else []


def pieces(element: pikepdf.Object) -> list[int]:
    """The numbers of the marked content of an element of a structure tree."""
    return [int(each) for each in element.K if isinstance(each, int)]


def titles(file: Path) -> list[tuple[int, str]]:
    """The outline: level from 0 and title."""
    with pypdfium2.PdfDocument(file) as document:
        return [(entry.level, entry.get_title()) for entry in document.get_toc()]


def begins_with(page: pypdfium2.PdfPage, place: Place, shown: str) -> bool:
    """Whether the text at a place of a page is the one that a fact shows."""
    left, bottom = place.x * 72 / 25.4, page.get_height() - place.y * 72 / 25.4
    text = page.get_textpage().get_text_bounded(left + 0.2, bottom, left + 80, bottom + 2)
    return text.strip().startswith(shown.split()[0])


# ---- tests --------------------------------------------------------------------------------------------------


def test_every_unit_has_one_page(ministries: Cards) -> None:
    """Each ministry has a card of one page, and the bound file has a first page and one for each of them."""
    units = {row["unit_id"] for row in ministries.table("scores")}

    files = {file.stem: file for file in (ministries.folder / "scorecards").iterdir()}

    assert set(files) == units
    assert {pages(file) for file in files.values()} == {1}
    assert pages(ministries.folder / "scorecards.pdf") == len(units) + 1
    assert ministries.written.warnings == ()


def test_a_card_says_total_rank_and_level(ministries: Cards) -> None:
    """The total of scores.csv, rounded, stands on the card with the rank among all, the level and the cells."""
    exact = {row["unit_id"]: Fraction(row["exact"]) for row in ministries.table("scores") if row["node_id"] == "total"}
    best = max(exact, key=lambda unit: exact[unit])

    text = ministries.text(best)

    assert f"{half_up(exact[best], 4)} / 1" in text
    assert f"1 / {len(exact)}" in text
    assert "ministries_2019.csv#" in text
    cells = [row["cell"] for row in ministries.table("observations") if row["unit_id"] == best]
    assert len(cells) == 2
    assert all(f"({cell}): " in text for cell in cells)


def test_median_and_best_are_those_of_the_group(ministries: Cards, districts: Cards) -> None:
    """The median is the middle value, or half the sum of the two, and the best is the highest, of all ranked units."""
    for cards, node, places in ((ministries, "total", 4), (districts, "HT", 2)):
        points = [Fraction(row["points"]) for row in cards.table("scores") if row["node_id"] == node]

        facts = {fact.fact_id: fact for fact in cards.written.facts}

        assert facts[f"all/{node}.median"].shown == half_up(statistics.median(points), places)
        assert facts[f"all/{node}.best"].shown == half_up(max(points), places)
    assert len({row["unit_id"] for row in districts.table("scores")}) % 2 == 0
    assert len({row["unit_id"] for row in ministries.table("scores")}) % 2 == 1


def test_what_blocks_the_next_level_is_said(districts: Cards) -> None:
    """Each missing condition of the next level stands on the card with its distance."""
    labels = {node_id: node.label.vi for node_id, node in districts.setup.frameworks[0].nodes.items()}
    blocked = [row for row in districts.table("levels") if row["blocking"]]
    assert blocked

    for row in blocked:
        text = districts.text(row["unit_id"])

        for part in row["blocking"].split("; "):
            node_id, _, distance = part.partition(":")
            assert f"{labels[node_id]} {half_up(Fraction(distance), 2)} điểm" in text


def test_shared_ranks_are_said(districts: Cards) -> None:
    """A unit that shares its rank names those that have it too."""
    names = {unit.unit_id: unit.name for unit in districts.setup.units}
    tied = {row["unit_id"]: row["tied_with"].split(";") for row in districts.table("ranks") if row["tied_with"]}

    said = {unit_id: districts.text(unit_id) for unit_id in names}

    assert {unit_id for unit_id, text in said.items() if "đồng hạng với" in text} == set(tied)
    for unit_id, others in tied.items():
        assert f"đồng hạng với {', '.join(names[each] for each in others)}" in said[unit_id]


def test_cards_and_report_print_the_same_facts(tmp_path_factory: pytest.TempPathFactory, ministries: Cards) -> None:
    """A fact that the report prints too has the same value on the card."""
    draft = projects.shipped(tmp_path_factory, "2019-bo").draft
    with (draft / "facts.csv").open(encoding="utf-8", newline="") as file:
        report = {row["fact_id"]: (row["value"], row["shown"]) for row in csv.DictReader(file)}

    shared = {fact.fact_id: (fact.value, fact.shown) for fact in ministries.written.facts if fact.fact_id in report}

    assert len(shared) > 17
    assert shared == {fact_id: report[fact_id] for fact_id in shared}


def test_every_fact_is_printed_where_its_place_says(ministries: Cards, largest: Cards) -> None:
    """At each place stands the text that its fact shows, in the single and in the bound file."""
    for cards, name in ((ministries, "scorecards.pdf"), (largest, "scorecards.pdf"), (largest, "scorecards/u2.pdf")):
        shown = {fact.fact_id: fact.shown for fact in cards.written.facts}
        places = cards.written.places[name]
        assert len(places) > 40

        with pypdfium2.PdfDocument(cards.folder / name) as document:
            wrong = [
                place for place in places[::7] if not begins_with(document[place.page - 1], place, shown[place.fact_id])
            ]

        assert wrong == []


def test_numerals_stand_on_facts_declared_text_or_numbering(ministries: Cards) -> None:
    """A card has as many numerals as its facts, declared texts and numberings account for: none is typed."""
    name = next(name for name in ministries.written.places if name != "scorecards.pdf")
    shown = {fact.fact_id: fact.shown for fact in ministries.written.facts}
    text = projects.pdf_text(ministries.folder / name)
    edition_words = ["2019-bo", "ministries_2019.csv#", ministries.setup.assessment.title.vi]
    edition_words += [ministries.setup.frameworks[0].spec.title.vi, "Tập phiếu, trang 2"]
    cells = re.findall(r"\(([A-Z]+[0-9]+)\)", text)

    for known in sorted(
        [shown[place.fact_id] for place in ministries.written.places[name]] + edition_words + cells, key=len
    )[::-1]:
        assert known in text or not re.search(r"\d", known)
        text = text.replace(known, " ", 1)

    assert re.findall(r"\d+", text) == []


@pytest.mark.parametrize("name", ["scorecards/u1.pdf", "scorecards.pdf"])
def test_the_pdf_is_archival_and_accessible(largest: Cards, name: str) -> None:
    """A card declares PDF/A-3a and PDF/UA-1, its title and language, headings, table headers, and what bars show."""
    file = largest.folder / name

    with pikepdf.open(file) as document, document.open_metadata() as metadata:
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"], metadata["pdfuaid:part"]) == ("3", "A", "1")
        assert "Phiếu kết quả đánh giá" in metadata["dc:title"]
        assert str(document.Root.Lang).startswith("vi")
    elements = list(structure(file))
    found = [kind for kind, _ in elements]
    assert found.count("/H1") == (1 if name != "scorecards.pdf" else 4)
    assert found.count("/TH") >= 7
    figures = [alternative for kind, alternative in elements if kind == "/Figure"]
    assert figures
    assert all("trung vị của nhóm" in alternative for alternative in figures)


def test_the_bound_file_is_made_of_the_cards(largest: Cards) -> None:
    """Each page of the bound file after the first says, sign by sign and place by place, what the card says."""
    names = ["u1", "u2", "u4"]

    bound = closed_pages.read(largest.folder / "scorecards.pdf")
    single = [closed_pages.read(largest.folder / "scorecards" / f"{name}.pdf")[0] for name in names]

    assert [page.signs for page in bound[1:]] == [page.signs for page in single]
    for page, card in zip(bound[1:], single, strict=True):
        assert page.left.tolist() == card.left.tolist()
        assert page.base.tolist() == card.base.tolist()
    for number, name in enumerate(names, start=2):
        own = largest.written.places[f"scorecards/{name}.pdf"]
        there = [place for place in largest.written.places["scorecards.pdf"] if place.page == number]
        assert [(each.fact_id, each.x, each.y) for each in there] == [(each.fact_id, each.x, each.y) for each in own]
        assert f"Tập phiếu, trang {number}" in largest.text(name)


def test_the_structure_of_the_bound_file_is_whole(largest: Cards) -> None:
    """Every piece of marked content belongs to an element that names its page and piece; ids are unique and known."""
    with pikepdf.open(largest.folder / "scorecards.pdf") as document:
        root = document.Root.StructTreeRoot
        parents = pikepdf.NumberTree(root.ParentTree)
        elements = [
            each
            for each in document.objects
            if isinstance(each, pikepdf.Dictionary) and each.get("/Type") == pikepdf.Name.StructElem
        ]
        ids = [str(each.ID) for each in elements if "/ID" in each]
        headers = {str(name) for each in elements for part in each.get("/A", ()) for name in part.get("/Headers", ())}

        keys = [int(page.obj.StructParents) for page in document.pages]
        owners = [
            (page.obj.objgen, piece, element)
            for page, key in zip(document.pages, keys, strict=True)
            for piece, element in enumerate(parents[key])
        ]
        named = [(element.Pg.objgen, piece in pieces(element)) for _, piece, element in owners]

        assert len(set(keys)) == len(document.pages) == 4
        assert len(owners) > 600
        assert named == [(page, True) for page, _, _ in owners]
        assert len(set(ids)) == len(ids) > 20
        assert headers <= set(ids) == set(map(str, pikepdf.NameTree(root.IDTree)))
        assert all(each.P is not None for each in elements)
        assert b"<xmpTPg:NPages>4<" in document.Root.Metadata.read_bytes()


def test_the_bound_file_has_an_outline_entry_for_each_unit(ministries: Cards) -> None:
    """Units stand under their framework, in the order of their ids."""
    names = {unit.unit_id: unit.name for unit in ministries.setup.units}
    units = sorted({row["unit_id"] for row in ministries.table("scores")})

    outline = titles(ministries.folder / "scorecards.pdf")

    framework = ministries.setup.frameworks[0].spec.title.vi
    assert outline[-len(units) - 1 :] == [(0, framework), *((1, names[unit]) for unit in units)]


def test_districts_stand_between_framework_and_communes(tmp_path: Path) -> None:
    """Units that belong to another are grouped under it in the outline, sorted by its id."""
    setup, place = edition(tmp_path, "ict-index-2017-tinh", ["Xã A", "Xã B", "Xã C"])
    units = "unit_id,name,unit_kind,parent_id\nd1,Huyện Một,huyen,\nd2,Huyện Hai,huyen,\n"
    units += "u1,Xã A,tinh,d2\nu2,Xã B,tinh,d1\nu3,Xã C,tinh,d2\n"
    place.units_file.write_text(units, encoding="utf-8")
    setup = editions.load(place)

    cards = written(setup, place, tmp_path / "cards")

    expected = [(1, "Huyện Một"), (2, "Xã B"), (1, "Huyện Hai"), (2, "Xã A"), (2, "Xã C")]
    assert titles(cards.folder / "scorecards.pdf")[-5:] == expected


def test_hostile_text_stays_text(largest: Cards) -> None:
    """Names, answers, findings and reasons that look like Typst, HTML or formulas are printed as they are."""
    text = largest.text("u1")

    assert text.count(HOSTILE) >= 4
    assert "=1+1" in text


def test_what_a_page_has_no_room_for_is_counted(largest: Cards) -> None:
    """A card leaves out its last values rather than take a second page, and says how many they are."""
    assert largest.written.warnings == ()
    values = {f"u1/{field_id}" for field_id in largest.setup.frameworks[0].fields}
    printed = {place.fact_id for place in largest.written.places["scorecards/u1.pdf"]} & values
    bound = {place.fact_id for place in largest.written.places["scorecards.pdf"]} & values

    said = re.search(r"Còn ([0-9]+) giá trị không in vừa trang này, xem observations\.csv", largest.text("u1"))

    assert said
    assert int(said[1]) == len(values) - len(printed)
    assert bound == printed
    assert "Còn 2 phát hiện khác, xem findings.csv." in largest.text("u1")


def test_all_values_of_a_district_have_room(districts: Cards) -> None:
    """A card of decision 2392's hundred questions has room for all of its values."""
    values = {f"u1/{field_id}" for field_id in districts.setup.frameworks[0].fields}

    printed = {place.fact_id for place in districts.written.places["scorecards/u1.pdf"]}

    assert len(values) == 100
    assert values <= printed


def test_absent_unranked_and_unconfirmed_units_say_so(largest: Cards) -> None:
    """An absent unit has no card and is named on the first page; unranked and unconfirmed ones say it on their card."""
    with pypdfium2.PdfDocument(largest.folder / "scorecards.pdf") as document:
        first = document[0].get_textpage().get_text_bounded()

    assert not (largest.folder / "scorecards" / "u3.pdf").exists()
    assert "Tỉnh vắng" in first
    assert "Không gửi phiếu năm 2026" in first
    assert "chưa được xác nhận đủ các vòng" in largest.text("u2")
    assert "chưa được xác nhận" not in largest.text("u1")
    assert "được tính điểm nhưng không xếp hạng" in largest.text("u4")


def test_cards_carry_the_stamps_of_the_report(ministries: Cards, districts: Cards) -> None:
    """A draft says so on every card, and so do synthetic data."""
    assert "DỰ THẢO" in ministries.text("bo-tai-chinh")
    assert "SỐ LIỆU MINH HỌA" in districts.text("u1")


def test_both_languages_print_the_same_facts(largest: Cards, tmp_path: Path) -> None:
    """English cards print the same facts with the same values in every document, also where values are left out."""
    english = written(largest.setup, largest.place, tmp_path, "en")

    def printed(cards: Cards) -> dict[str, set[str]]:
        return {name: {place.fact_id for place in places} for name, places in cards.written.places.items()}

    def values(facts: Sequence[Fact]) -> dict[str, str]:
        return {fact.fact_id: fact.value for fact in facts}

    assert printed(english) == printed(largest)
    assert values(english.written.facts) == values(largest.written.facts)
    assert "not ranked" in english.text("u4")


def test_the_same_tables_give_the_same_bytes(districts: Cards, tmp_path: Path) -> None:
    """Cards written again into another folder are the same, byte for byte."""
    again = written(districts.setup, districts.place, tmp_path)

    assert projects.bytes_of(again.folder) == projects.bytes_of(districts.folder)
