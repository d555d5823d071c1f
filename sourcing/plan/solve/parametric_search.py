"""Ask one question after another about the same choices under a few rows, with columns barred and limits moved."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from sourcing.plan.effort import ExplainEffort
from sourcing.plan.solve.core import Found
from sourcing.plan.solve.enumerate import hold_threads
from sourcing.plan.solve.mending import find_broken
from sourcing.plan.solve.partial_plans import (
    enumerate_partial_plans,
    find_limits,
    find_live,
    keep_limits,
    lay_out_stages,
    spread_multipliers,
)
from sourcing.plan.tolerance import PART_OF_ALLOWANCE, ROUNDED_SUM

if TYPE_CHECKING:
    from sourcing.plan.solve.partial_plans import Stages
    from sourcing.plan.solve.price import Price
    from sourcing.plan.solve.session import Session

NOTHING = Found(None, np.inf, -np.inf)


class ParametricSearch:
    """Answers questions about a session's problem as it stands, where that is choices under at most a hundred rows.

    What one question leaves serves the next: the row prices, which bound any question of the same rows, the points
    found, and how far the answers lie above their relaxations.

    Parameters
    ----------
    session : Session
        As its problem came: limits that it holds now can be asked about later.
    stages : Stages
        Of its scaled problem.
    effort : ExplainEffort

    Notes
    -----
    Formula: with row prices y, a point that takes column j costs at least `Σ_i min_{a in i} (cost_a + y use_a) -
    y limit`, the least of j's own choice put to j's; the best of two dozen y counts. An enumeration that drops
    nothing up to a ceiling proves that ceiling; ceilings rise from the relaxation's bound until a point is found or
    the ends meet.
    """

    def __init__(self, session: Session, stages: Stages, effort: ExplainEffort) -> None:
        self._effort = effort
        self._session = session
        self._stages = stages
        self._order = np.concatenate(stages.choices)
        self._starts = np.cumsum([0, *map(len, stages.choices)])[:-1]
        self._choice_of = np.empty(len(self._order), dtype=np.int64)
        self._choice_of[self._order] = np.repeat(np.arange(len(stages.choices)), list(map(len, stages.choices)))
        with hold_threads():
            self._multipliers = spread_multipliers(stages, effort.prices, 0, np.inf)
        self._pool = np.empty((0, len(stages.choices)), dtype=np.int64)
        self._stands = np.empty((len(stages.amounts), 0))
        self._lately: list[tuple[float, int]] = []

    @classmethod
    def open(cls, session: Session, effort: ExplainEffort, small: int = 0) -> ParametricSearch | None:
        """Open one on a session before it changes.

        None where its problem is more than choices under few rows, or has at most so many columns as `small`: those
        the solver settles at once.
        """
        scaled = session.scaled
        if len(scaled.cost) <= small:
            return None
        stages = lay_out_stages(scaled, np.zeros(len(scaled.cost))) if scaled.integer.all() else None
        return None if stages is None else cls(session, stages, effort)

    def remember(self, values: np.ndarray) -> None:
        """Keep a point to swap columns into."""
        taken = np.flatnonzero(values > 0.5)
        point = taken[np.argsort(self._choice_of[taken])]
        stand = self._stages.amounts[:, point].sum(axis=1)
        self._pool = np.vstack([point, self._pool[: self._effort.pool - 1]])
        self._stands = np.column_stack([stand, self._stands[:, : self._effort.pool - 1]])

    def bound_columns(self) -> np.ndarray:
        """Bound the cost of any point that takes each column, shape (n,), in the problem's own costs."""
        weights = np.hstack([np.ones((len(self._multipliers), 1)), self._multipliers])
        reduced = weights @ self._stages.amounts
        is_open = self._session.scaled.upper > 0.0
        priced = np.where(is_open, reduced, np.inf)[:, self._order]
        least = np.minimum.reduceat(priced, self._starts, axis=1)
        base = least.sum(axis=1) - self._multipliers @ self._find_limits()
        bounds = (base[:, None] + reduced - least[:, self._choice_of]).max(axis=0)
        return np.asarray(bounds / self._session.factor)

    def swap_in(self, columns: np.ndarray) -> np.ndarray | None:
        """Give the cheapest of the points kept that stays one with one of some columns of a choice swapped in."""
        choice, best, found = int(self._choice_of[columns[0]]), np.inf, None
        without = self._stands - self._stages.amounts[:, self._pool[:, choice]]
        limits = self._find_limits()[:, None]
        for column in columns.tolist():
            after = without + self._stages.amounts[:, [column]]
            cost = np.where((after[1:] <= limits).all(axis=0), after[0], np.inf)
            if cost.min(initial=np.inf) < best:
                place = int(cost.argmin())
                best, found = float(cost[place]), self._pool[place].copy()
                found[choice] = column
        return None if found is None else self._place(found)

    def ask(self, lower: float, upper: float, room: float, seconds: float, effort: int | None = None) -> Found:
        """Look for the best point of the problem as it stands.

        Parameters
        ----------
        lower, upper : float
            What is proven and what is reached already, in the problem's own costs.
        room : float
            How far apart the ends may stay.
        seconds : float
        effort : int, optional
            The width at which to stop, the one before it tried first; any if None.

        Returns
        -------
        Found
            In the problem's own costs; no point where none better than `upper` was found. Both ends are inf where no
            point is possible.
        """
        end, factor = time.perf_counter() + seconds, self._session.factor
        status, price = self._session.relax(seconds)
        if price is None:
            return Found(None, np.inf, np.inf) if status == "infeasible" else Found(None, upper, lower)
        found = Found(None, upper * factor, max(price.bound, lower * factor))
        with hold_threads():
            found, width = self._deepen(price, found, room * factor, end, effort)
        if found.values is not None:
            self._lately = [*self._lately[1 - self._effort.lately :], (found.objective - price.bound, width)]
        if found.values is None:
            return replace(found, objective=found.objective / factor, bound=found.bound / factor)
        return Found(found.values, float(self._session.problem.cost @ found.values), found.bound / factor)

    def _deepen(self, price: Price, found: Found, room: float, end: float, effort: int | None) -> tuple[Found, int]:
        """Look in a core, then enumerate all below a ceiling that rises from the bound; wider where that fails."""
        cost = self._session.scaled.cost
        size = float(np.abs(cost) @ price.point)
        most, close = float(np.maximum.reduceat(cost[self._order], self._starts).sum()), ROUNDED_SUM * size
        step, width = self._guess(size, room)
        width, widest = (width, len(self._effort.widths) - 1) if effort is None else (effort - 1, effort)
        reach, is_fresh = self._effort.core * step, True
        while not _is_met(found, room + 2.0 * close) and time.perf_counter() < end:
            if is_fresh:
                found, reach = self._look(price, found, (step, reach), self._effort.widths[width], end)
                if _is_met(found, room + 2.0 * close):
                    break
                step = max(step, min(reach / self._effort.core, room or np.inf))
            ceiling = min(found.bound + step, found.objective - max(close, PART_OF_ALLOWANCE * room))
            point, reached, dropped = self._enumerate(
                price, ceiling, ceiling - price.bound, self._effort.widths[width], end
            )
            found = found.improve(point, reached, min(dropped, ceiling, reached, found.objective))
            is_fresh = dropped < ceiling
            if is_fresh and width == widest:
                break
            if not is_fresh and ceiling > most and found.objective == np.inf:
                return Found(None, np.inf, np.inf), width
            step, width = (step, width + 1) if is_fresh else (2.0 * step, width)
        return found, width

    def _look(
        self, price: Price, found: Found, span: tuple[float, float], width: int, end: float
    ) -> tuple[Found, float]:
        """Look for a better point in cores that grow until there is one or an enumeration leaves something out."""
        step, reach = span
        for _ in range(self._effort.cores):
            ceiling = min(price.bound + max(step, reach), found.objective)
            point, reached, dropped = self._enumerate(price, ceiling, reach, width, end)
            if point is not None and reached < found.objective:
                return Found(point, reached, found.bound), reach
            if dropped < ceiling:
                break
            reach *= self._effort.growth
        return found, reach

    def _guess(self, size: float, room: float) -> tuple[float, int]:
        """Guess from the last questions how far above its relaxation an answer lies, and at what width it is found."""
        gains, widths = zip(*(self._lately or [(self._effort.first_step * size, 0)]), strict=True)
        step = max(float(np.quantile(gains, self._effort.likely)), self._effort.least_step * size)
        return min(step, room) if room > 0.0 else step, max(0, int(np.median(widths)) - (room > 0.0))

    def _enumerate(
        self, price: Price, ceiling: float, reach: float, width: int, end: float
    ) -> tuple[np.ndarray | None, float, float]:
        """Enumerate the columns whose reduced cost is within reach: the best point, its cost, the least left out."""
        scaled, limits = self._session.scaled, self._find_limits()
        reduced_cost = np.where(np.isfinite(price.reduced_cost), price.reduced_cost, 0.0)
        kept = (scaled.upper > 0.0) & ((reduced_cost <= reach) | (price.point > 0.5))
        groups = [columns[kept[columns]] for columns in self._stages.choices]
        is_open = np.array([len(columns) > 1 for columns in groups])
        is_open[0] |= not is_open.any()
        fixed = np.array([groups[k][0] for k in np.flatnonzero(~is_open)], dtype=np.int64)
        second = np.array([np.sort(reduced_cost[columns])[:2][-1] for columns in groups])
        ranked = [groups[k] for k in np.argsort(-second, kind="stable") if is_open[k]]
        used = self._stages.amounts[:, fixed].sum(axis=1)
        stages = replace(self._stages, choices=ranked, limits=limits - used[1:])
        live = find_live(stages)
        stages = keep_limits(stages, live)
        own = np.maximum(0.0, -stages.signs * price.multipliers[stages.rows])
        multipliers = np.vstack([own, self._multipliers[:, live]])
        enumeration = enumerate_partial_plans(stages, multipliers, ceiling - used[0], width, end)
        dropped = enumeration.dropped + used[0]
        if enumeration.columns is None:
            return None, np.inf, dropped
        values = self._place(np.concatenate([fixed, enumeration.columns]))
        if values is None:
            return None, np.inf, min(dropped, enumeration.cost + used[0])
        return values, enumeration.cost + float(used[0]), dropped

    def _find_limits(self) -> np.ndarray:
        """Give the limits as they stand, with the slack that counts as kept."""
        return find_limits(self._session.scaled, self._stages.rows, self._stages.signs)

    def _place(self, columns: np.ndarray) -> np.ndarray | None:
        """Give the point that takes some columns; None where it keeps not every row within its tolerance."""
        values = np.zeros(len(self._choice_of))
        values[columns] = 1.0
        return None if len(find_broken(self._session.problem, values)) else values


def _is_met(found: Found, room: float) -> bool:
    return found.objective - found.bound <= room
