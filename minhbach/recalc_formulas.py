"""How the formulas of nodes read the sheets: answers, other nodes, parts in columns of their own, best of a group."""

from __future__ import annotations

from dataclasses import dataclass, field

from minhbach import wording
from minhbach.formula import Call, Tree
from minhbach.formula_excel import excel
from minhbach.formula_excel_parts import Cells, reading
from minhbach.recalc_certain import Certain
from minhbach.recalc_columns import ROW, Board, Cell, Column
from minhbach.recalc_parameters import Parameters
from minhbach.score import Points

FAR = "1E+15"  # stands for a blank where the largest or smallest number is looked for
NEARER = "1E+14"
HIDING = '[>=100000000000000]"–";[<=-100000000000000]"–";0.000000'


@dataclass
class Formulas:
    """Writes the formulas of the sheet `board`; `answers` and `groups` are the sheets they refer to."""

    points: Points
    language: str
    board: Board
    answers: Board
    groups: Board
    parameters: Parameters
    _codes: dict[tuple[str, Tree], str] = field(default_factory=dict)
    _compared: dict[tuple[str, Call], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.framework = self.points.framework
        self.certain = Certain(self.points)
        fields = self.framework.fields
        self.texts = {name for name, each in fields.items() if each.type in ("choice", "date", "text")}

    def formula(self, node_id: str, tree: Tree) -> str:
        """A formula of a node; an error where it is blank."""
        return excel(tree, self.cells(node_id))

    def cells(self, node_id: str) -> Cells:
        """How a formula of a node reads the sheets."""

        def read(name: str) -> str:
            if name == "max_points":
                return self.parameters.maximum(node_id)
            if name in self.framework.fields:
                zero = self.framework.fields[name].missing == "zero" and name not in self.texts
                return reading(self.answers.cell(name), "0" if zero else "NA()")
            return reading(self.board.here(name))

        return Cells(
            read,
            helper=lambda tree: reading(self.board.here(self._part(node_id, tree))),
            group=lambda call: self._group(node_id, call),
            certain=lambda tree: self.certain.places(node_id, tree),
            fields=self.framework.fields,
            texts=self.texts,
        )

    def _part(self, node_id: str, tree: Tree) -> str:
        """The code of a column of its own for a part of a node's formula."""
        if (node_id, tree) not in self._codes:
            formula = f'IFERROR({self.formula(node_id, tree)},"")'
            code = self._codes[node_id, tree] = self._code(node_id)
            label = wording.say("recalc_part", self.language, node=node_id)
            self.board.add(Column(code, label, "", self.certain.values(node_id, tree), formula, "0.000000"))
        return self._codes[node_id, tree]

    def _code(self, node_id: str) -> str:
        used = sum(1 for known in (self._codes, self._compared) for name, _ in known if name == node_id)
        return f"{node_id}.{used + 1}"

    def _group(self, node_id: str, call: Call) -> str:
        """Reads the best or worst of the unit's group from the sheet of groups."""
        if (node_id, call) not in self._compared:
            self._compare(node_id, call)
        found = self.groups.span(self._compared[node_id, call])
        return reading(f"INDEX({found},{self.answers.cell('group.best')})")

    def _compare(self, node_id: str, call: Call) -> None:
        """A column with what is compared, and one in the sheet of groups with the best or worst of it."""
        (argument,), best = call.arguments, call.function == "best"
        far = f"-{FAR}" if best else FAR
        formula = f"IFERROR({self.formula(node_id, argument)},{far})"
        values: list[Cell] = [float(far) if each == "" else each for each in self.certain.values(node_id, argument)]
        label = wording.say("recalc_compared", self.language, node=node_id)
        code = self._compared[node_id, call] = self._code(node_id)
        self.board.add(Column(code, label, call.function, values, formula, HIDING))
        formula = extreme(best, self.board.span(code), self.answers.span("group.best"), f"$A{ROW}")
        label = wording.say(f"recalc_{call.function}", self.language, node=node_id)
        self.groups.add(Column(code, label, call.function, self.certain.of_groups(node_id, call), formula))


def extreme(best: bool, compared: str, groups: str, number: str) -> str:
    """The largest or smallest number of a group, blank when the group has none; other groups' are put out of reach."""
    here, there = f"({groups}={number})", f"({groups}<>{number})"
    reach = f"{'MAX' if best else 'MIN'}({here}*{compared}{'-' if best else '+'}{there}*{FAR})"
    return f'IF(SUMPRODUCT({here}*(ABS({compared})<{NEARER}))=0,"",SUMPRODUCT({reach}))'
