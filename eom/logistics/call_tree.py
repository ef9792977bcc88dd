"""The call tree: who calls whom when something happens. Everyone is called once, by one person.

The security focal point calls those who lead and coordinate; each coordinator calls the leads of their teams and
those in no team whom they were given; a lead calls the rest of the team. What nobody decided is shared out evenly, in
the order of names, so that the tree of today is the tree of tomorrow.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Crew:
    """A team: its id, its members in order (ids), and its lead among them (None: the first)."""

    id: int
    members: tuple[int, ...]
    lead: int | None = None


@dataclass
class Call:
    """Someone, and whom they call."""

    id: int
    team_id: int | None = None
    calls: list[Call] = field(default_factory=list)

    def everyone(self) -> Iterator[int]:
        """The ids of this person and of all below, each who calls before those who are called."""
        yield self.id
        for each in self.calls:
            yield from each.everyone()


def grow(
    people: Sequence[int], *, focal: int | None, leaders: Collection[int] = (), coordinators: Collection[int] = (), crews: Sequence[Crew] = (),
    callers: Mapping[int, int] | None = None,
) -> Call | None:  # fmt: skip
    """The tree of everyone in ``people`` (ids, in order of preference), or None when there is nobody.

    ``leaders`` (chief, deputy) are called first and call teams only where there are no ``coordinators``. ``callers`` is
    who calls the lead of a team, by the team's id. Without a focal point the first who leads or coordinates is the
    root, else the first of all. Who is in no list of ``people`` is left out.
    """
    known = dict.fromkeys(people)
    leading = [each for each in known if each in leaders or each in coordinators]
    root = focal if focal in known else next(iter(leading or known), None)
    if root is None:
        return None
    nodes = {root: Call(root)}
    for each in leading:
        _under(nodes, root, each, None)
    others = [each for each in leading if each != root]
    heads = [each for each in others if each in coordinators] or others or [root]
    _teams(nodes, known, crews, callers or {}, heads)
    for place, each in enumerate(each for each in known if each not in nodes):
        _under(nodes, heads[place % len(heads)], each, None)
    return nodes[root]


def _teams(
    nodes: dict[int, Call], known: Mapping[int, None], crews: Sequence[Crew], callers: Mapping[int, int],
    heads: Sequence[int],
) -> None:  # fmt: skip
    """Hang each team under whoever calls it: the one decided, one of its own who coordinates, or the next in turn."""
    turn = 0
    for crew in crews:
        here = [each for each in crew.members if each in known]
        waiting = [each for each in here if each not in nodes]
        own = next((each for each in here if each in nodes), None)
        caller = callers.get(crew.id)
        if caller not in nodes or caller in waiting:
            caller = own
        if caller is None:
            caller, turn = heads[turn % len(heads)], turn + 1
        if waiting:
            lead = crew.lead if crew.lead in waiting else waiting[0]
            _under(nodes, caller, lead, crew.id)
            for each in waiting:
                _under(nodes, lead, each, crew.id)


def _under(nodes: dict[int, Call], caller: int, called: int, team_id: int | None) -> None:
    if called not in nodes:
        nodes[called] = Call(called, team_id)
        nodes[caller].calls.append(nodes[called])
