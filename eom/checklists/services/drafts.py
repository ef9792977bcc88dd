"""Drafts: an XLSForm is loaded, checked and tried before anyone fills it in."""

from __future__ import annotations

import sqlalchemy as sa

from eom.checklists.models.form import FormDraft, FormKind
from eom.checklists.queries.forms import form_named, version_named
from eom.checklists.services.publishing import (
    Publication,
    checked,
    digest_of,
    kept_workbook,
    publish,
    version_taken,
)
from eom.core import audit
from eom.core.storage import Store
from eom.extensions import db
from eom.missions.models.mission import Mission


def load_draft(
    mission: Mission, store: Store, data: bytes, file_name: str = "", *, kind: FormKind | None = None
) -> FormDraft:
    """Keep an XLSForm as the draft of its form; it takes the place of an earlier draft.

    Raises InvalidFile with every fault by sheet, row and column, and when the version's name was published
    with other questions; TooLarge.
    """
    read = checked(data, file_name)
    digest = digest_of(read)
    form = form_named(db.session(), mission.id, read.form_id)
    if form is not None:
        known = version_named(db.session(), form, read.version)
        if known is not None and known.digest != digest:
            raise version_taken(read.version)
    draft = db.session.scalar(
        sa.select(FormDraft).where(FormDraft.mission_id == mission.id, FormDraft.form_id == read.form_id)
    )
    if draft is None:
        draft = FormDraft(mission_id=mission.id, form_id=read.form_id)
        db.session.add(draft)
    draft.kind = kind or (form.kind if form else None)
    draft.title, draft.version, draft.digest, draft.xform = read.title, read.version, digest, read.xform
    draft.workbook = kept_workbook(mission, store, data, file_name)
    draft.created_by_id = db.session().info.get("actor_id")
    db.session.flush()
    _record("loaded", draft)
    return draft


def publish_draft(draft: FormDraft, mission: Mission, store: Store) -> Publication:
    """Publish a draft: its version takes over, and the draft is gone. Raises as ``publish``."""
    book = draft.workbook
    done = publish(mission, store, store.get(book.sha256), book.name, kind=draft.kind)
    db.session.delete(draft)
    db.session.flush()
    return done


def discard_draft(draft: FormDraft) -> None:
    """Forget a draft; the workbook that was loaded stays in the store."""
    _record("discarded", draft)
    db.session.delete(draft)
    db.session.flush()


def _record(action: str, draft: FormDraft) -> None:
    audit.record(
        db.session(), action, "form_drafts", draft.id, str(draft)[:200],
        mission_id=draft.mission_id, form_id=draft.form_id, version=draft.version,
    )  # fmt: skip
