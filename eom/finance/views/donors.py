"""Donors."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import Blueprint, render_template, request, url_for

from eom.core.db import get_in
from eom.core.i18n import _
from eom.extensions import db
from eom.finance.exports import donors as exports
from eom.finance.exports import history as past_exports
from eom.finance.forms.donor import DonorForm
from eom.finance.models.award import Donor
from eom.finance.queries import awards, in_kind, pledges
from eom.finance.queries import donors as queries
from eom.finance.queries import history as past
from eom.finance.services import donors
from eom.web import responses
from eom.web.access import requires
from eom.web.responses import saved

bp = Blueprint("donors", __name__, url_prefix="/finance/donors")


@bp.get("")
@requires("finance.read")
def index() -> Any:
    """Every donor with what came of them."""
    definition = exports.register(
        db.session(), lambda id_: url_for(".show", donor_id=id_), in_full="format" in request.args
    )
    return responses.listed(definition, "donors", "finance/donors/index.html")


@bp.route("/new", methods=["GET", "POST"])
@requires("award.edit")
def new() -> Any:
    """Record a donor."""
    form = DonorForm()
    if form.validate_on_submit():
        with form.shows_errors():
            donor = donors.register_donor(**form.payload())
            return saved(url_for(".show", donor_id=donor.id), _("Donor “%(name)s” recorded", name=donor.name))
    return render_template("finance/donors/form.html", form=form, donor=None), form.status


@bp.get("/<int:donor_id>")
@requires("finance.read")
def show(donor_id: int) -> str:
    """A donor with its awards and help in kind."""
    donor = get_in(db.session(), Donor, donor_id)
    rows = db.session.execute(awards.awards_of(donor)).all()
    return render_template(
        "finance/donors/show.html",
        donor=donor,
        figures=queries.figures(db.session(), donor),
        awards=rows,
        accounts=awards.accounts(db.session(), [row.Award.id for row in rows]),
        contributions=db.session.execute(in_kind.contributions_of(donor)).all(),
        contacts=queries.contacts_of(db.session(), donor),
        pledges=pledges.pledges_of(db.session(), [donor.id]),
    )


@bp.get("/<int:donor_id>/history")
@requires("finance.read")
def history(donor_id: int) -> Any:
    """What was pledged, agreed, received, refunded, given in kind and reported, year by year."""
    session = db.session()
    donor = get_in(session, Donor, donor_id)
    years = past.years(session, donor)
    if request.args.get("years"):
        return responses.table_file(
            past_exports.by_year(years), f"donor-{donor.id}-years", request.args["years"]
        )
    definition = past_exports.happened(
        donor,
        years,
        lambda id_: url_for("awards.show", award_id=id_),
        lambda id_: url_for("donor_pledges.show", pledge_id=id_),
    )
    if (file := responses.download(definition, f"donor-{donor.id}-history")) is not None:
        return file
    listing = definition.show(session, request.path, request.args)
    total = past.total(years)
    return render_template(
        "finance/donors/history.html", donor=donor, years=years, total=total, listing=listing
    )


@bp.route("/<int:donor_id>/edit", methods=["GET", "POST"])
@requires("award.edit")
def edit(donor_id: int) -> Any:
    """Change what is known of a donor."""
    donor = get_in(db.session(), Donor, donor_id)
    form = DonorForm(obj=donor)
    return responses.filled(
        form, partial(donors.edit_donor, donor), url_for(".show", donor_id=donor.id), _("Donor changed"),
        "finance/donors/form.html", donor=donor,
    )  # fmt: skip
