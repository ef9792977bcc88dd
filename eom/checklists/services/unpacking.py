"""A submission as it arrives, read as far as can be without the database.

The form is known from what was received before: most often a submission is read and checked before any
transaction begins, and the transaction only makes sure that it was the right form (by its digest).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from eom.checklists.models.form import FormVersion
from eom.checklists.openrosa import Submission as Sent
from eom.checklists.openrosa import read_submission
from eom.checklists.openrosa_contents import Contents, contents
from eom.checklists.queries.addresses import Address
from eom.checklists.queries.forms import definition, kept_definition
from eom.checklists.xlsform_form import PublishedForm
from eom.extensions import db

MAX_EXPECTED = 1_000

# (mission code, form id, version) → the digest it last had; a guess, never trusted.
_expected: dict[tuple[str, str, str], str] = {}


@dataclass(frozen=True)
class SentFile:
    """A file beside a submission, named as the XML names it."""

    name: str
    data: bytes


@dataclass
class Parcel:
    """A submission, its files, and what it says as far as it was read, by the form of ``digest``."""

    sent: Sent
    sha256: str
    files: Sequence[SentFile]
    at: datetime
    mission_code: str
    digest: str | None = None
    said: Contents | None = None

    @property
    def names(self) -> tuple[str, str]:
        """The form and version it names."""
        return self.sent.form_id, self.sent.version


def unpack(mission_code: str, xml: bytes, files: Sequence[SentFile], at: datetime) -> Parcel:
    """A submission that arrived ``at``. Raises NotXML and TooLarge. Asks no database."""
    parcel = Parcel(read_submission(xml), hashlib.sha256(xml).hexdigest(), files, at, mission_code)
    digest = _expected.get((mission_code, *parcel.names))
    form = kept_definition(digest, parcel.sent.version) if digest else None
    if form is not None:
        parcel.digest, parcel.said = digest, contents(form, parcel.sent, at)
    return parcel


def contents_of(parcel: Parcel, address: Address) -> tuple[PublishedForm, Contents]:
    """What a parcel says by the form that it is addressed to: as read before, or now."""
    form = kept_definition(address.digest, address.version)
    if form is None:
        form = definition(db.session.get_one(FormVersion, address.version_id))
    if parcel.said is None or parcel.digest != address.digest:
        # Reading completes the tree for one form: another starts from what was sent.
        sent = read_submission(parcel.sent.xml) if parcel.said is not None else parcel.sent
        parcel.digest, parcel.said = address.digest, contents(form, sent, parcel.at)
        if len(_expected) >= MAX_EXPECTED:
            _expected.clear()
        _expected[parcel.mission_code, *parcel.names] = address.digest
    return form, parcel.said
