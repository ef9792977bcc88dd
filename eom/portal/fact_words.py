"""What the facts of the audit trail say that are no values of a column. A test asks for every one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from eom.accounts.models import InvitationKind
from eom.core.i18n import lazy
from eom.observers.retention import KeptGroup

# How somebody proved who they are (accounts/security.py).
WAYS: dict[str, Any] = {
    "password": lazy("Password"),
    "code": lazy("Code"),
    "recovery code": lazy("Recovery code"),
    "passkey": lazy("Passkey"),
    "link": lazy("Link"),
}

# Why sessions ended (accounts/services/sessions.py, ``end_all``).
BECAUSE: dict[str, Any] = {
    "password or roles changed": lazy("The password or the roles changed"),
    "roles changed": lazy("The roles changed"),
    "a link was used": lazy("A link was used to choose a password"),
    "second factor reset": lazy("The second step was reset"),
    "deactivated": lazy("The account was deactivated"),
    "anonymised": lazy("Made anonymous"),
    "ended by the person": lazy("Ended by the person"),
    "ended by an administrator": lazy("Ended by an administrator"),
}

# Where a sign-in failed after the password (accounts/forms/sign_in.py), by the form.
STEPS: dict[str, Any] = {
    "CodeForm": lazy("Code"),
    "RecoveryCodeForm": lazy("Recovery code"),
    "FreshSignInForm": lazy("Fresh sign-in"),
    "NewPasswordForm": lazy("Change of the password"),
}

# By the name of the fact.
FACTS: dict[str, Mapping[str, Any]] = {
    "ways": WAYS,
    "because": BECAUSE,
    "step": STEPS,
    "group": KeptGroup.labels() | {"photo": lazy("Photo")},
    "kind": InvitationKind.labels(),
}

# Columns whose words are another's: Flask-Security's.
VALUES: dict[str, Mapping[str, Any]] = {
    "tf_primary_method": {"authenticator": lazy("Code of an application")}
}

# Who acts when no account does.
ACTORS: dict[str, Any] = {"nobody": lazy("Nobody signed in"), "system": lazy("The system")}
