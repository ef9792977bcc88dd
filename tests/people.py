"""The people of the stories. Ana leads mission A, Bruno observes in it; Clara keeps the books, Felix
reviews and Elena audits them; Dario leads mission B and is a stranger to A; Hugo works at headquarters,
Amir administers; Dora sees the awards of one donor and belongs to no mission."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from datetime import time as at

from flask import Flask

from eom.accounts.models import Membership, User
from eom.accounts.permissions import Role
from eom.accounts.services import sessions
from eom.extensions import db
from eom.finance.models.award import Donor, DonorKind
from eom.missions.models.mission import Mission, Stage
from eom.missions.models.process import ElectoralProcess, ProcessKind, Round
from tests.page import Page


@dataclass
class Cast:
    """Missions A and B and everyone by first name."""

    a: Mission
    b: Mission
    users: dict[str, User]

    def user(self, name: str) -> User:
        if name == "dora" and name not in self.users:
            # Her donor is in the books only where a story asks for her.
            self.users[name] = make_user(name, Role.DONOR_VIEWER, None)
            db.session.commit()
        return self.users[name]


PARTS = {
    "ana": (Role.CHIEF, "a"),
    "bruno": (Role.OBSERVER, "a"),
    "clara": (Role.FINANCE, None),
    "dario": (Role.CHIEF, "b"),
    "elena": (Role.AUDITOR, None),
    "hugo": (Role.HEADQUARTERS, None),
    "amir": (Role.ADMINISTRATOR, None),
    "carmen": (Role.COORDINATOR, "a"),
    "delia": (Role.DEPUTY, "a"),
    "felix": (Role.FINANCE_REVIEWER, None),
    "dora": (Role.DONOR_VIEWER, None),
}


def make_mission(code: str, country: str, polling_on: date) -> Mission:
    mission = Mission(
        code=code, name=f"Elections of {polling_on.year}", country=country, stage=Stage.ACCEPTED,
        time_zone="America/La_Paz",
        processes=[ElectoralProcess(kind=ProcessKind.GENERAL)],
        rounds=[Round(polling_on=polling_on, opens_at=at(8), closes_at=at(17), time_zone="America/La_Paz")],
    )  # fmt: skip
    db.session.add(mission)
    db.session.flush()
    return mission


def make_donor(name: str) -> Donor:
    donor = Donor(name=name, kind=DonorKind.ORGANISATION)
    db.session.add(donor)
    db.session.flush()
    return donor


def make_user(name: str, role: Role, mission: Mission | None) -> User:
    """An account with one role; a donor's viewer has a donor of their own."""
    donor = make_donor(f"Donor of {name.capitalize()}") if role is Role.DONOR_VIEWER else None
    user = _account(name, role, mission, donor)
    db.session.flush()
    return user


def _account(name: str, role: Role, mission: Mission | None, donor: Donor | None = None) -> User:
    user = User(
        email=f"{name}@example.org", name=name.capitalize(), active=True, fs_uniquifier=uuid.uuid4().hex,
        memberships=[
            Membership(
                role=role, mission_id=mission.id if mission else None, donor_id=donor.id if donor else None
            )
        ],
    )  # fmt: skip
    db.session.add(user)
    return user


def make_cast() -> Cast:
    a = make_mission("BOL-2019", "BOL", date(2019, 10, 20))
    b = make_mission("PER-2021", "PER", date(2021, 4, 11))
    missions = {"a": a, "b": b, None: None}
    parts = {name: part for name, part in PARTS.items() if name != "dora"}
    # All in one flush: most tests begin with the cast.
    users = {name: _account(name, role, missions[where]) for name, (role, where) in parts.items()}
    db.session.commit()
    return Cast(a, b, users)


class Client:
    """A signed-in browser without scripts: it fetches pages and sends forms."""

    def __init__(self, app, user: User | None) -> None:
        app.config["WTF_CSRF_ENABLED"] = False
        self.http = app.test_client()
        if user is not None:
            secret = sessions.begin(user, address="127.0.0.1", device="a test")
            db.session.commit()
            with self.http.session_transaction() as kept:
                kept["sid"], kept["seen"], kept["fs_paa"] = secret, time.time(), time.time()
                kept["_user_id"] = user.fs_uniquifier
                kept["_fresh"] = True
                kept["identity"] = user.fs_uniquifier

    def page(self, url: str, status: int = 200) -> Page:
        """Fetch a page, check its status and its form, and return it parsed."""
        answer = self.http.get(url)
        assert answer.status_code == status, (
            f"GET {url}: {answer.status_code}, {status} was expected\n{answer.text[:2000]}"
        )
        assert not db.session.dirty and not db.session.new, f"GET {url} left changes behind"
        return Page(answer)

    def get(self, url: str, status: int = 200):
        """Fetch something that is no page."""
        answer = self.http.get(url)
        assert answer.status_code == status, (
            f"GET {url}: {answer.status_code}, {status} was expected\n{answer.text[:2000]}"
        )
        return answer

    def submit(self, url: str, status: int = 303, **fields):
        """Send a form; return the page it leads to (303) or shows (422)."""
        data = {k: (v if isinstance(v, tuple | list) else str(v)) for k, v in fields.items() if v is not None}
        answer = self.http.post(url, data=data, content_type="multipart/form-data")
        assert answer.status_code == status, (
            f"POST {url}: {answer.status_code}, {status} was expected\n{answer.text[:3000]}"
        )
        assert not db.session.dirty and not db.session.new, f"POST {url} left changes uncommitted"
        return self.page(answer.location) if status == 303 else Page(answer)


@contextmanager
def asking_for_tokens(app: Flask) -> Iterator[None]:
    """Forms need their token here, as they do in a browser; clients that are made meanwhile switch it off."""
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        yield
    finally:
        app.config["WTF_CSRF_ENABLED"] = False
