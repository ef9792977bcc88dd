"""Column types: money in cents, instants in UTC, labelled enumerations, JSON documents."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator


class Labelled(StrEnum):
    """An enumeration whose members carry the words for people.

    A subclass gives ``labels()``: a mapping of value to lazy string.
    """

    @classmethod
    def labels(cls) -> dict[str, Any]:
        """The words for people by value."""
        raise NotImplementedError(cls.__name__)

    @property
    def label(self) -> Any:
        """The words for people, translated when shown."""
        return self.labels()[self.value]

    @classmethod
    def choices(cls) -> list[tuple[str, Any]]:
        """(value, label) pairs in the order of declaration, for a form."""
        return [(member.value, member.label) for member in cls]


class Cents(TypeDecorator[int]):
    """Money as whole cents. Anything that is not an int is refused, so no float can slip in."""

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: sa.Dialect) -> int | None:
        if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
            raise TypeError(f"money is integer cents, not {type(value).__name__}")
        return value

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> int | None:
        return None if value is None else int(value)


class Exact(TypeDecorator[Decimal]):
    """A decimal number kept exactly: NUMERIC, and text on SQLite, which would make it a float."""

    impl = sa.Numeric
    cache_ok = True

    def __init__(self, precision: int, scale: int) -> None:
        super().__init__(precision, scale)
        self.precision, self.scale = precision, scale

    def load_dialect_impl(self, dialect: sa.Dialect) -> Any:
        return dialect.type_descriptor(
            sa.String(40) if dialect.name == "sqlite" else sa.Numeric(self.precision, self.scale)
        )

    def process_bind_param(self, value: Any, dialect: sa.Dialect) -> Any:
        if value is None:
            return None
        if not isinstance(value, Decimal | int) or isinstance(value, bool):
            raise TypeError(f"an exact number is a Decimal, not {type(value).__name__}")
        exact = Decimal(value).quantize(Decimal(1).scaleb(-self.scale))
        return str(exact) if dialect.name == "sqlite" else exact

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> Decimal | None:
        return None if value is None else Decimal(value)


class UTCDateTime(TypeDecorator[datetime]):
    """An instant, stored in UTC. A value without a zone is refused."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise TypeError("an instant needs its zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def JSONDocument() -> sa.types.TypeEngine[Any]:  # noqa: N802 - reads as a type where it is used
    """A JSON document; JSONB on PostgreSQL."""
    return sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def one_of(enumeration: type[Labelled], length: int = 40, name: str = "") -> sa.Enum:
    """A column that holds a member of ``enumeration`` as text, checked by the database.

    ``name`` is that of the constraint, for a table with two such columns.
    """
    name = name or "".join("_" + c.lower() if c.isupper() else c for c in enumeration.__name__).lstrip("_")
    return sa.Enum(
        enumeration,
        native_enum=False,
        create_constraint=True,
        length=length,
        name=name,
        values_callable=lambda members: [member.value for member in members],
    )
