"""Mail, where the installation has a server for it (EOM_SMTP_URL); everything works without."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

TIMEOUT_SECONDS = 5.0


@dataclass(frozen=True)
class Letter:
    """A mail in plain text, and the same as a page for readers that prefer one."""

    to: str
    subject: str
    text: str
    html: str | None = None


class NotSent(RuntimeError):
    """The server did not take the mail; the message says why, for the log."""


def send(letter: Letter, *, smtp_url: str, sender: str) -> None:
    """Hand a letter to the server of ``smtp://user:password@host:587`` or ``smtps://…:465``.

    Over ``smtp`` the connection is encrypted (STARTTLS) before a password or a letter goes out, but to a
    server on this machine. Raises NotSent, also when the server offers no encryption.
    """
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, letter.to, letter.subject
    message.set_content(letter.text)
    if letter.html:
        message.add_alternative(letter.html, subtype="html")
    url = urlsplit(smtp_url)
    try:
        with _server(url.scheme, url.hostname or "localhost", url.port) as server:
            if url.scheme == "smtp" and (url.username or not _is_here(url.hostname)):
                server.starttls(context=ssl.create_default_context())
            if url.username:
                server.login(unquote(url.username), unquote(url.password or ""))
            server.send_message(message)
    except (OSError, smtplib.SMTPException) as error:
        raise NotSent(f"{url.hostname}: {error}") from error


def _server(scheme: str, host: str, port: int | None) -> smtplib.SMTP:
    if scheme == "smtps":
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(host, port or 465, timeout=TIMEOUT_SECONDS, context=context)
    return smtplib.SMTP(host, port or 587, timeout=TIMEOUT_SECONDS)


def _is_here(host: str | None) -> bool:
    return host in (None, "", "localhost", "127.0.0.1", "::1")
