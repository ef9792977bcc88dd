"""What checklists do in the background."""

from __future__ import annotations

from typing import Any

from eom.checklists.models.form import Form
from eom.checklists.services import flagging
from eom.core import jobs
from eom.core.db import get_in
from eom.core.i18n import _
from eom.core.jobs import Job
from eom.extensions import db
from eom.missions.models.mission import Mission

FLAG = "checklists.flag"


@jobs.job(FLAG)
def flag(row: Job, progress: Any) -> dict[str, Any]:
    """Ask a mission's rules of every report of a form; argument form_id. Again, it changes nothing."""
    mission = db.session.get_one(Mission, row.mission_id)
    form = get_in(db.session(), Form, row.arguments["form_id"], mission_id=mission.id)
    changed = flagging.apply_rules(form, progress)
    return {
        "lines": [[_("Reports marked or unmarked"), str(changed)]],
        "next_url": f"/missions/{mission.code}/rules",
        "next_label": _("Back to the rules"),
    }
