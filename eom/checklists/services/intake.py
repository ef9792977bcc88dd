"""Receiving submissions: every one is kept once, whatever the network does to its sender.

A submission is known by its form and instance id. It is inserted; when the database already holds that
identity, the contents are compared: the same is answered as received, another is kept apart.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from eom.accounts.models import User
from eom.checklists.models import Form, FormVersion, Submission
from eom.checklists.openrosa import Submission as Sent
from eom.checklists.openrosa import read_submission
from eom.checklists.queries.forms import form_named, version_named
from eom.checklists.services import attachments, reading
from eom.checklists.services.attachments import SentFile
from eom.core import audit, clock, events
from eom.core.errors import Forbidden, NotFound, Refused
from eom.core.i18n import lazy
from eom.core.storage import Store
from eom.extensions import db
from eom.missions.models.mission import Mission

MAX_INSTANCE_NAME = 300


class Outcome(StrEnum):
    """What became of a submission."""

    RECEIVED = "received"
    EDITED = "edited"
    AGAIN = "again"
    CONFLICT = "conflict"


@dataclass(frozen=True)
class Receipt:
    """What became of a submission, and the row that holds its identity."""

    outcome: Outcome
    submission: Submission

    @property
    def is_accepted(self) -> bool:
        """Whether the sender can forget it."""
        return self.outcome is not Outcome.CONFLICT

    @property
    def files_missing(self) -> list[str]:
        """The files that its XML names and that have not come yet."""
        held = {each.name for each in self.submission.attachments}
        return [name for name in self.submission.files_named if name not in held]


@dataclass(frozen=True)
class _Delivery:
    """What one call of ``receive`` carries through its steps."""

    mission: Mission
    form: Form
    version: FormVersion
    sent: Sent
    sha256: str
    user: User | None
    language: str
    device_id: str | None
    at: datetime


def receive(
    mission: Mission,
    store: Store,
    *,
    xml: bytes,
    user: User | None,
    files: Sequence[SentFile] = (),
    language: str = "en",
    device_id: str | None = None,
    at: datetime | None = None,
) -> Receipt:
    """Take a submission and its files; ``at`` is now unless told otherwise.

    Answers that break the form's rules are kept and flagged. Raises NotXML and TooLarge for what cannot
    be read; NotFound for an unknown form, version or edited submission; Refused for an edit that came too
    late and for a mission that is over; Forbidden for an edit of somebody else's submission.
    """
    sent = read_submission(xml)
    form, version = _addressed(mission, sent)
    delivery = _Delivery(
        mission, form, version, sent, hashlib.sha256(xml).hexdigest(), user, language, device_id,
        at or clock.now(),
    )  # fmt: skip
    held, outcome = _taken(delivery)
    if outcome is Outcome.CONFLICT:
        attachments.keep_apart(held, store, xml, user, delivery.at)
    else:
        attachments.keep_files(held, store, files, user, delivery.at)
    return Receipt(outcome, held)


def _taken(delivery: _Delivery) -> tuple[Submission, Outcome]:
    """The row of the delivery's identity, new or held already, and what the delivery is to it."""
    held, is_new = _held(delivery.form, delivery.sent.instance_id), False
    if held is None:
        held, is_new = _insert(delivery)
    if is_new:
        return held, Outcome.EDITED if held.replaces_id else Outcome.RECEIVED
    return held, Outcome.AGAIN if held.sha256 == delivery.sha256 else Outcome.CONFLICT


def _addressed(mission: Mission, sent: Sent) -> tuple[Form, FormVersion]:
    form = form_named(db.session(), mission, sent.form_id)
    if form is None:
        raise NotFound(
            lazy("The mission %(code)s has no form “%(form)s”.", code=mission.code, form=sent.form_id[:100])
        )
    version = version_named(db.session(), form, sent.version)
    if version is None:
        raise NotFound(
            lazy(
                "The form “%(form)s” has no version “%(version)s”.",
                form=form.title,
                version=sent.version[:100],
            ),
            next_step=lazy("Download the form again."),
        )
    return form, version


def _held(form: Form, instance_id: str) -> Submission | None:
    """The submission of an identity, locked until the transaction ends."""
    return db.session.scalar(
        sa.select(Submission)
        .where(Submission.form_id == form.id, Submission.instance_id == instance_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def _insert(delivery: _Delivery) -> tuple[Submission, bool]:
    """The new row, or the one that another request wrote in the same moment."""
    if delivery.mission.is_over:
        raise Refused(
            lazy("The mission %(code)s is over and takes no more forms.", code=delivery.mission.code),
            next_step=lazy("Keep the form on the device and speak to your coordinator."),
        )
    replaced = _replaced(delivery)
    read = reading.read(delivery.mission, delivery.version, delivery.sent, delivery.user, delivery.at)
    row = _row(delivery, read, replaced)
    try:
        with db.session.begin_nested():
            if replaced is not None:
                replaced.is_current = False
            db.session.add(row)
            db.session.flush()
    except IntegrityError:
        held = _held(delivery.form, delivery.sent.instance_id)
        if held is None:
            raise
        return held, False
    if replaced is not None:
        attachments.carry_over(row, replaced, delivery.at)
    _tell(delivery, row, replaced, read.observed_at)
    return row, True


def _replaced(delivery: _Delivery) -> Submission | None:
    """The submission that an edit replaces, locked."""
    deprecated_id = delivery.sent.deprecated_id
    if deprecated_id is None:
        return None
    replaced = _held(delivery.form, deprecated_id)
    if replaced is None:
        raise NotFound(lazy("The form that this one corrects has not been received."))
    if not replaced.is_current:
        raise Refused(
            lazy("The form that this one corrects was corrected before."),
            next_step=lazy("Open its newest version and correct that."),
        )
    if delivery.user is not None and replaced.submitted_by_id not in (None, delivery.user.id):
        raise Forbidden(lazy("A form is corrected by the person who sent it."))
    return replaced


def _row(delivery: _Delivery, read: reading.Reading, replaced: Submission | None) -> Submission:
    sent, user = delivery.sent, delivery.user
    position = read.position or {}
    device_id = delivery.device_id or str(read.answers.get("deviceid") or "") or None
    return Submission(
        mission_id=delivery.mission.id, form=delivery.form, version=delivery.version,
        instance_id=sent.instance_id, instance_name=(sent.instance_name or "")[:MAX_INSTANCE_NAME] or None,
        replaces_id=replaced.id if replaced else None,
        polling_station_id=read.station_id, station_answer=read.station_answer, round_id=read.round_id,
        submitted_by_id=user.id if user else None, device_id=device_id and device_id[:255],
        language=delivery.language, started_at=read.started_at, ended_at=read.ended_at,
        received_at=delivery.at, latitude=position.get("latitude"), longitude=position.get("longitude"),
        accuracy=position.get("accuracy"), xml=sent.xml, sha256=delivery.sha256, answers=read.answers,
        flags=read.flags, flag_count=len(read.flags), files_named=read.files_named,
        is_complete=not read.files_named,
    )  # fmt: skip


def _tell(delivery: _Delivery, row: Submission, replaced: Submission | None, observed_at: datetime) -> None:
    """Record the reception and tell those above and beside, once for a submission and its edits.

    An edit is told only when it names another station or round: that one has been visited, and the one
    that was named first has not.
    """
    audit.record(
        db.session(), "corrected" if replaced else "received", "submissions", row.id, str(row)[:200],
        mission_id=row.mission_id, form=delivery.form.form_id, instance_id=row.instance_id,
    )  # fmt: skip
    if replaced is not None:
        if (row.round_id, row.polling_station_id) == (replaced.round_id, replaced.polling_station_id):
            return
        events.submission_moved_away.send(
            row,
            mission_id=row.mission_id,
            round_id=replaced.round_id,
            polling_station_id=replaced.polling_station_id,
        )
    events.submission_received.send(
        row,
        mission_id=row.mission_id,
        round_id=row.round_id,
        polling_station_id=row.polling_station_id,
        at=observed_at,
        submission_id=row.id,
    )
