"""Staging: a build goes into place whole, wherever a run is killed, and one run of an edition excludes another."""

import itertools
import shutil
from contextlib import suppress
from pathlib import Path

import pytest
from filelock import FileLock

from minhbach import staging
from minhbach.errors import EXIT_BUSY, BusyError
from minhbach.paths import Edition


class Killed(BaseException):
    """Stands for the end of the process."""


@pytest.fixture
def edition(tmp_path: Path) -> Edition:
    """An edition with a good build called old, and a finished one in staging called new."""
    made = Edition("2019-bo", tmp_path)
    fill(made, "old")
    fill(staging.begin(made), "new")
    return made


def fill(edition: Edition, words: str) -> None:
    """A draft and validated data of two files each, all with the same words."""
    for folder in (edition.draft, edition.validated / "framework"):
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("a.csv", "b.csv"):
            (folder / name).write_text(words, encoding="utf-8")


def words_of(folder: Path) -> set[str]:
    """The different contents of all files of a folder."""
    return {file.read_text(encoding="utf-8") for file in folder.rglob("*") if file.is_file()}


def kill_after(steps: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets renames and removals happen `steps` times; the next one ends the process before it does anything."""
    count = itertools.count()

    def limited(step):
        def run(*arguments, **options):
            if next(count) >= steps:
                raise Killed
            return step(*arguments, **options)

        return run

    monkeypatch.setattr(Path, "rename", limited(Path.rename))
    monkeypatch.setattr(shutil, "rmtree", limited(shutil.rmtree))


def test_a_build_goes_into_place_whole(edition: Edition) -> None:
    """After a commit draft and validated data are the new ones, and nothing else is left."""
    staging.commit(edition)

    assert words_of(edition.draft) == words_of(edition.validated) == {"new"}
    assert [file.name for file in edition.reports.iterdir()] == ["draft"]
    assert [file.name for file in edition.validated.parent.iterdir()] == ["2019-bo"]


def test_the_first_build_goes_into_place(tmp_path: Path) -> None:
    """Where there was no draft before, a commit makes it."""
    edition = Edition("2019-bo", tmp_path)
    fill(staging.begin(edition), "new")

    staging.commit(edition)

    assert words_of(edition.draft) == words_of(edition.validated) == {"new"}


@pytest.mark.parametrize("steps", range(12))
def test_a_kill_at_any_step_is_put_right(steps: int, edition: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed before any step of a commit, no folder ever mixes builds, and the next run has both from one build."""
    with monkeypatch.context() as patch, suppress(Killed):
        kill_after(steps, patch)
        staging.commit(edition)

    assert all(len(words_of(folder)) <= 1 for folder in (edition.draft, edition.validated))
    with staging.alone(edition, "vi"):
        left = words_of(edition.draft), words_of(edition.validated)
        staging.begin(edition)
    assert left == (({"old"}, {"old"}) if steps == 0 else ({"new"}, {"new"}))
    assert {file.name for file in edition.reports.iterdir()} - {".lock"} == {"draft", ".staging"}


def test_a_run_killed_while_building_leaves_the_last_draft(edition: Edition) -> None:
    """What a killed run had in staging is thrown away by the next; the last good draft stays as it is."""
    with staging.alone(edition, "vi"):
        staging.begin(edition)

    assert words_of(edition.draft) == words_of(edition.validated) == {"old"}
    assert words_of(edition.staging) == set()


def test_a_failed_run_keeps_its_evidence(edition: Edition) -> None:
    """What a failed run made stands in failed/, its tables below validated/, and replaces earlier evidence only."""
    (edition.failed / "validated").mkdir(parents=True)
    (edition.failed / "validated" / "earlier.csv").write_text("earlier", encoding="utf-8")

    staging.keep_failed(edition)

    assert words_of(edition.draft) == words_of(edition.validated) == {"old"}
    names = {file.relative_to(edition.failed).as_posix() for file in edition.failed.rglob("*.csv")}
    assert names == {"a.csv", "b.csv", "validated/framework/a.csv", "validated/framework/b.csv"}
    assert not edition.staging.exists()


def test_a_good_run_removes_old_evidence(edition: Edition) -> None:
    """After a commit there is no failed/ any more."""
    (edition.failed / "notebooks").mkdir(parents=True)

    staging.commit(edition)

    assert not edition.failed.exists()


@pytest.mark.parametrize(("language", "word"), [("vi", "2019-bo"), ("en", "Another run of 2019-bo")])
def test_a_held_edition_is_busy(language: str, word: str, edition: Edition) -> None:
    """While another holds the edition, a run is refused in the reader's language, and nothing is changed."""
    with FileLock(edition.lock), pytest.raises(BusyError, match=word) as refused, staging.alone(edition, language):
        pass

    assert refused.value.exit_code == EXIT_BUSY
    assert words_of(edition.staging) == {"new"}


def test_other_editions_are_not_held(edition: Edition) -> None:
    """The lock of one edition does not keep another from running."""
    other = Edition("2017-tinh", edition.root)

    with FileLock(edition.lock), staging.alone(other, "vi"):
        assert other.lock.exists()
