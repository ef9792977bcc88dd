"""Links to choose a password: what they open, for whom, and that they open nothing more."""

from __future__ import annotations

from datetime import timedelta

import pytest

from eom.accounts.models import InvitationKind
from eom.accounts.permissions import Role
from eom.accounts.queries import user_by_email
from eom.accounts.services import accounts, invitations, memberships
from eom.core import clock
from eom.core.errors import Forbidden, Refused
from eom.extensions import db
from tests.accounts.test_members import NEW, invite, link_on
from tests.factories.signing_in import Browser, give_password


def test_the_page_of_a_link_says_who_invites_to_what(app, cast, as_person):
    address = link_on(invite(as_person("ana"), cast.a.code, Role.COORDINATOR))
    page = Browser(app).get(address)
    for words in ("Ana made this link", "Coordinator", cast.a.name, "Bolivia"):
        assert words in page.text
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["Cache-Control"] == "no-store"


def test_the_answer_is_the_same_with_and_without_an_account(app, cast, as_person):
    give_password(cast.user("dario"))
    ana = as_person("ana")
    pages = [invite(ana, cast.a.code, email=email) for email in ("dario@example.org", "nadie@example.org")]
    texts = [page.text.replace("dario@", "nadie@").replace(page.one("#link")["value"], "") for page in pages]
    assert texts[0] == texts[1]
    assert cast.user("dario").is_member(cast.a.id)


def test_an_invitation_sets_no_password_of_an_account_that_has_one(app, cast, as_person):
    dario = give_password(cast.user("dario"))
    before = dario.password
    address = link_on(invite(as_person("ana"), cast.a.code, email="dario@example.org"))
    browser = Browser(app)
    page = browser.get(address)
    assert page.status_code == 200
    assert "sign in as before" in page.text
    assert 'name="password"' not in page.text
    browser.post(address, password=NEW, again=NEW)
    db.session.refresh(dario)
    assert dario.password == before


def invited_by_amir(cast, role: Role, **more) -> invitations.Invited:
    return invitations.invite(email="fe@example.org", name="Fe", role=role, by=cast.user("amir"), **more)


@pytest.mark.parametrize("starts_in_days", [None, 3])
def test_a_chief_does_not_open_the_account_of_someone_who_is_to_be_more(app, cast, as_person, starts_in_days):
    """Fe was invited to keep the books and has not come yet: a chief's link must not make the chief Fe."""
    starts_on = clock.today() + timedelta(days=starts_in_days) if starts_in_days else None
    first = invited_by_amir(cast, Role.FINANCE, starts_on=starts_on).secret
    db.session.commit()
    address = link_on(invite(as_person("ana"), cast.a.code, email="fe@example.org"))
    browser = Browser(app)
    assert "sign in as before" in browser.get(address).text
    browser.post(address, password=NEW, again=NEW)
    assert user_by_email(db.session(), "fe@example.org").password is None
    assert browser.get(f"/invitations/{first}").status_code == 200, "the administrator's link still holds"
    assert browser.post(f"/invitations/{first}", password=NEW, again=NEW).status_code == 303


def test_a_link_opens_nothing_once_its_person_became_more(app, cast, as_person):
    """A chief's link for an observer does not become the key to an administrator."""
    address = link_on(invite(as_person("ana"), cast.a.code))
    olga = user_by_email(db.session(), "olga@example.org")
    memberships.grant(olga, role=Role.ADMINISTRATOR, mission_id=None, by=cast.user("amir"))
    db.session.commit()
    Browser(app).post(address, password=NEW, again=NEW)
    assert user_by_email(db.session(), "olga@example.org").password is None


def test_a_link_opens_nothing_once_its_maker_is_no_chief_any_more(app, cast, as_person):
    address = link_on(invite(as_person("ana"), cast.a.code))
    memberships.end(cast.user("ana").memberships[0], by=cast.user("amir"), reason="replaced")
    db.session.commit()
    Browser(app).post(address, password=NEW, again=NEW)
    assert user_by_email(db.session(), "olga@example.org").password is None


def test_a_chief_recovers_the_account_of_their_own_people_only(app, cast):
    for name in ("bruno", "amir", "dario", "delia"):
        give_password(cast.user(name))
    ana = cast.user("ana")
    assert invitations.make_link(cast.user("bruno"), InvitationKind.RECOVERY, by=ana)
    assert invitations.make_link(cast.user("delia"), InvitationKind.RECOVERY, by=ana)
    for name in ("amir", "dario", "ana"):
        with pytest.raises(Forbidden):
            invitations.make_link(cast.user(name), InvitationKind.RECOVERY, by=ana)


def test_a_new_password_ends_every_session(app, cast):
    bruno = give_password(cast.user("bruno"))
    browser = Browser(app)
    browser.sign_in("bruno@example.org")
    assert browser.is_in
    secret = invitations.make_link(bruno, InvitationKind.RECOVERY, by=cast.user("amir"))
    db.session.commit()
    other = Browser(app, address="198.51.100.4")
    assert other.post(f"/invitations/{secret}", password=NEW, again=NEW).status_code == 303
    assert not browser.is_in
    assert other.sign_in("bruno@example.org", NEW).status_code == 302


def test_deactivating_takes_the_open_link_away(app, cast):
    bruno = give_password(cast.user("bruno"))
    secret = invitations.make_link(bruno, InvitationKind.RECOVERY, by=cast.user("amir"))
    accounts.deactivate(bruno, by=cast.user("amir"), reason="left")
    db.session.commit()
    assert Browser(app).get(f"/invitations/{secret}").status_code == 404
    with pytest.raises(Refused, match="reactivate"):
        invitations.make_link(bruno, InvitationKind.RECOVERY, by=cast.user("amir"))


@pytest.mark.parametrize("address", ["", "no address", "a@", "a" * 300 + "@example.org", "a@b@c.org"])
def test_an_address_that_is_none_is_refused(app, cast, as_person, address):
    assert invite(as_person("ana"), cast.a.code, email=address).status == 422


def test_addresses_are_the_same_in_any_case(app, cast, as_person):
    invite(as_person("ana"), cast.a.code, email="Olga@Example.ORG")
    page = invite(as_person("ana"), cast.a.code, Role.COORDINATOR, email="OLGA@example.org")
    assert page.status == 200
    assert len(user_by_email(db.session(), "olga@example.org").memberships) == 2


def test_the_letter_says_the_same_in_text_and_as_a_page(app, cast, as_person, monkeypatch, mail_server):
    from dataclasses import replace
    from email import message_from_string, policy

    given = replace(app.extensions["eom_settings"], smtp_url=mail_server.url, mail_from="m@example.org")
    monkeypatch.setitem(app.extensions, "eom_settings", given)
    link = invite(as_person("ana"), cast.a.code, language="pt").one("#link")["value"]
    letter = message_from_string(mail_server.letters[0], policy=policy.default)
    text, page = (letter.get_body((kind,)).get_content() for kind in ("plain", "html"))
    assert link in text
    assert f'href="{link}"' in page
    assert '<html lang="pt">' in page
