"""The field app as an observer's telephone has it: opened once, then with or without a network."""

from __future__ import annotations

import io
from datetime import time

import sqlalchemy as sa
from openpyxl import Workbook
from PIL import Image
from playwright.sync_api import TimeoutError as TooLong

from eom.accounts.models import User
from eom.accounts.permissions import Role
from eom.checklists.models.submission import Submission, SubmissionAttachment
from eom.checklists.services import publishing
from eom.core import clock
from eom.deployment.services import assigning
from eom.extensions import db, store
from eom.missions.models.mission import Mission
from tests.factories.missions import make_mission, make_round
from tests.factories.observers import make_appointment
from tests.factories.stations import a_centre, a_station, an_area

READY = "html[data-field=ready]"
# A form as short as can be, with a photo: what the network does to it is what is tried.
XLSFORM = (
    ("survey", ("type", "name", "label::English (en)", "label::Español (es)", "required"),
     ("select_one_from_file stations.csv", "station", "Station", "Mesa", ""),
     ("integer", "voters", "Voters so far", "Votantes hasta ahora", "yes"),
     ("image", "photo", "Photo of the queue", "Foto de la fila", "")),
    ("settings", ("form_id", "form_title", "default_language"), ("queue", "The queue", "English (en)")),
)  # fmt: skip


def workbook(*more: tuple[str, ...]) -> bytes:
    """The form as a spreadsheet, with more questions."""
    book = Workbook()
    book.remove(book.active)
    for name, *rows in XLSFORM:
        sheet = book.create_sheet(name)
        for row in [*rows, *(more if name == "survey" else ())]:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def a_field(live, code: str, *names: str, library: bool = False) -> None:
    """A mission whose polling day is today, with the short form; each of ``names`` observes at a station."""
    with live.scene():
        mission = make_mission(code, country="HND", time_zone="UTC")
        make_round(mission, clock.today(), opens_at=time(0), closes_at=None)
        publishing.publish(mission, store, workbook(), "queue.xlsx")
        if library:
            publishing.publish_library(mission, store)
        centre = a_centre(
            mission, area=an_area(mission, name="Atlántida"), name="Escuela República de Honduras"
        )
        for number, name in enumerate(names):
            station = a_station(mission, centre=centre, code=f"2045{number}")
            user = live.person(name, Role.OBSERVER, mission.id)
            appointment = make_appointment(mission)
            appointment.person.user_id = user.id
            assigning.assign(mission, round_=mission.rounds[0], appointment=appointment, stations=[station])


QUEUED = """async ([name, count, version, start]) => {
  const asked = (request) => new Promise((done, failed) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });
  const db = await asked(indexedDB.open(name));
  const { forms } = await asked(db.transaction("facts").objectStore("facts").get("day"));
  const { form, titles, version: current } = forms[0];
  for (let number = start; number < start + count; number += 1) {
    // In one request headquarters keeps them by their ids.
    const id = `uuid:${String(number).padStart(4, "0")}-${crypto.randomUUID()}`;
    const of = version === "1" ? current : version;
    const xml = `<data id="queue" version="${of}"><station>20450</station>`
      + `<voters>${number}</voters><photo/><meta><instanceID>${id}</instanceID></meta></data>`;
    const record = { id, kind: "form", form, titles, formId: "queue", version: of, station: "20450", xml, files: [],
      tries: 0, state: "waiting", at: new Date().toISOString() };
    await asked(db.transaction("outbox", "readwrite").objectStore("outbox").add(record));
  }
  db.close();
  const channel = new BroadcastChannel(name);
  channel.postMessage("change");
  channel.close();
}"""


RECORDS = "all => all.map(each => [each.dataset.state, each.querySelector('strong').textContent])"
SHOWN = f"""(records) => {{
  const shown = ({RECORDS})([...document.querySelectorAll("#field .record")]);
  return JSON.stringify(shown) === JSON.stringify(records);
}}"""


class Telephone:
    """Someone's telephone with the app open."""

    def __init__(self, visitor, code: str) -> None:
        self.visitor, self.code, self.page = visitor, code, visitor.page
        self.context = visitor.page.context
        self.path = f"/field/{code}"

    def open(self) -> Telephone:
        """Open the app and wait until everything is on the device."""
        self.visitor.go(self.path)
        self.page.wait_for_selector(READY)
        return self

    def take_along(self) -> Telephone:
        """Open the app with a network, until it can be opened without."""
        self.open()
        self.page.get_by_text("Ready: this page now opens with no network.").wait_for()
        self.page.wait_for_function("() => navigator.serviceWorker.controller !== null")
        self.page.locator("#forms .task").first.wait_for()
        return self

    def reopen(self) -> Telephone:
        """Kill the page and open the app anew, as from the home screen."""
        self.page.close()
        self.page = self.visitor.page = self.context.new_page()
        self.page.goto(self.visitor.live.url + self.path)
        self.page.wait_for_selector(READY)
        return self

    def home(self) -> None:
        self.page.locator("[data-key=nav-home]").click()
        self.page.locator("#forms .task").first.wait_for()

    def begin(self, form: str = "The queue") -> None:
        """Open a new checklist from the list of all."""
        self.home()
        self.page.locator("#forms .task").filter(has_text=form).click()
        self.page.locator(".question-container").first.wait_for()

    def answer(self, question: str, text: str) -> None:
        box = self.page.locator(
            ".question-container", has=self.page.locator(".control-text", has_text=question)
        )
        field = box.locator("input:not([type=file])").first
        field.fill("")
        field.press_sequentially(text)
        field.press("Tab")

    def at(self, code: str) -> None:
        """Choose the station."""
        self.page.locator("label.value-option", has_text=code).click()

    def attach(self, data: bytes, name: str = "image.png", kind: str = "image/png") -> None:
        self.page.locator("#checklist-form input[type=file]").last.set_input_files(
            {"name": name, "mimeType": kind, "buffer": data}
        )
        self.page.locator("#checklist-form img[src^=blob]").wait_for()

    def value(self, question: str) -> str:
        box = self.page.locator(
            ".question-container", has=self.page.locator(".control-text", has_text=question)
        )
        return box.locator("input:not([type=file])").first.input_value()

    def database(self) -> str:
        return self.page.evaluate("JSON.parse(localStorage.getItem('eom-field:databases'))[0]")

    def databases(self) -> int:
        """How many people's databases are on this telephone."""
        return self.page.evaluate("indexedDB.databases().then(all => all.length)")

    def queue(self, count: int, *, version: str = "1", start: int = 0) -> None:
        """Put checklists into the outbox, as the app's own store does."""
        self.page.evaluate(QUEUED, [self.database(), count, version, start])

    def sign_out(self) -> None:
        self.page.locator("[data-key=nav-out]").click()
        self.page.locator("dialog [data-yes]").click()
        self.page.wait_for_url(lambda url: "/field/" not in url)

    def kept(self) -> None:
        """Wait until the device says that the answers, all of them, are on its disk."""
        self.page.locator("#field-state:not([data-pending])", has_text="Kept on this device.").wait_for()

    def finish(self) -> None:
        self.page.locator("#checklist-form .footer button").last.click()
        # It says nothing, and so cannot be seen, once all has arrived.
        self.page.locator("#sender-state").wait_for(state="attached")

    def fill(self, station: str, voters: str) -> None:
        """A whole checklist."""
        self.begin()
        self.at(station)
        self.answer("Voters so far", voters)
        self.finish()

    def outbox(self) -> None:
        """Open the page of the outbox."""
        self.page.locator("[data-key=nav-outbox]").click()
        self.page.locator("#sender-state").wait_for(state="attached")

    def has_in_outbox(self, *records: tuple[str, str]) -> None:
        """Wait until the page of the outbox shows these (state, name): what waits, then what was received."""
        self.outbox()
        try:
            self.page.wait_for_function(SHOWN, arg=[list(each) for each in records])
        except TooLong:
            shown = self.page.locator("#field .record").evaluate_all(RECORDS)
            assert shown == [list(each) for each in records]

    def sent(self, count: int) -> None:
        """Wait until headquarters has so many and nothing waits."""
        self.page.locator("[data-key=nav-outbox]").click()
        self.page.wait_for_function(
            "count => document.querySelectorAll('#waiting .record').length === 0"
            " && document.querySelectorAll('#received .record').length === Math.min(count, 100)",
            arg=count,
        )  # fmt: skip


def received(live, code: str) -> list[tuple[str, str, str]]:
    """(who, station, voters) of what came to a mission, in the order it came."""
    with live.app.app_context():
        rows = db.session.execute(
            sa.select(User.name, Submission.station_answer, Submission.answers)
            .join(Mission, Mission.id == Submission.mission_id)
            .join(User, User.id == Submission.submitted_by_id)
            .where(Mission.code == code)
            .order_by(Submission.id)
        ).all()
        db.session.rollback()
    return [(name, station, str(answers.get("voters"))) for name, station, answers in rows]


def kept_by_headquarters(live, code: str) -> list[tuple[str, str, tuple[int, int]]]:
    """(name, type, size in pixels) of the files that came to a mission."""
    with live.app.app_context():
        files = db.session.scalars(
            sa.select(SubmissionAttachment)
            .join(Submission, Submission.id == SubmissionAttachment.submission_id)
            .join(Mission, Mission.id == Submission.mission_id)
            .where(Mission.code == code)
        ).all()
        kept = live.app.extensions["eom_store"]
        found = [
            (
                each.name,
                each.stored_file.content_type,
                Image.open(io.BytesIO(kept.get(each.stored_file.sha256))).size,
            )
            for each in files
        ]
        db.session.rollback()
    return found
