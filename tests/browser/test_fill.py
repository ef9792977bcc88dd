"""An observer fills a checklist on a phone, in Spanish."""

from __future__ import annotations

from datetime import date, time

import pytest

from eom.accounts.permissions import Role
from eom.checklists.models import Submission
from eom.checklists.services import publishing
from eom.deployment.models import Visit
from eom.deployment.services import assigning
from eom.extensions import db, store
from eom.missions.models.mission import Mission
from tests.browser.conftest import PHONE
from tests.factories.missions import make_mission, make_round
from tests.factories.observers import make_appointment
from tests.factories.stations import a_centre, a_station, an_area


@pytest.fixture
def place(live):
    """Olivia observes at station 20457 of a mission with the four checklists."""
    with live.scene():
        mission = make_mission("HND-2021", country="HND", time_zone="America/Tegucigalpa")
        make_round(mission, date(2021, 11, 28), opens_at=time(7), closes_at=time(17))
        publishing.publish_library(mission, store)
        centre = a_centre(
            mission, area=an_area(mission, name="Atlántida"), name="Escuela República de Honduras"
        )
        station = a_station(mission, centre=centre, code="20457")
        olivia = live.person("olivia", Role.OBSERVER, mission.id)
        appointment = make_appointment(mission)
        appointment.person.user_id = olivia.id
        assigning.assign(mission, round_=mission.rounds[0], appointment=appointment, stations=[station])
    return "/missions/HND-2021"


def test_a_checklist_is_filled_and_arrives_once(live, look, place):
    olivia = look(PHONE).sign_in("olivia", "es")
    page = olivia.go(f"{place}/checklists/mine")
    olivia.has_no_barriers()
    olivia.shoot("mine-phone-es")
    page.get_by_role("link", name="Apertura").click()
    page.get_by_text("¿Abrió la mesa a la hora fijada?").wait_for()
    olivia.shoot("fill-phone-es")
