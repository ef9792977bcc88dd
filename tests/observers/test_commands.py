"""The shell's way in for people and for past missions."""

from __future__ import annotations

import sqlalchemy as sa

from eom.extensions import db
from eom.missions.models.mission import Mission
from eom.observers.models import Appointment, Person
from tests.factories.missions import make_mission


def run(app, *arguments):
    return app.test_cli_runner().invoke(args=list(arguments))


def count(model) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model))


def test_people_are_loaded_once(app, tmp_path):
    make_mission("BOL-2019")
    db.session.commit()
    file = tmp_path / "people.csv"
    file.write_text(
        "name,nationalities,role\nAna Paz,Chile,observer\nJuan Sol,Bolivia,driver\n", encoding="utf-8"
    )
    assert "2 appointed" in run(app, "observers", "import", "BOL-2019", str(file)).output
    assert "0 appointed" in run(app, "observers", "import", "BOL-2019", str(file)).output
    assert (count(Person), count(Appointment)) == (2, 2)


def test_a_refused_file_is_explained_and_writes_nothing(app, tmp_path):
    make_mission("BOL-2019")
    db.session.commit()
    file = tmp_path / "people.csv"
    file.write_text("name,nationalities\nAna Paz,Chile\nJuan Sol,Bolivia\n", encoding="utf-8")
    answer = run(app, "observers", "import", "BOL-2019", str(file))
    assert answer.exit_code == 2
    assert "row 3, column nationalities" in answer.output
    assert count(Person) == 0


def test_people_of_no_mission_are_refused(app, tmp_path):
    file = tmp_path / "people.csv"
    file.write_text("name,nationalities\nAna Paz,Chile\n", encoding="utf-8")
    assert run(app, "observers", "import", "XXX-1999", str(file)).exit_code == 2


def test_past_missions_are_loaded_once(app, tmp_path):
    file = tmp_path / "register.csv"
    file.write_text(
        "country_iso3,election,election_date\nBOL,General elections,2020-10-18\n", encoding="utf-8"
    )
    assert "1 added" in run(app, "missions", "import", str(file)).output
    assert "0 added, 1 known" in run(app, "missions", "import", str(file)).output
    assert count(Mission) == 1


def test_a_workbook_that_is_none_is_refused(app, tmp_path):
    file = tmp_path / "register.xlsx"
    file.write_bytes(b"not a workbook")
    answer = run(app, "missions", "import", str(file))
    assert answer.exit_code == 2
    assert "not one" in answer.output
