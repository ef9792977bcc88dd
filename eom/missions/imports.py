"""A register of past missions: a file in, records and the list of everything wrong out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from eom.core.countries import alpha3
from eom.core.errors import InvalidFile, RowError
from eom.core.i18n import lazy, ngettext
from eom.core.spreadsheets import Table, read_table
from eom.missions.models.process import ProcessKind, RoundKind
from eom.missions.services.register import PastMission

NEEDED = ("country_iso3", "election", "election_date")
# Column of the file, attribute of the mission, longest text it holds.
TEXTS = (
    ("chief_of_mission", "chief_name", 200),
    ("chief_origin", "chief_origin", 100),
    ("observers_qualifier", "observers_qualifier", 100),
    ("deployment_stated", "deployment_stated", 300),
    ("mission_number_in_country", "number_in_country", 100),
    ("donors_stated", "donors_stated", 200),
    ("donors_list_complete", "donors_list_complete", 60),
    ("source_url", "source_url", 500),
    ("source_kind", "source_kind", 100),
)
COUNTS = (("observers_stated", "observers_stated"), ("nationalities_stated", "nationalities_stated"))
MAX_ROWS = 5000

# The first that occurs in the name of the election decides; "general" also covers what is called national.
_KINDS = (
    ("referend", ProcessKind.REFERENDUM),
    ("consulta", ProcessKind.REFERENDUM),
    ("primar", ProcessKind.PRIMARY),
    ("judicial", ProcessKind.JUDICIAL),
    ("municipal", ProcessKind.MUNICIPAL),
    ("local", ProcessKind.MUNICIPAL),
    ("subnational", ProcessKind.REGIONAL),
    ("regional", ProcessKind.REGIONAL),
    ("general", ProcessKind.GENERAL),
    ("national", ProcessKind.GENERAL),
    ("president", ProcessKind.PRESIDENTIAL),
    ("parliament", ProcessKind.LEGISLATIVE),
    ("legislat", ProcessKind.LEGISLATIVE),
    ("congress", ProcessKind.LEGISLATIVE),
)
_YEAR = re.compile(r"\b(19[6-9]\d|20\d\d)\b")


@dataclass(frozen=True)
class ReadRegister:
    """A register as it was read: its missions and what could not be taken from it."""

    records: list[PastMission]
    errors: list[RowError]

    def checked(self) -> list[PastMission]:
        """The records. Raises InvalidFile with every error when there is one."""
        if self.errors:
            count = len(self.errors)
            raise InvalidFile(
                ngettext(
                    "%(num)d thing in the file is not right; nothing was written.",
                    "%(num)d things in the file are not right; nothing was written.",
                    count,
                ),
                self.errors,
                lazy("Mend the file and send it again."),
            )
        return self.records


def read_register(data: bytes, name: str) -> ReadRegister:
    """Read the bytes of a file called ``name``. Raises InvalidFile when it is no table of missions."""
    table = read_table(data, name, max_rows=MAX_ROWS)
    _refuse_without(table)
    records: list[PastMission] = []
    errors: list[RowError] = []
    for number, row in table.records():
        found: list[RowError] = []
        record = _record({key: value.strip() for key, value in row.items()}, number, found)
        errors.extend(found)
        if record is not None and not found:
            records.append(record)
    return ReadRegister(records, errors)


def kind_of(election: str) -> ProcessKind:
    """The kind of process that the name of an election in English speaks of."""
    words = election.casefold()
    return next((kind for part, kind in _KINDS if part in words), ProcessKind.OTHER)


def round_of(election: str) -> RoundKind:
    """The kind of round that the name of an election in English speaks of."""
    words = election.casefold()
    return RoundKind.RUNOFF if "second round" in words or "runoff" in words else RoundKind.FIRST


def _refuse_without(table: Table) -> None:
    absent = [name for name in NEEDED if name not in table.headers]
    if absent:
        raise InvalidFile(
            lazy(
                "The file is no register of missions: these columns are missing: %(names)s.",
                names=", ".join(absent),
            ),
            [RowError(1, name, None, lazy("a column of this name")) for name in absent],
        )


def _record(row: dict[str, str], number: int, errors: list[RowError]) -> PastMission | None:
    country = alpha3(row["country_iso3"])
    if country is None:
        errors.append(
            RowError(number, "country_iso3", row["country_iso3"], lazy("the name or code of a country"))
        )
    name = row["election"]
    if not name or len(name) > 200:
        errors.append(RowError(number, "election", name[:60], lazy("a name of 1 to 200 characters")))
    polling_on = _day(row["election_date"], number, errors)
    facts: dict[str, Any] = {}
    for column, attribute, longest in TEXTS:
        text = row.get(column, "")
        if len(text) > longest:
            expected = lazy("at most %(count)d characters", count=longest)
            errors.append(RowError(number, column, text[:60], expected))
        facts[attribute] = text or None
    for column, attribute in COUNTS:
        facts[attribute] = _count(row.get(column, ""), number, column, errors)
    if country is None:
        return None
    return PastMission(
        country, name, _year(polling_on, row), polling_on, kind_of(name), round_of(name), facts
    )


def _year(polling_on: date | None, row: dict[str, str]) -> int:
    """The year of the code: of the polling day, else the one the source names, else 0 (not stated)."""
    if polling_on:
        return polling_on.year
    found = _YEAR.search(row.get("source_kind", "")) or _YEAR.search(row["election"])
    return int(found.group()) if found else 0


def _day(text: str, number: int, errors: list[RowError]) -> date | None:
    if not text:
        return None
    try:
        found = date.fromisoformat(text[:10]) if len(text) in (10, 19) else None
    except ValueError:
        found = None
    if found is None or not 1900 <= found.year <= 2100:
        errors.append(RowError(number, "election_date", text[:60], lazy("a date as 2019-10-20, or nothing")))
        return None
    return found


def _count(text: str, number: int, column: str, errors: list[RowError]) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 6):
        errors.append(RowError(number, column, text[:60], lazy("a whole number, or nothing")))
        return None
    return int(text)
