"""SMS: gateways, the letters of forms, who a number belongs to, and the messages that wait."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import phonenumbers
import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from eom.checklists import sms_plan
from eom.checklists.models.form import Form, FormKind, FormVersion
from eom.checklists.models.sms import MessageState, SmsGateway, SmsMessage, SmsPlan
from eom.checklists.queries.forms import current_versions, definition
from eom.checklists.sms_code import CodeBook
from eom.core import countries, tokens
from eom.core.db import get_in
from eom.core.i18n import lazy
from eom.core.listing import Column, Filter, ListDefinition
from eom.missions.models.mission import Mission
from eom.observers.models import Appointment, AppointmentState, Person

Book = tuple[FormVersion, CodeBook]


def gateways(session: Session, mission: Mission) -> Sequence[SmsGateway]:
    """The gateways of a mission by name."""
    query = sa.select(SmsGateway).where(SmsGateway.mission_id == mission.id)
    return session.scalars(query.order_by(SmsGateway.name, SmsGateway.id)).all()


def gateway_in(session: Session, mission: Mission, gateway_id: int) -> SmsGateway:
    """A gateway of a mission. Raises NotFound."""
    return get_in(session, SmsGateway, gateway_id, mission_id=mission.id)


def gateway_at(session: Session, address: str) -> SmsGateway | None:
    """The gateway that is on at an address."""
    return session.scalar(
        sa.select(SmsGateway).where(
            SmsGateway.address_sha256 == tokens.digest(address), SmsGateway.is_on.is_(True)
        )
    )


def plans(session: Session, mission: Mission) -> dict[int, SmsPlan]:
    """What was decided about the letters of forms, by the id of the form."""
    query = sa.select(SmsPlan).where(SmsPlan.mission_id == mission.id)
    return {plan.form_id: plan for plan in session.scalars(query)}


def books(session: Session, mission: Mission) -> list[Book]:
    """The forms that can be filled, with their codes: as decided, else as proposed; one a keyword."""
    kept = plans(session, mission)
    taken = {plan.keyword for plan in kept.values()} | sms_plan.RESERVED
    found = []
    for version in current_versions(session, mission):
        form, plan = definition(version), kept.get(version.form_id)
        keyword = plan.keyword if plan else _free(version.form, taken)
        signs = {key: sign for sign, key in plan.signs.items()} if plan else sms_plan.proposal(form)
        found.append((version, sms_plan.book(form, keyword, signs)))
    return found


def _free(form: Form, taken: set[str]) -> str:
    """The word proposed for a form, another letter behind it when it is taken."""
    word = sms_plan.keyword_for(form.kind.value, form.form_id)
    options = [word, *(f"{word[:11]}{letter}" for letter in sms_plan.LETTERS)]
    found = next((each for each in options if each not in taken), word)
    taken.add(found)
    return found


def e164(number: str, country: str) -> str | None:
    """A telephone number in the form of E.164; ``country`` (alpha-3) is where one without its + is dialled."""
    try:
        parsed = phonenumbers.parse(number, countries.alpha2(country))
    except phonenumbers.NumberParseException:
        return None
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def senders(session: Session, mission: Mission, number: str) -> list[Appointment]:
    """The living appointments whose person has this number on the roster."""
    wanted = _all_forms(number, mission.country)
    query = (
        sa.select(Appointment)
        .join(Appointment.person)
        .where(
            Appointment.mission_id == mission.id,
            Appointment.state != AppointmentState.WITHDRAWN,
            Person.phone.is_not(None),
            Person.anonymised_at.is_(None),
        )
        .order_by(Appointment.id)
    )
    return [
        each
        for each in session.scalars(query).unique()
        if e164(str(each.person.phone), mission.country) in wanted
    ]


def _all_forms(number: str, country: str) -> set[str]:
    """What a gateway may mean: some leave the + of an international number out."""
    digits = "".join(char for char in number if char.isdigit())
    written = [number] if number.strip().startswith(("+", "00")) else [number, f"+{digits}"]
    if number.strip().startswith("00"):
        written.append(f"+{digits[2:]}")
    return {found for each in written if (found := e164(each, country))}


def held(session: Session, gateway: SmsGateway, message_id: str) -> SmsMessage | None:
    """The message that came before with this id."""
    return session.scalar(
        sa.select(SmsMessage).where(SmsMessage.gateway_id == gateway.id, SmsMessage.message_id == message_id)
    )


def message_in(session: Session, mission: Mission, message_id: int) -> SmsMessage:
    """A message of a mission. Raises NotFound."""
    return get_in(session, SmsMessage, message_id, mission_id=mission.id)


def waiting_count(session: Session, mission: Mission) -> int:
    """How many messages wait for a person."""
    query = sa.select(sa.func.count()).where(
        SmsMessage.mission_id == mission.id, SmsMessage.state == MessageState.UNREAD
    )
    return session.scalar(query) or 0


def inbox(mission: Mission, *, shows_numbers: bool, link: Callable[[int], str]) -> ListDefinition:
    """Messages: those that wait first, the urgent before others, then the oldest first.

    ``shows_numbers`` adds the senders' telephone numbers and names; ``link`` is the address of a message by its id.
    """
    zone = mission.time_zone
    order = sa.case((SmsMessage.state == MessageState.UNREAD, 0), else_=1)
    urgency = sa.case((SmsMessage.is_urgent.is_(True), 0), else_=1)
    people = (
        Column("person", lazy("Sender"), _sender),
        Column("number", lazy("Number"), lambda m: m.number),
    )
    columns = (
        Column("received", lazy("Received"), lambda m: (m.received_at, zone), SmsMessage.received_at, "moment",
               href=lambda m: link(m.id)),
        Column("urgent", lazy("Urgent"), lambda m: m.is_urgent, urgency, "boolean"),
        *(people if shows_numbers else ()),
        Column("text", lazy("Message"), lambda m: m.text),
        Column("said", lazy("Answer"), lambda m: m.said),
        Column("state", lazy("State"), lambda m: m.state, (order, urgency, SmsMessage.received_at), "badge",
               tone=lambda m: "warning" if m.state is MessageState.UNREAD else "neutral"),
    )  # fmt: skip
    query = (
        sa.select(SmsMessage)
        .where(SmsMessage.mission_id == mission.id)
        .options(joinedload(SmsMessage.appointment).joinedload(Appointment.person))
    )
    states = Filter(
        "state", lazy("State"), lambda v: SmsMessage.state == MessageState(v), choices=MessageState.choices()
    )
    return ListDefinition(query, columns, (states,), sort="state", tie=SmsMessage.id)


def _sender(message: SmsMessage) -> str | None:
    return message.appointment.person.name if message.appointment is not None else None


def is_of_incident(version: FormVersion) -> bool:
    """Whether a form tells of something grave."""
    return version.form.kind is FormKind.INCIDENT
