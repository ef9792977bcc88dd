"""Drawing samples of polling stations, and drawing them again to see that they are what they say."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import sqlalchemy as sa

from eom.core import bulk
from eom.core.errors import Conflict, InvalidInput, Refused
from eom.core.i18n import _, lazy
from eom.deployment import sample_figures
from eom.deployment.queries import samples as reading
from eom.deployment.sample_figures import Drawing
from eom.deployment.sample_models import Sample, SampleDesign, SampledStation, SampleState
from eom.deployment.sampling_draws import (
    STATION,
    draw_by_size,
    draw_stratified,
    draw_two_stages,
    numbers_of,
    taken_of,
)
from eom.deployment.sampling_frames import Register, Strata, divided, in_areas, whole
from eom.deployment.sampling_sizes import Allocation, size_for, size_in_areas
from eom.extensions import db
from eom.missions.models.mission import Mission
from eom.missions.models.process import Round

TABLE: sa.Table = SampledStation.__table__  # type: ignore[assignment]
LARGEST = 20_000


@dataclass(frozen=True)
class Asked:
    """What a draw is asked for. Margin, confidence, share, likeness and reserve are shares, 0..1.

    Without a ``size`` the margin gives it. ``least`` is the minimum of a stratum; areas of ``area_level``
    (1 to 3), ``area_count`` of them, are drawn first in two stages, and ``likeness`` is ρ inside them.
    """

    design: SampleDesign
    size: int | None = None
    margin: float = 0.05
    confidence: float = 0.95
    share: float = 0.5
    strata: Strata = Strata.AREA
    allocation: Allocation = Allocation.PROPORTIONAL
    least: int = 2
    area_level: int = 1
    area_count: int | None = None
    likeness: float = 0.05
    reserve: float = 0.1
    with_abroad: bool = False

    @classmethod
    def kept(cls, parameters: dict[str, Any]) -> Asked:
        """As it stands in a sample's ``parameters``."""
        told = {name: value for name, value in parameters.items() if name in cls.__dataclass_fields__}
        return cls(**(told | {
            "design": SampleDesign(told["design"]), "strata": Strata(told["strata"]),
            "allocation": Allocation(told["allocation"]),
        }))  # fmt: skip


@dataclass(frozen=True)
class Checked:
    """A redraw beside the list that is kept: whether the register is the same, and which stations differ."""

    same_frame: bool
    frame_count: int
    differing: int

    @property
    def holds(self) -> bool:
        """Whether seed and register give the list that is kept, to the last replacement."""
        return self.same_frame and not self.differing


def draw_sample(
    mission: Mission, *, round_: Round, name: str, asked: Asked, seed: str | None = None
) -> Sample:
    """Draw a sample and keep it as a draft. Without a seed the machine makes one of twelve digits.

    Raises InvalidInput naming what cannot be drawn and why, Conflict for a name that another sample has,
    Refused for a round of another mission or a mission without stations.
    """
    if round_.mission_id != mission.id:
        raise Refused(lazy("The polling day must be of this mission."), "round_id")
    _refuse_known(mission, name.strip())
    register = reading.register_of(db.session(), mission)
    used = seed.strip() if seed and seed.strip() else f"{secrets.randbelow(10**12):012}"
    drawing = drawn(register, asked, used)
    sample = Sample(
        mission_id=mission.id, round_id=round_.id, name=name.strip(), design=asked.design, seed=used,
        parameters={**asdict(drawing.asked), "seed_given": used == (seed or "").strip()},
        frame_sha256=drawing.frame.digest, frame_count=len(drawing.frame),
        station_count=len(drawing.draw.places), reserve_count=len(drawing.draw.reserves),
        figures=sample_figures.figures(drawing), state=SampleState.DRAFT,
    )  # fmt: skip
    db.session.add(sample)
    db.session.flush()
    bulk.insert_rows(db.session.connection(), TABLE, sample_figures.rows(drawing, sample.id))
    return sample


def drawn(register: Register, asked: Asked, seed: str) -> Drawing:
    """What a seed gives from a register; nothing is written. Raises InvalidInput and Refused as ``draw_sample``."""
    register = register if asked.with_abroad else register.at_home()
    if not len(register):
        raise Refused(
            lazy("There are no polling stations to draw from."), "size",
            lazy("Load the authority’s register first."),
        )  # fmt: skip
    asked = replace(asked, size=size_of(asked, len(register)))
    if asked.design is SampleDesign.TWO_STAGES:
        return _in_two_stages(register, asked, seed)
    if asked.design is SampleDesign.BY_SIZE:
        frame, labels = divided(register, Strata.AREA)
        draw = draw_by_size(frame, seed, asked.size or 0, reserve=asked.reserve)
        return Drawing(asked, register, frame, labels, draw)
    simple = asked.design is SampleDesign.SIMPLE
    frame, labels = whole(register) if simple else divided(register, asked.strata)
    if not simple:
        _refuse_too_many_strata(asked, frame.counts.tolist())
    taken = [asked.size or 0] if simple else taken_of(frame, asked.size or 0, asked.allocation, asked.least)
    draw = draw_stratified(frame, seed, taken, reserve=asked.reserve)
    return Drawing(asked, register, frame, labels, draw, taken)


def check(sample: Sample, mission: Mission) -> Checked:
    """Draw once more from the seed and the register as it is now, and compare with the list that is kept."""
    register = reading.register_of(db.session(), mission)
    try:
        again = drawn(register, Asked.kept(sample.parameters), sample.seed)
    except (InvalidInput, Refused):
        return Checked(False, len(register), sample.station_count + sample.reserve_count)
    found = [int(again.register.ids[at]) for at in [*again.draw.places, *again.draw.reserves]]
    kept = list(
        db.session.scalars(
            sa.select(SampledStation.polling_station_id)
            .where(SampledStation.sample_id == sample.id)
            .order_by(SampledStation.is_replacement, SampledStation.position)
        )
    )
    differing = sum(one != other for one, other in zip(found, kept, strict=False)) + abs(
        len(found) - len(kept)
    )
    return Checked(again.frame.digest == sample.frame_sha256, len(again.frame), differing)


def frame_rows(sample: Sample, mission: Mission) -> Iterator[list[Any]]:
    """The stations that can be drawn, as the register is now, by number: what it takes to repeat a draw elsewhere."""
    asked = Asked.kept(sample.parameters)
    again = drawn(reading.register_of(db.session(), mission), asked, sample.seed)
    frame, numbers = again.frame, numbers_of(sample.seed, STATION, again.frame.keys)
    chosen = set(again.draw.places)
    yield [_("Key in the register"), _("Registered voters"), _("Stratum"), _("Number"), _("Drawn")]
    for at in np.argsort(numbers, kind="stable").tolist():
        voters = int(frame.voters[at])
        yield [
            frame.keys[at], None if voters < 0 else voters, frame.area_keys[int(frame.areas[at])],
            float(numbers[at]), _("Yes") if at in chosen else _("No"),
        ]  # fmt: skip


def size_of(asked: Asked, population: int) -> int:
    """The stations to draw of a population: as asked, or as the margin has it. Raises InvalidInput."""
    told: dict[str, Any] = {"population": population, "confidence": asked.confidence, "share": asked.share}
    if asked.size is None and asked.design is SampleDesign.TWO_STAGES and asked.area_count:
        size = size_in_areas(asked.margin, asked.area_count, likeness=asked.likeness, **told)
    else:
        size = size_for(asked.margin, **told) if asked.size is None else asked.size
    if not 1 <= size <= population:
        raise InvalidInput(lazy("Between 1 and %(count)s stations can be drawn.", count=population), "size")
    if size > LARGEST:
        raise InvalidInput(
            lazy("At most %(count)s stations are drawn: no mission visits more.", count=LARGEST), "size"
        )
    return size


def _refuse_too_many_strata(asked: Asked, counts: list[int]) -> None:
    needed = sum(min(asked.least, count) for count in counts)
    if (asked.size or 0) < needed:
        raise InvalidInput(
            lazy(
                "At least %(least)s stations in each of %(strata)s strata make %(needed)s in all.",
                least=asked.least, strata=len(counts), needed=needed,
            ),
            "size",
        )  # fmt: skip


def _in_two_stages(register: Register, asked: Asked, seed: str) -> Drawing:
    frame, labels = in_areas(register, asked.area_level)
    size, there = asked.size or 0, len(frame.area_keys)
    if not asked.area_count or asked.area_count > there:
        raise InvalidInput(lazy("Between 1 and %(count)s areas can be drawn.", count=there), "area_count")
    if size < asked.area_count:
        raise InvalidInput(lazy("Each area that is drawn needs a station at least."), "size")
    try:
        draw = draw_two_stages(frame, seed, size, area_count=asked.area_count, reserve=asked.reserve)
    except ValueError:
        raise InvalidInput(
            lazy("The areas that were drawn hold fewer than %(size)s stations.", size=size), "area_count",
            lazy("Draw more areas, or fewer stations."),
        ) from None  # fmt: skip
    return Drawing(asked, register, frame, labels, draw)


def _refuse_known(mission: Mission, name: str) -> None:
    if not name:
        raise InvalidInput(lazy("Give the sample a name."), "name")
    same = sa.select(Sample.id).where(Sample.mission_id == mission.id, Sample.name == name)
    if db.session.scalar(same) is not None:
        raise Conflict(lazy("The mission has a sample “%(name)s” already.", name=name), "name")
