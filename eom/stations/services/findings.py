"""Doubtful centres: found, mended by hand or found right, each with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from eom.core import audit, clock, events
from eom.core.errors import InvalidInput, Refused
from eom.core.i18n import lazy
from eom.extensions import db
from eom.missions.models.mission import Mission
from eom.stations import geography_points
from eom.stations.geography import Centre, Notice, Register
from eom.stations.geography_guess import share_inside
from eom.stations.geography_levels import Boundaries
from eom.stations.models import CentreFinding, FindingKind, FindingState, VotingCentre
from eom.stations.quality import Place, doubts
from eom.stations.services import rows

CHUNK = 5_000
FINDINGS: Any = CentreFinding.__table__
NAME_KINDS = frozenset({FindingKind.DUPLICATE, FindingKind.ALIKE})


def refresh(mission: Mission) -> int:
    """Look at every centre again: new doubts are added, open ones that are gone taken away; the open count.

    What was decided stays decided. These statements pass the audit listener by: nobody decides here.
    """
    session = db.session()
    found = {(each.centre_id, each.kind): each for each in doubts(_places(mission))}
    known = {
        (centre_id, kind): (id_, state)
        for id_, centre_id, kind, state in session.execute(
            sa.select(CentreFinding.id, CentreFinding.centre_id, CentreFinding.kind, CentreFinding.state)
            .where(CentreFinding.mission_id == mission.id)
        )
    }  # fmt: skip
    gone = [id_ for key, (id_, state) in known.items() if state is FindingState.OPEN and key not in found]
    for start in range(0, len(gone), CHUNK // 10):
        part = gone[start : start + CHUNK // 10]
        session.execute(sa.delete(CentreFinding).where(CentreFinding.id.in_(part)))
    now = clock.now()
    added = [
        {"mission_id": mission.id, "centre_id": each.centre_id, "kind": each.kind, "detail": each.detail,
         "state": FindingState.OPEN, "created_at": now}
        for key, each in found.items()
        if key not in known
    ]  # fmt: skip
    for start in range(0, len(added), CHUNK):
        session.execute(sa.insert(FINDINGS), added[start : start + CHUNK])
    session.expire_all()
    return sum(1 for key in found if key not in known or known[key][1] is FindingState.OPEN)


def _places(mission: Mission) -> list[Place]:
    columns = (
        VotingCentre.id, VotingCentre.name, VotingCentre.area_id, VotingCentre.latitude, VotingCentre.longitude,
        VotingCentre.is_abroad, VotingCentre.is_outside_area, VotingCentre.found_in,
    )  # fmt: skip
    found = db.session.execute(
        sa.select(*columns)
        .where(VotingCentre.mission_id == mission.id, VotingCentre.is_missing.is_(False))
        .order_by(VotingCentre.id)
    )
    return [Place(*row) for row in found]


def dismiss(finding: CentreFinding, *, reason: str, by: str) -> None:
    """Say that a centre is right as it is. Raises Refused for a finding that is decided."""
    _refuse_decided(finding)
    _decide([finding], FindingState.DISMISSED, reason, by)
    db.session.flush()


def mend(
    mission: Mission,
    finding: CentreFinding,
    levels: Mapping[int, Boundaries],
    *,
    name: str,
    latitude: float | None,
    longitude: float | None,
    reason: str,
    by: str,
) -> None:
    """Put a centre's name and position right by hand; every open finding about what was changed is mended.

    A newer file that says what this one said is mended the same way. Raises InvalidInput for a position that
    is none or outside the country, and when nothing is changed; Refused for a finding that is decided.
    """
    _refuse_decided(finding)
    centre = finding.centre
    before = _said(centre)
    after = {"name": " ".join(name.split()), "latitude": latitude, "longitude": longitude}
    _check(mission, centre, before, after)
    session = db.session()
    centre.name, centre.latitude, centre.longitude = str(after["name"]), latitude, longitude
    session.flush()
    rows.relocate(session, mission.id, mission.country, levels, only=centre.id)
    kinds = (
        set(FindingKind) - NAME_KINDS
        if after["latitude"] != before["latitude"] or after["longitude"] != before["longitude"]
        else set()
    )
    kinds |= NAME_KINDS if after["name"] != before["name"] else set()
    mended = [
        each
        for each in session.scalars(sa.select(CentreFinding).where(CentreFinding.centre_id == centre.id))
        if each.id == finding.id or (each.kind in kinds and each.state is FindingState.OPEN)
    ]
    for each in mended:
        each.before, each.after = before, after
    _decide(mended, FindingState.MENDED, reason, by)
    session.flush()
    events.stations_imported.send(mission, mission_id=mission.id)


def overlay(mission: Mission, register: Register) -> tuple[Register, list[Notice]]:
    """A register with the centres that were mended by hand mended again, where the file says what it said.

    Where it says something else by now the file holds, and a notice tells.
    """
    mended = db.session.execute(
        sa.select(VotingCentre.key, CentreFinding.before, CentreFinding.after)
        .join(CentreFinding.centre)
        .where(CentreFinding.mission_id == mission.id, CentreFinding.state == FindingState.MENDED)
        .order_by(CentreFinding.decided_at, CentreFinding.id)
    ).all()
    changes: dict[str, list[tuple[dict[str, Any], dict[str, Any]]]] = {}
    for key, before, after in mended:
        changes.setdefault(key, []).append((before, after))
    notices: list[Notice] = []
    centres = [
        _mended(each, changes[each.key], notices) if each.key in changes else each
        for each in register.centres
    ]
    return replace(register, centres=centres), notices


def _mended(
    centre: Centre, changes: list[tuple[dict[str, Any], dict[str, Any]]], notices: list[Notice]
) -> Centre:
    for before, after in changes:
        said = {"name": centre.name, "latitude": centre.latitude, "longitude": centre.longitude}
        if said == before:
            centre = replace(centre, **after)
        elif said != after:
            words = lazy(
                "“%(name)s” was mended by hand, but the file says something new: the file holds.",
                name=centre.name,
            )
            notices.append(Notice(centre.row, words))
    return centre


def _said(centre: VotingCentre) -> dict[str, Any]:
    return {"name": centre.name, "latitude": centre.latitude, "longitude": centre.longitude}


def _check(mission: Mission, centre: VotingCentre, before: dict[str, Any], after: dict[str, Any]) -> None:
    latitude, longitude = after["latitude"], after["longitude"]
    if not after["name"]:
        raise InvalidInput(lazy("A centre needs a name."), field="name")
    if (latitude is None) != (longitude is None):
        raise InvalidInput(lazy("Latitude and longitude go together."), field="longitude")
    if latitude is not None and not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise InvalidInput(
            lazy("Latitude is from -90 to 90 degrees, longitude from -180 to 180."), field="latitude"
        )
    box = geography_points.extent(mission.country)
    if (
        latitude is not None
        and box
        and not centre.is_abroad
        and not share_inside([(latitude, longitude)], box)
    ):
        raise InvalidInput(lazy("This point lies outside the country."), field="latitude")
    if after == before:
        raise InvalidInput(
            lazy("Nothing is changed: if the centre is right as it is, say so below."), field="latitude"
        )


def _refuse_decided(finding: CentreFinding) -> None:
    if finding.state is not FindingState.OPEN:
        raise Refused(lazy("This has been decided by %(name)s.", name=finding.decided_by or "?"))


def _decide(found: list[CentreFinding], state: FindingState, reason: str, by: str) -> None:
    reason = reason.strip()
    if not reason:
        raise InvalidInput(lazy("Give the reason."), field="reason")
    audit.because(db.session(), reason)
    for each in found:
        each.state, each.reason, each.decided_by, each.decided_at = state, reason[:500], by[:200], clock.now()
