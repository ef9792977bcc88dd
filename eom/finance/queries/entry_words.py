"""What an entry that waits says, term by term, for the person who decides."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from eom.core import i18n
from eom.core.i18n import _
from eom.finance.models.budget import OBJECTS
from eom.finance.models.commitment import Advance, Obligation, PerDiemRate
from eom.finance.models.entry import EntryKind, PendingEntry
from eom.finance.models.ledger import Expenditure
from eom.observers.models import Appointment


def facts(session: Session, entry: PendingEntry) -> list[tuple[str, str]]:
    """(term, value) of everything that was entered, in the reader's words."""
    told = {
        EntryKind.EXPENDITURE: _expenditure,
        EntryKind.RECHARGE: _recharge,
        EntryKind.ADVANCE: _advance,
        EntryKind.SETTLEMENT: _settlement,
    }[entry.kind](session, entry.details)
    why = entry.details.get("overdraft_reason") or (
        entry.details.get("reason") if entry.kind is not EntryKind.RECHARGE else None
    )
    return [*told, (_("Why above what is there"), why)] if why else told


def _object(number: int) -> str:
    return f"{number} {OBJECTS[number]}"


def _expenditure(session: Session, said: dict[str, Any]) -> list[tuple[str, str]]:
    found = [
        (_("Amount"), i18n.money(said["amount_cents"], said["currency"])),
        (_("Object of expenditure"), _object(said["object_number"])),
        (_("Budget line"), said["budget_code"] or _("No line of the budget")),
        (_("Description"), said["description"] or ""),
    ]
    if said["obligation_id"]:
        found.append((_("Pays obligation"), session.get_one(Obligation, said["obligation_id"]).reference))
    if said["bank_usd_cents"] is not None:
        found.append((_("US dollars that the bank took"), i18n.money(said["bank_usd_cents"])))
    return found


def _recharge(session: Session, said: dict[str, Any]) -> list[tuple[str, str]]:
    line = session.get_one(Expenditure, said["expenditure_id"])
    return [
        (_("Expenditure"), f"{line.voucher} · {line.payee}"),
        (_("Charged to now"), line.award.reference),
        (_("Reason"), said["reason"]),
    ]


def _advance(session: Session, said: dict[str, Any]) -> list[tuple[str, str]]:
    place = session.get_one(PerDiemRate, said["per_diem_rate_id"])
    return [
        (_("To whom"), session.get_one(Appointment, said["appointment_id"]).person.name),
        (_("Place"), f"{i18n.country_name(place.country)}, {place.place}"),
        (_("Days"), i18n.exact(Decimal(said["days"]))),
        (_("Beside the per diem"), i18n.money(said["other_cents"])),
        (_("Object of expenditure"), _object(said["object_number"])),
        (_("Budget line"), said["budget_code"] or _("No line of the budget")),
        (_("For"), said["purpose"] or ""),
    ]


def _settlement(session: Session, said: dict[str, Any]) -> list[tuple[str, str]]:
    advance = session.get_one(Advance, said["advance_id"])
    return [
        (_("To whom"), advance.appointment.person.name),
        (_("Advance"), advance.voucher),
        (_("Given"), i18n.money(advance.usd_cents)),
        (_("Days"), i18n.exact(Decimal(said["days"]))),
        (_("Beside the per diem"), i18n.money(said["other_cents"])),
        (_("Note"), said["note"] or ""),
    ]
