"""Receiving submissions: every one is kept once, whatever the network does to its sender.

A submission is known by its form and instance id. It is inserted; when the database already holds that
identity, the contents are compared: the same is answered as received, another is kept apart. One and many
go the same way, and many come to what one after the other would: those that bring no file and correct
nothing are written together, the others each by itself in its turn.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from eom.accounts.models import User
from eom.checklists.models.submission import Submission
from eom.checklists.queries import submissions as queries
from eom.checklists.queries.addresses import Directory
from eom.checklists.queries.app_users import person_of
from eom.checklists.queries.destinations import Destination, destination_of
from eom.checklists.queries.forms import form_named
from eom.checklists.queries.media import own_stations
from eom.checklists.services import attachments, flagging, keeping, reading
from eom.checklists.services.keeping import Arrival, Identity, Outcome, Receipt, Sender, Written
from eom.checklists.services.unpacking import Parcel, SentFile, contents_of, unpack
from eom.core import audit, clock
from eom.core.errors import AppError, Forbidden, NotFound, Refused
from eom.core.i18n import lazy
from eom.core.storage import Store
from eom.extensions import db
from eom.missions.models.mission import Mission

Result = Receipt | AppError
Sending = tuple[Parcel, Sender]


def receive(
    mission: Mission,
    store: Store,
    *,
    xml: bytes,
    user: User | None,
    files: Sequence[SentFile] = (),
    language: str = "en",
    device_id: str | None = None,
    at: datetime | None = None,
) -> Receipt:
    """Take a submission of an account and its files; ``at`` is now unless told otherwise.

    Raises NotXML and TooLarge for what cannot be read, and what ``receive_one`` raises.
    """
    sender = Sender(user_id=user.id if user else None, language=language, device_id=device_id)
    parcel = unpack(mission.code, xml, files, at or clock.now())
    return receive_one(destination_of(mission), store, parcel, sender)


def receive_one(
    destination: Destination,
    store: Store,
    parcel: Parcel,
    sender: Sender,
    directory: Directory | None = None,
) -> Receipt:
    """Take one submission and its files; ``directory`` holds what was looked up before.

    Answers that break the form's rules are kept and flagged. Raises NotFound for an unknown form, version
    or edited submission; Refused for an edit that came too late and for a mission that is over; Forbidden
    for an edit of somebody else's submission; TooLarge beyond 500 files.
    """
    [result] = receive_all(destination, store, [parcel], sender, directory)
    if isinstance(result, AppError):
        raise result
    return result


def receive_all(
    destination: Destination,
    store: Store,
    parcels: Sequence[Parcel],
    sender: Sender,
    directory: Directory | None = None,
) -> list[Result]:
    """Take submissions in their order; each comes to what ``receive_one`` gives, or would raise."""
    return receive_each(destination, store, [(parcel, sender) for parcel in parcels], directory)


def receive_each(
    destination: Destination,
    store: Store,
    sendings: Sequence[Sending],
    directory: Directory | None = None,
) -> list[Result]:
    """As ``receive_all``, where each has a sender of its own."""
    directory = directory or Directory(db.session(), destination.id)
    arrivals = _read_all(destination, sendings, directory)
    intake = _Intake(destination, store)
    for number, arrival in enumerate(arrivals):
        if isinstance(arrival, AppError):
            intake.results[number] = arrival
        elif arrival.is_plain and not destination.is_over:
            intake.wait(number, arrival)
        else:
            intake.write_waiting()
            intake.take_alone(number, arrival)
    intake.write_waiting()
    keeping.tell(destination.id, intake.written)
    return [intake.results[number] for number in range(len(arrivals))]


def _read_all(
    destination: Destination, sendings: Sequence[Sending], directory: Directory
) -> list[Arrival | AppError]:
    """Each submission with its address and what it says, or that its form or version is unknown."""
    directory.look_up_addresses({parcel.names for parcel, _sender in sendings})
    arrivals = [_read(destination, parcel, sender, directory) for parcel, sender in sendings]
    read = [each for each in arrivals if isinstance(each, Arrival)]
    asked = [each for each in read if each.reading.asked]
    directory.look_up_codes({each.reading.station_answer.strip() for each in asked} - {""})
    # Those of one sender together: a code that several stations share is the one among the sender's own.
    for sender in dict.fromkeys(each.sender for each in asked):
        theirs = [each.reading for each in asked if each.sender is sender]
        own = partial(own_stations, destination.id, user_id=sender.user_id, person_id=sender.person_id)
        placed = directory.find_stations({each.station_answer for each in theirs}, own)
        for each in theirs:
            each.place(placed[each.station_answer])
    return arrivals


def _read(
    destination: Destination, parcel: Parcel, sender: Sender, directory: Directory
) -> Arrival | AppError:
    address = directory.addresses[parcel.names]
    if address is None:
        return _unknown(destination, parcel)
    reading_ = reading.read(destination, address, *contents_of(parcel, address), parcel)
    if address.rules_mark:
        reading_.flags += flagging.flags_of(address, parcel)
    return Arrival(parcel, address, reading_, sender)


def _unknown(destination: Destination, parcel: Parcel) -> NotFound:
    form_id, version = parcel.names
    form = form_named(db.session(), destination.id, form_id)
    if form is None:
        return NotFound(
            lazy("The mission %(code)s has no form “%(form)s”.", code=destination.code, form=form_id[:100])
        )
    return NotFound(
        lazy("The form “%(form)s” has no version “%(version)s”.", form=form.title, version=version[:100]),
        next_step=lazy("Download the form again."),
    )


class _Intake:
    """One call of ``receive_all``: what waits to be written together, what was written, what each came to."""

    def __init__(self, destination: Destination, store: Store) -> None:
        self.destination = destination
        self.store = store
        self.waiting: dict[Identity, tuple[int, Arrival]] = {}
        self.written: list[Written] = []
        self.results: dict[int, Result] = {}

    def wait(self, number: int, arrival: Arrival) -> None:
        """Have a plain submission written with others; one that waits already is written before it."""
        if arrival.identity in self.waiting:
            self.write_waiting()
        self.waiting[arrival.identity] = (number, arrival)

    def write_waiting(self) -> None:
        """Write what waits, and compare what was there before."""
        if not self.waiting:
            return
        arrivals = [arrival for _number, arrival in self.waiting.values()]
        new = keeping.insert(self.destination.id, arrivals)
        for identity, (number, arrival) in self.waiting.items():
            if (id_ := new.get(identity)) is not None:
                self.written.append(Written(arrival, id_))
                self.results[number] = Receipt(Outcome.RECEIVED, id_, arrival.reading.files_named)
            else:
                self.results[number] = self._compare(arrival, _held(*identity))
        self.waiting = {}

    def take_alone(self, number: int, arrival: Arrival) -> None:
        """Take one that brings files, corrects another or comes late; a refusal leaves nothing of it."""
        try:
            with db.session.begin_nested():
                written, self.results[number] = self._take(arrival)
        except AppError as error:
            self.results[number] = error
        else:
            self.written += written

    def _take(self, arrival: Arrival) -> tuple[list[Written], Receipt]:
        held = _held(*arrival.identity)
        if held is not None:
            return [], self._compare(arrival, held)
        if self.destination.is_over:
            raise _over(self.destination)
        replaced = _replaced(arrival)
        replaces_id = replaced.id if replaced else None
        new = keeping.insert(self.destination.id, [arrival], replaces_id)
        held = _held(*arrival.identity)
        if not new:
            return [], self._compare(arrival, held)
        assert held is not None
        if replaced is not None:
            replaced.is_current = False
            attachments.carry_over(held, replaced, arrival.parcel.at)
        outcome = Outcome.EDITED if replaced else Outcome.RECEIVED
        return [Written(arrival, held.id, replaced)], self._keep_files(arrival, held, outcome)

    def _compare(self, arrival: Arrival, held: Submission | None) -> Receipt:
        """What a submission is to the one that holds its identity."""
        if held is None:
            raise Refused(lazy("This form is being received in this moment. Send it again."))
        parcel = arrival.parcel
        # What is kept apart is recorded in the name of who sent it.
        if arrival.sender.actor is not None:
            audit.acts(db.session(), arrival.sender.actor)
        if held.sha256 == parcel.sha256:
            return self._keep_files(arrival, held, Outcome.AGAIN)
        attachments.keep_apart(held, self.store, parcel.sent.xml, arrival.sender.user_id, parcel.at)
        return Receipt(Outcome.CONFLICT, held.id, [])

    def _keep_files(self, arrival: Arrival, held: Submission, outcome: Outcome) -> Receipt:
        parcel = arrival.parcel
        attachments.keep_files(held, self.store, parcel.files, arrival.sender.user_id, parcel.at)
        names = {each.name for each in held.attachments}
        return Receipt(outcome, held.id, [name for name in held.files_named if name not in names])


def _held(form_id: int, instance_id: str) -> Submission | None:
    return queries.held(db.session(), form_id, instance_id)


def _over(destination: Destination) -> Refused:
    return Refused(
        lazy("The mission %(code)s is over and takes no more forms.", code=destination.code),
        next_step=lazy("Keep the form on the device and speak to your coordinator."),
    )


def _replaced(arrival: Arrival) -> Submission | None:
    """The submission that an edit replaces, locked."""
    deprecated_id = arrival.parcel.sent.deprecated_id
    if deprecated_id is None:
        return None
    replaced = _held(arrival.address.form_id, deprecated_id)
    if replaced is None:
        raise NotFound(lazy("The form that this one corrects has not been received."))
    if not replaced.is_current:
        raise Refused(
            lazy("The form that this one corrects was corrected before."),
            next_step=lazy("Open its newest version and correct that."),
        )
    if not _is_theirs(replaced, arrival.sender):
        raise Forbidden(lazy("A form is corrected by the person who sent it."))
    return replaced


def _is_theirs(row: Submission, sender: Sender) -> bool:
    """Whether the sender may correct a submission: their own, nobody's, the system's import, or for another."""
    if sender.entered_by_id is not None:
        return True
    if sender.user_id is None and sender.app_user_id is None:
        return True
    if row.submitted_by_id is not None:
        return row.submitted_by_id == sender.user_id
    if row.app_user_id is not None and sender.person_id is not None:
        return person_of(db.session(), row.app_user_id) == sender.person_id
    return True
