"""One run of an edition: what it reads, where it writes, and what its stages hand on beside files."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from minhbach import editions, expectations_context, notebooks, previous, stages_close
from minhbach.editions import Setup
from minhbach.paths import Edition
from minhbach.previous import Previous
from minhbach.render import quarto_program
from minhbach.render.places import Marks

OUTPUT_VARIABLE = "MINHBACH_OUTPUT"


@dataclass
class Run:
    """One run of an edition: what it reads, and the staging folder that mirrors the project's output folders.

    The report is made in each of `languages`, from the same facts; the first one stands at the top of the draft.
    `marks` are those that the documents of each language have, for the stage that checks them; `told` is what people
    are told in the end.
    """

    edition: Edition
    languages: tuple[str, ...] = ()
    engine: str = "embedded"
    unchecked: bool = False
    setup: Setup = field(init=False)
    previous: Previous | None = field(init=False)
    log: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    marks: dict[str, dict[str, Marks]] = field(default_factory=dict)
    closed: Mapping[str, bool | int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.setup = replace(editions.load(self.edition), unchecked=self.unchecked)
        self.languages = self.languages or (self.setup.assessment.language,)
        if self.unchecked:
            stages_close.refuse(self.setup, self.language)
        if self.engine == "quarto":
            quarto_program.find(self.language)
        self.previous = previous.find(self.setup)

    @property
    def language(self) -> str:
        """The main language, in which findings are written and progress is told."""
        return self.languages[0]

    @property
    def output(self) -> Edition:
        """The edition's output folders inside staging."""
        return Edition(self.edition.name, self.edition.staging)

    @property
    def command(self) -> str:
        """The command line that makes this run again."""
        languages, more = ",".join(self.languages), " --unchecked" * self.unchecked
        return f"python pipeline.py run {self.edition.name} --lang {languages} --engine {self.engine}{more}"

    @property
    def earlier(self) -> list[Path]:
        """The files of the edition before that this run reads."""
        return [*(self.previous.files if self.previous else []), *expectations_context.files(self.setup)]

    def folder(self, language: str) -> Path:
        """Where the documents of a language go."""
        return self.output.language_folder(language, self.language)

    @property
    def folders(self) -> dict[str, Path]:
        """The folder of every language, the main one first."""
        return {language: self.folder(language) for language in self.languages}

    def executed(self, name: str, language: str) -> Path:
        """The executed copy of a notebook; those of further languages carry their language in the name."""
        ending = "" if language == self.language else f".{language}"
        return self.output.draft / "notebooks" / f"{name}{ending}.ipynb"

    def notebook(self, name: str, framework_id: str = "", language: str = "") -> None:
        """Executes a notebook of the project into the staged draft."""
        language = language or self.language
        parameters = {"edition": self.edition.name, "language": language}
        parameters |= {"framework": framework_id} if framework_id else {}
        parameters |= {"part": language} if language != self.language else {}
        suffix = f".{framework_id}" if framework_id and len(self.setup.frameworks) > 1 else ""
        environment = {
            OUTPUT_VARIABLE: self.edition.staging.as_posix(),
            "PYTHONPATH": os.pathsep.join(_python_path()),
        }
        source = Path(__file__).parent.parent / "notebooks" / f"{name}.ipynb"
        target = self.executed(f"{name}{suffix}", language)
        self.log.append(notebooks.execute(source, target, parameters, environment))


def _python_path() -> list[str]:
    before = os.environ.get("PYTHONPATH")
    return [str(Path(__file__).parent.parent), *([before] if before else [])]
