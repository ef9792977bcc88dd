"""Writing submissions: rows by identity, many in one statement, told once each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from eom.checklists.models.submission import Submission, SubmissionState
from eom.checklists.queries.addresses import Address
from eom.checklists.services.reading import Reading
from eom.checklists.services.unpacking import Parcel
from eom.core import audit, events
from eom.core.events import Reception
from eom.extensions import db

TABLE: sa.Table = Submission.__table__  # type: ignore[assignment]
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
    by_sms: bool = False


@dataclass(frozen=True)
class Arrival:
    """A submission that can be written: what came, where it belongs, and what it says."""

    parcel: Parcel
    address: Address
    reading: Reading

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
    def entry(self) -> tuple[int, str, dict[str, Any]]:
        """What the audit trail says of it, without the answers."""
        sent = self.arrival.parcel.sent
        facts = {"form": self.arrival.address.form_name, "instance_id": sent.instance_id}
        return self.id, (sent.instance_name or sent.instance_id)[:200], facts

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
    mission_id: int, arrivals: Sequence[Arrival], sender: Sender, replaces_id: int | None = None
) -> dict[Identity, int]:
    """Write those whose identity is free; return their ids by identity."""
    connection = db.session.connection()
    # In one order, or two batches of the same submissions would wait for each other.
    rows = [
        _values(mission_id, each, sender, replaces_id) for each in sorted(arrivals, key=lambda a: a.identity)
    ]
    return {(row[0], row[1]): row[2] for row in connection.execute(_insertion(connection.dialect.name), rows)}


@lru_cache
def _insertion(dialect: str) -> Any:
    return (
        (postgresql if dialect == "postgresql" else sqlite)
        .insert(TABLE)
        .on_conflict_do_nothing(index_elements=[TABLE.c.form_id, TABLE.c.instance_id])
        .returning(TABLE.c.form_id, TABLE.c.instance_id, TABLE.c.id)
    )


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


def _values(mission_id: int, arrival: Arrival, sender: Sender, replaces_id: int | None) -> dict[str, Any]:
    sent, read, address = arrival.parcel.sent, arrival.reading, arrival.address
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
        "accuracy": read.position.get("accuracy"), "xml": sent.xml, "sha256": arrival.parcel.sha256,
        "answers": read.answers, "flags": read.flags, "flag_count": len(read.flags),
        "files_named": read.files_named, "is_complete": not read.files_named,
        "state": SubmissionState.RECEIVED,
    }  # fmt: skip
