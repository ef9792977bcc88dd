"""The report's remarks and the rates of exchange that the year's lines were converted at."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from eom.finance.models.award import Award, AwardMovement
from eom.finance.models.ledger import Expenditure
from eom.finance.models.rate import ExchangeRate
from eom.finance.queries import year_end
from eom.missions.models.mission import Mission
from eom.reporting.annual.figures import MissionFigures, Note, RateFigures, SourceFigures
from eom.reporting.annual.kinds import NoteKind
from eom.reporting.queries.annual_books import AwardRow, Books
from eom.reporting.queries.annual_missions import About, Gift
from eom.reporting.queries.annual_money import Year

VOUCHERS_NAMED = 20


@dataclass(frozen=True)
class Converted:
    """A rate at which lines of a mission were converted in a month (units for one US dollar)."""

    mission_id: int
    currency: str
    month: int
    rate: Decimal


@dataclass(frozen=True)
class Remarks:
    """What the remarks are made from. Sources are by award id; missions and ``about`` by mission id."""

    books: Books
    sources: dict[int, SourceFigures]
    missions: dict[int, MissionFigures]
    about: dict[int, About]
    gifts: list[Gift]

    def all(self, session: Session) -> Iterator[Note]:
        """Every remark; their texts are data only (vouchers, days, reasons people gave)."""
        yield from self._hosts()
        yield from self._awards()
        yield from self._missions()
        yield from _reversals(session, self.books.year)
        yield from _taken_back(session, self.books.year)
        yield from _overdrawn(session, self.books.year)
        yield from _reopenings(session, self.books.year)

    def _hosts(self) -> Iterator[Note]:
        """Donors that are the host: warned of, never forbidden."""
        given: set[tuple[str, str, str]] = set()
        for award in self._shown():
            paid = {cell.mission_id for cell in self.books.cells.get(award.id, ())}
            allocated = {g.mission_id for g in self.books.given.get(award.id, ()) if g.in_year_cents}
            for mission_id in (paid | allocated | {award.mission_id}) & self.about.keys():
                about = self.about[mission_id]  # type: ignore[index]
                if about.country == award.donor_country:
                    given.add((about.code, award.reference, award.donor))
        for gift in self.gifts:
            if self.about[gift.mission_id].country == gift.donor_country:
                given.add((self.about[gift.mission_id].code, "", gift.donor))
        for code, award_reference, donor in given:
            yield Note(NoteKind.HOST_DONOR, code, award_reference, donor)

    def _awards(self) -> Iterator[Note]:
        for award in self._shown():
            source = self.sources[award.id]
            if source.closing_cents < 0:
                yield Note(NoteKind.OVERDRAWN, award.mission_code, award.reference, "", source.closing_cents)
            if not award.icr_percent and (award.icr_basis or not award.is_regular):
                yield Note(NoteKind.ICR_EXEMPT, award.mission_code, award.reference, award.icr_basis)
            restated = source.opening_cents - source.carried_forward_cents
            if restated:
                yield Note(NoteKind.RESTATEMENT, award.mission_code, award.reference, "", restated)

    def _missions(self) -> Iterator[Note]:
        for mission in self.missions.values():
            restated = mission.opening_cents - mission.carried_forward_cents
            if restated:
                yield Note(NoteKind.RESTATEMENT, mission.code, "", "", restated)
            allocated = mission.allocated_cash_cents or mission.allocated_regular_cents
            if not (allocated or mission.opening_cents or mission.spent_since_start_cents):
                yield Note(NoteKind.NO_CASH, mission.code)
        for mission_id, about in self.about.items():
            if about.is_expected and mission_id not in self.missions:
                yield Note(NoteKind.NO_ACTIVITY, about.code, "", about.cancelled_because)

    def _shown(self) -> Iterable[AwardRow]:
        return (award for award in self.books.awards.values() if award.id in self.sources)


def _reopenings(session: Session, year: Year) -> Iterator[Note]:
    """That the closed year was opened again: when, by whom and why."""
    for each in year_end.reopenings(session, year.number):
        if each.reopened_at is not None:
            people = f"{each.asked_by}, {each.reopened_by}"
            said = f"{each.reopened_at:%Y-%m-%d} · {people} · {each.reason}"
            yield Note(NoteKind.REOPENED, "", "", said)


def _reversals(session: Session, year: Year) -> Iterator[Note]:
    """Lines of an earlier year taken back in this one, and lines of this one taken back later."""
    first, back = aliased(Expenditure), aliased(Expenditure)
    query = (
        sa.select(
            first.fiscal_year, first.incurred_on, back.incurred_on, back.voucher, back.description, Mission.code,
            Award.reference, back.usd_cents + back.icr_cents,
        )
        .select_from(back)
        .join(first, first.id == back.reverses_id)
        .join(Mission, Mission.id == back.mission_id)
        .join(Award, Award.id == back.award_id)
        # From the reversals of this year and later, which are few and have an index of their own.
        .where(
            back.reverses_id.is_not(None),
            back.fiscal_year >= year.number,
            first.fiscal_year <= year.number,
            sa.or_(back.fiscal_year == year.number, first.fiscal_year == year.number),
            back.fiscal_year != first.fiscal_year,
        )
    )  # fmt: skip
    for was_in, was_on, taken_on, voucher, reason, code, reference, cents in session.execute(query):
        kind = NoteKind.REVERSED_LATER if was_in == year.number else NoteKind.REVERSAL
        text = f"{voucher}: {was_on} → {taken_on}. {reason or ''}".strip()
        yield Note(kind, code, reference, text, int(cents))


def _taken_back(session: Session, year: Year) -> Iterator[Note]:
    """Movements of an earlier year reversed in this one, and of this one reversed later (US cents, signed)."""
    first, back = aliased(AwardMovement), aliased(AwardMovement)
    query = (
        sa.select(
            first.fiscal_year, first.moved_on, back.moved_on, first.reference, back.note, Mission.code,
            Award.reference, back.kind, back.usd_cents,
        )
        .select_from(back)
        .join(first, sa.and_(
            first.award_id == back.award_id, first.kind == back.kind, first.amount_cents == -back.amount_cents,
            back.reference == sa.literal("REV ", sa.String) + first.reference,
        ))
        .join(Award, Award.id == back.award_id)
        .outerjoin(Mission, Mission.id == Award.mission_id)
        .where(
            back.amount_cents < 0, back.fiscal_year != first.fiscal_year,
            sa.or_(back.fiscal_year == year.number, first.fiscal_year == year.number),
        )
    )  # fmt: skip
    for was_in, was_on, taken_on, paper, reason, code, reference, kind, cents in session.execute(query):
        is_later = was_in == year.number
        text = f"{paper}: {was_on} → {taken_on}. {reason or ''}".strip()
        which = NoteKind.MOVEMENT_REVERSED_LATER if is_later else NoteKind.MOVEMENT_REVERSAL
        yield Note(which, code or "", reference, text, kind.sign * int(cents))


def _overdrawn(session: Session, year: Year) -> Iterator[Note]:
    """Lines recorded above what their award held, by mission and award with their vouchers."""
    of = Expenditure
    query = (
        sa.select(Mission.code, Award.reference, of.voucher, of.usd_cents + of.icr_cents)
        .select_from(of)
        .join(Mission, Mission.id == of.mission_id)
        .join(Award, Award.id == of.award_id)
        .where(of.fiscal_year == year.number, of.is_overdrawn.is_(True))
        .order_by(of.incurred_on, of.id)
    )
    found: dict[tuple[str, str], list[tuple[str, int]]] = defaultdict(list)
    for code, reference, voucher, cents in session.execute(query):
        found[code, reference].append((voucher, int(cents)))
    for (code, reference), lines in found.items():
        named = ", ".join(voucher for voucher, _cents in lines[:VOUCHERS_NAMED])
        more = f" … +{len(lines) - VOUCHERS_NAMED}" if len(lines) > VOUCHERS_NAMED else ""
        total = sum(cents for _voucher, cents in lines)
        yield Note(NoteKind.OVERDRAWN_LINE, code, reference, named + more, total)


def converted(session: Session, year: Year) -> list[Converted]:
    """The rates at which each mission's expenditures of the year were converted."""
    return [Converted(*row) for row in session.execute(_spent_at(year))]


def rates(session: Session, year: Year, spent: Iterable[Converted]) -> Iterator[RateFigures]:
    """The rates of the year's lines: the month's with its source, or a movement's own with its reference."""
    known = {(row.currency, row.month): row for row in session.execute(_monthly(year))}
    used: dict[tuple[str, date, Decimal], str] = {}
    for each in spent:
        used.setdefault((each.currency, date(year.number, int(each.month), 1), each.rate), "")
    for currency, day, rate, award, reference in session.execute(_moved_at(year)):
        monthly = known.get((currency, day.replace(day=1)))
        if monthly is not None and monthly.units_per_usd == rate:
            used.setdefault((currency, monthly.month, rate), "")
        else:
            used[currency, day, rate] = f"{award} · {reference}"
    for (currency, day, rate), own in used.items():
        monthly = known.get((currency, day))
        is_monthly = monthly is not None and monthly.units_per_usd == rate and not own
        yield RateFigures(currency, day, rate, monthly.source if monthly and is_monthly else own)


def _monthly(year: Year) -> sa.Select[str, date, Decimal, str]:
    of = ExchangeRate
    columns = (of.currency, of.month, of.units_per_usd, of.source)
    return sa.select(*columns).where(of.month.between(year.first, year.last))


def _spent_at(year: Year) -> sa.Select[int, str, int, Decimal]:
    """A reversal keeps the rate of the line it takes back, so it is no rate of its month."""
    of, month = Expenditure, sa.extract("month", Expenditure.incurred_on)
    # Behind a function, or SQLite walks the index of reversals through all the years.
    is_first = sa.func.coalesce(of.reverses_id, 0) == 0
    return (
        sa.select(of.mission_id, of.currency, month, of.rate)
        .where(of.fiscal_year == year.number, of.currency != "USD", is_first)
        .group_by(of.mission_id, of.currency, month, of.rate)
    )


def _moved_at(year: Year) -> sa.Select[str, date, Decimal, str, str]:
    of = AwardMovement
    return (
        sa.select(of.currency, of.moved_on, of.rate, Award.reference, of.reference)
        .join(Award, Award.id == of.award_id)
        .where(of.moved_on.between(year.first, year.last), of.currency != "USD", of.amount_cents > 0)
    )
