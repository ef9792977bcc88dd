"""Arrivals and departures from a spreadsheet: every error named, nothing half-written, the same file twice."""

from __future__ import annotations

import io
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eom.core.errors import InvalidFile
from eom.extensions import db
from eom.logistics import imports
from eom.logistics.models.movements import Travel, TravelState
from eom.logistics.queries import people
from tests.factories.observers import make_appointment

URL = "/missions/BOL-2019/logistics/travels"


@pytest.fixture
def known(cast):
    cast.a.starts_on, cast.a.ends_on = date(2019, 10, 14), date(2019, 10, 24)
    for given_names, family_names in (("José", "Núñez Díaz"), ("Ana", "Paz"), ("Ana", "Paz")):
        make_appointment(cast.a, given_names=given_names, family_names=family_names)
    make_appointment(cast.a, email="ivo@example.org")
    db.session.commit()
    return people.contacts(db.session(), cast.a)


def read(mission, known, text: str) -> imports.ReadTravels:
    return imports.read_travels(text.encode(), "list.csv", mission, known)


def test_names_come_in_any_order_and_without_accents(cast, known):
    text = (
        "Pasajero;Sentido;Fecha;Hora;Aerolínea;Vuelo;Aeropuerto\n"
        "NUNEZ DIAZ, JOSE;Llegada;2019-10-15;14:30;Avianca;AV 247;El Alto\n"
        "José Núñez Díaz;salida;2019-10-23;05:05:00;BoA;OB 760;\n"
    )
    found = read(cast.a, known, text)
    assert found.errors == []
    assert [(each.direction.value, each.at.strftime("%H:%M"), each.terminal) for each in found.rows] == [
        ("arrival", "14:30", "El Alto"),
        ("departure", "05:05", None),
    ]


def test_every_error_has_its_row_column_value_and_what_was_expected(cast, known):
    text = (
        "name,email,direction,day,time\n"
        "Ana Paz,,arrival,2019-10-15,14:30\nNobody,,arrival,2019-10-15,14:30\n,ivo@example.org,across,15/10/2019,2 pm\n"
        ",ivo@example.org,arrival,2019-01-01,14:30\n,ivo@example.org,arrival,2019-10-15,14:30\n"
        ",ivo@example.org,arrival,2019-10-16,14:30\n,eva@example.org,arrival,2019-10-16,14:30\n"
    )
    told = [(each.row, each.column, each.value) for each in read(cast.a, known, text).errors]
    assert told == [
        (2, "person", "Ana Paz"), (3, "person", "Nobody"), (4, "direction", "across"), (4, "day", "15/10/2019"),
        (4, "time", "2 pm"), (5, "day", "2019-01-01"), (6, "direction", "arrival"), (7, "direction", "arrival"),
        (8, "email", "eva@example.org"),
    ]  # fmt: skip


def test_a_file_that_is_no_list_of_journeys_names_what_is_missing(cast, known):
    with pytest.raises(InvalidFile, match="person, direction, time"):
        read(cast.a, known, "fecha,valor\n2019-10-15,1\n")


@given(st.lists(st.tuples(st.text(max_size=12), st.text(max_size=12), st.text(max_size=12)), max_size=4))
def test_whatever_stands_in_the_cells_is_a_row_or_an_error(rows):
    lines = [[cell.replace("\0", "") for cell in row] for row in rows]
    mission = type("M", (), {"starts_on": None, "ends_on": None})()
    for number, (who, on, at) in enumerate(lines, 2):
        line = imports._Line(number, {"person": who, "day": on, "time": at, "email": ""})
        assert line._who(imports._Known([(1, "Ana Paz", None)])) == 1 or line.errors
        line._day(mission)
        line._time()


def test_a_list_is_looked_at_then_noted_and_adds_nothing_twice(cast, known, as_person):
    ana = as_person("ana")
    text = "email,direction,day,time,flight\nivo@example.org,arrival,2019-10-15,14:30,AV 1\n"

    def send(words: str, status: int = 200):
        answer = ana.http.post(
            f"{URL}/import",
            data={"file": (io.BytesIO(words.encode()), "list.csv")},
            content_type="multipart/form-data",
        )
        assert answer.status_code == status
        return answer.text

    def token_of(page: str) -> str:
        return page.split('name="token" value="')[1].split('"')[0]

    wrong = send(text.replace("14:30", "half past two"), 422)
    assert "half past two" in wrong
    assert db.session.query(Travel).count() == 0
    assert "1 journey noted, 0 changed" in ana.submit(f"{URL}/import/apply", token=token_of(send(text))).text
    assert "0 journeys noted, 1 changed" in ana.submit(f"{URL}/import/apply", token=token_of(send(text))).text
    travel = db.session.query(Travel).one()
    assert (travel.travel_state, travel.service_number) == (TravelState.BOOKED, "AV 1")
    as_person("carmen").get(f"{URL}/import", 403)
