"""Every page of finance without barriers, on a desk and on a telephone; the journeys have their own files."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from eom.accounts.permissions import Role
from eom.core import clock
from eom.extensions import db
from eom.finance.models.period import FiscalYear
from eom.finance.queries import budgets as reading
from eom.finance.services import budgets, closing
from tests.browser.conftest import DESKTOP, PHONE
from tests.factories.commitments import (
    a_per_diem,
    a_standard_line,
    a_waiting_entry,
    acting,
    an_advance,
    an_election,
    an_obligation,
    approved_budget,
)
from tests.factories.finance import a_pledge, a_rate, a_report_due, an_award, an_expenditure, help_in_kind
from tests.factories.missions import make_mission, make_round

YEAR = 1996


@pytest.fixture(scope="module")
def books(live):
    """One of everything that finance keeps of a mission, an old year that is closed, and who reads them."""
    with live.scene():
        live.person("patricia", Role.FINANCE)
        live.person("philippa", Role.FINANCE_REVIEWER)
        entered = live.person("paloma", Role.FINANCE)
        mission = make_mission("SLV-2019")
        make_round(mission, clock.today() + timedelta(days=120))
        award = an_award(mission, reference="SLV-1", ends_on=date(2020, 1, 31))
        a_pledge(award.donor, award=award)
        a_report_due(award)
        help_in_kind(mission, award.donor)
        approved_budget(mission, (4, "Flights", 50_000_00), (9, "Vehicles", 20_000_00))
        line = budgets.plan_line(mission, object_number=4, description="More flights", usd_cents=1000_00)
        obligation, advance = an_obligation(mission, award), an_advance(mission, award)
        a_per_diem(place="San Salvador")
        standard, election = a_standard_line(), an_election()
        with acting(entered):
            waiting = a_waiting_entry(mission, award)
        spent = an_expenditure(mission, award)
        a_rate("GTQ", date(2019, 3, 1), "7.7")
        if db.session.get(FiscalYear, YEAR) is None:
            closing.close_year(YEAR, by="Pilar")
        version = reading.approved(db.session(), mission.id)
        made = {
            "award": award.id, "donor": award.donor_id, "line": line.id, "draft": line.version_id, "version": version.id,
            "obligation": obligation.id, "advance": advance.id, "standard": standard.id, "election": election.id,
            "waiting": waiting.id, "spent": spent.id,
        }  # fmt: skip
    return made


MISSION = "/missions/SLV-2019"
PAGES = {
    "budgets": (
        f"{MISSION}/budget", f"{MISSION}/budget/draft", f"{MISSION}/budget/versions/{{version}}",
        f"{MISSION}/budget/lines/new", f"{MISSION}/budget/lines/{{line}}/edit", f"{MISSION}/budget/copy",
        f"{MISSION}/budget/standard", f"{MISSION}/budget/draft/begin", "/finance/standard-lines",
        "/finance/standard-lines/new", "/finance/standard-lines/{standard}/edit", "/finance/per-diem",
        "/finance/per-diem/new",
    ),
    "spending": (
        f"{MISSION}/obligations", f"{MISSION}/obligations/new", f"{MISSION}/obligations/{{obligation}}",
        f"{MISSION}/obligations/{{obligation}}/pay", f"{MISSION}/obligations/{{obligation}}/cancel",
        f"{MISSION}/obligations/{{obligation}}/scans/new", "/finance/obligations", f"{MISSION}/advances",
        f"{MISSION}/advances/new", f"{MISSION}/advances/{{advance}}", f"{MISSION}/advances/{{advance}}/settle",
        "/finance/advances", f"{MISSION}/entries", f"{MISSION}/entries/{{waiting}}", "/finance/entries",
        f"{MISSION}/expenditures", f"{MISSION}/expenditures/{{spent}}", f"{MISSION}/expenditures/{{spent}}/recharge",
        f"{MISSION}/expenditures/{{spent}}/reverse", "/expenditures",
    ),
    "planning": (
        "/finance/coming-years", "/finance/coming-years/elections/new",
        "/finance/coming-years/elections/{election}/edit", f"{MISSION}/fundraising", "/finance/fundraising",
        f"{MISSION}/in-kind", "/finance/in-kind", "/finance/in-kind/new", f"{MISSION}/awards",
    ),
    "books": (
        "/finance/awards", "/finance/awards/new", "/finance/awards/{award}", "/finance/awards/{award}/edit",
        "/finance/awards/{award}/statement", "/finance/awards/{award}/statement/sent",
        "/finance/awards/{award}/movements/new", "/finance/awards/{award}/reports/new",
        "/finance/awards/{award}/documents/new", "/finance/donors", "/finance/donors/new", "/finance/donors/{donor}/edit",
        "/finance/donors/{donor}/contacts/new", "/finance/regular-fund/new", "/finance/rates", "/finance/rates/new",
        "/finance/rates/import", "/finance/years", "/finance/years/2019", f"/finance/years/{YEAR}",
        f"/finance/years/{YEAR}/reopen", "/finance/years/2019/close",
    ),
}  # fmt: skip
# Pictures of the guide.
SHOTS = {"/finance/years/2019": "year-end"}


@pytest.mark.parametrize("part", PAGES)
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desk", "phone"])
def test_no_page_has_a_barrier(look, books, size, part):
    patricia = look(size).sign_in("patricia")
    found = []
    for path in PAGES[part]:
        patricia.go(path.format(**books))
        try:
            patricia.has_no_barriers()
        except AssertionError as error:
            found.append(str(error)[:600])
        if size == DESKTOP and path in SHOTS:
            patricia.shoot(SHOTS[path])
    assert found == []


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desk", "phone"])
def test_who_decides_meets_no_barrier(look, books, size):
    philippa = look(size).sign_in("philippa")
    for path in (f"{MISSION}/entries/{{waiting}}", f"{MISSION}/entries/{{waiting}}/refuse", "/finance"):
        philippa.go(path.format(**books))
        philippa.has_no_barriers()
