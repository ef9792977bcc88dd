"""The table of fiscal years, as a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from eom.core.i18n import lazy
from eom.core.money import to_units
from eom.finance.queries.carried import Carried
from eom.finance.queries.years import Books

HEADINGS = (
    lazy("Fiscal year"), lazy("State"), lazy("Received (US$)"), lazy("Spent (US$)"), lazy("ICR (US$)"),
    lazy("In kind (US$)"), lazy("Expenditures"), lazy("Closed on"), lazy("Closed by"),
)  # fmt: skip


def table(rows: Iterable[Books]) -> Iterator[list[Any]]:
    """A row of headings and a row a year; money in units of US dollars."""
    yield [str(heading) for heading in HEADINGS]
    for row in rows:
        yield [
            row.year, str(row.state), to_units(row.received_cents), to_units(row.spent_cents), to_units(row.icr_cents),
            to_units(row.in_kind_cents), row.expenditure_count, row.closed_on, row.closed_by,
        ]  # fmt: skip


ACCOUNT = (
    lazy("Award"), lazy("Brought forward (US$)"), lazy("Received (US$)"), lazy("Other movements (US$)"),
    lazy("Spent (US$)"), lazy("ICR (US$)"), lazy("Refunded (US$)"), lazy("Carried forward (US$)"),
)  # fmt: skip


def accounts(rows: Iterable[Carried]) -> Iterator[list[Any]]:
    """What each award brought into a year and carries forward; money in units of US dollars."""
    yield [str(heading) for heading in ACCOUNT]
    for each in rows:
        yield [each.award.reference, *map(to_units, (
            each.opening_cents, each.received_cents, each.other_cents, each.spent_cents, each.icr_cents,
            each.refunded_cents, each.closing_cents,
        ))]  # fmt: skip
