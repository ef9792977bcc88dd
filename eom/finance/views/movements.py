"""Money that comes into an award or goes out of it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request, url_for

from eom.core import clock
from eom.core.db import get_in
from eom.core.i18n import _
from eom.extensions import db
from eom.finance.forms.award import MovementForm, ReverseMovementForm
from eom.finance.models.agreement import AwardInstalment
from eom.finance.models.award import Award, AwardMovement, MovementKind
from eom.finance.queries import agreements
from eom.finance.queries import awards as queries
from eom.finance.services import movements
from eom.web.access import requires
from eom.web.responses import saved

bp = Blueprint("movements", __name__, url_prefix="/finance/awards/<int:award_id>/movements")


@bp.route("/new", methods=["GET", "POST"])
@requires("receipt.record")
def new(award_id: int) -> Any:
    """Record a receipt, a refund, interest, a transfer or an exchange difference."""
    award = get_in(db.session(), Award, award_id)
    wanted = request.args.get("kind", "")
    kind = MovementKind(wanted) if wanted in set(MovementKind) else MovementKind.RECEIPT
    missions = queries.missions_served(db.session(), award) if award.is_general else []
    open_ones = [each for each in agreements.instalments_of(db.session(), award) if each.due_cents > 0]
    first = request.args.get("instalment") or (str(open_ones[0].row.id) if open_ones else "")
    given = {"instalment_id": first if kind is MovementKind.RECEIPT else ""}
    form = MovementForm.of(award, missions, open_ones, kind=kind, moved_on=clock.today(), **given)
    if form.validate_on_submit():
        with form.shows_errors():
            made = movements.record_movement(award, instalment=_instalment(award, form), **form.payload())
            to = url_for("awards.show", award_id=award.id)
            return saved(to, _("“%(kind)s” recorded", kind=made.kind.label))
    account = queries.account(db.session(), award)
    page = render_template("finance/awards/movement.html", form=form, award=award, account=account)
    return page, form.status


@bp.route("/<int:movement_id>/reverse", methods=["GET", "POST"])
@requires("receipt.record")
def reverse(award_id: int, movement_id: int) -> Any:
    """Take a movement back with a line of its own."""
    movement = get_in(db.session(), AwardMovement, movement_id, award_id=award_id)
    form = ReverseMovementForm(on=clock.today())
    if form.validate_on_submit():
        with form.shows_errors():
            movements.reverse_movement(movement, **form.payload())
            return saved(url_for("awards.show", award_id=award_id), _("The movement is reversed"))
    page = render_template("finance/awards/reverse.html", form=form, movement=movement, award=movement.award)
    return page, form.status


def _instalment(award: Award, form: MovementForm) -> AwardInstalment | None:
    chosen = getattr(form, "instalment_id", None)
    if not chosen or not chosen.data:
        return None
    return get_in(db.session(), AwardInstalment, int(chosen.data), award_id=award.id)
