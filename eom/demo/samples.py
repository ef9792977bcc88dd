"""The sample of BOL-2019 as it might have been drawn: seeded, stratified by department, adopted."""

from __future__ import annotations

from eom.deployment.queries import samples
from eom.deployment.sample_models import Sample, SampleDesign
from eom.deployment.services import drawing
from eom.deployment.services import samples as services
from eom.extensions import db
from eom.missions.models.mission import Mission
from eom.stations.models import PollingStation

SEED, SIZE = "20191020", 430
DRAFT_MARGIN, DRAFT_AREAS = 0.05, 40


def draw(mission: Mission) -> Sample:
    """A draft in two stages that was set aside, and the stratified sample that the mission observes."""
    round_ = mission.rounds[0]
    towns = drawing.Asked(
        SampleDesign.TWO_STAGES, margin=DRAFT_MARGIN, area_level=3, area_count=DRAFT_AREAS, reserve=0.2
    )
    draft = drawing.draw_sample(mission, round_=round_, name="Forty municipalities", asked=towns, seed=SEED)
    services.set_aside(draft, reason="There are people enough for every department.")
    asked = drawing.Asked(SampleDesign.STRATIFIED, SIZE, with_abroad=True, reserve=0.2)
    sample = drawing.draw_sample(mission, round_=round_, name="National sample", asked=asked, seed=SEED)
    services.adopt(sample)
    return sample


def stations_of(sample: Sample) -> list[PollingStation]:
    """The stations to observe by where they are: neighbours stand together."""
    found = samples.stations_in_force(db.session(), sample)
    return sorted(
        found,
        key=lambda each: (each.centre.first_area_id, each.centre.latitude or 0, each.centre_id, each.id),
    )
