"""A page for each unit: its outcomes, all criteria with worked lines, answers with cells, and all that was noted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from minhbach import levels
from minhbach.audit_chain import Whole
from minhbach.audit_evidence import Build
from minhbach.audit_page import Book, escape, link, number, row, table
from minhbach.formula_print import shown_exact
from minhbach.framework import Framework
from minhbach.trace_answers import address
from minhbach.trace_graph import Step
from minhbach.units import Unit


@dataclass(frozen=True)
class UnitPages:
    """What the pages of units are written from."""

    book: Book
    build: Build
    chain: Whole

    def write(self) -> None:
        """Writes the pages of all units and the list of them."""
        for unit in self.build.units:
            parts = [self._framework(each, unit) for each in self.build.loaded if self._answers(each, unit)]
            name = self.build.unit_name(unit.unit_id)
            self.book.write(f"units/{unit.unit_id}.html", name, "\n".join([*self._head(unit, name), *parts]))
        rows = (row([link(f"units/{unit.unit_id}.html", self.build.unit_name(unit.unit_id)), escape(unit.unit_id),
                     escape(unit.unit_kind), *self._outcomes_short(unit)]) for unit in self.build.units)  # fmt: skip
        heads = [self.book.say(key) for key in ("unit", "unit_id", "kind", "outcomes")]
        title = self.book.say("page_units")
        self.book.write("units.html", title, f"<h1>{escape(title)}</h1>\n{table(title, heads, rows)}")

    def _head(self, unit: Unit, name: str) -> Iterator[str]:
        say, parent = self.book.say, self.build.units.get(unit.parent_id)
        yield f"<h1>{escape(name)}</h1>"
        within = f" · {escape(self.build.unit_name(parent.unit_id))}" if parent else ""
        yield f"<p>{escape(say('unit_id'))} <code>{escape(unit.unit_id)}</code> · {escape(unit.unit_kind)}{within}</p>"
        if (self.build.folder / "scorecards" / f"{unit.unit_id}.pdf").is_file():
            yield f"<p>{link(f'../../scorecards/{unit.unit_id}.pdf', say('scorecard'))}</p>"
        if not any(self._answers(each, unit) for each in self.build.loaded):
            yield f"<p>{escape(say('no_answers'))}</p>"

    def _answers(self, framework: Framework, unit: Unit) -> bool:
        return bool(self.build.table(framework.id, "observations").of(unit.unit_id))

    def _framework(self, framework: Framework, unit: Unit) -> str:
        say = self.book.say
        parts = [f"<h2>{escape(framework.spec.title.say(self.book.language))}</h2>", self._outcomes(framework, unit)]
        if unit.unit_id in self.build.points(framework.id).answers.unit_ids:
            heads = [say(key) for key in ("criterion", "points", "maximum", "share", "worked")]
            parts.append(table(say("criteria_of"), heads, self._nodes(framework, unit)))
        heads = [say(key) for key in ("question", "value", "typed", "cell", "status")]
        parts.append(table(say("answers"), heads, self._fields(framework, unit)))
        parts += [self._findings(framework, unit), self._corrections(framework, unit)]
        parts.append(_steps(say("confirmations"), "confirmations", self.chain.answers.confirmations(
            framework.id, unit.unit_id)))  # fmt: skip
        return "\n".join(filter(None, parts))

    def _outcomes(self, framework: Framework, unit: Unit) -> str:
        """Levels with their conditions, those that block first marked; ranks; comparisons."""
        items = []
        for step in self._steps_of(framework, unit):
            below = "".join(self._condition(each) for each in step.children if each.kind == "condition")
            items.append(f"<li>{_said(step)}" + (f"<ul>{below}</ul></li>" if below else "</li>"))
        title = escape(self.book.say("outcomes"))
        return f'<section id="outcomes">\n<h3>{title}</h3>\n<ul>{"".join(items)}</ul>\n</section>' if items else ""

    def _steps_of(self, framework: Framework, unit: Unit) -> Iterator[Step]:
        table, outcomes = self.build.table, self.chain.outcomes
        for scheme in framework.levels:
            for key in levels.schemes(scheme):
                if table(framework.id, "levels").one(unit.unit_id, scheme=key):
                    yield outcomes.level(framework.id, unit.unit_id, key)
        for ranking in framework.rankings:
            if table(framework.id, "ranks").one(unit.unit_id, ranking=ranking.id):
                yield outcomes.ranks.rank(framework.id, unit.unit_id, ranking.id)
        for each in framework.comparisons:
            if table(framework.id, "comparisons").one(unit.unit_id, comparison=each.id):
                yield outcomes.comparison(framework.id, unit.unit_id, each.id)

    def _condition(self, step: Step) -> str:
        met = step.value.startswith("-") or not step.value.strip("0")
        return f"<li>{escape(step.text)}</li>" if met else f'<li class="blocking">{escape(step.text)}</li>'

    def _outcomes_short(self, unit: Unit) -> list[str]:
        said = [_said(step) for each in self.build.loaded for step in self._steps_of(each, unit)]
        return ["<br>".join(said) or "–"]

    def _nodes(self, framework: Framework, unit: Unit) -> Iterator[str]:
        language, at = self.book.language, self.build.lines(framework.id, unit.unit_id).row
        for name, node in framework.nodes.items():
            top = self.build.points(framework.id).exactly.maximum(name, at)
            shown, share, line = self.build.points_shown(framework, name, at)
            label = " ".join(filter(None, (node.number, node.label.say(language))))
            cells = [
                link(f"../criteria/{framework.id}/{name}.html#unit-{unit.unit_id}", label),
                number(f"{unit.unit_id}/{name}", shown),
                "" if top is None else escape(shown_exact(top, language)),
                escape(share),
                f'<code class="line">{escape(line)}</code>',
            ]
            yield row(cells, name=f"node-{name}")

    def _fields(self, framework: Framework, unit: Unit) -> Iterator[str]:
        language = self.book.language
        for each in self.build.table(framework.id, "observations").of(unit.unit_id):
            question = framework.fields.get(each["field_id"])
            reference = f"{unit.unit_id}/{each['field_id']}"
            fact = self.build.facts.get(reference)
            shown = fact["shown"] if fact else each["value"] or "–"
            label = question.label.say(language) if question else each["field_id"]
            cells = [
                escape(label),
                number(reference, shown) if question else escape(shown),
                escape(each["raw_text"]),
                f'<span class="address">{escape(address(each))}</span>',
                escape(self.build.say(f"status_{each['status']}")),
            ]
            yield row(cells, name=f"answer-{each['field_id']}")

    def _findings(self, framework: Framework, unit: Unit) -> str:
        items = []
        for each in self.build.table(framework.id, "findings"):
            if each["unit_id"] == unit.unit_id:
                severity = self.build.say(f"severity_{each['severity']}")
                address = f"../register.html#finding-{each['finding_id']}"
                items.append(f"<li>{link(address, severity)}: {escape(each['message'])}</li>")
        return _list(self.book.say("findings"), "findings", items)

    def _corrections(self, framework: Framework, unit: Unit) -> str:
        used = (each for each in self.build.table(framework.id, "corrections") if each["unit_id"] == unit.unit_id)
        return _steps(
            self.book.say("corrections"), "corrections", tuple(self.chain.answers.correction(e) for e in used)
        )


def _said(step: Step) -> str:
    return number(step.id, step.text)


def _steps(title: str, name: str, steps: tuple[Step, ...]) -> str:
    return _list(title, name, [f"<li>{escape(step.text)}</li>" for step in steps])


def _list(title: str, name: str, items: list[str]) -> str:
    if not items:
        return ""
    return f'<section id="{name}">\n<h3>{escape(title)}</h3>\n<ul>{"".join(items)}</ul>\n</section>'
