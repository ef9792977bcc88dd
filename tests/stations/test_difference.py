"""A new register against the loaded one: added, changed from what to what, missing."""

from dataclasses import asdict, replace

import pytest

from eom.stations.difference import compare, metres_between
from tests.stations.registers import bolivia, register

HEAD = "Mesa,Departamento,Recinto,lat,lon,Inscritos\n"
OLD = HEAD + "1,Tarija,A,-21.5,-64.7,100\n2,Tarija,A,-21.5,-64.7,100\n3,Tarija,B,-21.6,-64.7,90\n"
NEW = HEAD + "1,Tarija,A,-21.51,-64.7,100\n2,Tarija,A,-21.51,-64.7,120\n4,Tarija,C,-21.7,-64.7,90\n"


def records(rows):
    return {row.key: asdict(row) for row in rows}


def against(old, new):
    return compare(records(old.areas), records(old.centres), records(old.stations), new)


def test_a_register_against_itself_is_no_difference():
    assert against(bolivia(), bolivia()).is_empty


def test_added_changed_and_missing():
    found = against(register(OLD), register(NEW))
    assert found.areas.is_empty
    assert (found.stations.added, found.stations.missing) == (["4"], ["3"])
    (voters,) = found.stations.changed
    assert (voters.key, voters.fields) == ("2", {"registered_voters": (100, 120)})
    assert (found.centres.added, found.centres.missing) == (
        ["bol/tarija/c/"],
        ["bol/tarija/b/"],
    )
    (moved,) = found.centres.changed
    assert moved.fields == {"coordinates": ((-21.5, -64.7), (-21.51, -64.7))}
    assert moved.moved_metres == pytest.approx(1_112, abs=1)
    assert found.stations.kept_count == 2


def test_a_metre_is_no_move():
    old = register(OLD)
    shifted = replace(old, centres=[replace(c, latitude=c.latitude + 0.00001) for c in old.centres])
    assert against(old, shifted).is_empty


def test_lost_coordinates_are_a_change():
    old = register(OLD)
    blank = replace(old, centres=[replace(c, latitude=None, longitude=None) for c in old.centres])
    assert len(against(old, blank).centres.changed) == 2


def test_distance_on_the_sphere():
    assert metres_between((0, 0), (0, 1)) == pytest.approx(111_195, abs=1)
    assert metres_between((-16.5, -68.15), (-17.78, -63.18)) == pytest.approx(548_000, rel=0.01)
    assert metres_between((10, 20), (10, 20)) == 0
