"""The rules of the house: how modules, notebooks and texts must be."""

import ast
import re
import unicodedata
from pathlib import Path

import house
import pytest

NOTEBOOKS = ("1_validate.ipynb", "2_score.ipynb", "3_report.ipynb")
# Tables under data/raw stay as they were received; these files there are written by the project's people.
WRITTEN_BY_US = {"units.csv", "corrections.csv", "confirmations.csv", "errata.csv"}
# Put together from parts, so that this file does not itself name what it looks for.
HOSTS = "|".join(("py" + "pi", "python.?" + "hosted", "n" + "pm", "debian", "index", "registry", "mirror"))
FOLDERS = "|".join(("work", "farm", "root", "tmp"))
NAMES_A_MACHINE = re.compile(
    rf"//[A-Za-z0-9.-]*({HOSTS})[A-Za-z0-9-]*\.[a-z]|--(extra-)?index-url|(^|[^A-Za-z0-9_.])/({FOLDERS})/",
    re.MULTILINE,
)


# ---- modules ---------------------------------------------------------------------------------------------


def test_every_module_has_a_layer() -> None:
    """Every module of the package stands in the list of layers."""
    modules = [name for name in house.package_modules() if name != house.PACKAGE]

    unplaced = [name for name in modules if house.layer(name) is None]

    assert modules
    assert unplaced == [], f"add {', '.join(unplaced)} to LAYERS in tests/house.py, where it belongs"


def test_imports_run_downwards() -> None:
    """No module imports one that stands above it, and the top of the package imports nothing of its own."""
    graph = house.import_graph(house.package_modules())

    assert house.upward_imports(graph) == []
    assert graph[house.PACKAGE] == set()


def test_imports_have_no_circle() -> None:
    """Following the imports of a module never leads back to it."""
    graph = house.import_graph(house.package_modules())

    assert house.cycle(graph) == []


def test_import_reader_finds_wrong_imports() -> None:
    """The reader of imports sees upward, relative and hidden imports, and circles."""
    modules = {
        "minhbach": "",
        "minhbach.errors": "def late():\n    from minhbach import score",
        "minhbach.score": "from .errors import Problem",
        "minhbach.render": "from . import typst",
        "minhbach.render.typst": "from ..score import points\nimport minhbach.cli",
        "minhbach.cli": "",
    }

    graph = house.import_graph(modules)

    assert graph["minhbach.render"] == {"minhbach.render.typst"}
    assert graph["minhbach.render.typst"] == {"minhbach.score", "minhbach.cli"}
    assert house.upward_imports(graph) == [
        "minhbach.errors imports minhbach.score, which stands above it",
        "minhbach.render.typst imports minhbach.cli, which stands above it",
    ]
    assert set(house.cycle(graph)) == {"minhbach.errors", "minhbach.score"}


def test_modules_and_functions_are_short() -> None:
    """No module of the package passes 200 lines, and no function in it 30."""
    modules = house.package_modules()

    long_modules = {name: len(source.splitlines()) for name, source in modules.items()}
    long_functions = {name: house.long_functions(source, 30) for name, source in modules.items()}

    assert {name: lines for name, lines in long_modules.items() if lines > 200} == {}
    assert {name: found for name, found in long_functions.items() if found} == {}
    assert house.long_functions("def f():\n    a = 1\n    return a\n", 2) == ["1: f, 3 lines"]


def test_nothing_runs_text_as_a_program() -> None:
    """No Python of the repository, notebooks included, evaluates text, unpickles or opens a shell."""
    found = {where: house.unsafe_code(source) for where, source in house.python_sources().items()}

    assert found
    assert {where: places for where, places in found.items() if places} == {}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("eval('1')", ["1: eval"]),
        ("exec('1')", ["1: exec"]),
        ("table.eval('a + b')", ["1: eval"]),
        ("yaml.load(text)", ["1: yaml.load"]),
        ("YAML(typ='unsafe')", ['1: typ="unsafe"']),
        ("run('ls', shell=True)", ["1: shell="]),
        ("run(['ls'], shell=False)", []),
        ("import os\nos.system('ls')", ["2: os.system"]),
        ("from pickle import loads", ["1: pickle"]),
        ("import re\nre.compile('a')", []),
    ],
)
def test_unsafe_code_is_seen(source: str, expected: list[str]) -> None:
    """The search for unsafe code finds each way of running text, and only those."""
    assert house.unsafe_code(source) == expected


def test_tests_say_what_must_stay_true() -> None:
    """Every test has a docstring that is a sentence."""
    tests = {
        f"{where}: {node.name}": ast.get_docstring(node) or ""
        for where, source in house.python_sources().items()
        if where.startswith("tests/")
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }

    assert [name for name, sentence in tests.items() if not sentence.endswith(".")] == []


# ---- notebooks -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_notebooks_are_stored_without_results(name: str) -> None:
    """A stored notebook has no outputs, no execution counts and nothing that papermill or a run wrote."""
    stored = house.notebook(Path("notebooks", name))
    leftovers = {"papermill", "execution", "widgets", "ExecuteTime"}

    code = [cell for cell in stored["cells"] if cell["cell_type"] == "code"]

    assert code
    assert [cell["id"] for cell in code if cell["outputs"] or cell["execution_count"] is not None] == []
    assert [cell["id"] for cell in stored["cells"] if leftovers & set(cell["metadata"])] == []
    assert leftovers & set(stored["metadata"]) == set()


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_notebook_cells_can_be_named(name: str) -> None:
    """Every cell of a notebook keeps an id of its own, and no two cells have the same label."""
    cells = house.notebook(Path("notebooks", name))["cells"]
    ids = [cell.get("id") for cell in cells]
    text = "\n".join("".join(cell["source"]) for cell in cells)
    labels = re.findall(r"^#\| label: *(\S+)", text, re.MULTILINE)

    assert all(ids)
    assert sorted(ids) == sorted(set(ids))
    assert sorted(labels) == sorted(set(labels))


# ---- texts -----------------------------------------------------------------------------------------------


def test_texts_are_utf8_nfc_with_plain_line_ends() -> None:
    """Every text file is UTF-8 in composed Unicode with LF line ends, tables as received excepted."""
    texts = {str(path): house.text_of(path) for path in house.repository_files() if not received(path)}

    wrong = [
        name
        for name, text in texts.items()
        if text is not None and ("\r" in text or not unicodedata.is_normalized("NFC", text))
    ]

    assert texts
    assert wrong == []


def received(path: Path) -> bool:
    """Whether a file is a table that somebody sent, which is never edited."""
    return path.parts[:2] == ("data", "raw") and path.suffix == ".csv" and path.name not in WRITTEN_BY_US


def test_files_name_no_machine() -> None:
    """No file names the host of a package registry, an index of packages or a folder of one machine."""
    texts = {path: house.text_of(path) for path in house.repository_files() if path.suffix != ".svg"}

    named = {
        str(path): found.group(0)
        for path, text in texts.items()
        if text is not None and (found := NAMES_A_MACHINE.search(text))
    }

    assert named == {}
    assert NAMES_A_MACHINE.search("see https:" + "//files.python" + "hosted.org")
    assert NAMES_A_MACHINE.search("at /" + "root/notes")
    assert not NAMES_A_MACHINE.search("https://www.apache.org/licenses/ and data/raw/2019-bo/")
