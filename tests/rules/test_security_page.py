"""docs/security.md claims nothing that is not there: every requirement once, every test and file by name."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from functools import cache

import pytest

from eom.settings import ROOT

PAGE = ROOT / "docs" / "security.md"
THREATS = ROOT / "docs" / "security" / "threats.md"
STATES = {"met", "partly", "not met", "not applicable"}
HEADINGS = ["id", "level", "requirement", "state", "evidence", "reason"]
MOST_WORDS, MOST_REASON = 12, 15
# How many requirements of levels 1 and 2 each section of ASVS 5.0.0 has; they are its first ones.
SECTIONS = {
    "V1.1": 2, "V1.2": 9, "V1.3": 11, "V1.4": 3, "V1.5": 2, "V2.1": 3, "V2.2": 3, "V2.3": 4, "V2.4": 1,
    "V3.2": 2, "V3.3": 4, "V3.4": 6, "V3.5": 5, "V3.7": 2, "V4.1": 3, "V4.2": 1, "V4.3": 2, "V4.4": 4,
    "V5.1": 1, "V5.2": 3, "V5.3": 2, "V5.4": 3, "V6.1": 3, "V6.2": 12, "V6.3": 4, "V6.4": 4, "V6.5": 5,
    "V6.6": 3, "V6.8": 4, "V7.1": 3, "V7.2": 4, "V7.3": 2, "V7.4": 5, "V7.5": 2, "V7.6": 2, "V8.1": 2,
    "V8.2": 3, "V8.3": 1, "V8.4": 1, "V9.1": 3, "V9.2": 4, "V10.1": 2, "V10.2": 2, "V10.3": 4, "V10.4": 11,
    "V10.5": 5, "V10.6": 2, "V10.7": 3, "V11.1": 2, "V11.2": 3, "V11.3": 3, "V11.4": 4, "V11.5": 1,
    "V11.6": 1, "V12.1": 3, "V12.2": 2, "V12.3": 4, "V13.1": 1, "V13.2": 5, "V13.3": 2, "V13.4": 5,
    "V14.1": 2, "V14.2": 4, "V14.3": 3, "V15.1": 3, "V15.2": 3, "V15.3": 7, "V16.1": 1, "V16.2": 5,
    "V16.3": 4, "V16.4": 3, "V16.5": 3, "V17.1": 1, "V17.2": 4, "V17.3": 2,
}  # fmt: skip
OF_LEVEL_1 = 70


@dataclass(frozen=True)
class Requirement:
    """One row of the table. ``evidence`` as it is named: tests as path::name, files by their path."""

    id: str
    level: str
    words: str
    state: str
    evidence: tuple[str, ...]
    reason: str


def cells(line: str) -> list[str]:
    return [each.strip() for each in line.strip()[1:-1].split("|")]


def named(text: str) -> tuple[str, ...]:
    """What stands between backticks."""
    return tuple(re.findall(r"`([^`]+)`", text))


@cache
def requirements() -> tuple[Requirement, ...]:
    """The rows of every table that has the six headings."""
    rows, is_ours = [], False
    for line in PAGE.read_text("utf-8").splitlines():
        if not line.startswith("|"):
            is_ours = False
        elif cells(line) == HEADINGS:
            is_ours = True
        elif is_ours and not set(line) <= set("|- "):
            number, level, words, state, evidence, reason = cells(line)
            rows.append(Requirement(number, level, words, state, named(evidence), reason))
    return tuple(rows)


@cache
def defined_in(path: str) -> dict[str, bool]:
    """The tests of a file, alone and behind the name of their class; whether each has parameters."""
    found: dict[str, bool] = {}
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    for owner in [tree, *(node for node in tree.body if isinstance(node, ast.ClassDef))]:
        before = f"{owner.name}::" if isinstance(owner, ast.ClassDef) else ""
        for node in owner.body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                found[before + node.name] = any("parametrize" in ast.unparse(d) for d in node.decorator_list)
    return found


def missing(name: str) -> str | None:
    """What is wrong with a piece of evidence, or None."""
    path, _colons, test = name.partition("::")
    if not (ROOT / path).is_file():
        return f"{name}: there is no file {path}"
    if not test:
        return None
    bare, bracket, _rest = test.partition("[")
    if not path.startswith("tests/") or bare not in defined_in(path):
        return f"{name}: {path} has no test {bare}"
    return f"{name}: {bare} has no parameters" if bracket and not defined_in(path)[bare] else None


def test_every_requirement_of_levels_1_and_2_stands_once():
    expected = [f"{section}.{n + 1}" for section, count in SECTIONS.items() for n in range(count)]
    assert [each.id for each in requirements()] == expected
    assert sum(each.level == "1" for each in requirements()) == OF_LEVEL_1
    assert {each.level for each in requirements()} == {"1", "2"}


def test_every_state_is_known_and_what_is_not_met_says_why():
    wrong = [
        each.id
        for each in requirements()
        if each.state not in STATES or bool(each.reason) == (each.state == "met")
    ]
    assert wrong == []


def test_what_is_met_or_partly_met_names_its_evidence():
    assert [each.id for each in requirements() if each.state in ("met", "partly") and not each.evidence] == []


def test_every_test_and_file_named_as_evidence_exists():
    named_here = {name: each.id for each in requirements() for name in each.evidence}
    assert [f"{number} {wrong}" for name, number in named_here.items() if (wrong := missing(name))] == []


def test_requirements_and_reasons_are_short():
    long = [
        each.id
        for each in requirements()
        if len(each.words.split()) > MOST_WORDS or len(each.reason.split()) > MOST_REASON
    ]
    assert long == []


def test_the_count_of_states_on_the_page_is_the_tables():
    text = PAGE.read_text("utf-8")
    for state in STATES:
        count = sum(each.state == state for each in requirements())
        assert f"**{count}** {state}" in text, f"the page should say **{count}** {state}"


def test_every_test_and_file_named_by_the_threats_exists():
    found = [
        name for name in named(THREATS.read_text("utf-8")) if name.startswith(("tests/", "eom/", "docs/"))
    ]
    assert len(found) > 30
    assert [wrong for name in found if (wrong := missing(name))] == []


@pytest.mark.parametrize(
    "name",
    [
        "eom/nothing.py", "tests/rules/test_security_page.py::test_nothing", "tests/nothing.py::test_x",
        "tests/rules/test_security_page.py::test_requirements_and_reasons_are_short[x]",
    ],
)  # fmt: skip
def test_evidence_that_is_not_there_is_told(name):
    assert missing(name)


def test_evidence_with_parameters_is_found():
    assert missing("tests/rules/test_security_page.py::test_evidence_that_is_not_there_is_told[x]") is None
