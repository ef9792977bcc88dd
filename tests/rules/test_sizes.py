"""The sizes of the house: a file that outgrows them is split by noun."""

from __future__ import annotations

import pytest

from eom.settings import ROOT

LIMITS = {
    "eom/**/*.py": 400, "templates/**/*.html": 120, "templates/components/*.html": 70, "static/js/*.js": 160,
    "tests/**/*.py": 500,
}  # fmt: skip


@pytest.mark.parametrize("pattern", LIMITS)
def test_no_file_is_too_long(pattern):
    long = {
        str(path.relative_to(ROOT)): count
        for path in ROOT.glob(pattern)
        if (count := path.read_text(encoding="utf-8").count("\n")) > LIMITS[pattern]
    }
    assert long == {}
