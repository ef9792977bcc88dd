"""Settings: unsafe ones stop a production server by their name; every one is on the page of settings."""

from __future__ import annotations

import re

import pytest

from eom import create_app
from eom.core.vault import VaultError
from eom.settings import ROOT, Settings, UnsafeSettings
from tests.web.test_protection import SAFE_ENVIRONMENT


def read(tmp_path, **more: str) -> Settings:
    return Settings.from_environment({**SAFE_ENVIRONMENT, "EOM_INSTANCE": str(tmp_path), **more})


@pytest.mark.parametrize(
    ("name", "value"),
    [("EOM_HOST", ".example.org"), ("EOM_HOST", "*"), ("EOM_HOST", "https://observe.example.org"),
     ("EOM_HOST", "a.org,b.org"), ("EOM_PROXIES", "one"), ("EOM_PROXIES", "-1"), ("EOM_MAX_UPLOAD_MB", "1.5"), ("EOM_ROUTING_URL", "osrm:5000")],
)  # fmt: skip
def test_what_is_no_host_or_number_is_refused_by_name(tmp_path, name, value):
    with pytest.raises(UnsafeSettings, match=name):
        read(tmp_path, **{name: value})


def test_all_reasons_are_told_at_once():
    with pytest.raises(UnsafeSettings) as refused:
        Settings.from_environment({"EOM_ENV": "production", "FLASK_DEBUG": "1"})
    named = set(re.findall(r"EOM_[A-Z_]+|DATABASE_URL|FLASK_DEBUG", str(refused.value)))
    assert named >= {
        "EOM_SECRET_KEY", "EOM_PASSWORD_SALT", "EOM_FIELD_KEYS", "EOM_AUDIT_KEY", "EOM_HOST", "EOM_SECURITY_CONTACT",
        "FLASK_DEBUG", "DATABASE_URL",
    }  # fmt: skip


@pytest.mark.parametrize("keys", ["short", "c2hvcnQ=", "not base64!", "aaaa,bbbb"])
def test_a_key_of_the_vault_that_is_none_is_refused_by_name(tmp_path, keys):
    with pytest.raises(VaultError, match="EOM_FIELD_KEYS"):
        create_app(read(tmp_path, EOM_FIELD_KEYS=keys, DATABASE_URL=f"sqlite:///{tmp_path}/x.sqlite",
                        EOM_SQLITE_IN_PRODUCTION="yes"))  # fmt: skip


def test_sqlite_in_production_only_when_it_is_meant(tmp_path):
    where = f"sqlite:///{tmp_path}/x.sqlite"
    with pytest.raises(UnsafeSettings, match="EOM_SQLITE_IN_PRODUCTION"):
        read(tmp_path, DATABASE_URL=where)
    assert read(tmp_path, DATABASE_URL=where, EOM_SQLITE_IN_PRODUCTION="yes").production


def test_the_secrets_of_development_are_random_and_kept(tmp_path):
    def made(folder: str) -> Settings:
        return Settings.from_environment({"EOM_INSTANCE": str(tmp_path / folder)})

    one, again, other = made("a"), made("a"), made("b")
    for name in ("secret_key", "password_salt", "audit_key", "field_keys"):
        assert getattr(one, name) == getattr(again, name) != getattr(other, name)
    assert len({one.secret_key, one.password_salt, one.audit_key}) == 3
    assert [path.stat().st_mode & 0o077 for path in (tmp_path / "a").iterdir()] == [0] * 4


def test_no_secret_shows_in_the_words_of_the_settings(tmp_path):
    made = read(tmp_path)
    assert made.secret_key not in repr(made)
    assert made.field_keys[0] not in repr(made)
    assert made.audit_key not in repr(made)
    assert "password" not in repr(read(tmp_path, DATABASE_URL="postgresql://u:password@db/eom"))


def test_every_setting_is_on_the_page_of_settings():
    source = (ROOT / "eom" / "settings.py").read_text(encoding="utf-8")
    page = (ROOT / "docs" / "reference" / "settings.md").read_text(encoding="utf-8")
    read_ones = set(re.findall(r'"(EOM_[A-Z_]+|DATABASE_URL|FLASK_DEBUG)"', source))
    assert read_ones - set(re.findall(r"`([A-Z_]+)`", page)) == set()
