"""The pages of logistics: forms that refuse, lists that narrow, and who sees what."""

from __future__ import annotations

from datetime import timedelta

import pytest

from eom.accounts.models import Membership, MembershipArea
from eom.core import clock
from eom.extensions import db
from eom.logistics.models.movements import Hotel, Stay, Travel
from eom.logistics.models.things import Equipment, Vehicle
from tests.factories.deployment import a_team, an_assignment
from tests.factories.logistics import a_hotel, a_stay, a_thing, a_travel, a_vehicle
from tests.factories.observers import make_appointment
from tests.factories.stations import a_centre, a_station, an_area

URL = "/missions/BOL-2019/logistics"


@pytest.mark.usefixtures("still_clock")
def test_the_board_says_who_comes_today_and_leads_to_what_is_open(cast, as_person):
    today = clock.today(cast.a.time_zone)
    a_travel(cast.a, make_appointment(cast.a, family_names="Hoy"), on=today)
    a_travel(cast.a, make_appointment(cast.a, family_names="Manana"), on=today + timedelta(days=1))
    a_travel(cast.a, make_appointment(cast.a, family_names="Luego"), on=today + timedelta(days=2))
    a_vehicle(cast.a)
    db.session.commit()
    ana = as_person("ana")
    page = ana.page(URL)
    first, second = page.all(".board-day")
    assert "Hoy" in first.text and "Manana" in second.text
    assert "Luego" not in page.text
    assert len(page.all("a[href*='lacks=driver']")) == 1
    assert "Hoy" in ana.get(f"{URL}/travels?within=today&format=csv").text
    assert "Manana" not in ana.get(f"{URL}/travels?within=today&format=csv").text


def test_forms_refuse_on_the_field_and_write_nothing(cast, as_person):
    ana, person = as_person("ana"), make_appointment(cast.a)
    db.session.commit()
    given = {
        "appointment_id": person.id,
        "direction": "arrival",
        "travel_state": "booked",
        "on": "2019-10-18",
    }
    page = ana.submit(f"{URL}/travels/new", 422, **given)
    assert "Give the day and the time" in page.soup.select_one("#at-error").text
    assert db.session.query(Travel).count() == 0
    assert "Journey noted" in ana.submit(f"{URL}/travels/new", **given, at="14:30").text
    travel = db.session.query(Travel).one()
    page = ana.page(f"{URL}/travels/{travel.id}/edit")
    assert page.soup.select_one("#at")["value"] == "14:30", "in the mission's zone"
    assert "Journey changed" in ana.submit(f"{URL}/travels/{travel.id}/edit", **given, at="15:00").text
    ana.submit(f"{URL}/travels/{travel.id}/remove")
    assert db.session.query(Travel).count() == 0


def test_hotels_and_nights_on_the_pages(cast, as_person):
    ana, person = as_person("ana"), make_appointment(cast.a, family_names="Lima")
    db.session.commit()
    ana.submit(f"{URL}/hotels/new", name="Torino", town="Sucre", desk_phone="+591 4 6451000")
    hotel = db.session.query(Hotel).one()
    given = {"appointment_id": person.id, "hotel_id": hotel.id, "from_on": "2019-10-18"}
    ana.submit(f"{URL}/stays/new", 422, **given, until_on="2019-10-18")
    ana.submit(f"{URL}/stays/new", **given, until_on="2019-10-20", is_shared="y")
    assert db.session.query(Stay).one().is_shared
    listed = ana.get(f"{URL}/stays?night=2019-10-19&format=csv").text
    assert "Lima" in listed
    assert "Lima" not in ana.get(f"{URL}/stays?night=2019-10-20&format=csv").text
    ana.get(f"{URL}/stays?night=soon", 422)
    refused = ana.http.post(f"{URL}/hotels/{hotel.id}/remove")
    assert refused.status_code == 409
    begun = ana.page(f"{URL}/stays/new?person={person.id}&from=2019-10-20&until=never")
    assert begun.soup.select_one("#from_on")["value"] == "2019-10-20"


def test_vehicles_and_equipment_on_the_pages(cast, as_person):
    ana = as_person("ana")
    people = [make_appointment(cast.a) for _each in range(3)]
    team = a_team(cast.a, *people)
    db.session.commit()
    given = {"plate": "1234 abc", "vehicle_kind": "car", "team_id": team.id}
    assert "need 3 seats" in ana.submit(f"{URL}/vehicles/new", 422, **given, seats=2).text
    ana.submit(f"{URL}/vehicles/new", **given, seats=3)
    assert db.session.query(Vehicle).one().plate == "1234 ABC"
    ana.submit(f"{URL}/drivers/new", 422, name="Luis", phone="call me")
    ana.submit(f"{URL}/drivers/new", name="Luis", phone="+591 70000000")
    ana.submit(f"{URL}/equipment/new", equipment_kind="radio", serial="R-1")
    thing = db.session.query(Equipment).one()
    ana.submit(f"{URL}/equipment/{thing.id}", appointment_id=people[0].id, issued_on="2019-10-18")
    assert people[0].person.family_names in ana.get(f"{URL}/equipment?state=out&format=csv").text
    ana.submit(f"{URL}/equipment/{thing.id}", 422, returned_on="2019-10-17")
    ana.submit(f"{URL}/equipment/{thing.id}", returned_on="2019-10-24", condition_back="fine")
    assert "R-1" in ana.get(f"{URL}/equipment?state=in&format=csv").text


def test_a_coordinator_of_areas_sees_those_assigned_there_and_their_team(cast, as_person):
    north, south = an_area(cast.a, name="Norte"), an_area(cast.a, name="Sur")
    here, there, mate = (make_appointment(cast.a, family_names=name) for name in ("Aqui", "Alla", "Colega"))
    a_team(cast.a, here, mate)
    an_assignment(cast.a, station=a_station(cast.a, centre=a_centre(cast.a, area=north)), appointment=here)
    an_assignment(cast.a, station=a_station(cast.a, centre=a_centre(cast.a, area=south)), appointment=there)
    for each in (here, there, mate):
        a_travel(cast.a, each)
        a_stay(cast.a, each)
    membership = db.session.query(Membership).filter_by(user_id=cast.user("carmen").id).one()
    membership.areas = [MembershipArea(area_id=north.id)]
    db.session.commit()
    carmen = as_person("carmen")
    for path in ("travels", "stays", "people"):
        listed = carmen.get(f"{URL}/{path}?format=csv").text
        assert ("Aqui" in listed, "Colega" in listed, "Alla" in listed) == (True, True, False), path
    carmen.page(f"{URL}/people/{here.id}")
    carmen.get(f"{URL}/people/{there.id}", 404)
    carmen.get(f"{URL}/travels/new", 403)


def test_nothing_of_one_mission_is_found_in_another(cast, as_person):
    travel, hotel, thing = a_travel(cast.a), a_hotel(cast.a), a_thing(cast.a)
    db.session.commit()
    dario = as_person("dario")
    for path in (f"travels/{travel.id}/edit", f"hotels/{hotel.id}/edit", f"equipment/{thing.id}"):
        dario.get(f"/missions/PER-2021/logistics/{path}", 404)
        dario.get(f"{URL}/{path}", 404)
        as_person("bruno").get(f"{URL}/{path}", 403)
