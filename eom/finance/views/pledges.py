"""Pledges: what donors promised, and what became of it."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import Blueprint, render_template, request, url_for

from eom.core import clock
from eom.core.db import get_in
from eom.core.errors import NotFound
from eom.core.i18n import _, lazy
from eom.extensions import db
from eom.finance.exports import pledges as exports
from eom.finance.forms.pledge import EndPledgeForm, PledgeForm, ReopenPledgeForm
from eom.finance.models.award import Donor
from eom.finance.models.pledge import DonorPledge
from eom.finance.queries import awards, donors
from eom.finance.queries import pledges as queries
from eom.finance.services import pledges
from eom.web import responses
from eom.web.access import requires
from eom.web.responses import saved

bp = Blueprint("donor_pledges", __name__, url_prefix="/finance/pledges")


@bp.get("")
@requires("finance.read")
def index() -> Any:
    """Every pledge with what became of it."""
    definition = exports.register(
        db.session(), lambda id_: url_for(".show", pledge_id=id_), in_full="format" in request.args
    )
    return responses.listed(definition, "pledges", "finance/pledges/index.html")


@bp.route("/new", methods=["GET", "POST"])
@requires("award.edit")
def new() -> Any:
    """Record a pledge."""
    given = {"donor_id": request.args.get("donor"), "mission_id": request.args.get("mission")}
    form = _form(None, pledged_on=clock.today(), currency="USD", **given)
    if form.validate_on_submit():
        with form.shows_errors():
            donor = get_in(db.session(), Donor, int(form.donor_id.data))
            pledge = pledges.record_pledge(donor=donor, **form.payload())
            return saved(url_for(".show", pledge_id=pledge.id), _("Pledge recorded"))
    has_donors = len(form.donor_id.choices) > 1
    page = render_template("finance/pledges/form.html", form=form, pledge=None, has_donors=has_donors)
    return page, form.status


@bp.get("/<int:pledge_id>")
@requires("finance.read")
def show(pledge_id: int) -> str:
    """A pledge, the awards that took it up, and what is still open of it."""
    row = queries.pledge(db.session(), pledge_id)
    if row is None:
        raise NotFound(lazy("There is nothing here, or it is not yours to see."))
    return render_template("finance/pledges/show.html", row=row, pledge=row.DonorPledge)


@bp.route("/<int:pledge_id>/edit", methods=["GET", "POST"])
@requires("award.edit")
def edit(pledge_id: int) -> Any:
    """Change what is known of a pledge."""
    pledge = get_in(db.session(), DonorPledge, pledge_id)
    form = _form(pledge)
    if form.validate_on_submit():
        with form.shows_errors():
            donor = get_in(db.session(), Donor, int(form.donor_id.data))
            pledges.edit_pledge(pledge, donor=donor, **form.payload())
            return saved(url_for(".show", pledge_id=pledge.id), _("Pledge changed"))
    page = render_template("finance/pledges/form.html", form=form, pledge=pledge, has_donors=True)
    return page, form.status


@bp.route("/<int:pledge_id>/end", methods=["GET", "POST"])
@requires("award.edit")
def end(pledge_id: int) -> Any:
    """Say that a pledge was withdrawn or has lapsed."""
    pledge = get_in(db.session(), DonorPledge, pledge_id)
    form = EndPledgeForm(on=clock.today())
    return responses.filled(
        form, partial(pledges.end_pledge, pledge), url_for(".show", pledge_id=pledge.id),
        _("The pledge has ended"), "finance/pledges/end.html", pledge=pledge,
    )  # fmt: skip


@bp.route("/<int:pledge_id>/reopen", methods=["GET", "POST"])
@requires("award.edit")
def reopen(pledge_id: int) -> Any:
    """Expect a pledge again that was withdrawn or had lapsed."""
    pledge = get_in(db.session(), DonorPledge, pledge_id)
    form = ReopenPledgeForm()
    return responses.filled(
        form, partial(pledges.reopen_pledge, pledge), url_for(".show", pledge_id=pledge.id),
        _("The pledge is open again"), "finance/pledges/reopen.html", pledge=pledge,
    )  # fmt: skip


def _form(pledge: DonorPledge | None, **given: Any) -> PledgeForm:
    session = db.session()
    return PledgeForm.among(donors.choices(session), awards.mission_choices(session), pledge, **given)
