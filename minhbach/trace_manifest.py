"""What the manifest of a build says: its frameworks, the command that made it, and the hashes of what went in."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from minhbach import tables_columns

SPOKEN = re.compile(r"--lang ([a-z]{2})")
Manifest = Mapping[str, Any]


def read(path: Path, language: str) -> Manifest:
    """The manifest; DataError if it is not what a run writes."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(content, dict) and isinstance(content.get("frameworks"), dict):
            return content
        reason = "frameworks"
    except (OSError, ValueError) as error:
        reason = str(error)
    raise tables_columns.damaged(path, reason, language)


def language(manifest: Manifest) -> str:
    """The main language of the report: the first of those it was made in."""
    languages = manifest.get("languages")
    spoken = SPOKEN.search(str(manifest.get("command", "")))
    return str(languages[0]) if isinstance(languages, list) and languages else spoken[1] if spoken else "vi"


def recorded(manifest: Manifest, root: Path, path: Path) -> str:
    """The SHA-256 that the run recorded for an input or a framework; empty if it recorded none."""
    name = path.relative_to(root).as_posix() if path.is_relative_to(root) else path.as_posix()
    frameworks = manifest["frameworks"].values()
    files = {file: digest for each in frameworks for file, digest in each.get("files", {}).items()}
    known = files.get(path.name, "") if path.parent.name == "frameworks" else ""
    return str(manifest.get("inputs", {}).get(name) or known)
