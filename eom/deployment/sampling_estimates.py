"""Estimates from a sample of polling stations, whose people vote together: a station is a cluster.

A share of votes is a ratio of totals over clusters; the formula for single voters never holds for it.
Sources: Cochran, *Sampling Techniques*, 3rd ed., 6.11 (combined ratio estimator over strata) and 6.3 (its
variance); Lohr, *Sampling: Design and Analysis*, 4.1 and 5.2.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from eom.deployment.sampling_sizes import deviate

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Stratum:
    """What was counted at the sampled stations of a stratum that has ``station_count`` in all."""

    station_count: int
    votes: Values
    valid: Values


@dataclass(frozen=True)
class Estimate:
    """A share (0..1) with its standard error; ``margin`` is for a confidence."""

    share: float
    error: float

    def margin(self, confidence: float = 0.95) -> float:
        """Half the width of the interval."""
        return deviate(confidence) * self.error

    def holds(self, truth: float, confidence: float = 0.95) -> bool:
        """Whether the interval has the truth inside."""
        return abs(self.share - truth) <= self.margin(confidence)


def vote_share(strata: Sequence[Stratum]) -> Estimate:
    """The share of votes over all strata, each with a simple random sample of at least two stations.

    R = Σ (N_h/n_h) Σ y / Σ (N_h/n_h) Σ x;  Var R = Σ N_h² (1 − f_h) s²_e,h / n_h / X², with e = y − R x and X the
    estimated total of valid votes. ValueError for a stratum of one station that was not counted whole.
    """
    votes = sum(each.station_count * float(each.votes.mean()) for each in strata)
    valid = sum(each.station_count * float(each.valid.mean()) for each in strata)
    share = votes / valid
    variance = 0.0
    for each in strata:
        count = len(each.votes)
        if count < each.station_count:
            if count < 2:
                raise ValueError("a stratum needs two stations, or all it has")
            spread = float((each.votes - share * each.valid).var(ddof=1))
            variance += each.station_count**2 * (1 - count / each.station_count) * spread / count
    return Estimate(share, math.sqrt(variance) / valid)
