"""The roster."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_security import current_user

from eom.accounts.permissions import Permission
from eom.core.db import get_in
from eom.core.errors import NotFound
from eom.core.i18n import _, lazy
from eom.extensions import db
from eom.observers.exports import lists as exports
from eom.observers.forms import PersonForm, ReasonForm
from eom.observers.models import Expertise, Person
from eom.observers.queries import dossiers
from eom.observers.queries import people as queries
from eom.observers.services import anonymising, roster
from eom.web import responses
from eom.web.access import requires
from eom.web.fields import language_choices
from eom.web.fresh import fresh, fresh_for_files
from eom.web.navigation import Entry
from eom.web.responses import saved

bp = Blueprint("people", __name__, url_prefix="/people")

NAVIGATION = (Entry(lazy("Roster"), "people.index", "person.read", "people", order=30, anywhere=True),)


@bp.get("")
@requires("person.read", anywhere=True)
@fresh_for_files
def index() -> Any:
    """Everyone on the roster."""
    definition = exports.roster(db.session(), language_choices(), lambda id_: url_for(".show", person_id=id_))
    return responses.listed(definition, "roster", "observers/people/index.html")


@bp.route("/new", methods=["GET", "POST"])
@requires("person.edit", anywhere=True)
def new() -> Any:
    """Add someone to the roster."""
    form = PersonForm.of(None)
    if form.validate_on_submit():
        with form.shows_errors():
            person = roster.add_person(**form.payload())
            return saved(_after(person), _("%(name)s is on the roster", name=person.name))
    return render_template("observers/people/form.html", form=form, person=None), form.status


@bp.get("/<int:person_id>")
@requires("person.read", anywhere=True)
def show(person_id: int) -> str:
    """A person, and their appointments in the missions one may see."""
    person = get_in(db.session(), Person, person_id)
    ids = current_user.missions_with(Permission.APPOINTMENT_READ)
    return render_template(
        "observers/people/show.html",
        person=person,
        appointments=queries.appointments_of(db.session(), person, ids),
        expertise=[Expertise(each) for each in person.expertise],
        dossier=_dossier(person),
    )


@bp.route("/<int:person_id>/edit", methods=["GET", "POST"])
@requires("person.edit", anywhere=True)
def edit(person_id: int) -> Any:
    """Change what is known of a person."""
    person = get_in(db.session(), Person, person_id)
    form = PersonForm.of(person)
    return responses.filled(
        form, partial(roster.edit_person, person), url_for(".show", person_id=person.id), _("Person changed"),
        "observers/people/form.html", person=person,
    )  # fmt: skip


@bp.route("/<int:person_id>/anonymise", methods=["GET", "POST"])
@requires("person.anonymise")
@fresh
def anonymise(person_id: int) -> Any:
    """Make someone anonymous, for good."""
    person = get_in(db.session(), Person, person_id)
    form = ReasonForm()
    return responses.filled(
        form, partial(anonymising.anonymise, person), url_for(".show", person_id=person.id),
        _("Nothing here says any more who it was"), "observers/people/anonymise.html", person=person,
    )  # fmt: skip


def _dossier(person: Person) -> Any:
    """(group, whether it is on file) for someone who may ask for it, else None."""
    ids = current_user.missions_with(Permission.DOSSIER_READ)
    try:
        dossiers.person_in(db.session(), person.id, ids)
    except NotFound:
        return None
    return dossiers.groups(dossiers.on_file(db.session(), person))


def _after(person: Person) -> str:
    """Where to go from a new person: to the appointment that was being made, else to the person."""
    if code := request.args.get("appoint", ""):
        return url_for("appointments.new", mission=code, person=person.id)
    return url_for(".show", person_id=person.id)
