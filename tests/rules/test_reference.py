"""The reference is complete: addresses, permissions, settings and commands."""

from __future__ import annotations

import re

import click
import pytest

from eom.accounts.permissions import Permission
from eom.settings import ROOT
from tests.rules.test_routes import EXPECTED

REFERENCE = ROOT / "docs" / "reference"


def page(name: str) -> str:
    return (REFERENCE / f"{name}.md").read_text(encoding="utf-8")


def test_every_address_stands_in_the_reference():
    told = {
        (methods, url)
        for methods, url in re.findall(r"^\| (\S+) \| `(\S+)` \|", page("urls"), flags=re.MULTILINE)
    }
    routes = {tuple(line.split()[:2]) for line in EXPECTED.read_text(encoding="utf-8").splitlines() if line}
    assert routes - told == set(), "docs/reference/urls.md lacks these"
    assert told - routes == set(), "docs/reference/urls.md tells of these, which are gone"


@pytest.mark.parametrize("permission", Permission, ids=lambda each: each.value)
def test_every_permission_stands_in_the_reference(permission):
    assert f"`{permission.value}`" in page("permissions")


def test_every_setting_stands_in_the_reference():
    named = set(re.findall(r'"(EOM_[A-Z_]+)"', (ROOT / "eom" / "settings.py").read_text(encoding="utf-8")))
    assert len(named) > 8
    assert {each for each in named if each not in page("settings")} == set()


def test_every_command_stands_in_the_reference(application):
    def names(group: click.Group, above: str = "") -> set[str]:
        found = set()
        for name, command in group.commands.items():
            full = f"{above} {name}".strip()
            found |= names(command, full) if isinstance(command, click.Group) else {full}
        return found

    ours = {name for name in names(application.cli) if name.split()[0] not in ("db", "roles")}
    assert ours
    assert {name for name in ours if name not in page("commands")} == set()
