"""What we write to people."""

from __future__ import annotations

from flask import render_template

from eom.accounts.models import User
from eom.core.i18n import _, in_locale
from eom.core.mail import Letter


def link_letter(user: User, address: str) -> Letter:
    """The mail with a link, in the language of whom it is for; it says nothing of whether they have an account."""
    with in_locale(user.language or "en"):
        subject = _("Your link to the electoral observation missions")
        lines = (
            _("%(name)s,", name=user.name),
            _("you have a part in an electoral observation mission. Open this link to sign in for it:"),
            address,
            _("It works once, within seven days. If you did not expect it, do nothing."),
        )
        html = render_template(
            "portal/invitations/letter.html", subject=subject, lines=lines, address=address,
            locale=user.language or "en",
        )  # fmt: skip
        return Letter(user.email, subject, "\n\n".join(lines) + "\n", html)
