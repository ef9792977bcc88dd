"""Submissions as sent, their files, and what contradicts them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.associationproxy import AssociationProxy, association_proxy
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eom.accounts.models import User
from eom.checklists.models.form import Form, FormVersion
from eom.core import clock
from eom.core.db import Base
from eom.core.i18n import lazy
from eom.core.privacy import DataClass, classed
from eom.core.storage import StoredFile
from eom.core.types import JSONDocument, Labelled, UTCDateTime, one_of
from eom.stations.models import PollingStation


class SubmissionState(Labelled):
    """How far the review of a submission is."""

    RECEIVED = "received"
    CHECKED = "checked"
    APPROVED = "approved"
    REJECTED = "rejected"
    TO_CORRECT = "to_correct"

    @classmethod
    def labels(cls) -> dict[str, Any]:
        return {
            "received": lazy("Received"),
            "checked": lazy("Checked"),
            "approved": lazy("Approved"),
            "rejected": lazy("Rejected"),
            "to_correct": lazy("To be corrected"),
        }


class Finding(Labelled):
    """What is noted about a submission besides its form's own rules (``openrosa_checks.Rule``)."""

    STATION_UNKNOWN = "station_unknown"
    STATION_AMBIGUOUS = "station_ambiguous"
    STATION_MISSING = "station_missing"
    BEFORE_POLLING = "before_polling"
    OLD_VERSION = "old_version"
    CLOSED_VERSION = "closed_version"
    UNNAMED_FILE = "unnamed_file"

    @classmethod
    def labels(cls) -> dict[str, Any]:
        return {
            "station_unknown": lazy("The mission’s register holds no such polling station"),
            "station_ambiguous": lazy("Several polling stations have this code"),
            "station_missing": lazy("The polling station is not stated"),
            "before_polling": lazy("Filled before the first polling day, so it counts for none"),
            "old_version": lazy("Filled in a version that had been replaced"),
            "closed_version": lazy("Came after its form or version had been closed"),
            "unnamed_file": lazy("A file came that the answers do not name"),
        }


class Submission(Base):
    """A filled form as sent, known by its form and instance id; its XML is kept exactly.

    ``answers`` are the typed answers by question key (``openrosa_answers``), ``flags`` dictionaries of
    rule, question, value and row. An edit is a row of its own that names what it replaces.
    """

    __tablename__ = "submissions"
    # The reception is recorded as an act, without the answers.
    __audited__ = False

    id: Mapped[int] = mapped_column(primary_key=True)
    mission_id: Mapped[int] = mapped_column(sa.ForeignKey("missions.id"))
    form_id: Mapped[int] = mapped_column(sa.ForeignKey("forms.id"))
    form_version_id: Mapped[int] = mapped_column(sa.ForeignKey("form_versions.id"))
    instance_id: Mapped[str] = mapped_column(sa.String(255))
    instance_name: Mapped[str | None] = mapped_column(sa.String(300))
    replaces_id: Mapped[int | None] = mapped_column(sa.ForeignKey("submissions.id"), unique=True)
    is_current: Mapped[bool] = mapped_column(default=True)
    polling_station_id: Mapped[int | None] = mapped_column(sa.ForeignKey("polling_stations.id"), index=True)
    # The station as answered, also when the register does not hold it.
    station_answer: Mapped[str | None] = mapped_column(sa.String(200))
    round_id: Mapped[int | None] = mapped_column(sa.ForeignKey("rounds.id"))
    submitted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    # The device with a key of its own that sent it, if one did.
    app_user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("app_users.id"))
    # Who typed it in for the one who sent it: a report by telephone, or a correction by headquarters.
    entered_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    by_telephone: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    by_sms: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    device_id: Mapped[str | None] = mapped_column(sa.String(255), info=classed(DataClass.PERSONAL))
    language: Mapped[str] = mapped_column(sa.String(5), default="en")
    started_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    received_at: Mapped[datetime] = mapped_column(UTCDateTime(), default=clock.now)
    # Degrees (WGS 84) and metres, from the first position among the answers.
    latitude: Mapped[float | None] = mapped_column(info=classed(DataClass.PERSONAL))
    longitude: Mapped[float | None] = mapped_column(info=classed(DataClass.PERSONAL))
    accuracy: Mapped[float | None] = mapped_column(info=classed(DataClass.PERSONAL))
    sha256: Mapped[str] = mapped_column(sa.String(64))
    answers: Mapped[dict[str, Any]] = mapped_column(JSONDocument(), default=dict, deferred=True)
    flags: Mapped[list[dict[str, Any]]] = mapped_column(JSONDocument(), default=list)
    flag_count: Mapped[int] = mapped_column(default=0)
    # The files that the XML names; complete when all of them are held.
    files_named: Mapped[list[str]] = mapped_column(JSONDocument(), default=list)
    is_complete: Mapped[bool] = mapped_column(default=True)
    state: Mapped[SubmissionState] = mapped_column(one_of(SubmissionState), default=SubmissionState.RECEIVED)

    document: Mapped[SubmissionDocument] = relationship(back_populates="submission")
    xml: AssociationProxy[bytes] = association_proxy(
        "document", "xml", creator=lambda xml: SubmissionDocument(xml=xml)
    )
    form: Mapped[Form] = relationship()
    version: Mapped[FormVersion] = relationship()
    polling_station: Mapped[PollingStation | None] = relationship()
    submitted_by: Mapped[User | None] = relationship(foreign_keys=submitted_by_id)
    entered_by: Mapped[User | None] = relationship(foreign_keys=entered_by_id)
    replaces: Mapped[Submission | None] = relationship(remote_side=[id])
    attachments: Mapped[list[SubmissionAttachment]] = relationship(
        back_populates="submission", order_by="SubmissionAttachment.id"
    )
    conflicts: Mapped[list[SubmissionConflict]] = relationship(
        back_populates="submission", order_by="SubmissionConflict.id"
    )

    __table_args__ = (
        sa.UniqueConstraint("form_id", "instance_id"),
        # They hold all that lists and charts count, sort and narrow by: no row is read for that.
        sa.Index(
            "ix_submissions_received",
            "mission_id",
            "is_current",
            "received_at",
            "id",
            "state",
            "form_id",
            "flag_count",
            "submitted_by_id",
            "polling_station_id",
        ),
        sa.Index(
            "ix_submissions_of_form", "form_id", "is_current", "id", "state", "polling_station_id", "round_id"
        ),
        sa.Index("ix_submissions_submitted_by_id", "submitted_by_id", "mission_id", "is_current"),
        sa.CheckConstraint("latitude IS NULL OR latitude BETWEEN -90 AND 90", name="latitude_on_earth"),
        sa.CheckConstraint("longitude IS NULL OR longitude BETWEEN -180 AND 180", name="longitude_on_earth"),
    )

    def __str__(self) -> str:
        return self.instance_name or self.instance_id


class SubmissionDocument(Base):
    """The XML of a submission exactly as it was sent.

    It has a table of its own: whoever counts or lists submissions would read over it otherwise, and it is
    larger than all the rest of them.
    """

    __tablename__ = "submission_documents"
    __audited__ = False

    submission_id: Mapped[int] = mapped_column(sa.ForeignKey("submissions.id"), primary_key=True)
    xml: Mapped[bytes] = mapped_column(sa.LargeBinary)

    submission: Mapped[Submission] = relationship(back_populates="document")

    def __str__(self) -> str:
        return f"№ {self.submission_id}"


class SubmissionAttachment(Base):
    """A file of a submission. The first of a name stays; ``is_named`` says whether the XML names it."""

    __tablename__ = "submission_attachments"
    __audited__ = False

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(sa.ForeignKey("submissions.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(255))
    stored_file_id: Mapped[int] = mapped_column(sa.ForeignKey("stored_files.id"))
    is_named: Mapped[bool] = mapped_column(default=True)
    received_at: Mapped[datetime] = mapped_column(UTCDateTime(), default=clock.now)

    submission: Mapped[Submission] = relationship(back_populates="attachments")
    stored_file: Mapped[StoredFile] = relationship(lazy="joined", innerjoin=True)

    __table_args__ = (sa.UniqueConstraint("submission_id", "name"),)

    def __str__(self) -> str:
        return self.name


class SubmissionConflict(Base):
    """Other content under an identity that is taken: kept apart, the first is never overwritten.

    ``name`` is the file's name, or empty for another XML; the bytes lie in the store.
    """

    __tablename__ = "submission_conflicts"
    __audited__ = False

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(sa.ForeignKey("submissions.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(255), default="")
    sha256: Mapped[str] = mapped_column(sa.String(64))
    stored_file_id: Mapped[int] = mapped_column(sa.ForeignKey("stored_files.id"))
    submitted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    received_at: Mapped[datetime] = mapped_column(UTCDateTime(), default=clock.now)

    submission: Mapped[Submission] = relationship(back_populates="conflicts")
    stored_file: Mapped[StoredFile] = relationship(lazy="joined", innerjoin=True)
    submitted_by: Mapped[User | None] = relationship()

    __table_args__ = (sa.UniqueConstraint("submission_id", "name", "sha256"),)

    def __str__(self) -> str:
        return self.name or "XML"
