"""Named stresses: what the plan saves when one thing goes badly wrong, and what would have been better then."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.plan import choose_again
from sourcing.uncertainty.futures import list_unit_events, share_of, sum_beside
from sourcing.value import RUN, find_means, list_offers, list_ranges, price_volume, spread_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sourcing.case import Case
    from sourcing.decide import Decision


@cache
def load_stresses() -> pd.DataFrame:
    """Return the documented stresses.

    Returns
    -------
    DataFrame
        Columns stress, kind (figure, volume, abroad, event, everywhere), of (figure or cause), size (the figure's value
        as a ratio, or how many events), meaning, source.
    """
    return pd.read_csv(Path(__file__).with_name("stresses.csv"), keep_default_na=False)


def list_stresses(case: Case) -> pd.DataFrame:
    """List the stresses of a unit: the documented ones, with those of the case's table `stresses` beside them.

    A stress of the same name takes the place of the documented one. Columns as those of `load_stresses`.
    """
    documented, own = load_stresses(), case.stresses.drop(columns="business_unit")
    kept = documented[~documented["stress"].isin(own["stress"])]
    return pd.concat([kept, own], ignore_index=True)[["stress", "kind", "of", "size", "meaning", "source"]]


def stress_plan(decision: Decision, *, time_limit: float = 600.0) -> pd.DataFrame:
    """Put a plan under each stress, all else as expected, and choose again as if it had been known.

    A figure takes the stress's value in place of its mean; volume moves own cost and what contracts pay for it (see
    `price_volume`). An event strikes as often as the stress says in place of
    its expected number, for each outside owner of the plan or of today, and for each country abroad; work that is with
    the owner or in the country for part of the time is struck in proportion. Rules and the amounts that they count
    stay as they are.

    Returns
    -------
    DataFrame
        Columns stress, struck (owner or country; "" otherwise), meaning, saved (in cash and losses against today, both
        under the stress), change (against what is expected), regret (objective above that of the best plan under the
        stress), changes (processes that this plan delivers otherwise); worst first.
    """
    table = decision.alternatives
    own, today = share_of(decision, decision.plan), share_of(decision, decision.as_is)
    named = list(_list_deltas(decision))
    deltas = np.array([delta for *_, delta in named]).reshape(len(named), len(table))
    costs = table["cost"].to_numpy(float) + deltas
    best = choose_again(decision.plan, costs, time_limit=time_limit)
    beside = float(decision.plan.objective - own @ table["cost"].to_numpy(float))
    expected = (table["cash_cost"] + table["expected_loss"]).to_numpy(float) @ (today - own)
    expected += sum_beside(decision.as_is) - sum_beside(decision.plan)
    process_of = pd.factorize(table["process"])[0]
    rows = []
    for k, (stress, struck, meaning, delta) in enumerate(named):
        away = np.abs(best.shares[k] - own) > 1e-6
        regret = costs[k] @ own + beside - costs[k] @ best.shares[k] - best.fixed[k]
        rows.append({"stress": stress, "struck": struck, "meaning": meaning, "saved": expected + delta @ (today - own),
                     "change": delta @ (today - own), "regret": max(0.0, regret),
                     "changes": len(np.unique(process_of[away]))})  # fmt: skip
    return pd.DataFrame(rows).sort_values(["change", "stress", "struck"], ignore_index=True)


def _list_deltas(decision: Decision) -> Iterator[tuple[str, str, str, np.ndarray]]:
    """Give each stress with whom it strikes, its meaning and what it adds to the cost of each alternative."""
    table = decision.alternatives
    ranges = list_ranges(decision.case, use_ranges=decision.policy.use_ranges)
    means = find_means(ranges[ranges["acts_on"] == "cash"])
    spread = spread_lines(decision.alternatives, means.index)
    listed = list_unit_events(decision)
    is_met = listed["row"].map(pd.concat([decision.plan.choices, decision.as_is.choices]).pipe(_find_rows, table))
    for stress in list_stresses(decision.case).to_dict("records"):
        name, meaning, size = stress["stress"], stress["meaning"], float(stress["size"])
        if stress["kind"] == "figure":
            mean = float(means[stress["of"]])
            ratio = size / mean - 1 if mean else 0.0
            yield name, "", meaning, ratio * spread[means.index.get_loc(stress["of"])]
        elif stress["kind"] == "volume":
            offers = list_offers(decision.case, decision.judgment.postures, decision.policy)
            yield name, "", meaning, price_volume(table, offers, decision.case, size)
        elif stress["kind"] == "abroad":
            paid = table[[f"cost_{line}" for line in RUN]].sum(axis=1).where(table["is_abroad"], 0.0)
            if paid.any():
                yield name, "", meaning, (size - 1) * paid.to_numpy(float)
        else:
            of_cause = listed[listed["cause"] == stress["of"]]
            home = str(decision.case.unit["home_country"])
            one_by_one = sorted(set(of_cause.loc[is_met[of_cause.index], "struck"]) - {home})
            for each in one_by_one if stress["kind"] == "event" else [""]:
                struck = of_cause[of_cause["struck"] == each] if each else of_cause
                yield name, each, meaning, _strike(struck, size, len(table))


def _find_rows(choices: pd.DataFrame, table: pd.DataFrame) -> pd.Series:
    """Tell of each alternative whether it is among choices."""
    keys = [name for name in ("process", "option", "wave") if name in table]
    return pd.Series(
        pd.MultiIndex.from_frame(table[keys]).isin(pd.MultiIndex.from_frame(choices[keys])), index=table.index
    )


def _strike(events: pd.DataFrame, size: float, alternatives: int) -> np.ndarray:
    """Let events strike so often in place of their expected number, at their own average loss.

    What is exposed for part of the time only is struck in proportion: events / the most that any alternative of whom
    it strikes expects.
    """
    most = events.groupby("struck")["events"].transform("max")
    added = events["loss"] * (size / most - 1)
    return np.bincount(events["row"].to_numpy(), weights=added.to_numpy(float), minlength=alternatives)
