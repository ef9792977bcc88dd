"""What was loaded into the ledger: the list, one load with its sums, and taking it back as a whole."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for

from eom.core import i18n, jobs
from eom.core.i18n import _
from eom.extensions import db
from eom.finance import jobs as work
from eom.finance.exports import loads as exports
from eom.finance.forms.extract import LoadReversalForm
from eom.finance.models.load import LedgerLoad
from eom.finance.queries import loads as queries
from eom.finance.queries import pending_loads as waiting
from eom.finance.services import loads as services
from eom.missions.models.mission import Mission
from eom.web import responses, worker
from eom.web.access import requires
from eom.web.fresh import fresh
from eom.web.responses import saved

bp = Blueprint("loads", __name__)
# Larger ones are taken back in the background.
AT_ONCE = 1_000
ALL, MISSION = "/finance/loads", "/missions/<mission>/expenditures/loads"


@bp.get(ALL)
@bp.get(MISSION)
@requires("finance.read")
def index(mission: Mission | None = None) -> Any:
    """The files that were loaded, the newest first."""
    definition = exports.loads(mission, lambda load: _url("show", mission, load))
    return responses.listed(definition, "ledger-loads", "finance/loads/index.html", mission=mission,
                            waiting_count=waiting.waiting_count(db.session(), mission))  # fmt: skip


@bp.get(f"{ALL}/<int:load_id>")
@bp.get(f"{MISSION}/<int:load_id>")
@requires("finance.read")
def show(load_id: int, mission: Mission | None = None) -> Any:
    """One load: who, when, from which file, and what it came to by award and mission."""
    session = db.session()
    load = queries.load_in(session, load_id, mission)
    shares = queries.shares(session, load)
    if kind := request.args.get("format"):
        return responses.table_file(exports.shares(shares), f"ledger-load-{load.id}", kind)
    first = session.get(LedgerLoad, load.reverses_load_id) if load.reverses_load_id else None
    return render_template(
        "finance/loads/show.html", mission=mission, load=load, shares=shares, first=first,
        undone=queries.undone_by(session, load),
    )  # fmt: skip


@bp.route(f"{ALL}/<int:load_id>/reverse", methods=["GET", "POST"])
@bp.route(f"{MISSION}/<int:load_id>/reverse", methods=["GET", "POST"])
@requires("expenditure.reverse")
@fresh
def reverse(load_id: int, mission: Mission | None = None) -> Any:
    """Take a load back as a whole, with a reason."""
    load = queries.load_in(db.session(), load_id, mission)
    form = LoadReversalForm()
    if form.validate_on_submit():
        with form.shows_errors():
            if load.line_count > AT_ONCE:
                return _in_background(load, mission, form.reason.data)
            back = services.reverse_load(load, reason=form.reason.data)
            return saved(_url("show", mission, back), _("The load is taken back"))
    return render_template("finance/loads/reverse.html", mission=mission, load=load, form=form), form.status


def _in_background(load: LedgerLoad, mission: Mission | None, reason: str) -> Any:
    services.check_reversal(load)
    row = jobs.create(
        db.session(), work.REVERSE, language=i18n.language(), mission_id=mission.id if mission else None,
        load_id=load.id, reason=reason,
    )  # fmt: skip
    job_id = row.id
    worker.enqueue(row)
    return redirect(url_for("jobs.show", job_id=job_id), 303)


def _url(name: str, mission: Mission | None, load: LedgerLoad) -> str:
    return url_for(f"loads.{name}", mission=mission and mission.code, load_id=load.id)
