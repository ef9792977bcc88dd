"""The OpenRosa endpoints of a mission: form list, forms, their files, and submissions.

Whatever goes wrong is answered as OpenRosa XML with a sentence for the observer, in their language.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, current_app, g, request, url_for
from flask_security import current_user
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import HTTPException

from eom.accounts.permissions import Permission
from eom.checklists import openrosa
from eom.checklists.api.credentials import NotSignedIn, challenge, device_requires
from eom.checklists.models import FormVersion
from eom.checklists.openrosa_xml import NotXML
from eom.checklists.queries import forms as form_queries
from eom.checklists.queries import media as media_queries
from eom.checklists.services import intake
from eom.checklists.services.attachments import SentFile
from eom.core import i18n
from eom.core.errors import AppError, Conflict
from eom.core.i18n import _, lazy, ngettext
from eom.extensions import db
from eom.missions.models.mission import Mission
from eom.web.responses import committed, store

bp = Blueprint("openrosa", __name__, url_prefix="/openrosa/<mission>")

XML_PART = "xml_submission_file"
XML = "text/xml; charset=utf-8"
RETRY_SECONDS = "5"
REASONS = {
    400: lazy("The form could not be read as it arrived."),
    413: lazy("What was sent is too large: send fewer or smaller photos."),
    429: lazy("Too much came in a short time. Wait a minute and send it again."),
}


@bp.get("/formList")
@device_requires(Permission.CHECKLIST_FILL)
def form_list(mission: Mission) -> Response:
    """The forms to fill (``?formID=`` keeps one); HEAD serves to try the password."""
    wanted = request.args.get("formID")
    listed = [
        openrosa.ListedForm(
            version.form.form_id,
            version.form.title,
            version.version,
            version.xform_hash,
            _address("openrosa.form", mission, version),
            _address("openrosa.manifest", mission, version) if version.media else None,
        )
        for version in form_queries.current_versions(db.session(), mission)
        if wanted in (None, "", version.form.form_id)
    ]
    return _xml(openrosa.form_list(listed))


@bp.get("/forms/<int:version_id>/form.xml")
@device_requires(Permission.CHECKLIST_FILL)
def form(mission: Mission, version_id: int) -> Response:
    """A version's XForm: the same bytes for ever."""
    version = form_queries.version_in(db.session(), mission, version_id)
    answer = _xml(version.xform)
    answer.set_etag(version.xform_hash.removeprefix("md5:"))
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer.make_conditional(request)  # type: ignore[return-value]


@bp.get("/forms/<int:version_id>/manifest")
@device_requires(Permission.CHECKLIST_FILL)
def manifest(mission: Mission, version_id: int) -> Response:
    """The files of a version as this person gets them."""
    version = form_queries.version_in(db.session(), mission, version_id)
    files = media_queries.attachments_for(db.session(), store(), version, _person())
    listed = [
        openrosa.ListedFile(
            each.name, openrosa.digest(each.data), _address("openrosa.media", mission, version, each.name)
        )
        for each in files
    ]
    return _xml(openrosa.manifest(listed))


@bp.get("/forms/<int:version_id>/media/<name>")
@device_requires(Permission.CHECKLIST_FILL)
def media(mission: Mission, version_id: int, name: str) -> Response:
    """One file of a version: ``stations.csv`` holds the person's own stations."""
    version = form_queries.version_in(db.session(), mission, version_id)
    file = media_queries.attachment_for(db.session(), store(), version, name, _person())
    return Response(file.data, content_type=file.content_type)


@bp.route("/submission", methods=["HEAD"])
@device_requires(Permission.CHECKLIST_FILL)
def submission_limits(mission: Mission) -> Response:
    """204: this is the place, and the headers say how much a request may carry."""
    return Response(status=204)


@bp.post("/submission")
@device_requires(Permission.CHECKLIST_FILL)
def submission(mission: Mission) -> Response:
    """Take a submission (multipart): 201 when the device can forget it, 409 when other content holds its id."""
    receipt = intake.receive(
        mission,
        store(),
        xml=_sent_xml(),
        user=_person(),
        files=_sent_files(),
        language=i18n.language(),
        device_id=request.args.get("deviceID"),
    )
    if not receipt.is_accepted:
        message = _(
            "A different form was received before under the same id. Both are kept; headquarters will look."
        )
        return committed(_xml(openrosa.response(message), 409))
    return committed(_xml(openrosa.response(_thanks(receipt), "submit_success"), 201))


def _thanks(receipt: intake.Receipt) -> str:
    missing = len(receipt.files_missing)
    if missing:
        return ngettext(
            "Received. %(num)d file is still to come.", "Received. %(num)d files are still to come.", missing
        )
    return _("Received in full.")


def _sent_xml() -> bytes:
    part = request.files.get(XML_PART)
    if part is not None:
        return part.read()
    if (text := request.form.get(XML_PART)) is not None:
        return text.encode()
    raise NotXML(lazy("No form came with this: the part “%(part)s” is missing.", part=XML_PART))


def _sent_files() -> list[SentFile]:
    parts: list[tuple[str, FileStorage]] = list(request.files.items(multi=True))
    return [SentFile(part.filename or name, part.read()) for name, part in parts if name != XML_PART]


def _person() -> Any:
    """The account itself, not the stand-in that follows the request."""
    return current_user._get_current_object()


def _address(endpoint: str, mission: Mission, version: FormVersion, name: str | None = None) -> str:
    """An absolute address; https in production whatever stands before the server, or no device signs in."""
    scheme = "https" if current_app.config["SESSION_COOKIE_SECURE"] else None
    values: dict[str, Any] = {"name": name} if name else {}
    return url_for(
        endpoint, mission=mission.code, version_id=version.id, _external=True, _scheme=scheme, **values
    )


def _xml(data: bytes, status: int = 200) -> Response:
    return Response(data, status=status, content_type=XML)


@bp.after_request
def _openrosa_headers(response: Response) -> Response:
    for name, value in openrosa.HEADERS.items():
        response.headers[name] = value
    response.headers.setdefault("Content-Language", i18n.language())
    return response


@bp.errorhandler(AppError)
def _refusal(error: AppError) -> Response:
    db.session.rollback()
    # Someone else is writing in this moment: nothing is wrong with what was sent.
    busy = isinstance(error, Conflict)
    answer = _xml(openrosa.response(str(error)), 503 if busy else error.status)
    if busy:
        answer.headers["Retry-After"] = RETRY_SECONDS
    if isinstance(error, NotSignedIn):
        answer.headers.update(challenge())
    return answer


@bp.errorhandler(HTTPException)
def _http(error: HTTPException) -> Any:
    db.session.rollback()
    if error.code is None or error.code < 400:
        return error
    return _xml(openrosa.response(str(REASONS.get(error.code, error.name))), error.code)


@bp.errorhandler(Exception)
def _fault(error: Exception) -> Response:
    db.session.rollback()
    if current_app.testing:
        raise error
    current_app.logger.exception("request %s failed", g.get("request_id"))
    message = _("Something went wrong on our side. Keep the form and send it again later.")
    return _xml(openrosa.response(message), 500)
