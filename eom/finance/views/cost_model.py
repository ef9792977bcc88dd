"""What the missions of coming years may cost, and the case for the Regular Fund's share (AG/RES. 2931, xi.5)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from flask import Blueprint, render_template, request, url_for

from eom.core import clock, i18n
from eom.core.db import get_in
from eom.core.errors import InvalidInput
from eom.core.i18n import _, lazy
from eom.core.money import parse_amount
from eom.extensions import db
from eom.finance import cost_model
from eom.finance.exports import cost_model as workbook
from eom.finance.forms.calendar import ElectionForm
from eom.finance.models.calendar import ExpectedElection
from eom.finance.queries import outlook
from eom.finance.services import calendar
from eom.web import responses
from eom.web.access import requires
from eom.web.responses import saved

bp = Blueprint("cost_model", __name__, url_prefix="/finance/coming-years")
YEARS = 4


@bp.get("")
@requires("finance.read")
def show() -> Any:
    """The missions to come with their cost by year, as a page or as a workbook with live formulas."""
    session, today = db.session(), clock.today()
    past = outlook.past_missions(session)
    last = date(today.year + YEARS - 1, 12, 31)
    expected = outlook.expected_missions(session, today, last)
    share, paid = _share(past), cost_model.regular_share(past)
    if request.args.get("format") == "xlsx":
        data = workbook.write(past, expected, share, _assumptions(past))
        return responses.attachment(data, f"coming-years-{today.year}.xlsx", responses.XLSX)
    units = cost_model.unit_costs(past)
    estimates = [cost_model.estimate(each, units) for each in expected]
    return render_template(
        "finance/cost_model/show.html", past=past, units=units, estimates=estimates, sizes=cost_model.Size,
        years=cost_model.by_year(estimates), share=share, paid_share=paid, assumptions=_assumptions(past),
        share_shown=i18n.exact(round(share * 100, 2)), first_year=today.year, last_year=last.year,
    )  # fmt: skip


@bp.route("/elections/new", methods=["GET", "POST"])
@requires("budget.edit")
def new() -> Any:
    """Put an election on the calendar."""
    return _form(None, ElectionForm(likelihood_percent=Decimal(100)))


@bp.route("/elections/<int:election_id>/edit", methods=["GET", "POST"])
@requires("budget.edit")
def edit(election_id: int) -> Any:
    """Change what is expected of an election."""
    row = get_in(db.session(), ExpectedElection, election_id)
    return _form(row, ElectionForm(obj=row))


@bp.post("/elections/<int:election_id>/remove")
@requires("budget.edit")
def remove(election_id: int) -> Any:
    """Take an election off the calendar."""
    calendar.remove_election(get_in(db.session(), ExpectedElection, election_id))
    return saved(url_for(".show"), _("The election is off the calendar"))


def _form(row: ExpectedElection | None, form: ElectionForm) -> Any:
    return responses.filled(
        form, partial(calendar.record_election, row), url_for(".show"), _("The calendar is kept"),
        "finance/cost_model/election.html", row=row,
    )  # fmt: skip


def _share(past: list[cost_model.PastMission]) -> Decimal:
    """The part that is asked of the Regular Fund: as the address says in percent, else what it paid so far."""
    text = request.args.get("share", "").strip()
    if not text:
        return cost_model.regular_share(past)
    try:
        share = parse_amount(text.replace("%", ""), i18n.language())
    except InvalidInput:
        share = None
    if share is None or not 0 <= share <= 100:
        raise InvalidInput(
            lazy("“%(text)s” is no share: a percentage from 0 to 100 was expected.", text=text[:20])
        )
    return share / 100


def _assumptions(past: list[cost_model.PastMission]) -> list[str]:
    unknown = sum(1 for each in past if not each.days_are_known)
    found = [
        _("A mission costs its observers × its days × what an observer and day did cost in past missions of its size; with an approved budget it costs that."),
        _("The middle is the median of past missions, the range their lower and upper quartiles; of a size with fewer than %(count)d missions, those of all.", count=cost_model.ENOUGH),
        _("Costs are those of the ledger, with indirect cost recovery, in dollars of their year: nothing is added for inflation."),
        _("An election counts as likely as the calendar says."),
        _("Help in kind is not counted."),
    ]  # fmt: skip
    if unknown:
        words = i18n.ngettext(
            "%(num)d past mission does not say its days: 30 were taken, the average that the Organization gave in 2010.",
            "%(num)d past missions do not say their days: 30 were taken, the average that the Organization gave in 2010.",
            unknown,
        )  # fmt: skip
        found.append(words)
    return found
