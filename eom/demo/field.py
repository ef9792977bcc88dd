"""The field of BOL-2019: its register, who was sent where, and some four hundred stations' checklists."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

from eom.accounts.models import User
from eom.accounts.permissions import Role
from eom.checklists.queries import forms
from eom.checklists.services import files, intake, publishing
from eom.core.storage import Store
from eom.demo import filling, planning, samples
from eom.deployment.models import Selection
from eom.deployment.services import assigning, teams
from eom.extensions import db
from eom.missions.models.mission import Mission
from eom.observers.models import Appointment, AppointmentRole
from eom.stations.models import PollingStation
from eom.stations.services import register

DATA = Path(__file__).parent / "data"
VISITED_SHARE = 0.93
# The observer's account leaves some of its stations open, so that there is something left to fill in.
LEFT_OPEN = 2
CONTENDERS = b"name,label\nlist_a,List A (invented)\nlist_b,List B (invented)\nlist_c,List C (invented)\nlist_d,List D (invented)\n"
HOURS = {"opening": (time(7, 30), 50), "voting": (time(10, 15), 35), "closing": (time(15, 40), 45), "counting": (time(16, 35), 90)}  # fmt: skip


def load_stations(mission: Mission) -> int:
    """The authority's whole file; returns how many stations it holds."""
    path = DATA / "bolivia_2019_mesas.csv.gz"
    return int(register.import_register(mission, path.read_bytes(), path.name).summary["stations"])


def publish_checklists(mission: Mission, store: Store) -> None:
    """The four standard checklists, with invented contenders."""
    publishing.publish_library(mission, store)
    files.attach_contenders(mission, store, CONTENDERS, "contenders.csv")


def observe(
    mission: Mission, appointments: Sequence[Appointment], users: dict[Role, User], store: Store
) -> int:
    """Send observers to stations all over the country, and take their checklists; returns how many came."""
    observers = [each for each in appointments if each.role is AppointmentRole.OBSERVER]
    own = {user.id for user in users.values()}
    shares = _shares(mission, len(observers))
    _make_teams(mission, appointments, observers, shares)
    received = 0
    for observer, stations in zip(observers, shares, strict=True):
        assigning.assign(
            mission,
            round_=mission.rounds[0],
            appointment=observer,
            stations=stations,
            selection=Selection.RANDOM,
        )
        left_open = LEFT_OPEN if observer.person.user_id in own else 0
        for place, station in enumerate(stations[: len(stations) - left_open]):
            received += _fill(mission, station, place, len(stations), store, users[Role.OBSERVER])
    return received


def _make_teams(
    mission: Mission, appointments: Sequence[Appointment], observers: Sequence[Appointment],
    shares: Sequence[Sequence[PollingStation]],
) -> None:  # fmt: skip
    """Two observers a team, with a driver while there are any; their base is in the middle of their stations."""
    drivers = [each for each in appointments if each.role is AppointmentRole.DRIVER]
    for number, start in enumerate(range(0, len(observers), 2)):
        pair = observers[start : start + 2]
        members = [each.id for each in [*pair, *drivers[number : number + 1]]]
        teams.make_team(
            mission, name=f"{number + 1:02}", members=members, lead=pair[0].id, starts_at=time(6, 30),
            ends_at=time(20), call_sign=f"MOE {number + 1:02}",
            **planning.base_of([each for share in shares[start : start + 2] for each in share]),
        )  # fmt: skip


def _shares(mission: Mission, count: int) -> list[list[PollingStation]]:
    """The mission's sample of stations, cut into shares of neighbours (by area, then centre)."""
    chosen = samples.stations_of(samples.draw(mission))
    cuts = [len(chosen) * part // count for part in range(count + 1)]
    return [chosen[start:end] for start, end in pairwise(cuts)]


def _fill(mission: Mission, station: PollingStation, place: int, count: int, store: Store, user: User) -> int:
    """The checklists of one station: the first of a day has the opening, the last closing and counting."""
    dice = random.Random(f"2019 {station.code}")
    if dice.random() > VISITED_SHARE:
        return 0
    stages = ["opening"] if place == 0 else ["closing", "counting"] if place == count - 1 else []
    versions = {each.form.kind.value: each for each in forms.current_versions(db.session(), mission)}
    for stage in ["voting", *stages]:
        begins, minutes = HOURS[stage]
        arrived = datetime.combine(mission.rounds[0].polling_on, begins, ZoneInfo(mission.time_zone))
        arrived += timedelta(minutes=dice.randint(0, 12) + (50 * place if stage == "voting" else 0))
        visit = filling.Visit(
            station.code, station.registered_voters or 200, arrived, arrived + timedelta(minutes=minutes),
            station.centre.latitude, station.centre.longitude,
        )  # fmt: skip
        version = versions[stage]
        xml = filling.fill(stage, version.form.form_id, version.version, visit, place)
        intake.receive(
            mission, store, xml=xml, user=user, language="es", device_id="demonstration",
            at=visit.left_at + timedelta(minutes=dice.randint(1, 40)),
        )  # fmt: skip
    return 1 + len(stages)
