"""What a revision says otherwise besides amounts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from eom.core.i18n import in_locale
from eom.extensions import db
from eom.reporting.annual.revised import Revised, grid, revised
from eom.reporting.queries.annual import figures_of
from tests.reporting.annual_books import make_books


@pytest.fixture
def figures(app):
    make_books()
    return figures_of(db.session(), 2019)


def test_the_same_figures_say_nothing_otherwise(figures):
    assert revised(figures, figures) == ()
    assert grid(None, figures).rows == []
    # Amounts have a list of their own.
    richer = replace(figures.sources[0], received_cents=figures.sources[0].received_cents + 1)
    assert revised(figures, replace(figures, sources=(richer, *figures.sources[1:]))) == ()


def test_names_days_people_and_remarks_are_named(figures):
    first = figures.missions[0]
    other = replace(first, observers=99, polling_days=(date(2019, 5, 5),), is_final=not first.is_final)
    source = replace(figures.sources[0], donor="Another", icr_percent=Decimal("7.5"))
    after = replace(
        figures, missions=(other, *figures.missions[1:]), sources=(source, *figures.sources[1:]),
        notes=figures.notes[1:],
    )  # fmt: skip
    found = revised(figures, after)
    assert {(each.part, each.what) for each in found} == {
        ("sources", "donor"), ("sources", "icr_percent"), ("missions", "observers"), ("missions", "polling_days"),
        ("missions", "is_final"), ("notes", "note"),
    }  # fmt: skip
    with in_locale("fr"):
        rows = [[cell.text for cell in row.cells] for row in grid(figures, after).rows]
    assert [first.code, "99"] in [[row[1], row[4]] for row in rows]
    assert "5 mai 2019" in [row[4] for row in rows]
    assert "7,5" in [row[4] for row in rows]
    assert "–" in [row[4] for row in rows]


def test_missions_that_came_and_went_are_named(figures):
    gone = replace(figures, missions=figures.missions[1:])
    code = figures.missions[0].code
    assert revised(figures, gone) == (Revised("missions", code, "row", True, False),)
    assert revised(gone, figures) == (Revised("missions", code, "row", False, True),)
