"""What the words of the report mean, in every output alike."""

from __future__ import annotations

from collections.abc import Sequence

from eom.core.i18n import _
from eom.reporting.annual.figures import AnnualFigures


def definitions(figures: AnnualFigures) -> Sequence[tuple[str, str]]:
    """(word, meaning), in the reader's language."""
    known = any(mission.open_obligations_cents is not None for mission in figures.missions)
    unknown = "" if known else _("The ledger does not record them yet, so that column is empty.")
    return (
        (_("Pledged"), _("What a donor has announced, whether or not an agreement was signed.")),
        (_("Agreed"), _("What the signed agreements say, in US dollars at the rate of their date.")),
        (
            _("Received"),
            _("Money that arrived in the year, in US dollars at the rate of the day it was recorded."),
        ),
        (_("Allocated"), _("What was set aside for a mission, out of an award or out of the Regular Fund.")),
        (
            _("Obligated"),
            " ".join(
                [
                    _(
                        "Commitments entered into and not yet paid; they may be liquidated until 31 December "
                        "of the year after."
                    ),
                    unknown,
                ]
            ).strip(),
        ),
        (
            _("Spent"),
            _("Expenditures recorded in the year with their voucher, less reversals recorded in the year."),
        ),
        (
            _("Indirect cost recovery"),
            _(
                "The share of an award that pays for administration. It is set by each "
                "agreement and is part of the mission's cost."
            ),
        ),
        (
            _("Exchange gain or loss"),
            _(
                "The difference in US dollars that changes of rates made to balances held "
                "in other currencies."
            ),
        ),
        (
            _("In kind"),
            _(
                "Goods, services and people given instead of money, at their stated value; never part "
                "of a balance."
            ),
        ),
        (
            _("Closing balance"),
            _(
                "Opening balance + received + transfers in + interest ± exchange − direct spending "
                "− indirect cost recovery − refunds − transfers out."
            ),
        ),
        (
            _("Mission"),
            _(
                "The individual mission is the unit: a country may receive more than one in a year, and a "
                "mission may have several polling days and spend in two fiscal years."
            ),
        ),
        (
            _("Rounding"),
            _(
                "Amounts are kept in whole cents. Shared amounts are shared so that the parts add up to "
                "the whole."
            ),
        ),
    )
