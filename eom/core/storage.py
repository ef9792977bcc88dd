"""Files that people give us: known by their content, kept outside the database."""

from __future__ import annotations

import hashlib
import os
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from eom.core import archives, clock, images
from eom.core.db import Base
from eom.core.errors import AppError, InvalidInput, NotFound, TooLarge
from eom.core.i18n import lazy
from eom.core.types import UTCDateTime

MAX_DOCUMENT = 25 << 20
DOCUMENT_TYPES = {
    "application/pdf": ".pdf",
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.oasis.opendocument.text": ".odt",
    "application/vnd.oasis.opendocument.spreadsheet": ".ods",
}


class StoredFile(Base):
    """A file's name and type; its bytes lie in the store under their SHA-256."""

    __tablename__ = "stored_files"

    id: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(sa.String(64), index=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    content_type: Mapped[str] = mapped_column(sa.String(100))
    size: Mapped[int] = mapped_column(sa.BigInteger)
    mission_id: Mapped[int | None] = mapped_column(sa.ForeignKey("missions.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime(), default=clock.now)

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Store:
    """A folder of files named by their content."""

    folder: Path

    def put(self, data: bytes) -> str:
        """Keep the bytes, durably; return their SHA-256 in hex. The same bytes are kept once."""
        digest = hashlib.sha256(data).hexdigest()
        path = self.path(digest)
        if path.exists():
            return digest
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
        return digest

    def path(self, digest: str) -> Path:
        """Where the bytes of a digest lie."""
        return self.folder / digest[:2] / digest

    def get(self, digest: str) -> bytes:
        """The bytes. Raises NotFound when the store has lost them."""
        try:
            return self.path(digest).read_bytes()
        except FileNotFoundError:
            raise NotFound(lazy("This file is no longer in the store.")) from None


def bare_name(sent: str) -> str:
    """What a person called a file: no folders, no control characters, at most 200 characters."""
    last = sent.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(each for each in last if each.isprintable()).strip(". ")[-200:] or "file"


def sniff(data: bytes) -> str | None:
    """The content type told by the bytes themselves, one of DOCUMENT_TYPES, or None."""
    if data.startswith(b"%PDF-"):
        return "application/pdf"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data.startswith(b"PK\x03\x04"):
        try:
            return archives.office_type(data)
        except AppError:
            return None
    return None


def keep_document(
    session: Session, store: Store, data: bytes, *, name: str, mission_id: int | None = None
) -> StoredFile:
    """Store a document of a person's; the row is flushed, so it has its id.

    A picture is made anew, without what it says of its place and its device. Raises InvalidInput for an
    empty file, for a type that is none of DOCUMENT_TYPES, for macros and for a protected document;
    TooLarge beyond 25 MB, and for a picture or a document that unpacks to too much.
    """
    content_type = _type_of_document(data, name)
    if content_type in ("image/jpeg", "image/png"):
        picture = images.cleaned(data)
        data, content_type = picture.data, picture.content_type
    row = StoredFile(
        sha256=store.put(data),
        name=bare_name(name),
        content_type=content_type,
        size=len(data),
        mission_id=mission_id,
    )
    session.add(row)
    session.flush()
    return row


def _type_of_document(data: bytes, name: str) -> str:
    if len(data) > MAX_DOCUMENT:
        raise TooLarge(
            lazy("A document has at most %(limit)s megabytes.", limit=MAX_DOCUMENT >> 20),
            next_step=lazy("Save it smaller, or send it in parts."),
        )
    if data.startswith(archives.COMPOUND):
        raise InvalidInput(
            lazy("“%(name)s” is protected by a password, or of an old kind.", name=name),
            "file",
            lazy("Save it as .docx, .xlsx or PDF without a password."),
        )
    content_type = archives.office_type(data) if data.startswith(b"PK\x03\x04") else sniff(data)
    if content_type is None:
        raise InvalidInput(
            lazy(
                "“%(name)s” is not a PDF, Word, Excel or OpenDocument file or a JPEG or PNG image.", name=name
            ),
            field="file",
        )
    return content_type
