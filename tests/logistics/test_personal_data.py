"""What logistics holds of people: shown to them, forgotten in time, gone with their names."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest

from eom.core import clock
from eom.extensions import db
from eom.logistics.models.credentials import Credential, PersonPhoto
from eom.logistics.models.movements import Stay, Travel
from eom.logistics.services import credentials, fleet
from eom.missions.models.mission import Stage
from eom.observers.queries import retention
from eom.observers.retention import KeptGroup
from eom.observers.services import anonymising, purging
from tests.factories.deployment import a_team
from tests.factories.logistics import (
    a_briefing,
    a_card,
    a_driver,
    a_photo,
    a_stay,
    a_thing,
    a_travel,
    a_vehicle,
    accredited,
)

CLOSED = date(2020, 1, 1)


@pytest.fixture
def own(cast):
    """Bruno's own journey, nights, card, photo, radio and team with a car."""
    place = accredited(cast.a)
    place.person.user_id = cast.user("bruno").id
    a_travel(cast.a, place)
    a_stay(cast.a, place)
    a_card(cast.a, place, valid_from=clock.today(), valid_until=clock.today() + timedelta(days=9))
    credentials.keep_photo(place.person, a_photo())
    fleet.hand_out(cast.a, a_thing(cast.a, serial="R-77"), appointment_id=place.id, issued_on=clock.today())
    a_vehicle(cast.a, plate="555 ABC", team_id=a_team(cast.a, place).id)
    a_briefing(cast.a)
    db.session.commit()
    return place


def test_an_observer_sees_the_own_itinerary_and_nobody_elses(cast, as_person, own):
    a_travel(cast.a, carrier="Copa")
    db.session.commit()
    page = as_person("bruno").page("/account/itinerary")
    for words in ("AV 247", "R-77", "555 ABC", "Norte 1", "Security", own.mission.code):
        assert words in page.text
    assert "Copa" not in page.text
    assert "No mission is ahead of you" in as_person("dario").page("/account/itinerary").text


def test_the_own_copy_holds_all_of_it(cast, as_person, own):
    bruno = as_person("bruno")
    answer = bruno.http.post("/account/my-data/download", data={"format": "json"})
    held = json.loads(answer.data)["logistics"]
    assert [each["service_number"] for each in held["travels"]] == ["AV 247"]
    assert [each["hotel"] for each in held["stays"]] == [db.session.query(Stay).one().hotel.name]
    assert [each["serial"] for each in held["loans"]] == ["R-77"]
    assert held["photo"][0]["picture"].startswith("data:image/jpeg")
    assert len(held["credentials"]) == 1
    assert "token" not in held["credentials"][0]
    page = bruno.page("/account/my-data")
    assert "Your nights in hotels" in page.text


def test_journeys_nights_and_photo_go_sixty_days_after_the_closing(cast, own):
    cast.a.stage, cast.a.closed_on = Stage.CLOSED, CLOSED
    a_driver(cast.a)
    db.session.flush()
    assert KeptGroup.MOVEMENTS not in {
        e.group for e in retention.report(db.session(), CLOSED + timedelta(59)).due
    }
    report = retention.report(db.session(), CLOSED + timedelta(days=60))
    assert KeptGroup.MOVEMENTS in {each.group for each in report.due}
    assert [each.count for each in report.numbers] == [1]
    removed = purging.carry_out(report)
    assert removed[KeptGroup.MOVEMENTS] == 1
    assert removed[KeptGroup.STRANGERS] == 1
    assert [db.session.query(model).count() for model in (Travel, Stay, PersonPhoto)] == [0, 0, 0]
    again = retention.report(db.session(), CLOSED + timedelta(days=60))
    assert KeptGroup.MOVEMENTS not in {each.group for each in again.due}
    assert again.numbers == ()


def test_nothing_says_who_it_was_once_someone_is_anonymous(cast, own):
    token = db.session.query(Credential).one().token
    cast.a.stage, cast.a.closed_on = Stage.CLOSED, CLOSED
    anonymising.anonymise(own.person, reason="asked for it")
    card = db.session.query(Credential).one()
    assert (card.number, card.revoked_because) == (f"№ {card.id}", None)
    assert not credentials.is_valid(token)
    assert [db.session.query(model).count() for model in (Travel, Stay, PersonPhoto)] == [0, 0, 0]
