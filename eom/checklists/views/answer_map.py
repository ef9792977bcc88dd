"""The map of one answer: areas shaded by its share, centres marked where it was given."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import current_app, url_for
from sqlalchemy.orm import Session

from eom.checklists.queries import tally_pages
from eom.checklists.queries.tallies import Picked
from eom.core.i18n import _
from eom.stations import coverage_map, geography_points
from eom.stations.queries import first_areas
from eom.web import security
from eom.web.assets import asset


def answer_map(
    session: Session, picked: Picked, shown: tally_pages.Tally, choice: str, arguments: Mapping[str, str]
) -> coverage_map.MapParts:
    """The parts of a page that show where ``choice`` was answered.

    ``shown`` is the tally by area; ``arguments`` go with every address.
    """
    settings, mission = current_app.extensions["eom_settings"], picked.mission
    given: dict[str, Any] = {"mission": mission.code, "form_id": picked.form.id, **arguments}
    details = url_for("answers.centre", centre_id=0, **given)
    if settings.tile_url:
        security.allow(img_src=[coverage_map.tile_origin(settings.tile_url)])
    answer = shown.words(choice)
    box = geography_points.extent(mission.country)
    return coverage_map.render_map(
        _shaded(session, picked, shown, choice), url_for("answers.points", **given),
        details.replace("/centres/0", "/centres/{id}", 1), ((box[1], box[0]), (box[3], box[2])) if box else None,
        {
            "map": _("Map of the answer “%(answer)s”", answer=answer),
            "legend": _("Share of the answer “%(answer)s”", answer=answer),
            "no_share": _("No answers"), "none": _("No answers"), "planned": _("Centre with other answers"),
            "visited": _("Centre with this answer"),
        },
        asset_url=asset, tile_url=settings.tile_url, tile_attribution=settings.tile_attribution,
    )  # fmt: skip


def _shaded(session: Session, picked: Picked, shown: tally_pages.Tally, choice: str) -> dict[str, Any] | None:
    """The boundaries of first-level areas with the share of the choice."""
    collection = geography_points.first_level_boundaries(picked.mission.country)
    if collection is None:
        return None
    boundary = {each.words: each.boundary for each in first_areas(session, picked.mission, picked.areas)}
    shares = {
        boundary.get(line.label): next((each.share for each in line.shares if each.code == choice), None)
        for line in shown.groups
    }
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "geometry": each["geometry"],
                "properties": {
                    "name": each["properties"]["name"],
                    "share": shares.get(each["properties"]["name"]),
                },
            }
            for each in collection["features"]
        ],
    }
