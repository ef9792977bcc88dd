"""A file into the ledger: send it, say which column holds what, look at it, book it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_security import current_user

from eom.core import i18n, jobs
from eom.core.db import get_in
from eom.core.errors import Forbidden, NotFound, Refused
from eom.core.i18n import _, lazy
from eom.core.jobs import Job, JobState
from eom.core.spreadsheets import Table
from eom.extensions import db
from eom.finance import extract_columns as known
from eom.finance import jobs as work
from eom.finance.exports import loads as exports
from eom.finance.extract_columns import Choice
from eom.finance.forms.extract import ColumnsForm, ExtractForm, FormatsForm, LoadForm, SheetForm
from eom.finance.imports.expenditures import read_file
from eom.finance.models.load import ColumnMapping
from eom.finance.queries import loads as queries
from eom.finance.services import loads as services
from eom.finance.views.entering import limit_cents
from eom.missions.models.mission import Mission
from eom.web import responses, uploads, worker
from eom.web.access import can, requires
from eom.web.limits import accepts
from eom.web.responses import saved, store

bp = Blueprint("expenditure_imports", __name__)
ALL, MISSION = "/finance/loads", "/missions/<mission>/expenditures/loads"
SAMPLE_ROWS = 5


@bp.route(f"{ALL}/new", methods=["GET", "POST"])
@bp.route(f"{MISSION}/new", methods=["GET", "POST"])
@requires("expenditure.record")
@accepts(50)
def new(mission: Mission | None = None) -> Any:
    """Send a file; the answer shows its first rows and which column seems to hold what."""
    form = ExtractForm()
    if form.validate_on_submit():
        with form.shows_errors():
            kept = uploads.keep(form.file.data, _purpose(mission))
            return _first_columns(mission, kept)
    return render_template(
        "finance/loads/form.html", mission=mission, form=form, mappings=queries.mappings(db.session())
    ), form.status


@bp.post(f"{ALL}/sheet")
@bp.post(f"{MISSION}/sheet")
@requires("expenditure.record")
def sheet(mission: Mission | None = None) -> Any:
    """Read another sheet of the workbook that was sent."""
    kept = uploads.kept(request.form.get("other-token", ""), _purpose(mission))
    return _first_columns(mission, kept, request.form.get("other-sheet") or None)


@bp.post(f"{ALL}/columns")
@bp.post(f"{MISSION}/columns")
@requires("expenditure.record")
def columns(mission: Mission | None = None) -> Any:
    """Take the choice of columns, keep it when it got a name, and read the file in the background."""
    kept = uploads.kept(request.form.get("token", ""), _purpose(mission))
    table = read_file(kept.data, kept.name, request.form.get("sheet") or None)
    form = ColumnsForm.for_table(table, Choice({}), kept.token)
    if form.validate_on_submit():
        with form.shows_errors():
            known.check(form.choice, table.headers)
            if form.keep_as.data:
                heads = known.heads_of(table.headers)
                services.keep_mapping(name=form.keep_as.data, heads=heads, choice=form.choice.as_dict())
            return _start(work.PREVIEW, mission.id if mission else None, kept.digest, kept.name, form.choice)
    return _columns_page(mission, form, table, kept.name, ""), form.status


@bp.get(f"{ALL}/previews/<preview_id>")
@bp.get(f"{MISSION}/previews/<preview_id>")
@requires("expenditure.record")
def preview(preview_id: str, mission: Mission | None = None) -> Any:
    """What loading the file would do, how it is read, and everything that is wrong with it."""
    job = _preview_of(mission, preview_id)
    return _preview_page(job, mission, LoadForm.of(_result(job)))


@bp.post(f"{ALL}/previews/<preview_id>/formats")
@bp.post(f"{MISSION}/previews/<preview_id>/formats")
@requires("expenditure.record")
def formats(preview_id: str, mission: Mission | None = None) -> Any:
    """Read the file again with another decimal sign or another order of dates."""
    job = _preview_of(mission, preview_id)
    form = FormatsForm()
    if not form.validate():
        return _preview_page(job, mission, LoadForm.of(_result(job))), 422
    before = Choice.of(_result(job)["choice"])
    choice = replace(
        before, decimal_mark=form.decimal_mark.data or None, date_order=form.date_order.data or None
    )
    return _start(work.PREVIEW, job.mission_id, job.arguments["digest"], job.arguments["name"], choice)


@bp.get(f"{ALL}/previews/<preview_id>/errors")
@bp.get(f"{MISSION}/previews/<preview_id>/errors")
@requires("expenditure.record")
def errors(preview_id: str, mission: Mission | None = None) -> Any:
    """Everything that is wrong with the file, as a file."""
    result = _result(_preview_of(mission, preview_id))
    digest = result["errors_digest"]
    listed = json.loads(store().get(digest)) if digest else []
    return responses.table_file(exports.errors(listed), "errors", request.args.get("format", "xlsx"))


@bp.post(f"{ALL}/previews/<preview_id>/apply")
@bp.post(f"{MISSION}/previews/<preview_id>/apply")
@requires("expenditure.record")
def apply(preview_id: str, mission: Mission | None = None) -> Any:
    """Book the file that was looked at, read as it was confirmed, in the background."""
    job = _preview_of(mission, preview_id)
    result = _result(job)
    form = LoadForm.of(result)
    if result["error_count"]:
        raise Refused(
            lazy("Something in the file is not right."), next_step=lazy("Mend it and send it again.")
        )
    if not form.validate():
        return _preview_page(job, mission, form), 422
    if result["beyond_count"] and not can("expenditure.overdraw", mission):
        raise Forbidden(lazy("You may not record lines beyond what their budget line holds."),
                        next_step=lazy("Revise the budget first, or ask a colleague in finance."))  # fmt: skip
    given, why = job.arguments, form.payload().get("reason")
    choice = Choice.of(result["choice"])
    return _start(work.APPLY, job.mission_id, given["digest"], given["name"], choice, reason=why)


@bp.post(f"{ALL}/mappings/<int:mapping_id>/forget")
@requires("expenditure.record")
def forget(mapping_id: int) -> Any:
    """Offer a choice of columns no more."""
    services.forget_mapping(get_in(db.session(), ColumnMapping, mapping_id))
    return saved(url_for(".new"), _("These columns are no longer offered"))


def _first_columns(mission: Mission | None, kept: uploads.Kept, sheet: str | None = None) -> str:
    """The columns of a file as they are offered first."""
    table = read_file(kept.data, kept.name, sheet)
    choice, name = _offered(table)
    form = ColumnsForm.for_table(table, choice, kept.token)
    return _columns_page(mission, form, table, kept.name, name)


def _start(
    kind: str, mission_id: int | None, digest: str, name: str, choice: Choice, **more: Any
) -> Any:  # fmt: skip
    row = jobs.create(
        db.session(), kind, language=i18n.language(), mission_id=mission_id, digest=digest, name=name,
        choice=choice.as_dict(), limit_cents=limit_cents(), **more,
    )  # fmt: skip
    job_id = row.id
    worker.enqueue(row)
    return redirect(url_for("jobs.show", job_id=job_id), 303)


def _offered(table: Table) -> tuple[Choice, str]:
    """The choice kept for files with these headings and its name, else what the headings tell."""
    kept = queries.mappings_for(db.session(), known.heads_of(table.headers))
    if kept:
        return known.fitted(Choice.of(kept[0].choice), table.headers), kept[0].name
    return Choice(known.guess(table.headers)), ""


def _preview_of(mission: Mission | None, preview_id: str) -> Job:
    """A preview of this person's, in this mission when the address names one."""
    scope = {"mission_id": mission.id} if mission else {}
    job = get_in(db.session(), Job, preview_id, kind=work.PREVIEW, actor_id=current_user.id, **scope)
    if job.state is not JobState.DONE:
        raise Refused(lazy("This file has not been read yet, or could not be."),
                      next_step=lazy("Send the file again."))  # fmt: skip
    return job


def _result(job: Job) -> dict[str, Any]:
    if job.result is None:
        raise NotFound(lazy("There is no such preview."))
    return job.result


def _preview_page(job: Job, mission: Mission | None, form: LoadForm) -> str:
    found = _result(job)
    again = FormatsForm(
        formdata=None,
        decimal_mark=found["choice"]["decimal_mark"] or "",
        date_order=found["choice"]["date_order"] or "",
    )
    return render_template(
        "finance/loads/preview.html", mission=mission, job=job, found=found, form=form, again=again
    )


def _columns_page(
    mission: Mission | None, form: ColumnsForm, table: Table, name: str, mapping_name: str
) -> str:
    return render_template(
        "finance/loads/columns.html", mission=mission, form=form, table=table, name=name,
        mapping_name=mapping_name, sheets=SheetForm.of(table, form.token.data), rows=table.sample(SAMPLE_ROWS), fixed=known.FIXED,
        plain=[each for each in known.FIELDS if each not in known.FIXED],
    )  # fmt: skip


def _purpose(mission: Mission | None) -> str:
    return f"expenditures {mission.id if mission else 'all'}"
