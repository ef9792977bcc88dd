"""The files that forms name: which there are, which are missing, and new ones."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, render_template, request, url_for

from eom.checklists.forms import FormFileForm
from eom.checklists.models.form import FormFile
from eom.checklists.queries import media
from eom.checklists.services import files
from eom.core.db import get_in
from eom.core.i18n import _
from eom.extensions import db
from eom.missions.models.mission import Mission
from eom.web.access import requires
from eom.web.limits import accepts
from eom.web.responses import attachment, saved, store

bp = Blueprint("form_files", __name__, url_prefix="/missions/<mission>/checklists/files")


@bp.route("", methods=["GET", "POST"])
@requires("checklist.publish")
@accepts(26)
def index(mission: Mission) -> Any:
    """The files of the mission's forms; a newer one takes the place of the older one in drafts."""
    form = FormFileForm(name=request.args.get("name", "")[:100])
    if form.validate_on_submit():
        with form.shows_errors():
            sent = form.file.data
            made = files.attach_file(mission, store(), sent.read(), (form.name.data or sent.filename).strip())
            return saved(url_for(".index", mission=mission.code), _("%(name)s loaded", name=made.name))
    session = db.session()
    return render_template(
        "checklists/files.html", mission=mission, form=form, files=media.files_of_mission(session, mission),
        missing=media.missing_in(session, mission),
    ), form.status  # fmt: skip


@bp.get("/<int:file_id>")
@requires("checklist.publish")
def show(mission: Mission, file_id: int) -> Response:
    """A file, to keep."""
    kept = get_in(db.session(), FormFile, file_id, mission_id=mission.id).stored_file
    return attachment(store().get(kept.sha256), kept.name, kept.content_type)


@bp.post("/<int:file_id>/remove")
@requires("checklist.publish")
def remove(mission: Mission, file_id: int) -> Any:
    """Take a file away; what was published keeps its own."""
    file = get_in(db.session(), FormFile, file_id, mission_id=mission.id)
    files.remove_file(file)
    return saved(url_for(".index", mission=mission.code), _("%(name)s removed", name=file.name))
