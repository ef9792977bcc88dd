"""The forms that draw a sample, set it aside, give its stations out, and use a replacement."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from wtforms import BooleanField

from eom.core.i18n import _, day, lazy
from eom.core.types import Labelled
from eom.deployment.forms import TEAM
from eom.deployment.queries import assignments, teams
from eom.deployment.queries import samples as reading
from eom.deployment.sample_models import Sample, SampleDesign
from eom.deployment.sampling_frames import Strata
from eom.deployment.sampling_sizes import Allocation
from eom.deployment.services.drawing import LARGEST, Asked
from eom.extensions import db
from eom.missions.models.mission import Mission
from eom.stations.queries import Areas
from eom.web.fields import ChoiceField, CountField, EnumField, NoteField, NumberField, TextField
from eom.web.forms import BaseForm


class StrataChoice(Labelled):
    """What the strata are, in words."""

    AREA = "area"
    HOME = "home"
    VOTERS = "voters"

    @classmethod
    def labels(cls) -> dict[str, Any]:
        return {
            "area": lazy("First-level areas (abroad is one)"),
            "home": lazy("In the country, and abroad"),
            "voters": lazy("Small to large stations, in four classes"),
        }


class AllocationChoice(Labelled):
    """How stations are shared out among strata, in words."""

    PROPORTIONAL = "proportional"
    EQUAL = "equal"
    NEYMAN = "neyman"

    @classmethod
    def labels(cls) -> dict[str, Any]:
        return {
            "proportional": lazy("In proportion to their stations"),
            "equal": lazy("The same in each"),
            "neyman": lazy("More where stations differ more in size (Neyman)"),
        }


LEVELS = (("1", lazy("First level")), ("2", lazy("Second level")), ("3", lazy("Third level")))
CONFIDENCES = (("90", "90 %"), ("95", "95 %"), ("99", "99 %"))
# What a calculation is asked for, by the fields' names.
CALCULATED = (
    "design", "margin", "confidence", "share", "size", "with_abroad", "strata", "allocation", "least",
    "area_level", "area_count", "likeness", "reserve",
)  # fmt: skip


class SampleForm(BaseForm):
    """A sample: how it is drawn, how large, from what seed. Margins and shares are asked for in points."""

    name = TextField(lazy("Name"), needed=True, length=80)
    round_id = ChoiceField(lazy("Polling day"), needed=True)
    design = EnumField(lazy("How stations are drawn"), SampleDesign, needed=True)
    with_abroad = BooleanField(lazy("Stations abroad can be drawn too"))
    margin = NumberField(lazy("Margin of error wanted"), needed=True, minimum=Decimal("0.1"), maximum=50)
    confidence = ChoiceField(lazy("Confidence"), CONFIDENCES, needed=True)
    share = NumberField(
        lazy("Share expected"), needed=True, minimum=1, maximum=99,
        description=lazy("Of stations with the answer that matters most. 50 is the safe choice."),
    )  # fmt: skip
    size = CountField(
        lazy("Stations"), minimum=1, maximum=LARGEST,
        description=lazy("Without a number the margin gives it."),
    )  # fmt: skip
    strata = EnumField(lazy("Strata"), StrataChoice, needed=True)
    allocation = EnumField(lazy("Stations of each stratum"), AllocationChoice, needed=True)
    least = CountField(lazy("At least in each stratum"), needed=True, minimum=1, maximum=1000)
    area_level = ChoiceField(lazy("Areas drawn first"), LEVELS, needed=True)
    area_count = CountField(lazy("How many areas"), minimum=1, maximum=LARGEST)
    likeness = NumberField(
        lazy("Likeness of stations in an area"), needed=True, minimum=0, maximum=1,
        description=lazy("The correlation ρ: 0 when they are strangers, 1 when they are all alike. Nobody knows it ahead: 0.05 is an assumption, and votes are much more alike."),
    )  # fmt: skip
    reserve = NumberField(
        lazy("Replacements in reserve"), needed=True, minimum=0, maximum=100,
        description=lazy("Of each stratum’s stations, drawn now and in order."),
    )  # fmt: skip
    seed = TextField(
        lazy("Seed"), length=60,
        description=lazy("Numbers drawn in public are best, as of a lottery. Without one the machine makes it."),
    )  # fmt: skip

    @classmethod
    def of(cls, mission: Mission, **more: Any) -> SampleForm:
        """The form with the polling days of a mission and what is usual."""
        rounds = sorted(mission.rounds, key=lambda each: each.polling_on)
        usual = {
            "round_id": str(rounds[0].id) if len(rounds) == 1 else "", "design": SampleDesign.STRATIFIED,
            "margin": Decimal(5), "confidence": "95", "share": Decimal(50), "strata": StrataChoice.AREA,
            "allocation": AllocationChoice.PROPORTIONAL, "least": 2, "area_level": "2",
            "likeness": Decimal("0.05"), "reserve": Decimal(20),
        }  # fmt: skip
        form = cls(**usual, **more)
        form.round_id.choices = [
            ("", lazy("Choose…")),
            *((str(each.id), f"{each.kind.label}, {day(each.polling_on)}") for each in rounds),
        ]
        return form

    def asked(self) -> Asked:
        """As ``services.drawing`` takes it: shares of one in the place of points."""
        return Asked(
            design=self.design.data, size=self.size.data, margin=float(self.margin.data) / 100,
            confidence=int(self.confidence.data) / 100, share=float(self.share.data) / 100,
            strata=Strata(self.strata.data.value), allocation=Allocation(self.allocation.data.value),
            least=self.least.data, area_level=int(self.area_level.data), area_count=self.area_count.data,
            likeness=float(self.likeness.data), reserve=float(self.reserve.data) / 100,
            with_abroad=self.with_abroad.data,
        )  # fmt: skip

    def asks_well(self) -> bool:
        """Whether what a calculation is asked for can be read; the name and the polling day are not."""
        self.validate()
        return not any(self[name].errors for name in CALCULATED)


class SetAsideForm(BaseForm):
    """Why a sample is not used."""

    reason = NoteField(lazy("Why is it not used?"), needed=True, length=400)


class ReplaceForm(BaseForm):
    """Why a station cannot be observed."""

    reason = NoteField(lazy("Why can the station not be observed?"), needed=True, length=400)


class AssignSampleForm(BaseForm):
    """Who takes the stations of an area, or all."""

    who = ChoiceField(lazy("Person or team"), needed=True)
    area = ChoiceField(lazy("Area"))

    @classmethod
    def of(cls, mission: Mission, sample: Sample, areas: Areas = None) -> AssignSampleForm:
        """The form with the people and teams of a mission, and the areas of a sample."""
        session, form = db.session(), cls()
        groups = [
            (f"{TEAM}{id_}", _("Team %(name)s", name=name)) for id_, name in teams.names(session, mission)
        ]
        form.who.choices = [("", lazy("Choose…")), *groups, *_people(mission)]
        own = reading.first_areas_of(session, sample, areas)
        form.area.choices = [
            ("", lazy("All areas")), *((str(area.id), f"{area.words} ({count})") for area, count, _seen in own),
        ]  # fmt: skip
        return form


def _people(mission: Mission) -> list[tuple[str, str]]:
    return [(str(id_), name) for id_, name in assignments.people_to_assign(db.session(), mission)]
