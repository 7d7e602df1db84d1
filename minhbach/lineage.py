"""Lineage in standard form: ro-crate-metadata.json (Provenance Run Crate) and prov.json (W3C PROV-JSON)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from minhbach import lineage_crate, lineage_files, lineage_prov, lineage_steps, manifest
from minhbach.editions import Setup
from minhbach.lineage_files import CRATE, PROV
from minhbach.lineage_run import Told
from minhbach.paths import Edition


def write(
    setup: Setup, output: Edition, command: str, languages: Sequence[str], more_inputs: Sequence[Path] = ()
) -> None:
    """Writes both files, and a copy of the workflow, into a staged draft; takes what `manifest.write` takes.

    All other files of the draft but manifest.json must be there.
    """
    project = Path(__file__).parent.parent
    lineage_files.copy_workflow(project, output)
    files = lineage_files.gather(setup, output, more_inputs)
    names = lineage_steps.named((project / "pipeline.py").read_text(encoding="utf-8"))
    steps = lineage_steps.steps(names, files, [each.id for each in setup.frameworks], languages)
    told = Told(setup, command, tuple(languages), files, steps, manifest.versions())
    _save(lineage_prov.document(told, output), output.draft / PROV)
    described = lineage_files.item(output.draft / PROV, output.root, output.draft)
    _save(lineage_crate.document(told, described), output.draft / CRATE)


def _save(content: Mapping[str, object], path: Path) -> None:
    text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")
