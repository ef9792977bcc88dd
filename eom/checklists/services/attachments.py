"""The files of a submission: the first of a name stays, another is kept apart."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime

from eom.checklists.models.submission import Finding, Submission, SubmissionAttachment, SubmissionConflict
from eom.checklists.services.reading import MAX_FLAGS, noted
from eom.checklists.services.unpacking import SentFile
from eom.core.errors import TooLarge
from eom.core.i18n import lazy
from eom.core.storage import Store, StoredFile, sniff
from eom.extensions import db

MAX_FILES = 500
MAX_CONFLICTS = 100


def keep_files(
    submission: Submission, store: Store, files: Iterable[SentFile], user_id: int | None, at: datetime
) -> None:
    """Add the files that are not held yet, and say whether all that the XML names are there.

    The same file again adds nothing. Another file of a name that is held never replaces it. Raises
    TooLarge beyond 500 files.
    """
    held = {each.name: each for each in submission.attachments}
    for file in files:
        name = file_name(file.name)
        if not name:
            continue
        digest = hashlib.sha256(file.data).hexdigest()
        if name not in held:
            if len(held) >= MAX_FILES:
                raise TooLarge(lazy("A submission has at most %(limit)s files.", limit=MAX_FILES))
            held[name] = _add(submission, name, _stored(submission, store, file.data, name), at)
        elif held[name].stored_file.sha256 != digest:
            keep_apart(submission, store, file.data, user_id, at, name=name)
    submission.is_complete = set(submission.files_named) <= set(held)
    db.session.flush()


def carry_over(submission: Submission, replaced: Submission, at: datetime) -> None:
    """Give an edit the files of what it replaces that its XML still names and that it does not bring."""
    held = {each.name for each in submission.attachments}
    for each in replaced.attachments:
        if each.name in submission.files_named and each.name not in held:
            _add(submission, each.name, each.stored_file, at)


def keep_apart(
    submission: Submission, store: Store, data: bytes, user_id: int | None, at: datetime, *, name: str = ""
) -> None:
    """Keep other content under a taken name (empty: another XML) for review; the same again adds nothing."""
    digest = hashlib.sha256(data).hexdigest()
    known = {(each.name, each.sha256) for each in submission.conflicts}
    if (name, digest) in known or len(known) >= MAX_CONFLICTS:
        return
    stored = _stored(submission, store, data, name or "submission.xml")
    submission.conflicts.append(
        SubmissionConflict(
            name=name,
            sha256=digest,
            stored_file=stored,
            submitted_by_id=user_id,
            received_at=at,
        )
    )
    db.session.flush()


def file_name(sent: str) -> str:
    """The bare name of a file, without the folders that some devices send."""
    return "".join(c for c in sent.replace("\\", "/").rsplit("/", 1)[-1].strip() if c.isprintable())[-255:]


def _add(submission: Submission, name: str, stored: StoredFile, at: datetime) -> SubmissionAttachment:
    is_named = name in submission.files_named
    if not is_named:
        flags = [*submission.flags, noted(Finding.UNNAMED_FILE, value=name)]
        submission.flags, submission.flag_count = flags[:MAX_FLAGS], len(flags[:MAX_FLAGS])
    attachment = SubmissionAttachment(name=name, stored_file=stored, is_named=is_named, received_at=at)
    submission.attachments.append(attachment)
    return attachment


def _stored(submission: Submission, store: Store, data: bytes, name: str) -> StoredFile:
    # What the bytes do not tell is never named otherwise: it goes out as a download only.
    return StoredFile(
        sha256=store.put(data), name=name[-200:], content_type=sniff(data) or "application/octet-stream",
        size=len(data), mission_id=submission.mission_id,
    )  # fmt: skip
