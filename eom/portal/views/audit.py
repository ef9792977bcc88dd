"""The audit trail: who changed what, when, from where, from what to what and why."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, render_template, request

from eom.core.audit import AuditEntry
from eom.core.errors import InvalidInput, NotFound
from eom.core.i18n import lazy
from eom.core.listing import Column, Filter, ListDefinition, contains
from eom.extensions import db
from eom.missions.models.mission import Mission
from eom.portal import words
from eom.web import responses
from eom.web.access import requires
from eom.web.fresh import fresh_for_files
from eom.web.navigation import Entry

bp = Blueprint("audit", __name__, url_prefix="/audit")
NAVIGATION = (Entry(lazy("Audit trail"), "audit.index", "audit.read", "clock-history", order=90),)


def entries(criteria: tuple[Any, ...] = (), without: tuple[str, ...] = ()) -> ListDefinition:
    """The entries with the codes of their missions, the newest first; ``without`` filters that say nothing."""
    query = sa.select(AuditEntry, Mission.code).outerjoin(Mission, Mission.id == AuditEntry.mission_id)
    return ListDefinition(
        query=query.where(*criteria),
        columns=(
            Column("at", lazy("When (UTC)"), lambda row: row.AuditEntry.at, AuditEntry.at, "moment"),
            Column("actor", lazy("Who"), lambda row: words.actor(row.AuditEntry), AuditEntry.actor_name),
            Column("address", lazy("From where"), lambda row: row.AuditEntry.address, AuditEntry.address),
            Column("action", lazy("Action"), lambda row: words.action(row.AuditEntry.action), AuditEntry.action),
            Column("kind", lazy("Kind of record"), lambda row: words.table(row.AuditEntry.object_type)),
            Column("object", lazy("Number of the record"), lambda row: row.AuditEntry.object_id),
            Column("name", lazy("Name"), lambda row: row.AuditEntry.object_name, AuditEntry.object_name),
            Column("mission", lazy("Mission"), lambda row: row.code, Mission.code),
            Column("changes", lazy("From → to"), lambda row: words.line(row.AuditEntry)),
            Column("reason", lazy("Why"), lambda row: row.AuditEntry.reason),
            Column("request", lazy("Request"), lambda row: row.AuditEntry.request_id),
        ),
        filters=tuple(each for each in _filters() if each.name not in without),
        search=(AuditEntry.actor_name, AuditEntry.object_name, AuditEntry.reason, AuditEntry.address),
        sort="at",
        descending=True,
        entity=False,
        tie=AuditEntry.id.desc(),
    )  # fmt: skip


def _filters() -> tuple[Filter, ...]:
    return (
        Filter("who", lazy("Who"), lambda v: contains((AuditEntry.actor_name,), v[:100]), kind="text"),
        Filter("action", lazy("Action"), lambda v: AuditEntry.action == v, choices=words.action_choices()),
        Filter("kind", lazy("Kind of record"), lambda v: AuditEntry.object_type == v, choices=words.table_choices()),
        Filter("object", lazy("Number of the record"), lambda v: AuditEntry.object_id == v[:60], kind="text"),
        Filter("mission", lazy("Code of the mission"), lambda v: Mission.code == v[:20].upper(), kind="text"),
        Filter("since", lazy("From"), lambda v: AuditEntry.at >= _start(v), kind="date"),
        Filter("until", lazy("Until"), lambda v: AuditEntry.at < _start(v) + timedelta(days=1), kind="date"),
        Filter("request", lazy("Request"), lambda v: AuditEntry.request_id == v[:40], kind="text"),
    )  # fmt: skip


@bp.get("")
@requires("audit.read")
@fresh_for_files
def index() -> Any:
    """The trail, searchable and downloadable."""
    definition = entries()
    return responses.listed(definition, "audit-trail", "portal/audit/index.html", words=words)


@bp.get("/<object_type>/<object_id>")
@requires("audit.read")
@fresh_for_files
def history(object_type: str, object_id: str) -> Any:
    """The life of one record, entry after entry."""
    if object_type not in words.TABLES:
        raise NotFound(lazy("The audit trail knows no such records."))
    criteria = (AuditEntry.object_type == object_type, AuditEntry.object_id == object_id[:60])
    definition = entries(criteria, without=("kind", "object", "mission"))
    return _timeline(definition, words.table(object_type), f"history-{object_type}")


@bp.get("/people/of/<int:actor_id>")
@requires("audit.read")
@fresh_for_files
def actor(actor_id: int) -> Any:
    """What one person did."""
    definition = entries((AuditEntry.actor_id == actor_id,), without=("who",))
    return _timeline(definition, None, "history-of-a-person")


def _timeline(definition: ListDefinition, kind: str | None, name: str) -> Any:
    if (file := responses.download(definition, name)) is not None:
        return file
    listing = definition.show(db.session(), request.path, request.args)
    if kind and not listing.total and not listing.is_filtered:
        raise NotFound(lazy("Nothing is recorded here."))
    return render_template("portal/audit/history.html", listing=listing, kind=kind, words=words)


def _start(text: str) -> datetime:
    try:
        return datetime.combine(date.fromisoformat(text), datetime.min.time(), UTC)
    except ValueError:
        message = lazy("“%(text)s” is no date: year-month-day was expected.", text=text[:30])
        raise InvalidInput(message) from None
