"""From the charts of the report, and from its open obligations, to the lines behind them."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest

from eom.accounts.permissions import Role
from eom.core.money import to_units
from eom.extensions import db
from eom.finance.services import obligations
from eom.reporting.annual import charts, tables
from eom.reporting.annual.paper import write_paper
from eom.reporting.annual.places import Place, figure_at
from eom.reporting.queries.annual import figures_of
from eom.reporting.queries.trace import trace
from tests.factories.browsing import make_user
from tests.factories.commitments import an_obligation
from tests.people import Client
from tests.reporting.annual_books import Books, make_books


@pytest.fixture
def books(app) -> Books:
    made = make_books()
    mission, award = made.missions["BOL-2019"], made.awards["USA-1"]
    first = an_obligation(
        mission, award, obligated_on=date(2019, 9, 1), amount_cents=700_00, reference="PO-1"
    )
    obligations.cancel(first, on=date(2019, 12, 1), amount_cents=200_00, reason="Less was needed")
    obligations.cancel(first, on=date(2020, 1, 5), amount_cents=500_00, reason="Nothing came")
    an_obligation(mission, award, obligated_on=date(2020, 2, 1), amount_cents=50_00, reference="PO-2")
    db.session.commit()
    return made


@pytest.mark.parametrize("year", [2018, 2019, 2020])
def test_every_value_of_a_chart_is_the_figure_it_leads_to(books, year):
    figures = figures_of(db.session(), year)
    drawn = charts.charts(figures)
    assert [each["id"] for each in drawn] == ["spending-chart", "share-chart", "trend-chart"]
    for chart in drawn:
        for series in chart["series"]:
            assert len(series["places"]) == len(series["values"]) == len(chart["labels"])
            for value, (of, place) in zip(series["values"], series["places"], strict=True):
                there = figures if of == year else figures_of(db.session(), of)
                assert value == float(to_units(figure_at(there, place))), (chart["id"], of, place)


def test_the_charts_of_the_page_lead_to_lines(app, books):
    elena = Client(app, make_user(Role.AUDITOR))
    page = elena.page("/annual-reports/2019")
    links = page.all("figure.chart details a[href*='/figures?']")
    assert len(links) > 20
    bolivia = next(a for a in links if "mission=BOL-2019" in a["href"] and "kind=member_state" in a["href"])
    found = elena.page(bolivia["href"])
    assert bolivia.get_text(strip=True) in found.text
    earlier = next(a for a in links if "/2018/figures" in a["href"] and "column=spent" in a["href"])
    assert earlier.get_text(strip=True) in elena.page(earlier["href"]).text
    drawn = json.loads(page.one("#spending-chart-data").string)
    assert bolivia["href"] in [link for series in drawn["series"] for link in series["links"]]


def test_open_obligations_lead_to_the_obligations_behind_them(app, books):
    figures = figures_of(db.session(), 2019)
    place = Place("missions", "open_obligations", mission="BOL-2019")
    found = trace(db.session(), figures, place)
    assert (figure_at(figures, place), found.sum_and_count(db.session())) == (500_00, (500_00, 1))
    after = figures_of(db.session(), 2020)
    total = Place("missions", "open_obligations")
    assert trace(db.session(), after, total).sum_and_count(db.session()) == (figure_at(after, total), 1)
    elena = Client(app, make_user(Role.AUDITOR))
    page = elena.page("/annual-reports/2019")
    cell = page.one("#balances a[href*='open_obligations'][href*='BOL-2019']")
    assert cell.get_text(strip=True) == "500.00"
    lines = elena.page(cell["href"])
    assert lines.h1 == "Open obligations: BOL-2019"
    obligation = next(a for a in lines.all("td a") if a.get_text(strip=True) == "PO-1")
    assert "PO-1" in elena.page(obligation["href"]).text


def test_books_without_obligations_have_no_column_of_them(books):
    figures = figures_of(db.session(), 2019)
    heads = [head.label for head in tables.balances(figures).headings]
    assert "Open obligations" in heads
    none = replace(figures, missions=tuple(replace(m, open_obligations_cents=None) for m in figures.missions))
    assert "Open obligations" not in [head.label for head in tables.balances(none).headings]
    assert write_paper(figures, "en")
