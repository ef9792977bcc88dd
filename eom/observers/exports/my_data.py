"""What is held about someone as a document and as rows: their own copy, readable by a machine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from eom.accounts.models import Membership, SignInSession, User
from eom.core.audit import AuditEntry
from eom.core.i18n import _
from eom.observers.models import Appointment, Person
from eom.observers.queries.my_data import MyData
from eom.observers.retention import SCHEDULE


def document(data: MyData, dossier: Mapping[str, str | None], at: datetime) -> dict[str, Any]:
    """Everything as JSON types, by what it is; days and instants as ISO 8601."""
    return {
        "produced_at": at.isoformat(),
        "account": _account(data.user),
        "person": _person(data.person) if data.person else None,
        "dossier": dict(dossier),
        "appointments": [_appointment(each) for each in data.appointments],
        "memberships": [_membership(each, code) for each, code in data.memberships],
        "sign_in_sessions": [_session(each) for each in data.sessions],
        "elsewhere": {each.name: each.count for each in data.elsewhere},
        "audit_trail": {
            "entries_about": data.about_count,
            "entries_by": data.by_count,
            "looks_at_the_dossier": [_look(each) for each in data.looks],
        },
        "kept_for_days_after_the_closing": {rule.group.value: rule.days for rule in SCHEDULE},
    }


def rows(content: Mapping[str, Any]) -> Iterator[list[Any]]:
    """The document as a table: part, field, value; headings first."""
    yield [_("Part"), _("Field"), _("Value")]
    for part, value in content.items():
        for name, plain in _leaves(value, ""):
            yield [part, name, plain]


def _leaves(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _leaves(inner, f"{path}.{name}".lstrip("."))
    elif isinstance(value, list):
        for place, inner in enumerate(value, 1):
            yield from _leaves(inner, f"{path} {place}".strip())
    else:
        yield path, value


def _account(user: User) -> dict[str, Any]:
    return {
        "name": user.name, "email": user.email, "language": user.language,
        "created_at": _written(user.created_at), "last_seen_at": _written(user.last_seen_at),
        "password_set_at": _written(user.password_set_at), "passkeys": [each.name for each in user.webauthn],
    }  # fmt: skip


def _membership(each: Membership, code: str | None) -> dict[str, Any]:
    return {
        "role": each.role.value, "mission": code, "starts_on": _written(each.starts_on),
        "ends_on": _written(each.ends_on),
    }  # fmt: skip


def _session(each: SignInSession) -> dict[str, Any]:
    return {
        "began_at": _written(each.began_at), "seen_at": _written(each.seen_at),
        "ended_at": _written(each.ended_at), "address": each.address, "device": each.device,
    }  # fmt: skip


def _look(each: AuditEntry) -> dict[str, Any]:
    return {"at": _written(each.at), "by": each.actor_name, "group": each.changes.get("group")}


def _person(person: Person) -> dict[str, Any]:
    return {
        "given_names": person.given_names, "family_names": person.family_names, "gender": person.gender.value,
        "nationalities": person.countries, "languages": person.languages, "expertise": person.expertise,
        "email": person.email, "phone": person.phone, "created_at": _written(person.created_at),
    }  # fmt: skip


def _appointment(each: Appointment) -> dict[str, Any]:
    return {
        "mission": each.mission.code, "role": each.role.value, "state": each.state.value,
        "expertise": each.expertise.value if each.expertise else None,
        "starts_on": _written(each.starts_on), "ends_on": _written(each.ends_on), "is_remote": each.is_remote,
        "counted_under": each.origin, "pledge_signed_on": _written(each.pledge_signed_on),
        "trained_on": _written(each.trained_on), "accredited_on": _written(each.accredited_on),
        "credential_number": each.credential_number,
        "pledges": [
            {"version": one.text_version, "language": one.language, "text": one.text, "sha256": one.text_sha256,
             "signed_at": _written(one.signed_at), "name": one.typed_name, "address": one.address}
            for one in each.pledges
        ],
    }  # fmt: skip


def _written(value: Any) -> str | None:
    return None if value is None else str(value.isoformat())
