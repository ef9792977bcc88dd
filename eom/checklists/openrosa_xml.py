"""Reading XML that devices and people send: in bounded memory, without entities or a document type."""

from __future__ import annotations

import re
from itertools import islice

from lxml import etree

from eom.core.errors import InvalidInput, TooLarge
from eom.core.i18n import lazy

MEGABYTE = 1 << 20
MAX_XML_BYTES = 5 * MEGABYTE
MAX_ELEMENTS = 50_000
MAX_ATTRIBUTES = 200_000
MAX_DEPTH = 40
# A tree takes some fifty times the bytes it is read from: what is larger than this is counted before.
_COUNTED_BYTES = 1 << 16
_ATTRIBUTE = re.compile(rb"=[\s\x00]*[\"']")
_ENCODING = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([^\"']*)")
_SHOWS_BRACKETS = re.compile(
    rb"utf-?(?:8|16|32)(?:[lb]e)?|(?:us-)?ascii|iso-8859-\d+|windows-125\d", re.IGNORECASE
)
_FIRST_ELEMENT = re.compile(rb"<[A-Za-z_:]")
_PARSER = etree.XMLParser(
    resolve_entities=False,
    no_network=True,
    load_dtd=False,
    huge_tree=False,
    remove_comments=True,
    remove_pis=True,
    recover=False,
)
_IS_DEEP = etree.XPath("boolean(" + "/*" * (MAX_DEPTH + 1) + ")")
_IS_GIANT = etree.XPath(f"count(//*) > {MAX_ELEMENTS}")


class NotXML(InvalidInput):
    """What was sent is not XML that we read."""

    status = 400


def parse(data: bytes, max_bytes: int = MAX_XML_BYTES) -> etree._Element:
    """The root element. Raises NotXML (malformed, DOCTYPE, too deep) and TooLarge."""
    if len(data) > max_bytes:
        raise TooLarge(lazy("The XML is larger than %(limit)s MB.", limit=max_bytes // MEGABYTE))
    _refuse_doctype(data)
    if len(data) > _COUNTED_BYTES:
        _refuse_swarms(data)
    try:
        root = etree.fromstring(data, _PARSER)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise NotXML(
            lazy("What was sent is not well-formed XML: %(detail)s", detail=str(error)[:200])
        ) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise _doctype_refusal()
    _refuse_giants(root)
    return root


def local_name(element: etree._Element) -> str:
    """The element's name without its namespace."""
    return element.tag.rpartition("}")[2]


def strip_namespaces(root: etree._Element) -> None:
    """Leave every element its local name only: rules are written without prefixes."""
    for each in root.iter():
        if each.tag[0] == "{":
            each.tag = local_name(each)


def _refuse_doctype(data: bytes) -> None:
    # Without its zero bytes, UTF-16 and UTF-32 read as ASCII; the parsed tree is asked again.
    plain = data[:65_536].replace(b"\x00", b"")
    if b"<!DOCTYPE" not in plain:
        return
    first = _FIRST_ELEMENT.search(plain)
    if b"<!DOCTYPE" in plain[: first.start() if first else None]:
        raise _doctype_refusal()


def _doctype_refusal() -> NotXML:
    return NotXML(lazy("The XML declares a document type (DOCTYPE): send it without one."))


def _refuse_swarms(data: bytes) -> None:
    head = data.partition(b"?>")[0].replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe")
    declared = _ENCODING.match(head)
    if declared is not None and not _SHOWS_BRACKETS.fullmatch(declared[1]):
        # In some encodings an angle bracket is written otherwise, so nothing could be counted.
        raise NotXML(lazy("XML of this size is read in UTF-8 only: send it so."))
    # Every element opens and closes; comments and the like are as many again, at most.
    if data.count(b"<") > 4 * MAX_ELEMENTS:
        raise _too_many(MAX_ELEMENTS)
    if next(islice(_ATTRIBUTE.finditer(data), MAX_ATTRIBUTES, None), None) is not None:
        raise TooLarge(lazy("The XML has more than %(limit)s attributes.", limit=MAX_ATTRIBUTES))


def _too_many(limit: int) -> TooLarge:
    return TooLarge(lazy("The XML has more than %(limit)s elements.", limit=limit))


def _refuse_giants(root: etree._Element) -> None:
    if _IS_DEEP(root):
        raise NotXML(lazy("The XML is nested deeper than %(limit)s elements.", limit=MAX_DEPTH))
    if _IS_GIANT(root):
        raise _too_many(MAX_ELEMENTS)
