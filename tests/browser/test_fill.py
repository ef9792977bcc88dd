"""An observer fills a checklist on a phone, in Spanish."""

from __future__ import annotations

from datetime import date, time

import pytest
import sqlalchemy as sa

from eom.accounts.permissions import Role
from eom.checklists.models.submission import Submission
from eom.checklists.services import publishing
from eom.core.i18n import _, in_locale
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
    page.locator("a.task").first.click()
    page.get_by_text("¿Abrió la mesa a la hora fijada?").wait_for()
    olivia.has_no_barriers()
    page.locator("#checklist-form button", has_text=words(live, "Send")).last.click()
    page.get_by_text("Esta respuesta es necesaria.").nth(5).wait_for()
    assert received(live) == []
    fill_opening(page)
    olivia.shoot("fill-phone-es")
    page.locator("#checklist-form button", has_text=words(live, "Send")).last.click()
    page.wait_for_url("**/checklists/mine")
    assert page.locator("a.task-done").count() == 1
    olivia.shoot("mine-done-phone-es")
    page.locator("a.task-sent").click()
    page.get_by_text("¿Abrió la mesa a la hora fijada?").wait_for()
    olivia.has_no_barriers()
    olivia.shoot("sent-phone-es")
    assert received(live) == [("20457", "yes", [], 1)]


def fill_opening(page) -> None:
    """Answer every question that needs an answer, as someone with a thumb would."""
    choose(page, "¿Cómo se eligió esta mesa?", "Sorteada al azar por la misión")
    at(page, "Hora de llegada", "07:40")
    choose(page, "¿Abrió la mesa a la hora fijada?", "Sí")
    for question in ("¿Estaban todos los materiales", "¿Se mostró la urna vacía?", "¿Se selló la urna", "¿La cabina permite",
                     "¿Preside la mesa una mujer?", "¿Pueden las personas con discapacidad"):  # fmt: skip
        choose(page, question, "Sí")
    for question in ("¿Hay propaganda", "¿Se negó la entrada"):
        choose(page, question, "No")
    choose(page, "¿Hay fuerzas de seguridad", "Fuera de la mesa")
    count(page, "Integrantes de la mesa presentes", "5")
    count(page, "De ellos, mujeres", "3")
    choose(page, "¿cómo se condujo", "Muy bueno")
    at(page, "Hora de salida", "08:20")


def box(page, question):
    return page.locator(".question-container", has=page.locator(".control-text", has_text=question))


def choose(page, question, answer) -> None:
    box(page, question).locator("label.value-option").filter(has=page.get_by_text(answer, exact=True)).click()


def count(page, question, number) -> None:
    field = box(page, question).locator("input")
    field.press_sequentially(number)
    field.press("Tab")


def at(page, question, time_) -> None:
    field = box(page, question).locator("input")
    field.click()
    field.fill(time_)
    field.press("Tab")


def words(live, text) -> str:
    """An English text of ours in Spanish."""
    with live.app.test_request_context(), in_locale("es"):
        return str(_(text))


def received(live) -> list[tuple[str, str, list, int]]:
    """Station, whether it opened on time, flags, and the station's visits of what came to this mission."""
    with live.app.app_context():
        rows = db.session.execute(
            sa.select(Submission.station_answer, Submission.answers, Submission.flags, Visit.submission_count)
            .join(Mission, Mission.id == Submission.mission_id)
            .outerjoin(Visit, Visit.polling_station_id == Submission.polling_station_id)
            .where(Mission.code == "HND-2021")
        ).all()
        db.session.rollback()
    return [(station, answers["on_time"], flags, visits) for station, answers, flags, visits in rows]
