"""The statement of an award as a table: what came in, what was spent, and what is left."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from eom.core.i18n import _
from eom.finance.models.award import Award, AwardMovement
from eom.finance.queries.awards import Account, MissionPart
from eom.finance.queries.own import SpentOnObject


def statement(
    award: Award,
    account: Account,
    movements: Sequence[AwardMovement],
    objects: Sequence[SpentOnObject],
    parts: Sequence[MissionPart],
) -> Iterator[list[Any]]:
    """The rows, headings first; the lines of the account add up to its balance.

    What was given to missions stands below it: it is a division of the same money, not a movement.
    """
    yield [_("Award"), _("Part"), _("Day"), _("What"), _("Mission"), _("US dollars")]

    def line(part: str, what: Any, cents: int, *, day: Any = None, mission: str = "") -> list[Any]:
        return [award.reference, part, day, str(what), mission, Decimal(cents) / 100]

    came = _("What came in and went out")
    for each in sorted(movements, key=lambda m: (m.moved_on, m.id)):
        yield line(came, each.kind.label, each.usd_cents * each.kind.sign, day=each.moved_on)
    for spent in objects:
        yield line(_("Spent"), f"{spent.object_number} {spent.label}", -spent.usd_cents)
    yield line(_("Indirect cost recovery"), _("Indirect cost recovery"), -account.icr_cents)
    yield line(_("Available"), _("Available"), account.available_cents)
    for part in parts:
        yield line(_("For missions"), _("Given"), part.given_cents, mission=part.mission.name)
        yield line(
            _("For missions"),
            _("Spent with ICR"),
            -part.spent_cents - part.icr_cents,
            mission=part.mission.name,
        )
