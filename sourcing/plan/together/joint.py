"""What blocks share, as arrays: limits over quantities, volume discounts, labels in use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sourcing.errors import InputError
from sourcing.plan.model import Schedule, find_discount, plain_label, read_schedules
from sourcing.plan.together.block import AMOUNT, BASE, DISTINCT, USE, VOLUME, pick_rules

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    import pandas as pd

    from sourcing.plan.together.block import Key


@dataclass(frozen=True)
class JointLimit:
    """One joint limit: its rule, the value of `for_each`, and its sides.

    Attributes
    ----------
    name, rule : str
    value : object
        None where the rule has no `for_each`.
    sense : str
    limit : float
    is_share : bool
        Whether the limit is a share of another total.
    row : dict
        The rule as its table has it.
    """

    name: str
    rule: str
    value: Any
    sense: str
    limit: float
    is_share: bool
    row: dict[str, Any]

    @property
    def right_side(self) -> float:
        """The right side of the linear row."""
        return 0.0 if self.is_share else self.limit


@dataclass(frozen=True, eq=False)
class Joint:
    """What blocks share.

    Attributes
    ----------
    keys : list of Key
        All quantities, those of labels in use last.
    places : list of ndarray of int
        Of each block, where its quantities stand among all.
    least, most : ndarray of float, shape (quantities,)
        What no choice is below or above.
    limits : list of JointLimit
    rows : ndarray, shape (limits, quantities)
        What a unit of each quantity adds to the row of each limit; a limit on labels in use counts their columns.
    schedules : list of Schedule
        Volume discounts; of each the quantity at the same place in `volumes`.
    volumes : list of int
    counted : ndarray, shape (limits, schedules)
        What a unit of each discount adds to the row of each limit.
    counts_base : ndarray, shape (limits,)
        Whether discounts count in the total that a limit is a share of.
    uses : list of int
        The quantities that are labels in use.
    of_use : ndarray of int, shape (uses,)
        The limit that counts each label.
    """

    keys: list[Key]
    places: list[np.ndarray]
    least: np.ndarray
    most: np.ndarray
    limits: list[JointLimit]
    rows: np.ndarray
    schedules: list[Schedule]
    volumes: list[int]
    counted: np.ndarray
    counts_base: np.ndarray
    uses: list[int]
    of_use: np.ndarray

    @property
    def right_sides(self) -> np.ndarray:
        """The right side of each limit."""
        return np.array([limit.right_side for limit in self.limits], dtype=float)

    @property
    def scales(self) -> np.ndarray:
        """What a millionth of counts as nothing in each row: its limit, or the share of the least total."""
        scales = []
        for limit in self.limits:
            base = self.least[self.keys.index((BASE, limit.rule, None))] if limit.is_share else 1.0
            scales.append(max(1.0, abs(limit.limit)) * base if limit.is_share else abs(limit.limit))
        return np.maximum(np.array(scales, dtype=float), 1.0)

    def sum_rows(self, amounts: np.ndarray) -> np.ndarray:
        """Give the left side of each limit for amounts of all quantities, discounts and labels included."""
        used = np.zeros(len(self.limits))
        np.add.at(used, self.of_use, (amounts[self.uses] > 0.0).astype(float))
        return self.rows @ amounts + used + self.counted @ self.find_discounts(amounts)

    def sum_base(self, limit: int, amounts: np.ndarray) -> float:
        """Give the total that a limit is a share of, for amounts of all quantities; 1 of a limit that is none."""
        if not self.limits[limit].is_share:
            return 1.0
        base = float(amounts[self.keys.index((BASE, self.limits[limit].rule, None))])
        counted = self.counts_base[limit] if len(self.counts_base) else 0.0
        return base - counted * float(self.find_discounts(amounts).sum())

    def find_discounts(self, amounts: np.ndarray) -> np.ndarray:
        """Give each discount for amounts of all quantities."""
        return np.array([
            float(find_discount(schedule, np.array([amounts[place]]))[0])
            for schedule, place in zip(self.schedules, self.volumes, strict=True)
        ])  # fmt: skip

    def find_broken(self, amounts: np.ndarray, without: Collection[str] = ()) -> list[str]:
        """Name the limits that amounts of all quantities do not keep."""
        use, allowed = self.sum_rows(amounts) - self.right_sides, 1e-6 * self.scales
        return [
            limit.name
            for limit, over, room in zip(self.limits, use.tolist(), allowed.tolist(), strict=True)
            if limit.rule not in without
            and ((limit.sense != ">=" and over > room) or (limit.sense != "<=" and over < -room))
        ]


def join_quantities(
    described: Sequence[tuple[list[Key], np.ndarray, np.ndarray]],
    rules: pd.DataFrame | None,
    tiers: pd.DataFrame | None,
    counts: Collection[str],
) -> Joint:
    """Join the quantities of all blocks and lay the limits over them.

    Parameters
    ----------
    described : sequence of (keys, least, most)
        From `Pricer.describe`, block by block.
    rules, tiers : DataFrame or None
    counts : collection of str
        Measures in whose totals over everything the joint discounts count.
    """
    found = {key for keys, _, _ in described for key in keys}
    keys = sorted((key for key in found if key[0] != USE), key=_order) + sorted(
        (key for key in found if key[0] == USE), key=_order
    )
    place = {key: k for k, key in enumerate(keys)}
    places = [np.array([place[key] for key in own], dtype=np.int64) for own, _, _ in described]
    least, most = np.zeros(len(keys)), np.zeros(len(keys))
    for own, (_, low, high) in zip(places, described, strict=True):
        least[own] += low
        most[own] += high
    limits: list[JointLimit] = []
    rows: list[np.ndarray] = []
    of_use: dict[Key, int] = {}
    for row in _list_rows(rules):
        share = plain_label(row.get("relative_to")) or None
        for value in _list_values(row, keys):
            coefficients = np.zeros(len(keys))
            if str(row["measure"]).startswith(DISTINCT):
                of_use |= {key: len(limits) for key in keys if key[:2] == (USE, row["rule"])}
            elif (AMOUNT, row["rule"], value) in place:
                coefficients[place[AMOUNT, row["rule"], value]] = 1.0
            if share is not None:
                coefficients[place[BASE, row["rule"], None]] = -float(row["limit"])
            name = row["rule"] if value is None else f"{row['rule']} [{value}]"
            sense = str(row["sense"]).strip()
            limits.append(JointLimit(name, row["rule"], value, sense, float(row["limit"]), share is not None, row))
            rows.append(coefficients)
    schedules = [schedule for schedule, _ in read_schedules(tiers)] if tiers is not None and len(tiers) else []
    schedules = [schedule for schedule in schedules if (VOLUME, schedule.name, None) in place]
    uses = [k for k, key in enumerate(keys) if key[0] == USE]
    return Joint(
        keys=keys,
        places=places,
        least=least,
        most=most,
        limits=limits,
        rows=np.array(rows).reshape(len(limits), len(keys)),
        schedules=schedules,
        volumes=[place[VOLUME, schedule.name, None] for schedule in schedules],
        counted=_count_discounts(limits, len(schedules), counts),
        counts_base=np.array([float(plain_label(each.row.get("relative_to")) in counts) for each in limits]),
        uses=uses,
        of_use=np.array([of_use[keys[k]] for k in uses], dtype=np.int64),
    )


def _order(key: Key) -> tuple[str, str, int, float, str]:
    kind, name, value = key
    is_number = isinstance(value, (int, float))
    return kind, name, 0 if value is None else 1 + (not is_number), float(value) if is_number else 0.0, str(value)


def _list_rows(rules: pd.DataFrame | None) -> list[dict[str, Any]]:
    if rules is None or rules.empty:
        return []
    names = rules["rule"].astype(str)
    if names.duplicated().any():
        twice = names[names.duplicated()].iloc[0]
        raise InputError(f"rule names must be unique; got {twice!r} twice at rules. Hint: rename one of them.")
    rows = [*pick_rules(rules, distinct=False).to_dict("records"), *pick_rules(rules, distinct=True).to_dict("records")]  # type: ignore[union-attr]
    return sorted(({**row, "rule": str(row["rule"])} for row in rows), key=lambda row: row["rule"])


def _list_values(row: dict[str, Any], keys: Sequence[Key]) -> list[Any]:
    """List the values that a rule has a limit for; the one None where it has no `for_each`."""
    if not plain_label(row.get("for_each")):
        return [None]
    return [key[2] for key in keys if key[:2] == (AMOUNT, row["rule"])]


def _count_discounts(limits: Sequence[JointLimit], schedules: int, counts: Collection[str]) -> np.ndarray:
    """Give what a unit of any discount adds to the row of each limit: less of what counts it, as money is."""
    counted = np.zeros((len(limits), schedules))
    for k, limit in enumerate(limits):
        is_total = not plain_label(limit.row.get("where")) and not plain_label(limit.row.get("for_each"))
        if is_total and limit.row["measure"] in counts:
            counted[k] -= 1.0
        if limit.is_share and plain_label(limit.row.get("relative_to")) in counts:
            counted[k] += limit.limit
    return counted
