"""What becomes of a sample: it is adopted or set aside, its stations are assigned, replacements stand in."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from eom.core import clock
from eom.core.errors import Conflict, InvalidInput, Refused
from eom.core.i18n import day, lazy
from eom.deployment.models import Assignment, Selection, Team, Visit
from eom.deployment.queries import samples as reading
from eom.deployment.sample_models import Sample, SampledStation, SampleState
from eom.deployment.services import assigning, teams
from eom.extensions import db
from eom.missions.models.mission import Mission
from eom.missions.models.process import Round
from eom.observers.models import Appointment
from eom.stations.queries import Areas


def adopt(sample: Sample) -> int:
    """Make a draft the sample of its round; assignments to its stations count as random. Returns how many do.

    Raises Refused for one that is no draft, Conflict when the round has one.
    """
    if sample.state is not SampleState.DRAFT:
        raise Refused(lazy("Only a draft can be adopted."))
    other = reading.adopted(db.session(), sample.round_id)
    if other is not None:
        raise Conflict(
            lazy("This polling day has the sample “%(name)s” already.", name=other.name), None,
            lazy("Set that one aside first, and say why."),
        )  # fmt: skip
    sample.state, sample.adopted_at = SampleState.ADOPTED, clock.now()
    return _select(sample, Selection.RANDOM)


def set_aside(sample: Sample, *, reason: str) -> None:
    """Say that a sample is not used, and why. It stays on the list; assignments are no longer random."""
    if sample.state is SampleState.SET_ASIDE:
        raise Refused(lazy("The sample is set aside already."))
    if not reason.strip():
        raise InvalidInput(lazy("Say why the sample is not used."), "reason")
    if sample.state is SampleState.ADOPTED:
        _select(sample, Selection.ASSIGNED)
    sample.state, sample.set_aside_because = SampleState.SET_ASIDE, reason.strip()
    db.session.flush()


def assign_sample(
    mission: Mission, sample: Sample, *, who: Appointment | Team, first_area: int | None = None,
    areas: Areas = None,
) -> int:  # fmt: skip
    """Assign stations of an adopted sample that nobody is assigned to yet, all or those of a first-level area, and of
    ``areas``.

    Returns how many assignments are new. Raises Refused for a sample that is not adopted, and as
    ``assigning.assign``.
    """
    _refuse_unadopted(sample)
    held = sa.select(Assignment.polling_station_id).where(Assignment.round_id == sample.round_id)
    taken = set(db.session.scalars(held))
    stations = [
        each
        for each in reading.stations_in_force(db.session(), sample, areas, first_area)
        if each.id not in taken
    ]
    what: dict[str, Any] = {
        "round_": db.session.get_one(Round, sample.round_id), "stations": stations,
        "selection": Selection.RANDOM,
    }  # fmt: skip
    if isinstance(who, Team):
        return teams.assign_team(mission, who, **what)
    return assigning.assign(mission, appointment=who, **what)


def use_replacement(sample: Sample, sampled: SampledStation, *, reason: str) -> SampledStation:
    """Let the next replacement of the same stratum or area stand in for a station; its assignments follow.

    Raises InvalidInput without a reason, Refused for a station that was visited, is a replacement in reserve or
    is replaced already, for a sample that is not adopted, and when no replacement is left.
    """
    _refuse_unadopted(sample)
    if not reason.strip():
        raise InvalidInput(lazy("Say why the station cannot be observed."), "reason")
    _refuse_irreplaceable(sample, sampled)
    found = reading.next_reserve(db.session(), sampled)
    if found is None:
        raise Refused(
            lazy("No replacement is left in this stratum."), "reason",
            lazy("Report the station as not observed: a station chosen by hand would end the random choice."),
        )  # fmt: skip
    found.replaces_id, found.reason = sampled.id, reason.strip()
    found.chance, found.weight = sampled.chance, sampled.weight
    _move_assignments(sample, sampled.polling_station_id, found.polling_station_id)
    db.session.flush()
    return found


def _refuse_unadopted(sample: Sample) -> None:
    if sample.state is not SampleState.ADOPTED:
        raise Refused(lazy("The sample must be adopted first."))


def _refuse_irreplaceable(sample: Sample, sampled: SampledStation) -> None:
    if sampled.is_replacement and sampled.replaces_id is None:
        raise Refused(lazy("This station is a replacement in reserve itself."), "reason")
    if reading.stand_in_of(db.session(), sampled) is not None:
        raise Refused(lazy("Another station stands in for this one already."), "reason")
    visit = db.session.scalar(
        sa.select(Visit).where(
            Visit.round_id == sample.round_id, Visit.polling_station_id == sampled.polling_station_id
        )
    )
    if visit is not None:
        raise Refused(
            lazy("A checklist came from this station on %(day)s.", day=day(visit.first_at.date())), "reason"
        )


def _select(sample: Sample, selection: Selection) -> int:
    """Mark the assignments to a sample's stations in its round."""
    own = sa.select(SampledStation.polling_station_id).where(
        SampledStation.sample_id == sample.id, reading.is_in_force()
    )
    found = db.session.scalars(
        sa.select(Assignment).where(
            Assignment.round_id == sample.round_id, Assignment.polling_station_id.in_(own)
        )
    ).all()
    for each in found:
        each.selection = selection
    db.session.flush()
    return len(found)


def _move_assignments(sample: Sample, old: int, new: int) -> None:
    """Whoever was to visit one station is to visit another in its place."""
    query = sa.select(Assignment).where(Assignment.round_id == sample.round_id)
    there = set(
        db.session.scalars(
            query.where(Assignment.polling_station_id == new).with_only_columns(Assignment.appointment_id)
        )
    )
    for each in db.session.scalars(query.where(Assignment.polling_station_id == old)).all():
        if each.appointment_id in there:
            db.session.delete(each)
        else:
            each.polling_station_id, each.selection = new, Selection.RANDOM
