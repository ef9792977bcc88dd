"""Help in kind: recorded at its value, never part of the cash."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from eom.core.errors import InvalidInput
from eom.core.i18n import lazy
from eom.extensions import db
from eom.finance.models.award import Donor, InKindContribution, InKindKind
from eom.finance.services.closing import refuse_closed


def record_in_kind(
    donor: Donor, *, mission_id: int, description: str, valued_cents: int, basis: str, given_on: date,
    kind: InKindKind = InKindKind.OTHER, quantity: Decimal = Decimal(1), is_demonstration: bool = False,
) -> InKindContribution:  # fmt: skip
    """Record help in kind; ``valued_cents`` is the whole's value in US cents, ``basis`` how it was valued.

    Raises InvalidInput for a value or quantity not above zero, Refused for a closed year.
    """
    _check(valued_cents, quantity, given_on)
    row = InKindContribution(
        donor=donor, mission_id=mission_id, kind=kind, description=description, quantity=quantity,
        valued_cents=valued_cents, basis=basis, given_on=given_on, is_demonstration=is_demonstration,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    return row


def edit_in_kind(row: InKindContribution, *, donor: Donor, **values: Any) -> InKindContribution:
    """Change a contribution of an open year: mission_id, kind, description, quantity, valued_cents, basis,
    given_on.

    Raises as ``record_in_kind`` does, also when the year it was recorded in is closed.
    """
    refuse_closed(row.given_on, "given_on")
    _check(values["valued_cents"], values["quantity"], values["given_on"])
    row.donor = donor
    for name, value in values.items():
        setattr(row, name, value)
    db.session.flush()
    return row


def _check(valued_cents: int, quantity: Decimal, given_on: date) -> None:
    if valued_cents <= 0:
        raise InvalidInput(lazy("A value above zero was expected."), "valued_cents")
    if quantity <= 0:
        raise InvalidInput(lazy("A quantity above zero was expected."), "quantity")
    refuse_closed(given_on, "given_on")
