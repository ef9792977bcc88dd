"""The files that a form names, made for the person who fills it: their own stations, the contenders."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eom.accounts.models import User
from eom.checklists.models.form import FormDraft, FormFile, FormVersion, FormVersionFile
from eom.checklists.models.submission import Submission
from eom.checklists.queries.app_users import Device
from eom.checklists.queries.forms import definition, drafts, newest_versions
from eom.core.errors import NotFound
from eom.core.i18n import _, lazy
from eom.core.storage import StoredFile
from eom.deployment.models import Assignment
from eom.missions.models.mission import Mission
from eom.observers.models import Appointment, AppointmentState, Person
from eom.stations.models import PollingStation, VotingCentre

STATIONS = "stations.csv"
CONTENDERS = "contenders.csv"
OTHER = "other"


class Store(Protocol):
    """Where the bytes of files lie."""

    def get(self, digest: str) -> bytes:
        """The bytes of a SHA-256."""


# Whose stations a form offers: an account's, or those of a person on the roster.
Holder = User | Device | Appointment


@dataclass(frozen=True)
class StationChoice:
    """A station that a person can choose in a form: ``value`` is the answer, ``label`` what is shown."""

    station_id: int
    value: str
    label: str


@dataclass(frozen=True)
class FormAttachment:
    """A file of a form as one person gets it."""

    name: str
    data: bytes
    content_type: str


def own_station_choices(session: Session, mission: Mission, user: Holder) -> list[StationChoice]:
    """The stations assigned to a person in any round of a mission, by code.

    The answer is the station's code; where several stations of the mission have it, ``code.id``.
    """
    rows = session.execute(
        sa.select(PollingStation.id, PollingStation.code, VotingCentre.name, VotingCentre.locality)
        .join(PollingStation.centre)
        .where(PollingStation.id.in_(_own(mission, user)))
        .order_by(PollingStation.code, PollingStation.id)
    ).all()
    shared = _shared_codes(session, mission, {row.code for row in rows})
    return [
        StationChoice(
            row.id,
            f"{row.code}.{row.id}" if row.code in shared else row.code,
            " · ".join(part for part in (row.code, row.name, row.locality) if part),
        )
        for row in rows
    ]


def own_stations(
    mission_id: int, *, user_id: int | None = None, person_id: int | None = None
) -> sa.Select[int]:
    """The ids of the stations assigned in a mission to a person: known by their account or themselves."""
    return (
        sa.select(Assignment.polling_station_id)
        .join(Appointment, Appointment.id == Assignment.appointment_id)
        .join(Person, Person.id == Appointment.person_id)
        .where(
            Assignment.mission_id == mission_id,
            Appointment.state != AppointmentState.WITHDRAWN,
            Person.user_id == user_id if person_id is None else Person.id == person_id,
        )
    )


def attachment_for(
    session: Session,
    store: Store,
    version: FormVersion,
    name: str,
    user: Holder,
    also: Submission | None = None,
) -> FormAttachment:
    """A file that a version names, for one person. Raises NotFound when it is not named or not there.

    ``stations.csv`` holds the person's own stations, ``contenders.csv`` the mission's list; both end with
    the row ``other``. The station of a report that is corrected (``also``) is among the stations.
    """
    if name not in version.media:
        raise _not_named(name)
    mission = session.get_one(Mission, version.form.mission_id)
    made = _made(session, store, mission, name, user, also)
    return made or _stored(store, name, files_of_version(session, version).get(name))


def draft_attachment(
    session: Session, store: Store, draft: FormDraft, name: str, user: Holder
) -> FormAttachment:
    """A file that a draft names, as the mission has it now. Raises NotFound as ``attachment_for``."""
    if name not in definition(draft).media:
        raise _not_named(name)
    mission = session.get_one(Mission, draft.mission_id)
    kept = _file(session, mission, name)
    return _made(session, store, mission, name, user) or _stored(
        store, name, kept.stored_file if kept else None
    )


def attachments_for(
    session: Session, store: Store, version: FormVersion, user: Holder
) -> list[FormAttachment]:
    """Every file that a version names and has, for one person."""
    mission = session.get_one(Mission, version.form.mission_id)
    files = files_of_version(session, version)
    found = []
    for name in version.media:
        made = _made(session, store, mission, name, user)
        if made is not None:
            found.append(made)
        elif name in files:
            found.append(_stored(store, name, files[name]))
    return found


def files_of_mission(session: Session, mission: Mission) -> list[FormFile]:
    """The files that a mission was given for its forms, by name."""
    query = sa.select(FormFile).where(FormFile.mission_id == mission.id).order_by(FormFile.name)
    return list(session.scalars(query))


def missing_of(session: Session, mission: Mission, media: Iterable[str]) -> list[str]:
    """Which of the files that a form names the mission has not been given."""
    asked = [name for name in media if name not in (STATIONS, CONTENDERS)]
    if not asked:
        return []
    query = sa.select(FormFile.name).where(FormFile.mission_id == mission.id, FormFile.name.in_(asked))
    there = set(session.scalars(query))
    return [name for name in asked if name not in there]


def missing_in(session: Session, mission: Mission) -> dict[str, list[str]]:
    """The files that drafts and the newest versions name and the mission lacks, with the forms that name them."""
    named: dict[str, list[str]] = {}
    forms = [(str(each), definition(each).media) for each in drafts(session, mission)]
    forms += [(str(each), tuple(each.media)) for each in newest_versions(session, mission)]
    for each, media in forms:
        for name in media:
            named.setdefault(name, []).append(each)
    return {name: named[name] for name in missing_of(session, mission, named)}


def _made(
    session: Session, store: Store, mission: Mission, name: str, user: Holder, also: Submission | None = None
) -> FormAttachment | None:
    """A list that is made for the person who asks; None for every other file."""
    if name == STATIONS:
        choices = [(each.value, each.label) for each in own_station_choices(session, mission, user)]
        said = (also.station_answer if also else None) or ""
        if also is not None and also.polling_station is not None and said not in dict(choices):
            choices.append((said, f"{also.polling_station.code} · {also.polling_station.centre.name}"))
        return _list(name, [*choices, (OTHER, _("Another station"))])
    if name == CONTENDERS:
        listed = list(contenders(session, store, mission).items())
        return _list(name, [*listed, (OTHER, _("Another party or candidate"))])
    return None


def _stored(store: Store, name: str, file: StoredFile | None) -> FormAttachment:
    if file is None:
        raise NotFound(lazy("The mission has not been given the file “%(name)s” yet.", name=name[:100]))
    return FormAttachment(name, store.get(file.sha256), file.content_type)


def _not_named(name: str) -> NotFound:
    return NotFound(lazy("This form names no file “%(name)s”.", name=name[:100]))


def files_of_version(session: Session, version: FormVersion) -> dict[str, StoredFile]:
    """The files of a published version by name, as they will always be."""
    query = sa.select(FormVersionFile).where(FormVersionFile.version_id == version.id)
    return {each.name: each.stored_file for each in session.scalars(query)}


def contenders(session: Session, store: Store, mission: Mission) -> dict[str, str]:
    """The parties or candidates of a mission as given with ``attach``: label by code, ``other`` left out."""
    kept = _file(session, mission, CONTENDERS)
    if kept is None:
        return {}
    rows = csv.DictReader(io.StringIO(store.get(kept.stored_file.sha256).decode("utf-8"), newline=""))
    return {row["name"]: row["label"] for row in rows if row["name"] != OTHER}


def list_csv(rows: Iterable[tuple[str, str]]) -> bytes:
    """Codes and labels as the csv that a device reads (no byte-order mark, no spreadsheet's guards)."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("name", "label"))
    writer.writerows(rows)
    return out.getvalue().encode("utf-8")


def _own(mission: Mission, holder: Holder) -> sa.Select[int]:
    if isinstance(holder, User):
        return own_stations(mission.id, user_id=holder.id)
    return own_stations(mission.id, person_id=holder.person_id)


def _shared_codes(session: Session, mission: Mission, codes: set[str]) -> set[str]:
    query = (
        sa.select(PollingStation.code)
        .where(PollingStation.mission_id == mission.id, PollingStation.code.in_(codes))
        .group_by(PollingStation.code)
        .having(sa.func.count() > 1)
    )
    return set(session.scalars(query))


def _file(session: Session, mission: Mission, name: str) -> FormFile | None:
    return session.scalar(sa.select(FormFile).where(FormFile.mission_id == mission.id, FormFile.name == name))


def _list(name: str, rows: list[tuple[str, str]]) -> FormAttachment:
    return FormAttachment(name, list_csv(rows), "text/csv")
