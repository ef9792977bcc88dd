"""What checklists do when someone asks what is held about them, and when a person is made anonymous."""

from __future__ import annotations

from collections import Counter
from typing import Any

import sqlalchemy as sa

from eom.checklists.models.app_user import AppUser
from eom.checklists.models.safety import SafetyReport
from eom.checklists.models.sms import SmsMessage
from eom.checklists.models.submission import Submission
from eom.core import clock, events
from eom.core.i18n import lazy
from eom.core.privacy import Held
from eom.extensions import db
from eom.observers.models import Appointment, Person


@events.personal_data_asked.connect
def _submissions_of_a_person(_sender: Any, *, user_id: int, found: list[Held], **_rest: Any) -> None:
    query = sa.select(sa.func.count()).where(Submission.submitted_by_id == user_id)
    found.append(Held("submissions", lazy("Checklists you sent"), db.session.scalar(query) or 0))
    own = (
        sa.select(sa.func.count())
        .join(Appointment, Appointment.id == SmsMessage.appointment_id)
        .join(Appointment.person)
        .where(Person.user_id == user_id)
        .select_from(SmsMessage)
    )
    found.append(Held("sms_messages", lazy("SMS you sent"), db.session.scalar(own) or 0))
    words = sa.select(sa.func.count()).where(SafetyReport.user_id == user_id)
    found.append(
        Held("safety_reports", lazy("Times you said that you are safe"), db.session.scalar(words) or 0)
    )


@events.person_anonymised.connect
def _devices_name_nobody(_sender: Any, *, person_id: int, **_rest: Any) -> None:
    own = sa.select(Appointment.id).where(Appointment.person_id == person_id)
    for device in db.session.scalars(sa.select(AppUser).where(AppUser.appointment_id.in_(own))):
        device.name, device.revoked_at = f"№ {device.id}", device.revoked_at or clock.now()
    db.session.flush()


@events.person_anonymised.connect
def _nobody_was_anywhere(_sender: Any, *, person_id: int, **_rest: Any) -> None:
    own = sa.select(Appointment.id).where(Appointment.person_id == person_id)
    for report in db.session.scalars(sa.select(SafetyReport).where(SafetyReport.appointment_id.in_(own))):
        report.latitude = report.longitude = report.accuracy = None
    db.session.flush()


@events.person_anonymised.connect
def _nobody_wrote(_sender: Any, *, person_id: int, **_rest: Any) -> None:
    own = sa.select(Appointment.id).where(Appointment.person_id == person_id)
    for message in db.session.scalars(sa.select(SmsMessage).where(SmsMessage.appointment_id.in_(own))):
        message.number = message.text = message.corrected_text = message.said = message.reason = None
    db.session.flush()


def _of_strangers(mission_ids: list[int]) -> sa.ColumnElement[bool]:
    """Messages of missions with a number that nobody attached to a person."""
    return sa.and_(
        SmsMessage.mission_id.in_(mission_ids),
        SmsMessage.appointment_id.is_(None),
        SmsMessage.number.is_not(None),
    )


@events.strangers_asked.connect
def _numbers_of_strangers(_sender: Any, *, mission_ids: list[int], found: Counter[int], **_rest: Any) -> None:
    query = (
        sa.select(SmsMessage.mission_id, sa.func.count())
        .where(_of_strangers(mission_ids))
        .group_by(SmsMessage.mission_id)
    )
    for mission_id, count in db.session.execute(query):
        found[mission_id] += count


@events.strangers_forgotten.connect
def _nobody_knows_who_wrote(_sender: Any, *, mission_id: int, **_rest: Any) -> None:
    _without_numbers(_of_strangers([mission_id]))


@events.contact_forgotten.connect
def _nobody_knows_their_number(_sender: Any, *, person_id: int, **_rest: Any) -> None:
    own = sa.select(Appointment.id).where(Appointment.person_id == person_id)
    _without_numbers(sa.and_(SmsMessage.appointment_id.in_(own), SmsMessage.number.is_not(None)))


def _without_numbers(which: sa.ColumnElement[bool]) -> None:
    """Take the numbers out of messages; also out of the ids that were made of a number where a gateway gave none."""
    number = sa.cast(SmsMessage.id, sa.String(20))
    db.session.execute(
        sa.update(SmsMessage)
        .where(which)
        .values(number=None, message_id=sa.literal("forgotten-") + number)
        .execution_options(synchronize_session="fetch")
    )
