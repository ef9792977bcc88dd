"""Answers on a desk and on a telephone: a chart, tables, a map, two questions together."""

from __future__ import annotations

import pytest

from eom.accounts.permissions import Role
from tests.browser.conftest import DESKTOP, PHONE
from tests.factories import checklists
from tests.factories.checklists import filled, receive
from tests.factories.missions import make_mission, make_round


@pytest.mark.parametrize(("size", "year"), [(DESKTOP, 1985), (PHONE, 1986)], ids=["desk", "phone"])
def test_a_chief_reads_the_answers(live, look, size, year):
    with live.scene():
        mission = make_mission(f"BOL-{year}")
        make_round(mission)
        live.person(f"reader{year}", Role.CHIEF, mission.id)
        form_id = checklists.publish_standard(mission).form_id
        for number, on_time in enumerate(("yes", "no", "not_observed")):
            station = checklists.make_station(mission)
            receive(mission, filled(station.code, f"uuid:{number}", on_time=on_time))
        code = mission.code
    visitor = look(size).sign_in(f"reader{year}")
    visitor.go(f"/missions/{code}/answers")
    visitor.has_no_barriers()
    page = visitor.follows(f"main a[href$='/answers/{form_id}']")
    visitor.has_no_barriers()
    visitor.follows(page.locator("main a[href*='q=on_time']").first)
    visitor.has_no_barriers()
    page = visitor.go(f"/missions/{code}/answers/{form_id}/question?q=on_time&by=area&map=no")
    page.wait_for_selector(".coverage-map[data-state=ready]")
    visitor.has_no_barriers()
    page = visitor.go(f"/missions/{code}/answers/{form_id}/crosstab?a=on_time&b=security")
    page.get_by_text("Each share is of its row.").wait_for()
    visitor.has_no_barriers()
    page = visitor.go(f"/missions/{code}/answers/{form_id}/question?q=board_members")
    page.wait_for_selector("tr.total")
    visitor.has_no_barriers()
    for question in ("q=remarks", "q=on_time&by=person", "q=on_time&by=hour"):
        visitor.go(f"/missions/{code}/answers/{form_id}/question?{question}")
        visitor.has_no_barriers()
