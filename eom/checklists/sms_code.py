"""Coded messages: ``OPEN 12345 A1 B0 C730`` read by the codes of a form, and written again.

A keyword, the code of the station where the form asks for one, then letters with their values. Nothing is
guessed: what does not fit is a ``Problem`` that names the letter, the value and what was expected.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

MAX_TEXT = 1600
MAX_SIGN = 8
_SEPARATORS = " \t\r\n,;:=.#/-_+*|"
_GAP = re.compile(r"[\s,;#|]+")
_INTEGER = re.compile(r"-?[0-9O]{1,12}(?![0-9O])")
_DECIMAL = re.compile(r"-?[0-9O]{1,12}(?:[.,][0-9O]{1,6})?(?![0-9O])")
_TIME = re.compile(r"([0-9O]{1,2})\s?[:.H]\s?([0-9O]{2})(?![0-9O])|([0-9O]{1,4})(?![0-9O])")
_LETTERS = re.compile(r"[A-Z]+")
_DIGITS = re.compile(r"[0-9]+")
_WORD = re.compile(r"[^\s,;#|]+")


class AnswerKind(StrEnum):
    """What a code carries."""

    INTEGER = "integer"
    DECIMAL = "decimal"
    ONE = "one"
    SEVERAL = "several"
    TIME = "time"
    TEXT = "text"


class ProblemKind(StrEnum):
    """What hinders reading a message."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    KEYWORD = "keyword"
    STATION = "station"
    NOTHING = "nothing"
    LETTER = "letter"
    REPEATED = "repeated"
    NO_VALUE = "no_value"
    VALUE = "value"


@dataclass(frozen=True)
class Code:
    """A letter or word (``sign``, A to Z) and the question it answers.

    ``options`` are the choices in their order, each with what is written for it (digits for one, a letter for
    several) and its name in the form.
    """

    sign: str
    key: str
    kind: AnswerKind
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class CodeBook:
    """What can be written about one form. ``letter_o`` as a code makes O a letter and never a zero."""

    keyword: str
    codes: tuple[Code, ...]
    needs_station: bool = True

    @property
    def has_letter_o(self) -> bool:
        """Whether an O may begin a code, so that it cannot stand for a zero."""
        return any(code.sign.startswith("O") for code in self.codes)

    def code(self, sign: str) -> Code | None:
        """The code of a letter or word."""
        return next((code for code in self.codes if code.sign == sign), None)


@dataclass(frozen=True)
class Problem:
    """One thing wrong: the letter (empty if none), what was written, and the code whose value was expected."""

    kind: ProblemKind
    sign: str = ""
    value: str = ""
    code: Code | None = None


@dataclass
class Reading:
    """What a message came to. ``values`` are XForm values by question key; ``zeros`` the signs in whose
    numbers the letter O was read as a zero."""

    book: CodeBook | None = None
    keyword: str = ""
    station: str = ""
    values: dict[str, str] = field(default_factory=dict)
    signs: list[str] = field(default_factory=list)
    zeros: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        """Whether it can be kept as a filled form."""
        return not self.problems


def fold(text: str) -> str:
    """Capital letters without accents and plain digits, one character for each of ``text``."""
    return "".join(_folded(char) for char in text)


def _folded(char: str) -> str:
    digit = unicodedata.digit(char, None)
    if digit is not None:
        return str(digit)
    base = unicodedata.normalize("NFKD", char)[:1].upper()
    return base if len(base) == 1 else char


def keyword_of(text: str) -> str:
    """The first word of a message as it is compared; letters only, also when a number is glued to it."""
    found = _LETTERS.match(fold(text).lstrip(_SEPARATORS))
    return found.group() if found else ""


def parse(books: Sequence[CodeBook], text: str) -> Reading:
    """Read a message by the codes of a mission's forms. Never raises."""
    if len(text) > MAX_TEXT:
        return Reading(problems=[Problem(ProblemKind.TOO_LONG)])
    folded = fold(text)
    start = len(folded) - len(folded.lstrip(_SEPARATORS))
    word = keyword_of(text)
    reading = Reading(keyword=word)
    if not folded.strip(_SEPARATORS):
        reading.problems.append(Problem(ProblemKind.EMPTY))
        return reading
    reading.book = next((book for book in books if book.keyword == word), None)
    if reading.book is None:
        shown = _WORD.search(text.strip())
        reading.problems.append(Problem(ProblemKind.KEYWORD, value=(shown.group() if shown else "")[:20]))
        return reading
    _Scan(reading.book, text, folded, start + len(word), reading).run()
    return reading


class _Scan:
    """One walk over one message; ``at`` is the place of the next character."""

    def __init__(self, book: CodeBook, text: str, folded: str, at: int, reading: Reading) -> None:
        self.book, self.text, self.folded, self.at, self.reading = book, text, folded, at, reading
        self.codes = sorted(book.codes, key=lambda code: -len(code.sign))
        self.zero = not book.has_letter_o

    def run(self) -> None:
        """The station, then the codes."""
        if self.book.needs_station and not self.station():
            self.problem(ProblemKind.STATION)
            return
        while self.skip(_SEPARATORS):
            self.one()
        if not self.reading.signs and not self.reading.problems:
            self.problem(ProblemKind.NOTHING)

    def station(self) -> bool:
        """Take the code of the station: the next word, which has a digit in it."""
        self.skip(_SEPARATORS)
        found = _WORD.match(self.folded, self.at)
        if found is None or not any(char.isdigit() for char in found.group()):
            return False
        # ``A1`` as the first word is an answer whose station was forgotten, not a station.
        if re.fullmatch(r"[A-Z]\d{1,2}", found.group()) and self.book.code(found.group()[0]):
            return False
        self.reading.station = found.group()[:60]
        self.at = found.end()
        return True

    def skip(self, characters: str) -> bool:
        """Go past these; whether anything is left."""
        while self.at < len(self.folded) and self.folded[self.at] in characters:
            self.at += 1
        return self.at < len(self.folded)

    def one(self) -> None:
        """Take one code and its value."""
        code = next((each for each in self.codes if self.folded.startswith(each.sign, self.at)), None)
        if code is None:
            self.unknown()
            return
        self.at += len(code.sign)
        self.skip(" \t\r\n=:.,")
        is_again = code.sign in self.reading.signs
        if is_again:
            self.problem(ProblemKind.REPEATED, code.sign, "", code)
        else:
            self.reading.signs.append(code.sign)
        value = self.value(code)
        if value is not None and not is_again:
            self.reading.values[code.key] = value

    def unknown(self) -> None:
        """Name a letter that the form does not have, with what follows it up to the next gap."""
        found = _LETTERS.match(self.folded, self.at)
        rest = _WORD.match(self.folded, self.at)
        end = rest.end() if rest else self.at + 1
        if found is not None and found.end() < end:
            digits = re.compile(r"[0-9.,:]*").match(self.folded, found.end())
            end = digits.end() if digits else found.end()
        sign = found.group() if found else ""
        written = self.text[self.at : end]
        self.problem(ProblemKind.LETTER, sign[:MAX_SIGN], written[len(sign) :][:20] if sign else written[:20])
        self.at = max(end, self.at + 1)

    def value(self, code: Code) -> str | None:
        """The value that stands here, as an XForm holds it; None for a problem, which is noted."""
        reader = {
            AnswerKind.INTEGER: self.number, AnswerKind.DECIMAL: self.number, AnswerKind.TIME: self.time,
            AnswerKind.ONE: self.choice, AnswerKind.SEVERAL: self.choices, AnswerKind.TEXT: self.rest,
        }[code.kind]  # fmt: skip
        start = self.at
        value = reader(code)
        if value is None:
            self.at = start
            self.refuse(code)
        return value

    def refuse(self, code: Code) -> None:
        """Note that no value, or a wrong one, stands here, and go past it."""
        found = re.compile(r"[^\s,;#|A-Z]+|[A-Z]+(?=[\s,;#|]|$)").match(self.folded, self.at)
        is_letters = found is not None and found.group().isalpha() and code.kind is not AnswerKind.SEVERAL
        if found is None or (is_letters and self.begins_code()):
            self.problem(ProblemKind.NO_VALUE, code.sign, "", code)
            return
        self.problem(ProblemKind.VALUE, code.sign, self.text[self.at : found.end()][:20], code)
        self.at = found.end()

    def begins_code(self) -> bool:
        """Whether a code that has not been given yet begins here."""
        return any(
            self.folded.startswith(each.sign, self.at) and each.sign not in self.reading.signs
            for each in self.codes
        )

    def digits(self, written: str, code: Code) -> str | None:
        """Digits with O read as zero where it cannot be a letter; says so in ``zeros``."""
        if "O" in written:
            if not self.zero or not _DIGITS.search(written):
                return None
            if code.sign not in self.reading.zeros:
                self.reading.zeros.append(code.sign)
        return written.replace("O", "0")

    def number(self, code: Code) -> str | None:
        """A whole or decimal number, without leading zeros."""
        pattern = _INTEGER if code.kind is AnswerKind.INTEGER else _DECIMAL
        found = (pattern if self.zero else _plain(pattern)).match(self.folded, self.at)
        text = self.digits(found.group(), code) if found else None
        if text is None or found is None:
            return None
        self.at = found.end()
        return f"{Decimal(text.replace(',', '.')):f}"

    def time(self, code: Code) -> str | None:
        """A time of day: ``730``, ``7:30``, ``7`` and ``0730`` are 07:30 and 07:00."""
        found = (_TIME if self.zero else _plain(_TIME)).match(self.folded, self.at)
        text = self.digits(found.group(), code) if found else None
        if text is None or found is None:
            return None
        parts = re.findall(r"\d+", text)
        if len(parts) == 1:
            parts = [parts[0][:-2], parts[0][-2:]] if len(parts[0]) > 2 else [parts[0], "0"]
        hour, minute = int(parts[0]), int(parts[1])
        if hour > 23 or minute > 59:
            return None
        self.at = found.end()
        return f"{hour:02}:{minute:02}"

    def choice(self, code: Code) -> str | None:
        """One choice, by its number, or by the letter of its place (A is the first)."""
        signs = dict(code.options)
        found = _DIGITS.match(self.folded, self.at)
        if found is not None:
            name = signs.get(found.group())
        else:
            found = re.compile(r"[A-Z](?![A-Z])").match(self.folded, self.at)
            if found is None and self.folded.startswith("O", self.at) and self.zero and "0" in signs:
                return None
            place = ord(found.group()) - ord("A") if found else -1
            if found and found.group() == "O" and self.zero and "0" in signs and place >= len(code.options):
                self.reading.zeros.append(code.sign)
                self.at = found.end()
                return signs["0"]
            name = code.options[place][1] if 0 <= place < len(code.options) else None
        if found is None or name is None:
            return None
        self.at = found.end()
        return name

    def choices(self, code: Code) -> str | None:
        """Several choices, as letters (``ACD``) or, when there are at most nine, as digits (``134``)."""
        found = _LETTERS.match(self.folded, self.at)
        numbered = dict(code.options)
        if found is None and len(code.options) <= 9:
            found = _DIGITS.match(self.folded, self.at)
            numbered = {str(place): name for place, (_sign, name) in enumerate(code.options, 1)}
        written = found.group() if found else ""
        if found is None or len(set(written)) != len(written) or not set(written) <= set(numbered):
            return None
        self.at = found.end()
        chosen = {numbered[sign] for sign in written}
        return " ".join(name for _sign, name in code.options if name in chosen)

    def rest(self, code: Code) -> str | None:
        """Text: everything that is left, as it was written."""
        text = " ".join(self.text[self.at :].split())
        self.at = len(self.folded)
        return text or None

    def problem(self, kind: ProblemKind, sign: str = "", value: str = "", code: Code | None = None) -> None:
        """Note a problem."""
        self.reading.problems.append(Problem(kind, sign, value.strip(), code))


def _plain(pattern: re.Pattern[str]) -> re.Pattern[str]:
    """The pattern where O is a letter of its own."""
    return re.compile(pattern.pattern.replace("0-9O", "0-9"))


def encode(book: CodeBook, station: str, values: Mapping[str, str]) -> str:
    """The message that says these values: what ``parse`` reads back. Text stands last."""
    words = [book.keyword, *([station] if book.needs_station else [])]
    for code in sorted(book.codes, key=lambda each: each.kind is AnswerKind.TEXT):
        if (value := values.get(code.key)) is not None:
            words.append(f"{code.sign}{_written(code, value)}")
    return " ".join(words)


def _written(code: Code, value: str) -> str:
    signs = {name: sign for sign, name in code.options}
    if code.kind is AnswerKind.ONE:
        return signs[value]
    if code.kind is AnswerKind.SEVERAL:
        return "".join(signs[name] for name in value.split())
    if code.kind is AnswerKind.TIME:
        return value.replace(":", "").removeprefix("0")
    return f" {value}" if code.kind is AnswerKind.TEXT else value
