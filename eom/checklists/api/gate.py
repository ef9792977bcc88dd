"""Where submissions of devices that come at the same moment are written in one transaction.

Whoever comes while nobody writes, writes at once. Those who come meanwhile wait, and the first of them then
writes for all who wait: nobody is kept waiting in order to gather a group. Each is admitted, checked, kept and
recorded as if it came alone, and none is answered before the commit. A group that fails as a whole is told so,
and each of it is taken by itself.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from flask import current_app

from eom.checklists.services.intake import Result
from eom.checklists.services.unpacking import Parcel

MAX_GROUP = 25


@dataclass(eq=False)
class Delivery:
    """A submission of a device with what its request says, and what it came to: None when its group failed."""

    token: str
    mission_code: str
    parcel: Parcel
    language: str
    device_id: str | None
    request_id: str | None
    address: str | None
    result: Result | None = None
    leads: bool = False
    told: threading.Event = field(default_factory=threading.Event)


Write = Callable[[Sequence[Delivery]], None]


class Gate:
    """Deliveries of one process in groups; one group is written at a time."""

    def __init__(self) -> None:
        self._mutex = threading.Lock()
        self._waiting: list[Delivery] = []
        self._is_busy = False

    def deliver(self, delivery: Delivery, write: Write) -> Result | None:
        """What a delivery came to; ``write`` writes a group and gives each its result."""
        with self._mutex:
            self._waiting.append(delivery)
            delivery.leads, self._is_busy = not self._is_busy, True
        if not delivery.leads:
            delivery.told.wait()
        # Told with no result and made to lead: the one before has left.
        if delivery.leads:
            self._lead(write)
        return delivery.result

    def _lead(self, write: Write) -> None:
        with self._mutex:
            group = self._waiting[:MAX_GROUP]
            del self._waiting[:MAX_GROUP]
        try:
            write(group)
        finally:
            with self._mutex:
                following = self._waiting[0] if self._waiting else None
                self._is_busy = following is not None
                if following is not None:
                    following.leads = True
            for each in group:
                each.told.set()
            if following is not None:
                following.told.set()


def gate() -> Gate:
    """The gate of the application that runs, in this process."""
    return current_app.extensions.setdefault("eom_gate", Gate())  # type: ignore[no-any-return]
