"""Help in kind."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from flask import Blueprint, render_template, request, url_for

from eom.core.db import get_in
from eom.core.i18n import _, lazy
from eom.extensions import db
from eom.finance.exports import in_kind as exports
from eom.finance.forms.in_kind import InKindForm
from eom.finance.models.award import Donor, InKindContribution
from eom.finance.queries import awards, donors
from eom.finance.services import in_kind
from eom.missions.models.mission import Mission
from eom.web import responses
from eom.web.access import can, requires
from eom.web.navigation import Entry
from eom.web.responses import saved

bp = Blueprint("in_kind", __name__)

MISSION_NAVIGATION = (
    Entry(lazy("Help in kind"), "in_kind.of_mission", "finance.read", "box-seam", lazy("Money"), 64),
)


@bp.get("/finance/in-kind")
@requires("finance.read")
def index() -> Any:
    """All help in kind."""
    definition = exports.register(db.session(), _link(), in_full="format" in request.args)
    return responses.listed(definition, "in-kind", "finance/in_kind/index.html")


@bp.get("/missions/<mission>/in-kind")
@requires("finance.read")
def of_mission(mission: Mission) -> Any:
    """The help in kind for a mission."""
    definition = exports.of_mission(mission, _link(), in_full="format" in request.args)
    if (file := responses.download(definition, f"{mission.code}-in-kind")) is not None:
        return file
    listing = definition.show(db.session(), request.path, request.args)
    hosts = {row[0].donor for row in listing.rows if row[0].donor.country == mission.country}
    return render_template(
        "finance/in_kind/of_mission.html", mission=mission, listing=listing, hosts=sorted(hosts, key=str)
    )


@bp.route("/finance/in-kind/new", methods=["GET", "POST"])
@requires("receipt.record")
def new() -> Any:
    """Record help in kind."""
    form = _form(
        None, donor_id=request.args.get("donor"), mission_id=request.args.get("mission"), quantity=Decimal(1)
    )
    if form.validate_on_submit():
        with form.shows_errors():
            donor = get_in(db.session(), Donor, int(form.donor_id.data))
            in_kind.record_in_kind(donor, **form.payload())
            return saved(url_for(".index"), _("Help in kind recorded"))
    page = render_template(
        "finance/in_kind/form.html", form=form, row=None, has_donors=len(form.donor_id.choices) > 1
    )
    return page, form.status


@bp.route("/finance/in-kind/<int:contribution_id>/edit", methods=["GET", "POST"])
@requires("receipt.record")
def edit(contribution_id: int) -> Any:
    """Correct help in kind of an open year."""
    row = get_in(db.session(), InKindContribution, contribution_id)
    form = _form(row)
    if form.validate_on_submit():
        with form.shows_errors():
            donor = get_in(db.session(), Donor, int(form.donor_id.data))
            in_kind.edit_in_kind(row, donor=donor, **form.payload())
            return saved(url_for(".index"), _("Help in kind changed"))
    page = render_template("finance/in_kind/form.html", form=form, row=row, has_donors=True)
    return page, form.status


def _form(row: InKindContribution | None, **given: Any) -> InKindForm:
    session = db.session()
    return InKindForm.among(donors.choices(session), awards.mission_choices(session), row, **given)


def _link() -> Callable[[int], str] | None:
    """The way to the form of a contribution, for those who may change it."""
    return (lambda id_: url_for(".edit", contribution_id=id_)) if can("receipt.record") else None
