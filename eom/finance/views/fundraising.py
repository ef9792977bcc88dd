"""Fundraising: what missions need and what covers it; the appeal that goes out to donors."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from flask import Blueprint, render_template, request, url_for

from eom.core import clock, i18n
from eom.core.i18n import LANGUAGES, _, in_locale, lazy
from eom.extensions import db
from eom.finance.exports import appeal_words
from eom.finance.exports import fundraising as exports
from eom.finance.forms.appeal import BY_LANGUAGE, AppealForm
from eom.finance.queries import appeals, fundraising
from eom.finance.services.appeals import write_appeal
from eom.missions.models.mission import Mission
from eom.web import responses
from eom.web.access import requires
from eom.web.navigation import Entry
from eom.web.responses import saved

bp = Blueprint("fundraising", __name__)

MISSION_NAVIGATION = (
    Entry(lazy("Fundraising"), "fundraising.show", "finance.read", "graph-up-arrow", lazy("Money"), 38),
)
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@bp.get("/finance/fundraising")
@requires("finance.read")
def board() -> Any:
    """The missions of the next eighteen months: needed, promised, agreed, received, missing."""
    session, today = db.session(), clock.today()
    definition = exports.board(session, lambda code: url_for(".show", mission=code), today)
    if kind := request.args.get("format"):
        return responses.table_file(definition.all_rows(session, request.args), "fundraising", kind)
    listing = definition.show(session, request.path, request.args)
    return render_template(
        "finance/fundraising/board.html", listing=listing, general_cents=fundraising.general_pledges(session),
        until=exports.after_months(today, exports.MONTHS),
    )  # fmt: skip


@bp.get("/missions/<mission>/fundraising")
@requires("finance.read")
def show(mission: Mission) -> Any:
    """What a mission needs, and what each donor gave or promised of it."""
    session = db.session()
    sheet = appeals.sheet(session, mission, clock.today(mission.time_zone))
    if kind := request.args.get("format"):
        return responses.table_file(exports.of_mission(sheet.funding), f"{mission.code}-fundraising", kind)
    hosts = [each for each in sheet.funding.givers if each.country == mission.country]
    return render_template(
        "finance/fundraising/show.html", mission=mission, sheet=sheet, funding=sheet.funding, hosts=hosts
    )


@bp.get("/missions/<mission>/fundraising/appeal")
@requires("finance.read")
def appeal(mission: Mission) -> str:
    """The appeal as a page to print, in the reader's language or another (?lang=)."""
    lang = _language()
    with in_locale(lang):
        sheet = appeals.sheet(db.session(), mission, clock.today(mission.time_zone))
        return render_template(
            "finance/fundraising/appeal.html", mission=mission, sheet=sheet, lang=lang, words=appeal_words,
        )  # fmt: skip


@bp.get("/missions/<mission>/fundraising/appeal.docx")
@requires("finance.read")
def document(mission: Mission) -> Any:
    """The appeal as a document of Word, in the reader's language or another (?lang=)."""
    from eom.finance.exports import appeal as writer

    lang, out = _language(), BytesIO()
    with in_locale(lang):
        sheet = appeals.sheet(db.session(), mission, clock.today(mission.time_zone))
        writer.write_docx(sheet, lang, out)
    return responses.attachment(out.getvalue(), f"{mission.code}-appeal-{lang}.docx", DOCX)


@bp.route("/missions/<mission>/fundraising/appeal/edit", methods=["GET", "POST"])
@requires("award.edit")
def edit(mission: Mission) -> Any:
    """Write the words of the appeal."""
    form = AppealForm(obj=appeals.appeal_of(db.session(), mission))
    if form.validate_on_submit():
        with form.shows_errors():
            write_appeal(mission, **form.payload())
            return saved(url_for(".show", mission=mission.code), _("The words of the appeal are kept"))
    page = render_template(
        "finance/fundraising/form.html", mission=mission, form=form, by_language=BY_LANGUAGE
    )
    return page, form.status


def _language() -> str:
    wanted = request.args.get("lang", "")
    return wanted if wanted in LANGUAGES else i18n.language()
