"""Samples of elections whose result is known: the truth lies in nineteen of twenty intervals."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from eom.deployment.sampling_draws import Frame, draw_stratified, draw_two_stages, taken_of
from eom.deployment.sampling_estimates import Stratum, vote_share
from eom.deployment.sampling_sizes import Allocation
from eom.settings import ROOT

SHARED = ROOT.parent / "shared" / "data"
RUNS = 150


def lines(path: Path) -> list[dict[str, str]]:
    """A file's lines. Where it is missing the test says so, and fails under CI."""
    if not path.exists():
        message = f"{path} is missing: the test has nothing to draw from"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(message)
    with gzip.open(path) as packed, io.TextIOWrapper(packed, "utf-8-sig", newline="") as text:
        return list(csv.DictReader(text))


def numbered(names: list[str]) -> tuple[np.ndarray, list[str]]:
    keys = sorted(set(names))
    place = {key: at for at, key in enumerate(keys)}
    return np.asarray([place[each] for each in names], dtype=np.int64), keys


@cache
def bolivia() -> tuple[Frame, np.ndarray, np.ndarray]:
    """The count of 2019: a frame by department (abroad is one), the votes of MAS and the valid ones."""
    rows = lines(SHARED / "bolivia-2019" / "mesas-y-computo.csv.gz")
    names = list(rows[0])
    parties = names[names.index("Inscritos") + 1 : names.index("Blancos")]
    areas, keys = numbered([row["Departamento"] if row["País"] == "Bolivia" else "(abroad)" for row in rows])
    votes = np.asarray([[int(row[party] or 0) for party in parties] for row in rows], dtype=float)
    voters = np.asarray([int(row["Inscritos"] or -1) for row in rows])
    frame = Frame([row["Número Mesa"] for row in rows], voters, areas, keys)
    return frame, votes[:, parties.index("MAS - IPSP")], votes.sum(axis=1)


def strata(frame: Frame, places: list[int], votes: np.ndarray, valid: np.ndarray) -> list[Stratum]:
    at = np.asarray(places)
    return [
        Stratum(int(count), votes[at[frame.areas[at] == area]], valid[at[frame.areas[at] == area]])
        for area, count in enumerate(frame.counts)
        if count
    ]


def share_inside(
    frame: Frame, votes: np.ndarray, valid: np.ndarray, size: int, how: Allocation, least: int
) -> float:
    truth = votes.sum() / valid.sum()
    taken = taken_of(frame, size, how, least)
    found = [
        vote_share(strata(frame, draw_stratified(frame, str(seed), taken).places, votes, valid))
        for seed in range(RUNS)
    ]
    assert np.mean([each.share for each in found]) == pytest.approx(truth, abs=0.004), "no bias"
    return sum(each.holds(truth) for each in found) / RUNS


def test_the_result_of_bolivia_lies_in_nineteen_of_twenty_intervals():
    frame, votes, valid = bolivia()
    truth = json.loads((SHARED / "bolivia-2019" / "truth.json").read_text())
    assert votes.sum() == truth["totals"]["MAS - IPSP"]
    assert valid.sum() == truth["valid"]
    inside = share_inside(frame, votes, valid, 800, Allocation.PROPORTIONAL, 4)
    # 150 draws: 0.95 ± 2.6 times √(0.95 · 0.05 / 150), and a little for strata of a few stations.
    assert 0.90 <= inside <= 0.99


def test_an_interval_for_single_voters_would_be_far_too_narrow():
    frame, votes, valid = bolivia()
    taken = taken_of(frame, 800, Allocation.PROPORTIONAL, 4)
    draw = draw_stratified(frame, "1", taken)
    cluster = vote_share(strata(frame, draw.places, votes, valid)).error
    asked = valid[draw.places].sum()
    assert cluster > 5 * np.sqrt(0.47 * 0.53 / asked)


def test_a_partial_count_is_not_a_sample():
    """The first 83.85 % of the stations gave a lead of 7.9 points; the count gave 10.6 in the end."""
    counted = lines(SHARED / "bolivia-2019" / "trep_2019-10-20_1940_mesas.csv.gz")
    frame, votes, valid = bolivia()
    place = {key: at for at, key in enumerate(frame.keys)}
    name = next(each for each in counted[0] if "mero" in each)
    at = [place[row[name]] for row in counted if row[name] in place]
    truth, partial = votes.sum() / valid.sum(), votes[at].sum() / valid[at].sum()
    assert len(at) == 28_975
    draw = draw_stratified(frame, "1", taken_of(frame, len(at), Allocation.PROPORTIONAL, 4))
    sampled = vote_share(strata(frame, draw.places, votes, valid))
    assert sampled.holds(truth, 0.999)
    assert abs(partial - truth) > 5 * sampled.margin(), "those that came first are no part drawn by chance"


def test_a_sample_of_two_stages_is_not_biased():
    """A country of departments drawn by their stations: weighted totals hit the truth on average."""
    frame, votes, valid = bolivia()
    found = []
    for seed in range(60):
        draw = draw_two_stages(frame, str(seed), 800, area_count=6)
        weights = np.asarray(draw.weights)
        found.append((weights * votes[draw.places]).sum() / (weights * valid[draw.places]).sum())
    error = np.std(found) / np.sqrt(len(found))
    assert abs(np.mean(found) - votes.sum() / valid.sum()) < 3.5 * error


def test_mexico_has_its_own_strata():
    rows = lines(SHARED / "mexico" / "nal_2012.csv.gz")
    areas, keys = numbered([row["estrato"] for row in rows])
    votes = np.asarray([float(row["pri_pvem"]) for row in rows])
    total = np.asarray([float(row["total"]) for row in rows])
    truth = json.loads((SHARED / "mexico" / "nal_2012_truth.json").read_text())
    frame = Frame([row["casilla_id"] for row in rows], np.full(len(rows), 1), areas, keys)
    assert (len(frame), len(keys)) == (143_132, 375)
    taken = taken_of(frame, 7_500, Allocation.PROPORTIONAL, 2)
    assert sum(taken) == 7_500 and min(taken) >= 2
    found = [
        vote_share(strata(frame, draw_stratified(frame, str(seed), taken).places, votes, total))
        for seed in range(4)
    ]
    assert all(abs(each.share * 100 - truth["pct_of_total"]["pri_pvem"]) < 0.6 for each in found)
    assert all(each.margin() < 0.005 for each in found)
