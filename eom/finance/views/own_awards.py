"""The pages of a donor's viewer: the awards of their own donors, with a statement to keep."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request
from flask_security import current_user

from eom.core import clock
from eom.core.i18n import lazy
from eom.extensions import db
from eom.finance.exports import own as exports
from eom.finance.queries import agreements, awards, own, pledges
from eom.web import responses
from eom.web.access import requires
from eom.web.navigation import Entry

bp = Blueprint("own_awards", __name__, url_prefix="/my-awards")
NAVIGATION = (Entry(lazy("My awards"), "own_awards.index", "award.read-own", "bank", order=30),)


@bp.get("")
@requires("award.read-own")
def index() -> str:
    """The awards of one's own donors."""
    rows = db.session.execute(own.awards_of_donors(current_user.donors())).all()
    accounts = awards.accounts(db.session(), [row.Award.id for row in rows])
    promised = pledges.pledges_of(db.session(), current_user.donors())
    return render_template("finance/own/index.html", rows=rows, accounts=accounts, pledges=promised)


@bp.get("/<int:award_id>")
@requires("award.read-own")
def show(award_id: int) -> Any:
    """The statement of one award: on the page, or as a file."""
    session = db.session()
    award = own.award_of_donors(session, award_id, current_user.donors())
    account = awards.account(session, award)
    movements = awards.movements(session, award)
    objects, parts = own.spent_by_object(session, award), awards.parts_of(session, award)
    if kind := request.args.get("format"):
        rows = exports.statement(award, account, movements, objects, parts)
        return responses.table_file(rows, f"{award.reference}-statement", kind)
    return render_template(
        "finance/own/show.html",
        award=award,
        account=account,
        movements=movements,
        objects=objects,
        parts=parts,
        terms=agreements.terms(session, award),
        today=clock.today(),
    )
