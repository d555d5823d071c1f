"""Quotes, transitions, contracts and services against the options and processes they speak of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from sourcing.case.checks.keys import are_among, list_rows
from sourcing.case.checks.options import PROCESS
from sourcing.case.filling import ONE_SUM, OPTION, count_quoted
from sourcing.case.problem import Problem, point_at
from sourcing.case.shapes import find_shape_fault
from sourcing.errors import hint_near

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    Tables = Mapping[str, pd.DataFrame]

LESS_IS_BETTER = "response_seconds"
CAUSES = ("operational", "structural", "location", "move", "key_person", "walk_out", "brand")
STRESSED = {
    "figure": ("wages", "prices", "one_off", "governance", "value_lost", "invoice_errors"),
    "event": CAUSES,
    "everywhere": CAUSES,
}
"""Kind of stress -> what it can strike; the others strike nothing by name."""
NO_TODAY = "Hint: today's delivery needs no move; name the option it moves to."


def _find_options(table: pd.DataFrame, tables: Tables, *columns: str) -> pd.DataFrame:
    """Return columns of the option that each row names, by the index of the table; missing where there is none."""
    options = tables["options"]
    first = {row: place for place, row in reversed(list(enumerate(list_rows(options[OPTION]))))}
    told = options[list(columns)].assign(is_known=True).reset_index(drop=True)
    return told.reindex([first.get(row, -1) for row in list_rows(table[OPTION])]).set_axis(table.index)


def named_options_exist(tables: Tables) -> Iterator[Problem]:
    """A row that names an option names one of its process."""
    for name in ("quotes", "transitions", "service_levels", "actuals"):
        table = tables[name]
        if table.empty:
            continue
        unknown = _find_options(table, tables)["is_known"].isna()
        for row in table.index[unknown]:
            keys = table.loc[row, PROCESS]
            own = tables["options"].loc[(tables["options"][PROCESS] == keys).all(axis=1), "option"]
            value = str(table.at[row, "option"])
            hint = hint_near(value, own) if len(own) else "Hint: the process has no options."
            yield Problem(name, row, "option", "an option of the process", value, hint)


def quotes_price_options(tables: Tables) -> Iterator[Problem]:
    """A quote speaks of an option of an outside owner that has no price of its own, and can be counted."""
    quotes, options = tables["quotes"], tables["options"]
    if quotes.empty:
        return
    joined = _find_options(quotes, tables, "owner_type", "price_per_year")
    own = joined["owner_type"] == "own"
    yield from point_at(
        quotes, own, ("quotes", "option"), "an option of an outside owner", "Hint: own staff quote none."
    )
    twice = joined["price_per_year"] > 0
    hint = "Hint: take price_per_year out of the option: each cause of money on one line."
    yield from point_at(quotes, twice, ("quotes", "likely"), "one price per option", hint)
    counted = count_quoted(quotes, options.drop_duplicates(OPTION), tables["processes"].drop_duplicates(OPTION[:2]))
    hint = "Hint: fill volume_per_year of the process, or quote per year."
    yield from point_at(
        quotes, ~(counted > 0) & joined["is_known"].notna(), ("quotes", "per"), "a volume to price", hint
    )
    order = ~(quotes["low"].fillna(quotes["likely"]) <= quotes["likely"])
    order |= ~(quotes["likely"] <= quotes["high"].fillna(quotes["likely"]))
    yield from point_at(quotes, order, ("quotes", "likely"), "low <= likely <= high", "Hint: sort the three figures.")


def transitions_are_told_once(tables: Tables) -> Iterator[Problem]:
    """What `options.transition_cost` holds is told there or cause by cause in transitions; today's has no move."""
    table = tables["transitions"]
    if table.empty:
        return
    cost = _find_options(table, tables, "transition_cost")["transition_cost"]
    causes = (table[list(ONE_SUM)] > 0).any(axis=1)
    rule = "a move told cause by cause, or as one sum in options.transition_cost"
    hint = "Hint: take transition_cost out of the option, or these causes out of the row: each on one line."
    yield from point_at(table, (cost > 0) & causes, ("transitions", "option"), rule, hint, cost.map("{:,.0f}".format))
    as_is = are_among(table[[*PROCESS, "option"]], tables["processes"][[*PROCESS, "as_is_option"]])
    yield from point_at(table, as_is, ("transitions", "option"), "an option that is a move", NO_TODAY)


def settling_is_told_once(tables: Tables) -> Iterator[Problem]:
    """Work of own staff that settles after go-live is slower on the ramp or dips in output, not both."""
    table = tables["transitions"]
    if table.empty:
        return
    option = _find_options(table, tables, "owner_type", "ramp_months", "start_productivity")
    ramps = (option["owner_type"] == "own") & (option["ramp_months"] > 0) & (option["start_productivity"] < 1)
    twice = ramps & (table["service_dip_share"] * table["service_dip_months"] > 0)
    rule = "a ramp of own staff or a service dip, not both"
    hint = "Hint: empty the dip, or set the option's ramp_months to 0: each cause of money on one line."
    yield from point_at(table, twice, ("transitions", "service_dip_share"), rule, hint)


def improvements_improve_own_work(tables: Tables) -> Iterator[Problem]:
    """What is improved in-house is delivered by own staff today."""
    table = tables["improvements"]
    if table.empty:
        return
    processes = tables["processes"].drop_duplicates(PROCESS)
    today = table[PROCESS].merge(processes[[*PROCESS, "as_is_option"]], on=PROCESS, how="left")
    named = today.rename(columns={"as_is_option": "option"}).set_axis(table.index)
    owners = _find_options(named, tables, "owner_type")["owner_type"]
    rule, hint = "a process that own staff deliver today", "Hint: type an option that brings the work back instead."
    yield from point_at(table, owners.ne("own"), ("improvements", "process"), rule, hint)


def terms_fit_owners(tables: Tables) -> Iterator[Problem]:
    """Only an outside owner has contract terms; a share of its profit needs a joint venture."""
    options, contracts = tables["options"], tables["contracts"]
    own = (options["contract"] != "") & (options["owner_type"] == "own")
    rule, hint = "no contract with own staff", "Hint: empty this cell, or check owner_type."
    yield from point_at(options, own, ("options", "contract"), rule, hint)
    keys = ["business_unit", "contract"]
    shares = contracts.drop_duplicates(keys).set_index(keys)["profit_share"]
    shared = shares.reindex(pd.MultiIndex.from_frame(options[keys])).fillna(0).to_numpy() > 0
    wrong = shared & (options["owner_type"] == "provider")
    rule, hint = "a joint venture where its profit is shared", "Hint: owner_type joint_venture, or profit_share 0."
    yield from point_at(options, wrong, ("options", "contract"), rule, hint)


def peaks_fit_options(tables: Tables) -> Iterator[Problem]:
    """Own staff cover a peak with people, outside owners by price; a queue has its handling time."""
    options, capacity = tables["options"], tables["capacity"]
    own, cover = options["owner_type"] == "own", options["peak_cover"]
    rule = "included, staffed or temporary with own staff; included or priced with another owner"
    wrong = (own & (cover == "priced")) | (~own & cover.isin(["staffed", "temporary"]))
    yield from point_at(options, wrong, ("options", "peak_cover"), rule, "Hint: say who carries the peak.")
    bare = capacity["calls_per_hour"].notna() & ~(capacity["handling_minutes"] > 0)
    rule, hint = "a handling time of more than 0 where calls are given", "Hint: fill handling_minutes."
    yield from point_at(capacity, bare, ("capacity", "handling_minutes"), rule, hint)


def levels_are_in_order(tables: Tables) -> Iterator[Problem]:
    """Low is at most expected, expected at most high; an availability is a share."""
    levels = tables["service_levels"]
    low, high = (levels[side].fillna(levels["expected"]) for side in ("low", "high"))
    wrong = ~((low <= levels["expected"]) & (levels["expected"] <= high))
    rule = "low <= expected <= high"
    yield from point_at(levels, wrong, ("service_levels", "expected"), rule, "Hint: sort the three figures.")
    above = (levels["measure"] == "availability") & (high > 1)
    rule, hint = "an availability from 0 to 1", "Hint: 99.5 per cent is written 0.995."
    yield from point_at(levels, above, ("service_levels", "expected"), rule, hint)


def ranges_are_in_order(tables: Tables) -> Iterator[Problem]:
    """An uncertain figure has low at most likely at most high, or values that can be read."""
    for name in ("ranges", "assumptions"):
        table = tables[name]
        for row, record in zip(table.index, table.to_dict("records"), strict=True):
            fault = find_shape_fault(record)
            if fault is not None:
                column, wanted, hint = fault
                shown = [record[side] for side in ("low", "likely", "high")] if column == "likely" else record[column]
                value = ", ".join(f"{each:g}" for each in shown) if isinstance(shown, list) else str(shown)
                yield Problem(name, row, column, wanted, value, hint)


def stresses_strike_something(tables: Tables) -> Iterator[Problem]:
    """A stress names the figure or the cause that its kind asks for, and nothing where it asks for none."""
    stresses = tables["stresses"]
    pairs = zip(stresses["kind"], stresses["of"], strict=True)
    wrong = pd.Series([of not in STRESSED.get(kind, ("",)) for kind, of in pairs], stresses.index, dtype=bool)
    rule = "for kind figure a figure of cash, for event and everywhere a cause of loss, for volume and abroad nothing"
    hint = f"Hint: figures are {', '.join(STRESSED['figure'])}; causes are {', '.join(STRESSED['event'])}."
    yield from point_at(stresses, wrong, ("stresses", "of"), rule, hint)


def bands_are_in_order(tables: Tables) -> Iterator[Problem]:
    """Good lies above bad where more is better, below it where less is better."""
    bands = tables["bands"]
    is_less = bands["measure"] == LESS_IS_BETTER
    wrong = (bands["good_from"] > bands["bad_from"]).where(is_less, bands["good_from"] < bands["bad_from"])
    wrong &= bands["measure"] != ""
    rule = f"good_from above bad_from; below it for {LESS_IS_BETTER}"
    shown = bands["good_from"].map("{:g} good, ".format) + bands["bad_from"].map("{:g} bad".format)
    hint = "Hint: were the two swapped?"
    yield from point_at(bands, wrong, ("bands", "good_from"), rule, hint, shown)


CHECKS = (
    named_options_exist,
    quotes_price_options,
    transitions_are_told_once,
    settling_is_told_once,
    improvements_improve_own_work,
    terms_fit_owners,
    peaks_fit_options,
    levels_are_in_order,
    ranges_are_in_order,
    stresses_strike_something,
    bands_are_in_order,
)
