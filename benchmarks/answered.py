"""A mission with 100,000 filled checklists of twenty questions, written straight into the tables."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from benchmarks import twenty_questions
from eom.accounts.models import User
from eom.accounts.permissions import Role
from eom.checklists.models.form import FormVersion
from eom.checklists.models.submission import Submission, SubmissionDocument, SubmissionState
from eom.checklists.services import publishing
from eom.extensions import db, store
from eom.missions.models.mission import Mission
from eom.stations.models import Area, PollingStation, VotingCentre
from tests.people import make_user

AREAS, STATIONS, OBSERVERS = 24, 2_400, 80
OPENING = datetime(2019, 10, 20, 11, 0, tzinfo=UTC)
BATCH = 5_000


def answered(mission: Mission, count: int) -> FormVersion:
    """Publish the form and fill it ``count`` times; commits."""
    version = publishing.publish(mission, store, twenty_questions.workbook(), "twenty.xlsx").version
    stations = make_stations(mission)
    people = [make_user(f"observer{n}", Role.OBSERVER, mission) for n in range(OBSERVERS)]
    db.session.flush()
    rows = _rows(mission, version, stations, people, count)
    for first in range(1, count + 1, BATCH):
        batch = list(islice(rows, BATCH))
        documents = [{"submission_id": first + n, "xml": row.pop("xml")} for n, row in enumerate(batch)]
        for n, row in enumerate(batch):
            row["id"] = first + n
        db.session.execute(Submission.__table__.insert(), batch)
        db.session.execute(SubmissionDocument.__table__.insert(), documents)
    db.session.commit()
    return version


def make_stations(mission: Mission) -> list[PollingStation]:
    """Stations in centres of four, in areas of a hundred stations."""
    areas = [
        Area(mission_id=mission.id, level=1, name=f"Area {n}", key=f"a{n}", country=mission.country)
        for n in range(AREAS)
    ]
    db.session.add_all(areas)
    db.session.flush()
    centres = [
        VotingCentre(mission_id=mission.id, area=areas[n % AREAS], first_area=areas[n % AREAS], key=f"c{n}",
                     name=f"Unidad Educativa {n}", latitude=-16 - n / 500, longitude=-66 - n / 700)
        for n in range(STATIONS // 4)
    ]  # fmt: skip
    made = [
        PollingStation(mission_id=mission.id, centre=centres[n % len(centres)], key=f"s{n}", code=str(10_000 + n))
        for n in range(STATIONS)
    ]  # fmt: skip
    db.session.add_all(made)
    db.session.flush()
    return made


def _rows(
    mission: Mission, version: FormVersion, stations: list[PollingStation], people: list[User], count: int
) -> Iterator[dict[str, Any]]:
    """One row of the table for each filled form, the same for the same arguments."""
    chance = random.Random(7)  # noqa: S311 - for measuring
    round_id = mission.rounds[0].id
    for number in range(count):
        station = chance.choice(stations)
        at = OPENING + timedelta(seconds=chance.randrange(12 * 3600))
        instance = f"uuid:{number:08d}-0000-4000-8000-000000000000"
        answers = _answers(chance, station.code, at)
        xml = twenty_questions.SUBMISSION.replace("STATION", station.code).replace("uuid:INSTANCE", instance)
        yield {
            "mission_id": mission.id, "form_id": version.form_id, "form_version_id": version.id,
            "instance_id": instance, "instance_name": f"Twenty {station.code}", "is_current": True,
            "polling_station_id": station.id, "station_answer": station.code, "round_id": round_id,
            "submitted_by_id": chance.choice(people).id, "device_id": answers["deviceid"], "language": "es",
            "started_at": at, "ended_at": at + timedelta(minutes=40), "received_at": at + timedelta(minutes=41),
            "latitude": answers["place"]["latitude"], "longitude": answers["place"]["longitude"],
            "accuracy": answers["place"]["accuracy"], "xml": xml.encode(),
            "sha256": hashlib.sha256(xml.encode()).hexdigest(), "answers": answers, "flags": [],
            "flag_count": int(chance.random() < 0.1), "files_named": [], "is_complete": True,
            "state": chance.choices(list(SubmissionState), (60, 20, 15, 2, 3))[0],
        }  # fmt: skip


def _answers(chance: random.Random, code: str, at: datetime) -> dict[str, Any]:
    lists = twenty_questions.LISTS
    opened = chance.choices(lists["yes_no"], (80, 15, 5))[0]
    members = chance.randrange(3, 7)
    given = {
        "start": at.isoformat(), "end": (at + timedelta(minutes=40)).isoformat(),
        "deviceid": f"collect:{chance.randrange(80):016d}", "station": code, "arrival": f"{at:%H:%M}:00.000-04:00",
        "opened": opened, "members": members, "women": chance.randrange(members + 1),
        "materials": chance.choices(lists["yes_no"], (90, 7, 3))[0], "ballots": chance.randrange(180, 240),
        "empty": chance.choices(lists["yes_no"], (95, 2, 3))[0], "sealed": "yes", "secret": "yes",
        "agents": chance.sample(lists["party"][:3], chance.randrange(1, 4)),
        "security": chance.choice(lists["security"]), "access": chance.choice(lists["yes_no"]),
        "queue_metres": chance.randrange(800) / 10, "conduct": chance.choice(lists["conduct"]),
        "remarks": f"Sin novedad: la mesa {code} se instaló con todos sus integrantes y los delegados presentes.",
        "place": {"latitude": -16 - chance.random(), "longitude": -68 - chance.random(), "altitude": 3640,
                  "accuracy": 4.8},
    }  # fmt: skip
    if opened == "no":
        given |= {"late_minutes": chance.randrange(1, 90), "late_cause": [chance.choice(lists["cause"])]}
    return given
