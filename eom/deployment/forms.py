"""The forms that make teams, and that assign people and teams to stations."""

from __future__ import annotations

from typing import Any

from eom.core.i18n import _, day, lazy
from eom.deployment.models import Selection, Team
from eom.deployment.queries import assignments, plans, teams
from eom.extensions import db
from eom.missions.models.mission import Mission
from eom.stations.queries import first_areas
from eom.web.fields import ChoiceField, ChoicesField, ClockField, EnumField, NoteField, NumberField, TextField
from eom.web.forms import BaseForm

# Before the id of a team, where people are chosen by the id of their appointment.
TEAM = "team-"


class TeamForm(BaseForm):
    """A team: who is in it, where it sleeps, what it drives, when it works."""

    name = TextField(lazy("Name"), needed=True, length=80)
    members = ChoicesField(lazy("Members"), description=lazy("Who is in no other team."))
    lead = ChoiceField(lazy("Lead"), description=lazy("One of the members: whom headquarters calls."))
    base = TextField(
        lazy("Base"), length=160, description=lazy("The town or the hotel from which they set out.")
    )
    latitude = NumberField(lazy("Latitude of the base"), minimum=-90, maximum=90)
    longitude = NumberField(lazy("Longitude of the base"), minimum=-180, maximum=180)
    vehicle = TextField(lazy("Vehicle"), length=120, description=lazy("Kind and number plate."))
    call_sign = TextField(lazy("Radio call sign"), length=60)
    areas = ChoicesField(
        lazy("Keeps to these areas"), description=lazy("None chosen: a plan may send it everywhere.")
    )
    starts_at = ClockField(lazy("Sets out at"))
    ends_at = ClockField(lazy("Returns by"))
    note = NoteField(lazy("Note"))

    @classmethod
    def of(cls, mission: Mission, team: Team | None = None) -> TeamForm:
        """The form with the people whom the team may take; filled in when there is a team."""
        people = [(str(id_), name) for id_, name in teams.free_people(db.session(), mission, team)]
        own = team.members if team else []
        given = {"members": [str(each.appointment_id) for each in own]}
        lead = next((str(each.appointment_id) for each in own if each.is_lead), "")
        kept = plans.team_area_ids(db.session(), team) if team else []
        form = cls(**(_values(team) if team else {}), **given, lead=lead, areas=[str(each) for each in kept])
        form.areas.choices = [(str(each.id), str(each.words)) for each in first_areas(db.session(), mission)]
        form.members.choices = people
        form.lead.choices = [("", lazy("Choose…")), *people]
        return form

    def payload(self) -> dict[str, Any]:
        """As ``services.teams.edit_team`` takes it."""
        told = super().payload()
        told["members"] = [int(each) for each in self.members.data or []]
        told["areas"] = [int(each) for each in self.areas.data or []]
        told["lead"] = int(told["lead"]) if told["lead"] else None
        for name in ("latitude", "longitude"):
            told[name] = None if told[name] is None else float(told[name])
        return told


def _values(team: Team) -> dict[str, Any]:
    names = ("name", "base", "latitude", "longitude", "vehicle", "call_sign", "starts_at", "ends_at", "note")
    return {name: getattr(team, name) for name in names}


class AssignmentForm(BaseForm):
    """A person or a team, a polling day, and the numbers of stations."""

    who = ChoiceField(lazy("Person or team"), needed=True)
    round_id = ChoiceField(lazy("Polling day"), needed=True)
    selection = EnumField(lazy("How the stations were chosen"), Selection, needed=True)
    codes = NoteField(
        lazy("Numbers of polling stations"),
        needed=True,
        description=lazy("Separated by commas, blanks or lines."),
    )

    @classmethod
    def within(cls, mission: Mission, codes: str = "", team: str = "") -> AssignmentForm:
        """The form with the people, teams and polling days of a mission; ``team`` is the id of the one to begin with."""
        rounds = sorted(mission.rounds, key=lambda each: each.polling_on)
        only = str(rounds[0].id) if len(rounds) == 1 else ""
        form = cls(
            round_id=only, selection=Selection.ASSIGNED, codes=codes, who=f"{TEAM}{team}" if team else ""
        )
        people = [(str(id_), name) for id_, name in assignments.people_to_assign(db.session(), mission)]
        groups = [
            (f"{TEAM}{id_}", _("Team %(name)s", name=name))
            for id_, name in teams.names(db.session(), mission)
        ]
        form.who.choices = [("", lazy("Choose…")), *groups, *people]
        form.round_id.choices = [
            ("", lazy("Choose…")),
            *((str(each.id), f"{each.kind.label}, {day(each.polling_on)}") for each in rounds),
        ]
        return form
