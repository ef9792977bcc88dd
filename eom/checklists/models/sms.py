"""SMS: the gateways of a mission, the letters that its forms go by, and the messages that came."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eom.accounts.models import User
from eom.checklists.models.form import Form
from eom.core import clock
from eom.core.db import Base, Stamped
from eom.core.i18n import lazy
from eom.core.privacy import DataClass, classed
from eom.core.types import JSONDocument, Labelled, UTCDateTime, one_of
from eom.core.vault import Sealed
from eom.observers.models import Appointment

PERSONAL = classed(DataClass.PERSONAL)
SENSITIVE = classed(DataClass.SENSITIVE)


class GatewayKind(Labelled):
    """Whose protocol a gateway speaks."""

    TELERIVET = "telerivet"
    TWILIO = "twilio"
    KANNEL = "kannel"

    @classmethod
    def labels(cls) -> dict[str, Any]:
        return {"telerivet": lazy("Telerivet"), "twilio": lazy("Twilio"), "kannel": lazy("Kannel")}


class SmsGateway(Base, Stamped):
    """A gateway that hands over messages. Its address and secret are kept as SHA-256; Twilio's token, with
    which signatures are made, is sealed."""

    __tablename__ = "sms_gateways"
    __audit_secret__: ClassVar[frozenset[str]] = frozenset({"address_sha256", "secret_sha256", "auth_token"})

    id: Mapped[int] = mapped_column(primary_key=True)
    mission_id: Mapped[int] = mapped_column(sa.ForeignKey("missions.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(100))
    kind: Mapped[GatewayKind] = mapped_column(one_of(GatewayKind))
    address_sha256: Mapped[str] = mapped_column(sa.String(64), unique=True, info=SENSITIVE)
    secret_sha256: Mapped[str | None] = mapped_column(sa.String(64), info=SENSITIVE)
    auth_token: Mapped[str | None] = mapped_column(
        Sealed("sms_gateways.auth_token"), deferred=True, info=SENSITIVE
    )
    is_on: Mapped[bool] = mapped_column(default=True)

    __table_args__ = (
        sa.UniqueConstraint("mission_id", "name"),
        sa.CheckConstraint("secret_sha256 IS NOT NULL OR auth_token IS NOT NULL", name="has_secret"),
    )

    def __str__(self) -> str:
        return self.name


class SmsPlan(Base, Stamped):
    """The word and the letters of a form: ``signs`` are the letters by the key of their question."""

    __tablename__ = "sms_plans"

    id: Mapped[int] = mapped_column(primary_key=True)
    mission_id: Mapped[int] = mapped_column(sa.ForeignKey("missions.id"))
    form_id: Mapped[int] = mapped_column(sa.ForeignKey("forms.id"), unique=True)
    keyword: Mapped[str] = mapped_column(sa.String(12))
    signs: Mapped[dict[str, str]] = mapped_column(JSONDocument(), default=dict)

    form: Mapped[Form] = relationship()

    __table_args__ = (sa.UniqueConstraint("mission_id", "keyword"),)

    def __str__(self) -> str:
        return self.keyword


class MessageState(Labelled):
    """What became of a message."""

    UNREAD = "unread"
    KEPT = "kept"
    ANSWERED = "answered"
    SET_ASIDE = "set_aside"

    @classmethod
    def labels(cls) -> dict[str, Any]:
        return {
            "unread": lazy("To be read by a person"),
            "kept": lazy("Kept as a report"),
            "answered": lazy("Answered"),
            "set_aside": lazy("Set aside"),
        }


class SmsMessage(Base):
    """A message as it came, once by its gateway's id. ``corrected_text`` is what a person made of it.

    ``said`` is what the sender was answered. ``is_urgent``: about an incident or someone's safety.
    """

    __tablename__ = "sms_messages"

    id: Mapped[int] = mapped_column(primary_key=True)
    mission_id: Mapped[int] = mapped_column(sa.ForeignKey("missions.id"))
    gateway_id: Mapped[int] = mapped_column(sa.ForeignKey("sms_gateways.id"))
    message_id: Mapped[str] = mapped_column(sa.String(120))
    number: Mapped[str | None] = mapped_column(sa.String(40), info=PERSONAL)
    text: Mapped[str | None] = mapped_column(sa.Text, info=PERSONAL)
    corrected_text: Mapped[str | None] = mapped_column(sa.Text, info=PERSONAL)
    said: Mapped[str | None] = mapped_column(sa.String(500), info=PERSONAL)
    state: Mapped[MessageState] = mapped_column(one_of(MessageState), default=MessageState.UNREAD)
    is_urgent: Mapped[bool] = mapped_column(default=False)
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    received_at: Mapped[datetime] = mapped_column(UTCDateTime(), default=clock.now)
    appointment_id: Mapped[int | None] = mapped_column(sa.ForeignKey("appointments.id"), index=True)
    submission_id: Mapped[int | None] = mapped_column(sa.ForeignKey("submissions.id"), index=True)
    handled_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    handled_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    # Why it was set aside.
    reason: Mapped[str | None] = mapped_column(sa.String(500), info=PERSONAL)

    gateway: Mapped[SmsGateway] = relationship()
    appointment: Mapped[Appointment | None] = relationship()
    handled_by: Mapped[User | None] = relationship()

    __table_args__ = (
        sa.UniqueConstraint("gateway_id", "message_id"),
        sa.Index("ix_sms_messages_queue", "mission_id", "state", "received_at"),
    )

    # What the audit trail calls it: no number gets into it.
    def __str__(self) -> str:
        return f"№ {self.id}"
