"""What every shell command shares: one transaction, errors in words, exit code 2."""

from __future__ import annotations

import getpass
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

import click
from flask import current_app
from flask.cli import with_appcontext

from eom.core import audit
from eom.core.db import writing
from eom.core.errors import AppError, InvalidFile, NotFound
from eom.core.i18n import lazy
from eom.extensions import db

F = TypeVar("F", bound=Callable[..., Any])


def writes(command: F) -> F:
    """Run the command in one writing transaction; print a refusal and exit 2."""
    return _wrap(command, intends=True)


def reads(command: F) -> F:
    """Run the command without writing; print a refusal and exit 2."""
    return _wrap(command, intends=False)


def _wrap(command: Any, *, intends: bool) -> Any:
    @with_appcontext
    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        try:
            with writing(intends):
                audit.acting(db.session(), None, f"shell ({getpass.getuser()})")
                result = command(*args, **kwargs)
                if intends:
                    db.session.commit()
                return result
        except AppError as error:
            db.session.rollback()
            click.echo(f"error: {error}", err=True)
            for each in getattr(error, "errors", [])[:50] if isinstance(error, InvalidFile) else []:
                where = ", ".join(
                    part
                    for part in (each.row and f"row {each.row}", each.column and f"column {each.column}")
                    if part
                )
                click.echo(f"  {where}: {each.value!r}; {each.expected}", err=True)
            raise SystemExit(2) from None

    return run


def mission(code: str) -> Any:
    """The mission of a code. Raises NotFound."""
    found = current_app.extensions["eom_policy"].load_mission(code)
    if found is None:
        raise NotFound(lazy("There is no mission “%(code)s”.", code=code))
    return found
