"""Journeys and nights: what is checked, and what each message names."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest

from eom.core.errors import Conflict, InvalidInput, NotFound, Refused
from eom.extensions import db
from eom.logistics.models.movements import Direction, Stay, Travel, TravelState
from eom.logistics.queries import board
from eom.logistics.services import lodging, travelling
from eom.observers.models import AppointmentState
from tests.factories.logistics import DAY, a_hotel, a_stay, a_travel
from tests.factories.missions import make_mission
from tests.factories.observers import make_appointment


@pytest.fixture
def bolivia(app):
    mission = make_mission("BOL-2019", time_zone="America/La_Paz")
    mission.starts_on, mission.ends_on = date(2019, 10, 14), date(2019, 10, 24)
    db.session.flush()
    return mission


def test_a_time_of_the_mission_is_kept_in_utc(bolivia):
    travel = a_travel(bolivia)
    db.session.expire_all()
    assert travel.travel_at == datetime(2019, 10, 18, 18, 30, tzinfo=UTC)


def test_what_is_booked_has_a_day_and_a_time(bolivia):
    person = make_appointment(bolivia)
    for on, at, field in ((None, None, "on"), (DAY, None, "at"), (None, time(9), "on")):
        with pytest.raises(InvalidInput) as refused:
            a_travel(bolivia, person, on=on, at=at)
        assert refused.value.field == field
    planned = a_travel(bolivia, person, on=None, at=None, travel_state=TravelState.PLANNED)
    assert planned.travel_at is None


def test_a_day_outside_the_mission_is_named_with_the_missions_days(bolivia):
    with pytest.raises(
        InvalidInput, match="Sep 1, 2019 lies outside the mission, which is from Oct 14, 2019"
    ):
        a_travel(bolivia, on=date(2019, 9, 1))
    assert a_travel(bolivia, on=date(2019, 10, 2)).id, "who comes two weeks early does"


def test_somebody_arrives_once_unless_it_was_cancelled(bolivia):
    first = a_travel(bolivia)
    with pytest.raises(Conflict, match="Arrival"):
        a_travel(bolivia, first.appointment)
    assert a_travel(bolivia, first.appointment, direction=Direction.DEPARTURE).id
    travelling.edit_travel(
        bolivia, first, appointment_id=first.appointment_id, direction=Direction.ARRIVAL,
        travel_state=TravelState.CANCELLED,
    )  # fmt: skip
    assert a_travel(bolivia, first.appointment).id


def test_people_and_hotels_of_another_mission_do_not_exist(bolivia):
    peru = make_mission("PER-2021")
    with pytest.raises(NotFound):
        a_travel(bolivia, make_appointment(peru))
    with pytest.raises(NotFound):
        a_stay(bolivia, hotel=a_hotel(peru))
    withdrawn = make_appointment(bolivia)
    withdrawn.state = AppointmentState.WITHDRAWN
    with pytest.raises(NotFound):
        a_stay(bolivia, withdrawn)


def test_overlapping_nights_name_the_other_hotel_and_its_days(bolivia):
    first = a_stay(bolivia)
    with pytest.raises(Conflict) as refused:
        a_stay(bolivia, first.appointment, from_on=date(2019, 10, 21), until_on=date(2019, 10, 23))
    assert first.hotel.name in str(refused.value)
    assert "Oct 18, 2019 to Oct 22, 2019" in str(refused.value)
    assert a_stay(bolivia, first.appointment, from_on=date(2019, 10, 22), until_on=date(2019, 10, 23)).id


def test_nights_end_after_they_begin(bolivia):
    with pytest.raises(InvalidInput) as refused:
        a_stay(bolivia, until_on=DAY)
    assert refused.value.field == "until_on"


def test_a_hotel_with_guests_stays_and_its_name_is_its_own(bolivia):
    stay = a_stay(bolivia)
    with pytest.raises(Refused):
        lodging.remove_hotel(stay.hotel)
    with pytest.raises(Conflict):
        a_hotel(bolivia, name=stay.hotel.name)
    with pytest.raises(InvalidInput) as refused:
        a_hotel(bolivia, desk_phone="reception")
    assert refused.value.field == "desk_phone"
    hotel = stay.hotel
    lodging.remove_stay(stay)
    lodging.remove_hotel(hotel)
    assert db.session.query(Stay).count() == 0


def test_nights_count_from_the_arrival_to_the_departure(bolivia):
    person = make_appointment(bolivia)
    a_travel(bolivia, person, on=date(2019, 10, 17))
    a_travel(bolivia, person, on=date(2019, 10, 22), direction=Direction.DEPARTURE)
    a_stay(bolivia, person, from_on=date(2019, 10, 18), until_on=date(2019, 10, 21))
    (found,) = board.roofless(db.session(), bolivia)
    assert [(gap.first.day, gap.until.day) for gap in found.gaps] == [(17, 18), (21, 22)]
    assert found.count == 2


def test_who_works_from_afar_needs_no_bed_and_no_journey(bolivia):
    person = make_appointment(bolivia)
    person.is_remote = True
    db.session.flush()
    found = board.board(db.session(), bolivia, DAY)
    assert (found.people_count, found.lacking["arrival"], found.roofless) == (0, 0, [])


def test_the_board_counts_what_is_open(bolivia):
    a_travel(bolivia)
    a_travel(bolivia, travel_state=TravelState.PLANNED)
    a_travel(bolivia, on=date(2019, 10, 19), travel_state=TravelState.CANCELLED)
    found = board.board(db.session(), bolivia, DAY)
    assert found.people_count == 3
    assert found.lacking["arrival"] == 2
    assert found.lacking["departure"] == 3
    assert [(on.day, len(rows)) for on, rows in found.days] == [(18, 2), (19, 0)]


def test_a_journey_taken_away_leaves_no_place_in_the_trail(bolivia):
    from eom.core.audit import AuditEntry

    travelling.remove_travel(a_travel(bolivia, carrier="Avianca"))
    db.session.commit()
    entries = db.session.query(AuditEntry).filter_by(object_type="travels").all()
    assert {each.action for each in entries} == {"created", "deleted"}
    assert "Avianca" not in str([each.changes for each in entries])
    assert db.session.query(Travel).count() == 0
