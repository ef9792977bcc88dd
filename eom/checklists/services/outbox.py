"""What a field app's outbox sends: several submissions in one JSON document, each read by itself."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from eom.checklists.openrosa_xml import NotXML
from eom.checklists.services.unpacking import Parcel, SentFile, unpack
from eom.core.errors import AppError, InvalidInput, TooLarge
from eom.core.i18n import lazy

MAX_ITEMS = 50


@dataclass(frozen=True)
class Item:
    """One submission as the outbox names it; ``xml`` and ``files`` as they came, or what is wrong with it."""

    instance_id: str
    names: tuple[str, str]
    xml: str
    files: tuple[SentFile, ...]
    fault: AppError | None = None


def items(told: bytes, parts: Mapping[str, bytes]) -> list[Item]:
    """The submissions of a document; ``parts`` hold the files by the names that the items give.

    Raises InvalidInput for what is no such document, TooLarge for more than 50.
    """
    document = _document(told)
    listed = document.get("submissions") if isinstance(document, dict) else None
    if not isinstance(listed, list) or not listed:
        raise InvalidInput(
            lazy("A list “submissions” with 1 to %(limit)s entries was expected.", limit=MAX_ITEMS)
        )
    if len(listed) > MAX_ITEMS:
        raise TooLarge(lazy("At most %(limit)s submissions can be sent at once.", limit=MAX_ITEMS))
    return [_item(each, parts) for each in listed]


def _document(told: bytes) -> Any:
    try:
        return orjson.loads(told)
    except orjson.JSONDecodeError:
        # It refuses half a surrogate pair, which spoils one entry and not the others.
        try:
            return json.loads(told)
        except (ValueError, RecursionError) as error:
            raise InvalidInput(lazy("What was sent is no JSON.")) from error


def unpacked(mission_code: str, item: Item, at: datetime) -> Parcel | AppError:
    """The submission read as far as can be without the database, or why it cannot be taken."""
    if item.fault is not None:
        return item.fault
    try:
        parcel = unpack(mission_code, item.xml.encode(), item.files, at)
    except AppError as error:
        return error
    except UnicodeEncodeError:
        return NotXML(lazy("What was sent is not well-formed XML: %(detail)s", detail="U+D800"))
    if (parcel.sent.instance_id, *parcel.names) != (item.instance_id, *item.names):
        return NotXML(
            lazy("The form says another form, version or instanceID of itself than the outbox does.")
        )
    return parcel


def _item(told: Any, parts: Mapping[str, bytes]) -> Item:
    told = told if isinstance(told, dict) else {}
    texts = [told.get(name) for name in ("instanceID", "form", "version", "xml")]
    instance_id = texts[0] if isinstance(texts[0], str) else ""
    if not all(isinstance(each, str) for each in texts):
        fault = NotXML(lazy("An entry needs the texts instanceID, form, version and xml."))
        return Item(instance_id[:255], ("", ""), "", (), fault)
    files = told.get("files") or {}
    if not isinstance(files, dict) or not all(
        isinstance(part, str) and part in parts for part in files.values()
    ):
        fault = NotXML(lazy("An entry names files that did not come with it."))
        return Item(instance_id[:255], ("", ""), "", (), fault)
    sent = tuple(SentFile(name, parts[part]) for name, part in files.items())
    return Item(instance_id, (str(texts[1]), str(texts[2])), str(texts[3]), sent)
