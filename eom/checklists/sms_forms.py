"""What is sent from the pages on SMS."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from wtforms import PasswordField

from eom.checklists.models.sms import GatewayKind, SmsGateway, SmsMessage
from eom.checklists.sms_code import MAX_SIGN, CodeBook
from eom.checklists.xlsform_form import Question
from eom.core.i18n import lazy
from eom.web.fields import ChoiceField, EnumField, NoteField, TextField
from eom.web.forms import BaseForm


class GatewayForm(BaseForm):
    """A gateway to set up."""

    name = TextField(lazy("Name of the gateway"), length=100, needed=True)
    kind = EnumField(lazy("Service"), GatewayKind, needed=True)
    auth_token = PasswordField(
        lazy("Auth Token"), description=lazy("Only for Twilio: it signs with it. It is kept sealed.")
    )


class GatewayEditForm(BaseForm):
    """A gateway as it stands: its name and, with Twilio, a new token."""

    name = TextField(lazy("Name of the gateway"), length=100, needed=True)
    auth_token = PasswordField(
        lazy("New Auth Token"),
        description=lazy("Left empty, the token that Twilio signs with stays as it is."),
    )

    @classmethod
    def of(cls, gateway: SmsGateway) -> GatewayEditForm:
        """The form of a gateway; only Twilio has a token."""
        made = cls(name=gateway.name)
        if gateway.kind is not GatewayKind.TWILIO:
            del made.auth_token
        return made


class RereadForm(BaseForm):
    """A message's text as corrected, and whose it is."""

    appointment_id = ChoiceField(lazy("Whose message it is"))
    text = NoteField(lazy("Message"), length=1600, needed=True)

    @classmethod
    def of(cls, message: SmsMessage, people: list[tuple[str, str]], *formdata: Any) -> RereadForm:
        """The form as the message stands; with ``None`` nothing that was sent is taken into it."""
        given: dict[str, Any] = {"formdata": None} if formdata else {}
        text = message.corrected_text or message.text or ""
        made = cls(text=text, appointment_id=str(message.appointment_id or ""), **given)
        made.appointment_id.choices = [("", lazy("Choose…")), *people]
        return made


class AsideForm(BaseForm):
    """Why a message is set aside."""

    reason = TextField(lazy("Reason"), length=500, needed=True)


class LettersForm(BaseForm):
    """The word of a form; ``letters_form`` adds a field for each question."""

    keyword = TextField(lazy("Word that a message begins with"), length=12, needed=True)


def letters_form(book: CodeBook, questions: Sequence[Question], language: str) -> LettersForm:
    """The form for the word and letters of a book; fields ``q0``, ``q1``… in the order of the questions."""
    signs = {code.key: code.sign for code in book.codes}
    fields = {
        f"q{place}": TextField(each.label(language), length=MAX_SIGN) for place, each in enumerate(questions)
    }
    made = type("LettersFormOfBook", (LettersForm,), dict(fields))
    values = {f"q{place}": signs.get(each.key, "") for place, each in enumerate(questions)}
    return cast(LettersForm, made(keyword=book.keyword, **values))
