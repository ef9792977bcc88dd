"""Scans of vouchers and contracts: added and opened, never taken away."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template

from eom.core.db import get_in
from eom.core.i18n import _
from eom.extensions import db
from eom.finance.forms.expenditure import ScanForm
from eom.finance.models.commitment import Obligation
from eom.finance.models.entry import VoucherScan
from eom.finance.models.ledger import Expenditure
from eom.finance.views.entering import address, attach
from eom.missions.models.mission import Mission
from eom.web import responses
from eom.web.access import requires
from eom.web.limits import accepts
from eom.web.responses import saved

bp = Blueprint("scans", __name__, url_prefix="/missions/<mission>")


@bp.get("/scans/<int:scan_id>")
@requires("finance.read")
def show(mission: Mission, scan_id: int) -> Any:
    """The file, as a download; the trail keeps who opened it."""
    kept = get_in(db.session(), VoucherScan, scan_id, mission_id=mission.id).file
    return responses.attachment(responses.store().get(kept.sha256), kept.name, kept.content_type)


@bp.route("/expenditures/<int:expenditure_id>/scans/new", methods=["GET", "POST"])
@requires("expenditure.record")
@accepts(25)
def of_expenditure(mission: Mission, expenditure_id: int) -> Any:
    """Add a scan to a line of the ledger."""
    return _added(mission, get_in(db.session(), Expenditure, expenditure_id, mission_id=mission.id))


@bp.route("/obligations/<int:obligation_id>/scans/new", methods=["GET", "POST"])
@requires("expenditure.record")
@accepts(25)
def of_obligation(mission: Mission, obligation_id: int) -> Any:
    """Add a contract or an order to an obligation."""
    return _added(mission, get_in(db.session(), Obligation, obligation_id, mission_id=mission.id))


def _added(mission: Mission, proves: Expenditure | Obligation) -> Any:
    form, back = ScanForm(), address(mission, proves)
    if form.validate_on_submit():
        with form.shows_errors():
            attach(mission, proves, form.file.data)
            return saved(back, _("The scan is kept"))
    page = render_template("finance/scans/form.html", mission=mission, form=form, back=back, name=str(proves))
    return page, form.status
