"""How long the telephone numbers of those who wrote are kept."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from eom.checklists.models.sms import GatewayKind, SmsMessage
from eom.checklists.services import sms
from eom.checklists.services import sms_gateways as setting_up
from eom.checklists.sms_gateways import Incoming
from eom.core.audit import AuditEntry
from eom.extensions import db
from eom.missions.models.mission import Stage
from eom.observers.queries import retention
from eom.observers.retention import SCHEDULE, STRANGERS, KeptGroup
from eom.observers.services import purging
from tests.factories import checklists as factory
from tests.factories.observers import make_appointment

CLOSED = date(2020, 1, 1)
DUE = CLOSED + timedelta(days=STRANGERS.days or 0)


@pytest.fixture
def messages(cast):
    """One of Bruno's, whose number is on the roster, and two of people whom nobody knows; one of another mission."""
    made = make_appointment(cast.a, given_names="Bruno", family_names="Mar", phone="+591 7012 3456")
    made.person.user_id = cast.user("bruno").id
    found = {}
    for mission, numbers in (
        (cast.a, ("+59170123456", "+5491155550000", "+5491155550001")),
        (cast.b, ("+5491155550000",)),
    ):
        gateway, _address, _secret = setting_up.add_gateway(mission, name="Line", kind=GatewayKind.KANNEL)
        for number in numbers:
            incoming = Incoming(f"{mission.code}{number}", number, "Something happened")
            found[mission.code, number] = sms.take(mission, factory.store(), gateway, incoming).id
    db.session.commit()
    return found


def close(mission, on=CLOSED) -> None:
    mission.stage, mission.closed_on = Stage.CLOSED, on
    db.session.commit()


def numbers() -> dict[int, str | None]:
    return dict(db.session.execute(sa.select(SmsMessage.id, SmsMessage.number)).tuples().all())


def test_numbers_of_strangers_are_due_their_days_after_the_closing_and_no_day_earlier(cast, messages):
    assert retention.report(db.session(), DUE).numbers == ()
    close(cast.a)
    assert retention.report(db.session(), DUE - timedelta(days=1)).numbers == ()
    [due] = retention.report(db.session(), DUE).numbers
    assert (due.mission_code, due.count, due.closed_on, due.due_on) == (cast.a.code, 2, CLOSED, DUE)


def test_they_are_removed_with_an_entry_and_nobody_elses(cast, messages):
    close(cast.a)
    report = retention.report(db.session(), DUE)
    assert purging.carry_out(report) == {KeptGroup.STRANGERS: 1}
    db.session.commit()
    after = numbers()
    assert after[messages[cast.a.code, "+59170123456"]] == "+59170123456"
    assert after[messages[cast.b.code, "+5491155550000"]] == "+5491155550000"
    gone = [messages[cast.a.code, f"+549115555000{each}"] for each in (0, 1)]
    assert [after[each] for each in gone] == [None, None]
    assert {db.session.get_one(SmsMessage, each).text for each in gone} == {"Something happened"}
    # Where a gateway gave no id, one was made of the number: it goes as well.
    assert not db.session.scalar(sa.select(SmsMessage.id).where(SmsMessage.message_id.contains("55550001")))
    entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "purged")).one()
    assert (entry.object_name, entry.changes["count"], entry.changes["group"]) == (
        cast.a.code,
        2,
        "strangers",
    )
    assert "+549" not in str(entry.changes)
    # Again there is nothing to do.
    assert purging.carry_out(report) == {}
    assert retention.report(db.session(), DUE).numbers == ()


def test_with_the_contact_details_of_a_person_go_the_numbers_of_their_messages(cast, messages):
    close(cast.a)
    contact = next(rule for rule in SCHEDULE if rule.group is KeptGroup.CONTACT)
    purging.carry_out(retention.report(db.session(), CLOSED + timedelta(days=contact.days or 0)))
    db.session.commit()
    after = numbers()
    assert [after[id_] for (code, _number), id_ in messages.items() if code == cast.a.code] == [
        None,
        None,
        None,
    ]


def test_the_page_of_personal_data_tells_of_them_and_removes_them(cast, messages, as_person):
    close(cast.a)
    hugo = as_person("hugo")
    page = hugo.page("/personal-data")
    assert "2 numbers" in page.text and "Names and numbers of people who are on no roster" in page.text
    report = hugo.http.get("/personal-data?format=csv")
    assert "2 numbers" in report.text
