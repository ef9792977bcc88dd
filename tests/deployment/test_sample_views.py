"""Samples as pages: calculated, drawn, explained, adopted, given out, checked."""

from __future__ import annotations

import csv
import hashlib
import json

import pytest

from eom.deployment.models import Assignment
from eom.deployment.sample_models import Sample, SampleDesign, SampledStation, SampleState
from eom.deployment.services import samples
from eom.extensions import db
from tests.factories.deployment import a_country, a_sample, a_visit
from tests.factories.observers import make_appointment

URL = "/missions/BOL-2019/samples"
STRATIFIED = {"design": SampleDesign.STRATIFIED, "size": 12}


@pytest.fixture
def country(cast):
    made = a_country(cast.a, Tarija=20, Beni=10, Pando=6, abroad=6)
    db.session.commit()
    return made


def told(cast, **more):
    usual = {
        "name": "October", "round_id": cast.a.rounds[0].id, "design": "stratified", "margin": "5", "confidence": "95",
        "share": "50", "strata": "area", "allocation": "proportional", "least": "2", "area_level": "1",
        "likeness": "0.05", "reserve": "20", "size": "12", "seed": "0412233845",
    }  # fmt: skip
    return usual | more


def test_a_chief_draws_a_sample_and_everything_is_explained(cast, as_person, country):
    ana = as_person("ana")
    page = ana.submit(f"{URL}/new", **told(cast))
    sample = db.session.query(Sample).one()
    assert (sample.name, sample.seed, sample.station_count) == ("October", "0412233845", 12)
    for words in (
        "12", "0412233845", sample.frame_sha256, "a partial count is not a sample", "no station abroad could be drawn",
        "Cochran", "says nothing of urban and rural", "Within chance", "Tarija", "given by who drew it",
    ):  # fmt: skip
        assert words in page.text, words
    assert "October" in ana.page(URL).text
    assert ana.get(f"{URL}?format=csv").text.splitlines()[1].startswith("October,")


def test_a_calculation_follows_what_is_typed_and_draws_nothing(cast, as_person, country):
    ana = as_person("ana")
    fields = told(cast, name="", size="", margin="10")
    query = "&".join(f"{name}={value}" for name, value in fields.items())
    answer = ana.get(f"{URL}/calculation?{query}").text
    assert "Stations that can be drawn" in answer and "36" in answer
    assert "27 stations" in answer, "n0 = 96.04 of 36 stations"
    assert "as soon as every field" in ana.get(f"{URL}/calculation?design=simple&margin=x").text
    small = ana.get(f"{URL}/calculation?{query.replace('size=', 'size=3')}").text
    assert "alone takes 6 stations" in small
    large = ana.get(f"{URL}/calculation?{query.replace('size=', 'size=999')}").text
    assert "Between 1 and 36 stations" in large
    two = (
        query.replace("design=stratified", "design=two_stages").replace("size=", "size=20") + "&area_count=2"
    )
    assert "the design effect is 1.45" in ana.get(f"{URL}/calculation?{two}").text
    shown = ana.http.post(f"{URL}/new", data=fields | {"calculate": "1"})
    assert "27 stations" in shown.text
    assert db.session.query(Sample).count() == 0


def test_what_is_wrong_stands_at_its_field(cast, as_person, country):
    ana = as_person("ana")
    assert "Between 1 and 36" in ana.submit(f"{URL}/new", 422, **told(cast, size="37")).text
    assert "is no number" in ana.submit(f"{URL}/new", 422, **told(cast, margin="five")).text
    assert "At least 2 stations in each" in ana.submit(f"{URL}/new", 422, **told(cast, size="4")).text
    areas = told(cast, design="two_stages", size="12", area_count="9")
    assert "Between 1 and 3 areas" in ana.submit(f"{URL}/new", 422, **areas).text
    assert db.session.query(Sample).count() == 0
    ana.submit(f"{URL}/new", **told(cast))
    assert "already" in ana.submit(f"{URL}/new", 422, **told(cast)).text
    assert (
        "no polling stations"
        in as_person("dario")
        .submit("/missions/PER-2021/samples/new", 422, **told(cast, round_id=cast.b.rounds[0].id))
        .text
    )


@pytest.mark.parametrize(
    "design", [{"design": "simple"}, {"design": "by_size"}, {"design": "two_stages", "area_count": "2"},
               {"strata": "voters"}, {"with_abroad": "y", "allocation": "equal"}, {"allocation": "neyman"}],
)  # fmt: skip
def test_every_design_has_its_page_and_is_drawn_again(cast, as_person, country, design):
    ana = as_person("ana")
    ana.submit(f"{URL}/new", **told(cast, **design))
    sample = db.session.query(Sample).one()
    assert "give exactly this list" in ana.page(f"{URL}/{sample.id}?check=1").text
    assert (
        ana.get(f"{URL}/{sample.id}/stations?format=csv").text.count("\n")
        == 1 + sample.station_count + sample.reserve_count
    )


def test_a_changed_register_and_a_changed_list_are_told(cast, as_person, country):
    ana, sample = as_person("ana"), a_sample(cast.a, **STRATIFIED)
    row = db.session.query(SampledStation).filter_by(is_replacement=False).first()
    drawn = {each.polling_station_id for each in db.session.query(SampledStation)}
    row.polling_station_id = next(each.id for each in country if each.id not in drawn)
    db.session.commit()
    assert "changed by hand" in ana.page(f"{URL}/{sample.id}?check=1").text
    country[0].is_missing = True
    db.session.commit()
    assert "35 stations now, 36 then" in ana.page(f"{URL}/{sample.id}?check=1").text


def test_a_sample_is_adopted_assigned_and_replaced(cast, as_person, country):
    ana, sample, person = as_person("ana"), a_sample(cast.a, **STRATIFIED), make_appointment(cast.a)
    db.session.commit()
    ana.submit(f"{URL}/{sample.id}/assign", 422, who=person.id)
    ana.submit(f"{URL}/{sample.id}/adopt")
    page = ana.submit(f"{URL}/{sample.id}/assign", who=person.id)
    assert "12 polling stations assigned" in page.text
    assert db.session.query(Assignment).filter_by(selection="random").count() == 12
    drawn = db.session.query(SampledStation).filter_by(is_replacement=False).first()
    url = f"{URL}/{sample.id}/stations/{drawn.id}/replace"
    assert f"/stations/{drawn.id}/replace" in ana.get(f"{URL}/{sample.id}/stations").text
    ana.submit(url, 422, reason="")
    assert "stands in" in ana.submit(url, reason="Flooded").text
    listed = ana.get(f"{URL}/{sample.id}/stations?format=csv&part=replaced").text
    assert listed.count("\n") == 2 and "Flooded" in listed
    ana.submit(f"{URL}/{sample.id}/set-aside", reason="Drawn from an old register")
    assert sample.state is SampleState.SET_ASIDE
    assert "Drawn from an old register" in ana.page(f"{URL}/{sample.id}").text


def test_the_map_has_the_centres_of_the_sample(cast, as_person, country):
    sample = a_sample(cast.a, **STRATIFIED)
    drawn = db.session.query(SampledStation).filter_by(is_replacement=False).first()
    a_visit(cast.a, drawn.station)
    db.session.commit()
    answer = as_person("ana").get(f"{URL}/{sample.id}/points")
    states = [point[3] for point in json.loads(answer.text)["points"]]
    assert states.count(2) == 1 and states.count(1) > 1
    again = as_person("ana").http.get(
        f"{URL}/{sample.id}/points", headers={"If-None-Match": answer.headers["ETag"]}
    )
    assert again.status_code == 304
    assert "https://" not in as_person("ana").get(f"{URL}/{sample.id}").text.replace("http://www.w3.org", "")


def test_coordinators_read_and_assign_observers_learn_nothing_strangers_find_nothing(
    cast, as_person, country
):
    sample = a_sample(cast.a, **STRATIFIED)
    drawn = db.session.query(SampledStation).first().id
    samples.adopt(sample)
    db.session.commit()
    carmen, paths = (
        as_person("carmen"),
        ("", f"/{sample.id}", f"/{sample.id}/stations", f"/{sample.id}/points"),
    )
    for path in paths:
        carmen.get(URL + path)
        as_person("bruno").get(URL + path, 403)
        as_person("dario").get(URL + path, 404)
        as_person("delia").get(URL + path)
    for path in ("/new", "/calculation", f"/{sample.id}/set-aside", f"/{sample.id}/stations/{drawn}/replace"):
        carmen.get(URL + path, 403)
        as_person("hugo").get(URL + path)
    for path in paths[1:]:
        as_person("dario").get(f"/missions/PER-2021/samples{path}", 404)
    other = a_country(cast.b, Lima=3)
    foreign = a_sample(cast.b)
    db.session.commit()
    assert other
    as_person("ana").get(f"{URL}/{foreign.id}/stations/{drawn}/replace", 404)
    as_person("ana").get(f"{URL}/{sample.id}/stations/{drawn + 10_000}/replace", 404)


def test_an_empty_mission_says_what_to_do(as_person):
    assert "Draw a sample" in as_person("ana").page(URL).text
    assert "No sample yet" in as_person("carmen").page(URL).text


def test_the_whole_frame_goes_out_with_its_numbers(cast, as_person, country):
    sample = a_sample(cast.a, size=9)
    db.session.commit()
    lines = list(csv.reader(as_person("ana").get(f"{URL}/{sample.id}/frame").text.splitlines()))
    assert len(lines) == 37
    assert [line[4] for line in lines[1:]] == ["Yes"] * 9 + ["No"] * 27, "the smallest numbers are drawn"
    key, number = lines[1][0], float(lines[1][3])
    digest = hashlib.sha256(f"2019\nstation\n{key}".encode()).hexdigest()
    assert number == pytest.approx(int(digest[:16], 16) / 2**64)
    as_person("carmen").get(f"{URL}/{sample.id}/frame", 403)
    as_person("ana").get(f"{URL}/{sample.id}/frame?format=doc", 422)
