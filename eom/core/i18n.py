"""The only door to Flask-Babel: words, numbers, dates and money in the reader's language.

``_`` translates now, ``lazy`` when shown, ``ngettext`` counts. Outside a request the language
is English unless ``in_locale`` says otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, tzinfo
from decimal import Decimal
from typing import Any

from babel import Locale
from babel import dates as babel_dates
from babel import numbers as babel_numbers
from flask_babel import force_locale, get_locale, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy

__all__ = ["LANGUAGES", "_", "lazy", "ngettext"]

# The regional variants are chosen on purpose: es_419 and es differ in the decimal separator, and
# the reports of the Organization in Spanish write 1,234.56; Portuguese is Brazil's.
FORMATS = {"en": "en_US", "es": "es_419", "fr": "fr_FR", "pt": "pt_BR"}
LANGUAGES = {"en": "English", "es": "Español", "fr": "Français", "pt": "Português"}


def language() -> str:
    """The reader's language: one of ``LANGUAGES``."""
    locale = get_locale()
    return locale.language if locale and locale.language in LANGUAGES else "en"


def format_locale(lang: str | None = None) -> Locale:
    """The locale in which numbers and dates of a language are written."""
    return Locale.parse(FORMATS[lang or language()])


@contextmanager
def in_locale(lang: str) -> Iterator[None]:
    """Everything inside is in ``lang`` (needs an application context)."""
    with force_locale(lang):
        yield


def number(value: Decimal | int | float | None, places: int | None = None) -> str:
    """A number as the reader writes it; an empty string for None."""
    if value is None:
        return ""
    pattern = None if places is None else "#,##0." + "0" * places if places else "#,##0"
    return babel_numbers.format_decimal(value, format=pattern, locale=format_locale())


def exact(value: Decimal | None) -> str:
    """A number with all its decimal places, as the reader writes it; an empty string for None."""
    if value is None:
        return ""
    pattern = "#,##0." + "#" * max(0, -int(value.normalize().as_tuple().exponent))
    return babel_numbers.format_decimal(value, format=pattern.rstrip("."), locale=format_locale())


def percent(share: float | Decimal | None, places: int = 1) -> str:
    """A share (0..1) as a percentage; an empty string for None."""
    if share is None:
        return ""
    pattern = "#,##0." + "0" * places + "%" if places else "#,##0%"
    return babel_numbers.format_percent(share, format=pattern, locale=format_locale())


def money(cents: int | None, currency: str = "USD") -> str:
    """Integer cents with their currency, as the reader writes money; empty for None."""
    if cents is None:
        return ""
    written = str(babel_numbers.format_currency(Decimal(cents) / 100, currency, locale=format_locale()))
    # Spanish of the Americas has no sign for the dollar of the United States: the Organization writes US$.
    return written.replace("USD", "US$\u00a0") if currency == "USD" else written


def day(value: date | None, style: str = "medium") -> str:
    """A calendar date in the reader's language; empty for None."""
    return babel_dates.format_date(value, style, locale=format_locale()) if value else ""


def moment(value: datetime | None, zone: tzinfo | str | None = None, style: str = "short") -> str:
    """An instant in a zone (UTC without one) in the reader's language; empty for None."""
    if value is None:
        return ""
    tz = babel_dates.get_timezone(zone) if isinstance(zone, str) else zone
    return babel_dates.format_datetime(value, style, tzinfo=tz, locale=format_locale())


def hour(value: datetime) -> str:
    """The hour of an instant in the zone it is in, in the reader's language."""
    return babel_dates.format_time(value, "short", tzinfo=value.tzinfo, locale=format_locale())


def country_name(code: str | None) -> str:
    """A country's name in the reader's language from its ISO 3166-1 alpha-3 code."""
    from eom.core.countries import alpha2

    if not code:
        return ""
    return str(format_locale().territories.get(alpha2(code) or "", code))


def month_name(value: date) -> str:
    """Month and year, as 'October 2019'."""
    return babel_dates.format_skeleton("yMMMM", value, locale=format_locale())


def language_name(code: str) -> str:
    """A language's own name from its ISO 639-1 code."""
    return str(format_locale().languages.get(code, code))


def currency_name(code: str) -> str:
    """A currency's name in the reader's language from its ISO 4217 code."""
    return babel_numbers.get_currency_name(code, locale=format_locale())


def sort_key(text: Any) -> str:
    """A key that sorts names without regard to case or accents."""
    import unicodedata

    folded = unicodedata.normalize("NFKD", str(text)).casefold()
    return "".join(c for c in folded if not unicodedata.combining(c))
