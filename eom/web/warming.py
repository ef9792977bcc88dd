"""Slow libraries, imported beside the first requests instead of inside one (EOM_WARM=1)."""

from __future__ import annotations

import importlib
from threading import Thread

# Folium takes over a second to import, openpyxl a third: the map and the report are the pages that need them.
SLOW = ("folium", "folium.plugins", "openpyxl", "xlsxwriter")


def start() -> Thread:
    """Import the slow libraries in a thread that never keeps a process alive."""
    thread = Thread(target=_import_all, name="warming", daemon=True)
    thread.start()
    return thread


def _import_all() -> None:
    for name in SLOW:
        importlib.import_module(name)
