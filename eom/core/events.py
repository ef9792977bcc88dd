"""Named signals by which a lower domain tells what happened, for listeners above it."""

from __future__ import annotations

from blinker import Namespace

_signals = Namespace()

submission_received = _signals.signal("submission-received")
stations_imported = _signals.signal("stations-imported")
