"""The field app: a page that is installed on a telephone and opens with no network.

What is kept by the service worker (the page, scripts, words) says nothing of anyone; what is a person's
stays in a database of theirs in the browser (static/js/field/store.js).
"""

from __future__ import annotations

import hashlib
import json
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, current_app, render_template, url_for

from eom.accounts.permissions import Permission
from eom.checklists.views import field_words, filling, form_words
from eom.core.i18n import LANGUAGES, _, in_locale, language
from eom.missions.models.mission import Mission
from eom.web.access import requires
from eom.web.assets import asset

bp = Blueprint("field_app", __name__, url_prefix="/field/<mission>")

SHELL = "checklists/field.html"
BUILT = "vendor/webforms"
STYLE, SCRIPT = f"{BUILT}/field.css", f"{BUILT}/field.js"
# What the script asks for by names of its own: their addresses carry no hash behind them.
ENGINE = f"{BUILT}/webforms.js"
PICTURES = ("img/mark.svg", "img/field-192.png", "img/field-512.png")
PART = re.compile(r"from\"\./(part-\w+\.js)\"")
WORKER_POLICY = "default-src 'none'; script-src 'self'; connect-src 'self'"


@bp.get("")
@requires(Permission.CHECKLIST_FILL)
def shell(mission: Mission) -> Any:
    """The page itself, the same for everyone: who it is for is asked from inside it."""
    filling.allow_web_forms()
    return render_template(SHELL, mission=mission, style=STYLE, script=SCRIPT, modules=_modules())


@bp.get("/manifest.webmanifest")
@requires(Permission.CHECKLIST_FILL)
def manifest(mission: Mission) -> Response:
    """What a telephone asks when the app is added to its home screen."""
    here = url_for(".shell", mission=mission.code)
    told = {
        "id": here, "start_url": here, "scope": here, "display": "standalone", "lang": language(),
        "name": _("Observation %(mission)s", mission=mission.code), "short_name": mission.code,
        "background_color": "#f4f6f8", "theme_color": "#0b2545",
        "icons": [{"src": asset(f"img/field-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png"}
                  for size in (192, 512)],
    }  # fmt: skip
    return Response(json.dumps(told), content_type="application/manifest+json")


@bp.get("/words.json")
@requires(Permission.CHECKLIST_FILL)
def words(mission: Mission) -> Response:
    """What the app and the forms say, in every language: the language is switched with no network too."""
    return Response(_words(), content_type="application/json")


@bp.get("/worker.js")
@requires(Permission.CHECKLIST_FILL)
def worker(mission: Mission) -> Response:
    """The service worker. Its text changes with anything that it keeps, so the browser takes it up anew."""
    here = url_for(".shell", mission=mission.code)
    kept = [here, url_for(".words", mission=mission.code), *_assets()]
    version = hashlib.sha256("\n".join([*kept, _words(), _shell_source()]).encode()).hexdigest()[:16]
    told = json.dumps({"base": here, "version": version, "kept": kept})
    script = f"self.FIELD = {told};\nimportScripts({json.dumps(asset('js/field_worker.js'))});\n"
    answer = Response(script, content_type="text/javascript; charset=utf-8")
    answer.headers["Service-Worker-Allowed"] = here
    answer.headers["Content-Security-Policy"] = WORKER_POLICY
    return answer


def _assets() -> list[str]:
    """The addresses of everything that the app runs, as the page and its scripts ask for them."""
    built = Path(str(current_app.static_folder)) / BUILT
    parts = sorted(path.name for path in built.iterdir() if path.suffix in (".js", ".svg", ".wasm"))
    asked = [url_for("static", filename=f"{BUILT}/{name}") for name in parts if f"{BUILT}/{name}" != SCRIPT]
    return [*(asset(name) for name in (STYLE, SCRIPT, *PICTURES)), *asked]


def _modules() -> list[str]:
    """What the page's script imports, by the addresses that it imports it by: all is asked for at once.

    Of ODK Web Forms the entry and the part that it begins with; the map is fetched by a form that has one.
    """
    entry = Path(str(current_app.static_folder)) / ENGINE
    parts = [f"{BUILT}/{name}" for name in PART.findall(entry.read_text(encoding="utf-8"))]
    return [url_for("static", filename=name) for name in (ENGINE, *parts)]


def _shell_source() -> str:
    """The page before anything is filled in."""
    loader = current_app.jinja_env.loader
    return loader.get_source(current_app.jinja_env, SHELL)[0] if loader else ""


@lru_cache(maxsize=1)
def _words() -> str:
    told: dict[str, dict[str, Any]] = {}
    for code in LANGUAGES:
        with in_locale(code):
            told[code] = {"app": field_words.words(), "form": form_words.words()}
    return json.dumps(told)
