"""A trail whose locks are broken."""

from __future__ import annotations

import pytest

from eom.core.db import writing
from tests.factories.trail import break_locks, write


@pytest.fixture
def trail(own_app):
    """An application of its own with some entries, and the lock on them broken as an attacker would."""
    with writing():
        write(6)
        break_locks()
        yield own_app
