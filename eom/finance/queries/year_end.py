"""What a fiscal year still needs before it is closed: each thing with its state and what to mend."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eom.core.i18n import lazy, month_name
from eom.finance.models.award import Award, AwardMovement, InKindContribution
from eom.finance.models.ledger import Expenditure
from eom.finance.models.period import YearReopening
from eom.finance.models.rate import ExchangeRate
from eom.finance.queries import agreements, commitments, statements, years
from eom.finance.queries.carried import Carried, carried

NAMED = 8


class CheckState(StrEnum):
    """How a check came out: only ``STOP`` keeps a year from being closed."""

    DONE = "done"
    NOTE = "note"
    WARN = "warn"
    STOP = "stop"


@dataclass(frozen=True)
class Mend:
    """What to mend: its words and the page, as an endpoint with its arguments."""

    words: str
    endpoint: str
    arguments: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True)
class Check:
    """One thing that was looked at, in words, with at most ``NAMED`` things to mend of ``count``."""

    name: str
    title: Any
    note: Any
    state: CheckState
    count: int = 0
    mends: Sequence[Mend] = ()

    @property
    def more_count(self) -> int:
        """How many things are not named."""
        return max(self.count - len(self.mends), 0)


def checks(session: Session, year: int, accounts: Sequence[Carried] | None = None) -> list[Check]:
    """All that is looked at before a year is closed; ``accounts`` are those of ``carried``, when they are known."""
    accounts = carried(session, year) if accounts is None else accounts
    return [
        _earlier(session, year),
        _sums(session, year, accounts),
        _overdrawn(accounts),
        _rates(session, year),
        _ended(accounts, year),
        _statements(session, year),
        _reports(session, year),
        _obligations(session, year),
        _in_kind(session, year),
        _lines_above(session, year),
        _without_voucher(session, year),
    ]


def reopenings(session: Session, year: int) -> list[YearReopening]:
    """The exceptions that opened a year again, or ask to, the first one first."""
    query = sa.select(YearReopening).where(YearReopening.year == year)
    return list(session.scalars(query.order_by(YearReopening.id)))


def _check(name: str, title: Any, note: Any, bad: CheckState, mends: Sequence[Mend]) -> Check:
    return Check(name, title, note, bad if mends else CheckState.DONE, len(mends), mends[:NAMED])


def _earlier(session: Session, year: int) -> Check:
    open_ = years.first_open_year(session, before=year)
    mends = [Mend(str(open_), "years.show", (("year", open_),))] if open_ is not None else []
    return _check(
        "earlier", lazy("Earlier years are closed"),
        lazy("Their closing balances are those that this year opens with."), CheckState.STOP, mends,
    )  # fmt: skip


def _sums(session: Session, year: int, accounts: Sequence[Carried]) -> Check:
    """Sums that were added up in different ways agree to the cent; lines stand in the year of their day."""
    of, first = Expenditure, Expenditure.__table__.alias("first")
    direct, icr = session.execute(
        sa.select(sa.func.sum(of.usd_cents), sa.func.sum(of.icr_cents)).where(of.fiscal_year == year)
    ).one()
    wrong = []
    if (int(direct or 0), int(icr or 0)) != (
        sum(each.spent_cents for each in accounts), sum(each.icr_cents for each in accounts)
    ):  # fmt: skip
        wrong.append(Mend("ledger", "expenditures.ledger_of_all", (("year", year),)))
    within = of.incurred_on.between(date(year, 1, 1), date(year, 12, 31))
    for criterion in (sa.and_(of.fiscal_year == year, ~within), sa.and_(of.fiscal_year != year, within)):
        for voucher in session.scalars(sa.select(of.voucher).where(criterion).limit(NAMED)):
            wrong.append(Mend(voucher, "expenditures.ledger_of_all", (("search", voucher),)))
    unlike = (
        sa.select(of.voucher)
        .join(first, first.c.id == of.reverses_id)
        .where(of.fiscal_year == year, (of.usd_cents != -first.c.usd_cents) | (of.icr_cents != -first.c.icr_cents))
    )  # fmt: skip
    for voucher in session.scalars(unlike.limit(NAMED)):
        wrong.append(Mend(voucher, "expenditures.ledger_of_all", (("search", voucher),)))
    return _check(
        "sums", lazy("Control sums are equal"),
        lazy("The ledger, the awards and the reversals agree to the cent, and every line stands in the year of its day."),
        CheckState.STOP, wrong,
    )  # fmt: skip


def _overdrawn(accounts: Sequence[Carried]) -> Check:
    mends = [_award(each.award) for each in accounts if each.closing_cents < 0]
    return _check(
        "overdrawn", lazy("No award is overdrawn at the end of the year"),
        lazy("Record the receipt that is missing; else the annual report shows the award as overdrawn."),
        CheckState.WARN, mends,
    )  # fmt: skip


def _rates(session: Session, year: int) -> Check:
    """Months in which another currency moved or was spent and no rate is recorded."""
    used: set[tuple[str, int]] = set()
    for model, day in ((Expenditure, Expenditure.incurred_on), (AwardMovement, AwardMovement.moved_on)):
        month = sa.cast(sa.extract("month", day), sa.Integer)
        query = sa.select(model.currency, month).where(model.fiscal_year == year, model.currency != "USD")
        used |= {(code, int(number)) for code, number in session.execute(query.distinct())}
    known = {
        (rate.currency, rate.month.month)
        for rate in session.scalars(
            sa.select(ExchangeRate).where(ExchangeRate.month.between(date(year, 1, 1), date(year, 12, 31)))
        )
    }
    mends = [
        Mend(f"{code}, {month_name(date(year, month, 1))}", "rates.new", (("currency", code),))
        for code, month in sorted(used - known)
    ]
    return _check(
        "rates", lazy("Every currency that was used has its rate of each month"),
        lazy("Movements and expenditures in another currency are checked against the month's UN rate."),
        CheckState.WARN, mends,
    )  # fmt: skip


def _ended(accounts: Sequence[Carried], year: int) -> Check:
    mends = [
        _award(each.award) for each in accounts
        if each.closing_cents > 0 and each.award.ends_on and each.award.ends_on <= date(year, 12, 31)
    ]  # fmt: skip
    return _check(
        "ended", lazy("No award that has ended holds money"),
        lazy("Refund what is left, or extend the award."), CheckState.WARN, mends,
    )  # fmt: skip


def _statements(session: Session, year: int) -> Check:
    """Final statements that donors should have had by the end of the year."""
    late = [each for each in statements.due(session, date(year, 12, 31)) if each.due_on <= date(year, 12, 31)]
    mends = [Mend(each.award.reference, "statements.show", (("award_id", each.award.id),)) for each in late]
    return _check(
        "statements", lazy("Donors have the statements that were due"),
        lazy("A final statement is due ninety days after the end of an award."), CheckState.WARN, mends,
    )  # fmt: skip


def _reports(session: Session, year: int) -> Check:
    """Reports that agreements ask for and that were not sent by the end of the year."""
    late = agreements.reports_overdue(session, date(year + 1, 1, 1))
    mends = [
        Mend(f"{each.award.reference}: {each.kind.label}", "awards.show", (("award_id", each.award_id),))
        for each in late
    ]
    return _check(
        "reports", lazy("The reports that agreements ask for were sent"),
        lazy("Send what is late, and write the day on the page of the award."), CheckState.WARN, mends,
    )  # fmt: skip


def _obligations(session: Session, year: int) -> Check:
    """Obligations of the year before with something open: after this year they cannot be paid (Art. 106)."""
    found = commitments.lapsed(session, date(year + 1, 1, 1))
    mends = [
        Mend(each.reference, "obligations.show", (("mission", mission.code), ("obligation_id", each.id)))
        for each, mission in found
    ]
    return _check(
        "obligations", lazy("No obligation of the year before is open"),
        lazy("It could be paid until the end of this year: record the payment, or cancel it."), CheckState.WARN, mends,
    )  # fmt: skip


def _in_kind(session: Session, year: int) -> Check:
    query = sa.select(InKindContribution).where(
        InKindContribution.given_on.between(date(year, 1, 1), date(year, 12, 31)),
        sa.func.length(sa.func.trim(InKindContribution.basis)) < 3,
    )
    mends = [
        Mend(each.description, "in_kind.edit", (("contribution_id", each.id),))
        for each in session.scalars(query)
    ]
    return _check(
        "in_kind", lazy("Help in kind says how it was valued"),
        lazy("An auditor asks for the basis of each value."), CheckState.WARN, mends,
    )  # fmt: skip


def _lines_above(session: Session, year: int) -> Check:
    query = sa.select(sa.func.count()).where(
        Expenditure.fiscal_year == year, Expenditure.is_overdrawn.is_(True)
    )
    return _noted(
        session, query, "above", lazy("Expenditures recorded above what their award held"),
        lazy("They are shown in the report’s Reconciliation."),
        Mend("", "expenditures.ledger_of_all", (("year", year), ("state", "overdrawn"))),
    )  # fmt: skip


def _without_voucher(session: Session, year: int) -> Check:
    query = sa.select(sa.func.count()).where(
        Expenditure.fiscal_year == year, sa.func.trim(Expenditure.voucher) == ""
    )
    return _noted(
        session, query, "vouchers", lazy("Expenditures without a voucher"), lazy("For information only."),
        Mend("", "expenditures.ledger_of_all", (("year", year),)),
    )  # fmt: skip


def _noted(session: Session, query: Any, name: str, title: Any, note: Any, mend: Mend) -> Check:
    count = int(session.scalar(query) or 0)
    named = [Mend(str(count), mend.endpoint, mend.arguments)] if count else []
    return Check(name, title, note, CheckState.NOTE if count else CheckState.DONE, len(named), named)


def _award(award: Award) -> Mend:
    return Mend(award.reference, "awards.show", (("award_id", award.id),))
