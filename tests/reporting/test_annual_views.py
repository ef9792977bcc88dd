"""The annual report on the web: who may see it, what it says, what it hands out, how it is issued."""

from __future__ import annotations

import io
import json
from datetime import date

import pytest
import sqlalchemy as sa
from openpyxl import load_workbook

from eom.accounts.permissions import Role
from eom.core import clock
from eom.core.i18n import LANGUAGES
from eom.extensions import db
from eom.finance.models.award import Allocation, Award
from eom.finance.services import closing
from eom.missions.models.mission import Mission
from eom.reporting.annual.controls import controls
from eom.reporting.queries import annual_reports
from eom.reporting.queries.annual import figures_of
from tests.factories.browsing import make_user
from tests.factories.missions import make_mission
from tests.people import Client
from tests.reporting.annual_books import make_books

YEAR = "/annual-reports/2019"


@pytest.fixture
def people(app):
    """Books, and someone of each part; the observer and the chief are of a mission in them."""
    books = make_books()
    mission = books.missions["BOL-2019"]
    made = {
        "clara": Client(app, make_user(Role.FINANCE)),
        "fernando": Client(app, make_user(Role.FINANCE)),
        "hugo": Client(app, make_user(Role.HEADQUARTERS)),
        "elena": Client(app, make_user(Role.AUDITOR)),
        "ana": Client(app, make_user(Role.CHIEF, mission)),
        "bruno": Client(app, make_user(Role.OBSERVER, mission)),
        "dario": Client(app, make_user(Role.CHIEF, books.missions["PER-2021"])),
    }
    for year in (2018, 2019):
        closing.close_year(year, by="Clara")
    db.session.commit()
    return made


def issue(people, year: int = 2019, revision: int = 0) -> None:
    """Clara prepares, Hugo reviews, Fernando issues."""
    people["clara"].submit(f"/annual-reports/{year}/prepare", reason="A late voucher" if revision else None)
    people["hugo"].submit(f"/annual-reports/{year}/{revision}/review")
    people["fernando"].submit(f"/annual-reports/{year}/{revision}/issue", is_sure="y")


@pytest.mark.parametrize("name", ["clara", "hugo", "elena"])
def test_finance_headquarters_and_auditors_read_it(people, name):
    assert people[name].page("/annual-reports").h1 == "Annual reports"
    assert people[name].page(YEAR).h1 == "Annual report 2019"
    people[name].get(f"{YEAR}/download")


@pytest.mark.parametrize("name", ["ana", "bruno", "dario"])
def test_those_of_a_mission_do_not(people, name):
    for url in ("/annual-reports", YEAR, f"{YEAR}/download", f"{YEAR}/prepare"):
        people[name].get(url, 403)
    people[name].submit(f"{YEAR}/0/review", 403)


def test_who_is_not_signed_in_is_sent_to_sign_in(app, people):
    assert "/login" in Client(app, None).get(YEAR, 302).location


def test_an_auditor_changes_nothing(people):
    people["elena"].submit(f"{YEAR}/prepare", 403)
    people["elena"].submit(f"{YEAR}/0/review", 403)
    people["elena"].get(f"{YEAR}/0/issue", 403)


def test_the_years_are_listed_with_their_totals(people):
    page = people["clara"].page("/annual-reports")
    rows = [row.get_text(" ", strip=True) for row in page.all("tbody tr")]
    assert [row[:4] for row in rows] == ["2020", "2019", "2018"]
    figures = figures_of(db.session(), 2019)
    spent = sum(m.spent_cents for m in figures.missions) / 100
    assert f"${spent:,.2f}" in rows[1]
    assert "Closed" in rows[1]
    assert "Open" in rows[0]


def test_nothing_booked_is_said_with_the_next_step(app):
    page = Client(app, make_user(Role.FINANCE)).page("/annual-reports")
    assert "Nothing to report yet" in page.text
    assert page.one("a[href$='/awards']")


def test_a_year_without_books_is_a_page_too_and_one_to_come_is_not(people):
    assert "None in this year." in people["clara"].page("/annual-reports/2015").text
    people["clara"].get("/annual-reports/2999", 404)
    people["clara"].get("/annual-reports/1500", 404)
    people["clara"].get(f"{YEAR}?revision=3", 404)


def test_the_page_says_the_figures_and_every_control(people):
    page, figures = people["elena"].page(YEAR), figures_of(db.session(), 2019)
    said = page.text
    for mission in figures.missions:
        assert f"{mission.spent_cents / 100:,.2f}" in said or not mission.spent_cents
        assert mission.code in said
    for source in figures.sources:
        assert source.donor in said
        assert f"{abs(source.closing_cents) / 100:,.2f}" in said or not source.closing_cents
    verdicts = [cell.get_text(" ", strip=True) for cell in page.all("td[data-label=Verdict]")]
    assert len(verdicts) == len(controls(figures))
    assert all(words.startswith("True") for words in verdicts)
    for words in (
        "Invoiced twice",
        "V-LAST",
        "The donor is the host country",
        "Mission without activity",
        "UN operational rates",
    ):
        assert words in said
    assert page.one("#spending a[href*='2019/figures'][href*='object=4']")


def test_an_object_of_a_mission_leads_to_its_vouchers(people):
    link = people["elena"].page(YEAR).one("#spending a[href*='BOL-2019'][href*='object=8']")
    assert "V-7" in people["elena"].page(link["href"]).text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_it_is_read_in_the_readers_language(people, lang):
    client = people["elena"]
    client.http.set_cookie("language", lang)
    for url in ("/annual-reports", YEAR):
        assert client.page(url).soup.html["lang"] == lang


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_workbook_and_the_data_are_handed_out_at_once(people, lang):
    answer = people["hugo"].get(f"{YEAR}/download?lang={lang}")
    assert f"annual-report-2019-{lang}.xlsx" in answer.headers["Content-Disposition"]
    assert len(load_workbook(io.BytesIO(answer.data)).sheetnames) == 7 + 4
    data = people["hugo"].get(f"{YEAR}/download?lang={lang}&format=json").get_json()
    assert data["language"] == lang
    assert all(each["agrees"] for each in data["controls"])
    assert data["figures"]["year"] == 2019


def test_a_format_or_language_that_is_none_is_said(people):
    for query, words in (
        ("format=pdf", "xlsx, docx, csv, json, iati was expected"),
        ("lang=de", "en, es, fr or pt was expected"),
    ):
        answer = people["clara"].get(f"{YEAR}/download?{query}", 422)
        assert words in answer.get_data(as_text=True)


def test_a_report_is_prepared_by_one_and_reviewed_by_another(people):
    page = people["clara"].submit(f"{YEAR}/prepare")
    assert "Draft" in page.text
    refused = people["clara"].http.post(f"{YEAR}/0/review")
    assert refused.status_code == 409
    assert "Whoever prepared the figures cannot review them" in refused.get_data(as_text=True)
    assert "Reviewed by" in people["fernando"].submit(f"{YEAR}/0/review").text


def test_an_issued_report_hands_out_the_workbooks_that_were_kept(people):
    issue(people)
    page = people["elena"].page(YEAR)
    assert "Issued by" in page.text
    report = annual_reports.newest_issued(db.session(), 2019)
    assert [each.language for each in report.files] == ["en", "es", "fr", "pt"]
    for each in report.files:
        answer = people["elena"].get(f"{YEAR}/download?lang={each.language}")
        assert len(answer.data) == each.file.size
        cover = load_workbook(io.BytesIO(answer.data)).worksheets[0]
        assert report.sha256 in [cell.value for cell in cover["B"]]
    data = json.loads(people["elena"].get(f"{YEAR}/download?format=json").data)
    assert (data["status"], data["sha256"]) == ("issued", report.sha256)
    again = people["clara"].submit(f"{YEAR}/0/issue", 422, is_sure="y")
    assert "issued already" in again.text


def test_a_revision_needs_its_reason_and_a_change(people):
    issue(people)
    assert "Say why" in people["clara"].submit(f"{YEAR}/prepare", 422).text
    assert "nothing to revise" in people["clara"].submit(f"{YEAR}/prepare", 422, reason="Late voucher").text


def test_issuing_waits_for_the_review_and_the_end_of_the_year(people):
    people["clara"].submit(f"{YEAR}/prepare")
    page = people["clara"].submit(f"{YEAR}/0/issue", 422, is_sure="y")
    assert "has not been reviewed" in page.text
    assert "goes out as it stands" in people["clara"].submit(f"{YEAR}/0/issue", 422).text
    people["clara"].submit("/annual-reports/2020/prepare")
    people["hugo"].submit("/annual-reports/2020/0/review")
    page = people["clara"].submit("/annual-reports/2020/0/issue", 422, is_sure="y")
    assert "still open" in page.text
    assert annual_reports.newest_issued(db.session(), 2020) is None


@pytest.mark.usefixtures("still_clock")
def test_a_year_that_goes_on_is_not_prepared(people):
    page = people["clara"].submit(f"/annual-reports/{clock.today().year}/prepare", 422)
    assert "has not ended yet" in page.text


def test_the_report_stands_in_the_navigation_of_those_who_may(people):
    assert people["elena"].page("/annual-reports").one("a[aria-current][href='/annual-reports']")
    assert make_mission("GUY-2020").code not in people["elena"].page(YEAR).text


def test_a_control_that_differs_is_said_in_words_and_stands_in_the_way(people):
    issue(people, 2018)
    late = Allocation(award_id=db.session.scalar(sa.select(Award.id).where(Award.reference == "CAN-1")),
                      mission_id=db.session.scalar(sa.select(Mission.id).where(Mission.code == "BOL-2019")),
                      usd_cents=1_000_00, allocated_on=date(2018, 12, 1), decision="Late")  # fmt: skip
    db.session.add(late)
    db.session.commit()
    page = people["elena"].page(YEAR)
    assert "1 control differs: the report cannot be issued." in page.text
    wrong = [row for row in page.all("tr") if row.select_one(".tag-danger")]
    assert len(wrong) == 1
    assert "The sides differ by $1,000.00." in wrong[0].get_text(" ", strip=True)
    people["clara"].submit(f"{YEAR}/prepare")
    answer = people["hugo"].http.post(f"{YEAR}/0/review")
    assert answer.status_code == 409
    assert "opening balance is last year" in answer.get_data(as_text=True)
