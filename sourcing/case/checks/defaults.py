"""What is filled in by default can be filled in: each option has a cost, codes and currencies are known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from sourcing.case.checks.keys import are_among
from sourcing.case.checks.options import PROCESS
from sourcing.case.filling import (
    BRIDGED,
    OPTION,
    add_countries,
    bridge_money,
    find_labor_cost,
    find_occupation,
    find_running_cost,
    is_quoted,
    needs_labor_cost,
    needs_price,
)
from sourcing.case.problem import Problem
from sourcing.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    Tables = Mapping[str, pd.DataFrame]


def explain_missing_cost(tables: Tables) -> Iterator[Problem]:
    """Each option has a running cost of its own or a default; what is missing is said where it can be filled."""
    options = tables["options"]
    country = add_countries(options, tables["locations"])
    processes = tables["processes"].drop_duplicates(["business_unit", "process"])
    keys = zip(processes["business_unit"], processes["process"], strict=True)
    place = dict(zip(keys, processes.index, strict=True))
    records = processes.to_dict("index")
    units = tables["units"].drop_duplicates("business_unit").set_index("business_unit")
    misnamed = {problem.row for problem in codes_are_known(tables)}
    costless = ~((options["price_per_year"] > 0) | (options["labor_cost_per_fte"] > 0))
    costless &= ~is_quoted(tables)
    for index in options.index[costless & ~(options["non_labor_cost_per_year"] > 0)]:
        option = {**options.loc[index].to_dict(), "country": country[index]}
        key = (option["business_unit"], option["process"])
        if key not in place or key[0] not in units.index or place[key] in misnamed:
            continue
        missing = "no default is there"
        if needs_labor_cost(option) or needs_price(option):
            try:
                find_running_cost(records[place[key]], option, units.loc[key[0]], is_staffed_today=True)
                continue
            except InputError as error:
                missing = str(error).split(" Hint:")[0]
        yield _report_missing_cost(option, index, place[key], missing)


def _report_missing_cost(option: Mapping[str, Any], row: int, process_row: int, missing: str) -> Problem:
    if option["is_generated"]:
        hint = "Hint: fill occupation, labor_cost_today_per_fte or, if outsourced today, price_today_per_year: "
        return Problem("processes", process_row, "occupation", f"a cost of {option['option']}", "", hint + missing)
    hint = "Hint: fill labor_cost_per_fte, price_per_year or non_labor_cost_per_year, or the process's occupation: "
    return Problem("options", row, "labor_cost_per_fte", "some running cost", "0", hint + missing)


def shared_profit_has_a_cost(tables: Tables) -> Iterator[Problem]:
    """What a joint venture that shares its profit costs to run is known: the profit is its price less that."""
    options, contracts = tables["options"], tables["contracts"]
    sharing = contracts.loc[contracts["profit_share"] > 0, ["business_unit", "contract"]]
    if sharing.empty:
        return
    country = add_countries(options, tables["locations"])
    processes = tables["processes"].drop_duplicates(PROCESS).set_index(PROCESS).to_dict("index")
    units = tables["units"].drop_duplicates("business_unit").set_index("business_unit")
    ours = options[(options["owner_type"] == "own") & (options["labor_cost_per_fte"] > 0)]
    today = are_among(ours[OPTION], tables["processes"][[*PROCESS, "as_is_option"]])
    known = ours[today | (ours["delivery_model"] == "in_house")].groupby(PROCESS)["labor_cost_per_fte"].first()
    rule = "a joint venture that shares its profit must have a known cost"
    hint = "Hint: fill the process's occupation or labor_cost_today_per_fte."
    shares = are_among(options[["business_unit", "contract"]], sharing) & (options["contract"] != "")
    for row in options.index[shares & options["owner_type"].ne("own")]:
        key = tuple(options.loc[row, PROCESS])
        if key not in processes or key[0] not in units.index:
            continue
        process = {**processes[key], "process": key[1]}
        if not process["labor_cost_today_per_fte"] > 0 and key in known.index:
            process["labor_cost_today_per_fte"] = float(known[key])
        try:
            find_labor_cost(process, units.loc[key[0]], country[row])
        except InputError:
            yield Problem("options", row, "contract", rule, f"none at {key[1]}", hint)


def codes_are_known(tables: Tables) -> Iterator[Problem]:
    """An occupation is one that the reference figures know."""
    cells = tables["processes"]["occupation"]
    for row, text in cells[cells != ""].items():
        try:
            find_occupation(text)
        except InputError as error:
            hint = str(error).partition("Hint: ")[2]
            yield Problem("processes", row, "occupation", "a US SOC code or its name", text, f"Hint: {hint}")


def abroad_is_abroad(tables: Tables) -> Iterator[Problem]:
    """The country abroad of generated options is not the home country."""
    units = tables["units"]
    for row, unit in units[
        (units["country_abroad"] == units["home_country"]) & (units["home_country"] != "")
    ].iterrows():
        yield Problem(
            "units",
            row,
            "country_abroad",
            "a country other than home_country",
            unit["country_abroad"],
            "Hint: leave it empty where nothing abroad is to be considered.",
        )


def amounts_can_be_bridged(tables: Tables) -> Iterator[Problem]:
    """An amount in another currency or price year can be brought to the unit's."""
    units = tables["units"].drop_duplicates("business_unit").set_index("business_unit")
    for name in BRIDGED:
        table = tables[name]
        elsewhere = (table["currency"] != "") | table["price_year"].notna()
        for row, cells in table[elsewhere & table["business_unit"].isin(units.index)].iterrows():
            unit = units.loc[cells["business_unit"]]
            year = unit["price_year"] if pd.isna(cells["price_year"]) else cells["price_year"]
            currency = cells["currency"] or unit["currency"]
            try:
                bridge_money(1.0, currency, int(year), unit["currency"], int(unit["price_year"]))
            except InputError as error:
                rule, _, hint = str(error).partition(" Hint: ")
                yield Problem(name, row, "currency", rule, f"{currency} of {year:g}", f"Hint: {hint}")
