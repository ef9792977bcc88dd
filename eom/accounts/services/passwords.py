"""The policy for passwords: long enough, not a common one, not made of what is known of the person.

No rule asks for kinds of characters and none makes a password expire (NIST SP 800-63B, 5.1.1.2;
OWASP ASVS 5, 6.2): length and the list of common passwords are what counts.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from flask_security.utils import hash_password

from eom.accounts.models import User
from eom.accounts.services import sessions
from eom.core import clock
from eom.core.errors import InvalidInput
from eom.core.i18n import lazy
from eom.extensions import db

MINIMUM_LENGTH = 12
MAXIMUM_LENGTH = 128
# How much of it must be other than the person's own name and address.
MINIMUM_OWN = 8
SHORTEST_WORD = 3
# How many guesses a password must withstand by zxcvbn's estimate: its score 3 of 4.
MINIMUM_GUESSES = 10**8
# zxcvbn's time grows with the length: the rest of a long password only adds to it.
LENGTH_LOOKED_AT = 72


def normal(password: str) -> str:
    """The password as it is hashed: letters with accents in one form, whatever keyboard made them."""
    return unicodedata.normalize("NFKD", password)


def check(password: str, *, email: str, name: str) -> str:
    """The password in its normal form.

    Raises InvalidInput on the field "password": fewer than 12 or more than 128 characters, one of the
    common passwords that zxcvbn lists, one made of the person's own name or address, or easily guessed.
    """
    plain = normal(password)
    if len(plain) < MINIMUM_LENGTH:
        raise InvalidInput(
            lazy(
                "A password needs at least %(n)d characters: three or four words that do not belong together.",
                n=MINIMUM_LENGTH,
            ),
            "password",
        )
    if len(plain) > MAXIMUM_LENGTH:
        raise InvalidInput(lazy("A password has at most %(n)d characters.", n=MAXIMUM_LENGTH), "password")
    if plain.casefold() in _common():
        raise InvalidInput(
            lazy("This password is on the list of the most common ones: choose another."), "password"
        )
    known = _known(email, name)
    if len(_without(plain, known)) < MINIMUM_OWN or _guesses(plain, known) < MINIMUM_GUESSES:
        raise InvalidInput(
            lazy(
                "This password is too easy to guess: leave out names, dates, rows of keys and repetitions, or add words."
            ),
            "password",
        )
    return plain


def set_password(user: User, password: str, *, keep: str | None = None) -> None:
    """Give an account a password that the policy allows, and end its sessions but the one of token ``keep``.

    Raises InvalidInput as ``check``.
    """
    plain = check(password, email=user.email, name=user.name)
    user.password = hash_password(plain)
    user.password_set_at = clock.now()
    sessions.end_all(user, keep=keep)
    db.session.flush()


@cache
def _common() -> frozenset[str]:
    """Some thirty thousand common passwords, bundled with zxcvbn."""
    from zxcvbn.frequency_lists import FREQUENCY_LISTS  # type: ignore[import-untyped]

    return frozenset(FREQUENCY_LISTS["passwords"])


def _known(email: str, name: str) -> list[str]:
    """The words that a guesser knows of the person, the longest first."""
    pieces = re.split(r"[^a-z0-9]+", _bare(f"{email} {name} {email.partition('@')[0]} observation"))
    return sorted({each for each in pieces if len(each) >= SHORTEST_WORD}, key=len, reverse=True)


def _without(plain: str, known: list[str]) -> str:
    """The letters and digits of a password that are not the person's own words."""
    left = re.sub(r"[^\w]", "", _bare(plain))
    for word in known:
        left = left.replace(word, "")
    return left


def _bare(text: str) -> str:
    """The text in small letters without accents."""
    return "".join(each for each in normal(text).casefold() if not unicodedata.combining(each))


def _guesses(plain: str, known: list[str]) -> float:
    from zxcvbn import zxcvbn

    return float(zxcvbn(plain[:LENGTH_LOOKED_AT], user_inputs=known)["guesses"])
