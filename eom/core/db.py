"""The base of every model, named constraints, and how a row is found inside its parent."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from eom.core import clock
from eom.core.errors import NotFound
from eom.core.i18n import lazy
from eom.core.types import UTCDateTime

if TYPE_CHECKING:
    from collections.abc import Iterator

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """What all models share. ``__audited__ = False`` keeps a table out of the audit trail."""

    metadata = sa.MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: UTCDateTime(), date: sa.Date()}
    __audited__: ClassVar[bool] = True
    # Columns that are secret: their change is recorded, their content never.
    __audit_secret__: ClassVar[frozenset[str]] = frozenset()


@sa.event.listens_for(Base, "attribute_instrument", propagate=True)
def _keep_what_was_before(class_: type[Base], _key: str, attribute: Any) -> None:
    """Let an audited column remember its value before a change, also when it has to be read for that.

    A column that a commit has let expire would otherwise be set over, and the trail would not know from what.
    """
    if class_.__audited__ and hasattr(attribute.property, "columns"):
        sa.event.listen(attribute, "set", _nothing_more, active_history=True)


def _nothing_more(*_change: Any) -> None:
    """The listener that has the value before a change loaded; it does no more."""


class Stamped:
    """When the row was made."""

    created_at: Mapped[datetime] = mapped_column(UTCDateTime(), default=clock.now)


M = TypeVar("M", bound=Base)


def get_in(session: Session, model: type[M], id_: Any, **scope: Any) -> M:
    """The row of ``model`` with ``id_`` inside ``scope`` (column=value pairs).

    Raises NotFound when there is none, also when it exists elsewhere: its existence is not told.
    """
    criteria = [getattr(model, name) == value for name, value in scope.items()]
    key = sa.inspect(model).primary_key[0]
    row = session.scalar(sa.select(model).where(key == id_, *criteria))
    if row is None:
        raise NotFound(lazy("There is nothing here, or it is not yours to see."))
    return row


_writes: ContextVar[bool] = ContextVar("eom_writes", default=False)


def intends_to_write() -> bool:
    """Whether the transaction that begins now will write (SQLite then queues it)."""
    return _writes.get()


@contextmanager
def writing(intends: bool = True) -> Iterator[None]:
    """Transactions that begin inside will write (or, with False, will not)."""
    token = _writes.set(intends)
    try:
        yield
    finally:
        _writes.reset(token)
