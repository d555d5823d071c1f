"""The one ramp: Wright's learning curve from day one to the option's steady-state productivity."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sourcing.value.cash.quarters import Quarters


def find_productivity(progress: np.ndarray, start: np.ndarray, learning_rate: np.ndarray) -> np.ndarray:
    """Return productivity on the ramp as a share of steady productivity.

    With b = -log2(learning rate) productivity grows as output so far to the power b, and output as the sum of
    productivity; with productivity s on day one and 1 at the end of the ramp that gives

        p(t) = (s ** g + (1 - s ** g) x progress) ** (1 / g),   g = (1 - b) / b,   progress = time / ramp

    which is a straight line where the learning rate is 2 ** -0.5.

    Parameters
    ----------
    progress : ndarray
        Part of the ramp that has passed, 0 to 1.
    start : ndarray
        Productivity on day one, above 0 to 1.
    learning_rate : ndarray
        Above 0.5, below 1.

    Examples
    --------
    >>> [round(float(find_productivity(0.5, 0.6, rate)), 4) for rate in (2**-0.5, 0.8)]
    [0.8, 0.8271]
    """
    slope = -np.log2(learning_rate)
    power = (1 - slope) / slope
    first = start**power
    return (first + (1 - first) * progress) ** (1 / power)


def work_lost_in_ramp(offers: pd.DataFrame, quarters: int) -> Quarters:
    """Return the extra share of labor that the ramp costs in each quarter, shape (alternatives, quarters).

    The work takes 1 / productivity, taken at the middle of the live part of the quarter; nothing after the ramp and
    nothing for what stays as it is.
    """
    columns = ("ramp_months", "start_productivity", "learning_rate", "go_live_months")
    ramp, start, rate, go_live = (offers[name].to_numpy(float)[:, None] for name in columns)
    climbs = (ramp > 0) & (start < 1) & ~offers["is_as_is"].to_numpy(bool)[:, None]
    lost = np.zeros((len(offers), quarters))
    rows = climbs[:, 0]
    if not rows.any():
        return lost
    months = 3.0 * np.arange(quarters)[None, :]
    since = np.maximum((np.maximum(months, go_live[rows]) + months + 3) / 2 - go_live[rows], 0)
    progress = np.minimum(since / ramp[rows], 1)
    lost[rows] = 1 / find_productivity(progress, start[rows], rate[rows]) - 1
    return lost
