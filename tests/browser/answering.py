"""Gives answers in ODK Web Forms as a person would: by the words of the question."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Locator, Page


class Sheet:
    """A form that is open on a page."""

    def __init__(self, page: Page, send: str = "Send") -> None:
        self.page, self._send = page, send

    def question(self, label: str, number: int = 0) -> Locator:
        """The question of a label; ``number`` counts those that stand more than once."""
        words = self.page.locator(
            ".control-text label", has_text=re.compile(rf"^\s*{re.escape(label)}(?!\w)")
        )
        return self.page.locator(
            "#checklist-form .question-container, #field-form .question-container", has=words
        ).nth(number)

    def write(self, label: str, text: str, number: int = 0) -> None:
        """Type a text, a number, a date or a time, and go on to the next question."""
        field = self.question(label, number).locator("input, textarea").first
        field.click()
        field.press_sequentially(text)
        field.press("Escape") if field.get_attribute("role") == "combobox" else None
        field.press("Tab")

    def choose(self, label: str, *answers: str) -> None:
        """Tick answers."""
        for answer in answers:
            options = self.question(label).locator("label.value-option")
            options.filter(has=self.page.get_by_text(answer, exact=True)).click()

    def open_list(self, label: str, *answers: str) -> None:
        """Choose in a list that opens."""
        self.question(label).locator(".p-select, .p-multiselect").click()
        for answer in answers:
            self.page.get_by_role("option", name=answer, exact=True).last.click()
        self.page.keyboard.press("Escape")

    def rank_up(self, label: str, item: str, steps: int) -> None:
        """Put an item of a ranking further up."""
        box = self.question(label)
        start = box.locator(".rank-overlay button")
        if start.count():
            start.click()
        for _step in range(steps):
            box.locator(".rank-option", has_text=item).locator(".rank-buttons button").first.click()

    def slide(self, label: str, steps: int) -> None:
        """Move a scale by the keyboard."""
        handle = self.question(label).locator("[role=slider]")
        handle.focus()
        for _step in range(steps):
            handle.press("ArrowRight")

    def attach(self, label: str, name: str, data: bytes, kind: str) -> None:
        """Choose a file."""
        field = self.question(label).locator("input[type=file]").last
        field.set_input_files({"name": name, "mimeType": kind, "buffer": data})

    def draw(self, label: str, *places: tuple[float, float]) -> None:
        """Tap points of a map, each as parts of its width and height."""
        field = self.question(label).locator(".map-block")
        field.scroll_into_view_if_needed()
        # On a telephone the first tap gives the map the whole window.
        cover = field.locator(".full-screen-overlay")
        is_covered = cover.is_visible()
        if is_covered:
            cover.click()
        size: Any = field.bounding_box()
        for across, down in places:
            field.click(position={"x": size["width"] * across, "y": size["height"] * down})
            # Two taps at once are a wish to come nearer.
            self.page.wait_for_timeout(400)
        if is_covered:
            self.question(label).locator(".control-bar-vertical button").first.click()

    def send(self) -> None:
        """Press the button that sends."""
        self.page.locator(".odk-form .footer button").click()
