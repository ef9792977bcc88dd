"""Why a line of an extract cannot be booked, by row, column, value and what was expected."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from eom.core.errors import AppError, RowError
from eom.core.i18n import lazy
from eom.core.money import to_units
from eom.finance.models.award import Award
from eom.finance.services.ledger_lines import Line
from eom.missions.models.mission import Mission

_COLUMNS = {"amount_cents": "amount", "incurred_on": "date", "object_number": "object"}


def strange(line: Line, mission: Mission | None, *, no_mission: bool, no_award: bool) -> list[RowError]:
    """A mission or an award that is not recorded, or not the one that the file is loaded into."""
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


def changed(line: Line, award: Award, known: Mapping[str, Any]) -> list[RowError]:
    """What a line says otherwise than the one that was loaded under its reference."""
    pairs = {
        "award": (award.id == known["award_id"], line.award, lazy("the award it was loaded with")),
        "object": (line.object_number == known["object_number"], line.object_number, known["object_number"]),
        "date": (line.incurred_on == known["incurred_on"], line.incurred_on, known["incurred_on"]),
        "voucher": (line.voucher == known["voucher"], line.voucher, known["voucher"]),
        "payee": (line.payee == known["payee"], line.payee, known["payee"]),
        "amount": (
            (line.amount_cents, line.currency) == (known["amount_cents"], known["currency"]),
            amount(line.amount_cents, line.currency), amount(known["amount_cents"], known["currency"]),
        ),
    }  # fmt: skip
    return [
        RowError(line.row, column, str(value), lazy("%(before)s, as it was loaded before: a line of the books never "
                 "changes; give a corrected one a reference of its own", before=before))
        for column, (is_same, value, before) in pairs.items() if not is_same
    ]  # fmt: skip


def refused(line: Line, error: AppError) -> RowError:
    """A refusal of the ledger as an error of the line's row."""
    column = _COLUMNS.get(error.field or "", error.field or "line")
    values = {"amount": amount(line.amount_cents, line.currency), "date": line.incurred_on.isoformat(),
              "award": line.award, "currency": line.currency}  # fmt: skip
    return RowError(line.row, column, values.get(column, line.voucher), error.message)


def amount(cents: int, currency: str) -> str:
    """An amount as an extract writes it."""
    return f"{to_units(cents)} {currency}"
