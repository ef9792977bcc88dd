"""What is known of each submission besides its answers: the leading columns of every table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.orm import Session

from eom.checklists.export_options import Options
from eom.checklists.models.form import Form
from eom.checklists.models.submission import Submission, SubmissionState
from eom.checklists.queries import exporting
from eom.checklists.queries.answers import words_of_flag
from eom.checklists.queries.rules import words_by_rule
from eom.checklists.xlsform_form import PublishedForm
from eom.core.i18n import lazy
from eom.core.spreadsheets import Field, Kind
from eom.missions.models.mission import Mission

Make = Callable[[Sequence[Any]], Sequence[Any]]


@dataclass(frozen=True)
class Fact:
    """A leading column: its name as a code and in words, what the database gives, and what is made of it."""

    name: str
    words: Any
    kind: Kind
    column: Any
    make: Make | None = None


def facts(
    session: Session,
    mission: Mission,
    form: Form,
    options: Options,
    versions_of_form: Sequence[PublishedForm],
) -> list[Fact]:
    """The facts about a form's submissions, with the sender only when people go out."""
    moment = lambda column: exporting.instant_of(session, column)  # noqa: E731 - reads as a column below
    text = lambda column: exporting.text_of(session, column)  # noqa: E731
    S, K = Submission, Kind  # noqa: N806 - a table of columns
    versions = _named(exporting.names_of_versions(session, form))
    rounds = _named(exporting.days_of_rounds(session, mission))
    areas = _named(exporting.names_of_areas(session, mission))
    return [
        Fact("instance_id", lazy("Instance id"), K.TEXT, S.instance_id),
        Fact("form_version", lazy("Version"), K.CODE, S.form_version_id, versions),
        Fact("received_utc", lazy("Received (UTC)"), K.INSTANT, moment(S.received_at)),
        Fact("started_utc", lazy("Started (UTC)"), K.INSTANT, moment(S.started_at)),
        Fact("ended_utc", lazy("Ended (UTC)"), K.INSTANT, moment(S.ended_at)),
        Fact("round", lazy("Polling day"), K.DAY, S.round_id, rounds),
        Fact("area", lazy("Area"), K.CODE, exporting.AREA, areas),
        Fact("centre", lazy("Voting centre"), K.CODE, exporting.CENTRE),
        Fact("polling_station", lazy("Polling station"), K.CODE, exporting.STATION_CODE),
        *([Fact("observer", lazy("Sent by"), K.CODE, exporting.OBSERVER)] if options.people else []),
        Fact("state", lazy("State"), K.CODE, text(S.state), _states(options)),
        Fact("flag_count", lazy("To look at"), K.INTEGER, S.flag_count),
        Fact("flags", lazy("What to look at"), K.TEXT, text(S.flags), _flags(_flag_words(session, form, options, versions_of_form))),
        Fact("latitude", lazy("Latitude"), K.DECIMAL, S.latitude),
        Fact("longitude", lazy("Longitude"), K.DECIMAL, S.longitude),
        Fact("accuracy", lazy("Accuracy in metres"), K.DECIMAL, S.accuracy),
    ]  # fmt: skip


def fields(found: Iterable[Fact], options: Options, taken: set[str]) -> list[Field]:
    """Headings of facts: in words beside labels; a code that is a question's gives way to the question."""
    if options.language:
        return [Field(str(each.words), each.kind) for each in found]
    return [
        Field(f"submission_{each.name}" if each.name in taken else each.name, each.kind) for each in found
    ]


def columns_of(found: Sequence[Fact]) -> list[sa.ColumnElement[Any]]:
    """What to select for them; columns of one name come apart by their place."""
    return [each.column for each in found]


def _named(names: Mapping[int, str]) -> Make:
    return lambda ids: list(map(names.get, ids))


def _states(options: Options) -> Make | None:
    if not options.language:
        return None
    words = {state.value: str(state.label) for state in SubmissionState}
    return lambda states: [words[state] for state in states]


def _flags(words: Callable[[str, str], str] | None) -> Make:
    """What is noted of each submission; None where there is nothing to look at.

    As codes ``rule:question`` with spaces between, in words with semicolons.
    """

    def of(text: str) -> str:
        flags = [(flag["rule"], flag["question"]) for flag in orjson.loads(text)]
        if words is not None:
            return "; ".join(words(*each) for each in flags)
        return " ".join(":".join(part for part in each if part) for each in flags)

    return lambda documents: [None if text == "[]" else of(text) for text in documents]


def _flag_words(
    session: Session, form: Form, options: Options, versions: Sequence[PublishedForm]
) -> Callable[[str, str], str] | None:
    """What gives the words of a flag with the label of its question; None for codes."""
    if not options.language:
        return None
    own = words_by_rule(session, form.id)
    labels = {
        question.key: question.label(options.language)
        for version in reversed(versions)
        for question in version.questions
    }

    @cache
    def words(rule: str, question: str) -> str:
        told = own.get(rule) or words_of_flag(rule)
        return f"{told}: {labels.get(question, question)}" if question else told

    return words
