"""The pages of plans: made and computed, looked at, moved, compared, adopted; itineraries and their files."""

from __future__ import annotations

import pytest
from lxml import etree

from eom.core.jobs import Job, JobState
from eom.deployment.models import Selection
from eom.deployment.plan_models import NoGoArea, Plan, PlanState
from eom.deployment.queries import samples
from eom.deployment.services import adopting, no_go
from eom.deployment.services import samples as sampling
from eom.extensions import db
from tests.factories import plans as factory
from tests.factories.deployment import a_sample, a_team
from tests.factories.observers import make_appointment
from tests.factories.stations import a_centre, a_station, an_area

TARIJA = {"latitude": -21.53, "longitude": -64.73, "vehicle": "4x4", "base": "Tarija"}
BASE = "/missions/BOL-2019"


@pytest.fixture
def teams(cast):
    return [
        a_team(cast.a, make_appointment(cast.a), name="1", **TARIJA),
        a_team(cast.a, make_appointment(cast.a), name="2", **{**TARIJA, "latitude": -21.8}),
    ]


@pytest.fixture
def listed(cast):
    area = an_area(cast.a)
    return [
        a_station(
            cast.a, centre=a_centre(cast.a, area=area, latitude=-21.5 - 0.05 * n, name=f"School {n} <b>")
        )
        for n in range(4)
    ]


@pytest.fixture
def plan(cast, teams, listed):
    made = factory.a_computed_plan(cast.a, *teams, stations=listed)
    db.session.commit()
    return made


def form_of(page, **changes):
    """What the form on a page would send, with some changes."""
    found = {}
    for field in page.all("main form.form input, main form.form select, main form.form textarea"):
        name, kind = field.get("name"), field.get("type")
        if not name or (kind in ("checkbox", "radio") and not field.has_attr("checked")):
            continue
        if field.name == "select":
            chosen = field.select_one("option[selected]")
            found[name] = chosen["value"] if chosen else ""
        else:
            found[name] = field.get("value", field.get_text() if field.name == "textarea" else "")
    return {**found, **changes}


def test_a_plan_is_made_computed_and_shown(app, cast, as_person, teams, listed):
    ana = as_person("ana")
    page = ana.page(f"{BASE}/plans/new")
    told = form_of(
        page, name="Polling day", source="codes", codes=" ".join(each.code for each in listed), seconds="1"
    )
    answer = ana.http.post(f"{BASE}/plans/new", data=told)
    assert answer.status_code == 303, answer.text
    job = db.session.get(Job, answer.location.rsplit("/", 1)[1])
    assert job.state is JobState.DONE, job.error
    made = db.session.query(Plan).one()
    assert made.state is PlanState.READY
    shown = ana.page(f"{BASE}/plans/{made.id}")
    assert "Stations with a team" in shown.text
    assert "School 0 <b>" in shown.text
    assert shown.text.count("Move or fix") >= 4
    assert made.totals["search_served"] == 4
    assert made.totals["baseline_minutes"] > 0


def test_an_adopted_sample_is_planned_as_a_random_choice(cast, as_person, teams, listed):
    sample = a_sample(cast.a, size=2)
    sampling.adopt(sample)
    db.session.commit()
    ana = as_person("ana")
    told = form_of(ana.page(f"{BASE}/plans/new"), name="The sample", source="sample", seconds="1")
    assert ana.http.post(f"{BASE}/plans/new", data=told).status_code == 303
    made = db.session.query(Plan).one()
    assert made.selection is Selection.RANDOM
    drawn = {each.id for each in samples.stations_in_force(db.session(), sample)}
    planned = {each.polling_station_id for each in made.stops}
    assert planned == drawn
    assert len(drawn) == 2


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"source": "areas"}, "no polling station"), ({"source": "sample"}, "No sample is adopted"), ({"source": "codes", "codes": "777"}, "777"),
        ({"source": "codes", "codes": "{code}", "closes": "07:00"}, "close after they open"),
        ({"source": "codes", "codes": "{code}", "terrain": "9"}, "At most 5"), ({"name": ""}, "must be given"),
    ],
)  # fmt: skip
def test_what_cannot_be_planned_is_told_on_the_form(cast, as_person, teams, listed, change, words):
    ana = as_person("ana")
    change = {name: value.replace("{code}", listed[0].code) for name, value in change.items()}
    told = {**form_of(ana.page(f"{BASE}/plans/new"), name="P"), **change}
    answer = ana.http.post(f"{BASE}/plans/new", data=told)
    assert answer.status_code == 422
    assert words in answer.text
    assert db.session.query(Plan).count() == 0


def test_the_map_has_texts_as_data(cast, as_person, plan):
    factory.a_no_go(cast.a, name="<i>Pass")
    db.session.commit()
    told = as_person("ana").http.get(f"{BASE}/plans/{plan.id}/map.json").json
    assert [len(each["stops"]) for each in told["teams"]] == [2, 2]
    assert [each["label"] for each in told["closed"]] == ["<i>Pass: The road is cut"]
    assert told["teams"][0]["base"] == [-21.53, -64.73]
    assert "School 0 <b>" in told["teams"][0]["stops"][0][2]


def test_a_station_is_moved_after_its_cost_was_seen(cast, as_person, plan, teams, listed):
    ana, stop = as_person("ana"), next(each for each in plan.stops if each.polling_station_id == listed[0].id)
    address = f"{BASE}/plans/{plan.id}/stops/{stop.id}"
    page = ana.page(address)
    assert "What each team would cost" in page.text
    page = ana.page(f"{address}?team={teams[1].id}")
    assert "Before and after for both teams" in page.text
    assert "2 → 1" in page.text
    assert "2 → 3" in page.text
    answer = ana.http.post(address, data={"team": teams[1].id})
    assert answer.status_code == 303
    shown = ana.page(f"{BASE}/plans/{plan.id}")
    assert "Fixed by you" in shown.text
    assert ana.http.post(f"{address}/fix").status_code == 303
    db.session.refresh(stop)
    assert stop.fixed_team_id is None


def test_moving_past_a_teams_areas_warns(cast, as_person, plan, teams, listed):
    no_go.keep_to(cast.a, teams[1], [an_area(cast.a, name="Elsewhere").id])
    db.session.commit()
    stop = next(each for each in plan.stops if each.polling_station_id == listed[0].id)
    page = as_person("ana").page(f"{BASE}/plans/{plan.id}/stops/{stop.id}?team={teams[1].id}")
    assert "keeps to other areas" in page.text


def test_a_plan_is_adopted_after_its_changes_were_told(cast, as_person, plan, listed):
    ana = as_person("ana")
    assert "4 assignments are new." in ana.page(f"{BASE}/plans/{plan.id}/adopt").text
    assert ana.http.post(f"{BASE}/plans/{plan.id}/adopt").status_code == 303
    assert listed[0].code in ana.page(f"{BASE}/assignments").text
    assert "Take back" in ana.page(f"{BASE}/plans/{plan.id}").text
    history = as_person("amir").page(f"/audit/plans/{plan.id}").text
    assert "Adopted" in history


def test_two_plans_are_compared(cast, as_person, plan, teams, listed):
    orders = {teams[0].id: [listed[1].id, listed[0].id, listed[2].id], teams[1].id: [listed[3].id]}
    other = factory.a_computed_plan(cast.a, *teams, stations=listed, name="Plan B", orders=orders)
    db.session.commit()
    page = as_person("ana").page(f"{BASE}/plans/compare?a={plan.id}&b={other.id}")
    assert "Stations that change hands" in page.text
    assert "Travel, minutes" in page.text


def test_a_plan_of_another_mission_is_not_compared(cast, as_person, plan):
    page = as_person("ana").page(f"{BASE}/plans/compare?a={plan.id}&b=999999")
    assert "There are not two plans yet" in page.text


def test_an_itinerary_has_a_map_times_and_safety(cast, as_person, plan, teams):
    page = as_person("ana").page(f"{BASE}/plans/{plan.id}/teams/{teams[0].id}")
    assert page.all("svg.route-map")
    assert "The team leader decides" in page.text
    assert "07:30" in page.text


def test_an_itinerary_goes_out_as_gpx_and_calendar(cast, as_person, plan, teams):
    ana = as_person("ana")
    gpx = ana.http.get(f"{BASE}/plans/{plan.id}/teams/{teams[0].id}/route.gpx")
    root = etree.fromstring(gpx.data)
    assert len(root.findall("{*}wpt")) == 2
    # 07:30 in La Paz.
    assert root.find("{*}wpt/{*}time").text == "2019-10-20T11:30:00Z"
    ics = ana.http.get(f"{BASE}/plans/{plan.id}/teams/{teams[0].id}/route.ics")
    assert ics.data.count(b"BEGIN:VEVENT") == 2
    assert b"DTSTART:20191020T113000Z" in ics.data


def test_routes_go_out_as_a_table(cast, as_person, plan):
    answer = as_person("ana").http.get(f"{BASE}/plans/{plan.id}?format=csv")
    assert len(answer.text.strip().splitlines()) == 5


def test_a_no_go_area_is_made_from_a_shape_changed_and_opened(cast, as_person, listed):
    ana = as_person("ana")
    told = form_of(ana.page(f"{BASE}/no-go-areas/new"), name="Pass", reason="Snow", geojson="{")
    answer = ana.http.post(f"{BASE}/no-go-areas/new", data=told)
    assert (answer.status_code, "no GeoJSON" in answer.text) == (422, True)
    assert (
        ana.http.post(f"{BASE}/no-go-areas/new", data={**told, "geojson": factory.SHAPE}).status_code == 303
    )
    made = db.session.query(NoGoArea).one()
    changed = {**told, "geojson": "", "area_id": listed[0].centre.area_id}
    assert ana.http.post(f"{BASE}/no-go-areas/{made.id}/edit", data=changed).status_code == 303
    db.session.refresh(made)
    assert made.shape is None
    assert "Snow" in ana.page(f"{BASE}/no-go-areas").text
    assert ana.http.post(f"{BASE}/no-go-areas/{made.id}/remove").status_code == 303
    assert db.session.query(NoGoArea).count() == 0


def test_assigning_by_hand_into_a_no_go_area_warns(cast, as_person, teams, listed):
    factory.a_no_go(cast.a, name="Pass", area_id=listed[0].centre.area_id)
    db.session.commit()
    ana = as_person("ana")
    told = {
        "who": f"team-{teams[0].id}",
        "round_id": cast.a.rounds[0].id,
        "selection": "assigned",
        "codes": listed[0].code,
    }
    assert ana.http.post(f"{BASE}/assignments/new", data=told).status_code == 303
    assert "“Pass”" in ana.page(f"{BASE}/assignments").text


def test_a_team_is_limited_to_areas_on_its_form(cast, as_person, teams, listed):
    ana = as_person("ana")
    area_id = listed[0].centre.area_id
    told = form_of(ana.page(f"{BASE}/teams/{teams[0].id}/edit"))
    told["members"] = [each.appointment_id for each in teams[0].members]
    answer = ana.http.post(f"{BASE}/teams/{teams[0].id}/edit", data={**told, "areas": [area_id]})
    assert answer.status_code == 303, answer.text
    assert "Tarija" in ana.page(f"{BASE}/teams/{teams[0].id}").text
    checked = ana.page(f"{BASE}/teams/{teams[0].id}/edit").all("input[name=areas][checked]")
    assert [each["value"] for each in checked] == [str(area_id)]


def test_an_adopted_plan_orders_the_field_app(cast, as_person, plan, teams, listed):
    member = teams[0].members[0].appointment
    member.person.user_id = cast.user("bruno").id
    adopting.adopt(plan)
    db.session.commit()
    told = as_person("bruno").http.get("/field/BOL-2019/today.json").json
    own = [each for each in told["stations"] if each.get("planned")]
    assert [each["planned"]["order"] for each in own] == [1, 2]
    assert own[0]["planned"]["arrives"] == "07:30"
