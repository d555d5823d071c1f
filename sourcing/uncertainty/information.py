"""What finding out more is worth: perfect information, of everything or of one figure, over a pool of actions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sourcing.errors import InputError
from sourcing.uncertainty.chances import read_probabilities

TERMS = 3
"""Powers of a figure in the regression: the conditional mean of a cost that bends once or twice."""


@dataclass(frozen=True)
class Information:
    """What information is worth, in the unit of the costs.

    Attributes
    ----------
    here_and_now : float
        Least expected cost of one action taken before anything is known.
    action : int
        That action.
    wait_and_see : float
        Expected cost if each scenario were known before its action is chosen.
    perfect : float
        Expected value of perfect information: here_and_now - wait_and_see.
    """

    here_and_now: float
    action: int
    wait_and_see: float

    @property
    def perfect(self) -> float:
        """Expected value of perfect information."""
        return self.here_and_now - self.wait_and_see


def weigh_information(costs: np.ndarray, probabilities: np.ndarray | None = None) -> Information:
    """Weigh perfect information about the scenarios over a table of costs.

    here_and_now = min over actions of E[cost]; wait_and_see = E[min over actions of cost]; the value is their
    difference, never negative. Source: J. R. Birge and F. Louveaux, Introduction to Stochastic Programming, chapter 4.

    Parameters
    ----------
    costs : array, shape (scenarios, actions)
        A gain is a negative cost.
    probabilities : array, shape (scenarios,), optional
        Equal if None.

    Raises
    ------
    InputError
        No scenario or action, a cost that is not finite, or unsound probabilities.

    Examples
    --------
    Drill costs 70 and brings 200 where there is oil (half the time), else nothing; not drilling costs nothing:

    >>> worth = weigh_information(np.array([[-130.0, 0.0], [70.0, 0.0]]))
    >>> worth.here_and_now, worth.wait_and_see, worth.perfect
    (-30.0, -65.0, 35.0)
    """
    table = _read_costs(costs)
    chances = read_probabilities(probabilities, len(table))
    expected = chances @ table
    best = int(np.argmin(expected))
    return Information(float(expected[best]), best, float(chances @ table.min(axis=1)))


def weigh_solution(costs: np.ndarray, mean_action: int, probabilities: np.ndarray | None = None) -> float:
    """Return the value of the stochastic solution: what the action that is best at mean figures costs too much.

    E[cost of `mean_action`] - here_and_now. Source: Birge and Louveaux, chapter 4.
    """
    table = _read_costs(costs)
    chances = read_probabilities(probabilities, len(table))
    return float(chances @ table[:, mean_action]) - weigh_information(table, chances).here_and_now


def weigh_figures(costs: np.ndarray, figures: np.ndarray) -> tuple[float, float]:
    """Weigh perfect information about some figures while all others stay unknown, by regression.

    Each action's cost, less that of the action that is best on average, is regressed on powers of the figures; the
    value is the mean over the scenarios of how far the least of the fitted differences lies below 0.
    Source: M. Strong, J. E. Oakley and A. Brennan, "Estimating multiparameter partial expected value of perfect
    information from a probabilistic sensitivity analysis sample", Medical Decision Making, 2014.

    Parameters
    ----------
    costs : array, shape (scenarios, actions)
        Equally likely.
    figures : array, shape (scenarios, figures)
        What would be known.

    Returns
    -------
    tuple of float and float
        The value, at least 0, and its standard error.
    """
    table, known = _read_costs(costs), np.asarray(figures, dtype=float)
    best = int(np.argmin(table.mean(axis=0)))
    terms = [np.ones(len(table))]
    for column in known.T:
        spread = column.std()
        if spread > 0.0:
            standard = (column - column.mean()) / spread
            terms += [standard**power for power in range(1, TERMS + 1)]
    design = np.column_stack(terms)
    differences = table - table[:, [best]]
    fitted = design @ np.linalg.lstsq(design, differences, rcond=None)[0]
    gain = -np.minimum(fitted.min(axis=1), 0.0)
    return float(gain.mean()), float(gain.std(ddof=1) / np.sqrt(len(gain)))


def _read_costs(costs: object) -> np.ndarray:
    table = np.asarray(costs, dtype=float)
    if table.ndim != 2 or not table.size or not np.isfinite(table).all():
        raise InputError(
            f"costs must be a table of finite numbers, scenarios by actions; got shape {table.shape} at costs. "
            "Hint: one row per scenario, one column per action."
        )
    return table
