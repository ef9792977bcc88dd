"""How a device comes in by the secret in its address: no account signs in, no session is made."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from flask import current_app, g, request
from flask_login import AnonymousUserMixin

from eom.checklists.api import wire
from eom.checklists.api.gate import Delivery, gate
from eom.checklists.queries import app_users as queries
from eom.checklists.queries.addresses import Directory
from eom.checklists.queries.app_users import Device
from eom.checklists.services import app_users, intake
from eom.checklists.services.intake import Result
from eom.checklists.services.keeping import Receipt, Sender
from eom.checklists.services.reading import expected_code
from eom.checklists.services.unpacking import Parcel
from eom.core import audit, clock, i18n, tokens
from eom.core.db import writing
from eom.core.errors import AppError
from eom.extensions import db
from eom.web.responses import committed, store

REASON = "the secret in the address says whose device it is"
MAX_KNOWN = 10_000

# The languages of devices that were admitted here before, by what is kept of their secrets.
_known: dict[str, str | None] = {}


class Holder(AnonymousUserMixin):  # type: ignore[misc]
    """Whoever holds a device: not signed in, but with a language."""

    def __init__(self, language: str | None = None) -> None:
        super().__init__()
        self.language = language


def greet(token: str) -> bool:
    """Answer in the language of a device that was here before; whether it was. Asks no database."""
    digest = tokens.digest(token)
    g._login_user = Holder(_known.get(digest))
    return digest in _known


def enter(mission_code: str, token: str, parcel: Parcel | None = None) -> tuple[Device, Directory]:
    """The device of a secret; the audit trail names its person from here on. Raises Forbidden.

    With a parcel what that names is looked up in the same statement.
    """
    names, code = (parcel.names, expected_code(parcel)) if parcel else (("", ""), "")
    found, directory = queries.device_of(db.session(), token, names, code) or (None, None)
    g._login_user = Holder(found.language if found else None)
    device = app_users.admit(found, mission_code)
    _remember(token, device)
    audit.acting(db.session(), device.user_id, device.actor_name, g.request_id, address=request.remote_addr)
    assert directory is not None
    return device, directory


def try_out(mission_code: str, token: str) -> None:
    """Let a device that is new here in for a look, so that a stranger's body is never read."""
    if not g.device:
        with writing(False):
            enter(mission_code, token)
        db.session.rollback()


def _remember(token: str, device: Device) -> None:
    if len(_known) >= MAX_KNOWN:
        _known.clear()
    _known[tokens.digest(token)] = device.language


def sender_of(device: Device) -> Sender:
    """Who sends what a device sends; notes that it was used."""
    return _sender(device, _language_of(device.language), wire.device_id(), None)


def _sender(device: Device, language: str, device_id: str | None, actor: audit.Actor | None) -> Sender:
    app_users.note_use(device, clock.now())
    return Sender(
        user_id=device.user_id,
        person_id=device.person_id,
        app_user_id=device.id,
        language=device.language if device.language in i18n.LANGUAGES else language,
        device_id=device_id,
        actor=actor,
    )


def _language_of(known: str | None) -> str:
    return known if known in i18n.LANGUAGES else i18n.language()


def deliver(mission_code: str, token: str, parcel: Parcel) -> Receipt:
    """Have a submission of a device written, together with those that come at the same moment.

    Raises Forbidden, and what ``intake.receive_one`` raises.
    """
    result = None
    # Files are stored while nobody else waits for it.
    if not parcel.files:
        told = (wire.device_id(), g.request_id, request.remote_addr)
        language = _language_of(_known.get(tokens.digest(token)))
        result = gate().deliver(Delivery(token, mission_code, parcel, language, *told), _write)
    if result is None:
        device, directory = enter(mission_code, token, parcel)
        sender = sender_of(device)
        result = committed(intake.receive_one(device.mission, store(), parcel, sender, directory))
    if isinstance(result, AppError):
        raise result
    return result


def _write(group: Sequence[Delivery]) -> None:
    """Write a group and commit; whoever is not admitted is told so, and the others are written."""
    try:
        sought = [(each.token, each.parcel.names, expected_code(each.parcel)) for each in group]
        with audit.writing_ahead(db.session()):
            found = queries.devices_of(db.session(), sought)
            results = _write_admitted([_admitted(*each) for each in zip(group, found, strict=True)])
        committed(results)
    except (AppError, sa.exc.SQLAlchemyError) as error:
        db.session.rollback()
        current_app.logger.warning("a group of %d is taken one by one: %r", len(group), error)
        return
    for delivery, result in zip(group, results, strict=True):
        delivery.result = result


def _admitted(
    delivery: Delivery, found: tuple[Device, Directory] | None
) -> tuple[Delivery, Device, Directory] | AppError:
    try:
        device = app_users.admit(found[0] if found else None, delivery.mission_code)
    except AppError as error:
        return error
    assert found is not None
    _remember(delivery.token, device)
    return delivery, device, found[1]


def _write_admitted(admitted: Sequence[tuple[Delivery, Device, Directory] | AppError]) -> list[Result]:
    results: dict[int, Result] = {}
    missions: dict[int, list[tuple[int, Delivery, Device, Directory]]] = {}
    for number, each in enumerate(admitted):
        if isinstance(each, AppError):
            results[number] = each
        else:
            missions.setdefault(each[1].mission.id, []).append((number, *each))
    for own in missions.values():
        directory, destination = own[0][3], own[0][2].mission
        for _number, _delivery, _device, other in own[1:]:
            directory.addresses |= other.addresses
            directory.coded |= other.coded
        sendings = [
            (
                delivery.parcel,
                _sender(device, delivery.language, delivery.device_id, _actor(delivery, device)),
            )
            for _number, delivery, device, _directory in own
        ]
        taken = intake.receive_each(destination, store(), sendings, directory)
        results |= {number: result for (number, *_rest), result in zip(own, taken, strict=True)}
    return [results[number] for number in range(len(admitted))]


def _actor(delivery: Delivery, device: Device) -> audit.Actor:
    return audit.Actor(device.user_id, device.actor_name, delivery.request_id, delivery.address)
