"""What a submission says: its answers, station, round, times and position, and what is odd about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from eom.accounts.models import User
from eom.checklists.models import Finding, FormVersion
from eom.checklists.openrosa import Submission as Sent
from eom.checklists.openrosa_answers import named_files, typed_answers
from eom.checklists.openrosa_checks import check_answers
from eom.checklists.queries.forms import definition
from eom.checklists.queries.media import OTHER, STATIONS, find_station
from eom.checklists.xlsform_form import PublishedForm
from eom.extensions import db
from eom.missions.models.mission import Mission

MAX_FLAGS = 200
# A device's clock may be a zone's width ahead; further, it is wrong and our own time holds.
CLOCK_TOLERANCE = timedelta(hours=26)

Flag = dict[str, Any]


@dataclass(frozen=True)
class Reading:
    """A submission as its row holds it. ``observed_at`` is when it was filled, as far as is known."""

    answers: dict[str, Any]
    files_named: list[str]
    observed_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    round_id: int | None
    station_id: int | None
    station_answer: str | None
    position: dict[str, float] | None
    flags: list[Flag] = field(default_factory=list)


def read(mission: Mission, version: FormVersion, sent: Sent, user: User | None, at: datetime) -> Reading:
    """Read a submission that arrived ``at``. What breaks a rule becomes a flag: nothing is refused."""
    form = definition(version)
    answers = typed_answers(form, sent)
    flags = [flag.as_dict() for flag in check_answers(form, sent, at)]
    started_at, ended_at = moment(sent.started_at), moment(sent.ended_at)
    filled = next((each for each in (ended_at, started_at) if each and each < at + CLOCK_TOLERANCE), at)
    round_id = _round(mission, filled)
    if round_id is None and mission.rounds:
        flags.append(noted(Finding.BEFORE_POLLING, value=filled.isoformat()[:10]))
    if not version.is_current:
        flags.append(noted(Finding.OLD_VERSION, value=version.version[:100]))
    station_answer, station_id = None, None
    if (asked := _station_question(form)) is not None:
        station_answer = _station_answer(asked, answers)
        station_id, hindrance = find_station(db.session(), mission, user, station_answer)
        if hindrance is not None:
            flags.append(noted(hindrance, asked, station_answer))
    return Reading(
        answers=answers,
        files_named=list(named_files(form, sent)),
        observed_at=min(filled, at),
        started_at=started_at,
        ended_at=ended_at,
        round_id=round_id,
        station_id=station_id,
        station_answer=station_answer or None,
        position=_position(form, answers),
        flags=flags[:MAX_FLAGS],
    )


def noted(finding: Finding, question: str = "", value: str = "") -> Flag:
    """A finding as the row of a submission holds it, beside the flags of the form's own rules."""
    return {"rule": finding.value, "question": question, "value": value[:200], "row": 0}


def moment(text: str | None) -> datetime | None:
    """An instant as a device writes it (ISO 8601 with its offset); None for what is none."""
    try:
        at = datetime.fromisoformat(text or "")
        # Near the ends of the calendar an offset leads out of it.
        return at if at.tzinfo is not None and 1970 < at.year < 9000 else None
    except ValueError:
        return None


def _round(mission: Mission, filled: datetime) -> int | None:
    """The last round whose polling day had come, on the device's calendar or on the round's.

    Abroad, polling day begins before it does in the host country: the device's own day counts too.
    """
    begun = [
        each
        for each in mission.rounds
        if each.polling_on <= max(filled.date(), filled.astimezone(ZoneInfo(each.time_zone)).date())
    ]
    return max(begun, key=lambda each: each.polling_on).id if begun else None


def _station_question(form: PublishedForm) -> str | None:
    return next((each.key for each in form.questions if each.list_file == STATIONS), None)


def _station_answer(asked: str, answers: dict[str, Any]) -> str:
    """The code of the station: chosen from the list, or written beside the choice "another station"."""
    answer = answers.get(asked)
    if answer == OTHER:
        answer = answers.get(f"{asked}_code")
    return str(answer or "")[:200]


def _position(form: PublishedForm, answers: dict[str, Any]) -> dict[str, float] | None:
    for question in form.questions:
        if question.kind == "geopoint" and isinstance(found := answers.get(question.key), dict):
            return {"latitude": found["latitude"], "longitude": found["longitude"],
                    "accuracy": found.get("accuracy")}  # fmt: skip
    return None
