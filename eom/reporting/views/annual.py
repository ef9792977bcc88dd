"""The annual report to the Permanent Council: its years, its figures, its downloads, its way to being issued."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from eom.core import clock, jobs
from eom.core.errors import NotFound
from eom.core.i18n import _, language, lazy
from eom.extensions import db, store
from eom.finance.queries.years import FIRST
from eom.reporting.annual import charts, meanings, revised, tables
from eom.reporting.annual.controls import controls
from eom.reporting.annual.document import totals
from eom.reporting.annual.places import Place
from eom.reporting.forms import IssueForm, PrepareForm
from eom.reporting.jobs import ISSUE
from eom.reporting.models import AnnualReport
from eom.reporting.queries import annual_reports
from eom.reporting.services import annual, outputs
from eom.web import worker
from eom.web.access import requires
from eom.web.fresh import fresh
from eom.web.navigation import Entry
from eom.web.responses import attachment, saved
from eom.web.urls import row_number

bp = Blueprint("annual", __name__, url_prefix="/annual-reports")

NAVIGATION = (
    Entry(lazy("Annual report"), "annual.index", "report.read", "file-earmark-spreadsheet", order=50),
)


@bp.get("")
@requires("report.read")
def index() -> str:
    """The years with something to report, the newest first."""
    return render_template("reporting/annual/index.html", years=annual_reports.years(db.session()))


@bp.get("/<int:year>")
@requires("report.read")
def show(year: int) -> str:
    """The figures of a year: as issued, of a revision (?revision=), or of the books now (?books=1)."""
    edition = edition_asked(year)
    figures = edition.figures
    grids = (tables.spending, tables.balances, tables.sources, tables.matrix, tables.parts, tables.in_kind)
    return render_template(
        "reporting/annual/show.html", year=year, edition=edition, figures=figures, totals=totals(figures),
        charts=_charts(edition, year), tabs=_tabs(year, edition), grids=[grid(figures) for grid in grids],
        controls=controls(figures), meanings=meanings, remarks=tables.remarks(figures),
        rates=tables.rates(figures), changed=tables.changed(edition.issue),
        revised=revised.grid(outputs.figures_before(edition), figures), formats=outputs.FORMATS,
        has_ended=year < clock.today().year, is_closed=annual_reports.is_closed(db.session(), year),
        which=which(edition), trend=tables.trend(figures),
    )  # fmt: skip


@bp.get("/<int:year>/download")
@requires("report.read")
def download(year: int) -> Response:
    """The report as a file: ?format=xlsx, docx, csv, json or iati, ?lang=, ?revision= or ?books=1."""
    made = outputs.write(
        edition_asked(year), request.args.get("lang", language()), request.args.get("format", "xlsx"), store
    )
    return attachment(made.data, made.name, made.content_type)


@bp.route("/<int:year>/prepare", methods=["GET", "POST"])
@requires("report.produce")
def prepare(year: int) -> Any:
    """Take the figures into a draft; after an issued report, into its next revision."""
    _check_year(year)
    issued, form = annual_reports.newest_issued(db.session(), year), PrepareForm()
    if form.validate_on_submit():
        with form.shows_errors():
            report = annual.prepare_report(year, **form.payload())
            return saved(_address(report), _("The figures are prepared: now somebody else reviews them"))
    page = render_template("reporting/annual/prepare.html", form=form, year=year, issued=issued)
    return page, form.status


@bp.post("/<int:year>/<int:revision>/review")
@requires("report.review")
@fresh
def review(year: int, revision: int) -> Response:
    """Say that the figures were looked at."""
    report = annual.review_report(_report(year, revision))
    return saved(_address(report), _("The report is reviewed"))


@bp.route("/<int:year>/<int:revision>/issue", methods=["GET", "POST"])
@requires("report.produce")
@fresh
def issue(year: int, revision: int) -> Any:
    """Issue a reviewed report: asked twice, then written in four languages in the background."""
    report, form = _report(year, revision), IssueForm()
    if form.validate_on_submit():
        with form.shows_errors():
            annual.check_issuing(report)
            job = jobs.create(db.session(), ISSUE, language=language(), report_id=report.id)
            worker.enqueue(job)
            return redirect(url_for("jobs.show", job_id=job.id), 303)
    return render_template("reporting/annual/issue.html", form=form, report=report), form.status


def _charts(edition: outputs.Edition, year: int) -> list[dict[str, Any]]:
    """The charts, each value with the address of the lines behind it; of other years as the books stand."""

    def link(of: int, place: Place) -> str:
        if of < FIRST:
            return ""
        named = which(edition) if of == year else {"books": 1}
        arguments: dict[str, Any] = {"year": of, **named, **place.arguments}
        return url_for("traces.show", **arguments)

    return [
        {**chart, "series": [
            {"label": each["label"], "values": each["values"], "links": [link(*place) for place in each["places"]]}
            for each in chart["series"]
        ]}
        for chart in charts.charts(edition.figures)
    ]  # fmt: skip


def which(edition: outputs.Edition) -> dict[str, Any]:
    """The arguments that name an edition in an address."""
    return {"revision": edition.issue.revision} if edition.report else {"books": 1}


def edition_asked(year: int) -> outputs.Edition:
    """The edition that an address asks for. Raises NotFound."""
    _check_year(year)
    number = request.args.get("revision", type=row_number)
    if number is not None:
        return outputs.revision(year, number)
    return outputs.current(year, from_books="books" in request.args)


def _check_year(year: int) -> None:
    if not FIRST <= year <= clock.today().year:
        raise NotFound(lazy("There are no books of the year %(year)d.", year=year))


def _report(year: int, revision: int) -> AnnualReport:
    report = outputs.revision(year, revision).report
    if report is None:
        raise NotFound(lazy("There is no such report."))
    return report


def _address(report: AnnualReport) -> str:
    return url_for(".show", year=report.year, revision=report.revision)


def _tabs(year: int, edition: outputs.Edition) -> list[dict[str, Any]]:
    """Every revision, and the books as they stand; nothing when those are all there is."""
    reports = annual_reports.reports_of(db.session(), year)
    shown = edition.issue.revision if edition.report else None
    found = [
        {"label": _("Revision %(number)d: %(status)s", number=each.revision, status=each.status.label),
         "url": _address(each), "current": each.revision == shown}
        for each in reports
    ]  # fmt: skip
    books = {
        "label": _("The books now"),
        "url": url_for(".show", year=year, books=1),
        "current": shown is None,
    }
    return [*found, books] if reports else []
