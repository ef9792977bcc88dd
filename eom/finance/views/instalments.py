"""Instalments: what agreements say is to be paid, and the receipts that pay it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request, url_for

from eom.core import clock
from eom.core.db import get_in
from eom.core.i18n import _
from eom.extensions import db
from eom.finance.exports import instalments as exports
from eom.finance.forms.agreement import InstalmentForm, MatchForm
from eom.finance.models.agreement import AwardInstalment
from eom.finance.models.award import Award, AwardMovement
from eom.finance.queries import agreements as queries
from eom.finance.services import instalments
from eom.web import responses
from eom.web.access import requires
from eom.web.forms import BaseForm
from eom.web.responses import saved

bp = Blueprint("instalments", __name__, url_prefix="/finance")

ONE = "/awards/<int:award_id>/instalments/<int:instalment_id>"


@bp.get("/instalments")
@requires("finance.read")
def index() -> Any:
    """What is expected of every agreement, what came in and what is overdue."""
    definition = exports.register(
        db.session(), lambda id_: url_for("awards.show", award_id=id_), clock.today(),
        in_full="format" in request.args,
    )  # fmt: skip
    return responses.listed(definition, "instalments", "finance/instalments/index.html")


@bp.route("/awards/<int:award_id>/instalments/new", methods=["GET", "POST"])
@requires("award.edit")
def new(award_id: int) -> Any:
    """Record an instalment."""
    award = get_in(db.session(), Award, award_id)
    form = InstalmentForm()
    if form.validate_on_submit():
        with form.shows_errors():
            instalments.foresee(award, **form.payload())
            return saved(_award(award_id), _("Instalment recorded"))
    terms = queries.terms(db.session(), award)
    page = render_template(
        "finance/instalments/form.html", form=form, award=award, instalment=None, terms=terms
    )
    return page, form.status


@bp.route(f"{ONE}/edit", methods=["GET", "POST"])
@requires("award.edit")
def edit(award_id: int, instalment_id: int) -> Any:
    """Change an instalment."""
    row = _found(award_id, instalment_id)
    form = InstalmentForm(obj=row)
    if form.validate_on_submit():
        with form.shows_errors():
            instalments.edit_instalment(row, **form.payload())
            return saved(_award(award_id), _("Instalment changed"))
    terms = queries.terms(db.session(), row.award)
    page = render_template(
        "finance/instalments/form.html", form=form, award=row.award, instalment=row, terms=terms
    )
    return page, form.status


@bp.route(f"{ONE}/remove", methods=["GET", "POST"])
@requires("award.edit")
def remove(award_id: int, instalment_id: int) -> Any:
    """Take an instalment away that was recorded by mistake."""
    row, form = _found(award_id, instalment_id), BaseForm()
    if form.validate_on_submit():
        with form.shows_errors():
            instalments.remove_instalment(row)
            return saved(_award(award_id), _("The instalment is removed"))
    return render_template(
        "finance/instalments/remove.html", form=form, award=row.award, row=row
    ), form.status


@bp.route(f"{ONE}/match", methods=["GET", "POST"])
@requires("receipt.record")
def match(award_id: int, instalment_id: int) -> Any:
    """Set a receipt that is recorded already against an instalment."""
    session, row = db.session(), _found(award_id, instalment_id)
    receipts = queries.receipts_to_match(session, row.award)
    form = MatchForm.among(receipts, queries.matched_of_award(session, row.award))
    if form.validate_on_submit():
        with form.shows_errors():
            receipt = get_in(session, AwardMovement, int(form.movement_id.data), award_id=award_id)
            instalments.match(row, receipt, form.amount_cents.data)
            return saved(_award(award_id), _("The receipt is set against the instalment"))
    page = render_template(
        "finance/instalments/match.html",
        form=form,
        award=row.award,
        instalment=queries.instalment(session, row),
    )
    return page, form.status


def _found(award_id: int, instalment_id: int) -> AwardInstalment:
    return get_in(db.session(), AwardInstalment, instalment_id, award_id=award_id)


def _award(award_id: int) -> str:
    return url_for("awards.show", award_id=award_id, _anchor="instalments")
