"""Fills the standard checklists with invented answers, as a device would send them.

Most of what is answered is in order; a few stations open late, lose a seal or have a number that does
not add up, so that lists, maps and reviews have something to show.
"""

from __future__ import annotations

import random
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from lxml import etree

NAMESPACE = uuid.UUID("5a2f6d0e-2019-4b01-8a20-000000000000")
CONTENDERS = ("list_a", "list_b", "list_c", "list_d")


@dataclass(frozen=True)
class Visit:
    """Where and when a checklist is filled. ``voters`` are the names on the station's list."""

    station: str
    voters: int
    arrived_at: datetime
    left_at: datetime
    latitude: float | None
    longitude: float | None


def fill(stage: str, form_id: str, version: str, visit: Visit, place: int) -> bytes:
    """The XML of a filled form. ``place`` seeds the dice: the same call gives the same bytes."""
    dice = random.Random(f"{stage} {visit.station} {place}")
    body: dict[str, Any] = {
        "start": _moment(visit.arrived_at),
        "end": _moment(visit.left_at),
        "today": f"{visit.arrived_at:%Y-%m-%d}",
        "visit": {"station": visit.station, "selection": dice.choice(("random", "assigned")),
                  "arrival": _time(visit.arrived_at)},
        **_STAGES[stage](dice, visit),
        "departure": _departure(dice, visit),
        "meta": {"instanceID": f"uuid:{uuid.uuid5(NAMESPACE, f'{stage} {visit.station} {place}')}",
                 "instanceName": f"{stage.title()} {visit.station}"},
    }  # fmt: skip
    root = etree.Element("data", id=form_id, version=version)
    _write(root, body)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _opening(dice: random.Random, visit: Visit) -> dict[str, Any]:
    late = dice.random() < 0.18
    opening: dict[str, Any] = {"on_time": "no" if late else "yes"}
    if late:
        cause = dice.choice(("members", "materials", "premises"))
        opening |= {"late_by": dice.choice(("under_15", "under_30", "under_60")), "late_cause": cause}
    opened = visit.arrived_at.replace(hour=8, minute=dice.randint(16, 55) if late else dice.randint(0, 9))
    opening |= {"opened_at": _time(opened), "materials_complete": "yes", "ballots_received": visit.voters,
                "box_empty": "yes", "box_sealed": "yes"}  # fmt: skip
    opening |= _answer(dice, "booth_secret", "yes", "no", 0.03, "The booth stood beside the window.")
    people = _board(dice) | {
        "chair_woman": dice.choice(("yes", "no")),
        "agent_parties": " ".join(dice.sample(CONTENDERS, 2)),
        "security": dice.choice(("outside", "none", "outside")),
    }
    people |= _answer(dice, "access", "yes", "no", 0.22, "There are steps and no ramp.")
    people |= {"campaign_material": "no", "refused_entry": "no"}
    return {"opening": opening, "people": people}


def _voting(dice: random.Random, visit: Visit) -> dict[str, Any]:
    so_far = int(visit.voters * dice.uniform(0.25, 0.7))
    turned_away = dice.choice((0, 0, 0, 0, 1, 2))
    voting: dict[str, Any] = {
        "queue": dice.choice(("none", "up_to_15", "up_to_15", "up_to_40", "over_40")),
        "registered": visit.voters, "voters_so_far": so_far, "identity_checked": "always", "ink_checked": "always",
        "register_order": "yes", "turned_away": turned_away,
    }  # fmt: skip
    if turned_away:
        voting["turned_away_reason"] = "Their names were on the list of another station."
    broken = dice.random() < 0.05
    voting["secrecy_kept"] = "no" if broken else "yes"
    if broken:
        voting["secrecy_breach"] = dice.choice(("layout", "photographed", "together"))
    voting["assisted"] = "yes"
    pressed = dice.random() < 0.02
    setting: dict[str, Any] = {"pressure_seen": "yes" if pressed else "no"}
    if pressed:
        setting |= {
            "pressure_kind": "campaigning",
            "pressure_account": "A group called out near the entrance.",
        }
    setting |= {"interrupted": "no", **_board(dice), "agent_parties": " ".join(dice.sample(CONTENDERS, 2)),
                "other_observers": dice.choice(("yes", "no")), "complaints": dice.choice((0, 0, 0, 1))}  # fmt: skip
    return {"voting": voting, "setting": setting}


def _closing(dice: random.Random, visit: Visit) -> dict[str, Any]:
    line = dice.choice(("none", "none", "up_to_5", "up_to_25"))
    closing: dict[str, Any] = {
        "timing": "on_time" if line == "none" else "late_queue",
        "closed_at": _time(visit.arrived_at + timedelta(minutes=20)),
        "line": line,
    }
    if line != "none":
        closing["line_voted"] = "yes"
    closing |= {"joined_after": "no", "slot_sealed": "yes"}
    closing |= _answer(dice, "seals_intact", "yes", "no", 0.02, "One seal was torn; the board noted it.")
    closing |= {"unused_secured": "yes", "voters_total": int(visit.voters * dice.uniform(0.8, 0.93)),
                "order_kept": "yes", **_board(dice),
                "agent_parties": " ".join(dice.sample(CONTENDERS, 2)), "prevented": "no"}  # fmt: skip
    return {"closing": closing}


def _counting(dice: random.Random, visit: Visit) -> dict[str, Any]:
    in_box = int(visit.voters * dice.uniform(0.8, 0.93))
    spoilt = dice.choice((0, 0, 1, 2))
    blank, null = dice.randint(0, in_box // 30), dice.randint(0, in_box // 25)
    valid = in_box - blank - null
    votes = _votes(dice, valid)
    # A slip in a few tally sheets: the contenders' votes miss one of the valid votes.
    slipped = dice.random() < 0.03
    if slipped:
        votes[0] = max(votes[0] - 1, 0)
    outcome: list[tuple[str, Any]] = [
        ("result", {"contender": name, "votes": count}) for name, count in zip(CONTENDERS, votes, strict=True)
    ]
    outcome += [
        ("votes_sum", sum(votes)),
        ("valid", valid),
        ("blank", blank),
        ("null", null),
        ("total", in_box),
    ]
    if slipped:
        outcome.append(("valid_why", "Announced so; the board saw no mistake."))
    procedure = {"count_began": _time(visit.arrived_at), **_board(dice), "agents": dice.randint(1, 4),
                 "procedure_followed": "yes", "prevented": "no"}  # fmt: skip
    ballots = {"signatures": in_box, "received": visit.voters, "unused": visit.voters - in_box - spoilt,
               "spoilt": spoilt, "in_box": in_box, "disputed": 0}  # fmt: skip
    tally = {
        "sheet_signed": "yes",
        **_answer(dice, "sheet_copied", "yes", "no", 0.04, "There were no copies left."),
    }
    tally |= {"sheet_posted": "yes", "sent_by": dice.choice(("scanner", "phone"))}
    return {"procedure": procedure, "ballots": ballots, "outcome": outcome, "tally": tally}


_STAGES = {"opening": _opening, "voting": _voting, "closing": _closing, "counting": _counting}


def _votes(dice: random.Random, valid: int) -> list[int]:
    cuts = sorted(dice.randint(0, valid) for _ in range(len(CONTENDERS) - 1))
    return [after - before for before, after in zip([0, *cuts], [*cuts, valid], strict=True)]


def _board(dice: random.Random) -> dict[str, int | str]:
    women = dice.randint(1, 4)
    return {"board_members": dice.randint(max(women, 4), 6), "board_women": women}


def _answer(dice: random.Random, name: str, usual: str, rare: str, share: float, why: str) -> dict[str, str]:
    if dice.random() < share:
        return {name: rare, f"{name}_why": why}
    return {name: usual}


def _departure(dice: random.Random, visit: Visit) -> dict[str, str]:
    answers = {"conduct": dice.choices(("very_good", "good", "fair", "poor"), (42, 47, 9, 2))[0]}
    if answers["conduct"] == "poor":
        answers["conduct_why"] = "Disorder at the entrance, and a board that argued."
    if visit.latitude is not None and visit.longitude is not None:
        latitude, longitude = (
            visit.latitude + dice.uniform(-4e-4, 4e-4),
            visit.longitude + dice.uniform(-4e-4, 4e-4),
        )
        answers["place"] = f"{latitude:.6f} {longitude:.6f} 0.0 {dice.randint(4, 22)}.0"
    return answers | {"departure": _time(visit.left_at)}


def _write(parent: etree._Element, answers: dict[str, Any] | list[tuple[str, Any]]) -> None:
    for name, value in answers.items() if isinstance(answers, dict) else answers:
        child = etree.SubElement(parent, name)
        if isinstance(value, dict | list):
            _write(child, value)
        else:
            child.text = str(value)


def _moment(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds")


def _time(at: datetime) -> str:
    return at.timetz().isoformat(timespec="milliseconds")
