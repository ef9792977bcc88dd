"""The versions of a form: what each changed, their workbooks, closing and opening again."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, render_template, request, url_for

from eom.checklists.models.form import Form, FormVersion
from eom.checklists.queries import form_files, forms
from eom.checklists.services import closing
from eom.checklists.xlsform_difference import difference
from eom.core.db import get_in
from eom.core.errors import NotFound
from eom.core.i18n import _, lazy
from eom.extensions import db
from eom.missions.models.mission import Mission
from eom.web.access import requires
from eom.web.responses import XLSX, attachment, saved, store

bp = Blueprint("form_versions", __name__, url_prefix="/missions/<mission>/checklists")


@bp.get("/forms/<int:form_id>/versions")
@requires("checklist.publish")
def index(mission: Mission, form_id: int) -> Any:
    """The versions of a form, the newest first, and the difference between two (?before= and ?after=)."""
    form = get_in(db.session(), Form, form_id, mission_id=mission.id)
    versions = forms.versions(db.session(), form)
    after = _chosen(versions, "after", 0)
    before = _chosen(versions, "before", min(versions.index(after) + 1, len(versions) - 1))
    return render_template(
        "checklists/versions.html", mission=mission, form=form, versions=versions, before=before, after=after,
        changes=difference(forms.definition(before), forms.definition(after), _files(mission, before, after)),
    )  # fmt: skip


def _files(
    mission: Mission, before: FormVersion, after: FormVersion
) -> tuple[dict[str, str], dict[str, str]]:
    session = db.session()
    return form_files.digests(session, mission, before), form_files.digests(session, mission, after)


@bp.get("/versions/<int:version_id>/workbook")
@requires("checklist.publish")
def workbook(mission: Mission, version_id: int) -> Response:
    """The workbook of a version, byte for byte as it was loaded."""
    kept = forms.version_in(db.session(), mission, version_id).workbook
    if kept is None:
        raise NotFound(lazy("The workbook of this version was not kept."))
    return attachment(store().get(kept.sha256), kept.name, XLSX)


@bp.post("/versions/<int:version_id>/close")
@requires("checklist.publish")
def close(mission: Mission, version_id: int) -> Any:
    """Close a version: nobody is offered it; what comes late is kept and marked."""
    version = forms.version_in(db.session(), mission, version_id)
    closing.close_version(version)
    return saved(_page(mission, version.form), _("Version %(version)s closed", version=version.version))


@bp.post("/versions/<int:version_id>/reopen")
@requires("checklist.publish")
def reopen(mission: Mission, version_id: int) -> Any:
    """Open a version again."""
    version = forms.version_in(db.session(), mission, version_id)
    closing.reopen_version(version)
    return saved(_page(mission, version.form), _("Version %(version)s open again", version=version.version))


@bp.post("/forms/<int:form_id>/close")
@requires("checklist.publish")
def close_form(mission: Mission, form_id: int) -> Any:
    """Close a form with all its versions."""
    form = get_in(db.session(), Form, form_id, mission_id=mission.id)
    closing.close_form(form)
    return saved(_page(mission, form), _("%(form)s closed", form=form.words))


@bp.post("/forms/<int:form_id>/reopen")
@requires("checklist.publish")
def reopen_form(mission: Mission, form_id: int) -> Any:
    """Open a form again."""
    form = get_in(db.session(), Form, form_id, mission_id=mission.id)
    closing.reopen_form(form)
    return saved(_page(mission, form), _("%(form)s open again", form=form.words))


def _page(mission: Mission, form: Form) -> str:
    return url_for(".index", mission=mission.code, form_id=form.id)


def _chosen(versions: list[FormVersion], name: str, otherwise: int) -> FormVersion:
    """The version that the address names, else that at a place of the list. Raises NotFound without versions."""
    if not versions:
        raise NotFound(lazy("This form has no published version."))
    asked = request.args.get(name, type=int)
    return next((each for each in versions if each.id == asked), versions[otherwise])
