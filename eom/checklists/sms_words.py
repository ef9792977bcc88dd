"""What a sender is answered: plain sentences in their language, in 160 characters of GSM 03.38 where possible."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from eom.checklists.sms_code import AnswerKind, Code, CodeBook, Problem, ProblemKind, Reading
from eom.core.i18n import _

LIMIT = 160
# GSM 03.38, the basic alphabet; those of the extension count twice.
BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    "ÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = "^{}\\[~]|€"
_ALIKE = {
    "“": '"',
    "”": '"',
    "‘": "'",
    "’": "'",
    "–": "-",
    "—": "-",
    "…": "...",
    "«": '"',
    "»": '"',
    "№": "no.",
}


def gsm(text: str) -> str:
    """The text in the alphabet of GSM 03.38: accents that it lacks are dropped, what is left becomes “?”."""
    return "".join(_sayable(char) for char in text)


def _sayable(char: str) -> str:
    if char in BASIC or char in EXTENSION:
        return char
    if char in _ALIKE:
        return _ALIKE[char]
    base = unicodedata.normalize("NFKD", char)[:1]
    return base if base in BASIC else " " if char.isspace() else "?"


def length(text: str) -> int:
    """Characters of GSM 03.38 that a text takes."""
    return sum(2 if char in EXTENSION else 1 for char in text)


def fitted(text: str) -> str:
    """The text as it is sent: in GSM characters, cut at a word when it is longer than one message."""
    said = gsm(text)
    if length(said) <= LIMIT:
        return said
    while length(said) > LIMIT - 3:
        said = said[:-1]
    return said.rsplit(" ", 1)[0] + "..." if " " in said else said + "..."


def together(sentences: Sequence[str]) -> str:
    """As many whole sentences as one message takes, the first in any case."""
    kept = gsm(sentences[0]) if sentences else ""
    for each in sentences[1:]:
        longer = f"{kept} {gsm(each)}"
        if length(longer) > LIMIT:
            break
        kept = longer
    return fitted(kept)


def received(reading: Reading) -> str:
    """What was understood."""
    said = [_said(code, reading.values[code.key]) for code in _given(reading)]
    head = (
        _("%(keyword)s %(station)s received.", keyword=reading.keyword, station=reading.station)
        if reading.station
        else _("%(keyword)s received.", keyword=reading.keyword)
    )
    tail = [_("The letter O was read as zero in %(letters)s.", letters=", ".join(reading.zeros))]
    return together([head, *(tail if reading.zeros else []), _shortened(" ".join(said), head)])


def _given(reading: Reading) -> list[Code]:
    codes = reading.book.codes if reading.book else ()
    return [code for code in codes if code.key in reading.values]


def _said(code: Code, value: str) -> str:
    if code.kind is AnswerKind.TEXT:
        return f"{code.sign}={value[:20]}"
    signs = {name: sign for sign, name in code.options}
    if code.kind in (AnswerKind.ONE, AnswerKind.SEVERAL):
        return f"{code.sign}={''.join(signs.get(name, name) for name in value.split())}"
    return f"{code.sign}={value}"


def _shortened(said: str, head: str) -> str:
    room = LIMIT - length(gsm(head)) - 1
    return said if length(gsm(said)) <= room else fitted(said)[: max(room - 4, 0)].rsplit(" ", 1)[0] + "..."


def refused(problems: Sequence[Problem], books: Sequence[CodeBook]) -> str:
    """What is wrong, as far as one message takes, and that nothing was kept."""
    sentences = [words(each, books) for each in problems]
    end = _("Please send it again.")
    with_end = together([sentences[0], end]) if len(sentences) == 1 else together([*sentences, end])
    return with_end


def words(problem: Problem, books: Sequence[CodeBook] = ()) -> str:
    """One problem as a sentence."""
    kind, named = problem.kind, {"letter": problem.sign, "value": problem.value}
    if kind is ProblemKind.KEYWORD:
        known = ", ".join(book.keyword for book in books[:6])
        return _("“%(value)s” is no form. Begin with: %(known)s.", value=problem.value, known=known or "HELP")
    if kind is ProblemKind.LETTER:
        if problem.sign:
            return _("%(letter)s%(value)s: this form has no letter %(letter)s.", **named)
        return _("“%(value)s” has no letter before it.", value=problem.value)
    if kind is ProblemKind.NO_VALUE:
        return _("%(letter)s has no value: expected %(wanted)s.", **named, wanted=wanted(problem.code))
    if kind is ProblemKind.VALUE:
        return _(
            "%(letter)s: “%(value)s” was not understood, expected %(wanted)s.",
            **named, wanted=wanted(problem.code),
        )  # fmt: skip
    if kind is ProblemKind.REPEATED:
        return _("The letter %(letter)s stands twice.", letter=problem.sign)
    return _plain(problem)


def _plain(problem: Problem) -> str:
    if problem.kind is ProblemKind.STATION:
        if problem.value:
            return _("There is no station %(code)s here.", code=problem.value)
        return _("The code of the station is missing after the first word.")
    if problem.kind is ProblemKind.NOTHING:
        return _("There are no answers after the station.")
    if problem.kind is ProblemKind.TOO_LONG:
        return _("The message is too long.")
    return _("The message is empty.")


def wanted(code: Code | None) -> str:
    """What a code takes, in a few words."""
    if code is None:
        return _("a value")
    if code.kind is AnswerKind.INTEGER:
        return _("a whole number")
    if code.kind is AnswerKind.DECIMAL:
        return _("a number")
    if code.kind is AnswerKind.TIME:
        return _("a time such as 730")
    if code.kind is AnswerKind.TEXT:
        return _("some words")
    signs = [sign for sign, _name in code.options]
    listed = ", ".join(signs) if len(signs) <= 4 else f"{signs[0]}-{signs[-1]}"
    if code.kind is AnswerKind.SEVERAL:
        return _("letters of %(listed)s", listed=listed)
    return _("one of %(listed)s", listed=listed)


def help_text(books: Sequence[CodeBook]) -> str:
    """How a message is written."""
    known = ", ".join(book.keyword for book in books[:6])
    example = _example(books[0]) if books else ""
    return together(
        [
            _("Write: %(example)s (word, station, answers).", example=example)
            if example
            else _("No form is open."),
            _("Words: %(known)s. SAFE says that you are safe.", known=known or "-"),
        ]
    )


def _example(book: CodeBook) -> str:
    return " ".join(
        [
            book.keyword,
            *(["12345"] if book.needs_station else []),
            *(f"{code.sign}1" for code in book.codes[:2]),
        ]
    )
