"""A person made anonymous: nothing says who it was, the press figures stay, nobody can undo it."""

from __future__ import annotations

import dataclasses

import pytest
import sqlalchemy as sa

from eom.accounts.models import SignInSession, User
from eom.accounts.permissions import Role
from eom.checklists.models.app_user import AppUser
from eom.core import audit
from eom.core.audit import AuditEntry
from eom.core.db import Base
from eom.core.errors import InvalidInput, Refused
from eom.extensions import db
from eom.missions.models.mission import Stage
from eom.observers import pledge
from eom.observers.models import AppointmentRole, Gender, PersonDossier
from eom.observers.services import anonymising, pledging
from eom.reporting.queries import press
from tests.factories.browsing import Browser, make_user
from tests.factories.observers import fill_dossier, make_appointment

NAMES = (
    "Wilhelmina",
    "Quispe-Ñanco",
    "wilhelmina.q@example.org",
    "+591 700 99 123",
    "AAC778812",
    "penicillin",
)


@pytest.fixture
def person(bolivia):
    """Someone of whom everything is held, in a mission that is over."""
    account = make_user(Role.OBSERVER, bolivia)
    account.name, account.email = f"{NAMES[0]} {NAMES[1]}", NAMES[2]
    appointment = make_appointment(
        bolivia, "ARG", "CHL", given_names=NAMES[0], family_names=NAMES[1], email=NAMES[2], phone=NAMES[3],
        gender=Gender.WOMAN, languages=["es"], expertise=["quick_count"],
    )  # fmt: skip
    person = fill_dossier(appointment.person)
    person.user_id, appointment.origin, appointment.credential_number = account.id, "CHL", "OEP-77"
    pledging.sign(
        [appointment], typed_name=person.name, agrees=True, shown=pledge.digest(pledge.rendered()),
        user_id=account.id, address="192.0.2.7",
    )  # fmt: skip
    db.session.add(AppUser(appointment_id=appointment.id, name=f"Phone of {NAMES[0]}", token_sha256="0" * 64))
    for role in (AppointmentRole.OBSERVER, AppointmentRole.DRIVER):
        make_appointment(bolivia, "PER", role=role, gender=Gender.MAN)
    bolivia.stage = Stage.CLOSED
    db.session.flush()
    return person


def test_the_press_figures_are_the_same_before_and_after(app, bolivia, person):
    before = press.press_figures(db.session(), bolivia)
    anonymising.anonymise(person, reason="Asked for it")
    db.session.expire_all()
    after = press.press_figures(db.session(), bolivia)
    assert dataclasses.replace(after, as_of=before.as_of) == before
    assert before.people_count == 2 and before.women_count == 1


def test_nothing_in_any_table_but_the_trail_says_who_it_was(app, bolivia, person):
    anonymising.anonymise(person, reason="Asked for it")
    db.session.commit()
    found = [
        (table.name, name)
        for table in Base.metadata.sorted_tables
        if table.name != "audit_entries"
        for row in db.session.execute(sa.text(f"SELECT * FROM {table.name}"))
        for name in NAMES
        if name in str(tuple(row))
    ]
    assert found == []
    assert db.session.scalar(sa.select(sa.func.count()).select_from(PersonDossier)) == 0


def test_a_device_of_the_person_sends_nothing_any_more(app, bolivia, person):
    anonymising.anonymise(person, reason="Asked for it")
    device = db.session.scalars(sa.select(AppUser)).one()
    assert device.revoked_at is not None and NAMES[0] not in device.name


def test_the_trail_tells_the_act_and_the_reason_and_no_name_of_the_roster(app, bolivia, person):
    number = person.id
    anonymising.anonymise(person, reason="Asked for it by letter")
    entry = db.session.scalar(sa.select(AuditEntry).where(AuditEntry.action == "anonymised"))
    assert (entry.object_id, entry.reason) == (str(number), "Asked for it by letter")
    kinds = ("people", "person_dossiers", "appointments", "pledges", "person_nationalities")
    trail = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.object_type.in_(kinds)))
    told = [name for each in trail for name in NAMES if name in f"{each.object_name} {each.changes}"]
    assert told == []


def test_the_account_is_closed_and_its_sessions_ended(app, bolivia, person):
    account = db.session.get_one(User, person.user_id)
    browser = Browser(app, account)
    assert browser.look("/account").status_code == 200
    audit.acting(db.session(), None, "shell")
    anonymising.anonymise(person, reason="Asked for it")
    db.session.commit()
    assert account.active is False and account.password is None
    assert browser.look("/account").status_code == 302
    rows = list(db.session.scalars(sa.select(SignInSession).where(SignInSession.user_id == account.id)))
    assert rows and all(each.ended_at and each.address is None and each.device is None for each in rows)


def test_what_the_figures_need_and_the_signed_text_stay(app, bolivia, person):
    appointment = person.appointments[0]
    kept = (
        appointment.role,
        appointment.origin,
        person.gender,
        person.countries,
        appointment.pledge_signed_on,
    )
    text = appointment.pledges[0].text_sha256
    anonymising.anonymise(person, reason="Asked for it")
    db.session.expire_all()
    found = (
        appointment.role,
        appointment.origin,
        person.gender,
        person.countries,
        appointment.pledge_signed_on,
    )
    assert found == kept
    row = appointment.pledges[0]
    assert (row.text_sha256, row.typed_name, row.user_id, row.address) == (text, None, None, None)


def test_it_needs_a_reason_is_done_once_and_never_to_someone_at_work(app, bolivia, person):
    with pytest.raises(InvalidInput):
        anonymising.anonymise(person, reason=" ")
    bolivia.stage = Stage.DEPLOYED
    db.session.flush()
    with pytest.raises(Refused, match="BOL-2019"):
        anonymising.anonymise(person, reason="Asked for it")
    bolivia.stage = Stage.CLOSED
    anonymising.anonymise(person, reason="Asked for it")
    with pytest.raises(Refused, match="already"):
        anonymising.anonymise(person, reason="Again")


def test_headquarters_confirms_with_a_reason(app, bolivia, person):
    hq = Browser(app, make_user(Role.HEADQUARTERS))
    url = f"/people/{person.id}/anonymise"
    db.session.commit()
    assert hq.look(url).status_code == 200
    assert hq.send(url, reason="").status_code == 422
    assert hq.send(url, reason="Asked for it").status_code == 303
    page = hq.look(f"/people/{person.id}").text
    assert "Made anonymous" in page and not any(name in page for name in NAMES)
    for address in ("/people", "/missions/BOL-2019/appointments"):
        assert not any(name in hq.look(address).text for name in NAMES)
    assert hq.send(url, reason="Again").status_code == 422
    assert hq.send(f"/people/{person.id}/dossier/edit", passport_number="AB1234").status_code == 422


def test_an_administrators_own_account_is_not_theirs_to_erase(app, bolivia, person):
    account = db.session.get_one(User, person.user_id)
    account.memberships[0].role, account.memberships[0].mission_id = Role.ADMINISTRATOR, None
    db.session.commit()
    answer = Browser(app, account).send(f"/people/{person.id}/anonymise", reason="Me")
    assert answer.status_code == 422 and "your own account" in answer.text


def test_an_account_with_a_role_everywhere_is_erased_only_after_that_ended(app, bolivia, person):
    account = db.session.get_one(User, person.user_id)
    account.memberships[0].role, account.memberships[0].mission_id = Role.ADMINISTRATOR, None
    db.session.commit()
    with pytest.raises(Refused, match="all missions"):
        anonymising.anonymise(person, reason="A grudge")
    db.session.rollback()
    assert account.active is True


@pytest.mark.parametrize("role", [Role.CHIEF, Role.COORDINATOR, Role.OBSERVER])
def test_nobody_else_makes_people_anonymous(app, bolivia, person, role):
    other = Browser(app, make_user(role, bolivia))
    db.session.commit()
    assert other.send(f"/people/{person.id}/anonymise", reason="No").status_code == 403
