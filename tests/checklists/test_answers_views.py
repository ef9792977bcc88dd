"""The pages of answers through signed-in people: what is counted, narrowed, refused and handed out."""

from __future__ import annotations

import csv
import io

import pytest

from eom.extensions import db
from tests.factories import checklists as factory
from tests.factories.checklists import filled, receive


@pytest.fixture
def form(cast):
    """The standard opening checklist of mission A with a report from each of two areas."""
    version = factory.publish_standard(cast.a)
    for number, (area, on_time) in enumerate(
        (("La Paz", "yes"), ("Potosí", "no"), ("Potosí", "not_observed"))
    ):
        station = factory.make_station(cast.a, str(number), area)
        receive(cast.a, filled(station.code, f"uuid:{number}", on_time=on_time))
    db.session.flush()
    return f"/missions/{cast.a.code}/answers/{version.form_id}"


def test_a_form_leads_to_its_questions(as_person, cast, form):
    page = as_person("ana").page(f"/missions/{cast.a.code}/answers")
    assert "3" in page.soup.select_one("tbody tr").text
    questions = as_person("ana").page(form)
    assert "3 reports count, from 3 polling stations." in questions.text
    assert questions.soup.select_one(f'a[href*="{form}/question?q=on_time"]')


def test_a_question_shows_shares_without_what_was_not_observed(as_person, form):
    page = as_person("ana").page(f"{form}/question?q=on_time&by=area")
    rows = [
        [cell.text.strip() for cell in row.select("th, td")] for row in page.soup.select("table tbody tr")
    ]
    assert ["Yes", "1", "50.0%"] in [row[:3] for row in rows]
    assert ["Not observed", "1", "left out"] in [row[:3] for row in rows]


def test_the_table_goes_out_as_csv(as_person, form):
    answer = as_person("ana").http.get(f"{form}/question?q=on_time&by=area&format=csv")
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert rows[0][:3] == ["Area", "Answers that count", "Yes"]
    # The two stations lie in areas of one name.
    potosi = [["Potosí", "0", "0"], ["Potosí", "1", "0"]]
    assert sorted(row[:3] for row in rows[1:]) == [["All", "2", "1"], ["La Paz", "1", "1"], *potosi]


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("question?q=nothing", 404, "The form has no question “nothing”."),
        ("question?q=on_time&by=moon", 422, "Answers cannot be told apart by “moon”."),
        ("question?q=on_time&state=lost", 422, "“lost” is no state of a report."),
        ("crosstab?a=on_time&b=ballots_received", 404, "The form has no question “ballots_received”."),
        ("question?q=on_time&format=pdf", 422, "“pdf” is no format of a download"),
    ],
)
def test_what_cannot_be_answered_says_why(as_person, form, address, status, words):
    answer = as_person("ana").http.get(f"{form}/{address}")
    assert (answer.status_code, words in answer.get_data(as_text=True)) == (status, True)


def test_the_map_gets_centres_and_what_was_answered_there(as_person, form):
    ana = as_person("ana")
    points = ana.http.get(f"{form}/points?q=on_time&map=no").json["points"]
    assert sorted(point[3] for point in points) == [1, 1, 2]
    chosen = next(point[2] for point in points if point[3] == 2)
    told = ana.http.get(f"{form}/centres/{chosen}?q=on_time").json
    assert told["rows"] == [["No", "1"]]


def test_an_observer_and_a_stranger_see_no_answers(as_person, form):
    assert as_person("bruno").http.get(f"{form}/question?q=on_time").status_code == 403
    assert as_person("dario").http.get(f"{form}/question?q=on_time").status_code == 404
