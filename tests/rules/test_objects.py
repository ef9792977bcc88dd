"""Every address with real objects: they open for who may see them, and nowhere else."""

from __future__ import annotations

import pytest

from eom.accounts.permissions import ROLES, Permission
from eom.core.i18n import LANGUAGES
from eom.extensions import db
from tests.factories.world import make_everything
from tests.page import Page
from tests.people import PARTS
from tests.rules.test_access import CONVERTER

# What cannot be opened by a GET alone, and why.
WITHOUT_A_PAGE = {
    "annual.issue": "it needs a reviewed report of a closed year: tests/reporting/test_annual_views.py",
    "exports.fetch": "it needs a file made in the background: tests/checklists/test_export_views.py",
    "openrosa.media": "the standard checklist names no file",
    "openrosa_devices.media": "the standard checklist names no file",
    "form_drafts.file": "the standard checklist names no file",
    "entry_api.file": "the standard checklist names no file",
    "entry_api.file_of": "the standard checklist names no file",
    "sms_webhook.receive": "a gateway proves itself: tests/checklists/test_sms.py",
    "own_awards.index": "an administrator is no donor's viewer",
    "own_awards.show": "an administrator is no donor's viewer",
    "statements.own_file": "an administrator is no donor's viewer",
    "traces.show": "it needs the place of a figure: tests/reporting/test_traces.py",
}


DEVICES = "openrosa_devices."
# What asks for more than its permission, and what: the role of the one whom it concerns.
ALSO_ASKS = {"members.link", "members.end", "members.edit", "users.end", "users.link"}


def filled(rule, mission: str, ids: dict[str, object]) -> str:
    """The address of a rule with a mission's code and the ids of real objects."""
    return CONVERTER.sub(lambda m: mission if m[2] == "mission" else str(ids[m[2]]), rule.rule)


def rules(app, *, naming_an_object: bool = False):
    for rule in app.url_map.iter_rules():
        is_ours = hasattr(app.view_functions[rule.endpoint], "access")
        if is_ours and (rule.arguments > {"mission"} or not naming_an_object):
            yield rule


@pytest.fixture
def ids(app, cast) -> dict[str, object]:
    return make_everything(cast.a, cast.user("amir"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_opens_in_every_language(app, cast, as_person, ids, language):
    """Each address is fetched by an administrator; ``Page`` checks the form of every page."""
    amir, wrong = as_person("amir"), []
    amir.http.set_cookie("language", language)
    for rule in rules(app):
        if "GET" not in rule.methods or rule.endpoint in WITHOUT_A_PAGE:
            continue
        url = filled(rule, cast.a.code, ids)
        answer = amir.http.get(url)
        assert not db.session.dirty and not db.session.new, f"GET {url} left changes behind"
        if answer.status_code != 200:
            wrong.append((answer.status_code, rule.endpoint, url, answer.text[-600:]))
        elif answer.data.lstrip().lower().startswith(b"<!doctype html>"):
            assert Page(answer).soup.html["lang"] == language, url
    assert wrong == []


@pytest.mark.parametrize("name", ["amir", "dario"])
def test_an_object_of_another_mission_does_not_exist(app, cast, as_person, ids, name):
    """In mission B nothing of mission A is found by its id, not even by who may see both."""
    client, found = as_person(name), []
    for rule in rules(app, naming_an_object=True):
        for method in sorted(rule.methods & {"GET", "POST"}):
            answer = client.http.open(filled(rule, cast.b.code, ids), method=method)
            db.session.rollback()
            # A device or a gateway whose secret opens nothing is told so by 403, as the protocol has it.
            refused = (
                {403, 404}
                if name == "dario" or rule.endpoint.startswith((DEVICES, "sms_webhook."))
                else {404}
            )
            if answer.status_code not in refused:
                found.append((answer.status_code, method, rule.endpoint))
    assert found == []


@pytest.mark.parametrize("name", [name for name in PARTS if name not in ("amir",)])
def test_real_objects_open_for_who_holds_the_permission_and_for_nobody_else(app, cast, as_person, ids, name):
    """In mission A, person after person, with objects that exist: not with ids that nothing has."""
    client, wrong = as_person(name), []
    role, place = PARTS[name]
    for rule in rules(app, naming_an_object=True):
        declared = app.view_functions[rule.endpoint].access
        if declared.permission in (None, "signed-in"):
            continue
        held = Permission(declared.permission) in ROLES[role]
        in_mission = "mission" in rule.arguments
        here = place in (None, "a") if in_mission else place is None or declared.anywhere
        for method in sorted(rule.methods & {"GET", "POST"}):
            status = client.http.open(filled(rule, cast.a.code, ids), method=method).status_code
            db.session.rollback()
            if held and here:
                fits = status < 500 and (status != 403 or rule.endpoint in ALSO_ASKS)
            else:
                fits = status in (403, 404)
            if not fits:
                wrong.append((status, method, rule.endpoint))
    assert wrong == []
