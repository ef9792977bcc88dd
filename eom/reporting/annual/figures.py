"""The figures of a fiscal year: the one frozen, ordered source of every output of the annual report.

All amounts are whole cents of the report's currency. The ledger's side computes them; the writers
read them; neither changes them. The sums here are for the writers' cached values and for tests.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from decimal import Decimal
from typing import Any

from eom.reporting.annual.kinds import NoteKind, ReportStatus, SourceKind

OBJECTS = tuple(range(1, 10))
GENERAL = ""
# A field that came with a later release: where nothing stands in it, it is not written, so that a snapshot
# that was kept before the field existed is still the same bytes with the same hash.
LATER = {"later": True}


@dataclass(frozen=True)
class SourceFigures:
    """An award (or the Regular Fund's appropriation) in the year. ``award`` is unique in a report.

    ``carried_forward_cents`` is the closing balance the year before, taken from that year's own
    figures and not from the opening balance. ``closing_cents`` is the ledger's, not a sum of these.
    """

    kind: SourceKind
    donor: str
    award: str
    mission_code: str = GENERAL
    currency: str = "USD"
    agreed_original_cents: int = 0
    pledged_cents: int = 0
    agreed_cents: int = 0
    carried_forward_cents: int = 0
    opening_cents: int = 0
    received_cents: int = 0
    transfers_in_cents: int = 0
    interest_cents: int = 0
    exchange_cents: int = 0
    direct_cents: int = 0
    icr_cents: int = 0
    refunds_cents: int = 0
    transfers_out_cents: int = 0
    closing_cents: int = 0
    icr_percent: Decimal = Decimal(0)
    agreed_on: date | None = field(default=None, metadata=LATER)
    country: str = field(default="", metadata=LATER)

    @property
    def available_cents(self) -> int:
        """What the source could pay with in the year."""
        came_in = self.received_cents + self.transfers_in_cents + self.interest_cents + self.exchange_cents
        return self.opening_cents + came_in

    @property
    def spent_cents(self) -> int:
        """Direct spending and indirect cost recovery."""
        return self.direct_cents + self.icr_cents

    @property
    def computed_closing_cents(self) -> int:
        """The closing balance by the identity of annual-report.md."""
        return self.available_cents - self.spent_cents - self.refunds_cents - self.transfers_out_cents


@dataclass(frozen=True)
class MissionFigures:
    """A mission with activity in the year. ``spent_by_object_cents`` has nine places, objects 1 to 9.

    ``process`` is what people called the processes, ``process_kinds`` the kinds of those without a name
    (values of ``ElectionKind``). Open obligations are None where the ledger does not record them.
    """

    code: str
    country: str
    process: str = ""
    process_kinds: tuple[str, ...] = ()
    polling_days: tuple[date, ...] = ()
    observers: int | None = None
    nationalities: int | None = None
    budget_cents: int = 0
    carried_forward_cents: int = 0
    opening_cents: int = 0
    allocated_cash_cents: int = 0
    allocated_regular_cents: int = 0
    spent_by_object_cents: tuple[int, ...] = (0,) * 9
    icr_cents: int = 0
    open_obligations_cents: int | None = None
    exchange_cents: int = 0
    refunds_cents: int = 0
    closing_cents: int = 0
    is_final: bool = False
    spent_since_start_cents: int = 0
    name: str = field(default="", metadata=LATER)
    starts_on: date | None = field(default=None, metadata=LATER)
    ends_on: date | None = field(default=None, metadata=LATER)
    is_cancelled: bool = field(default=False, metadata=LATER)
    # Of the year's lines that are not in US dollars.
    currencies: tuple[str, ...] = field(default=(), metadata=LATER)

    @property
    def direct_cents(self) -> int:
        """Spending on objects 1 to 9."""
        return sum(self.spent_by_object_cents)

    @property
    def spent_cents(self) -> int:
        """The cost of the mission in the year: direct spending and indirect cost recovery."""
        return self.direct_cents + self.icr_cents

    @property
    def computed_closing_cents(self) -> int:
        """opening + allocated + exchange − spent − refunds."""
        allocated = self.allocated_cash_cents + self.allocated_regular_cents
        return self.opening_cents + allocated + self.exchange_cents - self.spent_cents - self.refunds_cents


@dataclass(frozen=True)
class MatrixCell:
    """What one award paid on one mission for one object (1 to 9), reversals deducted."""

    mission_code: str
    award: str
    object: int
    spent_cents: int
    icr_cents: int = 0

    @property
    def total_cents(self) -> int:
        """Direct spending and indirect cost recovery."""
        return self.spent_cents + self.icr_cents


@dataclass(frozen=True)
class PartFigures:
    """What one source held for one mission: the mission's part of an award, over the year.

    The parts of a mission add up to its row, column by column.
    """

    mission_code: str
    award: str
    opening_cents: int = 0
    allocated_cents: int = 0
    exchange_cents: int = 0
    spent_cents: int = 0
    refunds_cents: int = 0
    closing_cents: int = 0

    @property
    def computed_closing_cents(self) -> int:
        """opening + allocated + exchange − spent − refunds."""
        came_in = self.opening_cents + self.allocated_cents + self.exchange_cents
        return came_in - self.spent_cents - self.refunds_cents


@dataclass(frozen=True)
class MonthFigures:
    """What a mission spent in a month (1 to 12) of the year, by the day of each line."""

    mission_code: str
    month: int
    direct_cents: int
    icr_cents: int

    @property
    def spent_cents(self) -> int:
        """Direct spending and indirect cost recovery."""
        return self.direct_cents + self.icr_cents


@dataclass(frozen=True)
class YearFigures:
    """A year of the five-year trend: what was received, spent (with ICR) and given in kind."""

    year: int
    received_cents: int = 0
    spent_cents: int = 0
    in_kind_cents: int = 0
    missions: int = 0


@dataclass(frozen=True)
class InKindFigures:
    """Goods, services or people given instead of money: valued, and in no balance."""

    mission_code: str
    kind: SourceKind
    donor: str
    description: str
    basis: str
    valued_cents: int


@dataclass(frozen=True)
class LedgerFigures:
    """Sums straight over the ledger's lines, computed apart from the rows they are held against."""

    lines: int = 0
    direct_cents: int = 0
    icr_cents: int = 0
    received_cents: int = 0
    refunds_cents: int = 0
    lines_without_award: int = 0
    lines_without_object: int = 0
    lines_without_voucher: int = 0


@dataclass(frozen=True)
class RateFigures:
    """A rate used: units of ``currency`` for one US dollar from ``valid_on``."""

    currency: str
    valid_on: date
    rate: Decimal
    source: str


@dataclass(frozen=True)
class Note:
    """A remark on a mission or an award; ``text`` was written by a person."""

    kind: NoteKind
    mission_code: str = ""
    award: str = ""
    text: str = ""
    amount_cents: int | None = None


@dataclass(frozen=True)
class Change:
    """A figure that differs from the revision before: which list, whose row, which column."""

    part: str
    key: str
    column: str
    before_cents: int
    after_cents: int


@dataclass(frozen=True)
class AnnualFigures:
    """The snapshot of one fiscal year, 1 January to 31 December. Rows are in order of their keys."""

    year: int
    prepared_as_of: date
    currency: str = "USD"
    is_demonstration: bool = False
    sources: tuple[SourceFigures, ...] = ()
    missions: tuple[MissionFigures, ...] = ()
    matrix: tuple[MatrixCell, ...] = ()
    in_kind: tuple[InKindFigures, ...] = ()
    ledger: LedgerFigures = field(default_factory=LedgerFigures)
    rates: tuple[RateFigures, ...] = ()
    notes: tuple[Note, ...] = ()
    parts: tuple[PartFigures, ...] = field(default=(), metadata=LATER)
    months: tuple[MonthFigures, ...] = field(default=(), metadata=LATER)
    trend: tuple[YearFigures, ...] = field(default=(), metadata=LATER)

    def __post_init__(self) -> None:
        """Put every row in its place, whatever the order the database gave."""
        kinds = {kind: place for place, kind in enumerate(SourceKind)}
        self._order("sources", lambda s: (kinds[SourceKind(s.kind)], s.donor, s.award))
        self._order("missions", lambda m: m.code)
        self._order("matrix", lambda c: (c.mission_code, c.award, c.object))
        self._order(
            "in_kind",
            lambda k: (kinds[SourceKind(k.kind)], k.donor, k.mission_code, k.description, k.valued_cents),
        )
        self._order("rates", lambda r: (r.currency, r.valid_on))
        self._order("notes", lambda n: (n.kind, n.mission_code, n.award, n.text))
        self._order("parts", lambda p: (p.mission_code, p.award))
        self._order("months", lambda m: (m.mission_code, m.month))
        self._order("trend", lambda y: y.year)
        _refuse_repeated("award", (source.award for source in self.sources))
        _refuse_repeated("mission", (mission.code for mission in self.missions))

    def _order(self, name: str, key: Any) -> None:
        object.__setattr__(self, name, tuple(sorted(getattr(self, name), key=key)))


@dataclass(frozen=True)
class Issue:
    """The report's state, apart from its figures: signing does not change the snapshot's hash."""

    status: ReportStatus = ReportStatus.DRAFT
    revision: int = 0
    prepared_by: str = ""
    reviewed_by: str = ""
    issued_by: str = ""
    issued_on: date | None = None
    changes: tuple[Change, ...] = ()


def _refuse_repeated(what: str, keys: Iterable[str]) -> None:
    seen: set[str] = set()
    for key in keys:
        if key in seen:
            raise ValueError(f"{what} {key} stands twice in the figures")
        seen.add(key)


def canonical_json(figures: AnnualFigures) -> bytes:
    """The snapshot as JSON that is the same for the same figures: sorted names, no spaces, UTF-8."""
    written = _without_empty(figures, asdict(figures))
    return json.dumps(
        written, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_plain
    ).encode()


def _without_empty(row: Any, written: dict[str, Any]) -> dict[str, Any]:
    """A row without the later fields in which nothing stands; its rows likewise."""
    for each in fields(row):
        value = getattr(row, each.name)
        if each.metadata.get("later") and value == each.default:
            del written[each.name]
        elif isinstance(value, tuple) and value and hasattr(value[0], "__dataclass_fields__"):
            for inner, given in zip(value, written[each.name], strict=True):
                _without_empty(inner, given)
    return written


def _plain(value: Any) -> str:
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in the figures")


def snapshot_hash(figures: AnnualFigures) -> str:
    """SHA-256 of the canonical JSON in hexadecimal, printed in every output."""
    return hashlib.sha256(canonical_json(figures)).hexdigest()
