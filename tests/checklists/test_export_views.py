"""The page that exports submissions: who may, what goes out, the file of a job and its end."""

from __future__ import annotations

import csv
import io
import os
import time
from datetime import timedelta

import pytest
import sqlalchemy as sa

from eom.accounts.models import Membership, MembershipArea
from eom.checklists import jobs as work
from eom.checklists.views import exports
from eom.core import clock
from eom.core.audit import AuditEntry
from eom.core.jobs import Job, JobState
from eom.extensions import db
from eom.web import worker
from tests.factories import checklists as factory
from tests.factories.checklists import filled, receive

PAGE = "/missions/BOL-2019/submissions/export"


@pytest.fixture
def opening(cast):
    version = factory.publish_standard(cast.a)
    stations = [factory.make_station(cast.a, "8100"), factory.make_station(cast.a, "8200", area="Oruro")]
    for number, station in enumerate(stations):
        receive(cast.a, filled(station.code, f"uuid:{number}"), user=cast.user("bruno"))
    db.session.commit()
    return version


def rows_of(answer):
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))


def export(client, version, url=PAGE, status=200, **fields):
    data = {"form_id": str(version.form_id), "format": "csv", "labels": ""} | fields
    answer = client.http.post(url, data=data)
    assert answer.status_code == status, answer.text[:2000]
    return answer


def test_it_works(as_person, opening):
    page = as_person("ana").page(PAGE)
    assert "2 submissions can go out" in page.text
    answer = export(as_person("ana"), opening)
    assert answer.headers["Content-Disposition"].endswith("BOL-2019-eom_opening.csv")
    assert answer.headers["Cache-Control"] == "no-store"
    assert [(row["instance_id"], row["polling_station"]) for row in rows_of(answer)] == [
        ("uuid:0", "8100"), ("uuid:1", "8200"),
    ]  # fmt: skip


def test_the_list_leads_to_it_with_its_filters(as_person, opening):
    page = as_person("ana").page("/missions/BOL-2019/submissions?search=8100&mission=x&_anchor=y")
    [link] = [each["href"] for each in page.soup.select("a") if each["href"].startswith(PAGE)]
    assert "search=8100" in link
    page = as_person("ana").page(link)
    assert "1 submission can go out" in page.text
    action = page.soup.select_one("main form.form")["action"]
    assert [row["instance_id"] for row in rows_of(export(as_person("ana"), opening, action))] == ["uuid:0"]


@pytest.mark.parametrize(
    "query",
    ["", "state=received", "state=checked", "search=8200", "flagged=yes", "flagged=no", "area=", "person="],
)
def test_the_filters_are_those_of_the_list(as_person, cast, opening, query):
    ana = as_person("ana")
    if query == "area=":
        station = db.session.scalar(sa.select(factory.PollingStation).filter_by(code="8200"))
        query += str(station.centre.first_area_id)
    if query == "person=":
        query += str(cast.user("bruno").id)
    listed = ana.get(f"/missions/BOL-2019/submissions?format=csv&{query}")
    stations = [row["Polling station"] for row in rows_of(listed)]
    out = [row["polling_station"] for row in rows_of(export(ana, opening, f"{PAGE}?{query}"))]
    assert sorted(out) == sorted(stations)


def test_an_unknown_choice_of_a_filter_is_refused(as_person, opening):
    as_person("ana").get(f"{PAGE}?state=burnt", status=422)


def test_labels_are_in_a_language_of_the_form(as_person, opening):
    [language] = [each for each in opening.languages if "(es)" in each]
    row = rows_of(export(as_person("ana"), opening, labels=language))[0]
    assert "Received (UTC)" in row
    assert any("¿" in name for name in row)


def test_a_language_of_no_form_is_refused(as_person, opening):
    answer = export(as_person("ana"), opening, status=422, labels="Klingon")
    assert "is not one of the choices" in answer.text


@pytest.mark.parametrize("kind", ["csv", "xlsx", "geojson", "parquet", "xml"])
def test_every_format_goes_out_and_is_recorded(as_person, opening, kind):
    answer = export(as_person("ana"), opening, format=kind)
    assert len(answer.data) == int(answer.headers["Content-Length"]) > 100
    entry = db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert (entry.action, entry.object_type) == ("exported", "forms")
    assert entry.changes["format"] == kind
    assert entry.changes["rows"] == 2


def test_names_go_out_only_when_asked_for(as_person, opening):
    assert "observer" not in rows_of(export(as_person("ana"), opening))[0]
    row = rows_of(export(as_person("ana"), opening, people="y"))[0]
    assert row["observer"] == "Bruno"
    assert row["deviceid"] == "collect:abc"


def test_a_sign_in_of_long_ago_is_asked_for_again(as_person, opening):
    ana = as_person("ana")
    with ana.http.session_transaction() as kept:
        kept["fs_paa"] = time.time() - 3600
    assert "/verify" in ana.get(PAGE, status=303).location
    assert "/verify" in export(ana, opening, status=303).location


def test_strangers_and_observers_get_nothing(as_person, opening):
    as_person("dario").get(PAGE, status=404)
    export(as_person("dario"), opening, status=404)
    as_person("bruno").get(PAGE, status=403)
    export(as_person("bruno"), opening, status=403)


def test_a_coordinator_of_an_area_takes_out_only_what_came_from_it(as_person, cast, opening):
    station = db.session.scalar(sa.select(factory.PollingStation).filter_by(code="8200"))
    membership = db.session.scalar(sa.select(Membership).filter_by(user_id=cast.user("carmen").id))
    membership.areas = [MembershipArea(area_id=station.centre.first_area_id)]
    db.session.commit()
    carmen = as_person("carmen")
    assert "1 submission can go out" in carmen.page(PAGE).text
    assert [row["polling_station"] for row in rows_of(export(carmen, opening))] == ["8200"]


@pytest.fixture
def job(as_person, opening, monkeypatch):
    """A job of Ana's that is done: here one submission is many."""
    monkeypatch.setattr(exports, "AT_ONCE", 1)
    answer = export(as_person("ana"), opening, status=303)
    [row] = db.session.scalars(sa.select(Job).filter_by(kind=work.EXPORT))
    assert answer.location.endswith(f"/jobs/{row.id}")
    if not row.is_over:
        worker.perform(row.id)
    db.session.refresh(row)
    assert row.state is JobState.DONE, row.error
    return row


def address(job):
    return f"/missions/BOL-2019/submissions/exports/{job.id}"


def test_many_are_written_in_the_background(as_person, job):
    ana = as_person("ana")
    page = ana.page(f"/jobs/{job.id}")
    assert page.soup.select_one(f'a[href="{address(job)}"]').text.strip() == "Fetch the file"
    assert [row["instance_id"] for row in rows_of(ana.get(address(job)))] == ["uuid:0", "uuid:1"]
    entries = db.session.scalars(sa.select(AuditEntry).filter_by(action="exported")).all()
    assert [entry.changes["job"] for entry in entries] == [job.id, job.id]


@pytest.mark.parametrize("name", ["delia", "hugo", "amir", "dario", "carmen"])
def test_a_file_is_its_makers_alone(as_person, job, name):
    as_person(name).get(address(job), status=404)
    as_person(name).get(f"/jobs/{job.id}", status=404)


def test_a_file_is_not_found_under_another_mission(as_person, job):
    as_person("amir").get(address(job).replace("BOL-2019", "PER-2021"), status=404)


def test_a_file_expires(as_person, job):
    path = work.exports_folder() / job.id
    assert path.is_file()
    job.ended_at = clock.now() - timedelta(hours=25)
    db.session.commit()
    assert "not kept any more" in as_person("ana").get(address(job), status=404).text
    assert not path.exists()


def test_the_next_export_clears_what_has_expired(as_person, opening, job):
    path = work.exports_folder() / job.id
    os.utime(path, (0, time.time() - 25 * 3600))
    export(as_person("ana"), opening, status=303)
    [other] = db.session.scalars(sa.select(Job).where(Job.kind == work.EXPORT, Job.id != job.id))
    if not other.is_over:
        worker.perform(other.id)
    assert not path.exists()


def test_who_is_limited_since_does_not_get_the_old_file(as_person, cast, job):
    station = db.session.scalar(sa.select(factory.PollingStation).filter_by(code="8200"))
    membership = db.session.scalar(sa.select(Membership).filter_by(user_id=cast.user("ana").id))
    membership.areas = [MembershipArea(area_id=station.centre.first_area_id)]
    db.session.commit()
    as_person("ana").get(address(job), status=404)
