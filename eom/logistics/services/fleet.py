"""Vehicles, drivers, and things that are handed out and come back."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from eom.core.db import get_in
from eom.core.errors import Conflict, InvalidInput, Refused
from eom.core.i18n import day, lazy, ngettext
from eom.deployment.models import Team, TeamMember
from eom.extensions import db
from eom.logistics import period
from eom.logistics.models.things import Driver, Equipment, EquipmentKind, Loan, Vehicle, VehicleKind
from eom.logistics.queries import people
from eom.missions.models.mission import Mission
from eom.observers.models import Appointment, AppointmentRole
from eom.observers.services.roster import checked_phone


def edit_driver(
    mission: Mission,
    driver: Driver | None,
    *,
    name: str,
    phone: str | None = None,
    provider: str | None = None,
) -> Driver:
    """Change a driver, or note one (None). Raises InvalidInput for what is no number."""
    driver = driver or Driver(mission_id=mission.id)
    driver.name, driver.phone, driver.provider = name, checked_phone(phone), provider
    db.session.add(driver)
    db.session.flush()
    return driver


def remove_driver(driver: Driver) -> None:
    """Take a driver away: their vehicles stand without one."""
    for vehicle in db.session.scalars(sa.select(Vehicle).where(Vehicle.driver_id == driver.id)):
        vehicle.driver_id = None
    db.session.flush()
    db.session.delete(driver)
    db.session.flush()


def edit_vehicle(
    mission: Mission, vehicle: Vehicle | None, *, plate: str, vehicle_kind: VehicleKind, seats: int,
    provider: str | None = None, team_id: int | None = None, driver_id: int | None = None, note: str | None = None,
) -> Vehicle:  # fmt: skip
    """Change a vehicle, or note one (None). ``seats`` counts the driver's too.

    Raises Conflict for a plate that another has, NotFound for a team or driver of another mission, Refused when the
    team and the driver need more seats than there are.
    """
    vehicle = vehicle or Vehicle(mission_id=mission.id)
    plate = " ".join(plate.upper().split())
    same = sa.select(Vehicle.id).where(Vehicle.mission_id == mission.id, Vehicle.plate == plate)
    with db.session.no_autoflush:
        known = db.session.scalar(same)
    if known is not None and known != vehicle.id:
        raise Conflict(lazy("The mission has a vehicle %(plate)s already.", plate=plate), "plate")
    if not 1 <= seats <= 100:
        raise InvalidInput(lazy("A vehicle has 1 to 100 seats."), "seats")
    if driver_id:
        get_in(db.session(), Driver, driver_id, mission_id=mission.id)
    if team_id:
        team = get_in(db.session(), Team, team_id, mission_id=mission.id)
        _refuse_crowd(vehicle, team, seats, has_driver=bool(driver_id))
    vehicle.plate, vehicle.vehicle_kind, vehicle.seats, vehicle.provider = (
        plate,
        vehicle_kind,
        seats,
        provider,
    )
    vehicle.team_id, vehicle.driver_id, vehicle.note = team_id, driver_id, note
    db.session.add(vehicle)
    db.session.flush()
    return vehicle


def remove_vehicle(vehicle: Vehicle) -> None:
    """Take a vehicle away."""
    db.session.delete(vehicle)
    db.session.flush()


def edit_equipment(
    mission: Mission,
    thing: Equipment | None,
    *,
    equipment_kind: EquipmentKind,
    serial: str,
    note: str | None = None,
) -> Equipment:
    """Change a thing, or note one (None). Raises Conflict for a serial number that another of its kind has."""
    thing = thing or Equipment(mission_id=mission.id)
    same = sa.select(Equipment.id).where(
        Equipment.mission_id == mission.id,
        Equipment.equipment_kind == equipment_kind,
        Equipment.serial == serial,
    )
    with db.session.no_autoflush:
        known = db.session.scalar(same)
    if known is not None and known != thing.id:
        raise Conflict(
            lazy("The mission has one with the number %(serial)s already.", serial=serial), "serial"
        )
    thing.equipment_kind, thing.serial, thing.note = equipment_kind, serial, note
    db.session.add(thing)
    db.session.flush()
    return thing


def hand_out(mission: Mission, thing: Equipment, *, appointment_id: int, issued_on: date) -> Loan:
    """Give a thing into somebody's hands. Raises Refused while somebody has it, NotFound, InvalidInput."""
    appointment = people.one(db.session(), mission, appointment_id)
    period.check(mission, issued_on, "issued_on")
    if (out := loan_of(thing)) is not None:
        raise Refused(
            lazy("%(name)s has it since %(day)s.", name=out.appointment.person.name, day=day(out.issued_on)),
            "appointment_id", lazy("Note its return first."),
        )  # fmt: skip
    loan = Loan(equipment_id=thing.id, appointment_id=appointment.id, issued_on=issued_on)
    db.session.add(loan)
    db.session.flush()
    return loan


def take_back(thing: Equipment, *, returned_on: date, condition_back: str | None = None) -> Loan:
    """Note that a thing came back. Raises Refused when nobody has it, InvalidInput for a day before it went out."""
    loan = loan_of(thing)
    if loan is None:
        raise Refused(lazy("Nobody has it: it is in the store."))
    if returned_on < loan.issued_on:
        raise InvalidInput(
            lazy("It went out on %(day)s: a later day was expected.", day=day(loan.issued_on)), "returned_on"
        )
    loan.returned_on, loan.condition_back = returned_on, condition_back
    db.session.flush()
    return loan


def loan_of(thing: Equipment) -> Loan | None:
    """Who has a thing now, or None."""
    with db.session.no_autoflush:
        return db.session.scalar(
            sa.select(Loan).where(Loan.equipment_id == thing.id, Loan.returned_on.is_(None))
        )


def _refuse_crowd(vehicle: Vehicle, team: Team, seats: int, *, has_driver: bool) -> None:
    """A hired driver takes a seat beside the team's people, unless a driver is one of them."""
    members = (
        sa.select(Appointment.role).join(TeamMember, TeamMember.appointment_id == Appointment.id)
        .where(TeamMember.team_id == team.id)
    )  # fmt: skip
    others = sa.select(sa.func.coalesce(sa.func.sum(Vehicle.seats), 0)).where(
        Vehicle.team_id == team.id, Vehicle.id != (vehicle.id or 0)
    )
    with db.session.no_autoflush:
        roles = list(db.session.scalars(members))
        room = seats + (db.session.scalar(others) or 0)
    need = len(roles) + (1 if has_driver and AppointmentRole.DRIVER not in roles else 0)
    if need > room:
        words = ngettext(
            "The team “%(team)s” and its driver need %(num)d seat; there are %(room)d.",
            "The team “%(team)s” and its driver need %(num)d seats; there are %(room)d.", need, team=team.name, room=room,
        )  # fmt: skip
        raise Refused(words, "seats")
