"""``report annual`` from the shell."""

from __future__ import annotations

import json

import pytest
from openpyxl import load_workbook

from eom.core.i18n import LANGUAGES
from eom.extensions import db
from eom.reporting.queries.annual import figures_of
from tests.reporting.annual_books import make_books
from tests.reporting.recalculate import recalculate


@pytest.fixture
def run(app):
    """Runs the command; the books are there."""
    make_books()
    db.session.commit()
    return lambda *arguments: app.test_cli_runner().invoke(args=["report", "annual", *map(str, arguments)])


def test_the_workbook_is_written_in_the_language(run, tmp_path):
    path = tmp_path / "f.xlsx"
    done = run(2019, "--lang", "es", "--format", "xlsx", "--out", path)
    assert done.exit_code == 0, done.output
    assert "SHA-256" in done.output
    book = recalculate(path.read_bytes())[0]
    assert len(book.sheetnames) == 7 + 4
    spent = sum(mission.spent_cents for mission in figures_of(db.session(), 2019).missions)
    cells = [c.value for c in book.worksheets[0]["B"] if isinstance(c.value, int | float)]
    assert any(round(value * 100) == spent for value in cells)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_language_is_written(run, tmp_path, lang):
    assert run(2019, "--lang", lang, "--out", tmp_path / "f.xlsx").exit_code == 0
    assert load_workbook(tmp_path / "f.xlsx").properties.language == lang


def test_the_data_is_written_with_its_hash(run, tmp_path):
    import hashlib

    path = tmp_path / "f.json"
    assert run(2019, "--format", "json", "--out", path).exit_code == 0
    data = json.loads(path.read_bytes())
    canonical = json.dumps(data["figures"], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert data["sha256"] == hashlib.sha256(canonical.encode()).hexdigest()
    assert data["totals"]["spent"] == sum(m.spent_cents for m in figures_of(db.session(), 2019).missions)
    assert all(each["agrees"] for each in data["controls"])


def test_a_year_without_books_is_a_report_too(run, tmp_path):
    assert run(2015, "--out", tmp_path / "f.xlsx").exit_code == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ("12",),
        ("twenty",),
        ("2019", "--lang", "de"),
        ("2019", "--format", "pdf"),
        ("2019", "--out", "/nowhere/f.xlsx"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_written(run, arguments):
    done = run(*arguments)
    assert done.exit_code == 2
    assert "Error" in done.output
