"""Closing: a form or a version is offered to nobody any more; what comes late is kept and marked."""

from __future__ import annotations

from eom.checklists.models.form import Form, FormVersion
from eom.core import audit, clock
from eom.core.errors import Refused
from eom.core.i18n import lazy
from eom.extensions import db


def close_form(form: Form) -> None:
    """Offer a form to nobody. Raises Refused when it is closed already."""
    if form.closed_at is not None:
        raise Refused(lazy("This form is closed already."))
    form.closed_at = clock.now()
    db.session.flush()


def reopen_form(form: Form) -> None:
    """Offer the form's current version again. Raises Refused when it is open."""
    if form.closed_at is None:
        raise Refused(lazy("This form is open."))
    form.closed_at = None
    db.session.flush()


def close_version(version: FormVersion) -> None:
    """Close one version; the current one leaves the lists. Raises Refused when it is closed already."""
    if version.closed_at is not None:
        raise Refused(lazy("This version is closed already."))
    version.closed_at = clock.now()
    _record("closed", version)


def reopen_version(version: FormVersion) -> None:
    """Open a version again. Raises Refused when it is open."""
    if version.closed_at is None:
        raise Refused(lazy("This version is open."))
    version.closed_at = None
    _record("reopened", version)


def _record(action: str, version: FormVersion) -> None:
    db.session.flush()
    audit.record(
        db.session(), action, "form_versions", version.id, str(version)[:200],
        mission_id=version.form.mission_id, form_id=version.form.form_id, version=version.version,
    )  # fmt: skip
