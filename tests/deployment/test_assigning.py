"""Assigning people to stations: the rules, and what is said when one is broken."""

from __future__ import annotations

import pytest

from eom.core.errors import InvalidInput, Refused
from eom.deployment.models import Assignment
from eom.deployment.services import assigning
from eom.extensions import db
from eom.observers.models import AppointmentRole, AppointmentState
from tests.factories.observers import make_appointment
from tests.factories.stations import a_centre, a_station


def assign(mission, appointment, *stations):
    return assigning.assign(mission, round_=mission.rounds[0], appointment=appointment, stations=stations)


def test_someone_is_assigned_once(cast):
    one, other, person = a_station(cast.a), a_station(cast.a), make_appointment(cast.a)
    assert assign(cast.a, person, one) == 1
    assert assign(cast.a, person, one, other, other) == 1
    assert db.session.query(Assignment).count() == 2


@pytest.mark.parametrize(
    "values",
    [{"state": AppointmentState.WITHDRAWN}, {"role": AppointmentRole.DRIVER}],
    ids=["withdrawn", "driver"],
)
def test_who_does_not_observe_is_not_assigned(cast, values):
    person = make_appointment(cast.a)
    for name, value in values.items():
        setattr(person, name, value)
    with pytest.raises(Refused, match="does not observe"):
        assign(cast.a, person, a_station(cast.a))


def test_nothing_of_another_mission_is_taken(cast):
    with pytest.raises(Refused):
        assign(cast.a, make_appointment(cast.b), a_station(cast.a))
    with pytest.raises(Refused):
        assign(cast.a, make_appointment(cast.a), a_station(cast.b))


def test_stations_are_found_by_their_numbers(cast):
    a_station(cast.a, code="101")
    a_station(cast.a, code="102")
    a_station(cast.b, code="103")
    assert [each.code for each in assigning.stations_named(cast.a, "102, 101\n102")] == ["102", "101"]
    with pytest.raises(InvalidInput, match="103, 999"):
        assigning.stations_named(cast.a, "101 103;999")
    with pytest.raises(InvalidInput, match="at least one"):
        assigning.stations_named(cast.a, " ,\n")


def test_a_number_that_several_stations_have_is_not_guessed(cast):
    for name in ("x", "y"):
        a_station(cast.a, centre=a_centre(cast.a), code="1", key=f"{name}/1")
    with pytest.raises(InvalidInput, match="Several"):
        assigning.stations_named(cast.a, "1")
