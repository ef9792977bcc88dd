"""Fields that are told the thing they ask for, read what people type, and answer in their words."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import available_timezones

from wtforms import (
    BooleanField,
    DateField,
    FileField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from eom.core import countries, i18n
from eom.core.i18n import _, lazy
from eom.core.money import current_currencies

__all__ = ["BooleanField", "SelectField", "StringField", "TextAreaField"]


def required(message: Any = None) -> list[Any]:
    """The validators of a field that must be given."""
    return [InputRequired(message or lazy("This must be given."))]


class TextField(StringField):  # type: ignore[misc]
    """One line of text, stripped, within ``length`` characters."""

    def __init__(self, label: Any, *, length: int = 200, needed: bool = False, **kwargs: Any) -> None:
        limits = [Length(max=length, message=lazy("At most %(max)d characters."))]
        validators = [*(required() if needed else [Optional()]), *limits, *kwargs.pop("validators", [])]
        filters = [lambda value: value.strip() if isinstance(value, str) else value]
        super().__init__(label, validators=validators, filters=filters, **kwargs)


class NoteField(TextAreaField):  # type: ignore[misc]
    """Some lines of text, within ``length`` characters."""

    def __init__(self, label: Any, *, length: int = 4000, needed: bool = False, **kwargs: Any) -> None:
        limits = [Length(max=length, message=lazy("At most %(max)d characters."))]
        super().__init__(label, validators=[*(required() if needed else [Optional()]), *limits], **kwargs)


class DayField(DateField):  # type: ignore[misc]
    """A calendar date, sent as YYYY-MM-DD by the browser's own date picker."""

    def __init__(self, label: Any, *, needed: bool = False, **kwargs: Any) -> None:
        super().__init__(label, validators=required() if needed else [Optional()], **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        text = " ".join(valuelist).strip()
        self.data: date | None = None
        if text:
            try:
                self.data = datetime.strptime(text, "%Y-%m-%d").date()
            except ValueError:
                raise ValueError(
                    _("“%(text)s” is no date: year-month-day was expected.", text=text)
                ) from None


class ClockField(TimeField):  # type: ignore[misc]
    """A time of day, HH:MM."""

    def __init__(self, label: Any, *, needed: bool = False, **kwargs: Any) -> None:
        super().__init__(label, validators=required() if needed else [Optional()], **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        text = " ".join(valuelist).strip()
        self.data: time | None = None
        if text:
            try:
                self.data = datetime.strptime(text[:5], "%H:%M").time()
            except ValueError:
                raise ValueError(_("“%(text)s” is no time of day: HH:MM was expected.", text=text)) from None


class NumberField(StringField):  # type: ignore[misc]
    """A number as the reader writes it; ``data`` is a Decimal or None."""

    def __init__(
        self,
        label: Any,
        *,
        needed: bool = False,
        minimum: Decimal | int | None = 0,
        maximum: Decimal | int | None = None,
        places: int = 6,
        **kwargs: Any,
    ) -> None:
        super().__init__(label, validators=required() if needed else [Optional()], **kwargs)
        self.minimum, self.maximum, self.places = minimum, maximum, places
        self.render_kw: dict[str, Any] = {"inputmode": "decimal", **(kwargs.get("render_kw") or {})}

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else i18n.exact(Decimal(str(self.data)))

    def process_formdata(self, valuelist: list[str]) -> None:
        from eom.core.money import parse_amount

        text = " ".join(valuelist).strip()
        self.data: Any = None
        if not text:
            return
        try:
            value = parse_amount(text, i18n.language())
        except Exception:
            raise ValueError(_("“%(text)s” is no number: digits as in %(example)s were expected.", text=text,
                               example=i18n.number(Decimal("1234.5")))) from None  # fmt: skip
        if self.minimum is not None and value < self.minimum:
            raise ValueError(_("At least %(limit)s was expected.", limit=i18n.number(self.minimum)))
        if self.maximum is not None and value > self.maximum:
            raise ValueError(_("At most %(limit)s was expected.", limit=i18n.number(self.maximum)))
        if -int(value.as_tuple().exponent) > self.places:
            raise ValueError(_("At most %(places)d decimal places were expected.", places=self.places))
        self.data = self.convert(value)

    def convert(self, value: Decimal) -> Any:
        """What ``data`` becomes."""
        return value


class CountField(NumberField):
    """A whole number."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(label, places=0, **kwargs)

    def convert(self, value: Decimal) -> int:
        return int(value)


class MoneyField(NumberField):
    """An amount; ``data`` is whole cents."""

    def __init__(self, label: Any, *, needed: bool = False, minimum: Decimal | int | None = Decimal("0.01"),
                 **kwargs: Any) -> None:  # fmt: skip
        super().__init__(label, needed=needed, minimum=minimum, maximum=Decimal(10) ** 12, places=2, **kwargs)

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else i18n.number(Decimal(self.data) / 100, 2)

    def convert(self, value: Decimal) -> int:
        return int(value * 100)


class ChoiceField(SelectField):  # type: ignore[misc]
    """One of some choices; an empty choice first when it need not be given."""

    def __init__(self, label: Any, choices: Any = (), *, needed: bool = False, **kwargs: Any) -> None:
        def with_empty() -> list[tuple[str, Any]]:
            given = list(choices() if callable(choices) else choices)
            return [("", lazy("Choose…")), *given]

        validators = required() if needed else [Optional()]
        super().__init__(label, choices=with_empty, validators=validators, **kwargs)

    def pre_validate(self, form: Any) -> None:
        if self.data in (None, ""):
            return
        if str(self.data) not in {str(choice[0]) for choice in self.choices}:
            raise ValidationError(_("“%(value)s” is not one of the choices.", value=str(self.data)[:60]))


class EnumField(ChoiceField):
    """A member of a labelled enumeration; ``data`` is the member."""

    def __init__(self, label: Any, enumeration: Any, **kwargs: Any) -> None:
        self.enumeration = enumeration
        super().__init__(label, enumeration.choices(), coerce=self._member, **kwargs)

    def _member(self, value: Any) -> Any:
        try:
            return self.enumeration(value) if value not in (None, "") else None
        except ValueError:
            return value


class ChoicesField(SelectMultipleField):  # type: ignore[misc]
    """Any number of some choices."""

    def __init__(self, label: Any, choices: Any = (), *, needed: bool = False, **kwargs: Any) -> None:
        super().__init__(label, choices=choices, validators=required() if needed else [Optional()], **kwargs)


def country_choices() -> list[tuple[str, str]]:
    """All countries by their name in the reader's language."""
    pairs = [(code, i18n.country_name(code)) for code in countries.all_countries()]
    return sorted(pairs, key=lambda pair: i18n.sort_key(pair[1]))


def language_choices() -> list[tuple[str, str]]:
    """Languages an observer may speak, by name."""
    codes = ["en", "es", "fr", "pt", "ar", "de", "gn", "ht", "it", "ja", "ko", "nl", "qu", "ay", "ru", "zh"]
    return sorted(((c, i18n.language_name(c)) for c in codes), key=lambda pair: i18n.sort_key(pair[1]))


def zone_choices() -> list[tuple[str, str]]:
    """Time zones by their IANA name, the Americas first."""
    zones = sorted(
        z for z in available_timezones() if "/" in z and not z.startswith(("Etc/", "posix", "right"))
    )
    return [(z, z.replace("_", " ")) for z in sorted(zones, key=lambda z: (not z.startswith("America/"), z))]


class CountryField(ChoiceField):
    """A country; ``data`` is its ISO 3166-1 alpha-3 code."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(label, country_choices, **kwargs)


def currency_choices() -> list[tuple[str, str]]:
    """Currencies in use, US dollars first, by code and name in the reader's language."""
    codes = sorted(current_currencies(), key=lambda code: (code != "USD", code))
    return [(code, f"{code} – {i18n.currency_name(code)}") for code in codes]


class CurrencyField(ChoiceField):
    """A currency; ``data`` is its ISO 4217 code."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(label, currency_choices, **kwargs)


class UploadField(FileField):  # type: ignore[misc]
    """A file from the person's computer."""

    def __init__(self, label: Any, *, needed: bool = False, accept: str = "", **kwargs: Any) -> None:
        super().__init__(label, render_kw={"accept": accept} if accept else {}, **kwargs)
        self.needed = needed

    def process_formdata(self, valuelist: list[Any]) -> None:
        # A form sent by hand may hold a text where a file is asked for.
        super().process_formdata([each for each in valuelist if hasattr(each, "read")])

    def pre_validate(self, form: Any) -> None:
        if self.needed and not getattr(self.data, "filename", ""):
            raise ValidationError(_("Choose a file."))
