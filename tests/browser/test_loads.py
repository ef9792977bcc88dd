"""An extract into the ledger in the browser: columns, formats to confirm, errors, one load; a year by two people."""

from __future__ import annotations

from datetime import date

import pytest

from eom.accounts.permissions import Role
from tests.browser.conftest import DESKTOP, PHONE
from tests.factories.finance import an_award
from tests.people import make_mission

HEADS = "Grant;Object;GL Date;Voucher;Payee;Entered;Line id\n"


def extract(*rows: str) -> bytes:
    return ("Ledger of the mission\n\n" + HEADS + "".join(rows) + "Total;;;;;;\n").encode()


def row(number: int, amount: str, award: str = "LOAD-1", day: str = "20/10/2019") -> str:
    return f"{award};4;{day};V{number};Agency;{amount};L{number}\n"


@pytest.fixture(scope="module")
def people(live):
    """Two finance people, and an award of a mission that ended."""
    with live.scene():
        live.person("ludmila", Role.FINANCE)
        live.person("leonor", Role.FINANCE_REVIEWER)
        mission = make_mission("PAN-2019", "PAN", date(2019, 5, 5))
        an_award(mission, reference="LOAD-1")


def send(visitor, data: bytes) -> None:
    page = visitor.go("/finance/loads/new")
    page.set_input_files("input[type=file]", {"name": "extract.csv", "mimeType": "text/csv", "buffer": data})
    visitor.follows("main form[enctype] button[type=submit]")


def read(visitor) -> None:
    """Send the columns, wait for the job, go on to the preview."""
    visitor.follows("main form[action$='/columns'] button[type=submit]")
    visitor.page.wait_for_selector("main a[href*='/previews/']")
    visitor.follows("main a[href*='/previews/'] >> nth=0")


def choose_columns(page):
    """Say what the headings mean that nobody could guess."""
    page.select_option("[name=amount]", "Entered")
    page.select_option("[name=reference]", "Line id")


def test_an_extract_from_the_file_to_the_books_and_back(look, people):
    ludmila = look(DESKTOP).sign_in("ludmila")
    send(ludmila, extract(row(1, "1.234,50"), row(2, "20,00"), row(3, "7,25", award="NOBODY")))
    page = ludmila.page
    assert page.input_value("[name=amount]") == ""
    choose_columns(page)
    page.fill("[name=keep_as]", "Browser extract")
    ludmila.has_no_barriers()
    read(ludmila)
    assert "NOBODY" in page.inner_text(".error-list")
    ludmila.has_no_barriers()
    ludmila.shoot("load-errors")
    send(ludmila, extract(row(1, "1.234,50"), row(2, "20,00"), row(3, "7,25")))
    assert "Browser extract" in page.inner_text("main")
    read(ludmila)
    ludmila.has_no_barriers()
    ludmila.shoot("load-preview")
    page.check("[name=is_sure]")
    ludmila.follows("main form[action$='/apply'] button[type=submit]")
    page.wait_for_selector("main a[href*='/finance/loads/']")
    ludmila.follows("main a[href*='/finance/loads/'] >> nth=0")
    assert "$1,261.75" in page.inner_text("main")
    ludmila.has_no_barriers()
    ludmila.shoot("load")
    ludmila.follows("main a[href$='/reverse']")
    page.fill("[name=reason]", "The wrong file")
    ludmila.has_no_barriers()
    ludmila.follows("main .confirm form button[type=submit]")
    assert "-$1,261.75" in page.inner_text("main").replace("−", "-")


def test_on_a_telephone_a_file_and_the_year(look, people):
    leonor = look(PHONE).sign_in("leonor")
    for path in ("/finance/loads", "/finance/years/2019", "/finance"):
        leonor.go(path)
        leonor.has_no_barriers()
    leonor.shoot("hub-phone")
    ludmila = look(PHONE).sign_in("ludmila")
    send(ludmila, extract(row(9, "1.234,50")))
    choose_columns(ludmila.page)
    ludmila.has_no_barriers()
    read(ludmila)
    ludmila.has_no_barriers()
    ludmila.shoot("load-preview-phone")
