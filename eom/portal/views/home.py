"""The front page: for the public what this is, for a signed-in person what to do next."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask_security import current_user

from eom.accounts.permissions import Permission
from eom.core import clock
from eom.core.i18n import lazy
from eom.extensions import db
from eom.portal import queries
from eom.portal.next_steps import next_steps
from eom.web.access import public
from eom.web.navigation import Entry

bp = Blueprint("portal", __name__)
NAVIGATION = (Entry(lazy("Home"), "portal.home", None, "house", order=0),)


@bp.get("/")
@public("a visitor learns what this is; a signed-in person sees only what their roles include")
def home() -> str:
    """The home page of whoever asks."""
    session = db.session()
    if not current_user.is_authenticated:
        missions, countries = queries.public_figures(session)
        return render_template("portal/welcome.html", missions=missions, countries=countries)
    today = clock.today()
    mine = current_user.missions_with(Permission.MISSION_READ)
    leads = current_user.missions_with(Permission.MILESTONE_EDIT)
    cards = queries.mission_cards(session, mine, today)
    overdue = queries.overdue_milestones(session, leads, today)
    return render_template(
        "portal/home.html", cards=cards, overdue=overdue, steps=next_steps(cards), today=today
    )
