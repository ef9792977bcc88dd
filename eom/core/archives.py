"""Zipped documents (Word, Excel, OpenDocument): known and bounded before any library opens them."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterable

from eom.core.errors import InvalidInput, TooLarge
from eom.core.i18n import lazy

MEGABYTE = 1 << 20
MAX_ENTRIES = 5_000
MAX_UNPACKED = 512 * MEGABYTE
# Text in XML packs to a fiftieth; a bomb to a thousandth.
MAX_RATIO = 200
RATIO_FROM = 10 * MEGABYTE
# What a protected or an old binary document begins with (MS-CFB).
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ACTIVE = ("vbaproject.bin", "vbadata.xml", "activex/", "macrosheets/")
_PARTS = (
    ("word/document.xml", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("xl/workbook.xml", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
)
# OpenDocument says what it is in its first entry, unpacked (ODF 1.3, part 2, 3.3).
_OPEN_DOCUMENTS = (
    "application/vnd.oasis.opendocument.text",
    "application/vnd.oasis.opendocument.spreadsheet",
)
_OPEN_ACTIVE = ("basic/", "scripts/")
_MANIFEST = "META-INF/manifest.xml"
_XML_ENDINGS = (".xml", ".rels", ".vml")
# What may stand before an XML part's first element; a document type stands there or nowhere.
HEAD_BYTES = 64 << 10
_FIRST_ELEMENT = re.compile(rb"<[A-Za-z_:]")
_BROKEN = (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, EOFError, zlib.error, RuntimeError)


def office_type(data: bytes) -> str | None:
    """The type of a Word, Excel or OpenDocument file by the parts it holds; None for another archive.

    Raises InvalidInput for one with macros, with a document type in its XML, behind a password or that
    cannot be unpacked, TooLarge as ``check``.
    """
    names = check(data)
    for part, content_type in _PARTS:
        if part in names:
            _refuse_macros(names, _ACTIVE)
            refuse_document_types(data)
            return content_type
    content_type = _opening(data, "mimetype", 100).decode("ascii", "replace").strip()
    if content_type not in _OPEN_DOCUMENTS or "content.xml" not in names:
        return None
    _refuse_macros((name for name in names if not name.endswith("/")), _OPEN_ACTIVE)
    refuse_document_types(data)
    if b"encryption-data" in _opening(data, _MANIFEST, 1 << 20):
        raise _protected()
    return content_type


def refuse_document_types(data: bytes) -> None:
    """Refuse an Office file whose XML declares a document type: no such file needs one, entities do.

    Of each part only the beginning is unpacked. Raises InvalidInput.
    """
    with _opened(data) as archive:
        for entry in archive.infolist():
            is_xml = entry.filename.lower().endswith(_XML_ENDINGS) and entry.file_size
            if is_xml and declares_type(_head(archive, entry, HEAD_BYTES)):
                raise InvalidInput(
                    lazy("The document's XML declares a document type (DOCTYPE), or is no XML."),
                    "file",
                    lazy("Save it again, or as PDF."),
                )


def check(data: bytes, *, max_unpacked: int = MAX_UNPACKED) -> set[str]:
    """The names of an archive's entries, read from its directory; nothing is unpacked.

    Raises InvalidInput for one that is broken or encrypted, TooLarge for one with too many entries, that
    unpacks to more than ``max_unpacked`` bytes, or to more than two hundred times its size.
    """
    with _opened(data) as archive:
        entries = archive.infolist()
    unpacked = sum(each.file_size for each in entries)
    is_bomb = unpacked > RATIO_FROM and unpacked > MAX_RATIO * max(len(data), 1)
    if len(entries) > MAX_ENTRIES or unpacked > max_unpacked or is_bomb:
        raise TooLarge(
            lazy("The document unpacks to more than is taken."), next_step=lazy("Save it smaller, or as PDF.")
        )
    if any(each.flag_bits & 0x1 for each in entries):
        raise _protected()
    return {each.filename for each in entries}


def declares_type(head: bytes) -> bool:
    """Whether XML declares a document type, or begins no element in what is given of it.

    Without its zero bytes UTF-16 and UTF-32 read as ASCII.
    """
    plain = head.replace(b"\0", b"")
    first = _FIRST_ELEMENT.search(plain)
    return first is None or b"<!DOCTYPE" in plain[: first.start()]


def _opened(data: bytes) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(io.BytesIO(data))
    except _BROKEN as error:
        raise _damaged() from error


def _opening(data: bytes, name: str, limit: int) -> bytes:
    """The first bytes of an entry, at most ``limit``; nothing when there is none of the name."""
    with _opened(data) as archive:
        try:
            entry = archive.getinfo(name)
        except KeyError:
            return b""
        return _head(archive, entry, limit)


def _head(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, limit: int) -> bytes:
    try:
        with archive.open(entry) as part:
            return part.read(min(limit, entry.file_size))
    except _BROKEN as error:
        raise _damaged() from error


def _refuse_macros(names: Iterable[str], marks: tuple[str, ...]) -> None:
    if any(mark in name.lower() for name in names for mark in marks):
        raise InvalidInput(
            lazy("The document has macros."), "file", lazy("Save it without macros, or as PDF.")
        )


def _protected() -> InvalidInput:
    return InvalidInput(lazy("The document is protected by a password: save it without one."), "file")


def _damaged() -> InvalidInput:
    return InvalidInput(lazy("The document cannot be opened: it is damaged."), "file")
