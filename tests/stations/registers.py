"""Registers for tests: small tables as text, and the real file of 2019."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from eom.core.spreadsheets import Table, read_table
from eom.settings import ROOT
from eom.stations.geography import Register, read_register
from eom.stations.mapping import guess_mapping

TARIJA = Path(__file__).parent.parent / "data" / "registers" / "bolivia_2019_mesas_tarija.csv"
BOLIVIA = ROOT / "eom" / "demo" / "data" / "bolivia_2019_mesas.csv.gz"


def register(text: str, host: str = "BOL") -> Register:
    """The register a small table says."""
    return of_table(read_table(text.encode(), "register.csv"), host)


def of_table(table: Table, host: str = "BOL") -> Register:
    """The register of a table, with the guessed mapping."""
    return read_register(table, guess_mapping(table.headers, table.sample()), host)


@cache
def bolivia() -> Register:
    """All 34,555 polling stations of 2019, the file of the demonstration."""
    return of_table(read_table(BOLIVIA))
