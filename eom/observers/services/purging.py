"""Retention carried out: what is no longer to be kept is removed, each removal in the audit trail."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from eom.core import audit, events
from eom.core.db import get_in
from eom.extensions import db
from eom.observers.models import DossierGroup, Person
from eom.observers.queries import retention as queries
from eom.observers.retention import DueData, DueNumbers, KeptGroup, RetentionReport
from eom.observers.services import dossiers


def carry_out(report: RetentionReport) -> Mapping[KeptGroup, int]:
    """Remove what a report says is due and still is; return how many people (or missions) by group."""
    now = queries.report(db.session(), report.as_of)
    still = set(now.due)
    removed: Counter[KeptGroup] = Counter()
    for each in report.due:
        if each in still:
            _remove(each)
            removed[each.group] += 1
    for numbers in report.numbers:
        if any(each.mission_id == numbers.mission_id for each in now.numbers):
            _forget(numbers)
            removed[numbers.group] += 1
    return removed


def _remove(due: DueData) -> None:
    person = get_in(db.session(), Person, due.person_id)
    if due.group is KeptGroup.CONTACT:
        person.email = person.phone = None
        events.contact_forgotten.send(None, person_id=person.id)
    elif due.group is KeptGroup.MOVEMENTS:
        events.movements_forgotten.send(None, person_id=person.id)
    else:
        dossiers.empty(person, (DossierGroup(due.group.value),))
    audit.record(
        db.session(), "purged", "people", person.id, str(person), group=due.group.value, mission=due.mission_code,
        closed_on=due.closed_on, due_on=due.due_on,
    )  # fmt: skip
    db.session.flush()


def _forget(numbers: DueNumbers) -> None:
    events.strangers_forgotten.send(None, mission_id=numbers.mission_id)
    audit.record(
        db.session(), "purged", "missions", numbers.mission_id, numbers.mission_code, mission_id=numbers.mission_id,
        group=numbers.group.value, mission=numbers.mission_code, count=numbers.count, closed_on=numbers.closed_on,
        due_on=numbers.due_on,
    )  # fmt: skip
    db.session.flush()
