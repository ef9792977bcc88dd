"""The application as people meet it: served by granian, with its worker, seen in Chromium.

``live`` is one server for all browser tests, on a fresh SQLite database made by the migrations. ``look``
opens a page at a width and in a language; at its end no script may have failed and no policy been broken.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_migrate import upgrade
from playwright.sync_api import Page

from eom import create_app
from eom.accounts.models import User
from eom.accounts.permissions import Role
from eom.accounts.services import accounts
from eom.core.db import writing
from eom.extensions import db
from eom.settings import ROOT, Settings

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
PASSWORD = "eleven green boats at noon"
SCREENSHOTS = Path(__file__).parent / "screenshots"
DESKTOP, PHONE = (1280, 900), (360, 740)


@dataclass
class Live:
    """A server that runs, and its application for setting the scene."""

    url: str
    app: Flask

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


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def live(tmp_path_factory) -> Iterator[Live]:
    """The server and its worker, until the last test has ended."""
    folder = tmp_path_factory.mktemp("live")
    environment = os.environ | {
        "DATABASE_URL": f"sqlite:///{folder / 'live.sqlite'}", "EOM_INSTANCE": str(folder),
        "EOM_SECRET_KEY": "k" * 40, "EOM_PASSWORD_SALT": "s" * 20, "EOM_WARM": "1", "PYTHONWARNINGS": "ignore",
        # The journeys are of chiefs and finance officers; the second step has its own (test_account.py).
        "EOM_SECOND_FACTOR_ROLES": "auditor",
    }  # fmt: skip
    app = create_app(Settings.from_environment(environment))
    with app.app_context():
        upgrade()
    port = free_port()
    binaries = Path(sys.executable).parent
    log = (folder / "server.log").open("w")
    processes = [
        subprocess.Popen(
            [binaries / "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "wsgi:app"],
            env=environment, cwd=ROOT, stdout=log, stderr=log,
        ),
        subprocess.Popen(
            [binaries / "flask", "--app", "wsgi", "jobs", "work"], env=environment, cwd=ROOT, stdout=log, stderr=log
        ),
    ]  # fmt: skip
    try:
        _wait_for(f"http://127.0.0.1:{port}/login", folder / "server.log")
        yield Live(f"http://127.0.0.1:{port}", app)
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(20)
        log.close()


def _wait_for(url: str, log: Path) -> None:
    for _attempt in range(600):
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"the server does not answer:\n{log.read_text()[-3000:]}")


class Visitor:
    """Someone with a browser: goes to pages, signs in, is shown what is wrong."""

    def __init__(self, live: Live, page: Page) -> None:
        self.live, self.page = live, page
        self.wrong: list[str] = []
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: self.wrong.append(f"script: {error}"))
        page.on("console", self._console)
        page.on("request", self._request)

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

    def has_no_barriers(self) -> None:
        """axe-core finds nothing against WCAG 2.2 AA on this page, and nothing is wider than the window."""
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
        SCREENSHOTS.mkdir(exist_ok=True)
        self.page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)

    def _console(self, message: Any) -> None:
        # htmx reports a part of the page that was still loading when the person went on: nothing is wrong.
        left = message.text.startswith(("htmx:afterRequest", "htmx:sendAbort"))
        if message.type == "error" and "Failed to load resource" not in message.text and not left:
            self.wrong.append(f"console: {message.text}")

    def _request(self, request: Any) -> None:
        if not request.url.startswith((self.live.url, "data:", "blob:")):
            self.wrong.append(f"a request left the site: {request.url}")


@pytest.fixture
def look(live, chromium) -> Iterator[Any]:
    """``look(PHONE)``: a visitor with a fresh browser of that size."""
    opened: list[tuple[Any, Visitor]] = []

    def open_(size: tuple[int, int] = DESKTOP) -> Visitor:
        context = chromium.new_context(viewport={"width": size[0], "height": size[1]}, locale="en-US")
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
