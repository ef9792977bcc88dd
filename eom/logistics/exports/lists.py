"""The lists of logistics: their columns, filters and order, for the page and for the files."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eom.core import clock
from eom.core.errors import InvalidInput
from eom.core.i18n import LANGUAGES, lazy
from eom.core.listing import Column, Filter, ListDefinition
from eom.logistics.models.briefings import Briefing
from eom.logistics.models.calls import Headcount
from eom.logistics.models.credentials import Credential
from eom.logistics.models.movements import Direction, Hotel, Stay, Travel, TravelState
from eom.logistics.models.things import Driver, Equipment, EquipmentKind, Loan, Vehicle, VehicleKind
from eom.logistics.queries import calls as call_queries
from eom.logistics.queries import lists as queries
from eom.missions.models.mission import Mission
from eom.observers.models import Appointment, AppointmentRole, Person
from eom.stations.queries import Areas

Link = Callable[[int], str | None]
NAMES = (Person.family_names, Person.given_names)
LACKS = (
    ("arrival", lazy("A booked arrival")),
    ("departure", lazy("A booked departure")),
    ("credential", lazy("A credential")),
    ("photo", lazy("A photo")),
    ("briefing", lazy("A briefing that was held")),
)
VEHICLE_LACKS = (
    ("driver", lazy("A driver")),
    ("team", lazy("A team")),
    ("seats", lazy("Seats for its team")),
)
TONES = {"planned": "warning", "booked": "info", "done": "success", "cancelled": "neutral"}


def _name(row: Any) -> str:
    return f"{row.Person.family_names}, {row.Person.given_names}"


def people(mission: Mission, link: Link, areas: Areas = None) -> ListDefinition:
    """Everyone in the country: how they come and go, their card, what they lack."""
    filters = (
        Filter("lacks", lazy("Still lacks"), lambda v: queries.lacks(mission, v), choices=LACKS),
        Filter("role", lazy("Role"), lambda v: Appointment.role == v, choices=AppointmentRole.choices()),
    )
    return ListDefinition(
        queries.people(mission, areas), _columns_of_people(mission, link), filters, NAMES, sort="person", entity=False,
        tie=Appointment.id,
    )  # fmt: skip


def _columns_of_people(mission: Mission, link: Link) -> tuple[Column, ...]:
    zone = mission.time_zone
    arrival, departure, card = queries.joined()

    def state(travel: Any) -> Any:
        return travel.travel_state if travel else TravelState.PLANNED

    return (
        Column("person", lazy("Person"), _name, NAMES, href=lambda r: link(r.Appointment.id)),
        Column("role", lazy("Role"), lambda r: r.Appointment.role, Appointment.role, "label"),
        Column("team", lazy("Team"), lambda r: r.team_name, sa.text("team_name")),
        Column("arrival", lazy("Arrival"), lambda r: state(r.arrival), arrival.travel_state, "badge",
               tone=lambda r: TONES[state(r.arrival).value]),
        Column("arrives", lazy("Arrives at"), lambda r: r.arrival and (r.arrival.travel_at, zone), arrival.travel_at, "moment"),
        Column("departure", lazy("Departure"), lambda r: state(r.departure), departure.travel_state, "badge",
               tone=lambda r: TONES[state(r.departure).value]),
        Column("departs", lazy("Departs at"), lambda r: r.departure and (r.departure.travel_at, zone), departure.travel_at, "moment"),
        Column("credential", lazy("Credential"), lambda r: r.card and r.card.number, card.number),
    )  # fmt: skip


def travels(mission: Mission, link: Link, areas: Areas = None) -> ListDefinition:
    """The arrivals and departures, in the order of the clock."""
    zone = mission.time_zone
    columns = (
        Column("at", lazy("When"), lambda r: r.Travel.travel_at and (r.Travel.travel_at, zone), Travel.travel_at, "moment"),
        Column("direction", lazy("Direction"), lambda r: r.Travel.direction, Travel.direction, "label"),
        Column("person", lazy("Person"), _name, NAMES, href=lambda r: link(r.Travel.id)),
        Column("carrier", lazy("Carrier"), lambda r: r.Travel.carrier, Travel.carrier),
        Column("number", lazy("Flight or service"), lambda r: r.Travel.service_number, Travel.service_number),
        Column("terminal", lazy("Airport or station"), lambda r: r.Travel.terminal, Travel.terminal),
        Column("picked_up_by", lazy("Picked up by"), lambda r: r.Travel.picked_up_by, Travel.picked_up_by),
        Column("state", lazy("State"), lambda r: r.Travel.travel_state, Travel.travel_state, "badge",
               tone=lambda r: TONES[r.Travel.travel_state.value]),
        Column("zone", lazy("Time zone"), lambda r: zone),
    )  # fmt: skip
    filters = (
        Filter("direction", lazy("Direction"), lambda v: Travel.direction == v, choices=Direction.choices()),
        Filter("state", lazy("State"), lambda v: Travel.travel_state == v, choices=TravelState.choices()),
        Filter(
            "within", lazy("When"), lambda v: queries.on_day(mission, _named_day(mission, v)), choices=DAYS
        ),
    )
    search = (*NAMES, Travel.carrier, Travel.service_number, Travel.terminal, Travel.picked_up_by)
    return ListDefinition(
        queries.travels(mission, areas), columns, filters, search, sort="at", entity=False, tie=Travel.id
    )


DAYS = (("today", lazy("Today")), ("tomorrow", lazy("Tomorrow")))


def _named_day(mission: Mission, name: str) -> date:
    today = clock.today(mission.time_zone)
    return today + timedelta(days=1) if name == "tomorrow" else today


def stays(session: Session, mission: Mission, link: Link, areas: Areas = None) -> ListDefinition:
    """Who sleeps where, from when to when."""
    hotels = session.execute(
        sa.select(Hotel.id, Hotel.name).where(Hotel.mission_id == mission.id).order_by(Hotel.name)
    )
    columns = (
        Column("person", lazy("Person"), _name, NAMES, href=lambda r: link(r.Stay.id)),
        Column("hotel", lazy("Hotel"), lambda r: r.Hotel.name, Hotel.name),
        Column("town", lazy("Town"), lambda r: r.Hotel.town, Hotel.town),
        Column("from", lazy("First night"), lambda r: r.Stay.from_on, Stay.from_on, "date"),
        Column("until", lazy("Leaves on"), lambda r: r.Stay.until_on, Stay.until_on, "date"),
        Column("nights", lazy("Nights"), lambda r: (r.Stay.until_on - r.Stay.from_on).days, kind="number"),
        Column("room", lazy("Room"), lambda r: r.Stay.room, Stay.room),
        Column("shared", lazy("Shared room"), lambda r: r.Stay.is_shared, Stay.is_shared, "boolean"),
    )
    filters = (
        Filter(
            "hotel",
            lazy("Hotel"),
            lambda v: Stay.hotel_id == int(v),
            choices=[(str(i), n) for i, n in hotels],
        ),
        Filter("night", lazy("Night of"), _night, kind="date"),
    )
    return ListDefinition(
        queries.stays(mission, areas), columns, filters, (*NAMES, Hotel.name, Stay.room), sort="from", entity=False,
        tie=Stay.id,
    )  # fmt: skip


def _night(value: str) -> Any:
    try:
        on = date.fromisoformat(value)
    except ValueError:
        raise InvalidInput(
            lazy("“%(text)s” is no date: year-month-day was expected.", text=value[:40]), "night"
        ) from None
    return sa.and_(Stay.from_on <= on, Stay.until_on > on)


def hotels(mission: Mission, link: Link) -> ListDefinition:
    """The hotels with their guests."""
    columns = (
        Column("name", lazy("Hotel"), lambda r: r.Hotel.name, Hotel.name, href=lambda r: link(r.Hotel.id)),
        Column("town", lazy("Town"), lambda r: r.Hotel.town, Hotel.town),
        Column("street", lazy("Street"), lambda r: r.Hotel.street),
        Column("phone", lazy("Telephone"), lambda r: r.Hotel.desk_phone),
        Column("guests", lazy("Guests"), lambda r: r.guest_count, sa.text("guest_count"), "number"),
    )
    return ListDefinition(
        queries.hotels(mission),
        columns,
        (),
        (Hotel.name, Hotel.town),
        sort="name",
        entity=False,
        tie=Hotel.id,
    )


def vehicles(mission: Mission, link: Link) -> ListDefinition:
    """The vehicles with who drives them and for which team."""
    columns = (
        Column(
            "plate",
            lazy("Number plate"),
            lambda r: r.Vehicle.plate,
            Vehicle.plate,
            href=lambda r: link(r.Vehicle.id),
        ),
        Column("kind", lazy("Kind"), lambda r: r.Vehicle.vehicle_kind, Vehicle.vehicle_kind, "label"),
        Column("seats", lazy("Seats"), lambda r: r.Vehicle.seats, Vehicle.seats, "number"),
        Column("team", lazy("Team"), lambda r: r.Team and r.Team.name, sa.text("teams.name")),
        Column("members", lazy("Members"), lambda r: r.member_count if r.Team else None, kind="number"),
        Column("driver", lazy("Driver"), lambda r: r.Driver and r.Driver.name, Driver.name),
        Column("phone", lazy("Telephone"), lambda r: r.Driver and r.Driver.phone),
        Column("provider", lazy("Provider"), lambda r: r.Vehicle.provider, Vehicle.provider),
    )
    filters = (
        Filter("lacks", lazy("Still lacks"), queries.vehicle_lacks, choices=VEHICLE_LACKS),
        Filter("kind", lazy("Kind"), lambda v: Vehicle.vehicle_kind == v, choices=VehicleKind.choices()),
    )
    return ListDefinition(
        queries.vehicles(mission), columns, filters, (Vehicle.plate, Vehicle.provider, Driver.name), sort="plate",
        entity=False, tie=Vehicle.id,
    )  # fmt: skip


def drivers(mission: Mission, link: Link) -> ListDefinition:
    """The hired drivers."""
    columns = (
        Column(
            "name", lazy("Driver"), lambda r: r.Driver.name, Driver.name, href=lambda r: link(r.Driver.id)
        ),
        Column("phone", lazy("Telephone"), lambda r: r.Driver.phone),
        Column("provider", lazy("Provider"), lambda r: r.Driver.provider, Driver.provider),
        Column("vehicle", lazy("Vehicle"), lambda r: r.plate, sa.text("plate")),
    )
    return ListDefinition(
        queries.drivers(mission),
        columns,
        (),
        (Driver.name, Driver.provider),
        sort="name",
        entity=False,
        tie=Driver.id,
    )


def equipment(mission: Mission, link: Link) -> ListDefinition:
    """What is handed out, and who has it."""
    columns = (
        Column("serial", lazy("Serial number"), lambda r: r.Equipment.serial, Equipment.serial, href=lambda r: link(r.Equipment.id)),
        Column("kind", lazy("Kind"), lambda r: r.Equipment.equipment_kind, Equipment.equipment_kind, "label"),
        Column("state", lazy("State"), lambda r: OUT["out" if r.Loan else "in"], kind="badge",
               tone=lambda r: "warning" if r.Loan else "neutral"),
        Column("person", lazy("Who has it"), lambda r: _name(r) if r.Person else None, NAMES),
        Column("issued", lazy("Since"), lambda r: r.Loan and r.Loan.issued_on, Loan.issued_on, "date"),
    )  # fmt: skip
    filters = (
        Filter(
            "kind", lazy("Kind"), lambda v: Equipment.equipment_kind == v, choices=EquipmentKind.choices()
        ),
        Filter("state", lazy("State"), _out, choices=tuple(OUT.items())),
    )
    return ListDefinition(
        queries.equipment(mission), columns, filters, (Equipment.serial, *NAMES), sort="serial", entity=False,
        tie=Equipment.id,
    )  # fmt: skip


OUT = {"out": lazy("Out"), "in": lazy("In the store")}


def _out(value: str) -> Any:
    return Loan.id.is_not(None) if value == "out" else Loan.id.is_(None)


CARD_STATES = {
    "valid": lazy("Valid"), "early": lazy("Not valid yet"), "expired": lazy("Expired"), "revoked": lazy("Revoked"),
}  # fmt: skip


def credentials(mission: Mission, link: Link, areas: Areas = None) -> ListDefinition:
    """The cards, revoked ones too."""
    today = clock.today(mission.time_zone)

    def state(row: Any) -> str:
        card = row.Credential
        if card.revoked_at is not None:
            return "revoked"
        return "early" if today < card.valid_from else "expired" if today > card.valid_until else "valid"

    columns = (
        Column("number", lazy("Number"), lambda r: r.Credential.number, Credential.number, href=lambda r: link(r.Credential.id)),
        Column("person", lazy("Person"), _name, NAMES),
        Column("role", lazy("Role"), lambda r: r.Appointment.role, Appointment.role, "label"),
        Column("from", lazy("Valid from"), lambda r: r.Credential.valid_from, Credential.valid_from, "date"),
        Column("until", lazy("Valid until"), lambda r: r.Credential.valid_until, Credential.valid_until, "date"),
        Column("state", lazy("State"), lambda r: CARD_STATES[state(r)], kind="badge",
               tone=lambda r: "success" if state(r) == "valid" else "neutral"),
        Column("because", lazy("Reason"), lambda r: r.Credential.revoked_because),
    )  # fmt: skip
    filters = (
        Filter("state", lazy("State"), lambda v: _card_state(v, today), choices=tuple(CARD_STATES.items())),
    )
    return ListDefinition(
        queries.credentials(mission, areas), columns, filters, (Credential.number, *NAMES), sort="person", entity=False,
        tie=Credential.id,
    )  # fmt: skip


def _card_state(value: str, today: date) -> Any:
    living = Credential.revoked_at.is_(None)
    return {
        "revoked": Credential.revoked_at.is_not(None),
        "early": sa.and_(living, Credential.valid_from > today),
        "expired": sa.and_(living, Credential.valid_until < today),
        "valid": sa.and_(living, Credential.valid_from <= today, Credential.valid_until >= today),
    }[value]


def briefings(mission: Mission, link: Link) -> ListDefinition:
    """The briefings and how many came."""
    zone = mission.time_zone
    columns = (
        Column("title", lazy("Briefing"), lambda r: r.Briefing.title, Briefing.title, href=lambda r: link(r.Briefing.id)),
        Column("at", lazy("When"), lambda r: (r.Briefing.held_at, zone), Briefing.held_at, "moment"),
        Column("place", lazy("Place"), lambda r: r.Briefing.venue, Briefing.venue),
        Column("language", lazy("Language"), lambda r: LANGUAGES.get(r.Briefing.language or ""), Briefing.language),
        Column("needed", lazy("Everyone must come"), lambda r: r.Briefing.is_needed, Briefing.is_needed, "boolean"),
        Column("came", lazy("Came"), lambda r: r.came_count, sa.text("came_count"), "number"),
    )  # fmt: skip
    return ListDefinition(
        queries.briefings(mission), columns, (), (Briefing.title, Briefing.venue), sort="at", entity=False,
        tie=Briefing.id,
    )  # fmt: skip


def headcounts(mission: Mission, link: Link) -> ListDefinition:
    """The headcounts, the newest first."""
    zone = mission.time_zone
    columns = (
        Column("occasion", lazy("What happened"), lambda r: r.Headcount.occasion, href=lambda r: link(r.Headcount.id)),
        Column("began", lazy("Begun"), lambda r: (r.Headcount.began_at, zone), Headcount.began_at, "moment"),
        Column("ended", lazy("Ended"), lambda r: r.Headcount.ended_at and (r.Headcount.ended_at, zone), Headcount.ended_at, "moment"),
        Column("reached", lazy("Noted as reached"), lambda r: r.reached_count, sa.text("reached_count"), "number"),
    )  # fmt: skip
    return ListDefinition(
        call_queries.headcounts(mission), columns, (), (Headcount.occasion,), sort="began", descending=True, entity=False,
        tie=Headcount.id,
    )  # fmt: skip
