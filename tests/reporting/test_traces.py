"""From every figure of the report to the lines behind it, whose sum it is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest
import sqlalchemy as sa

from eom.accounts.permissions import Role
from eom.core.errors import NotFound
from eom.extensions import db
from eom.finance.models.award import Allocation
from eom.finance.services import closing, ledger
from eom.reporting.annual import tables
from eom.reporting.annual.breakdowns import breakdowns
from eom.reporting.annual.figures import AnnualFigures
from eom.reporting.annual.places import OF_MISSIONS, OF_SOURCES, Place, figure_at
from eom.reporting.queries.annual import figures_of
from eom.reporting.queries.trace import trace
from eom.reporting.services import annual
from tests.factories.browsing import make_user
from tests.people import Client
from tests.reporting.annual_books import Books, make_books

YEARS = (2017, 2018, 2019, 2020)
GRIDS = (tables.sources, tables.spending, tables.balances, tables.matrix, tables.parts, tables.in_kind)


@pytest.fixture
def books(app) -> Books:
    made = make_books()
    db.session.commit()
    return made


def places(figures: AnnualFigures) -> Iterator[tuple[str, Place]]:
    """(what the page shows, where it stands) of every figure of every table."""
    for grid in GRIDS:
        made = grid(figures)
        for row in [*made.rows, *([made.total] if made.total else [])]:
            yield from ((cell.text, cell.place) for cell in row.cells if cell.place)


@pytest.mark.parametrize("year", YEARS)
@pytest.mark.parametrize("is_closed", [False, True], ids=["open", "closed"])
def test_every_figure_is_the_sum_of_its_lines(books, year, is_closed):
    if is_closed:
        for each in (2018, 2019):
            closing.close_year(each, by="Clara")
    figures = figures_of(db.session(), year)
    for shown, place in places(figures):
        stated = figure_at(figures, place)
        assert shown == tables.amount(stated), place
        found = trace(db.session(), figures, place)
        cents, count = found.sum_and_count(db.session())
        assert cents == stated, place
        if found.legs:
            lines, _columns = found.lines()
            rows = db.session.execute(lines).all()
            assert len(rows) == count, place
            assert sum(int(row.cents) for row in rows) + found.forward_cents == stated, place


@pytest.mark.parametrize("year", YEARS)
def test_what_a_figure_is_taken_apart_into_is_the_figure(books, year):
    figures = figures_of(db.session(), year)
    for part, columns in (("sources", OF_SOURCES), ("missions", OF_MISSIONS)):
        for column in columns:
            for place in (Place(part, column), *narrower(figures, part, column)):
                for grid in breakdowns(figures, place):
                    cells = [row.cells[1].place for row in grid.rows]
                    whole = figure_at(figures, place)
                    if grid.key == "by-object":
                        whole = figure_at(figures, place.narrowed(column="direct"))
                    assert sum(figure_at(figures, each) for each in cells) == whole, (place, grid.key)


def narrower(figures: AnnualFigures, part: str, column: str) -> list[Place]:
    if part == "sources":
        return [Place(part, column, award=source.award) for source in figures.sources]
    return [Place(part, column, mission=mission.code) for mission in figures.missions]


def test_a_balance_brought_forward_is_a_figure_of_the_year_before(books):
    figures = figures_of(db.session(), 2019)
    found = trace(db.session(), figures, Place("sources", "opening", award="CAN-1"))
    assert found.legs == []
    assert (found.forward.year, found.forward.place.column) == (2018, "closing")
    before = figures_of(db.session(), 2018)
    assert figure_at(before, found.forward.place) == found.forward_cents == figure_at(figures, found.place)


def test_what_was_spent_since_the_start_leads_to_the_last_year_it_was_spent_in(books):
    found = trace(
        db.session(),
        figures_of(db.session(), 2019),
        Place("missions", "spent_since_start", mission="ECU-2018"),
    )
    assert found.forward.year == 2018
    before = figures_of(db.session(), 2018)
    assert figure_at(before, found.forward.place) == found.forward_cents > 0


@pytest.mark.parametrize(
    "place",
    [
        Place("sources", "budget"),
        Place("missions", "received"),
        Place("elsewhere", "spent"),
        Place("missions", "spent", mission="PER-2021"),
        Place("missions", "spent", award="NONE"),
        Place("missions", "spent", kind="bank"),
        Place("missions", "spent", object=10),
        Place("missions", "icr", object=4),
        Place("missions", "budget", award="CAN-1"),
        Place("missions", "in_kind", row=99),
        Place("sources", "opening", mission="BOL-2019"),
    ],
)
def test_a_figure_that_is_none_is_not_found(books, place):
    figures = figures_of(db.session(), 2019)
    with pytest.raises(NotFound):
        figure_at(figures, place)
    with pytest.raises(NotFound):
        trace(db.session(), figures, place)


@pytest.fixture
def elena(app, books) -> Client:
    return Client(app, make_user(Role.AUDITOR))


def test_each_figure_of_the_page_leads_to_its_vouchers(elena, books):
    page = elena.page("/annual-reports/2019")
    links = {link["href"] for link in page.all("a[href*='/figures?']")}
    assert len(links) > 150
    url = next(
        each for each in links if asks(each, part="missions", mission="BOL-2019", object="8", award="")
    )
    found = elena.page(url)
    assert found.h1 == "8. Performance contracts: BOL-2019"
    for words in ("V-7", "V-9", "Difference", "None"):
        assert words in found.text
    voucher = next(a for a in found.all("td a") if a.get_text(strip=True) == "V-7")
    assert "V-7" in elena.page(voucher["href"]).text


def asks(url: str, **wanted: str) -> bool:
    given = parse_qs(urlsplit(url).query)
    return all(given.get(name, [""])[0] == value for name, value in wanted.items())


def test_from_a_mission_to_a_source_to_an_object(elena):
    page = elena.page("/annual-reports/2019/figures?part=missions&column=spent&mission=BOL-2019&books=1")
    cell = page.one("#by-source a[href*='award=NLD-1']")
    narrower_page = elena.page(cell["href"])
    assert narrower_page.h1 == "Total spent: BOL-2019 × NLD-1 · Netherlands"
    last = elena.page(narrower_page.one("#by-object a[href*='object=4']")["href"])
    assert last.h1 == "4. Travel: BOL-2019 × NLD-1 · Netherlands"
    assert [row.select_one("td a").get_text(strip=True) for row in last.all(".listing tbody tr")] == ["V-8"]


def test_the_lines_are_downloaded_with_rate_and_currency(elena):
    text = elena.get(
        "/annual-reports/2019/figures?part=sources&column=received&award=NLD-1&format=csv"
    ).get_data(as_text=True)
    lines = text.lstrip("\ufeff").splitlines()
    assert "Units for one US dollar" in lines[0]
    assert len(lines) == 3
    assert "300000" in lines[1]
    assert "EUR" in lines[1]


def test_lines_are_found_by_their_kind_and_words(elena):
    url = "/annual-reports/2019/figures?part=sources&column=closing&award=CAN-1"
    whole = elena.page(url)
    assert len(whole.all(".listing tbody tr")) > 4
    some = elena.page(f"{url}&line=movement&search=R-wrong")
    assert len(some.all(".listing tbody tr")) == 1
    assert "column=closing" in some.one(".filter-buttons a")["href"]


def test_a_report_that_is_older_than_the_books_says_the_difference(elena, books):
    annual.prepare_report(2019)
    late = Allocation(award_id=books.awards["CAN-1"].id, mission_id=books.missions["BOL-2019"].id,
                      usd_cents=1_000_00, allocated_on=date(2019, 12, 1), decision="Late")  # fmt: skip
    db.session.add(late)
    db.session.commit()
    url = "/annual-reports/2019/figures?part=missions&column=allocated_cash&mission=BOL-2019"
    assert "Differs" not in elena.page(f"{url}&books=1").text
    page = elena.page(f"{url}&revision=0")
    assert "-$1,000.00" in page.text
    assert "Differs" in page.text


def test_a_page_of_lines_costs_the_same_however_many_there_are(elena, books):
    def count() -> int:
        seen: list[str] = []
        note = lambda _c, _k, statement, *_r: seen.append(statement)  # noqa: E731
        bind = db.session().bind or db.engine
        sa.event.listen(bind, "before_cursor_execute", note)
        elena.page("/annual-reports/2019/figures?part=missions&column=spent&books=1")
        sa.event.remove(bind, "before_cursor_execute", note)
        return len(seen)

    count()
    before = count()
    for number in range(40):
        ledger.record_expenditure(
            books.missions["BOL-2019"], award=books.awards["NLD-1"], object_number=1 + number % 9,
            incurred_on=date(2019, 10, 1), voucher=f"N-{number}", payee="Someone", amount_cents=100,
        )  # fmt: skip
    db.session.commit()
    count()
    assert count() == before


def test_strangers_see_no_lines(app, books):
    url = "/annual-reports/2019/figures?part=missions&column=spent"
    Client(app, make_user(Role.CHIEF, books.missions["BOL-2019"])).get(url, 403)
    assert "/login" in Client(app, None).get(url, 302).location
