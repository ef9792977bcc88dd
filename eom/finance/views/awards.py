"""Awards: what was agreed, what came in and went out, what was given to missions."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request, url_for

from eom.core import clock
from eom.core.db import get_in
from eom.core.i18n import _, lazy
from eom.extensions import db
from eom.finance.exports import awards as exports
from eom.finance.forms.award import AllocationForm, AwardForm
from eom.finance.models.award import Award, Donor
from eom.finance.models.pledge import DonorPledge
from eom.finance.queries import agreements, donors, pledges
from eom.finance.queries import awards as queries
from eom.finance.services import awards
from eom.missions.models.mission import Mission
from eom.web import responses
from eom.web.access import can, requires
from eom.web.navigation import Entry
from eom.web.responses import saved

bp = Blueprint("awards", __name__)

MISSION_NAVIGATION = (Entry(lazy("Awards"), "awards.of_mission", "finance.read", "bank", lazy("Money"), 62),)


@bp.get("/finance/awards")
@requires("finance.read")
def index() -> Any:
    """Every award with its account."""
    definition = exports.register(
        db.session(), lambda id_: url_for(".show", award_id=id_), in_full="format" in request.args
    )
    return responses.listed(definition, "awards", "finance/awards/index.html")


@bp.get("/missions/<mission>/awards")
@requires("finance.read")
def of_mission(mission: Mission) -> Any:
    """The awards that serve a mission, and what they hold for it."""
    link = (lambda id_: url_for(".show", award_id=id_)) if can("finance.read") else None
    definition = exports.of_mission(mission, link, in_full="format" in request.args)
    if (file := responses.download(definition, f"{mission.code}-awards")) is not None:
        return file
    listing = definition.show(db.session(), request.path, request.args)
    hosts = [row.Award for row in listing.rows if row.Award.donor.country == mission.country]
    return render_template("finance/awards/of_mission.html", mission=mission, listing=listing, hosts=hosts)


@bp.route("/finance/awards/new", methods=["GET", "POST"])
@requires("award.edit")
def new() -> Any:
    """Record an award."""
    form = _form(None, **_given())
    if form.validate_on_submit():
        with form.shows_errors():
            award = awards.record_award(**_chosen(form))
            to = url_for(".show", award_id=award.id)
            return saved(to, _("Award %(reference)s recorded", reference=award.reference))
    return render_template(
        "finance/awards/form.html", form=form, award=None, has_donors=len(form.donor_id.choices) > 1
    ), form.status


@bp.get("/finance/awards/<int:award_id>")
@requires("finance.read")
def show(award_id: int) -> str:
    """An award's account, its movements, and what it gives to missions."""
    award = get_in(db.session(), Award, award_id)
    parts = queries.parts_of(db.session(), award)
    return render_template(
        "finance/awards/show.html",
        award=award,
        account=queries.account(db.session(), award),
        movements=queries.movements(db.session(), award),
        allocations=queries.allocations(db.session(), award),
        terms=agreements.terms(db.session(), award),
        today=clock.today(),
        parts=parts,
        hosts=[part.mission for part in parts if part.mission.country == award.donor.country],
    )


@bp.route("/finance/awards/<int:award_id>/edit", methods=["GET", "POST"])
@requires("award.edit")
def edit(award_id: int) -> Any:
    """Change what is known of an award."""
    award = get_in(db.session(), Award, award_id)
    form = _form(award)
    if form.validate_on_submit():
        with form.shows_errors():
            awards.edit_award(award, **_chosen(form))
            return saved(url_for(".show", award_id=award.id), _("Award changed"))
    return render_template("finance/awards/form.html", form=form, award=award, has_donors=True), form.status


@bp.route("/finance/awards/<int:award_id>/allocations/new", methods=["GET", "POST"])
@requires("award.edit")
def allocate(award_id: int) -> Any:
    """Give a part of a general award to a mission."""
    award = get_in(db.session(), Award, award_id)
    form = AllocationForm.among(
        queries.mission_choices(db.session()), mission_id=request.args.get("mission"),
        allocated_on=clock.today(),
    )  # fmt: skip
    if form.validate_on_submit():
        with form.shows_errors():
            awards.allocate(award, **form.payload())
            return saved(url_for(".show", award_id=award.id), _("Allocation recorded"))
    account = queries.account(db.session(), award)
    page = render_template("finance/awards/allocate.html", form=form, award=award, account=account)
    return page, form.status


def _form(award: Award | None, **given: Any) -> AwardForm:
    session = db.session()
    own = award.pledge_part.pledge if award and award.pledge_part else None
    promised = pledges.choices(session, own)
    return AwardForm.among(
        donors.choices(session), queries.mission_choices(session), promised, award, **given
    )


def _given() -> dict[str, Any]:
    """What a link to the form says already: a donor, a mission, or a pledge with both."""
    pledge_id = request.args.get("pledge", type=int)
    pledge = db.session.get(DonorPledge, pledge_id) if pledge_id else None
    if pledge is None:
        return {"donor_id": request.args.get("donor"), "mission_id": request.args.get("mission")}
    return {
        "donor_id": str(pledge.donor_id), "pledge_id": str(pledge.id), "currency": pledge.currency,
        "mission_id": str(pledge.mission_id or ""), "agreed_cents": pledge.left_cents,
    }  # fmt: skip


def _chosen(form: AwardForm) -> dict[str, Any]:
    """What the form says, with the donor and the pledge themselves."""
    session, pledge_id = db.session(), form.pledge_id.data
    pledge = get_in(session, DonorPledge, int(pledge_id)) if pledge_id else None
    return {"donor": get_in(session, Donor, int(form.donor_id.data)), "pledge": pledge, **form.payload()}
