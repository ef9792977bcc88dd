"""What is kept of a draw: a row a station, and its figures by stratum and kind, as plain values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from eom.deployment import sampling_balance as balance
from eom.deployment.sampling_draws import Draw, Frame, Numbers, chances_by_size
from eom.deployment.sampling_frames import Kinds, Label, Register, by_area, by_centre, by_voters
from eom.deployment.sampling_sizes import cluster_effect, margin_of, stratified_margin


@dataclass(frozen=True)
class Drawing:
    """A draw with all that it was made from; ``taken`` are the stations of each stratum, if it has strata."""

    asked: Any
    register: Register
    frame: Frame
    labels: Sequence[Label]
    draw: Draw
    taken: list[int] = field(default_factory=list)

    @property
    def design(self) -> str:
        """The design's name."""
        return str(self.asked.design)


def rows(drawing: Drawing, sample_id: int) -> list[dict[str, Any]]:
    """The rows of ``sampled_stations``: those drawn in the order of the draw, then the replacements."""
    draw, frame, ids = drawing.draw, drawing.frame, drawing.register.ids
    # A stratified draw comes in the order of chance over all strata: its first stations are spread.
    main = list(zip(draw.places, draw.chances, draw.weights, strict=True))
    plain = [(at, chance, weight, False) for at, chance, weight in main]
    reserve = [(at, None, None, True) for at in draw.reserves]
    return [
        {
            "sample_id": sample_id, "polling_station_id": int(ids[at]), "position": place,
            "stratum": frame.area_keys[int(frame.areas[at])],
            "chance": None if chance is None else min(1.0, float(chance)),
            "weight": None if weight is None else float(weight), "is_replacement": spare,
        }
        for part in (plain, reserve)
        for place, (at, chance, weight, spare) in enumerate(part, 1)
    ]  # fmt: skip


def figures(drawing: Drawing) -> dict[str, Any]:
    """The margin that can be expected (0..1), the strata, and the balance with the country, ready for JSON."""
    return {
        "margin": margin(drawing),
        "design_effect": design_effect(drawing),
        "guessed": int((drawing.frame.voters <= 0).sum()),
        "strata": _strata(drawing),
        "balance": [
            {"dimension": name, "rows": _compared(drawing, kinds)}
            for name, kinds in (
                ("area", by_area(drawing.register)), ("voters", by_voters(drawing.register)),
                ("centre", by_centre(drawing.register)),
            )
        ],
    }  # fmt: skip


def design_effect(drawing: Drawing) -> float:
    """What the design does to the variance of a share: of neighbours (ρ), or of unequal weights (Kish 1965)."""
    draw = drawing.draw
    if drawing.design == "two_stages":
        return cluster_effect(len(draw.places) / drawing.asked.area_count, drawing.asked.likeness)
    weights = np.asarray(draw.weights)
    return float(len(weights) * (weights**2).sum() / weights.sum() ** 2)


def margin(drawing: Drawing) -> float | None:
    """The margin (0..1) that a question with the expected share will have in the whole frame."""
    asked = drawing.asked
    told = {"confidence": asked.confidence, "share": asked.share}
    if drawing.design == "stratified":
        return stratified_margin(drawing.frame.counts.tolist(), drawing.taken, **told)
    effect = 1.0 if drawing.design == "simple" else design_effect(drawing)
    return margin_of(len(drawing.draw.places), population=len(drawing.frame), design_effect=effect, **told)


def _strata(drawing: Drawing) -> list[dict[str, Any]]:
    """Each stratum or drawn area with its stations, those drawn, those in reserve, and the margin it has alone."""
    frame, draw, asked = drawing.frame, drawing.draw, drawing.asked
    held = len(frame.area_keys)
    drawn = np.bincount(frame.areas[np.asarray(draw.places, dtype=np.int64)], minlength=held)
    spare = np.bincount(frame.areas[np.asarray(draw.reserves, dtype=np.int64)], minlength=held)
    return [
        {
            "key": frame.area_keys[at], "label": list(drawing.labels[at]), "stations": int(frame.counts[at]),
            "drawn": int(drawn[at]), "reserve": int(spare[at]),
            "margin": margin_of(
                int(drawn[at]), population=int(frame.counts[at]), confidence=asked.confidence,
                share=asked.share,
            ),
        }
        for at in range(held)
        if drawn[at] or drawing.design != "two_stages"
    ]  # fmt: skip


def _compared(drawing: Drawing, kinds: Kinds) -> list[dict[str, Any]]:
    count = len(kinds.labels)
    found = balance.compare(drawing.draw, kinds.numbers, count, _errors(drawing, kinds))
    return [
        {
            "label": list(label), "stations": row.stations, "drawn": row.drawn, "country": row.country,
            "sample": row.sample, "chance": row.chance, "within": bool(row.within_chance),
        }
        for label, row in zip(kinds.labels, found, strict=True)
        if row.stations
    ]  # fmt: skip


def _errors(drawing: Drawing, kinds: Kinds) -> Numbers:
    frame, size, count = drawing.frame, len(drawing.draw.places), len(kinds.labels)
    if drawing.design == "by_size":
        return balance.errors_by_size(frame, chances_by_size(frame.sizes, size), kinds.numbers, count)
    if drawing.design == "two_stages":
        first = chances_by_size(frame.counts.astype(np.float64), drawing.asked.area_count)
        return balance.errors_of_two_stages(frame, first, size, kinds.numbers, count)
    return balance.errors_of_strata(frame, drawing.taken, kinds.numbers, count)
