"""Progress of a polling day: every station once for a stage, by area and by hour, within one's areas."""

from __future__ import annotations

import pytest

from eom.checklists.models.form import FormKind
from eom.checklists.models.submission import Submission, SubmissionState
from eom.checklists.queries import progress
from eom.extensions import db
from tests.factories import checklists
from tests.factories.checklists import filled, receive
from tests.factories.deployment import an_assignment

URL = "/missions/BOL-2019/progress"


@pytest.fixture
def field(cast):
    """Three stations: two reports of the opening of one, one of another, none of the third, which is planned."""
    checklists.publish_standard(cast.a)
    stations = [checklists.make_station(cast.a) for _number in range(3)]
    for number, station in enumerate((stations[0], stations[0], stations[1])):
        receive(cast.a, filled(station.code, f"uuid:{number}", on_time="yes"))
    an_assignment(cast.a, station=stations[2])
    db.session.commit()
    return stations


def test_a_station_counts_once_for_a_stage(cast, field):
    rows = progress.by_area(db.session(), cast.a, cast.a.rounds[0])
    whole = progress.total("all", rows)
    assert (whole.planned_count, whole.visited_count) == (1, 2)
    assert whole.reported == {FormKind.OPENING: 2}
    assert whole.share(FormKind.OPENING) == 2.0
    assert progress.total("none", []).share(FormKind.OPENING) is None


def test_hours_add_up_to_the_whole(cast, field):
    hours = progress.by_hour(db.session(), cast.a, cast.a.rounds[0])
    assert sum(each.reported.get(FormKind.OPENING, 0) for each in hours) == 2
    assert hours[-1].so_far == {FormKind.OPENING: 2}
    assert all(each.hour.minute == 0 and each.hour.utcoffset() is not None for each in hours)


def test_what_was_rejected_or_replaced_does_not_count(cast, field):
    for each in db.session.query(Submission).filter_by(polling_station_id=field[1].id):
        each.state = SubmissionState.REJECTED
    db.session.commit()
    whole = progress.total("all", progress.by_area(db.session(), cast.a, cast.a.rounds[0]))
    assert whole.reported == {FormKind.OPENING: 1}


def test_other_missions_rounds_and_areas_are_not_in_it(cast, field):
    assert progress.by_area(db.session(), cast.b, None) == []
    assert progress.by_hour(db.session(), cast.a, None) == []
    elsewhere = [field[0].centre.first_area_id + 1_000_000]
    assert progress.by_area(db.session(), cast.a, cast.a.rounds[0], areas=elsewhere) == []
    assert progress.by_hour(db.session(), cast.a, cast.a.rounds[0], areas=elsewhere) == []


def test_the_page_and_its_file(as_person, field):
    ana = as_person("ana")
    page = ana.page(URL)
    assert page.h1 == "Progress by stage"
    assert page.one("tr.total").get_text(" ", strip=True).split() == ["Total", "1", "2", "2", "0", "0", "0"]
    lines = ana.get(f"{URL}?format=csv").text.splitlines()
    assert lines[0].lstrip("\ufeff").startswith("Area,Stations planned")
    as_person("dario").get(URL, 404)
    as_person("bruno").get(URL, 403)


def test_an_empty_page_says_what_to_do(as_person, cast):
    assert "Assign stations" in as_person("ana").page(URL).text
