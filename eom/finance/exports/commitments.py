"""Obligations and advances as lists: of one mission, or of all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eom.core import clock
from eom.core.i18n import lazy
from eom.core.listing import Column, Filter, ListDefinition
from eom.finance.exports.sums import sum_up
from eom.finance.models.award import Award
from eom.finance.models.budget import OBJECTS
from eom.finance.models.commitment import Advance, Obligation
from eom.finance.queries import commitments
from eom.missions.models.mission import Mission
from eom.observers.models import Appointment, Person

Link = Callable[[str, int], str]
OBJECT_CHOICES = [(str(number), lazy("Object %(number)d", number=number)) for number in OBJECTS]
OBLIGATION_STATES = (
    ("open", lazy("Open")),
    ("settled", lazy("Settled")),
    ("lapsed", lazy("Lapsed, still open")),
)
ADVANCE_STATES = (("owed", lazy("To be settled")), ("settled", lazy("Settled")))


def obligations(session: Session, mission: Mission | None, link: Link) -> ListDefinition:
    """What was ordered, with what is open of it; ``link`` gives an address from mission code and id."""
    of = Obligation
    columns = [
        Column("reference", lazy("Reference"), lambda r: r.Obligation.reference, of.reference,
               href=lambda r: link(r.Mission.code, r.Obligation.id)),
        Column("payee", lazy("Payee"), lambda r: r.Obligation.payee, of.payee),
        Column("day", lazy("Day"), lambda r: r.Obligation.obligated_on, of.obligated_on, "date"),
        Column("award", lazy("Award"), lambda r: r.Award.reference, Award.reference),
        Column("object", lazy("Object"), lambda r: r.Obligation.object_number, of.object_number),
        Column("amount", lazy("Amount"), lambda r: r.Obligation.amount_cents, of.amount_cents, "money",
               currency=lambda r: r.Obligation.currency),
        Column("usd", lazy("US dollars"), lambda r: r.Obligation.usd_cents, of.usd_cents, "money"),
        Column("settled", lazy("Settled"), lambda r: int(r.settled_cents), commitments.settled_of(), "money"),
        Column("open", lazy("Open"), lambda r: int(r.open_cents), commitments.open_cents, "money"),
        Column("lapses", lazy("Payable until"), lambda r: r.Obligation.lapses_on, kind="date"),
    ]  # fmt: skip
    filters = [
        Filter("state", lazy("State"), _obligation_state, choices=OBLIGATION_STATES),
        Filter("object", lazy("Object"), lambda v: of.object_number == int(v), choices=OBJECT_CHOICES),
        Filter(
            "award", lazy("Award"), lambda v: of.award_id == int(v), choices=_awards(session, of, mission)
        ),
    ]
    if mission is None:
        columns.insert(1, Column("mission", lazy("Mission"), lambda r: r.Mission.code, Mission.code))
    return ListDefinition(
        commitments.obligations(mission), columns, filters, (of.reference, of.payee, of.description), sort="day",
        descending=True, entity=False, tie=of.id, totals=sum_up("settled", "open"),
    )  # fmt: skip


def advances(session: Session, mission: Mission | None, link: Link) -> ListDefinition:
    """What was given before a journey, with what is still owed of it."""
    of = Advance
    query = (
        commitments.advances(mission)
        .join(Appointment, Appointment.id == of.appointment_id)
        .join(Person, Person.id == Appointment.person_id)
        .add_columns(Person)
    )
    columns = [
        Column("voucher", lazy("Voucher"), lambda r: r.Advance.voucher, of.voucher,
               href=lambda r: link(r.Mission.code, r.Advance.id)),
        Column("name", lazy("To whom"), lambda r: r.Person.name, (Person.family_names, Person.given_names)),
        Column("paid", lazy("Paid on"), lambda r: r.Advance.paid_on, of.paid_on, "date"),
        Column("days", lazy("Days"), lambda r: r.Advance.days, kind="number"),
        Column("award", lazy("Award"), lambda r: r.Award.reference, Award.reference),
        Column("usd", lazy("US dollars"), lambda r: int(r.usd_cents), commitments.advance_cents, "money"),
        Column("owed", lazy("To be settled"), lambda r: int(r.owed_cents), commitments.owed_cents, "money"),
    ]  # fmt: skip
    filters = [
        Filter("state", lazy("State"), _advance_state, choices=ADVANCE_STATES),
        Filter(
            "award", lazy("Award"), lambda v: of.award_id == int(v), choices=_awards(session, of, mission)
        ),
    ]
    if mission is None:
        columns.insert(1, Column("mission", lazy("Mission"), lambda r: r.Mission.code, Mission.code))
    search = (of.voucher, of.purpose, Person.family_names, Person.given_names)
    return ListDefinition(
        query, columns, filters, search, sort="paid", descending=True, entity=False, tie=of.id,
        totals=sum_up("usd", "owed"),
    )  # fmt: skip


def _awards(session: Session, model: Any, mission: Mission | None) -> list[tuple[str, str]]:
    query = sa.select(Award.id, Award.reference).join(model, model.award_id == Award.id).distinct()
    if mission is not None:
        query = query.where(model.mission_id == mission.id)
    return [(str(id_), reference) for id_, reference in session.execute(query.order_by(Award.reference))]


def _obligation_state(value: str) -> Any:
    if value == "settled":
        return commitments.open_cents == 0
    if value == "lapsed":
        return (commitments.open_cents > 0) & (Obligation.obligated_on < date(clock.today().year - 1, 1, 1))
    return commitments.open_cents > 0


def _advance_state(value: str) -> Any:
    return commitments.owed_cents == 0 if value == "settled" else commitments.owed_cents != 0
