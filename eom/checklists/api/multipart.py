"""Multipart bodies as devices and browsers write them, cut apart where they stand.

Werkzeug reads every shape that the standard allows, line by line, and takes longer for that than intake does
for the rest of a submission. A body of the plain shape (RFC 7578: CRLF, no preamble, two headers a part at most)
is cut here; every other is left to Werkzeug, and a test compares both.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_BOUNDARY = re.compile(
    r'multipart/form-data; ?boundary=(?:"([\w\'()+,./:=? -]{1,70})"|([\w\'()+./:=?-]{1,70}))$', re.ASCII
)
_DISPOSITION = re.compile(
    rb'Content-Disposition: form-data; name="([^"\\\r\n]*)"(?:; filename="([^"\\\r\n]*)")?', re.IGNORECASE
)
_OTHER_HEADER = re.compile(
    rb"Content-(?:Type: [\w./+-]+(?:; ?charset=utf-8)?|Length: \d+|Transfer-Encoding: binary)", re.IGNORECASE
)
MAX_PARTS = 1_000


class Part(NamedTuple):
    """A part of a body: its name, its file name if it is a file, its bytes."""

    name: str
    file_name: str | None
    data: bytes


def plain_parts(content_type: str, body: bytes) -> list[Part] | None:
    """The parts of a body of the plain shape; None for any other."""
    found = _BOUNDARY.match(content_type)
    if found is None:
        return None
    mark = b"--" + (found[1] or found[2]).encode()
    if not body.startswith(mark + b"\r\n") or body.count(mark) > MAX_PARTS:
        return None
    pieces = body[len(mark) :].split(b"\r\n" + mark)
    if pieces.pop() not in (b"--", b"--\r\n"):
        return None
    parts = [_part(piece) for piece in pieces]
    return None if None in parts else parts  # type: ignore[return-value]


def _part(piece: bytes) -> Part | None:
    head, gap, data = piece.partition(b"\r\n\r\n")
    first, *others = head.split(b"\r\n")
    if first or not gap:
        return None
    named = [found for line in others if (found := _DISPOSITION.fullmatch(line))]
    if len(named) != 1 or not all(
        _OTHER_HEADER.fullmatch(line) for line in others if line != named[0].string
    ):
        return None
    try:
        name, file_name = named[0][1].decode(), named[0][2]
        return Part(name, None if file_name is None else file_name.decode(), data)
    except UnicodeDecodeError:
        return None
