"""Registers for tests: small tables as text, and the real file of 2019."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import pytest

from eom.core.spreadsheets import Table, read_table
from eom.stations.geography import Register, read_register
from eom.stations.mapping import guess_mapping

TARIJA = Path(__file__).parent.parent / "data" / "registers" / "bolivia_2019_mesas_tarija.csv"
SHARED = Path(os.environ.get("EOM_SHARED_DATA", Path(__file__).parents[3] / "shared" / "data"))
BOLIVIA = SHARED / "bolivia-2019" / "mesas-y-computo.csv.gz"


def register(text: str, host: str = "BOL") -> Register:
    """The register a small table says."""
    return of_table(read_table(text.encode(), "register.csv"), host)


def of_table(table: Table, host: str = "BOL") -> Register:
    """The register of a table, with the guessed mapping."""
    return read_register(table, guess_mapping(table.headers, table.sample()), host)


@cache
def bolivia() -> Register:
    """All 34,555 polling stations of 2019. Missing: a failure under CI, else a loud skip."""
    if not BOLIVIA.is_file():
        message = f"the full register of 2019 is missing: {BOLIVIA} (EOM_SHARED_DATA names its folder)"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    return of_table(read_table(BOLIVIA))
