"""What all audit pages share: the report itself, styles and scripts, words, the index of the search, the tick list."""

from __future__ import annotations

import re
from pathlib import Path
from string import Template

from minhbach import trace_words
from minhbach.audit_evidence import Build
from minhbach.audit_page import HERE, LOOK, Book, escape
from minhbach.audit_shards import compact
from minhbach.wording import sentences

REPORT_LOOK = HERE.parent / "render"
FACT = re.compile(r'<span((?: id="[^"]*")?) class="fact" data-fact="([^"]*)">(.*?)</span>', re.DOTALL)
PRESSED = re.compile(r"(<a [^>]*>.*?</a>|<summary>.*?</summary>)", re.DOTALL)  # what is something to press already
BODY = re.compile(r"<body>\n(?P<skip>.*?)\n(?P<body><header>.*?<main id=\"report-body\".*?)<script>", re.DOTALL)
PARTS = {
    "search": ("text",),
    "list": (
        "reviewer",
        "progress",
        "export",
        "import",
        "table",
        "number",
        "fact",
        "status",
        "note",
        "by",
        "time",
        "act",
    ),
}
WORDS = "audit_js_"


def write(book: Book, build: Build, sources: dict[str, str]) -> None:
    """Writes what the pages share; `sources` are the pages of text files by their paths."""
    for path in (*(HERE / name for name in LOOK), REPORT_LOOK / "report.css", REPORT_LOOK / "report.js"):
        _write(book.folder / "look" / path.name, path.read_text(encoding="utf-8"))
    _write(book.folder / "data" / "site.js", f"minhbach.start({compact(_site(book, build, sources))});\n")
    _write(book.folder / "data" / "search.js", f'minhbach.add("search", {compact(_index(book, build))});\n')
    for name, keys in PARTS.items():
        title = book.say(f"page_{name}")
        words = {key: escape(book.say(f"{name}_{key}")) for key in keys}
        words |= {"title": escape(title), "count": str(len(build.facts))}
        template = Template((HERE / f"{name}.html").read_text(encoding="utf-8"))
        book.write(f"{name}.html", title, template.substitute(words), scripts=(f"{name}.js",))


def is_ours(page: str) -> bool:
    """Whether a report's page is one that `report` can take."""
    return BODY.search(page) is not None


def report(book: Book, page: str) -> None:
    """The report as it was published, with every number a button."""
    found = BODY.search(page)
    assert found is not None
    parts = PRESSED.split(found["body"])
    parts[::2] = [FACT.sub(_button, part) for part in parts[::2]]
    book.write("index.html", book.say("page_index"), "".join(parts), kind="report", scripts=("report.js",))


def _button(found: re.Match[str]) -> str:
    return f'<button type="button"{found[1]} class="fact" data-fact="{found[2]}">{found[3]}</button>'


def _site(book: Book, build: Build, sources: dict[str, str]) -> dict[str, object]:
    """What every page knows: edition, build, units with the framework of each, words, and which pages there are."""
    homes = {row["unit_id"]: each for each in build.framework_ids for row in build.table(each, "observations")}
    made = {path.stem for path in (build.folder / "notebooks").glob("*.ipynb")}
    stages = [(stage, each) for stage in ("1_validate", "2_score") for each in build.framework_ids]
    words = sentences(book.language)
    return {
        "edition": book.edition,
        "build": build.identity,
        "count": len(build.facts),
        "units": {unit.unit_id: [build.unit_name(unit.unit_id), homes.get(unit.unit_id, "")] for unit in build.units},
        "notebooks": {
            f"{stage}.{each}": f"{name}.html"
            for stage, each in stages
            if (name := f"{stage}.{each}" if f"{stage}.{each}" in made else stage) in made
        },
        "sources": sources,
        "leftOut": trace_words.say("left_out", book.language),
        "above": trace_words.say("above", book.language),
        "words": {key.removeprefix(WORDS): text for key, text in words.items() if key.startswith(WORDS)},
    }


def _index(book: Book, build: Build) -> dict[str, object]:
    """Units, criteria and numbers; words that are printed as facts are not numbers."""
    numbers: dict[str, list[str]] = {}
    for fact_id, fact in build.facts.items():
        if any(map(str.isdigit, fact["shown"])):
            numbers.setdefault(fact["shown"], []).append(fact_id)
    nodes = [
        [each.id, name, " ".join(filter(None, (node.number, node.label.say(book.language))))]
        for each in build.loaded
        for name, node in each.nodes.items()
    ]
    units = [[unit.unit_id, build.unit_name(unit.unit_id)] for unit in build.units]
    return {"units": units, "nodes": nodes, "numbers": dict(sorted(numbers.items()))}


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
