"""A report of a state body with everything that Decree 30/2020/NĐ-CP asks for, and readers of the finished PDF."""

import io
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pdfplumber

from minhbach import editions, publication
from minhbach.editions import Setup
from minhbach.paths import Edition
from minhbach.render.embedded import Rendered, render_pdf

REPOSITORY = Path(__file__).resolve().parent.parent
MM = 72 / 25.4
START = "# A rebuild from published figures"

DOCUMENT = """
document:
  issuer_parent: {vi: Ủy ban nhân dân tỉnh Gia Lai, en: People's Committee of Gia Lai}
  issuer: {vi: Sở Thông tin và Truyền thông, en: Department of Information and Communications}
  number: 7
  symbol: BC-STTTT
  place: {vi: Gia Lai, en: Gia Lai}
  date: 2023-02-05
  type: {vi: Báo cáo, en: Report}
  abstract:
    vi: Kết quả đánh giá, xếp hạng mức độ Chính quyền điện tử cấp huyện, cấp xã năm 2022 trên địa bàn tỉnh Gia Lai
    en: Assessment and ranking of the e-government level of the districts and communes of Gia Lai, 2022
  draft: true
  mark: {vi: SỐ LIỆU MINH HỌA, en: SYNTHETIC DATA}
  to:
    - {vi: Ủy ban nhân dân tỉnh Gia Lai, en: People's Committee of Gia Lai}
    - {vi: Bộ Thông tin và Truyền thông, en: Ministry of Information and Communications}
  recipients:
    - {vi: Như trên, en: As above}
    - {vi: Ủy ban nhân dân các huyện, en: District People's Committees}
  filing: {unit: CNTT, drafter: NVA, copies: 5}
  signature:
    authority: {vi: KT. Giám đốc, en: For the Director}
    post: {vi: Phó Giám đốc, en: Deputy Director}
    name: Nguyễn Văn A
documents:
  submission:
    symbol: TTr-STTTT
    abstract: Về việc phê duyệt kết quả xếp hạng
    to: [Ủy ban nhân dân tỉnh Gia Lai]
    signature: {authority: Giám đốc, name: Nguyễn Văn B}
    recipients: [Như trên]
  decision:
    issuer: Ủy ban nhân dân tỉnh Gia Lai
    symbol: QĐ-UBND
    abstract: Phê duyệt kết quả xếp hạng
    authority: Chủ tịch Ủy ban nhân dân tỉnh Gia Lai
    signature: {authority: "KT. Chủ tịch", post: Phó Chủ tịch, name: Trần Thị C}
    recipients: [Như Điều 3]
"""
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="80"><text x="10" y="40">Điểm</text></svg>'
SENTENCE = "Kết quả được tổng hợp từ phiếu khảo sát của các đơn vị, công khai và kiểm chứng được từng con số. "
LAST = "Đoạn cuối của báo cáo, đủ dài để chiếm hơn một dòng trên trang giấy khổ A4 với lề trái ba mươi mi-li-mét."
LEGAL = "Quyết định số 2392/QĐ-BTTTT ngày 25 tháng 12 năm 2017 của Bộ Thông tin và Truyền thông ban hành bộ tiêu chí"


def setup(folder: Path, *changes: tuple[str, str]) -> Setup:
    """The edition 2019-bo as a state body would publish it; `changes` replace texts of its document."""
    for name in ("frameworks", "data/raw/2019-bo"):
        shutil.copytree(REPOSITORY / name, folder / name)
    file = folder / "data" / "raw" / "2019-bo" / "assessment.yaml"
    document = DOCUMENT
    for old, new in changes:
        assert document.count(old) >= 1, old
        document = document.replace(old, new, 1)
    kept = file.read_text(encoding="utf-8").partition(START)[0]
    file.write_text(kept + document, encoding="utf-8")
    return editions.load(Edition("2019-bo", folder))


def district(number: int, communes: int) -> str:
    """The rows of a district: its heading, its communes, its mean."""
    rows = [
        f'| [{row}]{{fact="u{number}-{row}/hang"}} | Xã Ia Kreng {"abc"[row % 3]} '
        f'| [{row},25]{{fact="u{number}-{row}/t"}} |'
        for row in range(1, communes + 1)
    ]
    mean = f'| [Trung bình]{{.subtotal}} | | [{number},50]{{fact="h{number}/t"}} |'
    return "\n".join([f"| [Huyện {'ABCDEFGHIJ'[number]}]{{.group}} | | |", *rows, mean])


def markdown(*, fill: int = 12, annexes: int = 2) -> str:
    """A report with headings of three levels, a list, a note, a table, a figure; and annexes, the first turned."""
    table = "\n".join(district(number, 13) for number in range(8))
    first = (
        "# Bảng kết quả đầy đủ {#anx-full .annex .landscape}\n\n::: {#tbl-full}\n\n| Hạng | Tên đơn vị | Tổng điểm |\n"
        f"|---:|:---|---:|\n{table}\n\nKết quả theo huyện\n\n:::\n"
    )
    second = "# Phương pháp {#anx-method .annex}\n\n## Công thức\n\nChữ trong phụ lục.\n\n## Quy ước\n\nChữ.\n"
    return f"""# Căn cứ và mục đích

{SENTENCE * 4}

{SENTENCE * 3}

## Mục đích

Xem {"[](#anx-full) và " if annexes else ""}@tbl-small, @fig-scores.[^1] Theo [{LEGAL}]{{.declared}},
điểm là [84,25]{{fact="a/b"}}.

[^1]: Ghi ở cuối trang.

### Điểm thứ nhất

1. Một việc
2. Hai việc

::: {{#tbl-small}}

| Tên | Điểm |
|:---|---:|
| Huyện A | [1]{{fact="a/c"}} |

Bảng nhỏ [2392/QĐ-BTTTT]{{.declared}}

:::

![Điểm của các đơn vị](figures/scores.svg){{#fig-scores fig-alt="Biểu đồ điểm của các đơn vị"}}

# Kết quả

{SENTENCE * fill}

{LAST}

{first if annexes else ""}
{second if annexes > 1 else ""}
"""


def rendered(folder: Path, text: str, particulars: dict[str, object]) -> Rendered:
    """The PDF of a text."""
    (folder / "figures").mkdir(parents=True, exist_ok=True)
    (folder / "figures" / "scores.svg").write_text(SVG, encoding="utf-8")
    source = folder / "report.md"
    source.write_text(text, encoding="utf-8")
    return render_pdf(source, particulars, timestamp=1_675_555_200)


def report(folder: Path, text: str, *changes: tuple[str, str], language: str = "vi") -> Rendered:
    """The PDF of a report with the particulars of the changed edition."""
    found = setup(folder / "project", *changes)
    return rendered(folder / "draft", text, publication.report_metadata(found, language))


@dataclass(frozen=True)
class Found:
    """A text on a page: where it stands in points, and its characters."""

    text: str
    left: float
    right: float
    top: float
    bottom: float
    chars: tuple[dict[str, Any], ...]

    @property
    def size(self) -> float:
        """The size of its type in points; it has one."""
        sizes = {round(char["size"], 2) for char in self.chars}
        assert len(sizes) == 1, (self.text, sizes)
        return sizes.pop()

    @property
    def style(self) -> str:
        """The style of its type, such as Bold; it has one."""
        styles = {char["fontname"].partition("-")[2] for char in self.chars if char["text"].strip()}
        assert len(styles) == 1, (self.text, styles)
        return styles.pop()

    @property
    def base(self) -> float:
        """Its base line, from the top of the page."""
        return float(self.chars[0]["y0"])

    @property
    def middle(self) -> float:
        """Half way between its ends."""
        return (self.left + self.right) / 2


class Document:
    """A finished PDF."""

    def __init__(self, file: Path) -> None:
        self.pdf = pdfplumber.open(io.BytesIO(file.read_bytes()))

    @cached_property
    def pages(self) -> list[Any]:
        """Its pages."""
        return self.pdf.pages

    def find(self, text: str, page: int = 1) -> Found:
        """A text that stands on a page in one line, the first time it does."""
        found = self.pages[page - 1].search(text, regex=False)
        assert found, f"page {page} has no {text!r}: {self.pages[page - 1].extract_text()[:2000]}"
        one = found[0]
        return Found(one["text"], one["x0"], one["x1"], one["top"], one["bottom"], tuple(one["chars"]))

    def lines(self, page: int = 1) -> Iterator[Found]:
        """The lines of a page from top to bottom."""
        for one in self.pages[page - 1].extract_text_lines():
            yield Found(one["text"], one["x0"], one["x1"], one["top"], one["bottom"], tuple(one["chars"]))

    def rules(self, page: int = 1) -> list[tuple[float, float, float]]:
        """The horizontal lines of a page outside of tables: left, right, distance from the top."""
        lines = [one for one in self.pages[page - 1].lines if abs(one["top"] - one["bottom"]) < 0.1]
        return sorted((one["x0"], one["x1"], one["top"]) for one in lines)

    def rule_below(self, text: Found, page: int = 1) -> tuple[float, float]:
        """The ends of the rule directly below a text."""
        near = [
            rule
            for rule in self.rules(page)
            if text.bottom - 2 < rule[2] < text.bottom + 8 and abs(sum(rule[:2]) / 2 - text.middle) < 30
        ]
        assert len(near) == 1, (text.text, self.rules(page))
        return near[0][0], near[0][1]

    def page_of(self, text: str) -> int:
        """The only page with a text."""
        pages = [number for number, page in enumerate(self.pages, 1) if page.search(text, regex=False)]
        assert len(pages) == 1, (text, pages)
        return pages[0]
