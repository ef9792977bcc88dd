"""The pledge of the Code of Conduct: read and signed by the one who gives it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_security import current_user

from eom.core.i18n import _, lazy
from eom.extensions import db
from eom.missions.models.mission import Mission
from eom.observers import pledge
from eom.observers.forms import PledgeForm
from eom.observers.queries import pledges as queries
from eom.observers.services import pledging
from eom.web.access import requires
from eom.web.navigation import Entry
from eom.web.responses import saved

bp = Blueprint("pledges", __name__, url_prefix="/missions/<mission>/pledge")

MISSION_NAVIGATION = (Entry(lazy("My pledge"), "pledges.sign", "checklist.fill", "pen", lazy("Team"), 12),)
MISSION_SUMMARIES = (
    Entry(lazy("The pledge of the Code of Conduct"), "pledges.reminder", "mission.read", "pen", order=5),
)


@bp.route("", methods=["GET", "POST"])
@requires("mission.read")
def sign(mission: Mission) -> Any:
    """Read the pledge and sign it; once signed, what was signed and when."""
    own = queries.own_appointments(db.session(), mission, current_user.id)
    form = PledgeForm()
    if form.validate_on_submit():
        with form.shows_errors():
            pledging.sign(own, **form.payload(), user_id=current_user.id, address=request.remote_addr)
            return saved(url_for(".sign", mission=mission.code), _("Pledge signed"))
    form.shown.data = pledge.digest(pledge.rendered())
    page = render_template(
        "observers/pledges/sign.html", mission=mission, form=form, appointments=own,
        paragraphs=pledge.paragraphs(), signed=[each.pledges[-1] for each in own if pledging.is_signed(each)],
        is_open=any(not pledging.is_signed(each) for each in own),
    )  # fmt: skip
    return page, form.status


@bp.get("/reminder")
@requires("mission.read")
def reminder(mission: Mission) -> str:
    """The part of the mission's page for someone who has not signed yet; empty for everyone else."""
    own = queries.own_appointments(db.session(), mission, current_user.id)
    is_open = not mission.is_over and any(each.pledge_signed_on is None for each in own)
    return render_template("observers/pledges/_reminder.html", mission=mission, is_open=is_open)
