"""Re-check a choice of many blocks: what each adds to joint rules, what joint prices prove, by plain arithmetic."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from sourcing.errors import CertificateError
from sourcing.plan.certify.bound import find_rows, is_ruled_only, list_amounts, list_open, sign_price
from sourcing.plan.certify.shared import ALLOWED, Columns, Parts, Row, is_blank, is_near, read_counts, read_label

if TYPE_CHECKING:
    import pandas as pd

    from sourcing.plan.certify.shared import Certifiable

DISTINCT = "distinct_"
Priced = Sequence[tuple[str, Any, float]]
"""Rule, value of `for_each` or None, price."""


class Stated(Protocol):
    """What of a joint plan the certificate reads; see `JointPlan`."""

    @property
    def objective(self) -> float: ...  # noqa: D102
    @property
    def bound(self) -> float: ...  # noqa: D102
    @property
    def rules(self) -> pd.DataFrame: ...  # noqa: D102
    @property
    def discounts(self) -> pd.DataFrame: ...  # noqa: D102


@dataclass
class Counted:
    """What a block adds, recounted.

    Attributes
    ----------
    cost : float
        At the joint scale.
    amounts : dict
        (rule, value) -> amount; a rule has the value None where it has no `for_each`.
    bases : dict
        Rule -> the total that its limit is a share of.
    volumes : dict
        (column, value, measure) -> what the block buys.
    labels : dict
        Rule -> the labels in use.
    values : dict
        Rule -> the values of `for_each` that any alternative has.
    most : dict
        (column, value, measure) -> the most that the block can buy.
    bound : float
        What the block costs at least under the prices; -inf where arithmetic proves none.
    """

    cost: float
    amounts: dict[tuple[str, Any], float] = field(default_factory=dict)
    bases: dict[str, float] = field(default_factory=dict)
    volumes: dict[tuple[Any, Any, Any], float] = field(default_factory=dict)
    labels: dict[str, set[Any]] = field(default_factory=dict)
    values: dict[str, set[Any]] = field(default_factory=dict)
    most: dict[tuple[Any, Any, Any], float] = field(default_factory=dict)
    bound: float = -math.inf


def recount_block(
    plan: Certifiable,
    scales: Mapping[str, float],
    rules: pd.DataFrame | None,
    tiers: pd.DataFrame | None,
    priced: Priced,
    volumes: Mapping[tuple[Any, Any, Any], float],
    own: Priced | None,
) -> Counted:
    """Recount what a block's certified plan adds to joint rules, and what the block costs at least under prices.

    Parameters
    ----------
    plan : Certifiable
        Certified already: its lines of shared money are taken from it.
    scales : mapping of str to float
        See `Block.scales`.
    rules, tiers : DataFrame or None
        The joint ones.
    priced : sequence of (rule, value, price)
        Prices of joint limits.
    volumes : mapping
        Price of a unit of each joint schedule, by column, value and measure.
    own : sequence of (rule, value, price), or None
        Prices of the block's own limits, at the joint scale; None where there are none.

    Notes
    -----
    Formula of the bound: `Σ_r y_r limit_r + Σ_i min over open a of (scale cost_a - Σ_r y_r amount_ra - Σ_j π_j
    amount_ja - Σ_s ρ_s volume_sa)`: own limits with y, joint ones with π, schedules with ρ.
    """
    everything = Columns(plan.question.alternatives)
    parts = _take_parts(plan, everything)
    counts = read_counts(plan)
    joint = [] if rules is None else rules.to_dict("records")
    shared = {
        measure: math.fsum(float(plan.lines.get(line, 0.0)) for line in lines) for measure, lines in counts.items()
    }
    counted = Counted(scales.get("cost", 1.0) * math.fsum(float(money) for money in plan.lines))
    price_of = {(rule, value): price for rule, value, price in priced}
    costs = [scales.get("cost", 1.0) * cost for cost in everything.read_amounts("cost")]
    for rule in joint:
        _count_rule(rule, everything, parts, scales, shared, counted, price_of, costs)
    for tier in [] if tiers is None else tiers.to_dict("records"):
        _count_tier(tier, everything, parts, scales, counted, volumes, costs)
    if own is None or not is_ruled_only(plan):
        return counted
    constant, known = [], {str(row["rule"]): row for row in _list(plan.question.rules)}
    for name, value, given in own:
        rule = known[name]
        price = sign_price(given, str(rule["sense"]).strip())
        if price == 0.0:
            continue
        for row, amount in list_amounts(rule, value, everything):
            costs[row] -= price * amount
        constant.append(0.0 if not is_blank(rule.get("relative_to")) else price * float(rule["limit"]))
    least: dict[Any, float] = defaultdict(lambda: math.inf)
    for process, cost, is_open in zip(everything.read("process"), costs, list_open(plan, everything), strict=True):
        if is_open and cost < least[process]:
            least[process] = cost
    counted.bound = math.fsum([*constant, *least.values()])
    return counted


def _list(table: pd.DataFrame | None) -> list[Row]:
    return [] if table is None else table.to_dict("records")


def _take_parts(plan: Certifiable, everything: Columns) -> list[tuple[int, float]]:
    """Give the rows of the alternatives that are chosen, with their shares."""
    chosen = Parts(plan.choices, [float(share) for share in plan.choices["share"]])
    share_of = dict(zip(chosen.read_keys(), chosen.shares, strict=True))
    return [(row, share_of[key]) for row, key in enumerate(everything.read_keys()) if key in share_of]


def _count_rule(
    rule: Row,
    everything: Columns,
    parts: list[tuple[int, float]],
    scales: Mapping[str, float],
    shared: Mapping[str, float],
    counted: Counted,
    price_of: Mapping[tuple[str, Any], float],
    costs: list[float],
) -> None:
    """Count one joint rule: its amounts by value, the total it is a share of, and what its price adds to costs."""
    name, measure = str(rule["rule"]), str(rule["measure"])
    rows = find_rows({**rule, "for_each": None}, None, everything)
    if measure.startswith(DISTINCT):
        labels = everything.read(measure.removeprefix(DISTINCT))
        inside = set(rows)
        counted.labels[name] = {read_label(labels[row]) for row, _ in parts if row in inside} - {None}
        return
    scale = scales.get(measure, 1.0)
    amounts = [1.0] * everything.size if measure == "count" else everything.read_amounts(measure)
    is_whole = is_blank(rule.get("for_each"))
    values = None if is_whole else [read_label(label) for label in everything.read(rule["for_each"])]
    inside = set(rows)
    sums: dict[Any, list[float]] = defaultdict(list)
    for row, share in parts:
        if row in inside:
            sums[None if values is None else values[row]].append(scale * amounts[row] * share)
    is_total = is_whole and is_blank(rule.get("where"))
    if is_total:
        sums[None].append(scale * shared.get(measure, 0.0))
    found = {None} if values is None else {values[row] for row in rows}
    counted.values[name] = found
    for value in found:
        counted.amounts[name, value] = math.fsum(sums[value])
    prices = {value: price_of.get((name, value), 0.0) for value in found}
    if any(prices.values()):
        for row in rows:
            price = prices[None if values is None else values[row]]
            if price:
                costs[row] -= price * scale * amounts[row]
    base = rule.get("relative_to")
    if is_blank(base):
        return
    scale, limit = scales.get(str(base), 1.0), float(rule["limit"])
    totals = [1.0] * everything.size if base == "count" else everything.read_amounts(base)
    counted.bases[name] = scale * math.fsum(
        [*(totals[row] * share for row, share in parts), shared.get(str(base), 0.0)]
    )
    weight = limit * scale * math.fsum(price for (rule_of, _), price in price_of.items() if rule_of == name)
    if weight:
        for row, total in enumerate(totals):
            costs[row] += weight * total


def _count_tier(
    tier: Row,
    everything: Columns,
    parts: list[tuple[int, float]],
    scales: Mapping[str, float],
    counted: Counted,
    volumes: Mapping[tuple[Any, Any, Any], float],
    costs: list[float],
) -> None:
    """Count what is bought under one joint schedule, once for all its tiers."""
    key = tier["column"], tier["value"], tier["measure"]
    if key in counted.volumes:
        return
    labels, scale = everything.read(tier["column"]), scales.get(str(tier["measure"]), 1.0)
    amounts = [1.0] * everything.size if tier["measure"] == "count" else everything.read_amounts(tier["measure"])
    bought = [scale * amount if label == tier["value"] else 0.0 for label, amount in zip(labels, amounts, strict=True)]
    counted.volumes[key] = math.fsum(bought[row] * share for row, share in parts)
    most: dict[Any, float] = defaultdict(float)
    for process, amount in zip(everything.read("process"), bought, strict=True):
        most[process] = max(most[process], amount)
    counted.most[key] = math.fsum(most.values())
    price = volumes.get(key, 0.0)
    if price:
        for row, amount in enumerate(bought):
            costs[row] -= price * amount


def certify_together(
    plan: Stated,
    counted: Sequence[Counted],
    rules: pd.DataFrame | None,
    tiers: pd.DataFrame | None,
    counts: Collection[str],
    priced: Priced,
    volumes: Mapping[tuple[Any, Any, Any], float],
) -> float:
    """Re-check a joint plan against what its blocks add, and give the bound that the prices prove.

    Returns
    -------
    float
        `Σ_j π_j limit_j + Σ blocks' bounds + Σ_s min over volumes of (ρ_s V - D_s(V) (1 + Σ_j π_j counted_j))`; -inf
        where a block's bound is not proven by arithmetic or labels in use are counted.

    Raises
    ------
    CertificateError
        If objective, discounts, use or slack of a limit differ, a limit is broken, or the proven bound lies above the
        objective.
    """
    joint = {str(row["rule"]): row for row in _list(rules)}
    totals: dict[tuple[str, Any], float] = defaultdict(float)
    for block in counted:
        for key, amount in block.amounts.items():
            totals[key] += amount
    bases = {name: math.fsum(block.bases.get(name, 0.0) for block in counted) for name in joint}
    schedules = _group_tiers(tiers)
    discounts = {
        key: _discount(rows, math.fsum(block.volumes.get(key, 0.0) for block in counted))
        for key, rows in schedules.items()
    }
    paid = math.fsum([*(block.cost for block in counted), *(-each for each in discounts.values())])
    _require(plan.objective, paid, "joint objective")
    _require(math.fsum(plan.discounts["discount"].tolist()), math.fsum(discounts.values()), "joint discounts")
    saved = math.fsum(discounts.values())
    _check_limits(plan, joint, counted, totals, bases, dict.fromkeys(counts, saved))
    proven = _prove(counted, joint, priced, schedules, volumes, counts)
    if proven > plan.objective + ALLOWED * max(1.0, abs(plan.objective)):
        raise CertificateError(
            f"plain arithmetic must prove no more than the joint plan costs; got {proven:g} at a cost of "
            f"{plan.objective:g}. Hint: do not use this plan; please report the input."
        )
    return proven


def _check_limits(
    plan: Stated,
    joint: Mapping[str, Row],
    counted: Sequence[Counted],
    totals: Mapping[tuple[str, Any], float],
    bases: Mapping[str, float],
    saved: Mapping[str, float],
) -> None:
    stated = {(row["belongs_to"], read_label(row["value"])): row for row in plan.rules.to_dict("records")}
    known = set()
    for name, rule in joint.items():
        measure, limit, sense = str(rule["measure"]), float(rule["limit"]), str(rule["sense"]).strip()
        is_distinct = measure.startswith(DISTINCT)
        values = {None} if is_distinct else set().union(*(block.values.get(name, set()) for block in counted))
        is_total = is_blank(rule.get("where")) and is_blank(rule.get("for_each"))
        for value in values:
            known.add((name, value))
            used = (
                float(len(set().union(*(block.labels.get(name, set()) for block in counted))))
                if is_distinct
                else totals[name, value] - (saved.get(measure, 0.0) if is_total else 0.0)
            )
            room = limit - used
            if not is_blank(rule.get("relative_to")):
                base = bases[name] - saved.get(str(rule["relative_to"]), 0.0)
                room = (limit * base - used) / (abs(base) or 1.0)
                used = used / base if base else limit
            slack = {"<=": room, ">=": -room}.get(sense, -abs(room))
            row = stated.get((name, value))
            if row is None:
                raise CertificateError(
                    f"every joint limit must be stated; got none for {name!r}, {value!r}. "
                    "Hint: please report the input."
                )
            _require(float(row["used"]), used, f"used: {row['rule']}")
            _require(float(row["slack"]), slack, f"slack: {row['rule']}")
            if slack < -ALLOWED * max(1.0, abs(limit)):
                raise CertificateError(
                    f"a joint plan must keep every limit; got {used:g} against {limit:g} at {row['rule']!r}. "
                    "Hint: do not use this plan; please report the input."
                )
    if known != set(stated):
        raise CertificateError(
            f"joint limits stated must be those of the rules; got {len(stated)} against {len(known)}. "
            "Hint: please report the input."
        )


def _prove(
    counted: Sequence[Counted],
    joint: Mapping[str, Row],
    priced: Priced,
    schedules: Mapping[tuple[Any, Any, Any], list[Row]],
    volumes: Mapping[tuple[Any, Any, Any], float],
    counts: Collection[str],
) -> float:
    if any(str(rule["measure"]).startswith(DISTINCT) for rule in joint.values()):
        return -math.inf
    parts, weights = [block.bound for block in counted], 1.0
    for name, _, given in priced:
        rule = joint[name]
        price = sign_price(given, str(rule["sense"]).strip())
        if price != given:
            return -math.inf
        is_share = not is_blank(rule.get("relative_to"))
        parts.append(0.0 if is_share else price * float(rule["limit"]))
        is_total = is_blank(rule.get("where")) and is_blank(rule.get("for_each"))
        if is_total and rule["measure"] in counts:
            weights -= price
        if is_share and rule["relative_to"] in counts:
            weights += price * float(rule["limit"])
    for key, rows in schedules.items():
        most = math.fsum(block.most.get(key, 0.0) for block in counted)
        ends = sorted({0.0, most, *(float(row["threshold"]) for row in rows if float(row["threshold"]) < most)})
        price = volumes.get(key, 0.0)
        least = [
            price * volume - weights * (fixed + rate * volume)
            for start, end in zip(ends, [*ends[1:], most], strict=True)
            for fixed, rate in [_line(rows, start)]
            for volume in (start, end)
        ]
        parts.append(min(least))
    return math.fsum(parts)


def _group_tiers(tiers: pd.DataFrame | None) -> dict[tuple[Any, Any, Any], list[Row]]:
    grouped: dict[tuple[Any, Any, Any], list[Row]] = defaultdict(list)
    for row in _list(tiers):
        grouped[row["column"], row["value"], row["measure"]].append(row)
    return {key: sorted(rows, key=lambda row: row["threshold"]) for key, rows in grouped.items()}


def _discount(rows: Sequence[Row], volume: float) -> float:
    fixed, rate = _line(rows, volume)
    return fixed + rate * volume


def _line(rows: Sequence[Row], volume: float) -> tuple[float, float]:
    """Give the discount from a volume up to the next threshold: what is fixed, and the rate of what is bought."""
    fixed, rate = 0.0, 0.0
    for row in rows:
        threshold, share = float(row["threshold"]), float(row["discount_share"])
        if volume < threshold - ALLOWED * max(1.0, threshold):
            break
        fixed = fixed + (rate - share) * threshold if row["kind"] == "incremental" else 0.0
        rate = share
    return fixed, rate


def _require(stated: float, again: float, what: str) -> None:
    if not is_near(stated, again):
        raise CertificateError(
            f"plain arithmetic must confirm the joint plan; got {stated:g} against {again:g} at {what!r}. "
            "Hint: do not use this plan; please report the input."
        )
