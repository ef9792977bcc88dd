"""Doubtful centres: which are found, and what mending and keeping do."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
import sqlalchemy as sa

from eom.core.audit import AuditEntry
from eom.core.errors import InvalidInput, Refused
from eom.extensions import db
from eom.stations.models import CentreFinding, FindingKind, FindingState, PollingStation, VotingCentre
from eom.stations.quality import Place, doubts
from eom.stations.services import boundaries, findings, register
from tests.factories.missions import make_mission
from tests.factories.stations import a_centre, a_finding, a_station

HEAD = "Mesa,Departamento,Recinto,lat,lon\n"
NEAR = "".join(f"{n},Tarija,Escuela {n},{-21.5012 - n / 1000:.4f},-64.7{n}31\n" for n in range(1, 9))
FAR = HEAD + NEAR + "20,Tarija,Escuela lejana,-21.9123,-63.1511\n21,Tarija,Sin lugar,,\n"


def kinds(places) -> set[tuple[int, str]]:
    return {(each.centre_id, each.kind.value) for each in doubts(places)}


def around(count=6):
    return [Place(n, f"C{n}", 1, round(-21.5012 - n / 1000, 4), -64.7231) for n in range(1, count + 1)]


def test_each_kind_of_doubt_is_found():
    assert kinds(around()) == set()
    assert kinds([*around(), Place(50, "X", 1, -21.9123, -63.1511)]) == {(50, "far")}
    assert kinds([*around(), Place(50, "X", 1, None, None)]) == {(50, "unplaced")}
    assert kinds([*around(), Place(50, "X", 1, -21.5, -64.72)]) == {(50, "rough")}
    assert kinds([*around(), Place(50, "X", 1, -21.5131, -64.7231, is_outside=True)]) == {(50, "outside")}
    assert kinds([*around(), Place(50, "X", 2, -21.5022, -64.7231)]) == {
        (1, "same_point"),
        (50, "same_point"),
    }
    assert kinds([*around(), Place(50, "c1", 1, -21.5023, -64.7231)]) == {(50, "duplicate")}
    assert kinds([*around(), Place(50, "Ç1", 1, -21.5131, -64.7331)]) == {(50, "alike")}


def test_a_file_that_rounds_everything_is_no_finding():
    assert kinds([Place(n, f"C{n}", 1, -21.5 - n / 100, -64.7) for n in range(9)]) == set()


@pytest.fixture
def bolivia(app):
    return make_mission("BOL-2019")


def load(mission, text=FAR):
    return register.import_register(mission, text.encode(), "r.csv")


def found(mission, state=FindingState.OPEN) -> list[CentreFinding]:
    query = sa.select(CentreFinding).where(
        CentreFinding.mission_id == mission.id, CentreFinding.state == state
    )
    return list(db.session.scalars(query.order_by(CentreFinding.id)))


def finding(mission, name, kind=None):
    return next(
        each for each in found(mission) if each.centre.name == name and (kind is None or each.kind is kind)
    )


def mend(mission, one, **values):
    centre = one.centre
    given = {
        "name": centre.name,
        "latitude": centre.latitude,
        "longitude": centre.longitude,
        "reason": "The team was there",
        "by": "Ana",
    }
    findings.mend(mission, one, boundaries.levels_of(mission), **(given | values))


def test_a_load_finds_what_is_doubtful(bolivia):
    load(bolivia)
    assert {(each.centre.name, each.kind) for each in found(bolivia)} >= {
        ("Escuela lejana", FindingKind.FAR), ("Sin lugar", FindingKind.UNPLACED),
    }  # fmt: skip
    load(bolivia)
    before = len(found(bolivia))
    findings.refresh(bolivia)
    assert len(found(bolivia)) == before


def test_a_mended_centre_stays_mended_when_the_same_file_comes_again(bolivia):
    load(bolivia)
    mend(
        bolivia,
        finding(bolivia, "Escuela lejana", FindingKind.FAR),
        latitude=-21.5123,
        longitude=-64.7311,
        name="Escuela Lejana",
    )
    assert not [each for each in found(bolivia) if each.centre.name == "Escuela Lejana"]
    entry = db.session.scalars(
        sa.select(AuditEntry).where(AuditEntry.object_type == "centre_findings")
    ).first()
    assert entry.reason == "The team was there"
    summary = load(bolivia).summary
    assert (summary["centres_changed"], summary["centres_moved"]) == (0, 0)
    centre = db.session.scalars(sa.select(VotingCentre).where(VotingCentre.name == "Escuela Lejana")).one()
    assert (centre.latitude, centre.longitude) == (-21.5123, -64.7311)


def test_a_file_that_says_something_new_holds_against_the_mending(bolivia):
    load(bolivia)
    mend(bolivia, finding(bolivia, "Escuela lejana", FindingKind.FAR), latitude=-21.5123, longitude=-64.7311)
    newer = FAR.replace("-21.9123,-63.1511", "-21.5301,-64.7401")
    prepared = register.prepare(
        bolivia,
        newer.encode(),
        "r.csv",
        register.mapping_for(bolivia, register.read_file(newer.encode(), "r.csv")),
    )
    assert any("the file holds" in str(each.message) for each in prepared.register.notices)
    assert {each.name for each in prepared.difference.centres.changed} == {"Escuela lejana"}


def test_what_is_kept_as_it_is_is_not_found_again(bolivia):
    load(bolivia)
    findings.dismiss(finding(bolivia, "Sin lugar"), reason="It is on a boat", by="Ana")
    findings.refresh(bolivia)
    load(bolivia)
    assert not [each for each in found(bolivia) if each.centre.name == "Sin lugar"]
    (kept,) = found(bolivia, FindingState.DISMISSED)
    with pytest.raises(Refused):
        findings.dismiss(kept, reason="Again", by="Ana")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({}, "latitude"), ({"latitude": 91.0, "longitude": 0.0}, "latitude"), ({"latitude": 40.0, "longitude": -3.0}, "latitude"),
        ({"latitude": -21.5, "longitude": None}, "longitude"), ({"name": " "}, "name"),
        ({"latitude": -21.5, "longitude": -64.7, "reason": "  "}, "reason"),
    ],
)  # fmt: skip
def test_a_mending_that_will_not_do_is_refused_on_its_field(bolivia, values, field):
    load(bolivia)
    with pytest.raises(InvalidInput) as refused:
        mend(bolivia, finding(bolivia, "Sin lugar"), **values)
    assert refused.value.field == field


def test_the_register_of_another_mission_is_taken_over_as_a_difference(bolivia):
    load(bolivia)
    second = make_mission("BOL-2020", country="BOL")
    prepared = register.prepare_copy(second, bolivia)
    assert prepared.summary["stations_added"] == 10
    register.apply(second, prepared)
    assert register.prepare_copy(second, bolivia).changes_nothing
    with pytest.raises(Refused):
        register.prepare_copy(bolivia, bolivia)
    with pytest.raises(Refused):
        register.prepare_copy(make_mission("PER-2021", country="PER"), bolivia)
    with pytest.raises(Refused):
        register.prepare_copy(bolivia, make_mission("BOL-2021", country="BOL"))


URL = "/missions/BOL-2019/stations"


def test_the_worklist_from_finding_to_mended(cast, as_person):
    centre = a_centre(cast.a)
    one, other = a_finding(cast.a, centre), a_finding(cast.a, a_centre(cast.a), FindingKind.ROUGH)
    db.session.commit()
    ana, one_id, other_id = as_person("ana"), one.id, other.id
    page = ana.page(f"{URL}/findings?state=open")
    assert centre.name in page.text
    assert len(page.soup.select("svg circle")) == 1
    assert "41" in ana.http.get(f"{URL}/findings?format=csv").get_data(as_text=True)
    bad = ana.http.post(
        f"{URL}/findings/{one_id}", data={"name": "X", "latitude": "here", "longitude": "", "reason": "r"}
    )
    assert bad.status_code == 422
    assert "no coordinate" in bad.get_data(as_text=True)
    sent = {"name": "X", "latitude": "21°32'00\" S", "longitude": "64°44'00\" O", "reason": "Seen"}
    assert ana.http.post(f"{URL}/findings/{one_id}", data=sent).status_code == 303
    assert "Mended by hand" in ana.page(f"{URL}/findings/{one_id}").text
    assert ana.http.post(f"{URL}/findings/{other_id}/dismiss", data={"why": ""}).status_code == 422
    assert ana.http.post(f"{URL}/findings/{other_id}/dismiss", data={"why": "A village"}).status_code == 303
    assert "A village" in ana.page(f"{URL}/findings/{other_id}").text
    assert ana.http.post(f"{URL}/findings/look").status_code == 303
    as_person("bruno").page(f"{URL}/findings", 403)


SQUARE = b'{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"nombre":"Cercado"},"geometry":{"type":"Polygon","coordinates":[[[-65,-22],[-64,-22],[-64,-21],[-65,-21],[-65,-22]]]}}]}'


def test_boundaries_are_loaded_and_removed(cast, as_person):
    ana = as_person("ana")

    def send(data, **more):
        sent = {"level": "2", "file": (BytesIO(data), "b.geojson")} | more
        return ana.http.post(f"{URL}/boundaries", data=sent, content_type="multipart/form-data")

    assert send(SQUARE).status_code == 303
    assert "Cercado" in ana.page(f"{URL}/boundaries").text
    assert "nombre" in send(SQUARE, name_column="other").get_data(as_text=True)
    assert "outside the country" in send(SQUARE.replace(b"-6", b"6")).get_data(as_text=True)
    assert "minus sign" in send(SQUARE.replace(b"-6", b"6")).get_data(as_text=True)
    assert "Point" in send(
        b'{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[1,1]}}'
    ).get_data(as_text=True)
    assert "Cercado" in ana.page(f"{URL}/boundaries").text
    assert ana.http.post(f"{URL}/boundaries/2/remove").status_code == 303
    assert ana.http.post(f"{URL}/boundaries/2/remove").status_code == 404


def test_two_files_and_another_missions_register_through_the_pages(cast, as_person):
    from tests.stations.test_views import values

    other = make_mission("BOL-2018", country="BOL")
    a_station(other, code="555")
    db.session.commit()
    amir = as_person("amir")
    assert "BOL-2018" in amir.page(f"{URL}/upload").text
    sent = {"file": (BytesIO(b"Mesa,Departamento,Recinto,Codigo\n1,Tarija,A,001\n2,Tarija,B,002\n"), "list.csv"),
            "second": (BytesIO(b"cod,lat,lon\n1,-21.5,-64.7\n2,-21.6,-64.8\n"), "points.csv")}  # fmt: skip
    answer = amir.http.post(f"{URL}/upload", data=sent, content_type="multipart/form-data")
    second = re.search(r'name="second_token"[^>]*value="([^"]+)"', answer.get_data(as_text=True)).group(1)
    chosen = values(answer) | {"second_token": second, "epsg": ""}
    assert chosen["latitude"] == "lat"
    for job in (
        amir.http.post(f"{URL}/upload/columns", data=chosen),
        amir.http.post(f"{URL}/upload/copy", data={"source": "BOL-2018"}),
    ):
        preview = re.search(rf"{URL}/upload/[0-9a-f-]+", amir.get(job.location).text).group(0)
        assert "What would change" in amir.page(preview).text
        assert amir.http.post(f"{preview}/apply").status_code == 303
    codes = db.session.scalars(sa.select(PollingStation.code).where(PollingStation.mission_id == cast.a.id))
    assert sorted(codes) == ["1", "2", "555"]
    assert as_person("ana").http.post(f"{URL}/upload/copy", data={"source": "BOL-2018"}).status_code == 422
