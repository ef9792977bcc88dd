"""The ledger: a mission's lines and all lines, a new one, and one taken back or charged to another award."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request, url_for

from eom.core.db import get_in
from eom.core.errors import AppError
from eom.core.i18n import _, lazy
from eom.extensions import db
from eom.finance.exports import ledger as exports
from eom.finance.forms.expenditure import ExpenditureForm, RechargeForm, ReversalForm
from eom.finance.models.award import Award
from eom.finance.models.budget import OBJECTS
from eom.finance.models.ledger import Expenditure
from eom.finance.queries import entries, scans
from eom.finance.queries import ledger as reading
from eom.finance.queries.standing import Standing
from eom.finance.services import approvals, ledger
from eom.finance.services.recharges import Recharge
from eom.finance.views.entering import attach, limit_cents, where
from eom.missions.models.mission import Mission
from eom.web import responses
from eom.web.access import can, requires
from eom.web.limits import accepts
from eom.web.navigation import Entry
from eom.web.responses import saved

bp = Blueprint("expenditures", __name__)

MISSION_NAVIGATION = (
    Entry(lazy("Expenditures"), "expenditures.index", "finance.read", "receipt", lazy("Money"), 42),
)
MISSION = "/missions/<mission>/expenditures"


@bp.get("/expenditures")
@requires("finance.read")
def ledger_of_all() -> Any:
    """Every mission's lines."""
    return _listing(None)


@bp.get(MISSION)
@requires("finance.read")
def index(mission: Mission) -> Any:
    """The lines of a mission."""
    return _listing(mission)


@bp.route(f"{MISSION}/new", methods=["GET", "POST"])
@requires("expenditure.record")
@accepts(25)
def new(mission: Mission) -> Any:
    """Record an expenditure, with its scan; above the limit it waits for a second person."""
    form = ExpenditureForm.within(mission, can("expenditure.overdraw", mission))
    if form.validate_on_submit():
        with form.shows_errors():
            made = approvals.enter_expenditure(mission, form.entry(), limit_cents=limit_cents())
            attach(mission, made, form.file.data)
            return saved(*where(mission, made, _("Expenditure recorded")))
    return render_template("finance/expenditures/form.html", mission=mission, form=form), form.status


@bp.get(f"{MISSION}/equivalent")
@requires("expenditure.record")
def equivalent(mission: Mission) -> Any:
    """What the form's amount is in US dollars and what the award then holds: a fragment, as one types."""
    form = ExpenditureForm.within(mission, may_overdraw=False, given=request.args)
    return render_template("finance/expenditures/_equivalent.html", **_priced(mission, form))


@bp.get(f"{MISSION}/<int:expenditure_id>")
@requires("finance.read")
def show(mission: Mission, expenditure_id: int) -> Any:
    """One line, how its dollars came about, what it was charged to, its scans, and what takes it back."""
    line = get_in(db.session(), Expenditure, expenditure_id, mission_id=mission.id)
    reversal = reading.reversal_of(db.session(), line)
    return render_template(
        "finance/expenditures/show.html", mission=mission, line=line, reversal=reversal,
        trail=reading.trail(db.session(), line, reversal), charged=entries.charged(db.session(), line),
        scans=scans.of_expenditure(db.session(), line), object_name=f"{line.object_number} {OBJECTS[line.object_number]}",
    )  # fmt: skip


@bp.route(f"{MISSION}/<int:expenditure_id>/reverse", methods=["GET", "POST"])
@requires("expenditure.reverse")
def reverse(mission: Mission, expenditure_id: int) -> Any:
    """Take a line back with another one."""
    line = get_in(db.session(), Expenditure, expenditure_id, mission_id=mission.id)
    form = ReversalForm.today(mission)
    if form.validate_on_submit():
        with form.shows_errors():
            made = ledger.reverse_expenditure(line, **form.payload())
            to = url_for(".show", mission=mission.code, expenditure_id=made.id)
            return saved(to, _("Expenditure reversed"))
    page = render_template("finance/expenditures/reverse.html", mission=mission, line=line, form=form)
    return page, form.status


@bp.route(f"{MISSION}/<int:expenditure_id>/recharge", methods=["GET", "POST"])
@requires("expenditure.reverse")
def recharge(mission: Mission, expenditure_id: int) -> Any:
    """Charge a line to another award: both lines stay, and what the mission spent does too."""
    line = get_in(db.session(), Expenditure, expenditure_id, mission_id=mission.id)
    form = RechargeForm.of(mission, line, can("expenditure.overdraw", mission))
    if form.validate_on_submit():
        with form.shows_errors():
            given = form.payload()
            asked = Recharge(line.id, int(given.pop("award_id")), **given)
            made = approvals.enter_recharge(mission, asked, limit_cents=limit_cents())
            return saved(*where(mission, made, _("The expenditure is charged to the other award")))
    page = render_template("finance/expenditures/recharge.html", mission=mission, line=line, form=form)
    return page, form.status


def _listing(mission: Mission | None) -> Any:
    session = db.session()
    definition = exports.expenditures(session, mission, _link, in_full="format" in request.args)
    name = f"{mission.code}-expenditures" if mission else "expenditures"
    if (file := responses.download(definition, name)) is not None:
        return file
    listing = definition.show(session, request.path, request.args)
    if mission is None:
        return render_template("finance/expenditures/all.html", listing=listing)
    waiting = entries.waiting_count(session, mission)
    return render_template(
        "finance/expenditures/index.html", mission=mission, listing=listing, waiting_count=waiting
    )


def _priced(mission: Mission, form: ExpenditureForm) -> dict[str, Any]:
    """The price of what the form asks so far, or what is wrong with it; nothing while something is missing."""
    asked, standing = form.asked_price(), Standing(db.session())
    if not asked:
        return {}
    award = get_in(db.session(), Award, asked.pop("award"))
    try:
        price = ledger.price(standing, award, **asked)
    except AppError as error:
        return {"error": error}
    standing.set_aside(award, mission.id)
    left = standing.left(award, mission.id) - price.cost_cents
    waits = price.usd_cents > limit_cents()
    return {"price": price, "left": left, "currency": asked["currency"], "waits": waits}


def _link(code: str, line_id: int) -> str:
    return url_for("expenditures.show", mission=code, expenditure_id=line_id)
