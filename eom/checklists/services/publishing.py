"""Publishing forms: an XLSForm becomes a version that devices get, and never changes after."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from xml.sax.saxutils import quoteattr

import sqlalchemy as sa

from eom.checklists import library, openrosa
from eom.checklists.models.form import Form, FormKind, FormVersion
from eom.checklists.queries.forms import form_named, version_named
from eom.checklists.services.files import freeze_files
from eom.checklists.xlsform import convert
from eom.checklists.xlsform_form import PublishedForm
from eom.core import audit
from eom.core.errors import InvalidFile, InvalidInput, RowError
from eom.core.i18n import lazy
from eom.core.storage import Store, StoredFile
from eom.extensions import db
from eom.missions.models.mission import Mission

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAX_TITLE = 255


@dataclass(frozen=True)
class Publication:
    """What publishing came to: the version that is filled from now on, and whether it is new."""

    version: FormVersion
    is_new: bool


def publish(
    mission: Mission, store: Store, data: bytes, file_name: str = "", *, kind: FormKind | None = None
) -> Publication:
    """Publish an XLSForm (xlsx, xls or ods) in a mission; the same questions again publish nothing.

    ``kind`` is kept from the form's earlier versions, or told from its id, when not given. Raises
    InvalidFile with every fault by sheet, row and column, and when the version's name is taken by
    other questions; TooLarge.
    """
    read = checked(data, file_name)
    # Publishing in a mission is one at a time, so that one version is current.
    db.session.execute(sa.select(Mission.id).where(Mission.id == mission.id).with_for_update())
    form = form_named(db.session(), mission.id, read.form_id) or _new_form(mission, read)
    form.kind = kind or form.kind
    digest = digest_of(read)
    known = _known_version(form, read, digest, data)
    if known is not None and known.is_current and not known.is_closed:
        db.session.flush()
        return Publication(known, False)
    form.title = read.title
    _retire(form)
    version = known or _new_version(form, read, digest, kept_workbook(mission, store, data, file_name))
    # What is published is offered: a form that was closed is open again.
    version.is_current, version.closed_at, form.closed_at = True, None, None
    db.session.flush()
    freeze_files(version)
    audit.record(
        db.session(), "published", "form_versions", version.id, str(version)[:200],
        mission_id=mission.id, form_id=form.form_id, version=version.version,
    )  # fmt: skip
    return Publication(version, known is None)


def checked(data: bytes, file_name: str = "") -> PublishedForm:
    """The form in a workbook, with names that can be kept. Raises InvalidFile, TooLarge."""
    read = convert(data, file_name[-200:])
    _refuse_long_names(read)
    return read


def publish_standard(mission: Mission, store: Store, stage: str) -> Publication:
    """Publish one standard checklist (``library.STANDARD``). Raises InvalidInput."""
    if stage not in library.STANDARD:
        raise InvalidInput(
            lazy(
                "There is no standard checklist “%(stage)s”: one of %(stages)s was expected.",
                stage=stage[:40],
                stages=", ".join(library.STANDARD),
            ),
            "stage",
        )
    return publish(mission, store, library.workbook(stage), f"{stage}.xlsx", kind=FormKind(stage))


def publish_library(mission: Mission, store: Store) -> list[Publication]:
    """Publish the standard checklists; those that are there already stay as they are."""
    return [publish_standard(mission, store, stage) for stage in library.STANDARD]


def _known_version(form: Form, read: PublishedForm, digest: str, data: bytes) -> FormVersion | None:
    """The version that holds these questions already. Raises InvalidFile when its name holds others."""
    known = version_named(db.session(), form, read.version)
    if known is not None and known.digest != digest:
        raise version_taken(read.version)
    if known is None and read.version == hashlib.sha256(data).hexdigest()[:12]:
        # A file saved again without a version of its own differs in nothing but its bytes.
        known = db.session.scalar(
            sa.select(FormVersion).where(FormVersion.form_id == form.id, FormVersion.digest == digest)
        )
    return known


def _new_form(mission: Mission, read: PublishedForm) -> Form:
    told = next((kind for kind in FormKind if kind.value in read.form_id.lower()), FormKind.OTHER)
    form = Form(mission_id=mission.id, form_id=read.form_id, kind=told, title=read.title)
    db.session.add(form)
    db.session.flush()
    return form


def _new_version(form: Form, read: PublishedForm, digest: str, workbook: StoredFile) -> FormVersion:
    version = FormVersion(
        form=form, version=read.version, digest=digest, xform=read.xform,
        xform_hash=openrosa.digest(read.xform), workbook=workbook, languages=list(read.languages),
        media=list(read.media), question_count=sum(each.is_asked for each in read.questions),
        published_by_id=db.session().info.get("actor_id"),
    )  # fmt: skip
    db.session.add(version)
    return version


def _retire(form: Form) -> None:
    """No version of the form is current; flushed first, for one index allows one only."""
    current = sa.select(FormVersion).where(FormVersion.form_id == form.id, FormVersion.is_current)
    for version in db.session.scalars(current):
        version.is_current = False
    db.session.flush()


def kept_workbook(mission: Mission, store: Store, data: bytes, file_name: str) -> StoredFile:
    """The workbook as it was loaded, in the store."""
    workbook = StoredFile(
        sha256=store.put(data), name=file_name[-200:] or "checklist.xlsx", content_type=XLSX, size=len(data),
        mission_id=mission.id,
    )  # fmt: skip
    db.session.add(workbook)
    return workbook


def digest_of(read: PublishedForm) -> str:
    """The SHA-256 of a form without its version."""
    bare = read.xform.replace(f" version={quoteattr(read.version)}".encode(), b"", 1)
    return hashlib.sha256(bare).hexdigest()


def _refuse_long_names(read: PublishedForm) -> None:
    for heading, text in (
        ("form_id", read.form_id),
        ("form_title", read.title),
        ("version", read.version),
    ):
        if len(text) > MAX_TITLE:
            expected = lazy("at most %(limit)s characters", limit=MAX_TITLE)
            raise InvalidFile(
                lazy("The form has faults: nothing was kept of it."),
                [RowError(2, f"settings · {heading}", text[:80], expected)],
            )


def version_taken(version: str) -> InvalidFile:
    """The refusal of other questions under the name of a published version."""
    return InvalidFile(
        lazy("The version “%(version)s” of this form was published with other questions.", version=version),
        [RowError(2, "settings · version", version, lazy("a version that was not published before"))],
        next_step=lazy("Give the form another version in its settings sheet and send it again."),
    )
