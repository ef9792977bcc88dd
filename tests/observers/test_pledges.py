"""The pledge of the Code of Conduct: given by the person, word for word, once, and never changed."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from eom.accounts.permissions import Role
from eom.core import clock
from eom.core.errors import InvalidInput, Refused
from eom.extensions import db
from eom.missions.services import lifecycle
from eom.observers import pledge
from eom.observers.models import AppointmentRole, AppointmentState, Pledge
from eom.observers.services import appointing, pledging
from tests.factories.browsing import Browser, make_user
from tests.factories.missions import make_mission
from tests.factories.observers import make_appointment

URL = "/missions/BOL-2019/pledge"


def an_observer(app, mission, **person):
    """(browser, appointment) of someone with an account and a place."""
    appointment = make_appointment(mission, given_names="Lucía", family_names="Peña Soto", **person)
    user = make_user(Role.OBSERVER, mission)
    appointment.person.user_id = user.id
    db.session.commit()
    return Browser(app, user), appointment


def signature(**values):
    return {
        "typed_name": "lucia  PEÑA soto",
        "agrees": "y",
        "shown": pledge.digest(pledge.rendered()),
    } | values


def pledges() -> list[Pledge]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(Pledge).order_by(Pledge.id)))


def sign(*appointments, **values):
    given = {"typed_name": appointments[0].person.name, "agrees": True, "user_id": 1, "address": "192.0.2.7",
             "shown": pledge.digest(pledge.rendered())} | values  # fmt: skip
    return pledging.sign(appointments, **given)


@pytest.mark.usefixtures("still_clock")
def test_the_text_as_read_its_hash_the_time_and_who_signed_are_kept(app, bolivia):
    observer, appointment = an_observer(app, bolivia)
    page = observer.look(URL)
    assert pledge.paragraphs()[1] in page.text
    before = clock.now()
    assert observer.send(URL, **signature()).status_code == 303
    (row,) = pledges()
    assert row.text == pledge.rendered() and row.language == "en" and row.text_version == "1"
    assert row.text_sha256 == hashlib.sha256(row.text.encode()).hexdigest()
    assert before <= row.signed_at <= clock.now()
    assert (row.typed_name, row.address) == ("lucia  PEÑA soto", "127.0.0.1")
    assert row.user_id == appointment.person.user_id
    assert appointment.pledge_signed_on == clock.today(bolivia.time_zone)
    assert row.text_sha256 in observer.look(URL).text


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"typed_name": "Somebody Else"}, "Lucía Peña Soto"),
        ({"typed_name": ""}, "must be given"),
        ({"agrees": None}, "Tick the box"),
        ({"shown": "0" * 64}, "The text changed"),
        ({"shown": ""}, "The text changed"),
    ],
)
def test_nothing_is_signed_without_name_consent_and_the_text_that_was_read(app, bolivia, values, message):
    observer, appointment = an_observer(app, bolivia)
    given = {name: value for name, value in signature(**values).items() if value is not None}
    answer = observer.send(URL, **given)
    assert answer.status_code == 422
    assert message in answer.text
    assert pledges() == [] and appointment.pledge_signed_on is None


def test_a_second_signature_of_one_version_is_refused(app, bolivia):
    observer, _appointment = an_observer(app, bolivia)
    observer.send(URL, **signature())
    answer = observer.send(URL, **signature())
    assert answer.status_code == 422
    assert "signed this pledge already" in answer.text
    assert len(pledges()) == 1
    assert "Sign the pledge" not in observer.look(URL).text


def test_all_places_of_a_person_in_the_mission_are_signed_at_once(app, bolivia):
    observer, first = an_observer(app, bolivia)
    appointing.appoint(bolivia, first.person, role=AppointmentRole.GENERAL_COORDINATOR)
    db.session.commit()
    observer.send(URL, **signature())
    assert len(pledges()) == 2


def test_nobody_signs_for_another_and_a_stranger_learns_nothing(app, bolivia):
    an_observer(app, bolivia)
    other = make_user(Role.OBSERVER, bolivia)
    stranger = make_user(Role.CHIEF, make_mission("PER-2021"))
    db.session.commit()
    page = Browser(app, other).look(URL)
    assert page.status_code == 200 and "nothing for you to sign" in page.text
    assert Browser(app, other).send(URL, **signature()).status_code == 422
    assert Browser(app, stranger).look(URL).status_code == 404
    assert Browser(app, stranger).send(URL, **signature()).status_code == 404
    assert pledges() == []


def test_someone_who_withdrew_has_nothing_to_sign(app, bolivia):
    observer, appointment = an_observer(app, bolivia)
    appointment.state = AppointmentState.WITHDRAWN
    db.session.commit()
    assert "nothing for you to sign" in observer.look(URL).text


def test_a_signed_pledge_is_neither_changed_nor_removed(app, bolivia):
    (row,) = sign(make_appointment(bolivia), user_id=make_user(Role.OBSERVER).id)
    row.text = "Something else"
    with pytest.raises(RuntimeError, match="never changed"):
        db.session.flush()
    db.session.rollback()


def test_a_signed_pledge_is_not_removed(app, bolivia):
    (row,) = sign(make_appointment(bolivia), user_id=make_user(Role.OBSERVER).id)
    db.session.delete(row)
    with pytest.raises(RuntimeError, match="never removed"):
        db.session.flush()
    db.session.rollback()


@pytest.mark.usefixtures("still_clock")
def test_the_day_of_a_signature_stays_and_an_earlier_one_on_paper_counts(app, bolivia):
    appointment = make_appointment(bolivia)
    sign(appointment, user_id=make_user(Role.OBSERVER).id)
    for other in (None, clock.today(bolivia.time_zone) - timedelta(days=3)):
        with pytest.raises(InvalidInput) as refused:
            appointing.record_steps(
                appointment,
                pledge_signed_on=other,
                trained_on=None,
                accredited_on=None,
                credential_number=None,
            )
        assert refused.value.field == "pledge_signed_on"
    on_paper = make_appointment(bolivia)
    on_paper.pledge_signed_on = date(2019, 9, 1)
    sign(on_paper, user_id=make_user(Role.OBSERVER).id)
    assert on_paper.pledge_signed_on == date(2019, 9, 1)


def test_another_version_of_the_text_is_signed_anew(app, bolivia, monkeypatch):
    appointment = make_appointment(bolivia)
    user_id = make_user(Role.OBSERVER).id
    sign(appointment, user_id=user_id)
    with pytest.raises(Refused):
        sign(appointment, user_id=user_id)
    monkeypatch.setitem(pledge.TEXTS, "2", ("I pledge more.",))
    assert not pledging.is_signed(appointment, "2")


def test_those_who_have_not_signed_are_reminded_and_shown_to_the_chief(app, bolivia):
    observer, appointment = an_observer(app, bolivia)
    chief = Browser(app, make_user(Role.CHIEF, bolivia))
    db.session.commit()
    assert "not signed the pledge" in observer.look(f"{URL}/reminder").text
    assert chief.look(f"{URL}/reminder").text.strip() == ""
    listing = chief.look("/missions/BOL-2019/appointments").text
    assert "1 person has not signed the pledge" in listing
    observer.send(URL, **signature())
    assert observer.look(f"{URL}/reminder").text.strip() == ""
    assert "not signed the pledge" not in chief.look("/missions/BOL-2019/appointments").text
    shown = chief.look(f"/missions/BOL-2019/appointments/{appointment.id}").text
    assert pledges()[0].text_sha256 in shown


def test_a_mission_that_is_over_reminds_nobody(app, bolivia):
    observer, _appointment = an_observer(app, bolivia)
    lifecycle.cancel(bolivia, reason="No funds")
    db.session.commit()
    assert observer.look(f"{URL}/reminder").text.strip() == ""
