"""What of an XLSForm the browser cannot show, told when the form is loaded.

Read from the source of ODK Web Forms 0.22 and tried with it. ODK Collect shows all of it: these are
warnings and no errors.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from eom.checklists.xlsform_sheets import Sheet, at, cell, kind_of, survey_rows
from eom.core.errors import RowError
from eom.core.i18n import lazy

_NO_ANSWER = lazy("The browser cannot take this answer; ODK Collect can.")
_NOT_RECORDED = lazy("The browser does not record this; ODK Collect does.")
_AS_TEXT = lazy("The browser shows a plain box of text for this; ODK Collect helps to answer it.")
_TYPES: dict[str, Any] = {
    "osm": _NO_ANSWER, "username": _NOT_RECORDED, "audit": _NOT_RECORDED, "background-audio": _NOT_RECORDED,
    "phonenumber": _NOT_RECORDED, "email": _NOT_RECORDED, "simserial": _NOT_RECORDED,
    "subscriberid": _NOT_RECORDED, "barcode": _AS_TEXT, "datetime": _AS_TEXT, "select_one_external": _AS_TEXT,
}  # fmt: skip
# Words of the column "appearance" that are passed over, by the kinds of question where they have a meaning.
_APPEARANCES = {
    "select_one": {"image-map"},
    "select_one_from_file": {"image-map"},
    "select_multiple": {"image-map", "map"},
    "select_multiple_from_file": {"image-map", "map"},
    "range": {"picker"},
    "image": {"annotate", "draw", "signature", "new", "new-front", "front", "hidden-answer"},
    "audio": {"new"},
    "video": {"new", "front"},
    "text": {"url", "printer", "hidden-answer"},
    "integer": {"bearing", "counter"},
    "decimal": {"bearing"},
    "barcode": {"front", "hidden-answer"},
    "geopoint": {"hidden-answer"},
    "date": {
        "no-calendar", "month-year", "year", "ethiopian", "coptic", "islamic", "bikram-sambat", "myanmar", "persian",
    },
}  # fmt: skip
_APP = re.compile(r"(?:^|\s)(?:ex|intent|printer):", re.IGNORECASE)
_LAST_SAVED = re.compile(r"\$\{\s*last-saved#")
# What the XForms specification has and the browser's engine has not.
MISSING_FUNCTIONS = frozenset(
    {"base64-encode", "extract-signed", "geohash", "intersects", "property", "thousands-sep", "version"}
)
_CALL = re.compile(r"([A-Za-z_][\w.-]*)\s*\(")


def warnings_of(sheets: dict[str, Sheet]) -> list[RowError]:
    """Each question, wish or expression that the browser passes over, with its row and column."""
    return [
        warning
        for number, row in survey_rows(sheets)
        for warning in (*_of_type(number, row), *_of_appearance(number, row), *_of_expressions(number, row))
    ]


def _of_type(number: int, row: dict[str, str]) -> Iterator[RowError]:
    if told := _TYPES.get(kind_of(row)):
        yield at("survey", number, "type", f"{cell(row, 'type')} {cell(row, 'name')}".strip(), told)


def _of_appearance(number: int, row: dict[str, str]) -> Iterator[RowError]:
    wish = cell(row, "appearance")
    if not wish:
        return
    if _APP.search(f" {wish}"):
        yield at(
            "survey", number, "appearance", wish,
            lazy("The browser opens no other application; ODK Collect does."),
        )  # fmt: skip
        return
    for word in sorted(set(wish.lower().split()) & _APPEARANCES.get(kind_of(row), set())):
        yield at(
            "survey", number, "appearance", word,
            lazy("The browser passes over this appearance and asks the question plainly."),
        )  # fmt: skip


def _of_expressions(number: int, row: dict[str, str]) -> Iterator[RowError]:
    for heading, text in row.items():
        if _LAST_SAVED.search(text):
            yield at(
                "survey", number, heading, text,
                lazy("The browser does not know the last saved form: this stays empty there."),
            )  # fmt: skip
        for name in sorted(set(_CALL.findall(text)) & MISSING_FUNCTIONS):
            yield at(
                "survey", number, heading, text,
                lazy("The browser has no function %(name)s(); ODK Collect has.", name=name),
            )  # fmt: skip
