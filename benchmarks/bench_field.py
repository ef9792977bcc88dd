"""How soon an observer sees the first question of a checklist in the field app.

Timed in Chromium with a processor four times slower (DevTools' own throttling), by the page's clock: from the
navigation to the checklist's own address (``/field/<mission>#new/<version>/``) until the first question with its
input stands on the page. *Cold*: a browser that has never been there but to sign in, its HTTP cache emptied, nothing
installed, nothing stored. *Warm and offline*: opened once before, then with no network, a new page each time; so
*warm, at full speed* and *a tap* (from the list of today, offline). The lists' idle time has read the forms by then,
as it does within seconds. Every run is counted; the least is what the machine can do when nothing else runs on it. The
processor time of the page's own thread, at full speed, says the same whatever else runs.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.bench_intake import wait_for
from benchmarks.measure import report
from benchmarks.places import application
from eom.checklists.models.form import Form, FormVersion
from eom.extensions import db
from eom.settings import ROOT
from tests.browser.conftest import PHONE, Live, Visitor
from tests.browser.field_app import READY, Telephone, a_field
from tests.ports import reserved_port

CHROMIUM = os.environ.get("EOM_CHROMIUM", "/usr/bin/chromium")
RUNS = int(os.environ.get("EOM_BENCH_RUNS", "7"))
CODE, WHO = "HND-2021", "olga"
SLOWER = 4
# The page's own clock when the first question can be seen and answered.
WATCH = """() => {
  const seen = () => {
    const input = document.querySelector(".question-container :is(input, textarea)");
    if (input?.closest(".question-container").getBoundingClientRect().height > 0) window.firstQuestion = performance.now();
    else requestAnimationFrame(seen);
  };
  requestAnimationFrame(seen);
}"""
ASKED = "() => window.firstQuestion"
TAP = """(href) => {
  window.tapped = performance.now();
  document.querySelector(`#forms .task[href="${href}"]`).click();
}"""


def main() -> None:
    """Print the seconds of every case."""
    with application("sqlite") as app, TemporaryDirectory() as folder, serving(app, Path(folder)) as live:
        a_field(live, CODE, WHO, library=True)
        with app.app_context():
            version = db.session.scalars(
                sa.select(FormVersion.id)
                .join(Form)
                .where(Form.kind == "opening")
                .order_by(FormVersion.id.desc())
            ).first()
            db.session.rollback()
        address = f"#new/{version}/"
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
            )
            told("cold, processor 4 times slower", 2.5, lambda: cold(live, browser, address))
            warm = Warm(live, browser, address)
            told("warm and offline, processor 4 times slower", 1.0, lambda: warm.opened(SLOWER))
            told("warm and offline, full speed", 1.0, lambda: warm.opened(1))
            told("warm and offline, processor time at full speed", None, warm.worked)
            told("a tap in the list, offline, processor 4 times slower", None, lambda: warm.tapped(SLOWER))
            browser.close()


def told(name: str, limit: float | None, work: Callable[[], float]) -> None:
    """Run a case several times and print the median with the least and the most."""
    seconds = [work() for _run in range(RUNS)]
    median = round(statistics.median(seconds), 2)
    report(
        f"field app, first question, {name}", median, "s", "sqlite", limit=limit,
        least=round(min(seconds), 2), most=round(max(seconds), 2),
    )  # fmt: skip


@contextmanager
def serving(app: Flask, folder: Path) -> Iterator[Live]:
    """Granian with one worker on the application's database."""
    environment = os.environ | {
        "DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"], "EOM_INSTANCE": str(folder), "EOM_WARM": "1",
        "EOM_STORAGE": str(app.extensions["eom_settings"].storage), "EOM_SECOND_FACTOR_ROLES": "auditor",
        "EOM_SECRET_KEY": app.config["SECRET_KEY"], "EOM_PASSWORD_SALT": app.config["SECURITY_PASSWORD_SALT"],
    }  # fmt: skip
    granian = str(Path(sys.executable).with_name("granian"))
    with reserved_port() as port:
        command = [granian, "--interface", "wsgi", "--host", "127.0.0.1", "--log-level", "warning",
                   "--port", str(port), "wsgi:app"]  # fmt: skip
        server = subprocess.Popen(command, cwd=ROOT, env=environment)
        try:
            wait_for(port)
            yield Live(f"http://127.0.0.1:{port}", app)
        finally:
            server.terminate()
            server.wait(20)


def slowed(page: Page, rate: int) -> Any:
    """The tools of a page whose processor is slower."""
    tools = page.context.new_cdp_session(page)
    tools.send("Emulation.setCPUThrottlingRate", {"rate": rate})
    return tools


def visitor(live: Live, browser: Browser) -> Visitor:
    context = browser.new_context(viewport={"width": PHONE[0], "height": PHONE[1]}, locale="en-US")
    return Visitor(live, context.new_page()).sign_in(WHO)


def first_question(page: Page) -> float:
    return float(page.wait_for_function(ASKED, timeout=60_000).json_value()) / 1000


def cold(live: Live, browser: Browser, address: str) -> float:
    """Seconds in a browser that holds nothing but the session."""
    signed_in = visitor(live, browser)
    page = signed_in.page.context.new_page()
    slowed(page, SLOWER).send("Network.clearBrowserCache")
    page.add_init_script(f"({WATCH})()")
    page.goto(f"{live.url}/field/{CODE}{address}", wait_until="commit")
    seconds = first_question(page)
    page.context.close()
    return seconds


class Warm:
    """A telephone that opened the app once, and has no network since."""

    def __init__(self, live: Live, browser: Browser, address: str) -> None:
        self.live, self.address = live, address
        phone = Telephone(visitor(live, browser), CODE).take_along()
        phone.page.wait_for_load_state("networkidle")
        phone.page.wait_for_selector("html[data-forms=read]", state="attached", timeout=120_000)
        phone.page.close()
        self.context = phone.context
        self.context.set_offline(True)

    def opened(self, rate: int) -> float:
        """Seconds from the navigation, in a new page."""
        page = self.context.new_page()
        slowed(page, rate)
        page.add_init_script(f"({WATCH})()")
        page.goto(f"{self.live.url}/field/{CODE}{self.address}", wait_until="commit")
        seconds = first_question(page)
        page.close()
        return seconds

    def worked(self) -> float:
        """Seconds of processor that the page's own thread takes until then."""
        page = self.context.new_page()
        tools = page.context.new_cdp_session(page)
        tools.send("Performance.enable", {"timeDomain": "threadTicks"})
        page.add_init_script(f"({WATCH})()")
        page.goto(f"{self.live.url}/field/{CODE}{self.address}", wait_until="commit")
        first_question(page)
        metrics = {each["name"]: each["value"] for each in tools.send("Performance.getMetrics")["metrics"]}
        page.close()
        return float(metrics["TaskDuration"])

    def tapped(self, rate: int) -> float:
        """Seconds from the tap in the list, which stood there long enough for the engine to be loaded."""
        page = self.context.new_page()
        page.goto(f"{self.live.url}/field/{CODE}")
        page.wait_for_selector(READY)
        page.wait_for_load_state("networkidle")
        slowed(page, rate)
        page.evaluate(WATCH)
        page.evaluate(TAP, self.address)
        seconds = first_question(page) - float(page.evaluate("() => window.tapped")) / 1000
        page.close()
        return seconds


if __name__ == "__main__":
    main()
