"""The figures a press note gives of a mission, and the sentences that say them in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from eom.core import i18n
from eom.core.i18n import _, ngettext


@dataclass(frozen=True)
class PressFigures:
    """What is known of a mission at an instant. Counts of people leave support staff out.

    ``women_count`` of ``gender_stated_count`` people; ``nationalities`` are (alpha-3 code, people), most
    first; ``area_count`` is of first-level areas with a planned or visited station; ``city_count`` of
    places abroad in ``country_count`` countries. ``station_count`` counts distinct stations visited,
    ``visit_count`` each polling day's visit to one, ``checklist_count`` what has arrived from them.
    """

    code: str
    country: str
    polling_on: date | None
    people_count: int
    remote_count: int
    women_count: int
    gender_stated_count: int
    nationalities: tuple[tuple[str, int], ...]
    area_names: tuple[str, ...]
    city_count: int
    country_count: int
    planned_count: int
    station_count: int
    visit_count: int
    checklist_count: int
    as_of: datetime
    time_zone: str
    is_demonstration: bool = False

    @property
    def nationality_count(self) -> int:
        """How many nationalities the people have."""
        return len(self.nationalities)

    @property
    def area_count(self) -> int:
        """How many first-level areas are covered."""
        return len(self.area_names)

    @property
    def share_of_women(self) -> float | None:
        """Women among those who state their gender, 0..1; None when nobody does."""
        return self.women_count / self.gender_stated_count if self.gender_stated_count else None

    @property
    def as_of_words(self) -> str:
        """The instant in the mission's zone, as the reader writes it."""
        return f"{i18n.moment(self.as_of, self.time_zone)} ({self.time_zone.replace('_', ' ')})"


def sentences(figures: PressFigures) -> list[str]:
    """The figures in words, a sentence each, in the language in force; what is nil is left out."""
    said = [_heading(figures), _people(figures), _women(figures), _coverage(figures), *_stations(figures)]
    if figures.is_demonstration:
        said.append(_("Demonstration: these people and figures are invented."))
    return [each for each in said if each] + [_("As of %(moment)s.", moment=figures.as_of_words)]


def _heading(figures: PressFigures) -> str:
    country = i18n.country_name(figures.country)
    if figures.polling_on is None:
        return _("Electoral observation mission, %(country)s (%(code)s).", country=country, code=figures.code)
    return _(
        "Electoral observation mission, %(country)s (%(code)s), polling day %(day)s.",
        country=country,
        code=figures.code,
        day=i18n.day(figures.polling_on, "long"),
    )


def _people(figures: PressFigures) -> str:
    count, remote = figures.people_count, figures.remote_count
    if not count:
        return _("Nobody is appointed yet.")
    said = _(
        "%(people)s of %(nationalities)s.",
        people=ngettext("%(n)s observer", "%(n)s observers", count, n=i18n.number(count)),
        nationalities=ngettext(
            "%(n)s nationality",
            "%(n)s nationalities",
            figures.nationality_count,
            n=i18n.number(figures.nationality_count),
        ),
    )
    if remote:
        afar = ngettext(
            "%(n)s of them works from afar.", "%(n)s of them work from afar.", remote, n=i18n.number(remote)
        )
        said = f"{said} {afar}"
    return said


def _women(figures: PressFigures) -> str:
    share = figures.share_of_women
    if share is None:
        return ""
    said = _("Women are %(share)s of them.", share=i18n.percent(share))
    silent = figures.people_count - figures.gender_stated_count
    if silent:
        said += " " + ngettext(
            "%(n)s person states no gender.", "%(n)s people state no gender.", silent, n=i18n.number(silent)
        )
    return said


def _coverage(figures: PressFigures) -> str:
    if not figures.area_count and not figures.city_count:
        return ""
    areas = ngettext(
        "%(n)s first-level area",
        "%(n)s first-level areas",
        figures.area_count,
        n=i18n.number(figures.area_count),
    )
    abroad = _(
        "%(cities)s in %(countries)s",
        cities=ngettext(
            "%(n)s city abroad", "%(n)s cities abroad", figures.city_count, n=i18n.number(figures.city_count)
        ),
        countries=ngettext(
            "%(n)s country", "%(n)s countries", figures.country_count, n=i18n.number(figures.country_count)
        ),
    )
    if not figures.city_count:
        return _("They cover %(areas)s.", areas=areas)
    if not figures.area_count:
        return _("They cover %(areas)s.", areas=abroad)
    return _("They cover %(areas)s and %(abroad)s.", areas=areas, abroad=abroad)


def _stations(figures: PressFigures) -> list[str]:
    said = []
    planned, visited, visits = figures.planned_count, figures.station_count, figures.visit_count
    received = figures.checklist_count
    if planned:
        said.append(
            ngettext(
                "%(n)s polling station is planned.",
                "%(n)s polling stations are planned.",
                planned,
                n=i18n.number(planned),
            )
        )
    if visited:
        said.append(
            _(
                "Visited so far: %(stations)s, in %(visits)s, with %(checklists)s received.",
                stations=ngettext(
                    "%(n)s polling station", "%(n)s polling stations", visited, n=i18n.number(visited)
                ),
                visits=ngettext("%(n)s visit", "%(n)s visits", visits, n=i18n.number(visits)),
                checklists=ngettext("%(n)s checklist", "%(n)s checklists", received, n=i18n.number(received)),
            )
        )
    return said
