"""The OpenRosa endpoints of a mission for a device with a secret in its address (an app user).

A secret that is wrong or was revoked, and an appointment that has ended, are 403 on every one of them.
The submission is the busiest address of the system: nothing is read from or written to a session, and one
transaction asks who it is, whether it may, where it belongs, and keeps it.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, g, request

from eom.checklists.api import admission, wire
from eom.checklists.services.unpacking import unpack
from eom.core import clock
from eom.extensions import csrf, db
from eom.missions.models.mission import Mission
from eom.web.access import public

bp = Blueprint("openrosa_devices", __name__, url_prefix="/openrosa/<mission>/<token>")
wire.speaks_openrosa(bp)
csrf.exempt(bp)


@bp.url_value_preprocessor
def _greet(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    g.device = admission.greet((values or {}).get("token", ""))


@bp.get("/formList")
@public(admission.REASON)
def form_list(mission: str, token: str) -> Response:
    """The forms to fill (``?formID=`` keeps one)."""
    return _desk(mission, token).form_list(request.args.get("formID"))


@bp.get("/forms/<int:version_id>/form.xml")
@public(admission.REASON)
def form(mission: str, token: str, version_id: int) -> Response:
    """A version's XForm: the same bytes for ever."""
    return _desk(mission, token).form(version_id)


@bp.get("/forms/<int:version_id>/manifest")
@public(admission.REASON)
def manifest(mission: str, token: str, version_id: int) -> Response:
    """The files of a version as this person gets them."""
    return _desk(mission, token).manifest(version_id)


@bp.get("/forms/<int:version_id>/media/<name>")
@public(admission.REASON)
def media(mission: str, token: str, version_id: int, name: str) -> Response:
    """One file of a version: ``stations.csv`` holds the person's own stations."""
    return _desk(mission, token).media(version_id, name)


@bp.route("/submission", methods=["HEAD"])
@public(admission.REASON)
def submission_limits(mission: str, token: str) -> Response:
    """204: this is the place, and the headers say how much a request may carry."""
    admission.enter(mission, token)
    return Response(status=204)


@bp.post("/submission")
@public(admission.REASON)
def submission(mission: str, token: str) -> Response:
    """Take a submission (multipart): 201 when the device can forget it, 409 when other content holds its id."""
    admission.try_out(mission, token)
    parcel = unpack(mission, *wire.sent(), clock.now())
    return wire.received(admission.deliver(mission, token, parcel))


def _desk(mission: str, token: str) -> wire.Desk:
    device, _directory = admission.enter(mission, token)
    return wire.Desk(db.session.get_one(Mission, device.mission.id), device, bp.name, token)
