"""The pledge of the Code of Conduct, signed in the system: the text as it was read, by name, once."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from eom.core import clock, i18n
from eom.core.countries import fold
from eom.core.errors import InvalidInput, Refused
from eom.core.i18n import lazy
from eom.extensions import db
from eom.observers import pledge
from eom.observers.models import Appointment, Pledge

# What anonymisation may take away; nothing else of a pledge ever changes.
ERASABLE = frozenset({"typed_name", "user_id", "address"})


def sign(
    appointments: Sequence[Appointment],
    *,
    typed_name: str | None,
    agrees: bool,
    shown: str | None,
    user_id: int,
    address: str | None,
) -> list[Pledge]:
    """Sign the pledge for a person's places in a mission.

    ``shown`` is the SHA-256 of the text that the person read. Raises Refused when nothing is left to sign,
    InvalidInput without consent, for another name than the person's, and for another text than today's.
    """
    if not appointments:
        raise Refused(lazy("You have no place in this mission, so there is nothing for you to sign."))
    unsigned = [each for each in appointments if not is_signed(each)]
    if not unsigned:
        raise Refused(lazy("You have signed this pledge already. What is signed stays as it is."))
    text = pledge.rendered()
    if shown != pledge.digest(text):
        raise InvalidInput(lazy("The text changed, or its language: read it as it stands now, then sign."))
    if not agrees:
        raise InvalidInput(lazy("Tick the box: without it there is no pledge."), "agrees")
    person = unsigned[0].person
    if fold(typed_name or "") != fold(person.name):
        raise InvalidInput(
            lazy("Your name as the roster has it was expected: %(name)s.", name=person.name), "typed_name"
        )
    signed = [_signed(each, text, str(typed_name).strip(), user_id, address) for each in unsigned]
    db.session.flush()
    return signed


def is_signed(appointment: Appointment, version: str = pledge.VERSION) -> bool:
    """Whether the pledge of a version was signed here for an appointment."""
    return any(each.text_version == version for each in appointment.pledges)


def _signed(appointment: Appointment, text: str, name: str, user_id: int, address: str | None) -> Pledge:
    now = clock.now()
    row = Pledge(
        appointment=appointment, text_version=pledge.VERSION, language=i18n.language(), text=text,
        text_sha256=pledge.digest(text), signed_at=now, typed_name=name, user_id=user_id, address=address,
    )  # fmt: skip
    db.session.add(row)
    if appointment.pledge_signed_on is None:
        appointment.pledge_signed_on = clock.today(appointment.mission.time_zone)
    return row


@sa.event.listens_for(Pledge, "before_update")
def _refuse_change(_mapper: object, _connection: object, row: Pledge) -> None:
    state = sa.inspect(row)
    changed = {each.key for each in state.mapper.column_attrs if state.attrs[each.key].history.has_changes()}
    if not changed <= ERASABLE or any(getattr(row, name) is not None for name in changed):
        raise RuntimeError("a signed pledge is never changed")


@sa.event.listens_for(Pledge, "before_delete")
def _refuse_removal(_mapper: object, _connection: object, _row: Pledge) -> None:
    raise RuntimeError("a signed pledge is never removed")
