"""The audit trail's stored words, for people."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from eom.core import i18n
from eom.core.audit import AuditEntry
from eom.core.db import Base
from eom.core.i18n import _, lazy
from eom.core.types import Cents, UTCDateTime
from eom.portal.column_words import COLUMNS
from eom.portal.fact_words import ACTORS, FACTS, VALUES

ACTIONS: dict[str, Any] = {
    "created": lazy("Created"),
    "changed": lazy("Changed"),
    "deleted": lazy("Deleted"),
    "imported": lazy("Imported"),
    "published": lazy("Published"),
    "produced": lazy("Produced"),
    "closed": lazy("Year closed"),
    "reopened": lazy("Year opened again"),
    "reversed": lazy("Taken back"),
    "loaded": lazy("Loaded"),
    "received": lazy("Received"),
    "corrected": lazy("Corrected"),
    "looked": lazy("Looked at"),
    "exported": lazy("Exported"),
    "purged": lazy("Removed after its time"),
    "anonymised": lazy("Made anonymous"),
    "accepted": lazy("Link used"),
    "adopted": lazy("Adopted"),
    "fixed": lazy("Fixed"),
    "moved": lazy("Moved"),
    "issued": lazy("Issued"),
    "prepared": lazy("Prepared"),
    "reviewed": lazy("Reviewed"),
    "noted": lazy("Noted"),
    "session-ended": lazy("Signed out on a device"),
    "sessions-ended": lazy("Sessions ended"),
    "sign-in-failed": lazy("Sign-in failed"),
    "signed-in": lazy("Signed in"),
}

TABLES: dict[str, Any] = {
    "app_users": lazy("Device of an observer"),
    "advance_settlements": lazy("Settlement of an advance"),
    "advances": lazy("Advance"),
    "allocations": lazy("Allocation"),
    "annual_report_files": lazy("File of an annual report"),
    "annual_reports": lazy("Annual report"),
    "appointments": lazy("Appointment"),
    "appeals": lazy("Appeal to donors"),
    "areas": lazy("Area"),
    "assignments": lazy("Assignment"),
    "award_movements": lazy("Movement of an award"),
    "award_amendments": lazy("Amendment of an agreement"),
    "award_documents": lazy("Document of an award"),
    "award_instalments": lazy("Instalment of an agreement"),
    "award_report_dues": lazy("Report due to a donor"),
    "awards": lazy("Award"),
    "budget_lines": lazy("Budget line"),
    "column_mappings": lazy("Columns kept under a name"),
    "ledger_loads": lazy("File loaded into the ledger"),
    "sent_statements": lazy("Statement sent to a donor"),
    "year_reopenings": lazy("Opening of a closed year"),
    "donor_contacts": lazy("Contact at a donor"),
    "donor_pledges": lazy("Pledge of a donor"),
    "budget_versions": lazy("Version of a budget"),
    "charges": lazy("Charge of an expenditure"),
    "donors": lazy("Donor"),
    "electoral_processes": lazy("Electoral process"),
    "exchange_rates": lazy("Exchange rate"),
    "expenditures": lazy("Expenditure"),
    "expected_elections": lazy("Expected election"),
    "fiscal_years": lazy("Fiscal year"),
    "flag_rules": lazy("Rule that marks reports"),
    "form_files": lazy("File of the checklists"),
    "form_versions": lazy("Version of a checklist"),
    "forms": lazy("Checklist"),
    "in_kind_contributions": lazy("In-kind contribution"),
    "instalment_receipts": lazy("Receipt set against an instalment"),
    "invitations": lazy("Link to choose a password"),
    "no_go_areas": lazy("No-go area"),
    "plans": lazy("Plan of the teams"),
    "team_areas": lazy("Area of a team"),
    "teams": lazy("Team"),
    "team_members": lazy("Place in a team"),
    "lists": lazy("List"),
    "membership_areas": lazy("Area of a membership"),
    "memberships": lazy("Membership"),
    "milestones": lazy("Milestone"),
    "missions": lazy("Mission"),
    "passkeys": lazy("Passkey"),
    "obligation_settlements": lazy("Settlement of an obligation"),
    "obligations": lazy("Obligation"),
    "pending_entries": lazy("Entry that waits"),
    "pending_loads": lazy("File that waits"),
    "people": lazy("Person"),
    "per_diem_rates": lazy("Per diem rate"),
    "person_dossiers": lazy("Dossier"),
    "person_nationalities": lazy("Nationality"),
    "pledges": lazy("Signed pledge of the Code of Conduct"),
    "pledge_parts": lazy("Part of a pledge"),
    "polling_stations": lazy("Polling station"),
    "area_boundaries": lazy("Boundaries of a level"),
    "centre_findings": lazy("Doubtful centre"),
    "receipts": lazy("Receipt"),
    "register_imports": lazy("Load of a register"),
    "review_acts": lazy("Decision of the review"),
    "review_batches": lazy("Decision on several reports"),
    "rounds": lazy("Round"),
    "safety_reports": lazy("Word of safety"),
    "sampled_stations": lazy("Station of a sample"),
    "samples": lazy("Sample"),
    "sms_gateways": lazy("SMS gateway"),
    "sms_messages": lazy("SMS message"),
    "sms_plans": lazy("SMS letters of a checklist"),
    "standard_lines": lazy("Standard line"),
    "stored_files": lazy("File"),
    "submission_attachments": lazy("Attachment"),
    "submissions": lazy("Submission"),
    "attendances": lazy("Attendance at a briefing"),
    "briefings": lazy("Briefing"),
    "credentials": lazy("Credential"),
    "drivers": lazy("Driver"),
    "equipment": lazy("Equipment"),
    "focal_points": lazy("Security focal point"),
    "headcount_answers": lazy("Answer in a headcount"),
    "headcounts": lazy("Headcount"),
    "hotels": lazy("Hotel"),
    "loans": lazy("Loan of equipment"),
    "person_photos": lazy("Photo of a person"),
    "stays": lazy("Nights in a hotel"),
    "team_callers": lazy("Who calls a team"),
    "travels": lazy("Journey"),
    "users": lazy("User"),
    "vehicles": lazy("Vehicle"),
    "voting_centres": lazy("Voting centre"),
    "voucher_scans": lazy("Scan of a voucher"),
}


def action(name: str) -> str:
    """The action in the reader's words."""
    return str(ACTIONS.get(name, name))


def actor(entry: AuditEntry) -> str:
    """Who acted, in the reader's words where no account did."""
    return entry.actor_name if entry.actor_id else str(ACTORS.get(entry.actor_name, entry.actor_name))


def table(name: str) -> str:
    """The kind of record in the reader's words."""
    return str(TABLES.get(name, name.replace("_", " ")))


def action_choices() -> list[tuple[str, Any]]:
    """Actions for a filter."""
    return list(ACTIONS.items())


def table_choices() -> list[tuple[str, Any]]:
    """Kinds of record for a filter."""
    return list(TABLES.items())


# Of these actions an entry tells each column from → to; of the others, facts.
FROM_TO = ("created", "changed", "deleted")
LINE, VALUE = 600, 300


@dataclass(frozen=True)
class Change:
    """One column of an entry in the reader's words.

    ``before`` is None where nothing was before (a record that was made, a fact), ``after`` where nothing is
    after. ``record`` is the other record that it names: (table, id).
    """

    label: str
    before: str | None
    after: str | None
    record: tuple[str, str] | None = None


def changes(entry: AuditEntry) -> list[Change]:
    """What an entry tells, column by column."""
    return [_change(entry, name, value) for name, value in entry.changes.items()]


def line(entry: AuditEntry) -> str:
    """What an entry tells, on one line: ``column: from → to``."""
    told = "; ".join(
        f"{each.label}: {' → '.join(part for part in (each.before, each.after) if part is not None)}"
        for each in changes(entry)
    )
    return _short(told, LINE)


def _change(entry: AuditEntry, name: str, value: Any) -> Change:
    label, table_name = label_of(name), entry.object_type
    if entry.action not in FROM_TO or not isinstance(value, list) or len(value) != 2:
        return Change(label, None, _in_words(table_name, name, value))
    before, after = (_in_words(table_name, name, each) for each in value)
    record = _record(table_name, name, value[0] if value[1] is None else value[1])
    if entry.action == "created":
        return Change(label, None, after, record)
    return Change(label, before, None if entry.action == "deleted" else after, record)


def label_of(name: str) -> str:
    """What a column or a fact is called."""
    return str(COLUMNS.get(name, name.replace("_", " ")))


def _record(object_type: str, name: str, value: Any) -> tuple[str, str] | None:
    """The record that a foreign key names, where the trail knows its table."""
    column = _column(object_type, name)
    for key in column.foreign_keys if column is not None and isinstance(value, int) else ():
        if key.column.table.name in TABLES:
            return key.column.table.name, str(value)
    return None


def _short(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"


def _in_words(object_type: str, name: str, value: Any) -> str:
    """A stored value as the reader writes it, by the type of its column."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, dict):
        told = (f"{label_of(key)}: {_in_words(object_type, key, each)}" for key, each in value.items())
        return _short("; ".join(told) or "–", VALUE)
    if isinstance(value, list):
        return _short(", ".join(_in_words(object_type, name, each) for each in value) or "–", VALUE)
    column = _column(object_type, name)
    known = (FACTS if column is None else VALUES).get(name)
    if known is not None and isinstance(value, str):
        return _short(str(known.get(value, value)), VALUE)
    if column is not None and column.foreign_keys and isinstance(value, int):
        return f"№ {value}"
    return _short(_by_type(column.type if column is not None else None, value), VALUE)


def _by_type(kind: Any, value: Any) -> str:
    if isinstance(kind, sa.Enum) and kind.enum_class is not None:
        with suppress(ValueError):
            return str(kind.enum_class(value).label)  # type: ignore[attr-defined]
    if isinstance(kind, Cents) and isinstance(value, int):
        return i18n.number(Decimal(value) / 100, 2)
    with suppress(ValueError, TypeError):
        if isinstance(kind, UTCDateTime):
            return i18n.moment(datetime.fromisoformat(value))
        if isinstance(kind, sa.Date):
            return i18n.day(date.fromisoformat(value))
    return str(value)


def _column(object_type: str, name: str) -> sa.Column[Any] | None:
    table_ = Base.metadata.tables.get(object_type)
    return table_.columns.get(name) if table_ is not None else None
