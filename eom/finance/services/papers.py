"""Documents kept with an award."""

from __future__ import annotations

from eom.core.errors import InvalidInput
from eom.core.storage import Store, keep_document
from eom.extensions import db
from eom.finance.models.agreement import AwardDocument, PaperKind
from eom.finance.models.award import Award


def keep_paper(
    award: Award, store: Store, data: bytes, name: str, *, kind: PaperKind, title: str | None = None
) -> AwardDocument:
    """Keep a document with an award, called by its file's name without a title.

    Raises InvalidInput on ``document`` for an empty file or a type that is not taken.
    """
    try:
        kept = keep_document(db.session(), store, data, name=name, mission_id=award.mission_id)
    except InvalidInput as error:
        error.field = "document"
        raise
    row = AwardDocument(award=award, kind=kind, title=title or kept.name, file=kept)
    db.session.add(row)
    db.session.flush()
    return row


def remove_paper(row: AwardDocument) -> None:
    """Take a document off an award; the trail keeps what it was called."""
    file = row.file
    db.session.delete(row)
    db.session.flush()
    db.session.delete(file)
    db.session.flush()
