"""What an agreement holds beside its money: amendments, reports to send, documents."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import Blueprint, render_template, url_for

from eom.core.db import get_in
from eom.core.i18n import _
from eom.extensions import db
from eom.finance.forms.agreement import AmendmentForm, PaperForm, ReportDueForm
from eom.finance.models.agreement import AwardDocument, AwardReportDue
from eom.finance.models.award import Award
from eom.finance.services import agreements, papers, report_dues
from eom.web import responses
from eom.web.access import requires
from eom.web.forms import BaseForm
from eom.web.limits import accepts
from eom.web.responses import saved

bp = Blueprint("agreements", __name__, url_prefix="/finance/awards/<int:award_id>")


@bp.route("/amendments/new", methods=["GET", "POST"])
@requires("award.edit")
def amend(award_id: int) -> Any:
    """Change an agreement by an amendment."""
    award = get_in(db.session(), Award, award_id)
    form = AmendmentForm(
        agreed_cents=award.agreed_cents, ends_on=award.ends_on, icr_percent=award.icr_percent
    )
    if form.validate_on_submit():
        with form.shows_errors():
            made = agreements.amend(award, **form.payload())
            return saved(_award(award_id), _("Amendment %(reference)s recorded", reference=made.reference))
    return render_template("finance/agreements/amend.html", form=form, award=award), form.status


@bp.route("/reports/new", methods=["GET", "POST"])
@requires("award.edit")
def new_report(award_id: int) -> Any:
    """Record a report that the donor is to be sent."""
    award = get_in(db.session(), Award, award_id)
    form = ReportDueForm()
    return responses.filled(
        form, partial(report_dues.ask_for_report, award), _award(award_id, "reports"),
        _("Reporting date recorded"), "finance/agreements/report.html", award=award, row=None,
    )  # fmt: skip


@bp.route("/reports/<int:due_id>/edit", methods=["GET", "POST"])
@requires("award.edit")
def edit_report(award_id: int, due_id: int) -> Any:
    """Change a reporting date, or say when the report was sent."""
    row = get_in(db.session(), AwardReportDue, due_id, award_id=award_id)
    form = ReportDueForm(obj=row)
    return responses.filled(
        form, partial(report_dues.edit_due, row), _award(award_id, "reports"), _("Reporting date changed"),
        "finance/agreements/report.html", award=row.award, row=row,
    )  # fmt: skip


@bp.route("/reports/<int:due_id>/remove", methods=["GET", "POST"])
@requires("award.edit")
def remove_report(award_id: int, due_id: int) -> Any:
    """Take a reporting date away that was recorded by mistake."""
    row, form = get_in(db.session(), AwardReportDue, due_id, award_id=award_id), BaseForm()
    if form.validate_on_submit():
        report_dues.remove_due(row)
        return saved(_award(award_id, "reports"), _("The reporting date is removed"))
    return render_template(
        "finance/agreements/remove_report.html", form=form, award=row.award, row=row
    ), form.status


@bp.route("/documents/new", methods=["GET", "POST"])
@requires("award.edit")
@accepts(26)
def new_paper(award_id: int) -> Any:
    """Keep a document with an award."""
    award = get_in(db.session(), Award, award_id)
    form = PaperForm()
    if form.validate_on_submit():
        with form.shows_errors():
            sent = form.document.data
            papers.keep_paper(award, responses.store(), sent.read(), sent.filename, **form.payload())
            return saved(_award(award_id, "documents"), _("Document kept"))
    return render_template("finance/agreements/paper.html", form=form, award=award), form.status


@bp.get("/documents/<int:document_id>")
@requires("finance.read")
def paper(award_id: int, document_id: int) -> Any:
    """A document of an award, to keep."""
    row = get_in(db.session(), AwardDocument, document_id, award_id=award_id)
    return responses.attachment(responses.store().get(row.file.sha256), row.file.name, row.file.content_type)


@bp.route("/documents/<int:document_id>/remove", methods=["GET", "POST"])
@requires("award.edit")
def remove_paper(award_id: int, document_id: int) -> Any:
    """Take a document off an award."""
    row, form = get_in(db.session(), AwardDocument, document_id, award_id=award_id), BaseForm()
    if form.validate_on_submit():
        papers.remove_paper(row)
        return saved(_award(award_id, "documents"), _("The document is removed"))
    return render_template(
        "finance/agreements/remove_paper.html", form=form, award=row.award, row=row
    ), form.status


def _award(award_id: int, anchor: str = "amendments") -> str:
    return url_for("awards.show", award_id=award_id, _anchor=anchor)
