"""The audit trail: who changed what, when, from what to what and why."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import Blueprint, render_template, request

from eom.core.audit import AuditEntry
from eom.core.i18n import lazy
from eom.core.listing import Column, Filter, ListDefinition
from eom.extensions import db
from eom.portal import words
from eom.web import responses
from eom.web.access import requires
from eom.web.navigation import Entry

bp = Blueprint("audit", __name__)
NAVIGATION = (Entry(lazy("Audit trail"), "audit.index", "audit.read", "clock-history", order=90),)


def entries() -> ListDefinition:
    """All entries, the newest first."""
    return ListDefinition(
        query=sa.select(AuditEntry),
        columns=(
            Column("at", lazy("When (UTC)"), lambda e: e.at, AuditEntry.at, "moment"),
            Column("actor", lazy("Who"), lambda e: e.actor_name, AuditEntry.actor_name),
            Column("action", lazy("Action"), lambda e: words.action(e.action), AuditEntry.action),
            Column("kind", lazy("Record"), lambda e: words.table(e.object_type), AuditEntry.object_type),
            Column("name", lazy("Name"), lambda e: e.object_name, AuditEntry.object_name),
            Column("changes", lazy("From → to"), lambda e: words.changes(e.changes)),
            Column("reason", lazy("Why"), lambda e: e.reason),
        ),
        filters=(
            Filter(
                "action", lazy("Action"), lambda v: AuditEntry.action == v, choices=words.action_choices()
            ),
            Filter(
                "kind", lazy("Record"), lambda v: AuditEntry.object_type == v, choices=words.table_choices()
            ),
        ),
        search=(AuditEntry.actor_name, AuditEntry.object_name, AuditEntry.reason),
        sort="at",
        descending=True,
        tie=AuditEntry.id.desc(),
    )


@bp.get("/audit")
@requires("audit.read")
def index() -> Any:
    """The trail, searchable and downloadable."""
    definition = entries()
    if (file := responses.download(definition, "audit-trail")) is not None:
        return file
    listing = definition.show(db.session(), request.path, request.args)
    return render_template("portal/audit.html", listing=listing)
