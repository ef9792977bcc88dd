"""Named signals by which a lower domain tells what happened, for listeners above it."""

from __future__ import annotations

from blinker import Namespace

_signals = Namespace()

submission_received = _signals.signal("submission-received")
# A correction says that a submission was about another station or round than it said at first.
submission_moved_away = _signals.signal("submission-moved-away")
user_created = _signals.signal("user-created")
stations_imported = _signals.signal("stations-imported")
