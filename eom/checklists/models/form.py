"""Forms, their published versions and the files that they name."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eom.accounts.models import User
from eom.core import clock
from eom.core.db import Base, Stamped
from eom.core.i18n import lazy
from eom.core.storage import StoredFile
from eom.core.types import JSONDocument, Labelled, UTCDateTime, one_of


class FormKind(Labelled):
    """The stage of polling day that a form is about, or that something grave happened."""

    OPENING = "opening"
    VOTING = "voting"
    CLOSING = "closing"
    COUNTING = "counting"
    INCIDENT = "incident"
    OTHER = "other"

    @classmethod
    def labels(cls) -> dict[str, Any]:
        return {
            "opening": lazy("Opening"),
            "voting": lazy("Voting"),
            "closing": lazy("Closing"),
            "counting": lazy("Counting"),
            "incident": lazy("Critical incident"),
            "other": lazy("Other form"),
        }


class Form(Base, Stamped):
    """A checklist of a mission. ``form_id`` is the id written in the XLSForm, as devices know it."""

    __tablename__ = "forms"

    id: Mapped[int] = mapped_column(primary_key=True)
    mission_id: Mapped[int] = mapped_column(sa.ForeignKey("missions.id"), index=True)
    form_id: Mapped[str] = mapped_column(sa.String(255))
    kind: Mapped[FormKind] = mapped_column(one_of(FormKind), default=FormKind.OTHER)
    title: Mapped[str] = mapped_column(sa.String(255))
    # Changes with the mission's own rules for it; 0 as long as there are none.
    rules_mark: Mapped[int] = mapped_column(default=0, server_default="0")
    # A closed form is offered to nobody; what comes all the same is kept and marked.
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime())

    versions: Mapped[list[FormVersion]] = relationship(
        back_populates="form", order_by="FormVersion.id.desc()"
    )

    __table_args__ = (sa.UniqueConstraint("mission_id", "form_id"),)

    def __str__(self) -> str:
        return self.title

    @property
    def words(self) -> Any:
        """What the form is called in the reader's language; an own form has the one title it was given."""
        return called(self.kind, self.form_id, self.title)


def called(kind: FormKind | None, form_id: str, title: str) -> Any:
    """The words of a form: those of its stage for a standard checklist, else its title."""
    return kind.label if kind is not None and form_id == f"eom_{kind.value}" else title


class FormVersion(Base):
    """A form as published. Its XForm is served byte for byte and never changes.

    ``digest`` is the SHA-256 of the XForm without its version, so that the same questions are known again.
    """

    __tablename__ = "form_versions"
    # Its acts are recorded as such: its row never changes but for is_current and closed_at.
    __audited__ = False

    id: Mapped[int] = mapped_column(primary_key=True)
    form_id: Mapped[int] = mapped_column(sa.ForeignKey("forms.id"), index=True)
    version: Mapped[str] = mapped_column(sa.String(255))
    digest: Mapped[str] = mapped_column(sa.String(64))
    xform: Mapped[bytes] = mapped_column(sa.LargeBinary, deferred=True)
    # ``md5:…`` of exactly those bytes, as the form list tells it.
    xform_hash: Mapped[str] = mapped_column(sa.String(40))
    workbook_id: Mapped[int | None] = mapped_column(sa.ForeignKey("stored_files.id"))
    languages: Mapped[list[str]] = mapped_column(JSONDocument(), default=list)
    media: Mapped[list[str]] = mapped_column(JSONDocument(), default=list)
    question_count: Mapped[int] = mapped_column(default=0)
    published_at: Mapped[datetime] = mapped_column(UTCDateTime(), default=clock.now)
    published_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    is_current: Mapped[bool] = mapped_column(default=True)
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime())

    form: Mapped[Form] = relationship(back_populates="versions", lazy="joined", innerjoin=True)
    workbook: Mapped[StoredFile | None] = relationship()
    published_by: Mapped[User | None] = relationship()

    __table_args__ = (
        sa.UniqueConstraint("form_id", "version"),
        sa.Index(
            "uq_form_versions_current",
            "form_id",
            unique=True,
            sqlite_where=sa.text("is_current"),
            postgresql_where=sa.text("is_current"),
        ),
    )

    def __str__(self) -> str:
        return f"{self.form.title} {self.version}"

    @property
    def words(self) -> Any:
        """What its form is called in the reader's language."""
        return self.form.words

    @property
    def is_closed(self) -> bool:
        """Whether it, or its form with all versions, was closed."""
        return self.closed_at is not None or self.form.closed_at is not None


class FormDraft(Base, Stamped):
    """A checked XLSForm that nobody fills in yet; a form has one draft at most. Publishing ends it."""

    __tablename__ = "form_drafts"
    # Loading and publishing are recorded as acts, without the form itself.
    __audited__ = False

    id: Mapped[int] = mapped_column(primary_key=True)
    mission_id: Mapped[int] = mapped_column(sa.ForeignKey("missions.id"), index=True)
    form_id: Mapped[str] = mapped_column(sa.String(255))
    kind: Mapped[FormKind | None] = mapped_column(one_of(FormKind))
    title: Mapped[str] = mapped_column(sa.String(255))
    version: Mapped[str] = mapped_column(sa.String(255))
    digest: Mapped[str] = mapped_column(sa.String(64))
    xform: Mapped[bytes] = mapped_column(sa.LargeBinary, deferred=True)
    workbook_id: Mapped[int] = mapped_column(sa.ForeignKey("stored_files.id"))
    created_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))

    workbook: Mapped[StoredFile] = relationship(lazy="joined", innerjoin=True)
    created_by: Mapped[User | None] = relationship()

    __table_args__ = (sa.UniqueConstraint("mission_id", "form_id"),)

    def __str__(self) -> str:
        return f"{self.title} {self.version}"

    @property
    def words(self) -> Any:
        """What the form is called in the reader's language."""
        return called(self.kind, self.form_id, self.title)


class FormVersionFile(Base):
    """A file as a published version has it, for ever; those made for each person are not among them."""

    __tablename__ = "form_version_files"
    # Part of the publication, or of the gift of a file that was still missing.
    __audited__ = False

    version_id: Mapped[int] = mapped_column(sa.ForeignKey("form_versions.id"), primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(200), primary_key=True)
    stored_file_id: Mapped[int] = mapped_column(sa.ForeignKey("stored_files.id"))

    stored_file: Mapped[StoredFile] = relationship(lazy="joined", innerjoin=True)

    def __str__(self) -> str:
        return self.name


class FormFile(Base, Stamped):
    """A file that the forms of a mission name, as ``contenders.csv``; the same for everyone."""

    __tablename__ = "form_files"

    id: Mapped[int] = mapped_column(primary_key=True)
    mission_id: Mapped[int] = mapped_column(sa.ForeignKey("missions.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    stored_file_id: Mapped[int] = mapped_column(sa.ForeignKey("stored_files.id"))

    stored_file: Mapped[StoredFile] = relationship(lazy="joined", innerjoin=True)

    __table_args__ = (sa.UniqueConstraint("mission_id", "name"),)

    def __str__(self) -> str:
        return self.name
