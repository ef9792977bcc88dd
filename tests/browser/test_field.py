"""An observer's day with the field app: no network, killed pages, new forms, photos, someone's safety."""

from __future__ import annotations

import io
import json
import re

import pytest
import sqlalchemy as sa
from PIL import Image

from eom.checklists.models.safety import SafetyReport
from eom.checklists.services import publishing
from eom.extensions import db, store
from eom.missions.models.mission import Mission
from tests.browser.conftest import PHONE
from tests.browser.field_app import Telephone, a_field, kept_by_headquarters, received, workbook


@pytest.fixture
def phone(live, look):
    """Olga's telephone in a mission of this test's own."""
    number = live.number()
    code, name = f"HND-{number:04}", f"olga{number}"
    a_field(live, code, name)
    return Telephone(look(PHONE).sign_in(name), code).take_along()


def photo(width: int, height: int) -> bytes:
    """A picture that no compression makes small."""
    out = io.BytesIO()
    Image.effect_noise((width, height), 60).convert("RGB").save(out, "PNG")
    return out.getvalue()


def test_three_checklists_filled_offline_arrive_once_and_in_order(live, phone):
    phone.context.set_offline(True)
    phone.reopen()
    assert phone.page.locator("#field-connection").inner_text() == "No connection"
    for voters in ("11", "22", "33"):
        phone.fill("20450", voters)
    phone.has_in_outbox(*[("waiting", "The queue · 20450")] * 3)
    phone.reopen()
    phone.has_in_outbox(*[("waiting", "The queue · 20450")] * 3)
    assert received(live, phone.code) == []
    bodies = []
    phone.page.on("request", lambda asked: asked.method == "POST" and bodies.append(asked.post_data or ""))
    phone.context.set_offline(False)
    phone.sent(3)
    assert re.findall(r"<voters>(\d+)<", "".join(bodies)) == ["11", "22", "33"]
    assert sorted(voters for *_rest, voters in received(live, phone.code)) == ["11", "22", "33"]
    phone.has_in_outbox(*[("received", "The queue · 20450")] * 3)


def test_a_page_killed_while_it_sends_sends_once(live, phone):
    """The server takes it, the answer never comes, the page dies: the next page sends it again and it is one."""
    taken = []

    def swallow(route):
        taken.append(route.fetch().status)

    phone.page.route("**/submissions", swallow)
    phone.fill("20450", "41")
    phone.page.locator("#waiting [data-state=sending]").wait_for()
    phone.visitor.waits_until(lambda: taken, "headquarters was not asked")
    assert len(received(live, phone.code)) == 1
    phone.reopen()
    phone.sent(1)
    assert [voters for *_rest, voters in received(live, phone.code)] == ["41"]


def test_answers_survive_a_page_that_is_killed(live, phone):
    phone.begin()
    phone.answer("Voters so far", "57")
    phone.attach(photo(600, 400))
    phone.kept()
    instance = phone.page.url.split("#form/")[1]
    phone.context.set_offline(True)
    phone.reopen()
    phone.home()
    phone.page.locator("#drafts .task").click()
    phone.page.locator("#checklist-form img[src^=blob]").wait_for()
    assert phone.page.url.endswith(instance)
    assert phone.value("Voters so far") == "57"
    phone.at("20450")
    phone.finish()
    phone.context.set_offline(False)
    phone.sent(1)
    assert [each[1:] for each in received(live, phone.code)] == [("20450", "57")]
    [(name, kind, _size)] = kept_by_headquarters(live, phone.code)
    assert (name.endswith(".jpg"), kind) == (True, "image/jpeg")
    phone.home()
    assert phone.page.locator("#drafts").count() == 0


def test_photos_are_made_small_before_they_are_kept(live, phone):
    phone.begin()
    phone.answer("Voters so far", "3")
    out = io.BytesIO()
    Image.linear_gradient("L").resize((2400, 1800)).convert("RGB").save(out, "PNG")
    phone.attach(out.getvalue())
    phone.finish()
    phone.sent(1)
    [(_name, kind, size)] = kept_by_headquarters(live, phone.code)
    assert (kind, size) == ("image/jpeg", (1600, 1200))


def test_a_new_version_leaves_a_draft_as_it_is(live, phone):
    phone.begin()
    phone.answer("Voters so far", "12")
    phone.kept()
    with live.scene():
        mission = db.session.scalars(sa.select(Mission).where(Mission.code == phone.code)).one()
        publishing.publish(
            mission, store, workbook(("text", "mood", "Mood of the queue", "Ánimo", "")), "queue.xlsx"
        )
    phone.home()
    old = phone.page.locator("#forms .task").get_attribute("href")
    phone.reopen()
    phone.page.locator(f"#forms .task:not([href='{old}'])").wait_for()
    phone.page.wait_for_function(STORED, arg=[phone.database(), 2])
    phone.begin()
    phone.page.locator(".question-container", has_text="Mood of the queue").wait_for()
    phone.home()
    phone.context.set_offline(True)
    phone.reopen()
    phone.page.locator("#drafts .task").first.click()
    phone.page.locator(".question-container").first.wait_for()
    phone.page.locator(".question-container", has_text="Photo of the queue").wait_for()
    assert phone.page.locator(".question-container", has_text="Mood of the queue").count() == 0
    assert phone.value("Voters so far") == "12"
    phone.finish()
    phone.context.set_offline(False)
    phone.sent(1)
    assert [each[2] for each in received(live, phone.code)] == ["12"]
    # The old version goes when nobody fills it in any more.
    phone.reopen()
    phone.page.wait_for_function(STORED, arg=[phone.database(), 1])


STORED = """async ([name, count]) => {
  const asked = (request) => new Promise((done) => { request.onsuccess = () => done(request.result); });
  const db = await asked(indexedDB.open(name));
  const found = await asked(db.transaction("forms").objectStore("forms").count());
  db.close();
  return found === count;
}"""


def test_someone_is_safe_in_two_taps_without_a_network(live, phone):
    phone.context.grant_permissions(["geolocation"])
    phone.context.set_geolocation({"latitude": 15.5, "longitude": -87.25, "accuracy": 9})
    phone.context.set_offline(True)
    phone.page.locator("#safe").click()
    phone.page.locator("dialog [data-yes]").click()
    phone.page.get_by_text("Kept with its time.").wait_for()
    # The word is kept at once, its place as soon as the telephone has found it.
    phone.page.wait_for_function(PLACED, arg=phone.database())
    phone.reopen()
    phone.has_in_outbox(("waiting", "I am safe"))
    phone.context.set_offline(False)
    phone.sent(1)
    with live.app.app_context():
        [word] = db.session.scalars(
            sa.select(SafetyReport)
            .join(Mission, Mission.id == SafetyReport.mission_id)
            .where(Mission.code == phone.code)
        )
        assert (word.latitude, word.longitude, word.accuracy) == (15.5, -87.25, 9)
        assert word.at < word.received_at
        db.session.rollback()


PLACED = """async (name) => {
  const asked = (request) => new Promise((done) => { request.onsuccess = () => done(request.result); });
  const db = await asked(indexedDB.open(name));
  const [word] = await asked(db.transaction("outbox").objectStore("outbox").getAll());
  db.close();
  return word.place.latitude !== undefined;
}"""


def test_the_outbox_is_saved_as_a_file_and_loaded_again(live, phone, tmp_path):
    phone.context.set_offline(True)
    phone.fill("20450", "8")
    phone.begin()
    phone.answer("Voters so far", "9")
    phone.attach(photo(300, 200))
    phone.finish()
    phone.outbox()
    with phone.page.expect_download() as download:
        phone.page.locator("[data-key=save]").click()
    file = tmp_path / "outbox.json"
    download.value.save_as(file)
    assert len(json.loads(file.read_text())["records"]) == 2
    for left in (1, 0):
        phone.page.locator("#waiting [data-key^=drop]").first.click()
        phone.page.locator("dialog [data-yes]").click()
        phone.page.locator("#waiting .record").nth(left).wait_for(state="detached")
    phone.page.get_by_text("Nothing waits to be sent.").wait_for()
    for _twice in range(2):
        phone.page.locator("#outbox-file").set_input_files(file)
        phone.page.locator("#waiting .record").nth(1).wait_for()
    phone.has_in_outbox(("waiting", "The queue · 20450"), ("waiting", "The queue"))
    phone.context.set_offline(False)
    phone.sent(2)
    assert [each[2] for each in received(live, phone.code)] == ["8", "9"]
    assert len(kept_by_headquarters(live, phone.code)) == 1
    wrong = tmp_path / "wrong.json"
    wrong.write_text("{}")
    phone.page.locator("#outbox-file").set_input_files(wrong)
    phone.page.get_by_text("This is no outbox that you saved").wait_for()


def test_what_headquarters_refuses_stays_with_its_sentence(live, phone):
    phone.queue(1, version="99")
    phone.queue(1, start=7)
    phone.page.evaluate("window.dispatchEvent(new Event('online'))")
    phone.page.locator("[data-key=nav-outbox]").click()
    refused = phone.page.locator("#waiting [data-state=refused]")
    refused.wait_for()
    assert "version “99”" in refused.inner_text()
    phone.page.locator("#received .record").wait_for()
    phone.page.locator("#waiting [data-key^=drop]").click()
    phone.page.locator("dialog [data-yes]").click()
    phone.page.get_by_text("Nothing waits to be sent.").wait_for()
    assert [each[2] for each in received(live, phone.code)] == ["7"]


def test_the_language_is_switched_without_a_network(phone):
    phone.context.set_offline(True)
    phone.page.locator("#field-language").select_option("es")
    phone.page.wait_for_selector("html[lang=es]", state="attached")
    phone.reopen()
    assert phone.page.locator("html").get_attribute("lang") == "es"
    phone.page.locator("#forms .task").first.click()
    phone.page.get_by_text("Votantes hasta ahora").wait_for()


def test_nothing_hinders_a_small_screen_or_a_keyboard(live, look):
    name, code = "ofelia", "HND-0320"
    a_field(live, code, name, library=True)
    visitor = look((320, 640)).sign_in(name)
    phone = Telephone(visitor, code).take_along()
    visitor.has_no_barriers()
    visitor.shoot("field-home-320")
    smallest = phone.page.evaluate(
        "[...document.querySelectorAll('.field a.btn, .field button, .field select, .field .task')]"
        ".filter(e => e.offsetParent).map(e => [e.textContent.trim(), e.getBoundingClientRect().height]).filter(([, high]) => high < 44)"
    )
    assert smallest == []
    phone.page.locator("#safe").focus()
    phone.page.keyboard.press("Enter")
    phone.page.locator("dialog [data-yes]").wait_for()
    visitor.has_no_barriers()
    phone.page.keyboard.press("Escape")
    phone.page.locator("dialog").wait_for(state="detached")
    phone.context.set_offline(True)
    phone.page.locator("#forms .task").filter(has_text="The queue").focus()
    phone.page.keyboard.press("Enter")
    phone.page.locator(".question-container").first.wait_for()
    visitor.has_no_barriers()
    visitor.shoot("field-form-320")
    phone.answer("Voters so far", "5")
    phone.finish()
    visitor.has_no_barriers()
    visitor.shoot("field-outbox-320")
    phone.context.set_offline(False)
    phone.sent(1)
    visitor.has_no_barriers()


def test_a_new_version_of_the_app_is_taken_up_around_a_draft(phone):
    phone.begin()
    phone.answer("Voters so far", "64")
    phone.kept()
    phone.page.evaluate(
        "base => navigator.serviceWorker.register(`${base}/worker.js?next`, {scope: base})", phone.path
    )
    with phone.page.expect_navigation():
        phone.page.get_by_role("button", name="Load the new version").click()
    phone.page.wait_for_function("() => navigator.serviceWorker.controller?.scriptURL.endsWith('?next')")
    phone.page.locator(".question-container").first.wait_for()
    assert phone.value("Voters so far") == "64"
    assert len(phone.page.evaluate("caches.keys()")) == 1
    # The page asks for the worker by its own address, not by the one that this test gave it, and there is no line.
    phone.visitor.expected = ("An unknown error occurred when fetching the script.",)
    phone.context.set_offline(True)
    phone.reopen()
    assert phone.page.locator("#drafts .task").count() == 1


def test_a_draft_is_open_in_one_tab_only(phone):
    phone.begin()
    phone.answer("Voters so far", "64")
    phone.kept()
    other = phone.context.new_page()
    other.goto(phone.page.url)
    other.get_by_text("This draft is open in another tab of this device.").wait_for()
    phone.home()
    other.reload()
    other.locator(".question-container").first.wait_for()


def test_a_checklist_that_was_only_looked_at_leaves_no_draft(phone):
    phone.begin()
    phone.home()
    phone.reopen()
    assert phone.page.locator("#drafts").count() == 0


def test_an_incident_is_two_taps_away_without_a_network(live, look):
    """The mission's form of kind “incident” has a button of its own on every page."""
    a_field(live, "HND-0911", "oriana", library=True)
    phone = Telephone(look(PHONE).sign_in("oriana"), "HND-0911").take_along()
    phone.context.set_offline(True)
    phone.reopen()
    phone.page.locator("[data-key=nav-outbox]").click()
    phone.page.locator("#incident").click()
    phone.page.locator(".question-container").first.wait_for()
    assert phone.page.locator("#field-heading").inner_text() == "Critical incident"


DUE = """async ([kind, instant, opens, closes]) => {
  const { dueOf } = await import("/static/js/field/due.js");
  const round = { on: "2021-11-28", timeZone: "America/Tegucigalpa", opens, closes };
  return dueOf(kind, round, new Date(instant)).state;
}"""


def test_checklists_are_due_by_the_hours_of_the_polling_day_where_it_is(phone):
    """Tegucigalpa is six hours behind: its polling day of 28 November, 07:00 to 17:00, begins at 06:00Z."""
    table = [
        ("opening", "2021-11-28T11:59Z", "later"), ("opening", "2021-11-28T12:00Z", "now"),
        ("opening", "2021-11-28T23:01Z", "late"), ("voting", "2021-11-28T12:59Z", "later"),
        ("voting", "2021-11-28T13:00Z", "now"), ("closing", "2021-11-28T22:59Z", "later"),
        ("closing", "2021-11-28T23:00Z", "now"), ("counting", "2021-11-29T05:59Z", "now"),
        ("counting", "2021-11-29T06:00Z", "late"), ("opening", "2021-11-28T05:59Z", "later"),
    ]  # fmt: skip
    for kind, instant, state in table:
        assert (kind, instant, phone.page.evaluate(DUE, [kind, instant, "07:00", "17:00"])) == (
            kind,
            instant,
            state,
        )
    assert phone.page.evaluate(DUE, ["counting", "2021-11-28T20:00Z", None, None]) == "open"


def test_a_checklist_opens_by_its_address_on_a_telephone_that_was_never_here(live, look):
    """Nothing is stored yet: what the address names is fetched before all others."""
    a_field(live, "HND-0777", "odalis", library=True)
    visitor = look(PHONE).sign_in("odalis")
    told = visitor.page.request.get(f"{live.url}/field/HND-0777/today.json").json()
    last = told["forms"][-1]
    visitor.go(f"/field/HND-0777#new/{last['id']}/")
    visitor.page.locator(".question-container").first.wait_for()
    assert visitor.page.locator("#field-heading").inner_text() == last["titles"]["en"]


FORGET = """async (name) => {
  const asked = (request) => new Promise((done) => { request.onsuccess = () => done(request.result); });
  const db = await asked(indexedDB.open(name));
  await asked(db.transaction("facts", "readwrite").objectStore("facts").delete("expressions"));
  db.close();
}"""
SHOWN = """() => [...document.querySelectorAll("#checklist-form .question-container")].length > 0
  && window.shown === (window.shown = document.querySelector("#checklist-form").innerText)"""


def test_a_form_that_was_read_ahead_opens_without_the_parser_and_is_the_same(live, look):
    """The lists' idle time reads every form; with the parser's files out of reach each one opens as it does with them."""
    a_field(live, "HND-0555", "ondina", library=True)
    phone = Telephone(look(PHONE).sign_in("ondina"), "HND-0555").take_along()
    phone.page.locator("html[data-forms=read]").wait_for(state="attached")
    links = [each.get_attribute("href") for each in phone.page.locator("#forms .task").all()]
    assert len(links) > 4
    phone.context.set_offline(True)

    def texts(is_read: bool) -> list[str]:
        told = []
        for link in links:
            if not is_read:
                phone.page.evaluate(FORGET, phone.database())
            phone.reopen()
            phone.page.locator(f"#forms .task[href='{link}']").click()
            phone.page.locator(".question-container").first.wait_for()
            phone.page.wait_for_function(SHOWN, polling=700)
            told.append(phone.page.locator("#checklist-form").inner_text())
        return told

    assert texts(True) == texts(False)


def test_a_form_that_was_read_needs_no_parser_for_its_first_question(live, look):
    a_field(live, "HND-0556", "ofira", library=True)
    phone = Telephone(look(PHONE).sign_in("ofira"), "HND-0556").take_along()
    phone.page.locator("html[data-forms=read]").wait_for(state="attached")
    link = phone.page.locator("#forms .task").nth(1).get_attribute("href")
    # The browser answers from what is kept: it is taken out of that.
    phone.page.evaluate(
        "caches.keys().then(names => Promise.all(names.map(async name => { const cache = await caches.open(name);"
        " for (const each of await cache.keys()) if (each.url.endsWith('.wasm')) await cache.delete(each); })))"
    )
    phone.context.set_offline(True)
    phone.page.close()
    phone.page = phone.visitor.page = phone.context.new_page()
    phone.page.goto(phone.visitor.live.url + phone.path + link)
    phone.page.locator(".question-container").first.wait_for()
    assert phone.page.locator("#checklist-form .question-container").first.inner_text()
