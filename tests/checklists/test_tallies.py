"""Counting answers: what stands in a denominator, figures, margins; and that SQL counts as one would by hand."""

from __future__ import annotations

import itertools
import json
import statistics
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eom.checklists import tallies
from eom.checklists.models.submission import Submission, SubmissionState
from eom.checklists.queries import tallies as queries
from eom.checklists.queries import tally_pages
from eom.checklists.queries.tallies import Picked
from eom.checklists.queries.tally_groups import Breakdown, labels_of
from eom.checklists.services import app_users, publishing
from eom.core import clock
from eom.deployment.models import Assignment, Selection
from eom.extensions import db
from tests.checklists.workbooks import book
from tests.factories import checklists as factory
from tests.factories.deployment import a_team
from tests.factories.observers import make_appointment

YES_NO = ("yes", "no", "not_observed")
PARTIES = ("blue", "green", "none")
counts = st.dictionaries(st.sampled_from([*YES_NO, "gone"]), st.integers(0, 50))


def test_what_was_not_observed_stands_in_no_denominator():
    each, answered = tallies.split({("yes",): 3, ("no",): 1, ("not_observed",): 6})
    told = {share.code: share for share in tallies.shares(each, answered, YES_NO)}
    assert (answered, told["yes"].share, told["no"].share) == (4, 0.75, 0.25)
    assert told["not_observed"].count == 6
    assert told["not_observed"].share is None


def test_several_choices_add_up_to_more_than_all():
    each, answered = tallies.split({("blue", "green"): 2, ("blue",): 1, ("not_observed",): 1})
    told = {share.code: share.share for share in tallies.shares(each, answered, PARTIES)}
    assert (answered, told["blue"], told["green"], told["none"]) == (3, 1.0, 2 / 3, 0.0)


@given(counts)
def test_shares_of_one_choice_add_up_to_one(found):
    each, answered = tallies.split({(code,): count for code, count in found.items() if count})
    shares = [one.share for one in tallies.shares(each, answered, YES_NO) if one.share is not None]
    assert not answered or abs(sum(shares) - 1) < 1e-9


def test_the_margin_of_guatemala_in_2015():
    # domain.md, section 2: 1,013 of 19,582 stations give ±3 % at 95 % for a half.
    assert tallies.margin(0.5, 1013, 19_582) == pytest.approx(0.03, abs=0.0001)
    assert tallies.margin(0.5, 19_582, 19_582) == 0
    assert tallies.margin(0.5, 1, 100) is None


@given(
    st.lists(st.one_of(st.integers(-1000, 1000), st.floats(-1000, 1000, width=32)), min_size=2, max_size=60)
)
def test_figures_are_those_of_the_whole_list(values):
    told = tallies.numbers(Counter(float(each) for each in values))
    quartiles = statistics.quantiles(values, n=4, method="inclusive")
    assert told.count == len(values)
    assert told.mean == pytest.approx(statistics.fmean(values), abs=1e-6)
    assert [told.first_quartile, told.median, told.third_quartile] == pytest.approx(quartiles, abs=1e-6)
    assert sum(count for _low, _high, count in told.bars) == len(values)
    assert len(told.bars) <= tallies.MAX_BINS + 1


def test_no_figures_without_answers():
    assert tallies.numbers({}) is None


SURVEY = [
    ["type", "name", "label"],
    ["select_one yes_no", "opened", "Open on time?"],
    ["select_multiple party", "agents", "Agents"],
    ["integer", "voters", "Voters so far"],
    ["time", "at", "Time"],
    ["text", "remarks", "Remarks"],
    ["begin_repeat", "booth", "Booth"],
    ["select_one yes_no", "secret", "Secret?"],
    ["end_repeat", "", ""],
]
CHOICES = [["list_name", "name", "label"]] + [
    [name, code, code.title()] for name, codes in (("yes_no", YES_NO), ("party", PARTIES)) for code in codes
]


def publish(mission, version="1", title="Survey"):
    workbook = book(SURVEY, CHOICES, [["form_id", "form_title", "version"], ["survey", title, version]])
    return publishing.publish(mission, factory.store(), workbook, "survey.xlsx").version


@pytest.fixture
def asked(cast):
    """A form in mission A with a station in each of two areas."""
    version = publish(cast.a)
    stations = [factory.make_station(cast.a, str(n), area) for n, area in enumerate(("La Paz", "Potosí"))]
    return cast.a, version, stations


numbers = itertools.count()


def keep(mission, version, answers, station=None, **more):
    """A report as it stands in the database."""
    row = Submission(
        mission_id=mission.id, form_id=version.form_id, form_version_id=version.id,
        instance_id=f"uuid:{next(numbers)}", xml=b"<a/>", sha256="0" * 64, answers=answers,
        polling_station_id=station and station.id, **more,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    return row


one_report = st.fixed_dictionaries(
    {},
    optional={
        "opened": st.sampled_from([*YES_NO, "unheard"]),
        "agents": st.lists(st.sampled_from(PARTIES), min_size=1, max_size=3, unique=True),
        "voters": st.integers(0, 500),
        "booth": st.lists(
            st.fixed_dictionaries({}, optional={"secret": st.sampled_from(YES_NO)}), max_size=3
        ),
    },
)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(st.tuples(one_report, st.sampled_from([0, 1, None])), max_size=12))
def test_the_database_counts_as_one_would_by_hand(asked, reports):
    mission, version, stations = asked
    with db.session.begin_nested() as undone:
        for answers, place in reports:
            keep(mission, version, answers, None if place is None else stations[place])
        picked = Picked(mission, version.form)
        questions = queries.questions_of(db.session(), version.form)
        areas = {None: None} | {n: each.centre.first_area_id for n, each in enumerate(stations)}
        for key in ("opened", "agents", "voters"):
            expected: dict = {}
            for answers, place in reports:
                if key in answers:
                    value = answers[key] if key != "agents" else json.dumps(answers[key])
                    expected.setdefault(areas[place], Counter())[str(value)] += 1
            found = queries.counted(db.session(), picked, questions[key], Breakdown.AREA)
            assert {area: normal(key, values) for area, values in found.items()} == {
                area: normal(key, values) for area, values in expected.items()
            }
        rows = Counter(
            row["secret"]
            for answers, _place in reports
            for row in answers.get("booth", [])
            if "secret" in row
        )
        secret = next(each for each in questions.values() if each.question.name == "secret")
        found = queries.counted(db.session(), picked, secret)
        assert dict(next(iter(found.values()), {})) == dict(rows)
        undone.rollback()


def normal(key, values):
    """Lists of choices as lists: databases write JSON with their own spaces."""
    return {(tuple(json.loads(v)) if key == "agents" else v): count for v, count in values.items()}


def test_replaced_and_rejected_reports_do_not_count(asked):
    mission, version, stations = asked
    keep(mission, version, {"opened": "yes"}, stations[0])
    keep(mission, version, {"opened": "no"}, stations[0], state=SubmissionState.REJECTED)
    keep(mission, version, {"opened": "no"}, stations[0], is_current=False)
    questions = queries.questions_of(db.session(), version.form)
    told = queries.counted(db.session(), Picked(mission, version.form), questions["opened"])
    assert list(told.values()) == [{"yes": 1}]
    rejected = Picked(mission, version.form, state=SubmissionState.REJECTED)
    assert list(queries.counted(db.session(), rejected, questions["opened"]).values()) == [{"no": 1}]


def test_all_versions_of_a_form_are_counted_together(asked):
    mission, first, stations = asked
    second = publish(mission, "2", "Survey, second version")
    keep(mission, first, {"opened": "yes"}, stations[0])
    keep(mission, second, {"opened": "no"}, stations[1])
    shown = tally_pages.tally(
        db.session(), factory.store(), Picked(mission, second.form),
        queries.questions_of(db.session(), second.form)["opened"], Breakdown.AREA, "en",
    )  # fmt: skip
    assert shown.whole.n == 2
    assert [(line.label, line.n) for line in shown.groups] == [("La Paz", 1), ("Potosí", 1)]


def test_hours_are_those_of_the_mission(asked):
    mission, version, stations = asked
    for minute in (5, 50):
        at = clock.now().replace(year=2019, month=10, day=20, hour=12, minute=minute, second=0, microsecond=0)
        keep(mission, version, {"opened": "yes"}, stations[0], ended_at=at)
    questions = queries.questions_of(db.session(), version.form)
    told = queries.counted(db.session(), Picked(mission, version.form), questions["opened"], Breakdown.HOUR)
    # Bolivia is four hours behind UTC.
    assert {key[:16]: sum(values.values()) for key, values in told.items()} == {"2019-10-20T08:00": 2}


def test_a_team_is_that_of_the_device_else_of_the_account(asked):
    mission, version, stations = asked
    one, two = make_appointment(mission), make_appointment(mission)
    north, south = a_team(mission, one), a_team(mission, two, name="Sur 1")
    device, _token = app_users.issue(two, "Tablet")
    keep(mission, version, {"opened": "yes"}, stations[0], app_user_id=device.id)
    keep(mission, version, {"opened": "no"}, stations[0])
    questions = queries.questions_of(db.session(), version.form)
    told = queries.counted(db.session(), Picked(mission, version.form), questions["opened"], Breakdown.TEAM)
    assert told == {south.id: {"yes": 1}, None: {"no": 1}}
    assert labels_of(db.session(), [south.id, None, north.id], Breakdown.TEAM) == [
        (north.id, "Norte 1"), (south.id, "Sur 1"), (None, "Not known"),
    ]  # fmt: skip


def test_a_margin_needs_stations_drawn_at_random_each_once(asked):
    mission, version, stations = asked
    round_ = mission.rounds[0]
    appointment = make_appointment(mission)
    for number, station in enumerate(stations):
        keep(mission, version, {"opened": ("yes", "no")[number]}, station, round_id=round_.id)
        db.session.add(
            Assignment(
                mission_id=mission.id, round_id=round_.id, appointment_id=appointment.id,
                polling_station_id=station.id, selection=Selection.RANDOM,
            )
        )  # fmt: skip
    for number in range(30):
        factory.make_station(mission, f"more {number}")
    questions = queries.questions_of(db.session(), version.form)

    def margins(picked):
        shown = tally_pages.tally(
            db.session(), factory.store(), picked, questions["opened"], Breakdown.NONE, "en"
        )
        return [each.margin for each in shown.whole.shares]

    drawn = Picked(mission, version.form, drawn=True)
    assert margins(Picked(mission, version.form)) == [None, None, None]
    assert margins(drawn)[0] == pytest.approx(tallies.margin(0.5, 2, 32))
    keep(mission, version, {"opened": "yes"}, stations[0], round_id=round_.id)
    assert margins(drawn) == [None, None, None]


def test_two_questions_together(asked):
    mission, version, stations = asked
    for opened, agents in (
        ("yes", ["blue", "green"]),
        ("yes", ["blue"]),
        ("no", ["none"]),
        ("not_observed", ["blue"]),
    ):
        keep(mission, version, {"opened": opened, "agents": agents}, stations[0])
    keep(mission, version, {"opened": "yes"}, stations[0])
    questions = queries.questions_of(db.session(), version.form)
    shown = tally_pages.cross(
        db.session(), factory.store(), Picked(mission, version.form), (questions["opened"], questions["agents"]), "en"
    )  # fmt: skip
    table = {line.label: (line.n, [each.count for each in line.shares]) for line in shown.rows}
    assert shown.codes == ["blue", "green", "none"]
    assert table == {"yes": (2, [2, 1, 0]), "no": (1, [0, 0, 1]), "not_observed": (1, [1, 0, 0])}
    assert list(tally_pages.cross_rows(shown, "Open?"))[1] == ["Yes", 2, 2, 1, 0]


def test_the_map_marks_centres_where_the_choice_was_answered(asked):
    mission, version, stations = asked
    keep(mission, version, {"opened": "no", "agents": ["blue"]}, stations[0])
    keep(mission, version, {"opened": "yes", "agents": ["green", "none"]}, stations[1])
    questions = queries.questions_of(db.session(), version.form)
    picked = Picked(mission, version.form)
    states = {
        point[2]: point[3] for point in queries.by_centre(db.session(), picked, questions["opened"], "no")
    }
    assert [states[each.centre_id] for each in stations] == [2, 1]
    several = {
        point[2]: point[3] for point in queries.by_centre(db.session(), picked, questions["agents"], "none")
    }
    assert [several[each.centre_id] for each in stations] == [1, 2]
