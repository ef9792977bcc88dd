"""A coordinator limited to areas sees and changes what lies in them, and the rest does not exist."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from eom.accounts.permissions import ROLES, Role
from eom.accounts.services import memberships
from eom.checklists.models.submission import Submission
from eom.core.errors import InvalidInput
from eom.deployment.models import Assignment
from eom.extensions import db
from eom.stations.models import Area, PollingStation
from eom.stations.queries import within
from tests.factories import checklists
from tests.factories.deployment import an_assignment
from tests.factories.observers import make_appointment
from tests.factories.stations import a_centre, a_station, an_area
from tests.rules.test_objects import filled, rules

URL = "/missions/BOL-2019"


@pytest.fixture
def field(cast):
    """Tarija with a province and a municipality in it, and Pando: a centre, a station, an assignment and a
    checklist in the municipality and in Pando; Carmen coordinates Tarija."""
    tarija, pando = an_area(cast.a, name="Tarija"), an_area(cast.a, name="Pando")
    province = an_area(cast.a, name="Cercado", level=2, parent_id=tarija.id)
    town = an_area(cast.a, name="San Lorenzo", level=3, parent_id=province.id)
    checklists.publish_standard(cast.a)
    made = {"tarija": tarija, "pando": pando, "town": town}
    for name, area, first in (("in", town, tarija), ("out", pando, pando)):
        centre = a_centre(cast.a, area=area, name=f"School {name}")
        centre.first_area_id = first.id
        station = a_station(cast.a, centre=centre, code="70001" if name == "in" else "80002")
        assignment = an_assignment(cast.a, station=station)
        receipt = checklists.receive(
            cast.a, checklists.filled(station.code, f"uuid:{name}"), user=cast.user("bruno")
        )
        made[name] = {
            "centre_id": centre.id, "assignment_id": assignment.id, "submission_id": receipt.submission.id,
            "station_id": station.id, "attachment_id": 987654,
        }  # fmt: skip
    limit(cast, tarija)
    return made


def limit(cast, *areas: Area) -> None:
    memberships.change(
        cast.user("carmen").memberships[0], by=cast.user("ana"), starts_on=None, ends_on=None,
        area_ids=[each.id for each in areas],
    )  # fmt: skip
    db.session.commit()


LISTS = ("/stations", "/stations/centres", "/assignments", "/submissions")


@pytest.mark.parametrize("path", LISTS)
def test_lists_hold_what_lies_inside(field, as_person, path):
    here, there = ("School in", "School out")
    carmen, ana = as_person("carmen"), as_person("ana")
    for address in (path, f"{path}?format=csv"):
        limited, whole = carmen.get(URL + address).text, ana.get(URL + address).text
        assert here in limited
        assert there not in limited
        assert "Pando" not in limited
        assert here in whole
        assert there in whole


@pytest.mark.parametrize("path", LISTS)
def test_asking_for_another_area_widens_nothing(field, as_person, path):
    answer = as_person("carmen").http.get(f"{URL}{path}?area={field['pando'].id}&format=csv")
    assert "School out" not in answer.text


NAMED = ("centre_id", "assignment_id", "submission_id", "attachment_id")


def test_no_address_opens_an_object_outside(app, cast, field, as_person):
    """Generated from the routes: whatever names a centre, an assignment or a checklist."""
    carmen, found = as_person("carmen"), []
    for rule in rules(app, naming_an_object=True):
        if not rule.arguments & set(NAMED) or rule.arguments - {"mission", *NAMED}:
            continue
        for method in sorted(rule.methods & {"GET", "POST"}):
            answer = carmen.http.open(filled(rule, cast.a.code, field["out"]), method=method)
            db.session.rollback()
            if answer.status_code != refused_with(app, rule):
                found.append((answer.status_code, method, rule.endpoint))
    assert found == []


def refused_with(app, rule) -> int:
    """404 for what a coordinator may do elsewhere; what her role does not include at all is 403 everywhere."""
    needed = app.view_functions[rule.endpoint].access.permission
    return 404 if needed is None or needed in ROLES[Role.COORDINATOR] else 403


def test_objects_inside_open(field, as_person):
    carmen, inside = as_person("carmen"), field["in"]
    carmen.page(f"{URL}/stations/centres/{inside['centre_id']}")
    carmen.get(f"{URL}/coverage/centres/{inside['centre_id']}")
    carmen.page(f"{URL}/submissions/{inside['submission_id']}")
    carmen.get(f"{URL}/submissions/{inside['submission_id']}/form.xml")


def test_the_map_and_its_table_stop_at_the_border(field, as_person):
    carmen, ana = as_person("carmen"), as_person("ana")
    assert len(carmen.get(f"{URL}/coverage/points").json["points"]) == 1
    assert len(ana.get(f"{URL}/coverage/points").json["points"]) == 2
    text = carmen.page(f"{URL}/coverage").text
    assert "Tarija" in text
    assert "Pando" not in text
    assert carmen.get(f"{URL}/coverage/points?area={field['pando'].id}").json["points"] == []
    lines = carmen.get(f"{URL}/coverage?format=csv").text.splitlines()
    assert [line.split(",")[0] for line in lines[1:]] == ["Tarija"]


def test_the_parts_of_the_missions_page_count_what_lies_inside(field, as_person):
    limited = as_person("carmen").get(f"{URL}/coverage/summary").text
    whole = as_person("ana").get(f"{URL}/coverage/summary").text
    assert limited != whole
    assert (
        as_person("carmen").get(f"{URL}/submissions/summary").text
        != as_person("ana").get(f"{URL}/submissions/summary").text
    )


def test_the_queue_of_review_stops_at_the_border(field, as_person):
    carmen = as_person("carmen")
    page = carmen.page(f"{URL}/review")
    assert len(page.all(".review-row")) == 1
    assert "School in" in page.text
    assert "Pando" not in page.text
    outside = field["out"]["submission_id"]
    carmen.http.post(f"{URL}/review/decide", data={"submission": f"{outside}:0", "state": "approved"})
    assert db.session.get_one(Submission, outside).state == "received"
    carmen.submit(f"{URL}/review/decide", submission=f"{field['in']['submission_id']}:0", state="approved")


def test_stations_outside_cannot_be_assigned(cast, field, as_person):
    person = make_appointment(cast.a)
    db.session.commit()
    given = {
        "who": person.id,
        "round_id": cast.a.rounds[0].id,
        "selection": "assigned",
    }
    carmen = as_person("carmen")
    page = carmen.submit(f"{URL}/assignments/new", 422, **given, codes="70001 80002")
    assert "80002" in page.text
    carmen.submit(f"{URL}/assignments/new", **given, codes="70001")
    query = sa.select(Assignment.polling_station_id).where(Assignment.appointment_id == person.id)
    assert db.session.scalars(query).all() == [field["in"]["station_id"]]


def test_assignments_outside_cannot_be_removed(field, as_person):
    carmen = as_person("carmen")
    assert carmen.http.post(f"{URL}/assignments/{field['out']['assignment_id']}/remove").status_code == 404
    carmen.submit(f"{URL}/assignments/{field['in']['assignment_id']}/remove")
    left = db.session.scalars(sa.select(Assignment.id)).all()
    assert left == [field["out"]["assignment_id"]]


def test_ones_own_checklist_is_seen_wherever_it_was_filled(cast, field, as_person):
    found = db.session.get_one(Submission, field["out"]["submission_id"])
    found.submitted_by_id = cast.user("carmen").id
    db.session.commit()
    as_person("carmen").page(f"{URL}/submissions/{found.id}")


def test_limits_add_up(cast, field, as_person):
    limit(cast, field["tarija"], field["pando"])
    assert "School out" in as_person("carmen").get(f"{URL}/stations?format=csv").text


def test_without_a_limit_all_is_there(cast, field, as_person):
    limit(cast)
    assert "School out" in as_person("carmen").get(f"{URL}/stations?format=csv").text


def test_being_an_observer_too_lifts_no_limit(cast, field, as_person):
    """An observer's role carries checklist.read without areas: it shows one's own, not everybody's."""
    memberships.grant(cast.user("carmen"), role=Role.OBSERVER, mission_id=cast.a.id, by=cast.user("ana"))
    db.session.commit()
    carmen = as_person("carmen")
    carmen.page(f"{URL}/submissions/{field['out']['submission_id']}", 404)
    assert "School out" not in carmen.get(f"{URL}/submissions?format=csv").text


def test_a_role_everywhere_lifts_the_limit(cast, field, as_person):
    memberships.grant(cast.user("carmen"), role=Role.HEADQUARTERS, mission_id=None, by=cast.user("amir"))
    db.session.commit()
    assert "School out" in as_person("carmen").get(f"{URL}/stations?format=csv").text


def test_a_checklist_of_no_known_station_is_nobodys_area(cast, field, as_person):
    found = db.session.get_one(Submission, field["in"]["submission_id"])
    found.polling_station_id = None
    db.session.commit()
    as_person("carmen").page(f"{URL}/submissions/{found.id}", 404)
    as_person("ana").page(f"{URL}/submissions/{found.id}")


def test_an_area_of_another_mission_is_refused(cast, field):
    lima = an_area(cast.b, name="Lima")
    with pytest.raises(InvalidInput, match="another mission"):
        limit(cast, lima)


def test_a_circle_in_the_tree_does_not_hang(cast, field):
    field["tarija"].parent_id = field["town"].id
    db.session.flush()
    query = sa.select(sa.func.count()).select_from(Area).where(within([field["tarija"].id], Area.id))
    assert db.session.scalar(query) == 3


def test_the_limit_costs_one_statement(field):
    query = sa.select(PollingStation).join(PollingStation.centre).where(within([field["tarija"].id]))
    assert str(query).count("WITH RECURSIVE") == 1
