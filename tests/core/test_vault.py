"""The vault: what is sealed opens only with its key and in its column, and rotation loses nothing."""

from __future__ import annotations

import base64
import dataclasses

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from eom.core.db import Base, writing
from eom.core.vault import Keyring, Sealed, VaultError, sealed_columns
from eom.extensions import db
from eom.observers.models import PersonDossier
from tests.factories.observers import make_person

OLD, NEW = (base64.b64encode(bytes([n]) * 32).decode() for n in (1, 2))
PLACE = "person_dossiers.passport_number"
SECRET = "XK-7781-Ñandú"
ring = Keyring.of([OLD])


@given(st.text(), st.sampled_from(["a.b", PLACE]))
def test_what_is_sealed_opens_again(text, place):
    token = ring.seal(text, place)
    assert ring.open(token, place) == text
    assert token.split(".")[:2] == ["v1", ring.newest]
    assert ring.seal(text, place) != token, "the same text never gives the same token twice"


@given(st.binary(min_size=0, max_size=60), st.integers(min_value=0), st.integers(1, 255))
def test_a_token_with_any_byte_changed_is_refused(text, place, difference):
    version, key, encoded = ring.seal(text.hex(), PLACE).split(".")
    sealed = bytearray(base64.b64decode(encoded))
    sealed[place % len(sealed)] ^= difference
    with pytest.raises(VaultError, match="changed"):
        ring.open(f"{version}.{key}.{base64.b64encode(sealed).decode()}", PLACE)


@given(st.text(max_size=80))
def test_what_is_no_token_is_told_without_its_content(text):
    with pytest.raises(VaultError) as refused:
        ring.open(text, PLACE)
    assert PLACE in str(refused.value)
    assert len(text) < 12 or text not in str(refused.value)


def test_a_token_moved_to_another_column_is_refused():
    token = ring.seal(SECRET, PLACE)
    with pytest.raises(VaultError, match=r"person_dossiers\.medical_notes: .*another column"):
        ring.open(token, "person_dossiers.medical_notes")


def test_a_key_that_is_gone_is_named_by_its_id():
    token = ring.seal(SECRET, PLACE)
    with pytest.raises(VaultError, match=f"{PLACE}: sealed with key {ring.newest}"):
        Keyring.of([NEW]).open(token, PLACE)
    with pytest.raises(VaultError, match="EOM_FIELD_KEYS"):
        Keyring().seal(SECRET, PLACE)


def test_the_newest_key_seals_and_older_ones_open():
    both = Keyring.of([NEW, OLD])
    assert both.open(ring.seal(SECRET, PLACE), PLACE) == SECRET
    assert both.seal(SECRET, PLACE).split(".")[1] == Keyring.of([NEW]).newest


@pytest.mark.parametrize("bad", ["", "abc", base64.b64encode(b"k" * 16).decode(), "€" * 44])
def test_a_key_of_another_length_is_refused_by_its_place_and_not_shown(bad):
    with pytest.raises(VaultError, match="key 2 of EOM_FIELD_KEYS") as refused:
        Keyring.of([OLD, bad])
    assert not bad or bad not in str(refused.value)


def test_a_keyring_does_not_show_its_keys():
    assert repr(Keyring.of([OLD])) == "Keyring()"


def test_every_sealed_column_says_where_it_stands():
    columns = sealed_columns(Base.metadata)
    assert columns
    for column in columns:
        assert isinstance(column.type, Sealed)
        assert column.type.place == f"{column.table.name}.{column.name}"


def keep(application, *keys: str) -> None:
    """Give a running application other keys, as a start with other settings would."""
    settings = application.extensions["eom_settings"]
    application.extensions["eom_settings"] = dataclasses.replace(settings, field_keys=keys)
    application.extensions["eom_keyring"] = Keyring.of(keys)


def run(application, *arguments: str):
    return application.test_cli_runner().invoke(args=["vault", *arguments])


def make_dossiers(count: int) -> None:
    with writing():
        for number in range(count):
            dossier = PersonDossier(person=make_person(), passport_number=f"{SECRET}-{number}")
            dossier.medical_notes = "Allergic to penicillin" if number == 0 else None
            db.session.add(dossier)
        db.session.commit()


def passports() -> list[str]:
    db.session.rollback()
    return [str(each) for each in db.session.scalars(sa.select(PersonDossier.passport_number))]


def test_rotation_seals_everything_with_the_newest_key_and_the_old_one_can_go(own_app):
    keep(own_app, OLD)
    make_dossiers(5)
    assert "person_dossiers.passport_number" in run(own_app, "status").output
    keep(own_app, NEW, OLD)
    first = run(own_app, "rotate", "--batch", "2")
    assert first.exit_code == 0, first.output
    assert "6 values sealed again" in first.output
    assert "0 values sealed again" in run(own_app, "rotate").output
    status = run(own_app, "status").output
    assert f"{Keyring.of([NEW]).newest} (newest)  5" in status
    assert str(Keyring.of([OLD]).newest) not in status
    keep(own_app, NEW)
    assert sorted(passports()) == [f"{SECRET}-{n}" for n in range(5)]


def test_rotation_without_the_key_of_a_value_says_where_and_keeps_it(own_app):
    keep(own_app, OLD)
    make_dossiers(1)
    keep(own_app, NEW)
    refused = run(own_app, "rotate")
    assert refused.exit_code == 2
    assert "person_dossiers." in refused.output and "EOM_FIELD_KEYS" in refused.output
    keep(own_app, NEW, OLD)
    assert passports() == [f"{SECRET}-0"]


def test_nothing_sealed_can_be_read_in_the_database_itself(own_app):
    keep(own_app, OLD)
    make_dossiers(3)
    with db.engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT * FROM person_dossiers").all()
    assert len(rows) == 3
    assert all("7781" not in str(row) and "penicillin" not in str(row) for row in rows)
    if db.engine.dialect.name == "sqlite":
        from pathlib import Path

        path = Path(str(db.engine.url.database))
        raw = b"".join(
            each.read_bytes() for each in (path, path.with_name(path.name + "-wal")) if each.exists()
        )
        assert b"7781" not in raw and b"penicillin" not in raw
