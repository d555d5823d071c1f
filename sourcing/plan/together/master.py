"""The restricted master: which of the answers met so far each block gives, so that joint limits are kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import highspy
import numpy as np

from sourcing.plan.model import ProblemWriter, find_discount
from sourcing.plan.solve import solve
from sourcing.plan.tolerance import SOLVER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sourcing.plan.effort import SolveEffort
    from sourcing.plan.model import Schedule
    from sourcing.plan.together.joint import Joint
    from sourcing.plan.together.pricing import Answer


@dataclass(frozen=True, eq=False)
class Prices:
    """Prices of what blocks share.

    Attributes
    ----------
    limits : ndarray of float, shape (limits,)
        At most 0 for `<=`, at least 0 for `>=`.
    volumes : ndarray of float, shape (schedules,)
        Of a unit more of what a schedule counts.
    uses : ndarray of float, shape (blocks, uses)
        At most 0: of a block's use of a label.
    """

    limits: np.ndarray
    volumes: np.ndarray
    uses: np.ndarray

    def mix(self, other: Prices, share: float) -> Prices:
        """Give prices between these and others."""
        pairs = ((self.limits, other.limits), (self.volumes, other.volumes), (self.uses, other.uses))
        return Prices(*(share * own + (1.0 - share) * its for own, its in pairs))

    def price_block(self, joint: Joint, block: int) -> np.ndarray:
        """Give the price of each quantity of a block, in the block's own order."""
        priced = self.limits @ joint.rows
        priced[joint.volumes] += self.volumes
        priced[joint.uses] = self.uses[block]
        return np.asarray(priced[joint.places[block]])


@dataclass(frozen=True)
class Segment:
    """A stretch of a schedule: volume from start to end, its discount `fixed + rate * volume`."""

    schedule: int
    start: float
    end: float
    fixed: float
    rate: float


def list_segments(joint: Joint) -> list[Segment]:
    """Cut each schedule at its thresholds, as far as the blocks can buy together."""
    segments = []
    for number, (schedule, place) in enumerate(zip(joint.schedules, joint.volumes, strict=True)):
        most = max(float(joint.most[place]), 0.0)
        starts = [0.0, *(start for start in schedule.thresholds.tolist() if 0.0 < start <= most)]
        for start, end in zip(starts, [*starts[1:], most], strict=True):
            rate = _find_rate(schedule, start)
            fixed = float(find_discount(schedule, np.array([start]))[0]) - rate * start
            segments.append(Segment(number, start, max(start, end), fixed, rate))
    return segments


def _find_rate(schedule: Schedule, start: float) -> float:
    reached = int((schedule.thresholds <= start).sum())
    return float(schedule.discounts[reached - 1]) if reached else 0.0


def bound_shared_part(joint: Joint, segments: Sequence[Segment], prices: Prices) -> float:
    """Give what the joint part costs at least under prices: right sides, discounts at their ends, labels in use.

    Formula: `Σ_r y_r limit_r + Σ_schedules min over its segments' ends of (p V - D(V) (1 + Σ_r y_r counted_r)) +
    Σ_labels min(0, Σ_blocks μ - y_of_its_limit)`, the Lagrangian of what links the blocks.
    """
    total = float(prices.limits @ joint.right_sides)
    worth = 1.0 + prices.limits @ joint.counted if joint.schedules else np.zeros(0)
    for number in range(len(joint.schedules)):
        own = [segment for segment in segments if segment.schedule == number]
        price, weight = float(prices.volumes[number]), float(worth[number])
        total += min(
            price * volume - weight * (segment.fixed + segment.rate * volume)
            for segment in own
            for volume in (segment.start, segment.end)
        )
    if joint.uses:
        total += float(np.minimum(0.0, prices.uses.sum(axis=0) - prices.limits[joint.of_use]).sum())
    return total


class Master:
    """The relaxed master in a live solver: answers are added, limits may be set aside.

    Parameters
    ----------
    joint : Joint
    segments : sequence of Segment
    penalty : ndarray of float, shape (limits,)
        What a unit beyond each limit costs at first.
    """

    def __init__(self, joint: Joint, segments: Sequence[Segment], penalty: np.ndarray) -> None:
        self._joint, self._segments = joint, segments
        self._blocks = len(joint.places)
        self.answers: list[tuple[int, Answer]] = []
        self._live = highspy.Highs()
        for name, value in {"output_flag": False, "threads": 1, "random_seed": 0}.items():
            self._live.setOptionValue(name, value)
        lower, upper = _find_sides(joint)
        schedules, pairs = len(joint.schedules), self._blocks * len(joint.uses)
        self._first_limit = self._blocks
        self._first_volume = self._first_limit + len(joint.limits)
        self._first_pick = self._first_volume + schedules
        self._first_use = self._first_pick + schedules
        everything = [
            (np.ones(self._blocks), np.ones(self._blocks)),
            (lower, upper),
            (np.zeros(schedules), np.zeros(schedules)),
            (np.ones(schedules), np.ones(schedules)),
            (np.full(pairs, -np.inf), np.zeros(pairs)),
        ]
        for low, high in everything:
            if len(low):
                nothing = np.zeros(0, dtype=np.int32)
                self._live.addRows(len(low), low, high, 0, nothing, nothing, np.zeros(0))
        self._penalty = penalty
        self._slacks = self._add_slacks()
        self._columns = [
            *self._add_segments(),
            *(self._add_column(0.0, 1.0, *self._list_use(k)) for k in range(len(joint.uses))),
        ]

    def add(self, block: int, answer: Answer) -> None:
        """Add an answer of a block."""
        amounts = np.zeros(len(self._joint.keys))
        amounts[self._joint.places[block]] = answer.amounts
        places, weights = [np.array([block])], [np.ones(1)]
        terms = [(self._first_limit, self._joint.rows @ amounts), (self._first_volume, amounts[self._joint.volumes])]
        terms.append((self._first_use + block * len(self._joint.uses), amounts[self._joint.uses]))
        for first, values in terms:
            used = np.flatnonzero(values)
            places.append(first + used)
            weights.append(values[used])
        self._add_column(answer.cost, np.inf, np.concatenate(places), np.concatenate(weights))
        self.answers.append((block, answer))

    def set_aside(self, without: frozenset[str]) -> None:
        """Let the limits of some rules limit nothing, and all others limit again."""
        lower, upper = _find_sides(self._joint)
        for k, limit in enumerate(self._joint.limits):
            is_out = limit.rule in without
            low, high = (-np.inf, np.inf) if is_out else (float(lower[k]), float(upper[k]))
            self._live.changeRowBounds(self._first_limit + k, low, high)

    def punish(self, factor: float) -> None:
        """Make what lies beyond limits dearer."""
        self._penalty = self._penalty * factor
        self._live.changeColsCost(len(self._slacks), self._slacks, np.concatenate([self._penalty, self._penalty]))

    def solve(self) -> tuple[float, Prices, np.ndarray, np.ndarray]:
        """Solve it as it stands.

        Returns
        -------
        value : float
        prices : Prices
        beyond : ndarray of float, shape (limits,)
            How far each limit is exceeded, at a penalty.
        weights : ndarray of float, shape (answers,)
        """
        self._live.run()
        solution = self._live.getSolution()
        duals, values = np.asarray(solution.row_dual), np.asarray(solution.col_value)
        senses = np.array([limit.sense for limit in self._joint.limits])
        limits = duals[self._first_limit : self._first_volume]
        limits = np.where(senses == "<=", np.minimum(limits, 0.0), limits)
        limits = np.where(senses == ">=", np.maximum(limits, 0.0), limits)
        uses = np.minimum(duals[self._first_use :], 0.0).reshape(self._blocks, len(self._joint.uses))
        prices = Prices(limits, duals[self._first_volume : self._first_pick], uses)
        beyond = values[self._slacks].reshape(2, -1).sum(axis=0) if len(self._slacks) else np.zeros(0)
        first = len(values) - len(self.answers)
        return float(self._live.getInfo().objective_function_value), prices, beyond, values[first:]

    def _add_column(self, cost: float, upper: float, places: np.ndarray, weights: np.ndarray) -> int:
        self._live.addCol(cost, 0.0, upper, len(places), places.astype(np.int32), weights)
        return int(self._live.getNumCol()) - 1

    def _add_slacks(self) -> np.ndarray:
        return np.array(
            [
                self._add_column(float(cost), np.inf, np.array([self._first_limit + k]), np.array([sign]))
                for sign in (-1.0, 1.0)
                for k, cost in enumerate(self._penalty)
            ],
            dtype=np.int32,
        )

    def _add_segments(self) -> list[int]:
        columns = []
        for segment in self._segments:
            number = segment.schedule
            for ends, fixed, rate, volume, pick in self._split_segment(segment):
                discount = fixed + rate
                rows = np.flatnonzero(self._joint.counted[:, number]) if discount else np.zeros(0, dtype=np.int64)
                places = np.concatenate(
                    [self._first_limit + rows, [self._first_volume + number, self._first_pick + number]]
                )
                weights = np.concatenate([discount * self._joint.counted[rows, number], [-volume, pick]])
                columns.append(self._add_column(-discount, ends, places, weights))
        return columns

    @staticmethod
    def _split_segment(segment: Segment) -> list[tuple[float, float, float, float, float]]:
        """Give the two ends of a segment, whose mixtures are all of it: (upper, fixed, rate, volume, pick)."""
        ends = sorted({segment.start, segment.end})
        return [(np.inf, segment.fixed, segment.rate * volume, volume, 1.0) for volume in ends]

    def _list_use(self, use: int) -> tuple[np.ndarray, np.ndarray]:
        rows = self._first_use + use + np.arange(self._blocks) * len(self._joint.uses)
        places = np.append(rows, self._first_limit + self._joint.of_use[use])
        return places, np.append(np.full(self._blocks, -1.0), 1.0)


def _find_sides(joint: Joint) -> tuple[np.ndarray, np.ndarray]:
    right = joint.right_sides
    senses = np.array([limit.sense for limit in joint.limits])
    return np.where(senses == "<=", -np.inf, right), np.where(senses == ">=", np.inf, right)


def pick_answers(
    joint: Joint,
    segments: Sequence[Segment],
    answers: Sequence[tuple[int, Answer]],
    without: frozenset[str],
    gap: float,
    seconds: float,
    effort: SolveEffort,
) -> tuple[list[int] | None, float]:
    """Pick one whole answer per block so that joint limits are kept, at the least cost.

    Returns
    -------
    picked : list of int, or None
        Positions among the answers, block by block; None where none of these answers go together.
    bound : float
        No such pick of these answers costs less.
    """
    writer = ProblemWriter()
    order = sorted(range(len(answers)), key=lambda k: answers[k][0])
    blocks = np.array([answers[k][0] for k in order])
    columns = writer.add_columns(
        [f"answer {k}" for k in order], np.array([answers[k][1].cost for k in order]), 1.0, True
    )
    sizes = np.bincount(blocks, minlength=len(joint.places))
    writer.add_rows([f"one of {k}" for k in range(len(sizes))], sizes, columns, np.ones(len(order)), 1.0, 1.0)
    amounts = np.zeros((len(joint.keys), len(order)))
    for column, k in enumerate(order):
        amounts[joint.places[blocks[column]], column] = answers[k][1].amounts
    kept = [k for k, limit in enumerate(joint.limits) if limit.rule not in without]
    lower, upper = _find_sides(joint)
    chosen, flows = _write_segments(writer, segments)
    uses = writer.add_columns([f"label {k}" for k in range(len(joint.uses))], 0.0, 1.0, True)
    for k in kept:
        terms = [(columns, joint.rows[k] @ amounts), (uses[joint.of_use == k], np.ones(int((joint.of_use == k).sum())))]
        for segment, pick, flow in zip(segments, chosen, flows, strict=True):
            weight = joint.counted[k, segment.schedule]
            terms.append((np.array([pick, flow]), weight * np.array([segment.fixed, segment.rate])))
        places, weights = (np.concatenate(part) for part in zip(*terms, strict=True))
        writer.add_row(joint.limits[k].name, places, weights, float(lower[k]), float(upper[k]), float(joint.scales[k]))
    for number, place in enumerate(joint.volumes):
        own = [k for k, segment in enumerate(segments) if segment.schedule == number]
        places = np.concatenate([columns, flows[own]])
        weights = np.concatenate([amounts[place], np.full(len(own), -1.0)])
        writer.add_row(f"volume {number}", places, weights, 0.0, 0.0, max(1.0, float(joint.most[place])))
        writer.add_row(f"one segment {number}", chosen[own], np.ones(len(own)), 1.0, 1.0)
    for use, place in enumerate(joint.uses):
        for column in np.flatnonzero(amounts[place] > 0.0).tolist():
            ends = np.array([columns[column], uses[use]])
            writer.add_row(f"label {use} by {column}", ends, np.array([1.0, -1.0]), -np.inf, 0.0)
    outcome = solve(writer.write(), gap, seconds, effort=effort)
    if outcome.values is None:
        return None, outcome.bound
    return [order[int(k)] for k in np.flatnonzero(outcome.values[: len(order)] > 1.0 - SOLVER)], outcome.bound


def _write_segments(writer: ProblemWriter, segments: Sequence[Segment]) -> tuple[np.ndarray, np.ndarray]:
    fixed = np.array([-segment.fixed for segment in segments])
    rates = np.array([-segment.rate for segment in segments])
    ends = np.array([segment.end for segment in segments])
    chosen = writer.add_columns([f"segment {k}" for k in range(len(segments))], fixed, 1.0, True)
    flows = writer.add_columns([f"flow {k}" for k in range(len(segments))], rates, ends, False)
    for k, segment in enumerate(segments):
        for name, weight, low, high in (("from", -segment.start, 0.0, np.inf), ("to", -segment.end, -np.inf, 0.0)):
            writer.add_row(f"{name} {k}", np.array([flows[k], chosen[k]]), np.array([1.0, weight]), low, high,
                           max(1.0, segment.end))  # fmt: skip
    return chosen, flows
