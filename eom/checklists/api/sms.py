"""Where SMS gateways hand over messages: an address with an unguessable part, and a signature or secret."""

from __future__ import annotations

import logging

from flask import Blueprint, Response, g, request
from werkzeug.datastructures import MultiDict

from eom.checklists import sms_gateways as wire
from eom.checklists.models.sms import GatewayKind, SmsGateway
from eom.checklists.queries import sms as queries
from eom.checklists.services import sms
from eom.core import audit, tokens
from eom.core.db import writing
from eom.extensions import csrf, db, limiter
from eom.missions.models.mission import Mission
from eom.web.access import public
from eom.web.limits import GATEWAYS, at_most
from eom.web.responses import committed, store
from eom.web.urls import absolute

bp = Blueprint("sms_webhook", __name__, url_prefix="/sms")
csrf.exempt(bp)
MAX_BYTES = 16 * 1024
REASON = "the secret in the address and the gateway’s signature or secret say who hands a message over"
READERS = {
    GatewayKind.TWILIO: wire.from_twilio,
    GatewayKind.TELERIVET: wire.from_telerivet,
    GatewayKind.KANNEL: wire.from_kannel,
}
ANSWERS = {
    GatewayKind.TWILIO: wire.twilio_answer,
    GatewayKind.TELERIVET: wire.telerivet_answer,
    GatewayKind.KANNEL: wire.kannel_answer,
}
log = logging.getLogger(__name__)


def _gateway_key() -> str:
    """One count for each gateway, whatever address it comes from."""
    return f"sms:{tokens.digest(str((request.view_args or {}).get('address', '')))}"


@bp.route("/<address>", methods=["GET", "POST"])
@public(REASON)
@at_most(MAX_BYTES)
@limiter.limit(GATEWAYS, key_func=_gateway_key)
def receive(address: str) -> Response:
    """Take a message and answer its sender; 404 for an unknown address, 403 for a wrong signature or secret."""
    # Kannel fetches with GET, and a GET of Kannel keeps its message too.
    with writing():
        db.session.rollback()
        gateway = queries.gateway_at(db.session(), address)
        if gateway is None or not _speaks(gateway):
            return _bare(404)
        parameters = _parameters(gateway)
        if not _is_proven(gateway, address, parameters):
            log.warning("SMS gateway %s: wrong signature or secret, request %s", gateway.id, g.request_id)
            return _bare(403)
        return _taken(gateway, parameters)


def _taken(gateway: SmsGateway, parameters: wire.Parameters) -> Response:
    incoming = READERS[gateway.kind](parameters)
    said = ""
    if incoming is not None:
        name = f"SMS gateway № {gateway.id}"
        audit.acting(db.session(), None, name, g.request_id, address=request.remote_addr)
        mission = db.session.get_one(Mission, gateway.mission_id)
        said = sms.take(mission, store(), gateway, incoming).said or ""
    body, content_type = ANSWERS[gateway.kind](said)
    answer = Response(body, content_type=content_type)
    answer.headers["Cache-Control"] = "no-store"
    return committed(answer)  # type: ignore[no-any-return]


def _speaks(gateway: SmsGateway) -> bool:
    """Whether the gateway's protocol has this method."""
    return request.method == "POST" or (request.method == "GET" and gateway.kind is GatewayKind.KANNEL)


def _parameters(gateway: SmsGateway) -> wire.Parameters:
    """What came, by name: the body of the others; with Kannel the address, the body and its headers."""
    if gateway.kind is not GatewayKind.KANNEL:
        return dict(request.form.lists())
    came: MultiDict[str, str] = MultiDict(request.args)
    came.update(request.form)
    if request.method == "POST" and "text" not in came and request.mimetype == "text/plain":
        came["text"] = _decoded(request.get_data(), request.mimetype_params.get("charset", "utf-8"))
    if "from" not in came and (sender := request.headers.get("X-Kannel-From")):
        came["from"] = sender
    return dict(came.lists())


def _decoded(data: bytes, charset: str) -> str:
    """The text of a body; Kannel posts what is not of the GSM alphabet in UTF-16BE and says so."""
    try:
        return data.decode(charset, "replace")
    except LookupError:
        return data.decode("utf-8", "replace")


def _is_proven(gateway: SmsGateway, address: str, parameters: wire.Parameters) -> bool:
    """Whether the gateway has shown that it is the one."""
    if gateway.kind is GatewayKind.TWILIO:
        query = request.query_string.decode("latin-1")
        url = absolute(".receive", address=address) + (f"?{query}" if query else "")
        signature = request.headers.get("X-Twilio-Signature", "")
        return wire.is_signed(str(gateway.auth_token), url, parameters, signature)
    given = request.headers.get(wire.HEADER) or (parameters.get("secret") or [""])[0]
    return wire.is_secret(str(gateway.secret_sha256), given)


def _bare(status: int) -> Response:
    answer = Response(status=status, content_type="text/plain; charset=utf-8")
    answer.headers["Cache-Control"] = "no-store"
    return answer
