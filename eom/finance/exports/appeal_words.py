"""The words and figures of an appeal, for the page and the document alike, in the language that is set."""

from __future__ import annotations

from eom.core import i18n
from eom.core.i18n import _
from eom.finance.queries.appeals import AppealSheet


def title(sheet: AppealSheet) -> str:
    """What the appeal is called."""
    return _("Appeal for the mission to %(country)s", country=i18n.country_name(sheet.mission.country))


def about(sheet: AppealSheet) -> list[str]:
    """The usual words of an appeal, where nobody wrote others."""
    return [
        _("At the invitation of %(country)s, an electoral observation mission is being prepared. Its observers"
          " watch the preparations, the voting and the count, and it reports publicly on what it saw, with"
          " recommendations.", country=i18n.country_name(sheet.mission.country)),
        _("Such missions are paid for above all by voluntary contributions of member states, permanent"
          " observers and other partners. What each mission cost, and who paid for it, is reported every year."),
    ]  # fmt: skip


def facts(sheet: AppealSheet) -> list[tuple[str, str]]:
    """What is known of the mission: what is voted on, when, and when the mission is there."""
    mission, rows = sheet.mission, []
    if sheet.processes:
        rows.append((_("What is voted on"), "; ".join(sheet.processes)))
    if sheet.polling_days:
        rows.append((_("Polling days"), "; ".join(i18n.day(day, "long") for day in sheet.polling_days)))
    if mission.starts_on or mission.ends_on:
        rows.append((_("The mission is in the country"), " – ".join(
            i18n.day(day, "long") for day in (mission.starts_on, mission.ends_on) if day)))  # fmt: skip
    if mission.chief_name:
        rows.append(
            (_("Chief of mission"), ", ".join(x for x in (mission.chief_name, mission.chief_origin) if x))
        )
    return rows


def needed(sheet: AppealSheet) -> list[tuple[str, int]]:
    """(object, US cents) of what is needed, the total last; nothing without a budget."""
    funding = sheet.funding
    rows = [(str(label), cents) for _number, label, cents in funding.objects]
    if not rows:
        return []
    if funding.icr_cents:
        rows.append((_("Indirect costs of what is agreed"), funding.icr_cents))
    return [*rows, (_("Need"), funding.needed_cents)]


def covered(sheet: AppealSheet) -> list[tuple[str, int]]:
    """(what, US cents): agreed, the gap, and what of it is pledged."""
    funding = sheet.funding
    rows = [(_("Agreed"), funding.agreed_cents)]
    if funding.pledged_cents:
        rows.append((_("Pledged, not agreed yet"), funding.pledged_cents))
    return [*rows, (_("Missing"), funding.gap_cents)]


def ways() -> list[str]:
    """The usual ways to contribute."""
    return [
        _("In money, for this mission or for missions in general, by an agreement with the General Secretariat."),
        _("In kind: observers and specialists who are seconded, vehicles, equipment, premises. Their value is"
          " reported apart from the money."),
        _("Every contribution is reported to the donor, and to the Permanent Council in the yearly report."),
    ]  # fmt: skip


def contact(sheet: AppealSheet) -> list[str]:
    """The lines of the contact; a note where none was given."""
    if sheet.appeal is None:
        return [_("The contact is still to be given.")]
    return [
        each
        for each in (sheet.appeal.contact_name, sheet.appeal.contact_email, sheet.appeal.contact_phone)
        if each
    ]
