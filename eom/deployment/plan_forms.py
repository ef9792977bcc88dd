"""The forms that make plans, move stations, and say where nobody goes."""

from __future__ import annotations

from typing import Any

from eom.core.i18n import _, day, language_name, lazy
from eom.deployment.models import Selection
from eom.deployment.plan_models import NoGoArea
from eom.deployment.plan_rules import CLOSES, OPENS, Rules, clock_of, minute_of
from eom.deployment.queries import planning, teams
from eom.extensions import db
from eom.missions.models.mission import Mission
from eom.stations.queries import Areas, first_areas
from eom.web.fields import (
    BooleanField,
    ChoiceField,
    ChoicesField,
    ClockField,
    CountField,
    DayField,
    EnumField,
    NoteField,
    NumberField,
    TextField,
    UploadField,
)
from eom.web.forms import BaseForm

ASSIGNED, SAMPLED, IN_AREAS, BY_CODE = "assigned", "sample", "areas", "codes"


class PlanForm(BaseForm):
    """A plan: its day, its stations, its teams, and the rules of visits and travel."""

    name = TextField(lazy("Name"), needed=True, length=120)
    round_id = ChoiceField(lazy("Polling day"), needed=True)
    source = ChoiceField(
        lazy("Stations"),
        [(ASSIGNED, lazy("All that are assigned to somebody")), (SAMPLED, lazy("Those of the adopted sample")),
         (IN_AREAS, lazy("All of some areas")), (BY_CODE, lazy("By their numbers"))],
        needed=True,
    )  # fmt: skip
    areas = ChoicesField(lazy("Areas"), description=lazy("When the stations are those of some areas."))
    codes = NoteField(
        lazy("Numbers of polling stations"),
        length=40_000,
        description=lazy("When they are given by number: separated by commas, blanks or lines."),
    )
    selection = EnumField(lazy("How the stations were chosen"), Selection, needed=True)
    teams = ChoicesField(lazy("Teams"), description=lazy("None chosen: all teams that have a base."))
    opens = ClockField(lazy("Stations open at"), needed=True)
    closes = ClockField(lazy("Stations close at"), needed=True)
    has_opening = BooleanField(lazy("Every team sees its first station open"))
    has_closing = BooleanField(lazy("Every team sees its last station close and count"))
    arrive_before = CountField(lazy("There before the opening and the closing"), needed=True, maximum=180)
    opening = CountField(lazy("Stay after the opening"), needed=True, maximum=240)
    visit = CountField(lazy("A visit between"), needed=True, minimum=5, maximum=480)
    counting = CountField(lazy("Stay after the closing"), needed=True, maximum=720)
    balance = CountField(
        lazy("Travel that an even load is worth"),
        needed=True,
        maximum=240,
        description=lazy("For each station that a team has above the average; 0: only travel counts."),
    )
    terrain = NumberField(
        lazy("Terrain factor"),
        needed=True,
        minimum=1,
        maximum=5,
        places=2,
        description=lazy(
            "How much longer the road is than the straight line: 1.3 on plains, 1.6 and more in mountains."
        ),
    )
    vehicle_kmh = NumberField(lazy("Speed of a vehicle"), needed=True, minimum=5, maximum=120, places=1)
    walking_kmh = NumberField(
        lazy("Speed of a team without one"), needed=True, minimum=1, maximum=10, places=1
    )
    language = ChoiceField(lazy("Language that a team must speak"))
    language_areas = ChoicesField(lazy("In these areas"))
    seconds = CountField(
        lazy("Search for at most"),
        needed=True,
        minimum=1,
        maximum=600,
        description=lazy("A minute is enough for 400 stations and 45 teams."),
    )

    @classmethod
    def within(cls, mission: Mission, areas: Areas = None) -> PlanForm:
        """The form with the days, areas and teams of a mission, and the usual rules."""
        rounds = sorted(mission.rounds, key=lambda each: each.polling_on)
        first, usual = (rounds[0] if rounds else None), Rules()
        form = cls(
            **{**usual.kept(), "opens": (first and first.opens_at) or OPENS, "closes": (first and first.closes_at) or CLOSES},
            round_id=str(first.id) if first else "", source=ASSIGNED, selection=Selection.ASSIGNED,
        )  # fmt: skip
        listed = [(str(each.id), str(each.words)) for each in first_areas(db.session(), mission, areas)]
        form.areas.choices = form.language_areas.choices = listed
        form.teams.choices = [(str(id_), name) for id_, name in teams.names(db.session(), mission)]
        form.round_id.choices = [
            ("", lazy("Choose…")),
            *((str(each.id), f"{each.kind.label}, {day(each.polling_on)}") for each in rounds),
        ]
        spoken = planning.languages_of_observers(db.session(), mission)
        form.language.choices = [("", _("Any language")), *((code, language_name(code)) for code in spoken)]
        return form

    def rules(self) -> Rules:
        """What was typed, as rules."""
        told = self.payload()
        same = (
            "arrive_before",
            "opening",
            "visit",
            "counting",
            "balance",
            "seconds",
            "has_opening",
            "has_closing",
        )
        speeds = {name: float(told[name]) for name in ("terrain", "vehicle_kmh", "walking_kmh")}
        language = {each: self.language.data for each in self.language_areas.data or [] if self.language.data}
        return Rules.of(
            {
                **{name: told[name] for name in same}, **speeds, "languages": language,
                "opens": minute_of(told["opens"]), "closes": minute_of(told["closes"]),
                "teams": [int(each) for each in self.teams.data or []],
            }
        )  # fmt: skip


class MoveForm(BaseForm):
    """Which team is to take a station."""

    team = ChoiceField(lazy("Team"), needed=True)


class NoGoForm(BaseForm):
    """Where nobody goes, why, and when."""

    name = TextField(lazy("Name"), needed=True, length=120)
    reason = TextField(
        lazy("Reason"), needed=True, length=400, description=lazy("As the teams will read it.")
    )
    area_id = ChoiceField(
        lazy("Administrative area"), description=lazy("The whole of it, or give a shape below.")
    )
    geojson = NoteField(
        lazy("Shape as GeoJSON"),
        length=900_000,
        description=lazy("Polygons in WGS 84: paste the text of the file, or send the file itself."),
    )
    file = UploadField(lazy("GeoJSON file"), accept=".geojson,.json")
    starts_on = DayField(lazy("From"))
    ends_on = DayField(lazy("To"), description=lazy("Without days it holds always."))

    @classmethod
    def of(cls, choices: list[tuple[str, str]], no_go: NoGoArea | None = None) -> NoGoForm:
        """The form with some areas to choose from; filled in when there is one already."""
        import json

        given: dict[str, Any] = {}
        if no_go is not None:
            names = ("name", "reason", "starts_on", "ends_on")
            given = {name: getattr(no_go, name) for name in names}
            given["area_id"] = str(no_go.area_id or "")
            given["geojson"] = json.dumps(no_go.shape) if no_go.shape else ""
        form = cls(**given)
        form.area_id.choices = [("", lazy("Choose…")), *choices]
        return form

    def payload(self) -> dict[str, Any]:
        """As ``services.no_go.edit_no_go`` takes it; a file that was sent comes before a text."""
        told = super().payload()
        sent = told.pop("file")
        if getattr(sent, "filename", ""):
            told["geojson"] = sent.read().decode("utf-8-sig", errors="replace")
        told["area_id"] = int(told["area_id"]) if told["area_id"] else None
        return told


def hour(minute: int | None) -> str:
    """A minute of the day as HH:MM; past midnight with a mark."""
    if minute is None:
        return ""
    return f"{clock_of(minute):%H:%M}" + (" +1" if minute >= 24 * 60 else "")
