"""Links by which people choose a password: shown once to whoever made it, opened by the one it is for."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import Blueprint, Response, current_app, make_response, render_template, url_for

from eom.accounts.models import User
from eom.accounts.services import invitations
from eom.core import mail
from eom.core.i18n import _
from eom.extensions import db, settings
from eom.missions.models.mission import Mission
from eom.portal.forms import PasswordForm
from eom.portal.letters import link_letter
from eom.web.access import public
from eom.web.responses import saved

bp = Blueprint("invitations", __name__)


@bp.route("/invitations/<secret>", methods=["GET", "POST"])
@public("whoever holds the link chooses a password for the account it was made for")
def accept(secret: str) -> Any:
    """Choose a password; or learn of a role, for an account that has one already."""
    invitation = invitations.opened(secret)
    if not invitations.opens_account(invitation):
        return _unreferred(render_template("portal/invitations/known.html", invitation=invitation))
    form = PasswordForm(language=invitation.user.language)
    if form.validate_on_submit():
        with form.shows_errors():
            invitations.accept(invitation, **form.payload())
            return saved(url_for("security.login"), _("Your password is set: sign in with it."))
    page = render_template(
        "portal/invitations/accept.html",
        form=form,
        invitation=invitation,
        user=invitation.user,
        roles=_roles(invitation.user),
    )
    return _unreferred(page, form.status)


def shown_link(invited: invitations.Invited, back: str, mission: Mission | None = None) -> Any:
    """The page that shows a new link, once; it is mailed too where a mail server is set.

    The letter leaves while the page waits (at most mail.TIMEOUT_SECONDS): a job would have to keep the
    secret, and whoever makes the link must know whether it went.
    """
    user = invited.user
    address = url_for("invitations.accept", secret=invited.secret, _external=True)
    letter = link_letter(user, address)
    db.session.commit()
    return render_template(
        "portal/invitations/link.html", email=letter.to, address=address, back=back, mailed=_mailed(letter),
        mission=mission,
    )  # fmt: skip


def _roles(user: User) -> list[tuple[Any, Mission | None]]:
    """The roles that someone has or is to have, each with its mission's country and name."""
    ids = [each.mission_id for each in user.lasting if each.mission_id]
    missions = {each.id: each for each in db.session.scalars(sa.select(Mission).where(Mission.id.in_(ids)))}
    return [(each.role, missions.get(each.mission_id or 0)) for each in user.lasting]


def _unreferred(page: str, status: int = 200) -> Response:
    """A page whose address is a secret: no other address learns it."""
    answer = make_response(page, status)
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


def _mailed(letter: mail.Letter) -> bool | None:
    """Whether the link went by mail too; None without a mail server."""
    if settings.smtp_url is None:
        return None
    try:
        mail.send(letter, smtp_url=settings.smtp_url, sender=settings.mail_from)
    except mail.NotSent:
        current_app.logger.exception("a link could not be mailed")
        return False
    return True
