"""Shapes of an uncertain figure as tables state them: low, likely, high or values, and the mean that they imply."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sourcing.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

SHAPES = ("triangular", "pert", "lognormal", "discrete", "empirical")
BY_VALUES = ("discrete", "empirical")
"""Shapes that are told by the column values, not by low, likely and high."""
TENTHS_APART = 2.5631031310892007
"""Standard normal quantiles from the tenth to the ninetieth of a hundred: twice 1.28155."""
WHOLE = 1e-6


class Shape(NamedTuple):
    """The distribution of one uncertain figure.

    Attributes
    ----------
    kind : str
        One of SHAPES.
    low, likely, high : float
        triangular and pert: the ends and the most likely value. lognormal: low and high are the tenth and ninetieth of
        a hundred, so that the middle is sqrt(low x high); likely is only shown. discrete: lowest, most probable and
        highest value. empirical: lowest, middle and highest.
    values, chances : tuple of float
        Of discrete and empirical: each value, sorted, with its probability.
    """

    kind: str
    low: float
    likely: float
    high: float
    values: tuple[float, ...] = ()
    chances: tuple[float, ...] = ()

    @property
    def mean(self) -> float:
        """Mean of the shape, exactly.

        triangular (low + likely + high) / 3; pert (low + 4 likely + high) / 6 (Malcolm, Roseboom, Clark and Fazar
        1959); lognormal sqrt(low x high) x exp(spread ** 2 / 2), spread = ln(high / low) / 2.5631; discrete sum of
        value x probability; empirical the average.

        Examples
        --------
        >>> Shape("pert", 2.0, 3.0, 10.0).mean, Shape("triangular", 2.0, 3.0, 10.0).mean
        (4.0, 5.0)
        >>> Shape("discrete", 0.0, 0.0, 10.0, (0.0, 10.0), (0.75, 0.25)).mean
        2.5
        """
        if self.kind in BY_VALUES:
            return float(np.dot(self.values, self.chances))
        if self.kind == "lognormal":
            return math.sqrt(self.low * self.high) * math.exp(self.spread**2 / 2)
        weight = 4.0 if self.kind == "pert" else 1.0
        return (self.low + weight * self.likely + self.high) / (weight + 2.0)

    @property
    def spread(self) -> float:
        """Standard deviation of the logarithm of a lognormal figure.

        Examples
        --------
        >>> round(Shape("lognormal", 1.0, 1.0, math.exp(2.5631031)).spread, 6)
        1.0
        """
        return math.log(self.high / self.low) / TENTHS_APART

    @property
    def is_certain(self) -> bool:
        """Whether it can take one value only."""
        return self.high <= self.low


def read_values(text: str, kind: str) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Read the values of a discrete or empirical figure, with the probability of each.

    Parameters
    ----------
    text : str
        discrete: `value: probability` joined by semicolons, summing to 1; empirical: values joined by semicolons, each
        as probable as the others. Decimal points.
    kind : str
        discrete or empirical.

    Raises
    ------
    InputError
        Nothing that can be read, a probability below 0, or probabilities that do not sum to 1.

    Examples
    --------
    >>> read_values("1: 0.7; 0.9: 0.3", "discrete")
    ((0.9, 1.0), (0.3, 0.7))
    >>> read_values("1.1; 0.9; 1.0; 1.0", "empirical")
    ((0.9, 1.0, 1.0, 1.1), (0.25, 0.25, 0.25, 0.25))
    """
    wanted = "value: probability; value: probability" if kind == "discrete" else "value; value; value"
    parts = [part.strip() for part in text.split(";") if part.strip()]
    try:
        pairs = [[float(each) for each in part.split(":")] for part in parts]
    except ValueError:
        pairs = []
    if not pairs or any(len(pair) != (2 if kind == "discrete" else 1) for pair in pairs):
        raise InputError(
            f"The values of a figure of shape {kind} must read {wanted!r}; got {text!r} at values. Hint: numbers with "
            "a decimal point, joined by semicolons."
        )
    if not all(math.isfinite(number) for pair in pairs for number in pair):
        raise InputError(f"Values must be finite; got {text!r} at values. Hint: leave out what is not known.")
    if kind == "empirical":
        pairs = [[value, 1.0 / len(pairs)] for (value,) in pairs]
    pairs.sort()
    chances = [chance for _, chance in pairs]
    if min(chances) < 0.0 or abs(sum(chances) - 1.0) > WHOLE:
        raise InputError(
            f"Probabilities must be at least 0 and sum to 1; got {sum(chances):g} at values {text!r}. Hint: half is "
            "written 0.5."
        )
    return tuple(value for value, _ in pairs), tuple(chances)


def read_shape(row: Mapping[str, object] | pd.Series) -> Shape:
    """Read the shape of a row with low, likely, high and, where told, shape and values.

    Raises
    ------
    InputError
        See `find_shape_fault`.

    Examples
    --------
    >>> read_shape({"low": 1.0, "likely": 2.0, "high": 4.0})
    Shape(kind='triangular', low=1.0, likely=2.0, high=4.0, values=(), chances=())
    >>> read_shape({"shape": "discrete", "values": "0: 0.75; 10: 0.25"}).likely
    0.0
    """
    told = row.get("shape", "")
    kind = str(told) if isinstance(told, str) and told else "triangular"
    if kind not in BY_VALUES:
        low, likely, high = (_read_number(row.get(side)) for side in ("low", "likely", "high"))
        if kind == "lognormal" and math.isnan(likely) and low > 0.0:
            likely = math.sqrt(low * high)
        if not low <= likely <= high:
            raise InputError(
                f"A figure must have low <= likely <= high; got {low:g}, {likely:g}, {high:g} at low, likely, high. "
                "Hint: fill and sort the three figures."
            )
        if kind == "lognormal" and low <= 0.0:
            raise InputError(
                f"A lognormal figure must be above 0; got {low:g} at low. Hint: take triangular or pert, or state the "
                "figure as a ratio."
            )
        return Shape(kind, low, likely, high)
    values, chances = read_values(str(row.get("values") or ""), kind)
    at = int(np.argmax(chances)) if kind == "discrete" else (len(values) - 1) // 2
    return Shape(kind, values[0], values[at], values[-1], values, chances)


def _read_number(value: object) -> float:
    return float(value) if isinstance(value, int | float | np.number) else math.nan


def find_shape_fault(row: Mapping[str, object] | pd.Series) -> tuple[str, str, str] | None:
    """Find what is wrong with the shape of a row: column, what was wanted, hint; None where nothing is."""
    try:
        read_shape(row)
    except InputError as error:
        wanted, _, hint = str(error).partition("; got ")
        column = "values" if str(row.get("shape")) in BY_VALUES else "likely"
        return column, wanted, "Hint: " + hint.partition("Hint: ")[2]
    return None
