"""The field app where it is hard: sessions that end, telephones that several share, two tabs, bad lines, full disks."""

from __future__ import annotations

import re

import sqlalchemy as sa

from eom.accounts.models import SignInSession, User
from eom.core.audit import AuditEntry
from eom.extensions import db
from eom.missions.models.mission import Mission
from tests.browser.conftest import PHONE
from tests.browser.field_app import Telephone, a_field, received
from tests.browser.test_field import photo


def team(live, look) -> tuple[Telephone, str, str]:
    """A telephone of Olga's, with the app, in a mission where Petra observes too."""
    number = live.number()
    code, olga, petra = f"GTM-{number:04}", f"olga-g{number}", f"petra-g{number}"
    a_field(live, code, olga, petra)
    return Telephone(look(PHONE).sign_in(olga), code).take_along(), olga, petra


def end_sessions(live, name: str) -> None:
    with live.scene():
        mine = sa.select(User.id).where(User.email == f"{name}@example.org")
        db.session.execute(sa.delete(SignInSession).where(SignInSession.user_id.in_(mine)))


def test_an_ended_session_keeps_the_queue_until_the_same_person_signs_in(live, look):
    phone, olga, _petra = team(live, look)
    end_sessions(live, olga)
    phone.fill("20450", "61")
    phone.page.get_by_text("You are no longer signed in.").wait_for()
    phone.has_in_outbox(("waiting", "The queue · 20450"))
    phone.reopen()
    phone.has_in_outbox(("waiting", "The queue · 20450"))
    assert received(live, phone.code) == []
    phone.visitor.sign_in(olga)
    phone.open()
    phone.sent(1)
    assert [each[2] for each in received(live, phone.code)] == ["61"]


def test_another_person_on_the_same_telephone_neither_sees_nor_sends_it(live, look):
    phone, olga, petra = team(live, look)
    phone.context.set_offline(True)
    phone.fill("20450", "71")
    phone.begin()
    phone.answer("Voters so far", "72")
    phone.kept()
    # Before the network is back: her own record would leave at once while she is signed in.
    end_sessions(live, olga)
    phone.context.set_offline(False)
    phone.reopen()
    phone.visitor.sign_in(petra)
    phone.open()
    phone.page.get_by_text("Records of another person wait on this device: 1.").wait_for()
    phone.page.locator("#forms .task").first.wait_for()
    text = phone.page.locator("body").inner_text()
    assert f"Your day, {petra.capitalize()}" in text
    assert olga.capitalize() not in text
    assert "20450" not in text
    assert phone.page.locator("#drafts").count() == 0
    phone.fill("20451", "81")
    phone.sent(1)
    assert [each[1:] for each in received(live, phone.code)] == [("20451", "81")]
    phone.sign_out()
    phone.context.set_offline(True)
    phone.reopen()
    locked = phone.page.locator("body").inner_text()
    assert "You are signed out and there is no connection." in locked
    assert not {olga.capitalize(), petra.capitalize(), "20450", "20451"} & set(locked.split())
    assert phone.databases() == 1
    phone.context.set_offline(False)
    phone.visitor.sign_in(olga)
    phone.open()
    phone.sent(1)
    assert [each[1:] for each in received(live, phone.code)] == [("20451", "81"), ("20450", "71")]
    phone.home()
    assert phone.page.locator("#drafts .task").count() == 1


def test_signing_out_on_the_site_takes_what_is_kept_with_it(live, look):
    phone, _olga, _petra = team(live, look)
    assert phone.databases() == 1
    page = phone.visitor.go("/")
    page.locator("form[action$='/logout'] button").evaluate("e => e.form.requestSubmit(e)")
    page.wait_for_function("() => localStorage.getItem('eom-field:databases') === '[]'")
    assert phone.databases() == 0
    phone.page.goto(phone.visitor.live.url + phone.path)
    phone.page.get_by_text("You are signed out. Sign in to see your day.").wait_for()


def test_two_tabs_send_as_one(live, look):
    phone, _olga, _petra = team(live, look)
    other = Telephone(phone.visitor, phone.code)
    other.page = phone.context.new_page()
    other.page.goto(phone.visitor.live.url + phone.path)
    other.page.wait_for_selector("html[data-field=ready]")
    phone.context.set_offline(True)
    phone.queue(60)
    flying, most = [0], [0]

    def counted(route):
        """Counted down before the page has its answer: what it sends then is another turn."""
        flying[0] += 1
        most[0] = max(most[0], flying[0])
        answer = route.fetch()
        flying[0] -= 1
        route.fulfill(response=answer)

    phone.context.route("**/submissions", counted)
    phone.context.set_offline(False)
    for each in (phone, other):
        each.page.evaluate("window.dispatchEvent(new Event('online'))")
    phone.sent(60)
    other.sent(60)
    assert most[0] == 1
    assert [each[2] for each in received(live, phone.code)] == [str(number) for number in range(60)]


def recorded(live, code: str) -> int:
    """How many entries of the audit trail say that a submission of a mission was received."""
    with live.app.app_context():
        count = db.session.scalar(
            sa.select(sa.func.count())
            .select_from(AuditEntry)
            .join(Mission, Mission.id == AuditEntry.mission_id)
            .where(Mission.code == code, AuditEntry.action == "received")
        )
        db.session.rollback()
    return count or 0


def test_two_hundred_in_two_tabs_that_are_killed_while_they_send_arrive_once(live, look):
    """Each page dies with its request under way: half of them the server took, of half it never heard."""
    phone, _olga, _petra = team(live, look)
    phone.context.set_offline(True)
    phone.queue(200)
    asked, swallowed = [0], [0]

    def swallow(route):
        """The request hangs for good once the page is about to die."""
        asked[0] += 1
        if asked[0] % 2:
            route.fetch()
        swallowed[0] += 1

    for _death in range(4):
        before = asked[0]
        phone.context.route("**/submissions", swallow)
        phone.context.set_offline(False)
        phone.reopen()
        other = phone.context.new_page()
        other.goto(phone.visitor.live.url + phone.path)
        phone.visitor.waits_until(lambda: before < asked[0] == swallowed[0], "nothing was sent")  # noqa: B023
        phone.context.unroute("**/submissions")
        phone.context.set_offline(True)
        other.close()
    phone.context.set_offline(False)
    phone.reopen()
    phone.sent(200)
    assert swallowed[0] >= 4
    assert sorted(int(each[2]) for each in received(live, phone.code)) == list(range(200))
    assert recorded(live, phone.code) == 200


def test_two_hundred_over_a_line_that_comes_and_goes_arrive_once(live, look):
    phone, _olga, _petra = team(live, look)
    phone.context.set_offline(True)
    phone.queue(200)
    requests = [0]

    def flap(route):
        """Every third answer is lost on the way back, every fifth request on the way out."""
        requests[0] += 1
        if requests[0] % 5 == 0:
            return route.abort()
        if requests[0] % 3 == 0:
            route.fetch()
            return route.abort()
        return route.continue_()

    phone.page.route("**/submissions", flap)
    phone.page.locator("[data-key=nav-outbox]").click()
    for number in range(200):
        phone.context.set_offline(number % 2 == 1)
        phone.page.evaluate("window.dispatchEvent(new Event('online'))")
        phone.page.wait_for_timeout(40 + 37 * number % 300)
        if len(received(live, phone.code)) == 200:
            break
    phone.context.set_offline(False)
    phone.page.evaluate("window.dispatchEvent(new Event('online'))")
    phone.sent(200)
    assert requests[0] > 10
    assert [each[2] for each in received(live, phone.code)] == [str(number) for number in range(200)]
    assert phone.page.get_by_text("Received by headquarters: 200").count() == 1
    assert recorded(live, phone.code) == 200


BALLAST = """async () => {
  const asked = (request) => new Promise((done, fail) => {
    request.onupgradeneeded = () => request.result.createObjectStore("heap", { autoIncrement: true });
    request.onsuccess = () => done(request.result);
    request.onerror = () => fail(request.error);
  });
  const db = await asked(indexedDB.open("ballast"));
  const put = (size) => new Promise((done) => {
    const writes = db.transaction("heap", "readwrite");
    writes.oncomplete = () => done(true);
    writes.onabort = () => done(false);
    writes.objectStore("heap").add(new Blob([new Uint8Array(size)]));
  });
  for (const size of [1_000_000, 200_000, 50_000]) while (await put(size));
  db.close();
}"""
EMPTIED = """() => new Promise((done) => { indexedDB.deleteDatabase("ballast").onsuccess = () => done(); })"""


def test_a_full_device_says_so_and_loses_nothing_that_it_kept(live, look):
    a_field(live, "GTM-2039", "olga-full")
    visitor = look(PHONE).sign_in("olga-full")
    phone = Telephone(visitor, "GTM-2039").take_along()
    tools = phone.context.new_cdp_session(phone.page)
    tools.send("Storage.overrideQuotaForOrigin", {"origin": live.url, "quotaSize": 40_000_000})
    # Chromium remembers for half a minute how much room a database had, so it begins anew.
    phone.page.goto("about:blank")
    tools.send("Storage.clearDataForOrigin", {"origin": live.url, "storageTypes": "indexeddb"})
    phone.open()
    phone.page.locator("#forms .task").first.wait_for()
    phone.page.wait_for_function(RESERVED, arg=phone.database())
    phone.begin()
    phone.answer("Voters so far", "91")
    phone.kept()
    phone.page.evaluate(BALLAST)
    phone.attach(photo(700, 500))
    phone.page.get_by_text("Little space is left on this device").wait_for()
    phone.kept()
    phone.page.evaluate(BALLAST)
    phone.attach(photo(1600, 1600))
    phone.page.locator("#field-state", has_text="This device has no space left").wait_for()
    phone.visitor.has_no_barriers()
    phone.page.evaluate(EMPTIED)
    phone.at("20450")
    phone.kept()
    phone.reopen()
    phone.home()
    phone.page.locator("#drafts .task").click()
    phone.page.locator("#checklist-form img[src^=blob]").wait_for()
    assert phone.value("Voters so far") == "91"
    phone.finish()
    phone.sent(1)
    assert [each[1:] for each in received(live, phone.code)] == [("20450", "91")]


RESERVED = """async (name) => {
  const asked = (request) => new Promise((done) => { request.onsuccess = () => done(request.result); });
  const db = await asked(indexedDB.open(name));
  const found = await asked(db.transaction("facts").objectStore("facts").get("reserve"));
  db.close();
  return Boolean(found);
}"""


ANOTHER_MISSION = """async (name) => {
  const { openStore } = await import("/static/js/field/store.js");
  const [, , person] = name.split(":");
  for (const each of [person, "987654"]) (await openStore("GTM-1999", Number(each))).close();
}"""


def test_a_finger_on_a_button_meets_it_though_the_list_is_drawn_anew(live, look):
    phone, _olga, _petra = team(live, look)
    phone.context.set_offline(True)
    phone.queue(1)
    phone.outbox()
    box = phone.page.locator("#waiting [data-key^=drop]").bounding_box()
    phone.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    phone.page.mouse.down()
    phone.queue(1, start=7)
    phone.page.locator("#waiting .record").nth(1).wait_for()
    phone.page.mouse.up()
    phone.page.locator("dialog [data-yes]").click()
    phone.page.locator("#waiting .record").nth(1).wait_for(state="detached")
    phone.context.set_offline(False)
    phone.sent(1)
    assert [each[2] for each in received(live, phone.code)] == ["7"]


def test_another_mission_of_the_same_person_stays_on_the_telephone(live, look):
    phone, _olga, _petra = team(live, look)
    phone.page.evaluate(ANOTHER_MISSION, phone.database())
    assert phone.databases() == 3
    phone.reopen()
    assert phone.databases() == 2


def test_a_request_that_is_too_large_is_parted_and_what_is_at_fault_put_aside(live, look):
    phone, _olga, _petra = team(live, look)
    phone.context.set_offline(True)
    phone.queue(4)

    def too_large(route):
        voters = re.findall(r"<voters>(\d+)<", route.request.post_data or "")
        if len(voters) > 1 or voters == ["2"]:
            return route.fulfill(status=413, json={"status": 413, "message": "This is too large."})
        return route.continue_()

    phone.page.route("**/submissions", too_large)
    phone.context.set_offline(False)
    phone.page.locator("[data-key=nav-outbox]").click()
    phone.page.locator("#waiting [data-state=refused]", has_text="This is too large.").wait_for()
    phone.page.locator("#received .record").nth(2).wait_for()
    assert [each[2] for each in received(live, phone.code)] == ["0", "1", "3"]
    phone.page.unroute("**/submissions")
    phone.page.get_by_role("button", name="Send again").click()
    phone.sent(4)
    assert [each[2] for each in received(live, phone.code)] == ["0", "1", "3", "2"]


def test_a_server_that_cannot_now_is_asked_again_by_itself(live, look):
    phone, _olga, _petra = team(live, look)
    asked = []

    def busy(route):
        asked.append(route.request.url)
        if len(asked) < 4:
            return route.fulfill(
                status=503, json={"status": 503, "message": "Others were writing in this moment."}
            )
        return route.continue_()

    phone.page.route("**/submissions", busy)
    phone.fill("20450", "15")
    phone.page.locator(
        "#sender-state", has_text=re.compile("cannot take it at the moment.*Next try")
    ).wait_for()
    phone.sent(1)
    assert [each[2] for each in received(live, phone.code)] == ["15"]
