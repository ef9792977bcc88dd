"""What the columns of a dossier are called, for forms, pages and files."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from eom.core.i18n import country_name, day, lazy
from eom.observers.models import DossierGroup

DOSSIER_LABELS: dict[str, Any] = {
    "passport_number": lazy("Passport number"),
    "passport_country": lazy("Passport of"),
    "passport_expires_on": lazy("Passport expires on"),
    "birth_date": lazy("Date of birth"),
    "blood_type": lazy("Blood type"),
    "medical_notes": lazy("Allergies, conditions, medication"),
    "emergency_name": lazy("In an emergency, call"),
    "emergency_relation": lazy("Who this is to the person"),
    "emergency_phone": lazy("Telephone for emergencies"),
}


def dossier_rows(group: DossierGroup, content: Mapping[str, str | None]) -> list[tuple[Any, str]]:
    """(label, value as the reader writes it) of a group's columns."""
    return [(DOSSIER_LABELS[name], _written(name, content.get(name))) for name in group.columns]


def _written(name: str, value: str | None) -> str:
    if not value:
        return ""
    if name == "passport_country":
        return country_name(value)
    return day(date.fromisoformat(value)) if name in ("passport_expires_on", "birth_date") else value
