"""Entries above the limit: what waits for a second person, approved or refused."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import Blueprint, render_template, url_for

from eom.core.db import get_in
from eom.core.i18n import _, lazy
from eom.extensions import db
from eom.finance.exports import entries as exports
from eom.finance.forms.budget import ReasonForm
from eom.finance.models.entry import PendingEntry
from eom.finance.queries import entry_words, scans
from eom.finance.services import approvals
from eom.missions.models.mission import Mission
from eom.web import responses
from eom.web.access import requires
from eom.web.fresh import fresh
from eom.web.navigation import Entry
from eom.web.responses import saved

bp = Blueprint("entries", __name__)

MISSION_NAVIGATION = (
    Entry(lazy("Approvals"), "entries.index", "finance.read", "check2-square", lazy("Money"), 45),
)
MISSION = "/missions/<mission>/entries"


@bp.get("/finance/entries")
@requires("finance.read")
def of_all() -> Any:
    """What waits in every mission, and what became of the rest."""
    return _listing(None)


@bp.get(MISSION)
@requires("finance.read")
def index(mission: Mission) -> Any:
    """What waits in a mission, and what became of the rest."""
    return _listing(mission)


@bp.get(f"{MISSION}/<int:pending_id>")
@requires("finance.read")
def show(mission: Mission, pending_id: int) -> Any:
    """An entry with all that was entered, and its scans."""
    entry = _entry(mission, pending_id)
    return render_template(
        "finance/entries/show.html", mission=mission, entry=entry, facts=entry_words.facts(db.session(), entry),
        scans=scans.of_entry(db.session(), entry),
    )  # fmt: skip


@bp.post(f"{MISSION}/<int:pending_id>/approve")
@requires("expenditure.approve")
@fresh
def approve(mission: Mission, pending_id: int) -> Any:
    """Book it."""
    entry = approvals.approve(_entry(mission, pending_id), mission)
    return saved(url_for(".show", mission=mission.code, pending_id=entry.id), _("Approved and booked"))


@bp.route(f"{MISSION}/<int:pending_id>/refuse", methods=["GET", "POST"])
@requires("expenditure.approve")
@fresh
def refuse(mission: Mission, pending_id: int) -> Any:
    """Refuse it, with the reason."""
    entry, form = _entry(mission, pending_id), ReasonForm()
    return responses.filled(
        form, partial(approvals.refuse, entry), url_for(".show", mission=mission.code, pending_id=entry.id),
        _("The entry is refused"), "finance/entries/refuse.html", mission=mission, entry=entry,
    )  # fmt: skip


def _entry(mission: Mission, pending_id: int) -> PendingEntry:
    return get_in(db.session(), PendingEntry, pending_id, mission_id=mission.id)


def _listing(mission: Mission | None) -> Any:
    session = db.session()

    def link(code: str, pending_id: int) -> str:
        return url_for("entries.show", mission=code, pending_id=pending_id)

    definition = exports.entries(session, mission, link)
    name = f"{mission.code}-entries" if mission else "entries"
    template = "finance/entries/index.html" if mission else "finance/entries/all.html"
    return responses.listed(definition, name, template, mission=mission)
