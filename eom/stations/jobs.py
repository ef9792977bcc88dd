"""Reading and loading a register in the background."""

from __future__ import annotations

from typing import Any

from eom.core import i18n, jobs
from eom.core.i18n import _
from eom.core.jobs import Job
from eom.extensions import db, store
from eom.missions.models.mission import Mission
from eom.stations.services import register

PREVIEW, APPLY = "stations.preview", "stations.apply"
NOTICES = 50


@jobs.job(PREVIEW)
def preview(row: Job, progress: Any) -> dict[str, Any]:
    """Read a register and say what loading it would change; arguments digest, name, mapping.

    Also second and second_name of a file to join; or name and source_id of a mission to copy from.
    """
    mission = db.session.get_one(Mission, row.mission_id)
    prepared = _prepared(mission, row, progress)
    return {
        "lines": lines(prepared.summary),
        "summary": prepared.summary,
        "changes_nothing": prepared.changes_nothing,
        "examples": register.change_examples(prepared.difference),
        "added": prepared.difference.stations.added[:20],
        "missing": prepared.difference.stations.missing[:20],
        "notices": [[each.row, str(each.message)] for each in prepared.register.notices[:NOTICES]],
        "notice_count": len(prepared.register.notices),
        "next_url": f"/missions/{mission.code}/stations/upload/{row.id}",
        "next_label": _("Look at what would change"),
    }


@jobs.job(APPLY)
def apply(row: Job, progress: Any) -> dict[str, Any]:
    """Load a register; arguments as for the preview. The same file again changes nothing."""
    mission = db.session.get_one(Mission, row.mission_id)
    load = register.apply(mission, _prepared(mission, row, progress), progress)
    return {
        "lines": lines(load.summary),
        "next_url": f"/missions/{mission.code}/coverage",
        "next_label": _("See the map"),
    }


def lines(summary: dict[str, int]) -> list[list[str]]:
    """The figures of a load with their labels; what is nil of changes is left out."""
    labels = {
        "stations": _("Polling stations in the file"), "centres": _("Voting centres"), "areas": _("Areas"),
        "registered_voters": _("Registered voters"), "stations_abroad": _("Polling stations abroad"),
        "centres_without_coordinates": _("Centres without coordinates"),
        "centres_outside_their_area": _("Centres outside their stated area"),
        "stations_added": _("Polling stations added"), "stations_changed": _("Polling stations changed"),
        "stations_missing": _("Polling stations no longer in the file"),
        "stations_back": _("Polling stations in the file again"), "centres_added": _("Centres added"),
        "centres_changed": _("Centres changed"), "centres_moved": _("Centres moved"),
        "centres_missing": _("Centres no longer in the file"), "areas_added": _("Areas added"),
        "areas_missing": _("Areas no longer in the file"),
    }  # fmt: skip
    always = ("stations", "centres", "areas", "registered_voters")
    return [[labels[name], i18n.number(summary[name])] for name in labels if summary[name] or name in always]


def _prepared(mission: Mission, row: Job, progress: Any) -> register.Prepared:
    given = row.arguments
    if given.get("source_id"):
        return register.prepare_copy(mission, db.session.get_one(Mission, given["source_id"]), progress)
    second = (store.get(given["second"]), given["second_name"]) if given.get("second") else None
    return register.prepare(
        mission, store.get(given["digest"]), given["name"], given["mapping"], progress, second=second
    )
