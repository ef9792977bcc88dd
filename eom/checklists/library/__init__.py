"""The standard checklists of the house: XLSForms in four languages that a mission copies and adapts.

The workbooks are built from ``source/*.yaml`` by ``python -m eom.checklists.library.building``; a test
says that both hold the same.
"""

from __future__ import annotations

from pathlib import Path

# Those of polling day, in its order.
STAGES = ("opening", "voting", "closing", "counting")
STANDARD = (*STAGES, "incident")
LANGUAGES = {"en": "English (en)", "es": "Español (es)", "fr": "Français (fr)", "pt": "Português (pt)"}


def workbook_path(stage: str) -> Path:
    """Where the standard workbook of a kind (one of ``STANDARD``) lies. Raises KeyError for another word."""
    if stage not in STANDARD:
        raise KeyError(stage)
    return Path(__file__).with_name(f"{stage}.xlsx")


def workbook(stage: str) -> bytes:
    """The standard XLSForm of a kind, as xlsx."""
    return workbook_path(stage).read_bytes()
