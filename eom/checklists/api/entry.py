"""Where headquarters sends what it types in: a report told by telephone, a correction of what was sent.

The form is filled with ODK Web Forms, so it comes as an OpenRosa submission and the answers are OpenRosa XML.
"""

from __future__ import annotations

from flask import Blueprint, Response
from flask_security import current_user

from eom.checklists.api import wire
from eom.checklists.queries import media, submissions
from eom.checklists.queries.destinations import destination_of
from eom.checklists.queries.entry import observer_in, version_in
from eom.checklists.services import intake
from eom.checklists.services.keeping import Sender
from eom.checklists.services.unpacking import unpack
from eom.core import clock, i18n
from eom.core.errors import InvalidInput
from eom.core.i18n import lazy
from eom.extensions import db
from eom.missions.models.mission import Mission
from eom.web.access import requires
from eom.web.limits import accepts
from eom.web.responses import committed, store

bp = Blueprint("entry_api", __name__, url_prefix="/missions/<mission>/entry")
wire.speaks_openrosa(bp)


@bp.get("/forms/<int:version_id>/form.xml")
@requires("submission.enter")
def form(mission: Mission, version_id: int) -> Response:
    """The XForm of a version."""
    return wire.Desk(mission, current_user._get_current_object(), bp.name).form(version_id)


@bp.get("/<int:appointment_id>/<int:version_id>/media/<name>")
@requires("submission.enter")
def file(mission: Mission, appointment_id: int, version_id: int, name: str) -> Response:
    """A file of a form as its observer gets it: ``stations.csv`` holds their stations."""
    observer = observer_in(db.session(), mission, appointment_id)
    version = version_in(db.session(), mission, version_id)
    found = media.attachment_for(db.session(), store(), version, name, observer)
    return Response(found.data, content_type=found.content_type)


@bp.post("/<int:appointment_id>/submission")
@requires("submission.enter")
@accepts()
def telephone(mission: Mission, appointment_id: int) -> Response:
    """Keep what an observer told by telephone, as theirs, with who typed it in."""
    observer = observer_in(db.session(), mission, appointment_id)
    sender = Sender(
        user_id=observer.person.user_id, person_id=observer.person_id, language=i18n.language(),
        entered_by_id=current_user.id, by_telephone=True,
    )  # fmt: skip
    return _take(mission, sender, None)


@bp.get("/corrections/<int:submission_id>/media/<name>")
@requires("submission.enter")
def file_of(mission: Mission, submission_id: int, name: str) -> Response:
    """A file of the form of a report, with the report's own station among the stations."""
    found = submissions.submission_in(db.session(), mission, submission_id)
    holder = found.submitted_by or current_user._get_current_object()
    kept = media.attachment_for(db.session(), store(), found.version, name, holder, also=found)
    return Response(kept.data, content_type=kept.content_type)


@bp.post("/corrections/<int:submission_id>/submission")
@requires("submission.enter")
@accepts()
def correction(mission: Mission, submission_id: int) -> Response:
    """Keep a correction of a report; what was sent stays, and stays its sender's."""
    found = submissions.submission_in(db.session(), mission, submission_id)
    sender = Sender(
        user_id=found.submitted_by_id, app_user_id=found.app_user_id, language=i18n.language(),
        entered_by_id=current_user.id, by_telephone=found.by_telephone, by_sms=found.by_sms,
    )  # fmt: skip
    return _take(mission, sender, found.instance_id)


def _take(mission: Mission, sender: Sender, corrected: str | None) -> Response:
    """Take what was typed in. Raises InvalidInput when it corrects anything but what was opened."""
    sent, files = wire.sent()
    parcel = unpack(mission.code, sent, files, clock.now())
    if parcel.sent.deprecated_id != corrected:
        raise InvalidInput(
            lazy("This corrects another report than the one that was opened. Load the page again.")
        )
    receipt = intake.receive_one(destination_of(mission), store(), parcel, sender)
    return committed(wire.received(receipt))  # type: ignore[no-any-return]
