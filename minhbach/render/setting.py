"""Sets one Typst file. A program of its own, so that the hundreds of MiB that Typst takes end with it.

It reads from its input what to set, as JSON: `source`, `folders` and `system` (fonts), `standards`, `timestamp`. It
writes the PDF beside the source, and to its output, as JSON, what the file gathered under `<places>` and the warnings;
or `problem`, what Typst refuses.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import typst


def main() -> None:
    """Sets the file."""
    asked = json.load(sys.stdin)
    source = Path(asked["source"])
    fonts = typst.Fonts(include_system_fonts=asked["system"], font_paths=asked["folders"])
    options = {"format": "pdf", "pdf_standards": asked["standards"], "timestamp": asked["timestamp"]}
    try:
        compiler = typst.Compiler(source, root=source.parent, font_paths=fonts, ignore_system_fonts=True)
        pdf, warnings = compiler.compile_with_warnings(**options)
        places = json.loads(compiler.query("<places>", field="value", one=True))
    except typst.TypstError as error:
        json.dump({"problem": error.diagnostic}, sys.stdout)
        return
    assert isinstance(pdf, bytes)
    source.with_suffix(".pdf").write_bytes(pdf)
    json.dump({"places": places, "warnings": [each.diagnostic for each in warnings]}, sys.stdout)


if __name__ == "__main__":
    main()
