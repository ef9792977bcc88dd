"""Missions: recorded, planned, moved through their stages."""

from __future__ import annotations

import io
from datetime import date, time, timedelta

import pytest
import sqlalchemy as sa
from PIL import Image

from eom.core import clock
from eom.core.audit import AuditEntry
from eom.core.errors import Conflict, InvalidInput, Refused
from eom.extensions import db
from eom.missions.models.milestone import MilestoneKind
from eom.missions.models.mission import Stage
from eom.missions.models.process import ProcessKind, RoundKind
from eom.missions.services import lifecycle, milestones, processes, register
from tests.factories.checklists import picture
from tests.factories.missions import finish_milestones, make_mission, make_round

pytestmark = pytest.mark.usefixtures("app")


def due(mission, kind):
    return next(m.due_on for m in mission.milestones if m.kind is kind)


@pytest.mark.parametrize(
    "code", ["bol2019", "BO-2019", "BOL-19", "BOL-2019-", "BOL-2019-a b", "BOLI-2019", "BOL-2019-'; DROP"]
)
def test_a_code_that_is_none_is_refused_on_its_field(code):
    with pytest.raises(InvalidInput) as refused:
        make_mission(code, country="BOL")
    assert refused.value.field == "code"


def test_a_code_is_given_once_whatever_its_case():
    make_mission("BOL-2019")
    with pytest.raises(Conflict):
        make_mission("bol-2019", country="BOL")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"country": "XXX"}, "country"),
        ({"name": "  "}, "name"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"starts_on": date(2019, 10, 2), "ends_on": date(2019, 10, 1)}, "ends_on"),
    ],
)
def test_what_cannot_be_of_a_mission_is_refused_on_its_field(values, field):
    with pytest.raises(InvalidInput) as refused:
        make_mission(**values)
    assert refused.value.field == field


def test_a_new_mission_has_its_milestones_without_days_until_there_is_a_polling_day():
    mission = make_mission()
    assert {m.due_on for m in mission.milestones} == {None}
    make_round(mission, date(2019, 10, 20))
    assert due(mission, MilestoneKind.POLLING_DAY) == date(2019, 10, 20)
    assert due(mission, MilestoneKind.INVITATION) == date(2019, 10, 20) - timedelta(days=150)


def test_a_second_round_gets_its_own_polling_day_and_statement():
    mission = make_mission()
    make_round(mission, date(2019, 10, 20))
    make_round(mission, date(2019, 12, 15), kind=RoundKind.RUNOFF)
    days = [m.due_on for m in mission.milestones if m.kind is MilestoneKind.POLLING_DAY]
    assert sorted(days) == [date(2019, 10, 20), date(2019, 12, 15)]
    assert due(mission, MilestoneKind.FINANCIAL_CLOSING) == date(2019, 10, 20) + timedelta(days=180)


def test_moving_the_polling_day_moves_open_milestones_but_not_chosen_days():
    mission = make_mission()
    round_ = make_round(mission, date(2019, 10, 20))
    training = next(m for m in mission.milestones if m.kind is MilestoneKind.TRAINING)
    training.due_on = date(2019, 10, 1)
    processes.edit_round(
        round_,
        kind=RoundKind.FIRST,
        polling_on=date(2019, 10, 27),
        opens_at=None,
        closes_at=None,
        time_zone="UTC",
    )
    assert due(mission, MilestoneKind.POLLING_DAY) == date(2019, 10, 27)
    assert due(mission, MilestoneKind.DEPLOYMENT) == date(2019, 10, 24)
    assert training.due_on == date(2019, 10, 1)


def test_a_mission_has_one_round_a_day_and_opens_before_it_closes():
    mission = make_mission()
    make_round(mission, date(2019, 10, 20))
    with pytest.raises(Conflict):
        make_round(mission, date(2019, 10, 20))
    with pytest.raises(InvalidInput) as refused:
        make_round(mission, date(2019, 10, 21), opens_at=time(16), closes_at=time(8))
    assert refused.value.field == "closes_at"


def test_an_unused_round_goes_with_its_milestones_and_a_done_one_stays():
    mission = make_mission()
    first, second = make_round(mission, date(2019, 10, 20)), make_round(mission, date(2019, 12, 15))
    processes.remove_round(second)
    assert [r.polling_on for r in mission.rounds] == [date(2019, 10, 20)]
    finish_milestones(mission)
    with pytest.raises(Refused):
        processes.remove_round(first)


def test_processes_are_added_and_removed():
    mission = make_mission()
    process = processes.add_process(mission, kind=ProcessKind.REFERENDUM, name=None)
    processes.remove_process(process)
    db.session.refresh(mission)
    assert mission.processes == []


def test_a_stage_names_the_milestones_it_waits_for():
    mission = make_mission()
    with pytest.raises(Refused) as refused:
        lifecycle.advance(mission)
    assert "Invitation received" in str(refused.value)
    assert "Reply of the Secretary General" in str(refused.value)
    assert mission.stage is Stage.REQUESTED


def test_a_mission_walks_through_all_its_stages():
    mission = make_mission()
    make_round(mission)
    finish_milestones(mission)
    walked = [lifecycle.advance(mission) for _step in range(8)]
    assert walked == list(lifecycle.ORDER[1:])
    with pytest.raises(Refused):
        lifecycle.advance(mission)


def test_polling_needs_every_round_done():
    mission = make_mission()
    make_round(mission)
    finish_milestones(mission)
    mission.stage = Stage.POLLING
    make_round(mission, date(2019, 12, 15), kind=RoundKind.RUNOFF)
    with pytest.raises(Refused):
        lifecycle.advance(mission)


def test_a_mission_without_polling_day_does_not_reach_polling():
    mission = make_mission()
    finish_milestones(mission)
    mission.stage = Stage.DEPLOYED
    with pytest.raises(Refused, match="polling day"):
        lifecycle.advance(mission)


def test_cancelling_needs_a_reason_and_keeps_it_in_the_audit():
    mission = make_mission()
    with pytest.raises(InvalidInput):
        lifecycle.cancel(mission, reason=" ")
    lifecycle.cancel(mission, reason="The government withdrew its invitation")
    assert mission.stage is Stage.CANCELLED
    entry = db.session.scalar(
        sa.select(AuditEntry).where(AuditEntry.object_type == "missions", AuditEntry.action == "changed")
    )
    assert entry.reason == "The government withdrew its invitation"
    with pytest.raises(Refused):
        lifecycle.cancel(mission, reason="again")


def test_a_milestone_is_not_done_in_the_future():
    milestone = make_mission().milestones[0]
    with pytest.raises(InvalidInput) as refused:
        milestones.edit_milestone(
            milestone, due_on=None, done_on=clock.today() + timedelta(days=2), owner=None, note=None
        )
    assert refused.value.field == "done_on"


def test_a_document_is_kept_by_its_content_and_a_script_is_not(app):
    milestone = make_mission().milestones[0]
    store = app.extensions["eom_store"]
    sent = picture()
    milestones.attach_document(milestone, store, sent, "../../letter.png")
    assert milestone.document.name == "letter.png"
    kept = store.get(milestone.document.sha256)
    assert Image.open(io.BytesIO(kept)).getpixel((0, 0)) == Image.open(io.BytesIO(sent)).getpixel((0, 0))
    with pytest.raises(InvalidInput):
        milestones.attach_document(milestone, store, b"<script>alert(1)</script>", "letter.pdf")


def test_planning_again_adds_nothing():
    mission = make_mission()
    make_round(mission)
    count = len(mission.milestones)
    milestones.plan(mission)
    assert len(mission.milestones) == count


def test_an_edited_mission_keeps_its_code():
    mission = make_mission()
    register.edit_mission(
        mission, name="Other", country="BOL", host_authority="OEP", starts_on=None, ends_on=None, time_zone="UTC",
        station_word=mission.station_word, chief_name=None, chief_origin=None, note=None,
    )  # fmt: skip
    assert (mission.code, mission.name, mission.host_authority) == ("BOL-2019", "Other", "OEP")
