"""Figures far from the reference are shown as warnings: an amount of another year, month, currency or head count."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from sourcing.case.checks.keys import are_among, look_up
from sourcing.case.checks.options import PROCESS, find_countries
from sourcing.case.filling import find_labor_cost, find_price
from sourcing.case.problem import WARNING, Problem, point_at
from sourcing.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    Tables = Mapping[str, pd.DataFrame]

FAR = 10.0
"""A figure this many times the reference, or one over it, is implausible (house rule)."""
HIGH_RATE = 0.5
WEEKS_PER_YEAR = 52
NOT_GIVEN = {"labor_cost_today_per_fte": math.nan, "price_today_per_year": math.nan}


def rates_are_plausible(tables: Tables) -> Iterator[Problem]:
    """Yearly discount and inflation rates stay below one half."""
    units = tables["units"]
    for column in ("discount_rate", "inflation_rate"):
        rule, hint = "a yearly rate below 0.5", "Hint: 5 per cent is written 0.05; check the figure."
        yield from point_at(units, units[column] > HIGH_RATE, ("units", column), rule, hint, severity=WARNING)


def moves_end_within_the_horizon(tables: Tables) -> Iterator[Problem]:
    """A move goes live and reaches steady productivity before the unit's horizon ends."""
    options = tables["options"]
    horizon = look_up(options["business_unit"], tables["units"], "business_unit", "horizon_years")
    months = options["transition_months"] + options["ramp_months"]
    rule, hint = "a move that ends within the horizon", "Hint: check the months, or lengthen horizon_years."
    late = (months >= 12 * horizon) & (months > 0) & (horizon > 0)
    shown = months.map("{:g} months".format)
    yield from point_at(options, late, ("options", "transition_months"), rule, hint, shown, WARNING)


def queues_have_people(tables: Tables) -> Iterator[Problem]:
    """A queue keeps no more people busy than ten times those of the process: calls a year are no calls an hour."""
    capacity, processes = tables["capacity"], tables["processes"]
    if capacity.empty:
        return
    about = processes.drop_duplicates(PROCESS)[[*PROCESS, "headcount_fte"]]
    heads = capacity[PROCESS].merge(about, on=PROCESS, how="left")["headcount_fte"].set_axis(capacity.index)
    busy = capacity["calls_per_hour"] * capacity["handling_minutes"] / 60 * capacity["peak_to_average"]
    hours = WEEKS_PER_YEAR * capacity["open_hours_per_week"]
    for row in capacity.index[busy > FAR * heads.clip(lower=1.0)]:
        calls, yearly = (
            float(capacity.at[row, "calls_per_hour"]),
            float(capacity.at[row, "calls_per_hour"] / hours[row]),
        )
        rule = f"calls that keep at most {FAR:g} times the {heads[row]:g} people of the process busy"
        value = f"{calls:,.10g} an hour keep {busy[row]:,.0f} people busy"
        hint = f"Hint: {calls:,.10g} calls a year are {yearly:,.0f} an open hour; check calls_per_hour and minutes."
        yield Problem("capacity", row, "calls_per_hour", rule, value, hint, WARNING)


class _Reference:
    """Reference figures of a unit's processes, each looked up once."""

    def __init__(self, tables: Tables) -> None:
        self.units = tables["units"].drop_duplicates("business_unit").set_index("business_unit").to_dict("index")
        processes = tables["processes"]
        coded = processes[(processes["occupation"] != "") | (processes["service_code"] != "")]
        self.processes = {(row["business_unit"], row["process"]): row for row in coded.to_dict("records")}
        self._wages: dict[tuple[Any, ...], float] = {}

    def find_wage(self, row: Mapping[str, Any], country: str) -> float:
        """Return the reference labor cost in the row's money; NaN without an occupation or figures."""
        process, unit = self._find(row)
        if process is None or unit is None or not process["occupation"]:
            return math.nan
        key = (process["occupation"], country, unit["currency"], unit["price_year"])
        if key not in self._wages:
            try:
                self._wages[key] = find_labor_cost({**process, **NOT_GIVEN}, unit, country).value
            except InputError:
                self._wages[key] = math.nan
        return self._wages[key]

    def find_price(self, row: Mapping[str, Any], country: str) -> float:
        """Return the reference price of a year in the row's money; NaN without figures."""
        process, unit = self._find(row)
        if process is None or unit is None or not process["headcount_fte"] > 0:
            return math.nan
        option = {"option": "", "productivity": 1.0, **row, "country": country}
        try:
            return find_price({**process, **NOT_GIVEN, "as_is_option": "-"}, option, unit, is_staffed_today=True).value
        except InputError:
            return math.nan

    def _find(self, row: Mapping[str, Any]) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
        unit = self.units.get(row["business_unit"])
        if unit is None or not unit["currency"] or not 1990 <= unit["price_year"] <= 2100:
            return None, None
        own = {"currency": row.get("currency") or unit["currency"], "home_country": unit["home_country"]}
        year = row.get("price_year")
        own["price_year"] = unit["price_year"] if year is None or pd.isna(year) else int(year)
        return self.processes.get((row["business_unit"], row["process"])), {**unit, **own}

    def count_heads(self, row: Mapping[str, Any]) -> float:
        """Return the people of the row's process."""
        process = self.processes.get((row["business_unit"], row["process"]))
        return float(process["headcount_fte"]) if process else math.nan


class Compared(NamedTuple):
    """An amount that an analyst typed beside the reference for it, both in the row's own money.

    `process` and `option` name what it is of; an amount of the table processes is of the option that is today's.
    `heads` is the people of the process where the amount is for one of them, else NaN.
    """

    table: str
    row: int
    column: str
    process: str
    option: str
    value: float
    reference: float
    heads: float


def compare_wages_typed(tables: Tables) -> Iterator[Compared]:
    """List each typed labor cost beside the reference wage of the occupation and country; NaN where there is none."""
    given = list(_list_given(tables, "labor_cost_per_fte", "labor_cost_today_per_fte"))
    if not given:
        return
    reference = _Reference(tables)
    for table, column, row, record, country in given:
        wage, heads = reference.find_wage(record, country), reference.count_heads(record)
        option = record.get("option") or record.get("as_is_option", "")
        yield Compared(table, row, column, record["process"], option, record[column], wage, heads)


def compare_prices_typed(tables: Tables) -> Iterator[Compared]:
    """List each typed price beside that of the service by head, or should-cost; NaN where there is none."""
    given = list(_list_given(tables, "price_per_year", "price_today_per_year"))
    if not given:
        return
    reference = _Reference(tables)
    for table, column, row, record, country in given:
        price = reference.find_price(record, country)
        option = record.get("option") or record.get("as_is_option", "")
        yield Compared(table, row, column, record["process"], option, record[column], price, math.nan)


def wages_are_plausible(tables: Tables) -> Iterator[Problem]:
    """A labor cost is within ten times of the reference for the occupation and country."""
    for each in compare_wages_typed(tables):
        yield from _compare(each)


def prices_are_plausible(tables: Tables) -> Iterator[Problem]:
    """A price is within ten times of the reference for the service, or of should-cost, by head."""
    for each in compare_prices_typed(tables):
        yield from _compare(each)


def compare_with_reference(tables: Tables) -> pd.DataFrame:
    """Compare every labor cost and price that an analyst typed with the reference figure for it.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        Of one unit, sound.

    Returns
    -------
    DataFrame
        One row per amount with a reference: table, row, column, process, option, value, reference, heads; see
        `Compared`.
    """
    rows = [*compare_wages_typed(tables), *compare_prices_typed(tables)]
    found = pd.DataFrame(rows, columns=pd.Index(Compared._fields))
    return found[found["reference"] > 0].reset_index(drop=True)


def _list_given(
    tables: Tables, of_options: str, of_processes: str
) -> Iterator[tuple[str, str, int, dict[str, Any], str]]:
    """List the amounts an analyst gave: table, column, row, record, country."""
    options, processes = tables["options"], tables["processes"]
    coded = (processes["occupation"] != "") | (processes["service_code"] != "")
    if not coded.any():
        return
    country = find_countries(tables)
    given = (options[of_options] > 0) & ~options["is_generated"]
    given &= are_among(options[PROCESS], processes.loc[coded, PROCESS])
    records = options[given].to_dict("records")
    for row, record, place in zip(options.index[given], records, country[given], strict=True):
        yield "options", of_options, row, record, place
    homes = tables["units"].drop_duplicates("business_unit").set_index("business_unit")["home_country"]
    given = coded & (processes[of_processes] > 0)
    for row, record in zip(processes.index[given], processes[given].to_dict("records"), strict=True):
        yield "processes", of_processes, row, record, homes.get(record["business_unit"], "")


def _compare(amount: Compared) -> Iterator[Problem]:
    value, reference = amount.value, amount.reference
    if not reference > 0 or 1 / FAR <= value / reference <= FAR:
        return
    ratio = value / reference
    rule = f"a figure within {FAR:g} times of the reference, {reference:,.0f}"
    hint = "Hint: check currency and price year"
    if amount.heads > 1 and 1 / 3 <= ratio / amount.heads <= 3:
        hint += f"; it looks like the cost of all {amount.heads:g} people"
    elif 1 / 3 <= ratio * 12 <= 3:
        hint += "; it looks like the cost of one month"
    elif 1 / 3 <= ratio * 1000 <= 3:
        hint += "; it looks like thousands"
    shown = f"{value:,.0f}, {ratio:.3g} times the reference"
    yield Problem(amount.table, amount.row, amount.column, rule, shown, f"{hint}.", WARNING)
