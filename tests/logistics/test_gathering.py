"""Briefings, the tree as it stands in the database, and headcounts."""

from __future__ import annotations

from datetime import timedelta

import pytest

from eom.checklists.models.safety import SafetyReport
from eom.core import clock
from eom.core.errors import InvalidInput, NotFound, Refused
from eom.extensions import db
from eom.logistics.models.calls import Reached
from eom.logistics.queries import board, calls
from eom.logistics.services import gathering
from eom.observers.models import AppointmentRole
from tests.factories.deployment import a_team
from tests.factories.logistics import DAY, a_briefing, a_headcount
from tests.factories.observers import make_appointment

URL = "/missions/BOL-2019/logistics"


def missed(mission) -> int:
    return board.board(db.session(), mission, DAY).lacking["briefing"]


def test_who_came_to_one_of_the_same_title_has_heard_it(cast):
    first, second = a_briefing(cast.a), a_briefing(cast.a, language="en")
    ana, ivo = make_appointment(cast.a), make_appointment(cast.a)
    make_appointment(cast.a, "BOL", role=AppointmentRole.DRIVER)
    assert missed(cast.a) == 2, "drivers need not come"
    assert gathering.note_attendance(cast.a, second, [ana.id]) == 1
    assert missed(cast.a) == 1
    gathering.note_attendance(cast.a, first, [ivo.id])
    assert missed(cast.a) == 0
    gathering.note_attendance(cast.a, first, [])
    assert missed(cast.a) == 1


def test_nobody_has_missed_what_is_held_again_or_need_not_be_heard(cast):
    make_appointment(cast.a)
    a_briefing(cast.a, title="Media", is_needed=False)
    a_briefing(cast.a)
    assert missed(cast.a) == 1
    a_briefing(cast.a, on=clock.today() + timedelta(days=3))
    assert missed(cast.a) == 0


def test_people_of_another_mission_do_not_come(cast):
    with pytest.raises(Refused):
        gathering.note_attendance(cast.a, a_briefing(cast.a), [make_appointment(cast.b).id])
    with pytest.raises(InvalidInput):
        a_briefing(cast.a, language="xx")


@pytest.fixture
def tree(cast):
    """A chief, a coordinator, a security specialist, and two teams of two."""
    people = {
        name: make_appointment(cast.a, role=role, given_names=name.capitalize(), family_names="Z")
        for name, role in (
            ("chief", AppointmentRole.CHIEF), ("regional", AppointmentRole.REGIONAL_COORDINATOR),
            ("guard", AppointmentRole.OTHER_SUPPORT), ("one", AppointmentRole.OBSERVER),
            ("two", AppointmentRole.OBSERVER), ("three", AppointmentRole.OBSERVER),
        )
    }  # fmt: skip
    people["norte"] = a_team(cast.a, people["one"], people["two"], name="Norte")
    people["sur"] = a_team(cast.a, people["three"], name="Sur")
    db.session.commit()
    return people


def called_by(mission) -> dict[str, str | None]:
    return {
        each.person.given_names: each.caller and each.caller.given_names
        for each in calls.lines(db.session(), mission)
    }


def test_the_tree_is_made_of_coordinators_and_teams(cast, tree):
    assert called_by(cast.a) == {
        "Chief": None, "Regional": "Chief", "One": "Regional", "Two": "One", "Three": "Regional", "Guard": "Regional",
    }  # fmt: skip
    gathering.decide_calls(cast.a, focal=tree["guard"].id, callers={tree["sur"].id: tree["chief"].id})
    found = called_by(cast.a)
    assert found["Guard"] is None
    assert (found["Chief"], found["Three"]) == ("Guard", "Chief")
    gathering.decide_calls(cast.a, focal=None, callers={tree["sur"].id: None})
    assert called_by(cast.a)["Guard"] is not None


def test_the_tree_of_one_mission_takes_nobody_of_another(cast, tree):
    other = make_appointment(cast.b)
    for told in (
        {"focal": other.id, "callers": {}}, {"focal": None, "callers": {a_team(cast.b).id: None}},
        {"focal": None, "callers": {tree["sur"].id: other.id}},
    ):  # fmt: skip
        with pytest.raises(NotFound):
            gathering.decide_calls(cast.a, **told)


def test_who_says_that_they_are_safe_is_reached_unless_somebody_noted_otherwise_later(cast, tree):
    tree["one"].person.user_id = cast.user("bruno").id
    headcount = a_headcount(cast.a)
    gathering.note_answer(
        cast.a, headcount, appointment_id=tree["two"].id, reached=Reached.NEEDS_HELP, note="leg"
    )
    gathering.note_answer(cast.a, headcount, appointment_id=tree["one"].id, reached=Reached.NOT_REACHED)
    found = calls.count(db.session(), cast.a, headcount)
    assert (found.reached, found.help, found.missing) == (0, 1, 5)
    for number, minutes in ((1, -5), (2, 5)):
        db.session.add(
            SafetyReport(
                mission_id=cast.a.id, user_id=cast.user("bruno").id, instance_id=f"i{number}",
                at=headcount.began_at + timedelta(minutes=minutes),
            )
        )  # fmt: skip
    db.session.flush()
    found = calls.count(db.session(), cast.a, headcount)
    assert (found.reached, found.help, found.missing) == (1, 1, 4)
    assert [each.line.person.given_names for each in found.people if each.said] == ["One"]


def test_one_headcount_is_open_at_a_time_and_takes_nothing_once_it_has_ended(cast, tree):
    headcount = a_headcount(cast.a)
    with pytest.raises(Refused):
        a_headcount(cast.a)
    gathering.end_headcount(headcount)
    with pytest.raises(Refused):
        gathering.note_answer(cast.a, headcount, appointment_id=tree["one"].id, reached=Reached.REACHED)
    assert a_headcount(cast.a).id


def test_a_coordinator_calls_everyone_on_the_pages_but_decides_nothing(cast, as_person, tree):
    carmen = as_person("carmen")
    page = carmen.submit(f"{URL}/headcounts/new", occasion="Earthquake")
    assert "Headcount: Earthquake" in page.text
    url = page.soup.select_one("form[action*='/headcounts/']")["action"].rsplit("/", 1)[0]
    page = carmen.submit(f"{url}/{tree['one'].id}", reached="reached")
    assert "Reached, safe" in page.text
    carmen.submit(f"{url}/{tree['one'].id}", 422, reached="perhaps")
    assert "ended" in carmen.submit(f"{url}/end").text
    assert "Guard Z" in carmen.page(f"{URL}/call-tree/paper").text
    carmen.get(f"{URL}/call-tree/edit", 403)
    ana = as_person("ana")
    page = ana.submit(
        f"{URL}/call-tree/edit", focal=tree["guard"].id, team_id=tree["sur"].id, caller=tree["chief"].id
    )
    assert "Nobody is the security focal point" not in page.text
    as_person("bruno").get(f"{URL}/call-tree", 403)
    as_person("dario").get(f"{URL}/call-tree", 404)


def test_attendance_is_noted_on_the_page(cast, as_person, tree):
    briefing = a_briefing(cast.a)
    db.session.commit()
    url = f"{URL}/briefings/{briefing.id}"
    assert (
        "2 people came"
        in as_person("ana")
        .submit(f"{url}/attendance", present=[str(tree["one"].id), str(tree["two"].id)])
        .text
    )
    page = as_person("carmen").page(url)
    assert "Z, One" in page.text
    assert not page.all("input[type=checkbox]")
