"""Pledges became records of their own: what the annual report takes of them is the same, to the cent."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import flask_migrate
import pytest
import sqlalchemy as sa
from alembic.config import Config
from alembic.script import ScriptDirectory

from eom.core.db import writing
from eom.extensions import db
from eom.finance.services import agreements
from eom.reporting.annual.figures import canonical_json
from eom.reporting.queries.annual import figures_of
from eom.reporting.queries.annual_books import read_books
from eom.reporting.queries.annual_money import Year
from eom.settings import ROOT
from tests import databases
from tests.factories.finance import a_donor, an_award

REVISION = "a904ec82fad9"
# reference, mission, currency, pledged, in dollars, on, agreed, in dollars, on: whole, part, undated, unsaid, none
AWARDS = (
    ("A-1", 1, "USD", 180_000, 180_000, date(2019, 2, 1), 150_000, 150_000, date(2019, 3, 1)),
    ("A-2", None, "EUR", 500_000, 561_123, date(2018, 12, 31), 500_000, 555_556, date(2019, 4, 1)),
    ("A-3", None, "USD", 70_000, 70_000, None, 70_000, 70_000, None),
    ("A-4", 1, "USD", None, None, date(2020, 5, 1), 40_000, 40_000, date(2019, 6, 1)),
    ("A-5", None, "USD", 25_000, 25_000, date(2019, 7, 1), None, None, None),
    ("A-6", None, "USD", None, None, None, 10_000, 10_000, date(2019, 8, 1)),
    ("A-7", None, "USD", 99_000, 99_000, date(2020, 1, 1), None, None, None),
)  # fmt: skip
PLEDGED = (
    "SELECT reference, COALESCE(pledged_usd_cents, 0), pledged_on, COALESCE(agreed_usd_cents, 0) FROM awards"
)


@pytest.fixture(params=databases.KINDS)
def before(request, tmp_path):
    """An application on a database as it was while awards said themselves what was pledged."""
    config = Config(str(ROOT / "migrations" / "alembic.ini"))
    config.set_main_option("script_location", str(ROOT / "migrations"))
    with (
        databases.database(request.param, tmp_path) as url,
        databases.running(url, tmp_path) as application,
        application.app_context(),
    ):
        databases.upgrade(
            application, ScriptDirectory.from_config(config).get_revision(REVISION).down_revision
        )
        _fill()
        yield application


def _fill() -> None:
    made, tables = datetime(2019, 1, 1, tzinfo=UTC), sa.MetaData()
    with writing(), db.engine.begin() as connection:
        tables.reflect(connection, only=["missions", "donors", "awards"])
        mission, donor, award = (tables.tables[name] for name in ("missions", "donors", "awards"))
        connection.execute(
            mission.insert().values(
                id=1, code="BOL-2019", name="Elections", country="BOL", stage="closed", time_zone="UTC",
                station_word="mesa", is_demonstration=False, created_at=made,
            )
        )  # fmt: skip
        connection.execute(
            donor.insert().values(
                id=1, name="Canada", kind="member_state", country="CAN", contact="First Secretary",
                is_demonstration=False, created_at=made,
            )
        )  # fmt: skip
        for reference, mission_id, currency, pledged, dollars, on, agreed, agreed_usd, agreed_on in AWARDS:
            connection.execute(
                award.insert().values(
                    reference=reference, donor_id=1, fund="specific", mission_id=mission_id, title="Award",
                    currency=currency, pledged_cents=pledged, pledged_usd_cents=dollars, pledged_on=on,
                    agreed_cents=agreed, agreed_usd_cents=agreed_usd, agreed_on=agreed_on,
                    icr_percent=str(Decimal("11.0000")), is_demonstration=False, created_at=made,
                )
            )  # fmt: skip


def test_the_report_reads_the_same_before_and_after(before):
    with db.engine.connect() as connection:
        known = {row[0]: (row[1], str(row[2]), row[3]) for row in connection.execute(sa.text(PLEDGED))}
    databases.upgrade(before)
    found = {
        each.reference: (each.pledged_usd_cents, str(each.pledged_on), each.agreed_usd_cents)
        for each in read_books(db.session(), Year(2019)).awards.values()
    }
    assert found == known
    figures = figures_of(db.session(), 2019, date(2020, 1, 31))
    assert {s.award: s.pledged_cents for s in figures.sources} == {
        "A-1": 180_000, "A-2": 561_123, "A-3": 70_000, "A-4": 0, "A-5": 25_000, "A-6": 0,
    }  # fmt: skip


def test_each_pledge_stands_beside_its_award_and_goes_back_again(before):
    databases.upgrade(before)
    with db.engine.connect() as connection:
        states = dict(connection.execute(sa.text(
            "SELECT a.reference, p.state FROM donor_pledges p JOIN pledge_parts t ON t.pledge_id = p.id "
            "JOIN awards a ON a.id = t.award_id")).tuples().all())  # fmt: skip
        contact = connection.scalar(sa.text("SELECT name FROM donor_contacts"))
    assert states == {
        "A-1": "agreed",
        "A-2": "agreed",
        "A-3": "agreed",
        "A-4": "agreed",
        "A-5": "open",
        "A-7": "open",
    }
    assert contact == "First Secretary"
    config = ScriptDirectory(str(ROOT / "migrations"))
    flask_migrate.downgrade(revision=config.get_revision(REVISION).down_revision)
    with db.engine.connect() as connection:
        rows = connection.execute(
            sa.text("SELECT reference, pledged_cents, pledged_usd_cents FROM awards")
        ).all()
        assert connection.scalar(sa.text("SELECT contact FROM donors")) == "First Secretary"
    assert {tuple(row) for row in rows} == {(each[0], each[3], each[4]) for each in AWARDS}


def test_an_amendment_does_not_change_the_years_before_it(cast):
    ends = date(2020, 12, 31)
    given = {"agreed_cents": 100_000, "agreed_on": date(2019, 3, 1), "ends_on": ends}
    award = an_award(donor=a_donor(), received_cents=0, **given)
    day = date(2021, 1, 31)
    before = canonical_json(figures_of(db.session(), 2019, day))
    agreements.amend(
        award, reference="A1", signed_on=date(2020, 5, 1), summary="More", agreed_cents=150_000, ends_on=ends,
        icr_percent=award.icr_percent,
    )  # fmt: skip
    assert canonical_json(figures_of(db.session(), 2019, day)) == before
    (source,) = figures_of(db.session(), 2020, day).sources
    assert source.agreed_cents == 150_000
