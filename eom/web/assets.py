"""Static files with their content's hash in the address, so that they can be cached for a year."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, current_app, request, url_for

YEAR = 31_536_000


@lru_cache(maxsize=1024)
def _digest(path: str, modified: int) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()[:12]


def asset(name: str) -> str:
    """The address of a file in static/, with the hash of its content."""
    path = Path(str(current_app.static_folder)) / name
    try:
        version = _digest(str(path), path.stat().st_mtime_ns)
    except FileNotFoundError:
        raise LookupError(f"static file {name} is missing: run `make setup`") from None
    return url_for("static", filename=name, v=version)


def bind(app: Flask) -> None:
    """Make ``asset`` known to templates and cache what carries a hash."""
    app.jinja_env.globals["asset"] = asset

    @app.after_request
    def _cache(response: Response) -> Response:
        if request.endpoint == "static" and response.status_code in (200, 304):
            kept = f"public, max-age={YEAR}, immutable" if "v" in request.args else "no-cache"
            response.headers["Cache-Control"] = kept
        return response
