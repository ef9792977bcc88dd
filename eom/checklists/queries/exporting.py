"""Submissions for a file: which, how many, and their rows in batches as the database gives them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, undefer

from eom.accounts.models import User
from eom.checklists.models.form import Form, FormVersion
from eom.checklists.models.submission import Submission, SubmissionAttachment, SubmissionDocument
from eom.checklists.queries import listing
from eom.checklists.queries.forms import definition
from eom.checklists.xlsform_form import PublishedForm
from eom.core.db import get_in
from eom.core.storage import StoredFile
from eom.missions.models.mission import Mission
from eom.missions.models.process import Round
from eom.stations.models import Area, PollingStation, VotingCentre

# What is made of so many lies in a processor's own memory: four times as many take half as long again.
BATCH = 500
# What does not narrow a list of one form's submissions.
_NO_FILTERS = ("form", "format", "page", "sort")
Chosen = sa.Select[Any]


def form_in(session: Session, mission: Mission, form_id: int) -> Form:
    """A form of a mission. Raises NotFound, also for another mission's."""
    return get_in(session, Form, form_id, mission_id=mission.id)


def chosen(
    session: Session, mission: Mission, form: Form, filters: Mapping[str, str], *, own_of: User | None = None,
    areas: Collection[int] = (),
) -> Chosen:  # fmt: skip
    """The submissions of a form that the list of submissions shows with the same filters and search.

    Raises InvalidInput for an unknown choice of a filter.
    """
    whole = listing.submissions(session, mission, str, own_of=own_of, areas=areas)
    return whole.narrowed(_kept(filters)).where(Submission.form_id == form.id)


def _kept(filters: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in filters.items() if name not in _NO_FILTERS}


def count(session: Session, query: Chosen, *, placed: bool = False) -> int:
    """How many there are; ``placed`` counts those with a position."""
    counted = query.with_only_columns(sa.func.count(), maintain_column_froms=True).order_by(None)
    return session.scalar(counted.where(Submission.longitude.is_not(None)) if placed else counted) or 0


def counts(
    session: Session, mission: Mission, filters: Mapping[str, str], *, own_of: User | None = None,
    areas: Collection[int] = (),
) -> dict[int, int]:  # fmt: skip
    """How many submissions of each form the list shows with some filters, by the form's id."""
    whole = listing.submissions(session, mission, str, own_of=own_of, areas=areas)
    query = whole.counted(_kept(filters))
    rows = session.execute(
        query.with_only_columns(Submission.form_id, sa.func.count(), maintain_column_froms=True)
        .order_by(None)
        .group_by(Submission.form_id)
    )
    return {row[0]: row[1] for row in rows}


def languages(session: Session, mission: Mission) -> list[str]:
    """Every language that a form of a mission has labels in, as the forms call them."""
    query = sa.select(FormVersion.languages).join(FormVersion.form).where(Form.mission_id == mission.id)
    return list(dict.fromkeys(each for found in session.scalars(query) for each in found))


def definitions(session: Session, form: Form) -> list[PublishedForm]:
    """Every version of a form, the newest first."""
    query = (
        sa.select(FormVersion)
        .where(FormVersion.form_id == form.id)
        .options(undefer(FormVersion.xform))
        .order_by(FormVersion.id.desc())
    )
    return [definition(each) for each in session.scalars(query)]


def names_of_versions(session: Session, form: Form) -> dict[int, str]:
    """What the versions of a form call themselves, by id."""
    query = sa.select(FormVersion.id, FormVersion.version).where(FormVersion.form_id == form.id)
    return {row.id: row.version for row in session.execute(query)}


def days_of_rounds(session: Session, mission: Mission) -> dict[int, str]:
    """The polling days of a mission as ISO dates, by the id of the round."""
    query = sa.select(Round.id, Round.polling_on).where(Round.mission_id == mission.id)
    return {id_: day.isoformat() for id_, day in session.execute(query)}


def names_of_areas(session: Session, mission: Mission) -> dict[int, str]:
    """The first-level areas and countries abroad of a mission in the reader's words, by id."""
    heard = sa.select(VotingCentre.first_area_id).where(VotingCentre.mission_id == mission.id)
    return {area.id: area.words for area in session.scalars(sa.select(Area).where(Area.id.in_(heard)))}


def batches(session: Session, query: Chosen, columns: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """Rows of columns in the order of reception, some thousand at a time, through the database's own cursor."""
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    statement = query.with_only_columns(*columns, maintain_column_froms=True).order_by(None)
    if is_sqlite:
        statement = _by_ids(query, columns)
    statement = statement.order_by(Submission.id)
    # Rows of plain values from the connection, not objects of the session: these are many.
    result = session.connection().execute(statement, execution_options={"yield_per": BATCH})
    with result:
        parts = result.partitions(BATCH)
        yield from parts if is_sqlite else _fetched_ahead(parts)


def _fetched_ahead(parts: Iterator[Sequence[Any]]) -> Iterator[Sequence[Any]]:
    """The same parts; the server makes the next one while the last is worked on."""
    with ThreadPoolExecutor(1) as beside:
        coming = beside.submit(next, parts, None)
        while (part := coming.result()) is not None:
            coming = beside.submit(next, parts, None)
            yield part


def _by_ids(query: Chosen, columns: Sequence[Any]) -> Chosen:
    """The same rows for SQLite, which would sort whole rows: this way ids, then the table in its own order."""
    ids = query.with_only_columns(Submission.id, maintain_column_froms=True).order_by(None)
    return (
        sa.select(*columns)
        .select_from(Submission)
        .outerjoin(Submission.submitted_by)
        .outerjoin(Submission.polling_station)
        .outerjoin(PollingStation.centre)
        .where(Submission.id.in_(ids))
    )


def text_of(session: Session, column: Any) -> Any:
    """A JSON document or an enumeration as the text that the database holds."""
    if session.get_bind().dialect.name == "postgresql":
        return sa.cast(column, sa.Text)
    return sa.type_coerce(column, sa.Text)


def instant_of(session: Session, column: Any) -> Any:
    """An instant as ISO 8601 in UTC with milliseconds, made by the database."""
    if session.get_bind().dialect.name == "postgresql":
        return sa.func.to_char(sa.func.timezone("UTC", column), 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
    text = sa.type_coerce(column, sa.Text)
    return sa.func.replace(sa.func.substr(text, 1, 23), " ", "T", type_=sa.Text) + "Z"


def documents_of(session: Session, ids: Collection[int]) -> dict[int, bytes]:
    """The XML of submissions as sent, by id."""
    rows = session.connection().execute(
        sa.select(SubmissionDocument.submission_id, SubmissionDocument.xml).where(
            SubmissionDocument.submission_id.in_(ids)
        )
    )
    return {id_: bytes(xml) for id_, xml in rows}


def files_of(session: Session, ids: Collection[int]) -> dict[int, list[tuple[str, str, str]]]:
    """The files of submissions by id: (name, SHA-256, content type)."""
    rows = session.connection().execute(
        sa.select(SubmissionAttachment.submission_id, SubmissionAttachment.name, StoredFile.sha256,
                  StoredFile.content_type)
        .join(StoredFile, StoredFile.id == SubmissionAttachment.stored_file_id)
        .where(SubmissionAttachment.submission_id.in_(ids))
        .order_by(SubmissionAttachment.id)
    )  # fmt: skip
    found: dict[int, list[tuple[str, str, str]]] = {}
    for submission_id, name, digest, content_type in rows:
        found.setdefault(submission_id, []).append((name, digest, content_type))
    return found


STATION_CODE = sa.func.coalesce(PollingStation.code, Submission.station_answer)
CENTRE = VotingCentre.name
AREA = VotingCentre.first_area_id
OBSERVER = User.name
