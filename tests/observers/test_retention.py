"""Retention: what falls due and when, what stays, and that a removal is complete and on record."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from eom.accounts.permissions import Role
from eom.core import clock
from eom.core.audit import AuditEntry
from eom.extensions import db
from eom.missions.models.mission import Mission, Stage
from eom.missions.services import lifecycle
from eom.observers.models import AppointmentState, Person
from eom.observers.queries import dossiers, retention
from eom.observers.retention import SCHEDULE, KeptGroup
from eom.observers.services import appointing, purging
from tests.factories.browsing import Browser, make_user
from tests.factories.logistics import a_travel
from tests.factories.missions import finish_milestones, make_mission
from tests.factories.observers import fill_dossier, make_appointment, make_person

CLOSED = date(2020, 1, 1)
LATER = CLOSED + timedelta(days=5000)
SHORT = {KeptGroup.PASSPORT, KeptGroup.MEDICAL, KeptGroup.EMERGENCY}


def close(mission: Mission, on: date | None = CLOSED) -> Mission:
    mission.stage, mission.closed_on = Stage.CLOSED, on
    db.session.flush()
    return mission


def someone(mission: Mission) -> Person:
    return fill_dossier(make_appointment(mission, phone="+54 11 5555 0100").person)


def due(today: date = LATER) -> set[KeptGroup]:
    return {each.group for each in retention.report(db.session(), today).due}


@pytest.mark.usefixtures("still_clock")
def test_a_mission_notes_the_day_it_was_closed_or_cancelled(app, bolivia):
    bolivia.stage = Stage.REPORTED
    finish_milestones(bolivia)
    assert lifecycle.advance(bolivia) is Stage.CLOSED
    assert bolivia.closed_on == clock.today(bolivia.time_zone)
    other = make_mission("PER-2021")
    assert other.closed_on is None
    lifecycle.cancel(other, reason="No funds")
    assert other.closed_on == clock.today(other.time_zone)


def test_each_group_falls_due_its_days_after_the_closing_and_no_day_earlier(app, bolivia):
    person = someone(bolivia)
    a_travel(bolivia, person.appointments[0])
    close(bolivia)
    for rule in SCHEDULE:
        if rule.days is None:
            assert rule.group not in due()
            continue
        day = CLOSED + timedelta(days=rule.days)
        assert rule.group not in due(day - timedelta(days=1))
        assert rule.group in due(day)


@given(st.dates(date(1962, 1, 1), date(2100, 1, 1)), st.sampled_from(SCHEDULE))
def test_a_rule_gives_the_day_after_so_many_days_or_none_for_good(closed_on, rule):
    day = rule.due_on(closed_on)
    assert day is None if rule.days is None else (day - closed_on).days == rule.days


def test_nothing_falls_due_in_an_open_mission_and_for_someone_never_in_one(app, bolivia):
    someone(bolivia)
    fill_dossier(make_person())
    assert due() == set()


def test_someone_active_in_another_open_mission_keeps_everything(app, bolivia):
    person = someone(bolivia)
    close(bolivia)
    peru = make_mission("PER-2021")
    place = appointing.appoint(peru, person, role=person.appointments[0].role)
    report = retention.report(db.session(), LATER)
    assert report.due == () and report.active == (f"{person.family_names}, {person.given_names}",)
    place.state = AppointmentState.WITHDRAWN
    db.session.flush()
    assert due() == SHORT | {KeptGroup.CONTACT}


def test_the_days_run_from_the_last_mission(app, bolivia):
    person = someone(bolivia)
    second = make_mission("PER-2021")
    appointing.appoint(second, person, role=person.appointments[0].role)
    close(bolivia)
    close(second, CLOSED + timedelta(days=300))
    assert due(CLOSED + timedelta(days=100)) == set()
    found = retention.report(db.session(), CLOSED + timedelta(days=360)).due
    assert {each.mission_code for each in found} == {"PER-2021"}


def test_a_closing_that_nobody_dated_is_told_and_the_last_day_in_the_country_counts(app, bolivia):
    person = someone(bolivia)
    close(bolivia, None)
    report = retention.report(db.session(), LATER)
    assert report.due == () and report.undated == (
        (f"{person.family_names}, {person.given_names}", "BOL-2019"),
    )
    bolivia.ends_on = CLOSED
    db.session.flush()
    assert {each.closed_on for each in retention.report(db.session(), LATER).due} == {CLOSED}


def test_what_is_carried_out_is_what_was_due_and_nothing_else(app, bolivia):
    person = someone(bolivia)
    close(bolivia)
    before = (person.name, person.countries, person.gender, len(person.appointments))
    removed = purging.carry_out(retention.report(db.session(), CLOSED + timedelta(days=61)))
    assert removed == dict.fromkeys(SHORT, 1)
    assert dossiers.on_file(db.session(), person) == frozenset()
    assert person.email and person.phone
    purging.carry_out(retention.report(db.session(), LATER))
    assert person.email is None and person.phone is None
    assert (person.name, person.countries, person.gender, len(person.appointments)) == before
    assert due() == set()


def test_each_removal_is_on_record_without_its_content(app, bolivia):
    person = someone(bolivia)
    close(bolivia)
    purging.carry_out(retention.report(db.session(), LATER))
    entries = list(db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "purged")))
    assert {each.changes["group"] for each in entries} == {"passport", "medical", "emergency", "contact"}
    assert {(each.object_type, each.object_id) for each in entries} == {("people", str(person.id))}
    trail = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.object_type == "person_dossiers"))
    assert not any("penicillin" in str(each.changes) for each in trail)


def test_a_report_that_is_old_removes_only_what_is_still_due(app, bolivia):
    person = someone(bolivia)
    close(bolivia)
    report = retention.report(db.session(), LATER)
    appointing.appoint(make_mission("PER-2021"), person, role=person.appointments[0].role)
    assert purging.carry_out(report) == {}
    assert person.email


def run(app, *arguments: str):
    db.session.commit()
    return app.test_cli_runner().invoke(args=["retention", "run", *arguments])


def test_the_shell_tells_first_and_removes_then(app, bolivia):
    person = someone(bolivia)
    close(bolivia)
    dry = run(app, "--dry-run")
    assert dry.exit_code == 0 and "4 due" in dry.output and person.family_names in dry.output
    told = json.loads(run(app, "--dry-run", "--json").output)
    assert told["dry_run"] is True and {each["group"] for each in told["due"]} == SHORT | {"contact"}
    assert dossiers.on_file(db.session(), person)
    assert "4 removed" in run(app).output
    assert "0 removed" in run(app).output
    assert not dossiers.on_file(db.session(), person)


def test_headquarters_sees_what_is_due_and_removes_it_after_confirming(app, bolivia):
    person = someone(bolivia)
    close(bolivia)
    hq = Browser(app, make_user(Role.HEADQUARTERS))
    db.session.commit()
    page = hq.look("/personal-data").text
    assert person.family_names in page and "60 days after the closing" in page
    assert hq.look("/personal-data?format=xlsx").status_code == 200
    assert "Remove 4 things" in hq.look("/personal-data/purge").text
    assert dossiers.on_file(db.session(), person), "looking removes nothing"
    assert hq.send("/personal-data/purge").status_code == 303
    page = hq.look("/personal-data").text
    assert "Nothing is due" in page and "What was removed" in page


@pytest.mark.parametrize("role", [Role.CHIEF, Role.FINANCE, Role.AUDITOR, Role.OBSERVER])
def test_nobody_else_runs_retention(app, bolivia, role):
    someone(bolivia)
    close(bolivia)
    other = Browser(app, make_user(role, bolivia if role in (Role.CHIEF, Role.OBSERVER) else None))
    db.session.commit()
    assert other.look("/personal-data").status_code == 403
    assert other.send("/personal-data/purge").status_code == 403
