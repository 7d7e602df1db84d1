"""Scorecards become PDF: a Typst compiler that is kept, and each document's content as data."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import typst

from minhbach.errors import RenderError
from minhbach.render import embedded
from minhbach.render.places import Marks, places_of

TEMPLATE: Final = embedded.HERE / "scorecard.typ"


@dataclass(frozen=True)
class Printed:
    """A PDF, its number of pages, where its marks stand, and the warnings of Typst."""

    pdf: bytes
    pages: int
    marks: Marks
    warnings: tuple[str, ...] = ()


class Press:
    """Sets documents one after the other; not to be shared by threads."""

    def __init__(self, fonts: typst.Fonts, timestamp: int) -> None:
        """`timestamp` is the second (UNIX) that the PDF names as its making."""
        self.timestamp = timestamp
        self._compiler = typst.Compiler(
            TEMPLATE, root=embedded.HERE, font_paths=fonts, ignore_system_fonts=True, sys_inputs={"data": "{}"}
        )

    def set(self, document: Mapping[str, object], name: str) -> Printed:
        """One document; RenderError with Typst's own words, should it refuse."""
        inputs = {"data": json.dumps(document, ensure_ascii=False)}
        try:
            pdf, warnings = self._compiler.compile_with_warnings(
                format="pdf", pdf_standards=embedded.STANDARDS, timestamp=self.timestamp, sys_inputs=inputs
            )
            gathered = json.loads(self._compiler.query("<cards>", field="value", one=True))
        except RuntimeError as error:  # a TypstError, with a diagnosis, or what the query says
            told = str(getattr(error, "diagnostic", error)).strip()
            words = told.replace(f"{os.path.relpath(embedded.HERE)}{os.sep}", "")
            raise RenderError(f"Typst cannot set {name}:\n{words}") from error
        assert isinstance(pdf, bytes)
        ends = gathered["places"].pop("ends")
        marks = {kind: places_of(each, ends[kind]) for kind, each in gathered["places"].items()}
        warned = tuple(f"{name}: {warning.diagnostic.strip()}" for warning in warnings)
        return Printed(pdf, gathered["pages"], Marks(marks["fact"], marks["declared"], marks["numbering"]), warned)
