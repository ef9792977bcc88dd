"""Maps of many centres: gathered by the database, counted as the points are, and never another mission's."""

from __future__ import annotations

import json
from datetime import UTC, datetime, time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eom.core.errors import InvalidInput
from eom.deployment import picture_map
from eom.deployment.queries import clusters, coverage, hours
from eom.deployment.queries.coverage import View
from eom.extensions import db
from eom.missions.models.process import Round
from tests.factories.deployment import a_visit, an_assignment
from tests.factories.stations import a_centre, a_station, an_area

URL = "/missions/BOL-2019/coverage"
WORLD = View(-90, -180, 90, 180, 4)


@pytest.fixture
def field(cast):
    """Five centres at two places and one apart; one of them planned, one planned and visited at noon."""
    area = an_area(cast.a)
    places = [
        (-16.5, -68.1),
        (-16.501, -68.1),
        (-16.499, -68.101),
        (-21.5, -64.7),
        (-21.51, -64.71),
        (-10.0, -66.0),
    ]
    stations = []
    for number, (latitude, longitude) in enumerate(places):
        centre = a_centre(cast.a, area=area, name=f"Centre {number}", latitude=latitude, longitude=longitude)
        stations.append(a_station(cast.a, centre=centre, code=str(number)))
    an_assignment(cast.a, station=stations[0])
    an_assignment(cast.a, station=stations[1])
    a_visit(cast.a, stations[1], at=datetime(2019, 10, 20, 16, tzinfo=UTC))
    a_visit(cast.a, stations[5], at=datetime(2019, 10, 20, 16, tzinfo=UTC))
    db.session.commit()
    return {"area": area, "stations": stations}


def test_centres_near_each_other_are_one_cluster_and_those_apart_are_points(cast, field):
    gathered, alone = clusters.clusters(db.session(), cast.a, cast.a.rounds[0], WORLD)
    assert sorted(each[2:] for each in gathered) == [(2, 0, 0), (3, 1, 1)]
    tall, wide = clusters.steps(WORLD)
    assert clusters._apart([(0, 0, 2, 1, 0), (tall / 2, wide / 2, 9, 0, 1)], tall, wide) == [
        (tall / 2, wide / 2, 11, 1, 1)
    ]
    assert [(each[:2], each[3]) for each in alone] == [((-10.0, -66.0), coverage.VISITED)]


def test_close_by_every_centre_is_a_point(cast, field):
    town = View(-16.6, -68.2, -16.4, -68.0, clusters.EVERY_CENTRE)
    gathered, alone = clusters.clusters(db.session(), cast.a, cast.a.rounds[0], town)
    assert gathered == []
    assert [each[3] for each in alone] == [coverage.PLANNED, coverage.VISITED, coverage.NONE]


def test_the_hour_counts_for_clusters_as_for_the_table(cast, field):
    early = datetime(2019, 10, 20, 15, tzinfo=UTC)
    round_ = cast.a.rounds[0]
    gathered, alone = clusters.clusters(db.session(), cast.a, round_, WORLD, until=early)
    assert sum(each[4] for each in gathered) + sum(each[3] == coverage.VISITED for each in alone) == 0
    assert coverage.coverage_by_area(db.session(), cast.a, round_, until=early)[0].visited_count == 0
    assert coverage.coverage_by_area(db.session(), cast.a, round_)[0].visited_count == 2


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(zoom=st.integers(0, 18), area_is_asked=st.booleans())
def test_at_every_zoom_the_clusters_hold_each_centre_once(cast, field, zoom, area_is_asked):
    view = View(-90, -180, 90, 180, zoom)
    area_id = field["area"].id if area_is_asked else None
    gathered, alone = clusters.clusters(db.session(), cast.a, cast.a.rounds[0], view, area_id)
    points = coverage.points(db.session(), cast.a, cast.a.rounds[0], area_id)
    states = [each[3] for each in alone]
    assert sum(each[2] for each in gathered) + len(alone) == len(points) == 6
    for state, place in ((coverage.PLANNED, 3), (coverage.VISITED, 4)):
        counted = sum(each[place] for each in gathered) + states.count(state)
        assert counted == sum(each[3] == state for each in points)


def test_other_missions_and_other_areas_are_not_in_it(cast, field):
    gathered, alone = clusters.clusters(db.session(), cast.b, None, WORLD)
    assert (gathered, alone) == ([], [])
    elsewhere = an_area(cast.a, name="Elsewhere").id
    gathered, alone = clusters.clusters(db.session(), cast.a, None, WORLD, areas=[elsewhere])
    assert (gathered, alone) == ([], [])


@pytest.fixture
def many(monkeypatch):
    """As if a browser could not take more than three centres."""
    monkeypatch.setattr(clusters, "ENOUGH_FOR_THE_BROWSER", 3)


def test_a_map_of_many_is_answered_by_view(as_person, field, many):
    answer = as_person("ana").get(f"{URL}/points?bbox=-90,-180,90,180&zoom=4&shaded=1")
    found = json.loads(answer.text)
    assert len(found["clusters"]) == 2
    assert len(found["points"]) == 1
    assert set(found) == {"clusters", "points", "shades"}
    few = json.loads(as_person("ana").get(f"{URL}/points?bbox=-22,-65,-21,-64&zoom=16").text)
    assert (len(few["clusters"]), len(few["points"])) == (0, 2)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("", "The map needs bbox"),
        ("bbox=1,2,3&zoom=4", "The map needs bbox"),
        ("bbox=a,b,c,d&zoom=4", "The map needs bbox"),
        ("bbox=-1,-1,1,1&zoom=x", "The map needs bbox"),
        ("bbox=-1,-1,1,1&zoom=99", "lies outside the world"),
        ("bbox=nan,-1,1,1&zoom=4", "lies outside the world"),
        ("bbox=1,-1,-1,1&zoom=4", "lies outside the world"),
        ("bbox=-1,-1,1,1&zoom=4&until=99T99", "no hour of this polling day"),
    ],
)
def test_a_view_that_cannot_be_read_is_said(as_person, field, many, asked, said):
    assert said in as_person("ana").get(f"{URL}/points?{asked}", 422).text


def test_the_hours_of_a_day_go_from_before_the_opening_into_the_night():
    from datetime import date

    round_ = Round(
        polling_on=date(2019, 10, 20), opens_at=time(8), closes_at=time(19, 30), time_zone="America/La_Paz"
    )
    found = hours.hours_of(round_)
    assert (found[0].hour, found[-1].hour, len(found)) == (7, 1, 19)
    assert hours.hour_named(round_, hours.name_of(found[-1])) == found[-1]
    assert hours.hour_named(round_, "") is None
    with pytest.raises(InvalidInput, match="no hour"):
        hours.hour_named(round_, "21T05")
    with pytest.raises(InvalidInput, match="no hour"):
        hours.hour_named(None, "20T08")


def test_the_page_at_an_hour_counts_until_then(as_person, cast, field):
    ana = as_person("ana")
    names = [option["value"] for option in ana.page(URL).all("#f-until option")]
    assert names[0] == ""
    early = ana.page(f"{URL}?until={names[2]}")
    assert early.one("#f-until option[selected]")["value"] == names[2]
    assert [row.get_text(" ", strip=True).split()[-2:] for row in early.all("tr.total")][-1] == ["0", "0.0%"]
    lines = ana.get(f"{URL}?format=csv&until={names[2]}").text.splitlines()
    assert lines[1].split(",")[5] == "0" or ",0," in lines[1]
    ana.get(f"{URL}?until=nonsense", 422)


@pytest.mark.parametrize(("kind", "begins"), [("svg", b"<?xml"), ("png", b"\x89PNG")])
def test_the_map_goes_out_as_a_picture(as_person, field, kind, begins):
    answer = as_person("ana").get(f"{URL}/map?format={kind}")
    assert answer.get_data().startswith(begins)
    assert answer.mimetype == picture_map.CONTENT_TYPES[kind]
    assert answer.get_data() == as_person("ana").get(f"{URL}/map?format={kind}").get_data()
    if kind == "svg":
        assert "Share of stations visited" in answer.text
        assert "<script" not in answer.text
    as_person("dario").get(f"{URL}/map?format={kind}", 404)


def test_no_title_is_read_as_a_formula():
    made = picture_map.draw(
        boundaries={"features": []}, shares={}, points=[(0, 0, 1), (1, 1, 2)], extent=None,
        title="$\\frac{1}{$ </svg><script>", kind="svg", words=picture_map.Words("a", "b", "c", "d"),
    )  # fmt: skip
    assert b"<script" not in made
