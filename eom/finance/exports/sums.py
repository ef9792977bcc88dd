"""What the lists of money share: totals, and the mark of invented rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eom.core import i18n
from eom.core.i18n import lazy
from eom.core.listing import Column

Link = Callable[[Any], str]


def sum_up(*keys: str) -> Callable[[Session, sa.Select[Any]], Mapping[str, str]]:
    """A list's totals in US dollars: the sum of each labelled column of its query, written as money.

    The key of the list's column and the label in the query are the same but for ``_cents``.
    """

    def total(session: Session, query: sa.Select[Any]) -> Mapping[str, str]:
        rows = query.order_by(None).subquery()
        sums = [sa.func.coalesce(sa.func.sum(rows.c[f"{key}_cents"]), 0) for key in keys]
        found: Sequence[Any] = session.execute(sa.select(*sums)).one()
        return {key: i18n.money(int(cents)) for key, cents in zip(keys, found, strict=True)}

    return total


def by_name(codes: Sequence[str]) -> list[tuple[str, str]]:
    """Countries as choices of a filter, by their name in the reader's language."""
    return sorted(((c, i18n.country_name(c)) for c in codes), key=lambda pair: i18n.sort_key(pair[1]))


def invented(row_of: Callable[[Any], Any] = lambda row: row[0]) -> Column:
    """The column of files that says which rows were invented for the demonstration."""
    return Column(
        "demonstration",
        lazy("Invented for the demonstration"),
        lambda r: row_of(r).is_demonstration,
        kind="boolean",
    )
