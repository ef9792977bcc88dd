"""What every OpenRosa address answers, whoever asks: documents, receipts, refusals, headers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, current_app, g, json, request
from sqlalchemy.exc import OperationalError
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import HTTPException

from eom.accounts.models import User
from eom.checklists import openrosa
from eom.checklists.api.credentials import NotSignedIn, challenge
from eom.checklists.api.multipart import Part, plain_parts
from eom.checklists.models.form import FormVersion
from eom.checklists.openrosa_xml import NotXML
from eom.checklists.queries import forms as form_queries
from eom.checklists.queries import media as media_queries
from eom.checklists.queries.app_users import Device
from eom.checklists.services.keeping import Receipt
from eom.checklists.services.unpacking import SentFile
from eom.core import i18n
from eom.core.errors import AppError, Conflict
from eom.core.i18n import _, lazy, ngettext
from eom.extensions import db
from eom.missions.models.mission import Mission
from eom.web import errors
from eom.web.responses import store
from eom.web.urls import absolute

XML_PART = "xml_submission_file"
XML = "text/xml; charset=utf-8"
RETRY_SECONDS = "5"
REASONS = {
    400: lazy("The form could not be read as it arrived."),
    404: lazy("There is no such address here. Scan the QR code of your mission again."),
    405: lazy("This address does not take what was asked of it in this way."),
    413: lazy("What was sent is too large: send fewer or smaller photos."),
    503: lazy("Something went wrong on our side. Keep the form and send it again later."),
    429: lazy("Too much came in a short time. Wait a minute and send it again."),
}


@dataclass(frozen=True)
class Desk:
    """Where a device asks: the mission, whose stations it gets, and the addresses it is told.

    ``token`` stands in every address when the device came by one.
    """

    mission: Mission
    holder: User | Device
    blueprint: str
    token: str | None = None

    def form_list(self, wanted: str | None) -> Response:
        """The forms to fill; ``wanted`` keeps one."""
        listed = [
            openrosa.ListedForm(
                version.form.form_id,
                version.form.title,
                version.version,
                version.xform_hash,
                self._address("form", version),
                self._address("manifest", version) if version.media else None,
            )
            for version in form_queries.current_versions(db.session(), self.mission)
            if wanted in (None, "", version.form.form_id)
        ]
        return xml(openrosa.form_list(listed))

    def form(self, version_id: int) -> Response:
        """A version's XForm: the same bytes for ever."""
        version = form_queries.version_in(db.session(), self.mission, version_id)
        answer = xml(version.xform)
        answer.set_etag(version.xform_hash.removeprefix("md5:"))
        answer.headers["Cache-Control"] = "private, no-cache"
        return answer.make_conditional(request)  # type: ignore[return-value]

    def manifest(self, version_id: int) -> Response:
        """The files of a version as this person gets them."""
        version = form_queries.version_in(db.session(), self.mission, version_id)
        files = media_queries.attachments_for(db.session(), store(), version, self.holder)
        listed = [
            openrosa.ListedFile(
                each.name, openrosa.digest(each.data), self._address("media", version, each.name)
            )
            for each in files
        ]
        return xml(openrosa.manifest(listed))

    def media(self, version_id: int, name: str) -> Response:
        """One file of a version: ``stations.csv`` holds the person's own stations."""
        version = form_queries.version_in(db.session(), self.mission, version_id)
        file = media_queries.attachment_for(db.session(), store(), version, name, self.holder)
        return Response(file.data, content_type=file.content_type)

    def _address(self, view: str, version: FormVersion, name: str | None = None) -> str:
        values: dict[str, Any] = {"version_id": version.id}
        values |= {"name": name} if name else {}
        values |= {"token": self.token} if self.token else {}
        return absolute(f"{self.blueprint}.{view}", mission=self.mission.code, **values)


def sent() -> tuple[bytes, list[SentFile]]:
    """The form among the parts, and the files by the names that it gives them. Raises NotXML without a form."""
    held = parts()
    form = next((part.data for part in held if part.name == XML_PART), None)
    if form is None:
        raise NotXML(lazy("No form came with this: the part “%(part)s” is missing.", part=XML_PART))
    files = [part for part in held if part.name != XML_PART and part.file_name is not None]
    return form, [SentFile(part.file_name or part.name, part.data) for part in files]


def parts() -> list[Part]:
    """The parts of the body: cut apart here if they can be, else read by Werkzeug."""
    # A browser's body has been read before its session was.
    cut = plain_parts(request.content_type or "", request.get_data()) if "device" in g else None
    if cut is not None:
        return cut
    files: list[tuple[str, FileStorage]] = list(request.files.items(multi=True))
    fields = [Part(name, None, text.encode()) for name, text in request.form.items(multi=True)]
    return [*(Part(name, each.filename or "", each.read()) for name, each in files), *fields]


def device_id() -> str | None:
    """What the device calls itself, without zero bytes: no text of a database holds them."""
    told = request.args.get("deviceID")
    return told and told.replace("\0", "")


def received(receipt: Receipt) -> Response:
    """A submission's verdict as an answer."""
    status, message = verdict(receipt)
    return xml(openrosa.response(message, "submit_success" if status == 201 else ""), status)


def verdict(receipt: Receipt) -> tuple[int, str]:
    """201 when the device can forget it, 409 when other content holds its id; and a sentence for the observer."""
    return verdict_of(receipt.is_accepted, len(receipt.files_missing))


def verdict_of(is_accepted: bool, files_missing: int) -> tuple[int, str]:
    """As ``verdict``, of what a receipt says."""
    if not is_accepted:
        return 409, _(
            "A different form was received before under the same id. Both are kept; headquarters will look."
        )
    if files_missing:
        return 201, ngettext(
            "Received. %(num)d file is still to come.",
            "Received. %(num)d files are still to come.",
            files_missing,
        )
    return 201, _("Received in full.")


def thanks(receipt: Receipt) -> str:
    """What the observer is told of a submission that was taken."""
    return verdict_of(True, len(receipt.files_missing))[1]


def xml(data: bytes, status: int = 200) -> Response:
    """An OpenRosa document as an answer."""
    return Response(data, status=status, content_type=XML)


def json_answer(body: dict[str, Any], status: int = 200) -> Response:
    """What the field app is told."""
    return Response(json.dumps(body), status=status, content_type="application/json")


def speaks_openrosa(bp: Blueprint) -> None:
    """Whatever goes wrong in a blueprint is OpenRosa XML with a sentence for the observer."""
    bp.after_request(_headers)
    bp.record_once(lambda state: errors.speaks(state.app, "/openrosa/", leads_nowhere))
    bp.register_error_handler(AppError, _refusal)
    bp.register_error_handler(HTTPException, _http)
    bp.register_error_handler(OperationalError, _away)
    bp.register_error_handler(Exception, _fault)


def _headers(response: Response) -> Response:
    for name, value in openrosa.HEADERS.items():
        response.headers[name] = value
    response.headers.setdefault("Content-Language", i18n.language())
    return response


def note_refused(status: int) -> None:
    """Leave a line in the log when a device or a stranger asked for what is not theirs."""
    if status in (401, 403, 404, 429):
        current_app.logger.warning(
            "refused: %s to a device from %s: %s %s (request %s)",
            status, request.remote_addr, request.method, request.endpoint, g.get("request_id"),
        )  # fmt: skip


def note_away(error: OperationalError) -> None:
    """Leave a line in the log when the database did not answer, or broke off."""
    current_app.logger.error("request %s met a database that is away: %s", g.get("request_id"), error.orig)


def _refusal(error: AppError) -> Response:
    db.session.rollback()
    # The first challenge of HTTP Basic refuses nobody.
    if not isinstance(error, NotSignedIn) or request.authorization:
        note_refused(error.status)
    # Someone else is writing in this moment: nothing is wrong with what was sent.
    busy = isinstance(error, Conflict)
    answer = xml(openrosa.response(str(error)), 503 if busy else error.status)
    if busy:
        answer.headers["Retry-After"] = RETRY_SECONDS
    if isinstance(error, NotSignedIn):
        answer.headers.update(challenge())
    return answer


def _http(error: HTTPException) -> Any:
    db.session.rollback()
    if error.code is None or error.code < 400:
        return error
    return xml(openrosa.response(str(REASONS.get(error.code, error.name))), error.code)


def leads_nowhere(error: HTTPException) -> Response:
    """An address or a method that no endpoint below ``/openrosa`` has; a 405 says which methods there are."""
    answer: Response = _http(error)
    for name, value in error.get_headers():
        if name == "Allow":
            answer.headers[name] = value
    return _headers(answer)


def _away(error: OperationalError) -> Response:
    """The database does not answer, or broke off: nothing is wrong with what was sent."""
    db.session.rollback()
    note_away(error)
    answer = xml(openrosa.response(str(REASONS[503])), 503)
    answer.headers["Retry-After"] = RETRY_SECONDS
    return answer


def _fault(error: Exception) -> Response:
    db.session.rollback()
    if current_app.testing:
        raise error
    current_app.logger.exception("request %s failed", g.get("request_id"))
    message = _("Something went wrong on our side. Keep the form and send it again later.")
    return xml(openrosa.response(message), 500)
