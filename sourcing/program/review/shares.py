"""Shares of a change over the groups that make it: by Shapley over all orders, or over a sample of them."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

import scipy

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Worth = Callable[[int], tuple[float, float] | None]
"""Set of groups, as bits, to the interval in which the amount lies with these applied; None where there is no plan."""


@dataclass(frozen=True)
class Share:
    """What one group has of a change.

    Attributes
    ----------
    amount : float
        Its share; over all groups these add up to the whole change.
    lower, upper : float
        Where the share lies for certain, given what is proven of each plan; infinite for a sample of orders.
    error : float
        Half the width of the interval of 95 % that the sample leaves; 0 where every order was counted, NaN where too
        few orders were drawn to tell.
    """

    amount: float
    lower: float
    upper: float
    error: float


def share_exactly(count: int, worth: Worth) -> list[Share] | None:
    """Share a change over groups by the mean, over all orders that have a plan at every step, of what each group adds.

    Where every set of groups has a plan that is the Shapley value: φ_i = Σ_S |S|! (n − |S| − 1)! / n! × (v(S ∪ i) −
    v(S)). Else orders that pass through a set without a plan are left out: with f(S) orders of S that keep a plan and
    b(S) ways to go on from S to all, φ_i = Σ_S f(S) b(S ∪ i) / f(all) × (v(S ∪ i) − v(S)). Either way the shares add up
    to v(all) − v(none), since each order does.

    Parameters
    ----------
    count : int
        Number of groups, n.
    worth : callable
        Asked of every set, 2^n of them.

    Returns
    -------
    list of Share or None
        One per group; None where no order keeps a plan at every step.

    Notes
    -----
    L. S. Shapley (1953), A Value for n-Person Games. Orders restricted to sets that can be: U. Faigle and W. Kern
    (1992), The Shapley value for cooperative games under precedence constraints, Int. J. Game Theory 21.

    Examples
    --------
    Alone the first saves 4, the second nothing; together they save 10.

    >>> amounts = {0: 0.0, 1: 4.0, 2: 0.0, 3: 10.0}
    >>> [share.amount for share in share_exactly(2, lambda set_: (amounts[set_],) * 2)]
    [7.0, 3.0]
    """
    whole = (1 << count) - 1
    worths = [_make_exact(worth(part)) for part in range(whole + 1)]
    ways_to, ways_on = [0] * (whole + 1), [0] * (whole + 1)
    ways_to[0] = int(worths[0] is not None)
    for part in range(1, whole + 1):
        if worths[part] is not None:
            ways_to[part] = sum(ways_to[part ^ (1 << one)] for one in list_members(part))
    ways_on[whole] = int(worths[whole] is not None)
    for part in range(whole - 1, -1, -1):
        if worths[part] is not None:
            ways_on[part] = sum(ways_on[part | (1 << one)] for one in list_members(whole ^ part))
    if not ways_to[whole]:
        return None
    return [_share(one, worths, ways_to, ways_on) for one in range(count)]


def _share(
    one: int, worths: Sequence[tuple[Fraction, Fraction] | None], ways_to: Sequence[int], ways_on: Sequence[int]
) -> Share:
    sums = [Fraction(0)] * 3
    for part, before in enumerate(worths):
        after = None if part >> one & 1 else worths[part | (1 << one)]
        if before is None or after is None or not (weight := ways_to[part] * ways_on[part | (1 << one)]):
            continue
        steps = (after[1] - before[1], after[0] - before[1], after[1] - before[0])
        sums = [total + weight * step for total, step in zip(sums, steps, strict=True)]
    amount, lower, upper = (float(total / ways_to[-1]) for total in sums)
    return Share(amount, lower, upper, 0.0)


def draw_orders(count: int, seed: int = 0) -> Iterator[tuple[int, ...]]:
    """Draw orders of groups, each followed by its reverse, without end."""
    drawn = random.Random(seed)
    while True:
        order = tuple(drawn.sample(range(count), count))
        yield order
        yield order[::-1]


def share_by_orders(count: int, orders: Sequence[Sequence[int]], worth: Worth) -> list[Share] | None:
    """Share a change over groups by the mean over some orders, those left out that pass through a set without a plan.

    Parameters
    ----------
    count : int
    orders : sequence of sequence of int
        From `draw_orders`: pairs of an order and its reverse, which vary less together.
    worth : callable

    Returns
    -------
    list of Share or None
        They add up to the whole change, whatever the error; None where no order keeps a plan at every step.

    Notes
    -----
    J. Castro, D. Gómez and J. Tejada (2009), Polynomial calculation of the Shapley value based on sampling, Computers &
    Operations Research 36; error t s / √k over k pairs, t the 97.5 % point of Student's distribution of k - 1 degrees.
    """
    kept: list[list[Fraction]] = []
    for order in orders:
        steps = list(walk(order))
        worths = [known for part in steps if (known := _make_exact(worth(part))) is not None]
        if len(worths) < len(steps):
            continue
        added = dict(zip(order, (after[1] - before[1] for before, after in pairwise(worths)), strict=True))
        kept.append([added[one] for one in range(count)])
    if not kept:
        return None
    shares = []
    for one in range(count):
        amounts = [added[one] for added in kept]
        shares.append(Share(float(sum(amounts) / len(kept)), -math.inf, math.inf, _measure_error(amounts)))
    return shares


def _measure_error(amounts: Sequence[Fraction]) -> float:
    pairs = [float(sum(amounts[place : place + 2]) / 2) for place in range(0, len(amounts) - 1, 2)]
    if len(pairs) < 2:
        return math.nan
    mean = math.fsum(pairs) / len(pairs)
    width = float(scipy.special.stdtrit(len(pairs) - 1, 0.975))
    return width * math.sqrt(math.fsum((each - mean) ** 2 for each in pairs) / (len(pairs) - 1) / len(pairs))


def _make_exact(interval: tuple[float, float] | None) -> tuple[Fraction, Fraction] | None:
    return None if interval is None else (Fraction(interval[0]), Fraction(interval[1]))


def walk(order: Sequence[int]) -> Iterator[int]:
    """Walk the sets of groups that an order passes through, none and all included."""
    part = 0
    yield part
    for one in order:
        part |= 1 << one
        yield part


def list_members(part: int) -> list[int]:
    """List the groups of a set.

    Examples
    --------
    >>> list_members(0b101)
    [0, 2]
    """
    return [one for one in range(part.bit_length()) if part >> one & 1]
