"""The words of the report's figures: kinds of source, of note and of process, and a report's state."""

from __future__ import annotations

from typing import Any

from eom.core.i18n import lazy
from eom.core.types import Labelled


class SourceKind(Labelled):
    """Who gives the money (General Standards, article 77; AG/RES. 2905 for the Regular Fund)."""

    REGULAR_FUND = "regular_fund"
    MEMBER_STATE = "member_state"
    PERMANENT_OBSERVER = "permanent_observer"
    ORGANISATION = "organisation"
    OTHER = "other"

    @classmethod
    def labels(cls) -> dict[str, Any]:
        return {
            "regular_fund": lazy("Regular Fund"),
            "member_state": lazy("Member state"),
            "permanent_observer": lazy("Permanent observer"),
            "organisation": lazy("Organisation"),
            "other": lazy("Other source"),
        }


class ReportStatus(Labelled):
    """How far a report has come."""

    DRAFT = "draft"
    REVIEWED = "reviewed"
    ISSUED = "issued"

    @classmethod
    def labels(cls) -> dict[str, Any]:
        return {"draft": lazy("Draft"), "reviewed": lazy("Reviewed"), "issued": lazy("Issued")}


class NoteKind(Labelled):
    """What a note is about."""

    HOST_DONOR = "host_donor"
    REVERSAL = "reversal"
    RESTATEMENT = "restatement"
    REVERSED_LATER = "reversed_later"
    MOVEMENT_REVERSAL = "movement_reversal"
    MOVEMENT_REVERSED_LATER = "movement_reversed_later"
    OVERDRAWN = "overdrawn"
    OVERDRAWN_LINE = "overdrawn_line"
    ICR_EXEMPT = "icr_exempt"
    NO_ACTIVITY = "no_activity"
    NO_CASH = "no_cash"
    REOPENED = "reopened"
    OTHER = "other"

    @classmethod
    def labels(cls) -> dict[str, Any]:
        return {
            "host_donor": lazy("The donor is the host country"),
            "reversal": lazy("Reversal of an expenditure of an earlier year"),
            "restatement": lazy("Restatement of the opening balance"),
            "movement_reversal": lazy("Reversal of money in or out of an award in an earlier year"),
            "movement_reversed_later": lazy("Money in or out of an award, taken back in a later year"),
            "reversed_later": lazy("Expenditure of this year, reversed in a later one"),
            "overdrawn": lazy("Award overdrawn"),
            "overdrawn_line": lazy("Expenditure recorded above what its award held"),
            "icr_exempt": lazy("No indirect cost recovery"),
            "no_activity": lazy("Mission without activity in the year"),
            "no_cash": lazy("Mission without cash"),
            "reopened": lazy("The year was opened again after its closing"),
            "other": lazy("Note"),
        }


class ElectionKind(Labelled):
    """Kinds of electoral process, as the missions record them."""

    PRESIDENTIAL = "presidential"
    LEGISLATIVE = "legislative"
    GENERAL = "general"
    REGIONAL = "regional"
    MUNICIPAL = "municipal"
    JUDICIAL = "judicial"
    REFERENDUM = "referendum"
    PRIMARY = "primary"
    OTHER = "other"

    @classmethod
    def labels(cls) -> dict[str, Any]:
        return {
            "presidential": lazy("Presidential election"),
            "legislative": lazy("Legislative election"),
            "general": lazy("General elections"),
            "regional": lazy("Regional elections"),
            "municipal": lazy("Municipal elections"),
            "judicial": lazy("Judicial elections"),
            "referendum": lazy("Referendum"),
            "primary": lazy("Primary elections"),
            "other": lazy("Other process"),
        }
