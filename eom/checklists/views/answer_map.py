"""The map of one answer: areas shaded by its share, centres marked where it was given."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from eom.checklists.queries import tally_pages
from eom.checklists.queries.tallies import Picked
from eom.core.i18n import _
from eom.stations.country_map import country_map
from eom.stations.coverage_map import MapParts
from eom.stations.queries import first_areas


def answer_map(
    session: Session, picked: Picked, shown: tally_pages.Tally, choice: str, arguments: Mapping[str, str]
) -> MapParts:
    """The parts of a page that show where ``choice`` was answered.

    ``shown`` is the tally by area; ``arguments`` go with every address.
    """
    given: dict[str, Any] = {"mission": picked.mission.code, "form_id": picked.form.id, **arguments}
    details = url_for("answers.centre", centre_id=0, **given)
    answer = shown.words(choice)
    return country_map(
        picked.mission.country, _shares(session, picked, shown, choice),
        points_url=url_for("answers.points", **given),
        details_url=details.replace("/centres/0", "/centres/{id}", 1),
        labels={
            "map": _("Map of the answer “%(answer)s”", answer=answer),
            "legend": _("Share of the answer “%(answer)s”", answer=answer),
            "no_share": _("No answers"), "none": _("No answers"), "planned": _("Centre with other answers"),
            "visited": _("Centre with this answer"),
        },
    )  # fmt: skip


def _shares(
    session: Session, picked: Picked, shown: tally_pages.Tally, choice: str
) -> dict[str, float | None]:
    """The share of the choice by the boundary of a first-level area."""
    boundary = {each.words: each.boundary for each in first_areas(session, picked.mission, picked.areas)}
    return {
        name: next((each.share for each in line.shares if each.code == choice), None)
        for line in shown.groups
        if (name := boundary.get(line.label))
    }
