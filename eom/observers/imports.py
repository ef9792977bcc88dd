"""A spreadsheet of people: a file in, rows for the intake and the list of everything wrong out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from eom.core.countries import alpha3, fold
from eom.core.errors import InvalidFile, InvalidInput, RowError
from eom.core.i18n import LANGUAGES, in_locale, lazy, ngettext
from eom.core.spreadsheets import read_table
from eom.core.types import Labelled
from eom.observers.models import AppointmentRole, Expertise, Gender
from eom.observers.services.intake import PersonRow
from eom.observers.services.roster import checked_email, checked_phone

E = TypeVar("E", bound=Labelled)
MAX_ROWS = 5000

# Headings as they are written in the four languages, folded; the first is the one we name in messages.
HEADINGS: dict[str, tuple[str, ...]] = {
    "name": ("name", "full name", "nombre", "nombre completo", "nom", "nom complet", "nome", "nome completo"),
    "given_names": ("given names", "given name", "first name", "nombres", "prenom", "prenoms", "prenome"),
    "family_names": ("family names", "family name", "last name", "surname", "apellido", "apellidos", "nom de famille",
                     "sobrenome", "sobrenomes"),
    "nationalities": ("nationalities", "nationality", "nacionalidad", "nacionalidades", "nationalite", "nationalites",
                      "nacionalidade"),
    "gender": ("gender", "sex", "genero", "sexo", "genre", "sexe"),
    "languages": ("languages", "language", "idiomas", "idioma", "lenguas", "langues", "langue", "linguas"),
    "expertise": ("expertise", "area of expertise", "especialidad", "especialidades", "specialite", "especialidade"),
    "email": ("email", "e mail", "correo", "correo electronico", "courriel", "correio eletronico"),
    "phone": ("phone", "telephone", "telefono", "telefone"),
    "role": ("role", "rol", "cargo", "funcion", "funcao", "fonction"),
    "starts_on": ("starts on", "start date", "from", "inicio", "desde", "debut", "fecha de inicio"),
    "ends_on": ("ends on", "end date", "to", "until", "fin", "hasta", "fecha de fin", "fim"),
}  # fmt: skip
_GENDERS = {
    Gender.WOMAN: (
        "f",
        "w",
        "woman",
        "female",
        "mujer",
        "femenino",
        "femme",
        "feminin",
        "mulher",
        "feminino",
    ),
    Gender.MAN: ("h", "man", "male", "hombre", "masculino", "homme", "masculin", "homem"),
    Gender.OTHER: ("x", "other", "otro", "otra", "autre", "outro", "outra", "no binario", "non binary"),
    Gender.NOT_STATED: ("", "not stated", "no indica", "non precise", "nao informado"),
}


@dataclass(frozen=True)
class ReadPeople:
    """A sheet of people as it was read: rows for the intake, and what could not be taken."""

    rows: list[PersonRow]
    errors: list[RowError]

    def checked(self) -> list[PersonRow]:
        """The rows. Raises InvalidFile with every error when there is one."""
        if self.errors:
            words = ngettext(
                "%(num)d thing in the file is not right; nothing was written.",
                "%(num)d things in the file are not right; nothing was written.",
                len(self.errors),
            )
            raise InvalidFile(words, self.errors, lazy("Mend the file and send it again."))
        return self.rows


def read_people(data: bytes, name: str) -> ReadPeople:
    """Read the bytes of a file called ``name``. Raises InvalidFile when it is no table of people."""
    table = read_table(data, name, max_rows=MAX_ROWS)
    headings = _headings(table.headers)
    m_means = gender_of_m(row.get(headings.get("gender", ""), "") for _number, row in table.records())
    rows: list[PersonRow] = []
    errors: list[RowError] = []
    for number, cells in table.records():
        row = _Row(number, {key: " ".join(cells[heading].split()) for key, heading in headings.items()})
        found = row.person(m_means)
        errors.extend(row.errors)
        if found is not None:
            rows.append(found)
    return ReadPeople(rows, errors)


def countries_in(text: str) -> list[str]:
    """Alpha-3 codes of countries written as codes or names, separated by ; or , or /.

    Raises ValueError with the part that is no country. A comma may belong to a name.
    """
    found: list[str] = []
    for part in re.split(r"[;/|]", text):
        # "Corea, República de" is one name, written as registers do.
        if whole := alpha3(part) or alpha3(" ".join(reversed(part.split(",")))):
            found.append(whole)
            continue
        for piece in filter(None, map(str.strip, part.split(","))):
            code = alpha3(piece)
            if code is None:
                raise ValueError(piece)
            found.append(code)
    return sorted(set(found))


def languages_in(text: str) -> list[str]:
    """ISO 639-1 codes of languages written as codes or names. Raises ValueError with what is none."""
    return _each(text, lambda part: _languages().get(fold(part)))


def expertise_in(text: str) -> list[str]:
    """Values of areas of expertise written as values or in words. Raises ValueError with what is none."""
    known = _words(Expertise)
    return _each(text, lambda part: known.get(fold(part)))


def split_name(text: str) -> tuple[str, str]:
    """(given names, family names) of a whole name: "Family, Given", or the last word(s) as the family's.

    Of four words and more the last two are family names, as in Spanish and Portuguese; of three too.
    """
    if "," in text:
        family, _comma, given = text.partition(",")
        return given.strip(), family.strip()
    words = text.split()
    family_count = 0 if len(words) < 2 else 1 if len(words) == 2 else 2
    return " ".join(words[: len(words) - family_count]), " ".join(words[len(words) - family_count :])


def gender_of_m(values: Iterable[str]) -> Gender | None:
    """What a lone "M" means in a column: man beside F, woman (mujer, mulher) beside H, else unknown."""
    letters = {fold(value) for value in values}
    if "h" in letters:
        return Gender.WOMAN
    return Gender.MAN if letters & {"f", "w"} else None


class _Row:
    """One line of the sheet and what is wrong with it."""

    def __init__(self, number: int, cells: dict[str, str]) -> None:
        self.number, self.cells, self.errors = number, cells, list[RowError]()

    def person(self, m_means: Gender | None) -> PersonRow | None:
        """The line as a row for the intake, or None when something is wrong with it."""
        given, family = self._name()
        nationalities = self._take(
            "nationalities", countries_in, lazy("codes or names of countries, separated by ;")
        )
        if not self.cells.get("nationalities"):
            self._wrong("nationalities", "", lazy("at least one nationality"))
        values: dict[str, Any] = {
            "gender": self._gender(m_means),
            "languages": self._take(
                "languages", languages_in, lazy("codes or names of languages, separated by ;")
            ),
            "expertise": self._take("expertise", expertise_in, lazy("areas of expertise, separated by ;")),
            "email": self._checked("email", checked_email, lazy("an e-mail address, or nothing")),
            "phone": self._checked("phone", checked_phone, lazy("a telephone number, or nothing")),
            "role": self._role(),
            "starts_on": self._day("starts_on"),
            "ends_on": self._day("ends_on"),
        }
        if values["starts_on"] and values["ends_on"] and values["ends_on"] < values["starts_on"]:
            self._wrong("ends_on", self.cells["ends_on"], lazy("a day not before the start"))
        if values["role"] is AppointmentRole.SPECIALIST and not self.cells.get("expertise"):
            self._wrong("expertise", "", lazy("the area in which the specialist works"))
        if self.errors:
            return None
        return PersonRow(
            row=self.number, given_names=given, family_names=family, nationalities=nationalities, **values
        )

    def _name(self) -> tuple[str, str]:
        if "family_names" in self.cells:
            given, family = self.cells.get("given_names", ""), self.cells["family_names"]
        else:
            given, family = split_name(self.cells["name"])
        for part in (given, family):
            if not 1 <= len(part) <= 100 or part[0] in "=+@":
                self._wrong(
                    "name",
                    f"{given} {family}".strip(),
                    lazy("given and family names, at most 100 characters each"),
                )
                break
        return given, family

    def _gender(self, m_means: Gender | None) -> Gender | None:
        text = fold(self.cells.get("gender", ""))
        if text == "m" and m_means:
            return m_means
        for gender, words in _GENDERS.items():
            if text in words:
                return gender
        expected = (
            lazy("man or woman in full: M alone can be either")
            if text == "m"
            else lazy("woman, man, other or nothing")
        )
        self._wrong("gender", self.cells["gender"], expected)
        return None

    def _role(self) -> AppointmentRole | None:
        text = self.cells.get("role", "")
        if not text:
            return AppointmentRole.OBSERVER
        found = _words(AppointmentRole).get(fold(text))
        if found is None:
            names = ", ".join(role.value for role in AppointmentRole)
            self._wrong("role", text, lazy("one of: %(names)s", names=names))
            return None
        return AppointmentRole(found)

    def _day(self, column: str) -> date | None:
        text = self.cells.get(column, "")
        if not text:
            return None
        try:
            return date.fromisoformat(text[:10] if len(text) in (10, 19) else "")
        except ValueError:
            self._wrong(column, text, lazy("a date as 2019-10-20, or nothing"))
            return None

    def _take(self, column: str, read: Callable[[str], list[str]], expected: Any) -> tuple[str, ...]:
        try:
            return tuple(read(self.cells.get(column, "")))
        except ValueError as error:
            self._wrong(column, str(error), expected)
            return ()

    def _checked(self, column: str, check: Callable[[str | None], str | None], expected: Any) -> str | None:
        try:
            return check(self.cells.get(column))
        except InvalidInput:
            self._wrong(column, self.cells[column], expected)
            return None

    def _wrong(self, column: str, value: str, expected: Any) -> None:
        self.errors.append(RowError(self.number, column, value[:80], expected))


def _headings(headers: list[str]) -> dict[str, str]:
    known = {alias: key for key, aliases in HEADINGS.items() for alias in (fold(key), *aliases)}
    found: dict[str, str] = {}
    for header in headers:
        key = known.get(fold(header))
        if key:
            found.setdefault(key, header)
    absent = [key for key in ("name", "nationalities") if key not in found]
    if "family_names" in found and "given_names" in found:
        absent = [key for key in absent if key != "name"]
    if absent:
        words = lazy(
            "The file is no list of people: these columns are missing: %(names)s.", names=", ".join(absent)
        )
        raise InvalidFile(words, [RowError(1, key, None, lazy("a column of this name")) for key in absent])
    return found


def _each(text: str, read: Callable[[str], str | None]) -> list[str]:
    found = []
    for part in re.split(r"[;,/|]", text):
        if part.strip():
            value = read(part)
            if value is None:
                raise ValueError(part.strip())
            found.append(value)
    return sorted(set(found))


def _words(enumeration: type[E]) -> dict[str, str]:
    """The values of an enumeration by every way to write them: value, or label in one of the languages."""
    known = {fold(member.value): member.value for member in enumeration}
    for code in LANGUAGES:
        with in_locale(code):
            known.update({fold(str(member.label)): member.value for member in enumeration})
    return known


def _languages() -> dict[str, str]:
    from babel import Locale

    known: dict[str, str] = {}
    for code in LANGUAGES:
        for each, name in Locale.parse(code).languages.items():
            if len(each) == 2:
                known.setdefault(each, each)
                known.setdefault(fold(name), each)
    return known
