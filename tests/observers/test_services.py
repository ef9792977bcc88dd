"""People and their places: who may observe, and what comes before they deploy."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from eom.core import clock
from eom.core.errors import Conflict, InvalidInput, Refused
from eom.missions.services import lifecycle
from eom.observers.models import OBSERVING_ROLES, AppointmentRole, AppointmentState, Expertise, Gender
from eom.observers.services import appointing, roster
from tests.factories.missions import make_mission
from tests.factories.observers import make_appointment, make_person

pytestmark = pytest.mark.usefixtures("app")
SUPPORT = [role for role in AppointmentRole if role not in OBSERVING_ROLES]


def steps(appointment, pledge=None, trained=None, accredited=None, credential=None):
    return appointing.record_steps(
        appointment,
        pledge_signed_on=pledge,
        trained_on=trained,
        accredited_on=accredited,
        credential_number=credential,
    )


@pytest.mark.parametrize("role", OBSERVING_ROLES)
def test_a_host_national_cannot_observe_in_any_role(role):
    with pytest.raises(Refused) as refused:
        appointing.appoint(make_mission(), make_person("BOL"), role=role, expertise=Expertise.QUICK_COUNT)
    assert refused.value.field == "role"
    assert "Bolivia" in str(refused.value)


def test_a_second_nationality_of_the_host_bars_too():
    with pytest.raises(Refused, match="Bolivia"):
        make_appointment(make_mission(), "ARG", "BOL")


@pytest.mark.parametrize("role", SUPPORT)
def test_a_host_national_may_serve_in_support(role):
    assert make_appointment(make_mission(), "BOL", role=role).role is role


def test_a_driver_of_the_host_country_does_not_become_an_observer():
    driver = make_appointment(make_mission(), "BOL", role=AppointmentRole.DRIVER)
    with pytest.raises(Refused):
        appointing.edit_appointment(
            driver, role=AppointmentRole.OBSERVER, expertise=None, starts_on=None, ends_on=None, is_remote=False,
            origin=None, state=AppointmentState.CONFIRMED,
        )  # fmt: skip


def test_an_observer_does_not_take_the_nationality_of_the_host():
    person = make_appointment(make_mission(), "ARG").person
    with pytest.raises(Refused) as refused:
        roster.edit_person(
            person, given_names="A", family_names="B", nationalities=["ARG", "BOL"], gender=Gender.WOMAN, languages=[],
            expertise=[], email=None, phone=None,
        )  # fmt: skip
    assert refused.value.field == "nationalities"
    assert "BOL-2019" in str(refused.value)


def test_nobody_has_a_role_twice_and_nobody_joins_a_cancelled_mission():
    mission = make_mission()
    person = make_appointment(mission).person
    with pytest.raises(Conflict):
        appointing.appoint(mission, person, role=AppointmentRole.OBSERVER)
    lifecycle.cancel(mission, reason="No funds")
    with pytest.raises(Refused):
        make_appointment(mission)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"starts_on": date(2019, 10, 2), "ends_on": date(2019, 10, 1)}, "ends_on"),
        ({"origin": "CHL"}, "origin"),
        ({"role": AppointmentRole.SPECIALIST}, "expertise"),
    ],
)
def test_what_cannot_be_of_an_appointment_is_refused_on_its_field(values, field):
    with pytest.raises(InvalidInput) as refused:
        appointing.appoint(make_mission(), make_person(), **({"role": AppointmentRole.OBSERVER} | values))
    assert refused.value.field == field


def test_an_only_nationality_is_what_the_press_counts():
    mission = make_mission()
    assert make_appointment(mission, "ARG").origin == "ARG"
    assert make_appointment(mission, "ARG", "CHL").origin is None


def test_accreditation_comes_after_pledge_and_training():
    appointment = make_appointment(make_mission())
    day = date(2019, 10, 1)
    for given in (
        {"accredited": day},
        {"accredited": day, "pledge": day},
        {"accredited": day, "trained": day},
    ):
        with pytest.raises(InvalidInput) as refused:
            steps(appointment, **given)
        assert refused.value.field == "accredited_on"
    with pytest.raises(InvalidInput):
        steps(appointment, pledge=day, trained=day + timedelta(days=1), accredited=day)
    steps(appointment, pledge=day, trained=day, accredited=day, credential="OEP-1")
    assert appointment.is_accredited


def test_no_step_lies_in_the_future_and_no_credential_comes_alone():
    appointment = make_appointment(make_mission())
    with pytest.raises(InvalidInput) as refused:
        steps(appointment, pledge=clock.today() + timedelta(days=2))
    assert refused.value.field == "pledge_signed_on"
    with pytest.raises(InvalidInput):
        steps(appointment, credential="OEP-1")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"email": "no address"}, "email"),
        ({"phone": "call me"}, "phone"),
        ({"given_names": " "}, "given_names"),
        ({"family_names": "x" * 101}, "family_names"),
    ],
)
def test_what_cannot_be_of_a_person_is_refused_on_its_field(values, field):
    with pytest.raises(InvalidInput) as refused:
        make_person(**values)
    assert refused.value.field == field


def test_a_person_has_a_nationality_of_a_country_that_exists():
    for countries in ([], ["XXX"]):
        with pytest.raises(InvalidInput):
            roster.add_person(given_names="A", family_names="B", nationalities=countries)


def test_an_address_belongs_to_one_person_whatever_its_case():
    make_person(email="ana@example.org")
    with pytest.raises(Conflict):
        make_person(email="ANA@example.org")


def test_an_account_and_a_person_of_one_address_find_each_other(app):
    from eom.accounts.services.accounts import create_user

    first = make_person(email="ana@example.org")
    account = create_user(email="Ana@example.org", name="Ana", password="long enough to do")
    assert first.user_id == account.id
    other = create_user(email="luis@example.org", name="Luis", password="long enough to do")
    assert make_person(email="luis@example.org").user_id == other.id
    assert make_person(email="nobody@example.org").user_id is None
