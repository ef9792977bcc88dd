"""A report's way: prepared, reviewed by another, issued once, corrected by a revision."""

from __future__ import annotations

import hashlib
from datetime import date

import pytest
import sqlalchemy as sa

from eom.accounts.permissions import Role
from eom.core import audit
from eom.core.audit import AuditEntry
from eom.core.errors import Conflict, InvalidInput, Refused
from eom.core.storage import Store
from eom.extensions import db
from eom.finance.models.award import Allocation
from eom.finance.services import closing, ledger
from eom.reporting.annual.figures import snapshot_hash
from eom.reporting.annual.kinds import NoteKind, ReportStatus
from eom.reporting.models import AnnualReport, AnnualReportFile, ReportIsFinal
from eom.reporting.queries import annual_reports
from eom.reporting.queries.annual import figures_of
from eom.reporting.services import annual, outputs
from tests.factories.browsing import make_user
from tests.people import Client
from tests.reporting.annual_books import Books, make_books


@pytest.fixture
def books(app) -> Books:
    made = make_books()
    closing.close_year(2018, by="Clara")
    closing.close_year(2019, by="Clara")
    db.session.commit()
    return made


@pytest.fixture
def people(app) -> dict[str, tuple[int, str]]:
    """Clara, Hugo and Felix, as ``audit.acting`` wants them."""
    made = {
        "Clara": make_user(Role.FINANCE), "Hugo": make_user(Role.HEADQUARTERS),
        "Felix": make_user(Role.FINANCE_REVIEWER),
    }  # fmt: skip
    return {name: (user.id, name) for name, user in made.items()}


@pytest.fixture
def store(tmp_path) -> Store:
    return Store(tmp_path)


def act(people, name: str) -> None:
    audit.acting(db.session(), *people[name])


def reviewed(people, year: int = 2019, reason: str | None = None) -> AnnualReport:
    act(people, "Clara")
    report = annual.prepare_report(year, reason=reason)
    act(people, "Hugo")
    return annual.review_report(report)


def issued(people, store: Store, year: int = 2019, reason: str | None = None) -> AnnualReport:
    report = reviewed(people, year, reason)
    act(people, "Felix")
    annual.issue_report(report, store)
    db.session.commit()
    return report


def slip_in(books: Books, cents: int = 1_000_00, day: date = date(2019, 12, 1)) -> None:
    """An allocation that no service would write into a closed year."""
    db.session.add(
        Allocation(award_id=books.awards["CAN-1"].id, mission_id=books.missions["BOL-2019"].id,
                   usd_cents=cents, allocated_on=day, decision="Late")
    )  # fmt: skip
    db.session.commit()


def test_the_snapshot_is_the_books_and_its_hash_is_its_own(books, people):
    report = reviewed(people)
    assert report.sha256 == hashlib.sha256(report.snapshot.encode()).hexdigest()
    figures = annual_reports.figures_in(report)
    assert figures == figures_of(db.session(), 2019)
    assert snapshot_hash(figures) == report.sha256
    assert (report.prepared_by, report.reviewed_by, report.revision) == ("Clara", "Hugo", 0)


def test_an_issued_report_never_changes(books, people, store):
    report = issued(people, store)
    for name, value in (("snapshot", "{}"), ("status", ReportStatus.DRAFT), ("issued_by", "Nobody")):
        setattr(report, name, value)
        with pytest.raises(ReportIsFinal):
            db.session.flush()
        db.session.rollback()
    with pytest.raises(ReportIsFinal):
        db.session.execute(sa.update(AnnualReport).values(sha256="0" * 64))
    with pytest.raises(ReportIsFinal):
        db.session.execute(sa.delete(AnnualReportFile))
    db.session.delete(report)
    with pytest.raises(ReportIsFinal):
        db.session.flush()
    db.session.rollback()
    with pytest.raises(Conflict, match="issued already"):
        annual.issue_report(report, store)


def test_issuing_is_in_the_audit_trail_without_the_long_snapshot(books, people, store):
    report = issued(people, store)
    entries = db.session.scalars(
        sa.select(AuditEntry).where(AuditEntry.object_type == "annual_reports").order_by(AuditEntry.id)
    ).all()
    last = entries[-1]
    assert (last.action, last.actor_name, last.object_name) == ("issued", "Felix", "2019 r0")
    assert last.changes["sha256"] == report.sha256
    assert set(last.changes["files"]) == {"en", "es", "fr", "pt"}
    assert all(len(str(entry.changes)) < 2000 for entry in entries)


def test_the_books_may_not_change_between_preparing_and_issuing(books, people, store):
    report = reviewed(people)
    slip_in(books)
    with pytest.raises(Conflict, match="books have changed"):
        annual.issue_report(report, store)
    assert report.status is ReportStatus.REVIEWED
    assert report.files == []
    act(people, "Clara")
    again = annual.prepare_report(2019)
    assert again is report
    assert (again.status, again.reviewed_by) == (ReportStatus.DRAFT, None)


def test_a_report_whose_controls_fail_is_refused_by_name(books, people, store):
    issued(people, store, 2018)
    slip_in(books, day=date(2018, 12, 1))
    act(people, "Clara")
    report = annual.prepare_report(2019)
    act(people, "Hugo")
    with pytest.raises(Refused, match="The missions' opening balance is last year's closing"):
        annual.review_report(report)
    restated = [n for n in annual_reports.figures_in(report).notes if n.kind is NoteKind.RESTATEMENT]
    assert [(n.mission_code, n.amount_cents) for n in restated] == [("BOL-2019", 1_000_00)]


def test_a_revision_of_last_year_mends_this_years_opening(books, people, store):
    issued(people, store, 2018)
    slip_in(books, day=date(2018, 12, 1))
    revision = issued(people, store, 2018, reason="An allocation came late")
    assert (revision.revision, revision.reason) == (1, "An allocation came late")
    found = annual.issue_of(revision).changes
    rows = {(c.part, c.key, c.column): c.after_cents - c.before_cents for c in found}
    assert rows == {
        ("missions", "BOL-2019", "budget"): 300_000_00,  # the mission was not in the report before
        ("missions", "BOL-2019", "allocated_cash"): 1_000_00,
        ("missions", "BOL-2019", "closing"): 1_000_00,
    }
    assert issued(people, store, 2019).is_issued
    assert annual_reports.newest_issued(db.session(), 2018) is revision
    assert outputs.revision(2018, 0).issue.changes == ()


def test_last_years_issued_closing_is_what_is_carried_forward(books, people, store):
    report = issued(people, store, 2018)
    closing_of = {s.award: s.closing_cents for s in annual_reports.figures_in(report).sources}
    found = figures_of(db.session(), 2019).sources
    assert {s.award: s.carried_forward_cents for s in found} == {
        s.award: closing_of.get(s.award, 0) for s in found
    }


def test_a_revision_needs_a_reason_and_a_difference(books, people, store):
    issued(people, store)
    with pytest.raises(InvalidInput, match="Say why"):
        annual.prepare_report(2019, reason="  ")
    with pytest.raises(Refused, match="nothing to revise"):
        annual.prepare_report(2019, reason="Late")


def test_a_reversal_in_an_open_year_leaves_the_issued_one_as_it_is(books, people, store):
    report = issued(people, store)
    ledger.reverse_expenditure(books.lines[6], on=date(2020, 5, 4), reason="Credit note")
    db.session.commit()
    assert annual_reports.figures_in(report).missions == figures_of(db.session(), 2019).missions
    assert outputs.current(2019).sha256 == report.sha256
    later = [n.text for n in figures_of(db.session(), 2019).notes if n.kind is NoteKind.REVERSED_LATER]
    assert any("Credit note" in text for text in later)


def test_the_one_who_prepared_and_nobody_at_all_cannot_review(books, people):
    act(people, "Clara")
    report = annual.prepare_report(2019)
    with pytest.raises(Refused, match="cannot review"):
        annual.review_report(report)
    audit.acting(db.session(), None, "shell")
    with pytest.raises(Refused, match="cannot review"):
        annual.review_report(report)


def test_the_one_who_prepared_cannot_issue(books, people, store):
    report = reviewed(people)
    act(people, "Clara")
    with pytest.raises(Refused, match="cannot issue"):
        annual.issue_report(report, store)
    assert report.status is ReportStatus.REVIEWED
    act(people, "Felix")
    assert annual.issue_report(report, store).is_issued


def test_an_open_year_is_not_issued(books, people, store):
    with pytest.raises(Refused, match="2020 is still open"):
        annual.issue_report(reviewed(people, 2020), store)


def test_issued_workbooks_are_the_snapshots_and_kept_once(books, people, store):
    report = issued(people, store)
    edition = outputs.of_report(report)
    for each in report.files:
        made = outputs.write(edition, each.language, "xlsx", store)
        assert hashlib.sha256(made.data).hexdigest() == each.file.sha256
        assert made.name == f"annual-report-2019-{each.language}.xlsx"


def test_the_database_itself_wants_two_people(books, people):
    report = reviewed(people)
    report.reviewed_by_id = report.prepared_by_id
    with pytest.raises(sa.exc.IntegrityError):
        db.session.flush()
    db.session.rollback()


def test_the_page_of_a_revision_says_it(app, books, people, store):
    issued(people, store)
    books.missions["GTM-2019"].observers_stated = 85
    db.session.flush()
    act(people, "Clara")
    annual.prepare_report(2019, reason="The number of observers was wrong")
    db.session.commit()
    page = Client(app, make_user(Role.AUDITOR)).page("/annual-reports/2019?revision=1")
    assert [cell.get_text(strip=True) for cell in page.all("#revised tbody tr > *")] == [
        "Spending by mission", "GTM-2019", "Observers", "84", "85",
    ]  # fmt: skip
