"""Four languages, complete: no text without its translation, no doubtful one, every placeholder kept."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from eom.settings import ROOT

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}")
LANGUAGES = ("es", "fr", "pt")


def catalogue(language: str):
    path = ROOT / "translations" / language / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as file:
        return read_po(file, locale=language)


@pytest.fixture(scope="module")
def texts(tmp_path_factory) -> set[object]:
    """Every text of the code and the templates, as the extraction finds it."""
    template = tmp_path_factory.mktemp("texts") / "messages.pot"
    subprocess.run(
        [Path(sys.executable).with_name("pybabel"), "--quiet", "extract", "-F", "babel.cfg", "-k", "_", "-k", "lazy",
         "-k", "ngettext:1,2", "-o", template, "."],
        cwd=ROOT, check=True,
    )  # fmt: skip
    with template.open("rb") as file:
        return {message.id for message in read_po(file) if message.id}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_has_its_translation(texts, language):
    kept = {message.id: message for message in catalogue(language) if message.id}
    missing = [each for each in texts if each not in kept]
    assert not missing, f"run scripts/messages.sh and translate: {missing[:10]}"
    blank = [
        each for each in texts
        if not all(kept[each].string if isinstance(kept[each].string, tuple | list) else [kept[each].string])
    ]  # fmt: skip
    assert not blank, f"{len(blank)} texts are not translated: {blank[:10]}"
    assert not [each for each in kept.values() if each.fuzzy], "doubtful translations"


@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_are_kept(language):
    wrong = []
    for message in catalogue(language):
        if not message.id:
            continue
        plural = isinstance(message.id, tuple | list)
        wanted = set(PLACEHOLDER.findall(message.id[1] if plural else message.id))
        given = message.string if plural else [message.string]
        if any(set(PLACEHOLDER.findall(each)) - wanted for each in given) or (
            set(PLACEHOLDER.findall(given[-1])) != wanted
        ):
            wrong.append(message.id)
    assert wrong == []
