"""The figures of a fiscal year from the ledger, in a constant number of queries (annual-report.md)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy.orm import Session

from eom.core import clock
from eom.finance.models.award import MovementKind
from eom.reporting.annual.figures import (
    AnnualFigures,
    InKindFigures,
    MatrixCell,
    MissionFigures,
    MonthFigures,
    PartFigures,
    SourceFigures,
)
from eom.reporting.queries import annual_missions, annual_money, annual_notes, annual_trend
from eom.reporting.queries.annual_books import AwardRow, Books, read_books
from eom.reporting.queries.annual_missions import About, Gift
from eom.reporting.queries.annual_money import Year
from eom.reporting.queries.annual_parts import Part, by_mission, parts_of

K = MovementKind


def figures_of(session: Session, year: int, as_of: date | None = None) -> AnnualFigures:
    """The snapshot of a fiscal year as the books stand now; amounts are US cents.

    ``as_of`` is the day that the figures are said to be of, today without one.
    """
    books = read_books(session, Year(year))
    shares, gifts = parts_of(books), annual_missions.gifts(session, books.year)
    holding = {award_id for (_mission_id, award_id), part in shares.items() if part.is_shown}
    shown = [award for award in books.awards.values() if award.id in holding or _is_shown(books, award)]
    parts = by_mission(shares)
    active = {i for i, part in parts.items() if part.is_shown} | {gift.mission_id for gift in gifts}
    about = annual_missions.about(session, books.year, active)
    converted = annual_notes.converted(session, books.year)
    money = {i: tuple(sorted({c.currency for c in converted if c.mission_id == i})) for i in active}
    missions = {i: _mission(about[i], parts.get(i, Part()), books, money[i]) for i in active}
    sources = {award.id: _source(books, award) for award in shown}
    remarks = annual_notes.Remarks(books, sources, missions, about, gifts)
    return AnnualFigures(
        year=year,
        prepared_as_of=as_of or clock.today(),
        is_demonstration=_is_invented(shown, gifts, [about[i] for i in active]),
        sources=tuple(sources.values()),
        missions=tuple(missions.values()),
        matrix=tuple(_matrix(books, about)),
        in_kind=tuple(_gift(gift, about) for gift in gifts),
        ledger=annual_money.ledger(session, books.year),
        rates=tuple(annual_notes.rates(session, books.year, converted)),
        notes=tuple(remarks.all(session)),
        parts=tuple(_parts(shares, books, missions)),
        months=tuple(_months(session, books.year, about)),
        trend=tuple(annual_trend.trend(session, books.year, books.earlier)),
    )


def _is_invented(awards: Iterable[AwardRow], gifts: Iterable[Gift], about: Iterable[About]) -> bool:
    """Whether anything shown is a demonstration's."""
    shown: tuple[Iterable[AwardRow | Gift | About], ...] = (awards, gifts, about)
    return any(each.is_demonstration for rows in shown for each in rows)


def _is_shown(books: Books, award: AwardRow) -> bool:
    """Whether something moved, money is held, or the agreement is in force in the year."""
    moved, spent = books.moved.get(award.id, ()), books.spent.get(award.id, ())
    if any(each.line_count for each in moved) or award.id in books.cells or award.is_in_force(books.year):
        return True
    if any(each.in_year_cents for each in books.given.get(award.id, ())):
        return True
    opening = sum(m.opening_cents for m in moved) - sum(s.before_cents for s in spent)
    closing = sum(m.closing_cents for m in moved) - sum(s.closing_cents for s in spent)
    return any((opening, closing, books.brought_forward("sources", award.reference, 0)))


def _source(books: Books, award: AwardRow) -> SourceFigures:
    moved, spent = books.moved.get(award.id, []), books.spent.get(award.id, [])
    paid, last = books.cells.get(award.id, []), books.year.last
    kinds = {kind: sum(each.in_year_cents for each in moved if each.kind is kind) for kind in K}
    is_pledged, is_agreed = _is_known(award.pledged_on, last), _is_known(award.agreed_on, last)
    carried = sum(m.carried_cents for m in moved) - sum(s.carried_cents for s in spent)
    return SourceFigures(
        kind=award.kind,
        donor=award.donor,
        award=award.reference,
        mission_code=award.mission_code,
        currency=award.currency,
        agreed_original_cents=award.agreed_cents if is_agreed else 0,
        pledged_cents=award.pledged_usd_cents if is_pledged else 0,
        agreed_cents=award.agreed_usd_cents if is_agreed else 0,
        carried_forward_cents=books.brought_forward("sources", award.reference, carried),
        opening_cents=sum(m.opening_cents for m in moved) - sum(s.before_cents for s in spent),
        received_cents=kinds[K.RECEIPT],
        transfers_in_cents=kinds[K.TRANSFER_IN],
        interest_cents=kinds[K.INTEREST],
        exchange_cents=kinds[K.EXCHANGE_GAIN] - kinds[K.EXCHANGE_LOSS],
        direct_cents=sum(cell.direct_cents for cell in paid),
        icr_cents=sum(cell.icr_cents for cell in paid),
        refunds_cents=kinds[K.REFUND],
        transfers_out_cents=kinds[K.TRANSFER_OUT],
        closing_cents=sum(m.closing_cents for m in moved) - sum(s.closing_cents for s in spent),
        icr_percent=award.icr_percent,
        agreed_on=award.agreed_on if is_agreed else None,
        country=award.donor_country or "",
    )


def _is_known(day: date | None, last: date) -> bool:
    return day is None or day <= last


def _mission(about: About, part: Part, books: Books, currencies: tuple[str, ...]) -> MissionFigures:
    return MissionFigures(
        code=about.code,
        country=about.country,
        process=about.process,
        process_kinds=about.process_kinds,
        polling_days=about.polling_days,
        observers=about.observers,
        nationalities=about.nationalities,
        budget_cents=about.budget_cents,
        open_obligations_cents=about.open_obligations_cents,
        carried_forward_cents=books.brought_forward("missions", about.code, part.carried),
        opening_cents=part.opening,
        allocated_cash_cents=part.cash,
        allocated_regular_cents=part.regular,
        spent_by_object_cents=tuple(part.objects),
        icr_cents=part.icr,
        exchange_cents=part.exchange,
        refunds_cents=part.refunds,
        closing_cents=part.closing,
        is_final=about.is_final,
        spent_since_start_cents=part.spent_before + part.spent,
        name=about.name,
        starts_on=about.starts_on,
        ends_on=about.ends_on,
        is_cancelled=about.is_cancelled,
        currencies=currencies,
    )


def _parts(
    shares: dict[tuple[int, int], Part], books: Books, missions: dict[int, MissionFigures]
) -> Iterable[PartFigures]:
    """The missions' money by source; a source that has nothing to say of a mission is left out."""
    for (mission_id, award_id), part in shares.items():
        if mission_id in missions and part.is_shown:
            yield PartFigures(
                missions[mission_id].code, books.awards[award_id].reference, part.opening,
                part.cash + part.regular, part.exchange, part.spent, part.refunds, part.closing,
            )  # fmt: skip


def _months(session: Session, year: Year, about: dict[int, About]) -> Iterable[MonthFigures]:
    for row in annual_money.months(session, year):
        yield MonthFigures(about[row.mission_id].code, row.month, row.direct_cents, row.icr_cents)


def _matrix(books: Books, about: dict[int, About]) -> Iterable[MatrixCell]:
    for award_id, cells in books.cells.items():
        for cell in cells:
            code, reference = about[cell.mission_id].code, books.awards[award_id].reference
            yield MatrixCell(code, reference, cell.object_number, cell.direct_cents, cell.icr_cents)


def _gift(gift: Gift, about: dict[int, About]) -> InKindFigures:
    code = about[gift.mission_id].code
    return InKindFigures(code, gift.kind, gift.donor, gift.description, gift.basis, gift.valued_cents)
