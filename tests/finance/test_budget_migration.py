"""Budgets from before versions become an approved version 1, and the annual report's figure of each stays."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from eom.core.db import writing
from eom.extensions import db
from eom.finance.queries import budgets
from tests import databases

BEFORE = "7c1e5a90d3f4"
LINES = (
    (1, 4, "Tickets", 123_456_01),
    (1, 4, "Vehicles", 1),
    (1, 9, "Other", 77_00),
    (2, 8, "Experts", 5_000_000_00),
)
MISSION = (
    "INSERT INTO missions (id, code, name, country, stage, time_zone, station_word, is_demonstration, created_at) "
    "VALUES (:id, :code, 'x', 'BOL', 'closed', 'UTC', 'mesa', false, '2019-01-01')"
)
LINE = (
    "INSERT INTO budget_lines (mission_id, object_number, description, usd_cents, is_demonstration, created_at) "
    "VALUES (:mission, :number, :what, :cents, false, '2019-02-01')"
)


@pytest.fixture(params=databases.KINDS)
def empty(request, tmp_path):
    """An application on an empty database."""
    with (
        databases.database(request.param, tmp_path) as url,
        databases.running(url, tmp_path) as application,
        application.app_context(),
    ):
        yield application


def test_the_budgets_of_before_keep_their_cents_as_version_1(empty):
    databases.upgrade(empty, BEFORE)
    with writing(), db.engine.begin() as connection:
        for number in (1, 2, 3):
            connection.execute(sa.text(MISSION), {"id": number, "code": f"BOL-201{number}"})
        for mission, number, what, cents in LINES:
            given = {"mission": mission, "number": number, "what": what, "cents": cents}
            connection.execute(sa.text(LINE), given)
        before = connection.execute(
            sa.text("SELECT mission_id, sum(usd_cents) FROM budget_lines GROUP BY mission_id")
        )
        sums = {mission: int(cents) for mission, cents in before}
    databases.upgrade(empty)
    assert budgets.totals(db.session()) == sums
    version = budgets.approved(db.session(), 1)
    assert (version.number, version.is_approved) == (1, True)
    assert [line.code for line in version.lines] == ["4.01", "4.02", "9.01"]
    assert budgets.approved(db.session(), 3) is None
