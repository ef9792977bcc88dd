"""Dossiers: who may look, that each look is recorded, and that no form shows what is on file."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from eom.accounts.permissions import Role
from eom.core.audit import AuditEntry
from eom.core.errors import InvalidInput, Refused
from eom.core.vault import Keyring
from eom.extensions import db
from eom.observers.models import AppointmentState, DossierGroup, PersonDossier
from eom.observers.queries import dossiers as queries
from eom.observers.services import dossiers
from tests.factories.browsing import as_one
from tests.factories.observers import DOSSIER, fill_dossier, make_appointment, make_person
from tests.page import Page

SECRETS = ("AAC778812", "penicillin", "Rosa Prueba", "5555 0199", "1984", "AB-")


def entries(action: str = "looked") -> list[AuditEntry]:
    asked = sa.select(AuditEntry).where(AuditEntry.action == action)
    return list(db.session.scalars(asked.order_by(AuditEntry.id)))


def test_the_person_page_tells_that_something_is_on_file_and_not_what(app, bolivia):
    person = fill_dossier(make_appointment(bolivia).person, blood_type=None, medical_notes=None)
    text = as_one(app, Role.CHIEF, bolivia).look(f"/people/{person.id}").text
    assert "On file" in text and "Not on file" in text
    assert not any(secret in text for secret in SECRETS)
    assert entries() == []


@pytest.mark.parametrize("group", DossierGroup)
def test_a_look_shows_one_group_and_is_recorded_with_who_what_and_of_whom(app, bolivia, group):
    person = fill_dossier(make_appointment(bolivia).person)
    chief = as_one(app, Role.CHIEF, bolivia)
    answer = chief.send(f"/people/{person.id}/dossier/{group.value}")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    shown = {DossierGroup.PASSPORT: "AAC778812", DossierGroup.MEDICAL: "penicillin"}.get(group, "Rosa Prueba")
    hidden = [secret for secret in ("AAC778812", "penicillin", "Rosa Prueba") if secret != shown]
    assert shown in answer.text and not any(secret in answer.text for secret in hidden)
    db.session.rollback()
    (entry,) = entries()
    assert (entry.object_type, entry.object_id) == ("people", str(person.id))
    assert entry.changes["group"] == group.value
    assert entry.actor_id is not None


def test_a_chief_sees_only_people_of_their_missions(app, bolivia, peru):
    here = fill_dossier(make_appointment(bolivia).person)
    elsewhere = fill_dossier(make_appointment(peru, "ARG").person)
    gone = make_appointment(bolivia)
    gone.state = AppointmentState.WITHDRAWN
    nowhere = fill_dossier(make_person())
    chief = as_one(app, Role.CHIEF, bolivia)
    assert chief.send(f"/people/{here.id}/dossier/medical").status_code == 200
    for person in (elsewhere, gone.person, nowhere):
        assert chief.send(f"/people/{person.id}/dossier/medical").status_code == 404
        assert "Dossier" not in chief.look(f"/people/{person.id}").text
    assert chief.send("/people/987654/dossier/medical").status_code == 404
    assert len(entries()) == 1


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.OBSERVER, Role.FINANCE, Role.AUDITOR])
def test_others_see_no_dossier(app, bolivia, role):
    person = fill_dossier(make_appointment(bolivia).person)
    other = as_one(app, role, None if role in (Role.FINANCE, Role.AUDITOR) else bolivia)
    assert other.send(f"/people/{person.id}/dossier/passport").status_code == 403
    assert other.look(f"/people/{person.id}/dossier/edit").status_code == 403


def test_a_look_is_never_a_get(app, bolivia):
    person = fill_dossier(make_appointment(bolivia).person)
    hq = as_one(app, Role.HEADQUARTERS)
    assert hq.look(f"/people/{person.id}/dossier/passport").status_code == 405
    assert hq.send(f"/people/{person.id}/dossier/shoes").status_code == 404


def test_the_form_shows_nothing_of_what_is_on_file_and_empty_fields_keep_it(app, bolivia):
    person = fill_dossier(make_person())
    hq = as_one(app, Role.HEADQUARTERS)
    url = f"/people/{person.id}/dossier/edit"
    page = hq.look(url)
    assert not any(secret in page.text for secret in SECRETS if secret != "AB-")
    for control in Page(page).all("main input[name], main textarea[name]"):
        if control["name"] not in ("csrf_token", "remove"):
            assert not control.get("value") and not control.get_text(strip=True), control["name"]
    assert not Page(page).all("main option[selected]:not([value=''])")
    answer = hq.send(url, passport_number="zz 900 100", remove=["medical_notes", "blood_type"])
    assert answer.status_code == 303
    db.session.expire_all()
    assert person.dossier.passport_number == "ZZ900100"
    assert person.dossier.medical_notes is None and person.dossier.blood_type is None
    assert person.dossier.emergency_phone == DOSSIER["emergency_phone"]


def test_the_chief_reads_and_does_not_edit(app, bolivia):
    person = make_appointment(bolivia).person
    assert as_one(app, Role.CHIEF, bolivia).look(f"/people/{person.id}/dossier/edit").status_code == 403


def test_the_trail_tells_that_a_dossier_changed_and_nothing_of_its_content(app, bolivia):
    person = fill_dossier(make_person())
    dossiers.edit_dossier(person, values={"passport_number": "NEW123"}, remove=["medical_notes"])
    asked = sa.select(AuditEntry).where(AuditEntry.object_type == "person_dossiers").order_by(AuditEntry.id)
    trail = list(db.session.scalars(asked))
    told = " ".join(str(each.changes) for each in trail)
    assert trail[-1].changes["passport_number"] == ["•••", "•••"]
    assert trail[-1].changes["medical_notes"] == ["•••", None]
    assert not any(secret in told for secret in (*SECRETS, "NEW123"))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("passport_number", "12"),
        ("passport_number", "<script>"),
        ("passport_country", "XXX"),
        ("birth_date", DOSSIER["passport_expires_on"]),
        ("blood_type", "Z"),
        ("emergency_phone", "call me"),
        ("medical_notes", "x" * 4001),
    ],
)
def test_what_cannot_be_is_refused_on_its_field_and_not_kept(app, name, value):
    person = make_person()
    with pytest.raises(InvalidInput) as refused:
        dossiers.edit_dossier(person, values={name: value})
    assert refused.value.field == name
    assert queries.on_file(db.session(), person) == frozenset()


def test_a_missing_key_is_told_by_column_and_replacing_what_it_sealed_still_works(app, bolivia):
    person = fill_dossier(make_person())
    db.session.commit()
    db.session.expire_all()
    usual = app.extensions["eom_keyring"]
    app.extensions["eom_keyring"] = Keyring.of(["QUJD" * 10 + "QUE="])
    try:
        with pytest.raises(Refused, match=r"person_dossiers\.passport_number: sealed with key"):
            dossiers.look(person, DossierGroup.PASSPORT)
        dossiers.edit_dossier(person, values={"passport_number": "NEW123"})
        db.session.expire_all()
        assert db.session.scalar(sa.select(PersonDossier.passport_number)) == "NEW123"
    finally:
        app.extensions["eom_keyring"] = usual
