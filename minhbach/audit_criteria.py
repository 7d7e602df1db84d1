"""A page for each node of a framework: its formula, the thresholds on it, how points are spread, and all units."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from minhbach import levels
from minhbach.audit_evidence import Build
from minhbach.audit_page import Book, escape, link, number, row, table
from minhbach.framework import Framework
from minhbach.numbers import show
from minhbach.parts import Share
from minhbach.trace_files import Files
from minhbach.trace_nodes import short

BINS = 10
WIDTH, HEIGHT, BASE = 600, 150, 120  # of the drawing, in its own units
Scored = list[tuple[Fraction | None, int]]


@dataclass(frozen=True)
class CriterionPages:
    """What the pages of criteria are written from."""

    book: Book
    build: Build
    files: Files

    def write(self) -> None:
        """Writes the pages of all nodes and the list of them."""
        title, listed = self.book.say("page_criteria"), []
        for framework in self.build.loaded:
            rows = [self._line(framework, name) for name in framework.nodes]
            heads = [self.book.say(key) for key in ("criterion", "maximum", "formula")]
            listed.append(table(framework.spec.title.say(self.book.language), heads, rows))
            for name in framework.nodes:
                label = self._label(framework, name)
                self.book.write(f"criteria/{framework.id}/{name}.html", label, "\n".join(self._page(framework, name)))
        self.book.write("criteria.html", title, "\n".join([f"<h1>{escape(title)}</h1>", *listed]))

    def _label(self, framework: Framework, name: str) -> str:
        node = framework.nodes[name]
        return " ".join(filter(None, (node.number, node.label.say(self.book.language))))

    def _formula(self, framework: Framework, name: str) -> str:
        node = framework.nodes[name]
        return " ".join((node.formula or " + ".join(node.children)).split())

    def _line(self, framework: Framework, name: str) -> str:
        top = framework.nodes[name].max_points
        address = f"criteria/{framework.id}/{name}.html"
        shown = "" if top is None else escape(show(top, 2, self.book.language))
        formula = f'<code class="line">{escape(self._formula(framework, name))}</code>'
        return row([link(address, self._label(framework, name)), shown, formula])

    def _page(self, framework: Framework, name: str) -> Iterator[str]:
        say, points = self.book.say, self.build.points(framework.id)
        yield f"<h1>{escape(self._label(framework, name))}</h1>"
        yield f"<p>{escape(framework.spec.title.say(self.book.language))} · <code>{escape(name)}</code></p>"
        place = self.files.place(framework.id, "nodes", name)
        source, _, line = place.partition(":")
        address = f"../../sources/{source_page(source)}#L{line or 1}"
        yield f"<p>{escape(say('formula'))}: <code>{escape(self._formula(framework, name))}</code> "
        yield f"({link(address, place)})</p>"
        yield from self._thresholds(framework, name)
        scored: Scored = [(points.exactly.points(name, at), at) for at in range(len(points.answers.units))]
        known = [value for value, _ in scored if value is not None]
        yield self._spread(known, framework.nodes[name].max_points)
        heads = [say(key) for key in ("unit", "points", "share", "worked")]
        yield table(say("all_units", count=len(known)), heads, self._units(framework, name, scored))

    def _thresholds(self, framework: Framework, name: str) -> Iterator[str]:
        items, language = [], self.book.language
        for scheme in framework.levels:
            rules = [each for _, known in levels.schemes(scheme).values() for each in known.items()]
            for level, conditions in rules:
                if name in conditions:
                    said = scheme.labels[level].say(language) if level in scheme.labels else level
                    items.append(f"<li>{escape(said)}: ≥ {escape(_least(conditions[name], language))}</li>")
        if items:
            yield f"<h2>{escape(self.book.say('thresholds'))}</h2>\n<ul>{''.join(dict.fromkeys(items))}</ul>"

    def _units(self, framework: Framework, name: str, scored: Scored) -> Iterator[str]:
        for _, at in sorted(scored, key=lambda each: (each[0] is None, -(each[0] or 0), each[1])):
            unit_id = self.build.points(framework.id).answers.unit_ids[at]
            shown, share, line = self.build.points_shown(framework, name, at)
            cells = [
                link(f"../../units/{unit_id}.html#node-{name}", self.build.unit_name(unit_id)),
                number(f"{unit_id}/{name}", shown),
                escape(share),
                f'<code class="line">{escape(line)}</code>',
            ]
            yield row(cells, name=f"unit-{unit_id}")

    def _spread(self, values: Sequence[Fraction], top: Fraction | None) -> str:
        """How many units have how many points, as bars."""
        if not values:
            return f"<p>{escape(self.book.say('no_values'))}</p>"
        edges = _edges(values, top)
        counts = [0] * (len(edges) - 1)
        for value in values:
            counts[min(int((value - edges[0]) / (edges[1] - edges[0])), len(counts) - 1)] += 1
        language = self.book.language
        names = [f"{show(low, 1, language)}–{show(high, 1, language)}" for low, high in pairwise(edges)]
        said = self.book.say("spread", bars="; ".join(f"{a}: {b}" for a, b in zip(names, counts, strict=True)))
        return _bars(self.book.say("spread_title"), said, names, counts)


def _bars(title: str, said: str, names: Sequence[str], counts: Sequence[int]) -> str:
    wide, most = WIDTH // len(counts), max(counts)
    parts = []
    for place, (name, count) in enumerate(zip(names, counts, strict=True)):
        tall, left = round(100 * count / most), place * wide
        parts.append(f'<rect x="{left + 2}" y="{BASE - tall}" width="{wide - 4}" height="{tall}"/>')
        middle = left + wide // 2
        parts.append(f'<text x="{middle}" y="{BASE - tall - 4}" text-anchor="middle">{count}</text>')
        parts.append(f'<text x="{middle}" y="{BASE + 16}" text-anchor="middle" font-size="10">{escape(name)}</text>')
    drawing = f'<svg class="bars" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(said)}">'
    return f"<h2>{escape(title)}</h2>\n{drawing}{''.join(parts)}</svg>"


def _edges(values: Sequence[Fraction], top: Fraction | None) -> list[Fraction]:
    """The ends of the bars: from 0 (or the least value) to the most that a unit can have (or the greatest value)."""
    low, high = min(Fraction(0), *values), max(top or Fraction(0), *values)
    step = (high - low) / BINS or Fraction(1)
    return [low + step * place for place in range(BINS + 1)]


def _least(least: Fraction, language: str) -> str:
    """A threshold as a reader writes it."""
    share = isinstance(least, Share)
    return f"{short(Fraction(least) * (100 if share else 1), language)}{' %' * share}"


def source_page(file: str) -> str:
    """The page of a text file that is named as a chain names it."""
    return file.replace("/", "-") + ".html"
