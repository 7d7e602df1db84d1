"""A stand-in for the program `quarto`: as much of what Quarto documents as a report needs, with our Pandoc and Typst.

It turns a notebook into Markdown with Quarto's boxes around outputs, takes the front matter out of it, runs the
filter of the extension as Quarto's wrapper does, fills the extension's templates and compiles. QUARTO_STAND_IN makes
it fail in one of the ways in which Quarto may.
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pypandoc
import typst
import yaml

VERSION = "1.6.42"
FRONT_MATTER = re.compile(r"^---\n(.*?)\n---\n", re.DOTALL)
# Quarto loads a filter into a table of its own, with its own `quarto`, and takes what is global there.
WRAPPER = """
local path = "{path}"
local known = setmetatable({{ quarto = {{ version = "{version}" }}, PANDOC_SCRIPT_FILE = path }}, {{ __index = _G }})
local env = setmetatable({{}}, {{ __index = known }})
assert(loadfile(path, "bt", env))()
return {{ {{ Pandoc = env.Pandoc }} }}
"""
PAGE = """<!DOCTYPE html>
<html lang="$lang$">
<head>
<meta charset="utf-8">
<title>$pagetitle$</title>
$for(css)$
<link rel="stylesheet" href="$css$" />
$endfor$
</head>
<body>
$if(title)$
$title-block.html()$
$endif$
$if(toc)$
<nav id="TOC" role="doc-toc"><h2>$toc-title$</h2>$table-of-contents$</nav>
$endif$
$body$
</body>
</html>
"""


def markdown_of(notebook: Path) -> str:
    """The notebook as Quarto hands it to Pandoc: raw and Markdown cells as they are, outputs in boxes."""
    pieces = []
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] != "code":
            pieces.append(source + "\n")
            continue
        shown = [] if "#| output: false" in source else [box(output) for output in cell["outputs"]]
        if shown:
            pieces.append("::: {.cell execution_count=1}\n" + "".join(shown) + ":::\n")
    return "\n".join(pieces)


def box(output: dict[str, Any]) -> str:
    """One output in its box: text/markdown as it is, printed text as code."""
    if "text/markdown" in output.get("data", {}):
        text = "".join(output["data"]["text/markdown"])
        return f"\n::: {{.cell-output .cell-output-display .cell-output-markdown}}\n{text}\n:::\n"
    return f"\n::: {{.cell-output .cell-output-stdout}}\n```\n{''.join(output['text'])}```\n:::\n"


def render(target: str, work: Path) -> None:
    """What `quarto render report.ipynb --to minhbach-…` leaves in the folder."""
    extension = Path("_extensions/minhbach").resolve()
    formats = yaml.safe_load((extension / "_extension.yml").read_text(encoding="utf-8"))["contributes"]["formats"]
    settings = formats["common"] | formats[target]
    whole = markdown_of(Path("report.ipynb"))
    front = FRONT_MATTER.match(whole)
    assert front is not None, "the first cell is no front matter"
    (work / "metadata.yml").write_text(front[1], encoding="utf-8")
    (work / "input.md").write_text(whole[front.end() :], encoding="utf-8")
    for name in settings["template-partials"]:
        (work / name).write_bytes((extension / name).read_bytes())
    (work / "template.html").write_text(PAGE, encoding="utf-8")
    template = (extension / settings["template"]).read_bytes() if target == "typst" else PAGE.encode()
    (work / f"template.{target}").write_bytes(template)
    command = [pypandoc.get_pandoc_path(), str(work / "input.md"), "--from", "markdown", "--to", target, "--standalone"]
    command += ["--metadata-file", str(work / "metadata.yml"), "--template", str(work / f"template.{target}")]
    command += ["--wrap=none", "--data-dir", str(work)]
    for place, entry in enumerate(settings["filters"]):
        assert entry["at"] == "pre-ast"
        wrapper = work / f"wrapper{place}.lua"
        wrapper.write_text(WRAPPER.format(path=extension / entry["path"], version=VERSION), encoding="utf-8")
        command += ["--lua-filter", str(wrapper)]
    if target == "typst":
        subprocess.run([*command, "--output", "report.typ"], check=True)
        Path("report.pdf").write_bytes(typst.compile("report.typ", root="."))
        return
    assert settings["html-math-method"] == "mathml"
    assert settings["embed-resources"]
    command += ["--mathml", "--embed-resources", "--section-divs", "--toc", f"--toc-depth={settings['toc-depth']}"]
    for name in settings["css"]:
        command += ["--css", str(extension / name)]
    subprocess.run([*command, "--output", "report.html"], check=True)


def main(arguments: list[str]) -> int:
    """One call of the program."""
    with Path(os.environ["QUARTO_STAND_IN_LOG"]).open("a", encoding="utf-8") as log:
        log.write(json.dumps(arguments) + "\n")
    mode = os.environ.get("QUARTO_STAND_IN", "")
    match arguments:
        case ["--version"]:
            print(mode.removeprefix("version ") if mode.startswith("version ") else VERSION)
        case ["render", "report.ipynb", "--no-execute", "--to", ("minhbach-typst" | "minhbach-html") as target]:
            return broken(mode, target) if mode else rendered(target)
        case ["typst", "--version"]:
            print("typst 0.11.0 (2bf9f95d)")
        case ["typst", "query", file, selector, "--field", "value", "--one", "--root", ".", *_]:
            print(typst.query(file, selector, field="value", one=True, root="."))
        case _:
            print(f"unexpected: {arguments}", file=sys.stderr)
            return 64
    return 0


def rendered(target: str) -> int:
    """A rendering that goes well."""
    work = Path("work")
    work.mkdir(exist_ok=True)
    render(target.removeprefix("minhbach-"), work)
    return 0


def broken(mode: str, target: str) -> int:
    """Each way to fail: nothing written, an empty file, a file of another kind, an exit code, other numbers."""
    name = {"minhbach-typst": "report.pdf", "minhbach-html": "report.html"}[target]
    print("ERROR: something went wrong in Quarto", file=sys.stderr)
    if mode == "empty":
        Path(name).write_bytes(b"")
    if mode == "other":
        Path(name).write_bytes(b"Not found")
    if mode in ("changed", "exit"):
        rendered(target)
    if mode == "changed" and name == "report.html":
        page = Path(name).read_text(encoding="utf-8")
        Path(name).write_text(re.sub(r'(data-fact="[^"]*">)\d', r"\g<1>0", page, count=1), encoding="utf-8")
    return 1 if mode == "exit" else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
