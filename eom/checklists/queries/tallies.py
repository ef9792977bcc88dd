"""Counting what was answered, in SQL: by value, and by area, person and hour."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from eom.checklists.models.app_user import AppUser
from eom.checklists.models.form import Form
from eom.checklists.models.submission import Submission, SubmissionState
from eom.checklists.queries.forms import definition, versions
from eom.checklists.queries.tally_groups import Breakdown, Group, grouping, hour_of
from eom.checklists.xlsform_form import PublishedForm, Question
from eom.core.errors import NotFound
from eom.core.i18n import lazy
from eom.deployment.models import Assignment, Selection
from eom.missions.models.mission import Mission
from eom.observers.models import Appointment, Person
from eom.stations.models import PollingStation, VotingCentre
from eom.stations.queries import Areas, station_within

Value = str | None
Counts = dict[Group, dict[Value, int]]


@dataclass(frozen=True)
class Picked:
    """The reports of a form that are counted: current ones, without rejected ones unless a state is asked for.

    ``areas`` are those that the reader may see; ``area_id`` and ``round_id`` narrow further; ``drawn`` keeps
    stations drawn at random.
    """

    mission: Mission
    form: Form
    areas: Areas = None
    area_id: int | None = None
    round_id: int | None = None
    state: SubmissionState | None = None
    drawn: bool = False

    def criteria(self) -> list[Any]:
        """What a row of submissions (with its centre beside it) has to be."""
        wanted = [Submission.form_id == self.form.id, *_that_count(self.mission, self.areas, self.state)]
        if self.area_id is not None:
            wanted.append(VotingCentre.first_area_id == self.area_id)
        if self.round_id is not None:
            wanted.append(Submission.round_id == self.round_id)
        if self.drawn:
            wanted.append(_is_drawn())
        return wanted


def form_in(session: Session, mission: Mission, form_id: int) -> Form:
    """A form of a mission. Raises NotFound, also for another mission's."""
    found = session.scalar(sa.select(Form).where(Form.id == form_id, Form.mission_id == mission.id))
    if found is None:
        raise NotFound(lazy("There is no such form in this mission."))
    return found


@dataclass(frozen=True)
class Counted:
    """A question whose answers are counted, and the keys of the repeats that it stands in, outermost first."""

    question: Question
    repeats: tuple[str, ...] = ()


def questions_of(session: Session, form: Form) -> dict[str, Counted]:
    """What a form's versions ask or work out, by key, as the newest does; choices of older ones stay known."""
    told: dict[str, Counted] = {}
    for version in versions(session, form):
        published = definition(version)
        for question in published.questions:
            if question.is_asked or question.kind == "calculate":
                newer = told.get(question.key)
                told[question.key] = (
                    replace(newer, question=_joined(newer.question, question))
                    if newer
                    else Counted(question, _repeats_above(published, question))
                )
    return told


def _repeats_above(form: PublishedForm, question: Question) -> tuple[str, ...]:
    above = [each for each in form.groups if each.repeats and question.path.startswith(f"{each.path}/")]
    return tuple(each.key for each in sorted(above, key=lambda each: len(each.path)))


def _joined(newer: Question, older: Question) -> Question:
    known = {choice.name for choice in newer.choices}
    more = tuple(choice for choice in older.choices if choice.name not in known)
    return replace(newer, choices=(*newer.choices, *more)) if more and newer.kind == older.kind else newer


def reports_by_form(session: Session, mission: Mission, areas: Areas) -> dict[int, int]:
    """How many reports count, by the form's id."""
    query = (
        sa.select(Submission.form_id, sa.func.count(Submission.id))
        .where(*_that_count(mission, areas))
        .group_by(Submission.form_id)
    )
    return {form_id: count for form_id, count in session.execute(query)}  # noqa: C416 - rows are no pairs


def _that_count(mission: Mission, areas: Areas, state: SubmissionState | None = None) -> list[Any]:
    """What a report of a mission has to be to count."""
    return [
        Submission.mission_id == mission.id,
        Submission.is_current,
        Submission.state == state if state else Submission.state != SubmissionState.REJECTED,
        station_within(areas, Submission.polling_station_id),
    ]


def report_count(session: Session, picked: Picked) -> int:
    """How many reports are counted."""
    return session.scalar(_from(sa.select(sa.func.count(Submission.id))).where(*picked.criteria())) or 0


def station_count(session: Session, picked: Picked) -> int:
    """From how many polling stations they come."""
    count = sa.func.count(sa.distinct(Submission.polling_station_id))
    return session.scalar(_from(sa.select(count)).where(*picked.criteria())) or 0


def population(session: Session, mission: Mission, area_id: int | None, areas: Areas) -> int:
    """How many polling stations there are where the reports come from."""
    query = (
        sa.select(sa.func.count(PollingStation.id))
        .join(PollingStation.centre)
        .where(
            PollingStation.mission_id == mission.id,
            PollingStation.is_missing.is_(False),
            station_within(areas),
        )
    )
    return (
        session.scalar(query if area_id is None else query.where(VotingCentre.first_area_id == area_id)) or 0
    )


def counted(session: Session, picked: Picked, asked: Counted, by: Breakdown = Breakdown.NONE) -> Counts:
    """How often each value of a question was answered, by group; in a repeat each row is an answer.

    Values are texts as kept: a list of choices is its JSON. Groups are keys of ``labels_of``; hours those of
    the mission's zone.
    """
    sources, value = _answers(session, asked)
    columns = sa.select(grouping(session, by).label("group"), value.label("value")).select_from(Submission)
    counts: Counts = {}
    for key, text, count in session.execute(_counting(_from(columns, by, sources), picked)):
        at = hour_of(key, picked.mission.time_zone) if by is Breakdown.HOUR else key
        values = counts.setdefault(at, {})
        values[str(text)] = values.get(str(text), 0) + count
    return counts


def _counting(columns: Any, picked: Picked, *more: Any) -> Any:
    """How often each combination of columns stands there, without those that lack one but the first."""
    rows = columns.where(*picked.criteria(), *more).subquery()
    answered = [column.is_not(None) for column in list(rows.c)[1:]]
    return sa.select(*rows.c, sa.func.count()).where(*answered).group_by(*rows.c)


def crossed(session: Session, picked: Picked, first: Counted, second: Counted) -> dict[tuple[str, str], int]:
    """How often each pair of values was answered to two questions that stand in no repeat."""
    one, two = _plain(first.question.key), _plain(second.question.key)
    columns = sa.select(sa.literal(0).label("all"), one.label("one"), two.label("two")).select_from(
        Submission
    )
    found = session.execute(_counting(_from(columns), picked))
    return {(str(a), str(b)): count for _all, a, b, count in found}


def by_centre(
    session: Session, picked: Picked, asked: Counted, choice: str
) -> list[tuple[float, float, int, int]]:
    """(latitude, longitude, centre's id, state) of centres with reports: 2 where ``choice`` was answered, else 1."""
    sources, value = _answers(session, asked)
    chosen = sa.func.max(sa.case((_has_chosen(asked.question, value, choice), 2), else_=1))
    query = (
        _from(
            sa.select(VotingCentre.latitude, VotingCentre.longitude, VotingCentre.id, chosen).select_from(
                Submission
            ),
            sources=sources,
        )
        .where(*picked.criteria(), value.is_not(None), VotingCentre.latitude.is_not(None))
        .group_by(VotingCentre.id, VotingCentre.latitude, VotingCentre.longitude)
        .order_by(VotingCentre.id)
    )
    return [
        (round(latitude, 5), round(longitude, 5), id_, state)
        for latitude, longitude, id_, state in session.execute(query)
    ]


def of_centre(session: Session, picked: Picked, asked: Counted, centre_id: int) -> dict[Value, int]:
    """How often each value was answered in a centre."""
    sources, value = _answers(session, asked)
    columns = sa.select(sa.literal(0).label("all"), value.label("value")).select_from(Submission)
    query = _counting(_from(columns, sources=sources), picked, VotingCentre.id == centre_id)
    return {str(text): count for _all, text, count in session.execute(query)}


def chosen_in(question: Question, text: str) -> tuple[str, ...]:
    """The choices that a value stands for."""
    if question.kind not in ("select_multiple", "rank"):
        return (text,)
    try:
        listed = json.loads(text)
    except ValueError:
        return (text,)
    return tuple(map(str, listed)) if isinstance(listed, list) else (text,)


def answered_text(key: str) -> sa.ColumnElement[Any]:
    """The answer to a question outside repeats, as text."""
    return _plain(key)


def _from(query: Any, by: Breakdown = Breakdown.NONE, sources: Sequence[Any] = ()) -> Any:
    for source in sources:
        query = query.join(source, sa.true())
    query = query.outerjoin(PollingStation, PollingStation.id == Submission.polling_station_id).outerjoin(
        VotingCentre, VotingCentre.id == PollingStation.centre_id
    )
    if by is Breakdown.PERSON:
        query = (
            query.outerjoin(AppUser, AppUser.id == Submission.app_user_id)
            .outerjoin(Appointment, Appointment.id == AppUser.appointment_id)
            .outerjoin(Person, Person.id == Appointment.person_id)
        )
    return query


def _answers(session: Session, asked: Counted) -> tuple[list[Any], sa.ColumnElement[Any]]:
    """The rows of the repeats that a question stands in, one within the other, and its answer as text."""
    if not asked.repeats:
        return [], _plain(asked.question.key)
    is_postgresql = session.get_bind().dialect.name == "postgresql"
    sources: list[Any] = []
    document: Any = Submission.answers
    for number, repeat in enumerate(asked.repeats):
        rows = _rows_on_postgresql(document, repeat) if is_postgresql else _rows_on_sqlite(document, repeat)
        sources.append(rows.alias(f"row_{number}"))
        document = sources[-1].c.value
    if is_postgresql:
        return sources, document.op("->>")(asked.question.key)
    return sources, sa.func.json_extract(document, _path(asked.question.key))


def _rows_on_postgresql(document: Any, repeat: str) -> Any:
    listed = document.op("->")(repeat)
    rows = sa.case((sa.func.jsonb_typeof(listed) == "array", listed), else_=sa.cast(sa.literal("[]"), JSONB))
    return sa.func.jsonb_array_elements(rows, type_=JSONB).table_valued(sa.column("value", JSONB))


def _rows_on_sqlite(document: Any, repeat: str) -> Any:
    return sa.func.json_each(document, _path(repeat)).table_valued("value")


def _path(key: str) -> str:
    return f"$.{json.dumps(key)}"


def _plain(key: str) -> sa.ColumnElement[Any]:
    return Submission.answers[key].as_string()


def _has_chosen(question: Question, value: Any, choice: str) -> sa.ColumnElement[bool]:
    if question.kind in ("select_multiple", "rank"):
        return sa.cast(value, sa.Text).contains(json.dumps(choice), autoescape=True)
    return value == choice


def _is_drawn() -> sa.ColumnElement[bool]:
    return (
        sa.select(Assignment.id)
        .where(
            Assignment.polling_station_id == Submission.polling_station_id,
            Assignment.round_id == Submission.round_id,
            Assignment.selection == Selection.RANDOM,
        )
        .exists()
    )
