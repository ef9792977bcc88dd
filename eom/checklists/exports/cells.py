"""What takes the cells of one column from many documents of answers at once.

Each returns a function from a list of documents to the values of a column: None where nothing was
answered; text, whole numbers and decimals as they are kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import repeat
from typing import Any

import orjson

Documents = list[dict[str, Any]]
Take = Callable[[Documents], Sequence[Any]]
_KEPT = 4096


def _answers(documents: Documents, key: str) -> list[Any]:
    """One answer of each, without a step of the interpreter for each."""
    return list(map(dict.get, documents, repeat(key)))


def plain(key: str) -> Take:
    """The answer as it is kept."""
    return lambda documents: _answers(documents, key)


def labelled(key: str, labels: Mapping[str, str]) -> Take:
    """The words of the choice; what is no choice of the form stays a code."""
    words = labels.get

    def take(documents: Documents) -> Sequence[Any]:
        return [None if code is None else words(code, code) for code in _answers(documents, key)]

    return take


def several(key: str, labels: Mapping[str, str] | None) -> Take:
    """All that was chosen in one cell: codes with spaces between, as they were sent, or words with semicolons."""
    if labels is None:
        return lambda documents: [
            " ".join(chosen) if (chosen := each.get(key)) else None for each in documents
        ]
    kept = _Joined(labels)
    return lambda documents: [
        kept[tuple(chosen)] if (chosen := each.get(key)) else None for each in documents
    ]


def whether(key: str, code: str) -> Take:
    """1 where a code was chosen, 0 where it was not, None where the question was not answered."""

    def take(documents: Documents) -> Sequence[Any]:
        return [None if chosen is None else int(code in chosen) for chosen in _answers(documents, key)]

    return take


def anything(key: str) -> Take:
    """The answer as text whatever it is, as a device writes it."""
    return lambda documents: [as_text(each.get(key)) for each in documents]


def as_text(value: Any) -> str | None:
    """An answer as a device writes it: codes with spaces between, a point as latitude longitude altitude accuracy."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, dict):
        return (
            orjson.dumps([value[part] for part in _POINT if part in value])[1:-1].decode().replace(",", " ")
        )
    if isinstance(value, list):
        separator = ";" if any(isinstance(each, dict) for each in value) else " "
        return separator.join(as_text(each) or "" for each in value)
    return str(value)


_POINT = ("latitude", "longitude", "altitude", "accuracy")


class _Joined(dict[tuple[str, ...], str]):
    """The words of several choices by their codes; a combination that comes often is put together once."""

    def __init__(self, labels: Mapping[str, str]) -> None:
        self.labels = labels

    def __missing__(self, codes: tuple[str, ...]) -> str:
        if len(self) >= _KEPT:
            self.clear()
        self[codes] = text = "; ".join(self.labels.get(code, code) for code in codes)
        return text
