"""The answers of all reports: each question as a chart and a table, on a map, and two against each other."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, json, jsonify, render_template, request, url_for

from eom.checklists.models.submission import SubmissionState
from eom.checklists.queries import forms, tallies, tally_pages
from eom.checklists.queries.tallies import Picked
from eom.checklists.queries.tally_groups import Breakdown
from eom.checklists.queries.tally_pages import kind_of
from eom.checklists.queries.tally_values import Counted
from eom.checklists.views.answer_map import answer_map
from eom.core import i18n
from eom.core.errors import InvalidInput, NotFound
from eom.core.i18n import lazy, number
from eom.extensions import db
from eom.missions.models.mission import Mission
from eom.stations.queries import centre_in, first_areas
from eom.web import responses
from eom.web.access import areas, requires
from eom.web.navigation import Entry
from eom.web.responses import store
from eom.web.urls import row_number

bp = Blueprint("answers", __name__, url_prefix="/missions/<mission>/answers")

READ = "submission.read"
MISSION_NAVIGATION = (Entry(lazy("Answers"), "answers.index", READ, "bar-chart", lazy("Field"), 33),)
# What one can break answers down by, beside the filters of the address.
ARGUMENTS = ("area", "round", "state", "drawn")


@bp.get("")
@requires(READ)
def index(mission: Mission) -> Any:
    """The forms with what came of each; a form leads to its questions."""
    counted = tallies.reports_by_form(db.session(), mission, areas(READ, mission))
    return render_template(
        "checklists/answers/index.html",
        mission=mission,
        forms=forms.forms(db.session(), mission),
        counted=counted,
    )


@bp.get("/<int:form_id>")
@requires(READ)
def form(mission: Mission, form_id: int) -> Any:
    """The questions of a form."""
    picked = _picked(mission, form_id)
    asked = tallies.questions_of(db.session(), picked.form)
    return render_template(
        "checklists/answers/form.html", mission=mission, picked=picked, asked=list(asked.values()),
        language=i18n.language(), **_around(picked),
    )  # fmt: skip


@bp.get("/<int:form_id>/question")
@requires(READ)
def question(mission: Mission, form_id: int) -> Any:
    """One question: its answers as a chart and a table, by area, person or hour, and on a map."""
    picked, language = _picked(mission, form_id), i18n.language()
    asked = tallies.questions_of(db.session(), picked.form)
    one, by = _asked(asked, "q"), _breakdown()
    shown = tally_pages.tally(db.session(), store(), picked, one, by, language)
    if kind := request.args.get("format"):
        head = str(by.label) if by is not Breakdown.NONE else one.question.label(language)
        return responses.table_file(tally_pages.tally_rows(shown, head), f"{mission.code}-answers", kind)
    chosen = request.args.get("map") if request.args.get("map") in shown.codes else None
    return render_template(
        "checklists/answers/question.html", mission=mission, picked=picked, one=one, by=by, shown=shown,
        breakdowns=list(Breakdown), language=language, asked=list(asked.values()), chosen=chosen,
        map=_map(picked, one, by, shown, chosen) if chosen else None,
        texts=_texts(mission, picked, one) if shown.kind == "texts" and not one.repeats else None,
        **_around(picked),
    )  # fmt: skip


@bp.get("/<int:form_id>/crosstab")
@requires(READ)
def crosstab(mission: Mission, form_id: int) -> Any:
    """Two questions of choices against each other."""
    picked, language = _picked(mission, form_id), i18n.language()
    asked = {
        key: each
        for key, each in tallies.questions_of(db.session(), picked.form).items()
        if kind_of(each.question) == "choices" and not each.repeats
    }
    both = (_asked(asked, "a"), _asked(asked, "b")) if request.args.get("a") else None
    shown = tally_pages.cross(db.session(), store(), picked, both, language) if both else None
    if both and shown and (kind := request.args.get("format")):
        rows = tally_pages.cross_rows(shown, both[0].question.label(language))
        return responses.table_file(rows, f"{mission.code}-crosstab", kind)
    return render_template(
        "checklists/answers/crosstab.html", mission=mission, picked=picked, asked=list(asked.values()),
        both=both, shown=shown, language=language, **_around(picked),
    )  # fmt: skip


@bp.get("/<int:form_id>/points")
@requires(READ)
def points(mission: Mission, form_id: int) -> Any:
    """The centres with an answer, for the map: 2 where the choice was answered, 1 where another was."""
    picked = _picked(mission, form_id)
    one = _asked(tallies.questions_of(db.session(), picked.form), "q")
    found = tallies.by_centre(db.session(), picked, one, request.args.get("map", ""))
    answer = Response(json.dumps({"points": found}), mimetype="application/json")
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.add_etag()
    return answer.make_conditional(request)


@bp.get("/<int:form_id>/centres/<int:centre_id>")
@requires(READ)
def centre(mission: Mission, form_id: int, centre_id: int) -> Any:
    """What was answered in a centre, fetched when its point is chosen."""
    picked = _picked(mission, form_id)
    found = centre_in(db.session(), mission, centre_id, picked.areas)
    one = _asked(tallies.questions_of(db.session(), picked.form), "q")
    rows = tally_pages.of_centre(db.session(), store(), picked, one, centre_id, i18n.language())
    return jsonify(
        title=found.name, rows=[[label, number(count)] for label, count in rows],
        url=url_for("submissions.index", mission=mission.code, form=form_id, search=found.name),
    )  # fmt: skip


def _map(picked: Picked, one: Counted, by: Breakdown, shown: tally_pages.Tally, chosen: str) -> Any:
    session = db.session()
    # The page may have counted by area already.
    if by is not Breakdown.AREA:
        shown = tally_pages.tally(session, store(), picked, one, Breakdown.AREA, i18n.language())
    return answer_map(session, picked, shown, chosen, _arguments())


def _picked(mission: Mission, form_id: int) -> Picked:
    """The reports that the address asks for. Raises NotFound and InvalidInput."""
    state = request.args.get("state", "")
    if state and state not in {each.value for each in SubmissionState}:
        raise InvalidInput(lazy("“%(state)s” is no state of a report.", state=state[:40]), "state")
    return Picked(
        mission, tallies.form_in(db.session(), mission, form_id), areas(READ, mission),
        request.args.get("area", type=row_number), request.args.get("round", type=row_number),
        SubmissionState(state) if state else None, request.args.get("drawn") == "yes",
    )  # fmt: skip


def _asked(asked: dict[str, Counted], name: str) -> Counted:
    """The question that the address names; the form's first when it names none."""
    key = request.args.get(name) or next(iter(asked), "")
    if key not in asked:
        raise NotFound(lazy("The form has no question “%(key)s”.", key=key[:100]))
    return asked[key]


def _breakdown() -> Breakdown:
    given = request.args.get("by", "")
    if given not in {each.value for each in Breakdown}:
        raise InvalidInput(lazy("Answers cannot be told apart by “%(by)s”.", by=given[:40]), "by")
    return Breakdown(given)


def _arguments() -> dict[str, str]:
    return {name: request.args[name] for name in (*ARGUMENTS, "q", "map", "by") if request.args.get(name)}


def _around(picked: Picked) -> dict[str, Any]:
    """What stands around every page of a form: how many reports are counted, and what narrows them."""
    session = db.session()
    reports, stations = tallies.heard(session, picked)
    return {
        "reports": reports, "stations": stations,
        "areas": first_areas(session, picked.mission, picked.areas), "arguments": _arguments(),
        "rounds": picked.mission.rounds, "states": SubmissionState.choices(),
        "narrowing": {name: value for name, value in _arguments().items() if name in ARGUMENTS},
    }  # fmt: skip


def _texts(mission: Mission, picked: Picked, one: Counted) -> Any:
    definition = tally_pages.texts(
        picked, one, lambda id_: url_for("submissions.show", mission=mission.code, submission_id=id_)
    )
    return definition.show(db.session(), request.path, request.args)
