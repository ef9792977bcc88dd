"""Retention carried out: what is no longer to be kept is removed, each removal in the audit trail."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from eom.core import audit
from eom.core.db import get_in
from eom.extensions import db
from eom.observers.models import DossierGroup, Person
from eom.observers.queries import retention as queries
from eom.observers.retention import DueData, KeptGroup, RetentionReport
from eom.observers.services import dossiers


def carry_out(report: RetentionReport) -> Mapping[KeptGroup, int]:
    """Remove what a report says is due and still is; return how many people by group."""
    still = set(queries.report(db.session(), report.as_of).due)
    removed: Counter[KeptGroup] = Counter()
    for each in report.due:
        if each in still:
            _remove(each)
            removed[each.group] += 1
    return removed


def _remove(due: DueData) -> None:
    person = get_in(db.session(), Person, due.person_id)
    if due.group is KeptGroup.CONTACT:
        person.email = person.phone = None
    else:
        dossiers.empty(person, (DossierGroup(due.group.value),))
    audit.record(
        db.session(), "purged", "people", person.id, str(person), group=due.group.value, mission=due.mission_code,
        closed_on=due.closed_on, due_on=due.due_on,
    )  # fmt: skip
    db.session.flush()
