"""The legs of a trace: for each column of the report, which lines of the books it adds up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eom.finance.models.award import Allocation, Award, AwardMovement, Donor, InKindContribution, MovementKind
from eom.finance.models.budget import BudgetLine
from eom.finance.models.commitment import Obligation
from eom.finance.models.ledger import Expenditure
from eom.finance.models.pledge import DonorPledge, PledgePart
from eom.finance.queries import budgets, commitments
from eom.finance.queries.balances import signed_movement
from eom.missions.models.mission import Mission
from eom.reporting.annual.figures import AnnualFigures
from eom.reporting.annual.kinds import SourceKind
from eom.reporting.annual.places import SOURCES, Place
from eom.reporting.queries.annual_books import agreed_by
from eom.reporting.queries.annual_money import Year
from eom.reporting.queries.annual_parts import OF_THE_PART

K = MovementKind
COMES_IN = (K.RECEIPT, K.INTEREST, K.TRANSFER_IN, K.TRANSFER_OUT)
EXCHANGE = (K.EXCHANGE_GAIN, K.EXCHANGE_LOSS)
EMPTY: Any = sa.null()


@dataclass(frozen=True)
class Scope:
    """A place's award and mission as rows of the books; None for all. ``awards`` are those of a kind."""

    year: Year
    figures: AnnualFigures
    place: Place
    award_id: int | None
    mission_id: int | None
    awards: tuple[int, ...] | None

    @classmethod
    def of(cls, session: Session, figures: AnnualFigures, place: Place) -> Scope:
        """The rows that a place of the report names."""
        award = (
            session.scalar(sa.select(Award.id).where(Award.reference == place.award)) if place.award else None
        )
        mission = (
            session.scalar(sa.select(Mission.id).where(Mission.code == place.mission))
            if place.mission
            else None
        )
        awards = None
        if place.kind:
            awards = tuple(session.scalars(sa.select(Award.id).join(Donor).where(Donor.kind == place.kind)))
        return cls(Year(figures.year), figures, place, award, mission, awards)

    def criteria(self, award: Any, mission: Any = None) -> list[Any]:
        """What narrows a model's columns to the place."""
        found = []
        if self.award_id is not None:
            found.append(award == self.award_id)
        if self.awards is not None:
            found.append(award.in_(self.awards))
        if self.mission_id is not None and mission is not None:
            found.append(mission == self.mission_id)
        return found


@dataclass(frozen=True)
class Leg:
    """Lines of one table: its columns by name, their criteria, and each line's part of the figure (US cents)."""

    kind: str
    columns: dict[str, Any]
    cents: Any
    criteria: Sequence[Any]
    joins: Callable[[Any], Any] = lambda query: query

    def lines(self) -> Any:
        """The lines as every leg names them."""
        named = {
            "day": EMPTY, "mission_id": EMPTY, "award_id": EMPTY, "object_number": EMPTY, "paper": EMPTY, "words": EMPTY,
            "amount_cents": EMPTY, "currency": EMPTY, "rate": EMPTY, "step": EMPTY,
        } | self.columns  # fmt: skip
        types = {
            "day": sa.Date, "mission_id": sa.Integer, "award_id": sa.Integer, "object_number": sa.Integer,
            "paper": sa.String, "words": sa.String, "amount_cents": sa.BigInteger, "currency": sa.String,
            "rate": AwardMovement.rate.type, "step": sa.String,
        }  # fmt: skip
        columns = [
            (sa.cast(value, types[name]) if value is EMPTY else value).label(name)
            for name, value in named.items()
            if name != "id"
        ]
        query = sa.select(
            sa.literal(self.kind).label("what"), named["id"].label("id"), *columns, self.cents.label("cents")
        )
        return self.joins(query).where(*self.criteria)

    def totals(self) -> Any:
        """(sum, number) of the lines."""
        query = sa.select(sa.func.coalesce(sa.func.sum(self.cents), 0), sa.func.count(self.columns["id"]))
        return self.joins(query).where(*self.criteria)


def legs_of(place: Place, scope: Scope) -> tuple[list[Leg], str | None]:
    """The legs of a place, and which balance of the year before it begins with (None: none)."""
    if place.is_spending:
        return [expenditures(scope, place.column)], None
    return _of_source(place.column, scope) if place.part == SOURCES else _of_mission(place.column, scope)


def _of_source(column: str, scope: Scope) -> tuple[list[Leg], str | None]:
    moved: dict[str, tuple[MovementKind, ...]] = {
        "received": (K.RECEIPT,), "transfers_in": (K.TRANSFER_IN,), "interest": (K.INTEREST,), "refunds": (K.REFUND,),
        "transfers_out": (K.TRANSFER_OUT,),
    }  # fmt: skip
    if column in moved:
        return [movements(scope, moved[column], AwardMovement.usd_cents)], None
    if column in ("pledged", "agreed"):
        return [agreements(scope, column)], None
    if column == "exchange":
        return [movements(scope, EXCHANGE)], None
    if column == "opening":
        return [], "closing"
    if column == "available":
        return [movements(scope, (K.RECEIPT, K.INTEREST, K.TRANSFER_IN, *EXCHANGE))], "closing"
    return [movements(scope, tuple(K)), expenditures(scope, "spent", sign=-1)], "closing"


def _of_mission(column: str, scope: Scope) -> tuple[list[Leg], str | None]:
    """A mission's columns; those of one award on it are its part."""
    if column == "budget":
        return [budget(scope)], None
    if column == "in_kind":
        return [in_kind(scope)], None
    if column == "open_obligations":
        return [obligations(scope)], None
    if column in ("allocated", "allocated_cash", "allocated_regular"):
        return _allocated(scope, {"allocated_cash": False, "allocated_regular": True}.get(column)), None
    if column in ("paid_regular", "paid_specific"):
        return [expenditures(scope, "spent", regular=column == "paid_regular")], None
    if column == "exchange":
        return [movements(scope, EXCHANGE, of_missions=True)], None
    if column == "refunds":
        return [movements(scope, (K.REFUND,), AwardMovement.usd_cents, of_missions=True)], None
    if column == "spent_since_start":
        return [expenditures(scope, "spent", shown=True)], "spent_since_start"
    if column == "opening":
        return [], "closing"
    spent = expenditures(scope, "spent", sign=-1)
    return [
        *_allocated(scope, None),
        movements(scope, (*EXCHANGE, K.REFUND), of_missions=True),
        spent,
    ], "closing"


def _allocated(scope: Scope, regular: bool | None) -> list[Leg]:
    """What made money a mission's: allocations of general awards, and what came into earmarked ones."""
    return [allocations(scope, regular), movements(scope, COMES_IN, of_missions=True, regular=regular)]


def expenditures(
    scope: Scope, column: str, *, sign: int = 1, regular: bool | None = None, shown: bool = False
) -> Leg:
    """Lines of the ledger of the year, with direct spending, indirect costs or both."""
    of = Expenditure
    costs = {"direct": of.usd_cents, "icr": of.icr_cents, "spent": of.usd_cents + of.icr_cents}
    # On one object stands direct spending alone.
    cents = of.usd_cents if scope.place.object else costs[column]
    criteria = [of.fiscal_year == scope.year.number, *scope.criteria(of.award_id, of.mission_id)]
    if scope.place.object:
        criteria.append(of.object_number == scope.place.object)
    if column == "icr":
        criteria.append(of.icr_cents != 0)
    if regular is not None:
        criteria.append(of.award_id.in_(_awards_of_regular_fund(regular)))
    if shown:
        criteria.append(of.mission_id.in_(_missions_shown(scope)))
    columns = {
        "id": of.id, "day": of.incurred_on, "mission_id": of.mission_id, "award_id": of.award_id,
        "object_number": of.object_number, "paper": of.voucher, "words": of.payee, "amount_cents": of.amount_cents,
        "currency": of.currency, "rate": of.rate,
    }  # fmt: skip
    return Leg(
        "expenditure", columns, cents if sign > 0 else -cents, criteria, lambda query: query.select_from(of)
    )


def movements(
    scope: Scope, kinds: Sequence[MovementKind], cents: Any = None, *, of_missions: bool = False,
    regular: bool | None = None,
) -> Leg:  # fmt: skip
    """Money in or out of awards in the year; ``of_missions``: what is a mission's own, or of its part."""
    of = AwardMovement
    mission = sa.func.coalesce(Award.mission_id, of.mission_id)
    criteria = [of.fiscal_year == scope.year.number, of.kind.in_(kinds), *scope.criteria(of.award_id)]
    if of_missions:
        of_part = sa.and_(of.mission_id.is_not(None), of.kind.in_(OF_THE_PART))
        criteria.append(sa.or_(Award.mission_id.is_not(None), of_part))
        if scope.mission_id is not None:
            criteria.append(mission == scope.mission_id)
    if regular is not None:
        criteria.append(of.award_id.in_(_awards_of_regular_fund(regular)))
    columns = {
        "id": of.id, "day": of.moved_on, "mission_id": mission, "award_id": of.award_id, "paper": of.reference,
        "words": of.note, "amount_cents": of.amount_cents, "currency": of.currency, "rate": of.rate,
        "step": sa.cast(of.kind, sa.String),
    }  # fmt: skip
    signed = signed_movement() if cents is None else cents
    return Leg(
        "movement",
        columns,
        signed,
        criteria,
        lambda query: query.select_from(of).join(Award, Award.id == of.award_id),
    )


def allocations(scope: Scope, regular: bool | None) -> Leg:
    """What general awards gave to missions in the year."""
    of, days = Allocation, (scope.year.first, scope.year.last)
    criteria = [
        of.allocated_on.between(*days),
        Award.mission_id.is_(None),
        *scope.criteria(of.award_id, of.mission_id),
    ]
    if regular is not None:
        criteria.append(of.award_id.in_(_awards_of_regular_fund(regular)))
    columns = {
        "id": of.id, "day": of.allocated_on, "mission_id": of.mission_id, "award_id": of.award_id, "paper": of.decision,
        "amount_cents": of.usd_cents, "currency": sa.literal("USD"),
    }  # fmt: skip
    return Leg(
        "allocation", columns, of.usd_cents, criteria,
        lambda query: query.select_from(of).join(Award, Award.id == of.award_id),
    )  # fmt: skip


def agreements(scope: Scope, column: str) -> Leg:
    """What was pledged or agreed up to the end of the year, of the awards that the report shows."""
    of = Award
    if column == "pledged":
        kind, day, original, cents, currency, joined = (
            "pledge", DonorPledge.pledged_on, PledgePart.amount_cents, PledgePart.usd_cents, DonorPledge.currency, _pledged,
        )  # fmt: skip
    else:
        original, cents = agreed_by(scope.year)
        kind, day, currency, joined = "agreement", of.agreed_on, of.currency, _agreed
    shown = [source.award for source in scope.figures.sources]
    criteria = [
        of.reference.in_(shown), sa.or_(day.is_(None), day <= scope.year.last), sa.func.coalesce(cents, 0) != 0,
        *scope.criteria(of.id),
    ]  # fmt: skip
    columns = {
        "id": of.id, "day": day, "mission_id": of.mission_id, "award_id": of.id, "paper": of.reference, "words": of.title,
        "amount_cents": original, "currency": currency,
    }  # fmt: skip
    return Leg(kind, columns, cents, criteria, joined)


def _agreed(query: Any) -> Any:
    return query.select_from(Award)


def _pledged(query: Any) -> Any:
    parts = query.select_from(Award).join(PledgePart, PledgePart.award_id == Award.id)
    return parts.join(DonorPledge, DonorPledge.id == PledgePart.pledge_id)


def budget(scope: Scope) -> Leg:
    """The budgets in force of the missions that the report shows."""
    of = BudgetLine
    criteria: list[Any] = [of.mission_id.in_(_missions_shown(scope))]
    if scope.mission_id is not None:
        criteria.append(of.mission_id == scope.mission_id)
    columns = {
        "id": of.id, "mission_id": of.mission_id, "object_number": of.object_number, "paper": of.description,
        "amount_cents": of.usd_cents, "currency": sa.literal("USD"),
    }  # fmt: skip
    return Leg("budget", columns, of.usd_cents, criteria, _in_force)


def _in_force(query: Any) -> Any:
    return budgets.of_versions(query.select_from(BudgetLine), budgets.in_force())


def obligations(scope: Scope) -> Leg:
    """The obligations that were open at the end of the year, of the missions that the report shows."""
    of, cents = Obligation, commitments.open_on(scope.year.last)
    criteria = [of.obligated_on <= scope.year.last, of.mission_id.in_(_missions_shown(scope)), cents != 0,
                *scope.criteria(of.award_id, of.mission_id)]  # fmt: skip
    columns = {
        "id": of.id, "day": of.obligated_on, "mission_id": of.mission_id, "award_id": of.award_id,
        "object_number": of.object_number, "paper": of.reference, "words": of.payee, "amount_cents": of.amount_cents,
        "currency": of.currency, "rate": of.rate,
    }  # fmt: skip
    return Leg("obligation", columns, cents, criteria, lambda query: query.select_from(of))


def in_kind(scope: Scope) -> Leg:
    """What was given in kind in the year; one of them where a row of the list is named."""
    of, place = InKindContribution, scope.place
    criteria: list[Any] = [of.given_on.between(scope.year.first, scope.year.last)]
    if scope.mission_id is not None:
        criteria.append(of.mission_id == scope.mission_id)
    if place.kind:
        criteria.append(Donor.kind == place.kind)
    if place.row:
        gift = scope.figures.in_kind[place.row - 1]
        criteria += [Donor.name == gift.donor, of.description == gift.description, of.valued_cents == gift.valued_cents,
                     of.basis == gift.basis]  # fmt: skip
    columns = {
        "id": of.id, "day": of.given_on, "mission_id": of.mission_id, "paper": of.description, "words": Donor.name,
        "amount_cents": of.valued_cents, "currency": sa.literal("USD"),
    }  # fmt: skip
    return Leg(
        "in_kind", columns, of.valued_cents, criteria,
        lambda query: query.select_from(of).join(Donor, Donor.id == of.donor_id),
    )  # fmt: skip


def _awards_of_regular_fund(regular: bool) -> Any:
    is_regular = Donor.kind == SourceKind.REGULAR_FUND.value
    return (
        sa.select(Award.id)
        .join(Donor, Donor.id == Award.donor_id)
        .where(is_regular if regular else ~is_regular)
    )


def _missions_shown(scope: Scope) -> Any:
    codes = [mission.code for mission in scope.figures.missions]
    return sa.select(Mission.id).where(Mission.code.in_(codes))
