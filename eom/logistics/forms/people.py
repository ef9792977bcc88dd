"""Forms of credentials, photos, briefings, the call tree and headcounts."""

from __future__ import annotations

from typing import Any

from eom.core import clock
from eom.core.i18n import LANGUAGES, _, lazy
from eom.extensions import db
from eom.logistics.models.briefings import Briefing
from eom.logistics.models.calls import Reached
from eom.logistics.period import local
from eom.logistics.queries import calls, lists, people
from eom.missions.models.mission import Mission
from eom.web.fields import (
    BooleanField,
    ChoiceField,
    ChoicesField,
    ClockField,
    DayField,
    EnumField,
    TextField,
    UploadField,
)
from eom.web.forms import BaseForm


class CardsForm(BaseForm):
    """From when to when the new cards hold."""

    valid_from = DayField(lazy("Valid from"), needed=True)
    valid_until = DayField(lazy("Valid until"), needed=True)

    @classmethod
    def of(cls, mission: Mission) -> CardsForm:
        """The form with the mission's own days."""
        today = clock.today(mission.time_zone)
        return cls(valid_from=mission.starts_on or today, valid_until=mission.ends_on)


class RevokeForm(BaseForm):
    """Why a card ends."""

    reason = TextField(lazy("Reason"), needed=True, length=300)


class PhotoForm(BaseForm):
    """A photo for someone's card."""

    file = UploadField(lazy("Photo (JPEG or PNG)"), needed=True, accept="image/jpeg,image/png")


class BriefingForm(BaseForm):
    """A briefing: what, when, where, in which language."""

    title = TextField(
        lazy("Title"),
        needed=True,
        length=160,
        description=lazy(
            "The same briefing held twice has the same title: who came to one of them has heard it."
        ),
    )
    on = DayField(lazy("Day"), needed=True)
    at = ClockField(lazy("Time"), needed=True)
    venue = TextField(lazy("Place"), length=200)
    language = ChoiceField(lazy("Language"))
    is_needed = BooleanField(lazy("Everyone who observes must come"))

    @classmethod
    def of(cls, mission: Mission, briefing: Briefing | None = None) -> BriefingForm:
        """The form, filled in when there is a briefing."""
        given: dict[str, Any] = {"is_needed": True}
        if briefing is not None:
            given = {name: getattr(briefing, name) for name in ("title", "venue", "language", "is_needed")}
            here = local(mission, briefing.held_at)
            given |= {"on": here.date(), "at": here.time()}
        form = cls(**given)
        form.language.choices = [("", lazy("Choose…")), *LANGUAGES.items()]
        return form


class AttendanceForm(BaseForm):
    """Who came."""

    present = ChoicesField(lazy("Who came"))

    @classmethod
    def of(cls, mission: Mission, briefing: Briefing) -> AttendanceForm:
        """The form with everyone of the mission; those who came are ticked."""
        rows = db.session.execute(lists.invited(mission)).all()
        held = {each.appointment_id for each in briefing.attendances}
        form = cls(present=[str(each.id) for each, _person in rows if each.id in held])
        form.present.choices = [
            (str(each.id), f"{person.family_names}, {person.given_names}") for each, person in rows
        ]
        return form


class CallTreeForm(BaseForm):
    """Who is the security focal point, and who calls one team."""

    focal = ChoiceField(
        lazy("Security focal point"), description=lazy("Calls first, and is called by everybody in the end.")
    )
    team_id = ChoiceField(lazy("Team"))
    caller = ChoiceField(
        lazy("Is called by"),
        description=lazy("Without a choice the teams are shared out among the coordinators."),
    )

    @classmethod
    def of(cls, mission: Mission) -> CallTreeForm:
        """The form with the mission's people and teams."""
        session = db.session()
        form = cls(focal=str(calls.focal_point(session, mission) or ""))
        held = calls.callers(session, mission)
        everyone = people.choices(session, mission)
        names = dict(everyone)
        form.focal.choices = [("", lazy("Nobody yet")), *everyone]
        form.team_id.choices = [("", lazy("Choose…"))] + [
            (
                str(id_),
                _("%(team)s (now: %(name)s)", team=name, name=names.get(str(held[id_]), "–"))
                if id_ in held
                else name,
            )
            for id_, name in calls.teams(session, mission)
        ]
        form.caller.choices = [("", lazy("Shared out")), *everyone]
        return form

    def payload(self) -> dict[str, Any]:
        """As ``services.gathering.decide_calls`` takes it."""
        told = super().payload()
        caller = int(told["caller"]) if told["caller"] else None
        return {
            "focal": int(told["focal"]) if told["focal"] else None,
            "callers": {int(told["team_id"]): caller} if told["team_id"] else {},
        }


class HeadcountForm(BaseForm):
    """What happened."""

    occasion = TextField(
        lazy("What happened"),
        needed=True,
        length=300,
        description=lazy("In a few words, without names of those concerned."),
    )


class AnswerForm(BaseForm):
    """What is known of someone."""

    reached = EnumField(lazy("What is known"), Reached, needed=True)
    note = TextField(lazy("Note"), length=300)
