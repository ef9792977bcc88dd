"""The people to write to at a donor."""

from __future__ import annotations

from eom.accounts import addresses
from eom.core.errors import InvalidInput
from eom.extensions import db
from eom.finance.models.award import Donor
from eom.finance.models.contact import DonorContact


def add_contact(
    donor: Donor, *, name: str, role: str | None = None, email: str | None = None, phone: str | None = None,
    is_demonstration: bool = False,
) -> DonorContact:  # fmt: skip
    """Record whom to write to. Raises InvalidInput for what is no e-mail address."""
    email = checked_email(email, "email")
    row = DonorContact(
        donor=donor, name=name, role=role, email=email, phone=phone, is_demonstration=is_demonstration
    )
    db.session.add(row)
    db.session.flush()
    return row


def edit_contact(
    row: DonorContact, *, name: str, role: str | None, email: str | None, phone: str | None
) -> DonorContact:
    """Change what is known of a contact; raises as ``add_contact`` does."""
    email = checked_email(email, "email")
    row.name, row.role, row.email, row.phone = name, role, email, phone
    db.session.flush()
    return row


def remove_contact(row: DonorContact) -> None:
    """Forget a contact who has left, or asks for it."""
    db.session.delete(row)
    db.session.flush()


def checked_email(email: str | None, field: str) -> str | None:
    """An address in small letters. Raises InvalidInput, on ``field``, for what is none."""
    if not email:
        return None
    try:
        return addresses.checked(email)
    except InvalidInput as error:
        error.field = field
        raise
