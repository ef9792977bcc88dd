"""Vehicles and their seats; things that go out and come back."""

from __future__ import annotations

from datetime import date

import pytest

from eom.core.errors import Conflict, InvalidInput, NotFound, Refused
from eom.extensions import db
from eom.logistics.queries import board
from eom.logistics.services import fleet
from eom.observers.models import AppointmentRole
from tests.factories.deployment import a_team
from tests.factories.logistics import DAY, a_driver, a_thing, a_vehicle
from tests.factories.missions import make_mission
from tests.factories.observers import make_appointment


@pytest.fixture
def bolivia(app):
    return make_mission("BOL-2019")


def test_a_team_and_a_hired_driver_need_seats(bolivia):
    team = a_team(bolivia, *[make_appointment(bolivia) for _each in range(4)])
    driver = a_driver(bolivia)
    with pytest.raises(Refused, match=r"“Norte 1” and its driver need 5 seats; there are 4") as refused:
        a_vehicle(bolivia, seats=4, team_id=team.id, driver_id=driver.id)
    assert refused.value.field == "seats"
    assert a_vehicle(bolivia, seats=4, team_id=team.id).id
    assert a_vehicle(bolivia, seats=2, team_id=team.id, driver_id=driver.id).id, (
        "two vehicles carry it together"
    )


def test_a_driver_in_the_team_has_a_seat_already(bolivia):
    people = [make_appointment(bolivia), make_appointment(bolivia, "BOL", role=AppointmentRole.DRIVER)]
    team = a_team(bolivia, *people)
    vehicle = a_vehicle(bolivia, seats=2, team_id=team.id, driver_id=a_driver(bolivia).id)
    found = board.board(db.session(), bolivia, DAY)
    assert vehicle.seats == 2
    assert found.vehicles == {"driver": 0, "team": 0, "seats": 0}


def test_a_team_that_grew_stands_on_the_board(bolivia):
    from eom.deployment.services import teams

    people = [make_appointment(bolivia) for _each in range(3)]
    team = a_team(bolivia, *people[:2])
    a_vehicle(bolivia, seats=2, team_id=team.id)
    a_vehicle(bolivia)
    teams.edit_team(bolivia, team, name=team.name, members=[each.id for each in people])
    assert board.board(db.session(), bolivia, DAY).vehicles == {"driver": 2, "team": 1, "seats": 1}


def test_plates_are_written_one_way_and_once(bolivia):
    assert a_vehicle(bolivia, plate=" 1234  abc ").plate == "1234 ABC"
    with pytest.raises(Conflict, match="1234 ABC"):
        a_vehicle(bolivia, plate="1234 ABC")


def test_a_dissolved_team_and_a_driver_taken_away_leave_the_vehicle(bolivia):
    from eom.deployment.services import teams

    team, driver = a_team(bolivia, make_appointment(bolivia)), a_driver(bolivia)
    vehicle = a_vehicle(bolivia, team_id=team.id, driver_id=driver.id)
    teams.remove_team(team)
    fleet.remove_driver(driver)
    db.session.expire_all()
    assert (vehicle.team_id, vehicle.driver_id) == (None, None)


def test_teams_and_drivers_of_another_mission_do_not_exist(bolivia):
    peru = make_mission("PER-2021")
    for more in ({"team_id": a_team(peru).id}, {"driver_id": a_driver(peru).id}):
        with pytest.raises(NotFound):
            a_vehicle(bolivia, **more)


def test_a_thing_is_out_once_and_comes_back(bolivia):
    thing, person = a_thing(bolivia), make_appointment(bolivia, given_names="Nora", family_names="Paz")
    fleet.hand_out(bolivia, thing, appointment_id=person.id, issued_on=DAY)
    assert board.board(db.session(), bolivia, DAY).loans_out == 1
    with pytest.raises(Refused, match="Nora Paz has it since Oct 18, 2019"):
        fleet.hand_out(bolivia, thing, appointment_id=make_appointment(bolivia).id, issued_on=DAY)
    with pytest.raises(InvalidInput, match="Oct 18, 2019"):
        fleet.take_back(thing, returned_on=date(2019, 10, 17))
    fleet.take_back(thing, returned_on=date(2019, 10, 24), condition_back="scratched")
    with pytest.raises(Refused):
        fleet.take_back(thing, returned_on=date(2019, 10, 25))
    assert fleet.loan_of(thing) is None
    with pytest.raises(Conflict):
        a_thing(bolivia, serial=thing.serial)
