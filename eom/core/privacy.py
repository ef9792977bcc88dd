"""How delicate each column is: said in the model, read by the audit trail, retention and documentation.

A column says it itself, ``mapped_column(info=classed(DataClass.PERSONAL))``; else it is internal.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from eom.core.db import Base
from eom.core.i18n import lazy
from eom.core.types import Labelled

KEY = "data_class"


class DataClass(Labelled):
    """Who may come to know a value, from everyone to almost nobody (domain.md, section 5)."""

    PUBLIC = "public"
    INTERNAL = "internal"
    PERSONAL = "personal"
    SENSITIVE = "sensitive"

    @classmethod
    def labels(cls) -> dict[str, Any]:
        return {
            "public": lazy("Public"),
            "internal": lazy("Internal"),
            "personal": lazy("Personal"),
            "sensitive": lazy("Sensitive"),
        }

    @property
    def is_guarded(self) -> bool:
        """Whether the audit trail tells that the value changed, but never the value."""
        return self in (DataClass.PERSONAL, DataClass.SENSITIVE)


@dataclass(frozen=True)
class Held:
    """Records of one kind about a person that another domain holds."""

    name: str
    label: Any
    count: int


def classed(data_class: DataClass) -> dict[str, str]:
    """The ``info`` of a column of this class."""
    return {KEY: data_class.value}


def class_of(model: type[Base], name: str) -> DataClass:
    """The class of a model's column, by the name of its attribute."""
    return of_column(model.__mapper__.columns[name])


def of_column(column: Any) -> DataClass:
    """The class of a column."""
    return DataClass(column.info.get(KEY, DataClass.INTERNAL))


def classes() -> dict[str, DataClass]:
    """The class of every column of every model, by ``table.column``."""
    return {
        f"{mapper.class_.__tablename__}.{mapper.columns[attribute.key].name}": class_of(
            mapper.class_, attribute.key
        )
        for mapper in Base.registry.mappers
        for attribute in mapper.column_attrs
    }
