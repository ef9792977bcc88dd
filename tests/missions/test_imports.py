"""The register of past missions, on the real file and on bad ones."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from eom.core.errors import InvalidFile
from eom.extensions import db
from eom.missions import imports
from eom.missions.models.mission import Mission, Stage
from eom.missions.models.process import ProcessKind, RoundKind
from eom.missions.services import register
from tests.factories.missions import make_mission, make_round

# Public press releases and reports, one mission a row: see the column source_url.
REAL = Path(__file__).parent.parent / "data" / "registers" / "oas_eom_missions.csv"
HEAD = "country_iso3,election,election_date,observers_stated\n"


def read(text: str) -> imports.ReadRegister:
    return imports.read_register(text.encode(), "register.csv")


def load() -> register.Registered:
    records = imports.read_register(REAL.read_bytes(), REAL.name).checked()
    return register.add_past_missions(records, file_name=REAL.name)


def mission(code: str) -> Mission:
    return db.session.scalars(sa.select(Mission).where(Mission.code == code)).one()


@pytest.mark.usefixtures("app")
class TestTheRealFile:
    def test_every_row_becomes_a_mission_once(self):
        assert len(load().added) == 32
        again = load()
        assert (again.added, again.known_count) == ([], 32)

    def test_several_in_a_year_are_numbered_by_day(self):
        load()
        assert mission("BOL-2025").rounds[0].polling_on == date(2025, 8, 17)
        runoff = mission("BOL-2025-2").rounds[0]
        assert (runoff.polling_on, runoff.kind) == (date(2025, 10, 19), RoundKind.RUNOFF)

    def test_blanks_stay_blank(self):
        load()
        guyana = mission("GUY-2020")
        assert (guyana.observers_stated, guyana.nationalities_stated, guyana.donors_stated) == (
            None,
            None,
            None,
        )
        assert guyana.milestones == []

    def test_a_row_without_a_date_has_no_polling_day_and_the_year_of_its_source(self):
        load()
        costa_rica = mission("CRI-2026")
        assert (costa_rica.rounds, costa_rica.observers_stated) == ([], 27)

    def test_what_is_over_is_closed_and_donors_are_kept_as_stated(self):
        load()
        assert mission("PRY-2015").stage is Stage.CLOSED
        assert mission("PRY-2015").donors_stated == "ARG;USA;PER;ISR;SRB"

    def test_a_code_in_use_is_passed_over(self):
        make_round(make_mission("BOL-2025", name="Another of that year"), date(2025, 1, 5))
        load()
        assert mission("BOL-2025").name == "Another of that year"
        assert mission("BOL-2025-2").name == "General elections, first round"


def test_every_error_is_told_with_its_place():
    found = read(HEAD + "Narnia,,31/12/2020,many\nBOL,General elections,2020-10-18,40\n").errors
    assert [(e.row, e.column, e.value) for e in found] == [
        (2, "country_iso3", "Narnia"),
        (2, "election", ""),
        (2, "election_date", "31/12/2020"),
        (2, "observers_stated", "many"),
    ]


def test_one_error_keeps_all_of_it_out():
    with pytest.raises(InvalidFile) as refused:
        read(HEAD + "BOL,General elections,2020-10-18,40\nBOL,General elections,2020-02-30,\n").checked()
    assert [e.row for e in refused.value.errors] == [3]


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "country_iso3,election\nBOL,x\n"])
def test_a_file_that_is_no_register_is_refused(text):
    with pytest.raises(InvalidFile):
        read(text)


@pytest.mark.parametrize(
    ("election", "kind"),
    [
        ("Presidential, second round", ProcessKind.PRESIDENTIAL),
        ("Parliamentary general elections", ProcessKind.GENERAL),
        ("Referendum and popular consultation", ProcessKind.REFERENDUM),
        ("Subnational elections", ProcessKind.REGIONAL),
        ("Something else", ProcessKind.OTHER),
    ],
)
def test_the_name_of_an_election_tells_its_kind(election, kind):
    assert imports.kind_of(election) is kind


@given(
    st.text(alphabet=st.characters(blacklist_categories=["Cs", "Cc"]), max_size=40),
    st.text(alphabet="0123456789-/ T:", max_size=20),
)
def test_whatever_stands_in_a_row_it_is_a_record_or_an_error(name, day):
    cells = [cell.replace('"', "") for cell in ("BOL", name, day, "1")]
    found = read(HEAD + ",".join(f'"{cell}"' for cell in cells) + "\n")
    assert len(found.records) == (0 if found.errors else 1)
