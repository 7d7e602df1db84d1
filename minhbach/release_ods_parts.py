"""The parts of an OpenDocument workbook that hardly change: namespaces, styles, the files' list, what stays in view."""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import quoteattr

MIMETYPE = "application/vnd.oasis.opendocument.spreadsheet"
BASE = "urn:oasis:names:tc:opendocument:xmlns"
NAMESPACES = " ".join(
    [
        *(
            f'xmlns:{short}="{BASE}:{name}:1.0"'
            for short, name in (
                ("office", "office"),
                ("table", "table"),
                ("text", "text"),
                ("style", "style"),
                ("number", "datastyle"),
                ("fo", "xsl-fo-compatible"),
                ("svg", "svg-compatible"),
                ("meta", "meta"),
                ("config", "config"),
            )
        ),
        'xmlns:xlink="http://www.w3.org/1999/xlink"',
        'xmlns:dc="http://purl.org/dc/elements/1.1/"',
    ]
)
MANIFEST = (
    f'<manifest:manifest xmlns:manifest="{BASE}:manifest:1.0" manifest:version="1.3">'
    f'<manifest:file-entry manifest:full-path="/" manifest:version="1.3" manifest:media-type="{MIMETYPE}"/>'
    + "".join(
        f'<manifest:file-entry manifest:full-path="{name}.xml" manifest:media-type="text/xml"/>'
        for name in ("content", "meta", "settings", "styles")
    )
    + "</manifest:manifest>"
)


def _cell_style(name: str, cell: str = "", text: str = "", paragraph: str = "") -> str:
    return (
        f'<style:style style:name="{name}" style:family="table-cell" style:parent-style-name="Default">'
        f"<style:table-cell-properties {cell}/><style:paragraph-properties {paragraph}/>"
        f"<style:text-properties {text}/></style:style>"
    )


def _page_layout(name: str, width: str, height: str) -> str:
    return (
        f'<style:page-layout style:name="{name}"><style:page-layout-properties fo:page-width="{width}"'
        f' fo:page-height="{height}" style:print-orientation="{name}" fo:margin="1.5cm" style:scale-to-X="1"'
        ' style:scale-to-Y="0"/><style:footer-style><style:header-footer-properties fo:min-height="0.6cm"/>'
        "</style:footer-style></style:page-layout>"
    )


def _master(name: str) -> str:
    return (
        f'<style:master-page style:name="{name}" style:page-layout-name="{name}"><style:footer>'
        "<text:p><text:sheet-name>?</text:sheet-name> – <text:page-number>1</text:page-number>/<text:page-count>1"
        "</text:page-count></text:p></style:footer></style:master-page>"
    )


def _sheet_style(name: str) -> str:
    return (
        f'<style:style style:name="{name}" style:family="table" style:master-page-name="{name}">'
        '<style:table-properties table:display="true" style:writing-mode="lr-tb"/></style:style>'
    )


PADDING = 'fo:padding-left="0.1cm" fo:padding-right="0.2cm"'
TOP = f'style:vertical-align="top" {PADDING}'
WRAP = f'fo:wrap-option="wrap" {TOP}'
LINE = 'fo:border-bottom="1pt solid #000000"'
STYLES = (
    '<office:document-styles {namespaces} office:version="1.3"><office:styles>'
    '<style:default-style style:family="table-cell"><style:text-properties style:font-name="Arial"'
    ' fo:font-family="Arial" fo:font-size="12pt" fo:language={language}/></style:default-style>'
    '<style:style style:name="Default" style:family="table-cell"/>'
    + _cell_style("title", WRAP, 'fo:font-size="15pt" fo:font-weight="bold"')
    + _cell_style("head1", TOP, 'fo:font-size="15pt" fo:font-weight="bold"')
    + _cell_style("line", WRAP)
    + _cell_style("over", TOP)
    + _cell_style("text", WRAP)
    + _cell_style("head", f"{WRAP} {LINE}", 'fo:font-weight="bold"')
    + _cell_style("number", TOP, paragraph='fo:text-align="end"')
    + "</office:styles><office:automatic-styles>"
    + _page_layout("portrait", "21cm", "29.7cm")
    + _page_layout("landscape", "29.7cm", "21cm")
    + "</office:automatic-styles><office:master-styles>"
    + _master("portrait")
    + _master("landscape")
    + "</office:master-styles></office:document-styles>"
)

SHEET_STYLES = (
    _sheet_style("portrait")
    + _sheet_style("landscape")
    + '<style:style style:name="row" style:family="table-row"><style:table-row-properties'
    ' style:use-optimal-row-height="true"/></style:style>'
)


def settings(frozen: Sequence[tuple[str, int]]) -> str:
    """What stays in view: so many rows at the top of each sheet, by its name."""
    entries = "".join(_view(name, rows) for name, rows in frozen)
    first = quoteattr(frozen[0][0])[1:-1]
    return (
        f'<office:document-settings {NAMESPACES} office:version="1.3"><office:settings>'
        '<config:config-item-set config:name="ooo:view-settings"><config:config-item-map-indexed config:name="Views">'
        "<config:config-item-map-entry>"
        + _item("ViewId", "string", "view1")
        + f'<config:config-item-map-named config:name="Tables">{entries}</config:config-item-map-named>'
        + _item("ActiveTable", "string", first)
        + "</config:config-item-map-entry></config:config-item-map-indexed></config:config-item-set>"
        "</office:settings></office:document-settings>"
    )


def _view(name: str, rows: int) -> str:
    """Two panes, split below the header; the lower one is the one in use."""
    items = {
        "CursorPositionX": 0,
        "CursorPositionY": rows,
        "HorizontalSplitMode": 0,
        "VerticalSplitMode": 2,
        "VerticalSplitPosition": rows,
        "ActiveSplitRange": 2,
        "PositionTop": 0,
        "PositionBottom": rows,
    }
    kinds = dict.fromkeys(items, "int") | {"HorizontalSplitMode": "short", "VerticalSplitMode": "short"}
    kinds["ActiveSplitRange"] = "short"
    inner = "".join(_item(key, kinds[key], str(value)) for key, value in items.items())
    return f"<config:config-item-map-entry config:name={quoteattr(name)}>{inner}</config:config-item-map-entry>"


def _item(name: str, kind: str, value: str) -> str:
    return f'<config:config-item config:name="{name}" config:type="{kind}">{value}</config:config-item>'
