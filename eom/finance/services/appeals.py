"""The words of a mission's appeal."""

from __future__ import annotations

import sqlalchemy as sa

from eom.extensions import db
from eom.finance.models.appeal import Appeal
from eom.finance.services.contacts import checked_email
from eom.missions.models.mission import Mission


def write_appeal(
    mission: Mission, *, contact_name: str, contact_email: str, contact_phone: str | None = None,
    **words: str | None,
) -> Appeal:  # fmt: skip
    """Say whom donors write to, and in any of the languages why the mission matters and how to contribute.

    ``words`` are text_en … text_pt and how_en … how_pt. Raises InvalidInput for what is no e-mail address.
    """
    email = checked_email(contact_email, "contact_email") or ""
    row = db.session.scalar(sa.select(Appeal).where(Appeal.mission_id == mission.id))
    if row is None:
        row = Appeal(mission_id=mission.id)
        db.session.add(row)
    row.contact_name, row.contact_email, row.contact_phone = contact_name, email, contact_phone
    for name, value in words.items():
        setattr(row, name, value)
    db.session.flush()
    return row
