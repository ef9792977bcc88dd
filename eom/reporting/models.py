"""Annual reports: drafts that may be taken anew, and issued ones that never change."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eom.core.db import Base, Stamped
from eom.core.storage import StoredFile
from eom.core.types import UTCDateTime, one_of
from eom.reporting.annual.kinds import ReportStatus


class AnnualReport(Base, Stamped):
    """The report of a fiscal year. ``snapshot`` is the canonical JSON whose SHA-256 is ``sha256``.

    Revision 0 is the first; a later correction is revision 1, 2, … with its reason.
    """

    __tablename__ = "annual_reports"
    # The trail tells that the snapshot changed; what it says is in the row itself, by its hash.
    __audit_secret__ = frozenset({"snapshot"})

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column()
    revision: Mapped[int] = mapped_column()
    status: Mapped[ReportStatus] = mapped_column(
        # The state before a change must be known, also when the row was not read yet.
        one_of(ReportStatus),
        default=ReportStatus.DRAFT,
        active_history=True,
    )
    reason: Mapped[str | None] = mapped_column(sa.String(500))
    snapshot: Mapped[str] = mapped_column(sa.Text)
    sha256: Mapped[str] = mapped_column(sa.String(64))
    prepared_by: Mapped[str] = mapped_column(sa.String(200))
    prepared_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    prepared_at: Mapped[datetime] = mapped_column(UTCDateTime())
    reviewed_by: Mapped[str | None] = mapped_column(sa.String(200))
    reviewed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    reviewed_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    issued_by: Mapped[str | None] = mapped_column(sa.String(200))
    issued_at: Mapped[datetime | None] = mapped_column(UTCDateTime())

    files: Mapped[list[AnnualReportFile]] = relationship(
        back_populates="report", order_by="AnnualReportFile.language", lazy="selectin"
    )

    __table_args__ = (
        sa.UniqueConstraint("year", "revision"),
        sa.CheckConstraint("revision >= 0", name="revision_counts_from_nil"),
        sa.CheckConstraint("length(sha256) = 64", name="hash_is_whole"),
        sa.CheckConstraint("status = 'draft' OR reviewed_at IS NOT NULL", name="reviewed_by_someone"),
        sa.CheckConstraint("status <> 'issued' OR issued_at IS NOT NULL", name="issued_by_someone"),
        sa.CheckConstraint(
            "reviewed_by_id IS NULL OR prepared_by_id IS NULL OR reviewed_by_id <> prepared_by_id",
            name="two_different_people",
        ),
    )

    def __str__(self) -> str:
        return f"{self.year} r{self.revision}"

    @property
    def is_issued(self) -> bool:
        """Whether it is final."""
        return self.status is ReportStatus.ISSUED


class AnnualReportFile(Base, Stamped):
    """The workbook of an issued report in a language, as it was issued."""

    __tablename__ = "annual_report_files"

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(sa.ForeignKey("annual_reports.id"), index=True)
    language: Mapped[str] = mapped_column(sa.String(5))
    file_id: Mapped[int] = mapped_column(sa.ForeignKey("stored_files.id"), index=True)

    report: Mapped[AnnualReport] = relationship(back_populates="files")
    file: Mapped[StoredFile] = relationship(lazy="joined", innerjoin=True)

    __table_args__ = (sa.UniqueConstraint("report_id", "language"),)

    def __str__(self) -> str:
        return self.language


class ReportIsFinal(RuntimeError):
    """Something tried to change or delete an issued report."""


def _refuse_change(_mapper: object, _connection: object, target: AnnualReport) -> None:
    state = sa.inspect(target)
    changed = any(state.attrs[column.key].history.has_changes() for column in state.mapper.column_attrs)
    before = state.attrs.status.history.deleted
    if changed and (before[0] if before else target.status) is ReportStatus.ISSUED:
        raise ReportIsFinal("an issued report never changes: make a revision")


def _refuse_loss(_mapper: object, _connection: object, target: AnnualReport) -> None:
    if target.is_issued:
        raise ReportIsFinal("an issued report is never deleted")


def _refuse(_mapper: object, _connection: object, _target: AnnualReportFile) -> None:
    raise ReportIsFinal("an issued report's files never change: make a revision")


sa.event.listen(AnnualReport, "before_update", _refuse_change)
sa.event.listen(AnnualReport, "before_delete", _refuse_loss)
for _event in ("before_update", "before_delete"):
    sa.event.listen(AnnualReportFile, _event, _refuse)


@sa.event.listens_for(orm.Session, "do_orm_execute")
def _refuse_bulk(state: orm.ORMExecuteState) -> None:
    changes = state.is_update or state.is_delete
    if changes and state.bind_mapper and state.bind_mapper.class_ in (AnnualReport, AnnualReportFile):
        raise ReportIsFinal("annual reports are changed one by one, through their services")
