"""The call tree: everybody is called once, by one person."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from eom.logistics.call_tree import Call, Crew, grow

PEOPLE = range(1, 30)


def told(call: Call | None) -> dict[int, list[int]]:
    """Whom each calls."""
    if call is None:
        return {}
    found = {call.id: [each.id for each in call.calls]} if call.calls else {}
    for each in call.calls:
        found |= told(each)
    return found


@st.composite
def missions(draw):
    people = draw(st.lists(st.sampled_from(PEOPLE), unique=True))
    members = draw(st.lists(st.sampled_from(PEOPLE), unique=True))
    cuts = sorted(draw(st.lists(st.integers(0, len(members)), max_size=5)))
    crews = []
    for number, (start, end) in enumerate(zip([0, *cuts], [*cuts, len(members)], strict=True)):
        crew = tuple(members[start:end])
        crews.append(
            Crew(number, crew, draw(st.sampled_from(crew)) if crew and draw(st.booleans()) else None)
        )
    return {
        "people": people, "focal": draw(st.none() | st.sampled_from(PEOPLE)), "crews": crews,
        "leaders": draw(st.sets(st.sampled_from(PEOPLE))), "coordinators": draw(st.sets(st.sampled_from(PEOPLE))),
        "callers": draw(st.dictionaries(st.integers(0, 5), st.sampled_from(PEOPLE))),
    }  # fmt: skip


@given(missions())
def test_everybody_is_in_the_tree_once(mission):
    tree = grow(**mission)
    if tree is None:
        assert mission["people"] == []
        return
    everyone = list(tree.everyone())
    assert sorted(everyone) == sorted(mission["people"])
    assert tree.id == mission["focal"] or mission["focal"] not in mission["people"]


def test_the_focal_point_calls_coordinators_they_leads_and_leads_their_team():
    crews = [Crew(1, (5, 6, 7), lead=6), Crew(2, (8, 9))]
    tree = grow([1, 2, 3, 5, 6, 7, 8, 9], focal=3, coordinators={1, 2}, crews=crews)
    assert tree.id == 3
    assert told(tree) == {3: [1, 2], 1: [6], 6: [5, 7], 2: [8], 8: [9]}


def test_a_team_is_called_by_whom_the_mission_decided():
    crews = [Crew(1, (5, 6)), Crew(2, (8, 9))]
    tree = grow([1, 2, 5, 6, 8, 9], focal=1, coordinators={1, 2}, crews=crews, callers={1: 1})
    assert told(tree) == {1: [2, 5], 5: [6], 2: [8], 8: [9]}


def test_a_coordinator_who_travels_in_a_team_calls_its_lead():
    tree = grow([1, 2, 5, 6], focal=1, coordinators={2}, crews=[Crew(1, (5, 2, 6), lead=5)])
    assert told(tree) == {1: [2], 2: [5], 5: [6]}


def test_without_a_focal_point_the_first_coordinator_begins():
    assert told(grow([7, 2, 5], focal=None, coordinators={2})) == {2: [7, 5]}
    assert grow([], focal=None) is None


def test_a_chief_is_called_first_and_calls_no_team_where_somebody_coordinates():
    crews = [Crew(1, (5, 6))]
    assert told(grow([1, 2, 3, 5, 6], focal=3, leaders={1}, coordinators={2}, crews=crews)) == {
        3: [1, 2],
        2: [5],
        5: [6],
    }
    assert told(grow([1, 3, 5, 6], focal=3, leaders={1}, crews=crews)) == {3: [1], 1: [5], 5: [6]}
