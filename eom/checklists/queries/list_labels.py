"""What the codes of attached lists mean: the stations, the contenders, and the lists that a mission brought."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eom.checklists.models.form import Form, FormVersion, FormVersionFile
from eom.checklists.queries.media import CONTENDERS, OTHER, STATIONS, Store, contenders
from eom.core.i18n import _
from eom.core.storage import StoredFile
from eom.missions.models.mission import Mission
from eom.stations.models import PollingStation, VotingCentre

Labels = dict[str, str]


def labels_of_lists(session: Session, store: Store, mission: Mission, form: Form) -> Mapping[str, Labels]:
    """The labels by code of every list that some version of a form names, by the name of its file."""
    query = sa.select(FormVersion.media).where(FormVersion.form_id == form.id)
    named = {name for media in session.scalars(query) for name in media}
    found = _attached(session, store, form)
    if STATIONS in named:
        found[STATIONS] = _stations(session, mission)
    if CONTENDERS in named:
        found[CONTENDERS] = {
            **contenders(session, store, mission),
            OTHER: _("Another party or candidate"),
        }
    return found


def _stations(session: Session, mission: Mission) -> Labels:
    """Every station of a mission as a form offers it: by code, or ``code.id`` where several have the code."""
    query = (
        sa.select(PollingStation.id, PollingStation.code, VotingCentre.name)
        .join(PollingStation.centre)
        .where(PollingStation.mission_id == mission.id)
    )
    rows = session.execute(query).all()
    times = Counter(row.code for row in rows)
    labels = {
        f"{row.code}.{row.id}" if times[row.code] > 1 else row.code: f"{row.code} · {row.name}"
        for row in rows
    }
    return {**labels, OTHER: _("Another station")}


def _attached(session: Session, store: Store, form: Form) -> dict[str, Labels]:
    """The lists (csv with ``name`` and ``label``) of a form's versions, as the newest has them."""
    query = (
        sa.select(FormVersionFile.name, StoredFile.sha256)
        .join(StoredFile, StoredFile.id == FormVersionFile.stored_file_id)
        .join(FormVersion, FormVersion.id == FormVersionFile.version_id)
        .where(FormVersion.form_id == form.id, FormVersionFile.name.like("%.csv"))
        .order_by(FormVersion.id.desc())
    )
    found: dict[str, Labels] = {}
    for name, digest in dict.fromkeys((row.name, row.sha256) for row in session.execute(query)):
        known = found.setdefault(name, {})
        text = store.get(digest).decode("utf-8-sig", "replace")
        for row in csv.DictReader(io.StringIO(text, newline="")):
            if row.get("name") and row.get("label"):
                known.setdefault(row["name"], row["label"])
    return found
