"""The person's own account: who they are here and what their roles include."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Blueprint, render_template
from flask_security import current_user

from eom.accounts.services import sessions
from eom.extensions import db
from eom.missions.models.mission import Mission
from eom.web.access import signed_in

bp = Blueprint("account", __name__)


@bp.get("/account")
@signed_in("it shows the person's own account only")
def show() -> str:
    """The account and its memberships."""
    ids = [m.mission_id for m in current_user.memberships if m.mission_id]
    codes = dict(
        db.session.execute(sa.select(Mission.id, Mission.code).where(Mission.id.in_(ids))).tuples().all()
    )
    roles = [(m.role, codes.get(m.mission_id), m) for m in current_user.memberships]
    open_count = len(sessions.open_sessions(db.session(), current_user))
    return render_template("portal/account.html", user=current_user, roles=roles, open_count=open_count)
