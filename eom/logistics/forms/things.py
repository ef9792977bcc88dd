"""Forms of vehicles, drivers and what is handed out."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from eom.core import clock
from eom.core.i18n import lazy
from eom.extensions import db
from eom.logistics.models.things import Driver, Equipment, EquipmentKind, Vehicle, VehicleKind
from eom.logistics.queries import calls, people
from eom.missions.models.mission import Mission
from eom.web.fields import ChoiceField, CountField, DayField, EnumField, NoteField, TextField
from eom.web.forms import BaseForm


class DriverForm(BaseForm):
    """A hired driver."""

    name = TextField(lazy("Name"), needed=True, length=120)
    phone = TextField(lazy("Telephone"), length=40)
    provider = TextField(lazy("Provider"), length=120)

    @classmethod
    def of(cls, driver: Driver | None = None) -> DriverForm:
        """The form, filled in when there is a driver."""
        names = ("name", "phone", "provider")
        return cls(**({name: getattr(driver, name) for name in names} if driver else {}))


class VehicleForm(BaseForm):
    """A vehicle, who drives it and for which team."""

    plate = TextField(lazy("Number plate"), needed=True, length=20)
    vehicle_kind = EnumField(lazy("Kind"), VehicleKind, needed=True)
    seats = CountField(
        lazy("Seats"), needed=True, minimum=1, maximum=100, description=lazy("All of them, the driver's too.")
    )
    provider = TextField(lazy("Provider"), length=120)
    team_id = ChoiceField(lazy("Team"))
    driver_id = ChoiceField(lazy("Driver"))
    note = NoteField(lazy("Note"), length=1000)

    @classmethod
    def of(cls, mission: Mission, vehicle: Vehicle | None = None) -> VehicleForm:
        """The form with the mission's teams and drivers; filled in when there is a vehicle."""
        given: dict[str, Any] = {}
        if vehicle is not None:
            given = {
                name: getattr(vehicle, name)
                for name in ("plate", "vehicle_kind", "seats", "provider", "note")
            }
            given |= {"team_id": str(vehicle.team_id or ""), "driver_id": str(vehicle.driver_id or "")}
        form = cls(**given)
        drivers = db.session.execute(
            sa.select(Driver.id, Driver.name)
            .where(Driver.mission_id == mission.id)
            .order_by(Driver.name, Driver.id)
        )
        form.team_id.choices = [
            ("", lazy("None")),
            *((str(i), n) for i, n in calls.teams(db.session(), mission)),
        ]
        form.driver_id.choices = [("", lazy("None")), *((str(id_), name) for id_, name in drivers)]
        return form

    def payload(self) -> dict[str, Any]:
        """As ``services.fleet.edit_vehicle`` takes it."""
        told = super().payload()
        return told | {name: int(told[name]) if told[name] else None for name in ("team_id", "driver_id")}


class EquipmentForm(BaseForm):
    """A thing that is handed out."""

    equipment_kind = EnumField(lazy("Kind"), EquipmentKind, needed=True)
    serial = TextField(lazy("Serial number"), needed=True, length=60)
    note = NoteField(lazy("Note"), length=1000)

    @classmethod
    def of(cls, thing: Equipment | None = None) -> EquipmentForm:
        """The form, filled in when there is a thing."""
        names = ("equipment_kind", "serial", "note")
        return cls(**({name: getattr(thing, name) for name in names} if thing else {}))


class HandOutForm(BaseForm):
    """Who takes a thing, and when."""

    appointment_id = ChoiceField(lazy("Person"), needed=True)
    issued_on = DayField(lazy("Handed out on"), needed=True)

    @classmethod
    def of(cls, mission: Mission) -> HandOutForm:
        """The form with the mission's people, for today."""
        form = cls(issued_on=clock.today(mission.time_zone))
        form.appointment_id.choices = [("", lazy("Choose…")), *people.choices(db.session(), mission)]
        return form

    def payload(self) -> dict[str, Any]:
        """As ``services.fleet.hand_out`` takes it."""
        told = super().payload()
        return told | {"appointment_id": int(told["appointment_id"])}


class ReturnForm(BaseForm):
    """That a thing came back, and how it looks."""

    returned_on = DayField(lazy("Came back on"), needed=True)
    condition_back = TextField(lazy("Condition"), length=300)
