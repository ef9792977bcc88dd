"""A file with a line above the limit in the browser: sent by one person, approved by another, refused on a telephone."""

from __future__ import annotations

from datetime import date

import pytest

from eom.accounts.permissions import Role
from eom.extensions import db
from eom.finance.queries import budgets
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.test_loads import choose_columns, read, send
from tests.factories.commitments import approved_budget
from tests.factories.finance import an_award
from tests.people import make_mission

HEADS = "Grant;Object;GL Date;Voucher;Payee;Entered;Line id;Budget line\n"


@pytest.fixture(scope="module")
def books(live):
    """Two finance people, and an award of a mission with a budget line of a hundred dollars."""
    with live.scene():
        live.person("wanda", Role.FINANCE)
        live.person("wilma", Role.FINANCE_REVIEWER)
        mission = make_mission("HND-2017", "HND", date(2017, 11, 26))
        an_award(mission, reference="WAIT-1")
        approved_budget(mission, (4, "Flights", 100_00))
        return budgets.approved(db.session(), mission.id).lines[0].code


def extract(code: str, number: int) -> bytes:
    rows = [
        f"WAIT-1;4;20/10/2019;V{number}{n};Agency;{amount};L{number}{n};{code}\n"
        for n, amount in ((1, "7.500,00"), (2, "20,00"))
    ]
    return (HEADS + "".join(rows)).encode()


def sent(visitor, code: str, number: int, shot: str):
    send(visitor, extract(code, number))
    choose_columns(visitor.page)
    read(visitor)
    page = visitor.page
    assert "Lines above the limit" in page.inner_text("main")
    assert "Lines beyond their budget line" in page.inner_text("main")
    visitor.has_no_barriers()
    page.check("[name=is_sure]")
    page.fill("[name=reason]", "Fares rose")
    visitor.shoot(shot)
    visitor.follows("main form[action$='/apply'] button[type=submit]")
    page.wait_for_selector("main a[href*='/waiting/']")
    visitor.follows("main a[href*='/waiting/'] >> nth=0")
    visitor.has_no_barriers()
    return page.url


def test_a_file_waits_for_a_colleague_who_books_it(look, books):
    wanda = look(DESKTOP).sign_in("wanda")
    url = sent(wanda, books, 1, "load-above")
    assert wanda.page.locator("form[action$='/approve']").count() == 0
    wilma = look(DESKTOP).sign_in("wilma")
    wilma.go("/finance/loads/waiting")
    wilma.has_no_barriers()
    wilma.go(url[url.index("/finance") :])
    wilma.has_no_barriers()
    wilma.shoot("load-waits")
    wilma.follows("form[action$='/approve'] button")
    wilma.page.wait_for_selector("main a[href*='/finance/loads/']")
    wilma.follows("main a[href*='/finance/loads/'] >> nth=0")
    assert "$7,520.00" in wilma.page.inner_text("main")
    assert "Fares rose" in wilma.page.inner_text("main")
    wilma.has_no_barriers()


def test_a_file_is_refused_on_a_telephone(look, books):
    url = sent(look(PHONE).sign_in("wanda"), books, 2, "load-above-phone")
    wilma = look(PHONE).sign_in("wilma")
    for path in ("/finance/loads/waiting", url[url.index("/finance") :]):
        wilma.go(path)
        wilma.has_no_barriers()
    wilma.follows("main a[href$='/refuse']")
    wilma.page.fill("[name=reason]", "The wrong month")
    wilma.has_no_barriers()
    wilma.follows("main .confirm form button[type=submit]")
    assert "The wrong month" in wilma.page.inner_text("main")
