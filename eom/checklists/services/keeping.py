"""Writing submissions: rows by identity, many in one statement, told once each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from eom.checklists.models.submission import Submission, SubmissionDocument, SubmissionState
from eom.checklists.queries.addresses import Address
from eom.checklists.services.reading import Reading
from eom.checklists.services.unpacking import Parcel
from eom.core import audit, bulk, events
from eom.core.audit import Actor
from eom.core.events import Reception
from eom.extensions import db

TABLE: sa.Table = Submission.__table__  # type: ignore[assignment]
DOCUMENTS: sa.Table = SubmissionDocument.__table__  # type: ignore[assignment]
MAX_INSTANCE_NAME = 300
MAX_DEVICE = 255
Identity = tuple[int, str]


class Outcome(StrEnum):
    """What became of a submission."""

    RECEIVED = "received"
    EDITED = "edited"
    AGAIN = "again"
    CONFLICT = "conflict"


@dataclass(frozen=True)
class Sender:
    """Who sends: an account, or a device with an address of its own and its person on the roster."""

    user_id: int | None = None
    person_id: int | None = None
    app_user_id: int | None = None
    language: str = "en"
    device_id: str | None = None
    # Who types it in for them, and may correct what they sent.
    entered_by_id: int | None = None
    by_telephone: bool = False
    # Whom the audit trail names, when it is not the session's actor.
    actor: Actor | None = None
    by_sms: bool = False


@dataclass(frozen=True)
class Arrival:
    """A submission that can be written: what came, where it belongs, what it says, and who sends it."""

    parcel: Parcel
    address: Address
    reading: Reading
    sender: Sender

    @property
    def identity(self) -> Identity:
        """The form's id and the instance id."""
        return self.address.form_id, self.parcel.sent.instance_id

    @property
    def is_plain(self) -> bool:
        """Whether it brings no file and corrects nothing: then nothing but its identity can hinder it."""
        return not self.parcel.files and self.parcel.sent.deprecated_id is None


@dataclass(frozen=True)
class Written:
    """A new row, and the one that it replaces if it is an edit."""

    arrival: Arrival
    id: int
    replaced: Submission | None = None

    @property
    def entry(self) -> tuple[int, str, dict[str, Any], Actor | None]:
        """What the audit trail says of it, without the answers."""
        sent = self.arrival.parcel.sent
        facts = {"form": self.arrival.address.form_name, "instance_id": sent.instance_id}
        name = (sent.instance_name or sent.instance_id)[:200]
        return self.id, name, facts, self.arrival.sender.actor

    def reception(self, mission_id: int) -> Reception:
        """What those above and beside are told."""
        read = self.arrival.reading
        return Reception(mission_id, read.round_id, read.station_id, read.observed_at, self.id)


@dataclass(frozen=True)
class Receipt:
    """What became of a submission, the row that holds its identity, and the files still to come."""

    outcome: Outcome
    submission_id: int
    files_missing: list[str]

    @property
    def is_accepted(self) -> bool:
        """Whether the sender can forget it."""
        return self.outcome is not Outcome.CONFLICT

    @property
    def submission(self) -> Submission:
        """The row that holds the identity."""
        return db.session.get_one(Submission, self.submission_id)


def insert(
    mission_id: int, arrivals: Sequence[Arrival], replaces_id: int | None = None
) -> dict[Identity, int]:
    """Write those whose identity is free, with their XML; return their ids by identity."""
    # In one order, or two batches of the same submissions would wait for each other.
    rows = [_values(mission_id, each, replaces_id) for each in sorted(arrivals, key=lambda a: a.identity)]
    connection = db.session.connection()
    written = bulk.insert_rows(
        connection, TABLE, rows,
        conflict="ON CONFLICT (form_id, instance_id) DO NOTHING", returning="form_id, instance_id, id",
    )  # fmt: skip
    ids = {(form_id, instance_id): id_ for form_id, instance_id, id_ in written}
    documents = [
        {"submission_id": ids[each.identity], "xml": each.parcel.sent.xml}
        for each in arrivals
        if each.identity in ids
    ]
    bulk.insert_rows(connection, DOCUMENTS, documents)
    return ids


def tell(mission_id: int, written: Sequence[Written]) -> None:
    """Record what was written and tell those above and beside, once for a submission and its edits.

    An edit is told only when it names another station or round: that one has been visited, and the one
    that was named first has not.
    """
    for action, is_edit in (("received", False), ("corrected", True)):
        entries = [each.entry for each in written if (each.replaced is not None) is is_edit]
        audit.record_all(db.session(), action, "submissions", entries, mission_id=mission_id)
    received = []
    for each in written:
        if not each.arrival.address.is_of_visit:
            continue
        reception = each.reception(mission_id)
        if each.replaced is not None:
            before = (each.replaced.round_id, each.replaced.polling_station_id)
            if before == (reception.round_id, reception.polling_station_id):
                continue
            events.submission_moved_away.send(
                None, mission_id=mission_id, round_id=before[0], polling_station_id=before[1]
            )
        received.append(reception)
    if received:
        events.submissions_received.send(None, received=received)


def _values(mission_id: int, arrival: Arrival, replaces_id: int | None) -> dict[str, Any]:
    sent, read, address, sender = arrival.parcel.sent, arrival.reading, arrival.address, arrival.sender
    device_id = sender.device_id or str(read.answers.get("deviceid") or "") or None
    return {
        "mission_id": mission_id, "form_id": address.form_id, "form_version_id": address.version_id,
        "instance_id": sent.instance_id, "instance_name": (sent.instance_name or "")[:MAX_INSTANCE_NAME] or None,
        "replaces_id": replaces_id, "is_current": True,
        "polling_station_id": read.station_id, "station_answer": read.station_answer or None,
        "round_id": read.round_id, "submitted_by_id": sender.user_id, "app_user_id": sender.app_user_id,
        "entered_by_id": sender.entered_by_id, "by_telephone": sender.by_telephone,
        "by_sms": sender.by_sms,
        "device_id": device_id and device_id[:MAX_DEVICE], "language": sender.language,
        "started_at": read.started_at, "ended_at": read.ended_at, "received_at": arrival.parcel.at,
        "latitude": read.position.get("latitude"), "longitude": read.position.get("longitude"),
        "accuracy": read.position.get("accuracy"), "sha256": arrival.parcel.sha256,
        "answers": read.answers, "flags": read.flags, "flag_count": len(read.flags),
        "files_named": read.files_named, "is_complete": not read.files_named,
        "state": SubmissionState.RECEIVED,
    }  # fmt: skip
