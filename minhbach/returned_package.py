"""A workbook as a package of parts: reading them, putting new ones in, relating and declaring them."""

from __future__ import annotations

import io
import posixpath
import zipfile

from minhbach.ingest_files import BROKEN_ZIP, RefusalError
from minhbach.ingest_scan import targets, xlsx_sheets, xlsx_workbook
from minhbach.returned_parts import MAIN, Part, UneditableError, check_well_formed, escaped

TYPES, RELATIONS = "[Content_Types].xml", "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
CONTENT_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
MADE = (1980, 1, 1, 0, 0, 0)


class Package:
    """The parts of a workbook by name, in the order of the file; XLSX without macros only.

    Raises:
        UneditableError: it is no plain XLSX that can be edited.
    """

    def __init__(self, content: bytes) -> None:
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                self.infos = {info.filename: info for info in archive.infolist()}
                self.parts = {name: archive.read(name) for name in self.infos}
                self.workbook = xlsx_workbook(archive)
                self.sheets = dict(xlsx_sheets(archive))
                self.styles = next(iter(targets(archive, self.workbook, "styles").values()), "")
        except (*BROKEN_ZIP, RefusalError, KeyError, NotImplementedError) as error:
            raise UneditableError(str(error)) from None
        if not {TYPES, self.workbook, self.styles, *self.sheets.values()} <= self.parts.keys():
            raise UneditableError("parts missing")
        for name, part in self.parts.items():
            if name.endswith((".xml", ".rels")):
                check_well_formed(part)
        macros = any(name.endswith("vbaProject.bin") for name in self.parts)
        if macros or f"{SPREADSHEET}.sheet.main+xml".encode() not in self.parts[TYPES]:
            raise UneditableError("a template, or a workbook with macros")

    def part(self, name: str, space: str = MAIN) -> Part:
        """A part to be edited; `save` puts it back."""
        return Part(self.parts[name], space)

    def save(self, name: str, part: Part) -> None:
        """Puts an edited part back."""
        self.parts[name] = part.edited()

    def related(self, part: str, kind: str) -> str:
        """The part that another relates to as `kind`; empty if there is none."""
        place = _relations_of(part)
        if place not in self.parts:
            return ""
        relations = Part(self.parts[place], RELATIONS)
        for each in relations.below(relations.root):
            if each.attributes.get("Type", "").endswith(f"/{kind}"):
                name = posixpath.normpath(posixpath.join("/", posixpath.dirname(part), each.attributes["Target"]))
                return name[1:] if name[1:] in self.parts else ""
        return ""

    def relation_id(self, part: str, target: str) -> str:
        """The id by which a part relates to another that is there already."""
        relations = Part(self.parts[_relations_of(part)], RELATIONS)
        for each in relations.below(relations.root):
            name = posixpath.normpath(posixpath.join("/", posixpath.dirname(part), each.attributes.get("Target", "")))
            if name[1:] == target:
                return each.attributes["Id"]
        raise UneditableError(f"{part} does not relate to {target}")

    def add(self, name: str, content: bytes, *, owner: str, kind: str, content_type: str) -> str:
        """Adds a part that `owner` relates to as `kind`; gives the id of the relation. VML is declared by extension."""
        self.parts[name] = content
        place = _relations_of(owner)
        empty = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Relationships xmlns="{RELATIONS}"/>'
        relations = Part(self.parts.get(place, empty.encode()), RELATIONS)
        known = {each.attributes.get("Id") for each in relations.below(relations.root)}
        new = next(f"rIdCheck{number}" for number in range(1, len(known) + 2) if f"rIdCheck{number}" not in known)
        target = posixpath.relpath(name, posixpath.dirname(owner))
        xml = f'<Relationship xmlns="{RELATIONS}" Id="{new}" Type="{OFFICE}/{kind}" Target="{escaped(target)}"/>'
        relations.append(relations.root, xml)
        self.parts[place] = relations.edited()
        self._declare(name, content_type)
        return new

    def free(self, pattern: str) -> str:
        """The first name of a pattern such as xl/comments{}.xml that no part has."""
        taken = {name.lower() for name in self.parts}
        numbers = range(1, len(taken) + 2)
        return next(name for number in numbers if (name := pattern.format(number)).lower() not in taken)

    def content(self) -> bytes:
        """The workbook; the same parts give the same bytes."""
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            for name, content in self.parts.items():
                known = self.infos.get(name)
                info = zipfile.ZipInfo(name, known.date_time if known else MADE)
                info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
                archive.writestr(info, content)
        return packed.getvalue()

    def _declare(self, name: str, content_type: str) -> None:
        types = Part(self.parts[TYPES], CONTENT_TYPES)
        extension = posixpath.splitext(name)[1][1:]
        declared = {each.attributes.get("Extension", "").lower() for each in types.below(types.root)}
        if extension != "vml":
            known = f'<Override xmlns="{CONTENT_TYPES}" PartName="/{escaped(name)}" ContentType="{content_type}"/>'
            types.append(types.root, known)
        elif extension not in declared:
            # Defaults stand before overrides: the order that every program takes.
            types.put(
                types.root.inside, f'<Default xmlns="{CONTENT_TYPES}" Extension="vml" ContentType="{content_type}"/>'
            )
        self.parts[TYPES] = types.edited()


def _relations_of(part: str) -> str:
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")
