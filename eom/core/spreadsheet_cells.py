"""Text from people in a workbook that openpyxl writes cell by cell."""

from __future__ import annotations

from typing import Any

from eom.core.spreadsheet_writing import MAX_CELL, is_formula_like


def put_text(cell: Any, value: str) -> str:
    """Write text that stays text, whatever sign it begins with; what a cell cannot hold is left out.

    Returns the text as it was written.
    """
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    text = ILLEGAL_CHARACTERS_RE.sub("", value)[:MAX_CELL]
    cell.value = text
    cell.data_type = "s"
    if is_formula_like(text):
        cell.quotePrefix = True
    return text
