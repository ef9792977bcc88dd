"""Turns an XLSForm, the spreadsheet in which a checklist is written, into the form that devices get.

``convert`` names every fault with its sheet, row and column. The same workbook gives the same bytes.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from eom.checklists.xlsform_browser import warnings_of
from eom.checklists.xlsform_checks import faults_of
from eom.checklists.xlsform_form import PublishedForm
from eom.checklists.xlsform_reading import read_form
from eom.checklists.xlsform_sheets import Sheet, at, cell, column
from eom.core.errors import InvalidFile, RowError, TooLarge
from eom.core.i18n import lazy
from eom.core.spreadsheet_books import book_rows

MEGABYTE = 1 << 20
MAX_FILE_BYTES = 5 * MEGABYTE
MAX_UNPACKED_BYTES = 32 * MEGABYTE
MAX_ROWS = {"survey": 3_000, "choices": 30_000}
MAX_COLUMNS = 200
MAX_ERRORS = 100
SHEETS = ("survey", "choices", "settings", "external_choices", "entities", "osm")
_BOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_ROW = re.compile(r"\[?\brow\s*:?\s*(\d+)\]?", re.IGNORECASE)
_SHEET = re.compile(r"'(survey|choices|settings|entities|external_choices)' sheet")

_QUOTED = re.compile(r"['‘“\"]([^'’”\"]+)['’”\"]")


@dataclass(frozen=True)
class Conversion:
    """A form, and what whoever loads it ought to know: each warning stands at its sheet, row and column."""

    form: PublishedForm
    warnings: list[RowError]


def convert(data: bytes, filename: str = "") -> PublishedForm:
    """The form in a workbook. Raises as ``converted``."""
    return converted(data, filename).form


def converted(data: bytes, filename: str = "") -> Conversion:
    """The form in a workbook (xlsx, xls or ods); ``filename`` gives the form id when the settings do not.

    Without a version in the settings, the version is a digest of the file. Raises InvalidFile with a
    RowError for each fault (``column`` reads ``sheet · heading``), TooLarge.
    """
    sheets, headings = _read(data)
    if not any(cell(row, "type") for row in sheets.get("survey", [])):
        raise InvalidFile(
            lazy("The workbook has no sheet “survey” with questions."),
            next_step=lazy("Start from one of the standard checklists."),
        )
    _refuse_faults(list(faults_of(sheets)))
    settings = _settings(sheets, data, filename)
    xform, remarks = _converted(sheets, headings, settings)
    form = read_form(xform)
    if not any(question.is_asked for question in form.questions):
        raise InvalidFile(lazy("The form asks nothing: its survey sheet has no question."))
    told = [_named(remark, sheets) for remark in remarks]
    return Conversion(form, [*warnings_of(sheets), *told][:MAX_ERRORS])


def _read(data: bytes) -> tuple[dict[str, Sheet], dict[str, list[str]]]:
    if len(data) > MAX_FILE_BYTES:
        raise TooLarge(
            lazy("The file is larger than %(limit)s MB.", limit=MAX_FILE_BYTES // MEGABYTE), field="file"
        )
    if not data.startswith(_BOOKS):
        raise InvalidFile(
            lazy("The file is not a workbook that can be opened."),
            next_step=lazy("Save the form as .xlsx and send it again."),
        )
    _first, names, _rows = book_rows(data, max_bytes=MAX_UNPACKED_BYTES)
    sheets: dict[str, Sheet] = {}
    headings: dict[str, list[str]] = {}
    for name in names:
        word = name.strip().lower()
        if word in SHEETS:
            sheets[word], headings[word] = _sheet(data, name, word)
    return sheets, headings


def _sheet(data: bytes, name: str, word: str) -> tuple[Sheet, list[str]]:
    """The rows under the headings of row 1; a blank row stays, so that row numbers hold."""
    _name, _names, rows = book_rows(data, max_bytes=MAX_UNPACKED_BYTES, sheet=name)
    headings = [cell.strip() for cell in next(rows, [])]
    if len(headings) > MAX_COLUMNS:
        raise TooLarge(
            lazy("The sheet “%(sheet)s” has more than %(limit)s columns.", sheet=name, limit=MAX_COLUMNS)
        )
    limit = MAX_ROWS.get(word, 1_000)
    found: Sheet = []
    for row in rows:
        if len(found) >= limit:
            raise TooLarge(
                lazy("The sheet “%(sheet)s” has more than %(limit)s rows.", sheet=name, limit=limit)
            )
        cells = zip(headings, row, strict=False)
        found.append({heading: text for heading, cell in cells if heading and (text := cell.strip())})
    while found and not found[-1]:
        found.pop()
    return found, [heading for heading in dict.fromkeys(headings) if heading]


def _refuse_faults(faults: list[RowError]) -> None:
    if faults:
        raise InvalidFile(
            lazy("The form has faults: nothing was kept of it."),
            faults[:MAX_ERRORS],
            next_step=lazy("Mend the rows named below and send the workbook again."),
        )


def _settings(sheets: dict[str, Sheet], data: bytes, filename: str) -> dict[str, str]:
    given = sheets.get("settings") or [{}]
    settings = {column(heading): text for heading, text in given[0].items()}
    stem = re.sub(r"\W+", "_", PurePath(filename).stem, flags=re.ASCII).strip("_").lower()
    form_id = settings.pop("id_string", "") or settings.get("form_id", "") or stem or "checklist"
    settings["form_id"] = form_id
    title = settings.pop("title", "") or settings.get("form_title", "")
    settings["form_title"] = title or form_id
    settings.setdefault("version", hashlib.sha256(data).hexdigest()[:12])
    return settings


def _converted(
    sheets: dict[str, Sheet], headings: dict[str, list[str]], settings: dict[str, str]
) -> tuple[bytes, list[str]]:
    """The XForm, and what pyxform remarks on it. Raises InvalidFile."""
    from pyxform.errors import PyXFormError  # type: ignore[import-untyped]
    from pyxform.xls2xform import convert as pyxform_convert  # type: ignore[import-untyped]

    book: dict[str, Any] = {"sheet_names": list(sheets)}
    for word, rows in (sheets | {"settings": [settings]}).items():
        known = list(settings) if word == "settings" else headings[word]
        book[word] = [dict(row) for row in rows]
        book[f"{word}_header"] = [dict.fromkeys(known)]
    try:
        remarks: list[str] = []
        done = pyxform_convert(book, warnings=remarks, validate=False, pretty_print=False)
        return str(done.xform).encode(), remarks
    except PyXFormError as error:
        raise InvalidFile(
            lazy("The form has faults: nothing was kept of it."), [_named(str(error), sheets)]
        ) from error
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError) as error:
        # pyxform stumbles over some workbooks (a list without names, a bare group) with faults of Python.
        raise InvalidFile(
            lazy("The form cannot be converted: %(detail)s", detail=f"{type(error).__name__}: {error}"[:200]),
            next_step=lazy("Compare its sheets with those of a standard checklist."),
        ) from error


def _named(message: str, sheets: dict[str, Sheet]) -> RowError:
    """pyxform's own sentence, with the row and the sheet that it names, or where what it quotes stands."""
    row, sheet = _ROW.search(message), _SHEET.search(message)
    place = sheet[1] if sheet else "survey"
    number = int(row[1]) if row else None
    heading = value = None
    if number is None:
        quoted = set(_QUOTED.findall(message)) - set(SHEETS)
        for found, cells in enumerate(sheets.get(place, []), 2):
            heading = next((h for h in ("type", "name", "list_name") if cells.get(h) in quoted), None)
            if heading:
                number, value = found, cells[heading]
                break
    # Its sentence stays English: it says what to look for in the help of XLSForm.
    quoted_words = " ".join(message.split())[:500]
    return at(place, number, heading, value, lazy("pyxform says: %(words)s", words=quoted_words))
