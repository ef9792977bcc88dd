"""The page of the field app asks for everything at once, and what it runs was built of the sources that are here."""

from __future__ import annotations

import hashlib
import json
import re

import pytest

from eom.settings import ROOT

BUILT = ROOT / "static" / "vendor" / "webforms"
# What a built script imports when it is loaded, and what it fetches only when it is needed.
IMPORTED = re.compile(r'(?:from|import)\s*"\./([\w-]+\.js)"')


@pytest.fixture
def page(app, cast, as_person):
    return as_person("bruno").http.get(f"/field/{cast.a.code}")


def imported(name: str, seen: set[str]) -> set[str]:
    """The names of everything that a built script imports, and what those import."""
    for found in IMPORTED.findall((BUILT / name).read_text(encoding="utf-8")):
        if found not in seen:
            seen.add(found)
            imported(found, seen)
    return seen


def test_everything_that_a_form_needs_is_asked_for_with_the_page(page):
    asked = set(re.findall(r'rel="modulepreload" href="/static/vendor/webforms/([^"]+)"', page.text))
    needed = {"webforms.js", *imported("field.js", set()), *imported("webforms.js", set())}
    assert any(name.startswith("part-") for name in needed)
    assert needed <= asked
    assert all((BUILT / name).exists() for name in asked)
    assert len(re.findall(r'rel="stylesheet"', page.text)) == 1


def test_the_map_and_the_parser_of_expressions_wait_until_they_are_needed(page):
    asked = " ".join(re.findall(r'href="([^"]+)"', page.text))
    assert ".wasm" not in asked
    assert len(list(BUILT.glob("part-*.js"))) > asked.count("/part-")


def test_it_was_built_of_the_sources_that_are_here():
    """Whoever changes a script or a style sheet of the app builds it anew: ``make setup``."""
    built = json.loads((BUILT / "sources.json").read_text(encoding="utf-8"))
    assert {"static/js/field/main.js", "static/js/field/outbox.js", "static/css/field.css"} <= set(built)
    changed = [
        name for name, told in built.items()
        if hashlib.sha256((ROOT / name).read_bytes()).hexdigest() != told
    ]  # fmt: skip
    assert changed == [], "run `make setup`"


def test_the_style_sheet_holds_the_rules_for_what_the_page_shows(page):
    """Classes of the page itself, of the app's scripts and of the form stand in the one style sheet."""
    sheet = (BUILT / "field.css").read_text(encoding="utf-8")
    for name in ("field-bar", "task-due", "btn-outline-primary", "form-select", "visually-hidden", "notice-warning",
                 "question-container", "highlight", "p-radiobutton", "p-datepicker", "value-option"):  # fmt: skip
        assert re.search(rf"\.{name}[^\w-]", sheet), name
    assert ".navbar-brand" not in sheet
