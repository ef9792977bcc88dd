"""Separated text as rows: compression, encoding, separator."""

from __future__ import annotations

import csv
import io
import re
import zlib
from collections import Counter
from collections.abc import Iterator

from eom.core.errors import InvalidFile, RowError, TooLarge
from eom.core.i18n import lazy

SEPARATORS = (",", ";", "\t", "|")
# What text is tried as that is not UTF-8: the better-known first. Old Windows, DOS, and Macintosh.
GUESSED = ("cp1252", "cp850", "mac_roman", "latin-1")
_ACCENTED = frozenset("áéíóúüñçãõâêôàèîÁÉÍÓÚÜÑÇÃÕÂÊÔÀÈ°ºª")
_CHUNK = 1 << 20


def gunzip(content: bytes, max_bytes: int) -> bytes:
    """What a gzip file holds. Raises InvalidFile when it is cut short, TooLarge past ``max_bytes``."""
    parts: list[bytes] = []
    size, rest = 0, content
    while rest:
        inflater = zlib.decompressobj(wbits=31)
        while not inflater.eof:
            try:
                part = inflater.decompress(rest, _CHUNK)
            except zlib.error as error:
                if parts and inflater.unused_data == b"" and not rest.startswith(b"\x1f\x8b"):
                    return b"".join(parts)  # padding after the last member
                raise InvalidFile(lazy("The compressed file is damaged.")) from error
            if not part and not inflater.unconsumed_tail and not inflater.eof:
                raise InvalidFile(
                    lazy("The compressed file ends too early: part of it is missing."),
                    next_step=lazy("Download or copy it again."),
                )
            size += len(part)
            if size > max_bytes:
                raise TooLarge(
                    lazy(
                        "The file unpacks to more than %(limit)s MB.",
                        limit=max_bytes // _CHUNK,
                    ),
                    field="file",
                )
            parts.append(part)
            rest = inflater.unconsumed_tail
        rest = inflater.unused_data.lstrip(b"\0")
    return b"".join(parts)


def decode(content: bytes) -> tuple[str, str]:
    """The text and the encoding it was read with.

    What is not UTF-8 is read as the one of ``GUESSED`` in which its bytes are most often accented letters
    of our languages, unless it is plainly UTF-8 with a damaged character. Raises InvalidFile for that and
    for binary content.
    """
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return content.decode("utf-16"), "utf-16"
        except UnicodeDecodeError as error:
            raise InvalidFile(lazy("The file starts as UTF-16 text but is damaged.")) from error
    if b"\0" in content:
        if (wide := _unmarked_utf16(content)) is not None:
            return wide
        raise InvalidFile(lazy("This is not a text file: it holds binary data."))
    try:
        name = "utf-8-sig" if content.startswith(b"\xef\xbb\xbf") else "utf-8"
        return content.decode(name), name
    except UnicodeDecodeError as error:
        _refuse_damaged_utf8(content, error)
    name = _likeliest(content)
    return content.decode(name), name


def _unmarked_utf16(content: bytes) -> tuple[str, str] | None:
    """UTF-16 without its mark: nearly every second byte of western text is zero."""
    head = content[:4096]
    for offset, name in ((1, "utf-16-le"), (0, "utf-16-be")):
        half, other = head[offset::2], head[1 - offset :: 2]
        if half.count(0) > 0.9 * len(half) and not other.count(0):
            try:
                return content.decode(name), name
            except UnicodeDecodeError:
                return None
    return None


def _likeliest(content: bytes) -> str:
    """The encoding of ``GUESSED`` that makes most of the upper bytes accented letters."""
    upper = Counter(content.translate(None, bytes(range(128))))
    best, best_score = "latin-1", -1
    for name in GUESSED:
        try:
            letters = {byte: bytes([byte]).decode(name) for byte in upper}
        except UnicodeDecodeError:
            continue
        score = sum(count for byte, count in upper.items() if letters[byte] in _ACCENTED)
        if score > best_score:
            best, best_score = name, score
    return best


def _refuse_damaged_utf8(content: bytes, error: UnicodeDecodeError) -> None:
    replaced = content.decode("utf-8", errors="replace")
    damaged = replaced.count("\ufffd")
    intact = sum(1 for c in replaced if c > "\x7f") - damaged
    if intact > 3 * damaged:
        row = content[: error.start].count(b"\n") + 1
        raise InvalidFile(
            lazy(
                "The file is UTF-8 text, but row %(row)s holds a damaged character.",
                row=row,
            ),
            [RowError(row, None, None, lazy("text in UTF-8"))],
        )


def detect_separator(text: str) -> str:
    """The separator that cuts the first lines into the same number of columns, the more the better."""
    lines = "\n".join(text[:65_536].splitlines()[:30])
    best, best_score = ",", (0.0, 0)
    for separator in SEPARATORS:
        try:
            widths = [len(row) for row in csv.reader(io.StringIO(lines), delimiter=separator) if row]
        except csv.Error:
            continue
        if not widths or max(widths) == 1:
            continue
        width, count = Counter(w for w in widths if w > 1).most_common(1)[0]
        score = (count / len(widths), width)
        if score > best_score:
            best, best_score = separator, score
    return best


def text_rows(text: str, separator: str) -> Iterator[list[str]]:
    """The records of a separated text. Raises InvalidFile with the row where a quote goes wrong."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    number = 0
    while True:
        number += 1
        try:
            yield next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            expected = lazy("text whose quotes are closed and doubled inside")
            raise InvalidFile(
                lazy(
                    "Row %(row)s cannot be read: a quotation mark is not closed or not doubled.",
                    row=number,
                ),
                [RowError(number, None, None, expected)],
            ) from error


def declared_separator(text: str) -> str | None:
    """The separator of a first line ``sep=;`` as Excel writes it; None without one."""
    found = re.match(r'"?sep=([,;|\t])"?[\r\n]', text[:10], re.IGNORECASE)
    return found[1] if found else None
