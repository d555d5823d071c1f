"""Choose for many blocks together under the rules that they share, within a proven gap, certified by arithmetic."""

from __future__ import annotations

import math
import time
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sourcing.errors import InfeasiblePlanError, InputError, NoPlanFoundError
from sourcing.plan.certify import certify_together
from sourcing.plan.choose import answer
from sourcing.plan.effort import USUAL
from sourcing.plan.model import name_schedule
from sourcing.plan.plan import measure_gap
from sourcing.plan.together.search import Search, sum_amounts
from sourcing.plan.together.state import state_shares
from sourcing.plan.together.workers import Pricers
from sourcing.plan.tolerance import EQUAL

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from types import TracebackType

    from sourcing.plan.effort import Effort
    from sourcing.plan.plan import Plan
    from sourcing.plan.together.block import Block
    from sourcing.plan.together.joint import Joint
    from sourcing.plan.together.search import Reached

GAP = 1e-3
"""The gap at which a choice of many blocks may stop where none is asked for."""
LIMIT_COLUMNS = ("rule", "belongs_to", "value", "measure", "sense", "limit", "relative_to", "used", "slack", "price")


@dataclass(frozen=True, eq=False)
class JointPlan:
    """What every block chooses, together.

    Attributes
    ----------
    shares : mapping of str to ndarray
        Of each block, the share of each alternative in the order of its instance.
    objective : float
        Cost of all at their scales, joint discounts taken off.
    bound : float
        Proven: no choice that keeps every rule costs less.
    gap : float
        (objective - bound) / |objective|.
    certified_gap : float
        The same to the bound that arithmetic alone proves; inf where a block has more than rules and locks, whose bound
        is the solver's own.
    status : str
        `optimal` (gap at most the gap asked) or `feasible`.
    seconds : float
    rounds : tuple of int
        Rounds over relaxed blocks, and over whole ones.
    rules : DataFrame
        One row per joint limit: rule (with the value of `for_each` in brackets), belongs_to, value, measure, sense,
        limit, relative_to, used, slack (at least 0: kept), price (money that one more unit of the limit is worth at the
        margin, at least 0 for `<=`).
    discounts : DataFrame
        One row per joint schedule: schedule, volume, discount.
    volumes : DataFrame
        Index block, one column per schedule: what the block counts in it.
    blocks : DataFrame
        One row per block: block, cost (at the joint scale), bound (what it costs at least under the joint prices, its
        part in joint limits priced), scale.
    """

    shares: Mapping[str, np.ndarray]
    objective: float
    bound: float
    gap: float
    certified_gap: float
    status: str
    seconds: float
    rounds: tuple[int, int]
    rules: pd.DataFrame
    discounts: pd.DataFrame
    volumes: pd.DataFrame
    blocks: pd.DataFrame


class Together(AbstractContextManager["Together"]):
    """Blocks and what they share, to be asked more than once; what was met is kept from question to question.

    Parameters
    ----------
    blocks : sequence of Block
        With names of their own.
    rules : DataFrame, optional
        Joint rules, as for `choose`, over the alternatives of all blocks, each measure at its block's scale. A measure
        `distinct_` and a column counts how many of the column's values are in use among the rows that `where` keeps.
    tiers : DataFrame, optional
        Joint volume discounts, as in `structure` of `choose`.
    counts : collection of str
        Measures in whose totals over everything the joint discounts count, beside the objective.
    workers : int
        Processes in which blocks are answered; the answer is the same for any number.
    effort : Effort
    """

    def __init__(
        self,
        blocks: Sequence[Block],
        rules: pd.DataFrame | None = None,
        *,
        tiers: pd.DataFrame | None = None,
        counts: Collection[str] = (),
        workers: int = 1,
        effort: Effort = USUAL,
    ) -> None:
        _require_names(blocks)
        self._blocks, self._rules, self._tiers, self._counts = list(blocks), rules, tiers, tuple(counts)
        self._pricers = Pricers(self._blocks, rules, tiers, workers)
        try:
            self._search = Search(self._blocks, self._pricers, rules, tiers, counts, effort)
        except BaseException:
            self.__exit__(None, None, None)
            raise

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pricers.__exit__(kind, fault, trace)

    def choose(self, gap: float = GAP, time_limit: float = 600.0, without: Collection[str] = ()) -> JointPlan:
        """Choose for all blocks together.

        Parameters
        ----------
        gap : float
            Relative gap at which the search may stop, at least 0.
        time_limit : float
            Seconds, a safety limit: what is looked at is decided by effort.
        without : collection of str
            Joint rules that are set aside.

        Raises
        ------
        InfeasiblePlanError
            No choice keeps every rule: a block has none of its own, or the joint rules named cannot be kept together.
        NoPlanFoundError
            Effort or time was spent before any was found.
        CertificateError
            Plain arithmetic does not confirm the answer.
        """
        start = time.perf_counter()
        aside = frozenset(without)
        reached = self._search.run(gap, start + time_limit, aside)
        if reached.answers is None:
            raise self._explain_none(reached)
        return self._state(reached, gap, aside, start)

    def state_block(self, plan: JointPlan, name: str) -> Plan:
        """State what one block chooses as an answer to its own question, certified; its bound is that of its best plan.

        The bound is that of the block's question asked alone, so that the gap is what the block gives up.
        """
        block = next(block for block in self._blocks if block.name == name)
        return state_shares(block.question, plan.shares[name], answer(block.question).bound)

    def _explain_none(self, reached: Reached) -> Exception:
        if reached.empty is not None:
            block = self._blocks[reached.empty]
            try:
                answer(block.question)
            except InfeasiblePlanError as fault:
                return fault
        joint = self._search.joint
        over = np.flatnonzero(reached.beyond > 1e-6 * joint.scales)
        names = [joint.limits[k].name for k in over]
        is_proven = reached.bound == math.inf or (reached.is_settled and bool(names))
        if not is_proven:
            return NoPlanFoundError(
                f"a choice for all blocks must be found; got none within the effort, proven bound {reached.bound:g}. "
                "Hint: allow a wider gap or more time.",
                reached.bound,
            )
        amounts = ", ".join(f"{joint.limits[k].name!r} by {reached.beyond[k]:,.6g}" for k in over)
        repairs = pd.DataFrame(
            [(joint.limits[k].name, joint.limits[k].limit, float(reached.beyond[k])) for k in over],
            columns=["rule", "limit", "beyond"],
        )
        return InfeasiblePlanError(
            "the joint rules must leave a choice to all blocks; got none that keeps them"
            f"{f', the nearest exceeds {amounts}' if amounts else ''} at rules. "
            "Hint: loosen the joint rules named, or rules of blocks.",
            [sorted({joint.limits[k].rule for k in over})],
            repairs,
            complete=False,
            cheapest=False,
        )

    def _state(self, reached: Reached, gap: float, aside: frozenset[str], start: float) -> JointPlan:
        joint, answers = self._search.joint, reached.answers or []
        shares = {}
        for block, own in zip(self._blocks, answers, strict=True):
            dense = np.zeros(len(block.question.alternatives))
            dense[own.places] = own.shares
            shares[block.name] = dense
        amounts = sum_amounts(joint, answers)
        costs = [own.cost for own in answers]
        size = math.fsum(abs(cost) for cost in costs)
        found = measure_gap(reached.cost, min(reached.bound, reached.cost), size)
        plan = JointPlan(
            shares=shares,
            objective=reached.cost,
            bound=min(reached.bound, reached.cost),
            gap=found,
            certified_gap=math.inf,
            status="optimal" if found <= gap + EQUAL else "feasible",
            seconds=0.0,
            rounds=reached.rounds,
            rules=tabulate_limits(joint, amounts, reached.prices.limits, aside),
            discounts=pd.DataFrame(
                {
                    "schedule": [schedule.name for schedule in joint.schedules],
                    "volume": amounts[joint.volumes],
                    "discount": joint.find_discounts(amounts),
                }
            ),
            volumes=_tabulate_volumes(joint, self._blocks, answers),
            blocks=pd.DataFrame(
                {
                    "block": [block.name for block in self._blocks],
                    "cost": costs,
                    "bound": reached.block_bounds,
                    "scale": [block.find_scale("cost") for block in self._blocks],
                }
            ),
        )
        proven = self._certify(plan, reached, aside)
        certified = (
            measure_gap(plan.objective, min(proven, plan.objective), size) if math.isfinite(proven) else math.inf
        )
        return replace(plan, certified_gap=certified, seconds=time.perf_counter() - start)

    def _certify(self, plan: JointPlan, reached: Reached, aside: frozenset[str]) -> float:
        """Recount everything from the tables; give the bound that arithmetic proves, -inf where it proves none."""
        joint, prices = self._search.joint, reached.prices
        keep = [k for k, limit in enumerate(joint.limits) if limit.rule not in aside]
        priced = [(joint.limits[k].rule, joint.limits[k].value, float(prices.limits[k])) for k in keep]
        rates = dict(zip((schedule.name for schedule in joint.schedules), prices.volumes.tolist(), strict=True))
        rows = [] if self._tiers is None else self._tiers.to_dict("records")
        bought = {(row["column"], row["value"], row["measure"]) for row in rows}
        volumes = {key: rates.get(name_schedule(key[2], *key[:2]), 0.0) for key in sorted(bought, key=str)}
        arguments = [
            (plan.shares[block.name], aside, priced, volumes, own)
            for block, own in zip(self._blocks, reached.multipliers, strict=True)
        ]
        counted = self._pricers.ask("recount", arguments)
        rules = None if self._rules is None else self._rules[~self._rules["rule"].astype(str).isin(aside)]
        return certify_together(plan, counted, rules, self._tiers, self._counts, priced, volumes)


def choose_together(
    blocks: Sequence[Block],
    rules: pd.DataFrame | None = None,
    *,
    tiers: pd.DataFrame | None = None,
    counts: Collection[str] = (),
    gap: float = GAP,
    time_limit: float = 600.0,
    workers: int = 1,
    effort: Effort = USUAL,
) -> JointPlan:
    """Choose for many blocks together, each under its own rules and all under joint ones; see `Together`.

    Examples
    --------
    Two blocks may both move, but together only once; the move that saves more is made:

    >>> from sourcing.plan import Block, ask
    >>> offers = pd.DataFrame({"process": ["p", "p"], "option": ["stay", "move"], "cost": [10.0, 6.0]})
    >>> blocks = [Block("north", ask(offers)), Block("south", ask(offers.assign(cost=[10.0, 3.0])))]
    >>> cap = pd.DataFrame({"rule": ["one move"], "measure": "count", "where": "option == 'move'", "sense": "<=",
    ...                     "limit": 1})
    >>> plan = choose_together(blocks, cap, gap=0.0)
    >>> plan.objective, plan.bound, plan.shares["south"].tolist()
    (13.0, 13.0, [1.0, 0.0])
    """
    with Together(blocks, rules, tiers=tiers, counts=counts, workers=workers, effort=effort) as together:
        return together.choose(gap, time_limit)


def tabulate_limits(joint: Joint, amounts: np.ndarray, prices: np.ndarray, aside: frozenset[str]) -> pd.DataFrame:
    """Tabulate use, slack and price of joint limits; see `JointPlan.rules`."""
    left, records = joint.sum_rows(amounts), []
    for k, limit in enumerate(joint.limits):
        if limit.rule in aside:
            continue
        over = float(left[k]) - limit.right_side
        used = float(left[k])
        if limit.is_share:
            base = joint.sum_base(k, amounts)
            used = limit.limit + over / base if base else 0.0
            over = over / abs(base) if base else over
        slack = {"<=": -over, ">=": over}.get(limit.sense, -abs(over)) + 0.0
        told = [limit.row["measure"], limit.sense, limit.limit, limit.row.get("relative_to") or ""]
        price = abs(float(prices[k])) * (joint.sum_base(k, amounts) if limit.is_share else 1.0)
        records.append((limit.name, limit.rule, limit.value, *told, used, slack, price + 0.0))
    return pd.DataFrame(records, columns=list(LIMIT_COLUMNS))


def _tabulate_volumes(joint: Joint, blocks: Sequence[Block], answers: Sequence[Any]) -> pd.DataFrame:
    table = np.zeros((len(blocks), len(joint.keys)))
    for row, (own, each) in enumerate(zip(joint.places, answers, strict=True)):
        table[row, own] = each.amounts
    names = pd.Index([block.name for block in blocks], name="block")
    return pd.DataFrame(table[:, joint.volumes], names, [schedule.name for schedule in joint.schedules])


def _require_names(blocks: Sequence[Block]) -> None:
    names = [block.name for block in blocks]
    if not names or len(set(names)) < len(names):
        twice = next((name for name in names if names.count(name) > 1), "none")
        raise InputError(
            f"blocks must be there and have names of their own; got {twice!r} at blocks. Hint: rename one of them."
        )
