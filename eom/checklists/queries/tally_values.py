"""The values that were answered to a question, and how often each comes in each group, in SQL."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from itertools import repeat
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from eom.checklists.models.submission import Submission
from eom.checklists.queries.tally_groups import Grouping
from eom.checklists.xlsform_form import Question


@dataclass(frozen=True)
class Counted:
    """A question whose answers are counted, and the keys of the repeats that it stands in, outermost first."""

    question: Question
    repeats: tuple[str, ...] = ()


def chosen_in(question: Question, text: str) -> tuple[str, ...]:
    """The choices that a value stands for."""
    if question.kind not in ("select_multiple", "rank"):
        return (text,)
    try:
        listed = json.loads(text)
    except ValueError:
        return (text,)
    return tuple(map(str, listed)) if isinstance(listed, list) else (text,)


def answers_of(session: Session, asked: Counted) -> tuple[list[Any], sa.ColumnElement[Any]]:
    """The rows of the repeats that a question stands in, one within the other, and its answer as text."""
    if not asked.repeats:
        return [], answered_text(asked.question.key)
    is_postgresql = session.get_bind().dialect.name == "postgresql"
    sources: list[Any] = []
    document: Any = Submission.answers
    for number, key in enumerate(asked.repeats):
        rows = _rows_on_postgresql(document, key) if is_postgresql else _rows_on_sqlite(document, key)
        sources.append(rows.alias(f"row_{number}"))
        document = sources[-1].c.value
    if is_postgresql:
        return sources, document.op("->>")(asked.question.key)
    return sources, sa.func.json_extract(document, _path(asked.question.key))


def _rows_on_postgresql(document: Any, repeat: str) -> Any:
    listed = document.op("->")(repeat)
    rows = sa.case((sa.func.jsonb_typeof(listed) == "array", listed), else_=sa.cast(sa.literal("[]"), JSONB))
    return sa.func.jsonb_array_elements(rows, type_=JSONB).table_valued(sa.column("value", JSONB))


def _rows_on_sqlite(document: Any, repeat: str) -> Any:
    return sa.func.json_each(document, _path(repeat)).table_valued("value")


def _path(key: str) -> str:
    return f"$.{json.dumps(key)}"


def answered_text(key: str) -> sa.ColumnElement[Any]:
    """The answer to a question outside repeats, as text."""
    return Submission.answers[key].as_string()


def how_often(session: Session, query: sa.Select[Any], by: Grouping) -> dict[tuple[Any, ...], int]:
    """How often each row of answers comes in each group; those where one is null are left out.

    ``query`` has the columns of ``by``, then the answers. They are counted here: to group them in SQL, SQLite
    would sort the rows with their documents, and so would PostgreSQL, which cannot know how few answers there
    are.
    """
    count = len(by.columns)
    told = as_lists(session, query, texts_from=count)
    groups = map(by.group_of, *told[:count]) if count else repeat(by.group_of(), len(told[0]))
    counts = Counter(zip(groups, *told[count:], strict=True))
    return {row: number for row, number in counts.items() if None not in row[1:]}


def as_lists(session: Session, query: sa.Select[Any], *, texts_from: int) -> list[list[Any]]:
    """The columns of a query, each as one list: to hand over a row costs more than to read it.

    Those from the number ``texts_from`` on come as text. A document is read once, in the order in which they lie.
    """
    names = [f"column_{number}" for number, _column in enumerate(query.selected_columns)]
    named = (column.label(name) for name, column in zip(names, query.selected_columns, strict=True))
    rows = list(query.with_only_columns(*named, maintain_column_froms=True).subquery().c)
    columns = [*rows[:texts_from], *map(_as_text, rows[texts_from:])]
    as_list = (
        sa.func.json_agg if session.get_bind().dialect.name == "postgresql" else sa.func.json_group_array
    )
    lists = (
        session.connection().execute(sa.select(*(sa.cast(as_list(each), sa.Text) for each in columns))).one()
    )
    return [orjson.loads(each or "[]") for each in lists]


def _as_text(column: Any) -> Any:
    """A value as text. SQLite remembers of a list that it is JSON, until something is added to it."""
    return sa.type_coerce(column, sa.Text).concat("")
