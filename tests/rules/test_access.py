"""Every route with every person: who lacks the permission gets nothing, and a stranger learns nothing."""

from __future__ import annotations

import re

import pytest

from eom.accounts.permissions import ROLES, Permission
from eom.extensions import db
from tests.people import PARTS

# What a person may be answered who is permitted: the thing itself, a way on, a refusal of what was sent.
PERMITTED = {200, 201, 204, 303, 302, 400, 404, 409, 413, 415, 422}
DENIED = {403, 404}
CONVERTER = re.compile(r"<(?:(\w+):)?(\w+)>")


def rules(app):
    """(method, endpoint, address pattern, declaration) of every route of ours that asks for a permission."""
    for rule in app.url_map.iter_rules():
        declared = getattr(app.view_functions[rule.endpoint], "access", None)
        if declared is None or declared.permission in (None, "signed-in"):
            continue
        for method in sorted(rule.methods & {"GET", "POST"}):
            yield method, rule.endpoint, rule.rule, declared


def address(pattern: str, mission: str) -> str:
    """The address with a mission's code, and ids that nothing has."""

    def fill(match: re.Match[str]) -> str:
        kind, name = match.groups()
        return mission if name == "mission" else "987654" if kind == "int" else "nothing"

    return CONVERTER.sub(fill, pattern)


def ask(client, method: str, url: str) -> int:
    answer = client.http.open(url, method=method, data={} if method == "POST" else None)
    db.session.rollback()
    return answer.status_code


@pytest.mark.parametrize("name", [*PARTS, None])
def test_nobody_passes_without_the_permission(app, cast, as_person, name):
    """In mission A: the members by their role, others by what they hold everywhere."""
    role, place = PARTS[name] if name else (None, None)
    client = as_person(name)
    wrong = []
    for method, endpoint, pattern, declared in rules(app):
        in_mission = "<mission>" in pattern
        held = role is not None and Permission(declared.permission) in ROLES[role]
        here = place in (None, "a") if in_mission else place is None or declared.anywhere
        status = ask(client, method, address(pattern, cast.a.code))
        if name is None:
            if status not in (302, 401, 403, 404, 400):
                wrong.append((status, method, endpoint))
        elif held and here:
            if status not in PERMITTED or status == 403:
                wrong.append((status, method, endpoint))
        elif status not in DENIED:
            wrong.append((status, method, endpoint))
    assert wrong == []


def test_a_stranger_is_not_even_told_that_a_mission_exists(app, cast, as_person):
    """Dario leads mission B: in A everything is 404, as in a mission that does not exist."""
    dario = as_person("dario")
    told = [
        (method, endpoint, status)
        for method, endpoint, pattern, _declared in rules(app)
        if "<mission>" in pattern and (status := ask(dario, method, address(pattern, cast.a.code))) != 404
    ]
    assert told == []


def test_an_observer_holds_no_permission_on_money_people_or_the_trail():
    """An attacker with an observer's password learns nothing about money, people or other missions."""
    from eom.accounts.permissions import Role

    held = {each.value.split(".")[0] for each in ROLES[Role.OBSERVER]}
    assert held == {"mission", "checklist"}
