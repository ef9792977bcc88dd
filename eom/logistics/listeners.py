"""What logistics does when someone asks what is held about them, when its time is over, when a person is made anonymous."""

from __future__ import annotations

from collections import Counter
from typing import Any

import sqlalchemy as sa

from eom.core import clock, events
from eom.core.i18n import lazy
from eom.core.privacy import Held
from eom.extensions import db
from eom.logistics.models.calls import HeadcountAnswer
from eom.logistics.models.credentials import Credential, PersonPhoto
from eom.logistics.models.movements import Stay, Travel
from eom.logistics.models.things import Driver, Loan
from eom.logistics.queries import own
from eom.observers.models import Appointment

HIDDEN = "•••"


def _places(person_id: int | None) -> sa.Select[Any]:
    return sa.select(Appointment.id).where(Appointment.person_id == person_id)


@events.personal_data_asked.connect
def _movements_of_a_person(_sender: Any, *, person_id: int | None, found: list[Held], **_rest: Any) -> None:
    for name, label, model in (
        ("travels", lazy("Your arrivals and departures"), Travel),
        ("stays", lazy("Your nights in hotels"), Stay),
        ("credentials", lazy("Your credentials"), Credential),
    ):
        table: Any = model
        query = sa.select(sa.func.count()).where(table.appointment_id.in_(_places(person_id)))
        found.append(Held(name, label, db.session.scalar(query) or 0))


@events.personal_copy_asked.connect
def _logistics_of_a_person(_sender: Any, *, person_id: int, found: dict[str, Any], **_rest: Any) -> None:
    found["logistics"] = own.records(db.session(), person_id)


@events.movements_asked.connect
def _who_moved(_sender: Any, *, found: set[int], **_rest: Any) -> None:
    for model in (Travel, Stay):
        table: Any = model
        query = (
            sa.select(Appointment.person_id).join(table, table.appointment_id == Appointment.id).distinct()
        )
        found.update(db.session.scalars(query))
    found.update(db.session.scalars(sa.select(PersonPhoto.person_id)))


@events.movements_forgotten.connect
@events.person_anonymised.connect
def _nobody_moved(_sender: Any, *, person_id: int, **_rest: Any) -> None:
    """Journeys, nights and photo go; the cards end and keep no number."""
    for model in (Travel, Stay):
        table: Any = model
        for row in db.session.scalars(sa.select(table).where(table.appointment_id.in_(_places(person_id)))):
            db.session.delete(row)
    for photo in db.session.scalars(sa.select(PersonPhoto).where(PersonPhoto.person_id == person_id)):
        db.session.delete(photo)
    db.session.flush()


@events.person_anonymised.connect
def _nobody_carries_a_card(_sender: Any, *, person_id: int, **_rest: Any) -> None:
    own_places = _places(person_id)
    for card in db.session.scalars(sa.select(Credential).where(Credential.appointment_id.in_(own_places))):
        card.number, card.revoked_because = f"№ {card.id}", None
        card.revoked_at = card.revoked_at or clock.now()
    for loan in db.session.scalars(sa.select(Loan).where(Loan.appointment_id.in_(own_places))):
        loan.condition_back = None
    for answer in db.session.scalars(
        sa.select(HeadcountAnswer).where(HeadcountAnswer.appointment_id.in_(own_places))
    ):
        answer.note = None
    db.session.flush()


def _drivers(mission_ids: list[int]) -> Any:
    return sa.and_(Driver.mission_id.in_(mission_ids), Driver.name != HIDDEN)


@events.strangers_asked.connect
def _drivers_of_missions(_sender: Any, *, mission_ids: list[int], found: Counter[int], **_rest: Any) -> None:
    query = (
        sa.select(Driver.mission_id, sa.func.count()).where(_drivers(mission_ids)).group_by(Driver.mission_id)
    )
    for mission_id, count in db.session.execute(query):
        found[mission_id] += count


@events.strangers_forgotten.connect
def _nobody_drove(_sender: Any, *, mission_id: int, **_rest: Any) -> None:
    for driver in db.session.scalars(sa.select(Driver).where(_drivers([mission_id]))):
        driver.name, driver.phone = HIDDEN, None
    db.session.flush()
