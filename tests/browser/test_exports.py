"""Taking submissions out on a desk and on a telephone: from the list to a file with the words of the form."""

from __future__ import annotations

import csv

import pytest

from eom.accounts.permissions import Role
from tests.browser.conftest import DESKTOP, PHONE
from tests.factories import checklists
from tests.factories.checklists import filled, receive
from tests.factories.missions import make_mission, make_round


@pytest.mark.parametrize(("size", "year"), [(DESKTOP, 1987), (PHONE, 1988)], ids=["desk", "phone"])
def test_a_chief_takes_out_a_form(live, look, size, year):
    with live.scene():
        mission = make_mission(f"BOL-{year}")
        make_round(mission)
        live.person(f"exporter{year}", Role.CHIEF, mission.id)
        version = checklists.publish_standard(mission)
        form_id = version.form_id
        [spanish] = [each for each in version.languages if each.endswith("(es)")]
        for number in range(2):
            receive(mission, filled(checklists.make_station(mission).code, f"uuid:out-{number}"))
        code = mission.code
    visitor = look(size).sign_in(f"exporter{year}")
    visitor.go(f"/missions/{code}/submissions?state=received")
    page = visitor.follows(visitor.page.locator("main a[href*='/submissions/export']").first)
    assert "state=received" in page.url
    visitor.has_no_barriers()
    # Nothing chosen: the page says what is missing, and has no barriers either.
    page.select_option("select[name=form_id]", "")
    visitor.follows("main form.form [type=submit]")
    assert page.locator("select[name=form_id][aria-invalid=true]").count() == 1
    visitor.has_no_barriers()
    page = visitor.go(f"/missions/{code}/submissions/export?form={form_id}")
    assert page.locator("select[name=form_id]").input_value() == str(form_id)
    page.select_option("select[name=format]", "csv")
    page.select_option("select[name=labels]", spanish)
    with page.expect_download() as coming:
        page.click("main form.form [type=submit]")
    with open(coming.value.path(), encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["Instance id"] for row in rows] == ["uuid:out-0", "uuid:out-1"]
    assert any("¿" in heading for heading in rows[0])
