"""Two missions that every test about people may have."""

from __future__ import annotations

import pytest

from tests.factories.missions import make_mission


@pytest.fixture
def bolivia(app):
    return make_mission("BOL-2019")


@pytest.fixture
def peru(app):
    return make_mission("PER-2021")
