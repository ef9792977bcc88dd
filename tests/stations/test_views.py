"""The register's pages: who sees them, and the way from a file to the loaded register."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
import sqlalchemy as sa

from eom.extensions import db
from eom.stations.models import PollingStation
from tests.factories.stations import a_centre, a_station, an_area

HEAD = "Mesa,Departamento,Recinto,lat,lon,Inscritos\n"
ROWS = HEAD + "1,Tarija,Ñancahuazú,-21.5,-64.7,100\n2,Tarija,B,-21.5,-64.7,90\n"
URL = "/missions/BOL-2019/stations"


@pytest.fixture
def ana(as_person):
    return as_person("ana")


def send(client, text=ROWS, name="register.csv"):
    data = text if isinstance(text, bytes) else text.encode()
    return client.http.post(
        f"{URL}/upload", data={"file": (BytesIO(data), name)}, content_type="multipart/form-data"
    )


def values(answer) -> dict[str, str]:
    """What the form of columns would send as it stands."""
    html = answer.get_data(as_text=True)
    chosen = {"token": re.search(r'name="token"[^>]*value="([^"]+)"', html).group(1)}
    for select in re.finditer(r'<select[^>]*name="(\w+)".*?</select>', html, re.S):
        option = re.search(r'<option selected value="([^"]*)"', select.group(0))
        chosen[select.group(1)] = option.group(1) if option else ""
    return chosen


def test_from_a_file_to_the_loaded_register(ana):
    answer = send(ana)
    assert answer.status_code == 200
    chosen = values(answer)
    assert (chosen["station_code"], chosen["area_1"], chosen["latitude"]) == ("Mesa", "Departamento", "lat")
    job = ana.http.post(f"{URL}/upload/columns", data=chosen)
    assert job.status_code == 303
    preview = re.search(rf"{URL}/upload/[0-9a-f-]+", ana.get(job.location).text).group(0)
    assert "What would change" in ana.page(preview).text
    assert db.session.scalar(sa.select(sa.func.count()).select_from(PollingStation)) == 0
    done = ana.http.post(f"{preview}/apply")
    assert "Polling stations in the file" in ana.page(done.location).text
    listed = ana.page(URL)
    assert "Ñancahuazú" in listed.text
    assert "register.csv" in listed.text


def test_a_choice_of_columns_that_will_not_do_is_shown_on_its_field(ana):
    chosen = values(send(ana)) | {"latitude": ""}
    answer = ana.http.post(f"{URL}/upload/columns", data=chosen)
    assert answer.status_code == 422
    assert "Latitude and longitude go together" in answer.get_data(as_text=True)


def test_what_is_wrong_with_a_file_is_listed(ana):
    chosen = values(send(ana, HEAD + "1,Tarija,A,91,-64.7,100\n"))
    page = ana.page(ana.http.post(f"{URL}/upload/columns", data=chosen).location)
    assert "91" in page.text
    assert "lat" in page.text


def test_what_is_no_table_is_refused_at_once(ana):
    answer = send(ana, b"PK\x03\x04 nothing", "register.xlsx")
    assert answer.status_code == 422


def test_an_upload_that_is_too_large_is_answered_in_words(app, ana):
    limit = app.config["MAX_CONTENT_LENGTH"]
    app.config["MAX_CONTENT_LENGTH"] = 1000
    try:
        answer = send(ana, b"x" * 5000)
    finally:
        app.config["MAX_CONTENT_LENGTH"] = limit
    assert answer.status_code == 413
    assert "<h1" in answer.get_data(as_text=True)


def test_a_preview_belongs_to_its_mission_and_kind(ana, as_person):
    job = ana.http.post(f"{URL}/upload/columns", data=values(send(ana))).location.rsplit("/", 1)[1]
    as_person("dario").get(f"/missions/PER-2021/stations/upload/{job}", 404)
    ana.get(f"{URL}/upload/no-such-job", 404)


@pytest.mark.parametrize("path", ["", "/centres", "/upload"])
def test_who_may_see_the_register(as_person, path):
    as_person("ana").page(URL + path)
    as_person("bruno").page(URL + path, 403)
    as_person("dario").page(URL + path, 404)


def test_a_centre_shows_its_stations_and_only_in_its_mission(cast, ana, as_person):
    centre = a_centre(cast.a, is_outside_area=True, found_in="Santa Cruz")
    a_station(cast.a, centre=centre, code="77001")
    db.session.commit()
    page = ana.page(f"{URL}/centres/{centre.id}")
    assert "77001" in page.text
    assert "Santa Cruz" in page.text
    as_person("dario").page(f"/missions/PER-2021/stations/centres/{centre.id}", 404)


def test_lists_filter_sort_and_go_out_as_files(cast, ana):
    tarija, abroad = an_area(cast.a), an_area(cast.a, name="Argentina", is_abroad=True)
    a_station(cast.a, centre=a_centre(cast.a, area=tarija), code="1")
    a_station(cast.a, centre=a_centre(cast.a, area=abroad), code="2")
    db.session.commit()
    assert "Argentina" in ana.http.get(f"{URL}?where=abroad&format=csv").get_data(as_text=True)
    assert ana.http.get(f"{URL}?area={tarija.id}&format=csv").get_data(as_text=True).count("\n") == 2
    assert ana.http.get(f"{URL}/centres?format=xlsx").status_code == 200
    assert "Argentina" in ana.page(f"{URL}/centres?sort=-stations").text


def test_empty_lists_say_what_to_do_next(ana):
    assert "Load a register" in ana.page(URL).text
