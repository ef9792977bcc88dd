"""The register from the shell."""

from __future__ import annotations

import json

import sqlalchemy as sa

from eom.extensions import db
from eom.stations.models import PollingStation
from tests.factories.missions import make_mission

TEXT = "Mesa,Departamento,Recinto,Inscritos\n1,Tarija,A,100\n2,Tarija,A,90\n"


def run(app, *arguments):
    return app.test_cli_runner().invoke(args=["stations", "import", *map(str, arguments)])


def written(tmp_path, text=TEXT, name="register.csv"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def stations() -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(PollingStation))


def test_a_register_loads_and_says_its_figures(app, tmp_path):
    make_mission("BOL-2019")
    db.session.commit()
    answer = run(app, "BOL-2019", written(tmp_path), "--json")
    assert answer.exit_code == 0, answer.output
    figures = json.loads(answer.output)
    assert (figures["stations_added"], figures["registered_voters"], figures["dry_run"]) == (2, 190, False)
    assert "Nothing changes" in run(app, "BOL-2019", written(tmp_path)).output
    assert stations() == 2


def test_a_dry_run_writes_nothing(app, tmp_path):
    make_mission("BOL-2019")
    db.session.commit()
    answer = run(app, "BOL-2019", written(tmp_path), "--dry-run")
    assert answer.exit_code == 0, answer.output
    assert "Polling stations added: 2" in answer.output
    assert stations() == 0


def test_a_mapping_from_a_file_is_taken_and_checked(app, tmp_path):
    make_mission("BOL-2019")
    db.session.commit()
    odd = written(tmp_path, "a,b,c\n1,Tarija,X\n")
    good = written(tmp_path, '{"station_code": "a", "area_1": "b", "centre_name": "c"}', "m.json")
    assert run(app, "BOL-2019", odd, "--mapping", good).exit_code == 0
    bad = written(tmp_path, '{"stationcode": "a"}', "bad.json")
    answer = run(app, "BOL-2019", odd, "--mapping", bad)
    assert answer.exit_code == 2
    assert "stationcode" in answer.output


def test_errors_are_explained_and_nothing_is_written(app, tmp_path):
    make_mission("BOL-2019")
    db.session.commit()
    answer = run(
        app,
        "BOL-2019",
        written(tmp_path, TEXT + "".join(f"{n},Tarija,A,80\n" for n in range(3, 9)) + "9,Tarija,A,many\n"),
    )
    assert answer.exit_code == 2
    assert "row 10, column Inscritos: 'many'" in answer.output
    assert stations() == 0
    assert run(app, "XXX-2019", written(tmp_path)).exit_code == 2
