"""A list of sixty rows costs as many queries as one of ten: nothing is loaded row by row."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from eom.accounts.permissions import Role
from eom.checklists.models.form import Form
from eom.core import audit, clock
from eom.extensions import db
from eom.finance.models.budget import OBJECTS
from eom.finance.services import awards, budgets, regular_fund
from eom.logistics.models.movements import Direction
from tests.factories import (
    checklists,
    commitments,
    deployment,
    finance,
    logistics,
    observers,
    plans,
    stations,
)
from tests.factories import missions as mission_factory
from tests.people import Cast, make_user

FEW, MANY = 10, 60


def _missions(cast: Cast, number: int) -> None:
    mission = mission_factory.make_mission(f"CHL-{1950 + number}")
    mission_factory.make_round(mission, date(1950 + number, 10, 20))


def _expenditures(cast: Cast, number: int) -> None:
    finance.an_expenditure(cast.a)


def _submissions(cast: Cast, number: int) -> None:
    if not number:
        checklists.publish_standard(cast.a)
    station = checklists.make_station(cast.a)
    checklists.receive(cast.a, checklists.filled(station.code, f"uuid:{number}"), user=cast.user("bruno"))


def _rates(cast: Cast, number: int) -> None:
    finance.a_rate(month=date(2010 + number // 12, 1 + number % 12, 1))


def _budget(cast: Cast, number: int) -> None:
    budgets.plan_line(
        cast.a, object_number=1 + number % len(OBJECTS), description=f"Line {number}", usd_cents=100_00
    )


def _obligations(cast: Cast, number: int) -> None:
    commitments.an_obligation(cast.a)


def _advances(cast: Cast, number: int) -> None:
    commitments.an_advance(cast.a)


def _entries(cast: Cast, number: int) -> None:
    audit.record(db.session(), "imported", "missions", number, f"Mission {number}")


def _accounts(cast: Cast, number: int) -> None:
    make_user(f"someone{number}", Role.OBSERVER, cast.a)


def _pledges(cast: Cast, number: int) -> None:
    donor = finance.a_donor()
    finance.a_pledge(donor, award=finance.an_award(donor=donor))


def _missions_ahead(cast: Cast, number: int) -> None:
    mission = mission_factory.make_mission(f"CHL-{2100 + number}", starts_on=clock.today())
    award = finance.an_award()
    finance.a_pledge(mission_id=mission.id)
    awards.allocate(award, mission_id=mission.id, usd_cents=1, allocated_on=date(2019, 3, 1), decision="Memo")


def _appropriations(cast: Cast, number: int) -> None:
    regular_fund.appropriate(
        year=1950 + number, usd_cents=100, decided_on=date(2019, 1, 1), decision="Budget"
    )


def _on_the_way(cast: Cast, number: int) -> None:
    person = observers.make_appointment(cast.a)
    deployment.a_team(cast.a, person, name=f"T{number}")
    today = clock.today(cast.a.time_zone)
    logistics.a_travel(cast.a, person, on=today)
    logistics.a_travel(cast.a, person, on=today + timedelta(days=3), direction=Direction.DEPARTURE)


def _vehicles(cast: Cast, number: int) -> None:
    team = deployment.a_team(cast.a, observers.make_appointment(cast.a), name=f"T{number}")
    logistics.a_vehicle(cast.a, team_id=team.id, driver_id=logistics.a_driver(cast.a).id)


# Address in mission A, and what makes one more row of its list.
LISTS: dict[str, Callable[[Cast, int], object]] = {
    "/missions": _missions,
    "/": _missions,
    "/people": lambda cast, n: observers.make_person(),
    "/missions/BOL-2019/appointments": lambda cast, n: observers.make_appointment(cast.a),
    "/missions/BOL-2019/stations": lambda cast, n: stations.a_station(cast.a),
    "/missions/BOL-2019/stations/centres": lambda cast, n: stations.a_centre(cast.a),
    "/missions/BOL-2019/stations/findings": lambda cast, n: stations.a_finding(
        cast.a, stations.a_centre(cast.a)
    ),
    "/missions/BOL-2019/assignments": lambda cast, n: deployment.an_assignment(cast.a),
    "/missions/BOL-2019/teams": lambda cast, n: deployment.a_team(
        cast.a, observers.make_appointment(cast.a), name=f"T{n}"
    ),
    "/missions/BOL-2019/plans": lambda cast, n: plans.a_plan(cast.a, name=f"P{n}"),
    "/missions/BOL-2019/no-go-areas": lambda cast, n: plans.a_no_go(cast.a, name=f"N{n}"),
    "/missions/BOL-2019/logistics": lambda cast, n: _on_the_way(cast, n),
    "/missions/BOL-2019/logistics/people": lambda cast, n: _on_the_way(cast, n),
    "/missions/BOL-2019/logistics/nights": lambda cast, n: _on_the_way(cast, n),
    "/missions/BOL-2019/logistics/travels": lambda cast, n: logistics.a_travel(cast.a),
    "/missions/BOL-2019/logistics/stays": lambda cast, n: logistics.a_stay(cast.a),
    "/missions/BOL-2019/logistics/hotels": lambda cast, n: logistics.a_stay(cast.a),
    "/missions/BOL-2019/logistics/vehicles": lambda cast, n: _vehicles(cast, n),
    "/missions/BOL-2019/logistics/drivers": lambda cast, n: logistics.a_driver(cast.a),
    "/missions/BOL-2019/logistics/equipment": lambda cast, n: logistics.a_thing(cast.a),
    "/missions/BOL-2019/logistics/credentials": lambda cast, n: logistics.a_card(cast.a),
    "/missions/BOL-2019/logistics/credentials/sheet": lambda cast, n: logistics.a_card(cast.a),
    "/missions/BOL-2019/logistics/briefings": lambda cast, n: logistics.a_briefing(cast.a),
    "/missions/BOL-2019/logistics/call-tree": lambda cast, n: _on_the_way(cast, n),
    "/missions/BOL-2019/coverage": lambda cast, n: stations.a_station(cast.a),
    "/missions/BOL-2019/review": _submissions,
    "/missions/BOL-2019/safety": lambda cast, n: observers.make_appointment(cast.a),
    "/missions/BOL-2019/submissions": _submissions,
    "/missions/BOL-2019/submissions/summary": _submissions,
    "/missions/BOL-2019/submissions/export": _submissions,
    "/missions/BOL-2019/answers": _submissions,
    "/missions/BOL-2019/answers/{form}": _submissions,
    "/missions/BOL-2019/answers/{form}/question?q=on_time&by=area&map=yes": _submissions,
    "/missions/BOL-2019/answers/{form}/question?q=board_members&by=person": _submissions,
    "/missions/BOL-2019/answers/{form}/question?q=remarks&by=hour": _submissions,
    "/missions/BOL-2019/answers/{form}/crosstab?a=on_time&b=security": _submissions,
    "/missions/BOL-2019/expenditures": _expenditures,
    "/expenditures": _expenditures,
    "/missions/BOL-2019/budget": _budget,
    "/missions/BOL-2019/budget/draft": _budget,
    "/missions/BOL-2019/obligations": _obligations,
    "/finance/obligations": _obligations,
    "/missions/BOL-2019/advances": _advances,
    "/finance/advances": _advances,
    "/missions/BOL-2019/entries": lambda cast, n: commitments.a_waiting_entry(cast.a),
    "/finance/entries": lambda cast, n: commitments.a_waiting_entry(cast.a),
    "/finance/standard-lines": lambda cast, n: commitments.a_standard_line(),
    "/finance/per-diem": lambda cast, n: commitments.a_per_diem(f"Place {n}"),
    "/finance/coming-years": lambda cast, n: commitments.an_election(),
    "/missions/BOL-2019/awards": lambda cast, n: finance.an_award(cast.a),
    "/missions/BOL-2019/in-kind": lambda cast, n: finance.help_in_kind(cast.a),
    "/missions/BOL-2019/fundraising": lambda cast, n: finance.a_pledge(
        finance.an_award(cast.a).donor, mission_id=cast.a.id
    ),
    "/finance/fundraising": _missions_ahead,
    "/finance/pledges": _pledges,
    "/finance/instalments": lambda cast, n: finance.an_instalment(finance.an_award()),
    "/finance/regular-fund": _appropriations,
    "/finance/awards": lambda cast, n: finance.an_award(cast.a),
    "/finance/donors": lambda cast, n: finance.a_donor(),
    "/finance/in-kind": lambda cast, n: finance.help_in_kind(cast.a),
    "/finance/rates": _rates,
    "/finance": _expenditures,
    "/audit": _entries,
    "/users": _accounts,
    "/missions/BOL-2019/members": _accounts,
}


@contextmanager
def counted():
    """The SELECTs sent inside."""
    seen: list[str] = []

    def note(_connection, _cursor, statement, *_rest):
        if statement.lstrip().upper().startswith(("SELECT", "WITH")):
            seen.append(statement)

    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)


@pytest.mark.parametrize("url", LISTS)
def test_many_rows_cost_as_many_queries_as_few(app, cast, as_person, url):
    amir, costs = as_person("amir"), []
    for start, end in ((0, FEW), (FEW, MANY)):
        for number in range(start, end):
            LISTS[url](cast, number)
        db.session.commit()
        db.session.expire_all()
        form_id = db.session.scalar(sa.select(sa.func.max(Form.id)))
        with counted() as seen:
            amir.page(url.replace("{form}", str(form_id)))
        costs.append(seen)
    few, many = costs
    assert len(many) == len(few), "\n".join(each for each in many if each not in few)[:3000]
