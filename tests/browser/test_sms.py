"""The pages on SMS: a gateway is set up, a message that nobody could read is mended, a card is printed."""

from __future__ import annotations

import urllib.parse
import urllib.request

import pytest
import sqlalchemy as sa

from eom.accounts.permissions import Role
from eom.checklists.models.sms import MessageState, SmsMessage, SmsPlan
from eom.checklists.services import publishing
from eom.extensions import db, store
from eom.missions.models.mission import Mission
from tests.browser.conftest import DESKTOP, PHONE
from tests.factories.missions import make_mission
from tests.factories.observers import make_appointment
from tests.factories.stations import a_centre, a_station, an_area

SMS = "/missions/GTM-2023/sms"


@pytest.fixture
def place(live):
    """Guadalupe and Griselda lead a mission with the standard checklists; Gaspar is one of its observers."""
    with live.scene():
        mission = make_mission("GTM-2023", country="GTM", time_zone="America/Guatemala")
        publishing.publish_library(mission, store)
        centre = a_centre(mission, area=an_area(mission, name="Petén"), name="Escuela Tikal")
        a_station(mission, centre=centre, code="20217")
        for name in ("guadalupe", "griselda"):
            live.person(name, Role.CHIEF, mission.id)
        make_appointment(mission, given_names="Gaspar", family_names="Ixchel", phone="+502 5512 3456")


def hand_over(url: str, secret: str, id_: str, number: str, text: str) -> None:
    """Hand a message over as Telerivet does."""
    told = {"event": "incoming_message", "id": id_, "from_number": number, "content": text, "secret": secret}
    with urllib.request.urlopen(url, urllib.parse.urlencode(told).encode(), timeout=30) as answer:
        assert answer.status == 200


def states(live) -> list[MessageState]:
    with live.app.app_context():
        query = sa.select(SmsMessage.state).join(Mission, Mission.id == SmsMessage.mission_id)
        found = list(db.session.scalars(query.where(Mission.code == "GTM-2023").order_by(SmsMessage.id)))
        db.session.rollback()
    return found


def letter(live) -> str:
    """The letter of the number of ballots."""
    with live.app.app_context():
        query = sa.select(SmsPlan.signs).join(Mission, Mission.id == SmsPlan.mission_id)
        signs = db.session.scalar(query.where(Mission.code == "GTM-2023", SmsPlan.keyword == "OPEN")) or {}
        db.session.rollback()
    return next(sign for sign, key in signs.items() if key == "ballots_received")


def test_from_the_gateway_to_the_report(live, look, place):
    chief = look(DESKTOP).sign_in("guadalupe")
    phone = look(PHONE).sign_in("griselda", "es")
    page = chief.go(f"{SMS}/gateways")
    page.fill("input[name=name]", "Line in Flores")
    page.select_option("select[name=kind]", "telerivet")
    page.locator("main form button[type=submit]", has_text="Add").click()
    page.get_by_role("heading", name="Settings of Line in Flores").wait_for()
    chief.has_no_barriers()
    chief.shoot("sms-told-once")
    url, secret = page.locator("main dl code").all_inner_texts()
    url = live.url + urllib.parse.urlparse(url).path
    hand_over(url, secret, "1", "+50255123456", "OPEN 20217 ?9")
    hand_over(url, secret, "2", "+50255999999", "VOTO comprado en la esquina")
    hand_over(url, secret, "3", "+50255999999", "SAFE")

    for visitor, size in ((chief, "1280"), (phone, "360")):
        visited = visitor.go(SMS)
        visited.get_by_text("VOTO comprado").first.wait_for()
        visitor.has_no_barriers()
        visitor.shoot(f"sms-{size}")
        for path, name in (("/gateways", "gateways"), ("/letters", "letters")):
            visitor.go(f"{SMS}{path}")
            visitor.has_no_barriers()
            visitor.shoot(f"sms-{name}-{size}")
        visitor.page.locator("main a[href*='/edit']").first.click()
        visitor.page.locator("input[name=keyword]").wait_for()
        visitor.has_no_barriers()
        visitor.go(f"{SMS}/letters").locator("main a[href*='/card']").first.click()
        visitor.page.wait_for_url("**/card*")
        visitor.has_no_barriers()
        visitor.shoot(f"sms-card-{size}")

    page = chief.go(f"{SMS}/gateways")
    page.get_by_role("link", name="Line in Flores", exact=True).click()
    page.get_by_role("heading", name="Secret").wait_for()
    for visitor in (chief, phone):
        visitor.page.goto(page.url)
        visitor.has_no_barriers()
    phone.shoot("sms-gateway-360")
    page.get_by_role("button", name="New secret").click()
    page.get_by_text("The address stays as it is").wait_for()
    chief.has_no_barriers()
    [fresh] = page.locator("main dl code").all_inner_texts()
    hand_over(url, fresh, "4", "+50255999999", "Gracias")

    page = chief.go(SMS)
    page.locator("main tbody tr", has_text="OPEN 20217 ?9").locator("a").first.click()
    page.locator("textarea[name=text]").wait_for()
    for visitor in (chief, phone):
        visitor.page.goto(page.url)
        visitor.page.locator("textarea[name=text]").wait_for()
        visitor.has_no_barriers()
    phone.shoot("sms-message-360")
    page.fill("textarea[name=text]", f"OPEN 20217 {letter(live)}220")
    page.get_by_role("button", name="Read again").click()
    page.get_by_text("The message was read and kept").wait_for()
    assert states(live) == [MessageState.KEPT, MessageState.UNREAD, MessageState.UNREAD, MessageState.UNREAD]
