"""A fetched page, parsed; what every page must keep is checked whenever one is fetched."""

from __future__ import annotations

import re

from bs4 import BeautifulSoup

RAW_ENUM = re.compile(r"\b(Stage|Role|Gender|JobState|DonorKind|Selection|MilestoneKind)\.[A-Z_]+\b")


class Page:
    """The document of an answer."""

    def __init__(self, answer) -> None:
        self.answer = answer
        self.status = answer.status_code
        self.soup = BeautifulSoup(answer.text, "html5lib")
        if answer.mimetype == "text/html" and answer.text.lstrip().lower().startswith("<!doctype"):
            self.check()

    @property
    def h1(self) -> str:
        return words(self.soup.select_one("h1"))

    @property
    def text(self) -> str:
        return words(self.soup.body)

    def one(self, selector: str):
        found = self.soup.select_one(selector)
        assert found is not None, f"no {selector} on the page {self.h1}"
        return found

    def all(self, selector: str):
        return self.soup.select(selector)

    def check(self) -> None:
        soup = self.soup
        assert len(soup.select("h1")) == 1, "a page has one h1"
        assert words(soup.title).startswith(self.h1), f"the title «{words(soup.title)}» begins with the h1"
        assert soup.html.get("lang") in ("en", "es", "fr", "pt")
        ids = [e["id"] for e in soup.select("[id]")]
        assert len(ids) == len(set(ids)), f"ids are unique: {sorted(i for i in ids if ids.count(i) > 1)}"
        for script in soup.select("script"):
            if script.get("type") not in ("application/json",):
                assert script.get("nonce"), f"a script without its nonce: {script}"
        assert not soup.select("[style]"), "no inline style"
        assert not re.search(r"\son[a-z]+=", re.sub(r">[^<]*<", "><", self.answer.text)), "no inline handler"
        named = {label["for"] for label in soup.select("label[for]")}
        for control in soup.select("input:not([type=hidden]):not([type=submit]), select, textarea"):
            labelled = (
                control.get("aria-label") or control.get("aria-labelledby") or control.find_parent("label")
            )
            labelled = labelled or control.get("id") in named
            assert labelled, f"a field without its label: {control}"
        assert not RAW_ENUM.search(soup.get_text()), f"a raw enumeration: {RAW_ENUM.search(soup.get_text())}"


def words(element) -> str:
    return " ".join(element.get_text(" ").split()) if element is not None else ""
