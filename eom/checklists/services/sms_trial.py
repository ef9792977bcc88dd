"""Trying a message: how it would be read, and what its sender would be answered. Nothing of it is kept."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from eom.checklists import sms_words
from eom.checklists.models.sms import GatewayKind, MessageState, SmsGateway
from eom.checklists.queries import sms as queries
from eom.checklists.services import sms
from eom.checklists.sms_code import Reading, parse
from eom.checklists.sms_gateways import Incoming
from eom.core import tokens
from eom.core.storage import Store
from eom.extensions import db
from eom.missions.models.mission import Mission


@dataclass(frozen=True)
class Trial:
    """How a message was read and what would be answered; ``state`` and ``sender`` only where a number was given."""

    reading: Reading
    answer: str
    state: MessageState | None = None
    sender: str | None = None


def read(mission: Mission, text: str) -> Trial:
    """A message of nobody in particular, answered in the language that is spoken now."""
    known = [book for _version, book in queries.books(db.session(), mission)]
    reading = parse(known, text)
    said = sms_words.received(reading) if reading.is_good else sms_words.refused(reading.problems, known)
    return Trial(reading, said)


def sent(mission: Mission, store: Store, text: str, number: str) -> Trial:
    """A message as if it came from a number, with everything that is then done: **roll the session back**."""
    reading = read(mission, text).reading
    gateway = SmsGateway(
        mission_id=mission.id, name=f"trial {secrets.token_hex(8)}", kind=GatewayKind.KANNEL,
        address_sha256=tokens.digest(secrets.token_hex()), secret_sha256=tokens.digest(secrets.token_hex()),
    )  # fmt: skip
    db.session.add(gateway)
    db.session.flush()
    message = sms.take(mission, store, gateway, Incoming("trial", number, text))
    who = message.appointment.person.name if message.appointment is not None else None
    return Trial(reading, message.said or "", message.state, who)
