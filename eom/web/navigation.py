"""Navigation: domains say where they can be found; the person sees what their role includes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import current_app, request, url_for

from eom.web.access import can, can_anywhere


@dataclass(frozen=True)
class Entry:
    """A place in the navigation. ``group`` and ``order`` say where it stands."""

    label: Any
    endpoint: str
    permission: str | None
    icon: str
    group: Any = None
    order: int = 100
    anywhere: bool = False


def main(*entries: Entry) -> None:
    """Add entries to the main bar (called when a blueprint is bound)."""
    _entries("eom_navigation").extend(entries)


def mission(*entries: Entry) -> None:
    """Add entries to the side navigation of a mission."""
    _entries("eom_mission_navigation").extend(entries)


def summaries(*entries: Entry) -> None:
    """Add parts that other domains show on a mission's page; each is an endpoint that answers a fragment."""
    _entries("eom_mission_summaries").extend(entries)


def mission_summaries(mission: Any) -> list[dict[str, Any]]:
    """The parts of a mission's page that the person who asks may see."""
    found = sorted(_entries("eom_mission_summaries"), key=lambda e: e.order)
    return [
        {"label": entry.label, "url": url_for(entry.endpoint, mission=mission.code)}
        for entry in found
        if entry.permission is None or can(entry.permission, mission)
    ]


def _entries(name: str) -> list[Entry]:
    return current_app.extensions.setdefault(name, [])  # type: ignore[no-any-return]


def navigation() -> list[dict[str, Any]]:
    """The main bar for the person who asks."""
    shown = []
    for entry in sorted(_entries("eom_navigation"), key=lambda e: e.order):
        may = entry.permission is None or (
            can_anywhere(entry.permission) if entry.anywhere else can(entry.permission)
        )
        if may:
            shown.append(_item(entry, url_for(entry.endpoint)))
    return shown


def mission_navigation(mission: Any) -> list[dict[str, Any]]:
    """The side navigation of a mission, in groups, for the person who asks."""
    groups: dict[str, dict[str, Any]] = {}
    for entry in sorted(_entries("eom_mission_navigation"), key=lambda e: e.order):
        if entry.permission is None or can(entry.permission, mission):
            group = groups.setdefault(str(entry.group or ""), {"label": entry.group, "items": []})
            group["items"].append(_item(entry, url_for(entry.endpoint, mission=mission.code)))
    return list(groups.values())


def _item(entry: Entry, url: str) -> dict[str, Any]:
    here = request.endpoint or ""
    same_place = here == entry.endpoint or (
        here.split(".")[0] == entry.endpoint.split(".")[0] and request.path.startswith(url.rstrip("/") + "/")
    )
    return {"label": entry.label, "url": url, "icon": entry.icon, "current": same_place, "badge": None}
