"""Published forms, stations to fill them at, and filled forms as a device sends them."""

from __future__ import annotations

import io
from itertools import count
from typing import Any

from flask import current_app
from lxml import etree

from eom.accounts.models import User
from eom.checklists.models.app_user import AppUser
from eom.checklists.models.form import FormVersion
from eom.checklists.services import app_users, intake, publishing
from eom.checklists.services.keeping import Receipt
from eom.checklists.services.unpacking import SentFile
from eom.deployment.models import Assignment
from eom.extensions import db
from eom.missions.models.mission import Mission
from eom.observers.models import Appointment
from eom.stations.models import Area, PollingStation, VotingCentre
from tests.factories.observers import make_appointment

# All with as many digits: names sort as they were made, whichever tests ran before.
_numbers = count(10_001)


def store() -> Any:
    """The store of files of the application under test."""
    return current_app.extensions["eom_store"]


def publish_standard(mission: Mission, stage: str = "opening") -> FormVersion:
    """A standard checklist, published."""
    return publishing.publish_standard(mission, store(), stage).version


def make_station(mission: Mission, code: str | None = None, area: str = "La Paz") -> PollingStation:
    """A polling station in a centre of its own."""
    number = next(_numbers)
    place = Area(mission_id=mission.id, level=1, name=area, key=f"{area} {number}", country=mission.country)
    db.session.add(place)
    db.session.flush()
    centre = VotingCentre(
        mission_id=mission.id, area=place, first_area=place, key=f"c{number}", name=f"School {number}",
        locality="Centro", latitude=-16.5, longitude=-68.1,
    )  # fmt: skip
    station = PollingStation(
        mission_id=mission.id, centre=centre, key=f"s{number}", code=code or str(200000 + number)
    )
    db.session.add(station)
    db.session.flush()
    return station


def assign(mission: Mission, user: User, *stations: PollingStation) -> Appointment:
    """A person's account holds an appointment with these stations in the mission's first round."""
    appointment = make_appointment(mission)
    appointment.person.user_id = user.id
    for station in stations:
        db.session.add(
            Assignment(
                mission_id=mission.id, round_id=mission.rounds[0].id, appointment_id=appointment.id,
                polling_station_id=station.id,
            )
        )  # fmt: skip
    db.session.flush()
    return appointment


def admit_device(
    mission: Mission, user: User | None = None, *stations: PollingStation, name: str = "Tablet 1"
) -> tuple[AppUser, str]:
    """A device of someone's appointment with its secret; ``user`` is the person's account, if there is one."""
    appointment = assign(mission, user, *stations) if user else make_appointment(mission)
    return app_users.issue(appointment, name)


OPENING: dict[str, Any] = {
    "start": "2019-10-20T07:40:00.000-04:00",
    "end": "2019-10-20T08:20:00.000-04:00",
    "today": "2019-10-20",
    "deviceid": "collect:abc",
    "visit": {"station": "", "selection": "assigned", "arrival": "07:30:00.000-04:00"},
    "opening": {"on_time": "yes", "opened_at": "08:00:00.000-04:00", "materials_complete": "yes",
                "ballots_received": 220, "box_empty": "yes", "box_sealed": "yes", "booth_secret": "yes"},
    "people": {"board_members": 5, "board_women": 3, "chair_woman": "yes", "security": "outside",
               "access": "yes", "campaign_material": "no", "refused_entry": "no"},
    "departure": {"conduct": "good", "place": "-16.5 -68.15 3600.0 4.5", "departure": "08:20:00.000-04:00"},
}  # fmt: skip


def filled(
    station: str = "",
    instance_id: str = "uuid:1",
    *,
    form_id: str = "eom_opening",
    version: str = "1",
    replaces: str | None = None,
    **answers: Any,
) -> bytes:
    """An opening checklist as sent; ``answers`` change or add some, by name, wherever they stand."""
    body = {name: dict(value) if isinstance(value, dict) else value for name, value in OPENING.items()}
    body["visit"]["station"] = station
    for name, value in answers.items():
        groups = [each for each in body.values() if isinstance(each, dict) and name in each]
        (groups[0] if groups else body if name in body else body["departure"])[name] = value
    meta = {"instanceID": instance_id} | ({"deprecatedID": replaces} if replaces else {})
    root = etree.Element("data", id=form_id, version=version)
    _write(root, body | {"meta": meta})
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def receive(mission: Mission, xml: bytes, *files: SentFile, user: User | None = None, **more: Any) -> Receipt:
    """What becomes of a filled form."""
    return intake.receive(mission, store(), xml=xml, user=user, files=files, **more)


def _write(parent: etree._Element, answers: dict[str, Any]) -> None:
    for name, value in answers.items():
        child = etree.SubElement(parent, name)
        if isinstance(value, dict):
            _write(child, value)
        elif value is not None:
            child.text = str(value)


def picture() -> bytes:
    """A small picture."""
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (6, 4), (10, 90, 160)).save(out, "PNG")
    return out.getvalue()
