"""Forms of journeys, hotels and nights."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from eom.core.i18n import lazy
from eom.extensions import db
from eom.logistics.models.movements import Direction, Hotel, Stay, Travel, TravelState
from eom.logistics.period import local
from eom.logistics.queries import people
from eom.missions.models.mission import Mission
from eom.web.fields import (
    BooleanField,
    ChoiceField,
    ClockField,
    DayField,
    EnumField,
    NoteField,
    TextField,
    UploadField,
)
from eom.web.forms import BaseForm

CHOOSE = ("", lazy("Choose…"))


class TravelForm(BaseForm):
    """Someone's arrival or departure, in the mission's zone."""

    appointment_id = ChoiceField(lazy("Person"), needed=True)
    direction = EnumField(lazy("Direction"), Direction, needed=True)
    travel_state = EnumField(lazy("State"), TravelState, needed=True)
    on = DayField(lazy("Day"))
    at = ClockField(lazy("Time"), description=lazy("When they land or leave, by the clock of the mission."))
    carrier = TextField(lazy("Carrier"), length=80)
    service_number = TextField(lazy("Flight or service"), length=40)
    terminal = TextField(lazy("Airport or station"), length=120)
    picked_up_by = TextField(lazy("Picked up by"), length=120)
    note = NoteField(lazy("Note"), length=1000)

    @classmethod
    def of(cls, mission: Mission, travel: Travel | None = None, **begin: Any) -> TravelForm:
        """The form with the mission's people; filled in when there is a journey."""
        given: dict[str, Any] = {"travel_state": TravelState.BOOKED} | begin
        if travel is not None:
            names = (
                "direction",
                "travel_state",
                "carrier",
                "service_number",
                "terminal",
                "picked_up_by",
                "note",
            )
            given = {name: getattr(travel, name) for name in names}
            given["appointment_id"] = str(travel.appointment_id)
            if travel.travel_at is not None:
                here = local(mission, travel.travel_at)
                given |= {"on": here.date(), "at": here.time()}
        form = cls(**given)
        form.appointment_id.choices = [CHOOSE, *people.choices(db.session(), mission)]
        return form

    def payload(self) -> dict[str, Any]:
        """As ``services.travelling.edit_travel`` takes it."""
        told = super().payload()
        return told | {"appointment_id": int(told["appointment_id"])}


class TravelFileForm(BaseForm):
    """A spreadsheet of arrivals and departures."""

    file = UploadField(
        lazy("Spreadsheet (xlsx, xls, ods, csv)"), needed=True, accept=".xlsx,.xls,.ods,.csv,.tsv,.txt,.gz"
    )


class HotelForm(BaseForm):
    """A hotel."""

    name = TextField(lazy("Name"), needed=True, length=120)
    town = TextField(lazy("Town"), length=120)
    street = TextField(lazy("Street"), length=200)
    desk_phone = TextField(lazy("Telephone"), length=40)
    note = NoteField(lazy("Note"), length=1000)

    @classmethod
    def of(cls, hotel: Hotel | None = None) -> HotelForm:
        """The form, filled in when there is a hotel."""
        names = ("name", "town", "street", "desk_phone", "note")
        return cls(**({name: getattr(hotel, name) for name in names} if hotel else {}))


class StayForm(BaseForm):
    """Somebody's nights in a hotel."""

    appointment_id = ChoiceField(lazy("Person"), needed=True)
    hotel_id = ChoiceField(lazy("Hotel"), needed=True)
    from_on = DayField(lazy("First night"), needed=True)
    until_on = DayField(lazy("Leaves on"), needed=True, description=lazy("The morning after the last night."))
    room = TextField(lazy("Room"), length=40)
    is_shared = BooleanField(lazy("The room is shared"))
    note = NoteField(lazy("Note"), length=1000)

    @classmethod
    def of(cls, mission: Mission, stay: Stay | None = None, **begin: Any) -> StayForm:
        """The form with the mission's people and hotels; filled in when there is a stay."""
        given: dict[str, Any] = begin
        if stay is not None:
            given = {
                name: getattr(stay, name) for name in ("from_on", "until_on", "room", "is_shared", "note")
            }
            given |= {"appointment_id": str(stay.appointment_id), "hotel_id": str(stay.hotel_id)}
        form = cls(**given)
        hotels = db.session.execute(
            sa.select(Hotel.id, Hotel.name).where(Hotel.mission_id == mission.id).order_by(Hotel.name)
        )
        form.appointment_id.choices = [CHOOSE, *people.choices(db.session(), mission)]
        form.hotel_id.choices = [CHOOSE, *((str(id_), name) for id_, name in hotels)]
        return form

    def payload(self) -> dict[str, Any]:
        """As ``services.lodging.edit_stay`` takes it."""
        told = super().payload()
        return told | {name: int(told[name]) for name in ("appointment_id", "hotel_id")}
