"""Where a person goes next is an address of this site, whoever reads it: our views or Flask-Security's."""

from __future__ import annotations

from flask import Flask, request
from werkzeug.datastructures import ImmutableMultiDict, MultiDict

from eom.web.urls import local_address

NEXT = "next"


def bind(app: Flask) -> None:
    """Forget every ``next`` that leads elsewhere, before anyone reads it."""

    @app.before_request
    def _keep_here() -> None:
        if NEXT in request.args:
            request.args = _kept_here(request.args)
        # Our own views look at what their forms bring; other forms are not read here.
        is_of_library = (request.endpoint or "").startswith("security.")
        if is_of_library and request.method == "POST" and NEXT in request.form:
            request.form = _kept_here(request.form)


def _kept_here(given: MultiDict[str, str]) -> ImmutableMultiDict[str, str]:
    """The parameters with the ``next`` that are paths of this site; a full address becomes its path."""
    pairs = []
    for name, value in given.items(multi=True):
        if name == NEXT:
            value = local_address(value.removeprefix(request.host_url.rstrip("/")), "")
            if not value:
                continue
        pairs.append((name, value))
    return ImmutableMultiDict(pairs)
