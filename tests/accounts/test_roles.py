"""Who may do what: on the page, in the reference, in the code; and from day to day."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from eom.accounts.permission_words import NOUNS, WORDS
from eom.accounts.permissions import GRANTS, ROLES, Permission, Role
from eom.accounts.services import memberships
from eom.core import clock
from eom.core.errors import Forbidden
from eom.core.i18n import LANGUAGES
from eom.extensions import db
from eom.settings import ROOT
from tests.people import PARTS

REFERENCE = ROOT / "docs" / "reference" / "permissions.md"


def test_every_permission_and_noun_has_words():
    assert set(WORDS) == {each.value for each in Permission}
    assert set(NOUNS) == {each.value.split(".")[0] for each in Permission}


def test_every_permission_is_held_by_somebody():
    assert set().union(*ROLES.values()) == set(Permission)
    assert set(ROLES) == set(Role)


def test_the_page_is_the_code(as_person):
    page = as_person("bruno").page("/roles")
    heads = [cell.get_text(strip=True) for cell in page.all("thead th")][1:]
    assert heads == [str(role.label) for role in Role]
    rows = page.all("tbody tr:not(:has(.matrix-group))")
    assert len(rows) == len(Permission)
    for permission, row in zip(Permission, rows, strict=True):
        said = [cell.get_text(strip=True) == "yes" for cell in row.select("td")]
        assert said == [permission in ROLES[role] for role in Role], permission.value


@pytest.mark.parametrize("name", PARTS)
def test_everyone_who_signs_in_may_read_the_policy(as_person, name):
    client = as_person(name)
    client.page("/roles")
    assert client.page("/account").one("a[href='/roles']")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_speaks_every_language(as_person, language):
    client = as_person("bruno")
    client.http.set_cookie("language", language)
    assert "." not in "".join(cell.get_text() for cell in client.page("/roles").all("tbody th[scope=row]"))


def test_strangers_do_not_read_it(as_person):
    assert as_person(None).http.get("/roles").status_code == 302


def test_the_reference_is_the_code():
    lines = [line for line in REFERENCE.read_text(encoding="utf-8").splitlines() if line.startswith("|")]
    heads = [cell.strip().replace(" ", "_") for cell in lines[0].strip("|").split("|")][1:]
    assert heads == [role.value for role in Role]
    written = {}
    for line in lines[2:]:
        first, *cells = (cell.strip() for cell in line.strip("|").split("|"))
        written[re.sub("`", "", first)] = {head for head, cell in zip(heads, cells, strict=True) if cell}
    held = {p.value: {role.value for role in Role if p in ROLES[role]} for p in Permission}
    assert written == held


READING = {"read", "read-own"}


def test_an_auditor_writes_nothing():
    assert {each.value.split(".")[1] for each in ROLES[Role.AUDITOR]} == {"read"}


def test_a_donors_viewer_holds_one_permission():
    assert ROLES[Role.DONOR_VIEWER] == {Permission.AWARD_READ_OWN}


def test_a_finance_reviewer_books_nothing():
    writing = {each.value for each in ROLES[Role.FINANCE_REVIEWER] if each.value.split(".")[1] not in READING}
    assert writing == {
        "budget.approve",
        "expenditure.approve",
        "report.produce",
        "report.review",
        "year.close",
        "year.reopen",
    }


@pytest.mark.parametrize("giver", list(Role))
def test_nobody_gives_their_own_role_but_an_administrator(giver):
    assert giver is Role.ADMINISTRATOR or giver not in GRANTS.get(giver, frozenset())


PERSONS = [name for name in PARTS if name != "dora"]


@pytest.mark.parametrize("giver", PERSONS)
@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("place", ["a", "b", None])
def test_who_gives_which_role_where(cast, giver, role, place):
    """The whole table: giver, role, place. What is not allowed is refused, whoever asks."""
    held, where = PARTS[giver]
    mission_id = getattr(cast, place).id if place else None
    fits = (role in memberships.EVERYWHERE or role is Role.DONOR_VIEWER) == (place is None)
    may = fits and role in GRANTS.get(held, frozenset()) and where in (None, place)
    assert (role in memberships.grantable(cast.user(giver), mission_id)) is may
    if not may:
        with pytest.raises(Forbidden):
            memberships.grant(
                cast.user("bruno" if giver != "bruno" else "carmen"), role=role, mission_id=mission_id,
                by=cast.user(giver), donor_id=1 if role is Role.DONOR_VIEWER else None,
            )  # fmt: skip


@pytest.mark.parametrize(
    ("moment", "status"),
    [
        (datetime(2026, 3, 31, 23, 59, tzinfo=UTC), 404),
        (datetime(2026, 4, 1, 0, 0, tzinfo=UTC), 200),
        (datetime(2026, 4, 30, 23, 59, tzinfo=UTC), 200),
        (datetime(2026, 5, 1, 0, 0, tzinfo=UTC), 404),
    ],
)
def test_a_role_opens_pages_from_its_first_to_its_last_day(cast, as_person, monkeypatch, moment, status):
    memberships.change(
        cast.user("bruno").memberships[0], by=cast.user("ana"),
        starts_on=datetime(2026, 4, 1).date(), ends_on=datetime(2026, 4, 30).date(),
    )  # fmt: skip
    db.session.commit()
    monkeypatch.setattr(clock, "now", lambda: moment)
    as_person("bruno").page(f"/missions/{cast.a.code}", status)


def test_a_role_that_ends_overnight_ends_in_an_open_session(cast, as_person, monkeypatch):
    """Nobody has to be signed out for it: the day decides at every request."""
    start = datetime(2026, 4, 30, 23, 0, tzinfo=UTC)
    monkeypatch.setattr(clock, "now", lambda: start)
    cast.user("bruno").memberships[0].ends_on = start.date()
    db.session.commit()
    bruno = as_person("bruno")
    bruno.page(f"/missions/{cast.a.code}")
    monkeypatch.setattr(clock, "now", lambda: start.replace(month=5, day=1, hour=1))
    bruno.page(f"/missions/{cast.a.code}", 404)
    bruno.page("/account")
