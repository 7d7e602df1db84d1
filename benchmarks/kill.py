"""Kills `run` and `publish` with SIGKILL at random moments: never half a version, never a stuck lock, nothing lost.

`python benchmarks/kill.py` kills 200 times, every second time a run, otherwise a publishing; `… kill.py 20` 20 times.
"""

from __future__ import annotations

import hashlib
import json
import random
import subprocess
import sys
import time
from pathlib import Path

from measuring import project

from minhbach import staging, versions, versions_check
from minhbach.paths import Edition

EDITION, SEED, USUAL = "2019-bo", 7, 200
Hashes = dict[str, str]


def hashes(folder: Path) -> Hashes:
    """The hash of every file below a folder."""
    files = (file for file in folder.rglob("*") if file.is_file())
    return {file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def final(edition: Edition, number: int) -> None:
    """Makes the edition's document a final one with this number."""
    text = edition.assessment_file.read_text(encoding="utf-8")
    kept = [line for line in text.splitlines() if not line.startswith(("  number:", "  symbol:", "  draft:"))]
    place = kept.index("document:") + 1
    kept[place:place] = [f"  number: {number}", "  symbol: BC-MB", "  draft: false"]
    edition.assessment_file.write_text("\n".join(kept) + "\n", encoding="utf-8")


def another(edition: Edition, words: str) -> None:
    """Makes the draft another one, so that there is something to publish."""
    report, place = edition.draft / "report.md", edition.draft / "manifest.json"
    report.write_text(report.read_text(encoding="utf-8") + words, encoding="utf-8")
    content = json.loads(place.read_text(encoding="utf-8"))
    content["outputs"][report.relative_to(edition.root).as_posix()] = hashlib.sha256(report.read_bytes()).hexdigest()
    place.write_text(json.dumps(content), encoding="utf-8")


def prepare(edition: Edition, command: str, number: int) -> None:
    """Gives a run another number for the document, and a publishing another draft with its own settings."""
    if command == "run":
        final(edition, number)
        return
    recorded = json.loads((edition.draft / "manifest.json").read_text(encoding="utf-8"))["inputs"]
    name = edition.assessment_file.relative_to(edition.root).as_posix()
    for built in range(number, 0, -1):
        final(edition, built)
        if hashlib.sha256(edition.assessment_file.read_bytes()).hexdigest() == recorded[name]:
            break
    another(edition, f"\n{number}\n")


def whole(edition: Edition) -> bool:
    """Whether draft and validated data are one build, as its manifest has it."""
    outputs = json.loads((edition.draft / "manifest.json").read_text(encoding="utf-8"))["outputs"]
    known = {name: hashlib.sha256((edition.root / name).read_bytes()).hexdigest() for name in outputs}
    return bool(known == outputs)


def killed(edition: Edition, command: str, after: float) -> bool:
    """Starts a command and kills it; whether it was still at work."""
    arguments = [sys.executable, "pipeline.py", command, edition.name]
    quiet = subprocess.DEVNULL
    started = subprocess.Popen(arguments, cwd=edition.root, stdout=quiet, stderr=quiet)
    try:
        started.wait(after)
    except subprocess.TimeoutExpired:
        started.kill()
        started.wait()
        return True
    return False


def faults(edition: Edition, before: dict[str, Hashes]) -> list[str]:
    """What a kill broke: a version, the draft, the lock; and what the next command could not put right."""
    found = [name for name, known in before.items() if hashes(edition.reports / name) != known]
    with staging.alone(edition, "en"):
        if edition.publishing.exists() or edition.ready.exists():
            found.append("something half done is left")
    if not whole(edition):
        found.append("the draft is no whole build")
    for version in versions.of(edition):
        if version.name not in before:
            wrong = [each for each in versions_check.check(version, "en").differences if each.layer != "manifest"]
            found += [f"{version.name}: {each.text}" for each in wrong if each.layer not in ("proof", "source")]
    return found


def timed(edition: Edition, command: str) -> float:
    """The seconds of one whole command."""
    begun = time.perf_counter()
    project.python(edition.root, "pipeline.py", command, edition.name)
    return time.perf_counter() - begun


def main() -> None:
    """Kills and counts."""
    rounds, chance = int(sys.argv[1]) if len(sys.argv) > 1 else USUAL, random.Random(SEED)
    with project.copied() as copy:
        edition = Edition(EDITION, copy)
        final(edition, 1)
        spans = {command: timed(edition, command) for command in ("run", "publish")}
        counts, broken = {"run": 0, "publish": 0}, []
        for number in range(2, rounds + 2):
            command = ("run", "publish")[number % 2]
            before = {each.name: hashes(each.folder) for each in versions.of(edition)}
            prepare(edition, command, number)
            counts[command] += killed(edition, command, chance.uniform(0.2, 1.05) * spans[command])
            broken += [f"{number} {command}: {each}" for each in faults(edition, before)]
        last = {each.name: hashes(each.folder) for each in versions.of(edition)}
        spans["run"] = timed(edition, "run")
        timed(edition, "publish")
        broken += [name for name, known in last.items() if hashes(edition.reports / name) != known]
        for each in broken:
            print(each)
        print(f"killed at work: run {counts['run']}, publish {counts['publish']}; versions {len(versions.of(edition))}")
        for folder in (edition.reports, *edition.reports.rglob("*")):
            if folder.is_dir():
                folder.chmod(0o755)  # so that the copy can be removed
    print(f"TARGET things broken by {rounds} kills: {len(broken)}, at most 0: {'NOT MET' if broken else 'met'}")
    sys.exit(bool(broken))


if __name__ == "__main__":
    main()
