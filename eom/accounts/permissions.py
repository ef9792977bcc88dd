"""The whole access policy on one screen.

A permission is ``noun.verb``: the thing, and what is done to it. A role is a set of permissions;
a membership gives a role in one mission or, without one, everywhere.
"""

from __future__ import annotations

from typing import Any

from eom.accounts.permission_words import WORDS
from eom.core.i18n import lazy
from eom.core.types import Labelled


class Permission(Labelled):
    """Everything that can be allowed, in the alphabet's order."""

    APPOINTMENT_EDIT = "appointment.edit"
    APPOINTMENT_READ = "appointment.read"
    AUDIT_READ = "audit.read"
    AWARD_EDIT = "award.edit"
    AWARD_READ_OWN = "award.read-own"
    BUDGET_APPROVE = "budget.approve"
    BUDGET_EDIT = "budget.edit"
    CHECKLIST_FILL = "checklist.fill"
    CHECKLIST_PUBLISH = "checklist.publish"
    CHECKLIST_READ = "checklist.read"
    COVERAGE_READ = "coverage.read"
    DEPLOYMENT_EDIT = "deployment.edit"
    DEPLOYMENT_READ = "deployment.read"
    DOCUMENT_READ = "document.read"
    DOSSIER_EDIT = "dossier.edit"
    DOSSIER_READ = "dossier.read"
    EXPENDITURE_APPROVE = "expenditure.approve"
    EXPENDITURE_OVERDRAW = "expenditure.overdraw"
    EXPENDITURE_RECORD = "expenditure.record"
    EXPENDITURE_REVERSE = "expenditure.reverse"
    FINANCE_READ = "finance.read"
    HEADCOUNT_RECORD = "headcount.record"
    LOGISTICS_EDIT = "logistics.edit"
    LOGISTICS_READ = "logistics.read"
    MEMBERSHIP_EDIT = "membership.edit"
    MILESTONE_EDIT = "milestone.edit"
    MISSION_ADVANCE = "mission.advance"
    MISSION_CREATE = "mission.create"
    MISSION_EDIT = "mission.edit"
    MISSION_READ = "mission.read"
    PERSON_ANONYMISE = "person.anonymise"
    PERSON_EDIT = "person.edit"
    PERSON_READ = "person.read"
    RATE_EDIT = "rate.edit"
    RECEIPT_RECORD = "receipt.record"
    REPORT_PRODUCE = "report.produce"
    REPORT_READ = "report.read"
    REPORT_REVIEW = "report.review"
    RETENTION_RUN = "retention.run"
    SAFETY_READ = "safety.read"
    SAMPLE_DRAW = "sample.draw"
    STATION_IMPORT = "station.import"
    STATION_READ = "station.read"
    SUBMISSION_ENTER = "submission.enter"
    SUBMISSION_EXPORT = "submission.export"
    SUBMISSION_READ = "submission.read"
    SUBMISSION_REVIEW = "submission.review"
    USER_MANAGE = "user.manage"
    USER_READ = "user.read"
    YEAR_CLOSE = "year.close"
    YEAR_REOPEN = "year.reopen"

    @classmethod
    def labels(cls) -> dict[str, Any]:
        return WORDS


class Role(Labelled):
    """The parts people play in the system."""

    ADMINISTRATOR = "administrator"
    HEADQUARTERS = "headquarters"
    CHIEF = "chief"
    DEPUTY = "deputy"
    COORDINATOR = "coordinator"
    OBSERVER = "observer"
    FINANCE = "finance"
    FINANCE_REVIEWER = "finance_reviewer"
    AUDITOR = "auditor"
    DONOR_VIEWER = "donor_viewer"

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
            "finance_reviewer": lazy("Finance reviewer"),
            "auditor": lazy("Auditor"),
            "donor_viewer": lazy("Donor’s viewer"),
        }


P = Permission
_FIELD = {P.MISSION_READ, P.CHECKLIST_READ, P.CHECKLIST_FILL}
_COORDINATION = _FIELD | {
    P.APPOINTMENT_READ, P.COVERAGE_READ, P.DEPLOYMENT_EDIT, P.DEPLOYMENT_READ, P.DOCUMENT_READ,
    P.HEADCOUNT_RECORD, P.LOGISTICS_READ, P.SAFETY_READ, P.STATION_READ, P.SUBMISSION_EXPORT, P.SUBMISSION_READ, P.SUBMISSION_REVIEW,
}  # fmt: skip
_LEADERSHIP = _COORDINATION | {
    P.APPOINTMENT_EDIT, P.CHECKLIST_PUBLISH, P.DOSSIER_READ, P.FINANCE_READ, P.LOGISTICS_EDIT, P.MEMBERSHIP_EDIT,
    P.MILESTONE_EDIT, P.MISSION_ADVANCE, P.MISSION_EDIT, P.PERSON_EDIT, P.PERSON_READ, P.SAMPLE_DRAW, P.STATION_IMPORT,
    P.SUBMISSION_ENTER,
}  # fmt: skip
_BOOKS = {P.FINANCE_READ, P.REPORT_READ, P.MISSION_READ, P.DOCUMENT_READ}

ROLES: dict[Role, frozenset[Permission]] = {
    # An administrator is no donor: what donors see of their own stays with the awards' own pages.
    Role.ADMINISTRATOR: frozenset(Permission) - {P.AWARD_READ_OWN},
    Role.HEADQUARTERS: frozenset(
        _LEADERSHIP - {P.CHECKLIST_FILL}
        | {P.MISSION_CREATE, P.REPORT_READ, P.REPORT_REVIEW, P.USER_READ}
        | {P.DOSSIER_EDIT, P.PERSON_ANONYMISE, P.RETENTION_RUN}
    ),
    Role.CHIEF: frozenset(_LEADERSHIP),
    Role.DEPUTY: frozenset(_LEADERSHIP),
    Role.COORDINATOR: frozenset(_COORDINATION),
    Role.OBSERVER: frozenset(_FIELD),
    Role.FINANCE: frozenset(
        _BOOKS
        | {P.BUDGET_APPROVE, P.EXPENDITURE_APPROVE}
        | {P.AWARD_EDIT, P.BUDGET_EDIT, P.EXPENDITURE_OVERDRAW, P.EXPENDITURE_RECORD, P.EXPENDITURE_REVERSE}
        | {P.RATE_EDIT, P.RECEIPT_RECORD, P.REPORT_PRODUCE, P.REPORT_REVIEW, P.YEAR_CLOSE, P.YEAR_REOPEN}
    ),
    # Reviews, approves and issues what finance officers prepare (four eyes), and enters nothing.
    Role.FINANCE_REVIEWER: frozenset(
        _BOOKS
        | {P.BUDGET_APPROVE, P.EXPENDITURE_APPROVE}
        | {P.REPORT_PRODUCE, P.REPORT_REVIEW, P.YEAR_CLOSE, P.YEAR_REOPEN}
    ),
    # Reads everything financial and the trail, and writes nothing.
    Role.AUDITOR: frozenset(_BOOKS | {P.AUDIT_READ}),
    # Sees the awards of one donor, and nothing else.
    Role.DONOR_VIEWER: frozenset({P.AWARD_READ_OWN}),
}

# Whom the holder of a role may invite and give a role; nobody gives more than stands here.
GRANTS: dict[Role, frozenset[Role]] = {
    Role.ADMINISTRATOR: frozenset(Role),
    Role.HEADQUARTERS: frozenset({Role.CHIEF, Role.DEPUTY, Role.COORDINATOR, Role.OBSERVER}),
    Role.CHIEF: frozenset({Role.DEPUTY, Role.COORDINATOR, Role.OBSERVER}),
    Role.DEPUTY: frozenset({Role.COORDINATOR, Role.OBSERVER}),
}
