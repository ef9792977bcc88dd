"""Loading a register: once, compared, whole or not at all, on both databases."""

from __future__ import annotations

import gzip

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eom.core.audit import AuditEntry
from eom.core.errors import InvalidFile, InvalidInput, TooLarge
from eom.extensions import db
from eom.stations.models import Area, PollingStation, RegisterImport, VotingCentre
from eom.stations.queries import last_mapping, register_figures
from eom.stations.services import register
from tests.factories.missions import make_mission
from tests.stations.registers import TARIJA

HEAD = "Mesa,Departamento,Recinto,lat,lon,Inscritos\n"
OLD = HEAD + "1,Tarija,A,-21.5,-64.7,100\n2,Tarija,A,-21.5,-64.7,100\n3,Tarija,B,-21.6,-64.7,90\n"
NEW = HEAD + "1,Tarija,A,-21.51,-64.7,100\n2,Tarija,A,-21.51,-64.7,120\n4,Tarija,C,-21.7,-64.7,90\n"


@pytest.fixture
def bolivia(app):
    return make_mission("BOL-2019")


def load(mission, text, name="register.csv"):
    return register.import_register(mission, text.encode() if isinstance(text, str) else text, name)


def counts() -> tuple[int, ...]:
    return tuple(
        db.session.scalar(sa.select(sa.func.count()).select_from(model))
        for model in (Area, VotingCentre, PollingStation, RegisterImport)
    )


def codes(missing=False) -> set[str]:
    return set(
        db.session.scalars(sa.select(PollingStation.code).where(PollingStation.is_missing.is_(missing)))
    )


def test_a_real_file_loads_whole(bolivia):
    summary = load(bolivia, TARIJA.read_bytes(), TARIJA.name).summary
    assert summary["stations"] == summary["stations_added"] == 1802
    figures = register_figures(db.session(), bolivia)
    assert figures.station_count == 1802
    assert figures.registered_voters == summary["registered_voters"]
    tarija = db.session.scalars(sa.select(Area).where(Area.level == 1)).one()
    assert (tarija.name, tarija.boundary) == ("Tarija", "Tarija")


def test_the_same_file_again_changes_nothing(bolivia):
    load(bolivia, OLD)
    before = [tuple(row) for row in db.session.execute(sa.select(PollingStation.__table__).order_by("id"))]
    again = load(bolivia, OLD)
    assert [
        tuple(row) for row in db.session.execute(sa.select(PollingStation.__table__).order_by("id"))
    ] == before
    assert again.summary["stations_added"] == again.summary["stations_changed"] == 0


def test_a_newer_file_adds_changes_and_marks_what_is_gone(bolivia):
    load(bolivia, OLD)
    summary = load(bolivia, NEW).summary
    assert (summary["stations_added"], summary["stations_changed"], summary["stations_missing"]) == (1, 1, 1)
    assert (summary["centres_added"], summary["centres_moved"], summary["centres_missing"]) == (1, 1, 1)
    assert (codes(), codes(missing=True)) == ({"1", "2", "4"}, {"3"})
    assert db.session.scalar(sa.select(VotingCentre.latitude).where(VotingCentre.name == "A")) == -21.51


def test_a_station_that_comes_back_is_the_same_row(bolivia):
    load(bolivia, OLD)
    first = db.session.scalar(sa.select(PollingStation.id).where(PollingStation.code == "3"))
    load(bolivia, NEW)
    summary = load(bolivia, OLD).summary
    assert summary["stations_back"] == 1
    assert db.session.scalar(sa.select(PollingStation.id).where(PollingStation.code == "3")) == first
    assert codes(missing=True) == {"4"}


def test_looking_writes_nothing(bolivia):
    prepared = register.prepare(
        bolivia,
        OLD.encode(),
        "r.csv",
        register.mapping_for(bolivia, register.read_file(OLD.encode(), "r.csv")),
    )
    assert prepared.summary["stations_added"] == 3
    assert counts() == (0, 0, 0, 0)


def test_the_mapping_is_kept_with_the_mission(bolivia):
    odd = "x1,x2,x3\n1,Tarija,A\n"
    chosen = {"station_code": "x1", "area_1": "x2", "centre_name": "x3"}
    register.apply(bolivia, register.prepare(bolivia, odd.encode(), "odd.csv", chosen))
    assert last_mapping(db.session(), bolivia) == chosen
    assert register.mapping_for(bolivia, register.read_file(odd.encode(), "odd.csv")) == chosen


def test_a_load_is_one_entry_of_the_audit_trail(bolivia):
    load(bolivia, OLD)
    entries = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "imported")).all()
    assert [each.changes["stations_added"] for each in entries] == [3]


def test_missions_do_not_mix(bolivia):
    peru = make_mission("PER-2021", country="BOL")
    load(bolivia, OLD)
    load(peru, NEW)
    assert register_figures(db.session(), bolivia).station_count == 3
    assert load(bolivia, OLD).summary["stations_missing"] == 0


def test_a_centre_outside_its_area_is_flagged_and_not_moved(bolivia):
    load(bolivia, TARIJA.read_bytes(), TARIJA.name)
    moved = (
        HEAD
        + "1,Tarija,A,-17.78,-63.18,100\n"
        + "".join(f"{n},Tarija,B{n},-21.5,-64.7,100\n" for n in range(2, 12))
    )
    load(bolivia, moved)
    centre = db.session.scalars(sa.select(VotingCentre).where(VotingCentre.name == "A")).one()
    assert centre.is_outside_area
    assert centre.found_in == "Santa Cruz"
    assert (centre.latitude, centre.longitude) == (-17.78, -63.18)


BAD = {
    "truncated gzip": (gzip.compress(OLD.encode())[:-12], "r.csv.gz", InvalidFile),
    "no xlsx": (b"PK\x03\x04 this is no workbook", "r.xlsx", InvalidFile),
    "empty": (b"", "r.csv", InvalidFile),
    "a repeated number": ((HEAD + "".join(f"{n},Tarija,A,,,1\n" for n in [*range(1, 400), 7])).encode(), "r.csv", InvalidFile),
    "latitude of 91": ((HEAD + "1,Tarija,A,91,-64.7,100\n").encode(), "r.csv", InvalidFile),
    "swapped": ((HEAD + "".join(f"{n},Tarija,A{n},-64.7,-21.{n},9\n" for n in range(1, 9))).encode(), "r.csv", InvalidFile),
    "no areas": (b"Mesa,Inscritos\n1,100\n", "r.csv", InvalidInput),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_a_bad_file_is_refused_in_words_and_writes_nothing(bolivia, case):
    data, name, error = BAD[case]
    with pytest.raises(error) as refused:
        load(bolivia, data, name)
    assert str(refused.value)
    assert counts() == (0, 0, 0, 0)


def test_errors_name_row_column_value_and_what_was_expected(bolivia):
    with pytest.raises(InvalidFile) as refused:
        load(
            bolivia,
            OLD.replace("1,Tarija,A,-21.5", "1,Tarija,A,91")
            + "".join(f"{n},Tarija,A,-21.5,-64.7,90\n" for n in range(4, 9))
            + "9,Tarija,A,-21.5,-64.7,many\n",
        )
    found = [(each.row, each.column, each.value) for each in refused.value.errors]
    assert found == [(2, "lat", "91"), (10, "Inscritos", "many")]
    assert all(str(each.expected) for each in refused.value.errors)


def test_latin_1_and_semicolons_are_read(bolivia):
    text = "Mesa;Departamento;Recinto;Inscritos\n1;Potosí;Peñas;100\n"
    load(bolivia, text.encode("latin-1"))
    assert db.session.scalars(sa.select(VotingCentre.name)).all() == ["Peñas"]


def test_two_hundred_columns_are_refused_with_the_limit(bolivia):
    extra = ",".join(f"c{n}" for n in range(200))
    with pytest.raises(TooLarge) as refused:
        load(bolivia, f"Mesa,Departamento,Recinto,{extra}\n1,Tarija,A,{',' * 199}\n")
    assert "203 columns" in str(refused.value)
    assert counts() == (0, 0, 0, 0)


def test_a_formula_in_a_name_stays_a_name(bolivia):
    load(bolivia, HEAD + "1,Tarija,=1+1,-21.5,-64.7,100\n")
    assert db.session.scalars(sa.select(VotingCentre.name)).all() == ["=1+1"]


rows = st.lists(
    st.tuples(st.integers(1, 9999), st.sampled_from("ABCDE"), st.integers(0, 500)), min_size=1, max_size=12,
    unique_by=lambda row: row[0],
)  # fmt: skip


@given(first=rows, second=rows)
@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_after_any_two_files_the_register_is_the_second(app, first, second):
    mission = make_mission(
        f"BOL-{db.session.scalar(sa.select(sa.func.count()).select_from(RegisterImport)) + 1000:04d}"
    )

    def text(of):
        return HEAD + "".join(f"{code},Tarija,{name},,,{voters}\n" for code, name, voters in of)

    load(mission, text(first))
    load(mission, text(second))
    present = set(
        db.session.execute(
            sa.select(PollingStation.code, PollingStation.registered_voters).where(
                PollingStation.mission_id == mission.id, PollingStation.is_missing.is_(False)
            )
        ).tuples()
    )
    assert present == {(str(code), voters) for code, _name, voters in second}
    assert load(mission, text(second)).summary["stations_changed"] == 0
    db.session.rollback()
