"""Templates: each is used, from its own domain; nothing inline, nothing unescaped, no import for nothing."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import flask_security
import pytest
from jinja2 import Environment, meta, nodes

from eom.settings import ROOT

FOLDER = ROOT / "templates"
TEMPLATES = sorted(str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*.html"))
SHELLS = {"base.html", "mission.html", "public.html", "print.html"}
JINJA = Environment(extensions=["jinja2.ext.do", "jinja2.ext.i18n"], autoescape=True)
# A script in the page itself, and why: it carries the nonce, and nothing in it comes from a person.
INLINE = dict.fromkeys(
    ("deployment/coverage.html", "deployment/samples/show.html", "checklists/answers/question.html"),
    "Folium's own script ; names reach it as data only",
)


def parsed(name: str) -> nodes.Template:
    return JINJA.parse((FOLDER / name).read_text(encoding="utf-8"))


def named_in(path: Path) -> set[str]:
    """The templates that a Python file names."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    texts = {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    return {text for text in texts if re.fullmatch(r"[\w/]+\.html", text)}


def folder_of(path: Path) -> str:
    domain = path.relative_to(ROOT / "eom").parts[0]
    return {"__init__.py": "security", "web": "errors"}.get(domain, domain)


PYTHON = {path: names for path in sorted((ROOT / "eom").rglob("*.py")) if (names := named_in(path))}


def test_every_template_is_used():
    from eom.web.errors import PAGES

    used = set().union(*PYTHON.values()) | {f"errors/{code}.html" for code in PAGES}
    for name in TEMPLATES:
        used |= {each for each in meta.find_referenced_templates(parsed(name)) if each}
    # Flask-Security asks for its pages by these names; ours stand in their place.
    theirs = {
        f"security/{path.name}"
        for path in (Path(flask_security.__file__).parent / "templates/security").iterdir()
    }
    assert sorted(set(TEMPLATES) - used - theirs) == []


@pytest.mark.parametrize("path", PYTHON, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_view_shows_what_is_there_and_its_own(path):
    assert PYTHON[path] <= set(TEMPLATES)
    strange = {name for name in PYTHON[path] if name.split("/")[0] != folder_of(path)}
    assert not strange, f"a view renders from its own domain's folder, components/ or a shell: {strange}"


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_builds_on_its_own_folder_components_and_shells(name):
    used = {each for each in meta.find_referenced_templates(parsed(name)) if each}
    own = name.split("/")[0]
    assert {
        each
        for each in used
        if each not in SHELLS and each.split("/")[0] not in (own, "components", "security")
    } == set()


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_imports_only_what_it_uses(name):
    tree = parsed(name)
    imported = set()
    for node in tree.find_all(nodes.FromImport):
        imported |= {each[1] if isinstance(each, tuple) else each for each in node.names}
    used = {node.name for node in tree.find_all(nodes.Name) if node.ctx == "load"}
    assert imported - used == set()


@pytest.mark.parametrize("name", TEMPLATES)
def test_nothing_is_inline(name):
    text = (FOLDER / name).read_text(encoding="utf-8")
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", text)
    for tag in re.findall(r"<script[^>]*>", text):
        is_file_or_data = "src=" in tag or "application/json" in tag
        assert is_file_or_data or (name in INLINE and "nonce=" in tag), f"a script of its own: {tag}"


@pytest.mark.parametrize("name", TEMPLATES)
def test_nothing_goes_out_unescaped(name):
    tree = parsed(name)
    assert not list(tree.find_all(nodes.ScopedEvalContextModifier)), "no autoescape block"
    filters = {node.name for node in tree.find_all(nodes.Filter)}
    assert "safe" not in filters


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_compiles_in_the_application(application, name):
    application.jinja_env.get_template(name)
