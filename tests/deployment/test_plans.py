"""Plans as services: what is kept, what moves cost, what adopting changes."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from eom.core.audit import AuditEntry
from eom.core.errors import Conflict, InvalidInput, Refused
from eom.deployment.models import Assignment, Selection
from eom.deployment.plan_models import PlanState, PlanStop
from eom.deployment.plan_rules import Rules
from eom.deployment.queries import planning
from eom.deployment.queries import plans as reading
from eom.deployment.services import adopting, no_go, plans
from eom.deployment.services import teams as team_services
from eom.extensions import db
from tests.factories import plans as factory
from tests.factories.deployment import a_team
from tests.factories.observers import make_appointment
from tests.factories.stations import a_centre, a_station, an_area

TARIJA = {"latitude": -21.53, "longitude": -64.73, "vehicle": "4x4", "base": "Tarija"}


@pytest.fixture
def mission(cast):
    return cast.a


@pytest.fixture
def two_teams(mission):
    return (
        a_team(mission, make_appointment(mission), name="1", **TARIJA),
        a_team(mission, make_appointment(mission), name="2", **{**TARIJA, "latitude": -21.8}),
    )


def stations(mission, count=4):
    area = an_area(mission)
    return [
        a_station(mission, centre=a_centre(mission, area=area, latitude=-21.5 - 0.05 * n))
        for n in range(count)
    ]


def test_a_plan_keeps_its_stations_and_rules(mission):
    plan = factory.a_plan(mission, *stations(mission), rules=Rules(visit=30, seconds=2))
    assert plan.state is PlanState.DRAFT
    assert len(plan.stops) == 4
    assert Rules.of(plan.parameters).visit == 30


def test_a_plan_without_stations_is_refused_with_a_way_on(mission):
    with pytest.raises(InvalidInput, match="no polling station"):
        plans.make_plan(mission, round_=mission.rounds[0], name="P", stations=[], rules=Rules())


def test_names_of_plans_are_unique(mission):
    station = stations(mission, 1)
    factory.a_plan(mission, *station)
    with pytest.raises(Conflict, match="Plan A"):
        factory.a_plan(mission, *station)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"visit": 0}, "visit"),
        ({"closes": 400}, "closes"),
        ({"terrain": 0.5}, "terrain"),
        ({"seconds": 9999}, "seconds"),
    ],
)
def test_rules_that_cannot_be_name_their_field(mission, change, field):
    with pytest.raises(InvalidInput) as refused:
        factory.a_plan(mission, *stations(mission, 1), rules=Rules(**change))
    assert refused.value.field == field


def test_what_a_search_found_is_kept_in_order_with_reasons(mission, two_teams):
    plan = factory.a_computed_plan(mission, *two_teams, stations=stations(mission))
    days, left = reading.team_days(db.session(), plan)
    assert plan.state is PlanState.READY
    assert [len(each.stops) for each in days] == [2, 2]
    assert left == []
    first = days[0].stops
    assert [each.stop.position for each in first] == [1, 2]
    assert [each.stop.part for each in first] == ["opening", "closing"]
    assert first[0].stop.arrives <= 450
    assert all(each.stop.reason for each in first)
    assert plan.totals["baseline_minutes"] > 0


def test_a_team_without_a_base_is_told_and_left_out(mission):
    a_team(mission, make_appointment(mission), name="Lost")
    plan = factory.a_computed_plan(mission, stations=stations(mission, 1))
    days, left = reading.team_days(db.session(), plan)
    assert [each.route.reason for each in days] == ["no_base"]
    assert [each.stop.reason for each in left] == ["area"]


def test_stations_in_no_go_areas_and_without_a_place_have_no_team(mission, two_teams):
    area = an_area(mission, name="Closed")
    shut = a_station(mission, centre=a_centre(mission, area=area))
    lost = a_station(mission, centre=a_centre(mission, latitude=None, longitude=None))
    shape = '{"type": "Polygon", "coordinates": [[[-64.8, -21.7], [-64.7, -21.7], [-64.7, -21.6], [-64.8, -21.6], [-64.8, -21.7]]]}'
    inside = a_station(mission, centre=a_centre(mission, latitude=-21.65))
    fine = a_station(mission)
    factory.a_no_go(mission, name="By area", area_id=area.id)
    factory.a_no_go(mission, name="By shape", geojson=shape)
    plan = factory.a_computed_plan(mission, *two_teams, stations=[shut, lost, inside, fine])
    reasons = {each.polling_station_id: each.reason for each in plan.stops if each.route_id is None}
    assert reasons == {shut.id: "no_go", lost.id: "no_place", inside.id: "no_go"}


def test_a_no_go_area_holds_on_its_days_only(mission, two_teams):
    station = stations(mission, 1)[0]
    on = mission.rounds[0].polling_on
    area_id = station.centre.area_id
    factory.a_no_go(mission, name="Before", area_id=area_id, ends_on=on.replace(year=on.year - 1))
    assert planning.no_go(db.session(), mission.id, on, [station.centre]) == {}
    factory.a_no_go(mission, name="Then", area_id=area_id, starts_on=on, ends_on=on)
    assert [
        each.name for each in planning.no_go(db.session(), mission.id, on, [station.centre]).values()
    ] == ["Then"]


def test_a_team_keeps_to_its_areas(mission, two_teams):
    here, there = an_area(mission, name="Here"), an_area(mission, name="There")
    no_go.keep_to(mission, two_teams[0], [here.id])
    plan = factory.a_plan(mission, a_station(mission, centre=a_centre(mission, area=there)))
    crews = {each.id: each for each in planning.material(db.session(), plan).crews}
    assert crews[two_teams[0].id].areas == {here.id}
    assert crews[two_teams[1].id].areas is None


def test_moving_a_station_shows_both_days_before_and_after_and_fixes_it(mission, two_teams):
    plan = factory.a_computed_plan(mission, *two_teams, stations=stations(mission))
    row = reading.team_days(db.session(), plan)[0][0].stops[0]
    material = planning.material(db.session(), plan)
    problem = plans.problem_of(material, Rules())
    orders = plans.orders_of(db.session(), plan)
    change = plans.moved(problem, orders, row.station.id, two_teams[1].id)
    assert [len(each.stops) for each in change.before] == [2, 2]
    assert [len(each.stops) for each in change.after] == [1, 3]
    total = sum(each.route.travel_minutes for each in reading.team_days(db.session(), plan)[0])
    plans.move(plan, row.stop, change)
    days, _left = reading.team_days(db.session(), plan)
    assert sum(each.route.travel_minutes for each in days) == pytest.approx(total + change.minutes)
    assert row.stop.fixed_team_id == two_teams[1].id
    assert row.station.id in [each.station.id for each in days[1].stops]
    told = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.object_type == "plans")).all()
    assert any(each.changes.get("station") == row.station.code for each in told)
    fixed = planning.material(db.session(), plan).stops
    assert {each.id: each.crew for each in fixed}[row.station.id] == two_teams[1].id


def test_a_station_can_be_left_without_a_team_and_given_back(mission, two_teams):
    plan = factory.a_computed_plan(mission, *two_teams, stations=stations(mission))
    row = reading.team_days(db.session(), plan)[0][0].stops[0]
    problem = plans.problem_of(planning.material(db.session(), plan), Rules())
    plans.move(
        plan, row.stop, plans.moved(problem, plans.orders_of(db.session(), plan), row.station.id, None)
    )
    assert (row.stop.route_id, row.stop.reason) == (None, "by_hand")
    best = plans.moves(problem, plans.orders_of(db.session(), plan), row.station.id)
    assert best[0].minutes <= best[-1].minutes
    plans.move(plan, row.stop, best[0])
    assert row.stop.route_id is not None


def test_adopting_assigns_the_teams_and_takes_the_rest_away(mission, two_teams):
    listed = stations(mission)
    other = a_station(mission)
    round_ = mission.rounds[0]
    team_services.assign_team(
        mission, two_teams[0], round_=round_, stations=[listed[1], other], selection=Selection.RANDOM
    )
    orders = {two_teams[0].id: [listed[0].id], two_teams[1].id: [listed[1].id]}
    plan = factory.a_computed_plan(mission, *two_teams, stations=listed, orders=orders)
    assert adopting.look(plan) == adopting.Adoption(0, 2, 2, None)
    done = adopting.adopt(plan)
    held = {
        (each.appointment_id, each.polling_station_id): each.selection
        for each in db.session.scalars(sa.select(Assignment).where(Assignment.mission_id == mission.id))
    }
    people = [each.members[0].appointment_id for each in two_teams]
    assert held == {
        (people[0], listed[0].id): Selection.ASSIGNED,
        (people[1], listed[1].id): Selection.RANDOM,
    }
    assert (done.added, done.removed, plan.state) == (2, 2, PlanState.ADOPTED)
    assert adopting.look(plan) == adopting.Adoption(2, 0, 0, plan)


def test_another_plan_takes_the_place_of_the_adopted_one(mission, two_teams):
    listed = stations(mission)
    first = factory.a_computed_plan(mission, *two_teams, stations=listed)
    adopting.adopt(first)
    second = factory.a_computed_plan(mission, *two_teams, stations=listed, name="Plan B")
    adopting.adopt(second)
    assert (first.state, second.state) == (PlanState.READY, PlanState.ADOPTED)
    assert reading.adopted_plan(db.session(), mission.rounds[0].id) is second


def test_an_adopted_plan_stands(mission, two_teams):
    plan = factory.a_computed_plan(mission, *two_teams, stations=stations(mission))
    adopting.adopt(plan)
    for change in (
        lambda: plans.remove_plan(plan), lambda: plans.begin(plan, "job"), lambda: plans.fix(plan, plan.stops[0], None),
    ):  # fmt: skip
        with pytest.raises(Refused, match="adopted"):
            change()
    adopting.withdraw(plan)
    plans.remove_plan(plan)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(PlanStop)) == 0


def test_a_draft_is_not_adopted(mission):
    with pytest.raises(Refused, match="no routes"):
        adopting.look(factory.a_plan(mission, *stations(mission, 1)))


def test_dissolving_a_team_leaves_its_stations_in_the_plan_without_a_team(mission, two_teams):
    plan = factory.a_computed_plan(mission, *two_teams, stations=stations(mission))
    team_services.remove_team(two_teams[0])
    db.session.expire_all()
    days, left = reading.team_days(db.session(), plan)
    assert ([len(each.stops) for each in days], len(left)) == ([2], 2)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "no GeoJSON"), ('{"type": "Point", "coordinates": [1, 2]}', "found: Point"), ("[]", "found: list"),
        ('{"type": "Polygon", "coordinates": [[[1, 2], [1, 2]]]}', "at least four"),
        ('{"type": "Polygon", "coordinates": [[[500000, 8000000], [1, 2], [2, 2], [1, 2]]]}', "EPSG:4326|longitude"),
        ('{"type": "Polygon", "coordinates": [["a", [1, 2], [2, 2], [1, 2]]]}', "Point 1"),
    ],
)  # fmt: skip
def test_a_shape_that_cannot_be_says_what_was_found(mission, text, words):
    with pytest.raises(InvalidInput, match=words):
        factory.a_no_go(mission, geojson=text)


def test_a_no_go_area_is_an_area_or_a_shape(mission):
    with pytest.raises(InvalidInput, match="one of the two"):
        no_go.make_no_go(mission, name="N", reason="R")
    with pytest.raises(InvalidInput, match="one of the two"):
        no_go.make_no_go(mission, name="N", reason="R", area_id=an_area(mission).id, geojson=factory.SHAPE)


def test_areas_of_another_mission_are_refused(cast, two_teams):
    foreign = an_area(cast.b)
    with pytest.raises(Refused, match="of this mission"):
        factory.a_no_go(cast.a, area_id=foreign.id)
    with pytest.raises(Refused, match="of this mission"):
        no_go.keep_to(cast.a, two_teams[0], [foreign.id])
