"""Submissions as tables: the main one, and one for each repeat, in blocks of columns."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import orjson
from sqlalchemy.orm import Session

from eom.checklists.export_options import Options
from eom.checklists.exports import facts
from eom.checklists.exports.columns import Layout, Lists, Repeat, layout, names
from eom.checklists.models.form import Form
from eom.checklists.models.submission import Submission
from eom.checklists.queries import exporting
from eom.checklists.queries.list_labels import labels_of_lists
from eom.checklists.queries.media import Store
from eom.core.spreadsheets import Field, Head, Kind
from eom.missions.models.mission import Mission

Columns = list[Sequence[Any]]
Progress = Callable[[int], None]
# Blocks after which cycles are looked for.
LOOK_EVERY = 100


@dataclass(frozen=True)
class Block:
    """Some thousand submissions: the columns of the main table, and the answers as they are kept."""

    columns: Columns
    documents: list[dict[str, Any]]


class Source:
    """The submissions that go out, as the database gives them, made into blocks."""

    def __init__(
        self, session: Session, store: Store, mission: Mission, form: Form, query: exporting.Chosen, options: Options
    ) -> None:  # fmt: skip
        self.session, self.mission, self.form = session, mission, form
        self.query, self.options, self.store = query, options, store
        self.forms = exporting.definitions(session, form)
        self.facts = facts.facts(session, mission, form, options, self.forms)
        self.fact_fields = facts.fields(self.facts, options, names(self.forms, options))

    @cached_property
    def layout(self) -> Layout:
        """The columns of answers."""
        taken = [field.name for field in self.fact_fields]
        return layout(self.forms, self.options, self._lists(), taken)

    @cached_property
    def heads(self) -> list[Head]:
        """The main table, and those of the repeats."""
        answers = [column.field for column in self.layout.columns]
        main = Head(self.form.form_id, (*self.fact_fields, *answers))
        return [main, *(Head(each.name, tuple(self._heading(each))) for each in self.layout.repeats)]

    def blocks(self) -> Iterator[Block]:
        """All submissions, some thousand at a time."""
        selected = [*facts.columns_of(self.facts), exporting.text_of(self.session, Submission.answers)]
        with _collector_waits() as look:
            for number, batch in enumerate(exporting.batches(self.session, self.query, selected), 1):
                yield self._block(batch)
                if number % LOOK_EVERY == 0:
                    look()

    def _block(self, rows: Sequence[Any]) -> Block:
        *known, answers = zip(*rows, strict=True)
        documents = list(map(orjson.loads, answers))
        columns: Columns = [
            fact.make(values) if fact.make else values for fact, values in zip(self.facts, known, strict=True)
        ]
        columns += [column.take(documents) for column in self.layout.columns]
        return Block(columns, documents)

    def rows_of(self, repeat: Repeat, block: Block) -> Columns | None:
        """The rows of a repeat in a block: instance id, numbers from 1, answers; None without any."""
        found: list[tuple[Any, ...]] = []
        inner: list[dict[str, Any]] = []
        for instance_id, document in zip(block.columns[0], block.documents, strict=True):
            for numbers, row in _rows(document, repeat.chain):
                found.append((instance_id, *numbers))
                inner.append(row)
        if not found:
            return None
        return [*zip(*found, strict=True), *(column.take(inner) for column in repeat.columns)]

    def _heading(self, repeat: Repeat) -> Iterator[Field]:
        taken = {column.field.name for column in repeat.columns}
        for name, kind in [
            ("instance_id", Kind.TEXT),
            *((f"{k}_number", Kind.INTEGER) for k in repeat.chain),
        ]:
            yield Field(f"submission_{name}" if name in taken else name, kind)
        yield from (column.field for column in repeat.columns)

    def _lists(self) -> Lists:
        if not self.options.language:
            return {}
        return labels_of_lists(self.session, self.store, self.mission, self.form)


@contextmanager
def _collector_waits() -> Iterator[Callable[[], object]]:
    """Inside, nobody looks for cycles by himself: documents of JSON have none, and looking takes half the time.

    What is given looks at what is young, which others may have left meanwhile.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield partial(gc.collect, 1)
    finally:
        if was_on:
            gc.enable()


def _rows(
    document: dict[str, Any], chain: tuple[str, ...], numbers: tuple[int, ...] = ()
) -> Iterator[tuple[tuple[int, ...], dict[str, Any]]]:
    if not chain:
        yield numbers, document
        return
    for number, row in enumerate(document.get(chain[0], ()), 1):
        yield from _rows(row, chain[1:], (*numbers, number))
