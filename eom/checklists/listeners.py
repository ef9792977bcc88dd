"""What checklists do when someone asks what is held about them, and when a person is made anonymous."""

from __future__ import annotations

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
