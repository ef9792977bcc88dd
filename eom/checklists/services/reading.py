"""What a submission says: its answers, station, round, times and position, and what is odd about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from eom.checklists.models.submission import Finding
from eom.checklists.openrosa_contents import Contents
from eom.checklists.queries.addresses import Address, Placed
from eom.checklists.queries.destinations import Destination
from eom.checklists.queries.forms import kept_definition
from eom.checklists.queries.media import OTHER, STATIONS
from eom.checklists.services.unpacking import Parcel
from eom.checklists.xlsform_form import PublishedForm

MAX_FLAGS = 200
# A device's clock may be a zone's width ahead; further, it is wrong and our own time holds.
CLOCK_TOLERANCE = timedelta(hours=26)

Flag = dict[str, Any]


@dataclass
class Reading:
    """A submission as its row holds it. ``observed_at`` is when it was filled, as far as is known.

    ``asked`` is the question about the station, if the form has one; ``place`` adds what it came to.
    """

    answers: dict[str, Any]
    files_named: list[str]
    observed_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    round_id: int | None
    asked: str | None
    station_answer: str
    position: dict[str, float]
    flags: list[Flag] = field(default_factory=list)
    station_id: int | None = None

    def place(self, placed: Placed) -> None:
        """Say which station was found, or what hindered that."""
        self.station_id, hindrance = placed
        if hindrance is not None and self.asked is not None:
            self.flags.append(noted(hindrance, self.asked, self.station_answer))
        del self.flags[MAX_FLAGS:]


def read(
    destination: Destination, address: Address, form: PublishedForm, said: Contents, parcel: Parcel
) -> Reading:
    """Read a submission. What breaks a rule becomes a flag: nothing is refused."""
    sent, at = parcel.sent, parcel.at
    flags = [flag.as_dict() for flag in said.flags]
    started_at, ended_at = moment(sent.started_at), moment(sent.ended_at)
    filled = next((each for each in (ended_at, started_at) if each and each < at + CLOCK_TOLERANCE), at)
    round_id = _round(destination, filled)
    if round_id is None and destination.rounds and address.is_of_visit:
        flags.append(noted(Finding.BEFORE_POLLING, value=filled.isoformat()[:10]))
    if not address.is_current:
        flags.append(noted(Finding.OLD_VERSION, value=address.version[:100]))
    if address.is_closed:
        flags.append(noted(Finding.CLOSED_VERSION, value=address.version[:100]))
    asked = _station_question(form)
    station_answer = _station_answer(asked, said.answers) if asked else ""
    return Reading(
        answers=said.answers,
        files_named=list(said.files),
        observed_at=min(filled, at),
        started_at=started_at,
        ended_at=ended_at,
        round_id=round_id,
        asked=asked if station_answer or address.is_of_visit else None,
        station_answer=station_answer,
        position=_position(form, said.answers),
        flags=flags[:MAX_FLAGS],
    )


def expected_code(parcel: Parcel) -> str:
    """The code of the station that a parcel names by the form it was read by; empty when that is not known."""
    form = kept_definition(parcel.digest, parcel.sent.version) if parcel.digest else None
    asked = _station_question(form) if form else None
    return _station_answer(asked, parcel.said.answers).strip() if asked and parcel.said else ""


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


def _round(destination: Destination, filled: datetime) -> int | None:
    """The last round whose polling day had come, on the device's calendar or on the round's.

    Abroad, polling day begins before it does in the host country: the device's own day counts too.
    """
    begun = [
        each
        for each in destination.rounds
        if each.polling_on <= filled.date()
        or each.polling_on <= filled.astimezone(ZoneInfo(each.time_zone)).date()
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


def _position(form: PublishedForm, answers: dict[str, Any]) -> dict[str, float]:
    """The first position among the answers; empty without one."""
    for question in form.questions:
        if question.kind == "geopoint" and isinstance(found := answers.get(question.key), dict):
            return found
    return {}
