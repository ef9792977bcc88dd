"""People from a spreadsheet: every error told, all or nothing, the same file twice adds nothing."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from eom.core.errors import InvalidFile
from eom.extensions import db
from eom.observers import imports
from eom.observers.models import Appointment, AppointmentRole, Gender, Person
from eom.observers.services import intake
from tests.factories.missions import make_mission
from tests.factories.observers import make_person

GOOD = (
    "name,nationalities,gender,languages,expertise,email,role,starts_on\n"
    '"López, Ana",Argentina; España,mujer,español; French,electoral justice,ana@example.org,specialist,2019-10-01\n'
    "Juan Paz,BOL,man,es,,,driver,\n"
    "Zoë Łuk,\"Chile, pe\",,,,,,\n"
)  # fmt: skip


def read(text: str) -> imports.ReadPeople:
    return imports.read_people(text.encode(), "people.csv")


def counts() -> tuple[int, int]:
    return tuple(
        db.session.scalar(sa.select(sa.func.count()).select_from(model)) for model in (Person, Appointment)
    )


def test_a_row_is_read_in_the_words_of_any_language():
    ana, juan, zoe = read(GOOD).checked()
    assert (ana.given_names, ana.family_names, ana.nationalities) == ("Ana", "López", ("ARG", "ESP"))
    assert (ana.gender, ana.languages, ana.expertise) == (Gender.WOMAN, ("es", "fr"), ("electoral_justice",))
    assert (ana.role, ana.starts_on) == (AppointmentRole.SPECIALIST, date(2019, 10, 1))
    assert (juan.role, juan.gender) == (AppointmentRole.DRIVER, Gender.MAN)
    assert (zoe.nationalities, zoe.role, zoe.gender) == (
        ("CHL", "PER"),
        AppointmentRole.OBSERVER,
        Gender.NOT_STATED,
    )


def test_headings_in_spanish_and_semicolons():
    (row,) = read("Nombre completo;Nacionalidad;Género;Correo\nAna Paz;perú;mujer;a@example.org\n").checked()
    assert (row.nationalities, row.email) == (("PER",), "a@example.org")


def test_every_error_is_told_with_row_column_and_value():
    found = read(
        "name,nationalities,gender,languages,expertise,email,phone,role,starts_on,ends_on\n"
        ",Narnia,M,klingon,magic,nobody,call,boss,20/12,\n"
        "=cmd() x,,woman,,,,,,2019-10-02,2019-10-01\n"
    ).errors
    first = [(e.column, e.value) for e in found if e.row == 2]
    assert first == [
        ("name", ""), ("nationalities", "Narnia"), ("gender", "M"), ("languages", "klingon"), ("expertise", "magic"),
        ("email", "nobody"), ("phone", "call"), ("role", "boss"), ("starts_on", "20/12"),
    ]  # fmt: skip
    assert [e.column for e in found if e.row == 3] == ["name", "nationalities", "ends_on"]


@pytest.mark.parametrize(
    ("others", "means"), [(["F", "M"], Gender.MAN), (["H", "M"], Gender.WOMAN), (["M"], None)]
)
def test_a_lone_m_means_what_its_column_says(others, means):
    assert imports.gender_of_m(others) is means


@pytest.mark.parametrize("text", ["", "x\n1\n", "name,role\nAna,observer\n"])
def test_a_file_that_is_no_list_of_people_is_refused(text):
    with pytest.raises(InvalidFile):
        read(text)


@pytest.mark.usefixtures("app")
class TestTheIntake:
    def test_people_are_added_and_appointed_once(self):
        mission = make_mission()
        taken = intake.take(mission, read(GOOD).checked(), file_name="p.csv")
        assert (taken.people_count, taken.appointment_count) == (3, 3)
        again = intake.take(mission, read(GOOD).checked(), file_name="p.csv")
        assert (again.people_count, again.appointment_count, again.unchanged_count) == (0, 0, 3)
        assert counts() == (3, 3)

    def test_a_host_national_in_an_observing_role_keeps_all_of_it_out(self):
        text = (
            "name,nationalities,email\nAna Paz,ARG,a@example.org\nLeo Sol,Argentina; Bolivia,l@example.org\n"
        )
        with pytest.raises(InvalidFile) as refused:
            intake.take(make_mission(), read(text).checked(), file_name="p.csv")
        assert [(e.row, e.column, e.value) for e in refused.value.errors] == [
            (3, "nationalities", "ARG, BOL")
        ]
        assert counts() == (0, 0)

    def test_a_nationality_that_only_the_roster_knows_bars_too(self):
        make_person("ARG", "BOL", email="leo@example.org")
        with pytest.raises(InvalidFile, match="nothing was written"):
            intake.take(
                make_mission(),
                read("name,nationalities,email\nLeo Sol,ARG,leo@example.org\n").checked(),
                file_name="p",
            )
        assert counts() == (1, 0)

    def test_the_same_person_twice_in_a_file_is_told(self):
        text = "name,nationalities,email\nAna Paz,ARG,a@example.org\nAna Paz,ARG,A@example.org\n"
        with pytest.raises(InvalidFile) as refused:
            intake.take(make_mission(), read(text).checked(), file_name="p.csv")
        assert [e.row for e in refused.value.errors] == [3]

    def test_the_same_person_may_have_two_roles(self):
        text = "name,nationalities,email,role\nAna Paz,ARG,a@example.org,observer\nAna Paz,ARG,a@example.org,chief\n"
        taken = intake.take(make_mission(), read(text).checked(), file_name="p.csv")
        assert (taken.people_count, taken.appointment_count) == (1, 2)

    def test_the_same_name_with_another_address_is_another_person(self):
        make_person("ARG", given_names="Ana", family_names="Paz", email="other@example.org")
        taken = intake.take(
            make_mission(),
            read("name,nationalities,email\nAna Paz,ARG,a@example.org\n").checked(),
            file_name="p.csv",
        )
        assert taken.people_count == 1

    def test_without_address_a_person_is_known_by_name_and_nationalities(self):
        make_person("ARG", given_names="Ana", family_names="Paz", email=None)
        taken = intake.take(
            make_mission(), read("name,nationalities\nANA PAZ,ar\n").checked(), file_name="p.csv"
        )
        assert taken.people_count == 0


@given(
    st.lists(
        st.sampled_from(["ARG", "Perú", "Corea, República de", "États-Unis", "the Netherlands", "br"]),
        min_size=1,
    )
)
def test_countries_are_found_whatever_the_order_and_the_separator(names):
    found = imports.countries_in(";".join(names))
    assert found == imports.countries_in(" ; ".join(reversed(names)))
    assert len(found) == len(set(names))


@given(st.text(max_size=30))
def test_any_text_is_countries_or_an_error_that_quotes_it(text):
    try:
        assert all(len(code) == 3 for code in imports.countries_in(text))
    except ValueError as error:
        assert str(error) in text


@given(st.lists(st.text(alphabet="abcñé", min_size=1, max_size=8), min_size=2, max_size=6))
def test_splitting_a_name_loses_no_word(words):
    given_names, family_names = imports.split_name(" ".join(words))
    assert f"{given_names} {family_names}".split() == words
    assert given_names and family_names


@given(st.text(alphabet=st.characters(blacklist_categories=["Cs", "Cc"]), max_size=30))
def test_whatever_stands_in_a_cell_it_is_a_row_or_an_error(text):
    cell = text.replace('"', "")
    found = read(f'name,nationalities,gender\n"Ana Paz","ARG","{cell}"\n')
    assert len(found.rows) == (0 if found.errors else 1)
