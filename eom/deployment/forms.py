"""The form that assigns someone to stations."""

from __future__ import annotations

from eom.core.i18n import day, lazy
from eom.deployment.models import Selection
from eom.deployment.queries import assignments
from eom.extensions import db
from eom.missions.models.mission import Mission
from eom.web.fields import ChoiceField, EnumField, NoteField
from eom.web.forms import BaseForm


class AssignmentForm(BaseForm):
    """A person, a polling day, and the numbers of stations."""

    appointment_id = ChoiceField(lazy("Person"), needed=True)
    round_id = ChoiceField(lazy("Polling day"), needed=True)
    selection = EnumField(lazy("How the stations were chosen"), Selection, needed=True)
    codes = NoteField(
        lazy("Numbers of polling stations"),
        needed=True,
        description=lazy("Separated by commas, blanks or lines."),
    )

    @classmethod
    def within(cls, mission: Mission, codes: str = "") -> AssignmentForm:
        """The form with the people and polling days of a mission."""
        rounds = sorted(mission.rounds, key=lambda each: each.polling_on)
        only = str(rounds[0].id) if len(rounds) == 1 else ""
        form = cls(round_id=only, selection=Selection.ASSIGNED, codes=codes)
        people = [(str(id_), name) for id_, name in assignments.people_to_assign(db.session(), mission)]
        form.appointment_id.choices = [("", lazy("Choose…")), *people]
        form.round_id.choices = [
            ("", lazy("Choose…")),
            *((str(each.id), f"{each.kind.label}, {day(each.polling_on)}") for each in rounds),
        ]
        return form
