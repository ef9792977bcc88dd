"""The page of the field app asks for its scripts at once."""

from __future__ import annotations

import posixpath
import re

import pytest

from eom.settings import ROOT

IMPORTED = re.compile(r'(?:from|import\()\s*"(\.{1,2}/[^"]+\.js)"')


@pytest.fixture
def page(app, cast, as_person):
    return as_person("bruno").http.get(f"/field/{cast.a.code}")


def imported(name: str, seen: set[str]) -> set[str]:
    """The addresses of everything that a script imports, and what those import."""
    path = ROOT / "static" / name
    for found in IMPORTED.findall(path.read_text(encoding="utf-8")) if "part-" not in name else ():
        target = posixpath.normpath(posixpath.join(posixpath.dirname(name), found))
        if target not in seen:
            seen.add(target)
            imported(target, seen)
    return seen


def test_everything_that_the_page_imports_is_asked_for_with_the_page(page):
    asked = set(re.findall(r'rel="modulepreload" href="/static/([^"]+)"', page.text))
    needed = imported("js/field/main.js", set())
    assert len(needed) > 20
    assert needed <= asked
    assert {name for name in asked if "part-" in name}
    assert all((ROOT / "static" / name).exists() for name in asked)
