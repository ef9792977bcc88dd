"""The quick ways to read submissions come to what reading each of them would: charts, maps, the list, the queue."""

from __future__ import annotations

import itertools
import json
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eom.checklists.models.submission import Submission, SubmissionState
from eom.checklists.queries import listing, review, tallies
from eom.checklists.queries.tallies import Picked
from eom.checklists.queries.tally_groups import Breakdown
from eom.checklists.services import publishing
from eom.deployment.models import Team
from eom.extensions import db
from tests.checklists.workbooks import book
from tests.factories import checklists as factory
from tests.factories.deployment import a_team
from tests.factories.observers import make_appointment

CODES = ("yes", "no", "not_observed", "it’s", '"quoted"', "a|b,c")
PARTIES = ("blue", "green", "none")
FORM = [
    ["type", "name", "label"],
    ["select_one codes", "opened", "Open on time?"],
    ["select_multiple party", "agents", "Agents"],
    ["decimal", "voters", "Voters so far"],
    ["text", "remarks", "Remarks"],
    ["begin_repeat", "booth", "Booth"],
    ["select_one codes", "secret", "Secret?"],
    ["end_repeat", "", ""],
]
CHOICES = [["list_name", "name", "label"]] + [
    [name, code, code.title()] for name, codes in (("codes", CODES[:3]), ("party", PARTIES)) for code in codes
]
ROWS = st.lists(st.fixed_dictionaries({}, optional={"secret": st.sampled_from(CODES)}), max_size=3)
ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        # What an older version offered may be none of the form's choices now.
        "opened": st.sampled_from(CODES),
        "agents": st.lists(st.sampled_from(PARTIES), min_size=1, max_size=3, unique=True),
        "voters": st.one_of(st.integers(-5, 500), st.sampled_from([0.5, 12.25, 1e6])),
        "remarks": st.sampled_from(["Sin novedad", '{"opened": "no"}', "2", ""]),
        "booth": ROWS,
    },
)
NOON = datetime(2019, 10, 20, 12, 0, tzinfo=UTC)
REPORTS = st.lists(
    st.fixed_dictionaries(
        {
            "answers": ANSWERS,
            "station": st.sampled_from([0, 1, 2, None]),
            "state": st.sampled_from(SubmissionState),
            "is_current": st.sampled_from([True, True, True, False]),
            "person": st.sampled_from(["bruno", "carmen", None]),
            "flag_count": st.sampled_from([0, 0, 2]),
            "form": st.sampled_from([0, 0, 0, 1, 2]),
            "minutes": st.integers(0, 300),
        }
    ),
    max_size=14,
)
numbers = itertools.count()


@pytest.fixture
def world(cast):
    """Three forms, the last of incidents, and stations in two areas."""
    versions = []
    for name in ("survey", "second"):
        workbook = book(FORM, CHOICES, [["form_id", "form_title", "version"], [name, name.title(), "1"]])
        versions.append(publishing.publish(cast.a, factory.store(), workbook, "form.xlsx").version)
    versions.append(factory.publish_standard(cast.a, "incident"))
    bruno = make_appointment(cast.a)
    bruno.person.user_id = cast.user("bruno").id
    a_team(cast.a, bruno)
    areas = ("La Paz", "La Paz", "Potosí")
    return cast, versions, [factory.make_station(cast.a, str(n), area) for n, area in enumerate(areas)]


def kept(world, report):
    """A report as it stands in the database, with its facts as they were drawn."""
    cast, versions, stations = world
    version = versions[report["form"]]
    at = NOON + timedelta(minutes=report["minutes"])
    station = None if report["station"] is None else stations[report["station"]]
    row = Submission(
        mission_id=cast.a.id, form_id=version.form_id, form_version_id=version.id,
        instance_id=f"uuid:many-{next(numbers)}", xml=b"<a/>", sha256="0" * 64, answers=report["answers"],
        polling_station_id=station and station.id, state=report["state"], is_current=report["is_current"],
        submitted_by_id=report["person"] and cast.user(report["person"]).id, flag_count=report["flag_count"],
        received_at=at + timedelta(minutes=1), ended_at=at if report["minutes"] % 2 else None,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    return row


many = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def area_of(row):
    return row.polling_station.centre.first_area_id if row.polling_station else None


def hour_of(row):
    at = (row.ended_at or row.started_at or row.received_at).astimezone(ZoneInfo("America/La_Paz"))
    return at.replace(minute=0, second=0, microsecond=0, tzinfo=UTC).isoformat()


def team_of(row):
    bruno = row.submitted_by and row.submitted_by.name == "Bruno"
    return db.session.scalar(sa.select(Team.id)) if bruno else None


GROUPS = {
    Breakdown.TEAM: team_of,
    Breakdown.NONE: lambda _row: 0,
    Breakdown.AREA: area_of,
    Breakdown.PERSON: lambda row: row.submitted_by_id,
    Breakdown.HOUR: hour_of,
}


def same(value):
    """A value whatever spaces a database puts into lists and however it writes a figure."""
    try:
        read = json.loads(value) if value.startswith("[") else float(value)
    except ValueError:
        return value
    return tuple(read) if isinstance(read, list) else read


def by_value(values):
    found = Counter()
    for value, count in values.items():
        found[same(value)] += count
    return found


def plainly(rows, values_of, by):
    """The same by reading every report."""
    found = {}
    for row in rows:
        for value in values_of(row.answers):
            counts = found.setdefault(GROUPS[by](row), Counter())
            counts[tuple(value) if isinstance(value, list) else same(str(value))] += 1
    return found


def answered(key):
    return lambda answers: [answers[key]] if key in answers else []


def in_booths(answers):
    return [row["secret"] for row in answers.get("booth", []) if "secret" in row]


@many
@given(REPORTS, st.sampled_from([None, *SubmissionState]), st.sampled_from(Breakdown), st.booleans())
def test_charts_count_every_report_that_counts(world, reports, state, by, is_narrowed):
    cast, versions, stations = world
    form = versions[0].form
    area_id = stations[0].centre.first_area_id if is_narrowed else None
    with db.session.begin_nested() as undone:
        rows = [kept(world, each) for each in reports]
        counting = [
            row
            for row in rows
            if row.form_id == form.id and row.is_current and (area_id is None or area_of(row) == area_id)
            and (row.state is state if state else row.state is not SubmissionState.REJECTED)
        ]  # fmt: skip
        picked = Picked(cast.a, form, None, area_id, None, state)
        questions = {each.question.name: each for each in tallies.questions_of(db.session(), form).values()}
        for name, values_of in (
            *((each, answered(each)) for each in ("opened", "agents", "voters", "remarks")),
            ("secret", in_booths),
        ):
            found = tallies.counted(db.session(), picked, questions[name], by)
            assert {group: by_value(values) for group, values in found.items()} == plainly(
                counting, values_of, by
            )
            assert by_value(tallies.together(found)) == sum(
                plainly(counting, values_of, by).values(), Counter()
            )
        assert tallies.heard(db.session(), picked) == (
            len(counting), len({row.polling_station_id for row in counting} - {None}),
        )  # fmt: skip
        undone.rollback()


@many
@given(REPORTS)
def test_pairs_and_places_are_those_of_the_reports(world, reports):
    cast, versions, stations = world
    form = versions[0].form
    with db.session.begin_nested() as undone:
        rows = [kept(world, each) for each in reports]
        counting = [
            row
            for row in rows
            if row.form_id == form.id and row.is_current and row.state is not SubmissionState.REJECTED
        ]
        picked = Picked(cast.a, form)
        questions = tallies.questions_of(db.session(), form)
        pairs = Counter(
            (row.answers["opened"], tuple(row.answers["agents"]))
            for row in counting
            if {"opened", "agents"} <= set(row.answers)
        )
        found = tallies.crossed(db.session(), picked, questions["opened"], questions["agents"])
        assert {(one, same(two)): count for (one, two), count in found.items()} == pairs
        states = {}
        for row in counting:
            if row.polling_station and "agents" in row.answers:
                centre = row.polling_station.centre_id
                state = 2 if "blue" in row.answers["agents"] else 1
                states[centre] = max(states.get(centre, 1), state)
        points = tallies.by_centre(db.session(), picked, questions["agents"], "blue")
        assert {id_: state for _latitude, _longitude, id_, state in points} == states
        for station in stations:
            there = tallies.of_centre(db.session(), picked, questions["opened"], station.centre_id)
            assert there == Counter(
                row.answers["opened"]
                for row in counting
                if row.polling_station_id == station.id and "opened" in row.answers
            )
        undone.rollback()


def urgency(versions):
    return lambda row: (
        0 if row.form_id == versions[2].form_id else 1 if row.flag_count else 2, row.received_at, row.id
    )  # fmt: skip


@many
@given(
    REPORTS,
    st.dictionaries(
        st.sampled_from(["state", "flagged", "sort", "form", "search"]),
        st.sampled_from(["received", "checked", "yes", "no", "station", "-flags", "form", "0", "1"]),
        max_size=2,
    ),
)
def test_every_page_of_the_list_is_cut_from_all_that_was_sent(world, reports, asked):
    cast, versions, _stations = world
    known = {"state": ("received", "checked"), "flagged": ("yes", "no"), "search": ("0", "1"),
             "sort": ("station", "-flags", "form", "received"), "form": ("0", "1")}  # fmt: skip
    asked = {name: value for name, value in asked.items() if value in known[name]}
    if "form" in asked:
        asked["form"] = str(versions[int(asked["form"])].form_id)
    with db.session.begin_nested() as undone:
        rows = [kept(world, each) for each in reports]
        definition = replace(listing.submissions(db.session(), cast.a, str), page_size=3)
        whole = list(db.session.scalars(_in_order(definition, asked)))
        shown = [
            row.id
            for page in range(1, 7)
            for row in definition.show(db.session(), "/", asked | {"page": str(page)}).rows
            if page <= definition.show(db.session(), "/", asked).pages
        ]
        assert shown == [row.id for row in whole]
        wanted = [
            row
            for row in rows
            if row.is_current
            and asked.get("state") in (None, row.state.value)
            and asked.get("flagged") in (None, "yes" if row.flag_count else "no")
            and asked.get("form") in (None, str(row.form_id))
        ]
        if "search" not in asked:
            assert sorted(shown) == sorted(row.id for row in wanted)
        undone.rollback()


def _in_order(definition, asked):
    """All rows in one statement with everything joined, as they were listed before."""
    return definition.narrowed(asked).order_by(None).order_by(*definition._order(asked)[2])


@many
@given(REPORTS)
def test_the_queue_is_in_the_order_of_urgency(world, reports):
    cast, versions, _stations = world
    with db.session.begin_nested() as undone:
        rows = [kept(world, each) for each in reports]
        definition = review.queue(db.session(), cast.a, None, str, is_open=True)
        is_open = [row for row in rows if row.is_current and row.state in review.OPEN]
        shown = definition.show(db.session(), "/", {}).rows
        assert [row.id for row in shown] == [row.id for row in sorted(is_open, key=urgency(versions))]
        waiting = [row for row in is_open if row.state is SubmissionState.RECEIVED]
        for row in rows[:2]:
            following = review.next_in_queue(db.session(), cast.a, None, row)
            others = sorted((each for each in waiting if each is not row), key=urgency(versions))
            assert following == (others[0].id if others else None)
        undone.rollback()
