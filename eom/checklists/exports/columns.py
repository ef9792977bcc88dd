"""The columns of a form's answers: those of all its versions, in order, each with how its cells are made.

A column is known by its question's key, and a question that several versions ask is one column. The
newest version gives the order; what only older ones ask stands behind what came before it there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from eom.checklists.export_options import Options
from eom.checklists.exports import cells
from eom.checklists.queries.media import STATIONS
from eom.checklists.xlsform_form import Group, PublishedForm, Question, in_language
from eom.core.spreadsheets import Field, Kind

Take = Callable[[list[dict[str, Any]]], Sequence[Any]]
# What a device records of itself and its owner; the others tell when.
_WHEN = {"start": Kind.STAMP, "end": Kind.STAMP, "today": Kind.DAY}
_KINDS = {
    "integer": Kind.INTEGER,
    "decimal": Kind.DECIMAL,
    "range": Kind.DECIMAL,
    "date": Kind.DAY,
    "dateTime": Kind.STAMP,
    "select_one": Kind.CODE,
    "select_multiple": Kind.CODE,
    "acknowledge": Kind.CODE,
    "geopoint": Kind.PLACE,
    "geotrace": Kind.PLACE,
    "geoshape": Kind.PLACE,
}
_SEVERAL = ("select_multiple", "rank")
Lists = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Column:
    """A column and what takes its cells from a list of documents of answers."""

    field: Field
    take: Take


@dataclass(frozen=True)
class Repeat:
    """A table of the rows of a repeat; ``chain`` are the keys of the repeats around it, and its own last."""

    name: str
    chain: tuple[str, ...]
    columns: tuple[Column, ...]


@dataclass(frozen=True)
class Layout:
    """The columns of the main table and the tables of the repeats. No two names of a table are the same."""

    columns: tuple[Column, ...]
    repeats: tuple[Repeat, ...]


def layout(forms: Sequence[PublishedForm], options: Options, lists: Lists, taken: Iterable[str]) -> Layout:
    """What a form's versions ask, given the newest first; ``lists`` are the labels of attached lists.

    ``taken`` are the names of columns that stand before these.
    """
    chains = _chains(forms)
    asked = _asked(forms, options)
    main = _columns([each for (repeat, _key), each in asked.items() if repeat is None], options, lists, taken)
    repeats = [
        Repeat(
            repeat,
            chain,
            _columns([q for (where, _key), q in asked.items() if where == repeat], options, lists, ()),
        )
        for repeat, chain in chains.items()
    ]
    return Layout(main, tuple(each for each in repeats if each.columns))


def names(forms: Sequence[PublishedForm], options: Options) -> set[str]:
    """The names that columns of answers have as codes: a column of another kind gives way to them."""
    found = {key for _repeat, key in _asked(forms, options)}
    return found | {group.key for form in forms for group in form.groups if group.repeats}


def _chains(forms: Sequence[PublishedForm]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for form in forms:
        repeats = sorted((each for each in form.groups if each.repeats), key=lambda each: len(each.path))
        for group in repeats:
            found.setdefault(group.key, tuple(each.key for each in repeats if _is_around(each, group)))
    return found


def _is_around(outer: Group, inner: Group) -> bool:
    return f"{inner.path}/".startswith(f"{outer.path}/")


def _asked(forms: Sequence[PublishedForm], options: Options) -> dict[tuple[str | None, str], list[Question]]:
    """By repeat and key, in order: the question as each version that has it asks it, the newest first."""
    order: list[tuple[str | None, str]] = []
    found: dict[tuple[str | None, str], list[Question]] = {}
    for form in forms:
        place = 0
        for question in form.questions:
            if question.kind == "note" or (question.kind == "metadata" and not _goes_out(question, options)):
                continue
            key = (question.repeat, question.key)
            if key in found:
                place = order.index(key) + 1
            else:
                order.insert(place, key)
                place += 1
            found.setdefault(key, []).append(question)
    return {key: found[key] for key in order}


def _goes_out(question: Question, options: Options) -> bool:
    """What a device records of its owner goes out only with the people."""
    return options.people or question.name in _WHEN


def _columns(
    asked: Sequence[list[Question]], options: Options, lists: Lists, taken: Iterable[str]
) -> tuple[Column, ...]:
    made: list[Column] = []
    names = set(taken) if not options.language else {name.casefold() for name in taken}
    for questions in asked:
        for name, kind, take in _of(questions, options, lists):
            unique = _unique(name, questions[0].key, names, is_exact=not options.language)
            made.append(Column(Field(unique, kind), take))
    return tuple(made)


def _unique(name: str, key: str, names: set[str], *, is_exact: bool) -> str:
    """A heading that no other column has; a label that comes twice says its question's key."""
    tries = [name, f"{name} ({key})"]
    count = 1
    while True:
        wanted = tries.pop(0) if tries else f"{name} ({key}) {(count := count + 1)}"
        known = wanted if is_exact else wanted.casefold()
        if known not in names:
            names.add(known)
            return wanted


def _of(questions: list[Question], options: Options, lists: Lists) -> list[tuple[str, Kind, Take]]:
    """The column of a question, and with ``splits`` one for each of its choices."""
    question, language = questions[0], options.language
    kinds = {each.kind for each in questions}
    labels = _labels(questions, language, lists) if language else {}
    name = question.label(language) if language else question.key
    if len(kinds) > 1:
        return [(name, Kind.TEXT, cells.anything(question.key))]
    if question.kind not in _SEVERAL:
        kind = (
            _WHEN.get(question.name, Kind.CODE) if question.kind == "metadata" else _KINDS.get(question.kind)
        )
        return [(name, kind or Kind.TEXT, _take(question, labels))]
    found = [(name, Kind.CODE, cells.several(question.key, labels if language else None))]
    if options.splits and question.kind == "select_multiple":
        # The stations of a country are too many for a column each.
        listed = [] if question.list_file == STATIONS else list(labels)
        codes = dict.fromkeys([c.name for each in questions for c in each.choices] or listed)
        for code in codes:
            # A slash, as everyone who has used ODK expects it.
            heading = f"{name} / {labels.get(code) or code}" if language else f"{question.key}/{code}"
            found.append((heading, Kind.INTEGER, cells.whether(question.key, code)))
    return found


def _take(question: Question, labels: Mapping[str, str]) -> Take:
    if question.kind in ("geopoint", "geotrace", "geoshape"):
        return cells.anything(question.key)
    return cells.labelled(question.key, labels) if labels else cells.plain(question.key)


def _labels(questions: list[Question], language: str, lists: Lists) -> dict[str, str]:
    """The words of every choice that any version offers, as the newest says them."""
    found: dict[str, str] = {}
    for question in questions:
        for choice in question.choices:
            found.setdefault(choice.name, in_language(choice.labels, language) or choice.name)
        for code, label in lists.get(question.list_file or "", {}).items():
            found.setdefault(code, label)
    return found
