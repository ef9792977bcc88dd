"""The board of missions that lie ahead, and the donors of one mission, as lists."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from eom.core import i18n
from eom.core.errors import InvalidInput
from eom.core.i18n import _, lazy
from eom.core.listing import PAGE_SIZE, Column, Filter, Listing
from eom.finance.exports.sums import by_name, invented
from eom.finance.queries import fundraising
from eom.finance.queries.fundraising import Coming, Funding
from eom.missions.models.mission import Stage

MONTHS = 18
MONEY = ("needed", "pledged", "agreed", "received", "gap")


@dataclass(frozen=True)
class Board:
    """The missions of the months ahead, few enough to be added up and sorted here; it answers as lists do."""

    rows: Sequence[Coming]
    link: Callable[[str], str]
    today: date

    def more(self) -> tuple[Column, ...]:
        """What a page has no room for."""
        return (
            Column("in_kind", lazy("In kind"), lambda r: r.funding.in_kind_cents, kind="money"),
            Column("budget", lazy("Budget"), lambda r: r.funding.budget_cents, kind="money"),
            Column(
                "after",
                lazy("Gap after pledges"),
                lambda r: r.funding.gap_after_pledges_cents if r.funding.budget_cents else None,
                kind="money",
            ),
            Column("country", lazy("Country"), lambda r: r.mission.country, kind="country"),
            Column("stage", lazy("Stage"), lambda r: r.mission.stage, kind="label"),
            invented(lambda r: r.mission),
        )

    def columns(self) -> tuple[Column, ...]:
        """Each with the key that it sorts by."""
        money = tuple(
            Column(name, label, lambda r, n=name: _known(r.funding, n), True, "money")  # type: ignore[misc]
            for name, label in zip(MONEY, MONEY_WORDS, strict=True)
        )
        return (
            Column("mission", lazy("Mission"), lambda r: f"{r.mission.code} – {r.mission.name}", True,
                   href=lambda r: self.link(r.mission.code)),
            Column("day", lazy("Day"), lambda r: r.next_on, True, "date"),
            Column("days_left", lazy("Days left"), lambda r: r.days_left, True, "number"),
            *money,
        )  # fmt: skip

    def filters(self) -> tuple[Filter, ...]:
        """The filters, without what was chosen."""
        countries = sorted({each.mission.country for each in self.rows})
        stages = [
            (each.value, each.label) for each in Stage if any(r.mission.stage is each for r in self.rows)
        ]
        return (
            Filter("within", lazy("When"), lambda v: lambda r: self._is_within(r, v), choices=WHEN),
            Filter("gap", lazy("Gap"), lambda v: lambda r: _gap(r.funding) == v, choices=GAPS),
            Filter("stage", lazy("Stage"), lambda v: lambda r: r.mission.stage.value == v, choices=stages),
            Filter(
                "country",
                lazy("Country"),
                lambda v: lambda r: r.mission.country == v,
                choices=by_name(countries),
            ),
        )

    def show(self, _session: Session, path: str, arguments: Mapping[str, str]) -> Listing:
        """The page that the address asks for. Raises InvalidInput for unknown values of a filter."""
        found, filters, text = self._narrowed(arguments)
        sort, descending, found = self._sorted(found, arguments)
        pages = max(1, -(-len(found) // PAGE_SIZE))
        wanted = arguments.get("page", "1")
        page = min(
            max(int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 9 else 1, 1), pages
        )
        kept = {k: v for k, v in arguments.items() if v and k != "format"}
        return Listing(
            self.columns(), found[(page - 1) * PAGE_SIZE : page * PAGE_SIZE], filters, text, True, page, len(found),
            sort, descending, path, kept, _totals(found),
        )  # fmt: skip

    def all_rows(self, _session: Session, arguments: Mapping[str, str]) -> Iterator[list[Any]]:
        """Every row as it stands, as plain values, after a first row of headings."""
        columns = (*self.columns(), *self.more())
        yield [str(column.label) for column in columns]
        for row in self._sorted(self._narrowed(arguments)[0], arguments)[2]:
            yield [column.plain(row) for column in columns]

    def _narrowed(self, arguments: Mapping[str, str]) -> tuple[list[Coming], list[Filter], str | None]:
        found, filters = list(self.rows), []
        for each in self.filters():
            value = arguments.get(each.name, "").strip()
            if value and value not in {str(v) for v, _label in each.choices}:
                raise InvalidInput(
                    lazy("“%(value)s” is no choice of this filter.", value=value[:60]), each.name
                )
            if value:
                found = [row for row in found if each.where(value)(row)]
            filters.append(Filter(each.name, each.label, each.where, each.kind, each.choices, value))
        text = arguments.get("search", "").strip()[:100] or None
        if text:
            found = [
                row for row in found if text.casefold() in f"{row.mission.code} {row.mission.name}".casefold()
            ]
        return found, filters, text

    def _sorted(self, rows: list[Coming], arguments: Mapping[str, str]) -> tuple[str, bool, list[Coming]]:
        wanted = arguments.get("sort", "")
        keys = {column.key: column for column in self.columns()}
        sort, descending = (
            (wanted.lstrip("-"), wanted.startswith("-")) if wanted.lstrip("-") in keys else ("day", False)
        )

        def key(row: Coming) -> Any:
            value = keys[sort].cell(row) if keys[sort].kind in ("country", "label") else keys[sort].value(row)
            return i18n.sort_key(value) if isinstance(value, str) else value

        known = [row for row in rows if keys[sort].value(row) is not None]
        unknown = [row for row in rows if keys[sort].value(row) is None]
        return sort, descending, sorted(known, key=key, reverse=descending) + unknown

    def _is_within(self, row: Coming, value: str) -> bool:
        if value == "undated":
            return row.next_on is None
        return row.next_on is not None and row.next_on <= after_months(self.today, int(value))


MONEY_WORDS = (lazy("Need"), lazy("Pledged"), lazy("Agreed"), lazy("Received"), lazy("Gap"))
WHEN = (
    ("6", lazy("Within six months")), ("12", lazy("Within twelve months")), ("18", lazy("Within eighteen months")),
    ("undated", lazy("Without a day")),
)  # fmt: skip
GAPS = (("open", lazy("With a gap")), ("covered", lazy("Covered")), ("unknown", lazy("Without a budget")))


def board(session: Session, link: Callable[[str], str], today: date) -> Board:
    """The missions of the next eighteen months, and those without a day yet."""
    return Board(fundraising.coming(session, today, after_months(today, MONTHS)), link, today)


def after_months(day: date, months: int) -> date:
    """The same day so many months later, the last of the month where it has no such day."""
    place = day.year * 12 + day.month - 1 + months
    year, month = divmod(place, 12)
    first_after = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    last = first_after - timedelta(days=1)
    return date(year, month + 1, min(day.day, last.day))


def of_mission(funding: Funding) -> Iterator[list[Any]]:
    """The donors of a mission as rows, headings first; then the totals, the need and the gap."""
    yield [_("Donor"), _("Kind of donor"), _("Pledged, not agreed (US$)"), _("Agreed (US$)"), _("Received (US$)"),
           _("In kind (US$)")]  # fmt: skip

    def units(*cents: int) -> list[Any]:
        return [Decimal(each) / 100 for each in cents]

    for each in funding.givers:
        yield [each.name, str(each.kind.label), *units(
            each.pledged_cents, each.agreed_cents, each.received_cents, each.in_kind_cents)]  # fmt: skip
    yield [_("Total"), "", *units(
        funding.pledged_cents, funding.agreed_cents, funding.received_cents, funding.in_kind_cents)]  # fmt: skip
    yield [_("Budget"), "", None, *units(funding.budget_cents)]
    yield [_("Indirect costs of what is agreed"), "", None, *units(funding.icr_cents)]
    yield [_("Need"), "", None, *units(funding.needed_cents)]
    yield [_("Gap"), "", None, *units(funding.gap_cents)]
    yield [_("Gap after pledges"), "", None, *units(funding.gap_after_pledges_cents)]


def _gap(funding: Funding) -> str:
    """Whether a mission's need is known, and covered."""
    if not funding.budget_cents:
        return "unknown"
    return "open" if funding.gap_cents else "covered"


def _known(funding: Funding, name: str) -> int | None:
    """A figure of the board; without a budget neither the need nor the gap is known."""
    if name in ("needed", "gap") and not funding.budget_cents:
        return None
    return int(getattr(funding, f"{name}_cents"))


def _totals(rows: Sequence[Coming]) -> dict[str, str]:
    return {name: i18n.money(sum(_known(each.funding, name) or 0 for each in rows)) for name in MONEY}
