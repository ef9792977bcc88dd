"""Devices with an address of their own: given out once, revoked at once, admitted or told why not."""

from __future__ import annotations

import secrets
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from eom.checklists.models.app_user import AppUser
from eom.checklists.queries import app_users
from eom.checklists.queries.app_users import Device
from eom.core import clock, tokens
from eom.core.db import get_in
from eom.core.errors import Forbidden, InvalidInput, Refused
from eom.core.i18n import lazy
from eom.extensions import db
from eom.observers.models import Appointment, AppointmentState

# 36 random bytes: 48 characters that an address carries as they are.
TOKEN_BYTES = 36
MAX_DEVICES = 20
USED_EVERY = timedelta(minutes=15)


def issue(appointment: Appointment, name: str) -> tuple[AppUser, str]:
    """Give a device of someone's appointment its secret, which is returned and kept nowhere.

    Raises Refused when the appointment or its mission has ended or has 20 devices, InvalidInput for a name
    that is empty or longer than 100 characters.
    """
    name = " ".join(name.split())
    if not 1 <= len(name) <= 100:
        raise InvalidInput(lazy("Give the device a name of 1 to 100 characters."), "name")
    mission = appointment.mission
    if mission.is_over or has_ended(appointment.state, appointment.ends_on, mission.time_zone):
        raise Refused(lazy("This appointment has ended: it gets no more devices."))
    if sum(each.revoked_at is None for each in app_users.devices(db.session(), appointment)) >= MAX_DEVICES:
        raise Refused(
            lazy("This appointment has %(limit)s devices already.", limit=MAX_DEVICES),
            next_step=lazy("Revoke those that are no longer used."),
        )
    token = secrets.token_urlsafe(TOKEN_BYTES)
    device = AppUser(
        appointment_id=appointment.id, name=name, token_sha256=tokens.digest(token),
        created_by_id=db.session().info.get("actor_id"),
    )  # fmt: skip
    db.session.add(device)
    db.session.flush()
    return device, token


def revoke(appointment: Appointment, app_user_id: int) -> AppUser:
    """Shut a device out from now on; what it sent stays. Raises NotFound for another appointment's."""
    device = get_in(db.session(), AppUser, app_user_id, appointment_id=appointment.id)
    if device.revoked_at is None:
        device.revoked_at = clock.now()
        db.session.flush()
    return device


def admit(device: Device | None, mission_code: str) -> Device:
    """The device, when it may send in this mission now. Raises Forbidden with what its holder can do."""
    ask = lazy("Ask your coordinator for a new QR code.")
    if device is None or device.mission.code != mission_code:
        raise Forbidden(lazy("This device is not known here: its address is wrong."), next_step=ask)
    if device.revoked_at is not None:
        raise Forbidden(lazy("The access of this device was revoked."), next_step=ask)
    if device.anonymised_at is not None or device.is_active is False:
        raise Forbidden(lazy("The account that this device belongs to is closed."))
    if has_ended(device.state, device.ends_on, device.time_zone):
        raise Forbidden(
            lazy("Your place in the mission %(code)s has ended.", code=mission_code),
            next_step=lazy("Keep the form on the device and speak to your coordinator."),
        )
    return device


def note_use(device: Device, at: datetime) -> None:
    """Note that a device was used, at most every quarter of an hour."""
    if device.last_used_at is None or at - device.last_used_at > USED_EVERY:
        db.session.connection().execute(
            sa.update(AppUser).where(AppUser.id == device.id).values(last_used_at=at)
        )


def has_ended(state: AppointmentState, ends_on: date | None, time_zone: str) -> bool:
    """Whether an appointment was withdrawn, or its last day is past where the mission is."""
    return state is AppointmentState.WITHDRAWN or (ends_on is not None and ends_on < clock.today(time_zone))
