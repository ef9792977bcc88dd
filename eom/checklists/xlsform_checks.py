"""Looks through the sheets of an XLSForm for what cannot be, so that all of it is told at once.

pyxform stops at the first fault that it meets, and tells it in English; these are the usual ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from eom.checklists.xlsform_expressions import fault_of
from eom.checklists.xlsform_sheets import (
    BLOCKS,
    FILE_SELECTS,
    SELECTS,
    Sheet,
    at,
    cell,
    column,
    kind_of,
    survey_rows,
    told_in,
    words_of_type,
)  # fmt: skip
from eom.core.errors import RowError
from eom.core.i18n import lazy

EXPRESSIONS = (
    "relevant",
    "constraint",
    "calculation",
    "required",
    "readonly",
    "choice_filter",
    "repeat_count",
)
_TRUTH = frozenset({"", "yes", "no", "true", "false", "true()", "false()"})
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_NAME = re.compile(r"[^\W\d][\w.-]*")
_FILE = re.compile(r".+\.(csv|geojson|xml)", re.IGNORECASE)
_LIST_SHEETS = ("choices", "external_choices")
# Rows that need no name: pyxform gives one.
_NAMELESS = frozenset({"note", "audit", "group", "repeat", "loop"})
# Rows that ask a person, which must say what; a group need not.
_ASKING = frozenset(
    {
        "text", "integer", "decimal", "select_one", "select_multiple", "rank", "range", "date", "time", "geopoint",
        "geotrace", "geoshape", "image", "audio", "video", "file", "note", "acknowledge", "barcode", "datetime",
        *FILE_SELECTS,
    }
)  # fmt: skip
_TEXTS = ("label", "image", "audio", "video", "media", "hint", "guidance_hint", "caption", "big-image")


def faults_of(sheets: dict[str, Sheet]) -> Iterator[RowError]:
    """Every fault, by sheet and row: what cannot be written in XML, then names, types, lists, expressions."""
    yield from _unwritable(sheets)
    yield from _names(sheets)
    yield from _types(sheets)
    yield from _blocks(sheets)
    yield from _choices(sheets)
    yield from _expressions(sheets)


def _unwritable(sheets: dict[str, Sheet]) -> Iterator[RowError]:
    for sheet, rows in sheets.items():
        for number, row in enumerate(rows, 2):
            for heading, text in row.items():
                if _NOT_XML.search(text) or _NOT_XML.search(heading):
                    shown = _NOT_XML.sub("?", text)
                    yield at(
                        sheet,
                        number,
                        _NOT_XML.sub("?", heading),
                        shown,
                        lazy("Text without control characters"),
                    )


def _names(sheets: dict[str, Sheet]) -> Iterator[RowError]:
    """Names that are missing, are no names, or stand twice in one group."""
    place: list[int] = []
    seen: dict[tuple[tuple[int, ...], str], int] = {}
    for number, row in survey_rows(sheets):
        kind, name = kind_of(row), cell(row, "name")
        if _ends(row):
            place = place[:-1]
            continue
        if not name and kind not in _NAMELESS and not _begins(row):
            yield at("survey", number, "name", "", lazy("A name, by which the answer is known in the data"))
        elif name and not _NAME.fullmatch(name):
            yield at(
                "survey", number, "name", name,
                lazy("A letter or _, then letters, digits, _, - or ., without spaces"),
            )  # fmt: skip
        elif name:
            first = seen.setdefault((tuple(place), name.lower()), number)
            if first != number:
                yield at(
                    "survey", number, "name", name,
                    lazy("A name that stands once in its group: row %(row)s has it", row=first),
                )  # fmt: skip
        if _begins(row):
            place = [*place, number]


def _types(sheets: dict[str, Sheet]) -> Iterator[RowError]:
    """Types that XLSForm does not have, lists that are not there, questions that ask nothing."""
    from pyxform.question_type_dictionary import QUESTION_TYPE_DICT  # type: ignore[import-untyped]

    lists = _lists(sheets)
    for number, row in enumerate(sheets["survey"], 2):
        if cell(row, "name") and not cell(row, "type"):
            yield at("survey", number, "type", "", lazy("The type of the question, as text or integer"))
    for number, row in survey_rows(sheets):
        if _begins(row) or _ends(row):
            continue
        words, written = words_of_type(row), cell(row, "type")
        kind = words[0]
        if kind in SELECTS | FILE_SELECTS | {"select_one_external"}:
            yield from _list_of(number, words, lists, written)
        elif written not in QUESTION_TYPE_DICT and kind not in _plain_types(QUESTION_TYPE_DICT):
            yield at(
                "survey", number, "type", written,
                lazy("A type that XLSForm has, as text, integer, select_one or image"),
            )  # fmt: skip
            continue
        if (
            kind in _ASKING
            and not any(told_in(row, each) for each in _TEXTS)
            and not cell(row, "calculation")
        ):
            yield at("survey", number, "label", "", lazy("The words of the question"))


def _plain_types(known: Any) -> frozenset[str]:
    return frozenset(each.lower().replace(" ", "_") for each in known) | {
        "datetime",
        "calculate",
        "hidden",
        "range",
    }


def _list_of(number: int, words: list[str], lists: dict[str, set[str]], written: str) -> Iterator[RowError]:
    kind, name = words[0], words[1] if len(words) > 1 else ""
    if not name:
        yield at("survey", number, "type", written, lazy("The name of a list behind %(type)s", type=kind))
    elif kind in FILE_SELECTS:
        if not _FILE.fullmatch(name):
            yield at("survey", number, "type", written, lazy("A file that ends in .csv, .geojson or .xml"))
    elif kind == "select_one_external":
        if name not in lists["external_choices"]:
            yield at("survey", number, "type", written, _no_list(name, "external_choices"))
    elif name not in lists["choices"] and not name.startswith("${"):
        yield at("survey", number, "type", written, _no_list(name, "choices"))


def _no_list(name: str, sheet: str) -> Any:
    return lazy("A list of the sheet “%(sheet)s”: there is no “%(name)s”", sheet=sheet, name=name)


def _lists(sheets: dict[str, Sheet]) -> dict[str, set[str]]:
    return {
        sheet: {name for row in sheets.get(sheet, []) if (name := cell(row, "list_name"))}
        for sheet in _LIST_SHEETS
    }


def _blocks(sheets: dict[str, Sheet]) -> Iterator[RowError]:
    """Groups and repeats that do not close, or close what is not open."""
    opened: list[tuple[int, str, str]] = []
    for number, row in survey_rows(sheets):
        written = cell(row, "type")
        if _begins(row):
            opened.append((number, _block(row), written))
        elif _ends(row):
            if not opened or opened[-1][1] != _block(row):
                yield at("survey", number, "type", written, lazy("An end for a group or repeat that is open"))
            else:
                opened.pop()
    for number, _kind, written in opened:
        yield at("survey", number, "type", written, lazy("A group or repeat that is ended further down"))


def _choices(sheets: dict[str, Sheet]) -> Iterator[RowError]:
    """Choices without a list, without a code, or with a code that their list has already."""
    duplicates = any(
        cell(row, "allow_choice_duplicates").lower() in ("yes", "true", "true()")
        for row in sheets.get("settings", [])
    )
    seen: dict[tuple[str, str], int] = {}
    for number, row in enumerate(sheets.get("choices", []), 2):
        name, code = cell(row, "list_name"), cell(row, "name")
        if not name or not row:
            continue
        if not code:
            yield at("choices", number, "name", "", lazy("A code, by which the choice is known in the data"))
            continue
        first = seen.setdefault((name, code), number)
        if first != number and not duplicates:
            yield at(
                "choices", number, "name", code,
                lazy("A code that stands once in its list: row %(row)s has it", row=first),
            )  # fmt: skip


def _expressions(sheets: dict[str, Sheet]) -> Iterator[RowError]:
    """Every expression that a device could not evaluate."""
    survey = sheets["survey"]
    names = frozenset(name for row in survey if (name := cell(row, "name")))
    for number, row in survey_rows(sheets):
        for heading, text in row.items():
            if _is_expression(heading, text) and (expected := fault_of(text, names)) is not None:
                yield at("survey", number, heading, text, expected)
    for number, row in enumerate(sheets.get("settings", []), 2):
        text = cell(row, "instance_name")
        if text and (expected := fault_of(text, names)) is not None:
            yield at("settings", number, "instance_name", text, expected)


def _is_expression(heading: str, text: str) -> bool:
    word = column(heading)
    if word.startswith("bind::"):
        word = column(word.removeprefix("bind::"))
    return word in EXPRESSIONS and text.strip().lower() not in _TRUTH


def _begins(row: dict[str, str]) -> bool:
    return _first(row) == "begin" and bool(_block(row))


def _ends(row: dict[str, str]) -> bool:
    return _first(row) == "end" and bool(_block(row))


def _words(row: dict[str, str]) -> list[str]:
    return cell(row, "type").lower().replace("_", " ").split()


def _first(row: dict[str, str]) -> str:
    return next(iter(_words(row)), "")


def _block(row: dict[str, str]) -> str:
    """``group``, ``repeat`` or ``loop`` for a row that begins or ends one; else empty."""
    words = _words(row)[1:]
    if words == ["looped", "group"] or words == ["lgroup"]:
        return "repeat"
    return words[0] if words and words[0] in BLOCKS and (len(words) == 1 or words[0] == "loop") else ""
