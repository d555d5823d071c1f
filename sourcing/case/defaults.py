"""Empty cells of the options take reference figures, and every amount comes to the unit's money; each figure is listed.

An analyst's own figure always wins: a cell that is filled, 0 included, stays.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sourcing.case.dictionary import load_dictionary
from sourcing.case.filling import (
    MOVE_CELLS,
    NOTHING_SAID,
    ONE,
    ONE_SUM,
    Figure,
    Worked,
    add_countries,
    bridge_money,
    count_staff,
    fill_quotes,
    find_attrition,
    find_move_cells,
    find_running_cost,
    load_starting_figures,
    load_starting_options,
    needs_labor_cost,
    needs_price,
    price_quotes,
    read_assumed,
)
from sourcing.case.policy import Policy
from sourcing.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sourcing.case.load import Case

    Row = Mapping[str, Any]

AMOUNTS = {
    "options": (
        "labor_cost_per_fte", "non_labor_cost_per_year", "price_per_year", "investment", "transition_cost",
        "customer_value_per_year",
    ),
    "deals": ("break_fee", "minimum_per_year", "retender_price_per_year", "clean_up_cost"),
    "quotes": ("low", "likely", "high"),
    "transitions": (
        "knowledge_transfer_cost", "travel_cost", "training_cost", "set_up_cost", "recruitment_cost_per_head",
        "transfer_cost_per_head",
    ),
    "contracts": ("tender_cost", "hand_back_cost"),
    "losses": ("loss_per_day", "error_cost", "replacement_cost", "brand_cost"),
}  # fmt: skip
AS_ASSUMED = "as assumed"
FIGURE_COLUMNS = (
    "process", "option", "column", "value", "figure", "figure_value", "unit", "source", "year", "licence", "bridge",
)  # fmt: skip


def bridge_amounts(table: pd.DataFrame, name: str, unit: Row) -> tuple[pd.DataFrame, list[dict[str, Any]]]:
    """Bring the amounts of options or deals stated in another currency or price year to the unit's own.

    Returns
    -------
    tuple of DataFrame and list of dict
        The table in the unit's money (currency and price_year emptied), and a row of figures per amount and figure.

    Raises
    ------
    InputError
        A currency or year without figures.
    """
    bridged, rows = table.copy(), []
    elsewhere = (table["currency"] != "") | table["price_year"].notna()
    for index in table.index[elsewhere]:
        row = table.loc[index]
        year = int(unit["price_year"]) if pd.isna(row["price_year"]) else int(row["price_year"])
        currency = row["currency"] or unit["currency"]
        _, steps = bridge_money(1.0, currency, year, unit["currency"], int(unit["price_year"]))
        for column in AMOUNTS[name]:
            if steps and pd.notna(row[column]) and row[column] != 0:
                start = Worked(float(row[column]), (), (f"your own {row[column]:,.0f} {currency} of {year}",))
                worked = start.follow(steps)
                bridged.at[index, column] = worked.value
                named = row.get("option", row.get("deal", row.get("contract", "")))
                rows += list_cell_figures(row.get("process", ""), named, column, worked)
    return bridged.assign(currency="", price_year=np.nan), rows


def list_cell_figures(process: str, option: str, column: str, worked: Worked) -> list[dict[str, Any]]:
    """List a filled cell as one row per figure behind it."""
    cell = {"process": process, "option": option, "column": column, "value": worked.value}
    own = Figure("your own figure", worked.value, "unit's money", "the case", "", "")
    return [
        {**cell, "figure": each.figure, "figure_value": each.value, "unit": each.unit, "source": each.source,
         "year": each.year, "licence": each.licence, "bridge": "; ".join(worked.words)}
        for each in worked.figures or (own,)
    ]  # fmt: skip


def fill_options(case: Case, policy: Policy | None = None) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Fill the options of a unit from the reference figures, all amounts in the unit's money.

    Parameters
    ----------
    case : Case
        One unit.
    policy : Policy, optional
        move_defaults; the default levers if none is given.

    Returns
    -------
    tuple of DataFrame and DataFrame
        The options table without an empty productivity, labor cost, overhead, price, transition cost or attrition, and
        with staff_per_head (employees of an outside owner behind one head of today's, where its price is filled; see
        `count_staff`); and the figures used: one row per filled cell and figure, columns FIGURE_COLUMNS (value is the
        cell's, figure_value the figure's own, bridge the way from one to the other in words).

    Raises
    ------
    InputError
        An amount in a currency or year without figures.
    """
    unit, processes = case.unit, case.processes.set_index("process", drop=False)
    options, rows = bridge_amounts(case.options, "options", unit)
    if len(case.quotes):
        quotes, of_quotes = bridge_amounts(case.quotes, "quotes", unit)
        options, rows = fill_quotes(options, price_quotes(quotes, options, case.processes)), rows + of_quotes
    country = add_countries(options, case.locations)
    is_today = options["option"] == options["process"].map(processes["as_is_option"])
    today = {row["process"]: row for row in options[is_today].to_dict("records")}
    staff = _count_staff(options, processes, today)
    rows += _fill_productivity(options, staff)
    stated = options["process"].map(processes["employees_per_head"].astype(float)).fillna(1.0)
    options = options.assign(productivity=options["productivity"].fillna(1.0), staff_per_head=stated)
    for index in options.index:
        option = {**options.loc[index].to_dict(), "country": country[index]}
        if not needs_labor_cost(option) and not needs_price(option):
            continue
        process = processes.loc[option["process"]].to_dict()
        before = today.get(option["process"], {})
        staffed, own_staff = before.get("owner_type") == "own", staff.get(index, ONE)
        of_work = before["non_labor_cost_per_year"] if staffed else 0.0
        try:
            column, worked = find_running_cost(
                process,
                option,
                unit,
                is_staffed_today=staffed,
                staff_per_head=own_staff,
                non_labor=max(0.0, of_work - option["non_labor_cost_per_year"]),
            )
        except InputError:
            continue
        options.at[index, column] = worked.value
        rows += list_cell_figures(option["process"], option["option"], column, worked)
        if column == "price_per_year":
            options.at[index, "staff_per_head"] = own_staff.value
    rows += _fill_overhead(options)
    running = ["labor_cost_per_fte", "price_per_year", "overhead_share"]
    options[running] = options[running].fillna(0.0)
    causes = case.transitions[(case.transitions[list(ONE_SUM)] > 0).any(axis=1)]
    rows += _fill_transitions(options, processes, pd.MultiIndex.from_frame(causes[["process", "option"]]))
    options["transition_cost"] = options["transition_cost"].fillna(0.0)
    if (policy or Policy()).move_defaults:
        rows += _fill_attrition(options, country, str(unit["home_country"]))
    options["attrition_share"] = options["attrition_share"].fillna(0.0)
    return options, pd.DataFrame(rows, columns=pd.Index(FIGURE_COLUMNS))


def _count_staff(options: pd.DataFrame, processes: pd.DataFrame, today: Mapping[str, Row]) -> dict[Any, Worked]:
    """Count the employees behind one head of today's contractors, by the index of the options; see `count_staff`."""
    outside = {name for name, row in today.items() if row["owner_type"] != "own"}
    return {
        index: count_staff(processes.loc[name].to_dict(), options.loc[index], today[name])
        for index, name in options.loc[options["process"].isin(outside), "process"].items()
    }


def _fill_productivity(options: pd.DataFrame, staff: Mapping[Any, Worked]) -> list[dict[str, Any]]:
    """Lower in place the productivity of own staff that takes over from contractors, where it is empty or assumed."""
    starting, rows = load_starting_options().set_index("option")["productivity"], []
    assumed = options["is_generated"] & (options["productivity"] == options["option"].map(starting))
    is_open = (assumed | options["productivity"].isna()) & (options["owner_type"] == "own")
    for index in options.index[is_open]:
        counted = staff.get(index, ONE)
        if counted.value == 1.0:
            continue
        option = options.loc[index]
        start = 1.0 if pd.isna(option["productivity"]) else float(option["productivity"])
        words = f"hours of own over contractor staff x {1 / counted.value:.4g}"
        worked = Worked(start, (), (f"{start:g} of one as-is",)).times(1 / counted.value, words, *counted.figures)
        options.at[index, "productivity"] = worked.value
        rows += list_cell_figures(option["process"], option["option"], "productivity", worked)
    return rows


def _fill_overhead(options: pd.DataFrame) -> list[dict[str, Any]]:
    """Fill in place the overhead that comes with own staff: the convention, wherever the wage beside it was typed."""
    overhead, rows = read_assumed("overhead_share"), []
    staffed = (options["owner_type"] == "own") & (options["labor_cost_per_fte"] > 0)
    for index in options.index[staffed & options["overhead_share"].isna()]:
        options.at[index, "overhead_share"] = overhead.value
        filled = Worked(overhead.value, (overhead,), ("share of labor cost",))
        rows += list_cell_figures(options.at[index, "process"], options.at[index, "option"], "overhead_share", filled)
    return rows


def _fill_attrition(options: pd.DataFrame, country: pd.Series, home: str) -> list[dict[str, Any]]:
    """Fill the attrition of own staff abroad in place."""
    rows: list[dict[str, Any]] = []
    for index in options.index[options["attrition_share"].isna() & (options["owner_type"] == "own")]:
        worked = find_attrition({"owner_type": "own", "country": country[index]}, home)
        options.at[index, "attrition_share"] = worked.value
        if worked.figures:
            rows += list_cell_figures(
                options.at[index, "process"], options.at[index, "option"], "attrition_share", worked
            )
    return rows


def fill_moves(case: Case, options: pd.DataFrame, policy: Policy) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Fill what each move costs in people, where the table transitions does not say: see `filling/moves`.

    Parameters
    ----------
    case : Case
        One unit.
    options : DataFrame
        The unit's options from `fill_options`, with owner_type, delivery_model, location, productivity and
        labor_cost_per_fte.
    policy : Policy
        move_defaults, redeployed_share, service_years.

    Returns
    -------
    tuple of DataFrame and DataFrame
        The table transitions in the unit's money with a row for every option, and none of MOVE_CELLS empty but a
        recruitment cost per head that follows the wage (`hiring_cost_share`); and the figures used as in
        `fill_options`. A cell that is filled, 0 included, stays.
    """
    told, rows = bridge_amounts(case.transitions, "transitions", case.unit)
    keys = ["process", "option"]
    table = options[keys].merge(told, on=keys, how="left")
    if policy.move_defaults:
        rows += _fill_people(table, case, options, policy)
    followed = ["recruitment_cost_per_head"] if policy.move_defaults else []
    nothing = {column: value for column, value in NOTHING_SAID.items() if column not in followed}
    return table.fillna(nothing), pd.DataFrame(rows, columns=pd.Index(FIGURE_COLUMNS))


def _fill_people(table: pd.DataFrame, case: Case, options: pd.DataFrame, policy: Policy) -> list[dict[str, Any]]:
    """Fill the cells of MOVE_CELLS in place; `table` has a row for each row of `options`, in its order."""
    processes = case.processes.set_index("process", drop=False).to_dict("index")
    records = options.assign(country=add_countries(options, case.locations)).to_dict("records")
    today = {each["process"]: each for each in records if each["option"] == processes[each["process"]]["as_is_option"]}
    rows: list[dict[str, Any]] = []
    for index, option in zip(table.index, records, strict=True):
        process, as_is = processes[option["process"]], today.get(option["process"])
        if as_is is None or option is as_is:
            continue
        found = find_move_cells(process, option, as_is, policy.redeployed_share, policy.service_years)
        for column in (each for each in MOVE_CELLS if pd.isna(table.at[index, each])):
            if column != "recruitment_cost_per_head":
                table.at[index, column] = found[column].value
            if found[column].value > 0:
                rows += list_cell_figures(option["process"], option["option"], column, found[column])
    return rows


def _fill_transitions(options: pd.DataFrame, processes: pd.DataFrame, told: pd.MultiIndex) -> list[dict[str, Any]]:
    """Fill the transition cost of generated options in place, but those told cause by cause."""
    starting, rows = load_starting_options().set_index("option"), []
    sources = load_starting_figures().set_index("figure")["source"]
    fte = options["process"].map(processes["headcount_fte"]) / options["productivity"]
    labor = fte * options["labor_cost_per_fte"] * (1 + options["overhead_share"])
    running = labor + options["price_per_year"] + options["non_labor_cost_per_year"]
    is_today = options["option"] == options["process"].map(processes["as_is_option"])
    today = running[is_today].groupby(options["process"]).first()
    for index in options.index[options["is_generated"] & ~is_today & options["option"].isin(starting.index)]:
        process, option = options.at[index, "process"], options.at[index, "option"]
        about, cells = starting.loc[option], {}
        if pd.isna(options.at[index, "transition_cost"]) and (process, option) not in told:
            share = float(about["transition_share"])
            options.at[index, "transition_cost"] = share * float(today.get(process, 0.0))
            cells["transition_cost"] = (share, "share of today's yearly running cost", "x today's yearly running cost")
        for column in ("productivity", "transition_months", "ramp_months", "start_productivity"):
            if options.at[index, column] == about[column]:
                cells[column] = (float(about[column]), load_dictionary()["options"].columns[column].unit, AS_ASSUMED)
        for column, (value, unit, words) in cells.items():
            name = f"{column.replace('_', ' ')} of {option}"
            source = sources["transition_share" if column == "transition_cost" else column]
            figure = Figure(name, value, unit, str(source), "not dated", "none needed")
            rows += list_cell_figures(
                process, option, column, Worked(float(options.at[index, column]), (figure,), (words,))
            )
    return rows


def fill_terms(case: Case, name: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Bring deals, quotes, transitions, contracts or losses of a unit to the unit's money.

    Returns
    -------
    tuple of DataFrame and DataFrame
        The table, and the figures used as in `fill_options` (option holds the deal or contract).
    """
    table, rows = bridge_amounts(getattr(case, name), name, case.unit)
    return table, pd.DataFrame(rows, columns=pd.Index(FIGURE_COLUMNS))


def fill_deals(case: Case) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Bring the deals of a unit to the unit's money; see `fill_terms`."""
    return fill_terms(case, "deals")
