"""Hotels and who sleeps in them."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from eom.core.db import get_in
from eom.core.errors import Conflict, InvalidInput, Refused
from eom.core.i18n import day, lazy
from eom.extensions import db
from eom.logistics import period
from eom.logistics.models.movements import Hotel, Stay
from eom.logistics.nights import MOST_NIGHTS, Nights
from eom.logistics.queries import people
from eom.missions.models.mission import Mission
from eom.observers.services.roster import checked_phone


def edit_hotel(
    mission: Mission, hotel: Hotel | None, *, name: str, town: str | None = None, street: str | None = None,
    desk_phone: str | None = None, note: str | None = None,
) -> Hotel:  # fmt: skip
    """Change a hotel, or make one (None). Raises Conflict for a name that another has, InvalidInput for no number."""
    hotel = hotel or Hotel(mission_id=mission.id)
    same = sa.select(Hotel.id).where(Hotel.mission_id == mission.id, Hotel.name == name)
    with db.session.no_autoflush:
        known = db.session.scalar(same)
    if known is not None and known != hotel.id:
        raise Conflict(lazy("The mission has a hotel “%(name)s” already.", name=name), "name")
    hotel.name, hotel.town, hotel.street, hotel.note = name, town, street, note
    try:
        hotel.desk_phone = checked_phone(desk_phone)
    except InvalidInput as error:
        raise InvalidInput(error.message, "desk_phone") from None
    db.session.add(hotel)
    db.session.flush()
    return hotel


def remove_hotel(hotel: Hotel) -> None:
    """Take a hotel away. Raises Refused while somebody has nights there."""
    if db.session.scalar(sa.select(sa.func.count()).where(Stay.hotel_id == hotel.id)):
        raise Refused(
            lazy("Somebody has nights in “%(name)s”.", name=hotel.name), next_step=lazy("Move them first.")
        )
    db.session.delete(hotel)
    db.session.flush()


def edit_stay(
    mission: Mission, stay: Stay | None, *, appointment_id: int, hotel_id: int, from_on: date, until_on: date,
    room: str | None = None, is_shared: bool = False, note: str | None = None,
) -> Stay:  # fmt: skip
    """Change somebody's nights, or note new ones (None).

    Raises NotFound for a person or hotel of another mission, InvalidInput for days out of order or outside the
    mission, Conflict for nights that the person spends elsewhere already.
    """
    stay = stay or Stay(mission_id=mission.id)
    appointment = people.one(db.session(), mission, appointment_id)
    hotel = get_in(db.session(), Hotel, hotel_id, mission_id=mission.id)
    wanted = Nights(from_on, until_on)
    if not 1 <= wanted.count <= MOST_NIGHTS:
        raise InvalidInput(lazy("They leave after the first night: a later day was expected."), "until_on")
    for field, on in (("from_on", from_on), ("until_on", until_on)):
        period.check(mission, on, field)
    _refuse_overlap(stay, appointment_id, wanted)
    stay.appointment_id, stay.hotel_id, stay.from_on, stay.until_on = (
        appointment.id,
        hotel.id,
        from_on,
        until_on,
    )
    stay.room, stay.is_shared, stay.note = room, is_shared, note
    db.session.add(stay)
    db.session.flush()
    return stay


def remove_stay(stay: Stay) -> None:
    """Take nights away; the trail keeps that they were there."""
    db.session.delete(stay)
    db.session.flush()


def _refuse_overlap(stay: Stay, appointment_id: int, wanted: Nights) -> None:
    with db.session.no_autoflush:
        others = db.session.scalars(sa.select(Stay).where(Stay.appointment_id == appointment_id)).all()
    for each in others:
        if each.id != stay.id and Nights(each.from_on, each.until_on).overlaps(wanted):
            raise Conflict(
                lazy(
                    "These nights overlap those in %(hotel)s from %(first)s to %(last)s.", hotel=each.hotel.name,
                    first=day(each.from_on), last=day(each.until_on),
                ),
                "from_on",
            )  # fmt: skip
