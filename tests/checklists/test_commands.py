"""The shell's way in for forms."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from eom.checklists.library import STANDARD, workbook
from eom.checklists.models.form import Form, FormFile, FormKind, FormVersion
from eom.extensions import db
from tests.checklists.workbooks import SURVEY, book
from tests.factories.checklists import filled, receive


@pytest.fixture
def run(app, cast):
    def invoke(*arguments):
        return app.test_cli_runner().invoke(args=["checklists", *map(str, arguments)])

    return invoke


def count(model) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model))


def written(folder, data, name="form.xlsx"):
    path = folder / name
    path.write_bytes(data)
    return path


def test_the_standard_checklists_are_published_once(run):
    first, again = run("publish", "BOL-2019", "--standard"), run("publish", "BOL-2019", "--standard")
    assert first.exit_code == again.exit_code == 0
    assert first.output.splitlines() == [f"eom_{stage} 1: published" for stage in STANDARD]
    assert again.output.count("was published already") == 5
    assert count(FormVersion) == 5


def test_a_form_of_ones_own_is_published(run, tmp_path):
    answer = run("publish", "BOL-2019", written(tmp_path, book()), "--kind", "voting")
    assert (answer.exit_code, answer.output) == (0, "opening 3: published\n")
    assert db.session.scalar(sa.select(Form)).kind is FormKind.VOTING


def test_a_broken_relevant_is_explained_and_nothing_is_written(run, tmp_path):
    rows = [list(each) for each in SURVEY]
    rows[2][SURVEY[0].index("relevant")] = "${opened} = 'yes"
    answer = run("publish", "BOL-2019", written(tmp_path, book(survey=rows)))
    assert answer.exit_code == 2
    assert "row 3, column survey · relevant" in answer.output
    assert "'yes" in answer.output
    assert count(Form) == 0


@pytest.mark.parametrize("arguments", [("publish", "BOL-2019"), ("publish", "XXX-1900", "--standard")])
def test_what_is_asked_must_be_clear(run, arguments):
    answer = run(*arguments)
    assert answer.exit_code == 2
    assert answer.output.startswith("error: ")
    assert count(Form) == 0


def test_one_form_or_the_standard_ones_but_not_both(run, tmp_path):
    answer = run("publish", "BOL-2019", written(tmp_path, workbook("opening")), "--standard")
    assert answer.exit_code == 2
    assert count(Form) == 0


def test_the_contenders_are_given(run, tmp_path):
    file = written(tmp_path, b"name,label\nmas,MAS-IPSP\n", "c.csv")
    assert run("contenders", "BOL-2019", file).exit_code == 0
    assert count(FormFile) == 1
    torn = run("contenders", "BOL-2019", written(tmp_path, b"name,label\nm a s,MAS\n", "d.csv"))
    assert torn.exit_code == 2
    assert "row 2, column name" in torn.output


def test_the_forms_are_listed_with_what_came(run, cast):
    assert "flask checklists publish BOL-2019 --standard" in run("list", "BOL-2019").output
    run("publish", "BOL-2019", "--standard")
    receive(cast.a, filled("1"))
    db.session.commit()
    lines = [line.split("\t") for line in run("list", "BOL-2019").output.splitlines()]
    assert [(line[0], line[1], line[-1]) for line in lines] == [
        ("eom_opening", "1", "1 received"),
        ("eom_voting", "1", "0 received"),
        ("eom_closing", "1", "0 received"),
        ("eom_counting", "1", "0 received"),
        ("eom_incident", "1", "0 received"),
    ]


def test_what_was_sent_goes_out(run, cast, tmp_path):
    run("publish", "BOL-2019", "--standard")
    receive(cast.a, filled("100"))
    db.session.commit()
    out = tmp_path / "opening.csv"
    done = run("export", "BOL-2019", "eom_opening", "--format", "csv", "--out", out, "--labels", "es")
    assert (done.exit_code, done.output) == (0, f"{out}: 1 submissions of eom_opening\n")
    assert "¿" in out.read_text("utf-8").splitlines()[0]


@pytest.mark.parametrize(
    ("form", "more", "said"),
    [
        ("nothing", (), "has no form “nothing”"),
        ("eom_opening", ("--labels", "xx"), "is no language of the form"),
    ],
)
def test_what_cannot_go_out_is_said(run, tmp_path, form, more, said):
    run("publish", "BOL-2019", "--standard")
    out = tmp_path / "x.csv"
    done = run("export", "BOL-2019", form, "--format", "csv", "--out", out, *more)
    assert done.exit_code == 2
    assert said in done.output + done.stderr
    assert not out.exists()
