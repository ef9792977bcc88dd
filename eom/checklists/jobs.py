"""What checklists do in the background."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from eom.accounts.models import User
from eom.checklists.export_options import Options
from eom.checklists.exports import files, kept
from eom.checklists.exports.tables import Source
from eom.checklists.models.form import Form
from eom.checklists.queries import exporting
from eom.checklists.services import flagging
from eom.core import audit, i18n, jobs
from eom.core.db import get_in, writing
from eom.core.i18n import _
from eom.core.jobs import Job
from eom.extensions import db, settings, store
from eom.missions.models.mission import Mission

FLAG = "checklists.flag"
EXPORT = "checklists.export"
EXPORTS = "exports"
TELL_EVERY = 2_000


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


@jobs.job(EXPORT)
def export(row: Job, progress: Any) -> dict[str, Any]:
    """Write submissions to a file for the one who asks; arguments form_id, options, filters, own_of, areas.

    Again, it writes the file again.
    """
    given, job_id, mission_id = dict(row.arguments), row.id, row.mission_id
    kept.clear(exports_folder())
    # Reading takes long: nobody who writes waits for it.
    db.session.commit()
    with writing(False):
        result = _write(given, mission_id, job_id, progress)
        db.session.commit()
    audit.exported(
        db.session(), "forms", given["form_id"], result["name"], mission_id=mission_id,
        rows=result["count"], filters=given["filters"], job=job_id, **given["options"],
    )  # fmt: skip
    return result


def exports_folder() -> Path:
    """Where files of exports are kept until they expire."""
    return settings.instance / EXPORTS


def _now_and_then(tell: files.Progress, total: int) -> files.Progress:
    """Tell how many are done after some thousand more, and at the end: each time costs a transaction."""
    told = 0

    def heard(done: int) -> None:
        nonlocal told
        if done >= told + TELL_EVERY or done == total:
            told = done
            tell(done)

    return heard


def _write(given: dict[str, Any], mission_id: int | None, job_id: str, progress: Any) -> dict[str, Any]:
    session, options = db.session(), Options.of(given["options"])
    mission = session.get_one(Mission, mission_id)
    form = exporting.form_in(session, mission, given["form_id"])
    own_of = session.get_one(User, given["own_of"]) if given["own_of"] else None
    query = exporting.chosen(session, mission, form, given["filters"], own_of=own_of, areas=given["areas"])
    total = exporting.count(session, query)
    source = Source(session, store, mission, form, query, options)
    ending, content_type = files.kind_of(source)
    path = kept.place(exports_folder(), job_id)
    partial = path.with_suffix(".part")
    step = _("Writing the file")
    with partial.open("wb") as out:
        count = files.write(source, out, _now_and_then(lambda done: progress(done, total, step), total))
    partial.replace(path)
    return {
        "lines": [[_("Form"), str(form.words)], [_("Submissions in the file"), i18n.number(count)],
                  [_("Kept for"), _("%(hours)d hours", hours=kept.KEPT_HOURS)]],
        "next_url": f"/missions/{mission.code}/submissions/exports/{job_id}",
        "next_label": _("Fetch the file"),
        "name": f"{mission.code}-{form.form_id}.{ending}",
        "content_type": content_type,
        "count": count,
    }  # fmt: skip
