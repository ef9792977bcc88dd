"""Briefings and who came; the call tree's decisions; headcounts."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, time

import sqlalchemy as sa

from eom.core import clock
from eom.core.db import get_in
from eom.core.errors import InvalidInput, Refused
from eom.core.i18n import LANGUAGES, lazy
from eom.deployment.models import Team
from eom.extensions import db
from eom.logistics import period
from eom.logistics.models.briefings import Attendance, Briefing
from eom.logistics.models.calls import FocalPoint, Headcount, HeadcountAnswer, Reached, TeamCaller
from eom.logistics.queries import people
from eom.missions.models.mission import Mission
from eom.observers.models import Appointment


def edit_briefing(
    mission: Mission, briefing: Briefing | None, *, title: str, on: date, at: time, venue: str | None = None,
    language: str | None = None, is_needed: bool = True,
) -> Briefing:  # fmt: skip
    """Change a briefing, or plan one (None). Raises InvalidInput for a day outside the mission."""
    period.check(mission, on, "on")
    if language and language not in LANGUAGES:
        raise InvalidInput(lazy("“%(value)s” is not one of the choices.", value=language[:60]), "language")
    briefing = briefing or Briefing(mission_id=mission.id)
    briefing.title, briefing.held_at = title, period.instant(mission, on, at)
    briefing.venue, briefing.language, briefing.is_needed = venue, language, is_needed
    db.session.add(briefing)
    db.session.flush()
    return briefing


def remove_briefing(briefing: Briefing) -> None:
    """Take a briefing away, with the list of who came."""
    db.session.delete(briefing)
    db.session.flush()


def note_attendance(mission: Mission, briefing: Briefing, present: Collection[int]) -> int:
    """Exactly these appointments came; how many. Who has left the mission since stays noted.

    Raises Refused for somebody who is not of the mission.
    """
    here = set(db.session.scalars(people.living(mission).with_only_columns(Appointment.id)))
    if set(present) - here:
        raise Refused(lazy("The members must be of this mission."), "present")
    held = {each.appointment_id: each for each in briefing.attendances}
    for id_, each in held.items():
        if id_ in here and id_ not in present:
            briefing.attendances.remove(each)
    for id_ in sorted(set(present) - set(held)):
        briefing.attendances.append(Attendance(appointment_id=id_))
    db.session.flush()
    return len(briefing.attendances)


def decide_calls(mission: Mission, *, focal: int | None, callers: Mapping[int, int | None]) -> None:
    """Who is the security focal point, and who calls the lead of each team (by the team's id; None: shared out).

    Raises NotFound for a person or a team of another mission.
    """
    held = db.session.scalar(sa.select(FocalPoint).where(FocalPoint.mission_id == mission.id))
    if focal is None and held is not None:
        db.session.delete(held)
    elif focal is not None:
        held = held or FocalPoint(mission_id=mission.id)
        held.appointment_id = people.one(db.session(), mission, focal).id
        db.session.add(held)
    for team_id, caller in callers.items():
        get_in(db.session(), Team, team_id, mission_id=mission.id)
        _decide_caller(mission, team_id, caller)
    db.session.flush()


def _decide_caller(mission: Mission, team_id: int, caller: int | None) -> None:
    held = db.session.scalar(sa.select(TeamCaller).where(TeamCaller.team_id == team_id))
    if caller is None and held is not None:
        db.session.delete(held)
    elif caller is not None:
        held = held or TeamCaller(team_id=team_id)
        held.appointment_id = people.one(db.session(), mission, caller).id
        db.session.add(held)


def begin_headcount(mission: Mission, *, occasion: str) -> Headcount:
    """Begin to call everyone. Raises Refused while another headcount is open."""
    is_open = sa.select(Headcount.id).where(Headcount.mission_id == mission.id, Headcount.ended_at.is_(None))
    if db.session.scalars(is_open).first() is not None:
        raise Refused(
            lazy("A headcount is open already."), "occasion", lazy("End it first, or go on with it.")
        )
    made = Headcount(mission_id=mission.id, occasion=occasion)
    db.session.add(made)
    db.session.flush()
    return made


def note_answer(
    mission: Mission, headcount: Headcount, *, appointment_id: int, reached: Reached, note: str | None = None,
    by_id: int | None = None,
) -> HeadcountAnswer:  # fmt: skip
    """Note what is known of someone; what was noted before is replaced. Raises Refused once it has ended, NotFound."""
    if headcount.ended_at is not None:
        raise Refused(lazy("This headcount has ended."))
    person = people.one(db.session(), mission, appointment_id)
    answer = db.session.scalar(
        sa.select(HeadcountAnswer).where(
            HeadcountAnswer.headcount_id == headcount.id, HeadcountAnswer.appointment_id == person.id
        )
    ) or HeadcountAnswer(headcount_id=headcount.id, appointment_id=person.id)
    answer.reached, answer.note, answer.noted_at, answer.noted_by_id = (
        reached,
        (note or "")[:300] or None,
        clock.now(),
        by_id,
    )
    db.session.add(answer)
    db.session.flush()
    return answer


def end_headcount(headcount: Headcount) -> None:
    """End a headcount: it is kept as it stands."""
    if headcount.ended_at is None:
        headcount.ended_at = clock.now()
        db.session.flush()
