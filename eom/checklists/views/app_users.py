"""The devices of an appointment: given a QR code once, revoked at once."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, url_for
from flask_security import current_user

from eom.accounts.permissions import Permission
from eom.checklists.app_user_code import set_up
from eom.checklists.forms import DeviceForm
from eom.checklists.queries import app_users as queries
from eom.checklists.services import app_users
from eom.core.db import get_in
from eom.core.errors import NotFound
from eom.core.i18n import _, lazy
from eom.extensions import db
from eom.missions.models.mission import Mission
from eom.observers.models import Appointment
from eom.web.access import can, requires
from eom.web.navigation import Entry
from eom.web.responses import committed, saved
from eom.web.urls import absolute

bp = Blueprint("app_users", __name__, url_prefix="/missions/<mission>")

MISSION_NAVIGATION = (
    Entry(lazy("My devices"), "app_users.mine", "checklist.fill", "phone", lazy("Field"), 6),
)
DEVICES = "/appointments/<int:appointment_id>/devices"


@bp.get("/devices")
@requires("checklist.fill")
def mine(mission: Mission) -> Any:
    """The devices of one's own appointment."""
    appointment = queries.appointment_of(db.session(), mission.id, current_user.id)
    if appointment is None:
        return render_template("checklists/app_users/none.html", mission=mission)
    return _page(mission, appointment, DeviceForm())


@bp.get(DEVICES)
@requires("mission.read")
def index(mission: Mission, appointment_id: int) -> Any:
    """The devices of an appointment: for its person, and for who may change it."""
    return _page(mission, _appointment(mission, appointment_id), DeviceForm())


@bp.post(DEVICES)
@requires("mission.read")
def create(mission: Mission, appointment_id: int) -> Any:
    """Give a device its QR code, which is shown on this page and never again."""
    appointment, form = _appointment(mission, appointment_id), DeviceForm()
    if form.validate_on_submit():
        with form.shows_errors():
            device, token = app_users.issue(appointment, form.name.data)
            address = absolute("openrosa_devices.form_list", mission=mission.code, token=token)
            shown = set_up(address.removesuffix("/formList"), f"{mission.code} {mission.name}")
            return committed(
                render_template(
                    "checklists/app_users/created.html", mission=mission, appointment=appointment,
                    device=device, shown=shown,
                )
            )  # fmt: skip
    return _page(mission, appointment, form)


@bp.post(f"{DEVICES}/<int:app_user_id>/revoke")
@requires("mission.read")
def revoke(mission: Mission, appointment_id: int, app_user_id: int) -> Any:
    """Shut a device out from now on."""
    appointment = _appointment(mission, appointment_id)
    device = app_users.revoke(appointment, app_user_id)
    to = url_for(".index", mission=mission.code, appointment_id=appointment.id)
    return saved(to, _("%(name)s can no longer send or read anything", name=device.name))


def _appointment(mission: Mission, appointment_id: int) -> Appointment:
    """The appointment, for its person and for who may change it. Raises NotFound."""
    appointment = get_in(db.session(), Appointment, appointment_id, mission_id=mission.id)
    if appointment.person.user_id != current_user.id and not can(Permission.APPOINTMENT_EDIT, mission):
        raise NotFound(lazy("There is nothing here, or it is not yours to see."))
    return appointment


def _page(mission: Mission, appointment: Appointment, form: DeviceForm) -> Any:
    page = render_template(
        "checklists/app_users/index.html", mission=mission, appointment=appointment, form=form,
        devices=queries.devices(db.session(), appointment),
        has_ended=app_users.has_ended(appointment.state, appointment.ends_on, mission.time_zone) or mission.is_over,
    )  # fmt: skip
    return page, form.status
