"""Advances to members of a mission, and how their journeys were settled."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, url_for

from eom.core.db import get_in
from eom.core.i18n import _, lazy
from eom.extensions import db
from eom.finance.exports import commitments as exports
from eom.finance.forms.commitment import AdvanceForm, SettlementForm
from eom.finance.models.budget import OBJECTS
from eom.finance.models.commitment import Advance
from eom.finance.queries import commitments
from eom.finance.services import approvals
from eom.finance.views.entering import limit_cents, where
from eom.missions.models.mission import Mission
from eom.web import responses
from eom.web.access import can, requires
from eom.web.navigation import Entry
from eom.web.responses import saved

bp = Blueprint("advances", __name__)

MISSION_NAVIGATION = (
    Entry(lazy("Advances"), "advances.index", "finance.read", "suitcase", lazy("Money"), 44),
)
MISSION = "/missions/<mission>/advances"


@bp.get("/finance/advances")
@requires("finance.read")
def of_all() -> Any:
    """Every mission's advances."""
    return _listing(None)


@bp.get(MISSION)
@requires("finance.read")
def index(mission: Mission) -> Any:
    """The advances of a mission."""
    return _listing(mission)


@bp.route(f"{MISSION}/new", methods=["GET", "POST"])
@requires("expenditure.record")
def new(mission: Mission) -> Any:
    """Pay an advance; above the limit it waits for a second person."""
    form = AdvanceForm.within(mission, can("expenditure.overdraw", mission))
    if form.validate_on_submit():
        with form.shows_errors():
            made = approvals.enter_advance(mission, form.journey(), limit_cents=limit_cents())
            return saved(*where(mission, made, _("Advance recorded")))
    return render_template("finance/advances/form.html", mission=mission, form=form), form.status


@bp.get(f"{MISSION}/<int:advance_id>")
@requires("finance.read")
def show(mission: Mission, advance_id: int) -> Any:
    """An advance, its settlement and what is owed."""
    advance = _advance(mission, advance_id)
    return render_template(
        "finance/advances/show.html", mission=mission, advance=advance,
        owed_cents=commitments.owed(db.session(), advance), rows=commitments.settlements_of(db.session(), advance),
        object_name=f"{advance.object_number} {OBJECTS[advance.object_number]}",
    )  # fmt: skip


@bp.route(f"{MISSION}/<int:advance_id>/settle", methods=["GET", "POST"])
@requires("expenditure.record")
def settle(mission: Mission, advance_id: int) -> Any:
    """Settle an advance: what was spent becomes an expenditure."""
    advance = _advance(mission, advance_id)
    form = SettlementForm.of(mission, advance, can("expenditure.overdraw", mission))
    if form.validate_on_submit():
        with form.shows_errors():
            made = approvals.enter_settlement(mission, form.asked(advance), limit_cents=limit_cents())
            return saved(*where(mission, made, _("The advance is settled")))
    page = render_template("finance/advances/settle.html", mission=mission, form=form, advance=advance)
    return page, form.status


def _advance(mission: Mission, advance_id: int) -> Advance:
    return get_in(db.session(), Advance, advance_id, mission_id=mission.id)


def _listing(mission: Mission | None) -> Any:
    session = db.session()

    def link(code: str, advance_id: int) -> str:
        return url_for("advances.show", mission=code, advance_id=advance_id)

    definition = exports.advances(session, mission, link)
    name = f"{mission.code}-advances" if mission else "advances"
    template = "finance/advances/index.html" if mission else "finance/advances/all.html"
    return responses.listed(definition, name, template, mission=mission)
