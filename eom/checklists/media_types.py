"""What kind of file a form's attachment is: told by its bytes, and in accord with its name."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from eom.checklists.openrosa_xml import parse
from eom.core import images
from eom.core.errors import AppError, InvalidInput, TooLarge
from eom.core.i18n import lazy

MEGABYTE = 1 << 20
MAX_ROWS = 100_000
# By the ending of the name: the type that is served, and how large it may be.
PICTURES = {"png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg"}
SOUNDS = {"mp3": "audio/mpeg", "wav": "audio/wav", "ogg": "audio/ogg", "m4a": "audio/mp4"}
FILMS = {"mp4": "video/mp4", "webm": "video/webm", "3gp": "video/3gpp"}
LISTS = {"csv": "text/csv", "geojson": "application/geo+json", "xml": "text/xml"}
ENDINGS = (*PICTURES, *SOUNDS, *FILMS, *LISTS)
_LIMITS = {"picture": 10 * MEGABYTE, "sound": 10 * MEGABYTE, "film": 25 * MEGABYTE, "list": 5 * MEGABYTE}


def made_ready(data: bytes, name: str) -> tuple[bytes, str]:
    """(bytes, content type) of an attachment as devices get it; a picture is made anew.

    Raises InvalidInput when the bytes are not what the name says, TooLarge.
    """
    ending = name.rsplit(".", 1)[-1].lower()
    if ending in PICTURES:
        _refuse_large(data, "picture")
        made = images.cleaned(data)
        if made.content_type != PICTURES[ending]:
            raise _not_what_it_says(name)
        return made.data, made.content_type
    if ending in LISTS:
        _refuse_large(data, "list")
        return _CHECKS[ending](data, name), LISTS[ending]
    kind, types = ("sound", SOUNDS) if ending in SOUNDS else ("film", FILMS)
    if ending not in types:
        raise InvalidInput(
            lazy(
                "“%(name)s” is no kind of file that forms show: its name ends in one of %(endings)s.",
                name=name[:80], endings=", ".join(ENDINGS),
            ),
            "file",
        )  # fmt: skip
    _refuse_large(data, kind)
    if not _is_medium(data, ending):
        raise _not_what_it_says(name)
    return data, types[ending]


def _refuse_large(data: bytes, kind: str) -> None:
    if len(data) > _LIMITS[kind]:
        raise TooLarge(
            lazy("The file is larger than %(limit)s MB.", limit=_LIMITS[kind] // MEGABYTE), field="file"
        )


def _is_medium(data: bytes, ending: str) -> bool:
    if ending == "mp3":
        return data.startswith(b"ID3") or (len(data) > 1 and data[0] == 0xFF and data[1] & 0xE0 == 0xE0)
    if ending == "wav":
        return data[:4] == b"RIFF" and data[8:12] == b"WAVE"
    if ending == "ogg":
        return data.startswith(b"OggS")
    if ending == "webm":
        return data.startswith(b"\x1a\x45\xdf\xa3")
    return data[4:8] == b"ftyp"


def _csv(data: bytes, name: str) -> bytes:
    """The list as UTF-8 with a heading for each column. Raises InvalidInput."""
    text = _text(data, name)
    try:
        rows = csv.reader(io.StringIO(text, newline=""))
        headings = [each.strip() for each in next(rows, [])]
        count = sum(1 for _row in rows)
    except csv.Error as error:
        raise _not_what_it_says(name) from error
    if count > MAX_ROWS:
        raise TooLarge(lazy("The list has more than %(limit)s rows.", limit=MAX_ROWS), field="file")
    if len(headings) < 2 or not all(headings) or len(set(headings)) != len(headings):
        raise InvalidInput(
            lazy("The first row of “%(name)s” names its columns, each once: name, label …", name=name[:80]),
            "file",
            lazy("Save the list as csv, with commas between the columns."),
        )
    return text.encode()


def _geojson(data: bytes, name: str) -> bytes:
    text = _text(data, name)
    try:
        read: Any = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _not_what_it_says(name) from error
    read = read if isinstance(read, dict) else {}
    features = read.get("features")
    if read.get("type") != "FeatureCollection" or not isinstance(features, list):
        raise _not_what_it_says(name)
    if not all(isinstance(each, dict) for each in features):
        raise _not_what_it_says(name)
    return text.encode()


def _xml(data: bytes, name: str) -> bytes:
    try:
        parse(data)
    except TooLarge:
        raise
    except AppError as error:
        raise _not_what_it_says(name) from error
    return data


def _text(data: bytes, name: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidInput(
            lazy("“%(name)s” is not written in UTF-8.", name=name[:80]), "file",
            lazy("Save it as “CSV UTF-8” and send it again."),
        ) from error  # fmt: skip


_CHECKS = {"csv": _csv, "geojson": _geojson, "xml": _xml}


def _not_what_it_says(name: str) -> InvalidInput:
    return InvalidInput(
        lazy("The content of “%(name)s” is not what its name says.", name=name[:80]), "file",
        lazy("Send the file itself, with the name that the form gives it."),
    )  # fmt: skip
