"""The impact of an erratum for a terminal of 80 columns, the severity first, or as JSON."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from minhbach import diff_print, erratum_inputs, versions_check, versions_print, wording
from minhbach.erratum import NEW, Erring, option
from minhbach.erratum_impact import KINDS, Impact

FORMAT: Final = 1
WIDTH: Final = 80


def text(erring: Erring, impact: Impact) -> str:
    """What the erratum is, the program where it is another one, the severity, the counts, and every change."""
    language, severity = erring.language, impact.severity
    kinds = ", ".join(wording.say(f"erratum_kind_{each}", language) for each in impact.reached)
    why = _say(erring, "why", kinds=kinds) if kinds else _say(erring, "why_none")
    head = [_say(erring, "title", **_about(erring)), *notes(erring)]
    head.append(_say(erring, "severity", name=severity.name.say(language), why=why))
    head.append(_say(erring, "action", action=severity.action.say(language)))
    counts = (
        _say(erring, "count", kind=wording.say(f"erratum_kind_{each}", language), count=impact.counts[each])
        for each in KINDS
    )
    lines = [*map(_wrapped, head), "", _say(erring, "counts"), *(f"  {each}" for each in counts)]
    return "\n".join(
        [*lines, _wrapped(_say(erring, "ledger_only")), "", diff_print.text(impact.difference, ["--json"])]
    )


def notes(erring: Erring) -> list[str]:
    """What must be known first: that another program is at work here, that the rule was written later."""
    differs = versions_check.program(erring.replaced)
    said = [versions_print.program(differs, erring.language)] if any(differs.values()) else []
    if erratum_inputs.rule_is_later(erring):
        said.append(_say(erring, "rule_later", version=erring.replaced.name))
    return said


def missing(erring: Erring) -> str:
    """What has to be added to the command to accept the erratum."""
    if erring.state != NEW:
        return _wrapped(_say(erring, "go_on"))
    values = {"number": "…", "date": "…", "notice_number": "…", "by": '"…"'}
    wanted = [f"{option(name)} {values[name]}" for name, text in erring.asked.given.items() if not text]
    return _wrapped(_say(erring, "not_written", options=" ".join([*wanted, "--yes"])))


def as_json(erring: Erring, impact: Impact, folder: Path | None) -> str:
    """The same for programs; keys are always there, `notice` is null until the erratum is accepted."""
    content: dict[str, Any] = {
        "format": FORMAT,
        "edition": erring.edition.name,
        "replaces": erring.replaced.name,
        "version": erring.version.name,
        "corrections": list(erring.asked.corrections),
        "language": erring.language,
        "notes": notes(erring),
        "severity": _severity(impact),
        "counts": dict(impact.counts),
        "difference": json.loads(diff_print.as_json(impact.difference)),
        "accepted": folder is not None,
        "notice": folder.as_posix() if folder else None,
    }
    return json.dumps(content, ensure_ascii=False, indent=1)


def _severity(impact: Impact) -> Mapping[str, object]:
    severity, language = impact.severity, impact.difference.language
    said = {"id": severity.id, "name": severity.name.say(language), "action": severity.action.say(language)}
    return {**said, "reached_by": list(impact.reached)}


def _about(erring: Erring) -> dict[str, object]:
    own = erring.replaced.own
    return {
        "entries": ", ".join(erring.asked.corrections),
        "edition": erring.edition.name,
        "replaced": erring.replaced.name,
        "number": own["number"],
        "date": wording.say_date(str(own["date"]), erring.language),
    }


def _say(erring: Erring, key: str, **details: object) -> str:
    return wording.say(f"erratum_{key}", erring.language, **details)


def _wrapped(said: str) -> str:
    return "\n".join(textwrap.wrap(said, WIDTH, break_on_hyphens=False))


def accepted(erring: Erring, files: Sequence[str]) -> str:
    """What was done, and where it stands; `files` are the notice in Vietnamese and in English."""
    said = [_say(erring, "accepted", version=erring.version.name, replaced=erring.replaced.name)]
    said.append(_say(erring, "written", vi=files[0], en=files[1], index=erring.edition.index.as_posix()))
    return "\n".join(map(_wrapped, said))
