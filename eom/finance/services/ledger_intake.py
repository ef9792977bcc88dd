"""An extract of a ledger, booked: all of it or nothing; the same line twice is one line."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import sqlalchemy as sa

from eom.core import audit
from eom.core.errors import AppError, InvalidFile, RowError
from eom.core.i18n import lazy, ngettext
from eom.core.money import to_units
from eom.extensions import db
from eom.finance.models.award import Award
from eom.finance.models.ledger import Expenditure
from eom.finance.queries import ledger as reading
from eom.finance.queries.standing import Standing, hold
from eom.finance.services import ledger
from eom.missions.models.mission import Mission


@dataclass(frozen=True)
class Line:
    """A line of an extract. ``row`` is its number in the sheet; ``reference`` its id in the source, if any."""

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


@dataclass(frozen=True)
class Booked:
    """What came of an extract."""

    added_count: int
    known_count: int
    usd_cents: int


def take(lines: Sequence[Line], *, mission: Mission | None, file_name: str) -> Booked:
    """Book the lines that are not there yet, in the order of the file.

    ``mission`` is where lines without a mission of their own go, and the only one then. Raises
    InvalidFile with every line that cannot be booked; nothing is written then.
    """
    hold(db.session(), [award.id for award in _awards(lines).values()])
    checked = _check(lines, mission)
    refuse(checked.errors)
    booked = checked.booked
    if checked.rows:
        db.session.add_all(checked.rows)
        db.session.flush()
        audit.record(
            db.session(), "imported", "expenditures", None, file_name,
            mission_id=mission.id if mission else None, added=booked.added_count, known=booked.known_count,
            usd_cents=booked.usd_cents,
        )  # fmt: skip
    return booked


def look(lines: Sequence[Line], *, mission: Mission | None) -> tuple[Booked, list[RowError]]:
    """What booking the lines would do, and every line that cannot be booked; writes nothing."""
    checked = _check(lines, mission)
    return checked.booked, checked.errors


def source_references(lines: Sequence[Line], mission: Mission | None) -> list[str]:
    """What each line is known by: its own reference, else a digest of what it says and which of its kind it is."""
    seen: Counter[str] = Counter()
    found = []
    for line in lines:
        code = line.mission or (mission.code if mission else "")
        if line.reference:
            found.append(f"{code}:{line.reference}"[:100])
            continue
        said = repr(replace(line, row=0, mission=code))
        seen[said] += 1
        digest = hashlib.sha256(f"{said}#{seen[said]}".encode()).hexdigest()
        found.append(f"sha256:{digest}")
    return found


@dataclass
class _Checked:
    """Lines that may be booked, what is wrong with the others, and how many are there already."""

    rows: list[Expenditure]
    errors: list[RowError]
    known_count: int

    @property
    def booked(self) -> Booked:
        return Booked(len(self.rows), self.known_count, sum(row.usd_cents for row in self.rows))


def _check(lines: Sequence[Line], mission: Mission | None) -> _Checked:
    references = source_references(lines, mission)
    known = reading.loaded(db.session(), references)
    found = _Checked([], _twice(lines, references), sum(1 for each in references if each in known))
    missions, awards, standing = _missions(lines, mission), _awards(lines), Standing(db.session())
    for line, reference in zip(lines, references, strict=True):
        place = missions.get(line.mission.upper()) if line.mission else mission
        award = awards.get(line.award.casefold())
        if place is None or award is None:
            found.errors += _strange(line, mission, place is None, award is None)
        elif reference in known:
            found.errors += _changed(line, award, known[reference])
        else:
            try:
                found.rows.append(_row(standing, place, award, line, reference))
            except AppError as error:
                found.errors.append(_refused(line, error))
    found.errors.sort(key=lambda each: each.row or 0)
    return found


def _strange(line: Line, mission: Mission | None, no_mission: bool, no_award: bool) -> list[RowError]:
    errors = []
    if no_mission:
        expected = lazy("the code of a mission, as BOL-2019")
        if mission is not None:
            expected = lazy("%(code)s, or nothing: the file is loaded into this mission", code=mission.code)
        errors.append(RowError(line.row, "mission", line.mission, expected))
    if no_award:
        expected = lazy("the reference of an award that is recorded")
        errors.append(RowError(line.row, "award", line.award, expected))
    return errors


def _row(standing: Standing, mission: Mission, award: Award, line: Line, reference: str) -> Expenditure:
    return ledger.checked(
        standing, mission, award=award, object_number=line.object_number, incurred_on=line.incurred_on,
        voucher=line.voucher, payee=line.payee, amount_cents=line.amount_cents, currency=line.currency,
        description=line.description, source_reference=reference,
    )  # fmt: skip


def _changed(line: Line, award: Award, known: Any) -> list[RowError]:
    """What a line says otherwise than the one that was loaded under its reference."""
    pairs = {
        "award": (award.id == known.award_id, line.award, lazy("the award it was loaded with")),
        "object": (line.object_number == known.object_number, str(line.object_number), str(known.object_number)),
        "date": (line.incurred_on == known.incurred_on, line.incurred_on.isoformat(), known.incurred_on.isoformat()),
        "amount": (
            (line.amount_cents, line.currency) == (known.amount_cents, known.currency),
            _amount(line.amount_cents, line.currency), _amount(known.amount_cents, known.currency),
        ),
    }  # fmt: skip
    return [
        RowError(line.row, column, value, lazy("%(before)s, as it was loaded before: a line of the books never "
                 "changes; give a corrected one a reference of its own", before=before))
        for column, (is_same, value, before) in pairs.items() if not is_same
    ]  # fmt: skip


def _amount(cents: int, currency: str) -> str:
    return f"{to_units(cents)} {currency}"


def _twice(lines: Sequence[Line], references: Sequence[str]) -> list[RowError]:
    first: dict[str, int] = {}
    errors = []
    for line, reference in zip(lines, references, strict=True):
        if (before := first.setdefault(reference, line.row)) != line.row:
            expected = lazy("a reference used once; row %(row)d has it already", row=before)
            errors.append(RowError(line.row, "reference", line.reference, expected))
    return errors


def _missions(lines: Sequence[Line], mission: Mission | None) -> dict[str, Mission]:
    """The missions that lines may name: any, or the given one alone."""
    codes = {line.mission.upper() for line in lines if line.mission}
    query = sa.select(Mission).where(Mission.code.in_(codes))
    if mission is not None:
        query = query.where(Mission.id == mission.id)
    return {each.code: each for each in db.session.scalars(query)}


def _awards(lines: Sequence[Line]) -> dict[str, Award]:
    references = {line.award.casefold() for line in lines}
    found = db.session.scalars(sa.select(Award).where(sa.func.lower(Award.reference).in_(references)))
    return {each.reference.casefold(): each for each in found}


def _refused(line: Line, error: AppError) -> RowError:
    column = {"amount_cents": "amount", "incurred_on": "date", "object_number": "object"}.get(
        error.field or "", error.field or "line"
    )
    values = {"amount": _amount(line.amount_cents, line.currency), "date": line.incurred_on.isoformat(),
              "award": line.award, "currency": line.currency}  # fmt: skip
    return RowError(line.row, column, values.get(column, line.voucher), error.message)


def refuse(errors: list[RowError]) -> None:
    """Raise InvalidFile with the errors when there are any."""
    if errors:
        words = ngettext(
            "%(num)d thing in the file is not right; nothing was written.",
            "%(num)d things in the file are not right; nothing was written.",
            len(errors),
        )
        raise InvalidFile(words, errors, lazy("Mend the file and send it again."))
