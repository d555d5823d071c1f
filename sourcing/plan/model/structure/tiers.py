"""`tiers`: a discount that grows with everything bought together."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sourcing.errors import InputError, hint_near
from sourcing.plan.model.structure.activation import split_processes
from sourcing.plan.model.structure.checks import find_rows, read_amounts, read_cells, read_choices, refuse_cell
from sourcing.plan.model.structure.lines import DISCOUNTS as LINE
from sourcing.plan.model.tables import read_numbers, require_table
from sourcing.plan.tolerance import BELOW_TIER, KEPT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sourcing.plan.model.alternatives import Alternatives
    from sourcing.plan.model.writer import ProblemWriter

KINDS = ("all_units", "incremental")


@dataclass(frozen=True)
class Schedule:
    """The tiers of one measure at one value of a column.

    Attributes
    ----------
    name : str
        Such as `price at owner acme`.
    rows : ndarray of int
        Positions of the alternatives bought together, sorted.
    amounts : ndarray of float, same length
        At least 0.
    thresholds : ndarray of float, shape (tiers,)
        Rising, at least 0.
    discounts : ndarray of float, shape (tiers,)
        Share of the amount that is given back from each threshold on.
    is_incremental : bool
        Each discount holds for what exceeds its threshold only, not for all units.
    """

    name: str
    rows: np.ndarray
    amounts: np.ndarray
    thresholds: np.ndarray
    discounts: np.ndarray
    is_incremental: bool


def read_tiers(table: object, alternatives: Alternatives) -> list[Schedule]:
    """Check the table `tiers`.

    Parameters
    ----------
    table : DataFrame or None
        `column`, `value` (whose alternatives count together), `measure` (a numeric column of at least 0, or
        `count`), `threshold` (at least 0), `discount_share` (0 to 1), `kind` (`all_units` or `incremental`). The
        rows of one column, value and measure are the tiers of one schedule; schedules add up.

    Raises
    ------
    InputError
        If a name is unknown, an amount negative, a threshold occurs twice, kinds differ within a schedule, or
        an all-units discount falls at a higher threshold.
    """
    if table is None:
        return []
    frame = _require_tiers(table)
    found = find_rows(frame, "tiers", alternatives)
    schedules = []
    for schedule, own in read_schedules(frame):
        rows = found[own[0]][2]
        amounts = _read_measure(read_cells(frame, "measure")[own[0]], own[0], frame, alternatives, rows)
        schedules.append(replace(schedule, rows=rows, amounts=amounts))
    return schedules


def read_schedules(table: pd.DataFrame) -> list[tuple[Schedule, list[int]]]:
    """Read the tiers of each schedule, by name, with their rows of the table; nothing is bought yet."""
    frame = _require_tiers(table)
    threshold = read_amounts(frame, "threshold", "tiers", 0.0, np.inf)
    discount = read_amounts(frame, "discount_share", "tiers", 0.0, 1.0)
    kinds = read_choices(frame, "kind", "tiers", KINDS)
    members: dict[str, list[int]] = {}
    cells = (read_cells(frame, name) for name in ("measure", "column", "value"))
    for row, key in enumerate(zip(*cells, strict=True)):
        members.setdefault(name_schedule(*key), []).append(row)
    schedules = []
    for name in sorted(members):
        own = sorted(members[name], key=lambda row: threshold[row])
        _require_sound(name, frame, own, threshold, discount, kinds)
        nothing = np.zeros(0, dtype=np.int64), np.zeros(0)
        schedules.append((Schedule(name, *nothing, threshold[own], discount[own], kinds[own[0]] == "incremental"), own))
    return schedules


def _require_tiers(table: object) -> pd.DataFrame:
    columns = ["column", "value", "measure", "threshold", "discount_share", "kind"]
    return require_table(table, "tiers", columns).reset_index(drop=True)


def name_schedule(measure: Any, column: Any, value: Any) -> str:
    """Give the name of a schedule, as `Plan.shared` has it.

    Examples
    --------
    >>> name_schedule("price", "owner", "acme")
    'price at owner acme'
    """
    return f"{measure} at {column} {value}"


def _require_sound(
    name: str, frame: pd.DataFrame, own: list[int], threshold: np.ndarray, discount: np.ndarray, kinds: list[str]
) -> None:
    for lower, row in pairwise(own):
        if kinds[row] != kinds[own[0]]:
            raise refuse_cell(
                f"the tiers of {name!r} must be of one kind", kinds[row], "tiers", frame, row, "Hint: make them alike."
            )
        if threshold[row] == threshold[lower]:
            raise refuse_cell(
                f"the thresholds of {name!r} must differ", float(threshold[row]), "tiers", frame, row, "Hint: drop one."
            )
        if kinds[row] == "all_units" and discount[row] < discount[lower]:
            raise refuse_cell(
                f"an all-units discount of {name!r} must not fall at a higher threshold",
                float(discount[row]),
                "tiers",
                frame,
                row,
                "Hint: check the order of the tiers.",
            )


def _read_measure(
    measure: Any, row: int, frame: pd.DataFrame, alternatives: Alternatives, rows: np.ndarray
) -> np.ndarray:
    if measure == "count":
        return np.ones(len(rows))
    if measure is None or measure not in alternatives.table.columns:
        known = [*alternatives.table.select_dtypes("number").columns, "count"]
        wanted = "measure must be count or a numeric column of the alternatives"
        raise refuse_cell(wanted, measure, "tiers", frame, row, hint_near(str(measure), known))
    mask = np.zeros(len(alternatives.cost), dtype=bool)
    mask[rows] = True
    amounts = read_numbers(alternatives.table, measure, "alternatives", mask)[rows]
    if (amounts < 0).any():
        raise InputError(
            f"{measure} must be at least 0 where tiers count it; got {amounts.min():g} at tiers, row "
            f"{frame.index[row]!r}. Hint: count what is bought, not what is saved."
        )
    return amounts


def find_discount(schedule: Schedule, volume: np.ndarray) -> np.ndarray:
    """Give the discount at each volume; a threshold counts as reached within a millionth of it.

    Examples
    --------
    >>> tiers = Schedule("price", np.array([0]), np.array([1.0]), np.array([100.0, 200.0]), np.array([0.1, 0.2]), False)
    >>> find_discount(tiers, np.array([50.0, 100.0, 300.0])).tolist()
    [0.0, 10.0, 60.0]
    >>> from dataclasses import replace
    >>> find_discount(replace(tiers, is_incremental=True), np.array([50.0, 100.0, 300.0])).tolist()
    [0.0, 0.0, 30.0]
    """
    volume = np.asarray(volume, dtype=float)
    if schedule.is_incremental:
        ends = np.append(schedule.thresholds[1:], np.inf)
        steps = np.clip(np.minimum(volume[:, None], ends) - schedule.thresholds, 0.0, None)
        return steps @ schedule.discounts
    reached = volume[:, None] >= schedule.thresholds - KEPT * np.maximum(1.0, schedule.thresholds)
    return np.append(0.0, schedule.discounts)[reached.sum(axis=1)] * volume


def find_largest(schedule: Schedule, process_of: np.ndarray) -> float:
    """Give the largest discount that any plan can have."""
    most = sum(amounts.max() for amounts in _split_amounts(schedule, process_of))
    return float(find_discount(schedule, np.array([most]))[0])


def _split_amounts(schedule: Schedule, process_of: np.ndarray) -> list[np.ndarray]:
    parts = split_processes(np.arange(len(schedule.rows)), process_of[schedule.rows])
    return [schedule.amounts[part] for part in parts]


def change_discounts(schedules: Sequence[Schedule], process_of: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """Give the change of cost (- discount) if each alternative alone replaced its process's choice, shape (n,)."""
    change = np.zeros(len(shares))
    for schedule in schedules:
        amounts = np.zeros(len(shares))
        amounts[schedule.rows] = schedule.amounts
        own = np.bincount(process_of, weights=amounts * shares)
        total = own.sum()
        after = find_discount(schedule, total - own[process_of] + amounts)
        change -= after - find_discount(schedule, np.array([total]))[0]
    return change


def add_schedule(writer: ProblemWriter, schedule: Schedule, process_of: np.ndarray, counts: bool = False) -> None:
    """Add the segments of one schedule.

    Formula: one binary w_k per segment [t_k, t_k+1], `Σ_k w_k = 1`; per process i with largest amount U_i the
    part v_ik of its amount that lies in segment k: `U_i Σ_k v_ik = Σ_a amount_a x_a`, `v_ik <= w_k`, and
    `t_k w_k <= Σ_i U_i v_ik <= t_k+1 w_k`. Discount: `Σ_k d_k Σ_i U_i v_ik` for all units; incrementally
    `Σ_k (D_k - d_k t_k) w_k + d_k Σ_i U_i v_ik` with D_k what is earned up to t_k. The multiple-choice model of
    Croxton, Gendron and Magnanti (Management Science 49(9), 2003), its flow disaggregated by process. Where the
    discount counts in a measure, a lower rate could pay: an all-units segment then ends just below the next threshold.
    """
    parts = split_processes(np.arange(len(schedule.rows)), process_of[schedule.rows])
    parts = [part for part in parts if schedule.amounts[part].max() > 0.0]
    largest = np.array([schedule.amounts[part].max() for part in parts])
    most = float(largest.sum())
    is_open = schedule.thresholds <= most * (1 + KEPT) + KEPT
    if not parts or not is_open.any():
        return
    starts, rates = schedule.thresholds[is_open], schedule.discounts[is_open]
    if starts[0] > 0.0:
        starts, rates = np.append(0.0, starts), np.append(0.0, rates)
    ends = np.append(starts[1:], max(most, starts[-1]))
    tops = ends.copy()
    if counts and not schedule.is_incremental:
        tops[:-1] -= BELOW_TIER * np.maximum(1.0, ends[:-1])
    earned = np.append(0.0, np.cumsum(rates[:-1] * np.diff(starts)))
    fixed = rates * starts - earned if schedule.is_incremental else 0.0
    name, count = f"{LINE} {schedule.name}", len(starts)
    chosen = writer.add_columns([f"{name} tier {k}" for k in range(count)], fixed, 1.0, True)
    writer.pay(LINE, chosen, np.broadcast_to(fixed, count))
    writer.add_row(f"{name}, one tier", chosen, np.ones(count), 1.0, 1.0)
    flows = []
    for part, size in zip(parts, largest, strict=True):
        process = process_of[schedule.rows[part[0]]]
        labels = [f"{name} of {process} in tier {k}" for k in range(count)]
        flow = writer.add_columns(labels, -rates * size, 1.0, False)
        writer.pay(LINE, flow, -rates * size)
        flows.append(flow)
        pairs = np.column_stack([flow, chosen]).ravel()
        writer.add_rows(labels, np.full(count, 2), pairs, np.tile([1.0, -1.0], count), -np.inf, 0.0)
        positions = np.append(flow, schedule.rows[part])
        weights = np.append(np.ones(count), -schedule.amounts[part] / size)
        writer.add_row(f"{name} of {process}", positions, weights, 0.0, 0.0)
    table = np.array(flows)
    for k in range(count):
        positions = np.append(table[:, k], chosen[k])
        for end, lower, upper in ((starts[k], 0.0, np.inf), (tops[k], -np.inf, 0.0)):
            label = f"{name} tier {k}, {'least' if upper else 'most'}"
            writer.add_row(label, positions, np.append(largest, -end), lower, upper, max(1.0, end))
    scale = max(1.0, float(starts[starts > 0.0].min(initial=np.inf))) if (starts > 0.0).any() else 1.0
    positions, weights = np.append(schedule.rows, chosen), np.append(schedule.amounts, -starts)
    writer.add_row(f"{name}, reached", positions, weights, 0.0, np.inf, scale)
