"""Drafts of forms: loaded, looked through, tried in the browser, published or put away."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, render_template, request, url_for
from flask_security import current_user

from eom.checklists import library, xlsform
from eom.checklists.forms import WorkbookForm
from eom.checklists.models.form import FormDraft, FormVersion
from eom.checklists.queries import form_files, forms, media
from eom.checklists.services import drafts
from eom.checklists.views import filling
from eom.checklists.xlsform_difference import QuestionChanges, difference
from eom.core.db import get_in
from eom.core.errors import AppError, NotFound, RowError
from eom.core.i18n import _, lazy
from eom.extensions import db
from eom.missions.models.mission import Mission
from eom.web.access import requires
from eom.web.limits import accepts
from eom.web.responses import XLSX, attachment, saved, store

bp = Blueprint("form_drafts", __name__, url_prefix="/missions/<mission>/checklists")


@bp.route("/load", methods=["GET", "POST"])
@requires("checklist.publish")
@accepts(10)
def new(mission: Mission) -> Any:
    """Load an XLSForm; when it has faults, nothing is kept and all are told."""
    form = WorkbookForm()
    if form.validate_on_submit():
        with form.shows_errors():
            draft = drafts.load_draft(
                mission, store(), form.file.data.read(), form.file.data.filename, kind=form.kind.data or None
            )
            return saved(
                _page(mission, draft), _("%(form)s loaded: nobody fills it in yet", form=draft.words)
            )
    return render_template(
        "checklists/load.html", mission=mission, form=form, standard=library.STANDARD,
        versions=forms.newest_versions(db.session(), mission),
    ), form.status  # fmt: skip


@bp.get("/drafts/<int:draft_id>")
@requires("checklist.publish")
def show(mission: Mission, draft_id: int) -> Any:
    """A draft: what to know before it is published, and what it changes."""
    draft = _draft(mission, draft_id)
    read = forms.definition(draft)
    current = forms.newest_version_of(db.session(), mission, draft.form_id)
    return render_template(
        "checklists/draft.html", mission=mission, draft=draft, form=read, warnings=_warnings(draft),
        files=form_files.named_in(db.session(), mission, draft), current=current,
        unfit=form_files.faults_in(db.session(), store(), mission, draft),
        changes=_changes(mission, current, draft) if current else [],
    )  # fmt: skip


@bp.get("/drafts/<int:draft_id>/try")
@requires("checklist.publish")
def preview(mission: Mission, draft_id: int) -> Any:
    """Try a draft as an observer will see it; nothing of it is sent."""
    draft = _draft(mission, draft_id)
    named: dict[str, Any] = {"mission": mission.code, "draft_id": draft.id}
    return filling.page(
        mission, draft, heading=draft.words, lede=_("Only a trial: nothing that is filled in here is sent or kept."),
        above=(_("Draft"), url_for(".show", **named)), form=url_for(".xform", **named),
        attachments=url_for(".file", **named, name="x"), submission="", back=url_for(".show", **named),
    )  # fmt: skip


@bp.get("/drafts/<int:draft_id>/form.xml")
@requires("checklist.publish")
def xform(mission: Mission, draft_id: int) -> Response:
    """The XForm of a draft, for its trial."""
    return Response(_draft(mission, draft_id).xform, content_type="text/xml; charset=utf-8")


@bp.get("/drafts/<int:draft_id>/files/<name>")
@requires("checklist.publish")
def file(mission: Mission, draft_id: int, name: str) -> Response:
    """A file that a draft names, as the mission has it now."""
    draft = _draft(mission, draft_id)
    person = current_user._get_current_object()
    found = media.draft_attachment(db.session(), store(), draft, name, person)
    return Response(found.data, content_type=found.content_type)


@bp.post("/drafts/<int:draft_id>/publish")
@requires("checklist.publish")
def publish(mission: Mission, draft_id: int) -> Any:
    """Publish a draft: observers fill it in from now on."""
    done = drafts.publish_draft(_draft(mission, draft_id), mission, store())
    words = _("%(form)s published", form=done.version.words)
    same = _("These questions are published already: nothing changes")
    to = url_for("checklists.show", mission=mission.code, version_id=done.version.id)
    return saved(to, words if done.is_new else same)


@bp.post("/drafts/<int:draft_id>/discard")
@requires("checklist.publish")
def discard(mission: Mission, draft_id: int) -> Any:
    """Put a draft away."""
    drafts.discard_draft(_draft(mission, draft_id))
    return saved(url_for("checklists.index", mission=mission.code), _("Draft put away"))


@bp.get("/standard.xlsx")
@requires("checklist.publish")
def standard(mission: Mission) -> Response:
    """A standard checklist as a workbook, to adapt (?stage=opening)."""
    stage = request.args.get("stage", library.STANDARD[0])
    if stage not in library.STANDARD:
        raise NotFound(lazy("There is no such standard checklist."))
    return attachment(library.workbook(stage), f"{stage}.xlsx", XLSX)


def _changes(mission: Mission, current: FormVersion, draft: FormDraft) -> list[QuestionChanges]:
    """What publishing a draft would change, the contents of its files included."""
    session = db.session()
    held = form_files.digests(session, mission, current), form_files.digests(session, mission, draft)
    return difference(forms.definition(current), forms.definition(draft), held)


def _draft(mission: Mission, draft_id: int) -> FormDraft:
    return get_in(db.session(), FormDraft, draft_id, mission_id=mission.id)


def _page(mission: Mission, draft: FormDraft) -> str:
    return url_for(".show", mission=mission.code, draft_id=draft.id)


def _warnings(draft: FormDraft) -> list[RowError]:
    """What the workbook's checks remark, in the reader's language."""
    try:
        return xlsform.converted(store().get(draft.workbook.sha256), draft.workbook.name).warnings
    except AppError:
        # Loaded under an earlier version of the checks: publishing will say what is wrong.
        return []
