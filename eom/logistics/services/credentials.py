"""Credentials: issued to who is accredited, printed, checked at a door, revoked."""

from __future__ import annotations

import base64
import hmac
import re
import secrets
from datetime import date

import sqlalchemy as sa

from eom.core import clock, images, tokens
from eom.core.errors import InvalidInput, Refused
from eom.core.i18n import day, lazy
from eom.extensions import db
from eom.logistics.models.credentials import Credential, PersonPhoto
from eom.missions.models.mission import Mission
from eom.observers.models import Appointment, AppointmentState, Person

# 128 random bits: 22 characters that an address carries as they are.
TOKEN_BYTES = 16
TOKEN = re.compile(r"[A-Za-z0-9_-]{22}")
NOTHING = tokens.digest("")
PHOTO_SIDE = 420


def issue(mission: Mission, appointment: Appointment, *, valid_from: date, valid_until: date) -> Credential:
    """Give someone their card; one that they have is revoked as replaced.

    Raises InvalidInput for days out of order or that reach beyond a year, Refused for who has withdrawn or who
    observes and is not accredited yet: the pledge and the training come first (domain.md, section 1).
    """
    _check_days(valid_from, valid_until)
    if appointment.mission_id != mission.id or appointment.state is AppointmentState.WITHDRAWN:
        raise Refused(lazy("%(name)s has withdrawn.", name=appointment.person.name))
    if appointment.role.is_observing and not appointment.is_accredited:
        raise Refused(
            lazy("%(name)s is not accredited yet.", name=appointment.person.name),
            next_step=lazy("Record the pledge, the training and the accreditation first."),
        )
    for old in living(appointment.id):
        old.revoked_at, old.revoked_because = clock.now(), str(lazy("Replaced by a new card"))
    db.session.flush()
    token = secrets.token_urlsafe(TOKEN_BYTES)
    made = Credential(
        mission_id=mission.id, appointment_id=appointment.id, number=_number(mission, appointment), token=token,
        token_sha256=tokens.digest(token), valid_from=valid_from, valid_until=valid_until,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    return made


def issue_all(mission: Mission, *, valid_from: date, valid_until: date) -> int:
    """Give a card to everyone who may have one and has none; how many are new. Raises InvalidInput."""
    _check_days(valid_from, valid_until)
    have = sa.select(Credential.appointment_id).where(
        Credential.mission_id == mission.id, Credential.revoked_at.is_(None)
    )
    query = sa.select(Appointment).where(
        Appointment.mission_id == mission.id, Appointment.state == AppointmentState.CONFIRMED,
        Appointment.is_remote.is_(False), Appointment.id.not_in(have),
    )  # fmt: skip
    ready = [
        each for each in db.session.scalars(query.order_by(Appointment.id)).all()
        if each.is_accredited or not each.role.is_observing
    ]  # fmt: skip
    for each in ready:
        issue(mission, each, valid_from=valid_from, valid_until=valid_until)
    return len(ready)


def revoke(credential: Credential, *, reason: str | None) -> None:
    """End a card for good. Raises InvalidInput without a reason, Refused for one that is revoked."""
    if not (reason or "").strip():
        raise InvalidInput(lazy("Say why the card is revoked."), "reason")
    if credential.revoked_at is not None:
        raise Refused(lazy("This card was revoked already."))
    credential.revoked_at, credential.revoked_because = clock.now(), str(reason).strip()[:300]
    db.session.flush()


def is_valid(token: str) -> bool:
    """Whether a card's secret is of a card that holds today, where the mission is.

    What is no secret at all is looked up too, and every condition is weighed whatever the others say: the time
    that an answer takes tells nothing.
    """
    digest = tokens.digest(token) if TOKEN.fullmatch(token) else NOTHING
    row = db.session.execute(
        sa.select(
            Credential.token_sha256, Credential.valid_from, Credential.valid_until, Credential.revoked_at,
            Appointment.state, Mission.time_zone,
        )
        .join(Appointment, Appointment.id == Credential.appointment_id)
        .join(Mission, Mission.id == Credential.mission_id)
        .where(Credential.token_sha256 == digest)
    ).first()  # fmt: skip
    never = date(1, 1, 1)
    found, first, last, revoked_at, state, zone = row or (NOTHING, never, never, None, None, "UTC")
    today = clock.today(zone)
    return (
        hmac.compare_digest(found, digest)
        & (first <= today <= last)
        & (revoked_at is None)
        & (state is not AppointmentState.WITHDRAWN)
    )


def keep_photo(person: Person, data: bytes) -> PersonPhoto:
    """Keep a photo in a person's file: made anew at most 420 pixels long, and sealed; it replaces the one before.

    Raises InvalidInput for what is no JPEG or PNG picture, TooLarge, Refused for someone made anonymous.
    """
    if person.anonymised_at is not None:
        raise Refused(lazy("This person was made anonymous: nothing can be put on file."))
    picture = images.cleaned(data, longest_side=PHOTO_SIDE)
    kept = db.session.scalar(sa.select(PersonPhoto).where(PersonPhoto.person_id == person.id)) or PersonPhoto(
        person_id=person.id
    )
    kept.picture = f"data:{picture.content_type};base64," + base64.b64encode(picture.data).decode()
    db.session.add(kept)
    db.session.flush()
    return kept


def remove_photo(person: Person) -> None:
    """Take the photo out of a person's file."""
    kept = db.session.scalar(sa.select(PersonPhoto).where(PersonPhoto.person_id == person.id))
    if kept is not None:
        db.session.delete(kept)
        db.session.flush()


def living(appointment_id: int) -> list[Credential]:
    """The cards of an appointment that nobody revoked."""
    query = sa.select(Credential).where(
        Credential.appointment_id == appointment_id, Credential.revoked_at.is_(None)
    )
    return list(db.session.scalars(query))


def _number(mission: Mission, appointment: Appointment) -> str:
    """The number of the authority's credential where it is known and free, else the mission's next."""
    held = set(db.session.scalars(sa.select(Credential.number).where(Credential.mission_id == mission.id)))
    if appointment.credential_number and appointment.credential_number not in held:
        return appointment.credential_number
    count = len(held) + 1
    while (number := f"{mission.code}-{count:03}") in held:
        count += 1
    return number


def _check_days(valid_from: date, valid_until: date) -> None:
    if valid_until < valid_from:
        raise InvalidInput(
            lazy("It ends before it begins: a day after %(day)s was expected.", day=day(valid_from)),
            "valid_until",
        )
    if (valid_until - valid_from).days > 366:
        raise InvalidInput(lazy("A card holds for a year at most."), "valid_until")
