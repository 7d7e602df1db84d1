"""The rules of the house for what is installed: lists, lock files, the conda environment, licences."""

import re
import sys
from importlib import metadata
from typing import Any

import house
import pytest
import yaml

LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-lab.lock")


def normal(name: str) -> str:
    """A package's name as registries compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def direct_requirements(name: str) -> set[str]:
    """The packages that a requirements list asks for itself."""
    lines = (line.strip() for line in (house.REPOSITORY / name).read_text(encoding="utf-8").splitlines())
    return {normal(line) for line in lines if line and not line.startswith(("#", "-"))}


def lock_entries(name: str) -> list[str]:
    """The entries of a lock file, each with its continuation lines joined."""
    text = (house.REPOSITORY / name).read_text(encoding="utf-8").replace("\\\n", " ")
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]


def locked_versions(name: str) -> dict[str, str]:
    """The version of every package in a lock file."""
    pins = (entry.split()[0].split("==") for entry in lock_entries(name))
    return {normal(package): version for package, version in pins}


def environment() -> Any:
    """The conda environment as data."""
    return yaml.safe_load((house.REPOSITORY / "environment.yml").read_text(encoding="utf-8"))


def test_imported_libraries_are_asked_for() -> None:
    """Every library that the package imports is in requirements.in."""
    provided = metadata.packages_distributions()
    asked = direct_requirements("requirements.in") | {house.PACKAGE}

    missing = [
        f"{module}:{line} imports {name}"
        for module, source in house.package_modules().items()
        for name, line in house.imported_libraries(source)
        if name not in sys.stdlib_module_names and not asked & {normal(each) for each in provided.get(name, [name])}
    ]

    assert missing == []


@pytest.mark.parametrize("name", LOCKS)
def test_lock_files_are_exact_and_neutral(name: str) -> None:
    """Every line of a lock file is one version with its hashes, and names no place to get it from."""
    entry = re.compile(r"[a-z0-9._-]+==[^\s;@]+( ; [^@]+?)?(\s+--hash=sha256:[0-9a-f]{64})+\s*")
    entries = lock_entries(name)

    assert entries
    assert [each for each in entries if not entry.fullmatch(each)] == []
    assert not re.search(r"://|index|find-links", " ".join(entries))


@pytest.mark.parametrize("name", LOCKS)
def test_lock_files_fit_their_lists(name: str) -> None:
    """A lock file holds all its list asks for and agrees with the lock of a run on every shared version."""
    locked = locked_versions(name)
    run = locked_versions("requirements.lock")

    asked = direct_requirements(name.replace(".lock", ".in"))

    assert asked - set(locked) == set()
    assert {package for package, version in locked.items() if run.get(package, version) != version} == set()


def test_environment_is_in_step_with_the_locks() -> None:
    """environment.yml asks for every direct requirement of a run at the locked version."""
    locked = locked_versions("requirements.lock")
    asked = direct_requirements("requirements.in")
    *conda, packages = environment()["dependencies"]

    pins = dict(re.split("==?", line) for line in [*conda, *packages["pip"]] if "=" in line)
    expected = {package: locked[package] for package in asked} | {"python": "3.11"}
    # The conda environment brings Pandoc as a program, so the wheel without the program goes with it.
    expected["pypandoc"] = expected.pop("pypandoc-binary")

    assert {normal(package): version for package, version in pins.items()} == expected
    assert {"pandoc", "quarto"} <= set(conda)
    assert environment()["channels"] == ["conda-forge", "nodefaults"]


def test_libraries_of_a_run_leave_the_licence_free() -> None:
    """No library of a run is under a copyleft licence stronger than the LGPL."""
    strong = re.compile(r"(?<!Lesser )(?<!Library )General Public|Affero|(?<!L)GPL", re.IGNORECASE)
    found = {}
    for package in locked_versions("requirements.lock"):
        try:
            stated = metadata.metadata(package)
        except metadata.PackageNotFoundError:
            continue  # for another system or another Python
        licences = [line for line in stated.get_all("Classifier", []) if line.startswith("License")]
        licences.append(stated.get("License-Expression") or (stated.get("License") or "").partition("\n")[0])
        found[package] = [line for line in licences if strong.search(line) and " OR " not in line]

    assert len(found) > 50, "this Python does not have the packages of requirements.lock"
    assert {package: licences for package, licences in found.items() if licences} == {}
