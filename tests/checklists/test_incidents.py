"""Critical incidents: anywhere, at any time, and never a visit."""

from __future__ import annotations

import sqlalchemy as sa
from lxml import etree

from eom.checklists.models.form import FormKind
from eom.checklists.models.submission import Submission
from eom.checklists.services import publishing
from eom.deployment.models import Visit
from eom.extensions import db
from tests.factories import checklists as factory
from tests.factories.stations import a_station


def incident(where: str, station: str = "", started: str = "2019-10-20T10:00:00.000-04:00") -> bytes:
    """An incident as sent."""
    root = etree.Element("data", id="eom_incident", version="1")
    parts = {
        "start": started, "end": started,
        "incident": {"incident_kind": "violence stuffing", "severity": "grave", "happened_at": "10:00:00.000-04:00",
                     "is_going_on": "yes", "witness": "seen", "account": "A box was carried off"},
        "scene": {"where": where, "station": station, "place_described": "The square"},
        "consequences": {"observers_safe": "yes", "process_stopped": "no", "authority_informed": "yes", "complaint": "no"},
        "meta": {"instanceID": f"uuid:{where}-{station}-{started}"},
    }  # fmt: skip
    factory._write(root, parts)
    return etree.tostring(root)


def the_only_one() -> Submission:
    return db.session.scalars(sa.select(Submission)).one()


def test_a_station_with_an_incident_has_not_been_visited(cast):
    publishing.publish_standard(cast.a, factory.store(), "incident")
    station = a_station(cast.a, code="20217")
    factory.receive(cast.a, incident("station", "20217"), user=cast.user("bruno"))
    kept = the_only_one()
    assert (kept.polling_station_id, kept.round_id) == (station.id, cast.a.rounds[0].id)
    assert kept.version.form.kind is FormKind.INCIDENT
    assert db.session.scalars(sa.select(Visit)).all() == []
    assert kept.answers["incident_kind"] == ["violence", "stuffing"]


def test_an_incident_elsewhere_and_before_polling_day_is_nothing_odd(cast):
    publishing.publish_standard(cast.a, factory.store(), "incident")
    sent = incident("elsewhere", started="2019-10-12T10:00:00.000-04:00")
    factory.receive(cast.a, sent, user=cast.user("bruno"))
    assert the_only_one().flags == []
