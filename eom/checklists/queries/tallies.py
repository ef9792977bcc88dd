"""Counting what was answered, in SQL: by value, and by area, person and hour."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eom.checklists.models.form import Form
from eom.checklists.models.submission import Submission, SubmissionState
from eom.checklists.queries.forms import definition, versions
from eom.checklists.queries.tally_groups import BY_STATION, TOGETHER, Breakdown, Group, Grouping, grouping
from eom.checklists.queries.tally_values import (
    Counted,
    answered_text,
    answers_of,
    as_lists,
    chosen_in,
    how_often,
)
from eom.checklists.xlsform_form import PublishedForm, Question
from eom.core.errors import NotFound
from eom.core.i18n import lazy
from eom.deployment.models import Assignment, Selection
from eom.missions.models.mission import Mission
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
        """What a row of submissions has to be."""
        wanted = [Submission.form_id == self.form.id, *_that_count(self.areas, self.state)]
        if self.area_id is not None:
            wanted.append(_stations_where(VotingCentre.first_area_id == self.area_id))
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
        .where(Submission.mission_id == mission.id, *_that_count(areas))
        .group_by(Submission.form_id)
    )
    return {form_id: count for form_id, count in session.execute(query)}  # noqa: C416 - rows are no pairs


def _that_count(areas: Areas, state: SubmissionState | None = None) -> list[Any]:
    """What a report has to be to count."""
    return [
        Submission.is_current,
        Submission.state == state if state else Submission.state != SubmissionState.REJECTED,
        station_within(areas, Submission.polling_station_id),
    ]


def heard(session: Session, picked: Picked) -> tuple[int, int]:
    """How many reports are counted, and from how many polling stations they come."""
    query = sa.select(Submission.polling_station_id).where(*picked.criteria())
    [stations] = as_lists(session, query, texts_from=1)
    return len(stations), len(set(stations) - {None})


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
    counts: Counts = {}
    for (group, text), count in _tallied(
        session, picked, asked, grouping(session, picked.mission, by)
    ).items():
        values = counts.setdefault(group, {})
        values[str(text)] = values.get(str(text), 0) + count
    return counts


def together(counts: Counts) -> dict[Value, int]:
    """How often each value was answered in all groups."""
    whole: dict[Value, int] = {}
    for values in counts.values():
        for text, count in values.items():
            whole[text] = whole.get(text, 0) + count
    return whole


def crossed(session: Session, picked: Picked, first: Counted, second: Counted) -> dict[tuple[str, str], int]:
    """How often each pair of values was answered to two questions that stand in no repeat."""
    columns = [answered_text(first.question.key), answered_text(second.question.key)]
    query = sa.select(*columns).select_from(Submission).where(*picked.criteria())
    found: dict[tuple[str, str], int] = {}
    for (_all, one, two), count in how_often(session, query, TOGETHER).items():
        found[(str(one), str(two))] = found.get((str(one), str(two)), 0) + count
    return found


def by_centre(
    session: Session, picked: Picked, asked: Counted, choice: str
) -> list[tuple[float, float, int, int]]:
    """(latitude, longitude, centre's id, state) of centres with reports: 2 where ``choice`` was answered, else 1."""
    states: dict[int, int] = {}
    for (station, text), _count in _tallied(session, picked, asked, BY_STATION).items():
        state = 2 if choice in chosen_in(asked.question, str(text)) else 1
        states[station] = max(state, states.get(station, 1))
    places = (
        sa.select(VotingCentre.id, VotingCentre.latitude, VotingCentre.longitude, PollingStation.id)
        .join(PollingStation.centre)
        .where(PollingStation.mission_id == picked.mission.id, VotingCentre.latitude.is_not(None))
        .order_by(VotingCentre.id)
    )
    found: dict[tuple[Any, ...], int] = {}
    for *centre, station in session.execute(places):
        if (state := states.get(station, 0)) > found.get(tuple(centre), 0):
            found[tuple(centre)] = state
    return [
        (round(latitude, 5), round(longitude, 5), id_, state)
        for (id_, latitude, longitude), state in found.items()
    ]


def of_centre(session: Session, picked: Picked, asked: Counted, centre_id: int) -> dict[Value, int]:
    """How often each value was answered in a centre."""
    there = _stations_where(PollingStation.centre_id == centre_id)
    return {str(text): n for (_all, text), n in _tallied(session, picked, asked, TOGETHER, there).items()}


def _tallied(
    session: Session, picked: Picked, asked: Counted, by: Grouping, *more: Any
) -> Mapping[tuple[Any, ...], int]:
    """How often each value of a question comes in each group."""
    sources, value = answers_of(session, asked)
    query = sa.select(*by.columns, value).select_from(Submission)
    for source in sources:
        query = query.join(source, sa.true())
    return how_often(session, query.where(*picked.criteria(), *more), by)


def _stations_where(criterion: Any) -> sa.ColumnElement[bool]:
    """The criterion that a report's station, or its centre, is one of some."""
    stations = sa.select(PollingStation.id).join(PollingStation.centre).where(criterion)
    return Submission.polling_station_id.in_(stations)


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
