"""Static files with their content's hash in the address, so that they can be cached for a year."""

from __future__ import annotations

import gzip
import hashlib
import re
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, current_app, request, url_for

YEAR = 31_536_000
# What becomes smaller; pictures and fonts are packed already.
PACKED = (".js", ".css", ".svg", ".json", ".wasm")
# Parts of a built script carry the hash of their content in their name.
PART = re.compile(r"/part-\w+\.js$")
LEAST_BYTES = 1024


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


@lru_cache(maxsize=256)
def _packed(path: str, modified: int) -> bytes:
    return gzip.compress(Path(path).read_bytes(), 9, mtime=0)


def _pack(response: Response) -> None:
    """Send a static file packed to a browser that can unpack it: ODK Web Forms is 2.5 MB, packed 0.7 MB."""
    name = (request.view_args or {}).get("filename", "")
    if not name.endswith(PACKED):
        return
    response.vary.add("Accept-Encoding")
    path = Path(str(current_app.static_folder)) / name
    status = path.stat()
    if request.method != "GET" or response.status_code != 200 or status.st_size < LEAST_BYTES:
        return
    if not request.accept_encodings["gzip"]:
        return
    response.direct_passthrough = False
    etag, _is_weak = response.get_etag()
    response.set_data(_packed(str(path), status.st_mtime_ns))
    response.headers["Content-Encoding"] = "gzip"
    if etag:
        # Other bytes of the same content.
        response.set_etag(etag, weak=True)


def bind(app: Flask) -> None:
    """Make ``asset`` known to templates and cache what carries a hash."""
    app.jinja_env.globals["asset"] = asset

    @app.after_request
    def _cache(response: Response) -> Response:
        if request.endpoint == "static" and response.status_code in (200, 304):
            kept = (
                f"public, max-age={YEAR}, immutable"
                if "v" in request.args or PART.search(request.path)
                else "no-cache"
            )
            response.headers["Cache-Control"] = kept
            _pack(response)
        return response
