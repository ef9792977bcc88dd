"""The sizes of the house: a file that outgrows them is split by noun."""

from __future__ import annotations

import ast

import pytest

from eom.settings import ROOT

LIMITS = {
    "eom/**/*.py": 400, "templates/**/*.html": 120, "templates/components/*.html": 70, "static/js/*.js": 160,
    "tests/**/*.py": 500,
}  # fmt: skip

# Mostly tables written as code: columns of a list, styles of a workbook. No new ones.
LONG = {
    "checklists/openrosa_functions.py:functions",
    "core/spreadsheets.py:_table",
    "core/sqlite.py:tune",
    "demo/filling.py:_counting",
    "finance/exports/ledger.py:expenditures",
    "missions/exports.py:register",
    "observers/exports/lists.py:roster",
    "observers/services/intake.py:take",
    "portal/queries.py:mission_cards",
    "reporting/annual/workbook_book.py:_styles",
    "reporting/annual/workbook_charts.py:_draw",
    "reporting/annual/method.py:definitions",
    "reporting/annual/workbook_cover.py:_write_main_figures",
    "reporting/annual/workbook_missions.py:columns",
    "reporting/annual/workbook_sources.py:columns",
    "stations/coverage_map.py:_map_class",
    "stations/geography_rows.py:_sighting",
}


@pytest.mark.parametrize("pattern", LIMITS)
def test_no_file_is_too_long(pattern):
    long = {
        str(path.relative_to(ROOT)): count
        for path in ROOT.glob(pattern)
        if (count := path.read_text(encoding="utf-8").count("\n")) > LIMITS[pattern]
    }
    assert long == {}


def long_functions(limit: int) -> dict[str, int]:
    """Functions of the application whose lines, docstring apart, are more than ``limit``."""
    found = {}
    for path in (ROOT / "eom").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                body = node.body[1:] if ast.get_docstring(node) else node.body
                lines = body[-1].end_lineno - body[0].lineno + 1 if body else 0
                if lines > limit:
                    found[f"{path.relative_to(ROOT / 'eom')}:{node.name}"] = lines
    return found


def test_no_function_outgrows_a_screen():
    new = set(long_functions(30)) - LONG
    assert new == set(), "a function of more than 30 lines: name its steps"
    settled = LONG - set(long_functions(30))
    assert settled == set(), "these are short now: take them off the list"
