"""The lines of the books are final: the database itself refuses to change or delete them."""

from __future__ import annotations

from eom.core import final
from eom.finance.models.award import AwardMovement
from eom.finance.models.ledger import Expenditure

MESSAGE = "lines of the books are never changed or deleted"

for _model in (Expenditure, AwardMovement):
    final.lock(_model.__table__, MESSAGE)
