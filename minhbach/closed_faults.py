"""A number without an address, or another one than its fact: where it stands, and what to do, for people."""

from __future__ import annotations

from collections.abc import Iterable

from minhbach import wording

MOST_SHOWN = 200


class Fault:
    """One mistake: the key of its sentence (`closed_…`) and the details in it, the place among them."""

    def __init__(self, key: str, **details: object) -> None:
        """Texts of several lines are told on one."""
        self.key, self.details = key, {name: " ".join(str(detail).split()) for name, detail in details.items()}

    def say(self, language: str) -> str:
        """The sentence."""
        return wording.say(f"closed_{self.key}", language, **self.details)


def told(faults: Iterable[Fault], language: str) -> str:
    """All faults, one a line, below a head that counts them and above what to do; empty where there are none."""
    lines = list(dict.fromkeys(fault.say(language) for fault in faults))
    if not lines:
        return ""
    said = [wording.say("closed_head", language, count=len(lines)), *(f"  {line}" for line in lines[:MOST_SHOWN])]
    if len(lines) > MOST_SHOWN:
        said.append(wording.say("closed_more", language, count=len(lines) - MOST_SHOWN))
    return "\n".join([*said, wording.say("closed_help", language)])
