"""The OpenRosa endpoints of a mission for a person with a password, or in a signed-in browser."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request
from flask_security import current_user

from eom.accounts.permissions import Permission
from eom.checklists.api import wire
from eom.checklists.api.credentials import device_requires
from eom.checklists.services import intake
from eom.core import i18n
from eom.missions.models.mission import Mission
from eom.web.responses import committed, store

bp = Blueprint("openrosa", __name__, url_prefix="/openrosa/<mission>")
wire.speaks_openrosa(bp)


@bp.get("/formList")
@device_requires(Permission.CHECKLIST_FILL)
def form_list(mission: Mission) -> Response:
    """The forms to fill (``?formID=`` keeps one); HEAD serves to try the password."""
    return _desk(mission).form_list(request.args.get("formID"))


@bp.get("/forms/<int:version_id>/form.xml")
@device_requires(Permission.CHECKLIST_FILL)
def form(mission: Mission, version_id: int) -> Response:
    """A version's XForm: the same bytes for ever."""
    return _desk(mission).form(version_id)


@bp.get("/forms/<int:version_id>/manifest")
@device_requires(Permission.CHECKLIST_FILL)
def manifest(mission: Mission, version_id: int) -> Response:
    """The files of a version as this person gets them."""
    return _desk(mission).manifest(version_id)


@bp.get("/forms/<int:version_id>/media/<name>")
@device_requires(Permission.CHECKLIST_FILL)
def media(mission: Mission, version_id: int, name: str) -> Response:
    """One file of a version: ``stations.csv`` holds the person's own stations."""
    return _desk(mission).media(version_id, name)


@bp.route("/submission", methods=["HEAD"])
@device_requires(Permission.CHECKLIST_FILL)
def submission_limits(mission: Mission) -> Response:
    """204: this is the place, and the headers say how much a request may carry."""
    return Response(status=204)


@bp.post("/submission")
@device_requires(Permission.CHECKLIST_FILL)
def submission(mission: Mission) -> Response:
    """Take a submission (multipart): 201 when the device can forget it, 409 when other content holds its id."""
    sent, files = wire.sent()
    receipt = intake.receive(
        mission,
        store(),
        xml=sent,
        user=_person(),
        files=files,
        language=i18n.language(),
        device_id=wire.device_id(),
    )
    return committed(wire.received(receipt))  # type: ignore[no-any-return]


def _desk(mission: Mission) -> wire.Desk:
    return wire.Desk(mission, _person(), bp.name)


def _person() -> Any:
    """The account itself, not the stand-in that follows the request."""
    return current_user._get_current_object()
