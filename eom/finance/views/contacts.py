"""Whom to write to at a donor."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import Blueprint, render_template, url_for

from eom.core.db import get_in
from eom.core.i18n import _
from eom.extensions import db
from eom.finance.forms.donor import ContactForm
from eom.finance.models.award import Donor
from eom.finance.models.contact import DonorContact
from eom.finance.services import contacts
from eom.web import responses
from eom.web.access import requires
from eom.web.forms import BaseForm
from eom.web.responses import saved

bp = Blueprint("contacts", __name__, url_prefix="/finance/donors/<int:donor_id>/contacts")


@bp.route("/new", methods=["GET", "POST"])
@requires("award.edit")
def new(donor_id: int) -> Any:
    """Record whom to write to."""
    donor, form = get_in(db.session(), Donor, donor_id), ContactForm()
    return responses.filled(
        form, partial(contacts.add_contact, donor), url_for("donors.show", donor_id=donor_id),
        _("Contact recorded"), "finance/donors/contact.html", donor=donor, contact=None,
    )  # fmt: skip


@bp.route("/<int:contact_id>/edit", methods=["GET", "POST"])
@requires("award.edit")
def edit(donor_id: int, contact_id: int) -> Any:
    """Change what is known of a contact."""
    row = get_in(db.session(), DonorContact, contact_id, donor_id=donor_id)
    form = ContactForm(obj=row)
    return responses.filled(
        form, partial(contacts.edit_contact, row), url_for("donors.show", donor_id=donor_id),
        _("Contact changed"), "finance/donors/contact.html", donor=row.donor, contact=row,
    )  # fmt: skip


@bp.route("/<int:contact_id>/remove", methods=["GET", "POST"])
@requires("award.edit")
def remove(donor_id: int, contact_id: int) -> Any:
    """Forget a contact."""
    row, form = get_in(db.session(), DonorContact, contact_id, donor_id=donor_id), BaseForm()
    if form.validate_on_submit():
        contacts.remove_contact(row)
        return saved(url_for("donors.show", donor_id=donor_id), _("The contact is removed"))
    return render_template(
        "finance/donors/remove_contact.html", form=form, donor=row.donor, contact=row
    ), form.status
