"""What a mission holds ready for the person who asks: journeys, nights, team, card, whom to call."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask_security import current_user

from eom.extensions import db
from eom.logistics.queries import own
from eom.web.access import signed_in

bp = Blueprint("itinerary", __name__)


@bp.get("/account/itinerary")
@signed_in("it shows the logistics of the person who asks, and nobody else's")
def show() -> str:
    """One's own journeys, nights, team, card and briefings."""
    return render_template(
        "logistics/itinerary.html", itineraries=own.itineraries(db.session(), current_user.id)
    )
