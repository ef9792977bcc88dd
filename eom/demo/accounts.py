"""One demonstration account for each role. The password is made here once, for this installation."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from eom.accounts.models import Membership, User
from eom.accounts.permissions import Role
from eom.accounts.queries import user_by_email
from eom.accounts.services import accounts
from eom.extensions import db

PASSWORD_FILE = "demonstration_password"  # noqa: S105 - the name of a file
CODE = "BOL-2019"


@dataclass(frozen=True)
class SignIn:
    """A demonstration account. ``in_mission`` says whether the role holds in BOL-2019 only."""

    role: Role
    email: str
    name: str
    in_mission: bool


SIGN_INS = (
    SignIn(Role.ADMINISTRATOR, "administrator@demo.example", "Adriana Administrator (demonstration)", False),
    SignIn(Role.HEADQUARTERS, "headquarters@demo.example", "Hugo Headquarters (demonstration)", False),
    SignIn(Role.CHIEF, "chief@demo.example", "Carolina Chief (demonstration)", True),
    SignIn(Role.DEPUTY, "deputy@demo.example", "Delia Deputy (demonstration)", True),
    SignIn(Role.COORDINATOR, "coordinator@demo.example", "Camilo Coordinator (demonstration)", True),
    SignIn(Role.OBSERVER, "observer@demo.example", "Olivia Observer (demonstration)", True),
    SignIn(Role.FINANCE, "finance@demo.example", "Fernando Finance (demonstration)", False),
    SignIn(Role.FINANCE_REVIEWER, "reviewer@demo.example", "Renata Reviewer (demonstration)", False),
    SignIn(Role.AUDITOR, "auditor@demo.example", "Aurelia Auditor (demonstration)", False),
    SignIn(Role.DONOR_VIEWER, "donor@demo.example", "Dora Donor (demonstration)", False),
)


def password_of(instance: Path) -> str:
    """The demonstration password of an installation, made at the first call and kept in its folder."""
    path = instance / PASSWORD_FILE
    try:
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return path.read_text(encoding="utf-8").strip()
    made = "-".join(secrets.token_hex(2) for _ in range(4))
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(made)
    return made


def make_accounts(mission_id: int, password: str) -> dict[Role, User]:
    """The accounts, with their roles; those that exist stay as they are."""
    made: dict[Role, User] = {}
    for each in SIGN_INS:
        user = user_by_email(db.session(), each.email) or accounts.create_user(
            email=each.email, name=each.name, password=password
        )
        if each.role is not Role.DONOR_VIEWER:
            accounts.grant_role(user, each.role, mission_id=mission_id if each.in_mission else None)
        made[each.role] = user
    return made


def show_awards_of(viewer: User, donor_id: int) -> None:
    """Let the donor's viewer see the awards of a donor."""
    if donor_id not in viewer.donors():
        viewer.memberships.append(Membership(role=Role.DONOR_VIEWER, donor_id=donor_id))
        db.session.flush()
