"""The audit trail's stored words, for people."""

from __future__ import annotations

from typing import Any

from eom.core.i18n import lazy

ACTIONS: dict[str, Any] = {
    "created": lazy("Created"),
    "changed": lazy("Changed"),
    "deleted": lazy("Deleted"),
    "imported": lazy("Imported"),
    "published": lazy("Published"),
    "produced": lazy("Produced"),
    "closed": lazy("Closed"),
    "loaded": lazy("Loaded"),
    "received": lazy("Received"),
    "corrected": lazy("Corrected"),
}

TABLES: dict[str, Any] = {
    "allocations": lazy("Allocation"),
    "annual_reports": lazy("Annual report"),
    "appointments": lazy("Appointment"),
    "areas": lazy("Area"),
    "assignments": lazy("Assignment"),
    "award_movements": lazy("Movement of an award"),
    "awards": lazy("Award"),
    "budget_lines": lazy("Budget line"),
    "donors": lazy("Donor"),
    "electoral_processes": lazy("Electoral process"),
    "exchange_rates": lazy("Exchange rate"),
    "expenditures": lazy("Expenditure"),
    "fiscal_years": lazy("Fiscal year"),
    "form_files": lazy("File of the checklists"),
    "form_versions": lazy("Version of a checklist"),
    "forms": lazy("Checklist"),
    "in_kind_contributions": lazy("In-kind contribution"),
    "memberships": lazy("Membership"),
    "milestones": lazy("Milestone"),
    "missions": lazy("Mission"),
    "people": lazy("Person"),
    "person_nationalities": lazy("Nationality"),
    "polling_stations": lazy("Polling station"),
    "receipts": lazy("Receipt"),
    "register_imports": lazy("Load of a register"),
    "rounds": lazy("Round"),
    "stored_files": lazy("File"),
    "submission_attachments": lazy("Attachment"),
    "submissions": lazy("Submission"),
    "users": lazy("User"),
    "voting_centres": lazy("Voting centre"),
}


def action(name: str) -> str:
    """The action in the reader's words."""
    return str(ACTIONS.get(name, name))


def table(name: str) -> str:
    """The kind of record in the reader's words."""
    return str(TABLES.get(name, name.replace("_", " ")))


def action_choices() -> list[tuple[str, Any]]:
    """Actions for a filter."""
    return list(ACTIONS.items())


def table_choices() -> list[tuple[str, Any]]:
    """Kinds of record for a filter."""
    return list(TABLES.items())


def changes(facts: dict[str, Any]) -> str:
    """The changed columns on one line: ``column: from → to``."""
    parts = []
    for name, value in facts.items():
        if isinstance(value, list) and len(value) == 2:
            before, after = ("–" if v is None else str(v) for v in value)
            parts.append(f"{name}: {before} → {after}" if value[0] is not None else f"{name}: {after}")
        else:
            parts.append(f"{name}: {value}")
    return "; ".join(parts)[:600]
