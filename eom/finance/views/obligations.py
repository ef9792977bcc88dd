"""Obligations: what was ordered, what of it was paid or cancelled, what is open."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request, url_for

from eom.core import clock
from eom.core.db import get_in
from eom.core.i18n import _, lazy
from eom.extensions import db
from eom.finance.exports import commitments as exports
from eom.finance.forms.commitment import CancelForm, ObligationForm
from eom.finance.forms.expenditure import PaymentForm
from eom.finance.models.budget import OBJECTS
from eom.finance.models.commitment import Obligation
from eom.finance.queries import commitments, scans
from eom.finance.services import approvals, obligations
from eom.finance.views.entering import attach, limit_cents, where
from eom.missions.models.mission import Mission
from eom.web import responses
from eom.web.access import can, requires
from eom.web.limits import accepts
from eom.web.navigation import Entry
from eom.web.responses import saved

bp = Blueprint("obligations", __name__)

MISSION_NAVIGATION = (
    Entry(lazy("Obligations"), "obligations.index", "finance.read", "file-earmark-text", lazy("Money"), 43),
)
MISSION = "/missions/<mission>/obligations"


@bp.get("/finance/obligations")
@requires("finance.read")
def of_all() -> Any:
    """Every mission's obligations, and what is open by award and mission."""
    return _listing(None)


@bp.get(MISSION)
@requires("finance.read")
def index(mission: Mission) -> Any:
    """The obligations of a mission."""
    return _listing(mission)


@bp.route(f"{MISSION}/new", methods=["GET", "POST"])
@requires("expenditure.record")
def new(mission: Mission) -> Any:
    """Bind a sum for what was ordered."""
    form = ObligationForm.within(mission, can("expenditure.overdraw", mission))
    if form.validate_on_submit():
        with form.shows_errors():
            made = obligations.oblige(mission, **form.payload())
            return saved(*where(mission, made, _("Obligation recorded")))
    return render_template("finance/obligations/form.html", mission=mission, form=form), form.status


@bp.get(f"{MISSION}/<int:obligation_id>")
@requires("finance.read")
def show(mission: Mission, obligation_id: int) -> Any:
    """An obligation, what settled it and what is open."""
    obligation = _obligation(mission, obligation_id)
    return render_template(
        "finance/obligations/show.html", mission=mission, obligation=obligation,
        now=commitments.standing(db.session(), obligation), rows=commitments.settlements(db.session(), obligation),
        scans=scans.of_obligation(db.session(), obligation), today=clock.today(mission.time_zone),
        object_name=f"{obligation.object_number} {OBJECTS[obligation.object_number]}",
    )  # fmt: skip


@bp.route(f"{MISSION}/<int:obligation_id>/pay", methods=["GET", "POST"])
@requires("expenditure.record")
@accepts(25)
def pay(mission: Mission, obligation_id: int) -> Any:
    """Pay an obligation, or a part of it; above the limit the payment waits for a second person."""
    obligation = _obligation(mission, obligation_id)
    form = PaymentForm.of(
        obligation, can("expenditure.overdraw", mission), incurred_on=clock.today(mission.time_zone)
    )
    if form.validate_on_submit():
        with form.shows_errors():
            made = approvals.enter_expenditure(mission, form.entry(obligation), limit_cents=limit_cents())
            attach(mission, made, form.file.data)
            return saved(*where(mission, made, _("Payment recorded")))
    now = commitments.standing(db.session(), obligation)
    page = render_template(
        "finance/obligations/pay.html", mission=mission, form=form, obligation=obligation, now=now
    )
    return page, form.status


@bp.route(f"{MISSION}/<int:obligation_id>/cancel", methods=["GET", "POST"])
@requires("expenditure.record")
def cancel(mission: Mission, obligation_id: int) -> Any:
    """Cancel what is open of an obligation, with the reason."""
    obligation = _obligation(mission, obligation_id)
    form = CancelForm(on=clock.today(mission.time_zone))
    if form.validate_on_submit():
        with form.shows_errors():
            obligations.cancel(obligation, **form.payload())
            to = url_for(".show", mission=mission.code, obligation_id=obligation.id)
            return saved(to, _("The rest of the obligation is cancelled"))
    now = commitments.standing(db.session(), obligation)
    page = render_template(
        "finance/obligations/cancel.html", mission=mission, form=form, obligation=obligation, now=now
    )
    return page, form.status


def _obligation(mission: Mission, obligation_id: int) -> Obligation:
    return get_in(db.session(), Obligation, obligation_id, mission_id=mission.id)


def _listing(mission: Mission | None) -> Any:
    session = db.session()

    def link(code: str, obligation_id: int) -> str:
        return url_for("obligations.show", mission=code, obligation_id=obligation_id)

    definition = exports.obligations(session, mission, link)
    name = f"{mission.code}-obligations" if mission else "obligations"
    if (file := responses.download(definition, name)) is not None:
        return file
    listing = definition.show(session, request.path, request.args)
    by_award = commitments.open_by_award(session, mission)
    if mission is None:
        return render_template("finance/obligations/all.html", listing=listing, by_award=by_award)
    return render_template(
        "finance/obligations/index.html", mission=mission, listing=listing, by_award=by_award
    )
