"""Named signals by which a lower domain tells what happened, for listeners above it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from blinker import Namespace

_signals = Namespace()


@dataclass(frozen=True)
class Reception:
    """A submission that came: where it belongs, and when it was filled, as far as is known."""

    mission_id: int
    round_id: int | None
    polling_station_id: int | None
    at: datetime
    submission_id: int


# All that one request brought (``received``, a list of ``Reception``): many come at once, write them at once.
submissions_received = _signals.signal("submissions-received")
# A correction says that a submission was about another station or round than it said at first.
submission_moved_away = _signals.signal("submission-moved-away")
user_created = _signals.signal("user-created")
stations_imported = _signals.signal("stations-imported")
# What else is held about someone: listeners append ``privacy.Held`` to ``found``.
personal_data_asked = _signals.signal("personal-data-asked")
# How many telephone numbers of people whom nobody knows are held of missions (``mission_ids``): listeners add to
# ``found``, by the mission's id.
strangers_asked = _signals.signal("strangers-asked")
# The numbers of a mission's strangers are no longer to be kept: listeners take them away.
strangers_forgotten = _signals.signal("strangers-forgotten")
# The contact details of a person are no longer to be kept: listeners take away copies that they hold.
contact_forgotten = _signals.signal("contact-forgotten")
# Nobody may find out any more who this was: listeners take away what they hold of the person.
person_anonymised = _signals.signal("person-anonymised")
# Of whom it is held how they travel, where they sleep, how they look: listeners add the ids of people to ``found``.
movements_asked = _signals.signal("movements-asked")
# That is no longer to be kept of a person: listeners take it away.
movements_forgotten = _signals.signal("movements-forgotten")
# A person asks for their own copy: listeners add parts of the document (JSON types) to ``found``.
personal_copy_asked = _signals.signal("personal-copy-asked")
