"""The base of every form: its payload for a service, and refusals shown on the field they concern."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from flask import request
from flask_wtf import FlaskForm
from sqlalchemy.exc import IntegrityError
from werkzeug.datastructures import CombinedMultiDict, MultiDict
from wtforms import FileField

from eom.core.errors import AppError, InvalidFile, RowError
from eom.core.i18n import lazy
from eom.extensions import db


class BaseForm(FlaskForm):  # type: ignore[misc]
    """A form whose fields are named as the arguments of the service it feeds."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        """Files reach the fields that ask for one, and no others."""

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """What was sent, as WTForms takes it."""
            given = super().wrap_formdata(form, formdata)
            if not isinstance(given, CombinedMultiDict):
                return given
            asked = {name for name, field in form._fields.items() if isinstance(field, FileField)}
            files = [(name, file) for name, file in request.files.items(multi=True) if name in asked]
            return CombinedMultiDict((MultiDict(files), request.form))

    # What is wrong inside a file that was sent, for the page's list of errors.
    file_errors: Sequence[RowError] = ()

    def payload(self) -> dict[str, Any]:
        """The fields' values by name, without the token and the button. Empty text is None."""
        left_out = {"csrf_token", "submit"}
        return {
            name: (None if value == "" else value)
            for name, value in self.data.items()
            if name not in left_out
        }

    @property
    def status(self) -> int:
        """422 once there are errors, else 200."""
        return 422 if self.errors else 200

    @contextmanager
    def shows_errors(self) -> Iterator[None]:
        """A refusal raised inside lands on its field (or the form); nothing stays half-written."""
        try:
            yield
        except AppError as error:
            db.session.rollback()
            if isinstance(error, InvalidFile):
                self.file_errors = error.errors
            self.refuse(str(error), error.field)
        except IntegrityError:
            db.session.rollback()
            self.refuse(str(lazy("Something with these values exists already.")))

    def refuse(self, message: str, field: str | None = None) -> None:
        """Put a message on a field, or on the form when there is no such field."""
        if field and field in self._fields:
            target = self._fields[field]
            target.errors = [*target.errors, message]
        else:
            self.form_errors.append(message)
