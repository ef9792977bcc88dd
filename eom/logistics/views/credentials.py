"""Credentials: issued, printed, revoked; and the photos on them."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import Blueprint, render_template, url_for

from eom.core.db import get_in
from eom.core.i18n import _, ngettext
from eom.extensions import db
from eom.logistics import card_code
from eom.logistics.exports import lists as exports
from eom.logistics.forms.people import CardsForm, PhotoForm, RevokeForm
from eom.logistics.models.credentials import Credential
from eom.logistics.queries import cards, people
from eom.logistics.services import credentials
from eom.missions.models.mission import Mission
from eom.web import reading, responses
from eom.web.access import areas, can, requires
from eom.web.fresh import fresh, fresh_for_files
from eom.web.limits import accepts
from eom.web.responses import saved

bp = Blueprint("credentials", __name__, url_prefix="/missions/<mission>/logistics/credentials")


@bp.get("")
@requires("logistics.read")
@fresh_for_files
def index(mission: Mission) -> Any:
    """The cards of the mission, revoked ones too."""
    edits = can("logistics.edit", mission)

    def link(id_: int) -> str | None:
        return url_for(".revoke", mission=mission.code, credential_id=id_) if edits else None

    definition = exports.credentials(mission, link, areas("logistics.read", mission))
    return responses.listed(
        definition, f"{mission.code}-credentials", "logistics/credentials/index.html", mission=mission
    )


@bp.route("/issue", methods=["GET", "POST"])
@requires("logistics.edit")
def issue(mission: Mission) -> Any:
    """Give a card to everyone who may have one and has none."""
    form = CardsForm.of(mission)
    if form.validate_on_submit():
        with form.shows_errors():
            count = credentials.issue_all(mission, **form.payload())
            return saved(
                url_for(".index", mission=mission.code),
                ngettext("%(num)d credential issued", "%(num)d credentials issued", count),
            )
    return render_template(
        "logistics/credentials/issue.html", mission=mission, form=form, person=None
    ), form.status


@bp.route("/issue/<int:appointment_id>", methods=["GET", "POST"])
@requires("logistics.edit")
def replace(mission: Mission, appointment_id: int) -> Any:
    """Give one person a card; the one they have ends."""
    appointment = people.one(db.session(), mission, appointment_id)
    form = CardsForm.of(mission)
    if form.validate_on_submit():
        with form.shows_errors():
            credentials.issue(mission, appointment, **form.payload())
            to = url_for("logistics.person", mission=mission.code, appointment_id=appointment.id)
            return saved(to, _("Credential issued"))
    page = render_template("logistics/credentials/issue.html", mission=mission, form=form, person=appointment)
    return page, form.status


@bp.get("/sheet")
@requires("logistics.edit")
@fresh
def sheet(mission: Mission) -> str:
    """The living cards to print, four on a page of A4; that they go out is told in the trail."""
    reading.exported("credentials", None, f"{mission.code}-credentials", count=_count(mission))
    found = [
        (
            each,
            card_code.picture_of(
                url_for("credential_checks.show", credential_token=each.token, _external=True)
            ),
        )
        for each in cards.cards(db.session(), mission)
    ]
    return render_template("logistics/credentials/sheet.html", mission=mission, cards=found)


@bp.route("/<int:credential_id>/revoke", methods=["GET", "POST"])
@requires("logistics.edit")
def revoke(mission: Mission, credential_id: int) -> Any:
    """End a card for good, with a reason."""
    credential = get_in(db.session(), Credential, credential_id, mission_id=mission.id)
    form = RevokeForm()
    return responses.filled(
        form, partial(credentials.revoke, credential), url_for(".index", mission=mission.code),
        _("Credential revoked"), "logistics/credentials/revoke.html", mission=mission, card=credential,
    )  # fmt: skip


@bp.route("/photos/<int:appointment_id>", methods=["GET", "POST"])
@requires("logistics.edit")
@accepts(25)
def photo(mission: Mission, appointment_id: int) -> Any:
    """Put a photo into someone's file; what is there is shown, and the look recorded."""
    person = people.one(db.session(), mission, appointment_id).person
    form = PhotoForm()
    if form.validate_on_submit():
        with form.shows_errors():
            credentials.keep_photo(person, form.file.data.read())
            to = url_for("logistics.person", mission=mission.code, appointment_id=appointment_id)
            return saved(to, _("Photo kept"))
    elif cards.has_photo(db.session(), person):
        reading.looked("people", person.id, str(person), group="photo")
    shown = cards.photos_of(db.session(), [person.id]).get(person.id)
    page = render_template(
        "logistics/credentials/photo.html", mission=mission, form=form, person=person, photo=shown,
        appointment_id=appointment_id,
    )  # fmt: skip
    return page, form.status


@bp.post("/photos/<int:appointment_id>/remove")
@requires("logistics.edit")
def remove_photo(mission: Mission, appointment_id: int) -> Any:
    """Take the photo out of someone's file."""
    credentials.remove_photo(people.one(db.session(), mission, appointment_id).person)
    return saved(
        url_for("logistics.person", mission=mission.code, appointment_id=appointment_id), _("Photo removed")
    )


def _count(mission: Mission) -> int:
    return len(cards.living_ids(db.session(), mission))
