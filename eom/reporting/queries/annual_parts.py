"""What each mission had, was given and spent in a year, added up over the awards that serve it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, fields

from eom.finance.models.award import MovementKind
from eom.reporting.queries.annual_books import AwardRow, Books
from eom.reporting.queries.annual_money import Moved

K = MovementKind
# What a movement of a general award changes in the part of the mission that it names; a receipt or
# interest becomes a mission's by allocation only.
OF_THE_PART = (K.EXCHANGE_GAIN, K.EXCHANGE_LOSS, K.REFUND, K.TRANSFER_IN, K.TRANSFER_OUT)


@dataclass
class Part:
    """A mission's money, from one award or from all (US cents). ``opening`` goes by fiscal year, ``carried`` and ``closing`` by the day."""

    opening: int = 0
    carried: int = 0
    cash: int = 0
    regular: int = 0
    exchange: int = 0
    refunds: int = 0
    icr: int = 0
    closing: int = 0
    spent_before: int = 0
    has_activity: bool = False
    objects: list[int] = field(default_factory=lambda: [0] * 9)

    @property
    def is_shown(self) -> bool:
        """Whether something happened in the year or money was held."""
        return self.has_activity or any((self.opening, self.carried, self.closing))

    def allocate(self, cents: int, is_regular: bool) -> None:
        """Money set aside for the mission in the year."""
        if is_regular:
            self.regular += cents
        else:
            self.cash += cents

    @property
    def spent(self) -> int:
        """What was spent in the year, indirect costs included."""
        return sum(self.objects) + self.icr

    def add(self, other: Part) -> None:
        """Count another part's money in."""
        for each in fields(self):
            if isinstance(getattr(self, each.name), int):
                setattr(self, each.name, getattr(self, each.name) + getattr(other, each.name))
        self.has_activity = bool(self.has_activity)
        self.objects = [one + two for one, two in zip(self.objects, other.objects, strict=True)]


def parts_of(books: Books) -> dict[tuple[int, int], Part]:
    """(mission id, award id) → the mission's money from that award in the year."""
    parts: dict[tuple[int, int], Part] = defaultdict(Part)
    for award in books.awards.values():
        for moved in books.moved.get(award.id, ()):
            _add_moved(parts, award, moved)
        if award.mission_id is None:
            _add_allocations(parts, award, books)
    _add_spending(parts, books)
    return dict(parts)


def by_mission(parts: dict[tuple[int, int], Part]) -> dict[int, Part]:
    """Mission id → its money in the year, from all awards."""
    found: dict[int, Part] = defaultdict(Part)
    for (mission_id, _award_id), part in parts.items():
        found[mission_id].add(part)
    return dict(found)


def _add_moved(parts: dict[tuple[int, int], Part], award: AwardRow, moved: Moved) -> None:
    """All of an earmarked award is its mission's; of a general one what concerns the mission's part."""
    mission_id = award.mission_id or (moved.mission_id if moved.kind in OF_THE_PART else None)
    if mission_id is None:
        return
    part, cents = parts[mission_id, award.id], moved.in_year_cents
    part.opening += moved.opening_cents
    part.carried += moved.carried_cents
    part.closing += moved.closing_cents
    part.has_activity |= moved.line_count > 0
    if moved.kind is K.REFUND:
        part.refunds += cents
    elif moved.kind in (K.EXCHANGE_GAIN, K.EXCHANGE_LOSS):
        part.exchange += moved.kind.sign * cents
    else:
        part.allocate(moved.kind.sign * cents, award.is_regular)


def _add_allocations(parts: dict[tuple[int, int], Part], award: AwardRow, books: Books) -> None:
    for given in books.given.get(award.id, ()):
        part = parts[given.mission_id, award.id]
        part.opening += given.before_cents
        part.carried += given.before_cents
        part.closing += given.before_cents + given.in_year_cents
        part.has_activity |= given.in_year_cents != 0
        part.allocate(given.in_year_cents, award.is_regular)


def _add_spending(parts: dict[tuple[int, int], Part], books: Books) -> None:
    for spent in (row for rows in books.spent.values() for row in rows):
        part = parts[spent.mission_id, spent.award_id]
        part.opening -= spent.before_cents
        part.carried -= spent.carried_cents
        part.closing -= spent.closing_cents
        part.spent_before += spent.before_cents
    for cell in (row for rows in books.cells.values() for row in rows):
        part = parts[cell.mission_id, cell.award_id]
        part.objects[cell.object_number - 1] += cell.direct_cents
        part.icr += cell.icr_cents
        part.has_activity = True
