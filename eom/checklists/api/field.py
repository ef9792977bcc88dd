"""What the field app takes along: a person's day, and the words of the app in every language."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, url_for
from flask_wtf.csrf import generate_csrf

from eom.accounts.models import User
from eom.accounts.permissions import Permission
from eom.checklists.api import wire
from eom.checklists.api.credentials import device_requires
from eom.checklists.api.outbox import as_whom
from eom.checklists.models.form import FormVersion
from eom.checklists.queries import today
from eom.core.errors import AppError
from eom.core.i18n import LANGUAGES, in_locale, language
from eom.deployment.plan_rules import clock_of
from eom.deployment.queries.plans import PlannedStop
from eom.extensions import db
from eom.missions.models.mission import Mission
from eom.web.responses import store
from eom.web.security import TOKEN_HEADER

bp = Blueprint("field_day", __name__, url_prefix="/field/<mission>")


@bp.get("/today.json")
@device_requires(Permission.CHECKLIST_FILL)
def show(mission: Mission) -> Response:
    """Who asks, their stations with what was sent from there, the forms with their files, the session's token."""
    user = as_whom()
    return wire.json_answer(
        {
            "person": {"id": user.id, "name": user.name},
            "mission": {"code": mission.code, "name": mission.name, "timeZone": mission.time_zone},
            "language": language(),
            "token": generate_csrf(),
            "tokenHeader": TOKEN_HEADER,
            "rounds": [_round(each) for each in mission.rounds],
            "forms": _forms(mission, user),
            "stations": [
                {"value": each.value, "label": each.label, "days": [day.isoformat() for day in each.days],
                 "sent": each.sent, "planned": _planned(each.planned)}
                for each in today.carried_stations(db.session(), mission, user)
            ],
        }
    )  # fmt: skip


def _planned(planned: PlannedStop | None) -> dict[str, Any] | None:
    """When a team is to be at a station, in the round's zone, and its place in the day."""
    if planned is None:
        return None
    hours = {"arrives": planned.arrives, "leaves": planned.leaves}
    return {
        "order": planned.position,
        **{name: f"{clock_of(minute):%H:%M}" for name, minute in hours.items()},
    }


def _round(round_: Any) -> dict[str, Any]:
    hours = {"opens": round_.opens_at, "closes": round_.closes_at}
    told = {name: f"{hour:%H:%M}" if hour else None for name, hour in hours.items()}
    return {"on": round_.polling_on.isoformat(), "timeZone": round_.time_zone, **told}


def _forms(mission: Mission, user: User) -> list[dict[str, Any]]:
    carried = today.carried_forms(db.session(), store(), mission, user)
    titles: dict[int, dict[str, str]] = {each.version.id: {} for each in carried}
    for code in LANGUAGES:
        with in_locale(code):
            for each in carried:
                titles[each.version.id][code] = str(each.version.form.words)
    return [_form(mission, each, titles[each.version.id]) for each in carried]


def _form(mission: Mission, carried: today.CarriedForm, titles: dict[str, str]) -> dict[str, Any]:
    version: FormVersion = carried.version
    place: dict[str, Any] = {"mission": mission.code, "version_id": version.id}
    return {
        "id": version.id,
        "form": version.form_id,
        "formId": version.form.form_id,
        "version": version.version,
        "kind": version.form.kind.value,
        "titles": titles,
        "hash": version.xform_hash,
        "url": url_for("openrosa.form", **place),
        "files": [
            {"name": file.name, "hash": file.digest, "type": file.content_type,
             "url": url_for("openrosa.media", **place, name=file.name)}
            for file in carried.files
        ],
    }  # fmt: skip


@bp.errorhandler(AppError)
def _refused(error: AppError) -> Response:
    """What is wrong as JSON: a page of the app asks, and must not be led to another."""
    db.session.rollback()
    return wire.json_answer({"status": error.status, "message": str(error)}, error.status)
