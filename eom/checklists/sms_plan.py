"""Which letter of a message answers which question of a form: what a form can carry, and a first proposal."""

from __future__ import annotations

from collections.abc import Mapping

from eom.checklists.sms_code import AnswerKind, Code, CodeBook, fold
from eom.checklists.xlsform_form import PublishedForm, Question

STATIONS = "stations.csv"
# O and I are left out: on a telephone they look like digits.
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
KEYWORDS = {"opening": "OPEN", "voting": "VOTE", "closing": "CLOSE", "counting": "COUNT", "incident": "ALERT"}
RESERVED = frozenset({"SAFE", "HELP"})
_KINDS = {
    "integer": AnswerKind.INTEGER, "range": AnswerKind.DECIMAL, "decimal": AnswerKind.DECIMAL,
    "select_one": AnswerKind.ONE, "select_multiple": AnswerKind.SEVERAL, "time": AnswerKind.TIME,
    "text": AnswerKind.TEXT,
}  # fmt: skip
YES, NO = frozenset({"yes", "si", "sim", "oui", "1"}), frozenset({"no", "nao", "non", "0"})


def carried(form: PublishedForm) -> dict[str, Question]:
    """The questions that a message can answer, by their keys, in the order of the form."""
    return {each.key: each for each in form.questions if _can_carry(each)}


def asks_station(form: PublishedForm) -> bool:
    """Whether the form asks for the polling station from the list."""
    return any(each.list_file == STATIONS for each in form.questions)


def _can_carry(question: Question) -> bool:
    kind = _KINDS.get(question.kind)
    if kind is None or not question.is_asked or question.repeat or question.list_file:
        return False
    if kind in (AnswerKind.ONE, AnswerKind.SEVERAL):
        return 0 < len(question.choices) <= (26 if kind is AnswerKind.SEVERAL else 99)
    return True


def proposal(form: PublishedForm) -> dict[str, str]:
    """Letters by the key of their question, in the form's order; of texts only the last one, at the end."""
    questions = carried(form)
    texts = [key for key, each in questions.items() if _KINDS[each.kind] is AnswerKind.TEXT]
    keys = [key for key in questions if key not in texts]
    chosen = keys[: len(LETTERS) - 1] + texts[-1:]
    return dict(zip(chosen, LETTERS, strict=False))


def keyword_for(kind: str, form_id: str) -> str:
    """The word that begins a message about a form, unless another is chosen."""
    letters = "".join(char for char in fold(form_id) if "A" <= char <= "Z")
    return KEYWORDS.get(kind) or letters[:12] or "FORM"


def book(form: PublishedForm, keyword: str, signs: Mapping[str, str]) -> CodeBook:
    """The codes of a form; a sign whose question the form does not have is left out."""
    questions = carried(form)
    codes = tuple(_code(questions[key], sign) for key, sign in signs.items() if key in questions)
    return CodeBook(keyword, codes, asks_station(form))


def _code(question: Question, sign: str) -> Code:
    kind = _KINDS[question.kind]
    names = [choice.name for choice in question.choices]
    if kind is AnswerKind.ONE:
        return Code(sign, question.key, kind, tuple(zip(_numbers(names), names, strict=True)))
    if kind is AnswerKind.SEVERAL:
        letters = [chr(ord("A") + place) for place in range(len(names))]
        return Code(sign, question.key, kind, tuple(zip(letters, names, strict=True)))
    return Code(sign, question.key, kind)


def _numbers(names: list[str]) -> list[str]:
    """What is written for each choice: its place; where there is a yes and a no, 1 and 0, and 2 on for others."""
    yes = [place for place, name in enumerate(names) if name.lower() in YES]
    no = [place for place, name in enumerate(names) if name.lower() in NO]
    if len(yes) != 1 or len(no) != 1:
        return [str(place) for place in range(1, len(names) + 1)]
    others = iter(range(2, len(names) + 2))
    return ["1" if at == yes[0] else "0" if at == no[0] else str(next(others)) for at in range(len(names))]
