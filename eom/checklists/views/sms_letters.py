"""The word and letters of each form, and the card that an observer carries."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request, url_for

from eom.checklists import sms_plan
from eom.checklists.models.form import FormVersion
from eom.checklists.queries import sms as queries
from eom.checklists.queries.entry import version_in
from eom.checklists.queries.forms import definition
from eom.checklists.services import sms_gateways
from eom.checklists.sms_code import CodeBook
from eom.checklists.sms_forms import LettersForm, letters_form
from eom.core import i18n
from eom.core.errors import InvalidInput, NotFound
from eom.core.i18n import _, lazy
from eom.extensions import db
from eom.missions.models.mission import Mission
from eom.web.access import requires
from eom.web.responses import saved

bp = Blueprint("sms_letters", __name__, url_prefix="/missions/<mission>/sms/letters")


@bp.get("")
@requires("checklist.read")
def index(mission: Mission) -> str:
    """The forms with their words."""
    return render_template(
        "checklists/sms/letters.html", mission=mission, books=queries.books(db.session(), mission)
    )


@bp.get("/<int:version_id>/card")
@requires("checklist.read")
def card(mission: Mission, version_id: int) -> str:
    """What an observer writes, to print, in the language asked for."""
    version, book = _book(mission, version_id)
    language = request.args.get("in", i18n.language())
    language = language if language in i18n.LANGUAGES else i18n.language()
    form = definition(version)
    rows = [(code, form.question(code.key), _choices(form, code, language)) for code in book.codes]
    return render_template(
        "checklists/sms/card.html",
        mission=mission,
        version=version,
        book=book,
        rows=rows,
        language_of=language,
    )


@bp.route("/<int:version_id>/edit", methods=["GET", "POST"])
@requires("checklist.publish")
def edit(mission: Mission, version_id: int) -> Any:
    """Change the word and the letters of a form."""
    version, book = _book(mission, version_id)
    questions = list(sms_plan.carried(definition(version)).values())
    form = letters_form(book, questions, i18n.language())
    if form.validate_on_submit():
        with form.shows_errors():
            _save(mission, version, form, [each.key for each in questions])
            return saved(url_for(".index", mission=mission.code), _("Letters saved"))
    page = render_template("checklists/sms/edit.html", mission=mission, version=version, form=form)
    return page, form.status


def _save(mission: Mission, version: FormVersion, form: LettersForm, keys: list[str]) -> None:
    """Save; a refusal that names a question lands on its field."""
    signs = {key: form[f"q{place}"].data or "" for place, key in enumerate(keys)}
    try:
        sms_gateways.set_letters(mission, version, keyword=form.keyword.data, signs=signs)
    except InvalidInput as error:
        if error.field in keys:
            error.field = f"q{keys.index(error.field)}"
        raise


def _choices(form: Any, code: Any, language: str) -> list[tuple[str, str]]:
    labels = {
        each.name: next((text for name, text in each.labels.items() if f"({language})" in name or name == language),
                        next(iter(each.labels.values()), each.name))
        for each in form.question(code.key).choices
    }  # fmt: skip
    return [(sign, labels.get(name, name)) for sign, name in code.options]


def _book(mission: Mission, version_id: int) -> tuple[FormVersion, CodeBook]:
    """A version that can be filled, with its codes. Raises NotFound."""
    version = version_in(db.session(), mission, version_id)
    found = next((book for each, book in queries.books(db.session(), mission) if each.id == version.id), None)
    if found is None:
        raise NotFound(lazy("There is no such form to fill in this mission."))
    return version, found
