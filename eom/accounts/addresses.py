"""E-mail addresses as accounts and the roster keep them."""

from __future__ import annotations

from email_validator import EmailNotValidError, validate_email

from eom.core.errors import InvalidInput
from eom.core.i18n import lazy


def checked(text: str) -> str:
    """The address in its usual form, in small letters. Raises InvalidInput on the field "email"."""
    try:
        return validate_email(text, check_deliverability=False, test_environment=True).normalized.lower()
    except EmailNotValidError:
        raise InvalidInput(lazy("“%(email)s” is no e-mail address.", email=text[:80]), "email") from None
