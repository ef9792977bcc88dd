"""Who may do what: every view says its permission, or why it is public.

``create_app`` hands in the policy (may this person do this, there?) and the loader that finds a
mission by its code, so this room knows no domain. A view under ``/missions/<mission>/`` receives
the mission itself. Someone with no membership in it gets 404: its existence is not told; a member
without the permission gets 403.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Protocol

from flask import Flask, current_app, g, redirect, request, url_for
from flask_security import current_user

from eom.core.errors import Forbidden, NotFound
from eom.core.i18n import lazy

View = Callable[..., Any]


class Policy(Protocol):
    """What create_app hands in."""

    def load_mission(self, code: str) -> Any:
        """The mission of a code, or None."""

    def allows(self, user: Any, permission: str, mission: Any) -> bool:
        """Whether the user holds the permission in the mission (None: everywhere)."""

    def allows_anywhere(self, user: Any, permission: str) -> bool:
        """Whether the user holds the permission in at least one mission."""

    def knows(self, user: Any, mission: Any) -> bool:
        """Whether the user may know that the mission exists."""

    def areas(self, user: Any, permission: str, mission: Any) -> frozenset[int] | None:
        """The areas that the permission is limited to in the mission; None: no limit."""


@dataclass(frozen=True)
class Access:
    """What a view declared."""

    permission: str | None
    reason: str | None = None
    anywhere: bool = False


def requires(permission: str, *, anywhere: bool = False) -> Callable[[View], View]:
    """The view needs ``permission``: in its mission if its address names one, else everywhere.

    With ``anywhere`` holding it in one mission is enough; the view's query must keep to those.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if not current_user.is_authenticated:
                return _sign_in()
            policy: Policy = current_app.extensions["eom_policy"]
            if "mission" in kwargs:
                kwargs["mission"] = g.mission = _mission(policy, kwargs["mission"])
                allowed = policy.allows(current_user, permission, kwargs["mission"])
            elif anywhere:
                allowed = policy.allows_anywhere(current_user, permission)
            else:
                allowed = policy.allows(current_user, permission, None)
            if not allowed:
                raise Forbidden(lazy("Your role does not include this."))
            return view(*args, **kwargs)

        guarded.access = Access(permission, anywhere=anywhere)  # type: ignore[attr-defined]
        return guarded

    return decorate


def public(reason: str) -> Callable[[View], View]:
    """The view needs no account; say why."""

    def decorate(view: View) -> View:
        view.access = Access(None, reason)  # type: ignore[attr-defined]
        return view

    return decorate


def signed_in(reason: str) -> Callable[[View], View]:
    """Any signed-in person may see the view, which shows only what is theirs; say why."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            return view(*args, **kwargs) if current_user.is_authenticated else _sign_in()

        guarded.access = Access("signed-in", reason)  # type: ignore[attr-defined]
        return guarded

    return decorate


def can(permission: str, mission: Any = None) -> bool:
    """For templates: whether to show a link. The view checks again."""
    policy: Policy = current_app.extensions["eom_policy"]
    return bool(current_user.is_authenticated) and policy.allows(current_user, permission, mission)


def can_anywhere(permission: str) -> bool:
    """For navigation: whether the person holds the permission in some mission."""
    policy: Policy = current_app.extensions["eom_policy"]
    return bool(current_user.is_authenticated) and policy.allows_anywhere(current_user, permission)


def areas(permission: str, mission: Any) -> frozenset[int] | None:
    """Ids of the areas that the person is limited to in a mission, with all inside them; None: no limit.

    A view that shows or changes what lies in an area hands them to its query (``stations.queries.within``).
    """
    policy: Policy = current_app.extensions["eom_policy"]
    return policy.areas(current_user, permission, mission)


def undeclared(app: Flask) -> list[str]:
    """Endpoints that declare neither a permission nor that they are public."""
    library = ("security.", "static")
    return sorted(
        name
        for name, view in app.view_functions.items()
        if not hasattr(view, "access") and not name.startswith(library)
    )


def _mission(policy: Policy, code: str) -> Any:
    mission = policy.load_mission(code)
    if mission is None or not policy.knows(current_user, mission):
        raise NotFound(lazy("There is no such mission, or you are not part of it."))
    return mission


def _sign_in() -> Any:
    here = request.full_path.rstrip("?") if request.method == "GET" else None
    if request.headers.get("HX-Request"):
        return "", 401, {"HX-Redirect": url_for("security.login", next=here)}
    return redirect(url_for("security.login", next=here))
