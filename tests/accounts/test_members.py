"""Inviting, giving and ending roles: nobody gives more than their own role may, and nobody their own."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from eom.accounts.models import Invitation, Membership, User
from eom.accounts.permissions import GRANTS, Role
from eom.accounts.queries import user_by_email
from eom.accounts.services import accounts, invitations, memberships
from eom.core import clock
from eom.core.audit import AuditEntry
from eom.core.errors import Forbidden, InvalidInput, NotFound, Refused
from eom.extensions import db
from eom.stations.models import Area
from tests.factories.signing_in import Browser, errors, give_password

NEW = "nine loud ravens over the sea"


def link_on(page) -> str:
    """The address of a link that is shown, without the host."""
    return re.sub(r"^https?://[^/]+", "", page.one("#link")["value"])


def invite(client, code: str, role: Role = Role.OBSERVER, email: str = "olga@example.org", **more):
    answer = client.http.post(
        f"/missions/{code}/members/invite", data={"email": email, "name": "Olga", "role": role.value, **more}
    )
    from tests.page import Page

    return Page(answer)


def test_a_chief_invites_an_observer_who_chooses_a_password_and_signs_in(app, cast, as_person):
    page = invite(as_person("ana"), cast.a.code)
    assert "sends no mail" in page.text
    address = link_on(page)
    olga = Browser(app)
    opened = olga.get(address)
    assert opened.status_code == 200
    assert "olga@example.org" in opened.text
    assert olga.post(address, password=NEW, again=NEW, language="es").status_code == 303
    assert olga.sign_in("olga@example.org", NEW).status_code == 302
    assert olga.get(f"/missions/{cast.a.code}").status_code == 200
    assert olga.get(f"/missions/{cast.b.code}").status_code == 404
    user = user_by_email(db.session(), "olga@example.org")
    assert (user.language, user.active) == ("es", True)


def test_a_link_works_once(app, cast, as_person):
    address = link_on(invite(as_person("ana"), cast.a.code))
    browser = Browser(app)
    browser.post(address, password=NEW, again=NEW)
    assert browser.get(address).status_code == 404
    assert "Ask whoever sent it" in browser.get(address).text


def test_a_newer_link_makes_the_older_void(app, cast, as_person):
    ana = as_person("ana")
    first = link_on(invite(ana, cast.a.code))
    membership = user_by_email(db.session(), "olga@example.org").memberships[0]
    from tests.page import Page

    second = link_on(Page(ana.http.post(f"/missions/{cast.a.code}/members/{membership.id}/link")))
    assert Browser(app).get(first).status_code == 404
    assert Browser(app).get(second).status_code == 200


def test_a_link_is_void_after_a_week(app, cast, as_person, monkeypatch):
    address = link_on(invite(as_person("ana"), cast.a.code))
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(days=7, minutes=1))
    assert Browser(app).get(address).status_code == 404


def test_the_secret_of_a_link_is_in_neither_database_nor_trail(app, cast, as_person):
    secret = link_on(invite(as_person("ana"), cast.a.code)).rsplit("/", 1)[1]
    assert secret not in db.session.scalars(sa.select(Invitation.token_sha256)).all()
    assert not any(secret in str(entry.changes) for entry in db.session.scalars(sa.select(AuditEntry)))


@pytest.mark.parametrize(
    ("password", "again", "words"),
    [
        ("short", "short", "at least 12"),
        (NEW, NEW + "x", "not the same"),
        ("qwertyuiop123", "qwertyuiop123", "common"),
    ],
)
def test_a_password_that_will_not_do_leaves_the_link_open(app, cast, as_person, password, again, words):
    address = link_on(invite(as_person("ana"), cast.a.code))
    browser = Browser(app)
    assert words in errors(browser.post(address, password=password, again=again))
    assert browser.get(address).status_code == 200


def test_a_new_role_ends_the_sessions_of_its_person(app, cast, as_person):
    dario = Browser(app)
    give_password(cast.user("dario"))
    app.extensions["eom_settings"]
    client = as_person("dario")
    assert client.http.get("/account").status_code == 200
    invite(as_person("ana"), cast.a.code, email="dario@example.org")
    assert client.http.get("/account").status_code == 302
    assert not dario.is_in


@pytest.mark.parametrize(
    "role", [Role.CHIEF, Role.ADMINISTRATOR, Role.FINANCE, Role.HEADQUARTERS, Role.AUDITOR]
)
def test_a_chief_gives_no_role_as_high_as_their_own(app, cast, as_person, role):
    page = invite(as_person("ana"), cast.a.code, role=role)
    assert page.status == 422
    with pytest.raises(Forbidden):
        invitations.invite(
            email="x@example.org", name="X", role=role, by=cast.user("ana"), mission_id=cast.a.id
        )
    assert user_by_email(db.session(), "x@example.org") is None


def test_a_chief_gives_nothing_outside_their_mission(app, cast):
    for mission_id in (cast.b.id, None):
        with pytest.raises(Forbidden):
            invitations.invite(
                email="x@example.org",
                name="X",
                role=Role.OBSERVER,
                by=cast.user("ana"),
                mission_id=mission_id,
            )


@pytest.mark.parametrize("giver", list(Role))
def test_no_role_gives_a_role_that_holds_more_than_its_own(giver):
    from eom.accounts.permissions import ROLES

    if giver is Role.ADMINISTRATOR:
        return
    for given in GRANTS.get(giver, frozenset()):
        beyond = ROLES[given] - ROLES[giver]
        # Headquarters send people into the field without filling checklists themselves.
        assert {each.value for each in beyond} <= {"checklist.fill"}, (giver, given)


def test_nobody_changes_their_own_roles(app, cast):
    amir = cast.user("amir")
    with pytest.raises(Forbidden, match="their own"):
        memberships.grant(amir, role=Role.FINANCE, mission_id=None, by=amir)
    with pytest.raises(Forbidden, match="their own"):
        memberships.end(amir.memberships[0], by=amir, reason="tired")


def test_the_last_administrator_stays(app, cast):
    amir, second = cast.user("amir"), cast.user("hugo")
    memberships.grant(second, role=Role.ADMINISTRATOR, mission_id=None, by=amir)
    db.session.commit()
    memberships.end(amir.memberships[0], by=second, reason="leaves")
    db.session.commit()
    # One is left: nobody may end or deactivate it.
    other = cast.user("clara")
    with pytest.raises((Refused, Forbidden)):
        accounts.deactivate(second, by=other, reason="no")


def test_a_role_that_ended_holds_nothing_and_stays_in_the_record(app, cast, as_person):
    bruno = cast.user("bruno")
    membership = bruno.memberships[0]
    ana = as_person("ana")
    page = ana.submit(f"/missions/{cast.a.code}/members/{membership.id}/end", reason="went home")
    assert "ended" in page.text
    assert not bruno.is_member(cast.a.id)
    assert db.session.get(Membership, membership.id) is not None
    assert Browser(app).get("/account").status_code == 302


def test_a_role_ends_only_with_a_reason(app, cast, as_person):
    membership = cast.user("bruno").memberships[0]
    page = as_person("ana").submit(f"/missions/{cast.a.code}/members/{membership.id}/end", 422, reason="")
    assert "must be given" in page.text
    with pytest.raises(InvalidInput):
        memberships.end(membership, by=cast.user("ana"), reason=" ")


@pytest.mark.usefixtures("still_clock")
@pytest.mark.parametrize(
    ("starts", "ends", "holds"), [(-2, 2, True), (0, 0, True), (1, 5, False), (-5, -1, False)]
)
def test_a_membership_holds_from_its_first_to_its_last_day(app, cast, starts, ends, holds):
    bruno, today = cast.user("bruno"), clock.today()
    membership = bruno.memberships[0]
    membership.starts_on, membership.ends_on = today + timedelta(days=starts), today + timedelta(days=ends)
    assert bruno.is_member(cast.a.id) is holds
    assert bool(bruno.current) is holds


def test_days_out_of_order_are_refused(app, cast):
    with pytest.raises(InvalidInput, match="before it starts"):
        memberships.change(
            cast.user("bruno").memberships[0],
            by=cast.user("ana"),
            starts_on=date(2026, 2, 2),
            ends_on=date(2026, 2, 1),
        )


def test_a_coordinator_is_limited_to_areas(app, cast, as_person):
    area = Area(mission_id=cast.a.id, level=1, name="Tarija", key="tarija", country="BOL")
    db.session.add(area)
    db.session.commit()
    membership = cast.user("carmen").memberships[0]
    page = as_person("ana").submit(
        f"/missions/{cast.a.code}/members/{membership.id}/edit", area_ids=str(area.id)
    )
    assert "Tarija" in page.text
    from eom.accounts.permissions import Permission

    assert cast.user("carmen").areas_with(Permission.STATION_READ, cast.a.id) == {area.id}
    with pytest.raises(InvalidInput, match="Only coordinators"):
        memberships.change(
            cast.user("bruno").memberships[0],
            by=cast.user("ana"),
            starts_on=None,
            ends_on=None,
            area_ids=[area.id],
        )


def test_a_chief_helps_nobody_who_is_more_elsewhere(app, cast, as_person):
    """A link for an account is the account: who holds a higher role anywhere is beyond a chief."""
    amir, ana = cast.user("amir"), cast.user("ana")
    memberships.grant(cast.user("hugo"), role=Role.OBSERVER, mission_id=cast.a.id, by=amir)
    db.session.commit()
    membership = next(m for m in cast.user("hugo").memberships if m.mission_id)
    assert not memberships.outranks(ana, cast.user("hugo"))
    assert (
        as_person("ana").http.post(f"/missions/{cast.a.code}/members/{membership.id}/link").status_code == 403
    )


def test_an_administrator_sees_invites_and_deactivates(app, cast, as_person):
    amir = as_person("amir")
    page = amir.page("/users?q=bruno")
    assert "bruno@example.org" in page.text
    answer = amir.http.post(
        "/users/invite", data={"email": "fe@example.org", "name": "Fe", "role": "finance"}
    )
    assert answer.status_code == 200
    bruno = give_password(cast.user("bruno"))
    page = amir.submit(f"/users/{bruno.id}/deactivate", reason="left the organisation")
    assert "Deactivated" in page.text
    assert not db.session.get(User, bruno.id).active
    page = amir.submit(f"/users/{bruno.id}/reactivate")
    assert "Active" in page.text


def test_an_administrator_signs_someone_out_everywhere(app, cast, as_person):
    bruno = give_password(cast.user("bruno"))
    browser = Browser(app)
    browser.sign_in(bruno.email)
    assert browser.is_in
    page = as_person("amir").submit(f"/users/{bruno.id}/end-sessions")
    assert "Signed out everywhere" in page.text
    assert not browser.is_in
    assert as_person("hugo").http.post(f"/users/{cast.user('amir').id}/end-sessions").status_code == 403


def test_a_deactivated_account_gets_no_new_link(app, cast):
    bruno = give_password(cast.user("bruno"))
    accounts.deactivate(bruno, by=cast.user("amir"), reason="lost telephone")
    from eom.accounts.models import InvitationKind

    with pytest.raises(Refused, match="deactivated"):
        invitations.make_link(bruno, InvitationKind.RECOVERY, by=cast.user("amir"))


def test_the_second_step_of_another_is_reset_with_a_reason(app, cast, as_person):
    bruno = cast.user("bruno")
    bruno.tf_primary_method, bruno.tf_totp_secret = "authenticator", "x"
    db.session.commit()
    amir = as_person("amir")
    amir.submit(f"/users/{bruno.id}/reset-second-step", 422, reason="")
    amir.submit(f"/users/{bruno.id}/reset-second-step", reason="telephone stolen, spoke to him")
    assert db.session.get(User, bruno.id).tf_totp_secret is None


def test_an_unknown_link_says_what_to_do(app, cast):
    answer = Browser(app).get("/invitations/nothing-that-was-ever-made")
    assert answer.status_code == 404
    with pytest.raises(NotFound):
        invitations.opened("")


def test_accounts_are_given_by_a_fresh_sign_in_only(app, cast, as_person):
    ana = as_person("ana")
    with ana.http.session_transaction() as kept:
        kept["fs_paa"] = 0
    answer = ana.http.get(f"/missions/{cast.a.code}/members/invite")
    assert answer.status_code == 303
    assert "/verify" in answer.location


def test_the_link_goes_by_mail_where_there_is_a_server(app, cast, as_person, monkeypatch, mail_server):
    from dataclasses import replace

    given = replace(
        app.extensions["eom_settings"], smtp_url=mail_server.url, mail_from="missions@example.org"
    )
    monkeypatch.setitem(app.extensions, "eom_settings", given)
    page = invite(as_person("ana"), cast.a.code, language="es")
    assert "was sent to olga@example.org" in page.text
    (letter,) = mail_server.letters
    assert link_on(page) in letter.replace("=\n", "").replace("=3D", "=")
    assert "To: olga@example.org" in letter


def test_a_server_that_does_not_answer_is_told_and_the_link_is_shown(app, cast, as_person, monkeypatch):
    from dataclasses import replace

    given = replace(app.extensions["eom_settings"], smtp_url="smtp://127.0.0.1:9", mail_from="m@example.org")
    monkeypatch.setitem(app.extensions, "eom_settings", given)
    page = invite(as_person("ana"), cast.a.code)
    assert "could not be mailed" in page.text
    assert link_on(page)
