"""Lists: columns, filters, search, sort and page declared once, run in SQL.

The same declaration serves the page, the csv, the xlsx and the JSON of a list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql import operators
from sqlalchemy.sql.functions import FunctionElement

from eom.core import i18n
from eom.core.errors import InvalidInput
from eom.core.i18n import lazy

PAGE_SIZE = 50


@dataclass(frozen=True)
class Column:
    """A column: its value from a row, the SQL it sorts by, where it leads.

    ``kind``: text, number, money, percent, date, moment, label, badge, country or boolean.
    """

    key: str
    label: Any
    value: Callable[[Any], Any]
    sort: Any = None
    kind: str = "text"
    href: Callable[[Any], str | None] | None = None
    currency: Callable[[Any], str] | str = "USD"
    tone: Callable[[Any], str] | None = None

    @property
    def sortable(self) -> bool:
        """Whether the list can be sorted by it."""
        return self.sort is not None

    @property
    def align(self) -> str:
        """end for figures, start for words."""
        return "end" if self.kind in ("number", "money", "percent") else "start"

    def link(self, row: Any) -> str | None:
        """Where the cell leads, if anywhere."""
        return self.href(row) if self.href else None

    def cell(self, row: Any) -> str:
        """The value as the reader writes it."""
        value = self.value(row)
        if value is None or value == "":
            return ""
        if self.kind == "money":
            return i18n.money(value, self.currency(row) if callable(self.currency) else self.currency)
        if self.kind == "moment" and isinstance(value, tuple):
            return i18n.moment(*value)
        if self.kind in ("label", "badge"):
            return str(getattr(value, "label", value))
        if self.kind == "boolean":
            return i18n._("Yes") if value else i18n._("No")
        formats: dict[str, Any] = {
            "number": i18n.number,
            "percent": i18n.percent,
            "date": i18n.day,
            "country": i18n.country_name,
            "moment": i18n.moment,
        }
        return str(formats.get(self.kind, str)(value))

    def plain(self, row: Any) -> Any:
        """The value as data: money in units of its currency, labels in the reader's words."""
        value = self.value(row)
        if value is None:
            return None
        if self.kind == "money":
            return Decimal(value) / 100
        if self.kind == "moment" and isinstance(value, tuple):
            return value[0]
        if self.kind in ("label", "badge", "boolean", "country"):
            return self.cell(row)
        return value


@dataclass(frozen=True)
class ExactColumn(Column):
    """A number with all the decimal places it has, and no more."""

    def cell(self, row: Any) -> str:
        """The value as the reader writes it."""
        return i18n.exact(self.value(row))

    def plain(self, row: Any) -> Any:
        """The value without trailing zeros."""
        value = self.value(row)
        return None if value is None else Decimal(f"{value.normalize():f}")


@dataclass(frozen=True)
class Filter:
    """A filter: what it is called and the criterion a chosen value gives.

    ``kind``: choice, text or date. ``choices`` are (value, label) pairs; an unknown value is refused.
    """

    name: str
    label: Any
    where: Callable[[str], Any]
    kind: str = "choice"
    choices: Sequence[tuple[str, Any]] = ()
    value: str = ""


@dataclass
class Listing:
    """A page of a list with all it takes to show it, move in it and download it."""

    columns: Sequence[Column]
    rows: Sequence[Any]
    filters: Sequence[Filter]
    search: str | None
    has_search: bool
    page: int
    total: int
    sort: str
    descending: bool
    path: str
    arguments: Mapping[str, str]
    totals: Mapping[str, str] = field(default_factory=dict)
    page_size: int = PAGE_SIZE

    @property
    def pages(self) -> int:
        """How many pages there are; at least one."""
        return max(1, -(-self.total // self.page_size))

    @property
    def first(self) -> int:
        """The place of the first row shown, from 1; 0 when there is none."""
        return 0 if not self.total else (self.page - 1) * self.page_size + 1

    @property
    def last(self) -> int:
        """The place of the last row shown."""
        return min(self.page * self.page_size, self.total)

    @property
    def is_filtered(self) -> bool:
        """Whether a search or filter narrows the list."""
        return bool(self.search) or any(f.value for f in self.filters)

    def url(self, **changes: Any) -> str:
        """The address of this list with some arguments changed (None takes one away)."""
        arguments = {**self.arguments, **{k: str(v) for k, v in changes.items() if v is not None}}
        for name in [k for k, v in changes.items() if v is None]:
            arguments.pop(name, None)
        if "page" not in changes:
            arguments.pop("page", None)
        return f"{self.path}?{urlencode(arguments)}" if arguments else self.path

    @property
    def cleared_url(self) -> str:
        """The address of this list without its filters and its search; what else it was asked for stays."""
        return self.url(**{each.name: None for each in self.filters}, search=None, page=None)

    def download_url(self, kind: str) -> str:
        """The address of the whole list as it stands, as csv or xlsx."""
        return self.url(format=kind)


@dataclass(frozen=True)
class ListDefinition:
    """What a list is: its query, columns, filters and the columns that the search looks into.

    ``query`` selects the rows; ``entity`` says whether rows are single entities (scalars) or tuples. In the
    place of columns ``search`` may be what makes a criterion of the words.
    """

    query: Any
    columns: Sequence[Column]
    filters: Sequence[Filter] = ()
    search: Sequence[Any] | Callable[[str], Any] = ()
    sort: str = ""
    descending: bool = False
    entity: bool = True
    tie: Any = None
    totals: Callable[[Session, sa.Select[Any]], Mapping[str, str]] | None = None
    page_size: int = PAGE_SIZE
    # The same rows without the tables that are joined for show, each of which has one row for each of them.
    # With it a page's rows are found by their keys first, which an index may hold, and only then read.
    plain: sa.Select[Any] | None = None
    # Whether the tie follows the direction of the sort, as an index that is read backwards gives it.
    tie_follows: bool = False
    # How many rows a query has and their totals, in place of a count and of ``totals``: in one pass.
    summed: Callable[[Session, sa.Select[Any]], tuple[int, Mapping[str, str]]] | None = None

    def show(self, session: Session, path: str, arguments: Mapping[str, str]) -> Listing:
        """The page that ``arguments`` (of the address) ask for. Raises InvalidInput for unknown values."""
        criteria, filters, text = self._criteria(arguments)
        bare = self._without_joins(criteria)
        if self.summed is not None:
            total, totals = self.summed(session, bare)
        else:
            total = session.scalar(_counting(bare)) or 0
            totals = self.totals(session, bare) if self.totals else {}
        pages = max(1, -(-total // self.page_size))
        page = min(max(_whole(arguments.get("page", "1")), 1), pages)
        sort, descending, _order = self._order(arguments)
        first = (page - 1) * self.page_size
        rows: list[Any] = []
        if total:
            result = session.execute(self._page(session, criteria, arguments, first, total))
            rows = list(result.scalars() if self.entity else result)
        kept = {k: v for k, v in arguments.items() if v and k != "format"}
        return Listing(
            self.columns, rows, filters, text, bool(self.search),
            page, total, sort, descending, path, kept, totals,
            self.page_size,
        )  # fmt: skip

    def _page(
        self, session: Session, criteria: Sequence[Any], arguments: Mapping[str, str], first: int, total: int
    ) -> sa.Select[Any]:
        """The rows of a page: found by their keys alone and then read, where it is known what to leave out."""
        order, key = self._order(arguments)[2], self._key()
        if key is None:
            return _in_order(self.query.where(*criteria), order).limit(self.page_size).offset(first)
        keys = self._without_joins(criteria, order).options()
        keys = keys.with_only_columns(key, maintain_column_froms=True)
        size = min(self.page_size, max(total - first, 0))
        if self.tie is not None and 2 * first > total:
            # Beyond the middle the way from the end is shorter.
            keys = _in_order(keys, self._order(arguments, flipped=True)[2])
            first = total - first - size
        else:
            keys = _in_order(keys, order)
        found = session.scalars(keys.limit(size).offset(first)).all()
        return _in_order(self.query.where(key.in_(found)), order)

    def _key(self) -> Any:
        """The key of the table that the rows are of, if that is known and one column.

        Rows of several tables (a union) have no key: their numbers are each table's own.
        """
        table = self.plain.get_final_froms()[0] if self.plain is not None else None
        own = list(table.primary_key) if isinstance(table, sa.Table) else []
        return own[0] if len(own) == 1 else None

    def all_rows(self, session: Session, arguments: Mapping[str, str]) -> Iterator[list[Any]]:
        """Every row of the list as it stands, as plain values, after a first row of headings."""
        ordered = _in_order(self.narrowed(arguments), self._order(arguments)[2])
        yield [str(column.label) for column in self.columns]
        result = session.execute(ordered.execution_options(yield_per=2000))
        for row in result.scalars() if self.entity else result:
            yield [column.plain(row) for column in self.columns]

    def narrowed(self, arguments: Mapping[str, str]) -> sa.Select[Any]:
        """The query as the filters and the search narrow it. Raises InvalidInput for unknown values."""
        return self.query.where(*self._criteria(arguments)[0])

    def counted(self, arguments: Mapping[str, str]) -> sa.Select[Any]:
        """As ``narrowed``, without the tables that are only shown where the filters can do without them."""
        return self._without_joins(self._criteria(arguments)[0])

    def _without_joins(self, criteria: Sequence[Any], order: Sequence[Any] = ()) -> sa.Select[Any]:
        """The query without the tables that are only shown, when no criterion and no order looks into them."""
        if self.plain is None:
            return self.query.where(*criteria)
        looked_into = {table for each in (*criteria, *order) for table in _tables_of(each)}
        plain = self.plain if looked_into <= set(self.plain.get_final_froms()) else self.query
        return plain.where(*criteria)

    def _is_own(self, expression: Any) -> bool:
        """Whether an expression is a column of the list's own table."""
        column = getattr(getattr(expression, "property", None), "columns", [None])[0]
        own = self.plain.get_final_froms() if self.plain is not None else []
        return column is not None and column.table in own

    def _criteria(self, arguments: Mapping[str, str]) -> tuple[list[Any], list[Filter], str | None]:
        criteria: list[Any] = []
        filters = []
        for each in self.filters:
            value = arguments.get(each.name, "").strip()
            if value and each.kind == "choice" and value not in {str(v) for v, _label in each.choices}:
                raise InvalidInput(
                    lazy("“%(value)s” is no choice of this filter.", value=value[:60]), each.name
                )
            if value:
                criteria.append(each.where(value))
            filters.append(Filter(each.name, each.label, each.where, each.kind, each.choices, value))
        text = arguments.get("search", "").strip()[:100] or None
        if text and self.search:
            criteria.append(self.search(text) if callable(self.search) else contains(self.search, text))
        return criteria, filters, text

    def _order(self, arguments: Mapping[str, str], *, flipped: bool = False) -> tuple[str, bool, list[Any]]:
        """What the list is sorted by, whether downward, and the order in SQL; ``flipped`` gives it from the end."""
        by_key = {column.key: column for column in self.columns if column.sortable}
        wanted = arguments.get("sort", "")
        sort = wanted.lstrip("-") if wanted.lstrip("-") in by_key else self.sort
        descending = wanted.startswith("-") if wanted.lstrip("-") in by_key else self.descending
        order = []
        if sort in by_key:
            expressions = by_key[sort].sort
            for each in expressions if isinstance(expressions, list | tuple) else [expressions]:
                ordered = each.desc() if descending is not flipped else each.asc()
                # An index is read backwards only when nothing is said of what is not there.
                if not self._is_always_there(each):
                    ordered = ordered.nulls_first() if flipped else ordered.nulls_last()
                order.append(ordered)
        if self.tie is not None:
            falls = _falls(self.tie) or (self.tie_follows and descending)
            tie = self.tie.element if _falls(self.tie) else self.tie
            order.append(tie.desc() if falls is not flipped else tie)
        return sort, descending, order

    def _is_always_there(self, expression: Any) -> bool:
        """Whether a column is of the list's own table, and never null."""
        return self._is_own(expression) and not expression.property.columns[0].nullable


def _falls(expression: Any) -> bool:
    """Whether an order goes downward."""
    return getattr(expression, "modifier", None) is operators.desc_op


def _tables_of(criterion: Any) -> set[Any]:
    """The tables whose columns a criterion asks for; what a subquery asks is its own affair."""
    found, open_ = set(), [criterion]
    while open_:
        each = open_.pop()
        if isinstance(each, sa.SelectBase | sa.ScalarSelect):
            continue
        if isinstance(each, sa.ColumnClause) and each.table is not None:
            found.add(each.table)
        open_.extend(each.get_children())
    return found


def _in_order(query: sa.Select[Any], order: Sequence[Any]) -> sa.Select[Any]:
    return query.order_by(None).order_by(*order) if order else query


def _counting(query: sa.Select[Any]) -> sa.Select[Any]:
    """How many rows a query has; without a subquery where the rows are not grouped."""
    plain = query.order_by(None).options()
    if plain._group_by_clauses or plain._distinct:
        return sa.select(sa.func.count()).select_from(plain.subquery())
    return plain.with_only_columns(sa.func.count(), maintain_column_froms=True)


def contains(columns: Sequence[Any], text: str) -> Any:
    """A criterion: one of the columns holds the text, without regard to case."""
    pattern = "%" + text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    return sa.or_(*[_Holds(_as_text(column), sa.literal(pattern)) for column in columns])


class _Holds(FunctionElement[bool]):
    """Whether a text has a pattern's form, whatever the case of its letters.

    SQLite's LIKE asks nothing else; what SQLAlchemy writes there makes both sides small first, line by line.
    """

    inherit_cache = True
    type = sa.Boolean()


@compiles(_Holds)
def _holds(element: Any, compiler: Any, **rest: Any) -> str:
    column, pattern = (compiler.process(each, **rest) for each in element.clauses)
    word = "LIKE" if compiler.dialect.name == "sqlite" else "ILIKE"
    escape = compiler.render_literal_value("\\", sa.String())
    return f"{column} {word} {pattern} ESCAPE {escape}"


def _as_text(column: Any) -> Any:
    return column if isinstance(column.type, sa.String) else sa.cast(column, sa.String)


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 1
