"""Decide all units together, beside each unit alone and each with its part of every limit."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sourcing.case import DISTINCT, WORST_TENTH
from sourcing.decide import FRESH_SEED, measure_today, state_question
from sourcing.errors import InfeasiblePlanError, NoPlanFoundError
from sourcing.plan import Block, Risk, Together, answer, choose_under_risk, state_shares, sum_measure
from sourcing.portfolio.group import COUNTED, PROVIDER_MEASURE, list_money, list_today, pose_group
from sourcing.portfolio.search import GroupSearch
from sourcing.portfolio.tail import draw_tail
from sourcing.where import match_where

if TYPE_CHECKING:
    from sourcing.case import Case
    from sourcing.plan import JointPlan, Plan, Question
    from sourcing.portfolio.group import Group

GAP = 1e-3
"""Relative gap at which the search for the group's plan may stop."""
TIME_LIMIT = 900.0
"""Seconds of one search, a safety limit."""


@dataclass(frozen=True, eq=False)
class GroupDecision:
    """The group's plan and what it is compared with.

    Attributes
    ----------
    group : Group
    joint : JointPlan
        All units together, money in group currency.
    plans : dict of str to Plan
        What each unit does in it, as an answer to the unit's block; its bound is that of the unit alone.
    alone : dict of str to Plan
        What each unit does by itself, the group's rules aside.
    parted : dict of str to (Plan or None)
        What each does by itself with its part of every limit; None where that leaves it no plan.
    lifted : dict of str to JointPlan
        The group's plan without each of its rules, by the rule's name in the case.
    alone_rules : DataFrame
        What the units' own plans together use of each of the group's limits, from `measure_rules`.
    worst_tenth : DataFrame or None
        Cash and losses of all units on average over the worst tenth of futures, index today, alone and group: seen (in
        the futures that a limit on it looks at), fresh (in as many others); None where nothing limits it.
    """

    group: Group
    joint: JointPlan
    plans: dict[str, Plan]
    alone: dict[str, Plan]
    parted: dict[str, Plan | None]
    lifted: dict[str, JointPlan]
    alone_rules: pd.DataFrame
    worst_tenth: pd.DataFrame | None = None

    def convert(self, unit: str, money: float) -> float:
        """Give a unit's money in group currency."""
        return float(self.group.rates[unit]) * money


def decide_group(
    case: Case, currency: str = "", *, workers: int = 1, gap: float = GAP, lift: bool = True, **levers: Any
) -> GroupDecision:
    """Decide all units of a case together under the group's rules.

    Parameters
    ----------
    case : Case
        Of several units, with rules of scope `group` or price tiers without a unit.
    currency : str
        ISO 4217; "" for the one that most units have.
    workers : int
        Processes in which units are answered; the answer is the same for any number.
    gap : float
        Relative gap at which a search may stop.
    lift : bool
        Whether the group is decided without each of its rules as well, which prices them.
    **levers : str, int, float or bool
        Fields of Policy or Outlook for every unit.

    Raises
    ------
    InfeasiblePlanError
        A unit has no plan of its own, or the group's rules leave none; the error names them.
    NoPlanFoundError
        Effort or time was spent before a plan was found.
    InputError
        A lever, a currency or a rule cannot be read.
    """
    group = pose_group(case, currency, **levers)
    own = {name: state_question(question) for name, question in group.units.items()}
    with Together([Block(name, question) for name, question in own.items()], workers=workers) as together:
        found = together.choose(0.0, TIME_LIMIT)
    bounds = found.blocks.set_index("block")["bound"]
    alone = {name: state_shares(own[name], found.shares[name], float(bounds[name])) for name in own}
    with GroupSearch(group, alone, COUNTED, workers, gap, TIME_LIMIT) as search:
        joint, plans = search.choose()
        names = group.rules.groupby("belongs_to", sort=False)["rule"].agg(list).to_dict() if lift else {}
        lifted = {str(rule): search.choose(members)[0] for rule, members in names.items()}
    return GroupDecision(group, joint, plans, alone, part_group(group, alone), lifted,
                         measure_rules(group, alone), measure_worst(group, alone, plans, joint))  # fmt: skip


def measure_worst(
    group: Group, alone: dict[str, Plan], plans: dict[str, Plan], joint: JointPlan
) -> pd.DataFrame | None:
    """Measure the worst tenth of futures today, by each unit alone and together; see `GroupDecision.worst_tenth`."""
    if group.tail is None:
        return None
    fresh = draw_tail(group.units, group.rates, FRESH_SEED)
    discounts = float(joint.discounts["discount"].sum())
    states = {"today": (list_today(group.units), 0.0), "alone": (alone, 0.0), "group": (plans, discounts)}
    rows = {name: (group.tail.measure(each, off), fresh.measure(each, off)) for name, (each, off) in states.items()}
    return pd.DataFrame.from_dict(rows, orient="index", columns=["seen", "fresh"])


def part_group(group: Group, alone: dict[str, Plan]) -> dict[str, Plan | None]:
    """Decide each unit by itself with its part of every limit: what the group does without a center.

    A limit in an amount is parted by what each unit has of it today, by today's cash where there is none, one on the
    worst tenth by each unit's own worst tenth today: those add up to the group's at least; one that is a share holds in
    each unit; of a rule on how many values are in use, those stay that most of the money would go to; a
    discount is what a unit's own volume earns.

    Returns
    -------
    dict of str to Plan, or None
        None where a unit's part leaves it no plan.
    """
    shares = {str(rule["rule"]): share_today(rule, group) for rule in group.rules.to_dict("records")}
    kept = {
        str(rule["rule"]): rank_labels(rule, group, alone)[: int(rule["limit"])]
        for rule in group.rules.to_dict("records")
        if str(rule["measure"]).startswith(DISTINCT)
    }
    found: dict[str, Plan | None] = {}
    plain = group.rules[group.rules["measure"] != WORST_TENTH]
    for block in group.blocks:
        rules = part_rules(plain, block, shares, kept)
        own = block.question.rules
        asked = replace(
            block.question,
            rules=rules if own is None else pd.concat([own, rules], ignore_index=True),
            structure=_earn_alone(block, group.tiers),
        )
        try:
            found[block.name] = _answer_parted(group, block, asked, shares)
        except (InfeasiblePlanError, NoPlanFoundError):
            found[block.name] = None
    return found


def _answer_parted(group: Group, block: Block, asked: Question, shares: dict[str, dict[str, float]]) -> Plan:
    """Answer a unit's question with its part of every limit, that on the worst tenth included."""
    limits = group.rules[group.rules["measure"] == WORST_TENTH]
    if limits.empty or group.tail is None:
        return answer(asked)
    own, rate = group.tail.take(block.name).tail, float(group.rates[block.name])
    limit = float(limits["limit"].iloc[0]) * shares[str(limits["rule"].iloc[0])][block.name] / rate
    return choose_under_risk(asked, Risk(replace(own, costs=own.costs / rate), limit=limit)).plan


def share_today(rule: dict[str, Any], group: Group) -> dict[str, float]:
    """Give the part of each unit in what a rule counts today; in today's cash where nothing is counted."""

    def add(measure: str, where: str) -> dict[str, float]:
        return {
            block.name: block.find_scale(measure) * measure_today(group.units[block.name].as_is, measure, where)
            for block in group.blocks
        }

    measure = str(rule["measure"])
    if measure == WORST_TENTH and group.tail is not None:
        plans = list_today(group.units)
        apart = {name: group.tail.take(name).measure(plans) for name in plans}
        return {name: amount / sum(apart.values()) for name, amount in apart.items()}
    is_known = measure == "count" or all(measure in question.alternatives for question in group.units.values())
    today = add(measure, str(rule["where"])) if is_known else {}
    if sum(today.values()) <= 0.0:
        today = add("cash_cost", "")
    return {name: amount / sum(today.values()) for name, amount in today.items()}


def part_rules(
    rules: pd.DataFrame, block: Block, shares: dict[str, dict[str, float]], kept: dict[str, list[str]]
) -> pd.DataFrame:
    """Give the group's rules as a unit's own: its part of each amount in its own money, what is left of labels."""
    records = []
    for rule in rules.to_dict("records"):
        told = {**rule, "rule": f"Part of the group: {rule['rule']}"}
        if str(rule["measure"]).startswith(DISTINCT):
            column = str(rule["measure"]).removeprefix(DISTINCT)
            others = f"{column} not in {kept[str(rule['rule'])]!r}"
            where = f"({rule['where']}) and {others}" if rule["where"] else others
            told |= {"measure": "count", "where": where, "limit": 0.0}
        elif not rule["relative_to"]:
            share = shares[str(rule["rule"])][block.name]
            told["limit"] = rule["limit"] * share / block.find_scale(str(rule["measure"]))
        records.append(told)
    return pd.DataFrame(records, columns=rules.columns)


def rank_labels(rule: dict[str, Any], group: Group, plans: dict[str, Plan]) -> list[str]:
    """Rank the values that a rule counts by the money that plans give them, most first."""
    column = str(rule["measure"]).removeprefix(DISTINCT)
    spent: dict[str, float] = {}
    for name, plan in plans.items():
        rows = plan.choices[match_where(rule["where"], plan.choices)]
        for label, money in (rows["cash_cost"] * rows["share"]).groupby(rows[column]).sum().items():
            spent[str(label)] = spent.get(str(label), 0.0) + float(group.rates[name]) * float(money)
    return sorted(spent, key=lambda label: (-spent[label], label))


def _earn_alone(block: Block, tiers: pd.DataFrame | None) -> dict[str, pd.DataFrame] | None:
    """Add the group's discounts to a unit's structure, on its own volume and in its own money."""
    structure = dict(block.question.structure or {})
    owners = set(block.question.alternatives["owner"])
    own = tiers[tiers["value"].isin(owners)] if tiers is not None else None
    if own is not None and len(own):
        own = own.assign(threshold=own["threshold"] / block.find_scale(PROVIDER_MEASURE))
        structure["tiers"] = pd.concat([structure[name] for name in ("tiers",) if name in structure] + [own])
        counts = pd.DataFrame([("discounts", measure) for measure in COUNTED], columns=["line", "measure"])
        known = [structure[name] for name in ("counts",) if name in structure]
        structure["counts"] = pd.concat([*known, counts]).drop_duplicates(ignore_index=True)
    return structure or None


def measure_rules(group: Group, plans: dict[str, Plan]) -> pd.DataFrame:
    """Measure the group's rules over plans of its units, joint discounts aside.

    Returns
    -------
    DataFrame
        rule (with the value of `for_each` in brackets), belongs_to, used, limit, is_kept.
    """
    records = []
    rows = {block.name: take_rows(block, plans[block.name]) for block in group.blocks}
    for rule in group.rules.to_dict("records"):
        for value, used in _measure_rule(rule, group, rows, plans).items():
            name = rule["rule"] if value is None else f"{rule['rule']} [{value}]"
            over = used - rule["limit"]
            over = {"<=": over, ">=": -over}.get(str(rule["sense"]), abs(over))
            is_kept = over <= 1e-6 * max(1.0, abs(rule["limit"]))
            records.append((name, rule["belongs_to"], used, rule["limit"], is_kept))
    return pd.DataFrame(records, columns=["rule", "belongs_to", "used", "limit", "is_kept"])


def take_rows(block: Block, plan: Plan) -> pd.DataFrame:
    """Give the rows of a block's alternatives that a plan chooses, with share, amounts times share, money converted."""
    offers = block.question.alternatives
    keys = [name for name in ("process", "option", "wave") if name in offers]
    rows = offers.merge(plan.choices[[*keys, "share"]], on=keys)
    numbers = [
        name for name in rows.select_dtypes("number") if name not in (*keys, "share") and not name.endswith("_months")
    ]
    money = set(list_money(rows))
    factors = np.array([block.find_scale("cost") if name in money else 1.0 for name in numbers])
    amounts = rows[numbers].mul(rows["share"], axis=0) * factors
    own = rows.drop(columns=numbers).assign(business_unit=block.name)
    return pd.concat([own, amounts], axis=1)


def _measure_rule(
    rule: dict[str, Any], group: Group, rows: dict[str, pd.DataFrame], plans: dict[str, Plan]
) -> dict[Any, float]:
    """Give what a rule counts over all units, by the value of `for_each`; None where it has none."""
    measure, base = str(rule["measure"]), str(rule["relative_to"])
    if measure == WORST_TENTH and group.tail is not None:
        return {None: group.tail.measure(plans)}
    picked = pd.concat([table[match_where(rule["where"], table)] for table in rows.values()])
    if measure.startswith(DISTINCT):
        return {None: float(picked[measure.removeprefix(DISTINCT)].nunique())}
    amounts = picked["share"] if measure == "count" else picked[measure]
    if rule["for_each"]:
        used = {value: float(total) for value, total in amounts.groupby(picked[rule["for_each"]]).sum().items()}
    else:
        used = {None: float(amounts.sum())}
        if not rule["where"]:
            used[None] += sum(_sum_beside(block, plans[block.name], measure) for block in group.blocks)
    if not base:
        return used
    whole = sum(float(table["share" if base == "count" else base].sum()) for table in rows.values())
    whole += sum(_sum_beside(block, plans[block.name], base) for block in group.blocks)
    return {value: amount / whole if whole else 0.0 for value, amount in used.items()}


def _sum_beside(block: Block, plan: Plan, measure: str) -> float:
    """Sum the shared money of a plan that counts in a measure, in group currency."""
    if measure == "count" or measure not in plan.choices:
        return 0.0
    own = float((plan.choices[measure] * plan.choices["share"]).sum())
    return block.find_scale(measure) * (sum_measure(plan, measure) - own)
