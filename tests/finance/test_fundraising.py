"""What missions need, what covers it, the board over them, and the appeal that goes out."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from docx import Document
from openpyxl import load_workbook

from eom.core import clock
from eom.core.i18n import LANGUAGES
from eom.extensions import db
from eom.finance.exports.fundraising import after_months
from eom.finance.models.award import DonorKind, MovementKind
from eom.finance.models.pledge import PledgeState
from eom.finance.queries import fundraising, history, regular_fund
from eom.finance.services import awards, budgets, movements, pledges
from eom.finance.services import regular_fund as appropriations
from eom.missions.models.mission import Stage
from tests.factories.finance import a_donor, a_pledge, a_rate, a_report_due, an_award, help_in_kind
from tests.factories.missions import make_mission, make_round

MARCH = date(2019, 3, 1)


def need(mission, cents=1_000_000, number=4):
    budgets.plan_line(mission, object_number=number, description=f"Plan {number}", usd_cents=cents)


def give(award, mission, cents):
    awards.allocate(award, mission_id=mission.id, usd_cents=cents, allocated_on=MARCH, decision="Memo")


def money(mission):
    return fundraising.funding(db.session(), mission.id)


def test_needed_pledged_agreed_received_and_the_gap(cast):
    need(cast.a)
    canada, spain = a_donor(name="Canada"), a_donor(name="Spain")
    an_award(cast.a, donor=canada, received_cents=100_000, agreed_cents=300_000)
    a_pledge(spain, mission_id=cast.a.id, amount_cents=200_000)
    a_pledge(spain, mission_id=cast.b.id, amount_cents=77_000)
    a_pledge(spain, amount_cents=55_000)
    help_in_kind(cast.a, spain, valued_cents=9_000)
    found = money(cast.a)
    assert (found.needed_cents, found.pledged_cents, found.agreed_cents, found.received_cents) == (
        1_000_000, 200_000, 300_000, 100_000)  # fmt: skip
    assert (found.gap_cents, found.gap_after_pledges_cents, found.in_kind_cents) == (700_000, 500_000, 9_000)
    assert [(g.name, g.agreed_cents, g.pledged_cents, g.awaited_cents) for g in found.givers] == [
        ("Canada", 300_000, 0, 200_000), ("Spain", 0, 200_000, 0)]  # fmt: skip
    assert fundraising.general_pledges(db.session()) == 55_000


def test_what_an_agreement_takes_up_of_a_pledge_is_counted_once(cast):
    donor = a_donor()
    pledge = a_pledge(donor, mission_id=cast.a.id, amount_cents=200_000)
    an_award(
        cast.a, donor=donor, received_cents=0, agreed_cents=150_000, pledge=pledge, pledge_part_cents=150_000
    )
    assert (money(cast.a).pledged_cents, money(cast.a).agreed_cents) == (50_000, 150_000)
    pledges.end_pledge(pledge, state=PledgeState.LAPSED, on=MARCH, reason="Not renewed")
    assert (money(cast.a).pledged_cents, money(cast.a).agreed_cents) == (0, 150_000)


def test_indirect_costs_are_part_of_the_need(cast):
    need(cast.a, 100_000)
    an_award(cast.a, received_cents=0, agreed_cents=111_000, icr_percent=Decimal(11))
    found = money(cast.a)
    assert (found.icr_cents, found.needed_cents, found.gap_cents, found.surplus_cents) == (
        11_000,
        111_000,
        0,
        0,
    )


def test_a_general_award_gives_what_it_allocated_and_shares_what_came_in(cast):
    award = an_award(received_cents=100_001, agreed_cents=300_000)
    give(award, cast.a, 200_000)
    give(award, cast.b, 100_000)
    assert (money(cast.a).agreed_cents, money(cast.a).received_cents) == (200_000, 66_667)
    assert (money(cast.b).agreed_cents, money(cast.b).received_cents) == (100_000, 33_334)


def test_an_award_in_euros_that_is_paid_in_full_is_worth_what_came_in(cast):
    a_rate("EUR", date(2019, 1, 1), "0.8")
    a_rate("EUR", MARCH, "0.9")
    award = an_award(cast.a, currency="EUR", received_cents=0, agreed_cents=90_000)
    assert money(cast.a).agreed_cents == 112_500
    movements.record_movement(
        award, kind=MovementKind.RECEIPT, moved_on=MARCH, reference="R", amount_cents=90_000
    )
    assert (money(cast.a).agreed_cents, money(cast.a).received_cents) == (100_000, 100_000)


def test_a_pledge_without_an_amount_is_told_and_not_counted(cast, as_person):
    a_pledge(mission_id=cast.a.id, amount_cents=None)
    db.session.commit()
    assert (money(cast.a).unsaid_count, money(cast.a).pledged_cents) == (1, 0)
    assert (
        "1 pledge without an amount is not counted"
        in as_person("clara").page("/missions/BOL-2019/fundraising").text
    )


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2026, 11, 25), 18, date(2028, 5, 25)),
        (date(2026, 8, 31), 18, date(2028, 2, 29)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 6, 30), 18, date(2027, 12, 30)),
    ],
)
def test_months_later(day, months, then):
    assert after_months(day, months) == then


@pytest.fixture
def ahead(cast):
    """Missions with their next day in 30, 300 and 600 days, one without a day, one that was cancelled."""
    today = clock.today()
    made = {}
    for code, days in (
        ("HND-2090", 30),
        ("PRY-2091", 300),
        ("SUR-2092", 600),
        ("HTI-2093", None),
        ("ECU-2094", 40),
    ):
        made[code] = make_mission(code, starts_on=None, ends_on=None)
        if days:
            make_round(made[code], today + timedelta(days=days))
    made["ECU-2094"].stage = Stage.CANCELLED
    need(made["HND-2090"], 100_000)
    an_award(made["HND-2090"], agreed_cents=100_000, received_cents=40_000)
    need(made["PRY-2091"], 50_000)
    db.session.commit()
    return made


def codes(page):
    return [cell.get_text().strip()[:8] for cell in page.all(".listing tbody tr td:first-child")]


def test_the_board_holds_the_missions_of_eighteen_months(ahead, as_person):
    clara = as_person("clara")
    page = clara.page("/finance/fundraising")
    assert codes(page) == ["HND-2090", "PRY-2091", "HTI-2093"]
    assert codes(clara.page("/finance/fundraising?sort=-gap")) == ["PRY-2091", "HND-2090", "HTI-2093"]
    assert codes(clara.page("/finance/fundraising?within=6")) == ["HND-2090"]
    assert codes(clara.page("/finance/fundraising?within=undated")) == ["HTI-2093"]
    assert codes(clara.page("/finance/fundraising?gap=open")) == ["PRY-2091"]
    assert codes(clara.page("/finance/fundraising?gap=covered")) == ["HND-2090"]
    assert codes(clara.page("/finance/fundraising?gap=unknown")) == ["HTI-2093"]
    assert codes(clara.page("/finance/fundraising?search=pry")) == ["PRY-2091"]
    assert codes(clara.page("/finance/fundraising?stage=requested&sort=-mission"))[0] == "PRY-2091"
    assert "is no choice of this filter" in clara.page("/finance/fundraising?gap=x", 422).text
    assert "$150,000" not in page.text
    assert "$1,500.00" in page.one("tfoot").get_text()


def test_the_board_goes_out_as_it_stands(ahead, as_person):
    file = as_person("clara").get("/finance/fundraising?gap=open&format=xlsx")
    rows = list(load_workbook(BytesIO(file.data)).active.iter_rows(values_only=True))
    heads = dict(zip(rows[0], rows[1], strict=True))
    assert len(rows) == 2
    assert (heads["Need"], heads["Gap"], heads["Days left"]) == (500, 500, 300)


def test_a_mission_whose_first_round_is_over_waits_for_its_second(cast, as_person):
    today = clock.today()
    mission = make_mission("CRI-2090", starts_on=None, ends_on=None)
    make_round(mission, today - timedelta(days=20))
    db.session.commit()
    assert codes(as_person("clara").page("/finance/fundraising")) == []
    make_round(mission, today + timedelta(days=20))
    db.session.commit()
    (row,) = fundraising.coming(db.session(), today, after_months(today, 18))
    assert (row.mission.code, row.days_left) == ("CRI-2090", 20)


def test_who_may_see_what(ahead, as_person):
    for name, board, page in (
        ("clara", 200, 200),
        ("elena", 200, 200),
        ("hugo", 200, 200),
        ("ana", 403, 200),
        ("bruno", 403, 403),
    ):
        as_person(name).page("/finance/fundraising", board)
        as_person(name).page("/missions/BOL-2019/fundraising", page)
    as_person("dario").page("/missions/BOL-2019/fundraising", 404)
    as_person("ana").page("/missions/BOL-2019/fundraising/appeal/edit", 403)


def words_of(file):
    document = Document(BytesIO(file.data))
    rows = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(p.text for p in document.paragraphs), *rows]), document


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_appeal_in_each_language(cast, as_person, lang):
    need(cast.a, 123_456)
    an_award(cast.a, donor=a_donor(name="Canada"), agreed_cents=23_456)
    db.session.commit()
    clara = as_person("clara")
    clara.submit(
        "/missions/BOL-2019/fundraising/appeal/edit", contact_name="Electoral office",
        contact_email="office@example.org", contact_phone="", **{f"text_{lang}": "First line.\nSecond\x07 line."},
    )  # fmt: skip
    text, document = words_of(clara.get(f"/missions/BOL-2019/fundraising/appeal.docx?lang={lang}"))
    for words in ("First line.", "Second line.", "Electoral office", "office@example.org", "Canada"):
        assert words in text, words
    assert "1,234.56" in text.replace("1.234,56", "1,234.56").replace("1\u202f234,56", "1,234.56")
    assert document.core_properties.language.startswith(lang)
    page = clara.page(f"/missions/BOL-2019/fundraising/appeal?lang={lang}")
    assert page.soup.html["lang"] == lang
    assert "Electoral office" in page.text


def test_an_appeal_needs_an_address_to_write_to(cast, as_person):
    clara = as_person("clara")
    page = clara.submit(
        "/missions/BOL-2019/fundraising/appeal/edit", 422, contact_name="Office", contact_email="nowhere"
    )
    assert "“nowhere” is no e-mail address" in page.text
    text, _document = words_of(clara.get("/missions/BOL-2019/fundraising/appeal.docx"))
    assert "The contact is still to be given." in text
    assert "The budget is being prepared." in text


def test_a_donors_years_add_up(cast, as_person):
    donor = a_donor(name="Chile", country="CHL")
    pledge = a_pledge(donor, amount_cents=500_000)
    award = an_award(donor=donor, received_cents=300_000, agreed_cents=500_000, pledge=pledge)
    movements.record_movement(
        award, kind=MovementKind.REFUND, moved_on=date(2020, 2, 1), reference="B", amount_cents=20_000
    )
    help_in_kind(cast.a, donor, valued_cents=7_000)
    a_report_due(award, sent_on=date(2020, 1, 15))
    db.session.commit()
    years = {each.year: each for each in history.years(db.session(), donor)}
    assert (years[2019].pledged_cents, years[2019].agreed_cents, years[2019].received_cents) == (
        500_000,
        500_000,
        300_000,
    )
    assert (years[2019].in_kind_cents, years[2020].refunded_cents, years[2020].report_count) == (
        7_000,
        20_000,
        1,
    )
    clara = as_person("clara")
    page = clara.page(f"/finance/donors/{donor.id}/history")
    assert "$5,000.00" in page.text
    assert "Report sent" in page.text
    assert len(clara.page(f"/finance/donors/{donor.id}/history?kind=refund").all(".listing tbody tr")) == 1
    file = clara.get(f"/finance/donors/{donor.id}/history?years=csv").data.decode("utf-8-sig")
    assert file.splitlines()[1].startswith("2020")


def test_the_regular_fund_year_by_year(cast, as_person):
    clara = as_person("clara")
    assert clara.page("/finance/regular-fund/new").one("#year")["value"] == str(clock.today().year)
    page = clara.submit(
        "/finance/regular-fund/new", year="2019", usd_cents="50,000", decided_on="2018-11-05", decision="AG/RES. 1",
        reference="",
    )  # fmt: skip
    assert "Regular Fund 2019" in page.h1
    award = regular_fund.awards_of_year(db.session(), 2019)[0]
    assert (award.reference, award.donor.kind, award.agreed_usd_cents) == (
        "RF-2019",
        DonorKind.REGULAR_FUND,
        5_000_000,
    )
    give(award, cast.a, 1_200_000)
    assert appropriations.appropriate(
        year=2019, usd_cents=100, decided_on=MARCH, decision="More").reference == "RF-2019-2"  # fmt: skip
    db.session.commit()
    (year,) = regular_fund.appropriations(db.session())
    assert (year.appropriated_cents, year.allocated_cents, year.left_cents) == (
        5_000_100,
        1_200_000,
        3_800_100,
    )
    assert "$38,001.00" in clara.page("/finance/regular-fund").text
    assert "BOL-2019" in clara.page("/finance/regular-fund/2019").text
    page = clara.submit(
        "/finance/regular-fund/new", 422, year="1900", usd_cents="x", decided_on="", decision=""
    )
    assert "“x” is no number" in page.text
