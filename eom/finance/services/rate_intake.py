"""A list of monthly rates, recorded: all of it or nothing; what is there already changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from eom.core import audit
from eom.core.errors import AppError, RowError
from eom.core.i18n import lazy
from eom.extensions import db
from eom.finance.queries import rates as reading
from eom.finance.services import ledger_intake, rates


@dataclass(frozen=True)
class RateLine:
    """A row of the list. ``row`` is its number in the sheet, ``month`` the first day of the month."""

    row: int
    currency: str
    month: date
    units_per_usd: Decimal
    source: str


@dataclass(frozen=True)
class Intake:
    """What came of a list: how many rates were added, corrected, and there already."""

    added_count: int
    changed_count: int
    known_count: int


def look(lines: Sequence[RateLine]) -> Intake:
    """What recording the lines would do, once every row may be recorded; writes nothing."""
    known = reading.rates(db.session())
    before = [known.get((line.currency, line.month)) for line in lines]
    same = sum(1 for line, rate in zip(lines, before, strict=True) if rate == line.units_per_usd)
    added = sum(1 for rate in before if rate is None)
    return Intake(added, len(lines) - added - same, same)


def errors(lines: Sequence[RateLine]) -> list[RowError]:
    """Every row that cannot be recorded, and why; writes nothing."""
    known = reading.rates(db.session())
    found = _twice(lines)
    for line in lines:
        if known.get((line.currency, line.month)) == line.units_per_usd:
            continue
        try:
            rates.check_record(line.currency, line.month, line.units_per_usd)
        except AppError as error:
            column = error.field if error.field in ("month", "currency") else "rate"
            value = {"month": f"{line.month:%Y-%m}", "currency": line.currency}.get(
                column, str(line.units_per_usd)
            )
            found.append(RowError(line.row, column, value, error.message))
    return sorted(found, key=lambda each: each.row or 0)


def take(lines: Sequence[RateLine], *, file_name: str) -> Intake:
    """Record the rates. Raises InvalidFile with every row that cannot be recorded; nothing is written then."""
    ledger_intake.refuse(errors(lines))
    found = look(lines)
    for line in lines:
        rates.record_rate(
            currency=line.currency, month=line.month, units_per_usd=line.units_per_usd, source=line.source
        )
    audit.record(
        db.session(), "imported", "exchange_rates", None, file_name, added=found.added_count,
        changed=found.changed_count, known=found.known_count,
    )  # fmt: skip
    return found


def _twice(lines: Sequence[RateLine]) -> list[RowError]:
    """A currency that has two rows for a month: the second of them."""
    first: dict[tuple[str, date], int] = {}
    found = []
    for line in lines:
        if (before := first.setdefault((line.currency, line.month), line.row)) != line.row:
            expected = lazy("one rate a month; row %(row)d has it already", row=before)
            found.append(RowError(line.row, "month", f"{line.currency} {line.month:%Y-%m}", expected))
    return found
