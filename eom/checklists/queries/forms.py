"""Reading the forms of a mission and their versions."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from eom.checklists.models.form import Form, FormDraft, FormKind, FormVersion
from eom.checklists.xlsform_form import PublishedForm
from eom.checklists.xlsform_reading import read_form
from eom.core.errors import NotFound
from eom.core.i18n import lazy
from eom.missions.models.mission import Mission

_KEPT_LIMIT = 256
_definitions: dict[str, PublishedForm] = {}
_kind_order = sa.case(
    {kind.value: place for place, kind in enumerate(FormKind)}, value=sa.cast(Form.kind, sa.String)
)


def forms(session: Session, mission: Mission) -> list[Form]:
    """The forms of a mission, in the order of polling day."""
    query = sa.select(Form).where(Form.mission_id == mission.id).order_by(_kind_order, Form.title, Form.id)
    return list(session.scalars(query))


def current_versions(session: Session, mission: Mission) -> list[FormVersion]:
    """The version that is to be filled, for each open form of a mission, in the order of polling day."""
    is_open = FormVersion.closed_at.is_(None), Form.closed_at.is_(None)
    return list(session.scalars(_newest(mission).where(*is_open)))


def newest_versions(session: Session, mission: Mission) -> list[FormVersion]:
    """The version that took over last, for each form, closed ones too, in the order of polling day."""
    return list(session.scalars(_newest(mission)))


def _newest(mission: Mission) -> sa.Select[FormVersion]:
    return (
        sa.select(FormVersion)
        .join(FormVersion.form)
        .where(Form.mission_id == mission.id, FormVersion.is_current)
        .options(joinedload(FormVersion.published_by))
        .order_by(_kind_order, Form.title, Form.id)
    )


def drafts(session: Session, mission: Mission) -> list[FormDraft]:
    """The drafts of a mission, the newest first, with who loaded them."""
    query = sa.select(FormDraft).where(FormDraft.mission_id == mission.id)
    query = query.options(joinedload(FormDraft.created_by)).order_by(FormDraft.id.desc())
    return list(session.scalars(query))


def versions(session: Session, form: Form) -> list[FormVersion]:
    """Every version of a form, the newest first, with who published it."""
    query = (
        sa.select(FormVersion)
        .where(FormVersion.form_id == form.id)
        .options(joinedload(FormVersion.published_by))
        .order_by(FormVersion.id.desc())
    )
    return list(session.scalars(query))


def form_named(session: Session, mission_id: int, form_id: str) -> Form | None:
    """The form of a mission with the id that its XLSForm gives."""
    return session.scalar(sa.select(Form).where(Form.mission_id == mission_id, Form.form_id == form_id))


def newest_version_of(session: Session, mission: Mission, form_id: str) -> FormVersion | None:
    """The version of a form that took over last; None for a form that was never published."""
    return session.scalar(_newest(mission).where(Form.form_id == form_id))


def version_in(session: Session, mission: Mission, version_id: int) -> FormVersion:
    """A version of one of the mission's forms. Raises NotFound, also for another mission's."""
    found = session.scalar(
        sa.select(FormVersion)
        .join(FormVersion.form)
        .where(FormVersion.id == version_id, Form.mission_id == mission.id)
    )
    if found is None:
        raise NotFound(lazy("There is no such form in this mission."))
    return found


def version_named(session: Session, form: Form, version: str) -> FormVersion | None:
    """The version of a form that calls itself ``version``."""
    return session.scalar(
        sa.select(FormVersion).where(FormVersion.form_id == form.id, FormVersion.version == version)
    )


def definition(version: FormVersion | FormDraft) -> PublishedForm:
    """The questions, groups and texts of a version or draft, known by its digest: so it is kept."""
    found = kept_definition(version.digest, version.version)
    if found is None:
        found = read_form(version.xform)
        if len(_definitions) >= _KEPT_LIMIT:
            _definitions.clear()
        _definitions[f"{version.digest}:{version.version}"] = found
    return found


def kept_definition(digest: str, version: str) -> PublishedForm | None:
    """The definition of a version by its digest and name, if it has been read before."""
    return _definitions.get(f"{digest}:{version}")
