"""Lines written into the ledger by the thousand: straight to the driver, and so their entries in the trail."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from eom.core import audit, bulk, clock
from eom.extensions import db
from eom.finance.models.ledger import Expenditure

PART = 2_000
TABLE: sa.Table = Expenditure.__table__  # type: ignore[assignment]
_PLACES = Decimal(1).scaleb(-8)
Progress = Callable[[int], None]
Row = dict[str, Any]


def row(*, incurred_on: date, rate: Decimal, load_id: int | None, **values: Any) -> Row:
    """A line as the driver takes it: the columns of ``Expenditure`` in one order, ``reverses_id`` or None."""
    given: Row = dict.fromkeys(_NAMES)
    given |= values
    given |= {
        "incurred_on": incurred_on.isoformat(), "fiscal_year": incurred_on.year, "rate": str(rate.quantize(_PLACES)),
        "load_id": load_id, "is_overdrawn": False, "is_demonstration": bool(values.get("is_demonstration")),
        "recorded_by": values.get("recorded_by") or db.session().info.get("actor_name", "system"),
        "created_at": clock.now(),
    }  # fmt: skip
    return given


def write(rows: Sequence[Row], told: Progress = lambda _count: None) -> list[int]:
    """Write lines and their entries in the trail; return their ids in the same order.

    ``told`` hears how many are written. Every line must have its own ``source_reference`` or ``reverses_id``.
    """
    ids: list[int] = []
    with bulk.unswept():
        for start in range(0, len(rows), PART):
            ids += _write(rows[start : start + PART])
            told(len(ids))
    return ids


def _write(part: Sequence[Row]) -> list[int]:
    connection = db.session().connection()
    made = bulk.insert_rows(connection, TABLE, part, returning="id, source_reference, reverses_id")
    by_mark = {(reference, reverses_id): id_ for id_, reference, reverses_id in made}
    ids = [by_mark[each["source_reference"], each["reverses_id"]] for each in part]
    _record(part, ids)
    return ids


def _record(part: Sequence[Row], ids: Sequence[int]) -> None:
    """The entries that the session's listener writes of lines it sees: what each was made with."""
    audit.created_all(
        db.session(),
        TABLE.name,
        (
            (id_, f"{each['voucher']} {each['payee']}", each["mission_id"],
             {name: each[name] for name in _TOLD if each[name] is not None})
            for each, id_ in zip(part, ids, strict=True)
        ),
    )  # fmt: skip


_NAMES = tuple(column.name for column in TABLE.columns if column.name != "id")
_TOLD = tuple(name for name in _NAMES if name != "created_at")
