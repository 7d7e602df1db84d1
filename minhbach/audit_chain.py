"""The chains of every number of a draft: those of `trace`, with each step made once and shared by all chains."""

from __future__ import annotations

from minhbach.audit_answers import PlacedFiles, SharedAnswers
from minhbach.audit_evidence import Build
from minhbach.audit_nodes import SharedNodes, SharedOutcomes
from minhbach.trace_chain import Chain
from minhbach.trace_graph import Step, checked
from minhbach.trace_places import cut, places, shown_right
from minhbach.trace_previous import Before
from minhbach.trace_query import Queries
from minhbach.trace_received import Received
from minhbach.trace_settings import Settings


class Whole(Chain):
    """The chains of a draft that was just made.

    They differ from those of `trace` in two ways. A node that stands twice in a chain is unfolded twice, for readers
    of the pages to fold. And cells are not read again from the files, which this very run has read: their steps, and
    the conversions of their texts, bear no check.
    """

    def __init__(self, build: Build) -> None:
        super().__init__(build)
        self.files = PlacedFiles(build)
        self.answers = SharedAnswers(build, self.files)
        self.nodes = SharedNodes(build, self.files, self.answers)
        self.outcomes = SharedOutcomes(build, self.files, self.answers, self.nodes)
        self.settings = Settings(build, self.files, self.answers)
        self.queries = Queries(build)
        self.received = Received(build, self.answers)
        self.before = Before(build, self.files)
        self._homes: dict[str, str] = {}
        self._right: dict[tuple[str, str], bool | None] = {}

    def printed(self, fact_id: str) -> Step:
        """The chain of a printed number; numbers that are printed alike are rounded once."""
        say, fact = self.evidence.say, self.evidence.facts[fact_id]
        key = (fact["value"], fact["shown"])
        if key not in self._right:
            self._right[key] = shown_right(self.evidence, fact)
        holds = self._right[key]
        note = say("shown_differs", value=fact["value"], shown=fact["shown"]) if holds is False else ""
        text = say("printed", shown=cut(fact["shown"]), places=places(self.evidence, fact_id))
        check = "" if holds is None else checked(holds)
        return Step("printed", fact_id, text, fact["shown"], check, note, (self._fact(fact),))

    def _any(self, unit_id: str) -> str:
        if unit_id not in self._homes:
            self._homes[unit_id] = super()._any(unit_id)
        return self._homes[unit_id]
