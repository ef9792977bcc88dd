"""Addresses: those a person was sent from, kept to this site; those that devices are told, in full."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import current_app, url_for
from werkzeug.routing import IntegerConverter, Map

LARGEST_ID = 2**31 - 1


class RowNumber(IntegerConverter):
    """``<int:…>`` in an address: a number that a row can have; beyond it there is no such page."""

    def __init__(self, map: Map, fixed_digits: int = 0) -> None:
        super().__init__(map, fixed_digits, max=LARGEST_ID)


def row_number(text: str) -> int:
    """A number of a query (``type=row_number``). Raises ValueError for what no row can have."""
    if not (text.isascii() and text.isdigit() and len(text) <= 10 and int(text) <= LARGEST_ID):
        raise ValueError(text[:20])
    return int(text)


def local_address(target: str | None, fallback: str = "/") -> str:
    """``target`` when it is a path on this site, else ``fallback``: no open redirect.

    Browsers drop tabs and line ends and read backslashes as slashes, so none of them is taken.
    """
    if not target or not target.startswith("/") or target.startswith("//"):
        return fallback
    if "\\" in target or not target.isprintable():
        return fallback
    try:
        parts = urlsplit(target)
    except ValueError:
        return fallback
    return fallback if parts.scheme or parts.netloc else target


def absolute(endpoint: str, **values: Any) -> str:
    """An address with its host, for devices; https in production whatever stands before the server."""
    scheme = "https" if current_app.config["SESSION_COOKIE_SECURE"] else None
    return url_for(endpoint, _external=True, _scheme=scheme, **values)
