"""What Flask-Security says to people, in our words: its own catalogues lack most of Portuguese."""

from __future__ import annotations

from typing import Any

from eom.core.i18n import lazy

WRONG_PASSWORD = lazy("The e-mail address or the password is wrong.")
WRONG_CODE = lazy("This code is not valid: type the newest one that the application shows.")

# Name of the message without SECURITY_MSG_, its words and its kind.
MESSAGES: dict[str, tuple[Any, str]] = {
    "ANONYMOUS_USER_REQUIRED": (lazy("You are signed in already."), "info"),
    "API_ERROR": (lazy("This page was open for too long. Start again."), "error"),
    "DISABLED_ACCOUNT": (WRONG_PASSWORD, "error"),
    "EMAIL_NOT_PROVIDED": (lazy("Type your e-mail address."), "error"),
    "GENERIC_AUTHN_FAILED": (WRONG_PASSWORD, "error"),
    "INVALID_CODE": (WRONG_CODE, "error"),
    "INVALID_EMAIL_ADDRESS": (lazy("This is no e-mail address."), "error"),
    "INVALID_INPUT": (lazy("This cannot be read: type it once more."), "error"),
    "INVALID_INPUT_LENGTH": (lazy("This is too long."), "error"),
    "INVALID_PASSWORD": (lazy("This password is wrong."), "error"),
    "INVALID_RECOVERY_CODE": (lazy("This is none of your recovery codes, or it was used before."), "error"),
    "LOGIN": (lazy("You are signed in."), "success"),
    "NO_RECOVERY_CODES_SETUP": (lazy("You have no recovery codes yet."), "info"),
    "PASSWORD_CHANGE": (lazy("Your password is changed; everywhere else you are signed out."), "success"),
    "PASSWORD_INVALID_LENGTH": (lazy("A password needs at least %(length)s characters."), "error"),
    "PASSWORD_IS_THE_SAME": (lazy("The new password must be another one."), "error"),
    "PASSWORD_MISMATCH": (lazy("This password is wrong."), "error"),
    "PASSWORD_NOT_PROVIDED": (lazy("Type your password."), "error"),
    "PASSWORD_TOO_SIMPLE": (lazy("This password is too easy to guess."), "error"),
    "REAUTHENTICATION_REQUIRED": (lazy("Confirm that it is you: this needs a fresh sign-in."), "info"),
    "REAUTHENTICATION_SUCCESSFUL": (lazy("Thank you: go on."), "success"),
    "REFRESH": (lazy("Confirm that it is you: this needs a fresh sign-in."), "info"),
    "RETYPE_PASSWORD_MISMATCH": (lazy("The two passwords are not the same."), "error"),
    "TWO_FACTOR_CHANGE_METHOD_SUCCESSFUL": (
        lazy("The code of your application is now asked for when you sign in."),
        "success",
    ),
    "TWO_FACTOR_DISABLED": (lazy("No code is asked for any more when you sign in."), "success"),
    "TWO_FACTOR_INVALID_TOKEN": (WRONG_CODE, "error"),
    "TWO_FACTOR_LOGIN_SUCCESSFUL": (lazy("You are signed in."), "success"),
    "TWO_FACTOR_METHOD_NOT_AVAILABLE": (lazy("This cannot be chosen."), "error"),
    "TWO_FACTOR_PERMISSION_DENIED": (lazy("Sign in with your password first."), "error"),
    "TWO_FACTOR_SETUP_EXPIRED": (lazy("This took too long. Start again."), "error"),
    "UNAUTHENTICATED": (lazy("Sign in to see this page."), "info"),
    "UNAUTHORIZED": (lazy("Your role does not include this."), "error"),
    "USER_DOES_NOT_EXIST": (WRONG_PASSWORD, "error"),
    "WEBAUTHN_CREDENTIAL_DELETED": (lazy("The passkey “%(name)s” is removed."), "success"),
    "WEBAUTHN_CREDENTIAL_ID_INUSE": (lazy("This passkey is registered already."), "error"),
    "WEBAUTHN_CREDENTIAL_WRONG_USAGE": (lazy("This passkey cannot be used here."), "error"),
    "WEBAUTHN_EXPIRED": (lazy("This took too long. Start again."), "error"),
    "WEBAUTHN_MISMATCH_USER_HANDLE": (lazy("This passkey belongs to another account."), "error"),
    "WEBAUTHN_NAME_DISALLOWED_CHARACTERS": (
        lazy("The name of a passkey has letters, digits, spaces and hyphens only."),
        "error",
    ),
    "WEBAUTHN_NAME_INUSE": (lazy("You have a passkey named “%(name)s” already."), "error"),
    "WEBAUTHN_NAME_NOT_FOUND": (lazy("You have no passkey named “%(name)s”."), "error"),
    "WEBAUTHN_NAME_REQUIRED": (lazy("Give the passkey a name."), "error"),
    "WEBAUTHN_NO_VERIFY": (lazy("The passkey could not be checked. Try again."), "error"),
    "WEBAUTHN_ORPHAN_CREDENTIAL_ID": (lazy("This passkey belongs to no account."), "error"),
    "WEBAUTHN_REGISTER_SUCCESSFUL": (lazy("The passkey “%(name)s” is registered."), "success"),
    "WEBAUTHN_UNKNOWN_CREDENTIAL_ID": (lazy("This passkey belongs to no account here."), "error"),
}


def settings() -> dict[str, tuple[Any, str]]:
    """The messages as Flask-Security's settings."""
    return {f"SECURITY_MSG_{name}": value for name, value in MESSAGES.items()}
