"""From any figure of the annual report to the lines behind it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request, url_for
from werkzeug.datastructures import MultiDict

from eom.core.errors import NotFound
from eom.core.i18n import lazy
from eom.extensions import db
from eom.reporting import exports
from eom.reporting.annual.breakdowns import breakdowns
from eom.reporting.annual.naming import heading, scope_words
from eom.reporting.annual.places import Place, figure_at
from eom.reporting.queries.trace import LineKind, Trace, trace
from eom.reporting.views.annual import edition_asked, which
from eom.web import responses
from eom.web.access import requires
from eom.web.urls import row_number

bp = Blueprint("traces", __name__, url_prefix="/annual-reports")


@bp.get("/<int:year>/figures")
@requires("report.read")
def show(year: int) -> Any:
    """A figure (?part=, ?column=, narrowed by award, mission, kind, object or row), its lines and their sum."""
    edition, place = edition_asked(year), _place(request.args)
    stated = figure_at(edition.figures, place)
    found = trace(db.session(), edition.figures, place)
    cents, count = found.sum_and_count(db.session())
    listing = None
    if found.legs:
        definition = exports.lines(found, _link, sum_cents=cents, in_full="format" in request.args)
        name = f"annual-report-{year}-{place.part}-{place.column}"
        if (file := responses.download(definition, name)) is not None:
            return file
        listing = definition.show(db.session(), request.path, request.args)
    return render_template(
        "reporting/traces/show.html", year=year, edition=edition, place=place, heading=heading(place),
        scope=scope_words(place, edition.figures), stated=stated, summed=cents, count=count, listing=listing,
        parts=breakdowns(edition.figures, place), which=which(edition), forward=found.forward,
        forward_url=_forward_url(found),
    )  # fmt: skip


def _place(arguments: MultiDict[str, str]) -> Place:
    try:
        number, row = (row_number(arguments.get(name) or "0") for name in ("object", "row"))
    except ValueError:
        raise NotFound(lazy("The report has no such figure.")) from None
    part, column, award, mission, kind = (
        arguments.get(name, "") for name in ("part", "column", "award", "mission", "kind")
    )
    return Place(part, column, award, mission, kind, number, row)


def _forward_url(found: Trace) -> str | None:
    forward = found.forward
    if forward is None or forward.place is None:
        return None
    named: dict[str, Any] = {"year": forward.year, "books": 1} | forward.place.arguments
    return url_for(".show", **named)


def _link(row: Any) -> str | None:
    """The page of a line: a voucher's own, an award's with its movements and allocations, a mission's budget."""
    kind = LineKind(row.what)
    if kind is LineKind.EXPENDITURE:
        return url_for("expenditures.show", mission=row.mission, expenditure_id=row.id)
    if kind is LineKind.OBLIGATION:
        return url_for("obligations.show", mission=row.mission, obligation_id=row.id)
    if kind is LineKind.BUDGET:
        return url_for("budgets.show", mission=row.mission)
    if kind is LineKind.IN_KIND:
        return url_for("in_kind.of_mission", mission=row.mission)
    return url_for("awards.show", award_id=row.award_id)
