"""The whole access policy on one screen.

A permission is ``noun.verb``: the thing, and what is done to it. A role is a set of permissions;
a membership gives a role in one mission or, without one, everywhere.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from eom.core.i18n import lazy
from eom.core.types import Labelled


class Permission(StrEnum):
    """Everything that can be allowed, in the alphabet's order."""

    APPOINTMENT_EDIT = "appointment.edit"
    APPOINTMENT_READ = "appointment.read"
    AUDIT_READ = "audit.read"
    AWARD_EDIT = "award.edit"
    BUDGET_EDIT = "budget.edit"
    CHECKLIST_FILL = "checklist.fill"
    CHECKLIST_PUBLISH = "checklist.publish"
    CHECKLIST_READ = "checklist.read"
    COVERAGE_READ = "coverage.read"
    DEPLOYMENT_EDIT = "deployment.edit"
    DEPLOYMENT_READ = "deployment.read"
    DOCUMENT_READ = "document.read"
    EXPENDITURE_OVERDRAW = "expenditure.overdraw"
    EXPENDITURE_RECORD = "expenditure.record"
    EXPENDITURE_REVERSE = "expenditure.reverse"
    FINANCE_READ = "finance.read"
    MEMBERSHIP_EDIT = "membership.edit"
    MILESTONE_EDIT = "milestone.edit"
    MISSION_ADVANCE = "mission.advance"
    MISSION_CREATE = "mission.create"
    MISSION_EDIT = "mission.edit"
    MISSION_READ = "mission.read"
    PERSON_EDIT = "person.edit"
    PERSON_READ = "person.read"
    RATE_EDIT = "rate.edit"
    RECEIPT_RECORD = "receipt.record"
    REPORT_PRODUCE = "report.produce"
    REPORT_READ = "report.read"
    REPORT_REVIEW = "report.review"
    STATION_IMPORT = "station.import"
    STATION_READ = "station.read"
    SUBMISSION_READ = "submission.read"
    USER_MANAGE = "user.manage"
    USER_READ = "user.read"
    YEAR_CLOSE = "year.close"


class Role(Labelled):
    """The parts people play in the system."""

    ADMINISTRATOR = "administrator"
    HEADQUARTERS = "headquarters"
    CHIEF = "chief"
    DEPUTY = "deputy"
    COORDINATOR = "coordinator"
    OBSERVER = "observer"
    FINANCE = "finance"
    AUDITOR = "auditor"

    @classmethod
    def labels(cls) -> dict[str, Any]:
        return {
            "administrator": lazy("Administrator"),
            "headquarters": lazy("Headquarters officer"),
            "chief": lazy("Chief of mission"),
            "deputy": lazy("Deputy chief of mission"),
            "coordinator": lazy("Coordinator"),
            "observer": lazy("Observer"),
            "finance": lazy("Finance officer"),
            "auditor": lazy("Auditor"),
        }


P = Permission
_FIELD = {P.MISSION_READ, P.CHECKLIST_READ, P.CHECKLIST_FILL}
_COORDINATION = _FIELD | {
    P.APPOINTMENT_READ, P.COVERAGE_READ, P.DEPLOYMENT_EDIT, P.DEPLOYMENT_READ, P.DOCUMENT_READ, P.STATION_READ,
    P.SUBMISSION_READ,
}  # fmt: skip
_LEADERSHIP = _COORDINATION | {
    P.APPOINTMENT_EDIT, P.CHECKLIST_PUBLISH, P.FINANCE_READ, P.MILESTONE_EDIT, P.MISSION_ADVANCE, P.MISSION_EDIT,
    P.PERSON_EDIT, P.PERSON_READ, P.STATION_IMPORT,
}  # fmt: skip
_BOOKS = {P.FINANCE_READ, P.REPORT_READ, P.MISSION_READ, P.DOCUMENT_READ}

ROLES: dict[Role, frozenset[Permission]] = {
    Role.ADMINISTRATOR: frozenset(Permission),
    Role.HEADQUARTERS: frozenset(
        (_LEADERSHIP | {P.MISSION_CREATE, P.REPORT_READ, P.REPORT_REVIEW, P.USER_READ}) - {P.CHECKLIST_FILL}
    ),
    Role.CHIEF: frozenset(_LEADERSHIP),
    Role.DEPUTY: frozenset(_LEADERSHIP),
    Role.COORDINATOR: frozenset(_COORDINATION),
    Role.OBSERVER: frozenset(_FIELD),
    Role.FINANCE: frozenset(
        _BOOKS
        | {P.AWARD_EDIT, P.BUDGET_EDIT, P.EXPENDITURE_OVERDRAW, P.EXPENDITURE_RECORD, P.EXPENDITURE_REVERSE}
        | {P.RATE_EDIT, P.RECEIPT_RECORD, P.REPORT_PRODUCE, P.REPORT_REVIEW, P.YEAR_CLOSE}
    ),
    Role.AUDITOR: frozenset(_BOOKS | {P.AUDIT_READ}),
}
