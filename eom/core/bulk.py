"""Rows written in one statement, however many, and questions asked often: spoken to the driver itself.

The ORM and even Core cost more on the busiest path than the database does. What is written here passes no
listener of the session: whoever uses it records in the audit trail what was written.
"""

from __future__ import annotations

import base64
import gc
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime
from enum import Enum
from functools import lru_cache
from types import NoneType
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import psycopg
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

DIALECTS: dict[str, sa.Dialect] = {"postgresql": psycopg.dialect(), "sqlite": sqlite.dialect()}


def insert_rows(
    connection: sa.Connection,
    table: sa.Table,
    rows: Sequence[Mapping[str, Any]],
    *,
    conflict: str = "",
    returning: str = "",
    ahead: tuple[str, tuple[Any, ...]] | None = None,
) -> list[tuple[Any, ...]]:
    """Insert rows that name the same columns; return what ``returning`` asks of those that were written.

    ``conflict`` is the ``ON CONFLICT`` clause, ``ahead`` a change of another table in the same go. On PostgreSQL all go as one JSON document in one statement, on
    SQLite one by one. Values are as the models hold them; a NUL, which no text on PostgreSQL can hold, must
    have been taken away before.
    """
    if not rows:
        return []
    names = tuple(rows[0])
    with _speaking(connection) as cursor:
        if connection.dialect.name == "postgresql":
            statement, values = _as_document(table, names, conflict, returning), (_encoded(rows),)
            if ahead:
                statement, values = f"WITH ahead AS ({ahead[0]}) {statement}", ahead[1] + values
            cursor.execute(statement, values)
            return list(cursor.fetchall()) if returning else []
        if ahead:
            cursor.execute(ahead[0].replace("%s", "?"), ahead[1])
        statement = _one_by_one(table, names, conflict, returning)
        told: list[tuple[Any, ...]] = []
        for row in rows:
            kept = [row[name] for name in names]
            kept = [each if type(each) in _KEPT_AS_IT_IS else _as_kept(each) for each in kept]
            found = cursor.execute(statement, kept)
            told += found.fetchall() if returning else []
        return told


@contextmanager
def unswept() -> Iterator[None]:
    """Inside, Python does not look for circles of garbage: where much is made and kept, it would find none.

    A nested or a concurrent use ends with the first that ends, which costs time and nothing else.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


_AHEAD = "eom_ahead"


@contextmanager
def ahead(connection: sa.Connection) -> Iterator[None]:
    """Statements spoken to the driver inside are sent without waiting for the one before, on PostgreSQL.

    Each waits only when its rows are read; at the latest the end of the block does, and raises what went wrong.
    As soon as SQLAlchemy itself executes something the statements wait for each other again.
    """
    if connection.dialect.name != "postgresql":
        yield
        return
    with ExitStack() as opened:
        opened.enter_context(_translating(connection))
        opened.enter_context(connection.connection.driver_connection.pipeline())  # type: ignore[union-attr]
        connection.info[_AHEAD] = opened
        try:
            yield
        finally:
            connection.info.pop(_AHEAD, None)


@sa.event.listens_for(sa.Engine, "before_cursor_execute")
def _no_more_ahead(connection: sa.Connection, *_call: Any) -> None:
    # SQLAlchemy reads what a cursor came to at once.
    if (opened := connection.info.pop(_AHEAD, None)) is not None:
        opened.close()


@contextmanager
def _speaking(connection: sa.Connection) -> Iterator[Any]:
    """A cursor of the driver, whose errors come as SQLAlchemy's."""
    with _translating(connection), closing(connection.connection.cursor()) as cursor:
        yield cursor


@contextmanager
def _translating(connection: sa.Connection) -> Iterator[None]:
    """Errors of the driver come as SQLAlchemy's."""
    try:
        yield
    except connection.dialect.loaded_dbapi.Error as error:
        raise sa.exc.DBAPIError.instance(
            None, None, error, connection.dialect.loaded_dbapi.Error, dialect=connection.dialect
        ) from error


@lru_cache(maxsize=64)
def _as_document(table: sa.Table, names: tuple[str, ...], conflict: str, returning: str) -> str:
    dialect = DIALECTS["postgresql"]
    types = {name: table.c[name].type.dialect_impl(dialect) for name in names}
    binary = {name for name, kind in types.items() if isinstance(kind, sa.LargeBinary)}
    # JSON that is no JSONB keeps its text, byte for byte: it comes as text.
    as_text = {name for name, kind in types.items() if isinstance(kind, sa.JSON)} - {
        name for name, kind in types.items() if isinstance(kind, postgresql.JSONB)
    }
    taken = {
        **{name: f"decode({name}, 'base64')" for name in binary},
        **{name: f"{name}::json" for name in as_text},
    }
    shape = ", ".join(
        f"{name} {'TEXT' if name in binary | as_text else types[name].compile(dialect)}" for name in names
    )
    taken_in_order = ", ".join(taken.get(name, name) for name in names)
    values = f"SELECT {taken_in_order} FROM json_to_recordset(%s) AS row({shape})"  # noqa: S608 - as below
    return _insertion(table, names, values, conflict, returning)


@lru_cache(maxsize=64)
def _one_by_one(table: sa.Table, names: tuple[str, ...], conflict: str, returning: str) -> str:
    return _insertion(table, names, f"VALUES ({', '.join('?' * len(names))})", conflict, returning)


def _insertion(table: sa.Table, names: tuple[str, ...], values: str, conflict: str, returning: str) -> str:
    # Names of tables and columns of the models only; every value is a parameter.
    statement = f"INSERT INTO {table.name} ({', '.join(names)}) {values} {conflict}"
    return f"{statement} RETURNING {returning}" if returning else statement


def _encoded(rows: Sequence[Mapping[str, Any]]) -> str:
    try:
        return orjson.dumps(rows, default=_plain, option=orjson.OPT_NON_STR_KEYS).decode()
    except TypeError:
        # An integer beyond 64 bits.
        return json.dumps(rows, default=_plain, ensure_ascii=False)


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is no value of a column")


_KEPT_AS_IT_IS = frozenset({str, int, float, bool, bytes, NoneType})


def _as_kept(value: Any) -> Any:
    """A value as SQLAlchemy keeps it in SQLite."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, dict | list):
        return json.dumps(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ", timespec="microseconds")
    return value


class _Among(FunctionElement[bool]):
    """Whether a text is one of a list that is one parameter: the statement is the same for every length."""

    inherit_cache = True
    type = sa.Boolean()


@compiles(_Among, "postgresql")
def _among_on_postgresql(element: Any, compiler: Any, **rest: Any) -> str:
    column, values = (compiler.process(each, **rest) for each in element.clauses)
    return f"{column} = ANY(CAST({values} AS TEXT[]))"


@compiles(_Among, "sqlite")
def _among_on_sqlite(element: Any, compiler: Any, **rest: Any) -> str:
    column, values = (compiler.process(each, **rest) for each in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({values}))"  # noqa: S608 - places of parameters


def among(column: Any, name: str) -> sa.ColumnElement[bool]:
    """Whether a text column is one of the list that a ``Question`` is asked with as ``name``."""
    return _Among(column, sa.bindparam(name, type_=sa.types.NullType()))


def _asked(value: Any) -> Any:
    return json.dumps(value) if isinstance(value, list) else value


class Question:
    """A ``select`` that is asked often: compiled once, its rows plain tuples of the types of its columns."""

    def __init__(self, statement: sa.Select[*tuple[Any, ...]]) -> None:
        self.statement = statement
        self.names = tuple(column.name for column in statement.selected_columns)
        self._forms: dict[str, tuple[str, tuple[str, ...] | None, list[tuple[int, Any]]]] = {}

    def ask(
        self, connection: sa.Connection, asked: Sequence[Mapping[str, Any]]
    ) -> list[list[dict[str, Any]]]:
        """For each set of values the rows by the names of their columns, all in one go to the server.

        Values must be of types that the driver knows, or lists of texts for ``among``.
        """
        name = connection.dialect.name
        text, places, processors = self._forms.get(name) or self._compile(name)
        given = [[_asked(values[each]) for each in places] if places else values for values in asked]
        with ExitStack() as opened:
            if name == "postgresql" and len(given) > 1:
                opened.enter_context(connection.connection.driver_connection.pipeline())  # type: ignore[union-attr]
            cursors = [opened.enter_context(_speaking(connection)) for _each in given]
            for cursor, values in zip(cursors, given, strict=True):
                cursor.execute(text, values)
            return [[self._row(row, processors) for row in cursor.fetchall()] for cursor in cursors]

    def _row(self, row: Sequence[Any], processors: list[tuple[int, Any]]) -> dict[str, Any]:
        told = dict(zip(self.names, row, strict=True))
        for place, process in processors:
            told[self.names[place]] = process(row[place])
        return told

    def _compile(self, name: str) -> tuple[str, tuple[str, ...] | None, list[tuple[int, Any]]]:
        dialect = DIALECTS[name]
        compiled = self.statement.compile(dialect=dialect)
        processors = [
            (place, process)
            for place, column in enumerate(self.statement.selected_columns)
            if (process := column.type.dialect_impl(dialect).result_processor(dialect, None)) is not None
        ]
        places = tuple(compiled.positiontup) if compiled.positional and compiled.positiontup else None
        self._forms[name] = (compiled.string, places, processors)
        return self._forms[name]
