"""The answers of a submission in the reader's words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy.orm import Session

from eom.checklists.models.submission import Finding, Submission, SubmissionAttachment
from eom.checklists.openrosa_checks import Rule
from eom.checklists.queries.forms import definition
from eom.checklists.queries.media import CONTENDERS, OTHER, STATIONS, Store, contenders
from eom.checklists.queries.rules import PREFIX, any_of_mission, words_of_rules
from eom.checklists.xlsform_form import MEDIA_KINDS, Group, PublishedForm, Question, in_language
from eom.core import i18n
from eom.core.i18n import _, ngettext
from eom.missions.models.mission import Mission

Texts = dict[str, str]


@dataclass(frozen=True)
class LabelledAnswer:
    """One answer: the question and the answer in the reader's words; ``attachment`` for a file that is held."""

    key: str
    label: str
    value: str
    kind: str
    attachment: SubmissionAttachment | None = None


@dataclass(frozen=True)
class AnswerSection:
    """A group of the form, or one row of a repeat, with the questions that were answered."""

    title: str
    answers: list[LabelledAnswer]


@dataclass(frozen=True)
class LabelledFlag:
    """Something to look at: what is wrong, with which question (else empty), and what was sent."""

    words: str
    question: str
    value: str
    row: int


def answers_with_labels(
    session: Session, store: Store, submission: Submission, language: str
) -> list[AnswerSection]:
    """The answers in the order of the form, labelled in a language (ISO 639-1) or the form's first.

    Only what was answered is there; recorded and calculated values are left out.
    """
    form = definition(submission.version)
    with i18n.in_locale(language):
        words = _Words(session, store, submission, form, language)
        return list(_sections(form, submission.answers, words))


def flags_in_words(submission: Submission, language: str) -> list[LabelledFlag]:
    """What the checks noted about a submission, in a language."""
    form = definition(submission.version)
    questions = {question.key: question for question in form.questions}
    own = words_of_rules(submission) if any_of_mission(submission.flags) else {}
    with i18n.in_locale(language):
        return [
            LabelledFlag(
                own.get(flag["rule"]) or words_of_flag(flag["rule"]),
                questions[flag["question"]].label(language)
                if flag["question"] in questions
                else flag["question"],
                flag["value"],
                flag["row"],
            )
            for flag in submission.flags
        ]


def kinds_of_flags(submission: Submission, language: str) -> list[str]:
    """What kinds of things the checks noted, each once."""
    with i18n.in_locale(language):
        return list(dict.fromkeys(words_of_flag(flag["rule"]) for flag in submission.flags))


def words_of_flag(rule: str) -> str:
    """What the flag of a rule is called."""
    if rule.startswith(PREFIX):
        return _("A rule that was taken away")
    kind = Rule if rule in {each.value for each in Rule} else Finding
    return str(kind(rule).label)


def _sections(form: PublishedForm, answers: dict[str, Any], words: _Words) -> Iterator[AnswerSection]:
    """Neighbouring questions of the same group make a section; a repeat makes one for each of its rows."""
    asked = [question for question in form.questions if question.is_asked]
    for above, run in groupby(asked, lambda question: _groups_above(form, question)):
        questions = list(run)
        title = " · ".join(text for group in above if (text := in_language(group.labels, words.language)))
        repeats = [group.key for group in above if group.repeats]
        for numbers, document in _rows(answers, repeats):
            known = [words.answer(each, document[each.key]) for each in questions if each.key in document]
            if known:
                yield AnswerSection(f"{title} {'.'.join(map(str, numbers))}".strip(), known)


def _groups_above(form: PublishedForm, question: Question) -> tuple[Group, ...]:
    above = [group for group in form.groups if question.path.startswith(f"{group.path}/")]
    return tuple(sorted(above, key=lambda group: len(group.path)))


def _rows(
    document: dict[str, Any], repeats: list[str], numbers: tuple[int, ...] = ()
) -> Iterator[tuple[tuple[int, ...], dict[str, Any]]]:
    if not repeats:
        yield numbers, document
        return
    for number, row in enumerate(document.get(repeats[0], []), 1):
        yield from _rows(row, repeats[1:], (*numbers, number))


class _Words:
    """How the answers of one submission are written for one reader."""

    def __init__(
        self, session: Session, store: Store, submission: Submission, form: PublishedForm, language: str
    ) -> None:
        self.language = language
        self.files = {each.name: each for each in submission.attachments}
        self.lists: dict[str, Texts] = {STATIONS: {OTHER: _("Another station")}}
        if submission.polling_station is not None and submission.station_answer:
            station = submission.polling_station
            self.lists[STATIONS][submission.station_answer] = f"{station.code} · {station.centre.name}"
        if CONTENDERS in form.media:
            mission = session.get_one(Mission, submission.mission_id)
            listed = contenders(session, store, mission)
            self.lists[CONTENDERS] = {**listed, OTHER: _("Another party or candidate")}

    def answer(self, question: Question, value: Any) -> LabelledAnswer:
        """A question with its answer in words."""
        file = self.files.get(value) if question.kind in MEDIA_KINDS and isinstance(value, str) else None
        return LabelledAnswer(
            question.key, question.label(self.language), self._text(question, value), question.kind, file
        )

    def _text(self, question: Question, value: Any) -> str:
        if question.kind == "acknowledge":
            return _("Yes")
        if question.choices or question.list_file:
            texts = {each.name: in_language(each.labels, self.language) for each in question.choices}
            texts |= self.lists.get(question.list_file or "", {})
            chosen = value if isinstance(value, list) else [value]
            return "; ".join(texts.get(each) or str(each) for each in chosen)
        if isinstance(value, int | float):
            return i18n.number(value)
        if isinstance(value, dict):
            return _point(value)
        if isinstance(value, list):
            return ngettext("%(num)d point", "%(num)d points", len(value))
        return _time(question.kind, str(value))


def _point(point: dict[str, Any]) -> str:
    place = f"{point['latitude']:.5f}, {point['longitude']:.5f}"
    return f"{place} (± {i18n.number(point['accuracy'], 0)} m)" if point.get("accuracy") else place


def _time(kind: str, text: str) -> str:
    """A date, a time or an instant (at the device's own offset) as the reader writes it; else the text."""
    try:
        if kind == "date":
            return i18n.day(date.fromisoformat(text))
        if kind == "time":
            return text[:5]
        if kind == "dateTime":
            at = datetime.fromisoformat(text)
            return i18n.moment(at, at.tzinfo)
    except ValueError:
        return text
    return text
