"""A spreadsheet of arrivals and departures: a file in, rows and the list of everything wrong out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from eom.core.countries import fold
from eom.core.errors import AppError, InvalidFile, RowError
from eom.core.i18n import LANGUAGES, in_locale, lazy, ngettext
from eom.core.spreadsheets import read_table
from eom.logistics import period
from eom.logistics.models.movements import Direction
from eom.logistics.services.travelling import TravelRow
from eom.missions.models.mission import Mission

MAX_ROWS = 2000
# Headings as they are written in the four languages, folded; the first is the one we name in messages.
HEADINGS: dict[str, tuple[str, ...]] = {
    "person": ("person", "name", "full name", "nombre", "persona", "nom", "personne", "nome", "pessoa", "passenger", "pasajero"),
    "email": ("email", "e mail", "correo", "correo electronico", "courriel", "correio eletronico"),
    "direction": ("direction", "arrival or departure", "direccion", "sentido", "tipo", "sens"),
    "day": ("day", "date", "fecha", "dia", "jour", "data"),
    "time": ("time", "hora", "heure", "hour"),
    "carrier": ("carrier", "airline", "aerolinea", "compania", "compagnie", "companhia", "companhia aerea"),
    "number": ("number", "flight", "flight number", "vuelo", "numero de vuelo", "vol", "numero de vol", "voo", "numero do voo"),
    "terminal": ("airport", "terminal", "aeropuerto", "aeroport", "aeroporto", "place", "lugar", "lieu", "local"),
    "picked_up_by": ("picked up by", "recogido por", "recoge", "accueilli par", "recebido por"),
}  # fmt: skip
NEEDED = ("direction", "day", "time")
LONGEST = {"carrier": 80, "number": 40, "terminal": 120, "picked_up_by": 120}


@dataclass(frozen=True)
class ReadTravels:
    """A sheet of journeys as it was read, and what could not be taken."""

    rows: list[TravelRow]
    errors: list[RowError]

    def checked(self) -> list[TravelRow]:
        """The rows. Raises InvalidFile with every error when there is one."""
        if self.errors:
            words = ngettext(
                "%(num)d thing in the file is not right; nothing was written.",
                "%(num)d things in the file are not right; nothing was written.",
                len(self.errors),
            )
            raise InvalidFile(words, self.errors, lazy("Mend the file and send it again."))
        return self.rows


def read_travels(
    data: bytes, name: str, mission: Mission, people: Sequence[tuple[int, str, str | None]]
) -> ReadTravels:
    """Read the bytes of a file called ``name``; ``people`` are (appointment, name, e-mail) of the mission.

    Raises InvalidFile when it is no table of journeys.
    """
    table = read_table(data, name, max_rows=MAX_ROWS)
    headings = _headings(table.headers)
    known = _Known(people)
    rows: list[TravelRow] = []
    errors: list[RowError] = []
    seen: dict[tuple[int, Direction], int] = {}
    for number, cells in table.records():
        line = _Line(number, {key: " ".join(cells[heading].split()) for key, heading in headings.items()})
        found = line.travel(mission, known, seen)
        errors.extend(line.errors)
        if found is not None:
            rows.append(found)
    return ReadTravels(rows, errors)


class _Known:
    """The people of the mission by address and by name."""

    def __init__(self, people: Sequence[tuple[int, str, str | None]]) -> None:
        self.by_email = {email.casefold(): id_ for id_, _name, email in people if email}
        self.by_name: dict[str, list[int]] = {}
        for id_, name, _email in people:
            self.by_name.setdefault(_bag(name), []).append(id_)


def _bag(name: str) -> str:
    """A name without accents, commas and the order of its words."""
    return " ".join(sorted(fold(name.replace(",", " ")).split()))


class _Line:
    """One line of the sheet and what is wrong with it."""

    def __init__(self, number: int, cells: dict[str, str]) -> None:
        self.number, self.cells, self.errors = number, cells, list[RowError]()

    def travel(
        self, mission: Mission, known: _Known, seen: dict[tuple[int, Direction], int]
    ) -> TravelRow | None:
        """The line as a journey, or None when something is wrong with it."""
        who, direction, on, at = self._who(known), self._direction(), self._day(mission), self._time()
        for column, longest in LONGEST.items():
            if len(self.cells.get(column, "")) > longest:
                self._wrong(column, lazy("at most %(max)d characters", max=longest))
        if who is not None and direction is not None:
            before = seen.setdefault((who, direction), self.number)
            if before != self.number:
                self._wrong(
                    "direction", lazy("one journey in each direction; row %(row)d has the same", row=before)
                )
        if self.errors or who is None or direction is None or on is None or at is None:
            return None
        return TravelRow(
            self.number, who, direction, on, at, self.cells.get("carrier") or None, self.cells.get("number") or None,
            self.cells.get("terminal") or None, self.cells.get("picked_up_by") or None,
        )  # fmt: skip

    def _who(self, known: _Known) -> int | None:
        email, name = self.cells.get("email", ""), self.cells.get("person", "")
        if email:
            found = known.by_email.get(email.casefold())
            if found is None:
                self._wrong("email", lazy("the address of somebody with a place in the mission"))
            return found
        same = known.by_name.get(_bag(name), []) if name else []
        if len(same) != 1:
            self._wrong(
                "person",
                lazy("an e-mail address: several people have this name")
                if same
                else lazy("the name of somebody with a place in the mission"),
            )
            return None
        return same[0]

    def _direction(self) -> Direction | None:
        found = _directions().get(fold(self.cells.get("direction", "")))
        if found is None:
            self._wrong("direction", lazy("arrival or departure"))
        return found

    def _day(self, mission: Mission) -> date | None:
        text = self.cells.get("day", "")
        try:
            found = date.fromisoformat(text[:10] if len(text) in (10, 19) else "")
            period.check(mission, found, "day")
        except ValueError:
            self._wrong("day", lazy("a date as 2019-10-20"))
            return None
        except AppError as error:
            self._wrong("day", error.message)
            return None
        return found

    def _time(self) -> time | None:
        text = self.cells.get("time", "")
        # A cell with a time reaches us as text, some programs write a day before it.
        for form in ("%H:%M", "%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Hh%M"):
            try:
                return datetime.strptime(text, form).time()
            except ValueError:
                continue
        self._wrong("time", lazy("a time of day as 14:30"))
        return None

    def _wrong(self, column: str, expected: Any) -> None:
        self.errors.append(RowError(self.number, column, self.cells.get(column, "")[:80], expected))


def _headings(headers: list[str]) -> dict[str, str]:
    known = {alias: key for key, aliases in HEADINGS.items() for alias in (fold(key), *aliases)}
    found: dict[str, str] = {}
    for header in headers:
        if key := known.get(fold(header)):
            found.setdefault(key, header)
    absent = [key for key in NEEDED if key not in found]
    if "person" not in found and "email" not in found:
        absent.insert(0, "person")
    if absent:
        words = lazy(
            "The file is no list of journeys: these columns are missing: %(names)s.", names=", ".join(absent)
        )
        raise InvalidFile(words, [RowError(1, key, None, lazy("a column of this name")) for key in absent])
    return found


def _directions() -> dict[str, Direction]:
    """The two directions by every way to write them: value, or label in one of the languages, and some short forms."""
    short = {
        Direction.ARRIVAL: ("a", "arr", "in", "llegada", "ingreso", "arrivee", "chegada"),
        Direction.DEPARTURE: ("d", "dep", "out", "salida", "depart", "partida", "saida"),
    }
    known = {word: direction for direction, words in short.items() for word in words}
    known |= {fold(each.value): each for each in Direction}
    for code in LANGUAGES:
        with in_locale(code):
            known.update({fold(str(each.label)): each for each in Direction})
    return known
