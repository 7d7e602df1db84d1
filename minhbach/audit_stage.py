"""The audit pages of a draft: static, offline, opened from the file system by double click."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from minhbach import audit_notebooks, audit_site, publication
from minhbach.audit_chain import Whole
from minhbach.audit_criteria import CriterionPages
from minhbach.audit_evidence import Build
from minhbach.audit_page import Book
from minhbach.audit_register import Register, sources
from minhbach.audit_shards import Shards
from minhbach.audit_units import UnitPages
from minhbach.editions import Setup
from minhbach.paths import Edition
from minhbach.render.embedded import render_html
from minhbach.wording import say

FOLDER = "audit"


@dataclass(frozen=True)
class Audit:
    """The audit pages of one draft."""

    book: Book
    build: Build
    chain: Whole

    def write(self) -> None:
        """Writes all pages and the data of the chains."""
        cells = audit_notebooks.write(self.book, self.build.folder / "notebooks")
        UnitPages(self.book, self.build, self.chain).write()
        CriterionPages(self.book, self.build, self.chain.files).write()
        Register(self.book, self.build).write()
        pages = sources(self.book, self.build, self.chain.files)
        self._chains(cells)
        audit_site.write(self.book, self.build, pages)
        audit_site.report(self.book, self._report())

    def _chains(self, cells: Mapping[str, str]) -> None:
        """The chains of all printed numbers, and of every node and answer that is not printed."""
        shards = Shards(self._home)
        for fact_id, fact in self.build.facts.items():
            shards.fact(self.chain.printed(fact_id), fact["shown"], cells.get(fact_id, ""))
        for framework in self.build.loaded:
            for unit_id in self.build.points(framework.id).answers.unit_ids:
                for name in framework.nodes:
                    shards.reference(self.chain.nodes.points(framework.id, unit_id, name))
                for name in framework.fields:
                    shards.reference(self.chain.answers.step(framework.id, unit_id, name))
        shards.write(self.book.folder / "data")

    def _home(self, reference: str) -> str:
        """The data file of the unit of a reference; empty where it is of no unit."""
        unit_id = reference.removeprefix("previous/").removeprefix("change/").partition("/")[0]
        return f"units/{unit_id}" if self.build.units.get(unit_id) else ""

    def _report(self) -> str:
        """The page of the report; where another engine has made it, as the embedded one makes it."""
        text = (self.build.home / "report.html").read_text(encoding="utf-8")
        if audit_site.is_ours(text):
            return text
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / "report.md"
            shutil.copy(self.build.home / "report.md", copy)
            shutil.copytree(self.build.home / "figures", copy.parent / "figures")
            page = render_html(copy, publication.report_metadata(self.build.setup, self.book.language))
            return page.read_text(encoding="utf-8")


def write(setup: Setup, output: Edition, language: str, earlier: Sequence[Path] = ()) -> Build:
    """Writes the audit pages of a staged draft, in the main language of its report.

    `earlier` are the files of the edition before that the run read.
    """
    build = Build(setup, output, language, earlier)
    stamp = say("closed_mark", language) if setup.unchecked else ""
    Audit(Book(output.draft / FOLDER, setup.edition.name, language, stamp), build, Whole(build)).write()
    return build
