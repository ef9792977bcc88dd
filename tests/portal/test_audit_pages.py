"""The trail in the browser: searched, filtered, read as a history, taken along as a file."""

from __future__ import annotations

import csv
import io
import re
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from eom.accounts.forms.sign_in import Guarded
from eom.accounts.security import WAYS
from eom.core import audit, clock
from eom.core.audit import AuditEntry
from eom.core.db import Base
from eom.extensions import db
from eom.missions.models.milestone import Milestone, MilestoneKind
from eom.missions.models.mission import Stage
from eom.portal import fact_words, words
from eom.portal.column_words import COLUMNS
from eom.settings import ROOT


@pytest.fixture
def auditor(as_person):
    return as_person("elena")


@pytest.fixture
def told(cast):
    """Ana renames her mission and says why; Dario moves his."""
    session = db.session()
    ana, dario = cast.user("ana"), cast.user("dario")
    audit.acting(session, ana.id, "Ana", "request-of-ana", address="192.0.2.7")
    audit.because(session, "The name was wrong")
    cast.a.name, cast.a.stage = "General elections", Stage.CANCELLED
    session.commit()
    audit.acting(session, dario.id, "Dario", "request-of-dario", address="198.51.100.9")
    audit.because(session, None)
    cast.b.name = "Second vote"
    session.commit()
    return cast


def heads(page) -> list[str]:
    return [" ".join(each.get_text(" ").split()) for each in page.all(".timeline-head")]


@pytest.mark.parametrize(("who", "status"), [("elena", 200), ("amir", 200), ("ana", 403), ("clara", 403), ("bruno", 403)])  # fmt: skip
def test_the_auditor_and_the_administrator_read_it(as_person, cast, who, status):
    client = as_person(who)
    for address in ("/audit", f"/audit/missions/{cast.a.id}", f"/audit/people/of/{cast.user('ana').id}"):
        client.get(address, status)


def test_an_entry_says_who_when_from_where_what_and_why(auditor, told):
    page = auditor.page("/audit?who=ana&action=changed")
    assert heads(page) == ["Changed · Mission BOL-2019 General elections · BOL-2019"]
    entry = page.one(".timeline > li")
    text = " ".join(entry.get_text(" ").split())
    for part in ("Ana", "192.0.2.7", "request-of-ana", "Why: The name was wrong"):
        assert part in text
    rows = {row.th.get_text(): [cell.get_text(" ").strip() for cell in row.select("td")] for row in entry.select("tbody tr")}  # fmt: skip
    assert rows["Name"] == ["Elections of 2019", "→  General elections"]
    assert rows["Stage"] == ["Accepted", "→  Cancelled"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("who=dario", ["PER-2021 Second vote"]),
        ("action=changed&mission=bol-2019", ["BOL-2019 General elections"]),
        ("request=request-of-dario", ["PER-2021 Second vote"]),
        ("search=198.51.100.9", ["PER-2021 Second vote"]),
        ("search=name+was+wrong", ["BOL-2019 General elections"]),
        ("who=nobody+of+this+name", []),
        ("who=100%25", []),
    ],
)
def test_it_is_searched_and_filtered(auditor, told, query, found):
    page = auditor.page(f"/audit?{query}")
    assert [each.split("Mission ")[1].split(" · ")[0] for each in heads(page)] == found
    if not found:
        assert "Nothing matches" in page.text


@pytest.mark.usefixtures("still_clock")
def test_it_is_filtered_by_record_and_day(auditor, told):
    today = clock.now().date()
    base = f"/audit?kind=missions&object={told.b.id}"
    assert len(heads(auditor.page(base))) == 2
    assert len(heads(auditor.page(f"{base}&since={today}&until={today}"))) == 2
    assert heads(auditor.page(f"{base}&until={today - timedelta(days=1)}")) == []
    assert heads(auditor.page(f"{base}&since={today + timedelta(days=1)}")) == []


@pytest.mark.parametrize(
    "query", ["since=yesterday", "until=2026-13-01", "action=invented", "kind=alembic_version"]
)
def test_a_filter_that_means_nothing_is_refused(auditor, query):
    auditor.get(f"/audit?{query}", 422)


def test_the_history_of_a_record_is_its_own_from_the_newest(auditor, told):
    page = auditor.page(f"/audit/missions/{told.a.id}")
    assert page.h1 == "History: Mission BOL-2019 General elections"
    assert heads(page) == ["Changed · BOL-2019", "Created · BOL-2019"]
    assert "Second vote" not in page.text


def test_a_record_of_an_unknown_kind_or_without_entries_is_not_there(auditor):
    auditor.get("/audit/alembic_version/1", 404)
    auditor.get("/audit/missions/999999", 404)
    auditor.get("/audit/missions/1%27%20OR%201=1", 404)


def test_a_persons_timeline_is_what_they_did(auditor, told):
    page = auditor.page(f"/audit/people/of/{told.user('dario').id}")
    assert page.h1 == "History: Dario"
    assert heads(page) == ["Changed · Mission PER-2021 Second vote · PER-2021"]


def test_what_names_another_record_leads_to_its_history(auditor, told):
    milestone = Milestone(
        mission=told.a, kind=MilestoneKind.INVITATION, owner="The cabinet", due_on=date(2019, 1, 1)
    )
    db.session.add(milestone)
    db.session.commit()
    page = auditor.page(f"/audit/milestones/{milestone.id}")
    link = page.one(f"a[href='/audit/missions/{told.a.id}']")
    assert link.get_text() == f"№ {told.a.id}"


def test_what_was_deleted_says_what_it_was(auditor, told):
    milestone = Milestone(
        mission=told.a, kind=MilestoneKind.INVITATION, owner="The cabinet", due_on=date(2019, 1, 1)
    )
    db.session.add(milestone)
    db.session.commit()
    milestone_id = milestone.id
    db.session.delete(milestone)
    db.session.commit()
    newest = auditor.page(f"/audit/milestones/{milestone_id}").one(".timeline > li")
    assert "Deleted" in newest.get_text()
    assert [each.get_text() for each in newest.select("del") if each.get_text() == "The cabinet"] == [
        "The cabinet"
    ]


def test_the_whole_trail_goes_out_as_a_file_which_is_told_too(auditor, told):
    rows = list(csv.DictReader(io.StringIO(auditor.get("/audit?format=csv&who=ana").text.lstrip("\ufeff"))))
    (row,) = [each for each in rows if each["Action"] == "Changed"]
    assert row["Who"] == "Ana"
    assert row["Mission"] == "BOL-2019"
    assert row["Why"] == "The name was wrong"
    assert "Name: Elections of 2019 → General elections" in row["From → to"]
    entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "exported")).one()
    assert (entry.actor_name, entry.object_id, entry.changes["filters"]) == (
        "Elena",
        "audit-trail",
        {"who": "ana"},
    )
    assert "Who: ana" in auditor.page("/audit?action=exported").text


def test_a_name_that_is_markup_is_text(auditor, told):
    told.a.name = "<script>alert(1)</script>"
    db.session.commit()
    page = auditor.page(f"/audit/missions/{told.a.id}")
    assert "<script>alert(1)</script>" in page.text
    assert not [each for each in page.all("script") if "alert" in each.get_text()]


def test_a_record_page_leads_to_its_history_for_those_who_may_read_it(as_person, cast):
    address = f"/audit/missions/{cast.a.id}"
    assert as_person("amir").page("/missions/BOL-2019").all(f"a[href='{address}']")
    assert not as_person("ana").page("/missions/BOL-2019").all(f"a[href='{address}']")


def test_every_audited_table_and_column_has_a_word():
    audited = [each for each in Base.registry.mappers if each.class_.__audited__]
    tables = {each.local_table.name for each in audited}
    assert tables <= set(words.TABLES), f"eom/portal/words.py lacks {sorted(tables - set(words.TABLES))}"
    columns = {column.key for each in audited for column in each.local_table.columns} - {"id"}
    assert columns <= set(COLUMNS), f"eom/portal/column_words.py lacks {sorted(columns - set(COLUMNS))}"


def test_what_is_personal_is_never_written(auditor, cast):
    """By the class that the model gives its columns, whatever they are called."""
    guarded = [
        (mapper.class_, column.key)
        for mapper in Base.registry.mappers
        for column in mapper.local_table.columns
        if mapper.class_.__audited__ and column.info.get("data_class") in ("personal", "sensitive")
    ]
    assert guarded
    user = cast.user("ana")
    user.email = "another@example.org"
    db.session.commit()
    entry = db.session.scalars(
        sa.select(AuditEntry).where(AuditEntry.object_type == "users", AuditEntry.action == "changed").order_by(AuditEntry.id.desc())
    ).first()  # fmt: skip
    assert entry.changes["email"] == ["•••", "•••"]
    assert "another@example.org" not in auditor.get("/audit?format=csv").text


def test_every_filter_of_a_list_has_a_word():
    """An export's entry tells by what its list was narrowed."""
    names = {
        name
        for path in (ROOT / "eom").rglob("*.py")
        for name in re.findall(r'\bFilter\(\s*"(\w+)"', path.read_text(encoding="utf-8"))
    }
    assert len(names) > 20
    assert names <= set(COLUMNS), f"eom/portal/column_words.py lacks {sorted(names - set(COLUMNS))}"


def test_every_way_to_sign_in_has_a_word():
    assert set(WAYS.values()) <= set(fact_words.WAYS)


def test_every_reason_for_which_sessions_end_has_a_word():
    given = {
        reason
        for path in (ROOT / "eom").rglob("*.py")
        for reason in re.findall(r'\bbecause(?:: str)?\s?=\s?"([^"]+)"', path.read_text(encoding="utf-8"))
    }
    assert len(given) > 5
    assert given == set(fact_words.BECAUSE)


def test_every_form_after_the_password_has_a_word():
    assert {each.__name__ for each in Guarded.__subclasses__()} == set(fact_words.STEPS)


def test_the_kind_of_second_step_has_a_word(auditor, cast):
    cast.user("ana").tf_primary_method = "authenticator"
    db.session.commit()
    text = auditor.get("/audit?lang=fr").text
    assert "Code d’une application" in text
    assert "authenticator" not in text


def test_facts_and_whoever_has_no_account_are_told_in_the_readers_words(auditor, cast):
    session = db.session()
    audit.acting(session, None, "nobody")
    ana = cast.user("ana")
    audit.record(session, "sessions-ended", "users", ana.id, ana.name, count=2, because="deactivated")
    audit.record(session, "looked", "people", 1, "Someone", group="medical")
    audit.record(session, "sign-in-failed", "users", ana.id, ana.name, step="CodeForm")
    session.commit()
    for address in ("/audit?lang=fr", "/audit?lang=fr&format=csv"):
        text = auditor.get(address).text
        for words_ in (
            "Personne de connecté",
            "Le compte a été désactivé",
            "Notes médicales",
            "Sessions terminées",
        ):
            assert words_ in text, (address, words_)
        assert not {"nobody", "deactivated", "medical", "CodeForm"} & set(re.findall(r"\w+", text))
