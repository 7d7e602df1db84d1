"""The sentences of a trace, from `wording/trace.*.yaml` alone: reading every topic would take as long as the trace."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from minhbach import yamlfile
from minhbach.wording import FOLDER


def say(key: str, language: str, **details: object) -> str:
    """The sentence of `trace_<key>` with its details filled in; that of `trace_<key>_one` for a count of 1."""
    known = _sentences("en" if language == "en" else "vi")
    one = known.get(f"trace_{key}_one") if details.get("count") == 1 else None
    return (one or known[f"trace_{key}"]).format_map(details)


@cache
def _sentences(language: str) -> Mapping[str, str]:
    content: Mapping[str, str] = yamlfile.load(FOLDER / f"trace.{language}.yaml").content
    return content
