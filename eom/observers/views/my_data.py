"""A person's own data: what is held about them, their own copy of it, and what they change themselves."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_security import current_user

from eom.core import audit, clock, events
from eom.core.errors import InvalidInput, NotFound
from eom.core.i18n import _, lazy
from eom.extensions import db
from eom.observers.exports import my_data as my_data_file
from eom.observers.forms import MyDataForm, dossier_group
from eom.observers.models import DossierGroup, Person
from eom.observers.queries import dossiers as dossier_queries
from eom.observers.queries import my_data as queries
from eom.observers.retention import SCHEDULE
from eom.observers.services import dossiers, roster
from eom.observers.words import dossier_rows
from eom.web import responses
from eom.web.access import signed_in
from eom.web.fresh import fresh
from eom.web.responses import committed, saved

bp = Blueprint("my_data", __name__, url_prefix="/account/my-data")
OWN = "it shows what is held about the person who asks, and nobody else"


@bp.get("")
@signed_in(OWN)
def show() -> str:
    """Everything that is held about the person who asks."""
    data = queries.held_about(db.session(), current_user)
    looks = [(each, DossierGroup(each.changes["group"])) for each in data.looks]
    return render_template("observers/my_data/show.html", data=data, looks=looks, schedule=SCHEDULE)


@bp.post("/dossier/<group>")
@signed_in(OWN)
@fresh
def look(group: str) -> Any:
    """Show one group of one's own dossier, in this answer only."""
    person, which = _me(), dossier_group(group)
    rows = dossier_rows(which, dossiers.look(person, which))
    page = render_template(
        "observers/dossiers/group.html", person=person, group=which, rows=rows, back=url_for(".show")
    )
    return committed(page)


@bp.route("/edit", methods=["GET", "POST"])
@signed_in(OWN)
@fresh
def edit() -> Any:
    """Change how one is reached, and whom to call in an emergency."""
    person = _me()
    held = dossier_queries.on_file(db.session(), person)
    form = MyDataForm.over(held, email=person.email, phone=person.phone)
    if form.validate_on_submit():
        with form.shows_errors():
            roster.edit_contact(person, email=form.email.data or None, phone=form.phone.data or None)
            dossiers.edit_dossier(person, values=form.dossier_values(), remove=form.remove.data or ())
            return saved(url_for(".show"), _("Your data is changed"))
    return render_template("observers/my_data/form.html", form=form, person=person), form.status


@bp.post("/download")
@signed_in(OWN)
@fresh
def download() -> Any:
    """One's own copy, as JSON or as a spreadsheet; it goes into the trail."""
    kind, now = request.form.get("format", ""), clock.now()
    if kind not in ("json", "xlsx"):
        raise InvalidInput(
            lazy("“%(kind)s” is no format of this copy: json or xlsx was expected.", kind=kind[:20])
        )
    data = queries.held_about(db.session(), current_user)
    content = my_data_file.document(data, dossiers.opened(data.person) if data.person else {}, now)
    if data.person is not None:
        events.personal_copy_asked.send(None, person_id=data.person.id, found=content)
    audit.exported(db.session(), "users", current_user.id, current_user.name, format=kind)
    if kind == "xlsx":
        return committed(responses.table_file(my_data_file.rows(content), "my-data", kind))
    written = json.dumps(content, indent=2, ensure_ascii=False).encode()
    return committed(responses.attachment(written, "my-data.json", "application/json"))


def _me() -> Person:
    """The person of the account. Raises NotFound for an account of nobody on the roster."""
    person = dossier_queries.person_of_user(db.session(), current_user.id)
    if person is None:
        raise NotFound(lazy("You are not on the roster."))
    return person
