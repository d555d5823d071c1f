"""What an option costs to run by the reference figures, where the analyst gave no figure.

An analyst's own figure always wins: a cell that is filled, 0 included, stays. In the unit's own money:

    labor cost per FTE   = labor cost today (if given) x wage ratio of the option's country to home, else
                           wage of the occupation x load factor x wage ratio of the option's country to the USA
    overhead share       = the convention, where the labor cost is a default too
    price per year       = price today (if given and today's option), else
                           heads x price per contractor FTE x (labor share x wage ratio + non-labor share), else
                           should-cost: (heads x labor cost x (1 + overhead share) + non-labor cost of
                           the work) x (1 + margin)
    transition cost      = share x today's yearly running cost, of a generated option

A wage ratio is the level of labor cost of one country over that of the other. A level is average earnings at market
rates over those of the United States, but no lower than what published prices and costs of delivery support: the floor
of the country, else the one for all. Heads are the process's over the option's productivity. Hours are compared like
with like, both ways: a price per contractor FTE buys contractor hours, so a head of own staff is employee hours over
contractor hours of one; where a reference figure is laid on the heads of an outside owner, each is a contractor FTE,
and own staff (or a should-cost of employees) takes contractor hours over employee hours for it (`count_staff`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from sourcing.case.filling.assumed import load_by_country, look_up_by_country, read_assumed
from sourcing.case.filling.money import Step, bridge_money
from sourcing.case.filling.reference import (
    HOME_OF_WAGES,
    Figure,
    look_up_country,
    look_up_load_factor,
    look_up_price,
    look_up_wage,
)
from sourcing.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    Row = Mapping[str, Any]

WAGE_YEAR, PRICE_YEAR = 2021, 2015


@dataclass(frozen=True)
class Worked:
    """A default with every figure behind it and the way in words."""

    value: float
    figures: tuple[Figure, ...] = ()
    words: tuple[str, ...] = ()

    def times(self, factor: float, words: str, *figures: Figure) -> Worked:
        """Return the value times a factor, with what the factor is."""
        return Worked(self.value * factor, self.figures + figures, (*self.words, words))

    def plus(self, amount: float, words: str) -> Worked:
        """Return the value with an amount added, with what the amount is."""
        return Worked(self.value + amount, self.figures, (*self.words, words))

    def follow(self, steps: tuple[Step, ...]) -> Worked:
        """Return the value after the steps of a bridge."""
        worked = self
        for step in steps:
            worked = worked.times(step.factor, step.words, *step.figures)
        return worked


ONE = Worked(1.0)


@cache
def find_floor(country: str) -> Figure:
    """Find the least level of labor cost of a country, as a share of that of the United States."""
    known = load_by_country().query("figure == 'wage_floor'")["country"]
    return look_up_by_country("wage_floor", country) if country in set(known) else read_assumed("least_wage_ratio")


@cache
def find_wage_level(country: str) -> tuple[float, Figure]:
    """Find the level of labor cost of a country, as a share of that of the United States.

    level = max(average earnings over those of the United States, floor of the country)

    Returns
    -------
    tuple of float and Figure
        The level, and the figure that decides it: average earnings or the floor.

    Raises
    ------
    InputError
        The source has no earnings of the country.

    Examples
    --------
    >>> find_wage_level("USA")[0], find_wage_level("IND")[0], round(find_wage_level("DEU")[0], 3)
    (1.0, 0.246, 0.843)
    """
    own, base = (look_up_country(each, "earnings_usd_per_month") for each in (country, HOME_OF_WAGES))
    level, floor = own.value / base.value, find_floor(country)
    return (level, own) if level >= floor.value else (floor.value, floor)


def adjust_to_country(worked: Worked, country: str, base: str, labor_share: float = 1.0) -> Worked:
    """Bring an amount paid in one country to another by their levels of labor cost; only its labor share moves.

    Raises
    ------
    InputError
        No earnings of one of the two countries.
    """
    if country == base:
        return worked
    levels = {place: find_wage_level(place) for place in (country, base)}
    ratio, words = levels[country][0] / levels[base][0], f"wages {country} over {base}"
    raised = [place for place, (_, figure) in levels.items() if figure == find_floor(place)]
    if raised:
        words += f" (level of {' and '.join(raised)} raised to the floor)"
    if labor_share < 1:
        words += f" on the labor share {labor_share:.2f}"
    factor = labor_share * ratio + (1 - labor_share)
    return worked.times(factor, f"{words} x {factor:.4g}", *(figure for _, figure in levels.values()))


def find_labor_cost(process: Row, unit: Row, country: str) -> Worked:
    """Find what one full-time equivalent costs in wages and benefits, in the unit's money.

    Raises
    ------
    InputError
        The process has neither its own labor cost nor an occupation with figures for the country.
    """
    own = process["labor_cost_today_per_fte"]
    if own == own:
        worked = Worked(float(own), (), (f"labor cost today {own:,.0f}",))
        try:
            return adjust_to_country(worked, country, unit["home_country"])
        except InputError:
            if not process["occupation"]:
                raise
    if not process["occupation"]:
        raise InputError("An occupation or a labor cost must be there; got none. Hint: fill the occupation.")
    wage, load = look_up_wage(process["occupation"]), look_up_load_factor(process["occupation"])
    worked = Worked(wage.value, (wage,), (f"{wage.figure} {wage.value:,.0f} USD of {WAGE_YEAR}",))
    worked = worked.times(load.value, f"load factor x {load.value:.4g}", load)
    worked = adjust_to_country(worked, country, HOME_OF_WAGES)
    return worked.follow(bridge_money(1.0, "USD", WAGE_YEAR, unit["currency"], int(unit["price_year"]))[1])


def count_staff(process: Row, option: Row, today: Row | None) -> Worked:
    """Count the employees behind one head of today's.

    As the process says (`employees_per_head`); else 1 where own staff does the work today, and where every figure is
    typed: typed figures say what a head is. Contractor hours over employee hours (2,088 / 1,776) where an outside owner
    does it and a reference figure is laid on its heads: the wage of the option, where neither the option nor the
    process gives a labor cost, or today's price per contractor FTE. House rule on the two conventions of
    `assumed.csv`.

    Parameters
    ----------
    process, option : mapping
        Rows of the two tables.
    today : mapping or None
        The option that is today's; None where it is not known.
    """
    if process["employees_per_head"] > 0:
        stated = float(process["employees_per_head"])
        return Worked(stated, (), (f"employees per head as stated x {stated:.4g}",))
    if today is None or today["owner_type"] in ("own", ""):
        return ONE
    is_typed = option["labor_cost_per_fte"] > 0 or process["labor_cost_today_per_fte"] > 0
    is_priced = process["service_code"] != "" and needs_price(today) and not process["price_today_per_year"] > 0
    if is_typed and not is_priced:
        return ONE
    own, other = read_assumed("employee_hours_per_fte"), read_assumed("contractor_hours_per_fte")
    ratio = other.value / own.value
    return ONE.times(ratio, f"hours of contractor over own staff x {ratio:.4g}", own, other)


def find_price(
    process: Row,
    option: Row,
    unit: Row,
    *,
    is_staffed_today: bool,
    staff_per_head: Worked = ONE,
    non_labor: float = 0.0,
) -> Worked:
    """Find what an outside owner would charge a year for a process, in the unit's money.

    Parameters
    ----------
    process, option, unit : mapping
    is_staffed_today : bool
        Whether own staff does the work today.
    staff_per_head : Worked
        From `count_staff`: employees of the provider behind one head of today's.
    non_labor : float
        Non-labor cost of the work a year that the price must pay for; a published price holds its own.

    Raises
    ------
    InputError
        Neither a price of the service nor a labor cost can be found.
    """
    if (
        option["option"] == process["as_is_option"]
        and process["price_today_per_year"] == process["price_today_per_year"]
    ):
        return Worked(float(process["price_today_per_year"]), (), ("price today",))
    if process["service_code"]:
        try:
            return _find_market_price(process, option, unit, is_staffed_today=is_staffed_today)
        except InputError:
            if not process["occupation"] and not process["labor_cost_today_per_fte"] > 0:
                raise
    return _find_should_cost(process, option, unit, staff_per_head, non_labor)


def _count_heads(process: Row, option: Row) -> float:
    """Count the heads of an option in today's kind; an empty productivity is 1."""
    productivity = float(option["productivity"])
    return float(process["headcount_fte"]) / (1.0 if math.isnan(productivity) else productivity)


def _find_market_price(process: Row, option: Row, unit: Row, *, is_staffed_today: bool) -> Worked:
    least = read_assumed("least_fte_behind_price")
    price, non_labor = look_up_price(process["service_code"], least.value)
    heads = _count_heads(process, option)
    worked = Worked(price.value, (price,), (f"{price.figure} {price.value:,.0f} USD of {PRICE_YEAR}",))
    worked = worked.times(heads, f"{heads:,.4g} heads")
    if is_staffed_today:
        worked = _count_contractors(worked)
    worked = adjust_to_country(worked, option["country"], HOME_OF_WAGES, 1 - non_labor)
    return worked.follow(bridge_money(1.0, "USD", PRICE_YEAR, unit["currency"], int(unit["price_year"]))[1])


def _count_contractors(worked: Worked) -> Worked:
    """Turn an amount per contractor FTE of own heads into one for as many hours."""
    own, other = read_assumed("employee_hours_per_fte"), read_assumed("contractor_hours_per_fte")
    ratio = own.value / other.value
    return worked.times(ratio, f"hours of own over contractor staff x {ratio:.4g}", own, other)


def find_non_labor(process: Row, unit: Row, *, is_staffed_today: bool) -> Worked:
    """Find the non-labor cost a year that the published price of a service holds, in the unit's money.

    Raises
    ------
    InputError
        No service code, no price of it, or too little behind it.
    """
    if not process["service_code"]:
        raise InputError("A service code must be there; got none. Hint: fill the service_code of the process.")
    price, share = look_up_price(process["service_code"], read_assumed("least_fte_behind_price").value)
    heads = float(process["headcount_fte"])
    worked = Worked(price.value, (price,), (f"{price.figure} {price.value:,.0f} USD of {PRICE_YEAR}",))
    worked = worked.times(share * heads, f"non-labor share {share:.3g} x {heads:,.4g} heads")
    if is_staffed_today:
        worked = _count_contractors(worked)
    return worked.follow(bridge_money(1.0, "USD", PRICE_YEAR, unit["currency"], int(unit["price_year"]))[1])


def _find_should_cost(process: Row, option: Row, unit: Row, staff_per_head: Worked, non_labor: float) -> Worked:
    overhead, margin = read_assumed("overhead_share"), read_assumed("provider_margin")
    heads = _count_heads(process, option)
    worked = find_labor_cost(process, unit, option["country"])
    worked = worked.times(heads, f"should-cost: {heads:,.4g} heads")
    if staff_per_head.value != 1.0:
        worked = worked.times(staff_per_head.value, "; ".join(staff_per_head.words), *staff_per_head.figures)
    worked = worked.times(1 + overhead.value, f"overhead x {1 + overhead.value:.4g}", overhead)
    if non_labor > 0:
        worked = worked.plus(non_labor, f"non-labor cost of the work + {non_labor:,.0f}")
    return worked.times(1 + margin.value, f"margin x {1 + margin.value:.4g}", margin)


def needs_labor_cost(option: Row) -> bool:
    """Whether an option of own staff gives neither a labor cost nor a price."""
    empty = option["labor_cost_per_fte"] != option["labor_cost_per_fte"]
    return bool(option["owner_type"] == "own" and empty and not option["price_per_year"] > 0)


def needs_price(option: Row) -> bool:
    """Whether an option of an outside owner gives neither a price nor a labor cost."""
    empty = option["price_per_year"] != option["price_per_year"]
    return bool(option["owner_type"] not in ("own", "") and empty and not option["labor_cost_per_fte"] > 0)


def find_running_cost(
    process: Row,
    option: Row,
    unit: Row,
    *,
    is_staffed_today: bool,
    staff_per_head: Worked = ONE,
    non_labor: float = 0.0,
) -> tuple[str, Worked]:
    """Find the default of an option that lacks its running cost: arguments of `find_price`.

    Returns
    -------
    tuple of str and Worked
        The column to fill and its default.

    Raises
    ------
    InputError
        No default can be found.
    """
    if needs_labor_cost(option):
        return "labor_cost_per_fte", find_labor_cost(process, unit, option["country"])
    return "price_per_year", find_price(
        process,
        option,
        unit,
        is_staffed_today=is_staffed_today,
        staff_per_head=staff_per_head,
        non_labor=non_labor,
    )


def add_countries(options: pd.DataFrame, locations: pd.DataFrame) -> pd.Series:
    """Return the country of each option: its site's, or the code it names."""
    sites = dict(zip(locations["location"], locations["country"], strict=True))
    return options["location"].map(lambda place: sites.get(place, place))
