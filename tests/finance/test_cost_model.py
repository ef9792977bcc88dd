"""The cost of coming years: quartiles as a spreadsheet has them, page and workbook to the same cent."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest

from eom.core import clock
from eom.core.errors import Conflict, InvalidInput
from eom.extensions import db
from eom.finance import cost_model
from eom.finance.cost_model import ExpectedMission, PastMission, Size
from eom.finance.models.award import DonorKind
from eom.finance.queries import outlook
from eom.finance.services import calendar
from eom.missions.models.mission import Stage
from tests.factories.commitments import an_election, approved_budget
from tests.factories.finance import a_donor, an_award, an_expenditure
from tests.factories.missions import make_mission, make_round
from tests.reporting.recalculate import recalculate

URL = "/finance/coming-years"


def past(code, observers, days, dollars, regular=0):
    return PastMission(code, 2019, observers, days, True, dollars * 100, regular * 100)


def test_quartiles_are_those_of_a_spreadsheet():
    values = [Decimal(each) for each in (10, 20, 40, 80)]
    found = cost_model.quartiles(values)
    assert (found.low, found.middle, found.high) == (Decimal("17.5"), Decimal(30), Decimal(50))


def test_a_size_with_few_missions_takes_all():
    units = cost_model.unit_costs([past("A", 10, 10, 1000), past("B", 30, 10, 9000), past("C", 80, 10, 8000)])
    assert set(units) == {None}
    asked = ExpectedMission("E", "ECU", date(2027, 2, 1), 40, 10, 50)
    found = cost_model.estimate(asked, units)
    assert (found.cost.middle, found.is_of_all_sizes) == (Decimal(40 * 10 * 1000) / 2, True)
    assert cost_model.estimate(ExpectedMission("F", "ECU", date(2027, 2, 1), None, None), units).cost is None
    assert Size.of(19) is Size.SMALL and Size.of(20) is Size.MEDIUM and Size.of(60) is Size.LARGE


@pytest.fixture
def world(cast):
    """Three past missions of like size, one being prepared with a budget, one election expected."""
    fund = a_donor(kind=DonorKind.REGULAR_FUND, country=None)
    for number, dollars in enumerate((1111, 2222, 4444)):
        mission = make_mission(f"HND-{2010 + number}")
        mission.stage, mission.observers_stated = Stage.CLOSED, 30
        mission.starts_on, mission.ends_on = date(2010, 1, 1), date(2010, 1, 7)
        an_expenditure(mission, an_award(mission), amount_cents=dollars * 100)
    an_expenditure(mission, an_award(mission, donor=fund), amount_cents=777_00)
    next_year = clock.today().year + 1
    coming = make_mission(f"ECU-{next_year}")
    make_round(coming, date(next_year, 2, 1))
    approved_budget(coming, (4, "Tickets", 50_000_00))
    an_election(name="=Runoff()", observer_count=33, day_count=11, likelihood_percent=70)
    db.session.commit()


def test_the_page_and_the_workbook_come_to_the_same_cents(world, as_person):
    clara = as_person("clara")
    page = clara.page(f"{URL}?share=30")
    units = cost_model.unit_costs(outlook.past_missions(db.session()))
    today = clock.today()
    expected = outlook.expected_missions(db.session(), today, date(today.year + 3, 12, 31))
    (year,) = cost_model.by_year([cost_model.estimate(each, units) for each in expected])
    assert year.count == 2
    data = clara.get(f"{URL}?share=30&format=xlsx").data
    book = openpyxl.load_workbook(BytesIO(data))
    assert "=Runoff()" in [cell.value for cell in book["Expected missions"]["A"]]
    assert all(cell.data_type != "f" for cell in book["Expected missions"]["A"])
    (counted,) = recalculate(data)
    shown = counted["By year"]
    sums = [round(Decimal(str(shown.cell(2, column).value)) * 100) for column in (2, 3, 4, 6)]
    assert sums == [*year.cost.cents, year.cost.times(Decimal("0.3")).cents[1]]
    low, middle, high = (f"{each / 100:,.2f}" for each in year.cost.cents)
    assert low in page.text and middle in page.text and high in page.text


def test_what_the_regular_fund_paid_is_its_share_until_another_is_asked(world, as_person):
    found = outlook.past_missions(db.session())
    assert cost_model.regular_share(found) == Decimal(777) / (1111 + 2222 + 4444 + 777)
    clara = as_person("clara")
    assert clara.page(URL).one("[name=share]")["value"] == "9.08"
    clara.http.set_cookie("language", "fr")
    assert clara.page(URL).one("[name=share]")["value"] == "9,08"
    assert clara.page(f"{URL}?share=12,5").one("[name=share]")["value"] == "12,5"
    clara.http.set_cookie("language", "en")
    assert "no share" in clara.get(f"{URL}?share=abc", 422).text
    assert "no share" in clara.get(f"{URL}?share=101", 422).text


def test_the_calendar_is_kept_by_finance(cast, as_person):
    clara = as_person("clara")
    given = {"country": "ECU", "name": "General election", "polling_on": f"{clock.today().year + 1}-02-28", "observer_count": "40",
             "day_count": "20", "likelihood_percent": "80", "source": "CNE"}  # fmt: skip
    assert "General election" in clara.submit(f"{URL}/elections/new", **given).text
    assert "already" in clara.submit(f"{URL}/elections/new", 422, **given).text
    row = outlook.calendar(db.session())[0]
    assert (
        "90.0%"
        in clara.submit(f"{URL}/elections/{row.id}/edit", **(given | {"likelihood_percent": "90"})).text
    )
    assert clara.http.post(f"{URL}/elections/{row.id}/remove").status_code == 303
    assert "Nothing is expected yet" in clara.page(URL).text
    as_person("elena").page(URL)
    as_person("elena").page(f"{URL}/elections/new", 403)
    with pytest.raises(InvalidInput):
        an_election(likelihood_percent=0)
    first = an_election(name="Twice")
    with pytest.raises(Conflict):
        an_election(name="Twice")
    calendar.remove_election(first)
