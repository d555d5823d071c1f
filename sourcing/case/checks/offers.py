"""Vetoes, deals and providers against the options they speak of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.case.checks.keys import are_among, look_up
from sourcing.case.checks.options import PROCESS, find_countries
from sourcing.case.checks.units import find_valuation
from sourcing.case.problem import WARNING, Problem, point_at
from sourcing.errors import hint_near

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    Tables = Mapping[str, pd.DataFrame]

MATCHED = ("business_unit", "process", "option", "owner_type", "delivery_model", "is_abroad")


def _describe_offers(tables: Tables) -> pd.DataFrame:
    """Return the options with is_abroad, is_as_is and the unit's valuation date."""
    units, options = tables["units"], tables["options"]
    units = units.assign(valued_on=find_valuation(units))
    today = tables["processes"][[*PROCESS, "as_is_option"]]
    return options.assign(
        is_abroad=find_countries(tables) != look_up(options["business_unit"], units, "business_unit", "home_country"),
        is_as_is=are_among(options[[*PROCESS, "option"]], today),
        valued_on=look_up(options["business_unit"], units, "business_unit", "valued_on"),
    )


def _match(veto: pd.Series, offers: pd.DataFrame) -> np.ndarray:
    """Say which options a veto speaks of: every cell it fills matches."""
    hit = np.ones(len(offers), dtype=bool)
    for column in MATCHED:
        if veto[column] not in ("", None):
            hit &= (offers[column] == veto[column]).to_numpy()
    return hit


def _match_in_force(veto: pd.Series, offers: pd.DataFrame) -> np.ndarray:
    """Say which options a veto speaks of whose unit is valued while it is in force."""
    return _match(veto, offers) & (pd.isna(veto["expires"]) | (offers["valued_on"] <= veto["expires"]).to_numpy())


def list_barred(tables: Tables) -> np.ndarray:
    """Say which options a veto bars whatever the levers are: today's delivery is none of them."""
    offers = _describe_offers(tables)
    barred = np.zeros(len(offers), dtype=bool)
    for _, veto in tables["vetoes"].iterrows():
        barred |= _match_in_force(veto, offers)
    return barred & ~offers["is_as_is"].to_numpy()


def vetoes_are_in_force(tables: Tables) -> Iterator[Problem]:
    """A veto is in force on the day on which a unit it speaks of is valued (warning)."""
    vetoes, units = tables["vetoes"], tables["units"]
    valued = dict(zip(units["business_unit"], find_valuation(units), strict=True))
    first = vetoes["business_unit"].map(valued).fillna(min(valued.values(), default=pd.NaT))
    rule, hint = "a ban that is in force on the valuation date", "Hint: take the row out, or change its last day."
    shown = "expired on " + vetoes["expires"].dt.strftime("%Y-%m-%d")
    yield from point_at(vetoes, vetoes["expires"] < first, ("vetoes", "expires"), rule, hint, shown, WARNING)


def an_option_is_left(tables: Tables) -> Iterator[Problem]:
    """Vetoes in force leave each process an option; they bar today's only with a date to exit by."""
    vetoes, processes = tables["vetoes"], tables["processes"]
    if vetoes.empty:
        return
    offers = _describe_offers(tables)
    barred = np.zeros(len(offers), dtype=bool)
    names: dict[tuple[str, str], list[str]] = {}
    for _, veto in vetoes.iterrows():
        hit = _match_in_force(veto, offers)
        if pd.isna(veto["exit_by"]):
            hit &= ~offers["is_as_is"].to_numpy()
        barred |= hit
        for key in offers.loc[hit, PROCESS].drop_duplicates().itertuples(index=False, name=None):
            names.setdefault(key, []).append(veto["veto"])
    left = set(offers.loc[~barred, PROCESS].itertuples(index=False, name=None))
    stranded = set(offers[PROCESS].itertuples(index=False, name=None)) - left
    hint = "Hint: lift or narrow a veto, move its exit_by, or add an option that no veto bars."
    for row, key in zip(processes.index, processes[PROCESS].itertuples(index=False, name=None), strict=True):
        if key in stranded:
            value = "barred by " + ", ".join(names[key])
            yield Problem("processes", row, "process", "an option that no veto bars", value, hint)


def vetoes_match_something(tables: Tables) -> Iterator[Problem]:
    """A veto speaks of at least one option (warning)."""
    vetoes = tables["vetoes"]
    if vetoes.empty:
        return
    offers = _describe_offers(tables)
    for row, veto in vetoes.iterrows():
        if not len(offers) or _match(veto, offers).any():
            continue
        option = veto["option"]
        known = option == "" or (offers["option"] == option).any()
        hint = "Hint: loosen one of its cells." if known else hint_near(option, offers["option"].unique())
        column, value = ("veto", veto["veto"]) if known else ("option", option)
        yield Problem("vetoes", row, column, "a ban of at least one option", value, hint, WARNING)


def deals_serve_outside_work(tables: Tables) -> Iterator[Problem]:
    """A deal stands behind an as-is that another owner delivers."""
    options, deals, processes = tables["options"], tables["deals"], tables["processes"]
    if deals.empty:
        return
    is_today = are_among(options[[*PROCESS, "option"]], processes[[*PROCESS, "as_is_option"]])
    outside = options[is_today & options["owner_type"].isin(["provider", "joint_venture"])]
    given = deals[PROCESS]
    wrong = are_among(given, processes[PROCESS]) & ~are_among(given, outside[PROCESS])
    hint = "Hint: check the process's as_is_option and that option's owner_type."
    yield from point_at(deals, wrong, ("deals", "process"), "a process delivered by another owner today", hint)


def fees_are_not_void(tables: Tables) -> Iterator[Problem]:
    """A break fee stands beside a minimum that is owed or not stated: where 0 is owed, nobody pays it (warning)."""
    deals = tables["deals"]
    void = (deals["break_fee"] > 0) & (deals["minimum_per_year"] == 0)
    rule = "an empty cell where the break fee is what leaving costs; 0 says that nothing is owed and leaving is free"
    hint = "Hint: empty this cell, or take the break fee out."
    shown = deals["break_fee"].map("0 beside a break fee of {:,.0f}".format)
    yield from point_at(deals, void, ("deals", "minimum_per_year"), rule, hint, shown, WARNING)


def what_stays_behind_is_on_one_line(tables: Tables) -> Iterator[Problem]:
    """Cost that stays when work moves is in the process's avoidable share or in its deal's minimum, not in both."""
    processes, deals = tables["processes"], tables["deals"]
    owed = deals.loc[deals["minimum_per_year"] > 0, PROCESS]
    twice = are_among(processes[PROCESS], owed) & (processes["avoidable_share"] < 1)
    rule = "1 where a deal's minimum already says what stays behind: no cost is sunk and avoidable at once"
    hint = "Hint: write 1 here, or take the minimum out of the deal."
    yield from point_at(processes, twice, ("processes", "avoidable_share"), rule, hint)


def providers_own_an_option(tables: Tables) -> Iterator[Problem]:
    """A provider with terms or volume discounts owns at least one option of the unit."""
    owners = tables["options"].groupby("business_unit")["owner"].agg(set).to_dict()
    for name in ("providers", "price_tiers"):
        table = tables[name]
        pairs = table.loc[table["provider"] != "", ["business_unit", "provider"]].drop_duplicates()
        for unit, provider in pairs.itertuples(index=False, name=None):
            if provider in owners.get(unit, {provider}):
                continue
            wrong = (table["business_unit"] == unit) & (table["provider"] == provider)
            hint = hint_near(provider, owners[unit])
            yield from point_at(table, wrong, (name, "provider"), "an owner of some option of the unit", hint)


def shared_rows_are_used(tables: Tables) -> Iterator[Problem]:
    """A cost pool has a user, a service has a part, and own staff work where a wage path is given (warning)."""
    options = tables["options"]
    ours = options.assign(country=find_countries(tables))[options["owner_type"] == "own"]
    for name, column, users, of, what in (
        ("cost_pools", "pool", tables["processes"], "cost_pool", "a process that names the pool in cost_pool"),
        ("services", "service", tables["service_parts"], "service", "a process under the service in service_parts"),
        ("wage_paths", "country", ours, "country", "own staff of some option in the country"),
    ):
        table = tables[name]
        idle = ~are_among(table[["business_unit", column]], users[["business_unit", of]])
        idle &= (table[column] != "").to_numpy()
        hint = "Hint: as it is the row changes nothing; name it where it belongs, or take it out."
        yield from point_at(table, idle, (name, column), what, hint, severity=WARNING)
