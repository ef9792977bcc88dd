"""Taking messages: each is kept once; a good one becomes a report, another waits for a person."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy.exc import IntegrityError

from eom.accounts.models import User
from eom.checklists import sms_words
from eom.checklists.models.form import FormVersion
from eom.checklists.models.sms import MessageState, SmsGateway, SmsMessage
from eom.checklists.openrosa import read_submission
from eom.checklists.openrosa_checks import Rule
from eom.checklists.openrosa_contents import contents
from eom.checklists.queries import sms as queries
from eom.checklists.queries.addresses import Directory
from eom.checklists.queries.destinations import destination_of
from eom.checklists.queries.forms import definition
from eom.checklists.queries.media import own_stations
from eom.checklists.services import intake, safety
from eom.checklists.services.keeping import Sender
from eom.checklists.services.unpacking import unpack
from eom.checklists.sms_code import Problem, ProblemKind, Reading, keyword_of, parse
from eom.checklists.sms_gateways import Incoming
from eom.checklists.sms_xml import instance
from eom.checklists.xlsform_form import in_language
from eom.core import audit, clock, i18n
from eom.core.db import get_in
from eom.core.errors import AppError, InvalidInput, Refused
from eom.core.i18n import _, lazy
from eom.core.storage import Store
from eom.extensions import db
from eom.missions.models.mission import Mission
from eom.observers.models import Appointment, AppointmentState

# Later than this a message is kept for a person: who sends an old one again gets no report out of it.
TOO_OLD = timedelta(hours=48)
SPACE = uuid.UUID("5d0c1c6e-6f0b-4c9b-9d0e-6f4a0c7b5d11")


class _Wrong(Exception):
    """Why a message is no report, in the sender's language."""

    def __init__(self, said: str, is_urgent: bool = False) -> None:
        super().__init__(said)
        self.said, self.is_urgent = said, is_urgent


def take(mission: Mission, store: Store, gateway: SmsGateway, incoming: Incoming) -> SmsMessage:
    """Keep a message that a gateway hands over; the same again is the same message, with the same answer."""
    kept = queries.held(db.session(), gateway, incoming.message_id)
    if kept is not None:
        return kept
    message = SmsMessage(
        mission_id=mission.id, gateway_id=gateway.id, message_id=incoming.message_id, number=incoming.number,
        text=incoming.text, sent_at=incoming.sent_at, received_at=clock.now(),
    )  # fmt: skip
    try:
        with db.session.begin_nested():
            db.session.add(message)
    except IntegrityError:
        # Another request with the same message was faster.
        kept = queries.held(db.session(), gateway, incoming.message_id)
        if kept is None:
            raise
        return kept
    senders = queries.senders(db.session(), mission, incoming.number)
    if len({each.person_id for each in senders}) == 1:
        message.appointment_id = senders[0].id
        with i18n.in_locale(_language(senders[0], mission)):
            _answer(mission, store, message, senders[0])
    else:
        message.is_urgent = keyword_of(incoming.text) in ("SAFE", "HELP", "ALERT")
        message.said = sms_words.fitted(_("Your message was received. Thank you."))
    db.session.flush()
    return message


def _answer(mission: Mission, store: Store, message: SmsMessage, sender: Appointment) -> None:
    """Read a message of a known sender and say what came of it."""
    try:
        if _has_ended(sender, mission):
            raise _Wrong(
                sms_words.fitted(_("Your place in this mission has ended. Headquarters has your message."))
            )
        if message.sent_at and message.received_at - message.sent_at > TOO_OLD:
            raise _Wrong(sms_words.fitted(_("This message is old: headquarters will look at it.")))
        message.said = _understood(mission, store, message, sender)
    except _Wrong as wrong:
        message.said, message.is_urgent = wrong.said, message.is_urgent or wrong.is_urgent


def _understood(mission: Mission, store: Store, message: SmsMessage, sender: Appointment) -> str:
    text = message.corrected_text or message.text or ""
    books = queries.books(db.session(), mission)
    word = keyword_of(text)
    if word == "HELP" and not any(book.keyword == word for _version, book in books):
        message.state = MessageState.ANSWERED
        return sms_words.help_text([book for _version, book in books])
    if word == "SAFE":
        return _safe(mission, message, sender)
    return _report(mission, store, message, sender, books)


def _safe(mission: Mission, message: SmsMessage, sender: Appointment) -> str:
    """“I am safe”, kept as the field app's; of a person without an account it waits for a person."""
    account = db.session.get(User, sender.person.user_id) if sender.person.user_id else None
    if account is None:
        raise _Wrong(sms_words.fitted(_("Received: you are safe. Headquarters sees it.")), is_urgent=True)
    told = {"instanceID": _instance_id(message), "at": (message.sent_at or message.received_at).isoformat()}
    safety.tell(mission, account, told)
    message.state = MessageState.ANSWERED
    return sms_words.fitted(_("Received: you are safe. Headquarters sees it."))


def _report(
    mission: Mission, store: Store, message: SmsMessage, sender: Appointment, books: Sequence[queries.Book],
    entered_by: User | None = None,
) -> str:  # fmt: skip
    """Make a report of a message. Raises _Wrong with what hinders it; nothing of it is then kept."""
    known = [book for _version, book in books]
    reading = parse(known, message.corrected_text or message.text or "")
    version = next((version for version, book in books if book is reading.book), None)
    urgent = version is not None and queries.is_of_incident(version)
    if version is not None and reading.book is not None and reading.is_good:
        reading.problems += _station_problems(mission, sender, reading)
    if reading.problems or version is None:
        raise _Wrong(sms_words.refused(reading.problems, known), urgent)
    form, at = definition(version), message.sent_at or message.received_at
    xml = instance(form, reading.values, reading.station, _instance_id(message), at, mission.time_zone)
    _keep_rules(version, reading, xml)
    who = Sender(
        user_id=sender.person.user_id, person_id=sender.person_id, language=i18n.language(), by_sms=True,
        entered_by_id=entered_by.id if entered_by else None,
    )  # fmt: skip
    try:
        receipt = intake.receive_one(
            destination_of(mission), store, unpack(mission.code, xml, (), message.received_at), who
        )
    except AppError as error:
        raise _Wrong(sms_words.fitted(str(error)), urgent) from error
    message.submission_id, message.state = receipt.submission_id, MessageState.KEPT
    return sms_words.received(reading)


def _station_problems(mission: Mission, sender: Appointment, reading: Reading) -> list[Problem]:
    """Whether the station is one of the mission's."""
    if not reading.station:
        return []
    directory = Directory(db.session(), mission.id)
    own = own_stations(mission.id, user_id=sender.person.user_id, person_id=sender.person_id)
    placed = directory.find_stations([reading.station], lambda: own)
    if placed[reading.station][0] is not None:
        return []
    return [Problem(ProblemKind.STATION, value=reading.station)]


def _keep_rules(version: FormVersion, reading: Reading, xml: bytes) -> None:
    """Refuse values that break the form's own constraints, while their sender can mend them."""
    form, language = definition(version), i18n.language()
    said = contents(form, read_submission(xml), clock.now())
    signs = {code.key: code.sign for code in reading.book.codes} if reading.book else {}
    sentences = []
    for flag in said.flags:
        if flag.rule is Rule.MISSING or flag.question not in signs:
            continue
        because = in_language(form.question(flag.question).constraint_messages, language)
        sentences.append(
            _("%(letter)s: “%(value)s” cannot be. %(why)s", letter=signs[flag.question], value=flag.value[:20],
              why=because or str(flag.rule.label) + ".")
        )  # fmt: skip
    if sentences:
        raise _Wrong(
            sms_words.together([*sentences, _("Please send it again.")]), queries.is_of_incident(version)
        )


def read_again(
    mission: Mission, store: Store, message: SmsMessage, *, text: str, appointment_id: int | None, by: User
) -> SmsMessage:
    """Read a message as a person corrected it; what came is kept beside it.

    Raises Refused for one that is done, InvalidInput on "appointment_id" without a sender and on "text" with
    what is still wrong, NotFound for another mission's appointment.
    """
    _refuse_done(message)
    if appointment_id is None:
        raise InvalidInput(lazy("Choose whose message this is."), "appointment_id")
    sender = get_in(db.session(), Appointment, appointment_id, mission_id=mission.id)
    message.appointment_id, message.corrected_text = sender.id, text.strip()[:1600]
    books = queries.books(db.session(), mission)
    try:
        if keyword_of(text) == "SAFE":
            said = _safe(mission, message, sender)
        else:
            said = _report(mission, store, message, sender, books, by)
    except _Wrong as wrong:
        raise InvalidInput(wrong.said, "text") from wrong
    return _done(message, "read_again", by, said)


def attach(mission: Mission, message: SmsMessage, appointment_id: int) -> SmsMessage:
    """Say whose message this is, and no more. Raises Refused for one that is done, NotFound."""
    _refuse_done(message)
    message.appointment_id = get_in(db.session(), Appointment, appointment_id, mission_id=mission.id).id
    db.session.flush()
    return message


def set_aside(message: SmsMessage, *, reason: str, by: User) -> SmsMessage:
    """Leave a message as it is. Raises InvalidInput without a reason, Refused for one that is done."""
    _refuse_done(message)
    if not reason.strip():
        raise InvalidInput(lazy("Say why this message is set aside."), "reason")
    message.reason, message.state = reason.strip()[:500], MessageState.SET_ASIDE
    return _done(message, "set_aside", by, message.said)


def _done(message: SmsMessage, action: str, by: User, said: str | None) -> SmsMessage:
    message.said, message.handled_by_id, message.handled_at = said, by.id, clock.now()
    audit.record(
        db.session(), action, "sms_messages", message.id, str(message), mission_id=message.mission_id
    )
    db.session.flush()
    return message


def _refuse_done(message: SmsMessage) -> None:
    if message.state is not MessageState.UNREAD:
        raise Refused(lazy("Someone has dealt with this message already."))


def _instance_id(message: SmsMessage) -> str:
    """Always the same for a message of a gateway, so that it is kept once."""
    return f"uuid:{uuid.uuid5(SPACE, f'{message.gateway_id}/{message.message_id}')}"


def _has_ended(sender: Appointment, mission: Mission) -> bool:
    is_past = sender.ends_on is not None and sender.ends_on < clock.today(mission.time_zone)
    return sender.state is AppointmentState.WITHDRAWN or is_past


def _language(sender: Appointment, mission: Mission) -> str:
    """The language of the sender's account, else the first that they speak of ours."""
    account = db.session.get(User, sender.person.user_id) if sender.person.user_id else None
    spoken = [account.language if account else None, *sender.person.languages]
    return next((each for each in spoken if each in i18n.LANGUAGES), "en")
