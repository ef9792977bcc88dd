"""What a plan says in words: why a station is where it is, why it has no team, what to relax."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from eom.core.i18n import _, language_name, lazy, ngettext, number
from eom.deployment.plan_rules import clock_of

PARTS = {
    "opening": lazy("Opening"), "visit": lazy("Visit"), "closing": lazy("Closing and counting"),
    "whole_day": lazy("Opening to counting"),
}  # fmt: skip

FAULTS = {
    "late_for_opening": lazy("too late for the opening"), "late_for_closing": lazy("too late for the closing"),
    "back_late": lazy("back later than the team's hours"), "after_closing": lazy("a visit after the closing"),
}  # fmt: skip

SOURCES = {
    "estimate": lazy("Travel is estimated: distance over the ground × terrain factor ÷ speed."),
    "server": lazy("Travel by road, as the routing server told it."),
    "server_partly": lazy("Travel by road from the routing server; what it did not know is estimated by distance."),
    "server_failed": lazy("The routing server did not answer: travel is estimated by distance."),
}  # fmt: skip

# Sentences without figures.
PLAIN = {
    "fixed": lazy("Fixed by you"),
    "by_hand": lazy("Changed by hand"),
    "only_team": lazy("The only team that may go there"),
    "no_place": lazy("The register has no coordinates of its centre."),
    "area": lazy("No team may go there: the teams' areas leave it out."),
    "fixed_team_missing": lazy("It is fixed to a team that takes no part."),
    "not_worth": lazy("The search left it out; a longer search may find a place."),
    "no_base": lazy("The team's base has no position: give it on the team's page."),
    "nobody_observes": lazy("Nobody in the team observes."),
    "no_station_allowed": lazy("None of the stations is open to it by area, language or what is fixed."),
    "not_needed": lazy("The others have room for all stations at less travel."),
}  # fmt: skip


def reason(
    code: str | None, facts: Mapping[str, Any], teams: Mapping[int, str], areas: Mapping[int, str]
) -> str:
    """The sentence of a code; ``teams`` and ``areas`` (no-go) are names by id."""
    if code is None:
        return ""
    if code in PLAIN:
        return str(PLAIN[code])
    told = dict(facts)
    told["team"] = teams.get(int(told.get("team") or 0), "–")
    told["area"] = areas.get(int(told.get("area") or 0), "–")
    for name in ("sets_out", "needed", "ends"):
        if name in told:
            told[name] = f"{clock_of(int(told[name])):%H:%M}"
    told.setdefault("minutes", 0)
    return _figured(code, told)


def _figured(code: str, told: dict[str, Any]) -> str:
    texts = {
        "nearest": lambda: _("Nearest team: its base is %(minutes)d minutes away", **told),
        "nearer_is_full": lambda: _("Team %(team)s is nearer, but its day is full", **told),
        "on_the_way": lambda: _(
            "On the way: it adds %(minutes)d minutes; Team %(team)s, nearer, would need %(other)d", **told
        ),
        "even_load": lambda: _("Evens the load: Team %(team)s, nearer, has %(count)d stations", **told),
        "no_go": lambda: _("It lies in “%(area)s”, where nobody goes.", **told),
        "language": lambda: _(
            "No team speaks the language that is needed there: %(language)s.",
            language=language_name(str(told.get("language"))),
        ),
        "too_far": lambda: _(
            "Too far: the nearest team, %(team)s, needs %(minutes)d minutes there and as many back; between opening and closing it has %(room)d.",
            **told,
        ),
        "full": lambda: _(
            "No team has the time: Team %(team)s would break its hours by %(over)d minutes.", **told
        ),
        "cannot_open": lambda: _(
            "It cannot be at a station for the opening: the nearest is %(minutes)d minutes away, it sets out at %(sets_out)s and would have to at %(needed)s.",
            **told,
        ),
        "cannot_return": lambda: _(
            "It cannot be back in time: the nearest station is %(minutes)d minutes away, it must be back by %(ends)s and would be at %(needed)s.",
            **told,
        ),
    }  # fmt: skip
    return str(texts[code]()) if code in texts else code


def advice(code: str, facts: Mapping[str, Any]) -> str:
    """What to relax, as a sentence."""
    count = int(facts.get("count") or 0)
    if code == "shorter_visits":
        return _(
            "Visits of %(minutes)d minutes would make room for about %(count)s more.",
            minutes=int(facts.get("minutes") or 0), count=number(count),
        )  # fmt: skip
    return str(_relaxed(code, count)) or code


def _relaxed(code: str, count: int) -> str:
    texts = {
        "relax_full": lambda: ngettext(
            "%(num)d station does not fit into the hours: make visits shorter, let teams set out earlier or return later, or add a team near it.",
            "%(num)d stations do not fit into the hours: make visits shorter, let teams set out earlier or return later, or add teams near them.",
            count,
        ),
        "relax_area": lambda: ngettext(
            "Area limits leave %(num)d station without a team: widen a team's areas.",
            "Area limits leave %(num)d stations without a team: widen a team's areas.",
            count,
        ),
        "relax_language": lambda: ngettext(
            "%(num)d station needs a language that no team speaks: add an interpreter to a team.",
            "%(num)d stations need a language that no team speaks: add an interpreter to a team.",
            count,
        ),
        "relax_too_far": lambda: ngettext(
            "%(num)d station is too far from every base: give a team a base near it, for the night before.",
            "%(num)d stations are too far from every base: give teams bases near them, for the night before.",
            count,
        ),
        "relax_fixed_team_missing": lambda: ngettext(
            "%(num)d station is fixed to a team that takes no part: fix it elsewhere.",
            "%(num)d stations are fixed to a team that takes no part: fix them elsewhere.",
            count,
        ),
    }
    return texts[code]() if code in texts else ""
