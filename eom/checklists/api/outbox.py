"""Where the field app empties its outbox: up to fifty submissions in one request, kept in one commit.

Each is parsed, checked, kept and recorded as if it came alone to the OpenRosa address, and each has a result of
its own, so one that cannot be taken holds up no other. The sender is a signed-in browser (its session's token
goes with the request) or a device whose secret stands in the ``Authorization`` header.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from flask import Blueprint, Response, current_app, g, request
from flask_security import current_user
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from eom.accounts.models import User
from eom.accounts.permissions import Permission
from eom.checklists.api import admission, wire
from eom.checklists.api.credentials import device_requires
from eom.checklists.queries.addresses import Directory
from eom.checklists.queries.destinations import Destination, destination_of
from eom.checklists.services import intake, outbox, safety
from eom.checklists.services.intake import Result
from eom.checklists.services.keeping import Sender
from eom.checklists.services.outbox import Item
from eom.checklists.services.unpacking import Parcel
from eom.core import audit, clock, i18n
from eom.core.errors import AppError, Conflict, Forbidden, InvalidInput
from eom.core.i18n import _, lazy
from eom.extensions import csrf, db
from eom.missions.models.mission import Mission
from eom.web.responses import committed, store

bp = Blueprint("field_outbox", __name__, url_prefix="/field/<mission>")
csrf.exempt(bp)

JSON_PART = "submissions"
BEARER = "Bearer "
# Whose outbox it is that sends.
PERSON_HEADER = "X-Field-Person"


@bp.url_value_preprocessor
def _greet(_endpoint: str | None, _values: dict[str, Any] | None) -> None:
    if token := _token():
        g.device = admission.greet(token)


def submissions(mission: str) -> Response:
    """Take what waits on a telephone: ``{"submissions": [{"instanceID", "form", "version", "xml", "files"}]}``.

    As JSON, or as multipart with the JSON in the part ``submissions`` and attachments in parts that ``files``
    names (file name → part). The answer is ``{"results": […]}`` in the same order.
    """
    return _from_device(mission, _token()) if _token() else _from_person(mission=mission)


@device_requires(Permission.CHECKLIST_FILL)
def _from_person(mission: Mission) -> Response:
    user = as_whom()
    sender = Sender(user_id=user.id, language=i18n.language(), device_id=wire.device_id())
    return _answer(_taken(destination_of(mission), _unpacked(mission.code), sender))


@bp.post("/safe")
@device_requires(Permission.CHECKLIST_FILL)
def safe(mission: Mission) -> Response:
    """Take “I am safe”: ``{"instanceID", "at", "latitude", "longitude", "accuracy"}``; 201, the same again too."""
    told = request.get_json(silent=True)
    if not isinstance(told, dict):
        raise InvalidInput(lazy("What was sent is no JSON."))
    report = safety.tell(mission, as_whom(), told)
    answer = {"instanceID": report.instance_id, "receivedAt": report.received_at.isoformat()}
    return committed(wire.json_answer(answer | {"message": _("Headquarters knows that you are safe.")}, 201))  # type: ignore[no-any-return]


def as_whom() -> User:
    """The signed-in person; raises Forbidden when what is sent was written by another on a shared telephone."""
    user: User = current_user._get_current_object()
    written_by = request.headers.get(PERSON_HEADER)
    if written_by is not None and written_by != str(user.id):
        raise Forbidden(
            lazy("This was written by another person."),
            next_step=lazy("Sign in as the person who wrote it."),
        )
    return user


def _from_device(mission: str, token: str) -> Response:
    admission.try_out(mission, token)
    unpacked = _unpacked(mission)
    # What the first one names is looked up with the device: most often the others name the same form.
    first = next((parcel for _item, parcel in unpacked if isinstance(parcel, Parcel)), None)
    with audit.writing_ahead(db.session()):
        device, directory = admission.enter(mission, token, first)
        results = _taken(device.mission, unpacked, admission.sender_of(device), directory)
    return _answer(results)


submissions.access = _from_person.access  # type: ignore[attr-defined]
bp.post("/submissions")(submissions)


def _unpacked(mission_code: str) -> list[tuple[Item, Parcel | AppError]]:
    """What was sent, read without the database. Raises InvalidInput and TooLarge."""
    if request.mimetype == "application/json":
        items = outbox.items(request.get_data(), {})
    else:
        parts = wire.parts()
        told = next((part.data for part in parts if part.name == JSON_PART), None)
        if told is None:
            raise InvalidInput(lazy("The part “%(part)s” is missing.", part=JSON_PART))
        items = outbox.items(told, {part.name: part.data for part in parts})
    return [(item, outbox.unpacked(mission_code, item, clock.now())) for item in items]


def _taken(
    destination: Destination,
    unpacked: list[tuple[Item, Parcel | AppError]],
    sender: Sender,
    directory: Directory | None = None,
) -> list[dict[str, Any]]:
    parcels = [parcel for _item, parcel in unpacked if isinstance(parcel, Parcel)]
    taken = iter(intake.receive_all(destination, store(), parcels, sender, directory))
    verdict = cache(wire.verdict_of)
    return [
        _result(item, next(taken) if isinstance(parcel, Parcel) else parcel, verdict)
        for item, parcel in unpacked
    ]


def _answer(results: list[dict[str, Any]]) -> Response:
    return committed(wire.json_answer({"results": results, "receivedAt": clock.now().isoformat()}))  # type: ignore[no-any-return]


def _result(item: Item, result: Result, verdict: Callable[[bool, int], tuple[int, str]]) -> dict[str, Any]:
    """What one submission came to: the status and the sentence that it would get alone."""
    if isinstance(result, AppError):
        told = {"status": result.status, "message": str(result)}
    else:
        status, message = verdict(result.is_accepted, len(result.files_missing))
        told = {"status": status, "message": message, "outcome": result.outcome.value}
        told["filesMissing"] = result.files_missing
    return {"instanceID": item.instance_id, **told}


def _token() -> str:
    given = request.headers.get("Authorization", "")
    return given.removeprefix(BEARER) if given.startswith(BEARER) else ""


def _refused(status: int, message: Any) -> Response:
    db.session.rollback()
    answer = wire.json_answer({"status": status, "message": str(message)}, status)
    if status == 503:
        answer.headers["Retry-After"] = wire.RETRY_SECONDS
    return answer


@bp.errorhandler(AppError)
def _refusal(error: AppError) -> Response:
    wire.note_refused(error.status)
    return _refused(503 if isinstance(error, Conflict) else error.status, error)


@bp.errorhandler(HTTPException)
def _http(error: HTTPException) -> Any:
    return _refused(error.code or 500, wire.REASONS.get(error.code or 500, error.name))


@bp.errorhandler(OperationalError)
def _away(error: OperationalError) -> Response:
    wire.note_away(error)
    return _refused(503, wire.REASONS[503])


@bp.errorhandler(Exception)
def _fault(error: Exception) -> Response:
    if current_app.testing:
        db.session.rollback()
        raise error
    current_app.logger.exception("request %s failed", g.get("request_id"))
    return _refused(500, _("Something went wrong on our side. What waits here is sent again later."))
