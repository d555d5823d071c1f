"""From a case of many units to blocks that share the group's rules, all money at one currency where it is shared."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sourcing.assess import date_valuation
from sourcing.case import GROUP, QUARTER, TODAY, WORST_TENTH, bridge_money, load_dictionary
from sourcing.decide import measure_today, pose_question, state_question
from sourcing.plan import Block
from sourcing.portfolio.tail import draw_tail
from sourcing.value import share_live, spread_between

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sourcing.case import Case
    from sourcing.decide import UnitQuestion
    from sourcing.plan import Plan
    from sourcing.portfolio.tail import GroupTail

RULE_COLUMNS = ["rule", "measure", "where", "sense", "limit", "relative_to", "for_each", "step", "priority"]
TOLD = ["reason", "owner"]
PROVIDER_MEASURE = "cost_price"
"""What volume discounts count: the present value of prices."""
COUNTED = ("cash_cost",)
"""Measures in which a discount on what all units buy counts beside the objective."""


@dataclass(frozen=True, eq=False)
class Group:
    """All units with what they share.

    Attributes
    ----------
    case : Case
        Of all units.
    currency : str
        In which money is added up over units.
    price_year : int
        At whose prices.
    units : dict of str to UnitQuestion
        Each unit's own question, as it is asked alone.
    blocks : list of Block
        The same with quarters of calendar and, where a provider has a discount for all units, without the unit's own.
    rates : Series
        Index unit: group currency per unit of the unit's own.
    rules : DataFrame
        The group's rules over all blocks: RULE_COLUMNS, belongs_to (the rule as the case has it), reason, owner;
        limits of today's amounts and of quarters worked out.
    tiers : DataFrame or None
        Discounts on what all units buy: column, value, measure, threshold, discount_share, kind.
    quarters : list of str
        Calendar quarters in which any move may be under way.
    tail : GroupTail or None
        What every alternative costs in the same futures; None where no rule limits the worst tenth.
    """

    case: Case
    currency: str
    price_year: int
    units: dict[str, UnitQuestion]
    blocks: list[Block]
    rates: pd.Series
    rules: pd.DataFrame
    tiers: pd.DataFrame | None
    quarters: list[str]
    tail: GroupTail | None = None


def pose_group(case: Case, currency: str = "", **levers: Any) -> Group:
    """Pose the question of all units together.

    Parameters
    ----------
    case : Case
        Of at least one unit; rules with scope `group`, price tiers without a unit.
    currency : str
        ISO 4217; "" for the one that most units have, the first by name of equally many.
    **levers : str, int, float or bool
        Fields of Policy or Outlook for every unit; "" means "as the case says".

    Raises
    ------
    InputError
        An unknown lever or currency, or no rate between two currencies.
    """
    names = case.units["business_unit"].tolist()
    counted = case.units["currency"].value_counts()
    currency = currency or sorted(counted[counted == counted.max()].index)[0]
    years = case.units["price_year"].astype(int).value_counts()
    price_year = int(max(years[years == years.max()].index))
    rates = pd.Series(
        {
            row["business_unit"]: bridge_money(1.0, row["currency"], int(row["price_year"]), currency, price_year)[0]
            for row in case.units.to_dict("records")
        },
        name="rate",
    )
    units = {name: pose_question(case.select(name), **levers) for name in names}
    quarters = list_calendar(units)
    is_limited = (case.rules["scope"] == GROUP) & (case.rules["measure"] == WORST_TENTH)
    tail = draw_tail(units, rates) if is_limited.any() else None
    shared = case.price_tiers[case.price_tiers["business_unit"] == ""]
    blocks = [make_block(units[name], float(rates[name]), quarters, set(shared["provider"])) for name in names]
    return Group(
        case=case,
        currency=currency,
        price_year=price_year,
        units=units,
        blocks=blocks,
        rates=rates,
        rules=expand_rules(case, units, rates, quarters, tail),
        tiers=None if shared.empty else list_shared_tiers(shared),
        quarters=quarters,
        tail=tail,
    )


def list_calendar(units: dict[str, UnitQuestion]) -> list[str]:
    """List the calendar quarters in which any move of any unit can be under way, as `2021-Q1`."""
    spans = []
    for question in units.values():
        first = date_valuation(question.case.unit)
        moves = question.alternatives[~question.alternatives["is_as_is"].astype(bool)]
        horizon = 12.0 * float(question.case.unit["horizon_years"])
        months = min(float(moves["go_live_months"].max()) if len(moves) else 0.0, horizon)
        spans.append((first, first + pd.DateOffset(months=max(1, int(np.ceil(months))))))
    last = max(end for _, end in spans) - pd.Timedelta(days=1)
    return [name_quarter(period) for period in pd.period_range(min(start for start, _ in spans), last, freq="Q")]


def name_quarter(period: pd.Period) -> str:
    """Name a calendar quarter.

    Examples
    --------
    >>> name_quarter(pd.Period("2021-05", freq="Q"))
    '2021-Q2'
    """
    return f"{period.year}-Q{period.quarter}"


def name_in_quarter(measure: str, quarter: str) -> str:
    """Name the column of what moves take in a quarter.

    Examples
    --------
    >>> name_in_quarter("count", "2021-Q2")
    'moves_under_way_in_2021_q2'
    """
    what = "moves_under_way" if measure == "count" else measure
    return f"{what}_in_{quarter.lower().replace('-', '_')}"


def make_block(question: UnitQuestion, rate: float, quarters: Sequence[str], shared: set[str]) -> Block:
    """Make the block of a unit: its question with the columns of quarters, without discounts that all units share."""
    wider = replace(question, alternatives=spread_moves(question, quarters))
    asked = state_question(wider)
    structure = dict(asked.structure or {})
    if shared and "tiers" in structure:
        kept = structure["tiers"][~structure["tiers"]["value"].isin(shared)]
        structure["tiers"] = kept
        if kept.empty:
            structure.pop("tiers")
            structure["counts"] = structure["counts"][structure["counts"]["line"] != "discounts"]
    return Block(
        str(question.case.unit["business_unit"]),
        replace(asked, structure=structure or None),
        dict.fromkeys(list_money(asked.alternatives), rate),
    )


def spread_moves(question: UnitQuestion, quarters: Sequence[str]) -> pd.DataFrame:
    """Add what each move takes in each calendar quarter: hours of transfer, spend, and the part it is under way.

    Spread evenly from start to go-live; what stays takes nothing. A quarter of the unit counts as the calendar quarter
    in which it begins.
    """
    table, unit = question.alternatives, question.case.unit
    number = 4 * int(unit["horizon_years"])
    first = table["start_months"].to_numpy(float)
    last = table["go_live_months"].to_numpy(float)
    moves = ~table["is_as_is"].to_numpy(bool)
    spread = np.where(moves[:, None], spread_between(first, last, number), 0.0)
    under_way = np.where(moves[:, None], share_live(first, number) - share_live(last, number), 0.0)
    starts = [date_valuation(unit) + pd.DateOffset(months=3 * k) for k in range(number)]
    own = [name_quarter(pd.Period(start, freq="Q")) for start in starts]
    added = {}
    for quarter in quarters:
        here = np.array([name == quarter for name in own], dtype=float)
        for measure in ("knowledge_transfer_hours", "transition_spend"):
            added[name_in_quarter(measure, quarter)] = table[measure].to_numpy(float) * (spread @ here)
        added[name_in_quarter("count", quarter)] = under_way @ here
    return pd.concat([table, pd.DataFrame(added, table.index)], axis=1)


def list_money(alternatives: pd.DataFrame) -> list[str]:
    """List the columns of alternatives that hold money."""
    told = load_dictionary()["alternatives"].columns
    families = ("cost_", "loss_", "transition_spend_in_")
    return [
        name
        for name in alternatives
        if pd.api.types.is_numeric_dtype(alternatives[name])
        and ((name in told and told[name].unit.startswith("currency")) or name.startswith(families))
    ]


def expand_rules(
    case: Case, units: dict[str, UnitQuestion], rates: pd.Series, quarters: Sequence[str], tail: GroupTail | None = None
) -> pd.DataFrame:
    """Work out the group's rules: a limit of today's amount in money or heads, one rule per quarter."""
    records = []
    for rule in case.rules[case.rules["scope"] == GROUP].to_dict("records"):
        told = {name: rule[name] for name in (*RULE_COLUMNS, *TOLD)} | {"belongs_to": rule["rule"]}
        if rule["relative_to"] == TODAY:
            if tail is not None and rule["measure"] == WORST_TENTH:
                today = tail.measure(list_today(units))
            else:
                today = sum_today(str(rule["measure"]), str(rule["where"]), units, rates)
            told |= {"limit": rule["limit"] * today, "relative_to": "", "step": np.nan}
            told["reason"] = f"{100 * rule['limit']:g} % of today's {str(rule['measure']).replace('_', ' ')}; " + (
                rule["reason"] or ""
            )
        if rule["for_each"] != QUARTER:
            records.append(told)
            continue
        records += [
            told
            | {
                "rule": f"{rule['rule']} [{quarter}]",
                "measure": name_in_quarter(str(rule["measure"]), quarter),
                "for_each": "",
            }
            for quarter in quarters
        ]
    return pd.DataFrame(records, columns=[*RULE_COLUMNS, "belongs_to", *TOLD])


def list_today(units: dict[str, UnitQuestion]) -> dict[str, Plan]:
    """List what each unit does today as an answer to its own question."""
    return {name: replace(asked.as_is, question=state_question(asked)) for name, asked in units.items()}


def sum_today(measure: str, where: str, units: dict[str, UnitQuestion], rates: pd.Series) -> float:
    """Sum what a rule counts over today's delivery of all units, money in group currency."""
    total = 0.0
    for name, question in units.items():
        is_money = measure in list_money(question.alternatives)
        total += measure_today(question.as_is, measure, where) * (float(rates[name]) if is_money else 1.0)
    return total


def list_shared_tiers(tiers: pd.DataFrame) -> pd.DataFrame:
    """List the discounts on what all units buy, as `structure` of the optimizer reads them."""
    table = pd.DataFrame(
        {
            "column": "owner",
            "value": tiers["provider"],
            "measure": PROVIDER_MEASURE,
            "threshold": tiers["threshold"],
            "discount_share": tiers["discount_share"],
            "kind": tiers["kind"],
        }
    )
    return table.reset_index(drop=True)
