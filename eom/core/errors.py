"""Errors that are the person's to mend.

Every message is written for the person who sees it, says what is wrong and, where it can,
what to do next. Everything that is not an ``AppError`` is a fault of ours.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


class AppError(Exception):
    """A mistake or refusal a person can act on."""

    status = 400

    def __init__(self, message: Any, field: str | None = None, next_step: Any = None) -> None:
        """``message`` and ``next_step`` are (lazy) strings; ``field`` names the form field at fault."""
        super().__init__(message)
        self.message = message
        self.field = field
        self.next_step = next_step

    def __str__(self) -> str:
        return f"{self.message} {self.next_step}" if self.next_step else str(self.message)


class InvalidInput(AppError):
    """What was sent cannot be understood, or breaks a limit."""

    status = 422


class Refused(AppError):
    """A rule of the domain says no."""

    status = 409


class Conflict(AppError):
    """Someone else was faster, or it exists already."""

    status = 409


class Forbidden(AppError):
    """The person may be here but may not do this."""

    status = 403


class NotFound(AppError):
    """It does not exist, or its existence is not this person's to know."""

    status = 404


class TooLarge(AppError):
    """More bytes, rows or columns than we take."""

    status = 413


@dataclass(frozen=True)
class RowError:
    """One thing wrong in a file: where it stands, what stands there, what was expected."""

    row: int | None
    column: str | None
    value: str | None
    expected: Any

    def as_dict(self) -> dict[str, Any]:
        """The error as JSON types."""
        return {"row": self.row, "column": self.column, "value": self.value, "expected": str(self.expected)}


class InvalidFile(InvalidInput):
    """A file with its list of errors; nothing of it was written."""

    def __init__(self, message: Any, errors: list[RowError] | None = None, next_step: Any = None) -> None:
        super().__init__(message, field="file", next_step=next_step)
        self.errors = errors or []
