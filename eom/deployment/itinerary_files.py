"""A team's day as files: GPX for a navigation device, iCalendar for a telephone's calendar.

GPX 1.1 (topografix.com/GPX/1/1): a route of points with their times. iCalendar: RFC 5545; text is escaped (3.3.11), lines
are folded at 75 octets (3.1).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from lxml import etree

GPX = "http://www.topografix.com/GPX/1/1"
FOLD = 75


@dataclass(frozen=True)
class Call:
    """A place of a day: when the team is there (instants in UTC), where (degrees), what it does."""

    key: str
    name: str
    note: str
    arrives: datetime
    leaves: datetime
    latitude: float
    longitude: float


def gpx(name: str, calls: Sequence[Call]) -> bytes:
    """A GPX file: each place as a point to find, and the way through them as a route."""
    root = etree.Element(f"{{{GPX}}}gpx", {"version": "1.1", "creator": "EOM"}, nsmap={None: GPX})  # type: ignore[dict-item]
    _text(etree.SubElement(root, f"{{{GPX}}}metadata"), "name", name)
    for each in calls:
        _point(root, "wpt", each)
    route = etree.SubElement(root, f"{{{GPX}}}rte")
    _text(route, "name", name)
    for each in calls:
        _point(route, "rtept", each)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _point(parent: etree._Element, tag: str, call: Call) -> None:
    where = {"lat": f"{call.latitude:.6f}", "lon": f"{call.longitude:.6f}"}
    point = etree.SubElement(parent, f"{{{GPX}}}{tag}", where)
    _text(point, "time", call.arrives.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))
    _text(point, "name", call.name)
    _text(point, "desc", call.note)


def _text(parent: etree._Element, tag: str, text: str) -> None:
    etree.SubElement(parent, f"{{{GPX}}}{tag}").text = _printable(text)


def _printable(text: str) -> str:
    """Text without the characters that XML 1.0 forbids."""
    return "".join(
        c
        for c in text
        if c in "\t\n\r" or (c >= " " and not "\ud800" <= c <= "\udfff" and c not in "\ufffe\uffff")
    )


def ics(name: str, calls: Sequence[Call], *, host: str, made_at: datetime) -> bytes:
    """A calendar with an event for each place; the same place has the same UID, so a newer file replaces it."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//EOM//Deployment//EN", "METHOD:PUBLISH",
             f"X-WR-CALNAME:{escaped(name)}"]  # fmt: skip
    for each in calls:
        lines += _event(each, host, made_at)
    lines.append("END:VCALENDAR")
    return "".join(f"{piece}\r\n" for line in lines for piece in folded(line)).encode("utf-8")


def _event(call: Call, host: str, made_at: datetime) -> list[str]:
    return [
        "BEGIN:VEVENT", f"UID:{escaped(call.key)}@{host}", f"DTSTAMP:{_instant(made_at)}",
        f"DTSTART:{_instant(call.arrives)}", f"DTEND:{_instant(max(call.leaves, call.arrives))}",
        f"SUMMARY:{escaped(call.name)}", f"DESCRIPTION:{escaped(call.note)}",
        f"GEO:{call.latitude:.6f};{call.longitude:.6f}", "END:VEVENT",
    ]  # fmt: skip


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def escaped(text: str) -> str:
    """A text as a value of iCalendar (RFC 5545, 3.3.11); control characters are left out."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    plain = "".join(
        c for c in plain if c == "\n" or (c >= " " and c != "\x7f" and not "\ud800" <= c <= "\udfff")
    )
    for mark in ("\\", ";", ","):
        plain = plain.replace(mark, f"\\{mark}")
    return plain.replace("\n", "\\n")


def folded(line: str) -> Iterator[str]:
    """A line in pieces of at most 75 octets, those after the first begin with a blank; no character is cut."""
    piece, size = "", 0
    for character in line:
        width = len(character.encode("utf-8"))
        if size + width > FOLD:
            yield piece
            piece, size = " ", 1
        piece += character
        size += width
    yield piece
