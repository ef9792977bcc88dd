"""Accounts from the shell."""

from __future__ import annotations

import re

import pytest

from eom.accounts.queries import user_by_email
from eom.extensions import db
from tests.accounts.test_members import NEW
from tests.factories.signing_in import Browser, give_password
from tests.people import make_donor


@pytest.fixture
def run(app, cast):
    """``run("list")``: what ``flask users list`` answers."""

    def invoke(*arguments: str, exit_code: int = 0) -> str:
        answer = app.test_cli_runner().invoke(args=["users", *arguments])
        assert answer.exit_code == exit_code, answer.output
        db.session.expire_all()
        return answer.output

    return invoke


def test_a_link_is_printed_and_opens_the_account(app, cast, run):
    out = run(
        "invite", "nadia@example.org", "--role", "coordinator", "--mission", cast.a.code, "--name", "Nadia"
    )
    (path,) = re.findall(r"http://localhost(/invitations/\S+)", out)
    browser = Browser(app)
    assert browser.post(path, password=NEW, again=NEW).status_code == 303
    assert browser.sign_in("nadia@example.org", NEW).status_code == 302
    assert browser.get(f"/missions/{cast.a.code}").status_code == 200


def test_the_first_administrator_is_invited_from_the_shell(app, run):
    out = run("invite", "root@example.org", "--role", "administrator")
    browser = Browser(app)
    assert browser.get("/invitations/" + out.strip().rsplit("/", 1)[1]).status_code == 200


@pytest.mark.parametrize("role", ["chief", "observer", "coordinator"])
def test_roles_of_missions_are_not_given_everywhere(run, role):
    assert "does not give this one here" in run("invite", "x@example.org", "--role", role, exit_code=2)


def test_a_donors_viewer_is_made_with_their_donor(run, cast):
    make_donor("Norway")
    db.session.commit()
    run("invite", "n@example.org", "--role", "donor_viewer", "--donor", "Norway")
    run("create", "o@example.org", "--role", "donor_viewer", "--donor", "Norway")
    for email in ("n@example.org", "o@example.org"):
        assert user_by_email(db.session(), email).donors()
    assert "needs the donor" in run("create", "p@example.org", "--role", "donor_viewer", exit_code=2)
    assert "no donor" in run(
        "create", "p@example.org", "--role", "donor_viewer", "--donor", "Atlantis", exit_code=2
    )


def test_the_list_says_who_signs_in_with_which_roles(run, cast):
    lines = run("list").splitlines()
    assert "bruno@example.org\tBruno\tactive\tobserver" in lines
    assert len(lines) == len(cast.users)
    run("invite", "late@example.org", "--role", "auditor")
    assert not any("late@" in line for line in run("list").splitlines())
    assert "late@example.org\tlate@example.org\tinactive\tauditor" in run("list", "--inactive").splitlines()


def test_an_account_is_deactivated_with_a_reason(app, run, cast):
    give_password(cast.user("bruno"))
    browser = Browser(app)
    browser.sign_in("bruno@example.org")
    assert "inactive" in run("deactivate", "bruno@example.org", "--reason", "left")
    assert not browser.is_in
    run("deactivate", "bruno@example.org", exit_code=2)
    assert "no account" in run("deactivate", "nobody@example.org", "--reason", "x", exit_code=2)


def test_the_last_administrator_is_not_deactivated(run):
    assert "last administrator" in run("deactivate", "amir@example.org", "--reason", "x", exit_code=2)


def test_creating_stays_as_it_was(run, cast):
    out = run("create", "neu@example.org", "--role", "chief", "--mission", cast.a.code)
    assert out.startswith("password: ")
    assert "chief in BOL-2019" in out
