"""How a device comes in by the secret in its address: no account signs in, no session is made."""

from __future__ import annotations

from flask import g, request
from flask_login import AnonymousUserMixin

from eom.checklists.api import wire
from eom.checklists.queries import app_users as queries
from eom.checklists.queries.addresses import Directory
from eom.checklists.queries.app_users import Device
from eom.checklists.services import app_users
from eom.checklists.services.keeping import Sender
from eom.checklists.services.reading import expected_code
from eom.checklists.services.unpacking import Parcel
from eom.core import audit, clock, i18n, tokens
from eom.core.db import writing
from eom.extensions import db

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
    if len(_known) >= MAX_KNOWN:
        _known.clear()
    _known[tokens.digest(token)] = device.language
    audit.acting(db.session(), device.user_id, device.actor_name, g.request_id, address=request.remote_addr)
    assert directory is not None
    return device, directory


def try_out(mission_code: str, token: str) -> None:
    """Let a device that is new here in for a look, so that a stranger's body is never read."""
    if not g.device:
        with writing(False):
            enter(mission_code, token)
        db.session.rollback()


def sender_of(device: Device) -> Sender:
    """Who sends what a device sends; notes that it was used."""
    app_users.note_use(device, clock.now())
    return Sender(
        user_id=device.user_id,
        person_id=device.person_id,
        app_user_id=device.id,
        language=device.language if device.language in i18n.LANGUAGES else i18n.language(),
        device_id=wire.device_id(),
    )
