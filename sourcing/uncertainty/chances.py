"""Chances of scenarios, read once."""

from __future__ import annotations

import numpy as np

from sourcing.errors import InputError

ROUNDING = 1e-9


def read_probabilities(probabilities: object, scenarios: int) -> np.ndarray:
    """Read the chances of scenarios: equal where None is given.

    Raises
    ------
    InputError
        Another length, a negative or missing chance, or a sum that is not 1.

    Examples
    --------
    >>> read_probabilities(None, 4).tolist()
    [0.25, 0.25, 0.25, 0.25]
    """
    if probabilities is None:
        return np.full(scenarios, 1.0 / scenarios)
    read = np.asarray(probabilities, dtype=float)
    is_sound = read.shape == (scenarios,) and bool((read >= 0.0).all()) and abs(float(read.sum()) - 1.0) <= ROUNDING
    if not is_sound:
        raise InputError(
            f"probabilities must be one per scenario, none negative, 1 in sum; got shape {read.shape} with the sum "
            f"{read.sum():g} for {scenarios} scenarios at probabilities. Hint: leave them out where all are equal."
        )
    return read
