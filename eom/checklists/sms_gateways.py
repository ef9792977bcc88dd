"""The wire of SMS gateways: how each sends a message, proves who it is, and takes an answer.

Twilio: "Validating requests" (HMAC-SHA1 over the address and the sorted parameters) and TwiML. Telerivet:
webhook API (fields of a form with a shared ``secret``, JSON answer). Kannel: ``get-url`` or ``post-url`` of an
sms-service with escape codes (User Guide, "SMS-service configurations"), plain text answer.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.sax.saxutils import escape

KANNEL_QUERY = "from=%q&text=%a&id=%I&at=%T"
HEADER = "X-Gateway-Secret"
MAX_ID = 120
MAX_NUMBER = 40
Parameters = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Incoming:
    """A message as a gateway hands it over. ``message_id`` is the gateway's own, or made from what came."""

    message_id: str
    number: str
    text: str
    sent_at: datetime | None = None


def twilio_signature(auth_token: str, address: str, parameters: Parameters) -> str:
    """What Twilio sends as X-Twilio-Signature for this address and these parameters of the body."""
    signed = address + "".join(
        f"{name}{value}" for name in sorted(parameters) for value in sorted(set(parameters[name]))
    )
    made = hmac.new(auth_token.encode(), signed.encode("utf-8", "surrogatepass"), hashlib.sha1)
    return base64.b64encode(made.digest()).decode()


def is_signed(auth_token: str, address: str, parameters: Parameters, signature: str) -> bool:
    """Whether Twilio signed this request; compared in constant time."""
    try:
        given = base64.b64decode(signature, validate=True)
    except (binascii.Error, ValueError):
        return False
    expected = base64.b64decode(twilio_signature(auth_token, address, parameters))
    return hmac.compare_digest(expected, given)


def is_secret(kept_sha256: str, given: str) -> bool:
    """Whether a secret is the one whose SHA-256 is kept; compared in constant time."""
    made = hashlib.sha256(given.encode("utf-8", "surrogatepass")).hexdigest()
    return hmac.compare_digest(made, kept_sha256)


def from_twilio(parameters: Parameters) -> Incoming | None:
    """A message in Twilio's form; None for a request that is no message."""
    return _incoming(parameters, "MessageSid", "From", "Body", "")


def from_telerivet(parameters: Parameters) -> Incoming | None:
    """A message in Telerivet's form; None for another event (a delivery report, a call)."""
    if _first(parameters, "event") != "incoming_message":
        return None
    return _incoming(parameters, "id", "from_number", "content", "time_created")


def from_kannel(parameters: Parameters) -> Incoming | None:
    """A message in the form of our own ``get-url``; None when sender or text is missing."""
    return _incoming(parameters, "id", "from", "text", "at")


def _incoming(parameters: Parameters, id_: str, number: str, text: str, at: str) -> Incoming | None:
    sender = _clean(_first(parameters, number))[:MAX_NUMBER]
    if not sender or text not in parameters:
        return None
    content = _clean(_first(parameters, text))
    when = _first(parameters, at) if at else ""
    given = _clean(_first(parameters, id_)).strip()
    # A gateway that gives no id is known by what it sent: the same again is the same message.
    made = hashlib.sha256(f"{sender}\n{when}\n{content}".encode()).hexdigest()
    message_id = given if 0 < len(given) <= MAX_ID else made
    return Incoming(message_id, sender, content, _moment(when))


def _first(parameters: Parameters, name: str) -> str:
    values = parameters.get(name) or [""]
    return values[0]


def _clean(text: str) -> str:
    """Without what no database keeps: NUL, other control characters, halves of a pair."""
    return "".join(
        char if char.isprintable() else " " for char in text.encode("utf-8", "replace").decode("utf-8")
    ).strip()


def _moment(text: str) -> datetime | None:
    """An instant given in seconds of the Unix epoch."""
    if not (text.isascii() and text.isdigit() and len(text) <= 11):
        return None
    try:
        return datetime.fromtimestamp(int(text), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def twilio_answer(text: str) -> tuple[bytes, str]:
    """TwiML that sends an answer (none for an empty text), and its content type."""
    message = f"<Message>{escape(text)}</Message>" if text else ""
    body = f'<?xml version="1.0" encoding="UTF-8"?><Response>{message}</Response>'
    return body.encode(), "text/xml; charset=utf-8"


def telerivet_answer(text: str) -> tuple[bytes, str]:
    """The JSON that has Telerivet send an answer, and its content type."""
    messages = [{"content": text}] if text else []
    return json.dumps({"messages": messages}).encode(), "application/json"


def kannel_answer(text: str) -> tuple[bytes, str]:
    """The plain text that Kannel sends on, and its content type."""
    return text.encode(), "text/plain; charset=utf-8"
