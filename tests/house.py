"""Readers for the rules of the house: what the repository's own files say about themselves."""

import ast
import json
import subprocess
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parent.parent
PACKAGE = "minhbach"

# From low to high: a module imports from its own layer and from lines above it here, never from lines below.
# A name stands for its family too: `score` places score_exact.
LAYERS: tuple[tuple[str, ...], ...] = (
    (
        "errors",
        "paths",
        "yamlfile",
        "wording",
        "shapes",
        "parts",
        "tables",
        "markdown",
        "pandoc",
        "returned_marks",
        "held",
        "versions_files",
        "versions_layers",
    ),
    ("numbers", "names", "vector", "formula"),
    ("model", "framework", "assessment", "units", "corrections_csv", "errata", "editions"),
    (
        "answers",
        "findings",
        "absence",
        "merge",
        "forms",
        "deadlines",
        "corrections",
        "responses",
        "ingest",
        "workbook",
        "score",
        "decide",
        "levels",
        "rank",
        "compare",
        "record",
    ),
    ("expectations", "judge", "confirmations", "robustness", "intake", "facts", "figures", "notebooks", "show"),
    ("bridges", "causes", "results", "book", "report", "previous", "commentary", "cite", "framework_show"),
    (
        "render",
        "closed",
        "publication",
        "returned",
        "forms_letter",
        "confirmations_sheets",
        "recalc",
        "trace",
        "audit",
        "release",
        "scorecards",
        "manifest",
        "evidence",
        "verify",
        "versions",
        "publish",
        "rebuild",
        "sign",
        "diff",
        "erratum",
        "lineage",
    ),
    ("staging", "stages", "cli"),
)

FORBIDDEN_CALLS = {"eval", "exec"}
FORBIDDEN_METHODS = {"eval", "read_pickle", "to_pickle", "unsafe_load", "full_load"}
FORBIDDEN_MODULES = {"pickle", "cPickle", "dill", "cloudpickle", "marshal", "shelve"}


def repository_files() -> list[Path]:
    """Every file that is or would be tracked, relative to the repository, sorted."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, cwd=REPOSITORY, check=True, capture_output=True).stdout.decode("utf-8")
    paths = {Path(name) for name in names.split("\0") if name}
    return sorted(path for path in paths if (REPOSITORY / path).is_file())


def text_of(path: Path) -> str | None:
    """The text of a file of the repository without any translation of line ends; nothing for binary files."""
    content = (REPOSITORY / path).read_bytes()
    return None if b"\0" in content else content.decode("utf-8")


def python_sources() -> dict[str, str]:
    """All Python of the repository by where it stands: .py files, and each code cell of each notebook."""
    sources = {}
    for path in repository_files():
        if path.suffix == ".py":
            sources[str(path)] = text_of(path) or ""
        elif path.suffix == ".ipynb":
            for cell in (cell for cell in notebook(path)["cells"] if cell["cell_type"] == "code"):
                sources[f"{path}#{cell.get('id')}"] = "".join(cell["source"])
    return sources


def notebook(path: Path) -> Any:
    """A notebook as the JSON it is stored as."""
    return json.loads((REPOSITORY / path).read_text(encoding="utf-8"))


# ---- imports ---------------------------------------------------------------------------------------------


def package_modules() -> dict[str, str]:
    """The source of every module of the package by its dotted name."""
    modules = {}
    for path in sorted((REPOSITORY / PACKAGE).rglob("*.py")):
        parts = path.relative_to(REPOSITORY).with_suffix("").parts
        modules[".".join(part for part in parts if part != "__init__")] = path.read_text(encoding="utf-8")
    return modules


def imported_names(module: str, source: str, *, is_package: bool) -> Iterator[str]:
    """Every dotted name that a module imports, relative ones resolved, inside functions too."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parts = module.split(".")
            above = parts[: len(parts) + is_package - node.level] if node.level else []
            start = ".".join([*above, *filter(None, [node.module])])
            yield from (f"{start}.{alias.name}" for alias in node.names)


def imported_libraries(source: str) -> Iterator[tuple[str, int]]:
    """Every library that a module imports, by its top name, with the line."""
    for node in ast.walk(ast.parse(source)):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [node.module]
        yield from ((top, node.lineno) for top in sorted({name.split(".")[0] for name in names}))


def import_graph(modules: dict[str, str]) -> dict[str, set[str]]:
    """For every module of the package, the modules of the package it imports."""
    graph: dict[str, set[str]] = {}
    for module, source in modules.items():
        is_package = any(other.startswith(f"{module}.") for other in modules)
        names = imported_names(module, source, is_package=is_package)
        own = {name if name in modules else name.rpartition(".")[0] for name in names}
        graph[module] = {name for name in own if name in modules and name not in (module, PACKAGE)}
    return graph


def layer(module: str) -> int | None:
    """The layer of a module, 0 the lowest; nothing when LAYERS does not name it."""
    name = module.split(".")[1]
    placed = {each: level for level, names in enumerate(LAYERS) for each in names}
    return placed.get(name, placed.get(name.partition("_")[0]))


def upward_imports(graph: dict[str, set[str]]) -> list[str]:
    """Every import of a module that stands in a higher layer than the one that imports it."""
    levels = {name: level for name in graph if name != PACKAGE and (level := layer(name)) is not None}
    return [
        f"{module} imports {imported}, which stands above it"
        for module in sorted(levels)
        for imported in sorted(graph[module] & set(levels))
        if levels[imported] > levels[module]
    ]


def cycle(graph: dict[str, set[str]]) -> list[str]:
    """One circle of imports, from a module back to itself; empty when there is none."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


# ---- what code must not do or be -------------------------------------------------------------------------


def unsafe_code(source: str) -> list[str]:
    """Every place that would run text as a program: `line: what`."""
    nodes = list(ast.walk(ast.parse(source)))
    calls = [(node.lineno, _unsafe_call(node)) for node in nodes if isinstance(node, ast.Call)]
    imports = [(line, name) for name, line in imported_libraries(source) if name in FORBIDDEN_MODULES]
    return [f"{line}: {what}" for line, what in sorted([*calls, *imports]) if what]


def _unsafe_call(call: ast.Call) -> str:
    """What is unsafe about one call; empty when nothing is."""
    arguments = {each.arg: getattr(each.value, "value", None) for each in call.keywords}
    if "shell" in arguments and arguments["shell"] is not False:
        return "shell="
    if arguments.get("typ") == "unsafe":
        return 'typ="unsafe"'
    match call.func:
        case ast.Name(id=name) if name in FORBIDDEN_CALLS:
            return name
        case ast.Attribute(value=ast.Name(id="yaml"), attr="load" | "load_all"):
            return "yaml.load"
        case ast.Attribute(value=ast.Name(id="os"), attr="system" | "popen" as name):
            return f"os.{name}"
        case ast.Attribute(attr=name) if name in FORBIDDEN_METHODS:
            return name
    return ""


def long_functions(source: str, most: int) -> list[str]:
    """Every function with more lines than allowed, from `def` to its end: `line: name, lines`."""
    functions = ast.FunctionDef | ast.AsyncFunctionDef
    nodes = [node for node in ast.walk(ast.parse(source)) if isinstance(node, functions)]
    lengths = ((node, (node.end_lineno or node.lineno) - node.lineno + 1) for node in nodes)
    return [f"{node.lineno}: {node.name}, {length} lines" for node, length in lengths if length > most]
