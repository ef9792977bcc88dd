"""Teams: who may be in one, and what is assigned to all of them at once."""

from __future__ import annotations

from datetime import time

import pytest

from eom.core.errors import Conflict, InvalidInput, Refused
from eom.deployment.models import Assignment, Team
from eom.deployment.queries import teams as queries
from eom.deployment.services import teams
from eom.extensions import db
from eom.observers.models import AppointmentRole, AppointmentState
from tests.factories.deployment import a_team, a_visit
from tests.factories.observers import make_appointment
from tests.factories.stations import a_station

URL = "/missions/BOL-2019/teams"


def driver(mission):
    person = make_appointment(mission, given_names="Dario")
    person.role = AppointmentRole.DRIVER
    db.session.flush()
    return person


def test_a_team_has_a_lead_and_its_base(cast):
    one, two = make_appointment(cast.a), driver(cast.a)
    team = a_team(cast.a, one, two, base=" Tarija ", latitude=-21.5, longitude=-64.7, starts_at=time(5, 30))
    assert [(each.appointment_id, each.is_lead) for each in queries.members_of(db.session(), team)] == [
        (one.id, True), (two.id, False),
    ]  # fmt: skip
    teams.edit_team(cast.a, team, name="Norte 1", members=[two.id], lead=None)
    assert [(each.appointment_id, each.is_lead) for each in team.members] == [(two.id, False)]
    assert (team.base, team.latitude, team.starts_at) == (None, None, None)


def test_a_lead_is_a_member_without_being_named_twice(cast):
    one = make_appointment(cast.a)
    team = teams.make_team(cast.a, name="Sur", members=[], lead=one.id)
    assert [(each.appointment_id, each.is_lead) for each in team.members] == [(one.id, True)]


def test_nobody_is_in_two_teams(cast):
    one = make_appointment(cast.a, given_names="Ana", family_names="Paz")
    a_team(cast.a, one)
    with pytest.raises(Refused, match="Ana Paz is in the team “Norte 1”"):
        a_team(cast.a, one, name="Sur")
    db.session.rollback()


def test_who_is_of_another_mission_or_withdrew_is_not_taken(cast):
    with pytest.raises(Refused, match="of this mission"):
        a_team(cast.a, make_appointment(cast.b))
    gone = make_appointment(cast.a)
    gone.state = AppointmentState.WITHDRAWN
    with pytest.raises(Refused, match="withdrawn"):
        a_team(cast.a, gone)


@pytest.mark.parametrize(
    ("told", "error"),
    [
        ({"name": " "}, "a name"),
        ({"latitude": 91.0, "longitude": 0.0}, "between −90 and 90"),
        ({"latitude": 9.0, "longitude": 181.0}, "between −180 and 180"),
        ({"latitude": 9.0}, "a latitude and a longitude"),
        ({"starts_at": time(18), "ends_at": time(6)}, "ends after"),
    ],
)
def test_what_cannot_be_is_refused(cast, told, error):
    with pytest.raises(InvalidInput, match=error):
        a_team(cast.a, **told)


def test_a_name_is_given_once_in_a_mission(cast):
    a_team(cast.a)
    a_team(cast.b)
    with pytest.raises(Conflict, match="Norte 1"):
        a_team(cast.a, name="Norte 1 ")


def test_stations_are_assigned_to_all_who_observe(cast):
    one, two = make_appointment(cast.a), make_appointment(cast.a)
    team = a_team(cast.a, one, two, driver(cast.a))
    stations = [a_station(cast.a, code=str(n)) for n in (1, 2)]
    assert teams.assign_team(cast.a, team, round_=cast.a.rounds[0], stations=stations) == 4
    assert teams.assign_team(cast.a, team, round_=cast.a.rounds[0], stations=stations) == 0
    assert db.session.query(Assignment).count() == 4
    a_visit(cast.a, stations[0])
    row = queries.row_of(db.session(), cast.a, team)
    assert (row.member_count, row.planned_count, row.visited_count) == (3, 2, 1)


def test_a_team_in_which_nobody_observes_gets_no_stations(cast):
    team = a_team(cast.a, driver(cast.a))
    with pytest.raises(Refused, match="Nobody in the team"):
        teams.assign_team(cast.a, team, round_=cast.a.rounds[0], stations=[a_station(cast.a)])


def test_a_team_is_made_changed_and_dissolved_on_its_pages(cast, as_person):
    ana = as_person("ana")
    one, two = make_appointment(cast.a), make_appointment(cast.a)
    other = a_team(cast.a, two, name="Other")
    db.session.commit()
    form = ana.get(f"{URL}/new").text
    assert f'value="{two.id}"' not in form, "whoever is in another team is not offered"
    told = {"name": "Sur 2", "members": one.id, "lead": one.id, "vehicle": "Toyota 1234-ABC",
            "latitude": "-21.5", "longitude": "-64.7", "starts_at": "05:30"}  # fmt: skip
    page = ana.submit(f"{URL}/new", **told)
    team = db.session.query(Team).filter_by(name="Sur 2").one()
    assert all(text in page.text for text in ("Toyota 1234-ABC", "05:30", one.person.name))
    assert "Sur 2" in ana.page(URL).text
    assert "Other" in ana.get(f"{URL}?format=csv").text
    wrong = ana.submit(f"{URL}/{team.id}/edit", 422, **(told | {"latitude": "95"}))
    assert "At most 90" in wrong.text
    ana.submit(f"{URL}/{team.id}/edit", **(told | {"name": "Sur 3"}))
    ana.submit(f"{URL}/{team.id}/remove")
    assert db.session.query(Team).all() == [other]


def test_a_team_is_chosen_where_stations_are_assigned(cast, as_person):
    ana, person = as_person("ana"), make_appointment(cast.a)
    team, _station = a_team(cast.a, person), a_station(cast.a, code="77")
    foreign = a_team(cast.b)
    db.session.commit()
    url = "/missions/BOL-2019/assignments"
    assert f'<option selected value="team-{team.id}">' in ana.get(f"{url}/new?team={team.id}").text
    told = {"who": f"team-{team.id}", "round_id": cast.a.rounds[0].id, "selection": "random", "codes": "77"}
    ana.submit(f"{url}/new", 422, **(told | {"who": f"team-{foreign.id}"}))
    ana.submit(f"{url}/new", **told)
    assert [each.appointment_id for each in db.session.query(Assignment)] == [person.id]
    assert person.person.family_names in ana.page(f"{url}?team={team.id}").text
