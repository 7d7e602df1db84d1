"""Killed for good before any of its steps on the disk, a run or a publishing leaves whole builds and whole versions."""

import json
import os
import signal
import sys
import warnings
from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

import projects
import pytest

from minhbach import publish, staging, versions, versions_history
from minhbach.paths import Edition
from minhbach.versions import Manifest

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a system that forks")

STEPS = {"os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.chmod"}
MOST = 400  # steps; a count that never ends would hang the tests
NAMES = ("report.pdf", "report.md", "nho/scores.csv")


def write(path: Path, words: str) -> str:
    """Writes a file and gives its hash."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(words, encoding="utf-8")
    return sha256(words.encode("utf-8")).hexdigest()


def fill(edition: Edition, root: Path, words: str) -> None:
    """A draft and validated data whose files all say the same, with a manifest that has their hashes."""
    made = {edition.draft / name: words for name in NAMES} | {edition.validated / "nho" / "observations.csv": words}
    outputs = {path.relative_to(edition.root).as_posix(): write(path, text) for path, text in made.items()}
    received = Edition(edition.name, root).raw / "assessment.yaml"
    inputs = {received.relative_to(root).as_posix(): write(received, "title: x")}
    content = {
        "edition": edition.name,
        "languages": ["vi"],
        "inputs": inputs,
        "frameworks": {"nho": {"files": {"nho.yaml": write(root / "frameworks" / "nho.yaml", "id: nho")}}},
        "outputs": outputs,
        **{part: {} for part in ("notebooks", "modules", "versions", "numbers")},
    }
    write(edition.draft / "manifest.json", json.dumps(content))


def draft(edition: Edition) -> Manifest:
    """The manifest of the draft."""
    return versions.read(edition.draft / "manifest.json")


def run(edition: Edition, words: str) -> None:
    """What a run does on the disk."""
    with staging.alone(edition, "vi"):
        fill(staging.begin(edition), edition.root, words)
        staging.commit(edition)


def freeze(edition: Edition) -> None:
    """What publishing does on the disk, once a draft may be published."""
    with staging.alone(edition, "vi"):
        publish.refresh(edition)
        known = versions.of(edition)
        said = {"version": versions_history.following(edition), "replaces": known[-1].name if known else ""}
        publish.build(edition, draft(edition), {**said, "number": "1/BC", "date": "2022-12-31", "title": {}})
        publish.refresh(edition)


def killed(work: Callable[[], None], steps: int) -> bool:
    """Whether a process of its own was killed before step `steps` of its work; otherwise it came to its end."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the work starts no threads and needs none of those there are
        number = os.fork()
    if not number:
        with suppress(BaseException):
            sys.addaudithook(_limit(steps))
            work()
            os._exit(0)
        os._exit(1)
    status = os.waitpid(number, 0)[1]
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, status
    return os.WIFSIGNALED(status)


def _limit(steps: int) -> Callable[[str, tuple[object, ...]], None]:
    """Counts what changes the disk: folders, names, rights, and files that are opened to be written."""
    done = 0

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal done
        writes = event == "open" and isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR)
        if event in STEPS or writes:
            if done >= steps:
                os.kill(os.getpid(), signal.SIGKILL)
            done += 1

    return hook


def intact(edition: Edition, words: set[str]) -> None:
    """Draft and validated data are one build of these words, nothing half done is left, and the lock is free."""
    with staging.alone(edition, "vi"):
        assert not edition.publishing.exists()
        assert not edition.ready.exists()
    said = {file.read_text(encoding="utf-8") for file in edition.draft.rglob("*.*") if file.name != "manifest.json"}
    said |= {file.read_text(encoding="utf-8") for file in edition.validated.rglob("*.csv")}
    assert len(said) == 1
    assert said <= words
    assert {edition.root / name for name in draft(edition)["outputs"]} == {
        file for folder in (edition.draft, edition.validated) for file in folder.rglob("*.*") if file.suffix != ".json"
    }


def whole(edition: Edition, name: str) -> None:
    """A version has every file with the hash in its manifest, and none besides."""
    version = versions.one(edition, name, "vi")
    found = projects.bytes_of(version.folder)
    written = found.pop("manifest.json")
    assert versions.says_itself(version.manifest, written)
    assert version.files == {path: sha256(content).hexdigest() for path, content in found.items()}


def test_a_run_killed_before_any_step_leaves_a_whole_build(tmp_path: Path) -> None:
    """Whenever a run is killed, the draft is the last good one or the new one; versions stay as they are."""
    edition = Edition("2022-nho", tmp_path)
    run(edition, "0")
    freeze(edition)
    before = projects.bytes_of(edition.reports / "v1")

    steps, words = 0, "0"
    while killed(lambda now=str(steps + 1): run(edition, now), steps):  # type: ignore[misc]
        intact(edition, {words, str(steps + 1)})
        words = (edition.draft / "report.md").read_text(encoding="utf-8")
        assert projects.bytes_of(edition.reports / "v1") == before
        steps += 1
        assert steps < MOST

    intact(edition, {str(steps + 1)})
    assert steps > 10


def test_a_publishing_killed_before_any_step_leaves_whole_versions(tmp_path: Path) -> None:
    """Whenever a publishing is killed, the new version is there whole or not at all, and the others are untouched."""
    edition = Edition("2022-nho", tmp_path)
    run(edition, "0")
    freeze(edition)
    known = {"v1": projects.bytes_of(edition.reports / "v1")}

    steps = 0
    while killed(lambda: freeze(edition), steps):
        intact(edition, {"0"})
        for name, content in known.items():
            assert projects.bytes_of(edition.reports / name) == content
        for version in versions.of(edition):
            whole(edition, version.name)
            known[version.name] = projects.bytes_of(version.folder)
        steps += 1
        assert steps < MOST

    names = [version.name for version in versions.of(edition)]
    assert names == [f"v{number}" for number in range(1, len(names) + 1)]
    states = versions_history.states(edition)
    assert [(name, state.name) for name, state in states.items()] == [
        *((name, "replaced") for name in names[:-1]), (names[-1], "current"),
    ]  # fmt: skip
    assert all(f'id="{name}"' in edition.index.read_text(encoding="utf-8") for name in names)
    assert steps > 30
