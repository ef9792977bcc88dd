"""Statements for donors: made from the ledger, downloaded, and recorded as sent."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_security import current_user

from eom.core import clock, i18n
from eom.core.db import get_in
from eom.core.errors import InvalidInput
from eom.core.i18n import LANGUAGES, _, lazy
from eom.extensions import db
from eom.finance.forms.statement import SentForm, StatementForm
from eom.finance.models.award import Award
from eom.finance.queries import own
from eom.finance.queries import statements as queries
from eom.finance.services import statements as services
from eom.finance.statement import Statement, first_day
from eom.web import responses
from eom.web.access import requires
from eom.web.responses import saved

bp = Blueprint("statements", __name__)
KINDS = {
    "xlsx": responses.XLSX, "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}  # fmt: skip


@bp.get("/finance/awards/<int:award_id>/statement")
@requires("finance.read")
def show(award_id: int) -> Any:
    """The statement of an award up to a day: on the page, or as a file; and those that were sent."""
    award = get_in(db.session(), Award, award_id)
    if request.args.get("format"):
        return _file(award)
    found = queries.statement(db.session(), award, _day())
    form = StatementForm(formdata=None, up_to=found.up_to, language=_language())
    return render_template(
        "finance/statements/show.html", award=award, found=found, form=form, chosen=_language(),
        heads=[{"label": f"{number} {name}", "align": "end"} for number, name, _cents in found.objects],
        sent=queries.sent(db.session(), award), first_day=first_day,
        due=award.ends_on + queries.DUE_AFTER if award.ends_on else None,
    )  # fmt: skip


@bp.route("/finance/awards/<int:award_id>/statement/sent", methods=["GET", "POST"])
@requires("award.edit")
def new(award_id: int) -> Any:
    """Record that a statement was sent."""
    award = get_in(db.session(), Award, award_id)
    form = SentForm.of(award, up_to=_day(), sent_on=clock.today(), language=_language())
    if form.validate_on_submit():
        with form.shows_errors():
            services.record_sent(award, **form.payload() | {"due": form.due_asked(award)})
            return saved(url_for(".show", award_id=award.id), _("The statement is recorded as sent"))
    return render_template("finance/statements/form.html", award=award, form=form), form.status


@bp.get("/my-awards/<int:award_id>/statement")
@requires("award.read-own")
def own_file(award_id: int) -> Any:
    """The statement of an award of one's own donors, as a file."""
    return _file(own.award_of_donors(db.session(), award_id, current_user.donors()))


def _file(award: Award) -> Any:
    kind, language, day = request.args.get("format", "xlsx"), _language(), _day()
    if kind not in KINDS:
        raise InvalidInput(
            lazy("“%(kind)s” is no format of a statement: xlsx or docx was expected.", kind=kind[:20])
        )
    data = _written(kind, queries.statement(db.session(), award, day), language)
    return responses.attachment(data, f"{award.reference}-{day:%Y-%m-%d}-{language}.{kind}", KINDS[kind])


def _written(kind: str, statement: Statement, language: str) -> bytes:
    # Loaded where they are used: what writes workbooks would take a third of the application's start.
    if kind == "xlsx":
        from eom.finance.statement_workbook import write_statement

        return write_statement(statement, language)
    from eom.finance.statement_document import write_document

    return write_document(statement, language)


def _day() -> date:
    text = request.args.get("up_to", "")
    try:
        return date.fromisoformat(text) if text else clock.today()
    except ValueError:
        raise InvalidInput(
            lazy("“%(text)s” is no date: year-month-day was expected.", text=text[:20]), "up_to"
        ) from None


def _language() -> str:
    given = request.args.get("language", "")
    if given and given not in LANGUAGES:
        raise InvalidInput(lazy("“%(code)s” is no language of the system.", code=given[:10]), "language")
    return given or i18n.language()
