"""Retention: what is no longer to be kept, shown first, then removed."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import Blueprint, render_template, request, url_for

from eom.core import clock
from eom.core.audit import AuditEntry
from eom.core.i18n import lazy, ngettext
from eom.extensions import db
from eom.observers.exports import lists as exports
from eom.observers.queries import retention as queries
from eom.observers.retention import SCHEDULE, STRANGERS, KeptGroup
from eom.observers.services import purging
from eom.web import responses
from eom.web.access import requires
from eom.web.forms import BaseForm
from eom.web.fresh import fresh
from eom.web.navigation import Entry
from eom.web.responses import saved

bp = Blueprint("personal_data", __name__, url_prefix="/personal-data")

NAVIGATION = (Entry(lazy("Personal data"), "personal_data.index", "retention.run", "shield-lock", order=85),)
SHOWN = 50


@bp.get("")
@requires("retention.run")
def index() -> Any:
    """What would be removed today, what stays and why, and what was removed."""
    report = queries.report(db.session(), clock.today())
    if kind := request.args.get("format"):
        return responses.table_file(exports.retention(report), f"retention-{report.as_of}", kind)
    purged = (
        sa.select(AuditEntry).where(AuditEntry.action == "purged").order_by(AuditEntry.id.desc()).limit(SHOWN)
    )
    return render_template(
        "observers/personal_data/index.html", report=report, schedule=(*SCHEDULE, STRANGERS),
        purged=[(each, KeptGroup(each.changes["group"])) for each in db.session.scalars(purged)],
    )  # fmt: skip


@bp.route("/purge", methods=["GET", "POST"])
@requires("retention.run")
@fresh
def purge() -> Any:
    """Remove what is due."""
    form = BaseForm()
    report = queries.report(db.session(), clock.today())
    if form.validate_on_submit():
        count = sum(purging.carry_out(report).values())
        return saved(url_for(".index"), ngettext("%(num)d removal made", "%(num)d removals made", count))
    return render_template(
        "observers/personal_data/confirm_purge.html", form=form, report=report
    ), form.status
