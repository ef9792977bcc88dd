"""The sheets of an XLSForm as rows of text, and how their columns and types are called."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from eom.core.errors import RowError

Sheet = list[dict[str, str]]

_COLUMN_ALIASES = {
    "relevance": "relevant",
    "calculate": "calculation",
    "read_only": "readonly",
    "list name": "list_name",
    "count": "repeat_count",
    "jr:count": "repeat_count",
    "value": "name",
}
# Ways to write a type, with the usual one; spaces and dashes are made plain before.
_KIND_ALIASES = {
    "select1": "select_one",
    "select_one_from": "select_one",
    "select_all_that_apply": "select_multiple",
    "select_all_that_apply_from": "select_multiple",
    "select_all_that_apply_using": "select_multiple",
    "select_one_using": "select_one",
    "select_multiple_using": "select_multiple",
    "int": "integer",
    "string": "text",
    "trigger": "acknowledge",
    "photo": "image",
    "picture": "image",
    "gps": "geopoint",
    "location": "geopoint",
    "date_time": "datetime",
    "uri:phonenumber": "phonenumber",
    "phone_number": "phonenumber",
    "get_phone_number": "phonenumber",
    "uri:email": "email",
    "sim_id": "simserial",
    "uri:simserial": "simserial",
    "subscriber_id": "subscriberid",
    "uri:subscriberid": "subscriberid",
}
SELECTS = frozenset({"select_one", "select_multiple", "rank"})
FILE_SELECTS = frozenset({"select_one_from_file", "select_multiple_from_file"})
BLOCKS = frozenset({"group", "repeat", "loop"})


def column(heading: str) -> str:
    """A heading of a sheet as XLSForm calls it; a language stays behind ``::``."""
    word = heading.strip().lower().replace(" ", "_")
    return _COLUMN_ALIASES.get(word, word)


def cell(row: dict[str, str], name: str) -> str:
    """The text of a row under a column, whatever its case; empty when there is none."""
    return next((text for heading, text in row.items() if column(heading) == name), "")


def told_in(row: dict[str, str], name: str) -> bool:
    """Whether a row has a text under a column in any language (``label``, ``label::Español (es)``)."""
    return any(column(heading).replace("::", ":").split(":")[0] == name for heading in row)


def words_of_type(row: dict[str, str]) -> list[str]:
    """The type of a row and what follows it: ``select_one``, the list, ``or_other``."""
    words = cell(row, "type").split()
    for length in (5, 4, 3, 2):
        joined = "_".join(words[:length]).lower()
        if joined in _KIND_ALIASES or joined in SELECTS | FILE_SELECTS | {"select_one_external"}:
            return [_KIND_ALIASES.get(joined, joined), *words[length:]]
    if words:
        first = words[0].lower()
        words[0] = _KIND_ALIASES.get(first, first)
    return words


def kind_of(row: dict[str, str]) -> str:
    """The type of a row in the usual way of writing; empty for a row without one."""
    return next(iter(words_of_type(row)), "")


def survey_rows(sheets: dict[str, Sheet]) -> Iterator[tuple[int, dict[str, str]]]:
    """(row number, row) of each row of the survey sheet that has a type."""
    for number, row in enumerate(sheets.get("survey", []), 2):
        if cell(row, "type") and row.get("disabled", "").lower() not in ("yes", "true"):
            yield number, row


def at(sheet: str, row: int | None, heading: str | None, value: str | None, expected: Any) -> RowError:
    """A fault or a warning at a cell of a sheet."""
    return RowError(row, f"{sheet} · {heading}" if heading else sheet, value, expected)
