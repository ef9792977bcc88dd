"""What templates may call: the formats of core.i18n and the words of enumerations."""

from __future__ import annotations

from typing import Any

from flask import Flask, current_app

from eom.core import i18n
from eom.web import access, devices, navigation, security


def bind(app: Flask) -> None:
    """Register filters and globals."""
    app.jinja_env.filters.update(
        money=i18n.money,
        number=i18n.number,
        exact=i18n.exact,
        percent=i18n.percent,
        day=i18n.day,
        month=i18n.month_name,
        device=devices.device,
        hour=i18n.hour,
        moment=i18n.moment,
        country=i18n.country_name,
        language_name=i18n.language_name,
        label=_label,
        of_language=_of_language,
    )
    app.jinja_env.globals.update(
        csp_nonce=security.csp_nonce,
        can=access.can,
        can_anywhere=access.can_anywhere,
        navigation=navigation.navigation,
        mission_navigation=navigation.mission_navigation,
        mission_summaries=navigation.mission_summaries,
        languages=i18n.LANGUAGES,
    )

    @app.context_processor
    def _reader() -> dict[str, Any]:
        marked = current_app.extensions["eom_settings"].is_demonstration
        return {"language": i18n.language(), "is_demonstration": marked}


def _of_language(texts: dict[str, str], language: str) -> str:
    """The text of a language among those of a form, whose languages are written ``Name (xx)``."""
    for name, text in texts.items():
        if name == language or name.endswith(f"({language})"):
            return text
    return next(iter(texts.values()), "")


def _label(value: Any) -> Any:
    return "" if value is None else getattr(value, "label", value)
