"""SMS for headquarters: gateways, the letters of forms and their cards, and messages that wait for a person."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_security import current_user

from eom.accounts.permissions import Permission
from eom.checklists import sms_gateways as wire
from eom.checklists.models.sms import GatewayKind, MessageState, SmsGateway
from eom.checklists.queries import sms as queries
from eom.checklists.services import sms, sms_gateways
from eom.checklists.sms_forms import AsideForm, GatewayEditForm, GatewayForm, RereadForm
from eom.core.i18n import _, lazy
from eom.extensions import db
from eom.missions.models.mission import Mission
from eom.observers.queries import people
from eom.web import responses
from eom.web.access import can, requires
from eom.web.navigation import Entry
from eom.web.responses import committed, saved, store
from eom.web.urls import absolute

bp = Blueprint("sms", __name__, url_prefix="/missions/<mission>/sms")
MISSION_NAVIGATION = (
    Entry(lazy("SMS"), "sms.index", "submission.enter", "chat-left-text", lazy("Field"), 35),
)


@bp.get("")
@requires("submission.enter")
def index(mission: Mission) -> Any:
    """Messages: those that wait for a person first, by urgency and age."""
    definition = queries.inbox(
        mission, shows_numbers=_sees_numbers(mission),
        link=lambda id_: url_for(".show", mission=mission.code, message_id=id_),
    )  # fmt: skip
    if (file := responses.download(definition, f"{mission.code}-sms")) is not None:
        return file
    return render_template(
        "checklists/sms/index.html", mission=mission, waits=MessageState.UNREAD,
        listing=definition.show(db.session(), request.path, request.args),
    )  # fmt: skip


@bp.route("/messages/<int:message_id>", methods=["GET", "POST"])
@requires("submission.enter")
def show(mission: Mission, message_id: int) -> Any:
    """A message with what was answered; correct its text and have it read again."""
    message = queries.message_in(db.session(), mission, message_id)
    form = RereadForm.of(message, _people(mission))
    if form.validate_on_submit():
        with form.shows_errors():
            sms.read_again(
                mission, store(), message, text=form.text.data, by=current_user._get_current_object(),
                appointment_id=int(form.appointment_id.data) if form.appointment_id.data else None,
            )  # fmt: skip
            return saved(url_for(".index", mission=mission.code), _("The message was read and kept"))
        message = queries.message_in(db.session(), mission, message_id)
    return _message_page(mission, message, form, AsideForm(formdata=None)), form.status


@bp.post("/messages/<int:message_id>/attach")
@requires("submission.enter")
def attach(mission: Mission, message_id: int) -> Any:
    """Say whose message it is."""
    message = queries.message_in(db.session(), mission, message_id)
    form = RereadForm.of(message, _people(mission))
    if form.appointment_id.validate(form) and form.appointment_id.data:
        sms.attach(mission, message, int(form.appointment_id.data))
        here = url_for(".show", mission=mission.code, message_id=message.id)
        return saved(here, _("Saved whose message it is"))
    form.refuse(_("Choose whose message this is."), "appointment_id")
    return _message_page(mission, message, form, AsideForm(formdata=None)), 422


@bp.post("/messages/<int:message_id>/aside")
@requires("submission.enter")
def aside(mission: Mission, message_id: int) -> Any:
    """Leave a message as it is, with a reason."""
    message, form = queries.message_in(db.session(), mission, message_id), AsideForm()
    if form.validate_on_submit():
        with form.shows_errors():
            sms.set_aside(message, reason=form.reason.data, by=current_user._get_current_object())
            return saved(url_for(".index", mission=mission.code), _("The message was set aside"))
        message = queries.message_in(db.session(), mission, message_id)
    return _message_page(mission, message, RereadForm.of(message, _people(mission), None), form), form.status


@bp.route("/gateways", methods=["GET", "POST"])
@requires("mission.edit")
def gateways(mission: Mission) -> Any:
    """The gateways; add one, whose address and secret are shown once."""
    form = GatewayForm()
    if form.validate_on_submit():
        with form.shows_errors():
            made, address, secret = sms_gateways.add_gateway(mission, **form.payload())
            return committed(_told_once(mission, made, address, secret))
    return render_template(
        "checklists/sms/gateways.html", mission=mission, form=form,
        gateways=queries.gateways(db.session(), mission),
    ), form.status  # fmt: skip


@bp.route("/gateways/<int:gateway_id>", methods=["GET", "POST"])
@requires("mission.edit")
def edit(mission: Mission, gateway_id: int) -> Any:
    """Change a gateway's name or Twilio's token; from here its secret and its address are made anew."""
    gateway = queries.gateway_in(db.session(), mission, gateway_id)
    form = GatewayEditForm.of(gateway)
    if form.validate_on_submit():
        with form.shows_errors():
            sms_gateways.change(gateway, **form.payload())
            return saved(url_for(".gateways", mission=mission.code), _("%(name)s changed", name=gateway.name))
        gateway = queries.gateway_in(db.session(), mission, gateway_id)
    return render_template(
        "checklists/sms/gateway.html", mission=mission, gateway=gateway, form=form, kind=gateway.kind.value
    ), form.status


@bp.post("/gateways/<int:gateway_id>/secret")
@requires("mission.edit")
def renew_secret(mission: Mission, gateway_id: int) -> Any:
    """Give a gateway a new secret; its address stays."""
    gateway = queries.gateway_in(db.session(), mission, gateway_id)
    return committed(_told_once(mission, gateway, "", sms_gateways.renew_secret(gateway)))


@bp.post("/gateways/<int:gateway_id>/renew")
@requires("mission.edit")
def renew(mission: Mission, gateway_id: int) -> Any:
    """Give a gateway a new address and secret."""
    gateway = queries.gateway_in(db.session(), mission, gateway_id)
    address, secret = sms_gateways.renew(gateway)
    return committed(_told_once(mission, gateway, address, secret))


@bp.post("/gateways/<int:gateway_id>/switch")
@requires("mission.edit")
def switch(mission: Mission, gateway_id: int) -> Any:
    """Take messages from a gateway, or no longer."""
    gateway = queries.gateway_in(db.session(), mission, gateway_id)
    sms_gateways.switch(gateway, is_on=not gateway.is_on)
    said = (
        _("%(name)s is on", name=gateway.name) if gateway.is_on else _("%(name)s is off", name=gateway.name)
    )
    return saved(url_for(".gateways", mission=mission.code), said)


def _told_once(mission: Mission, gateway: SmsGateway, address: str, secret: str) -> str:
    """The page with the exact settings to type in at the gateway; without ``address`` only the secret is new."""
    url = absolute("sms_webhook.receive", address=address) if address else ""
    if url and gateway.kind is GatewayKind.KANNEL:
        url = f"{url}?{wire.KANNEL_QUERY}&secret={secret}"
    return render_template(
        "checklists/sms/told_once.html", mission=mission, gateway=gateway, url=url, secret=secret,
        kind=gateway.kind.value,
    )  # fmt: skip


def _message_page(mission: Mission, message: Any, form: RereadForm, aside_form: AsideForm) -> str:
    return render_template(
        "checklists/sms/show.html", mission=mission, message=message, form=form, aside=aside_form,
        waits=message.state is MessageState.UNREAD, sees_numbers=_sees_numbers(mission),
    )  # fmt: skip


def _sees_numbers(mission: Mission) -> bool:
    return can(Permission.PERSON_READ, mission)


def _people(mission: Mission) -> list[tuple[str, str]]:
    found = db.session.scalars(people.appointments(mission)).unique()
    return [(str(each.id), each.person.name) for each in found]
