"""The people of a mission: who has a place, and how far each is with the three steps."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request, url_for

from eom.core.db import get_in
from eom.core.i18n import _, day, lazy
from eom.extensions import db
from eom.missions.models.mission import Mission
from eom.observers.exports import lists as exports
from eom.observers.forms import EditAppointmentForm, NewAppointmentForm, StepsForm, appointment_values
from eom.observers.models import Appointment, Person
from eom.observers.queries import people as queries
from eom.observers.queries import pledges
from eom.observers.services import appointing
from eom.web import responses
from eom.web.access import requires
from eom.web.fresh import fresh_for_files
from eom.web.navigation import Entry
from eom.web.responses import saved

bp = Blueprint("appointments", __name__, url_prefix="/missions/<mission>/appointments")

MISSION_NAVIGATION = (
    Entry(lazy("People"), "appointments.index", "appointment.read", "people", lazy("Team"), 10),
)


@bp.get("")
@requires("appointment.read")
@fresh_for_files
def index(mission: Mission) -> Any:
    """Everyone with a place in the mission."""
    session = db.session()

    def link(id_: int) -> str:
        return url_for(".show", mission=mission.code, appointment_id=id_)

    definition = exports.appointments(session, mission, link, in_full="format" in request.args)
    if (file := responses.download(definition, f"{mission.code}-people")) is not None:
        return file
    listing = definition.show(session, request.path, request.args)
    return render_template(
        "observers/appointments/index.html",
        mission=mission,
        listing=listing,
        readiness=queries.readiness(session, mission),
        unsigned_count=pledges.unsigned_count(session, mission),
    )


@bp.route("/new", methods=["GET", "POST"])
@requires("appointment.edit")
def new(mission: Mission) -> Any:
    """Give someone on the roster a place."""
    form = NewAppointmentForm.among(queries.choices(db.session(), mission), request.args.get("person"))
    if form.validate_on_submit():
        with form.shows_errors():
            person = get_in(db.session(), Person, int(form.person_id.data))
            made = appointing.appoint(mission, person, **appointment_values(form))
            to = url_for(".show", mission=mission.code, appointment_id=made.id)
            return saved(to, _("%(name)s appointed", name=person.name))
    return render_template(
        "observers/appointments/form.html", mission=mission, form=form, appointment=None
    ), form.status


@bp.get("/<int:appointment_id>")
@requires("appointment.read")
def show(mission: Mission, appointment_id: int) -> str:
    """A person's place in the mission with its checklist."""
    appointment = get_in(db.session(), Appointment, appointment_id, mission_id=mission.id)
    return render_template(
        "observers/appointments/show.html",
        mission=mission,
        appointment=appointment,
        steps=_steps(appointment),
        pledges=pledges.pledges_of(db.session(), appointment),
    )


@bp.route("/<int:appointment_id>/edit", methods=["GET", "POST"])
@requires("appointment.edit")
def edit(mission: Mission, appointment_id: int) -> Any:
    """Change an appointment."""
    appointment = get_in(db.session(), Appointment, appointment_id, mission_id=mission.id)
    form = EditAppointmentForm.of(appointment)
    if form.validate_on_submit():
        with form.shows_errors():
            appointing.edit_appointment(appointment, **form.payload())
            to = url_for(".show", mission=mission.code, appointment_id=appointment.id)
            return saved(to, _("Appointment changed"))
    page = render_template(
        "observers/appointments/form.html", mission=mission, form=form, appointment=appointment
    )
    return page, form.status


@bp.route("/<int:appointment_id>/steps", methods=["GET", "POST"])
@requires("appointment.edit")
def steps(mission: Mission, appointment_id: int) -> Any:
    """Record pledge, training and accreditation."""
    appointment = get_in(db.session(), Appointment, appointment_id, mission_id=mission.id)
    form = StepsForm(obj=appointment)
    if form.validate_on_submit():
        with form.shows_errors():
            appointing.record_steps(appointment, **form.payload())
            to = url_for(".show", mission=mission.code, appointment_id=appointment.id)
            return saved(to, _("Steps recorded"))
    page = render_template(
        "observers/appointments/steps.html", mission=mission, form=form, appointment=appointment
    )
    return page, form.status


def _steps(appointment: Appointment) -> list[dict[str, Any]]:
    """The three steps as the checklist shows them."""
    steps = (
        (_("Pledge of the Code of Conduct signed"), appointment.pledge_signed_on),
        (_("Training done"), appointment.trained_on),
        (_("Accredited by the electoral authority"), appointment.accredited_on),
    )
    return [{"label": label, "state": "done" if when else "todo", "note": day(when)} for label, when in steps]
