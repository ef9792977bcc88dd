"""The figures for the press: who counts, what is covered, how it is said in four languages."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from eom.accounts.permissions import Role
from eom.core.i18n import LANGUAGES, in_locale
from eom.deployment.models import Assignment, Visit
from eom.extensions import db
from eom.missions.models.process import RoundKind
from eom.observers.models import AppointmentRole, AppointmentState, Expertise, Gender
from eom.observers.services import appointing
from eom.reporting.press import PressFigures, sentences
from eom.reporting.queries.press import press_figures
from eom.stations.models import Area, PollingStation, VotingCentre
from tests.factories.browsing import Browser, make_user
from tests.factories.missions import make_mission, make_round
from tests.factories.observers import make_appointment

NOON = datetime(2019, 10, 20, 16, 0, tzinfo=UTC)
FIGURES = PressFigures(
    code="BOL-2019", country="BOL", polling_on=date(2019, 10, 20), people_count=92, remote_count=0, women_count=42,
    gender_stated_count=92, nationalities=(("ARG", 50), ("CHL", 42)), area_names=("La Paz", "Oruro"), city_count=3,
    country_count=2, planned_count=1200, station_count=1, visit_count=1, checklist_count=4, as_of=NOON,
    time_zone="America/La_Paz",
)  # fmt: skip


@pytest.fixture
def mission(app):
    return make_mission()


def station(mission, area: Area, first: Area, number: int) -> PollingStation:
    centre = VotingCentre(
        mission_id=mission.id, area=area, first_area=first, key=f"c{number}", name=f"School {number}",
        is_abroad=first.is_abroad,
    )  # fmt: skip
    found = PollingStation(mission_id=mission.id, centre=centre, key=f"s{number}", code=str(number))
    db.session.add(found)
    db.session.flush()
    return found


def area(mission, name: str, level: int, parent: Area | None = None, country: str = "BOL") -> Area:
    made = Area(
        mission_id=mission.id, parent=parent, level=level, name=name, key=f"{country}/{name}", country=country,
        is_abroad=country != "BOL",
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    return made


def figures(mission, round_=None) -> PressFigures:
    return press_figures(db.session(), mission, round_)


def test_support_staff_and_the_withdrawn_are_not_counted(mission):
    make_appointment(mission, "ARG", gender=Gender.WOMAN)
    make_appointment(mission, "CHL", gender=Gender.MAN)
    for role in (AppointmentRole.DRIVER, AppointmentRole.INTERPRETER, AppointmentRole.DATA_GATHERER):
        make_appointment(mission, "BOL", role=role, gender=Gender.WOMAN)
    make_appointment(mission, "PER").state = AppointmentState.WITHDRAWN
    db.session.flush()
    found = figures(mission)
    assert (found.people_count, found.nationality_count, found.share_of_women) == (2, 2, 0.5)


def test_someone_with_two_roles_is_one_person(mission):
    person = make_appointment(mission, "ARG").person
    appointing.appoint(
        mission, person, role=AppointmentRole.SPECIALIST, expertise=Expertise.QUICK_COUNT, is_remote=True
    )
    assert (figures(mission).people_count, figures(mission).remote_count) == (1, 0)


def test_the_country_chosen_counts_else_all_nationalities_do(mission):
    chosen = make_appointment(mission, "ARG", "ESP")
    chosen.origin = "ARG"
    make_appointment(mission, "CHL", "ITA")
    db.session.flush()
    assert dict(figures(mission).nationalities) == {"ARG": 1, "CHL": 1, "ITA": 1}


def test_the_share_of_women_is_of_those_who_state_their_gender(mission):
    for gender in (Gender.WOMAN, Gender.MAN, Gender.OTHER, Gender.NOT_STATED):
        make_appointment(mission, gender=gender)
    assert figures(mission).share_of_women == pytest.approx(1 / 3)


def test_a_mission_without_people_has_no_share(mission):
    assert figures(mission).share_of_women is None
    assert "Nobody is appointed yet." in sentences(figures(mission))


def test_coverage_counts_first_level_areas_and_cities_abroad(mission):
    round_ = make_round(mission)
    observer = make_appointment(mission)
    paz = area(mission, "La Paz", 1)
    towns = [area(mission, name, 3, paz) for name in ("El Alto", "Viacha")]
    spain = area(mission, "España", 0, country="ESP")
    cities = [area(mission, name, 3, spain, "ESP") for name in ("Madrid", "Barcelona")]
    places = [(towns[0], paz), (towns[1], paz), (cities[0], spain), (cities[1], spain), (cities[1], spain)]
    for number, (where, first) in enumerate(places):
        db.session.add(
            Assignment(
                mission_id=mission.id, round_id=round_.id, appointment_id=observer.id,
                polling_station_id=station(mission, where, first, number).id,
            )
        )  # fmt: skip
    db.session.flush()
    found = figures(mission)
    assert found.area_names == ("La Paz",)
    assert (found.city_count, found.country_count, found.planned_count) == (2, 1, 5)


def test_distinct_stations_and_visits_are_two_figures(mission):
    first = make_round(mission)
    runoff = make_round(mission, date(2019, 12, 15), kind=RoundKind.RUNOFF)
    paz = area(mission, "La Paz", 1)
    one, two = station(mission, paz, paz, 1), station(mission, paz, paz, 2)
    for round_, place, count in ((first, one, 3), (runoff, one, 1), (first, two, 4)):
        db.session.add(
            Visit(
                mission_id=mission.id, round_id=round_.id, polling_station_id=place.id, submission_count=count,
                first_at=NOON, last_at=NOON,
            )
        )  # fmt: skip
    db.session.flush()
    both, second = figures(mission), figures(mission, runoff)
    assert (both.station_count, both.visit_count, both.checklist_count) == (2, 3, 8)
    assert (second.station_count, second.visit_count, second.checklist_count) == (1, 1, 1)


def test_another_missions_people_and_stations_stay_out(mission):
    make_appointment(make_mission("PER-2021"), "ARG")
    assert figures(mission).people_count == 0


def test_the_sentences_say_every_figure(app):
    said = " ".join(sentences(FIGURES))
    for words in (
        "92 observers of 2 nationalities.", "Women are 45.7% of them.", "2 first-level areas and 3 cities abroad in 2 countries",
        "1,200 polling stations are planned.", "1 polling station, in 1 visit, with 4 checklists", "12:00",
    ):  # fmt: skip
        assert words in said


def test_what_is_nil_is_left_out(app):
    said = " ".join(
        sentences(replace(FIGURES, area_names=(), city_count=0, planned_count=0, station_count=0))
    )
    assert "cover" not in said
    assert "Visited" not in said


def test_the_demonstration_says_so(app):
    assert any("invented" in line for line in sentences(replace(FIGURES, is_demonstration=True)))


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_every_language_gives_its_figures_without_a_hole(app, language):
    with in_locale(language):
        said = sentences(FIGURES)
    assert not any("%(" in line for line in said)
    assert any("92" in line for line in said)


def test_the_page_is_for_those_who_may_read_appointments(app, mission):
    make_round(mission)
    make_appointment(mission, "ARG", gender=Gender.WOMAN)
    users = [make_user(role, place) for role, place in ((Role.CHIEF, mission), (Role.OBSERVER, mission))]
    stranger = make_user(Role.CHIEF, make_mission("PER-2021"))
    db.session.commit()
    chief = Browser(app, users[0]).look("/missions/BOL-2019/press")
    assert chief.status_code == 200
    assert "1 observer of 1 nationality" in chief.get_data(as_text=True)
    assert Browser(app, users[1]).look("/missions/BOL-2019/press").status_code == 403
    assert Browser(app, stranger).look("/missions/BOL-2019/press").status_code == 404


def test_the_shell_prints_the_figures(app, mission):
    make_appointment(mission, "ARG")
    db.session.commit()
    printed = app.test_cli_runner().invoke(args=["report", "press", "BOL-2019", "--lang", "es"])
    assert printed.exit_code == 0, printed.output
    assert "BOL-2019" in printed.output
    assert app.test_cli_runner().invoke(args=["report", "press", "XXX-1999"]).exit_code == 2
