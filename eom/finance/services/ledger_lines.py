"""A line of an extract, and what it is known by."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from eom.core.errors import RowError
from eom.core.i18n import lazy

LONGEST = 96


@dataclass(frozen=True)
class Line:
    """A line of an extract. ``row`` is its number in the sheet; ``reference`` its id in the source, if any.

    ``amount_cents`` below zero is a credit; ``reverses`` the reference of the line that it takes back.
    """

    row: int
    mission: str | None
    award: str
    object_number: int
    incurred_on: date
    voucher: str
    payee: str
    amount_cents: int
    currency: str
    description: str | None = None
    reference: str | None = None
    # Not in the text that lines without a reference are known by: they were known before there was one.
    reverses: str | None = field(default=None, repr=False)
    # The code of a line of the approved budget.
    budget_code: str | None = field(default=None, repr=False)


def key_of(code: str, reference: str) -> str:
    """What a line with a reference is known by in the books: the reference is unique within a mission."""
    key = f"{code}:{reference}"
    return key if len(key) <= LONGEST else f"sha256:{hashlib.sha256(key.encode()).hexdigest()}"


def source_references(lines: Sequence[Line], codes: Sequence[str]) -> list[str]:
    """What each line is known by: its own reference, else a digest of what it says and which of its kind it is.

    ``codes`` are the codes of the missions of the lines, "" where a line has none.
    """
    seen: Counter[str] = Counter()
    found = []
    for line, code in zip(lines, codes, strict=True):
        if line.reference:
            found.append(key_of(code, line.reference))
            continue
        said = repr(replace(line, row=0, mission=code))
        seen[said] += 1
        digest = hashlib.sha256(f"{said}#{seen[said]}".encode()).hexdigest()
        found.append(f"sha256:{digest}")
    return found


def anew(reference: str, number: int) -> str:
    """What a line is known by that is loaded for the ``number``-th time, after earlier loads were taken back."""
    return reference if number == 1 else f"{reference}~{number}"


def used_twice(lines: Sequence[Line], references: Sequence[str]) -> list[RowError]:
    """An error for each line whose reference an earlier one has."""
    first: dict[str, int] = {}
    errors = []
    for line, reference in zip(lines, references, strict=True):
        if (before := first.setdefault(reference, line.row)) != line.row:
            expected = lazy("a reference used once; row %(row)d has it already", row=before)
            errors.append(RowError(line.row, "reference", line.reference, expected))
    return errors
