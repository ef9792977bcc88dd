"""Milestones: made with the mission, due relative to its first polling day, done with a document."""

from __future__ import annotations

from datetime import date, timedelta

from eom.core import clock
from eom.core.errors import InvalidInput
from eom.core.i18n import lazy
from eom.core.storage import Store, keep_document
from eom.extensions import db
from eom.missions.models.milestone import Milestone, MilestoneKind
from eom.missions.models.mission import Mission
from eom.missions.models.process import Round

# Days from the first polling day (or, for the two that each round has, from that round's day).
DUE_AFTER_DAYS: dict[MilestoneKind, int] = {
    MilestoneKind.INVITATION: -150,
    MilestoneKind.REPLY: -135,
    MilestoneKind.BUDGET_APPROVED: -90,
    MilestoneKind.CHIEF_DESIGNATED: -90,
    MilestoneKind.PRELIMINARY_VISIT: -75,
    MilestoneKind.IMMUNITIES_AGREEMENT: -60,
    MilestoneKind.OBSERVATION_AGREEMENT: -60,
    MilestoneKind.CORE_GROUP: -21,
    MilestoneKind.TRAINING: -5,
    MilestoneKind.ACCREDITATION: -4,
    MilestoneKind.DEPLOYMENT: -3,
    MilestoneKind.POLLING_DAY: 0,
    MilestoneKind.PRELIMINARY_STATEMENT: 2,
    MilestoneKind.FINAL_REPORT: 120,
    MilestoneKind.FINANCIAL_CLOSING: 180,
}
OF_EACH_ROUND = (MilestoneKind.POLLING_DAY, MilestoneKind.PRELIMINARY_STATEMENT)


def first_polling_day(mission: Mission) -> date | None:
    """The earliest polling day of the mission."""
    return min((each.polling_on for each in mission.rounds), default=None)


def plan(mission: Mission) -> None:
    """Give the mission the milestones it lacks, and a due day to those that have none.

    A day that someone chose stays. Without a polling day the due days stay open.
    """
    start = first_polling_day(mission)
    for kind, days in DUE_AFTER_DAYS.items():
        if kind not in OF_EACH_ROUND:
            _ensure(mission, kind, None, start and start + timedelta(days=days))
            continue
        for each in mission.rounds:
            _ensure(mission, kind, each, each.polling_on + timedelta(days=days))
    db.session.flush()


def move(mission: Mission, before: date | None, round_: Round, round_before: date) -> None:
    """After a polling day changed, move the due days that still stood where the plan put them.

    ``before`` is the first polling day of the mission as it was, ``round_before`` that of the round.
    """
    start = first_polling_day(mission)
    for milestone in mission.milestones:
        of_round = milestone.round_id == round_.id
        old, new = (round_before, round_.polling_on) if of_round else (before, start)
        offset = timedelta(days=DUE_AFTER_DAYS[milestone.kind])
        untouched = old is not None and milestone.due_on == old + offset
        own = of_round if milestone.kind in OF_EACH_ROUND else True
        if new is not None and own and untouched and not milestone.is_done:
            milestone.due_on = new + offset
    db.session.flush()


def edit_milestone(
    milestone: Milestone,
    *,
    due_on: date | None,
    done_on: date | None,
    owner: str | None,
    note: str | None,
) -> Milestone:
    """Change a milestone. Raises InvalidInput for a day done that has not come yet."""
    if done_on is not None and done_on > clock.today(milestone.mission.time_zone):
        raise InvalidInput(lazy("This day has not come yet: give the day it was done."), "done_on")
    milestone.due_on, milestone.done_on = due_on, done_on
    milestone.owner, milestone.note = owner, note
    db.session.flush()
    return milestone


def attach_document(milestone: Milestone, store: Store, data: bytes, name: str) -> None:
    """Keep a document with the milestone. Raises InvalidInput for a type that is not taken."""
    kept = keep_document(db.session(), store, data, name=name, mission_id=milestone.mission_id)
    milestone.document = kept
    db.session.flush()


def _ensure(mission: Mission, kind: MilestoneKind, round_: Round | None, due_on: date | None) -> None:
    for milestone in mission.milestones:
        if milestone.kind is kind and milestone.round is round_:
            if milestone.due_on is None and not milestone.is_done:
                milestone.due_on = due_on
            return
    mission.milestones.append(Milestone(kind=kind, round=round_, due_on=due_on))
