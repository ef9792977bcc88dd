"""Dossiers: what is most delicate of a person, shown on demand only and each look recorded."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, url_for
from flask_security import current_user

from eom.accounts.permissions import Permission
from eom.core.i18n import _
from eom.extensions import db
from eom.observers.forms import DossierForm, dossier_group
from eom.observers.models import Person
from eom.observers.queries import dossiers as queries
from eom.observers.services import dossiers
from eom.observers.words import dossier_rows
from eom.web.access import requires
from eom.web.responses import committed, saved

bp = Blueprint("dossiers", __name__, url_prefix="/people/<int:person_id>/dossier")


@bp.post("/<group>")
@requires("dossier.read", anywhere=True)
def look(person_id: int, group: str) -> Any:
    """Show one group, in this answer only."""
    person, which = _person(person_id, Permission.DOSSIER_READ), dossier_group(group)
    content = dossiers.look(person, which)
    page = render_template(
        "observers/dossiers/group.html", person=person, group=which, rows=dossier_rows(which, content),
        back=url_for("people.show", person_id=person.id),
    )  # fmt: skip
    return committed(page)


@bp.route("/edit", methods=["GET", "POST"])
@requires("dossier.edit", anywhere=True)
def edit(person_id: int) -> Any:
    """Put something on file, or remove it, without seeing what is there."""
    person = _person(person_id, Permission.DOSSIER_EDIT)
    form = DossierForm.over(queries.on_file(db.session(), person))
    if form.validate_on_submit():
        with form.shows_errors():
            dossiers.edit_dossier(person, values=form.dossier_values(), remove=form.remove.data or ())
            return saved(url_for("people.show", person_id=person.id), _("Dossier changed"))
    return render_template("observers/dossiers/form.html", form=form, person=person), form.status


def _person(person_id: int, permission: Permission) -> Person:
    """The person, where one holds the permission. Raises NotFound."""
    return queries.person_in(db.session(), person_id, current_user.missions_with(permission))
