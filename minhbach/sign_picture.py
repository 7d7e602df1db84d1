"""What a signature shows on the page, set by Typst with its font inside, as one small PDF."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import typst

from minhbach import wording
from minhbach.errors import UsageError
from minhbach.render.metadata import DEFAULT_FONT
from minhbach.sign_place import Box

TEMPLATE: Final = Path(__file__).with_name("sign_picture.typ")
HEAD: Final = b"\x89PNG\r\n\x1a\n"
LARGEST: Final = 5_000_000  # bytes of a picture
SIZE: Final = {True: 6.0, False: 9.0}  # points of the words, below a picture or alone


def drawn(box: Box, lines: Sequence[str], picture: Path | None, moment: int, language: str) -> bytes:
    """The PDF of one page as large as the box.

    Raises:
        UsageError: the picture is no PNG.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copyfile(TEMPLATE, folder / TEMPLATE.name)
        if picture is not None:
            (folder / "picture.png").write_bytes(png(picture, language))
        given = json.dumps(_given(box, lines, language, shown=picture is not None), ensure_ascii=False)
        try:
            made = typst.compile(
                folder / TEMPLATE.name,
                root=folder,
                format="pdf",
                ignore_system_fonts=True,
                sys_inputs={"data": given},
                pdf_standards=["a-3b"],
                pdf_tags=False,
                timestamp=moment,
            )
        except RuntimeError:  # only the picture can be what Typst does not read
            raise UsageError(wording.say("sign_no_picture", language, file=picture)) from None
    assert isinstance(made, bytes)
    return made


def _given(box: Box, lines: Sequence[str], language: str, *, shown: bool) -> dict[str, object]:
    """What the template asks for; `shown` is whether there is a picture."""
    return {
        "width": round(box.width, 2),
        "height": round(box.height, 2),
        "font": DEFAULT_FONT,
        "size": SIZE[shown],
        "lang": language,
        "lines": list(lines),
        "picture": "picture.png" if shown else None,
    }


def png(file: Path, language: str) -> bytes:
    """The bytes of a PNG.

    Raises:
        UsageError: it cannot be read, is too large, or is something else.
    """
    try:
        content = file.read_bytes() if file.stat().st_size <= LARGEST else b""
    except OSError as error:
        raise UsageError(wording.say("sign_no_file", language, file=file, reason=error.strerror)) from None
    if not content.startswith(HEAD):
        raise UsageError(wording.say("sign_no_picture", language, file=file))
    return content
