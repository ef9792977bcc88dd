"""Setting SMS up: gateways with their secrets, and the letters of each form."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping

from eom.checklists import sms_plan
from eom.checklists.models.form import FormVersion
from eom.checklists.models.sms import GatewayKind, SmsGateway, SmsPlan
from eom.checklists.queries import sms as queries
from eom.checklists.queries.forms import definition
from eom.checklists.sms_code import MAX_SIGN
from eom.core import tokens
from eom.core.errors import InvalidInput, Refused
from eom.core.i18n import lazy
from eom.extensions import db
from eom.missions.models.mission import Mission

ADDRESS_BYTES = 24
SECRET_BYTES = 24
_SIGN = re.compile(rf"[A-Z]{{1,{MAX_SIGN}}}")
_KEYWORD = re.compile(r"[A-Z]{2,12}")


def add_gateway(
    mission: Mission, *, name: str, kind: GatewayKind, auth_token: str | None = None
) -> tuple[SmsGateway, str, str]:
    """Set a gateway up; return it with the unguessable part of its address and its secret, kept nowhere.

    Twilio signs with ``auth_token``, which is sealed, and has no other secret. The letters of the forms that
    there are become fixed, so that printed cards stay right. Raises InvalidInput on "name", "auth_token".
    """
    if not name or not name.strip():
        raise InvalidInput(lazy("Give the gateway a name."), "name")
    address, secret = secrets.token_urlsafe(ADDRESS_BYTES), ""
    gateway = SmsGateway(
        mission_id=mission.id, name=name.strip()[:100], kind=kind, address_sha256=tokens.digest(address)
    )
    if kind is GatewayKind.TWILIO:
        gateway.auth_token = _token(auth_token)
    else:
        secret = secrets.token_urlsafe(SECRET_BYTES)
        gateway.secret_sha256 = tokens.digest(secret)
    db.session.add(gateway)
    _fix_letters(mission)
    db.session.flush()
    return gateway, address, secret


def _token(auth_token: str | None) -> str:
    token = (auth_token or "").strip()
    if not (16 <= len(token) <= 100 and token.isascii() and token.isprintable()):
        raise InvalidInput(lazy("Copy the Auth Token from Twilio’s console: 32 characters."), "auth_token")
    return token


def renew(gateway: SmsGateway, auth_token: str | None = None) -> tuple[str, str]:
    """Give a gateway a new address and secret; the old ones end at once. Returns both."""
    address, secret = secrets.token_urlsafe(ADDRESS_BYTES), ""
    gateway.address_sha256 = tokens.digest(address)
    if gateway.kind is not GatewayKind.TWILIO:
        secret = secrets.token_urlsafe(SECRET_BYTES)
        gateway.secret_sha256 = tokens.digest(secret)
    elif auth_token:
        gateway.auth_token = _token(auth_token)
    db.session.flush()
    return address, secret


def change(gateway: SmsGateway, *, name: str | None, auth_token: str | None = None) -> None:
    """Give a gateway another name and, with Twilio, another token; without one the token stays.

    Raises InvalidInput on "name", "auth_token"; Conflict when the name is taken.
    """
    if not name or not name.strip():
        raise InvalidInput(lazy("Give the gateway a name."), "name")
    gateway.name = name.strip()[:100]
    if auth_token and gateway.kind is GatewayKind.TWILIO:
        gateway.auth_token = _token(auth_token)
    db.session.flush()


def renew_secret(gateway: SmsGateway) -> str:
    """Give a gateway a new secret under its old address; the old secret ends at once.

    Raises Refused for Twilio, which signs with a token of its own.
    """
    if gateway.kind is GatewayKind.TWILIO:
        raise Refused(
            lazy("Twilio signs with its Auth Token: it has no other secret."),
            next_step=lazy("Make a new token in Twilio’s console and copy it here."),
        )
    secret = secrets.token_urlsafe(SECRET_BYTES)
    gateway.secret_sha256 = tokens.digest(secret)
    db.session.flush()
    return secret


def switch(gateway: SmsGateway, *, is_on: bool) -> None:
    """Take messages from a gateway, or from now on not."""
    gateway.is_on = is_on
    db.session.flush()


def _fix_letters(mission: Mission) -> None:
    """Keep what is proposed for each form that nobody decided about."""
    kept = queries.plans(db.session(), mission)
    for version, book in queries.books(db.session(), mission):
        if version.form_id not in kept:
            signs = {code.sign: code.key for code in book.codes}
            db.session.add(
                SmsPlan(mission_id=mission.id, form_id=version.form_id, keyword=book.keyword, signs=signs)
            )


def set_letters(mission: Mission, version: FormVersion, *, keyword: str, signs: Mapping[str, str]) -> SmsPlan:
    """Decide the word and letters of a form: ``signs`` by question key, empty for one that is not asked.

    Raises InvalidInput on "keyword" or the question's key, for a word or letter that is taken or none.
    """
    plan = queries.plans(db.session(), mission).get(version.form_id)
    word = (keyword or "").strip().upper()
    if not _KEYWORD.fullmatch(word):
        raise InvalidInput(lazy("Write a word of 2 to 12 letters from A to Z."), "keyword")
    others = {
        each.keyword
        for each in queries.plans(db.session(), mission).values()
        if each.form_id != version.form_id
    }
    if word in others | sms_plan.RESERVED:
        raise InvalidInput(lazy("“%(word)s” stands for something else already.", word=word), "keyword")
    chosen = _chosen(version, signs)
    if plan is None:
        plan = SmsPlan(mission_id=mission.id, form_id=version.form_id, keyword=word, signs=chosen)
        db.session.add(plan)
    plan.keyword, plan.signs = word, chosen
    db.session.flush()
    return plan


def _chosen(version: FormVersion, signs: Mapping[str, str]) -> dict[str, str]:
    """Question keys by sign. A sign that begins like another could be read two ways when glued: refused."""
    carried = sms_plan.carried(definition(version))
    chosen: dict[str, str] = {}
    for key, written in signs.items():
        sign = (written or "").strip().upper()
        if not sign or key not in carried:
            continue
        if not _SIGN.fullmatch(sign):
            raise InvalidInput(lazy("Write one letter from A to Z, or a short word."), key)
        if any(sign.startswith(each) or each.startswith(sign) for each in chosen):
            raise InvalidInput(lazy("“%(sign)s” is taken, or begins like another one.", sign=sign), key)
        chosen[sign] = key
    return chosen
