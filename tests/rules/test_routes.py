"""Every route stands in routes.txt with what it asks for; a new one is a decision, not an accident."""

from __future__ import annotations

from pathlib import Path

from tests.rules.routes import lines

EXPECTED = Path(__file__).with_name("routes.txt")


def test_every_route_asks_for_what_was_decided(application):
    written = [line for line in EXPECTED.read_text(encoding="utf-8").splitlines() if line.strip()]
    found = lines(application)
    new, gone = sorted(set(found) - set(written)), sorted(set(written) - set(found))
    assert not new, "say in tests/rules/routes.txt what these ask for:\n" + "\n".join(new)
    assert not gone, "these are in tests/rules/routes.txt and no more in the application:\n" + "\n".join(gone)
