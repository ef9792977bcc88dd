"""What the roster does when an account is made: the person of that address gets it."""

from __future__ import annotations

from typing import Any

from eom.core import events
from eom.observers.services import roster


@events.user_created.connect
def _person_has_an_account(_sender: Any, *, user_id: int, email: str, **_rest: Any) -> None:
    roster.link_account(user_id=user_id, email=email)
