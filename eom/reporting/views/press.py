"""The figures for the press, at one click and in four languages."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request, url_for

from eom.core.db import get_in
from eom.core.i18n import LANGUAGES, _, day, in_locale, lazy
from eom.extensions import db
from eom.missions.models.mission import Mission
from eom.missions.models.process import Round
from eom.reporting.press import sentences
from eom.reporting.queries.press import press_figures
from eom.web.access import requires
from eom.web.navigation import Entry
from eom.web.urls import row_number

bp = Blueprint("press", __name__)

MISSION_NAVIGATION = (
    Entry(lazy("Press figures"), "press.show", "appointment.read", "megaphone", lazy("Reports"), order=60),
)


@bp.get("/missions/<mission>/press")
@requires("appointment.read")
def show(mission: Mission) -> str:
    """People, nationalities, women, coverage and visits, with the sentences to copy."""
    wanted = request.args.get("round", type=row_number)
    round_ = get_in(db.session(), Round, wanted, mission_id=mission.id) if wanted else None
    figures = press_figures(db.session(), mission, round_)
    texts = []
    for code, name in LANGUAGES.items():
        with in_locale(code):
            texts.append((code, name, sentences(figures)))
    return render_template(
        "reporting/press/show.html", mission=mission, figures=figures, texts=texts, round=round_
    )


def _tabs(mission: Mission, chosen: Round | None) -> list[dict[str, Any]]:
    """All polling days, then each alone."""
    tabs = [
        {
            "label": _("All polling days"),
            "url": url_for(".show", mission=mission.code),
            "current": chosen is None,
        }
    ]
    for each in mission.rounds:
        url = url_for(".show", mission=mission.code, round=each.id)
        tabs.append(
            {"label": f"{each.kind.label} · {day(each.polling_on)}", "url": url, "current": each is chosen}
        )
    return tabs if len(tabs) > 2 else []
