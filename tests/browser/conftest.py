"""The application as people meet it: served by granian, with its worker, seen in Chromium.

``live`` is one server for all browser tests, on a fresh SQLite database made by the migrations. ``look``
opens a page at a width and in a language; at its end no script may have failed and no policy been broken.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_migrate import upgrade
from playwright.sync_api import Browser, BrowserContext, Error, Locator, Page, Request

from eom import create_app
from eom.accounts.models import User
from eom.accounts.permissions import Role
from eom.accounts.services import accounts
from eom.core.db import writing
from eom.extensions import db
from eom.settings import ROOT, Settings
from tests.patience import LIMIT_SECONDS
from tests.ports import reserved_port

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
PASSWORD = "eleven green boats at noon"
SCREENSHOTS = Path(__file__).parent / "screenshots"
DESKTOP, PHONE = (1280, 900), (360, 740)
LIMIT = LIMIT_SECONDS * 1000
# What still moves on a page or is still under way: nothing, once it looks as it will.
UNDER_WAY = """async () => {
  await document.fonts.ready;
  const drawn = () => new Promise((done) => { requestAnimationFrame(done); setTimeout(done, 200); });
  await drawn();
  await drawn();
  const named = (element) => element?.outerHTML.slice(0, 120);
  return [
    ...(document.readyState === "complete" ? [] : [document.readyState]),
    ...[...document.querySelectorAll(".htmx-request, .htmx-swapping, .htmx-settling, [aria-busy=true]")].map(named),
    ...document.getAnimations().filter((each) => each.playState === "running").map((each) => named(each.effect?.target)),
  ];
}"""


@dataclass
class Live:
    """A server that runs, and its application for setting the scene."""

    url: str
    app: Flask
    _numbers: count[int] = field(default_factory=lambda: count(5000))

    def number(self) -> int:
        """A number that no other test has, for the codes and names of what it makes."""
        return next(self._numbers)

    def browser(self, chromium: Browser, size: tuple[int, int]) -> BrowserContext:
        """A fresh browser of that size, at an address of its own: doors count how often an address tries them."""
        number = self.number()
        context = chromium.new_context(
            viewport={"width": size[0], "height": size[1]}, locale="en-US",
            extra_http_headers={"X-Forwarded-For": f"198.18.{number // 250}.{number % 250 + 1}"},
        )  # fmt: skip
        context.set_default_timeout(LIMIT)
        return context

    @contextmanager
    def scene(self) -> Iterator[None]:
        """Write to the database of the server."""
        with self.app.app_context(), writing():
            yield
            db.session.commit()

    def person(self, name: str, role: Role, mission_id: int | None = None) -> User:
        """An account with a password; call it inside a scene."""
        user = accounts.create_user(email=f"{name}@example.org", name=name.capitalize(), password=PASSWORD)
        accounts.grant_role(user, role, mission_id=mission_id)
        return user


@pytest.fixture(scope="session")
def live(tmp_path_factory) -> Iterator[Live]:
    """The server and its worker, until the last test has ended."""
    folder = tmp_path_factory.mktemp("live")
    environment = os.environ | {
        "DATABASE_URL": f"sqlite:///{folder / 'live.sqlite'}", "EOM_INSTANCE": str(folder),
        "EOM_SECRET_KEY": "k" * 40, "EOM_PASSWORD_SALT": "s" * 20, "EOM_WARM": "1", "PYTHONWARNINGS": "ignore",
        # Every browser says its address as a proxy would.
        "EOM_PROXIES": "1",
        # The journeys are of chiefs and finance officers; the second step has its own (test_account.py).
        "EOM_SECOND_FACTOR_ROLES": "auditor",
    }  # fmt: skip
    app = create_app(Settings.from_environment(environment))
    with app.app_context():
        upgrade()
    with ExitStack() as ending:
        port = ending.enter_context(reserved_port())
        log = ending.enter_context((folder / "server.log").open("w"))
        for name, *words in (
            ("granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "wsgi:app"),
            ("flask", "--app", "wsgi", "jobs", "work"),
        ):
            command = [Path(sys.executable).with_name(name), *words]
            process = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=log, stderr=log)
            ending.callback(_end, process)
        _wait_for(f"http://127.0.0.1:{port}/login", folder / "server.log")
        yield Live(f"http://127.0.0.1:{port}", app)


def _end(process: subprocess.Popen) -> None:
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _wait_for(url: str, log: Path) -> None:
    deadline = time.monotonic() + LIMIT_SECONDS
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=LIMIT_SECONDS):
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"the server does not answer:\n{log.read_text()[-3000:]}")


class Visitor:
    """Someone with a browser: goes to pages, signs in, is shown what is wrong."""

    def __init__(self, live: Live, page: Page) -> None:
        self.live, self.page = live, page
        self.wrong: list[str] = []
        # What the console will say in this one test, and why is told there.
        self.expected: tuple[str, ...] = ()
        self._flying: set[Request] = set()
        # Of the browser, not of the page: a test may open other pages.
        context = page.context
        context.on("weberror", lambda error: self.wrong.append(f"script: {error.error}"))
        context.on("console", self._console)
        context.on("request", self._request)
        context.on("requestfinished", self._landed)
        context.on("requestfailed", self._landed)

    def go(self, path: str) -> Page:
        """Open a page of the application; it must answer."""
        answer = self.page.goto(self.live.url + path)
        assert answer is not None and answer.ok, f"{path}: {answer and answer.status}"
        return self.page

    def sign_in(self, name: str, language: str = "en") -> Visitor:
        """Sign in by the form, then choose the language as a person would."""
        page = self.go("/login")
        page.fill("input[name=email]", f"{name}@example.org")
        page.fill("input[name=password]", PASSWORD)
        page.click("main button[type=submit], main input[type=submit]")
        page.wait_for_url(lambda url: "/login" not in url)
        # The account may remember another language from a visit before.
        if page.get_attribute("html", "lang") != language:
            self.speak(language)
        return self

    def speak(self, language: str) -> None:
        """Choose a language; it stays."""
        self.page.locator(f"form[action*='/language'] [value={language}]").first.evaluate(
            "e => e.form.requestSubmit(e.tagName === 'BUTTON' ? e : undefined)"
        )
        self.page.wait_for_selector(f"html[lang={language}]", state="attached")

    def settles(self) -> Page:
        """Wait until the page stands still: loaded, with its fonts, nothing asked for, nothing in motion."""
        deadline, still = time.monotonic() + LIMIT_SECONDS, 0
        while still < 2:
            under_way = self._under_way()
            still = 0 if under_way else still + 1
            if time.monotonic() > deadline:
                pytest.fail(f"{self.page.url} does not come to rest: {under_way}")
            # What a request or a click sets off begins a little later.
            self.page.wait_for_timeout(25)
        return self.page

    def _under_way(self) -> list[str]:
        """What the page waits for now."""
        try:
            self.page.wait_for_load_state("load")
            moving: list[str] = self.page.evaluate(UNDER_WAY)
        except Error as error:
            if self.page.is_closed():
                raise
            # Another page has come while this one was asked.
            return [error.message]
        return moving + [each.url for each in self._flying if _page_of(each) is self.page]

    def waits_until(self, holds: Callable[[], Any], what: str) -> None:
        """Wait, with the browser at work, until something holds that the test itself counts."""
        deadline = time.monotonic() + LIMIT_SECONDS
        while not holds():
            assert time.monotonic() < deadline, what
            self.page.wait_for_timeout(50)

    def follows(self, link: str | Locator) -> Page:
        """Click on what leads to another page or sends a form, and wait for the page that follows."""
        with self.page.expect_navigation():
            (self.page.locator(link) if isinstance(link, str) else link).click()
        return self.page

    def has_no_barriers(self) -> None:
        """axe-core finds nothing against WCAG 2.2 AA on this page, and nothing is wider than the window."""
        self.settles()
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found: list[dict[str, Any]] = self.page.evaluate(
            "async () => (await axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa',"
            " 'best-practice']})).violations.map(v => ({id: v.id, help: v.help, where: v.nodes.slice(0, 4)"
            ".map(n => n.html.slice(0, 160))}))"
        )
        assert found == [], f"{self.page.url}: {found}"
        excess = self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert excess <= 0, f"{self.page.url} is {excess} pixels too wide"

    def shoot(self, name: str) -> None:
        """Keep a picture of the whole page."""
        self.settles()
        SCREENSHOTS.mkdir(exist_ok=True)
        self.page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)

    def _console(self, message: Any) -> None:
        # htmx reports a part of the page that was still loading when the person went on: nothing is wrong.
        left = message.text.startswith(("htmx:afterRequest", "htmx:sendAbort", *self.expected))
        if message.type == "error" and "Failed to load resource" not in message.text and not left:
            self.wrong.append(f"console: {message.text}")

    def _landed(self, request: Request) -> None:
        self._flying.discard(request)

    def _request(self, request: Request) -> None:
        self._flying.add(request)
        if not request.url.startswith((self.live.url, "data:", "blob:")):
            self.wrong.append(f"a request left the site: {request.url}")


def _page_of(request: Request) -> Page | None:
    """The page that asks; None when it is a service worker or its frame is gone."""
    try:
        return request.frame.page
    except Error:
        return None


@pytest.fixture
def look(live, chromium) -> Iterator[Any]:
    """``look(PHONE)``: a visitor with a fresh browser of that size."""
    opened: list[tuple[Any, Visitor]] = []

    def open_(size: tuple[int, int] = DESKTOP) -> Visitor:
        context = live.browser(chromium, size)
        visitor = Visitor(live, context.new_page())
        opened.append((context, visitor))
        return visitor

    yield open_
    for context, _visitor in opened:
        context.close()
    assert [wrong for _context, visitor in opened for wrong in visitor.wrong] == []


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One worker has the one server."""
    for item in items:
        if "browser" in item.nodeid:
            item.add_marker(pytest.mark.xdist_group("browser"))
