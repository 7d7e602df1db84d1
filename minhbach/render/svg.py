"""A chart as part of a web page: its SVG without anything that could run, fetch, or disturb the page around it.

The charts are our own, but a project folder travels between people: what a drawing does not need is refused.
Styles become attributes, because the page's rules of security allow no style that stands at an element.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final
from xml.etree import ElementTree as ET

Element = ET.Element


def _names(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


DRAWN: Final = _names("svg g defs use path rect circle ellipse line polyline polygon text tspan clipPath pattern image")
# What a drawing program says about itself, and matplotlib's one rule for all lines, which `INHERITED` says too.
LEFT_OUT: Final = frozenset({"metadata", "style", "title", "desc"})
INHERITED: Final = {"stroke-linejoin": "round", "stroke-linecap": "butt"}
PLACED: Final = _names(
    "x y x1 y1 x2 y2 cx cy r rx ry dx dy d points width height transform patternUnits patternTransform"
    " patternContentUnits clipPathUnits preserveAspectRatio viewBox"
)
PAINTED: Final = _names(
    "fill fill-opacity fill-rule stroke stroke-width stroke-linejoin stroke-linecap stroke-dasharray"
    " stroke-dashoffset stroke-miterlimit stroke-opacity opacity clip-path clip-rule font-size font-family"
    " font-weight font-style text-anchor dominant-baseline display visibility paint-order"
)
FONT: Final = re.compile(r"^((?:[a-z0-9]+ )*)(?P<size>[\d.]+(?:px|pt)) (?P<family>.+)$")
INSIDE: Final = re.compile(r"^url\(#([\w.-]+)\)$")
COLOUR: Final = re.compile(r"^rgba?\([\d., %]+\)$")
PICTURE: Final = re.compile(r"^data:image/(?:png|jpeg);base64,[A-Za-z0-9+/=\s]+$")
# CSS pixels for a point of the drawing: its letters of 8 points become as large as small print of the page.
SCALE: Final = 1.5
BOX: Final = re.compile(r"^-?[\d.]+[ ,]+-?[\d.]+[ ,]+[\d.]+[ ,]+[\d.]+$")
LENGTH: Final = re.compile(r"^[\d.]+(?:pt|px)?$")


def inline(content: bytes, label: str, words: str) -> str:
    """The drawing as an `svg` element that a screen reader reads as one picture, named by `words`.

    Every id becomes `<label>-<id>`, so that several drawings stand in one page. Raises ValueError that lists
    all that is refused.
    """
    root = _parsed(content)
    problems = list(dict.fromkeys(_problems(root)))
    if problems:
        raise ValueError("; ".join(problems))
    drawing = _kept(root, label, _used(root))
    box = _box(root)
    size = {"viewBox": box, "width": f"{float(box.split()[2]) * SCALE:.0f}"}
    size |= {"role": "img", "aria-label": words, **INHERITED}
    drawing.attrib = size | {name: value for name, value in drawing.attrib.items() if name in PAINTED}
    return ET.tostring(drawing, encoding="unicode")


def _parsed(content: bytes) -> Element:
    """The tree of an SVG file; entities, with which a small file could grow or read others, are refused."""
    try:
        text = content.decode("utf-8-sig")
        if "<!ENTITY" in text:
            raise ValueError("declares entities")
        root = ET.fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", text))
    except UnicodeDecodeError as error:
        raise ValueError("is not UTF-8") from error
    except ET.ParseError as error:
        raise ValueError(f"is not well-formed: {error}") from error
    if _name(root.tag) != "svg":
        raise ValueError(f"begins with <{_name(root.tag)}> instead of <svg>")
    return root


def _problems(element: Element) -> Iterator[str]:
    """Everything below an element that a chart of ours never has."""
    if _name(element.tag) in LEFT_OUT:
        return
    if _name(element.tag) not in DRAWN:
        yield f"contains <{_name(element.tag)}>"
    for name, value in _attributes(element).items():
        if name.lower().startswith("on"):
            yield f"contains {name}, which a browser would run"
        if _leads_out(_name(element.tag), name, value):
            yield f"refers to {value[:60]}, which is outside of it"
    for child in element:
        yield from _problems(child)


def _leads_out(tag: str, name: str, value: str) -> bool:
    """Whether an attribute refers to anything but a place in the drawing or a picture that it holds itself."""
    if name == "href":
        return not (value.startswith("#") or (tag == "image" and PICTURE.match(value)))
    return name in PAINTED and "(" in value and not INSIDE.match(value) and not COLOUR.match(value)


def _kept(element: Element, label: str, used: frozenset[str]) -> Element:
    """A copy with the attributes and ids that the drawing needs."""
    copy = ET.Element(_name(element.tag), _renamed(_attributes(element), label, used))
    copy.text, copy.tail = _text(element.text), _text(element.tail)
    copy.extend(_kept(child, label, used) for child in element if _name(child.tag) not in LEFT_OUT)
    return copy


def _renamed(attributes: Mapping[str, str], label: str, used: frozenset[str]) -> dict[str, str]:
    """The attributes that draw something, with ids and references under the label."""
    kept = {name: value for name, value in attributes.items() if name in PLACED | PAINTED}
    if attributes.get("id") in used:
        kept["id"] = f"{label}-{attributes['id']}"
    if reference := attributes.get("href"):
        kept["href"] = f"#{label}-{reference[1:]}" if reference.startswith("#") else reference
    return {name: INSIDE.sub(rf"url(#{label}-\1)", value) for name, value in kept.items()}


def _attributes(element: Element) -> dict[str, str]:
    """The attributes by their plain names in one line each, those of `style` among them; a style has the last word."""
    plain = {_name(name): " ".join(value.split()) for name, value in element.attrib.items()}
    pairs = (part.partition(":") for part in plain.pop("style", "").split(";"))
    styles = {name.strip(): value.strip() for name, _, value in pairs if value.strip()}
    return plain | _font(styles.pop("font", "")) | styles


def _font(value: str) -> dict[str, str]:
    """The short form `font: [style] [weight] size family`, which only a style can have, as attributes."""
    found = FONT.match(value)
    if found is None:
        return {}
    kinds = [("font-weight" if word == "bold" or word.isdigit() else "font-style", word) for word in found[1].split()]
    return {"font-size": found["size"], "font-family": found["family"], **dict(kinds)}


def _used(root: Element) -> frozenset[str]:
    """The ids that something in the drawing refers to."""
    values = [(name, value) for each in root.iter() for name, value in _attributes(each).items()]
    return frozenset(
        [value[1:] for name, value in values if name == "href" and value.startswith("#")]
        + [found[1] for _, value in values if (found := INSIDE.match(value))]
    )


def _box(root: Element) -> str:
    """The drawing's own frame, or the one that its width and height make: left, top, width, height."""
    sides = [root.get(name, "") for name in ("width", "height")]
    if BOX.match(found := root.get("viewBox", "")):
        return found.replace(",", " ")
    if not all(LENGTH.match(side) for side in sides):
        raise ValueError("has neither a viewBox nor a width and height")
    return "0 0 " + " ".join(side.rstrip("ptx") for side in sides)


def _text(text: str | None) -> str | None:
    """Letters as they are; line ends between elements are left out."""
    return text if text and text.strip() else None


def _name(tag: str) -> str:
    """The name without its name space."""
    return tag.rpartition("}")[2]
