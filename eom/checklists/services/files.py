"""The files that the forms of a mission name: the list of contenders, pictures."""

from __future__ import annotations

import re

import sqlalchemy as sa

from eom.checklists.media_types import made_ready
from eom.checklists.models.form import Form, FormFile, FormVersion, FormVersionFile
from eom.checklists.queries import form_files
from eom.checklists.queries.media import CONTENDERS, OTHER, STATIONS, list_csv
from eom.checklists.xlsform_lists import MAX_ERRORS, faults_of
from eom.core import images
from eom.core.errors import InvalidFile, InvalidInput, RowError
from eom.core.i18n import lazy
from eom.core.spreadsheets import read_table
from eom.core.storage import Store, StoredFile
from eom.extensions import db
from eom.missions.models.mission import Mission

MEGABYTE = 1 << 20
MAX_CONTENDERS = 2_000
_NAME = re.compile(r"[\w][\w .()-]{0,98}\.[A-Za-z0-9]{1,8}")
_CODE = re.compile(r"[\w.-]{1,60}")


def attach_contenders(mission: Mission, store: Store, data: bytes, file_name: str = "") -> FormFile:
    """Give a mission its parties or candidates: a table with the columns ``name`` (a code) and ``label``.

    Raises InvalidFile with every row that will not do.
    """
    table = read_table(data, file_name, max_bytes=MEGABYTE, max_rows=MAX_CONTENDERS)
    headings = {heading.strip().casefold(): heading for heading in table.headers}
    missing = [name for name in ("name", "label") if name not in headings]
    if missing:
        raise InvalidFile(
            lazy("The list of contenders lacks the columns: %(names)s.", names=", ".join(missing)),
            next_step=lazy("Give each contender a code under “name” and the words to show under “label”."),
        )
    rows: dict[str, str] = {}
    errors = []
    for number, cells in table.records():
        code, label = cells[headings["name"]].strip(), " ".join(cells[headings["label"]].split())
        if not _CODE.fullmatch(code) or code in rows:
            errors.append(
                RowError(number, "name", code[:80], lazy("a code without spaces, given to one contender"))
            )
        elif not 1 <= len(label) <= 200:
            errors.append(RowError(number, "label", label[:80], lazy("1 to 200 characters")))
        rows[code] = label
    if errors:
        raise InvalidFile(lazy("The list of contenders has faults: nothing was kept of it."), errors)
    rows.pop(OTHER, None)
    return _keep(mission, store, CONTENDERS, list_csv(rows.items()), "text/csv")


def attach_picture(mission: Mission, store: Store, data: bytes, name: str) -> FormFile:
    """Give a mission a picture (PNG or JPEG) that its forms name; it is made anew. Raises InvalidInput, TooLarge."""
    if not _NAME.fullmatch(name) or name in (STATIONS, CONTENDERS):
        raise InvalidInput(lazy("“%(name)s” is no name for a picture of a form.", name=name[:80]), "file")
    made = images.cleaned(data)
    return _keep(mission, store, name, made.data, made.content_type)


def attach_file(mission: Mission, store: Store, data: bytes, name: str) -> FormFile:
    """Give a mission a file that its forms name: a list, a picture, a sound, a film.

    Drafts show it at once, and published versions that still lack it have it from now on, for ever; those
    that have one of this name keep theirs. Raises InvalidInput, TooLarge, and InvalidFile with the rows of a
    list that do not fit a form which names it.
    """
    if name in (STATIONS, CONTENDERS):
        raise InvalidInput(
            lazy("“%(name)s” is made for each person: it is not loaded here.", name=name), "file"
        )
    if not _NAME.fullmatch(name):
        raise InvalidInput(
            lazy("“%(name)s” is no name for a file of a form.", name=name[:80]), "file",
            lazy("Use letters, digits, spaces, ( ), -, _ and one ending, at most 100 characters."),
        )  # fmt: skip
    ready, content_type = made_ready(data, name)
    _refuse_unfit(mission, name, ready)
    return _keep(mission, store, name, ready, content_type)


def _refuse_unfit(mission: Mission, name: str, data: bytes) -> None:
    """Refuse a list that lacks what the forms read of it: drafts, and the versions that would get it."""
    errors = [
        error
        for need in form_files.needs_in(db.session(), mission)
        if need.file == name
        for error in faults_of(need, data)
    ]
    if errors:
        raise InvalidFile(
            lazy(
                "The list “%(name)s” does not fit the forms that name it: nothing was kept of it.", name=name
            ),
            list(dict.fromkeys(errors))[:MAX_ERRORS],
            next_step=lazy("Mend the rows named below and send the list again."),
        )


def remove_file(file: FormFile) -> None:
    """Take a file away from the mission: drafts miss it; published versions keep theirs."""
    db.session.delete(file)
    db.session.flush()


def freeze_files(version: FormVersion) -> None:
    """Give a published version the mission's files that it names and lacks; what it has never changes."""
    held = set(
        db.session.scalars(sa.select(FormVersionFile.name).where(FormVersionFile.version_id == version.id))
    )
    lacking = {name for name in version.media if name not in (STATIONS, CONTENDERS)} - held
    if not lacking:
        return
    files = sa.select(FormFile).where(
        FormFile.mission_id == version.form.mission_id, FormFile.name.in_(lacking)
    )
    for file in db.session.scalars(files):
        db.session.add(
            FormVersionFile(version_id=version.id, name=file.name, stored_file_id=file.stored_file_id)
        )
    db.session.flush()


def _keep(mission: Mission, store: Store, name: str, data: bytes, content_type: str) -> FormFile:
    """The file takes the place of an earlier one of its name."""
    stored = StoredFile(
        sha256=store.put(data), name=name, content_type=content_type, size=len(data), mission_id=mission.id
    )
    file = db.session.scalar(
        sa.select(FormFile).where(FormFile.mission_id == mission.id, FormFile.name == name)
    )
    if file is None:
        file = FormFile(mission_id=mission.id, name=name, stored_file=stored)
        db.session.add(file)
    elif file.stored_file.sha256 != stored.sha256:
        file.stored_file = stored
    db.session.flush()
    for version in db.session.scalars(
        sa.select(FormVersion).join(FormVersion.form).where(Form.mission_id == mission.id)
    ):
        if name in version.media:
            freeze_files(version)
    return file
