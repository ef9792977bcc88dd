"""Headquarters types in: a report by telephone, a correction; both say who did, and whose they are."""

from __future__ import annotations

import io

import pytest
import sqlalchemy as sa

from eom.checklists.models.submission import Submission
from eom.core.audit import AuditEntry
from eom.extensions import db
from tests.factories import checklists as factory
from tests.factories.observers import make_appointment
from tests.factories.stations import a_station

ENTRY = "/missions/BOL-2019/entry"


@pytest.fixture
def observer(cast):
    """Bruno with his place in the mission, and a published form."""
    factory.publish_standard(cast.a)
    a_station(cast.a, code="20217")
    place = make_appointment(cast.a, given_names="Bruno", family_names="Mar", email="bruno@example.org")
    place.person.user_id = cast.user("bruno").id
    db.session.commit()
    return place


def send(client, url: str, xml: bytes):
    data = {"xml_submission_file": (io.BytesIO(xml), "form.xml", "text/xml")}
    answer = client.http.post(url, data=data, content_type="multipart/form-data")
    db.session.rollback()
    return answer


def kept() -> list[Submission]:
    return list(db.session.scalars(sa.select(Submission).order_by(Submission.id)))


def test_what_is_told_by_telephone_is_the_observers_and_says_who_typed_it(cast, observer, as_person):
    ana = as_person("ana")
    assert send(ana, f"{ENTRY}/{observer.id}/submission", factory.filled("20217")).status_code == 201
    [report] = kept()
    assert (report.submitted_by_id, report.entered_by_id, report.by_telephone) == (
        cast.user("bruno").id, cast.user("ana").id, True,
    )  # fmt: skip
    entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "received")).one()
    assert entry.actor_name == "Ana"
    page = ana.page(f"/missions/BOL-2019/submissions/{report.id}")
    assert "by telephone" in page.text
    assert "Ana, by telephone" in ana.page("/missions/BOL-2019/submissions").text
    assert "by telephone" in ana.http.get("/missions/BOL-2019/submissions?format=csv").text
    assert as_person("bruno").http.get(f"/missions/BOL-2019/submissions/{report.id}").status_code == 200


def test_the_same_again_is_kept_once(cast, observer, as_person):
    ana, url = as_person("ana"), f"{ENTRY}/{observer.id}/submission"
    assert [send(ana, url, factory.filled("20217")).status_code for _ in range(2)] == [201, 201]
    assert len(kept()) == 1


def test_a_correction_keeps_what_was_sent_and_names_its_editor(cast, observer, as_person):
    first = factory.receive(cast.a, factory.filled("20217"), user=cast.user("bruno")).submission
    db.session.commit()
    url = f"{ENTRY}/corrections/{first.id}/submission"
    edit = factory.filled("20217", "uuid:2", replaces="uuid:1", ballots_received=210)
    assert send(as_person("hugo"), url, edit).status_code == 201
    old, new = kept()
    assert (old.is_current, new.is_current, new.replaces_id) == (False, True, old.id)
    assert (new.submitted_by_id, new.entered_by_id, new.by_telephone) == (
        cast.user("bruno").id, cast.user("hugo").id, False,
    )  # fmt: skip
    assert old.entered_by_id is None
    # It was corrected before: nothing is written over.
    again = factory.filled("20217", "uuid:3", replaces="uuid:1", ballots_received=1)
    assert send(as_person("hugo"), url, again).status_code == 409
    assert as_person("hugo").http.get(f"{ENTRY}/corrections/{old.id}").status_code == 409


@pytest.mark.parametrize("replaces", [None, "uuid:other"])
def test_a_correction_corrects_what_was_opened_and_nothing_else(cast, observer, as_person, replaces):
    factory.receive(cast.a, factory.filled("20217", "uuid:other"), user=cast.user("bruno"))
    first = factory.receive(cast.a, factory.filled("20217"), user=cast.user("bruno")).submission
    db.session.commit()
    edit = factory.filled("20217", "uuid:2", replaces=replaces)
    assert send(as_person("ana"), f"{ENTRY}/corrections/{first.id}/submission", edit).status_code == 422
    assert len(kept()) == 2


def test_a_report_by_telephone_corrects_nothing(cast, observer, as_person):
    factory.receive(cast.a, factory.filled("20217"), user=cast.user("bruno"))
    db.session.commit()
    edit = factory.filled("20217", "uuid:2", replaces="uuid:1")
    assert send(as_person("ana"), f"{ENTRY}/{observer.id}/submission", edit).status_code == 422


@pytest.mark.parametrize("name", ["bruno", "carmen", "elena"])
def test_who_may_not_type_in_is_refused(cast, observer, as_person, name):
    first = factory.receive(cast.a, factory.filled("20217"), user=cast.user("bruno")).submission
    db.session.commit()
    client = as_person(name)
    for url in (f"{ENTRY}/{observer.id}/submission", f"{ENTRY}/corrections/{first.id}/submission"):
        assert send(client, url, factory.filled("20217", "uuid:9")).status_code in (403, 404)
    assert len(kept()) == 1


def test_nothing_is_typed_in_for_people_or_reports_of_another_mission(cast, observer, as_person):
    first = factory.receive(cast.a, factory.filled("20217"), user=cast.user("bruno")).submission
    db.session.commit()
    dario, other = as_person("dario"), f"/missions/{cast.b.code}/entry"
    assert (
        send(dario, f"{other}/{observer.id}/submission", factory.filled("20217", "uuid:9")).status_code == 404
    )
    assert (
        send(
            dario, f"{other}/corrections/{first.id}/submission", factory.filled("20217", "uuid:9")
        ).status_code
        == 404
    )


def test_the_form_offers_the_observers_stations_and_the_reports_own(cast, observer, as_person):
    ana, version = as_person("ana"), factory.publish_standard(cast.a)
    first = factory.receive(cast.a, factory.filled("20217"), user=cast.user("bruno")).submission
    db.session.commit()
    assert "20217" not in ana.http.get(f"{ENTRY}/{observer.id}/{version.id}/media/stations.csv").text
    listed = ana.http.get(f"{ENTRY}/corrections/{first.id}/media/stations.csv").text
    assert listed.splitlines()[1].startswith("20217,")


def test_the_page_leads_to_the_form(cast, observer, as_person):
    ana, version = as_person("ana"), factory.publish_standard(cast.a)
    db.session.commit()
    answer = ana.http.post(ENTRY, data={"observer": observer.id, "form": version.id})
    assert answer.location.endswith(f"/entry/{observer.id}/{version.id}")
    assert "told by" in ana.page(answer.location).text
    assert ana.http.post(ENTRY, data={"observer": "999", "form": version.id}).status_code == 422


def test_without_anybody_the_page_says_what_to_do(cast, as_person):
    assert "needs a published checklist" in as_person("ana").page(ENTRY).text
