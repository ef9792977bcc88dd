"""Samples as they are kept: drawn, checked, adopted, replaced, set aside."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from eom.core.audit import AuditEntry
from eom.core.errors import Conflict, InvalidInput, Refused
from eom.deployment.models import Assignment, Selection
from eom.deployment.queries import samples as queries
from eom.deployment.sample_models import SampleDesign, SampledStation, SampleState
from eom.deployment.sampling_frames import Strata
from eom.deployment.sampling_sizes import Allocation
from eom.deployment.services import drawing, samples
from eom.extensions import db
from tests.factories.deployment import a_country, a_sample, a_team, a_visit, an_assignment
from tests.factories.observers import make_appointment
from tests.factories.stations import a_station

STRATIFIED = {"design": SampleDesign.STRATIFIED, "size": 12}


def kept(sample, **values):
    query = sa.select(SampledStation).filter_by(sample_id=sample.id, **values)
    return db.session.scalars(query.order_by(SampledStation.is_replacement, SampledStation.position)).all()


@pytest.fixture
def country(cast):
    return a_country(cast.a, Tarija=20, Beni=10, Pando=6, abroad=6)


def test_a_simple_sample_is_kept_with_its_chances_and_replacements(cast, country):
    sample = a_sample(cast.a, size=9)
    drawn, spare = kept(sample, is_replacement=False), kept(sample, is_replacement=True)
    assert (sample.frame_count, len(drawn), len(spare)) == (36, 9, 5)
    assert (sample.station_count, sample.reserve_count, sample.state) == (9, 5, SampleState.DRAFT)
    assert {(each.chance, each.weight) for each in drawn} == {(0.25, 4.0)}
    assert {(each.chance, each.replaces_id) for each in spare} == {(None, None)}
    assert [each.position for each in spare] == [1, 2, 3, 4, 5]
    assert len(sample.frame_sha256) == 64


def test_strata_get_their_share_and_their_minimum(cast, country):
    sample = a_sample(cast.a, **STRATIFIED)
    found = {row["label"][-1]: (row["stations"], row["drawn"]) for row in sample.figures["strata"]}
    assert found == {"Tarija": (20, 7), "Beni": (10, 3), "Pando": (6, 2)}
    assert all(row["within"] for part in sample.figures["balance"][:1] for row in part["rows"])
    even = a_sample(cast.a, name="Even", with_abroad=True, allocation=Allocation.EQUAL, **STRATIFIED)
    assert [row["drawn"] for row in even.figures["strata"]] == [3, 3, 3, 3]
    assert sum(each.weight for each in kept(even, is_replacement=False)) == pytest.approx(42)


@pytest.mark.parametrize(
    "asked",
    [
        STRATIFIED | {"strata": Strata.VOTERS},
        STRATIFIED | {"strata": Strata.HOME, "with_abroad": True},
        STRATIFIED | {"allocation": Allocation.NEYMAN},
        {"design": SampleDesign.BY_SIZE, "size": 12},
        {"design": SampleDesign.TWO_STAGES, "size": 6, "area_count": 2},
        {"design": SampleDesign.SIMPLE, "size": None, "margin": 0.2},
        {"design": SampleDesign.TWO_STAGES, "size": None, "margin": 0.3, "area_count": 3, "likeness": 0.01},
    ],
)
def test_every_design_is_drawn_and_drawn_again(cast, country, asked):
    sample = a_sample(cast.a, **asked)
    checked = drawing.check(sample, cast.a)
    assert checked.holds and checked.frame_count == sample.frame_count
    assert 0 < sample.figures["margin"] < 1
    assert len(kept(sample, is_replacement=False)) == sample.station_count
    assert all(
        sum(row["stations"] for row in part["rows"]) == sample.frame_count
        for part in sample.figures["balance"]
    )


def test_replacements_are_of_the_stratum_they_stand_by_for(cast, country):
    sample = a_sample(cast.a, **STRATIFIED)
    areas = {each.id: each.centre.first_area.key for each in country}
    assert all(areas[each.polling_station_id] == each.stratum for each in kept(sample))
    assert not {each.polling_station_id for each in kept(sample, is_replacement=True)} & {
        each.polling_station_id for each in kept(sample, is_replacement=False)
    }


def test_another_seed_draws_another_sample_and_without_one_the_machine_makes_it(cast, country):
    one, two = a_sample(cast.a, size=9), a_sample(cast.a, size=9, name="Second", seed="2020")
    assert [each.polling_station_id for each in kept(one)] != [each.polling_station_id for each in kept(two)]
    assert one.parameters["seed_given"]
    made = a_sample(cast.a, size=9, name="Third", seed="")
    assert made.seed.isdigit() and len(made.seed) == 12 and not made.parameters["seed_given"]
    assert drawing.check(made, cast.a).holds
    assert queries.draws_before(db.session(), made) == 2


def test_a_register_that_changed_is_told(cast, country):
    sample = a_sample(cast.a, size=9)
    a_station(cast.a, centre=country[0].centre, code="new")
    checked = drawing.check(sample, cast.a)
    assert not checked.same_frame and checked.frame_count == 37


def test_a_list_that_was_tampered_with_is_told(cast, country):
    sample = a_sample(cast.a, size=9)
    drawn = {each.polling_station_id for each in kept(sample)}
    kept(sample)[0].polling_station_id = next(each.id for each in country if each.id not in drawn)
    db.session.flush()
    checked = drawing.check(sample, cast.a)
    assert checked.same_frame and checked.differing == 1 and not checked.holds


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        ({"size": 37}, "Between 1 and 36"),
        ({"size": 0}, "Between 1 and 36"),
        (STRATIFIED | {"size": 5}, "At least 2 stations in each of 3 strata make 6"),
        ({"design": SampleDesign.TWO_STAGES, "size": 9, "area_count": 4}, "Between 1 and 3 areas"),
        ({"design": SampleDesign.TWO_STAGES, "size": 9}, "Between 1 and 3 areas"),
        ({"design": SampleDesign.TWO_STAGES, "size": 2, "area_count": 3}, "a station at least"),
        ({"design": SampleDesign.TWO_STAGES, "size": 36, "area_count": 1}, "hold fewer than 36"),
        ({"name": " "}, "a name"),
    ],
)
def test_what_cannot_be_drawn_is_refused_with_the_reason(cast, country, asked, error):
    with pytest.raises(InvalidInput, match=error):
        a_sample(cast.a, **asked)
    assert db.session.query(SampledStation).count() == 0


def test_an_empty_register_has_nothing_to_draw_from(cast):
    with pytest.raises(Refused, match="no polling stations"):
        a_sample(cast.a)
    a_country(cast.b, Lima=3)
    with pytest.raises(Refused, match="of this mission"):
        drawing.draw_sample(
            cast.a, round_=cast.b.rounds[0], name="x", asked=drawing.Asked(SampleDesign.SIMPLE, 1)
        )


def test_a_name_is_given_once(cast, country):
    a_sample(cast.a)
    with pytest.raises(Conflict, match="First"):
        a_sample(cast.a, name=" First ")


def test_adopting_makes_assignments_random_and_setting_aside_takes_it_back(cast, country):
    sample = a_sample(cast.a, size=9)
    drawn = {each.polling_station_id for each in kept(sample, is_replacement=False)}
    inside = an_assignment(cast.a, station=next(each for each in country if each.id in drawn))
    outside = an_assignment(cast.a, station=next(each for each in country if each.id not in drawn))
    assert samples.adopt(sample) == 1
    assert (inside.selection, outside.selection) == (Selection.RANDOM, Selection.ASSIGNED)
    with pytest.raises(Refused, match="Only a draft"):
        samples.adopt(sample)
    with pytest.raises(Conflict, match="“First”"):
        samples.adopt(a_sample(cast.a, name="Second"))
    with pytest.raises(InvalidInput, match="Say why"):
        samples.set_aside(sample, reason=" ")
    samples.set_aside(sample, reason="The authority closed Pando")
    assert (inside.selection, sample.state) == (Selection.ASSIGNED, SampleState.SET_ASIDE)
    with pytest.raises(Refused, match="already"):
        samples.set_aside(sample, reason="again")
    changes = db.session.scalars(
        sa.select(AuditEntry).where(AuditEntry.object_type == "samples", AuditEntry.action == "changed")
    )
    assert any("set_aside_because" in each.changes for each in changes)


def test_stations_of_a_sample_are_assigned_once(cast, country):
    sample = a_sample(cast.a, **STRATIFIED)
    one, two = make_appointment(cast.a), make_appointment(cast.a)
    with pytest.raises(Refused, match="adopted first"):
        samples.assign_sample(cast.a, sample, who=one)
    samples.adopt(sample)
    areas = {each.centre.first_area.name: each.centre.first_area_id for each in country}
    assert samples.assign_sample(cast.a, sample, who=one, first_area=areas["Beni"]) == 3
    assert samples.assign_sample(cast.a, sample, who=one, first_area=areas["Beni"]) == 0
    assert samples.assign_sample(cast.a, sample, who=a_team(cast.a, two)) == 9
    assert {each.selection for each in db.session.query(Assignment)} == {Selection.RANDOM}
    assert [row[1:] for row in queries.progress(db.session(), sample)] == [(3, 3, 0), (2, 2, 0), (7, 7, 0)]


def test_the_next_replacement_stands_in_and_takes_the_assignment(cast, country):
    sample = a_sample(cast.a, **STRATIFIED)
    samples.adopt(sample)
    samples.assign_sample(cast.a, sample, who=make_appointment(cast.a))
    gone = kept(sample, is_replacement=False)[0]
    first = queries.next_reserve(db.session(), gone)
    found = samples.use_replacement(sample, gone, reason="The road is flooded")
    assert (found.id, found.stratum, found.replaces_id) == (first.id, gone.stratum, gone.id)
    assert (found.chance, found.weight) == (gone.chance, gone.weight)
    at = {each.polling_station_id for each in db.session.query(Assignment)}
    assert found.polling_station_id in at and gone.polling_station_id not in at
    assert len(queries.stations_in_force(db.session(), sample)) == 12
    assert drawing.check(sample, cast.a).holds, "a replacement changes nothing of what was drawn"
    entry = db.session.scalars(
        sa.select(AuditEntry).where(AuditEntry.object_type == "sampled_stations")
    ).one()
    assert entry.changes["reason"] == [None, "The road is flooded"]


def test_no_replacement_without_a_reason_a_need_or_a_reserve(cast, country):
    sample = a_sample(cast.a, **STRATIFIED)
    samples.adopt(sample)
    one = next(each for each in kept(sample, is_replacement=False) if each.stratum.startswith("pando"))
    with pytest.raises(InvalidInput, match="Say why"):
        samples.use_replacement(sample, one, reason="")
    found = samples.use_replacement(sample, one, reason="closed")
    with pytest.raises(Refused, match="stands in for this one"):
        samples.use_replacement(sample, one, reason="closed")
    with pytest.raises(Refused, match="No replacement is left"):
        samples.use_replacement(sample, found, reason="closed too")
    spare = kept(sample, is_replacement=True, replaces_id=None)[0]
    with pytest.raises(Refused, match="in reserve itself"):
        samples.use_replacement(sample, spare, reason="closed")
    seen = next(each for each in kept(sample, is_replacement=False) if each.stratum.startswith("tarija"))
    a_visit(cast.a, seen.station)
    with pytest.raises(Refused, match="A checklist came"):
        samples.use_replacement(sample, seen, reason="closed")
